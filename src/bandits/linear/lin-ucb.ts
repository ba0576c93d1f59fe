/**
 * Linear bandits by optimism: LinUCB and OFUL.
 *
 * L. Li, W. Chu, J. Langford, R. E. Schapire, "A Contextual-Bandit Approach to Personalized News Article Recommendation", WWW 2010,
 * arXiv:1003.0146, Algorithm 1 (constant width α; one model an arm); Y. Abbasi-Yadkori, D. Pál, C. Szepesvári, "Improved Algorithms for
 * Linear Stochastic Bandits", NIPS 2011, Theorems 2 and 3 (radius, one model for all arms).
 *
 *   paper      here                 meaning
 *   θ̂, V̄      state.theta, state.V
 *   R          noise                rewards are R-subgaussian about xᵀθ*
 *   S          normBound            ||θ*|| <= S
 *   √β_t(δ)    linUcbRadius         R sqrt(ln det V - ln det Λ + 2 ln(1/δ)) + sqrt(λ) S
 *   L          featureBound         ||x|| <= L
 *
 * plays argmax xᵀθ̂ + radius ||x||_{V^-1}.
 */
import { checkInteger, checkNumber, checkPositive } from '../../internal/check.js';
import { log } from '../../special/log.js';
import { log1p } from '../../special/log1p.js';
import { type MatrixLike, toRowMajor } from '../../linalg/index.js';
import { checkArm } from '../arm-sums.js';
import type { BanditPolicy, ContextualPolicy } from '../bandit.js';
import { checkTies, selectLargest, type TieOptions } from '../ties.js';
import { armModels, type LinUcbState, type VariantOptions } from './arm-models.js';
import {
  checkFeatures,
  checkReward,
  copyRidge,
  initRidge,
  innerProduct,
  observe,
  type Ridge,
  type RidgeOptions,
  ridgeOf,
  type RidgeState,
  squaredWidth,
} from './ridge-model.js';

export interface LinUcbRadiusOptions {
  /** Failure probability δ in (0, 1). Default 0.05. */
  delta?: number;
  /** R > 0: rewards are R-subgaussian. Default 1/2, which holds for rewards in [0, 1]. */
  noise?: number;
  /** S >= 0, bound of the norm of θ*. Default 1. */
  normBound?: number;
  /** Constant radius in place of the confidence radius, LinUCB's α. */
  alpha?: number;
}

export interface LinUcbOptions extends RidgeOptions, LinUcbRadiusOptions, TieOptions, VariantOptions {
  /** Number of arms K. */
  arms: number;
}

/**
 * The policy. `select` draws nothing unless `ties` is 'random'; O(K d²). `update` O(d²).
 *
 * @throws RangeError if an option is out of range; by `select` and `update`, "features ..." if they have another length or are not finite
 *
 * @example
 * const policy = linUcb({ arms: 2, dimension: 1 });
 * const state = policy.update(policy.init(), [1, -1], 0, 1);
 * policy.select(state, [0.5, -0.5], createRng(1)); //=> 0
 */
export function linUcb(options: LinUcbOptions): ContextualPolicy<LinUcbState, ArrayLike<number>> & {
  scores(state: LinUcbState, features: ArrayLike<number>, out?: Float64Array): Float64Array;
  /** ||x||_{V^-1} of every arm: how little is known of it. */
  widths(state: LinUcbState, features: ArrayLike<number>, out?: Float64Array): Float64Array;
} {
  const K = checkInteger('arms', options.arms, 1);
  const ridge = ridgeOf(options);
  const { policy, modelOf, check, place } = armModels(ridge, K, options);
  const radius = radiusOf(ridge, options);
  const ties = checkTies(options);
  const values = new Float64Array(K);
  const score = (state: LinUcbState, features: ArrayLike<number>, out: Float64Array) => {
    check(features);
    for (let i = 0; i < K; i++) {
      const model = modelOf(state, i);
      const at = place(features, i);
      const width = Math.sqrt(squaredWidth(ridge, model, features, at));
      out[i] = innerProduct(model.theta, features, at) + radius(model) * width;
    }
    return out;
  };
  return {
    ...policy,
    name: 'linUcb',
    select(state, features, rng) {
      return selectLargest(score(state, features, values), ties, rng);
    },
    scores: (state, features, out = new Float64Array(K)) => score(state, features, out),
    widths(state, features, out = new Float64Array(K)) {
      check(features);
      for (let i = 0; i < K; i++) {
        out[i] = Math.sqrt(squaredWidth(ridge, modelOf(state, i), features, place(features, i)));
      }
      return out;
    },
  };
}

/** The model of `fixedLinUcb`, and what every action has under it. */
export interface FixedLinUcbState {
  model: RidgeState;
  /** x_iᵀ θ̂. */
  means: Float64Array;
  /** x_iᵀ V^-1 x_i. */
  widths2: Float64Array;
}

export interface FixedLinUcbOptions
  extends Omit<RidgeOptions, 'dimension' | 'engine'>, LinUcbRadiusOptions, TieOptions {
  /** The features of the K arms, K × d. */
  actions: MatrixLike;
}

/**
 * LinUCB on actions that do not change: as `linUcb` with the same features in every round, with means and widths kept, so that `select` is O(K)
 * and `update` O(d² + K d): after arm x, with u = V^-1 x, x_iᵀV^-1x_i -= (x_iᵀu)² / (1 + xᵀu).
 *
 * @throws RangeError if an option is out of range or an action is not finite
 *
 * @example
 * const policy = fixedLinUcb({ actions: [[1, 0], [0, 1]] });
 * policy.select(policy.update(policy.init(), 0, 0), createRng(1)); //=> 1
 */
