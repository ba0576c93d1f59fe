/**
 * Expected improvement under constraints c_j(x) <= upper_j (or within [lower_j, upper_j]) that are learned by models of their own.
 *
 * J. R. Gardner, M. J. Kusner, Z. Xu, K. Q. Weinberger, J. P. Cunningham, ICML 2014, equation 4: EI(x) Π_j P(c_j(x) feasible).
 */
import { checkNumber } from '../../internal/check.js';
import { exp } from '../../special/exp.js';
import { logNormalCdf } from '../../special/normal.js';
import { momentAcquisition, type Acquisition, type MomentValue } from './acquisition.js';
import { expectedImprovementRule, logExpectedImprovementRule } from './expected-improvement.js';
import type { Posterior } from './posterior.js';
import { logIntervalMass, lowerTruncation } from './truncated-normal.js';

/** A constraint at a point: the moments of c, and the bounds between which it is feasible. */
export interface ConstraintMoments extends ConstraintBounds {
  mean: number;
  std: number;
}

export interface ConstraintBounds {
  /** Default -Infinity. */
  lower?: number;
  /** Default Infinity. */
  upper?: number;
}

export interface ConstrainedImprovementOptions {
  /** Best feasible value so far; null when no feasible point is known: then feasibility alone counts. */
  best: number | null;
  /** Whether larger is better. Default true. */
  maximize?: boolean;
}

/** A value with its derivatives in the moments of the objective and of each constraint. */
export interface ConstrainedMomentValue extends MomentValue {
  constraints: { dMean: number; dStd: number }[];
}

/**
 * ln EI + Σ_j ln P(c_j feasible), with derivatives in all moments; with `best: null`, the second term alone.
 *
 * @throws RangeError if a deviation is negative, lower > upper, or a number is not finite
 *
 * @example
 * const { value } = logConstrainedExpectedImprovement(0, 1, [{ mean: 0, std: 1, upper: 0 }], { best: null });
 * value.toFixed(6); //=> '-0.693147'
 */
export function logConstrainedExpectedImprovement(
  mean: number,
  std: number,
  constraints: readonly ConstraintMoments[],
  { best, maximize = true }: ConstrainedImprovementOptions,
): ConstrainedMomentValue {
  checkNumber('mean', mean);
  checkNumber('std', std, 0);
  const objective = best === null ? CERTAIN : logExpectedImprovementRule({ best, maximize })(mean, std);
  const parts = constraints.map((constraint) => logFeasibility(constraint.mean, constraint.std, constraint));
  return {
    value: parts.reduce((total, part) => total + part.value, objective.value),
    dMean: objective.dMean,
    dStd: objective.dStd,
    constraints: parts.map(({ dMean, dStd }) => ({ dMean, dStd })),
  };
}

/**
 * EI Π_j P(c_j feasible), with derivatives in all moments; with `best: null`, the probability of feasibility alone. Where it
 * underflows the derivatives do too: its logarithm is what a search should climb.
 *
 * @throws RangeError as `logConstrainedExpectedImprovement`
 *
 * @example
 * constrainedExpectedImprovement(0, 1, [{ mean: 0, std: 1, upper: 0 }], { best: 0 }).value.toFixed(6); //=> '0.199471'
 */
export function constrainedExpectedImprovement(
  mean: number,
  std: number,
  constraints: readonly ConstraintMoments[],
  { best, maximize = true }: ConstrainedImprovementOptions,
): ConstrainedMomentValue {
  checkNumber('mean', mean);
  checkNumber('std', std, 0);
  const { value, dMean, dStd } =
    best === null ? { ...CERTAIN, value: 1 } : expectedImprovementRule({ best, maximize })(mean, std);
  const parts = constraints.map((constraint) => logFeasibility(constraint.mean, constraint.std, constraint));
  const feasible = parts.reduce((product, part) => product * exp(part.value), 1);
  const total = value * feasible;
  return {
    value: total,
    dMean: dMean * feasible,
    dStd: dStd * feasible,
    // ∂P = P ∂ln P; where P underflows its slope is 0 as well, however steep the logarithm.
    constraints: parts.map((part) =>
      total === 0 ? { dMean: 0, dStd: 0 } : { dMean: total * part.dMean, dStd: total * part.dStd },
    ),
  };
}

