/**
 * ε-greedy: a uniform arm now and then, the best so far in between.
 *
 * P. Auer, N. Cesa-Bianchi, P. Fischer, "Finite-time Analysis of the Multiarmed Bandit Problem", Machine Learning 47 (2002),
 * Figure 3 (ε_n-greedy) and Theorem 3.
 */
import { checkInteger, checkNumber, checkPositive } from '../../internal/check.js';
import { type ArmSums, initArmSums, meansOf, updateArmSums } from '../arm-sums.js';
import { rewardScale } from '../reward-scale.js';
import { checkTies, selectLargest } from '../ties.js';
import type { IndexPolicy, IndexPolicyOptions } from './index-policy.js';

export type GreedyPolicy = IndexPolicy<ArmSums> & {
  probabilities(state: ArmSums, out?: Float64Array): Float64Array;
};

export interface EpsilonGreedyOptions extends IndexPolicyOptions {
  /** Probability ε of a uniform arm, in [0, 1]. */
  epsilon: number;
}

export interface EpsilonDecayOptions extends IndexPolicyOptions {
  /** c, above 0. Default 5; Theorem 3 wants more than 5 for regret O(ln T). */
  c?: number;
  /** d, in (0, 1], at most the least gap between the best arm and another. */
  d: number;
}

/**
 * The policy ε-greedy: each arm once; then a uniform arm with probability ε, else the arm with the largest mean. Its regret grows linearly.
 *
 * `select` draws nothing in the first K rounds; then one uniform, u < ε explores, and a second one for the arm if it does
 * (one for the tie, with random ties, if it does not).
 *
 * @throws RangeError if `arms` is not a positive integer or epsilon is outside [0, 1]
 *
 * @example
 * const policy = epsilonGreedy({ arms: 2, epsilon: 0.5 });
 * policy.probabilities(policy.update(policy.update(policy.init(), 0, 0), 1, 1)); //=> new Float64Array([0.25, 0.75])
 */
export function epsilonGreedy(options: EpsilonGreedyOptions): GreedyPolicy {
  const epsilon = checkNumber('epsilon', options.epsilon, 0, 1);
  return greedy('epsilonGreedy', options, () => epsilon);
}

/**
 * ε_n-greedy: `epsilonGreedy` with ε_t = min(1, c K / (d² t)) in round t = 1, 2, ...
 *
 * Theorem 3: for c > 5, d at most the least gap and rewards in [0, 1] the probability of a suboptimal arm in round t is at most
 * c / (d² t) + o(1/t), so the regret is O(ln T).
 *
 * @throws RangeError if `arms` is not a positive integer, c is not positive or d is outside (0, 1]
 *
 * @example
 * epsilonDecay({ arms: 2, d: 0.1 }).name; //=> 'epsilonDecay'
 */
export function epsilonDecay(options: EpsilonDecayOptions): GreedyPolicy {
  const K = checkInteger('arms', options.arms, 1);
  const c = checkPositive('c', options.c ?? 5);
  const d = checkNumber('d', options.d, Number.MIN_VALUE, 1);
  const scale = (c * K) / (d * d);
  return greedy('epsilonDecay', options, (t) => Math.min(1, scale / t));
}

function greedy(name: string, options: IndexPolicyOptions, epsilonOf: (t: number) => number): GreedyPolicy {
  const K = checkInteger('arms', options.arms, 1);
  const ties = checkTies(options);
  const scale = rewardScale(options, false);
  const scratch = new Float64Array(K);
  return {
    name,
    arms: K,
    init: () => initArmSums(K),
    select(state, rng) {
      const { counts, t } = state;
      for (let i = 0; i < K; i++) if (counts[i] === 0) return i;
      if (rng() < epsilonOf(t + 1)) return Math.min(K - 1, Math.floor(rng() * K));
      return selectLargest(meansOf(state, scratch), ties, rng);
    },
    update: (state, arm, reward, out) => updateArmSums(state, arm, reward, out, K, scale),
    scores: meansOf,
    probabilities(state, out = new Float64Array(K)) {
      const { counts, t } = state;
      for (let i = 0; i < K; i++) {
        if (counts[i] > 0) continue;
        out.fill(0);
        out[i] = 1;
        return out;
      }
      meansOf(state, scratch);
      const largest = scratch.reduce((a, b) => Math.max(a, b));
      const first = scratch.indexOf(largest);
      const tied = ties === 'first' ? 1 : scratch.filter((mean) => mean === largest).length;
      const epsilon = epsilonOf(t + 1);
      for (let i = 0; i < K; i++) {
        const greedyShare = ties === 'first' ? i === first : scratch[i] === largest;
        out[i] = epsilon / K + (greedyShare ? (1 - epsilon) / tied : 0);
      }
      return out;
    },
  };
}
