/**
 * Regression with outliers: a few observations get a noise of their own, found one at a time by relevance pursuit.
 *
 * S. Ament, E. Santorella, D. Eriksson, B. Letham, M. Balandat, E. Bakshy, "Robust Gaussian Processes via Relevance Pursuit",
 * arXiv:2410.24222. Observation i has noise σ² + ρ_i with ρ_i > 0 on a support S only. With C = K_y^-1, α = C (y - m) and the
 * leave-one-out residual r_i = α_i/C_ii of variance v_i = 1/C_ii, the evidence as a function of one ρ_i alone is
 *
 *   ℓ(ρ) - ℓ(0) = ½ (r_i²/v_i · ρ/(v_i + ρ) - ln(1 + ρ/v_i)),   largest at ρ_i = max(0, r_i² - v_i)
 *
 * (their Lemma on the optimal noise). The forward pursuit adds the observation that gains most, readjusts the support and the
 * hyper-parameters, and among all sizes keeps the best evidence plus log prior of the support: -|S|/λ for its size, as in the
 * paper, and -ln C(n, |S|) for being one of all sets of that size, without which every chance residual above one deviation
 * would join.
 */
import { checkInteger, checkNumber, checkOptionNames, checkPositive, checkVector } from '../../internal/check.js';
import type { MatrixLike } from '../../linalg/to-row-major.js';
import { choleskyInverse } from '../../linalg/triangular.js';
import { logGamma } from '../../special/gamma.js';
import { log1p } from '../../special/log1p.js';
import type { Kernel, Points } from '../kernels/kernel.js';
import { whiteKernel } from '../kernels/constant.js';
import { toPoints } from '../kernels/kernel-matrix.js';
import { sumKernel } from '../kernels/sum-product.js';
import { fitChecked, fitGpNames, type FitGpOptions, type GpFit } from './fit.js';
import { condition, type GpState } from './gp-state.js';
import { hyperPosterior } from './log-posterior.js';
import { familyDefaults } from './model-priors.js';

export interface FitRobustGpOptions extends Omit<FitGpOptions, 'noise' | 'deterministic' | 'start' | 'objective'> {
  /** Observations that may be outliers, at most. Default floor(n/4). */
  maxOutliers?: number;
  /** λ, about the prior mean of their number. Default max(1, n/5). */
  expectedOutliers?: number;
}

function robustNames(): Record<keyof FitRobustGpOptions, true> {
  const { noise: _noise, deterministic: _deterministic, start: _start, objective: _objective, ...names } = fitGpNames();
  return { ...names, maxOutliers: true, expectedOutliers: true };
}

export interface RobustGpFit {
  /** The chosen model: its kernel is a sum with white noise σ², its `noise` holds ρ. */
  fit: GpFit;
  /** Indices of outliers, ascending, and ρ for every observation. */
  outliers: number[];
  extraNoise: Float64Array;
  /** Log posterior with the log prior of the support, for |S| = 0, 1, ...; the chosen model is its maximum. */
  scores: number[];
}

/**
 * The best extra noise of one observation, given its leave-one-out residual and variance, and the evidence it gains.
 *
 * @param residual r = y - (mean predicted from the others)
 * @param variance v of that prediction, noise included; positive
 *
 * @example
 * optimalExtraNoise(3, 1).noise; //=> 8
 */
export function optimalExtraNoise(residual: number, variance: number): { noise: number; gain: number } {
  checkNumber('residual', residual);
  const v = checkPositive('variance', variance);
  const noise = Math.max(0, residual * residual - v);
  return { noise, gain: 0.5 * (((residual * residual) / v) * (noise / (v + noise)) - log1p(noise / v)) };
}

/**
 * `fitGp` for targets of which some may be far off: (number of outliers tried + 1) fits.
 *
 * @throws RangeError as `fitGp`, or if X has no rows
 *
 * @example
 * const X = Array.from({ length: 12 }, (_, i) => [i / 11]);
 * const y = X.map(([x], i) => (i === 5 ? 9 : x));
 * fitRobustGp(X, y, { restarts: 0 }).outliers; //=> [5]
 */
