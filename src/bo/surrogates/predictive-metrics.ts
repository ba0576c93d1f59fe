/**
 * How good predictive distributions are: density at what happened, and calibration of their intervals.
 *
 * V. Kuleshov, N. Fenner, S. Ermon, arXiv:1807.00263, equation 9 (calibration of regression); used by T. Liu, N. Astorga,
 * N. Seedat, M. van der Schaar, arXiv:2402.03921, section 5.
 */
import { checkInteger, checkNumber, checkPositive, checkVector } from '../../internal/check.js';
import { log } from '../../special/log.js';
import { normalCdf, normalQuantile } from '../../special/normal.js';
import type { SurrogatePrediction } from './surrogate.js';

const LOG_2PI = 1.8378770664093453;

/**
 * Mean of ln N(y_j; mean_j, variance_j + noise). O(m).
 *
 * @throws RangeError if the lengths differ, there is no point, or a total variance is 0
 *
 * @example
 * logPredictiveDensity({ mean: [0], variance: [0.5] }, [0], 0.5).toFixed(6); //=> '-0.918939'
 */
export function logPredictiveDensity(
  { mean, variance }: { mean: ArrayLike<number>; variance: ArrayLike<number> } | SurrogatePrediction,
  y: ArrayLike<number>,
  noise = 0,
): number {
  checkMoments(mean, variance, y);
  checkNumber('noise', noise, 0);
  let total = 0;
  for (let j = 0; j < y.length; j++) {
    const v = checkPositive(`variance[${j}] + noise`, variance[j] + noise);
    const residual = y[j] - mean[j];
    total -= 0.5 * (LOG_2PI + log(v) + (residual * residual) / v);
  }
  return total / y.length;
}

/**
 * Share of targets inside the central interval of that probability, |y - mean| <= z √(variance + noise). O(m).
 *
 * @example
 * predictiveCoverage({ mean: [0, 0], variance: [1, 1] }, [0.5, 3], 0.9); //=> 0.5
 */
export function predictiveCoverage(
  { mean, variance }: { mean: ArrayLike<number>; variance: ArrayLike<number> },
  y: ArrayLike<number>,
  level: number,
  noise = 0,
): number {
  checkMoments(mean, variance, y);
  checkNumber('level', level, 0, 1);
  checkNumber('noise', noise, 0);
  const z = normalQuantile(0.5 + level / 2);
  let inside = 0;
  for (let j = 0; j < y.length; j++) {
    const residual = Math.abs(y[j] - mean[j]);
    if (level === 1 || residual <= z * Math.sqrt(variance[j] + noise)) inside += 1;
  }
  return inside / y.length;
}

/**
 * Calibration error Σ_k (p_k - share of targets with predicted probability at most p_k)² / count, p_k = k / (count + 1):
 * 0 for perfect calibration. A target with variance 0 counts as probability 0, 1/2 or 1.
 *
 * @param options.levels count, default 9
 */
export function calibrationError(
  { mean, variance }: { mean: ArrayLike<number>; variance: ArrayLike<number> },
  y: ArrayLike<number>,
  options: { levels?: number; noise?: number } = {},
): number {
  checkMoments(mean, variance, y);
  const levels = checkInteger('levels', options.levels ?? 9, 1);
  const noise = checkNumber('noise', options.noise ?? 0, 0);
  const reached = Float64Array.from({ length: y.length }, (_, j) => {
    const sigma = Math.sqrt(variance[j] + noise);
    const residual = y[j] - mean[j];
    if (sigma > 0) return normalCdf(residual / sigma);
    return residual > 0 ? 1 : residual < 0 ? 0 : 0.5;
  });
  let total = 0;
  for (let k = 1; k <= levels; k++) {
    const p = k / (levels + 1);
    let below = 0;
    for (let j = 0; j < reached.length; j++) if (reached[j] <= p) below += 1;
    total += (p - below / y.length) * (p - below / y.length);
  }
  return total / levels;
}

function checkMoments(mean: ArrayLike<number>, variance: ArrayLike<number>, y: ArrayLike<number>): void {
  checkVector('y', y);
  if (y.length === 0) throw new RangeError('y must not be empty');
  checkVector('mean', mean, y.length);
  checkVector('variance', variance, y.length);
  for (let j = 0; j < y.length; j++) checkNumber(`variance[${j}]`, variance[j], 0);
}
