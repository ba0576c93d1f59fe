/**
 * Arms whose rewards have few moments.
 *
 * S. Bubeck, N. Cesa-Bianchi, G. Lugosi, "Bandits with Heavy Tail", IEEE Transactions on Information Theory 59 (2013)
 * 7711-7717, arXiv:1209.1727, for the setting: rewards with a finite moment of order 1 + ε only.
 */
import { checkNumber, checkOption, checkPositive } from '../../internal/check.js';
import { sampleStudentT } from '../../random/gamma.js';
import { exp } from '../../special/exp.js';
import { logGamma } from '../../special/gamma.js';
import { log } from '../../special/log.js';
import { log1p } from '../../special/log1p.js';
import { pow } from '../../special/pow.js';
import type { BanditEnvironment } from '../bandit.js';
import { checkMeans } from './check-means.js';

/** Student's t around the mean, or Pareto scaled to it. */
export type HeavyTail =
  | {
      law: 'student-t';
      /** Degrees of freedom, above 1: moments of order below `df` are finite. */
      df: number;
      /** Multiplies the t numbers. Default 1. */
      scale?: number;
    }
  | {
      law: 'pareto';
      /** Tail index, above 1: moments of order below `shape` are finite. Means must be positive. */
      shape: number;
    };

export interface HeavyTailedArms extends BanditEnvironment {
  /**
   * A bound on the moment of order 1 + ε of every arm, which is what robust policies are told: E |X|^(1+ε) for 'raw' and
   * E |X - μ|^(1+ε) for 'central'; ε in (0, 1]. Infinity where the moment is infinite. Exact for the raw moments of
   * Pareto and the central ones of Student; else by |x + y|^r <= 2^(r-1) (|x|^r + |y|^r), and for Pareto by
   * E |X - μ|^r <= E |X - X'|^r <= 2 E X^r with X' an independent copy.
   */
  momentBound(epsilon: number, kind?: 'raw' | 'central'): number;
}

/**
 * Arms with heavy-tailed rewards of the given means: μ_i + scale · t_df, or Pareto with P(X > x) = (m_i / x)^shape for
 * x >= m_i = μ_i (shape - 1) / shape. One uniform a Pareto pull, about six a Student pull.
 *
 * @throws RangeError if there is no mean, df or shape is not above 1, or a Pareto mean is not positive
 *
 * @example
 * const arms = heavyTailedArms([3, 6], { law: 'pareto', shape: 3 });
 * arms.pull(0, 0, () => 0); //=> 2
 * arms.momentBound(1); //=> 48
 */
export function heavyTailedArms(means: ArrayLike<number>, tail: HeavyTail): HeavyTailedArms {
  checkOption('law', tail.law, ['student-t', 'pareto']);
  const mu = checkMeans('means', means, tail.law === 'pareto' ? Number.MIN_VALUE : -Infinity);
  const largest = mu.reduce((a, x) => Math.max(a, Math.abs(x)), 0);
  const environment =
    tail.law === 'pareto' ? pareto(mu, largest, tail.shape) : student(mu, largest, tail.df, tail.scale ?? 1);
  return {
    arms: mu.length,
    means: () => mu,
    pull: environment.pull,
    momentBound(epsilon, kind = 'raw') {
      checkNumber('epsilon', epsilon, Number.MIN_VALUE, 1);
      checkOption('kind', kind, ['raw', 'central']);
      return environment.moment(1 + epsilon, kind === 'raw');
    },
  };
}

interface Tail {
  pull: BanditEnvironment['pull'];
  moment(order: number, raw: boolean): number;
}

function pareto(mu: Float64Array, largest: number, shape: number): Tail {
  if (!(shape > 1 && shape < Infinity)) throw new RangeError(`shape must be above 1 and finite, got ${shape}`);
  return {
    // (1 - u)^(-1/shape), 1 - u in (0, 1].
    pull: (arm, _t, rng) => ((mu[arm] * (shape - 1)) / shape) * exp(-log1p(-rng()) / shape),
    moment(order, raw) {
      if (order >= shape) return Infinity;
      const moment = (pow((largest * (shape - 1)) / shape, order) * shape) / (shape - order);
      return raw ? moment : 2 * moment;
    },
  };
}

function student(mu: Float64Array, largest: number, df: number, scale: number): Tail {
  if (!(df > 1 && df < Infinity)) throw new RangeError(`df must be above 1 and finite, got ${df}`);
  checkPositive('scale', scale);
  return {
    pull: (arm, _t, rng) => mu[arm] + scale * sampleStudentT(df, rng),
    moment(order, raw) {
      if (order >= df) return Infinity;
      // E |t|^r = df^(r/2) Γ((r+1)/2) Γ((df-r)/2) / (sqrt(π) Γ(df/2))
      const logMoment =
        (order / 2) * log(df) +
        logGamma((order + 1) / 2) +
        logGamma((df - order) / 2) -
        logGamma(df / 2) -
        0.5 * log(Math.PI);
      const central = pow(scale, order) * exp(logMoment);
      return raw && largest > 0 ? pow(2, order - 1) * (pow(largest, order) + central) : central;
    },
  };
}
