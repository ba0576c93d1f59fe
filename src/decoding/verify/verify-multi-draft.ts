// Recursive rejection over several drafts of one position.

import { checkInteger } from '../../internal/check.js';
import type { Rng } from '../../random/create-rng.js';
import { MAX_TERMS } from '../exact/joint-law.js';
import { scratchRow } from '../logits/workspace.js';
import { drawFromRow, rowEntry, rowSum, checkLengths, checkToken } from './rows.js';
import { lyingDraft } from './verification.js';

/** Several drafts of one token, and the distributions at its position. */
export interface DraftedPosition {
  /** Target probabilities, length V. */
  target: ArrayLike<number>;
  /** Draft probabilities, length V. */
  draft: ArrayLike<number>;
  /** The drafted tokens, in the order drawn. */
  tokens: ArrayLike<number>;
}

export interface PositionVerification {
  /** The token that comes out. */
  token: number;
  /** Which draft it is, -1 if none was accepted. */
  accepted: number;
  /** How many drafts were looked at. */
  tested: number;
}

export interface MultiDraftOptions {
  /** True if the drafts are independent draws, false if drawn without replacement (`gumbelTopK`). Default true. */
  replacement?: boolean;
}

/**
 * Multi-round rejection: draft x_j is accepted with probability min(1, r(x_j) / e(x_j)), starting from r = t and e = d; after a
 * rejection r ← max(r - e, 0), normalised, and without replacement e loses x_j. If all fail a token is drawn from r.
 *
 * Lossless in both modes, provided the drafts were drawn the way `replacement` says; duplicates of independent drafts must stay.
 * With replacement: X. Miao et al. (SpecInfer), arXiv:2305.09781, section 4.3. Without: W. Jeon, M. Gagrani, R. Goel, J. Park,
 * M. Lee, C. Lott (recursive speculative decoding), arXiv:2402.14160, Algorithm 1 and Theorem 3.1.
 *
 * One uniform for every draft tested, and one more if none is accepted. O(V) for each rejection, O(1) if the first is accepted; no
 * allocation of rows.
 *
 * @throws RangeError if lengths differ, a row that is read is not a distribution within 1e-6, or a drafted token had
 * probability 0 when it was drawn
 *
 * @example
 * verifyMultiDraft({ target: [0.5, 0.5], draft: [0.9, 0.1], tokens: [0, 1] }, () => 0.7, { replacement: false }).token; //=> 1
 */
export function verifyMultiDraft(
  position: DraftedPosition,
  rng: Rng,
  options: MultiDraftOptions = {},
): PositionVerification {
  const { target, draft, tokens } = position;
  const { replacement = true } = options;
  const V = target.length;
  checkLengths('draft', draft, V);
  for (let j = 0; j < tokens.length; j++) checkToken(`tokens[${j}]`, tokens[j], V);
  if (tokens.length === 0) return { token: drawFromRow('target', target, rng()), accepted: -1, tested: 0 };

  // Rows are copied only when the first draft has failed.
  const first = tokens[0];
  const d = rowEntry('draft', draft, first);
  if (d === 0) throw lyingDraft(0);
  if (rng() * d < rowEntry('target', target, first)) return { token: first, accepted: 0, tested: 1 };
  const r = normalizedCopy('target', target, scratchRow(V, 2));
  const e = normalizedCopy('draft', draft, scratchRow(V, 3));
  for (let j = 0; ;) {
    takeResidual(r, e);
    const exhausted = !replacement && !removeToken(e, tokens[j]);
    j += 1;
    if (exhausted || j === tokens.length) return { token: drawFromRow('residual', r, rng()), accepted: -1, tested: j };
    const token = tokens[j];
    if (e[token] === 0) throw lyingDraft(j);
    if (rng() * e[token] < r[token]) return { token, accepted: j, tested: j + 1 };
  }
}

/** r ← max(r - e, 0), normalised; r stays if that has no mass. */
function takeResidual(r: Float64Array, e: Float64Array): void {
  let total = 0;
  for (let y = 0; y < r.length; y++) if (r[y] > e[y]) total += r[y] - e[y];
  if (total === 0) return;
  for (let y = 0; y < r.length; y++) r[y] = r[y] > e[y] ? (r[y] - e[y]) / total : 0;
}

