import { checkOptionNames, checkVector } from '../../internal/check.js';
import { normalQuantile } from '../../special/normal.js';
import { log } from '../../special/log.js';
import type { GpState } from './gp-state.js';
import { gpLeaveOneOut } from './leave-one-out.js';

export interface GpDiagnostics {
  /** (y_i - mean_i)/std_i of the leave-one-out predictions: about standard normal if the model is right. */
  standardizedResiduals: Float64Array;
  /** Mean of ln p(y_i | the others). */
  meanLogDensity: number;
  /** Root mean squared leave-one-out error. */
  rootMeanSquaredError: number;
  /** Fraction of targets inside their central interval, for each level. */
  coverage: { level: number; fraction: number }[];
  /** ln(largest/smallest pivot of L)²: a lower bound of the logarithm of the condition number. */
  logCondition: number;
  jitter: number;
}

/**
 * Leave-one-out checks of a fitted process. O(n³).
 *
 * @param options.levels of the central intervals, in (0, 1). Default 0.5, 0.8, 0.95
 * @throws RangeError if a level is not in (0, 1)
 */
export function gpDiagnostics(gp: GpState, options: { levels?: readonly number[] } = {}): GpDiagnostics {
  const { levels = [0.5, 0.8, 0.95] } = checkOptionNames('options', options, { levels: true });
  checkVector('levels', levels);
  levels.forEach((level, i) => {
    if (!(level > 0 && level < 1)) throw new RangeError(`levels[${i}] must be in (0, 1), got ${level}`);
  });
  const { n, y, L, jitter } = gp;
  const { mean, variance, logDensity } = gpLeaveOneOut(gp);
  const standardizedResiduals = new Float64Array(n);
  let squares = 0;
  let density = 0;
  let smallest = Infinity;
  let largest = 0;
  for (let i = 0; i < n; i++) {
    const error = y[i] - mean[i];
    standardizedResiduals[i] = error / Math.sqrt(variance[i]);
    squares += error * error;
    density += logDensity[i];
    smallest = Math.min(smallest, L[i * n + i]);
    largest = Math.max(largest, L[i * n + i]);
  }
  const coverage = levels.map((level) => {
    const z = normalQuantile((1 + level) / 2);
    let inside = 0;
    for (let i = 0; i < n; i++) if (Math.abs(standardizedResiduals[i]) <= z) inside += 1;
    return { level, fraction: n > 0 ? inside / n : 0 };
  });
  return {
    standardizedResiduals,
    meanLogDensity: n > 0 ? density / n : 0,
    rootMeanSquaredError: n > 0 ? Math.sqrt(squares / n) : 0,
    coverage,
    logCondition: n > 0 ? 2 * (log(largest) - log(smallest)) : 0,
    jitter,
  };
}
