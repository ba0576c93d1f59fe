import { checkVector } from '../../internal/check.js';

/** A copy of one parameter an arm, each in [low, high] and finite; at least one. */
export function checkMeans(name: string, values: ArrayLike<number>, low = -Infinity, high = Infinity): Float64Array {
  checkVector(name, values);
  if (values.length === 0) throw new RangeError(`${name} must not be empty`);
  for (let i = 0; i < values.length; i++) {
    if (!(values[i] >= low && values[i] <= high)) {
      throw new RangeError(`${name}[${i}] must be in [${low}, ${high}], got ${values[i]}`);
    }
  }
  return Float64Array.from(values);
}

export function checkSameLength(name: string, values: Float64Array, length: number): Float64Array {
  if (values.length !== length) throw new RangeError(`${name} must have length ${length}, got ${values.length}`);
  return values;
}