/** The logarithm of what is certain. */
const CERTAIN: MomentValue = { value: 0, dMean: 0, dStd: 0 };

/**
 * ln P(lower <= c <= upper) for c ~ N(mean, std²), with derivatives.
 *
 * One-sided through ln Φ; two-sided on the side where both tails are small, without cancellation (`logIntervalMass`). An
 * interval of width 0 has probability 0, and no slope.
 *
 * @throws RangeError if lower > upper or std is negative
 */
export function logFeasibility(mean: number, std: number, { lower, upper }: ConstraintBounds): MomentValue {
  checkNumber('mean', mean);
  checkNumber('std', std, 0);
  const low = checkEnd('lower', lower ?? -Infinity);
  const high = checkEnd('upper', upper ?? Infinity);
  if (!(low <= high)) throw new RangeError(`lower must be at most upper, got ${low} > ${high}`);
  if (std === 0) return { value: mean >= low && mean <= high ? 0 : -Infinity, dMean: 0, dStd: 0 };
  if (low === -Infinity && high === Infinity) return { value: 0, dMean: 0, dStd: 0 };
  if (low === high) return { value: -Infinity, dMean: 0, dStd: 0 };
  if (low === -Infinity || high === Infinity) {
    // The distance into the feasible side, in deviations.
    const side = low === -Infinity ? -1 : 1;
    const u = (side * (mean - (side < 0 ? high : low))) / std;
    const { q } = lowerTruncation(u);
    return { value: logNormalCdf(u), dMean: (side * q) / std, dStd: (-u * q) / std };
  }
  const middle = ((low - mean) / 2 + (high - mean) / 2) / std;
  const width = (high - low) / std;
  if (width === 0) return { value: -Infinity, dMean: 0, dStd: 0 };
  const { value, byMiddle, byWidth } = logIntervalMass(middle, width);
  return { value, dMean: -byMiddle / std, dStd: -(byMiddle * middle + byWidth * width) / std };
}

function checkEnd(name: string, value: number): number {
  if (typeof value !== 'number') throw new TypeError(`${name} must be a number, got ${typeof value}`);
  if (Number.isNaN(value)) throw new RangeError(`${name} must be a number, got NaN`);
  return value;
}

/** A log acquisition plus the log probability that every constraint holds; `acquisition` null is feasibility alone. */
export function constrainedAcquisition(
  acquisition: Acquisition | null,
  constraints: readonly (ConstraintBounds & { posterior: Posterior })[],
): Acquisition {
  const parts = constraints.map(({ posterior, ...bounds }) =>
    momentAcquisition(posterior, (mean, std) => logFeasibility(mean, std, bounds)),
  );
  return sumOfAcquisitions(acquisition === null ? parts : [acquisition, ...parts]);
}

/** The sum of acquisitions: the product of what they are logarithms of. */
export function sumOfAcquisitions(parts: readonly Acquisition[]): Acquisition {
  return {
    value(x, gradient) {
      if (gradient === undefined) return parts.reduce((total, part) => total + part.value(x), 0);
      const part = new Float64Array(x.length);
      const sum = new Float64Array(x.length);
      let total = 0;
      for (const acquisition of parts) {
        total += acquisition.value(x, part);
        for (let k = 0; k < x.length; k++) sum[k] += part[k];
      }
      gradient.set(sum);
      return total;
    },
    values(X, rows) {
      const total = new Float64Array(rows);
      for (const acquisition of parts) {
        const values = evaluateMany(acquisition, X, rows);
        for (let j = 0; j < rows; j++) total[j] += values[j];
      }
      return total;
    },
  };
}

/** Values at many points, whether or not the acquisition offers them at once. */
export function evaluateMany(acquisition: Acquisition, X: Float64Array, rows: number): Float64Array {
  if (acquisition.values !== undefined) return acquisition.values(X, rows);
  const out = new Float64Array(rows);
  const d = rows > 0 ? X.length / rows : 0;
  for (let j = 0; j < rows; j++) out[j] = acquisition.value(X.slice(j * d, j * d + d));
  return out;
}
