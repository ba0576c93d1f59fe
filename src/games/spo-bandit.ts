/**
 * Self-play on sampled comparisons: the preference is unknown and only duels between sampled items are seen.
 *
 * G. Swamy et al., arXiv:2401.04056: the reward of a sampled item is its share of wins among the samples; multiplicative
 * weights with importance weighting as in Exp3 (P. Auer et al., SIAM Journal on Computing 32 (2002) 48-77).
 *
 *   n           samples        items sampled a round, with replacement
 *   η           learningRate
 *   p           softmax(state.logits)
 */
import { checkInteger, checkNumber, checkPositive } from '../internal/check.js';
import { sampleCategorical } from '../random/categorical.js';
import type { Rng } from '../random/create-rng.js';
import { softmaxInto } from './self-play.js';

export interface SpoBanditState {
  /** Rounds played. */
  t: number;
  /** ln p up to a constant. */
  logits: Float64Array;
  /** Σ p_t, whose mean is the answer. */
  total: Float64Array;
}

export interface SpoBanditOptions {
  /** Number of items K. */
  arms: number;
  /** Items sampled a round, at least 2; all pairs of them duel once. */
  samples: number;
  /** η > 0. */
  learningRate: number;
}

export interface SpoBandit {
  init(): SpoBanditState;
  /** The items of the round, drawn from p with replacement: `samples` uniforms. */
  select(state: SpoBanditState, rng: Rng): Int32Array;
  /**
   * After the duels: ln p_i += η Σ_{k: item k is i} (wins of k / (n - 1)) / (n p_i).
   *
   * @param items as `select` gave them
   * @param wins number of duels each of them won, a tie counting one half
   * @param out absent: a new state; else overwritten; `state` itself: in place
   */
  update(
    state: SpoBanditState,
    items: ArrayLike<number>,
    wins: ArrayLike<number>,
    out?: SpoBanditState,
  ): SpoBanditState;
  /** p of the coming round. */
  probabilities(state: SpoBanditState): Float64Array;
  /** Mean of the p of the rounds played; p itself before the first. */
  average(state: SpoBanditState): Float64Array;
}

/**
 * The learner. A round costs O(K) and n(n-1)/2 duels, which the caller holds.
 *
 * @throws RangeError if an option is out of range
 *
 * @example
 * const learner = spoBandit({ arms: 2, samples: 2, learningRate: 0.1 });
 * const state = learner.update(learner.init(), [0, 1], [1, 0]);
 * learner.probabilities(state)[0] > 0.5; //=> true
 */
export function spoBandit(options: SpoBanditOptions): SpoBandit {
  const K = checkInteger('arms', options.arms, 1);
  const n = checkInteger('samples', options.samples, 2);
  const eta = checkPositive('learningRate', options.learningRate);
  const p = new Float64Array(K);
  return {
    init() {
      return { t: 0, logits: new Float64Array(K), total: new Float64Array(K) };
    },
    select(state, rng) {
      softmaxInto(state.logits, p);
      return Int32Array.from({ length: n }, () => sampleCategorical(p, rng));
    },
    update(state, items, wins, out) {
      if (items.length !== n) throw new RangeError(`items must have length ${n}, got ${items.length}`);
      if (wins.length !== n) throw new RangeError(`wins must have length ${n}, got ${wins.length}`);
      for (let k = 0; k < n; k++) {
        checkInteger(`items[${k}]`, items[k], 0, K - 1);
        checkNumber(`wins[${k}]`, wins[k], 0, n - 1);
      }
      const next = out ?? { t: 0, logits: new Float64Array(K), total: new Float64Array(K) };
      if (next !== state) {
        next.t = state.t;
        next.logits.set(state.logits);
        next.total.set(state.total);
      }
      softmaxInto(next.logits, p);
      for (let i = 0; i < K; i++) next.total[i] += p[i];
      for (let k = 0; k < n; k++) next.logits[items[k]] += (eta * (wins[k] / (n - 1))) / (n * p[items[k]]);
      next.t += 1;
      return next;
    },
    probabilities(state) {
      return softmaxInto(state.logits, new Float64Array(K));
    },
    average(state) {
      if (state.t === 0) return softmaxInto(state.logits, new Float64Array(K));
      return state.total.map((x) => x / state.t);
    },
  };
}
