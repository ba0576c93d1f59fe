/** Closed convex sets with their Euclidean projections: where the learners live. */
import { checkInteger, checkPositive, checkVector } from '../internal/check.js';
import { projectBall, projectSimplex } from '../optimize/projections.js';

export interface ConvexSet {
  readonly dimension: number;
  /** Largest distance of two points. */
  readonly diameter: number;
  /** A point of the set where learners start: its centre. */
  center(): Float64Array;
  /** The nearest point of the set; `out` may be `point`. */
  project(point: Float64Array, out?: Float64Array): Float64Array;
}

/**
 * The ball of the given radius about 0.
 *
 * @throws RangeError if the dimension is not an integer >= 1 or the radius is not positive
 *
 * @example
 * ballSet({ dimension: 2, radius: 1 }).project(Float64Array.of(3, 4)); //=> Float64Array.of(0.6, 0.8)
 */
export function ballSet(options: { dimension: number; radius: number }): ConvexSet {
  const dimension = checkInteger('dimension', options.dimension, 1);
  const radius = checkPositive('radius', options.radius);
  return {
    dimension,
    diameter: 2 * radius,
    center: () => new Float64Array(dimension),
    project: (point, out = new Float64Array(dimension)) => projectBall(point, radius, out),
  };
}

/**
 * The box Π [low_i, high_i].
 *
 * @throws RangeError if the lengths differ or low_i > high_i
 *
 * @example
 * boxSet({ low: [0, 0], high: [1, 2] }).project(Float64Array.of(-1, 3)); //=> Float64Array.of(0, 2)
 */
export function boxSet(options: { low: ArrayLike<number>; high: ArrayLike<number> }): ConvexSet {
  checkVector('low', options.low);
  const dimension = options.low.length;
  checkVector('high', options.high, dimension);
  const low = Float64Array.from(options.low);
  const high = Float64Array.from(options.high);
  let squares = 0;
  for (let i = 0; i < dimension; i++) {
    if (!(low[i] <= high[i])) throw new RangeError(`low[${i}] must be at most high[${i}], got ${low[i]}, ${high[i]}`);
    squares += (high[i] - low[i]) * (high[i] - low[i]);
  }
  return {
    dimension,
    diameter: Math.sqrt(squares),
    center: () => low.map((value, i) => value + (high[i] - value) / 2),
    project(point, out = new Float64Array(dimension)) {
      for (let i = 0; i < dimension; i++) out[i] = Math.min(high[i], Math.max(low[i], point[i]));
      return out;
    },
  };
}

/**
 * The probability simplex.
 *
 * @throws RangeError if the dimension is not an integer >= 1
 *
 * @example
 * simplexSet({ dimension: 2 }).project(Float64Array.of(1, 1)); //=> Float64Array.of(0.5, 0.5)
 */
export function simplexSet(options: { dimension: number }): ConvexSet {
  const dimension = checkInteger('dimension', options.dimension, 1);
  return {
    dimension,
    diameter: dimension === 1 ? 0 : Math.SQRT2,
    center: () => new Float64Array(dimension).fill(1 / dimension),
    project: (point, out = new Float64Array(dimension)) => projectSimplex(point, out),
  };
}
