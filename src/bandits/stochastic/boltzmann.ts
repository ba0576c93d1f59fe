/**
 * Boltzmann exploration: arms drawn with probabilities proportional to exp(mean / temperature).
 *
 * R. S. Sutton, A. G. Barto, "Reinforcement Learning: An Introduction", 2nd edition (2018), Section 2.8 (the law); N. Cesa-
 * Bianchi, C. Gentile, G. Lugosi, G. Neu, "Boltzmann Exploration Done Right", NeurIPS 2017, arXiv:1705.10257, why a constant
 * temperature has linear regret.
 */
import { checkInteger, checkPositive } from '../../internal/check.js';
import { categoricalIndex } from '../../special/categorical-index.js';
import { exponentialWeights } from '../adversarial/exponential-weights.js';
import { type ArmSums, initArmSums, meansOf, updateArmSums } from '../arm-sums.js';
import { type RewardRangeOptions, rewardScale } from '../reward-scale.js';
import type { IndexPolicy } from './index-policy.js';

export interface BoltzmannOptions extends RewardRangeOptions {
  /** Number of arms K, at least 1. */
  arms: number;
  /** Positive; the means are divided by it. */
  temperature: number;
}

/**
 * The policy: each arm once, then arm i with probability e^(m_i/τ) / Σ_j e^(m_j/τ). `select` takes one uniform after the first K
 * rounds; O(K), an exponential an arm.
 *
 * @throws RangeError if `arms` is not a positive integer or the temperature is not positive
 *
 * @example
 * const policy = boltzmann({ arms: 2, temperature: 0.1 });
 * policy.probabilities(policy.update(policy.update(policy.init(), 0, 1), 1, 1)); //=> new Float64Array([0.5, 0.5])
 */
export function boltzmann(options: BoltzmannOptions): IndexPolicy<ArmSums> & {
  probabilities(state: ArmSums, out?: Float64Array): Float64Array;
} {
  const K = checkInteger('arms', options.arms, 1);
  const temperature = checkPositive('temperature', options.temperature);
  const scale = rewardScale(options, false);
  const law = new Float64Array(K);
  function probabilities(state: ArmSums, out = new Float64Array(K)): Float64Array {
    meansOf(state, out);
    const unplayed = out.indexOf(Infinity);
    if (unplayed < 0) {
      exponentialWeights(out, 1 / temperature, 0, out);
      return out;
    }
    out.fill(0);
    out[unplayed] = 1;
    return out;
  }
  return {
    name: 'boltzmann',
    arms: K,
    init: () => initArmSums(K),
    select(state, rng) {
      for (let i = 0; i < K; i++) if (state.counts[i] === 0) return i;
      return categoricalIndex(probabilities(state, law), rng());
    },
    update: (state, arm, reward, out) => updateArmSums(state, arm, reward, out, K, scale),
    scores: meansOf,
    probabilities,
  };
}
