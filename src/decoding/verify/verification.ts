// What goes into a verifier and what comes out of it.

import { checkLengths, checkToken } from './rows.js';

/** A block of drafted tokens x_1..x_γ and the distributions at their positions. */
export interface DraftedBlock {
  /**
   * Target probabilities, row i after the context and x_1..x_i: γ + 1 rows, or γ to do without the extra token when all are
   * accepted (after an end of sequence). Rows are distributions after every filter and penalty.
   */
  target: ArrayLike<ArrayLike<number>>;
  /**
   * Draft probabilities, γ rows: the distributions that the tokens were really drawn from, after every filter. A null row,
   * or null for all, says that the token was chosen without chance (prompt lookup, argmax).
   */
  draft: ArrayLike<ArrayLike<number> | null> | null;
  /** The drafted tokens, γ >= 0 of them. */
  tokens: ArrayLike<number>;
}

export interface Verification {
  /** How many of the drafted tokens were accepted. */
  accepted: number;
  /** The accepted tokens, then the correction or the extra token (unless there was no row for it). */
  tokens: Int32Array;
  /** Whether all were accepted and the last token is an extra one. */
  bonus: boolean;
  /** How many of the drafted tokens were looked at. */
  tested: number;
  /** Whether the law of the output is that of the target alone. */
  lossless: boolean;
}

/**
 * γ, after checking that the numbers of rows fit, that every token is in the vocabulary and that `out` has room for γ + 1
 * tokens.
 */
export function checkBlock({ target, draft, tokens }: DraftedBlock, out?: Verification): number {
  const gamma = tokens.length;
  if (out !== undefined && out.tokens.length < gamma + 1) {
    throw new RangeError(`out.tokens must have at least ${gamma + 1} entries, got ${out.tokens.length}`);
  }
  if (target.length !== gamma + 1 && !(target.length === gamma && gamma > 0)) {
    throw new RangeError(`target must have ${gamma + 1} rows, got ${target.length}`);
  }
  if (draft !== null && draft.length !== gamma)
    throw new RangeError(`draft must have ${gamma} rows, got ${draft.length}`);
  const V = target[0].length;
  for (let i = 0; i < gamma; i++) {
    checkToken(`tokens[${i}]`, tokens[i], V);
    checkLengths(`target[${i}]`, target[i], V);
    const row = draft === null ? null : draft[i];
    if (row !== null) checkLengths(`draft[${i}]`, row, V);
  }
  if (target.length > gamma) checkLengths(`target[${gamma}]`, target[gamma], V);
  return gamma;
}

/**
 * The first `accepted` of the drafted tokens and, unless it is negative, the one that follows. Written into `out` if it is given;
 * the entries of its `tokens` past those emitted become -1.
 */
export function emit(
  drafted: ArrayLike<number>,
  accepted: number,
  next: number,
  bonus: boolean,
  tested: number,
  lossless: boolean,
  out: Verification | undefined,
): Verification {
  const tokens = out?.tokens ?? new Int32Array(next < 0 ? accepted : accepted + 1);
  for (let i = 0; i < accepted; i++) tokens[i] = drafted[i];
  if (next >= 0) tokens[accepted] = next;
  if (out === undefined) return { accepted, tokens, bonus, tested, lossless };
  for (let i = next < 0 ? accepted : accepted + 1; i < tokens.length; i++) tokens[i] = -1;
  out.accepted = accepted;
  out.bonus = bonus;
  out.tested = tested;
  out.lossless = lossless;
  return out;
}

export function lyingDraft(i: number): RangeError {
  return new RangeError(`draft[${i}] gives probability 0 to the drafted token`);
}
