/**
 * Bandits with rewards of mean σ(xᵀθ): optimism and Thompson sampling on a logistic regression.
 *
 * L. Li, Y. Lu, D. Zhou, "Provably Optimal Algorithms for Generalized Linear Contextual Bandits", ICML 2017, arXiv:1703.00048, Algorithm 1
 * and Theorem 2; Laplace sampling: O. Chapelle, L. Li, "An Empirical Evaluation of Thompson Sampling", NIPS 2011, Algorithm 3.
 *
 *   paper   here              meaning
 *   κ       kappa             inf σ'(xᵀθ) over the domain, `logisticCurvature(bound of |xᵀθ|)`
 *   α       glmUcbWidth       (1 / (2κ)) sqrt((d/2) ln(1 + 2t/d) + ln(1/δ)): rewards in [0, 1] are 1/2-subgaussian
 *   V       state.V           λ I + Σ x xᵀ
 *   H       state.hessian     λ I + Σ σ'(xᵀθ̂) x xᵀ, at the fit
 */
import { checkInteger, checkNumber, checkOption, checkPositive } from '../../internal/check.js';
import { cholesky, solveLower } from '../../linalg/index.js';
import { log } from '../../special/log.js';
import { log1p } from '../../special/log1p.js';
import { sigmoid } from '../../special/logistic.js';
import { logisticRegression } from '../../stats/logistic-regression.js';
import { checkArm } from '../arm-sums.js';
import type { ContextualPolicy } from '../bandit.js';
import { checkTies, selectLargest, type TieOptions } from '../ties.js';
import { sampleAround } from './lin-ts.js';
import { checkFeatures, innerProduct } from './ridge-model.js';

/** The whole history: a likelihood that is not Gaussian has no smaller summary. */
export interface LogisticBanditState {
  /** Rounds. */
  t: number;
  /** Features of the arms played, t × d. */
  features: number[];
  /** Rewards in [0, 1]. */
  rewards: number[];
  /** Ridge maximum likelihood estimate of the last fit. */
  theta: Float64Array;
  V: Float64Array;
  hessian: Float64Array;
}

export interface LogisticBanditOptions {
  /** Number of arms K. */
  arms: number;
  /** Dimension d. */
  dimension: number;
  /** The link; logistic is the one there is. */
  link?: 'logistic';
  /** Ridge λ > 0. Default 1. */
  lambda?: number;
  /** Rounds between fits. Default 1. */
  refitEvery?: number;
}

export interface GlmUcbOptions extends LogisticBanditOptions, TieOptions {
  /** κ in (0, 1/4]; needed unless `alpha` is given. */
  kappa?: number;
  /** δ in (0, 1). Default 0.05. */
  delta?: number;
  /** Constant width in place of the one of the theorem. */
  alpha?: number;
}

/**
 * GLM-UCB: argmax xᵀθ̂ + α ||x||_{V^-1}. Features are K × d numbers, row by row; rewards are in [0, 1].
 *
 * Deterministic unless `ties` is 'random'. `update` fits by Newton's method from the last fit, O(t d²) an iteration, two or three of them;
 * `select` O(d³ + K d²).
 *
 * @throws RangeError if an option is out of range; by `update` if the reward is not in [0, 1]
 * @throws TypeError if neither `kappa` nor `alpha` is given
 *
 * @example
 * const policy = glmUcb({ arms: 2, dimension: 1, alpha: 0.1 });
 * policy.select(policy.update(policy.init(), [1, -1], 0, 1), [1, -1], createRng(1)); //=> 0
 */
export function glmUcb(options: GlmUcbOptions): ContextualPolicy<LogisticBanditState, ArrayLike<number>> & {
  scores(state: LogisticBanditState, features: ArrayLike<number>, out?: Float64Array): Float64Array;
} {
  const model = logisticModel(options);
  const { K, d } = model;
  const { alpha, kappa } = options;
  if (alpha === undefined && kappa === undefined) throw new TypeError('kappa must be given, or alpha');
  const constant = alpha === undefined ? undefined : checkNumber('alpha', alpha, 0);
  const delta = checkUnit('delta', options.delta ?? 0.05);
  if (kappa !== undefined) checkKappa(kappa);
  const ties = checkTies(options);
  const values = new Float64Array(K);
  const x = new Float64Array(d);
  const score = (state: LogisticBanditState, features: ArrayLike<number>, out: Float64Array) => {
    checkFeatures(features, K * d);
    const L = state.V.slice();
    cholesky(L, d, L);
    const width = constant ?? glmUcbWidth(state.t, { dimension: d, kappa: kappa as number, delta });
    for (let i = 0; i < K; i++) {
      for (let j = 0; j < d; j++) x[j] = features[i * d + j];
      solveLower(L, x, d, x);
      out[i] = innerProduct(state.theta, features, i * d) + width * Math.sqrt(innerProduct(x, x, 0));
    }
    return out;
  };
  return {
    name: 'glmUcb',
    arms: K,
    init: model.init,
    update: model.update,
    select: (state, features, rng) => selectLargest(score(state, features, values), ties, rng),
    scores: (state, features, out = new Float64Array(K)) => score(state, features, out),
  };
}

