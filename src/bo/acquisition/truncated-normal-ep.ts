/**
 * A normal vector under one-sided conditions on its coordinates, by expectation propagation.
 *
 * T. P. Minka, "Expectation propagation for approximate Bayesian inference", UAI 2001; for half-spaces J. P. Cunningham,
 * P. Hennig, S. Lacoste-Julien, arXiv:1111.6832. The law that is approximated by a normal one is
 *
 *   N(z; m, V) Π_j Φ(s_j (z_{i_j} - t_j)/σ_j),     a step function where the softness σ_j is 0
 *
 *   paper             here                    meaning
 *   τ̃, ν̃              precision, shift        natural parameters of a site: exp(ν z - τ z²/2)
 *   cavity            v, c                    variance and mean of the coordinate without its site
 *   tilted moments    by `lowerTruncation`    those of cavity times condition
 */
import { checkInteger, checkNumber, checkVector } from '../../internal/check.js';
import { toRowMajor, type MatrixLike } from '../../linalg/to-row-major.js';
import { lowerTruncation } from './truncated-normal.js';

/** z_index is on one side of a bound. */
export interface OneSidedCondition {
  index: number;
  /** 1: at least the bound. -1: at most. */
  side: 1 | -1;
  bound: number;
  /** Variance σ² of normal noise on the bound. Default 0: the condition is strict. */
  softness?: number;
}

export interface TruncatedNormalEp {
  mean: Float64Array;
  /** n x n. */
  covariance: Float64Array;
  /** τ and ν of the sites, summed by coordinate: the result is N(m, V) Π exp(ν_i z_i - τ_i z_i²/2), normalized. */
  precision: Float64Array;
  shift: Float64Array;
  /** Rounds over the conditions. */
  sweeps: number;
  /** Whether the last round moved no mean by more than 1e-10 deviations and no variance by more than 1e-10 of itself. */
  converged: boolean;
}

/**
 * Normal approximation of a normal vector under one-sided conditions. Exact in mean and variance for a single condition.
 *
 * Sites are visited in the order of the conditions; all are log-concave, so no precision is negative. A coordinate whose
 * variance is 0 has nothing to learn and is passed over. O(n²) a condition and round; 5 to 20 rounds as a rule.
 *
 * @throws RangeError if sizes differ, an entry is not finite, an index is none of the vector, a softness is negative
 *
 * @example
 * const { mean } = truncatedNormalEp([0], [[1]], [{ index: 0, side: 1, bound: 0 }]);
 * mean[0].toFixed(12); //=> '0.797884560803'
 */
export function truncatedNormalEp(
  mean: ArrayLike<number>,
  covariance: MatrixLike,
  conditions: readonly OneSidedCondition[],
  { maxSweeps = 200 }: { maxSweeps?: number } = {},
): TruncatedNormalEp {
  checkVector('mean', mean);
  const n = mean.length;
  const { data, rows, columns } = toRowMajor(covariance, 'covariance');
  if (rows !== n || columns !== n) throw new RangeError(`covariance must be ${n} x ${n}, got ${rows} x ${columns}`);
  checkVector('covariance', data);
  conditions.forEach(({ index, side, bound, softness = 0 }, j) => {
    checkInteger(`conditions[${j}].index`, index, 0, n - 1);
    if (side !== 1 && side !== -1) throw new RangeError(`conditions[${j}].side must be 1 or -1, got ${String(side)}`);
    checkNumber(`conditions[${j}].bound`, bound);
    checkNumber(`conditions[${j}].softness`, softness, 0);
  });
  checkInteger('maxSweeps', maxSweeps, 1);

  const m = Float64Array.from(mean);
  const V = Float64Array.from(data);
  const taus = new Float64Array(conditions.length);
  const nus = new Float64Array(conditions.length);
  let sweeps = 0;
  let moved = Infinity;
  while (moved > 1e-10 && sweeps < maxSweeps) {
    sweeps += 1;
    moved = 0;
    conditions.forEach(({ index: i, side, bound, softness = 0 }, j) => {
      const now = V[i * n + i];
      const left = 1 - taus[j] * now;
      if (!(now > 0) || !(left > 0)) return;
      const v = now / left;
      const c = (m[i] - nus[j] * now) / left;
      const spread = Math.sqrt(v + softness);
      const { q, variance } = lowerTruncation((side * (c - bound)) / spread);
      // Tilted moments: mean c + s v q/spread; variance v (softness + v · variance)/(v + softness).
      const tau = (1 - variance) / (softness + v * variance);
      const nu = c * tau + ((side * q) / spread) * (1 + v * tau);
      const dTau = tau - taus[j];
      const dNu = nu - nus[j];
      const scale = 1 / (1 + dTau * now);
      const step = scale * (dNu - dTau * m[i]);
      moved = Math.max(moved, Math.abs(step) * Math.sqrt(now), Math.abs(1 - scale));
      const column = Float64Array.from({ length: n }, (_, a) => V[a * n + i]);
      for (let a = 0; a < n; a++) {
        m[a] += step * column[a];
        for (let b = 0; b < n; b++) V[a * n + b] -= dTau * scale * column[a] * column[b];
      }
      taus[j] = tau;
      nus[j] = nu;
    });
  }
  const precision = new Float64Array(n);
  const shift = new Float64Array(n);
  conditions.forEach(({ index }, j) => {
    precision[index] += taus[j];
    shift[index] += nus[j];
  });
  return { mean: m, covariance: V, precision, shift, sweeps, converged: moved <= 1e-10 };
}
