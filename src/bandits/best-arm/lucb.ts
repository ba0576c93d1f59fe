/**
 * LUCB and KL-LUCB: pull the best arm and its strongest challenger until their intervals part.
 *
 * S. Kalyanakrishnan, A. Tewari, P. Auer, P. Stone, "PAC Subset Selection in Stochastic Multi-armed Bandits", ICML 2012,
 * Algorithm LUCB with m = 1; E. Kaufmann, S. Kalyanakrishnan, "Information Complexity in Bandit Subset Selection", COLT 2013,
 * KL-LUCB.
 *
 *   paper      here                    meaning
 *   h, l       state.next, state.then  empirical best arm, and the other arm with the largest upper bound
 *   t          state.t                 pulls so far
 *   β(n, t)    level                   n kl(m, U) <= β
 */
import { checkInteger, checkNumber, checkOption } from '../../internal/check.js';
import { log } from '../../special/log.js';
import { klInverseLower, klInverseUpper } from '../../stats/kl-inverse.js';
import { checkDelta } from '../adversarial/exp3-p.js';
import { type ArmSums, initArmSums, meansOf, updateArmSums } from '../arm-sums.js';
import { type RewardRangeOptions, rewardScale } from '../reward-scale.js';
import { bestMeanArm } from '../ties.js';
import type { BestArmIdentifier } from './best-arm.js';

export interface LucbState extends ArmSums {
  /** The arm to be pulled. */
  next: number;
  /** The arm to be pulled after it; -1 when the pair is new after the next pull. */
  then: number;
}

export interface LucbOptions extends RewardRangeOptions {
  /** Number of arms K, at least 1. */
  arms: number;
  /** Probability δ of an answer that is worse than the best arm by more than epsilon, in (0, 1). */
  delta: number;
  /** Tolerance ε, at least 0. Default 0. */
  epsilon?: number;
  /** 'hoeffding' (default): LUCB. 'kl': KL-LUCB. */
  kind?: 'hoeffding' | 'kl';
  /**
   * Level of the KL intervals. 'proof' (default): ln(1.65 K t³ / δ), for which the error is at most δ by Chernoff's bound and
   * a union over arms, counts n <= t and t. 'practical': ln((1 + ln t) / δ). The Hoeffding intervals are always the paper's.
   */
  threshold?: 'proof' | 'practical';
}

/**
 * LUCB: every arm once; then pairs of the empirical best arm h and the arm l != h with the largest upper bound U. Stops when
 * U_l - L_h < ε. Intervals: Hoeffding's m ± sqrt(ln(1.25 K t⁴ / δ) / (2 n)), or those of the Bernoulli divergence. Deterministic;
 * O(K) a pull, with K roots for 'kl'.
 *
 * @throws RangeError if `arms` is not a positive integer, delta is outside (0, 1) or epsilon is negative
 *
 * @example
 * const identifier = lucb({ arms: 3, delta: 0.05 });
 * identifier.select(identifier.init(), () => 0); //=> 0
 */
export function lucb(options: LucbOptions): BestArmIdentifier<LucbState> {
  const K = checkInteger('arms', options.arms, 1);
  const delta = checkDelta(options.delta);
  const epsilon = checkNumber('epsilon', options.epsilon ?? 0, 0);
  const kl = checkOption('kind', options.kind ?? 'hoeffding', ['hoeffding', 'kl']) === 'kl';
  const proof = checkOption('threshold', options.threshold ?? 'proof', ['proof', 'practical']) === 'proof';
  const scale = rewardScale(options, true);

  const levelOf = (t: number): number => {
    if (!kl) return log((1.25 * K * t * t * t * t) / delta);
    return proof ? log((1.65 * K * t * t * t) / delta) : log((1 + log(t)) / delta);
  };
  const upper = ({ counts, sums }: ArmSums, i: number, level: number): number => {
    const m = sums[i] / counts[i];
    return kl ? klInverseUpper(m, level / counts[i]) : m + Math.sqrt(level / (2 * counts[i]));
  };
  const lower = ({ counts, sums }: ArmSums, i: number, level: number): number => {
    const m = sums[i] / counts[i];
    return kl ? klInverseLower(m, level / counts[i]) : m - Math.sqrt(level / (2 * counts[i]));
  };
  const challenger = (state: ArmSums, h: number, level: number): number => {
    let l = -1;
    let largest = -Infinity;
    for (let i = 0; i < K; i++) {
      if (i === h) continue;
      const u = state.counts[i] === 0 ? Infinity : upper(state, i, level);
      if (u > largest) {
        largest = u;
        l = i;
      }
    }
    return l;
  };

  return {
    name: kl ? 'klLucb' : 'lucb',
    arms: K,
    init: () => ({ ...initArmSums(K), next: 0, then: -1 }),
    select: ({ next }) => next,
    update(state, arm, reward, out) {
      const { then } = state;
      const after = updateArmSums(state, arm, reward, out, K, scale) as LucbState;
      const unpulled = after.counts.indexOf(0);
      if (unpulled >= 0) {
        after.next = unpulled;
        after.then = -1;
      } else if (then >= 0) {
        after.next = then;
        after.then = -1;
      } else {
        after.next = bestMeanArm(after.counts, after.sums);
        after.then = challenger(after, after.next, levelOf(after.t));
      }
      return after;
    },
    scores: meansOf,
    shouldStop(state) {
      if (K === 1) return true;
      if (state.counts.includes(0)) return false;
      const level = levelOf(state.t);
      const h = bestMeanArm(state.counts, state.sums);
      const l = challenger(state, h, level);
      return upper(state, l, level) - lower(state, h, level) < epsilon;
    },
    recommend: ({ counts, sums }) => bestMeanArm(counts, sums),
  };
}

/**
 * KL-LUCB: `lucb` with `kind: 'kl'`.
 *
 * @throws RangeError as `lucb`
 *
 * @example
 * klLucb({ arms: 2, delta: 0.1 }).name; //=> 'klLucb'
 */
export function klLucb(options: Omit<LucbOptions, 'kind'>): BestArmIdentifier<LucbState> {
  return lucb({ ...options, kind: 'kl' });
}
