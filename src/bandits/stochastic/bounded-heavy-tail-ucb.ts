/**
 * Robust UCB: optimism around a robust estimate of the mean, for rewards with a finite moment of order 1 + ε only.
 *
 * S. Bubeck, N. Cesa-Bianchi, G. Lugosi, "Bandits with Heavy Tail", IEEE Transactions on Information Theory 59 (2013)
 * 7711-7717, arXiv:1209.1727, Figure 1, Lemmas 1 and 2, Theorem 1.
 *
 *   paper      here            meaning
 *   ε          epsilon         moments of order 1 + ε are finite
 *   u, v       v               bound on E |X|^(1+ε) (truncated mean) or E |X - μ|^(1+ε) (median of means)
 *   X_s        rewards[i][s]   reward of play s = 1, 2, ... of arm i
 *   δ          t^-2            confidence of round t
 */
import { checkInteger, checkNumber, checkOption, checkPositive } from '../../internal/check.js';
import { log } from '../../special/log.js';
import { pow } from '../../special/pow.js';
import { checkArm } from '../arm-sums.js';
import { rewardScale, scaledReward } from '../reward-scale.js';
import { checkTies, selectLargest } from '../ties.js';
import type { IndexPolicy, IndexPolicyOptions } from './index-policy.js';

export interface HeavyTailState {
  /** Plays so far. */
  t: number;
  /** Plays of each arm. */
  counts: Int32Array;
  /** Rewards of each arm in order; the array has the least power of two of places that is enough, at least 4. */
  rewards: Float64Array[];
}

export interface HeavyTailUcbOptions extends IndexPolicyOptions {
  /** ε, in (0, 1]. */
  epsilon: number;
  /** v, positive: `heavyTailedArms(...).momentBound(epsilon, 'raw')` or, for the median of means, `'central'`. */
  v: number;
  /** Default 'truncated-mean'. */
  estimator?: 'truncated-mean' | 'median-of-means';
}

/**
 * The policy: each arm once, then the largest estimate + c v^(1/(1+ε)) (ln t² / n)^(ε/(1+ε)).
 *
 * Truncated mean, c = 4: (1/n) Σ X_s 1[|X_s| <= (v s / ln t²)^(1/(1+ε))]. Median of means: the median of the means of
 * k = min(ceil(8 ln(e^(1/8) t²)), floor(n/2)) blocks of floor(n/k) rewards, c = 12^(1/(1+ε)) 16^(ε/(1+ε)), and ln(e^(1/8) t²) in
 * place of ln t².
 *
 * The truncation of every past reward moves with t, so a round costs O(t), and the state keeps all rewards. Deterministic.
 * The widths are so large that a horizon of 1e4 is still exploration for most problems; that is the theorem's price.
 *
 * @throws RangeError if `arms` is not a positive integer, epsilon is outside (0, 1] or v is not positive
 *
 * @example
 * const policy = boundedHeavyTailUcb({ arms: 2, epsilon: 1, v: 2 });
 * policy.select(policy.update(policy.init(), 0, 5), () => 0); //=> 1
 */
export function boundedHeavyTailUcb(options: HeavyTailUcbOptions): IndexPolicy<HeavyTailState> {
  const K = checkInteger('arms', options.arms, 1);
  const epsilon = checkNumber('epsilon', options.epsilon, Number.MIN_VALUE, 1);
  const v = checkPositive('v', options.v);
  const truncated =
    checkOption('estimator', options.estimator ?? 'truncated-mean', ['truncated-mean', 'median-of-means']) ===
    'truncated-mean';
  const ties = checkTies(options);
  const scale = rewardScale(options, false);
  const order = 1 + epsilon;
  const c = truncated ? 4 : pow(12, 1 / order) * pow(16, epsilon / order);
  const spread = c * pow(v, 1 / order);
  const scratch = new Float64Array(K);

  function scores({ t, counts, rewards }: HeavyTailState, out = new Float64Array(K)): Float64Array {
    const level = 2 * log(t + 1) + (truncated ? 0 : 0.125);
    for (let i = 0; i < K; i++) {
      const n = counts[i];
      out[i] =
        n === 0
          ? Infinity
          : (truncated ? truncatedMean(rewards[i], n, order, v / level) : medianOfMeans(rewards[i], n, level)) +
            spread * pow(level / n, epsilon / order);
    }
    return out;
  }
  return {
    name: 'boundedHeavyTailUcb',
    arms: K,
    init: () => ({
      t: 0,
      counts: new Int32Array(K),
      rewards: Array.from({ length: K }, () => new Float64Array(4)),
    }),
    select: (state, rng) => selectLargest(scores(state, scratch), ties, rng),
    update(state, arm, reward, out) {
      checkArm(arm, K);
      const r = scaledReward(scale, reward);
      const next = copyState(state, out);
      const n = next.counts[arm];
      if (n === next.rewards[arm].length) {
        const longer = new Float64Array(2 * n);
        longer.set(next.rewards[arm]);
        next.rewards[arm] = longer;
      }
      next.rewards[arm][n] = r;
      next.counts[arm] = n + 1;
      next.t += 1;
      return next;
    },
    scores,
  };
}

/** Σ_s X_s 1[|X_s|^(1+ε) <= s u] / n; the power only where the reward is not surely inside. */
function truncatedMean(rewards: Float64Array, n: number, order: number, u: number): number {
  let total = 0;
  for (let s = 0; s < n; s++) {
    const x = Math.abs(rewards[s]);
    const limit = (s + 1) * u;
    // |x|^order <= max(x, x²) for orders in (1, 2], and >= min(x, x²).
    if (Math.max(x, x * x) <= limit || (Math.min(x, x * x) <= limit && pow(x, order) <= limit)) total += rewards[s];
  }
  return total / n;
}

function medianOfMeans(rewards: Float64Array, n: number, level: number): number {
  const blocks = Math.max(1, Math.min(Math.ceil(8 * level), Math.floor(n / 2)));
  const size = Math.floor(n / blocks);
  const means = new Float64Array(blocks);
  for (let b = 0; b < blocks; b++) {
    let total = 0;
    for (let s = b * size; s < (b + 1) * size; s++) total += rewards[s];
    means[b] = total / size;
  }
  means.sort();
  const middle = blocks >> 1;
  return blocks % 2 === 1 ? means[middle] : (means[middle - 1] + means[middle]) / 2;
}

function copyState(state: HeavyTailState, out: HeavyTailState | undefined): HeavyTailState {
  if (out === state) return state;
  const rewards = state.rewards.map((list) => list.slice());
  if (out === undefined) return { t: state.t, counts: state.counts.slice(), rewards };
  out.t = state.t;
  out.counts.set(state.counts);
  out.rewards = rewards;
  return out;
}
