/** Correlation of two samples: linear, of ranks, of orders. */
import { checkVector } from '../internal/check.js';
import { mean } from './moments.js';
import { ranks, sortedOrder } from './ranks.js';

/**
 * Pearson's correlation Σ (x-x̄)(y-ȳ) / sqrt(Σ (x-x̄)² Σ (y-ȳ)²), in [-1, 1].
 *
 * @throws RangeError if the lengths differ, are below 2, or one sample is constant
 *
 * @example
 * pearson([1, 2, 3], [2, 4, 6]); //=> 1
 */
export function pearson(x: ArrayLike<number>, y: ArrayLike<number>): number {
  checkSamples(x, y);
  const xMean = mean(x);
  const yMean = mean(y);
  let xx = 0;
  let xy = 0;
  let yy = 0;
  for (let i = 0; i < x.length; i++) {
    const a = x[i] - xMean;
    const b = y[i] - yMean;
    xx += a * a;
    xy += a * b;
    yy += b * b;
  }
  const product = xx * yy;
  // Where the product leaves the range of doubles, two roots.
  const r = xy / (product > 1e-290 && product < Infinity ? Math.sqrt(product) : Math.sqrt(xx) * Math.sqrt(yy));
  return Math.max(-1, Math.min(1, r));
}

/**
 * Spearman's ρ: Pearson's correlation of the mid-ranks.
 *
 * @throws RangeError as `pearson`
 *
 * @example
 * spearman([1, 2, 3], [1, 8, 27]); //=> 1
 */
export function spearman(x: ArrayLike<number>, y: ArrayLike<number>): number {
  checkSamples(x, y);
  return pearson(ranks(x), ranks(y));
}

/**
 * Kendall's τ_b = (concordant - discordant) / sqrt((n₀ - ties in x)(n₀ - ties in y)), n₀ = n(n-1)/2.
 *
 * W. R. Knight, Journal of the American Statistical Association 61 (1966) 436-439: discordant pairs are the exchanges of
 * a merge sort. O(n log n).
 *
 * @throws RangeError as `pearson`
 *
 * @example
 * kendall([1, 2, 3], [1, 3, 2]); //=> 1 / 3
 */
export function kendall(x: ArrayLike<number>, y: ArrayLike<number>): number {
  checkSamples(x, y);
  const n = x.length;
  const yByX = new Float64Array(n);
  const order = sortedOrder(x);
  // Within a tie of x by y, so that such pairs are never exchanged.
  order.sort((i, j) => x[i] - x[j] || y[i] - y[j] || i - j);
  let xTies = 0;
  let bothTies = 0;
  let xRun = 0;
  let bothRun = 0;
  for (let k = 0; k < n; k++) {
    yByX[k] = y[order[k]];
    const sameX = k > 0 && x[order[k]] === x[order[k - 1]];
    const sameBoth = sameX && yByX[k] === yByX[k - 1];
    xRun = sameX ? xRun + 1 : 0;
    bothRun = sameBoth ? bothRun + 1 : 0;
    xTies += xRun;
    bothTies += bothRun;
  }
  const exchanges = mergeSortExchanges(yByX);
  let yTies = 0;
  let yRun = 0;
  for (let k = 1; k < n; k++) {
    yRun = yByX[k] === yByX[k - 1] ? yRun + 1 : 0;
    yTies += yRun;
  }
  const pairs = (n * (n - 1)) / 2;
  const difference = pairs - xTies - yTies + bothTies - 2 * exchanges;
  const tau = difference / Math.sqrt((pairs - xTies) * (pairs - yTies));
  return Math.max(-1, Math.min(1, tau)); // the root may round below
}

/**
 * The three correlations at once.
 *
 * @throws RangeError as `pearson`
 */
export function correlations(
  x: ArrayLike<number>,
  y: ArrayLike<number>,
): { pearson: number; spearman: number; kendall: number } {
  return { pearson: pearson(x, y), spearman: spearman(x, y), kendall: kendall(x, y) };
}

/** Sorts in place, bottom up; returns how many pairs stood in the wrong order. */
function mergeSortExchanges(values: Float64Array): number {
  const n = values.length;
  let from = values;
  let to: Float64Array = new Float64Array(n);
  let exchanges = 0;
  for (let width = 1; width < n; width *= 2) {
    for (let start = 0; start < n; start += 2 * width) {
      const middle = Math.min(start + width, n);
      const end = Math.min(start + 2 * width, n);
      let i = start;
      let j = middle;
      for (let k = start; k < end; k++) {
        if (i < middle && (j >= end || from[i] <= from[j])) to[k] = from[i++];
        else {
          exchanges += middle - i;
          to[k] = from[j++];
        }
      }
    }
    [from, to] = [to, from];
  }
  if (from !== values) values.set(from);
  return exchanges;
}

function checkSamples(x: ArrayLike<number>, y: ArrayLike<number>): void {
  checkVector('x', x);
  checkVector('y', y, x.length);
  if (x.length < 2) throw new RangeError(`x must have length 2 or more, got ${x.length}`);
  for (const [name, values] of [['x', x] as const, ['y', y] as const]) {
    let constant = true;
    for (let i = 1; i < values.length && constant; i++) constant = values[i] === values[0];
    if (constant) throw new RangeError(`${name} must not be constant`);
  }
}
