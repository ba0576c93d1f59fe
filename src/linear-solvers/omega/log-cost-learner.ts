/**
 * Linear bandits on the logarithm of the cost: one Bayesian regression on Chebyshev polynomials of the context for each value.
 *
 * L. Li, W. Chu, J. Langford, R. E. Schapire, "A Contextual-Bandit Approach to Personalized News Article Recommendation", WWW 2010
 * (disjoint LinUCB); S. Agrawal, N. Goyal, "Thompson Sampling for Contextual Bandits with Linear Payoffs", ICML 2013. The targets and
 * priors are the library's own: iteration counts span two orders of magnitude, and high degrees are expected to matter less.
 *
 *   model   log(cost) - 4 = θᵀ f + noise of variance σ²,   θ_j normal with precision (1 + j²)/4 before the first cost
 *
 * which is ridge regression with Λ_j = σ² (1 + j²)/4: `linUcb` of width σ · width and `linTs` of noise σ, one model for each value.
 */
import { linTs } from '../../bandits/linear/lin-ts.js';
import type { LinUcbState } from '../../bandits/linear/arm-models.js';
import { linUcb } from '../../bandits/linear/lin-ucb.js';
import { checkInteger, checkNumber, checkOption, checkPositive, checkOptionNames } from '../../internal/check.js';
import { chebyshevFeatures } from '../../special/chebyshev-features.js';
import { log } from '../../special/log.js';
import { contextualLearner, type OmegaLearner } from './learner.js';

/** One regression for each value; its rewards are 4 - log(cost). */
export type LogCostState = LinUcbState;

export interface LogCostOptions {
  /** Ends of the interval of contexts. */
  low: number;
  high: number;
  /** 'ucb': least mean - width · sd, deterministic. 'thompson': least draw from the posterior of the mean. */
  policy: 'ucb' | 'thompson';
  /** Number of Chebyshev polynomials. Default 6. */
  features?: number;
  /** Width of 'ucb'. Default 1. */
  width?: number;
  /** Variance σ² of log costs about their mean. Default 0.02. */
  noiseVariance?: number;
}

const NAMES = {
  low: true,
  high: true,
  policy: true,
  features: true,
  width: true,
  noiseVariance: true,
} satisfies Record<keyof LogCostOptions, true>;

/**
 * Plays the value whose predicted log cost at the context is least, with a bonus for what is not known.
 *
 * About as good as ChebCB where the logarithm of the cost is a smooth function of the context, as for shifted systems; much worse with
 * these defaults on a heat simulation, whose coefficient jumps between two scales. 'thompson' draws one normal for each value.
 * O(values · features²) a step.
 *
 * @throws RangeError if an option is out of range
 *
 * @example
 * const learner = logCostLearner([1, 1.5], { low: 0, high: 1, policy: 'ucb' });
 * let state = learner.init();
 * state = learner.update(state, learner.select(state, createRng(1), 0.3), 500);
 * learner.select(state, createRng(1), 0.3).value; //=> 1.5
 */
export function logCostLearner<Value = number>(
  values: ArrayLike<Value>,
  options: LogCostOptions,
): OmegaLearner<LogCostState, Value> {
  checkOptionNames('options', options, NAMES);
  const { low, high, policy, features: m = 6, width = 1, noiseVariance = 0.02 } = options;
  const arms = checkInteger('values.length', values.length, 1);
  const dimension = checkInteger('features', m, 1);
  checkNumber('low', low);
  checkNumber('high', high);
  if (!(low < high)) throw new RangeError(`low must be below high, got ${low} and ${high}`);
  const thompson = checkOption('policy', policy, ['ucb', 'thompson']) === 'thompson';
  checkNumber('width', width, 0);
  const noise = Math.sqrt(checkPositive('noiseVariance', noiseVariance));
  const lambda = Float64Array.from({ length: m }, (_, j) => (noiseVariance * (1 + j * j)) / 4);
  const shared = { arms, dimension, variant: 'disjoint', lambda } as const;
  const range = { low, high, count: m };
  const f = new Float64Array(m); // work vector, overwritten by every call
  const learner = contextualLearner(
    thompson ? linTs({ ...shared, noise }) : linUcb({ ...shared, engine: 'cholesky', alpha: width * noise }),
    values,
    (context) => chebyshevFeatures(context, range, f),
    (cost) => 4 - log(cost),
  );
  return { ...learner, name: 'logCostLearner' };
}
