import { checkVector } from '../../internal/check.js';
import type { MatrixLike } from '../../linalg/to-row-major.js';
import { toPoints } from '../kernels/kernel-matrix.js';
import { checkNoise } from './gp-state.js';

export interface CollapsedReplicates {
  /** The distinct rows of X in the order of their first appearance, flat. */
  X: { data: Float64Array; rows: number; columns: number };
  /** Mean target of each, weighted by the inverse noise variances. */
  y: Float64Array;
  /** Noise variance of that mean: 1/Σ 1/noise_i, so noise/count where all are equal. */
  noise: Float64Array;
  counts: Int32Array;
  /** Sum of squares within the groups; over Σ (count - 1) it estimates the noise variance where that is shared. */
  withinSumOfSquares: number;
}

/**
 * Repeated observations of the same points as one each: the posterior of the latent function is unchanged, as the weighted
 * mean is sufficient for it. O(n d).
 *
 * @param noise noise variance, shared or one per row; positive
 * @throws RangeError if sizes differ, an entry is not finite, or a noise variance is not positive
 *
 * @example
 * const { y, noise } = collapseReplicates([[0], [1], [0]], [1, 5, 3], 0.5);
 * [Array.from(y), Array.from(noise)]; //=> [[2, 5], [0.25, 0.5]]
 */
export function collapseReplicates(
  X: MatrixLike,
  y: ArrayLike<number>,
  noise: number | ArrayLike<number>,
): CollapsedReplicates {
  const { data, rows: n, columns: d } = toPoints('X', X);
  checkVector('y', y, n);
  const variances = checkNoise(noise, n);
  const groupOf = new Map<string, number>();
  const group = new Int32Array(n);
  const first: number[] = [];
  for (let i = 0; i < n; i++) {
    const variance = typeof variances === 'number' ? variances : variances[i];
    if (!(variance > 0)) throw new RangeError(`noise must be positive, got ${variance}`);
    // + 0 turns -0 into 0: the same point.
    const key = Array.from(data.subarray(i * d, (i + 1) * d), (value) => value + 0).join();
    let g = groupOf.get(key);
    if (g === undefined) {
      g = first.length;
      groupOf.set(key, g);
      first.push(i);
    }
    group[i] = g;
  }
  const groups = first.length;
  const weight = new Float64Array(groups);
  const total = new Float64Array(groups);
  const counts = new Int32Array(groups);
  for (let i = 0; i < n; i++) {
    const w = 1 / (typeof variances === 'number' ? variances : variances[i]);
    weight[group[i]] += w;
    total[group[i]] += w * y[i];
    counts[group[i]] += 1;
  }
  const out = new Float64Array(groups * d);
  first.forEach((row, g) => out.set(data.subarray(row * d, (row + 1) * d), g * d));
  const means = total.map((value, g) => value / weight[g]);
  let withinSumOfSquares = 0;
  for (let i = 0; i < n; i++) withinSumOfSquares += (y[i] - means[group[i]]) * (y[i] - means[group[i]]);
  const collapsed = weight.map((w) => 1 / w);
  return { X: { data: out, rows: groups, columns: d }, y: means, noise: collapsed, counts, withinSumOfSquares };
}