export function fitRobustGp(X: MatrixLike, y: ArrayLike<number>, options: FitRobustGpOptions = {}): RobustGpFit {
  checkOptionNames('options', options, robustNames());
  const raw = toPoints('X', X);
  const n = raw.rows;
  if (n === 0) throw new RangeError('X must not be empty');
  const points: Points = { ...raw, data: raw.data.slice() };
  const targets = Float64Array.from(checkVector('y', y, n));
  const { maxOutliers = Math.floor(n / 4), expectedOutliers = Math.max(1, n / 5), ...model } = options;
  checkInteger('maxOutliers', maxOutliers, 0, n - 1);
  checkPositive('expectedOutliers', expectedOutliers);
  // σ² is a white part of the kernel, so that it is fitted beside the fixed ρ.
  const base = hyperPosterior(points, targets, model, false).kernel;
  const kernel: Kernel = sumKernel(base, whiteKernel(0.01));
  const { prior, bounds } = familyDefaults(options.priors ?? 'dimension-scaled', 'noise', points.columns);
  const { outputScale: _outputScale, ...rest } = model;
  const settings: FitGpOptions = {
    ...rest,
    kernel,
    priorOverrides: { ...(prior !== undefined && { 'kernels.1.variance': prior }), ...options.priorOverrides },
    bounds: { 'kernels.1.variance': bounds, ...options.bounds },
  };

  const extra = new Float64Array(n);
  const support: number[] = [];
  const scores: number[] = [];
  let best: RobustGpFit | undefined;
  let fit = fitChecked(points, targets, { ...settings, noise: extra.slice() });
  for (;;) {
    scores.push(fit.logPosterior + supportLogPrior(n, support.length, expectedOutliers));
    if (best === undefined || scores[support.length] > Math.max(...scores.slice(0, -1))) {
      best = { fit, outliers: support.slice().sort((a, b) => a - b), extraNoise: extra.slice(), scores };
    }
    if (support.length >= maxOutliers) return best;
    const next = mostGain(fit.gp, support);
    if (next === undefined) return best;
    support.push(next);
    adjust(fit.gp, support, extra);
    fit = fitChecked(points, targets, { ...settings, noise: extra.slice(), start: fit.hyperparameters, restarts: 0 });
  }
}

/** -k/λ - ln C(n, k). */
function supportLogPrior(n: number, k: number, lambda: number): number {
  return -k / lambda - logGamma(n + 1) + logGamma(k + 1) + logGamma(n - k + 1);
}

/** The observation outside the support whose own noise would gain most evidence; undefined if none gains. */
function mostGain(gp: GpState, support: readonly number[]): number | undefined {
  const C = choleskyInverse(gp.L, gp.n);
  let best = 0;
  let index: number | undefined;
  for (let i = 0; i < gp.n; i++) {
    if (support.includes(i)) continue;
    const c = C[i * gp.n + i];
    const { gain } = optimalExtraNoise(gp.alpha[i] / c, 1 / c);
    if (gain > best) {
      best = gain;
      index = i;
    }
  }
  return index;
}

/** Three sweeps of coordinate ascent over ρ on the support, hyper-parameters fixed. O(|S| n³). */
function adjust(gp: GpState, support: readonly number[], extra: Float64Array): void {
  const { n, d } = gp;
  const X: Points = { data: gp.X, rows: n, columns: d };
  for (let sweep = 0; sweep < 3; sweep++) {
    for (const i of support) {
      const { L, alpha } = condition(gp.kernel, X, gp.y, extra, gp.mean);
      const c = choleskyInverse(L, n)[i * n + i];
      // Variance without the present extra noise of i.
      const variance = 1 / c - extra[i];
      if (variance > 0) extra[i] = optimalExtraNoise(alpha[i] / c, variance).noise;
    }
  }
}
