// Typical acceptance: by the target's probability alone. Not lossless.

import { checkNumber, checkOption } from '../../internal/check.js';
import type { Rng } from '../../random/create-rng.js';
import { exp } from '../../special/exp.js';
import { log } from '../../special/log.js';
import { widen } from '../logits/workspace.js';
import { drawFromRow, rowEntry, rowSum } from './rows.js';
import { argmaxOfRow } from './verify-greedy.js';
import { checkBlock, type DraftedBlock, emit, type Verification } from './verification.js';

export interface TypicalOptions {
  /** Hard threshold ε on the probability, in [0, 1]. Default 0.3. */
  epsilon?: number;
  /** Factor δ of e^(-H), in [0, 1]. Default 0.09. */
  delta?: number;
}

export interface VerifyTypicalOptions extends TypicalOptions {
  /** The token after the accepted ones: the argmax of the target, or a draw from it. Default 'argmax'. */
  correction?: 'argmax' | 'sample';
}

/**
 * How many of the drafted tokens typical acceptance lets pass: those before the first with t(x) <= min(ε, δ e^(-H(t))), H the
 * entropy in nats.
 *
 * T. Cai, Y. Li, Z. Geng, H. Peng, J. D. Lee, D. Chen, T. Dao, arXiv:2401.10774, section 2.3.1, with their defaults
 * ε = 0.3, δ = 0.09. O(V) for each token tested.
 *
 * @param target one row of probabilities a token; more rows are not read
 * @throws RangeError if an option is outside [0, 1] or a row that is reached is not a distribution within 1e-6
 *
 * @example
 * typicalAcceptance([[0.9, 0.1], [0.999, 0.001]], [0, 1]); //=> 1
 */
export function typicalAcceptance(
  target: ArrayLike<ArrayLike<number>>,
  tokens: ArrayLike<number>,
  options: TypicalOptions = {},
): number {
  const epsilon = checkNumber('epsilon', options.epsilon ?? 0.3, 0, 1);
  const delta = checkNumber('delta', options.delta ?? 0.09, 0, 1);
  for (let i = 0; i < tokens.length; i++) {
    const entropy = rowEntropy(`target[${i}]`, target[i]);
    if (!(rowEntry(`target[${i}]`, target[i], tokens[i]) > Math.min(epsilon, delta * exp(-entropy)))) return i;
  }
  return tokens.length;
}

/**
 * Emits the tokens of `typicalAcceptance` and one more: the argmax of the target there, or a draw from it.
 *
 * **Not lossless**: tokens that the target finds typical pass whatever the draft, so the output follows neither model. No
 * uniforms with 'argmax', one with 'sample'.
 *
 * @param out receives the result instead of a new one; its `tokens` need γ + 1 entries, and those not emitted become -1
 * @throws RangeError as `typicalAcceptance`, or if numbers of rows or lengths do not fit
 *
 * @example
 * verifyTypical({ target: [[0.9, 0.1], [0.2, 0.8]], tokens: [0] }, () => 0).tokens; //=> Int32Array.of(0, 1)
 */
export function verifyTypical(
  { target, tokens }: Pick<DraftedBlock, 'target' | 'tokens'>,
  rng: Rng,
  options: VerifyTypicalOptions = {},
  out?: Verification,
): Verification {
  const correction = checkOption('correction', options.correction ?? 'argmax', ['argmax', 'sample']);
  const gamma = checkBlock({ target, draft: null, tokens }, out);
  const accepted = typicalAcceptance(target, tokens, options);
  const tested = Math.min(gamma, accepted + 1);
  if (accepted === target.length) return emit(tokens, accepted, -1, false, tested, false, out);
  const name = `target[${accepted}]`;
  const next =
    correction === 'argmax' ? argmaxOfRow(name, target[accepted]) : drawFromRow(name, target[accepted], rng());
  return emit(tokens, accepted, next, accepted === gamma, tested, false, out);
}

/**
 * Of several drafted sequences the one with the longest typical prefix; ties by the larger Σ log t of the prefix, then by the
 * lower index.
 *
 * @example
 * bestTypicalCandidate([{ target: [[0.9, 0.1]], tokens: [1] }, { target: [[0.9, 0.1]], tokens: [0] }]).index; //=> 1
 */
export function bestTypicalCandidate(
  candidates: readonly Pick<DraftedBlock, 'target' | 'tokens'>[],
  options: TypicalOptions = {},
): { index: number; accepted: number } {
  if (candidates.length === 0) throw new RangeError('candidates must not be empty');
  let index = 0;
  let accepted = -1;
  let logProb = -Infinity;
  candidates.forEach(({ target, tokens }, c) => {
    const length = typicalAcceptance(target, tokens, options);
    let total = 0;
    for (let i = 0; i < length; i++) total += log(target[i][tokens[i]]);
    if (length > accepted || (length === accepted && total > logProb)) {
      index = c;
      accepted = length;
      logProb = total;
    }
  });
  return { index, accepted };
}

function rowEntropy(name: string, probabilities: ArrayLike<number>): number {
  const row = widen(probabilities);
  rowSum(name, row);
  let entropy = 0;
  for (let i = 0; i < row.length; i++) if (row[i] > 0) entropy -= row[i] * log(row[i]);
  return entropy;
}
