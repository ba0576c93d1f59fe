/**
 * The size of a trust region: it doubles after a run of successes and halves after a run of failures.
 *
 * D. Eriksson, M. Pearce, J. R. Gardner, R. Turner, M. Poloczek, "Scalable Global Optimization via Local Bayesian
 * Optimization", arXiv:1910.01739, section 2 and appendix D.
 *
 *   paper       here                 meaning
 *   L           length               base side length, in the unit cube
 *   τ_succ      3                    successes before it doubles
 *   τ_fail      failureTolerance     failures before it halves, ceil(max(4/q, d/q))
 *   λ_i         lengthscales         of the local model
 */
import { checkInteger, checkNumber, checkPositive, checkVector } from '../../internal/check.js';
import { exp } from '../../special/exp.js';
import { log } from '../../special/log.js';

export interface TrustRegion {
  length: number;
  /** Batches in a row that improved. */
  successes: number;
  /** Batches in a row that did not; of a batch shared with other regions, the share of this one. */
  failures: number;
}

export const TRUST_REGION = { initial: 0.8, least: 0.0078125, most: 1.6, successTolerance: 3 } as const;

/** The region that a run begins with. */
export function initialTrustRegion(): TrustRegion {
  return { length: TRUST_REGION.initial, successes: 0, failures: 0 };
}

/**
 * Failures before the region halves, ceil(max(4/q, d/q)).
 *
 * @example
 * failureTolerance(10, 5); //=> 2
 */
export function failureTolerance(dimension: number, batch: number): number {
  checkInteger('dimension', dimension, 1);
  checkInteger('batch', batch, 1);
  return Math.ceil(Math.max(4 / batch, dimension / batch));
}

/**
 * The region after a batch. Below the least length 2^-7 the run has converged, and the caller starts again.
 *
 * With m regions a batch is shared out, and a region that got k of its q points has failed by k/q: all shares count alike as one
 * whole batch would. The paper leaves this open; the released code for m > 1 counts points in the same way.
 *
 * @param improved whether the batch improved the best value by more than a thousandth of its size, see `isTrustRegionSuccess`
 * @param tolerance failures before the region halves
 * @param share of the batch that was this region's, in (0, 1]. Default 1
 */
export function updateTrustRegion(region: TrustRegion, improved: boolean, tolerance: number, share = 1): TrustRegion {
  checkInteger('tolerance', tolerance, 1);
  if (!(share > 0 && share <= 1)) throw new RangeError(`share must be in (0, 1], got ${share}`);
  checkPositive('region.length', region.length);
  checkNumber('region.successes', region.successes, 0);
  checkNumber('region.failures', region.failures, 0);
  let { length } = region;
  let successes = improved ? region.successes + 1 : 0;
  let failures = improved ? 0 : region.failures + share;
  if (successes === TRUST_REGION.successTolerance) {
    length = Math.min(2 * length, TRUST_REGION.most);
    successes = 0;
  } else if (failures > tolerance - 1e-9) {
    // Shares need not add up to whole numbers in the last bit.
    length /= 2;
    failures = 0;
  }
  return { length, successes, failures };
}

/** Whether `value` improves on `best`, smaller being better, by more than 1e-3 |best|. */
export function isTrustRegionSuccess(value: number, best: number): boolean {
  checkNumber('value', value);
  checkNumber('best', best);
  return value < best - 1e-3 * Math.abs(best);
}

/**
 * The box of a region: center_i ± w_i L/2 within the unit cube, with w_i proportional to the length-scales and of geometric
 * mean 1, so that its volume is L^d where nothing is cut off.
 *
 * @example
 * const { lower, upper } = trustRegionBox([0.5, 0.5], [1, 1], 0.5);
 * [lower[0], upper[1]]; //=> [0.25, 0.75]
 */
export function trustRegionBox(
  center: ArrayLike<number>,
  lengthscales: ArrayLike<number>,
  length: number,
): { lower: Float64Array; upper: Float64Array } {
  checkVector('center', center);
  const d = center.length;
  checkVector('lengthscales', lengthscales, d);
  checkPositive('length', length);
  let logMean = 0;
  for (let k = 0; k < d; k++) logMean += log(checkPositive(`lengthscales[${k}]`, lengthscales[k])) / d;
  const lower = new Float64Array(d);
  const upper = new Float64Array(d);
  for (let k = 0; k < d; k++) {
    const half = 0.5 * length * exp(log(lengthscales[k]) - logMean);
    lower[k] = Math.min(1, Math.max(0, center[k] - half));
    upper[k] = Math.max(0, Math.min(1, center[k] + half));
  }
  return { lower, upper };
}
