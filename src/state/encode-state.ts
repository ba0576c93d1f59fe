// States are plain data: numbers, strings, booleans, null, typed arrays, and arrays or objects of these.
// JSON alone would lose typed arrays, NaN, the infinities and the sign of -0; these two keep every bit.

/**
 * JSON text of a state, for a checkpoint file or a notebook cell. A property that is undefined is left out.
 *
 * @throws TypeError if the state holds anything but plain data (a function, a Map, a class, a bigint), or a property `$`
 *
 * @example
 * encodeState({ t: 2, sums: Float64Array.of(1, -0) }); //=> '{"t":2,"sums":{"$":"Float64Array","values":[1,{"$":"number","value":"-0"}]}}'
 */
export function encodeState(state: unknown): string {
  return JSON.stringify(encoded('state', state));
}

/**
 * The state that `encodeState` wrote, bit for bit.
 *
 * @throws TypeError if the text names a kind of array that states do not hold; SyntaxError if it is no JSON
 *
 * @example
 * decodeState(encodeState({ x: Float64Array.of(NaN, Infinity) })); //=> { x: Float64Array.of(NaN, Infinity) }
 */
export function decodeState<State>(json: string): State {
  return JSON.parse(json, (_key, value) => {
    if (value === null || typeof value !== 'object' || !('$' in value)) return value;
    if (value.$ === 'number') return Number(value.value);
    const TypedArray = TYPED_ARRAYS[value.$ as keyof typeof TYPED_ARRAYS];
    if (TypedArray === undefined) throw new TypeError(`cannot decode a state holding ${String(value.$)}`);
    return TypedArray.from(value.values);
  }) as State;
}

const TYPED_ARRAYS = {
  Float64Array,
  Float32Array,
  Int32Array,
  Uint32Array,
  Int16Array,
  Uint16Array,
  Int8Array,
  Uint8Array,
};

/** The value as JSON can hold it; `path` names it in an error. */
function encoded(path: string, value: unknown): unknown {
  if (typeof value === 'number') return encodedNumber(value);
  if (value === null || typeof value === 'string' || typeof value === 'boolean') return value;
  if (Array.isArray(value)) return value.map((entry, i) => encoded(`${path}[${i}]`, entry));
  if (typeof value !== 'object') throw new TypeError(`${path} must be plain data, got a ${typeof value}`);
  const kind: string = Object.getPrototypeOf(value)?.constructor?.name ?? 'Object';
  if (kind in TYPED_ARRAYS) return { $: kind, values: Array.from(value as Float64Array, encodedNumber) };
  if (kind !== 'Object') throw new TypeError(`${path} must be plain data, got a ${kind}`);
  const result: Record<string, unknown> = {};
  for (const [name, entry] of Object.entries(value)) {
    if (name === '$') throw new TypeError(`${path} must not have a property $`);
    if (entry !== undefined) result[name] = encoded(`${path}.${name}`, entry);
  }
  return result;
}

function encodedNumber(x: number): number | { $: 'number'; value: string } {
  if (Number.isFinite(x) && !Object.is(x, -0)) return x;
  return { $: 'number', value: Object.is(x, -0) ? '-0' : String(x) };
}
