/**
 * Tsallis-INF, one algorithm with the optimal regret both when rewards are stochastic and when an adversary sets them.
 *
 * J. Zimmert, Y. Seldin, "Tsallis-INF: An Optimal Algorithm for Stochastic and Adversarial Bandits", JMLR 22 (2021),
 * arXiv:1807.07623, Algorithm 1 with α = 1/2, Theorems 1 and 2. Costs that are counts of unknown size (option
 * `costScale`): M. Khodak, E. Chow, M.-F. Balcan, A. Talwalkar, "Learning to Relax", arXiv:2310.02246, Algorithm 1.
 *
 *   paper      here                      meaning
 *   t          state.t + 1               the round to be played, 1, 2, ...
 *   L̂_t        state.losses              cumulative loss estimates
 *   w_t        state.weights             law of the arm of round t
 *   x          min L̂ + state.normalizer  makes the weights sum to 1
 *   η_t        eta                       learning rate
 *   B_t(i)     baseline                  of the reduced-variance estimator
 */
import { checkInteger, checkNumber, checkOption, checkPositive, checkProbabilities } from '../../internal/check.js';
import { log } from '../../special/log.js';
import { categoricalIndex } from '../../special/categorical-index.js';
import { checkArm } from '../arm-sums.js';
import type { BanditPolicy } from '../bandit.js';
import { type RewardRangeOptions, rewardScale, scaledReward } from '../reward-scale.js';
import { drawProbability, type LossOptions, takesLosses } from './importance-weights.js';
import { newton, smallest } from './tsallis-inf-weights.js';

/** 'iw': importance weighting. 'rv': reduced variance, half the leading constants. */
export type TsallisVariant = 'iw' | 'rv';

export interface TsallisInfState {
  /** Updates so far. */
  t: number;
  /** Cumulative loss estimates L̂, in units of the costs when `costScale` is set. */
  losses: Float64Array;
  /** The law of the next arm. */
  weights: Float64Array;
  /** x - min L̂ (in scaled units) of that law, where the next search for it starts. */
  normalizer: number;
  /** Sum of the costs, for 'running-mean'. */
  sumCost: number;
  /** Largest cost, for 'running-max'. */
  maxCost: number;
  /** What losses are divided by. 1 when `costScale` is 'none'. */
  scale: number;
}

export interface TsallisInfOptions extends RewardRangeOptions, LossOptions {
  /** Number of arms K, at least 1. */
  arms: number;
  /** Loss estimator. Default 'iw'. */
  variant?: TsallisVariant;
  /**
   * Learning rate. 'anytime' (default): 2/sqrt(t) for 'iw' and 4/sqrt(t) for 'rv', Theorem 1. 'fixed': sqrt(8/T) and
   * sqrt(32/T), constant, which make the same bound smallest for a known horizon. 'paper': 1/sqrt(T), Khodak et al.
   */
  schedule?: 'anytime' | 'fixed' | 'paper';
  /** T, for the schedules 'fixed' and 'paper'. */
  horizon?: number;
  /**
   * 'none' (default): losses are in [0, 1]. The others take costs of at least 1 (smaller ones count as 1) and of unknown
   * size, feedback must be 'loss', and cumulative estimates of cost - 1 are divided by a scale: 'running-mean', the mean
   * cost so far minus 1; 'running-max', the largest minus 1; 'fixed', `scale`. A scale that is not positive counts as 1.
   */
  costScale?: 'none' | 'running-mean' | 'running-max' | 'fixed';
  /** The scale of `costScale: 'fixed'`, and the first one of the running scales. Default 1. */
  scale?: number;
}

/**
 * The policy Tsallis-INF. `select` takes one uniform, O(K); `update` solves for the next law, about three Newton steps of
 * O(K).
 *
 * Late rewards: give `update` the probability of the draw. The baseline of 'rv' is then that of the update, which keeps
 * the estimate unbiased, as it does not depend on the draw.
 *
 * @throws RangeError if `arms` is not a positive integer, or an option is unknown, or `scale` is not positive
 * @throws TypeError if the schedule needs a horizon and there is none
 *
 * @example
 * const policy = tsallisInf({ arms: 2 });
 * policy.probabilities(policy.init()); //=> new Float64Array([0.5, 0.5])
 */
