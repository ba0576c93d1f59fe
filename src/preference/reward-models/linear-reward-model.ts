// A reward linear in features, from pairs; its posterior, and what asking for one more label is worth.

import {
  checkInteger,
  checkMatrix,
  checkNumber,
  checkOption,
  checkPositive,
  checkVector,
} from '../../internal/check.js';
import { cholesky, type MatrixLike, normInf, solveLower, solveUpperT, toRowMajor } from '../../linalg/index.js';
import type { Rng } from '../../random/create-rng.js';
import { sampleNormal } from '../../random/normal.js';
import { arraySize, checkSize } from '../losses/pair-batch.js';
import { type ComparisonLink, linkLoss } from './bradley-terry.js';
import { newtonFit, type FitStatus } from './newton-fit.js';

export interface RewardModelOptions {
  /** Penalty l2/2 |w|². Default 1e-3; 0 is allowed when the data are not separable. */
  l2?: number;
  /** 'logit' (default) or 'probit'. */
  link?: ComparisonLink;
  /** Converged when the last step is below tolerance (1 + max |w|). Default 1e-12. */
  tolerance?: number;
  /** Default 100. */
  maxIterations?: number;
}

export interface RewardModelFit {
  /** w: the reward of features x is wᵀx. */
  weights: Float64Array;
  /** Σ -log F(wᵀ(x_w - x_l)), without the penalty. */
  negLogLik: number;
  /** Inverse of the Hessian, penalty included: the Laplace posterior covariance, d × d. NaN after a 'breakdown'. */
  covariance: Float64Array;
  iterations: number;
  converged: boolean;
  /** 'diverged' for separable pairs with l2 = 0. */
  status: FitStatus;
}

/**
 * Minimizes Σ -log F(wᵀ(x_winner - x_loser)) + l2/2 |w|², F logistic or normal, by Newton's method.
 *
 * R. A. Bradley, M. E. Terry, Biometrika 39 (1952), with covariates. O(pairs d² + d³) an iteration.
 *
 * @param features m × d, a row for each response
 * @param pairs [winner, loser], indices of rows
 * @throws RangeError if a feature is not finite or an index is out of range
 *
 * @example
 * fitRewardModel([[1], [0]], [[0, 1], [0, 1], [1, 0]], { l2: 0 }).weights[0].toFixed(9); //=> Math.log(2).toFixed(9)
 */
export function fitRewardModel(
  features: MatrixLike,
  pairs: readonly (readonly [number, number])[],
  options: RewardModelOptions = {},
): RewardModelFit {
  const { data: X, rows: m, columns: d } = checkMatrix('features', toRowMajor(features, 'features'));
  if (arraySize('pairs', pairs) === 0) throw new RangeError('pairs must not be empty');
  const l2 = checkNumber('l2', options.l2 ?? 1e-3, 0);
  const link = checkOption('link', options.link ?? 'logit', ['logit', 'probit']);
  const tolerance = checkPositive('tolerance', options.tolerance ?? 1e-12);
  const maxIterations = checkInteger('maxIterations', options.maxIterations ?? 100, 1);
  const D = new Float64Array(pairs.length * d);
  pairs.forEach((pair, k) => {
    checkSize(`pairs[${k}]`, pair, 2);
    const [winner, loser] = pair;
    checkInteger(`pairs[${k}][0]`, winner, 0, m - 1);
    checkInteger(`pairs[${k}][1]`, loser, 0, m - 1);
    for (let j = 0; j < d; j++) D[k * d + j] = X[winner * d + j] - X[loser * d + j];
  });
  const at = { loss: 0, slope: 0, curvature: 0 };
  const derivatives = (w: Float64Array, g: Float64Array, H: Float64Array): number => {
    let total = 0;
    for (let row = 0; row < D.length; row += d) {
      let z = 0;
      for (let j = 0; j < d; j++) z += w[j] * D[row + j];
      linkLoss(link, z, at);
      total += at.loss;
      for (let i = 0; i < d; i++) {
        g[i] += at.slope * D[row + i];
        const scaled = at.curvature * D[row + i];
        for (let j = 0; j < d; j++) H[i * d + j] += scaled * D[row + j];
      }
    }
    return total;
  };
  const scale = normInf(D);
  const bound = scale > 0 ? 700 / scale : Infinity;
  const settings = { size: d, gauge: 0, penalized: d, l2, tolerance, maxIterations, bound: l2 > 0 ? Infinity : bound };
  const { x: weights, loss: negLogLik, covariance, iterations, status } = newtonFit(derivatives, settings);
  return { weights, negLogLik, covariance, iterations, converged: status === 'converged', status };
}

