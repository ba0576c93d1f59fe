/**
 * Expected improvement E[(f - best)⁺] and its logarithm.
 *
 * D. R. Jones, M. Schonlau, W. J. Welch, Journal of Global Optimization 13 (1998) 455-492, equation 15; the logarithm in the
 * form of S. Ament et al., arXiv:2310.20708, equation 9, without their cancellation. With u = (mean - best)/std,
 * EI = std (φ(u) + u Φ(u)).
 */
import { checkNumber, checkOptionNames } from '../../internal/check.js';
import { exp } from '../../special/exp.js';
import { log } from '../../special/log.js';
import { logEiStandard, logEiStandardDerivative } from '../../special/log-ei.js';
import { normalCdf, normalPdf } from '../../special/normal.js';
import type { GpState } from '../gp/gp-state.js';
import { applyRule, type MomentRule, type MomentValue, type PointValue } from './acquisition.js';

export interface ImprovementOptions {
  /** Value to improve on, finite. */
  best: number;
  /** Whether larger is better. Default true. */
  maximize?: boolean;
}

/** The names of `ImprovementOptions`. */
export const IMPROVEMENT_NAMES = { best: true, maximize: true } satisfies Record<keyof ImprovementOptions, true>;

/** Options of an improvement, checked: what it improves on, and 1 or -1 for the direction. */
export function improvementOptions(options: ImprovementOptions): { best: number; sign: 1 | -1 } {
  const { best, maximize = true } = checkOptionNames('options', options, IMPROVEMENT_NAMES);
  return { best: checkNumber('best', best), sign: maximize ? 1 : -1 };
}

/**
 * Expected improvement; std = 0 gives max(mean - best, 0) and derivatives 0.
 *
 * @throws TypeError if there is no option of that name; RangeError if best is not finite, or std is negative
 *
 * @example
 * expectedImprovement(0, 1, { best: 0 }).value.toFixed(6); //=> '0.398942'
 */
export function expectedImprovement(mean: number, std: number, options: ImprovementOptions): MomentValue;
export function expectedImprovement(gp: GpState, x: ArrayLike<number>, options: ImprovementOptions): PointValue;
export function expectedImprovement(
  meanOrGp: number | GpState,
  stdOrX: number | ArrayLike<number>,
  options: ImprovementOptions,
): MomentValue | PointValue {
  return applyRule(expectedImprovementRule(options), meanOrGp, stdOrX);
}

/**
 * The logarithm of expected improvement, finite and with a useful gradient where EI itself underflows to 0.
 *
 * @example
 * logExpectedImprovement(-40, 1, { best: 0 }).value.toFixed(6); //=> '-808.298568'
 */
export function logExpectedImprovement(mean: number, std: number, options: ImprovementOptions): MomentValue;
export function logExpectedImprovement(gp: GpState, x: ArrayLike<number>, options: ImprovementOptions): PointValue;
export function logExpectedImprovement(
  meanOrGp: number | GpState,
  stdOrX: number | ArrayLike<number>,
  options: ImprovementOptions,
): MomentValue | PointValue {
  return applyRule(logExpectedImprovementRule(options), meanOrGp, stdOrX);
}

/** The rule of `expectedImprovement`, for `momentAcquisition`. */
export function expectedImprovementRule(options: ImprovementOptions): MomentRule {
  const { best, sign } = improvementOptions(options);
  return (mean, std) => {
    const gain = sign * (mean - best);
    if (std === 0) return { value: gain > 0 ? gain : 0, dMean: 0, dStd: 0 };
    const u = gain / std;
    const density = normalPdf(u);
    const probability = normalCdf(u);
    return { value: std * standardImprovement(u), dMean: sign * probability, dStd: density };
  };
}

/** The rule of `logExpectedImprovement`, for `momentAcquisition`. */
export function logExpectedImprovementRule(options: ImprovementOptions): MomentRule {
  const { best, sign } = improvementOptions(options);
  return (mean, std) => {
    const gain = sign * (mean - best);
    if (std === 0) return { value: gain > 0 ? log(gain) : -Infinity, dMean: 0, dStd: 0 };
    const u = gain / std;
    const slope = logEiStandardDerivative(u);
    // 1 - u h'/h = φ/h; the right side where the left one cancels.
    let byStd: number;
    if (u > 0) {
      const density = normalPdf(u);
      byStd = density / (density + u * normalCdf(u));
    } else byStd = 1 - u * slope;
    return { value: logEiStandard(u) + log(std), dMean: (sign * slope) / std, dStd: byStd / std };
  };
}

/** h(u) = φ(u) + u Φ(u), the expected improvement of N(u, 1) over 0. The sum cancels below -1; its logarithm does not. */
export function standardImprovement(u: number): number {
  return u > -1 ? normalPdf(u) + u * normalCdf(u) : exp(logEiStandard(u));
}
