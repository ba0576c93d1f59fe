/**
 * Estimates that are means, or a mean plus a ratio of means, with their standard errors and intervals.
 *
 * Means: sample deviation / sqrt(n). Ratios: the delta method (A. B. Owen, "Monte Carlo Theory, Methods and Examples", Section 9.2).
 * Intervals: normal; bootstrap percentiles over the rounds; for means also the empirical Bernstein bound of A. Maurer, M. Pontil,
 * arXiv:0907.3740.
 */
import { checkNumber, checkOption } from '../../internal/check.js';
import { sum } from '../../linalg/index.js';
import type { Rng } from '../../random/create-rng.js';
import { empiricalBernsteinRadius } from '../../stats/concentration.js';
import { bootstrapInterval, type Interval, normalInterval } from '../../stats/intervals.js';

export interface OpeOptions {
  /** Coverage asked for, in (0, 1). Default 0.95. */
  confidence?: number;
  /**
   * 'normal' (default), 'bootstrap' (percentiles of resampled rounds; needs `rng`), or 'empirical-bernstein' (holds at every n; means
   * only; needs `range`).
   */
  interval?: 'normal' | 'bootstrap' | 'empirical-bernstein';
  /** Source of the bootstrap, n uniforms a resample. */
  rng?: Rng;
  /** Resamples of the bootstrap. Default 1000. */
  resamples?: number;
  /** Width of the interval in which every term of the mean lies, for 'empirical-bernstein': 1 / (least propensity) for `opeIps` of rewards in [0, 1]. */
  range?: number;
}

export interface OpeEstimate {
  /** Estimated mean reward of the target policy. */
  estimate: number;
  /** Its standard error; Infinity for a single round. */
  standardError: number;
  /** Interval for the mean reward. */
  interval: Interval;
}

/** mean(terms). */
export function meanEstimate(terms: Float64Array, options: OpeOptions): OpeEstimate {
  const n = terms.length;
  const estimate = sum(terms) / n;
  return withInterval(
    estimate,
    deviationOf(terms, estimate),
    (rows) => {
      let total = 0;
      for (let i = 0; i < rows.length; i++) total += terms[rows[i]];
      return total / n;
    },
    n,
    true,
    options,
  );
}

/** mean(base) + Σ numerator / Σ denominator; the caller has checked that the denominator is not 0. */
export function ratioEstimate(
  base: Float64Array,
  numerator: Float64Array,
  denominator: Float64Array,
  options: OpeOptions,
): OpeEstimate {
  const n = base.length;
  const mean = sum(base) / n;
  const total = sum(denominator);
  const ratio = sum(numerator) / total;
  const estimate = mean + ratio;
  const influence = new Float64Array(n);
  for (let i = 0; i < n; i++) influence[i] = base[i] - mean + ((numerator[i] - ratio * denominator[i]) * n) / total;
  return withInterval(
    estimate,
    deviationOf(influence, 0),
    (rows) => {
      let b = 0;
      let top = 0;
      let bottom = 0;
      for (let i = 0; i < rows.length; i++) {
        b += base[rows[i]];
        top += numerator[rows[i]];
        bottom += denominator[rows[i]];
      }
      // A resample without weight says nothing of the ratio.
      return b / n + (bottom > 0 ? top / bottom : ratio);
    },
    n,
    false,
    options,
  );
}

/** Sample deviation of terms about their mean. */
function deviationOf(terms: Float64Array, mean: number): number {
  const n = terms.length;
  if (n === 1) return Infinity;
  const squares = new Float64Array(n);
  for (let i = 0; i < n; i++) squares[i] = (terms[i] - mean) * (terms[i] - mean);
  return Math.sqrt(sum(squares) / (n - 1));
}

function withInterval(
  estimate: number,
  deviation: number,
  statistic: (rows: Int32Array) => number,
  n: number,
  isMean: boolean,
  options: OpeOptions,
): OpeEstimate {
  const kind = checkOption('interval', options.interval ?? 'normal', ['normal', 'bootstrap', 'empirical-bernstein']);
  const confidence = checkNumber('confidence', options.confidence ?? 0.95, 0, 1);
  if (confidence === 0 || confidence === 1) throw new RangeError(`confidence must be in (0, 1), got ${confidence}`);
  if (kind === 'bootstrap' && options.rng === undefined) throw new TypeError("rng must be given for 'bootstrap'");
  if (kind === 'empirical-bernstein') {
    if (!isMean) throw new RangeError("interval 'empirical-bernstein' must be asked of a mean, not of a ratio");
    if (options.range === undefined) throw new TypeError("range must be given for 'empirical-bernstein'");
    checkNumber('range', options.range, 0);
  }
  const standardError = deviation / Math.sqrt(n);
  if (n === 1) return { estimate, standardError, interval: { low: -Infinity, high: Infinity } };
  if (kind === 'normal') {
    return { estimate, standardError, interval: normalInterval(estimate, standardError, { confidence }) };
  }
  if (kind === 'bootstrap') {
    const resamples = options.resamples ?? 1000;
    const interval = bootstrapInterval(n, statistic, options.rng as Rng, { confidence, resamples });
    return { estimate, standardError, interval };
  }
  const radius = empiricalBernsteinRadius(n, (1 - confidence) / 2, {
    variance: deviation * deviation,
    range: options.range as number,
  });
  return { estimate, standardError, interval: { low: estimate - radius, high: estimate + radius } };
}
