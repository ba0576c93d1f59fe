// Verification by comparison: with the argmax of the target, and with a draw from it.

import type { Rng } from '../../random/create-rng.js';
import { widen } from '../logits/workspace.js';
import { drawFromRow } from './rows.js';
import { checkBlock, type DraftedBlock, emit, type Verification } from './verification.js';

/**
 * Accepts while the drafted token is the argmax of the target, and emits the argmax where it is not: the output is that of
 * greedy decoding, token for token.
 *
 * No uniforms. M. Stern, N. Shazeer, J. Uszkoreit, arXiv:1811.03115, section 3. O(V) for each token tested; rows may be
 * probabilities or logits.
 *
 * @param out receives the result instead of a new one; its `tokens` need γ + 1 entries, and those not emitted become -1
 * @throws RangeError if numbers of rows or lengths do not fit or a row that is reached holds NaN
 *
 * @example
 * verifyGreedy({ target: [[0.4, 0.6], [0.9, 0.1]], tokens: [1] }).tokens; //=> Int32Array.of(1, 0)
 */
export function verifyGreedy(
  { target, tokens }: Pick<DraftedBlock, 'target' | 'tokens'>,
  out?: Verification,
): Verification {
  const gamma = checkBlock({ target, draft: null, tokens }, out);
  for (let i = 0; i < gamma; i++) {
    const best = argmaxOfRow(`target[${i}]`, target[i]);
    if (best !== tokens[i]) return emit(tokens, i, best, false, i + 1, true, out);
  }
  if (target.length === gamma) return emit(tokens, gamma, -1, false, gamma, true, out);
  return emit(tokens, gamma, argmaxOfRow(`target[${gamma}]`, target[gamma]), true, gamma, true, out);
}

/**
 * Draws from the target at every position and accepts while the draw equals the drafted token.
 *
 * Lossless for any draft whatever, and with one uniform a position: from the same generator the output is that of sampling
 * from the target alone, token for token. Accepts with probability Σ t d on average (`matchAcceptanceRate`), less than
 * `verifyTokens`. One uniform for every position reached.
 *
 * @param out receives the result instead of a new one; its `tokens` need γ + 1 entries, and those not emitted become -1
 * @throws RangeError if numbers of rows or lengths do not fit or a row that is reached is not a distribution within 1e-6
 *
 * @example
 * verifyMatch({ target: [[0.4, 0.6], [0.9, 0.1]], tokens: [1] }, () => 0.5).tokens; //=> Int32Array.of(1, 0)
 */
export function verifyMatch(
  { target, tokens }: Pick<DraftedBlock, 'target' | 'tokens'>,
  rng: Rng,
  out?: Verification,
): Verification {
  const gamma = checkBlock({ target, draft: null, tokens }, out);
  for (let i = 0; i < gamma; i++) {
    const drawn = drawFromRow(`target[${i}]`, target[i], rng());
    if (drawn !== tokens[i]) return emit(tokens, i, drawn, false, i + 1, true, out);
  }
  if (target.length === gamma) return emit(tokens, gamma, -1, false, gamma, true, out);
  return emit(tokens, gamma, drawFromRow(`target[${gamma}]`, target[gamma], rng()), true, gamma, true, out);
}

/** First index of the largest entry. */
export function argmaxOfRow(name: string, values: ArrayLike<number>): number {
  const row = widen(values);
  let best = 0;
  for (let i = 0; i < row.length; i++) {
    if (!(row[i] <= row[best])) {
      if (Number.isNaN(row[i])) throw new RangeError(`${name}[${i}] is NaN`);
      best = i;
    }
  }
  return best;
}
