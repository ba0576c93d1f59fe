/**
 * Regression with a noise that depends on the input: one process for the function, one for the logarithm of the noise.
 *
 * K. Kersting, C. Plagemann, P. Pfaff, W. Burgard, "Most likely heteroscedastic Gaussian process regression", ICML 2007, with
 * the log squared residuals of P. W. Goldberg, C. K. I. Williams, C. M. Bishop, NIPS 1998. E ln z² = digamma(½) + ln 2 = -1.2704
 * for z ~ N(0, 1), so that much is added to the logarithm of a squared residual.
 */
import { checkInteger, checkNumber, checkOptionNames, checkVector } from '../../internal/check.js';
import type { MatrixLike } from '../../linalg/to-row-major.js';
import { exp } from '../../special/exp.js';
import { log } from '../../special/log.js';
import type { Points } from '../kernels/kernel.js';
import { toPoints } from '../kernels/kernel-matrix.js';
import { fitChecked, fitGpNames, type FitGpOptions, type GpFit } from './fit.js';
import { predict, type GpPrediction } from './predict.js';
import { queryPoints } from './gp-state.js';
import { standardize } from './standardize.js';

/** -(digamma(½) + ln 2). */
export const LOG_SQUARED_NORMAL_BIAS = 1.2703628454614782;

export interface FitHeteroskedasticGpOptions extends Omit<FitGpOptions, 'noise' | 'deterministic' | 'start'> {
  /** Rounds at least and at most. Default 3 and 10. */
  minRounds?: number;
  maxRounds?: number;
  /** Stop when no noise variance changes by more than this fraction. Default 1e-3. */
  tolerance?: number;
}

function heteroskedasticNames(): Record<keyof FitHeteroskedasticGpOptions, true> {
  const { noise: _noise, deterministic: _deterministic, start: _start, ...names } = fitGpNames();
  return { ...names, minRounds: true, maxRounds: true, tolerance: true };
}

export interface HeteroskedasticGp {
  /** Of the function, with one noise variance per point. */
  fit: GpFit;
  /** Of the standardized logarithm of the noise variance. */
  noiseFit: GpFit;
  /** ln noise = mean + std · (prediction of noiseFit). */
  logNoiseMean: number;
  logNoiseStd: number;
  rounds: number;
  /** 'converged': the noise settled. */
  status: 'converged' | 'max-rounds';
}

/**
 * Alternates (a) a process for y with the current noise variances and (b) a process for
 * ln(squared residual) + 1.2704, whose predictions are the next noise variances. The first round has one fitted noise.
 *
 * Squared residuals are those of the mean, plus the latent variance that remains there; they are floored at 1e-10 of the
 * variance of y. Meant for standardized targets, as `fitGp`.
 *
 * @throws RangeError as `fitGp`, or if X has no rows
 */
export function fitHeteroskedasticGp(
  X: MatrixLike,
  y: ArrayLike<number>,
  options: FitHeteroskedasticGpOptions = {},
): HeteroskedasticGp {
  checkOptionNames('options', options, heteroskedasticNames());
  const raw = toPoints('X', X);
  if (raw.rows === 0) throw new RangeError('X must not be empty');
  const points: Points = { ...raw, data: raw.data.slice() };
  const n = points.rows;
  const targets = Float64Array.from(checkVector('y', y, n));
  const { minRounds = 3, maxRounds = 10, tolerance = 1e-3, ...model } = options;
  checkInteger('minRounds', minRounds, 1);
  checkInteger('maxRounds', maxRounds, minRounds);
  checkNumber('tolerance', tolerance, 0);
  const spread = standardize(targets).std;
  const floor = 1e-10 * spread * spread;
  const withoutRng = { ...model, restarts: model.rng === undefined ? 0 : (model.restarts ?? 2) };

  let fit = fitChecked(points, targets, { ...withoutRng, noise: 'fit' });
  let noise: Float64Array | undefined;
  for (let round = 1; ; round++) {
    const { mean, variance } = predict(fit.gp, points, {});
    const logs = targets.map((value, i) => {
      const squared = (value - mean[i]) * (value - mean[i]) + variance[i];
      return log(Math.max(squared, floor)) + LOG_SQUARED_NORMAL_BIAS;
    });
    const { y: z, mean: logNoiseMean, std: logNoiseStd } = standardize(logs);
    const noiseFit = fitChecked(points, z, { restarts: 0 });
    const predicted = predict(noiseFit.gp, points, { variance: false }).mean;
    const next = predicted.map((value) => exp(logNoiseMean + logNoiseStd * value));
    let change = noise === undefined ? Infinity : 0;
    if (noise !== undefined) for (let i = 0; i < n; i++) change = Math.max(change, Math.abs(next[i] / noise[i] - 1));
    noise = next;
    fit = fitChecked(points, targets, { ...withoutRng, noise });
    const converged = change < tolerance && round >= minRounds;
    if (converged || round >= maxRounds) {
      return {
        fit,
        noiseFit,
        logNoiseMean,
        logNoiseStd,
        rounds: round,
        status: converged ? 'converged' : 'max-rounds',
      };
    }
  }
}

/** Latent mean and variance at m points, and the predicted noise variance there. */
export function heteroskedasticPredict(
  model: HeteroskedasticGp,
  Xs: MatrixLike,
): GpPrediction & { noise: Float64Array } {
  const points = queryPoints(model.fit.gp, Xs);
  const { mean } = predict(model.noiseFit.gp, points, { variance: false });
  const noise = mean.map((value) => exp(model.logNoiseMean + model.logNoiseStd * value));
  return { ...predict(model.fit.gp, points, {}), noise };
}
