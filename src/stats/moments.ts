/**
 * Means, variances, quantiles, and moments that are updated one number at a time.
 *
 * B. P. Welford, Technometrics 4 (1962) 419-420; the merge of two halves: T. F. Chan, G. H. Golub, R. J. LeVeque,
 * "Updating Formulae and a Pairwise Algorithm for Computing Sample Variances" (1979).
 */
import { checkInteger, checkNumber, checkVector } from '../internal/check.js';
import { sum } from '../linalg/index.js';

/**
 * Arithmetic mean, the compensated sum divided by n.
 *
 * @throws RangeError if `values` is empty or holds a number that is not finite
 *
 * @example
 * mean([1, 2, 6]); //=> 3
 */
export function mean(values: ArrayLike<number>): number {
  checkVector('values', values);
  if (values.length === 0) throw new RangeError('values must not be empty');
  return sum(values) / values.length;
}

/**
 * Σ (x - x̄)² / (n - correction), in two passes with the rounding of the mean removed.
 *
 * @param options.correction 1 (default) for the unbiased estimate from a sample, 0 for the variance of the numbers
 * @throws RangeError if there are not more numbers than `correction`
 *
 * @example
 * variance([1, 2, 3, 4]); //=> 5 / 3
 */
export function variance(values: ArrayLike<number>, { correction = 1 }: { correction?: number } = {}): number {
  checkNumber('correction', correction, 0);
  const center = mean(values);
  const n = values.length;
  if (!(n > correction)) throw new RangeError(`values must have length above ${correction}, got ${n}`);
  let squares = 0;
  let rest = 0;
  for (let i = 0; i < n; i++) {
    const d = values[i] - center;
    squares += d * d;
    rest += d;
  }
  return Math.max(0, squares - (rest * rest) / n) / (n - correction);
}

/**
 * Square root of `variance`.
 *
 * @throws RangeError as `variance`
 */
export function standardDeviation(values: ArrayLike<number>, options: { correction?: number } = {}): number {
  return Math.sqrt(variance(values, options));
}

/**
 * Quantiles by linear interpolation between order statistics at place (n - 1) p (type 7 of R. J. Hyndman, Y. Fan, The
 * American Statistician 50 (1996) 361-365, the default of R and NumPy). O(n log n).
 *
 * @param p a probability, or several; the result has the same shape
 * @throws RangeError if `values` is empty or p is outside [0, 1]
 *
 * @example
 * quantile([4, 1, 2], 0.75); //=> 3
 */
export function quantile(values: ArrayLike<number>, p: number): number;
export function quantile(values: ArrayLike<number>, p: ArrayLike<number>): Float64Array;
export function quantile(values: ArrayLike<number>, p: number | ArrayLike<number>): number | Float64Array {
  checkVector('values', values);
  if (values.length === 0) throw new RangeError('values must not be empty');
  const sorted = Float64Array.from(values).sort();
  if (typeof p === 'number') return quantileOfSorted(sorted, checkNumber('p', p, 0, 1));
  checkVector('p', p);
  return Float64Array.from(p, (q, i) => quantileOfSorted(sorted, checkNumber(`p[${i}]`, q, 0, 1)));
}

/**
 * The middle number, or the mean of the two in the middle.
 *
 * @throws RangeError if `values` is empty or holds a number that is not finite
 *
 * @example
 * median([3, 1, 2, 10]); //=> 2.5
 */
export function median(values: ArrayLike<number>): number {
  return quantile(values, 0.5);
}

/** Moments of the numbers seen so far: plain data. */
export interface MomentsState {
  count: number;
  mean: number;
  /** Σ (x - mean)². */
  m2: number;
}

/**
 * The moments of no numbers.
 *
 * @example
 * let state = momentsInit();
 * for (const x of [1, 2, 3, 4]) state = momentsPush(state, x);
 * momentsVariance(state); //=> 5 / 3
 */
export function momentsInit(): MomentsState {
  return { count: 0, mean: 0, m2: 0 };
}

/** One more number; with `out === state` in place. @throws RangeError if it is not finite */
export function momentsPush(state: MomentsState, value: number, out?: MomentsState): MomentsState {
  if (!Number.isFinite(value)) throw new RangeError(`value must be finite, got ${value}`);
  const next = out ?? momentsInit();
  const count = state.count + 1;
  const d = value - state.mean;
  const center = state.mean + d / count;
  next.m2 = state.m2 + d * (value - center);
  next.mean = center;
  next.count = count;
  return next;
}

/** The moments of two sets of numbers together; `out` may be either of them. */
export function momentsMerge(a: MomentsState, b: MomentsState, out?: MomentsState): MomentsState {
  const next = out ?? momentsInit();
  const count = a.count + b.count;
  const share = count === 0 ? 0 : b.count / count;
  const d = b.mean - a.mean;
  const m2 = a.m2 + b.m2 + d * d * a.count * share;
  next.mean = a.mean + d * share;
  next.m2 = m2;
  next.count = count;
  return next;
}

/**
 * Variance of the numbers seen, m2 / (count - correction).
 *
 * @throws RangeError if there are not more numbers than `correction` (default 1)
 */
export function momentsVariance(state: MomentsState, { correction = 1 }: { correction?: number } = {}): number {
  checkNumber('correction', correction, 0);
  checkInteger('state.count', state.count, 0);
  if (!(state.count > correction)) throw new RangeError(`state.count must be above ${correction}, got ${state.count}`);
  return state.m2 / (state.count - correction);
}

/** For numbers already sorted; also used by the bootstrap. */
export function quantileOfSorted(sorted: Float64Array, p: number): number {
  const place = (sorted.length - 1) * p;
  const low = Math.floor(place);
  const a = sorted[low];
  const b = sorted[Math.min(low + 1, sorted.length - 1)];
  const t = place - low;
  return t === 0 || a === b ? a : a * (1 - t) + b * t;
}
