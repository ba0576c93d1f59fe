// Argument checks for the public boundary. Each one names the argument, says what was wanted and
// what came, and returns the value so that it can be written in an initialiser. NaN always fails.
// Loops over data never call these: they run once per public call, before the first loop.

/** A finite number in the closed interval [min, max]. */
export function checkNumber(name: string, value: number, min = -Infinity, max = Infinity): number {
  if (typeof value !== 'number') throw new TypeError(`${name} must be a number, got ${typeof value}`);
  if (!(value >= min && value <= max) || !Number.isFinite(value)) {
    throw new RangeError(`${name} must be a finite number in [${min}, ${max}], got ${value}`);
  }
  return value;
}

/** An integer in [min, max]. */
export function checkInteger(name: string, value: number, min: number, max = Number.MAX_SAFE_INTEGER): number {
  if (typeof value !== 'number') throw new TypeError(`${name} must be a number, got ${typeof value}`);
  if (!Number.isInteger(value) || value < min || value > max) {
    throw new RangeError(`${name} must be an integer in [${min}, ${max}], got ${value}`);
  }
  return value;
}

/** A vector of finite numbers; with `length`, of exactly that length. */
export function checkVector(name: string, x: ArrayLike<number>, length?: number): ArrayLike<number> {
  if (x === null || typeof x !== 'object' || typeof x.length !== 'number') {
    throw new TypeError(`${name} must be an array of numbers`);
  }
  if (length !== undefined && x.length !== length) {
    throw new RangeError(`${name} must have length ${length}, got ${x.length}`);
  }
  for (let i = 0; i < x.length; i++) {
    if (!Number.isFinite(x[i])) throw badEntry(`${name}[${i}]`, x[i]);
  }
  return x;
}

/** A row-major matrix of finite numbers; an entry that is none is named by row and column. */
export function checkMatrix<M extends { data: ArrayLike<number>; columns: number }>(name: string, matrix: M): M {
  const { data, columns } = matrix;
  for (let i = 0; i < data.length; i++) {
    if (!Number.isFinite(data[i])) throw badEntry(`${name}[${Math.floor(i / columns)}][${i % columns}]`, data[i]);
  }
  return matrix;
}

/** A mask: booleans or finite numbers, of which false and 0 hide a place. */
export function checkMask(
  name: string,
  mask: ArrayLike<number | boolean>,
  length: number,
): ArrayLike<number | boolean> {
  if (mask === null || typeof mask !== 'object' || typeof mask.length !== 'number') {
    throw new TypeError(`${name} must be an array of booleans or numbers`);
  }
  if (mask.length !== length) throw new RangeError(`${name} must have length ${length}, got ${mask.length}`);
  for (let i = 0; i < length; i++) {
    if (typeof mask[i] !== 'boolean' && !Number.isFinite(mask[i])) throw badEntry(`${name}[${i}]`, mask[i]);
  }
  return mask;
}

/** What to throw for an entry of an array that is not a finite number. */
export function badEntry(name: string, value: unknown): TypeError | RangeError {
  if (typeof value !== 'number') return new TypeError(`${name} must be a number, got ${typeof value}`);
  return new RangeError(`${name} must be finite, got ${value}`);
}

/** A finite number above zero. */
export function checkPositive(name: string, value: number): number {
  checkNumber(name, value);
  if (!(value > 0)) throw new RangeError(`${name} must be positive, got ${value}`);
  return value;
}

/** One of the given strings. */
export function checkOption<Option extends string>(name: string, value: Option, allowed: readonly Option[]): Option {
  if (!allowed.includes(value)) {
    throw new RangeError(`${name} must be one of ${allowed.map((x) => `'${x}'`).join(', ')}, got ${String(value)}`);
  }
  return value;
}

/**
 * An options object that has no names but the known ones: a misspelt option would otherwise be passed over in silence.
 *
 * @param known an object with the same keys as the options type, `{ ... } satisfies Record<keyof Options, true>`
 */
export function checkOptionNames<Options extends object>(
  name: string,
  given: Options,
  known: Record<string, true>,
): Options {
  if (given === null || typeof given !== 'object')
    throw new TypeError(`${name} must be an object, got ${String(given)}`);
  for (const key of Object.keys(given)) {
    if (!Object.hasOwn(known, key)) {
      throw new TypeError(`${name} has no '${key}'; it may have ${Object.keys(known).join(', ')}`);
    }
  }
  return given;
}

/** A function. */
export function checkFunction<Given>(name: string, value: Given): Given {
  if (typeof value !== 'function') throw new TypeError(`${name} must be a function, got ${String(value)}`);
  return value;
}

/** Numbers >= 0 that add up to 1 within `tolerance`. */
export function checkProbabilities(name: string, p: ArrayLike<number>, tolerance = 1e-9): ArrayLike<number> {
  checkVector(name, p);
  let total = 0;
  for (let i = 0; i < p.length; i++) {
    if (p[i] < 0) throw new RangeError(`${name}[${i}] must be at least 0, got ${p[i]}`);
    total += p[i];
  }
  if (!(Math.abs(total - 1) <= tolerance)) throw new RangeError(`${name} must sum to 1, got ${total}`);
  return p;
}
