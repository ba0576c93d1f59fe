// Joint verification of the whole block.

import type { Rng } from '../../random/create-rng.js';
import { drawFromResidual, drawFromRow, drawFromRowExcept, residualMass, rowEntry, rowSum } from './rows.js';
import { widen } from '../logits/workspace.js';
import { checkBlock, type DraftedBlock, emit, lyingDraft, type Verification } from './verification.js';

export interface BlockAcceptance {
  /** a_0..a_γ: the joint likelihood ratios, capped at 1 at every step. */
  ratio: Float64Array;
  /** h_1..h_γ in entries 1..γ: the chance that the block is kept up to there, given that it is not kept further. */
  keep: Float64Array;
}

/**
 * The numbers that block verification tests against: a_i = min(1, a_{i-1} t(x_i) / d(x_i)) and, with
 * S_i = Σ_y max(a_i t_i(y) - d_i(y), 0), h_i = S_i / (S_i + 1 - a_i) for i < γ, h_γ = a_γ. O(γ V).
 *
 * @param out receives the numbers in its first γ + 1 entries
 * @throws RangeError as `verifyBlock`
 *
 * @example
 * blockAcceptance({ target: [[0.5, 0.5], [1, 0]], draft: [[0.25, 0.75]], tokens: [1] }).keep[1].toFixed(4); //=> '0.6667'
 */
export function blockAcceptance(block: DraftedBlock, out?: BlockAcceptance): BlockAcceptance {
  const gamma = checkBlock(block);
  const result = out ?? { ratio: new Float64Array(gamma + 1), keep: new Float64Array(gamma + 1) };
  if (result.ratio.length <= gamma) throw new RangeError(`out.ratio must have at least ${gamma + 1} entries`);
  if (result.keep.length <= gamma) throw new RangeError(`out.keep must have at least ${gamma + 1} entries`);
  fillAcceptance(block, result);
  return result;
}

/** `blockAcceptance` of a block that has been checked. */
function fillAcceptance({ target, draft, tokens }: DraftedBlock, { ratio, keep }: BlockAcceptance): void {
  const gamma = tokens.length;
  ratio[0] = 1;
  keep[0] = 0;
  for (let i = 1; i <= gamma; i++) {
    const token = tokens[i - 1];
    const row = draft === null ? null : draft[i - 1];
    const t = rowEntry(`target[${i - 1}]`, target[i - 1], token);
    const d = row === null ? 1 : rowEntry(`draft[${i - 1}]`, row, token);
    if (d === 0) throw lyingDraft(i - 1);
    const a = Math.min(1, (ratio[i - 1] * t) / d);
    ratio[i] = a;
    if (i === gamma) {
      keep[i] = a;
    } else {
      const next = draft === null ? null : draft[i];
      const S =
        next === null
          ? massBeyondPoint(`target[${i}]`, target[i], tokens[i], a)
          : residualMass(`target[${i}]`, target[i], `draft[${i}]`, next, a);
      const denominator = S + (1 - a); // in this order it is never below S
      keep[i] = denominator === 0 ? 1 : S / denominator;
    }
  }
}

/** Holds nothing between calls. */
const scratch: BlockAcceptance = { ratio: new Float64Array(16), keep: new Float64Array(16) };

/** Σ_y max(a t(y) - 1{y = x}, 0). */
function massBeyondPoint(name: string, target: ArrayLike<number>, token: number, a: number): number {
  const row = widen(target);
  const T = rowSum(name, row);
  let total = 0;
  for (let y = 0; y < row.length; y++) if (y !== token && row[y] > 0) total += row[y];
  return (a * total) / T;
}

/**
 * Block verification: looks at the drafted tokens jointly and keeps the longest prefix that passes. Lossless, and never fewer
 * expected tokens than `verifyTokens`.
 *
 * With u_i uniform, τ is the largest i with u_i < h_i of `blockAcceptance`, 0 if none; then the next token is drawn from
 * max(a_τ t_τ - d_τ, 0), normalised, or from t_γ if τ = γ. Z. Sun, U. Mendlovic, Y. Leviathan, A. Aharoni, J. H. Ro,
 * A. Beirami, A. T. Suresh, arXiv:2403.10444, Algorithm 2 and Theorems 1 and 2. The block may have any length, also one that
 * depends on the drafted tokens. A null draft row is the point mass on its token.
 *
 * Takes γ + 1 uniforms, always u_1..u_γ first (γ without a row for the extra token if all are kept). O(γ V).
 *
 * @param out receives the result instead of a new one; its `tokens` need γ + 1 entries, and those not emitted become -1
 * @throws RangeError if numbers of rows or lengths do not fit, a row is not a distribution within 1e-6, or the draft gives
 * probability 0 to a drafted token
 *
 * @example
 * const block = { target: [[0.5, 0.5], [1, 0]], draft: [[0.25, 0.75]], tokens: [1] };
 * verifyBlock(block, () => 0.6).tokens; //=> Int32Array.of(1, 0)
 * verifyBlock(block, () => 0.7).tokens; //=> Int32Array.of(0)
 */
export function verifyBlock(block: DraftedBlock, rng: Rng, out?: Verification): Verification {
  const gamma = checkBlock(block, out);
  if (scratch.ratio.length <= gamma) {
    scratch.ratio = new Float64Array(2 * gamma + 1);
    scratch.keep = new Float64Array(2 * gamma + 1);
  }
  fillAcceptance(block, scratch);
  const { ratio, keep } = scratch;
  const { target, draft, tokens } = block;
  let tau = 0;
  for (let i = 1; i <= gamma; i++) if (rng() < keep[i]) tau = i;
  if (tau === gamma) {
    if (target.length === gamma) return emit(tokens, gamma, -1, false, gamma, true, out);
    return emit(tokens, gamma, drawFromRow(`target[${gamma}]`, target[gamma], rng()), true, gamma, true, out);
  }
  const u = rng();
  const row = draft === null ? null : draft[tau];
  const next =
    row === null
      ? drawFromRowExcept(`target[${tau}]`, target[tau], tokens[tau], u)
      : drawFromResidual(`target[${tau}]`, target[tau], `draft[${tau}]`, row, ratio[tau], u);
  return emit(tokens, tau, next, false, gamma, true, out);
}