export function tsallisInf(options: TsallisInfOptions): BanditPolicy<TsallisInfState> & {
  probabilities(state: TsallisInfState, out?: Float64Array): Float64Array;
} {
  const K = checkInteger('arms', options.arms, 1);
  const variant = checkOption('variant', options.variant ?? 'iw', ['iw', 'rv']);
  const schedule = checkOption('schedule', options.schedule ?? 'anytime', ['anytime', 'fixed', 'paper']);
  const costScale = checkOption('costScale', options.costScale ?? 'none', [
    'none',
    'running-mean',
    'running-max',
    'fixed',
  ]);
  const losses = takesLosses(options);
  const costs = costScale !== 'none';
  if (costs && !losses) throw new RangeError("feedback must be 'loss' when costScale is set, got 'reward'");
  const firstScale = checkPositive('scale', options.scale ?? 1);
  const range = rewardScale(options, true);
  const constant = schedule === 'anytime' ? 0 : fixedRate(schedule, variant, options.horizon as number);
  const anytime = variant === 'iw' ? 2 : 4;
  const rate = (round: number) => (schedule === 'anytime' ? anytime / Math.sqrt(round) : constant);

  return {
    name: 'tsallisInf',
    arms: K,
    init: () => ({
      t: 0,
      losses: new Float64Array(K),
      weights: new Float64Array(K).fill(1 / K),
      normalizer: (-2 * Math.sqrt(K)) / rate(1),
      sumCost: 0,
      maxCost: 0,
      scale: costs ? firstScale : 1,
    }),
    select: ({ weights }, rng) => categoricalIndex(weights, rng()),
    update(state, arm, reward, out, feedback) {
      checkArm(arm, K);
      let loss: number;
      if (costs) {
        if (!(reward >= 0 && reward < Infinity)) throw badCost(reward);
        loss = Math.max(1, reward) - 1;
      } else {
        loss = scaledReward(range, reward);
        if (!losses) loss = 1 - loss;
      }
      const p = drawProbability(feedback, state.weights[arm]);
      const next = copyState(state, out);
      const { losses: L, weights } = next;
      if (variant === 'iw') L[arm] += loss / p;
      else {
        // In place: the weights still are those of the round that is over.
        const threshold = square(rate(next.t + 1));
        const half = next.scale / 2;
        for (let i = 0; i < K; i++) {
          const baseline = weights[i] >= threshold ? half : 0;
          L[i] += i === arm ? (loss - baseline) / p + baseline : baseline;
        }
      }
      next.t += 1;
      if (costs) rescale(next, loss + 1, costScale, firstScale);
      next.normalizer = newton(L, smallest(L), next.scale, rate(next.t + 1), next.normalizer, weights);
      return next;
    },
    probabilities({ weights }, out = new Float64Array(K)) {
      out.set(weights);
      return out;
    },
  };
}

/**
 * The estimate of the loss of every arm after one was played. Importance weighting: loss / p on the arm played, 0 on the
 * others. Reduced variance: 1[i = arm] (loss - B_i) / p_i + B_i with B_i = 1/2 where p_i >= η² and 0 elsewhere
 * (Section 3.2). Either has the loss as its mean when the arm is drawn from p.
 *
 * @param probs the law p that the arm was drawn from
 * @throws RangeError if `probs` is no probability vector or `arm` is no arm of positive probability
 *
 * @example
 * tsallisInfLossEstimate([0.25, 0.75], { arm: 0, loss: 1, eta: 0.5 }); //=> new Float64Array([4, 0])
 * tsallisInfLossEstimate([0.25, 0.75], { arm: 0, loss: 1, eta: 0.5, variant: 'rv' }); //=> new Float64Array([2.5, 0.5])
 */
