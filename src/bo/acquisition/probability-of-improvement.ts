/** Probability of improvement. H. J. Kushner, Journal of Basic Engineering 86 (1964) 97-106. */
import { logNormalCdf, normalCdf, normalPdf } from '../../special/normal.js';
import type { GpState } from '../gp/gp-state.js';
import { applyRule, type MomentRule, type MomentValue, type PointValue } from './acquisition.js';
import { improvementOptions, type ImprovementOptions } from './expected-improvement.js';
import { lowerTruncation } from './truncated-normal.js';

/**
 * P(f > best) = Φ((mean - best)/std), for `maximize: false` P(f < best); std = 0 gives 1, 1/2 at equality, or 0.
 *
 * @example
 * probabilityOfImprovement(1, 2, { best: 1 }).value; //=> 0.5
 */
export function probabilityOfImprovement(mean: number, std: number, options: ImprovementOptions): MomentValue;
export function probabilityOfImprovement(gp: GpState, x: ArrayLike<number>, options: ImprovementOptions): PointValue;
export function probabilityOfImprovement(
  meanOrGp: number | GpState,
  stdOrX: number | ArrayLike<number>,
  options: ImprovementOptions,
): MomentValue | PointValue {
  return applyRule(probabilityOfImprovementRule(options), meanOrGp, stdOrX);
}

/** The logarithm of the probability of improvement, finite where the probability underflows. */
export function logProbabilityOfImprovement(mean: number, std: number, options: ImprovementOptions): MomentValue;
export function logProbabilityOfImprovement(gp: GpState, x: ArrayLike<number>, options: ImprovementOptions): PointValue;
export function logProbabilityOfImprovement(
  meanOrGp: number | GpState,
  stdOrX: number | ArrayLike<number>,
  options: ImprovementOptions,
): MomentValue | PointValue {
  return applyRule(logProbabilityOfImprovementRule(options), meanOrGp, stdOrX);
}

/** The rule of `probabilityOfImprovement`, for `momentAcquisition`. */
export function probabilityOfImprovementRule(options: ImprovementOptions): MomentRule {
  const { best, sign } = improvementOptions(options);
  return (mean, std) => {
    const gain = sign * (mean - best);
    if (std === 0) return { value: gain > 0 ? 1 : gain < 0 ? 0 : 0.5, dMean: 0, dStd: 0 };
    const u = gain / std;
    const density = normalPdf(u) / std;
    return { value: normalCdf(u), dMean: sign * density, dStd: -density * u };
  };
}

/** The rule of `logProbabilityOfImprovement`, for `momentAcquisition`. */
export function logProbabilityOfImprovementRule(options: ImprovementOptions): MomentRule {
  const { best, sign } = improvementOptions(options);
  return (mean, std) => {
    const gain = sign * (mean - best);
    if (std === 0) return { value: gain > 0 ? 0 : gain < 0 ? -Infinity : -Math.LN2, dMean: 0, dStd: 0 };
    const u = gain / std;
    const hazard = lowerTruncation(u).q / std;
    return { value: logNormalCdf(u), dMean: sign * hazard, dStd: -hazard * u };
  };
}
