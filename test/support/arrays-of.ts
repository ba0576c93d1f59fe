// Allocations, counted at the constructors of arrays.

const TYPES = ['Float64Array', 'Float32Array', 'Int32Array', 'Uint32Array', 'Uint8Array', 'Array'] as const;
type ArrayType = (typeof TYPES)[number];

/** How many arrays of these types with memory of their own `work` makes; a view of memory that is there is none. */
export function arraysOf(work: () => unknown, types: readonly ArrayType[] = TYPES): number {
  const originals = types.map((type) => globalThis[type]);
  let made = 0;
  types.forEach((type, k) => {
    const counter = new Proxy(originals[k] as Float64ArrayConstructor, {
      construct(target, args: [number]) {
        if (!((args[0] as unknown) instanceof ArrayBuffer)) made += 1;
        return new target(...args);
      },
      get(target, key) {
        const value: unknown = Reflect.get(target, key);
        if (key !== 'from' && key !== 'of') return value;
        return (...args: unknown[]) => {
          made += 1;
          return (value as (...all: unknown[]) => unknown).apply(target, args);
        };
      },
    });
    Object.assign(globalThis, { [type]: counter });
  });
  try {
    work();
  } finally {
    types.forEach((type, k) => Object.assign(globalThis, { [type]: originals[k] }));
  }
  return made;
}
