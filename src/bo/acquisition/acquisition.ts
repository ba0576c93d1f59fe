/**
 * What an acquisition function is: a number for every point, to be maximized, with its gradient.
 *
 * Analytic ones are functions of the posterior's mean and deviation. Each has two forms: on moments it returns the value and
 * its derivatives in them; on a Gaussian process and a point it returns the value and its gradient in the point.
 * `momentAcquisition` makes the object that `optimizeAcquisition` takes.
 */
import { checkNumber, checkVector } from '../../internal/check.js';
import type { GpState } from '../gp/gp-state.js';
import { gpPosterior, type Posterior } from './posterior.js';

/** Value of an acquisition function of (mean, std), and its derivatives in both. */
export interface MomentValue {
  value: number;
  dMean: number;
  dStd: number;
}

/** Value of an acquisition function at a point, and its gradient there. */
export interface PointValue {
  value: number;
  gradient: Float64Array;
}

/** An acquisition function of the posterior's moments; std is at least 0. */
export type MomentRule = (mean: number, std: number) => MomentValue;

export interface Acquisition {
  /** Value at x; `gradient`, when given, is overwritten by the gradient. */
  value(x: Float64Array, gradient?: Float64Array): number;
  /** Values at many points at once, row-major; optional, for speed. */
  values?(X: Float64Array, rows: number): Float64Array;
}

/** The acquisition object of a rule on a surrogate's moments. */
export function momentAcquisition(posterior: Posterior, rule: MomentRule): Acquisition {
  return {
    value(x, gradient) {
      const at = posterior.at(x, gradient !== undefined);
      const { value, dMean, dStd } = rule(at.mean, at.std);
      if (gradient !== undefined) {
        gradient.fill(0);
        at.pullback(dMean, dStd, gradient);
      }
      return value;
    },
    values(X, rows) {
      const { mean, std } = posterior.many(X, rows);
      const out = new Float64Array(rows);
      for (let j = 0; j < rows; j++) out[j] = rule(mean[j], std[j]).value;
      return out;
    },
  };
}

/**
 * Plumbing of the two forms of an analytic acquisition function: on (mean, std), or on (gp, x).
 *
 * @throws RangeError if std is negative, or a moment or the point is not finite
 */
export function applyRule(rule: MomentRule, meanOrGp: number, stdOrX: number): MomentValue;
export function applyRule(rule: MomentRule, meanOrGp: GpState, stdOrX: ArrayLike<number>): PointValue;
export function applyRule(
  rule: MomentRule,
  meanOrGp: number | GpState,
  stdOrX: number | ArrayLike<number>,
): MomentValue | PointValue;
export function applyRule(
  rule: MomentRule,
  meanOrGp: number | GpState,
  stdOrX: number | ArrayLike<number>,
): MomentValue | PointValue {
  if (typeof meanOrGp === 'number') {
    return rule(checkNumber('mean', meanOrGp), checkNumber('std', stdOrX as number, 0));
  }
  if (meanOrGp === null || typeof meanOrGp !== 'object') {
    throw new TypeError(`mean must be a number, or gp a Gaussian process, got ${typeof meanOrGp}`);
  }
  if (typeof stdOrX === 'number') throw new TypeError('x must be an array of numbers');
  checkVector('x', stdOrX, meanOrGp.n > 0 ? meanOrGp.d : undefined);
  const x = Float64Array.from(stdOrX);
  const gradient = new Float64Array(x.length);
  return { value: momentAcquisition(gpPosterior(meanOrGp), rule).value(x, gradient), gradient };
}