/**
 * Logistic Thompson sampling: θ̃ ~ N(θ̂, H^-1), the Laplace approximation of the posterior for the prior N(0, I/λ), then the best arm under
 * θ̃. `select` draws d normals. `scores` are xᵀθ̂.
 *
 * @throws RangeError as `glmUcb`
 */
export function logisticTs(options: LogisticBanditOptions): ContextualPolicy<LogisticBanditState, ArrayLike<number>> & {
  scores(state: LogisticBanditState, features: ArrayLike<number>, out?: Float64Array): Float64Array;
} {
  const model = logisticModel(options);
  const { K, d } = model;
  const sampled = new Float64Array(d);
  const values = new Float64Array(K);
  const score = (theta: Float64Array, features: ArrayLike<number>, out: Float64Array) => {
    checkFeatures(features, K * d);
    for (let i = 0; i < K; i++) out[i] = innerProduct(theta, features, i * d);
    return out;
  };
  return {
    name: 'logisticTs',
    arms: K,
    init: model.init,
    update: model.update,
    select(state, features, rng) {
      checkFeatures(features, K * d);
      const L = state.hessian.slice();
      cholesky(L, d, L);
      sampleAround(state.theta, L, 1, rng, sampled);
      return selectLargest(score(sampled, features, values), 'first', rng);
    },
    scores: (state, features, out = new Float64Array(K)) => score(state.theta, features, out),
  };
}

/**
 * κ = σ'(bound) = σ(bound) (1 - σ(bound)), the least slope of the logistic function where |xᵀθ| <= bound.
 *
 * @example
 * logisticCurvature(0); //=> 0.25
 */
export function logisticCurvature(bound: number): number {
  checkNumber('bound', bound, 0);
  return sigmoid(bound) * sigmoid(-bound);
}

/**
 * α after t rounds.
 *
 * @throws RangeError if an option is out of range
 *
 * @example
 * glmUcbWidth(0, { dimension: 1, kappa: 0.25, delta: 0.5 }) === 2 * Math.sqrt(Math.LN2); //=> true
 */
export function glmUcbWidth(t: number, options: { dimension: number; kappa: number; delta: number }): number {
  checkInteger('t', t, 0);
  const d = checkInteger('dimension', options.dimension, 1);
  const kappa = checkKappa(options.kappa);
  const delta = checkUnit('delta', options.delta);
  return (1 / (2 * kappa)) * Math.sqrt((d / 2) * log1p((2 * t) / d) - log(delta));
}

function checkKappa(kappa: number): number {
  checkNumber('kappa', kappa, 0, 0.25);
  return checkPositive('kappa', kappa);
}

function checkUnit(name: string, value: number): number {
  checkNumber(name, value, 0, 1);
  if (value === 0 || value === 1) throw new RangeError(`${name} must be in (0, 1), got ${value}`);
  return value;
}

function logisticModel(options: LogisticBanditOptions) {
  const K = checkInteger('arms', options.arms, 1);
  const d = checkInteger('dimension', options.dimension, 1);
  checkOption('link', options.link ?? 'logistic', ['logistic']);
  const lambda = checkPositive('lambda', options.lambda ?? 1);
  const refitEvery = checkInteger('refitEvery', options.refitEvery ?? 1, 1);
  const prior = () => Float64Array.from({ length: d * d }, (_, i) => (i % (d + 1) === 0 ? lambda : 0));
  return {
    K,
    d,
    init(): LogisticBanditState {
      return { t: 0, features: [], rewards: [], theta: new Float64Array(d), V: prior(), hessian: prior() };
    },
    update(
      state: LogisticBanditState,
      features: ArrayLike<number>,
      arm: number,
      reward: number,
      out?: LogisticBanditState,
    ): LogisticBanditState {
      checkArm(arm, K);
      checkFeatures(features, K * d);
      if (!(reward >= 0 && reward <= 1)) throw new RangeError(`reward must be in [0, 1], got ${reward}`);
      const next = copyLogistic(state, out);
      for (let i = 0; i < d; i++) {
        const x = features[arm * d + i];
        next.features.push(x);
        for (let j = 0; j < d; j++) next.V[i * d + j] += x * features[arm * d + j];
      }
      next.rewards.push(reward);
      next.t += 1;
      if (next.t % refitEvery === 0) {
        const X = { data: next.features, rows: next.t, columns: d };
        const fit = logisticRegression(X, next.rewards, { ridge: lambda, initial: next.theta });
        next.theta.set(fit.coefficients);
        next.hessian.set(fit.hessian);
      }
      return next;
    },
  };
}

function copyLogistic(state: LogisticBanditState, out: LogisticBanditState | undefined): LogisticBanditState {
  if (out === state) return state;
  const next = out ?? structureOf(state);
  next.t = state.t;
  next.features = state.features.slice();
  next.rewards = state.rewards.slice();
  next.theta.set(state.theta);
  next.V.set(state.V);
  next.hessian.set(state.hessian);
  return next;
}

function structureOf({ theta, V }: LogisticBanditState): LogisticBanditState {
  const zeros = (x: Float64Array) => new Float64Array(x.length);
  return { t: 0, features: [], rewards: [], theta: zeros(theta), V: zeros(V), hessian: zeros(V) };
}
