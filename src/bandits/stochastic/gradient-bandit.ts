/**
 * The gradient bandit: stochastic gradient ascent on the expected reward of a softmax of preferences.
 *
 * R. J. Williams, "Simple Statistical Gradient-Following Algorithms for Connectionist Reinforcement Learning", Machine
 * Learning 8 (1992) 229-256; R. S. Sutton, A. G. Barto, "Reinforcement Learning: An Introduction", 2nd edition (2018),
 * Section 2.8, equation (2.12).
 *
 *   book       here                  meaning
 *   H_t(a)     state.preferences     preference for arm a
 *   π_t(a)     state.weights         its probability
 *   α          step
 *   R̄_t        baseline
 */
import { checkInteger, checkNumber, checkPositive } from '../../internal/check.js';
import { categoricalIndex } from '../../special/categorical-index.js';
import { exponentialWeights } from '../adversarial/exponential-weights.js';
import { checkArm } from '../arm-sums.js';
import type { BanditPolicy } from '../bandit.js';
import { type RewardRangeOptions, rewardScale, scaledReward } from '../reward-scale.js';

export interface GradientBanditState {
  /** Updates so far. */
  t: number;
  /** Sum of the rewards so far. */
  total: number;
  preferences: Float64Array;
  weights: Float64Array;
}

export interface GradientBanditOptions extends RewardRangeOptions {
  /** Number of arms K, at least 1. */
  arms: number;
  /** Step α, positive. Default 0.1, the better of the book's Figure 2.5. */
  step?: number;
  /** 'mean' (default): the mean of the rewards before this one; the first reward is its own baseline. Or a constant. */
  baseline?: 'mean' | number;
}

/**
 * The policy: arm a with probability π(a) = e^H(a) / Σ e^H; after reward r on arm a, H_a += α (r - R̄)(1 - π_a) and
 * H_b -= α (r - R̄) π_b for the others. Preferences sum to 0 but for rounding.
 *
 * `select` takes one uniform. Any finite reward. A reward that arrives late moves the preferences by the law of its arrival.
 *
 * @throws RangeError if `arms` is not a positive integer, the step is not positive or the baseline is not finite
 *
 * @example
 * const policy = gradientBandit({ arms: 2, step: 1, baseline: 0 });
 * policy.update(policy.init(), 0, 1).preferences; //=> new Float64Array([0.5, -0.5])
 */
export function gradientBandit(options: GradientBanditOptions): BanditPolicy<GradientBanditState> & {
  /** The preferences. */
  scores(state: GradientBanditState, out?: Float64Array): Float64Array;
  probabilities(state: GradientBanditState, out?: Float64Array): Float64Array;
} {
  const K = checkInteger('arms', options.arms, 1);
  const step = checkPositive('step', options.step ?? 0.1);
  const constant =
    (options.baseline ?? 'mean') === 'mean' ? undefined : checkNumber('baseline', options.baseline as number);
  const scale = rewardScale(options, false);
  return {
    name: 'gradientBandit',
    arms: K,
    init: () => ({
      t: 0,
      total: 0,
      preferences: new Float64Array(K),
      weights: new Float64Array(K).fill(1 / K),
    }),
    select: ({ weights }, rng) => categoricalIndex(weights, rng()),
    update(state, arm, reward, out) {
      checkArm(arm, K);
      const r = scaledReward(scale, reward);
      const next = copyState(state, out);
      const baseline = constant ?? (next.t === 0 ? r : next.total / next.t);
      const { preferences, weights } = next;
      const push = step * (r - baseline);
      for (let i = 0; i < K; i++) preferences[i] += push * ((i === arm ? 1 : 0) - weights[i]);
      exponentialWeights(preferences, 1, 0, weights);
      next.t += 1;
      next.total += r;
      return next;
    },
    scores({ preferences }, out = new Float64Array(K)) {
      out.set(preferences);
      return out;
    },
    probabilities({ weights }, out = new Float64Array(K)) {
      out.set(weights);
      return out;
    },
  };
}

function copyState(state: GradientBanditState, out: GradientBanditState | undefined): GradientBanditState {
  if (out === state) return state;
  if (out === undefined) {
    return { ...state, preferences: state.preferences.slice(), weights: state.weights.slice() };
  }
  out.t = state.t;
  out.total = state.total;
  out.preferences.set(state.preferences);
  out.weights.set(state.weights);
  return out;
}
