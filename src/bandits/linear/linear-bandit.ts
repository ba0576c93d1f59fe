/**
 * Linear and generalized linear bandits as environments: the features of the arms are the context, their rewards are functions of xᵀθ.
 *
 * T. Lattimore, C. Szepesvári, "Bandit Algorithms" (2020), Chapter 19; misspecification: T. Lattimore, C. Szepesvári, G. Weisz,
 * arXiv:1911.07676.
 */
import { checkInteger, checkNumber, checkOption, checkVector } from '../../internal/check.js';
import { type MatrixLike, toRowMajor } from '../../linalg/index.js';
import { samplePoisson } from '../../random/binomial.js';
import { sampleNormal } from '../../random/normal.js';
import { exp } from '../../special/exp.js';
import { sigmoid } from '../../special/logistic.js';
import { normalCdf } from '../../special/normal.js';
import type { ContextualEnvironment } from '../bandit.js';

export interface LinearActionsOptions {
  /** θ*, length d. */
  theta: ArrayLike<number>;
  /** Features of the arms, K × d: the same in all rounds, or a function of the round t (and of t alone), for which `arms` must be given. */
  actions: MatrixLike | ((t: number) => MatrixLike);
  /** Number of arms K, where `actions` is a function. */
  arms?: number;
}

export interface LinearBanditOptions extends LinearActionsOptions {
  /** Deviation of normal noise. Default 1/2. */
  noise?: number;
  /** Misspecification ξ(x), at most `epsilon` in absolute value: a function of the features of an arm. Default 0. */
  deviation?: (x: Float64Array) => number;
  /** ε >= 0. Default 0. */
  epsilon?: number;
}

/**
 * Rewards xᵀθ* + ξ(x) + N(0, noise²). The context of a round is the K × d features, row by row.
 *
 * @throws RangeError if shapes do not fit, a number is not finite, or |ξ(x)| exceeds epsilon
 *
 * @example
 * linearBandit({ theta: [1, 2], actions: [[1, 0], [0, 1]] }).means(0); //=> Float64Array.of(1, 2)
 */
export function linearBandit(options: LinearBanditOptions): ContextualEnvironment<Float64Array> {
  const noise = checkNumber('noise', options.noise ?? 0.5, 0);
  const epsilon = checkNumber('epsilon', options.epsilon ?? 0, 0);
  const { deviation } = options;
  const mean = (product: number, x: Float64Array): number => {
    if (deviation === undefined) return product;
    return product + checkNumber('deviation', deviation(x), -epsilon, epsilon);
  };
  return environment(options, mean, (mu, rng) => (noise === 0 ? mu : mu + noise * sampleNormal(rng)));
}

export interface GlmBanditOptions extends LinearActionsOptions {
  /** 'logistic': 0/1 with mean 1/(1+e^-z). 'probit': 0/1 with mean Φ(z). 'poisson': counts with mean e^z. Default 'logistic'. */
  link?: 'logistic' | 'probit' | 'poisson';
}

/**
 * Rewards with mean g(xᵀθ*). The context of a round is the K × d features, row by row.
 *
 * @throws RangeError if shapes do not fit or a number is not finite
 *
 * @example
 * glmBandit({ theta: [0], actions: [[1], [2]] }).means(0); //=> Float64Array.of(0.5, 0.5)
 */
export function glmBandit(options: GlmBanditOptions): ContextualEnvironment<Float64Array> {
  const link = checkOption('link', options.link ?? 'logistic', ['logistic', 'probit', 'poisson']);
  const g = link === 'logistic' ? sigmoid : link === 'probit' ? normalCdf : exp;
  return environment(
    options,
    (product) => g(product),
    (mu, rng) => (link === 'poisson' ? samplePoisson(mu, rng) : rng() < mu ? 1 : 0),
  );
}

function environment(
  options: LinearActionsOptions,
  mean: (product: number, x: Float64Array) => number,
  sample: (mean: number, rng: () => number) => number,
): ContextualEnvironment<Float64Array> {
  checkVector('theta', options.theta);
  const theta = Float64Array.from(options.theta);
  const d = theta.length;
  const { actions } = options;
  const prepare = (matrix: MatrixLike, arms: number | undefined) => {
    const { data, rows, columns } = toRowMajor(matrix, 'actions');
    if (rows === 0 || (arms !== undefined && rows !== arms)) {
      throw new RangeError(`actions must have ${arms ?? 'one or more'} rows, got ${rows}`);
    }
    if (columns !== d) throw new RangeError(`actions must have ${d} columns, got ${columns}`);
    checkVector('actions', data);
    const means = new Float64Array(rows);
    for (let i = 0; i < rows; i++) {
      let product = 0;
      for (let j = 0; j < d; j++) product += data[i * d + j] * theta[j];
      means[i] = mean(product, data.subarray(i * d, (i + 1) * d));
    }
    return { data, means };
  };
  if (typeof actions !== 'function') {
    const { data, means } = prepare(actions, options.arms);
    return {
      arms: means.length,
      context: () => data,
      means: () => means,
      pull: (arm, _t, rng) => sample(means[arm], rng),
    };
  }
  if (options.arms === undefined) throw new TypeError('arms must be given with a function of the round');
  const arms = checkInteger('arms', options.arms, 1);
  // What the function gave last: three questions a round are one call.
  let last = -1;
  let round: { data: Float64Array; means: Float64Array } = { data: new Float64Array(0), means: new Float64Array(0) };
  const at = (t: number) => {
    if (t !== last) {
      round = prepare(actions(t), arms);
      last = t;
    }
    return round;
  };
  return {
    arms,
    context: (t) => at(t).data,
    means: (t) => at(t).means,
    pull: (arm, t, rng) => sample(at(t).means[arm], rng),
  };
}
