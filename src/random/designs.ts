/** Space-filling designs in the unit cube: Latin hypercubes, uniform points, grids. */
import { checkInteger, checkOptionNames } from '../internal/check.js';
import type { Rng } from './create-rng.js';
import { samplePermutation } from './permutation.js';

export interface LatinHypercubeOptions {
  /** Points in the middle of their cells; else uniform in them. Default false. */
  centered?: boolean;
  /** Designs to try; the one whose two closest points are farthest apart is kept. Default 1. */
  maximin?: number;
}

/**
 * A Latin hypercube of n points in [0, 1)^d, row-major n × d: each of the n intervals [i/n, (i+1)/n) of each coordinate
 * holds exactly one point.
 *
 * M. D. McKay, R. J. Beckman, W. J. Conover, Technometrics 21 (1979) 239-245. Coordinate by coordinate, n - 1 uniforms
 * for the permutation and then n for the places (also when centered), so d (2 n - 1) a try. O(n d), with maximin O(n² d)
 * a try.
 *
 * @throws RangeError if n, d or `maximin` is not an integer >= 1
 *
 * @example
 * latinHypercube(2, 1, () => 0, { centered: true }); //=> Float64Array.of(0.75, 0.25)
 */
export function latinHypercube(n: number, d: number, rng: Rng, options: LatinHypercubeOptions = {}): Float64Array {
  checkOptionNames('options', options, { centered: true, maximin: true } satisfies Record<
    keyof LatinHypercubeOptions,
    true
  >);
  const { centered = false, maximin = 1 } = options;
  checkInteger('n', n, 1);
  checkInteger('d', d, 1);
  checkInteger('maximin', maximin, 1);
  let best = draw();
  let bestDistance = maximin > 1 ? closest(best, n, d) : 0;
  for (let attempt = 1; attempt < maximin; attempt++) {
    const points = draw();
    const distance = closest(points, n, d);
    if (distance > bestDistance) {
      best = points;
      bestDistance = distance;
    }
  }
  return best;

  function draw(): Float64Array {
    const points = new Float64Array(n * d);
    for (let j = 0; j < d; j++) {
      const cells = samplePermutation(n, rng);
      for (let i = 0; i < n; i++) {
        const u = rng();
        points[i * d + j] = Math.min((cells[i] + (centered ? 0.5 : u)) / n, BELOW_ONE);
      }
    }
    return points;
  }
}

/**
 * n independent uniform points in [0, 1)^d, row-major; n d uniforms.
 *
 * @throws RangeError if n or d is negative or no integer
 */
export function uniformDesign(n: number, d: number, rng: Rng): Float64Array {
  checkInteger('n', n, 0);
  checkInteger('d', d, 1);
  const points = new Float64Array(n * d);
  for (let i = 0; i < points.length; i++) points[i] = rng();
  return points;
}

/**
 * The full grid with `levels[j]` values on axis j, row-major, the last axis fastest: i / (levels - 1), ends included and
 * a single level at 1/2; with `centered` (i + 1/2) / levels.
 *
 * @throws RangeError if a level is not an integer >= 1 or there are more than 2^31 - 1 points
 *
 * @example
 * gridDesign([2, 2]); //=> Float64Array.of(0, 0, 0, 1, 1, 0, 1, 1)
 */
export function gridDesign(levels: ArrayLike<number>, options: { centered?: boolean } = {}): Float64Array {
  const { centered = false } = checkOptionNames('options', options, { centered: true });
  const d = levels.length;
  let n = 1;
  for (let j = 0; j < d; j++) n *= checkInteger(`levels[${j}]`, levels[j], 1);
  if (d === 0 || n > 0x7fffffff) throw new RangeError(`levels must give between 1 and 2^31 - 1 points, got ${n}`);
  const points = new Float64Array(n * d);
  let period = n;
  for (let j = 0; j < d; j++) {
    const m = levels[j];
    const repeat = period / m;
    for (let i = 0; i < n; i++) {
      const k = Math.floor(i / repeat) % m;
      points[i * d + j] = centered ? (k + 0.5) / m : m === 1 ? 0.5 : k / (m - 1);
    }
    period = repeat;
  }
  return points;
}

/**
 * Warnock's formula for the L2 star discrepancy of n points in [0, 1]^d: the root mean square over boxes [0, x) of
 * (share of the points in the box) - (volume of the box).
 *
 *   D² = 3^-d - (2^(1-d) / n) Σ_i Π_j (1 - x_ij²) + (1/n²) Σ_i Σ_k Π_j (1 - max(x_ij, x_kj))
 *
 * T. T. Warnock (1972). For independent uniform points E D² = (2^-d - 3^-d) / n. O(n² d).
 *
 * @param points row-major n × d, in [0, 1]
 * @throws RangeError if `points` does not have n d numbers
 *
 * @example
 * l2StarDiscrepancy([0.5], 1, 1) ** 2; //=> 1 / 12
 */
export function l2StarDiscrepancy(points: ArrayLike<number>, n: number, d: number): number {
  checkInteger('n', n, 1);
  checkInteger('d', d, 1);
  if (points.length !== n * d) throw new RangeError(`points must have length ${n * d}, got ${points.length}`);
  let thirds = 1;
  let halves = 2;
  for (let j = 0; j < d; j++) {
    thirds /= 3;
    halves /= 2;
  }
  let single = 0;
  let pairs = 0;
  for (let i = 0; i < n; i++) {
    let product = 1;
    for (let j = 0; j < d; j++) product *= 1 - points[i * d + j] * points[i * d + j];
    single += product;
    for (let k = 0; k <= i; k++) {
      let both = 1;
      for (let j = 0; j < d; j++) both *= 1 - Math.max(points[i * d + j], points[k * d + j]);
      pairs += k < i ? 2 * both : both;
    }
  }
  return Math.sqrt(Math.max(0, thirds - (halves / n) * single + pairs / (n * n)));
}

const BELOW_ONE = 1 - 1.1102230246251565e-16;

/** The least squared distance between two points. */
function closest(points: Float64Array, n: number, d: number): number {
  let least = Infinity;
  for (let i = 0; i < n; i++) {
    for (let k = 0; k < i; k++) {
      let squares = 0;
      for (let j = 0; j < d; j++) {
        const difference = points[i * d + j] - points[k * d + j];
        squares += difference * difference;
      }
      if (squares < least) least = squares;
    }
  }
  return least;
}
