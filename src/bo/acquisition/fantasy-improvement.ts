/**
 * Expected improvement averaged over what is not known yet: the outcomes of pending evaluations, or the true values behind
 * noisy ones.
 *
 *   α(x) = ln (1/S) Σ_s EI(μ_s(x), σ(x); best_s)
 *
 * Fantasy s draws the unknown values jointly from the posterior, conditions on them without noise, and takes the best of them
 * as its incumbent. All fantasies share the deviation σ, so that a gradient is one pass over the data.
 *
 * Pending points: J. Snoek, H. Larochelle, R. P. Adams, arXiv:1206.2944, section 3.3; α is the logarithm of what x adds to
 * the expected improvement of the batch. Noise: B. Letham, B. Karrer, G. Ottoni, E. Bakshy, arXiv:1706.07094, equation 3.
 */
import { checkInteger, checkNumber } from '../../internal/check.js';
import { choleskyJittered } from '../../linalg/cholesky.js';
import type { MatrixLike } from '../../linalg/to-row-major.js';
import { solveLower, solveLowerMany, solveUpperT, solveUpperTMany } from '../../linalg/triangular.js';
import type { Rng } from '../../random/create-rng.js';
import { exp } from '../../special/exp.js';
import { log } from '../../special/log.js';
import { gpAppendMany } from '../gp/append.js';
import { meanValues, noisyGram, queryPoints, trainingPoints, type GpMean, type GpState } from '../gp/gp-state.js';
import { predict } from '../gp/predict.js';
import type { Kernel, Points } from '../kernels/kernel.js';
import { kernelRules } from '../kernels/rules.js';
import { quasiNormal } from '../quasi-random.js';
import type { Acquisition } from './acquisition.js';
import { logExpectedImprovementRule } from './expected-improvement.js';
import { leastDeviation } from './posterior.js';

export interface PendingImprovementOptions {
  /** Best value so far. */
  best: number;
  /** Whether larger is better. Default true. */
  maximize?: boolean;
  /** Fantasies. Default 128. */
  samples?: number;
  rng: Rng;
}

/**
 * Logarithm of the expected improvement that x adds to the pending points: ln E[(f(x) - max(best, f(pending)))⁺], exact in
 * f(x) and averaged over quasi-random fantasies of the pending values.
 *
 * Without pending points it is `logExpectedImprovement`. O((n + p)³ + S (n + p)²) to make, O((n + p)(n + p + S)) a point.
 *
 * @param pending p points without a result
 *
 * @example
 * const gp = gpCondition(matern52({ lengthscale: 0.3 }), [[0], [1]], [0, 1]);
 * const near = pendingImprovement(gp, [[0.9]], { best: 1, rng: createRng(1) });
 * near.value(Float64Array.of(0.9)) < near.value(Float64Array.of(0.6)); //=> true
 */
export function pendingImprovement(
  gp: GpState,
  pending: MatrixLike,
  { best, maximize = true, samples = 128, rng }: PendingImprovementOptions,
): Acquisition {
  checkNumber('best', best);
  checkInteger('samples', samples, 1);
  const points = queryPoints(gp, pending, 'pending');
  const p = points.rows;
  const draws = p === 0 ? new Float64Array(0) : jointDraws(gp, points, samples, rng);
  const count = p === 0 ? 1 : samples;
  const extended = p === 0 ? gp : gpAppendMany(gp, points, draws.subarray(0, p), { noise: latentNoise(gp) });
  const n = gp.n;
  const targets = new Float64Array(extended.n * count);
  const incumbents = new Float64Array(count).fill(best);
  const prior = meanValues(gp.mean, trainingPoints(extended));
  for (let s = 0; s < count; s++) {
    for (let i = 0; i < n; i++) targets[i * count + s] = gp.y[i] - prior[i];
    for (let j = 0; j < p; j++) {
      const value = draws[s * p + j];
      targets[(n + j) * count + s] = value - prior[n + j];
      incumbents[s] = maximize ? Math.max(incumbents[s], value) : Math.min(incumbents[s], value);
    }
  }
  return averagedImprovement(
    gp.kernel,
    gp.mean,
    trainingPoints(extended),
    extended.L,
    targets,
    incumbents,
    maximize,
    leastDeviation(gp),
  );
}

export interface NoisyImprovementOptions {
  /** Whether larger is better. Default true. */
  maximize?: boolean;
  /** Fantasies. Default 20, as in the paper's experiments 16 and more made no difference. */
  samples?: number;
  rng: Rng;
}

/**
 * Logarithm of noisy expected improvement: EI averaged over joint draws of the true values at the evaluated points, each
 * with the best of its draw as incumbent.
 *
 * At noise 0 it is `logExpectedImprovement` of the observed best. Draws n normals a fantasy, quasi-random up to n = 64.
 */
