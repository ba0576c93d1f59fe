/** Confidence intervals for a probability, a mean, or any statistic. */
import { checkInteger, checkNumber, checkOption, checkVector } from '../internal/check.js';
import type { Rng } from '../random/create-rng.js';
import { betaQuantile } from '../special/beta.js';
import { normalCdf, normalQuantile } from '../special/normal.js';
import { quantileOfSorted } from './moments.js';

export interface Interval {
  low: number;
  high: number;
}

export interface IntervalOptions {
  /** Coverage asked for, in (0, 1). Default 0.95. */
  confidence?: number;
}

/**
 * Wilson's score interval for a probability: { p : |p̂ - p| <= z sqrt(p (1-p) / n) }.
 *
 * E. B. Wilson, Journal of the American Statistical Association 22 (1927) 209-212.
 *
 * @throws RangeError if `successes` is not in [0, n], n < 1 or `confidence` is not in (0, 1)
 *
 * @example
 * wilsonInterval(0, 10).low; //=> 0
 */
export function wilsonInterval(successes: number, n: number, options: IntervalOptions = {}): Interval {
  checkNumber('n', n, 1);
  checkNumber('successes', successes, 0, n);
  const z = deviate(options);
  const z2 = z * z;
  const p = successes / n;
  const center = (p + z2 / (2 * n)) / (1 + z2 / n);
  const half = (z / (1 + z2 / n)) * Math.sqrt((p * (1 - p)) / n + z2 / (4 * n * n));
  return {
    low: successes === 0 ? 0 : Math.max(0, center - half),
    high: successes === n ? 1 : Math.min(1, center + half),
  };
}

/**
 * The exact interval of Clopper and Pearson: the probabilities that either tail of the binomial law rejects at
 * (1 - confidence) / 2 are left out. Coverage is at least `confidence` for every p.
 *
 * C. J. Clopper, E. S. Pearson, Biometrika 26 (1934) 404-413.
 *
 * @throws RangeError as `wilsonInterval`; counts must be integers
 *
 * @example
 * clopperPearsonInterval(0, 10).high.toFixed(6); //=> '0.308497'
 */
export function clopperPearsonInterval(successes: number, n: number, options: IntervalOptions = {}): Interval {
  checkInteger('n', n, 1);
  checkInteger('successes', successes, 0, n);
  const tail = (1 - confidenceOf(options)) / 2;
  return {
    low: successes === 0 ? 0 : betaQuantile(tail, successes, n - successes + 1),
    high: successes === n ? 1 : betaQuantile(1 - tail, successes + 1, n - successes),
  };
}

/**
 * estimate ± z standardError, z the normal quantile of (1 + confidence) / 2.
 *
 * @throws RangeError if an argument is not finite or the standard error is negative
 *
 * @example
 * normalInterval(0, 1).high.toFixed(6); //=> '1.959964'
 */
export function normalInterval(estimate: number, standardError: number, options: IntervalOptions = {}): Interval {
  checkNumber('estimate', estimate);
  checkNumber('standardError', standardError, 0);
  const half = deviate(options) * standardError;
  return { low: estimate - half, high: estimate + half };
}

export interface BootstrapOptions extends IntervalOptions {
  /** Number of resamples. Default 1000. */
  resamples?: number;
  /** 'percentile' (default), 'basic' (the percentiles mirrored at the estimate), or 'bca' (bias-corrected, accelerated). */
  method?: 'percentile' | 'basic' | 'bca';
}

/**
 * Bootstrap interval of a statistic of independent rows.
 *
 * B. Efron, R. J. Tibshirani, "An Introduction to the Bootstrap" (1993), Sections 13.3 and 14.3. `statistic` is called
 * with the indices of the resampled rows, n of them, so that any data can stand behind it; the array is reused between
 * calls. Takes n uniforms a resample, in order; 'bca' adds n calls on n - 1 rows, without randomness.
 *
 * @param n number of rows
 * @param statistic from the row indices to a number
 * @throws RangeError if n < 1, `resamples` < 1 or `confidence` is not in (0, 1)
 *
 * @example
 * const x = [1, 2, 3, 4, 5, 6];
 * const average = (rows) => rows.reduce((total, i) => total + x[i], 0) / rows.length;
 * const { low, high } = bootstrapInterval(6, average, createRng(1));
 * low < 3.5 && 3.5 < high; //=> true
 */
export function bootstrapInterval(
  n: number,
  statistic: (rows: Int32Array) => number,
  rng: Rng,
  options: BootstrapOptions = {},
): Interval {
  checkInteger('n', n, 1);
  const resamples = checkInteger('resamples', options.resamples ?? 1000, 1);
  const method = checkOption('method', options.method ?? 'percentile', ['percentile', 'basic', 'bca']);
  const tail = (1 - confidenceOf(options)) / 2;
  const rows = new Int32Array(n);
  const values = new Float64Array(resamples);
  for (let b = 0; b < resamples; b++) {
    for (let i = 0; i < n; i++) rows[i] = Math.floor(rng() * n);
    values[b] = statistic(rows);
  }
  checkVector('statistic', values);
  values.sort();
  if (method === 'percentile') return { low: quantileOfSorted(values, tail), high: quantileOfSorted(values, 1 - tail) };
  for (let i = 0; i < n; i++) rows[i] = i;
  const estimate = checkNumber('statistic', statistic(rows));
  if (method === 'basic') {
    return {
      low: 2 * estimate - quantileOfSorted(values, 1 - tail),
      high: 2 * estimate - quantileOfSorted(values, tail),
    };
  }
  const a = acceleration(n, statistic);
  let below = 0;
  for (let b = 0; b < resamples; b++) below += values[b] < estimate ? 1 : values[b] === estimate ? 0.5 : 0;
  if (below === 0 || below === resamples) return { low: values[0], high: values[resamples - 1] };
  const z0 = normalQuantile(below / resamples);
  const adjusted = (p: number) => {
    const z = z0 + normalQuantile(p);
    return quantileOfSorted(values, normalCdf(z0 + z / (1 - a * z)));
  };
  return { low: adjusted(tail), high: adjusted(1 - tail) };
}

/** Skewness of the jackknife over 6, ibid. (14.15). */
function acceleration(n: number, statistic: (rows: Int32Array) => number): number {
  if (n < 2) return 0;
  const rows = new Int32Array(n - 1);
  const values = new Float64Array(n);
  let mean = 0;
  for (let left = 0; left < n; left++) {
    for (let i = 0; i < n - 1; i++) rows[i] = i < left ? i : i + 1;
    values[left] = statistic(rows);
    mean += values[left] / n;
  }
  let squares = 0;
  let cubes = 0;
  for (let i = 0; i < n; i++) {
    const d = mean - values[i];
    squares += d * d;
    cubes += d * d * d;
  }
  return squares > 0 ? cubes / (6 * squares * Math.sqrt(squares)) : 0;
}

function confidenceOf({ confidence = 0.95 }: IntervalOptions): number {
  if (!(confidence > 0 && confidence < 1)) throw new RangeError(`confidence must be in (0, 1), got ${confidence}`);
  return confidence;
}

function deviate(options: IntervalOptions): number {
  return -normalQuantile((1 - confidenceOf(options)) / 2);
}
