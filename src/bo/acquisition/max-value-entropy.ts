/**
 * Information about the value of the maximum.
 *
 * Max-value entropy search: Z. Wang, S. Jegelka, arXiv:1703.01968, equation 6. GIBBON: H. B. Moss, D. S. Leslie, J. Gonzalez,
 * P. Rayson, arXiv:2102.03324, equation 8. With γ = (y* - mean)/std and q = φ(γ)/Φ(γ),
 *
 *   MES = average over y* of γ q/2 - ln Φ(γ)             GIBBON = average of -½ ln(1 - ρ² q (γ + q))
 *
 * ρ² is the squared correlation of what is observed with the objective: 1 without noise, Var f/(Var f + noise) with it.
 */
import { checkNumber, checkVector } from '../../internal/check.js';
import { log } from '../../special/log.js';
import { log1p } from '../../special/log1p.js';
import { logNormalCdf } from '../../special/normal.js';
import type { GpState } from '../gp/gp-state.js';
import { applyRule, type MomentRule, type MomentValue, type PointValue } from './acquisition.js';
import { lowerTruncation } from './truncated-normal.js';

const HALF_LOG_2PI = 0.9189385332046727;

export interface MaxValueOptions {
  /** Samples of the optimum's value (of the minimum for `maximize: false`). */
  optimumSamples: ArrayLike<number>;
  /** Whether larger is better. Default true. */
  maximize?: boolean;
}

export interface GibbonOptions extends MaxValueOptions {
  /** Squared correlation ρ² between observation and objective, in [0, 1]. Default 1; `noise` takes precedence. */
  rhoSquared?: number;
  /** Noise variance of an observation: ρ² = std²/(std² + noise). */
  noise?: number;
}

/**
 * Max-value entropy search: the expected information of an observation about the optimum's value, in nats; at least 0.
 *
 * @example
 * maxValueEntropySearch(0, 1, { optimumSamples: [0] }).value.toFixed(6); //=> '0.693147'
 */
export function maxValueEntropySearch(mean: number, std: number, options: MaxValueOptions): MomentValue;
export function maxValueEntropySearch(gp: GpState, x: ArrayLike<number>, options: MaxValueOptions): PointValue;
export function maxValueEntropySearch(
  meanOrGp: number | GpState,
  stdOrX: number | ArrayLike<number>,
  options: MaxValueOptions,
): MomentValue | PointValue {
  return applyRule(maxValueEntropyRule(options), meanOrGp, stdOrX);
}

/** GIBBON for one point: a lower bound of that information, which stays valid with noise. */
export function gibbon(mean: number, std: number, options: GibbonOptions): MomentValue;
export function gibbon(gp: GpState, x: ArrayLike<number>, options: GibbonOptions): PointValue;
export function gibbon(
  meanOrGp: number | GpState,
  stdOrX: number | ArrayLike<number>,
  options: GibbonOptions,
): MomentValue | PointValue {
  return applyRule(gibbonRule(options), meanOrGp, stdOrX);
}

/** The rule of `maxValueEntropySearch`, for `momentAcquisition`. */
export function maxValueEntropyRule({ optimumSamples, maximize = true }: MaxValueOptions): MomentRule {
  const samples = checkSamples(optimumSamples);
  const sign = maximize ? 1 : -1;
  return (mean, std) => {
    if (std === 0) return { value: 0, dMean: 0, dStd: 0 };
    let value = 0;
    let dMean = 0;
    let dStd = 0;
    for (let s = 0; s < samples.length; s++) {
      const gamma = (sign * (samples[s] - mean)) / std;
      const { q, c, variance } = lowerTruncation(gamma);
      // For γ < -5, with a = -γ and q = a + c, the second form has no cancellation.
      value += gamma >= -5 ? 0.5 * gamma * q - logNormalCdf(gamma) : log(q) + HALF_LOG_2PI + 0.5 * gamma * c;
      // d/dγ of γq/2 - ln Φ is -(q/2)(1 + γ(γ + q)) = -(q/2)(variance + (γ + q)²) as q' = -q(γ + q).
      const slope = -0.5 * q * (variance + c * c);
      dMean -= (sign * slope) / std;
      dStd -= (slope * gamma) / std;
    }
    const n = samples.length;
    return { value: value / n, dMean: dMean / n, dStd: dStd / n };
  };
}

/** The rule of `gibbon`, for `momentAcquisition`. */
export function gibbonRule({ optimumSamples, maximize = true, rhoSquared = 1, noise }: GibbonOptions): MomentRule {
  const samples = checkSamples(optimumSamples);
  checkNumber('rhoSquared', rhoSquared, 0, 1);
  if (noise !== undefined) checkNumber('noise', noise, 0);
  const sign = maximize ? 1 : -1;
  return (mean, std) => {
    if (std === 0) return { value: 0, dMean: 0, dStd: 0 };
    const total = std * std + (noise ?? 0);
    const rho2 = noise === undefined ? rhoSquared : (std * std) / total;
    const rho2ByStd = noise === undefined ? 0 : (2 * std * noise) / (total * total);
    let value = 0;
    let dMean = 0;
    let dStd = 0;
    for (let s = 0; s < samples.length; s++) {
      const gamma = (sign * (samples[s] - mean)) / std;
      const { q, c, variance } = lowerTruncation(gamma);
      const kept = 1 - variance; // q (γ + q)
      const rest = 1 - rho2 + rho2 * variance;
      value -= 0.5 * (kept < 0.5 ? log1p(-rho2 * kept) : log(rest));
      // variance' = -(q(γ + q))' = q (γ + q)² - q variance with q' = -q(γ + q).
      const byGamma = (-0.5 * rho2 * (q * c * c - q * variance)) / rest;
      dMean -= (sign * byGamma) / std;
      dStd += (-byGamma * gamma) / std + (0.5 * rho2ByStd * kept) / rest;
    }
    const n = samples.length;
    return { value: value / n, dMean: dMean / n, dStd: dStd / n };
  };
}

function checkSamples(samples: ArrayLike<number>): Float64Array {
  checkVector('optimumSamples', samples);
  if (samples.length === 0) throw new RangeError('optimumSamples must not be empty');
  return Float64Array.from(samples);
}
