/**
 * lil'UCB: confidence widths of the law of the iterated logarithm, and a stop when one arm has most of the pulls.
 *
 * K. Jamieson, M. Malloy, R. Nowak, S. Bubeck, "lil' UCB: An Optimal Exploration Algorithm for Multi-Armed Bandits", COLT
 * 2014, arXiv:1312.7308, Figure 1 and Theorem 2.
 *
 *   paper      here          meaning
 *   ε, β, λ    epsilon, beta, lambda
 *   σ          sigma         rewards are σ-subgaussian
 *   ν          delta         probability of a wrong answer
 *   δ          inner         of the widths: 4 sqrt(c_ε δ) + 4 c_ε δ = ν, c_ε = ((2 + ε)/ε) (1/ln(1 + ε))^(1+ε)
 */
import { checkInteger, checkNumber, checkPositive } from '../../internal/check.js';
import { log } from '../../special/log.js';
import { log1p } from '../../special/log1p.js';
import { pow } from '../../special/pow.js';
import { checkDelta } from '../adversarial/exp3-p.js';
import { type ArmSums, initArmSums, updateArmSums } from '../arm-sums.js';
import { type RewardRangeOptions, rewardScale } from '../reward-scale.js';
import { selectLargest } from '../ties.js';
import type { BestArmIdentifier } from './best-arm.js';

export interface LilUcbOptions extends RewardRangeOptions {
  /** Number of arms K, at least 1. */
  arms: number;
  /** Probability ν of a wrong answer, in (0, 1). */
  delta: number;
  /** ε, in (0, 1). Default 0.01, the paper's. */
  epsilon?: number;
  /** β, positive. Default 1, the paper's. */
  beta?: number;
  /** λ, positive. Default ((2 + β)/β)², which Theorem 2 asks for. */
  lambda?: number;
  /** σ, positive. Default 1/2: rewards in [0, 1]. */
  sigma?: number;
}

/**
 * Each arm once; then the largest m_i + (1 + β)(1 + sqrt ε) sqrt(2 σ² (1 + ε) ln(ln((1 + ε) n_i) / δ) / n_i). Stops when some
 * n_i >= 1 + λ Σ_{j != i} n_j, and answers with the arm pulled most. Deterministic, O(K) a pull.
 *
 * Theorem 2: wrong with probability at most ν; O(H1 ln(1/ν) + Σ Δ_i^-2 ln ln Δ_i^-1) pulls. Any finite reward is accepted.
 *
 * @throws RangeError if `arms` is not a positive integer, delta or epsilon is outside (0, 1), or another option is not positive
 *
 * @example
 * lilUcb({ arms: 1, delta: 0.1 }).recommend(lilUcb({ arms: 1, delta: 0.1 }).init()); //=> 0
 */
export function lilUcb(options: LilUcbOptions): BestArmIdentifier<ArmSums> {
  const K = checkInteger('arms', options.arms, 1);
  const nu = checkDelta(options.delta);
  const epsilon = checkNumber('epsilon', options.epsilon ?? 0.01, Number.MIN_VALUE, 1 - 1e-9);
  const beta = checkPositive('beta', options.beta ?? 1);
  const ratio = (2 + beta) / beta;
  const lambda = checkPositive('lambda', options.lambda ?? ratio * ratio);
  const sigma = checkPositive('sigma', options.sigma ?? 0.5);
  const scale = rewardScale(options, false);
  const c = ((2 + epsilon) / epsilon) * pow(1 / log1p(epsilon), 1 + epsilon);
  // x = sqrt(c δ): 4 x² + 4 x = ν, without the difference sqrt(1 + ν) - 1.
  const x = nu / (2 * (1 + Math.sqrt(1 + nu)));
  const inner = (x * x) / c;
  const factor = (1 + beta) * (1 + Math.sqrt(epsilon));
  const twiceVariance = 2 * sigma * sigma * (1 + epsilon);
  const scratch = new Float64Array(K);
  function scores({ counts, sums }: ArmSums, out = new Float64Array(K)): Float64Array {
    for (let i = 0; i < K; i++) {
      const n = counts[i];
      if (n === 0) {
        out[i] = Infinity;
        continue;
      }
      const level = log(Math.max(1, log((1 + epsilon) * n) / inner));
      out[i] = sums[i] / n + factor * Math.sqrt((twiceVariance * level) / n);
    }
    return out;
  }
  return {
    name: 'lilUcb',
    arms: K,
    init: () => initArmSums(K),
    select: (state, rng) => selectLargest(scores(state, scratch), 'first', rng),
    update: (state, arm, reward, out) => updateArmSums(state, arm, reward, out, K, scale),
    scores,
    shouldStop({ t, counts }) {
      if (K === 1) return true;
      const most = counts[mostPulled(counts)];
      return !counts.includes(0) && most >= 1 + lambda * (t - most);
    },
    recommend: ({ counts }) => mostPulled(counts),
  };
}

function mostPulled(counts: Int32Array): number {
  let most = 0;
  for (let i = 1; i < counts.length; i++) if (counts[i] > counts[most]) most = i;
  return most;
}
