// Token by token speculative sampling.

import type { Rng } from '../../random/create-rng.js';
import { softmaxNumerators } from '../../special/softmax.js';
import { scratchRow } from '../logits/workspace.js';
import { drawFromResidual, drawFromRow, drawFromRowExcept, rowEntry } from './rows.js';
import { checkBlock, type DraftedBlock, emit, lyingDraft, type Verification } from './verification.js';

export interface VerifyTokensOptions {
  /** Below 1 a token passes with probability min(1, t / (L d)), and the output is no longer distributed as the target. In (0, 1]. Default 1. */
  lenience?: number;
}

/**
 * Speculative sampling: x_i is accepted with probability min(1, t(x_i) / d(x_i)); the first rejected one is replaced by a draw
 * from max(t - d, 0), and after γ acceptances one more token is drawn from the target.
 *
 * Lossless: whatever the target and the draft, the tokens have exactly the law of sampling from the target alone. Y. Leviathan,
 * M. Kalman, Y. Matias, arXiv:2211.17192, Algorithm 1 and appendix A.1; C. Chen et al., arXiv:2302.01318, Theorem 1.
 * A null draft row counts as the point mass on the token: accepted with probability t(x), replaced by a draw from t without x.
 * The test is u d(x) < t(x), strict, so that a token of target probability 0 never passes.
 *
 * One uniform for every token tested and one for the token that follows. O(V) for one row, whatever γ is: of the rows of
 * accepted tokens one entry is read (and checked), of rows after a rejection nothing.
 *
 * @param out receives the result instead of a new one; its `tokens` need γ + 1 entries, and those not emitted become -1
 * @throws RangeError if numbers of rows or lengths do not fit, a row that is read is not a distribution within 1e-6, or the
 * draft gives probability 0 to a drafted token
 *
 * @example
 * const block = { target: [[0.5, 0.5], [0, 1]], draft: [[0.75, 0.25]], tokens: [0] };
 * verifyTokens(block, () => 0.6).tokens; //=> Int32Array.of(0, 1)
 * verifyTokens(block, () => 0.7).tokens; //=> Int32Array.of(1)
 */
export function verifyTokens(
  block: DraftedBlock,
  rng: Rng,
  options: VerifyTokensOptions = {},
  out?: Verification,
): Verification {
  const lenience = checkLenience(options);
  const gamma = checkBlock(block, out);
  const { target, draft, tokens } = block;
  for (let i = 0; i < gamma; i++) {
    const token = tokens[i];
    const t = rowEntry(`target[${i}]`, target[i], token);
    const row = draft === null ? null : draft[i];
    const d = row === null ? 1 : rowEntry(`draft[${i}]`, row, token);
    if (d === 0) throw lyingDraft(i);
    if (rng() * lenience * d < t) continue;
    const u = rng();
    const next =
      row === null
        ? drawFromRowExcept(`target[${i}]`, target[i], token, u)
        : drawFromResidual(`target[${i}]`, target[i], `draft[${i}]`, row, 1, u);
    return emit(tokens, i, next, false, i + 1, lenience === 1, out);
  }
  if (target.length === gamma) return emit(tokens, gamma, -1, false, gamma, lenience === 1, out);
  const next = drawFromRow(`target[${gamma}]`, target[gamma], rng());
  return emit(tokens, gamma, next, true, gamma, lenience === 1, out);
}

export interface VerifyLogitsOptions extends VerifyTokensOptions {
  /** Divides the target logits, in [0, Infinity). Default 1. */
  temperature?: number;
  /** Divides the draft logits; default the same as `temperature`. */
  draftTemperature?: number;
}

/**
 * `verifyTokens` on rows of logits, bit for bit what it says of their softmaxes: the exponentials and the sum of each row that is
 * reached, in scratch, and divisions only in the rows that the last token is drawn from.
 *
 * The drafted tokens must have been drawn from the softmax of the draft logits at the draft temperature. With top-k, top-p or
 * other filters, filter the logits of both models first. Uniforms as in `verifyTokens`; O(V) for each token tested.
 *
 * @param block rows of logits, otherwise as for `verifyTokens`; Float32Array rows are fine
 * @param out receives the result instead of a new one; its `tokens` need γ + 1 entries, and those not emitted become -1
 * @throws RangeError as `verifyTokens`, or if a row that is reached has no softmax
 *
 * @example
 * verifyTokensFromLogits({ target: [[0, 0], [0, 9]], draft: [[1, 0]], tokens: [0] }, () => 0.5).tokens; //=> Int32Array.of(0, 1)
 */
export function verifyTokensFromLogits(
  block: DraftedBlock,
  rng: Rng,
  options: VerifyLogitsOptions = {},
  out?: Verification,
): Verification {
  const lenience = checkLenience(options);
  const { temperature = 1 } = options;
  const { draftTemperature = temperature } = options;
  const gamma = checkBlock(block, out);
  const { target, draft, tokens } = block;
  for (let i = 0; i < gamma; i++) {
    const token = tokens[i];
    const V = target[i].length;
    const targetRow = scratchRow(V, 0);
    const targetTotal = numerators(target[i], temperature, targetRow);
    const t = targetRow[token] / targetTotal;
    const row = draft === null ? null : draft[i];
    const draftRow = scratchRow(V, 1);
    const draftTotal = row === null ? 1 : numerators(row, draftTemperature, draftRow);
    const d = row === null ? 1 : draftRow[token] / draftTotal;
    if (d === 0) throw lyingDraft(i);
    if (rng() * lenience * d < t) continue;
    const u = rng();
    divide(targetRow, targetTotal);
    if (row !== null) divide(draftRow, draftTotal);
    const next =
      row === null
        ? drawFromRowExcept(`target[${i}]`, targetRow, token, u)
        : drawFromResidual(`target[${i}]`, targetRow, `draft[${i}]`, draftRow, 1, u);
    return emit(tokens, i, next, false, i + 1, lenience === 1, out);
  }
  if (target.length === gamma) return emit(tokens, gamma, -1, false, gamma, lenience === 1, out);
  const last = scratchRow(target[gamma].length, 0);
  divide(last, numerators(target[gamma], temperature, last));
  return emit(tokens, gamma, drawFromRow(`target[${gamma}]`, last, rng()), true, gamma, lenience === 1, out);
}

/** `softmaxNumerators` of a row of any kind. */
function numerators(logits: ArrayLike<number>, temperature: number, out: Float64Array): number {
  if (logits instanceof Float64Array) return softmaxNumerators(logits, temperature, out);
  out.set(logits); // a loop that reads two kinds of rows is several times slower
  return softmaxNumerators(out, temperature, out);
}

function divide(row: Float64Array, total: number): void {
  if (total !== 1) for (let i = 0; i < row.length; i++) row[i] /= total;
}

function checkLenience({ lenience = 1 }: VerifyTokensOptions): number {
  if (!(lenience > 0 && lenience <= 1)) throw new RangeError(`lenience must be a number in (0, 1], got ${lenience}`);
  return lenience;
}
