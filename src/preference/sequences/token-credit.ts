// The reward that a policy implies, of responses and of their tokens.

import { checkNumber } from '../../internal/check.js';
import { sigmoid } from '../../special/logistic.js';
import { arraySize, checkBeta, checkLogProbs, openPairs, undefinedPair, type PairBatch } from '../losses/pair-batch.js';

/**
 * β (log π - log π_ref), the reward under which π is optimal, up to a function of the prompt.
 *
 * R. Rafailov et al., arXiv:2305.18290, equation 5.
 *
 * @throws RangeError if both are -Infinity or one is NaN or Infinity
 *
 * @example
 * implicitReward(-1, -3, 0.5); //=> 1
 */
export function implicitReward(policyLogp: number, refLogp: number, beta: number): number {
  checkBeta(beta);
  const reward = beta * (policyLogp - refLogp);
  if (!(policyLogp < Infinity)) throw new RangeError(`policyLogp must be below Infinity, got ${policyLogp}`);
  if (!(refLogp < Infinity)) throw new RangeError(`refLogp must be below Infinity, got ${refLogp}`);
  if (reward !== reward) throw new RangeError('policyLogp and refLogp are both -Infinity');
  return reward;
}

/**
 * σ(β h) of every pair: the probability that the policy's implicit reward gives to the label.
 *
 * R. Rafailov et al., arXiv:2305.18290, equation 6.
 *
 * @example
 * implicitPreference({ policyChosen: [-2], policyRejected: [-2] }); //=> Float64Array.of(0.5)
 */
export function implicitPreference(batch: PairBatch, options: { beta?: number } = {}): Float64Array {
  const beta = checkBeta(options.beta ?? 0.1);
  const { losses, chosenRewards, rejectedRewards } = openPairs(batch, {}, undefined);
  for (let i = 0; i < losses.length; i++) {
    const x = beta * (chosenRewards[i] - rejectedRewards[i]);
    if (x !== x) throw undefinedPair(i);
    losses[i] = sigmoid(x);
  }
  return losses;
}

export interface TokenCredit {
  /** β (log π(y_t|y_<t) - log π_ref(y_t|y_<t)) of each token. */
  rewards: Float64Array;
  /** Their running sums: the advantage of each prefix. */
  cumulative: Float64Array;
  /** The implicit reward of the response. */
  total: number;
}

/**
 * The implicit reward of a response, split among its tokens.
 *
 * R. Rafailov et al., "From r to Q*", arXiv:2404.12358: the log-ratio of a token is its optimal advantage.
 *
 * @throws RangeError on unequal lengths, NaN, Infinity, or a token that both models exclude
 *
 * @example
 * tokenCredit([-1, -2], [-2, -2], { beta: 0.5 }).cumulative; //=> Float64Array.of(0.5, 0.5)
 */
export function tokenCredit(
  policyLogps: ArrayLike<number>,
  refLogps: ArrayLike<number>,
  options: { beta?: number } = {},
): TokenCredit {
  const beta = checkBeta(options.beta ?? 0.1);
  const n = arraySize('policyLogps', policyLogps);
  checkLogProbs('policyLogps', policyLogps, n);
  checkLogProbs('refLogps', refLogps, n);
  const rewards = new Float64Array(n);
  const cumulative = new Float64Array(n);
  let total = 0;
  for (let t = 0; t < n; t++) {
    const reward = beta * (policyLogps[t] - refLogps[t]);
    if (reward !== reward) throw new RangeError(`token ${t}: policyLogps and refLogps are both -Infinity`);
    total += reward;
    rewards[t] = reward;
    cumulative[t] = total;
  }
  if (total !== total) throw new RangeError('tokens of reward Infinity and -Infinity have no sum');
  return { rewards, cumulative, total };
}

/**
 * Length-desensitized log-probabilities of a pair: the first min(|y_w|, |y_l|) tokens of each response count in full, the
 * rest by α. Feed them, of policy and reference alike, to `dpoLoss`.
 *
 * W. Liu et al., arXiv:2409.06411. α = 1 is the plain sum.
 *
 * @throws RangeError if alpha is missing or outside [0, 1], or a log-probability is NaN or Infinity
 *
 * @example
 * ldDpoLogProbs([-1, -1, -4], [-2], { alpha: 0.5 }); //=> { chosen: -3.5, rejected: -2 }
 */
export function ldDpoLogProbs(
  chosenTokenLogps: ArrayLike<number>,
  rejectedTokenLogps: ArrayLike<number>,
  options: { alpha: number },
): { chosen: number; rejected: number } {
  const alpha = checkNumber('alpha', options.alpha, 0, 1);
  const lw = arraySize('chosenTokenLogps', chosenTokenLogps);
  const ll = arraySize('rejectedTokenLogps', rejectedTokenLogps);
  checkLogProbs('chosenTokenLogps', chosenTokenLogps, lw);
  checkLogProbs('rejectedTokenLogps', rejectedTokenLogps, ll);
  const shared = Math.min(lw, ll);
  return {
    chosen: discounted(chosenTokenLogps, shared, alpha),
    rejected: discounted(rejectedTokenLogps, shared, alpha),
  };
}

function discounted(logps: ArrayLike<number>, shared: number, alpha: number): number {
  let full = 0;
  let rest = 0;
  for (let t = 0; t < logps.length; t++) {
    if (t < shared) full += logps[t];
    else rest += logps[t];
  }
  return alpha === 0 ? full : full + alpha * rest;
}