export function fixedLinUcb(options: FixedLinUcbOptions): BanditPolicy<FixedLinUcbState> & {
  scores(state: FixedLinUcbState, out?: Float64Array): Float64Array;
} {
  const { data: actions, rows: K, columns: d } = toRowMajor(options.actions, 'actions');
  if (K === 0 || d === 0) throw new RangeError('actions must not be empty');
  checkFeatures(actions, K * d);
  const ridge = ridgeOf({ ...options, dimension: d, engine: 'inverse' });
  const radius = radiusOf(ridge, options);
  const ties = checkTies(options);
  const values = new Float64Array(K);
  const score = ({ model, means, widths2 }: FixedLinUcbState, out: Float64Array) => {
    const r = radius(model);
    for (let i = 0; i < K; i++) out[i] = means[i] + r * Math.sqrt(widths2[i]);
    return out;
  };
  return {
    name: 'fixedLinUcb',
    arms: K,
    init() {
      const model = initRidge(ridge);
      const widths2 = new Float64Array(K);
      for (let i = 0; i < K; i++) widths2[i] = squaredWidth(ridge, model, actions, i * d);
      return { model, means: new Float64Array(K), widths2 };
    },
    select(state, rng) {
      return selectLargest(score(state, values), ties, rng);
    },
    update(state, arm, reward, out) {
      checkArm(arm, K);
      checkReward(reward);
      const next = copyFixed(state, out);
      const { model, means, widths2 } = next;
      const predicted = means[arm];
      if (observe(ridge, model, actions, arm * d, reward)) {
        for (let i = 0; i < K; i++) {
          means[i] = innerProduct(model.theta, actions, i * d);
          widths2[i] = squaredWidth(ridge, model, actions, i * d);
        }
        return next;
      }
      const scale = 1 / (1 + widths2[arm]);
      const surprise = (reward - predicted) * scale;
      for (let i = 0; i < K; i++) {
        const shared = innerProduct(ridge.u, actions, i * d);
        means[i] += shared * surprise;
        widths2[i] = Math.max(0, widths2[i] - shared * shared * scale);
      }
      return next;
    },
    scores: (state, out = new Float64Array(K)) => score(state, out),
  };
}

function copyFixed(state: FixedLinUcbState, out: FixedLinUcbState | undefined): FixedLinUcbState {
  if (out === state) return state;
  if (out === undefined) {
    return { model: copyRidge(state.model, undefined), means: state.means.slice(), widths2: state.widths2.slice() };
  }
  copyRidge(state.model, out.model);
  out.means.set(state.means);
  out.widths2.set(state.widths2);
  return out;
}

/** The radius as a function of the model. */
function radiusOf(ridge: Ridge, options: LinUcbRadiusOptions): (model: RidgeState) => number {
  const { noise, logInverseDelta, bias } = radiusConstants(options, ridge.largest);
  if (options.alpha !== undefined) {
    const alpha = checkNumber('alpha', options.alpha, 0);
    return () => alpha;
  }
  // ln det V grows; rounding must not take it below its start.
  return ({ logDet }) => noise * Math.sqrt(Math.max(0, logDet - ridge.logDet0) + 2 * logInverseDelta) + bias;
}

function radiusConstants(options: LinUcbRadiusOptions, largest: number) {
  const delta = checkNumber('delta', options.delta ?? 0.05, 0, 1);
  if (delta === 0 || delta === 1) throw new RangeError(`delta must be in (0, 1), got ${delta}`);
  const noise = checkPositive('noise', options.noise ?? 0.5);
  const normBound = checkNumber('normBound', options.normBound ?? 1, 0);
  return { noise, logInverseDelta: -log(delta), bias: Math.sqrt(largest) * normBound };
}

/**
 * Theorem 2 of Abbasi-Yadkori et al.: with probability 1 - δ, in all rounds at once, ||θ̂ - θ*||_V is at most
 * R sqrt(ln det V - ln det Λ + 2 ln(1/δ)) + sqrt(max Λ) S.
 *
 * @param model state of the regression
 * @param options of the policy
 *
 * @example
 * const policy = linUcb({ arms: 1, dimension: 2, delta: 0.5 });
 * linUcbRadius(policy.init().models[0], { dimension: 2, delta: 0.5 }) === 0.5 * Math.sqrt(2 * Math.LN2) + 1; //=> true
 */
export function linUcbRadius(model: RidgeState, options: RidgeOptions & Omit<LinUcbRadiusOptions, 'alpha'>): number {
  return radiusOf(ridgeOf(options), options)(model);
}

/**
 * Theorem 3, ibid.: with probability 1 - δ the regret of the shared model after T rounds is at most
 *
 *   4 sqrt(T d ln(1 + T L²/(λ d))) (sqrt(λ) S + R sqrt(2 ln(1/δ) + d ln(1 + T L²/(λ d))))
 *
 * when ||x|| <= L, |xᵀθ*| <= 1 and λ >= max(1, L²).
 *
 * @throws RangeError if an option is out of range
 */
export function linUcbRegretBound(options: {
  horizon: number;
  dimension: number;
  featureBound: number;
  lambda?: number;
  delta?: number;
  noise?: number;
  normBound?: number;
}): number {
  const T = checkInteger('horizon', options.horizon, 0);
  const d = checkInteger('dimension', options.dimension, 1);
  const lambda = checkPositive('lambda', options.lambda ?? 1);
  const X = checkPositive('featureBound', options.featureBound);
  const { noise, logInverseDelta, bias } = radiusConstants(options, lambda);
  const growth = d * log1p((T * X * X) / (lambda * d));
  return 4 * Math.sqrt(T * growth) * (bias + noise * Math.sqrt(2 * logInverseDelta + growth));
}
