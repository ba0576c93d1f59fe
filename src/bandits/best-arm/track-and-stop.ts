/**
 * Track-and-Stop: pull in the proportions that are optimal for the means seen so far, stop by a likelihood ratio.
 *
 * A. Garivier, E. Kaufmann, "Optimal Best Arm Identification with Fixed Confidence", COLT 2016, arXiv:1602.04589, Sections 3.1
 * (D-tracking) and 3.2 (Chernoff's stopping rule), Proposition 12 and Theorem 14.
 *
 *   paper      here                  meaning
 *   w*(μ̂)      trackAndStopWeights   optimal proportions for the means so far
 *   Z(t)       glrStatistic
 *   β(t, δ)    threshold
 */
import { checkInteger, checkNumber, checkOption } from '../../internal/check.js';
import { log } from '../../special/log.js';
import { checkKlFamily, klDivergence, type KlOptions } from '../../stats/divergence.js';
import { checkDelta } from '../adversarial/exp3-p.js';
import { type ArmSums, initArmSums, meansOf, updateArmSums } from '../arm-sums.js';
import { type RewardRangeOptions, rewardScale } from '../reward-scale.js';
import { leastReward } from '../stochastic/kl-ucb.js';
import { bestMeanArm } from '../ties.js';
import type { BestArmIdentifier } from './best-arm.js';
import { separated, trackAndStopWeights } from './characteristic-time.js';

export interface TrackAndStopOptions extends RewardRangeOptions, KlOptions {
  /** Number of arms K, at least 1. */
  arms: number;
  /** Probability δ of a wrong answer, in (0, 1). */
  delta: number;
  /** β(t, δ). 'practical' (default): ln((1 + ln t)/δ), the paper's experiments. 'proof': ln(2 t (K - 1)/δ), for Bernoulli rewards. */
  threshold?: 'practical' | 'proof';
}

/**
 * Every arm once; an arm with fewer than sqrt(t) - K/2 pulls, the one pulled least; else the arm with the largest t w*_a - n_a,
 * ties to the lowest. With two best means so far the arm pulled least. Stops when `glrStatistic` > β(t, δ).
 *
 * Deterministic. A pull solves for w*, some 100 K divergences. Expected pulls / ln(1/δ) → T*(μ) as δ → 0 (Theorem 14), the
 * least possible (`bestArmLowerBound`).
 *
 * @throws RangeError if `arms` is not a positive integer or delta is outside (0, 1)
 *
 * @example
 * const identifier = trackAndStop({ arms: 2, delta: 0.1 });
 * identifier.shouldStop(identifier.init()); //=> false
 */
export function trackAndStop(options: TrackAndStopOptions): BestArmIdentifier<ArmSums> {
  const K = checkInteger('arms', options.arms, 1);
  const delta = checkDelta(options.delta);
  const threshold = checkOption('threshold', options.threshold ?? 'practical', ['practical', 'proof']);
  const family = options.family ?? 'bernoulli';
  checkKlFamily(family);
  const kl: KlOptions = { family, variance: checkNumber('variance', options.variance ?? 1, Number.MIN_VALUE) };
  const scale = rewardScale(options, family === 'bernoulli', leastReward(family));
  const means = new Float64Array(K);
  return {
    name: 'trackAndStop',
    arms: K,
    init: () => initArmSums(K),
    select(state) {
      const { t, counts } = state;
      let least = 0;
      for (let i = 1; i < K; i++) if (counts[i] < counts[least]) least = i;
      if (counts[least] === 0 || counts[least] < Math.sqrt(t) - K / 2) return least;
      meansOf(state, means);
      if (!separated(means, kl)) return least;
      const { weights } = trackAndStopWeights(means, kl);
      let most = 0;
      for (let i = 1; i < K; i++) if (t * weights[i] - counts[i] > t * weights[most] - counts[most]) most = i;
      return most;
    },
    update: (state, arm, reward, out) => updateArmSums(state, arm, reward, out, K, scale),
    scores: meansOf,
    shouldStop(state) {
      if (K === 1) return true;
      if (state.counts.includes(0)) return false;
      if (!separated(meansOf(state, means), kl)) return false;
      return evidence(means, state.counts, kl) > trackAndStopThreshold(state.t, { arms: K, delta, threshold });
    },
    recommend: ({ counts, sums }) => bestMeanArm(counts, sums),
  };
}

/**
 * The generalized likelihood ratio of "the empirical best arm b is best" against its nearest alternative:
 * min_{j != b} n_b kl(m_b, m_bj) + n_j kl(m_j, m_bj), m_bj = (n_b m_b + n_j m_j)/(n_b + n_j). 0 with two best means or an arm
 * without a pull; Infinity for one arm.
 *
 * @throws RangeError if a mean is outside the family's range, lengths differ or a count is negative
 *
 * @example
 * glrStatistic([1, 0], [2, 2]) === 4 * Math.LN2; //=> true
 */
export function glrStatistic(means: ArrayLike<number>, counts: ArrayLike<number>, kl?: KlOptions): number {
  if (counts.length !== means.length)
    throw new RangeError(`counts must have length ${means.length}, got ${counts.length}`);
  for (let i = 0; i < counts.length; i++) checkNumber(`counts[${i}]`, counts[i], 0);
  return evidence(means, counts, kl);
}

/**
 * β(t, δ): ln((1 + ln t)/δ) or ln(2 t (K - 1)/δ). With the second one the error is at most δ for Bernoulli rewards
 * (Proposition 12 and Theorem 10 of the paper); the first one is what the experiments use, and no error above δ was seen.
 *
 * @example
 * trackAndStopThreshold(1, { arms: 2, delta: 0.5, threshold: 'proof' }) === Math.log(4); //=> true
 */
export function trackAndStopThreshold(
  t: number,
  { arms, delta, threshold = 'practical' }: { arms: number; delta: number; threshold?: 'practical' | 'proof' },
): number {
  return threshold === 'proof' ? log((2 * t * (arms - 1)) / delta) : log((1 + log(t)) / delta);
}

function evidence(means: ArrayLike<number>, counts: ArrayLike<number>, kl: KlOptions | undefined): number {
  const K = means.length;
  let b = 0;
  for (let i = 1; i < K; i++) if (means[i] > means[b]) b = i;
  let least = Infinity;
  for (let j = 0; j < K; j++) {
    if (j === b) continue;
    if (means[j] === means[b] || counts[j] === 0 || counts[b] === 0) return 0;
    const pooled = (counts[b] * means[b] + counts[j] * means[j]) / (counts[b] + counts[j]);
    const ratio = counts[b] * klDivergence(means[b], pooled, kl) + counts[j] * klDivergence(means[j], pooled, kl);
    if (ratio < least) least = ratio;
  }
  return least;
}