export function logNoisyExpectedImprovement(
  gp: GpState,
  { maximize = true, samples = 20, rng }: NoisyImprovementOptions,
): Acquisition {
  checkInteger('samples', samples, 1);
  if (gp.n === 0) throw new RangeError('gp must have observations');
  const train = trainingPoints(gp);
  const n = gp.n;
  const draws = jointDraws(gp, train, samples, rng);
  const prior = meanValues(gp.mean, train);
  const incumbents = new Float64Array(samples);
  const targets = new Float64Array(n * samples);
  for (let s = 0; s < samples; s++) {
    let best = maximize ? -Infinity : Infinity;
    for (let i = 0; i < n; i++) {
      const value = draws[s * n + i];
      best = maximize ? Math.max(best, value) : Math.min(best, value);
      targets[i * samples + s] = value - prior[i];
    }
    incumbents[s] = best;
  }
  const { L } = choleskyJittered(noisyGram(gp.kernel, train, latentNoise(gp)), n);
  return averagedImprovement(gp.kernel, gp.mean, train, L, targets, incumbents, maximize, leastDeviation(gp));
}

/** S joint draws of the latent function at m points, S x m. */
function jointDraws(gp: GpState, points: Points, samples: number, rng: Rng): Float64Array {
  const m = points.rows;
  const { mean, covariance } = predict(gp, points, { covariance: true });
  const { L } = choleskyJittered(withNugget(covariance, m), m);
  const z = quasiNormal(samples, m, rng);
  const out = new Float64Array(samples * m);
  for (let s = 0; s < samples; s++) {
    for (let i = 0; i < m; i++) {
      let value = mean[i];
      for (let j = 0; j <= i; j++) value += L[i * m + j] * z[s * m + j];
      out[s * m + i] = value;
    }
  }
  return out;
}

/** The posterior covariance at observed points is singular without noise; 1e-12 of its size stands in for rounding. */
function withNugget(covariance: Float64Array, m: number): Float64Array {
  let largest = 0;
  for (let i = 0; i < m; i++) largest = Math.max(largest, covariance[i * m + i]);
  const nugget = Math.max(1e-12 * largest, 1e-14);
  for (let i = 0; i < m; i++) covariance[i * m + i] += nugget;
  return covariance;
}

/** Fantasies are values of the function itself: only a trace of noise, for the factor. */
function latentNoise(gp: GpState): number {
  const variance = new Float64Array(1);
  if (gp.n > 0) kernelRules(gp.kernel).diagonal(gp.kernel, { data: gp.X, rows: 1, columns: gp.d }, variance);
  return 1e-8 * (variance[0] > 0 ? variance[0] : 1);
}

/** `targets` is n x S: residuals of every fantasy. */
function averagedImprovement(
  kernel: Kernel,
  mean: GpMean,
  train: Points,
  L: Float64Array,
  targets: Float64Array,
  incumbents: Float64Array,
  maximize: boolean,
  floor: number,
): Acquisition {
  const n = train.rows;
  const S = incumbents.length;
  const alphas = solveUpperTMany(L, solveLowerMany(L, targets, n, S), n, S);
  const rules = kernelRules(kernel);
  const improvement = Array.from(incumbents, (best) => logExpectedImprovementRule({ best, maximize }));
  const slopes = typeof mean !== 'number' && mean.type === 'linear' ? mean.coefficients : undefined;
  const ks = new Float64Array(n);
  const v = new Float64Array(n);
  const weights = new Float64Array(n);
  const prior = new Float64Array(1);
  const means = new Float64Array(S);
  const logs = new Float64Array(S);
  const byMean = new Float64Array(S);
  const byStd = new Float64Array(S);
  return {
    value(x, gradient) {
      const query: Points = { data: x, rows: 1, columns: x.length };
      means.fill(meanValues(mean, query)[0]);
      rules.diagonal(kernel, query, prior);
      let variance = prior[0];
      rules.fill(kernel, train, query, false, ks);
      solveLower(L, ks, n, v);
      for (let i = 0; i < n; i++) {
        variance -= v[i] * v[i];
        for (let s = 0, p = i * S; s < S; s++, p++) means[s] += ks[i] * alphas[p];
      }
      const exact = variance > 0 ? Math.sqrt(variance) : 0;
      const std = Math.max(exact, floor);
      let largest = -Infinity;
      for (let s = 0; s < S; s++) {
        const at = improvement[s](means[s], std);
        logs[s] = at.value;
        byMean[s] = at.dMean;
        byStd[s] = at.dStd;
        largest = Math.max(largest, at.value);
      }
      if (largest === -Infinity) {
        gradient?.fill(0);
        return -Infinity;
      }
      let total = 0;
      for (let s = 0; s < S; s++) {
        logs[s] = exp(logs[s] - largest);
        total += logs[s];
      }
      if (gradient !== undefined) {
        gradient.fill(0);
        let shared = 0;
        let slope = 0;
        for (let s = 0; s < S; s++) {
          const share = logs[s] / total;
          shared += share * byStd[s];
          byMean[s] *= share;
          slope += byMean[s];
        }
        const byVariance = exact > floor ? shared / (2 * std) : 0;
        if (slopes !== undefined) for (let k = 0; k < x.length; k++) gradient[k] += slope * slopes[k + 1];
        rules.diagonalInput(kernel, x, byVariance, gradient);
        solveUpperT(L, v, n, weights);
        for (let i = 0; i < n; i++) {
          let weight = -2 * byVariance * weights[i];
          for (let s = 0, p = i * S; s < S; s++, p++) weight += byMean[s] * alphas[p];
          weights[i] = weight;
        }
        rules.inputContract(kernel, x, train, weights, gradient);
      }
      return largest + log(total / S);
    },
  };
}