/**
 * One draw from N(mean, σ² precision⁻¹), the posterior of the weights of a linear reward: the randomized reward that
 * reward-free exploration is replaced by.
 *
 * R. Wu, W. Sun, "Making RL with Preference-based Feedback Efficient via Randomization", arXiv:2310.14554 (Thompson
 * sampling of the reward). Draws d normals of `sampleNormal`. O(d³).
 *
 * @param mean d weights, for instance of `fitRewardModel`
 * @param precision S, d × d, positive definite
 * @throws RangeError if precision is not positive definite
 */
export function sampleRewardPosterior(
  mean: ArrayLike<number>,
  precision: MatrixLike,
  rng: Rng,
  options: { sigma?: number } = {},
): Float64Array {
  const d = mean.length;
  checkVector('mean', mean);
  const L = precisionFactor(precision, d);
  const sigma = checkNumber('sigma', options.sigma ?? 1, 0);
  // S = L Lᵀ, so L^{-T} z has covariance S⁻¹
  const z = Float64Array.from({ length: d }, () => sampleNormal(rng));
  solveUpperT(L, z, d, z);
  return z.map((x, j) => mean[j] + sigma * x);
}

export interface QueryValue {
  /** E |(θ_0 - θ_1)ᵀ(φ_a - φ_b)| for two independent posterior draws: how much they disagree on this pair. */
  expectedDisagreement: number;
  /** |φ_a - φ_b| in the norm of S⁻¹. */
  mahalanobis: number;
  /** Whether the disagreement is above the threshold: ask for the label. */
  query: boolean;
}

/**
 * What a label for a pair is worth: E |(θ_0 - θ_1)ᵀ Δφ| = (2/√π) σ |Δφ|_{S⁻¹} for θ_0, θ_1 drawn from N(m, σ² S⁻¹).
 *
 * R. Wu, W. Sun, arXiv:2310.14554: a pair is queried only where posterior draws disagree by more than a threshold. That
 * the paper thresholds exactly this mean is not certain; the closed form follows from the half-normal mean: the difference has variance 2σ² |Δφ|²_{S⁻¹}. O(d³).
 *
 * @param precision S, d × d, positive definite
 * @throws RangeError if precision is not positive definite or lengths differ
 *
 * @example
 * preferenceQueryValue([[4]], [1], [0]).mahalanobis; //=> 0.5
 */
export function preferenceQueryValue(
  precision: MatrixLike,
  featuresA: ArrayLike<number>,
  featuresB: ArrayLike<number>,
  options: { sigma?: number; threshold?: number } = {},
): QueryValue {
  const d = featuresA.length;
  checkVector('featuresA', featuresA);
  checkVector('featuresB', featuresB, d);
  const sigma = checkNumber('sigma', options.sigma ?? 1, 0);
  const threshold = checkNumber('threshold', options.threshold ?? 0, 0);
  const L = precisionFactor(precision, d);
  const gap = Float64Array.from({ length: d }, (_, j) => featuresA[j] - featuresB[j]);
  solveLower(L, gap, d, gap);
  let squares = 0;
  for (let j = 0; j < d; j++) squares += gap[j] * gap[j];
  const mahalanobis = Math.sqrt(squares);
  const expectedDisagreement = (2 / Math.sqrt(Math.PI)) * sigma * mahalanobis;
  return { expectedDisagreement, mahalanobis, query: expectedDisagreement > threshold };
}

function precisionFactor(precision: MatrixLike, d: number): Float64Array {
  const { data, rows, columns } = checkMatrix('precision', toRowMajor(precision, 'precision'));
  if (rows !== d || columns !== d) throw new RangeError(`precision must be ${d} x ${d}, got ${rows} x ${columns}`);
  const L = new Float64Array(d * d);
  if (cholesky(data, d, L) !== -1) throw new RangeError('precision must be positive definite');
  return L;
}