export function tsallisInfLossEstimate(
  probs: ArrayLike<number>,
  { arm, loss, eta, variant = 'iw' }: { arm: number; loss: number; eta: number; variant?: TsallisVariant },
): Float64Array {
  checkProbabilities('probs', probs);
  checkArm(arm, probs.length);
  checkNumber('loss', loss);
  checkPositive('eta', eta);
  checkOption('variant', variant, ['iw', 'rv']);
  const p = drawProbability(undefined, probs[arm]);
  const out = new Float64Array(probs.length);
  for (let i = 0; i < out.length; i++) {
    const baseline = variant === 'rv' && probs[i] >= square(eta) ? 0.5 : 0;
    out[i] = i === arm ? (loss - baseline) / p + baseline : baseline;
  }
  return out;
}

/**
 * Theorem 1, adversarial regime: the pseudo-regret of the anytime schedule is at most 4 sqrt(K T) + 1 ('iw'), and
 * 2 sqrt(K T) + 10 K ln T + 16 ('rv'), for losses in [0, 1].
 *
 * @example
 * tsallisInfRegretBound({ arms: 4, horizon: 2500 }); //=> 401
 */
export function tsallisInfRegretBound({
  arms,
  horizon,
  variant = 'iw',
}: {
  arms: number;
  horizon: number;
  variant?: TsallisVariant;
}): number {
  checkInteger('arms', arms, 1);
  checkInteger('horizon', horizon, 1);
  const root = Math.sqrt(arms * horizon);
  return checkOption('variant', variant, ['iw', 'rv']) === 'iw'
    ? 4 * root + 1
    : 2 * root + 10 * arms * log(horizon) + 16;
}

/**
 * Theorem 1, stochastic regime (also stochastically constrained adversaries with a unique best arm), importance weighting:
 * Σ_{i: Δ_i > 0} (4 ln T + 12) / Δ_i + 4 ln T + 1 / Δ_min + sqrt(K) + 8.
 *
 * @param gaps Δ_i of every arm, exactly one of them 0
 * @throws RangeError if not exactly one gap is 0
 *
 * @example
 * tsallisInfStochasticRegretBound([0, 0.5], 1000).toFixed(3); //=> '118.307'
 */
export function tsallisInfStochasticRegretBound(gaps: ArrayLike<number>, horizon: number): number {
  checkInteger('horizon', horizon, 1);
  const logT = log(horizon);
  let least = Infinity;
  let inverses = 0;
  for (let i = 0; i < gaps.length; i++) {
    const gap = checkNumber(`gaps[${i}]`, gaps[i], 0);
    if (gap === 0) continue;
    inverses += 1 / gap;
    least = Math.min(least, gap);
  }
  const best = Array.from(gaps).filter((gap) => gap === 0).length;
  if (best !== 1) throw new RangeError(`gaps must hold exactly one 0, got ${best}`);
  return (4 * logT + 12) * inverses + 4 * logT + 1 / least + Math.sqrt(gaps.length) + 8;
}

function fixedRate(schedule: 'fixed' | 'paper', variant: TsallisVariant, horizon: number): number {
  checkInteger('horizon', horizon, 1);
  if (schedule === 'paper') return 1 / Math.sqrt(horizon);
  return Math.sqrt((variant === 'iw' ? 8 : 32) / horizon);
}

function rescale(state: TsallisInfState, cost: number, costScale: string, firstScale: number): void {
  state.sumCost += cost;
  state.maxCost = Math.max(state.maxCost, cost);
  if (costScale === 'fixed') return;
  const scale = costScale === 'running-mean' ? state.sumCost / state.t - 1 : state.maxCost - 1;
  state.scale = scale > 0 ? scale : firstScale;
}

function copyState(state: TsallisInfState, out: TsallisInfState | undefined): TsallisInfState {
  if (out === state) return state;
  if (out === undefined) return { ...state, losses: state.losses.slice(), weights: state.weights.slice() };
  out.t = state.t;
  out.losses.set(state.losses);
  out.weights.set(state.weights);
  out.normalizer = state.normalizer;
  out.sumCost = state.sumCost;
  out.maxCost = state.maxCost;
  out.scale = state.scale;
  return out;
}

function square(x: number): number {
  return x * x;
}

function badCost(cost: number): RangeError {
  return new RangeError(`reward must be a cost, finite and at least 0, got ${cost}`);
}