/** e without a token, renormalised; false if nothing is left. */
function removeToken(e: Float64Array, token: number): boolean {
  e[token] = 0;
  let left = 0;
  for (let y = 0; y < e.length; y++) left += e[y];
  if (left === 0) return false;
  for (let y = 0; y < e.length; y++) e[y] /= left;
  return true;
}

export function normalizedCopy(name: string, probabilities: ArrayLike<number>, out?: Float64Array): Float64Array {
  const row = out ?? new Float64Array(probabilities.length);
  row.set(probabilities);
  const total = rowSum(name, row);
  for (let y = 0; y < row.length; y++) row[y] = row[y] > 0 ? row[y] / total : 0;
  return row;
}

export interface MultiDraftAcceptanceOptions extends MultiDraftOptions {
  /** Number of drafts K, at least 1. */
  k: number;
}

export interface MultiDraftAcceptance {
  /** P(some draft is accepted). */
  acceptance: number;
  /** P(draft j is the accepted one). */
  perDraft: Float64Array;
}

/**
 * The exact acceptance of `verifyMultiDraft`. O(K V) with replacement; by enumeration without, at most 10^6 orders.
 *
 * Without replacement it is 1 once the K drafts cover the support of the draft and that covers the target's: two drafts always
 * do in a vocabulary of two.
 *
 * @throws RangeError if a row is not a distribution, k is not an integer >= 1, or V^k exceeds 10^6 without replacement
 *
 * @example
 * multiDraftAcceptance([0.5, 0.5], [0.9, 0.1], { k: 2, replacement: false }).acceptance; //=> 1
 */
export function multiDraftAcceptance(
  target: ArrayLike<number>,
  draft: ArrayLike<number>,
  options: MultiDraftAcceptanceOptions,
): MultiDraftAcceptance {
  const { perDraft } = multiDraftLaw(target, draft, options);
  let acceptance = 0;
  for (let j = 0; j < perDraft.length; j++) acceptance += perDraft[j];
  return { acceptance, perDraft };
}

/** Mass with which each token is accepted, mass with which it comes from the last residual, and mass accepted at each draft. */
export function multiDraftLaw(
  target: ArrayLike<number>,
  draft: ArrayLike<number>,
  { k, replacement = true }: MultiDraftAcceptanceOptions,
): { accepted: Float64Array; residual: Float64Array; perDraft: Float64Array } {
  checkInteger('k', k, 1);
  const V = target.length;
  checkLengths('draft', draft, V);
  const accepted = new Float64Array(V);
  const residual = new Float64Array(V);
  const perDraft = new Float64Array(k);
  const t = normalizedCopy('target', target);
  const d = normalizedCopy('draft', draft);
  let orders = 1;
  for (let j = 0; j < k && !replacement; j++) orders *= V;
  if (orders > MAX_TERMS) throw new RangeError(`k gives ${orders} orders of drafts, more than ${MAX_TERMS}`);

  const visit = (j: number, r: Float64Array, e: Float64Array, weight: number): void => {
    let accept = 0;
    for (let x = 0; x < V; x++) {
      const both = Math.min(r[x], e[x]);
      accepted[x] += weight * both;
      accept += both;
    }
    perDraft[j] += weight * accept;
    const next = r.slice();
    takeResidual(next, e);
    if (replacement) {
      settle(j, next, e, weight * Math.max(0, 1 - accept));
      return;
    }
    for (let x = 0; x < V; x++) {
      const rejected = weight * Math.max(0, e[x] - r[x]);
      if (rejected === 0) continue;
      const left = e.slice();
      if (removeToken(left, x)) settle(j, next, left, rejected);
      else for (let y = 0; y < V; y++) residual[y] += rejected * next[y];
    }
  };
  const settle = (j: number, r: Float64Array, e: Float64Array, weight: number): void => {
    if (weight === 0) return;
    if (j + 1 < k) visit(j + 1, r, e, weight);
    else for (let y = 0; y < V; y++) residual[y] += weight * r[y];
  };
  visit(0, t, d, 1);
  return { accepted, residual, perDraft };
}
