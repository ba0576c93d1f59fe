// States are plain data: numbers, strings, booleans, null, typed arrays, and arrays or objects of these.
// JSON alone would lose typed arrays, NaN, the infinities and the sign of -0; these two keep every bit.

/** JSON text of a state, for a checkpoint file or a notebook cell. */
export function encodeState(state: unknown): string {
  return JSON.stringify(state, (_key, value: unknown) => {
    if (ArrayBuffer.isView(value))
      return { $: value.constructor.name, values: Array.from(value as Float64Array, encodeNumber) };
    return typeof value === 'number' ? encodeNumber(value) : value;
  });
}

/** The state that `encodeState` wrote. */
export function decodeState<State>(json: string): State {
  return JSON.parse(json, (_key, value) => {
    if (value === null || typeof value !== 'object' || !('$' in value)) return value;
    if (value.$ === 'number') return Number(value.value);
    const TypedArray = TYPED_ARRAYS[value.$ as keyof typeof TYPED_ARRAYS];
    if (TypedArray === undefined) throw new TypeError(`cannot decode a state holding ${String(value.$)}`);
    return TypedArray.from(value.values);
  }) as State;
}

const TYPED_ARRAYS = { Float64Array, Float32Array, Int32Array, Uint32Array, Uint8Array };

function encodeNumber(x: number): number | { $: 'number'; value: string } {
  if (Number.isFinite(x) && !Object.is(x, -0)) return x;
  return { $: 'number', value: Object.is(x, -0) ? '-0' : String(x) };
}
