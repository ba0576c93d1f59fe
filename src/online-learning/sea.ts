/**
 * The stochastically extended adversary: losses f_t drawn each round from a law that an adversary chooses.
 *
 * S. Sachs, H. Hadiji, T. van Erven, C. Guzmán, "Between Stochastic and Adversarial Online Convex Optimization",
 * arXiv:2202.07554; S. Chen et al., arXiv:2302.04552, Section 2 and Theorem 1.
 *
 *   paper        here          meaning
 *   F_t          -             expected loss of round t
 *   σ²_{1:T}     sigma2        Σ_t max_x E ||∇f_t(x) - ∇F_t(x)||²: how stochastic
 *   Σ²_{1:T}     Sigma2        Σ_{t>=2} sup_x ||∇F_t(x) - ∇F_{t-1}(x)||²: how adversarial
 */
import { checkInteger, checkNumber, checkPositive, checkVector } from '../internal/check.js';

export interface SeaStatistics {
  /** Σ over the rounds of the largest variance. */
  sigma2: number;
  /** Σ over consecutive rounds of the largest squared change of the expected gradient. */
  Sigma2: number;
  /** The largest terms of the two sums, σ²_max and Σ²_max. */
  sigma2Max: number;
  Sigma2Max: number;
}

/**
 * The two quantities that interpolate between stochastic (Σ² = 0) and adversarial (σ² = 0) losses, with the suprema taken
 * over P given points.
 *
 * One point is exact when ∇F_t - ∇F_{t-1} does not depend on x, as for F_t = (L/2) ||x - c_t||², where
 * Σ² = L² Σ ||c_t - c_{t-1}||².
 *
 * @param expectedGradients T rows: ∇F_t at the P points, P d numbers each
 * @param variances T rows of P variances E ||∇f_t(x) - ∇F_t(x)||², or T numbers when they do not depend on x
 * @param options.points P, default 1
 * @throws RangeError if the lengths do not fit or a variance is negative
 *
 * @example
 * seaStatistics([[0], [1], [3]], [1, 1, 2]); //=> { sigma2: 4, Sigma2: 5, sigma2Max: 2, Sigma2Max: 4 }
 */
export function seaStatistics(
  expectedGradients: ArrayLike<ArrayLike<number>>,
  variances: ArrayLike<number | ArrayLike<number>>,
  options: { points?: number } = {},
): SeaStatistics {
  const P = checkInteger('points', options.points ?? 1, 1);
  const T = expectedGradients.length;
  if (variances.length !== T) throw new RangeError(`variances must have length ${T}, got ${variances.length}`);
  const result: SeaStatistics = { sigma2: 0, Sigma2: 0, sigma2Max: 0, Sigma2Max: 0 };
  for (let t = 0; t < T; t++) {
    const row = variances[t];
    let variance = 0;
    if (typeof row === 'number') variance = checkNumber(`variances[${t}]`, row, 0);
    else for (let p = 0; p < row.length; p++) variance = Math.max(variance, checkNumber(`variances[${t}]`, row[p], 0));
    result.sigma2 += variance;
    result.sigma2Max = Math.max(result.sigma2Max, variance);

    const gradients = checkVector(`expectedGradients[${t}]`, expectedGradients[t], expectedGradients[0].length);
    const d = gradients.length / P;
    if (!Number.isInteger(d)) throw new RangeError(`expectedGradients[${t}] must have a multiple of ${P} numbers`);
    if (t === 0) continue;
    const before = expectedGradients[t - 1];
    let change = 0;
    for (let p = 0; p < P; p++) {
      let squares = 0;
      for (let i = p * d; i < (p + 1) * d; i++) squares += (gradients[i] - before[i]) * (gradients[i] - before[i]);
      change = Math.max(change, squares);
    }
    result.Sigma2 += change;
    result.Sigma2Max = Math.max(result.Sigma2Max, change);
  }
  return result;
}

export interface SeaProblem {
  /** Diameter D of the set. */
  diameter: number;
  /** Smoothness L of the expected losses, 0 allowed. */
  smoothness: number;
  /** Bound G of the gradients' norms. */
  gradBound: number;
  /** σ²_{1:T}. */
  sigma2: number;
  /** Σ²_{1:T}. */
  Sigma2: number;
}

/**
 * Theorem 1 of Chen et al.: the expected regret of `optimisticOmd` in the Euclidean geometry is at most
 *
 *   5 sqrt(10) D² L + (5 sqrt(5) / 2) D G + 5 sqrt(2) D sqrt(σ²_{1:T}) + 5 D sqrt(Σ²_{1:T})
 *
 * for convex expected losses with L-Lipschitz gradients.
 *
 * @throws RangeError if an entry is negative
 *
 * @example
 * seaConvexRegretBound({ diameter: 1, smoothness: 0, gradBound: 2, sigma2: 0, Sigma2: 0 }); //=> 5 * Math.sqrt(5)
 */
export function seaConvexRegretBound(problem: SeaProblem): number {
  const D = checkPositive('diameter', problem.diameter);
  const L = checkNumber('smoothness', problem.smoothness, 0);
  const G = checkNumber('gradBound', problem.gradBound, 0);
  const sigma2 = checkNumber('sigma2', problem.sigma2, 0);
  const Sigma2 = checkNumber('Sigma2', problem.Sigma2, 0);
  return (
    5 * Math.sqrt(10) * D * D * L +
    2.5 * Math.sqrt(5) * D * G +
    5 * Math.SQRT2 * D * Math.sqrt(sigma2) +
    5 * D * Math.sqrt(Sigma2)
  );
}
