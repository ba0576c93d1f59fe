/**
 * Process advantages: how much a step changes the chance of success under a prover, here the best of k tries.
 *
 * A. Setlur, C. Nagpal, A. Fisch, X. Geng, J. Eisenstein, R. Agarwal, A. Agarwal, J. Berant, A. Kumar, "Rewarding
 * Progress: Scaling Automated Process Verifiers for LLM Reasoning", arXiv:2410.08146, equations (1)-(4), Section 4.
 *
 *   paper        here             meaning
 *   Q^π(s, a)    qBase            success probability of the base policy after the step
 *   V^π(s)       vBase            before it
 *   μ = BoK(π)   k                the prover: best of k tries of the base policy
 *   A^μ          advantage        Q^μ - V^μ
 *   α            alpha            weight of progress in the effective reward Q^π + α A^μ
 */
import { checkInteger, checkNumber, checkProbabilities, checkVector } from '../internal/check.js';
import { exp, expm1, log, log1p } from '../special/index.js';

export interface ProcessAdvantage {
  /** Q^μ of every step. */
  proverQ: Float64Array;
  /** V^μ of the state. */
  proverV: number;
  /** A^μ of every step. */
  advantage: Float64Array;
  /** Q^π + α A^μ of every step. */
  effectiveReward: Float64Array;
}

/**
 * Process advantages of the steps at one state. A^μ <= 0 exactly where Q^π <= V^π; k = 1 gives the base policy's own.
 *
 * @param qBase success probability after each step
 * @param vBase success probability before
 * @throws RangeError if a probability is not in [0, 1], k is not a positive integer or alpha is negative
 *
 * @example
 * processAdvantage([0.5], 0.25, { k: 2, alpha: 1 }).advantage[0].toFixed(4); //=> '0.3125'
 */
export function processAdvantage(
  qBase: ArrayLike<number>,
  vBase: number,
  { k = 4, alpha = 1 }: { k?: number; alpha?: number } = {},
): ProcessAdvantage {
  checkUnit('qBase', qBase);
  checkNumber('vBase', vBase, 0, 1);
  checkInteger('k', k, 1);
  checkNumber('alpha', alpha, 0);
  const proverQ = Float64Array.from(qBase, (q) => bestOfKValue(q, k));
  const proverV = bestOfKValue(vBase, k);
  const advantage = proverQ.map((q) => q - proverV);
  const effectiveReward = advantage.map((a, i) => qBase[i] + alpha * a);
  return { proverQ, proverV, advantage, effectiveReward };
}

/** Success probability of the best of k independent tries: 1 - (1 - q)^k, without cancellation. */
export function bestOfKValue(q: number, k: number): number {
  return k === 1 ? q : -expm1(k * log1p(-q));
}

/**
 * The k >= 1 whose prover tells two steps best apart: the integer that maximizes (1 - q_1)^k - (1 - q_2)^k, q_1 < q_2.
 * The real maximum is at k = ln(ln(1 - q_2) / ln(1 - q_1)) / ln((1 - q_1) / (1 - q_2)).
 *
 * @throws RangeError if q1 < q2 does not hold within (0, 1)
 *
 * @example
 * bestProverK(0.1, 0.2); //=> 6
 */
export function bestProverK(q1: number, q2: number): number {
  checkNumber('q1', q1, Number.MIN_VALUE, 1 - 2e-16);
  checkNumber('q2', q2, Number.MIN_VALUE, 1 - 2e-16);
  if (!(q1 < q2)) throw new RangeError(`q2 must be above q1 = ${q1}, got ${q2}`);
  const [a, b] = [log1p(-q1), log1p(-q2)];
  const real = log(b / a) / (a - b);
  const low = Math.max(1, Math.floor(real));
  const separation = (k: number) => exp(k * a) - exp(k * b);
  return separation(low + 1) > separation(low) ? low + 1 : low;
}

/**
 * What makes a prover good: it tells the base policy's steps apart and does not disagree with it (Theorem 4.1).
 *
 * @param probs the base policy's probabilities of its steps
 * @param qBase their success probabilities; V^π is their mean under `probs`
 * @returns `variance` Var(A^μ) and `alignment` E[A^μ A^π] under the base policy
 */
export function proverQuality(
  probs: ArrayLike<number>,
  qBase: ArrayLike<number>,
  { k = 4 }: { k?: number } = {},
): { variance: number; alignment: number } {
  checkProbabilities('probs', probs);
  checkUnit('qBase', qBase);
  if (qBase.length !== probs.length)
    throw new RangeError(`qBase must have length ${probs.length}, got ${qBase.length}`);
  checkInteger('k', k, 1);
  let vBase = 0;
  for (let i = 0; i < probs.length; i++) vBase += probs[i] * qBase[i];
  const proverV = bestOfKValue(Math.min(1, vBase), k);
  let mean = 0;
  for (let i = 0; i < probs.length; i++) mean += probs[i] * (bestOfKValue(qBase[i], k) - proverV);
  let variance = 0;
  let alignment = 0;
  for (let i = 0; i < probs.length; i++) {
    const advantage = bestOfKValue(qBase[i], k) - proverV;
    variance += probs[i] * (advantage - mean) * (advantage - mean);
    alignment += probs[i] * advantage * (qBase[i] - vBase);
  }
  return { variance, alignment };
}

function checkUnit(name: string, values: ArrayLike<number>): void {
  checkVector(name, values);
  for (let i = 0; i < values.length; i++) checkNumber(`${name}[${i}]`, values[i], 0, 1);
}
