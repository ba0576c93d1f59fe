// Imitating text as inverse reinforcement learning: maximum likelihood with a penalty on the rewards that the logits imply;
// and maximum likelihood itself as a step on utilities.
//
// M. Wulfmeier et al., "Imitating Language via Scalable Inverse Reinforcement Learning", arXiv:2409.01369
// (IQLearn with the chi-square regularizer, reformulated for maximum likelihood).
//
//   paper            here            meaning
//   Q(s_t, ·)        logits          T × V
//   V(s_t)           -               v_t = log Σ_a e^{Q_t[a]}
//   r(s_t, a_t)      rewards         Q_t[a_t] - γ v_{t+1}
//   1/(4α)           lambda          weight of the penalty

import { checkInteger, checkNumber, checkPositive, checkVector } from '../../internal/check.js';
import { exp } from '../../special/exp.js';
import { logSumExp } from '../../special/log-sum-exp.js';
import { softmax } from '../../special/softmax.js';
import { arraySize } from '../losses/pair-batch.js';

export interface InverseSoftQOptions {
  /** Weight λ >= 0 of the penalty; 0 is maximum likelihood. Default 0.1. */
  lambda?: number;
  /** Discount γ in [0, 1]. Default 1. */
  gamma?: number;
  /** v_T after the last token. Default 0. */
  terminalValue?: number;
}

export interface InverseSoftQResult {
  /** nll + λ tdPenalty. */
  loss: number;
  /** Σ_t v_t - Q_t[a_t]. */
  nll: number;
  /** Σ_t r_t². */
  tdPenalty: number;
  /** The reward of each token that the logits imply. */
  rewards: Float64Array;
  /** T × V. */
  gradLogits: Float64Array;
}

/**
 * Σ_t (v_t - Q_t[a_t]) + λ Σ_t r_t², r_t = Q_t[a_t] - γ v_{t+1}, with its gradient in the logits: a maximum-likelihood
 * fit whose implied rewards stay small, and whose token rewards can be read off.
 *
 * ∂/∂Q_t[a] = (2λ r_t - 1) [a = a_t] + (1 - 2λγ r_{t-1}) p_t(a), r_{-1} = 0. O(T V).
 *
 * @param logits T × V row-major
 * @param actions T tokens taken
 * @throws RangeError if the lengths do not fit, a logit is not finite, an action is out of range, or an option is
 *
 * @example
 * inverseSoftQLoss([0, 0], [1], { lambda: 0 }).loss; //=> Math.LN2
 */
export function inverseSoftQLoss(
  logits: ArrayLike<number>,
  actions: ArrayLike<number>,
  options: InverseSoftQOptions = {},
): InverseSoftQResult {
  const lambda = checkNumber('lambda', options.lambda ?? 0.1, 0);
  const gamma = checkNumber('gamma', options.gamma ?? 1, 0, 1);
  const terminal = checkNumber('terminalValue', options.terminalValue ?? 0);
  checkVector('logits', logits);
  const T = arraySize('actions', actions);
  if (T === 0) throw new RangeError('actions must not be empty');
  const V = logits.length / T;
  if (!(V >= 1 && Number.isInteger(V))) {
    throw new RangeError(`logits must have a length that is a multiple of ${T}, got ${logits.length}`);
  }
  const Q = logits instanceof Float64Array ? logits : Float64Array.from(logits);
  const v = new Float64Array(T + 1);
  for (let t = 0; t < T; t++) {
    checkInteger(`actions[${t}]`, actions[t], 0, V - 1);
    v[t] = logSumExp(Q.subarray(t * V, (t + 1) * V));
  }
  v[T] = terminal;
  const rewards = new Float64Array(T);
  const gradLogits = new Float64Array(T * V);
  let nll = 0;
  let tdPenalty = 0;
  for (let t = 0; t < T; t++) {
    const taken = Q[t * V + actions[t]];
    rewards[t] = taken - gamma * v[t + 1];
    nll += v[t] - taken;
    tdPenalty += rewards[t] * rewards[t];
    const through = 1 - (t > 0 ? 2 * lambda * gamma * rewards[t - 1] : 0);
    for (let a = 0; a < V; a++) gradLogits[t * V + a] = through * exp(Q[t * V + a] - v[t]);
    gradLogits[t * V + actions[t]] += 2 * lambda * rewards[t] - 1;
  }
  return { loss: nll + lambda * tdPenalty, nll, tdPenalty, rewards, gradLogits };
}

/**
 * Maximum likelihood as a step on utilities: logits + η (e_y - softmax(logits)).
 *
 * The label's utility rises by η (1 - p_y), every other falls by η p_z, and their sum does not change: next-token training
 * is a step towards the utility that ranks the observed token above all others.
 *
 * H. Bojun, F. Yuan, "Utility-Probability Duality of Neural Networks", arXiv:2305.14859: the dynamics of maximum likelihood
 * read as learning an ordinal utility.
 *
 * @throws RangeError if a logit is not finite, the label is out of range, or learningRate <= 0
 *
 * @example
 * mleUtilityStep([0, 0], 0, { learningRate: 1 }); //=> Float64Array.of(0.5, -0.5)
 */
export function mleUtilityStep(
  logits: ArrayLike<number>,
  label: number,
  options: { learningRate: number },
  out?: Float64Array,
): Float64Array {
  checkVector('logits', logits);
  checkInteger('label', label, 0, logits.length - 1);
  const rate = checkPositive('learningRate', options.learningRate);
  const next = out?.length === logits.length ? out : new Float64Array(logits.length);
  const p = softmax(logits);
  for (let i = 0; i < p.length; i++) next[i] = logits[i] + rate * ((i === label ? 1 : 0) - p[i]);
  return next;
}
