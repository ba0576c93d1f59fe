/**
 * Many objectives as one, by random weights.
 *
 * ParEGO: J. Knowles, IEEE Transactions on Evolutionary Computation 10 (2006) 50-66, equation 2, with weights uniform on the
 * simplex rather than on a grid.
 */
import { checkInteger, checkNumber, checkVector } from '../../internal/check.js';
import type { MatrixLike } from '../../linalg/to-row-major.js';
import { sampleExponential } from '../../random/exponential.js';
import type { Rng } from '../../random/create-rng.js';
import { checkPoints } from './pareto.js';

/** Weights uniform on the simplex. m exponentials. */
export function simplexWeights(objectives: number, rng: Rng): Float64Array {
  checkInteger('objectives', objectives, 1);
  const weights = Float64Array.from({ length: objectives }, () => sampleExponential(rng));
  let total = 0;
  for (const weight of weights) total += weight;
  return weights.map((weight) => weight / total);
}

/**
 * The augmented Chebyshev value of every row, to be minimized: max_k w_k f_k + ρ Σ_k w_k f_k with objectives scaled to [0, 1] by
 * their range over the rows, 0 the best.
 *
 * @param options.rho ρ. Default 0.05
 * @param options.maximize whether larger is better in every objective. Default false
 *
 * @example
 * Array.from(augmentedChebyshev([[0, 1], [1, 0]], [0.5, 0.5], { rho: 0 })); //=> [0.5, 0.5]
 */
export function augmentedChebyshev(
  points: MatrixLike,
  weights: ArrayLike<number>,
  { rho = 0.05, maximize = false }: { rho?: number; maximize?: boolean } = {},
): Float64Array {
  checkVector('weights', weights);
  const m = weights.length;
  for (let k = 0; k < m; k++) checkNumber(`weights[${k}]`, weights[k], 0);
  checkNumber('rho', rho, 0);
  const { data, rows } = checkPoints(points, m);
  const sign = maximize ? -1 : 1;
  const low = new Float64Array(m).fill(Infinity);
  const high = new Float64Array(m).fill(-Infinity);
  for (let i = 0; i < rows; i++) {
    for (let k = 0; k < m; k++) {
      low[k] = Math.min(low[k], sign * data[i * m + k]);
      high[k] = Math.max(high[k], sign * data[i * m + k]);
    }
  }
  return Float64Array.from({ length: rows }, (_, i) => {
    let largest = -Infinity;
    let sum = 0;
    for (let k = 0; k < m; k++) {
      const range = high[k] - low[k];
      const scaled = range > 0 ? (sign * data[i * m + k] - low[k]) / range : 0;
      largest = Math.max(largest, weights[k] * scaled);
      sum += weights[k] * scaled;
    }
    return largest + rho * sum;
  });
}
