// k-SEQ: sequential verification of several independent drafts with one discounted test.

import { checkInteger } from '../../internal/check.js';
import type { Rng } from '../../random/create-rng.js';
import { expm1 } from '../../special/expm1.js';
import { log1p } from '../../special/log1p.js';
import { receiveRow, scratchRow, widen } from '../logits/workspace.js';
import { checkLengths, checkToken, drawFromRow, rowEntry, rowSum } from './rows.js';
import { lyingDraft } from './verification.js';
import type { DraftedPosition, PositionVerification } from './verify-multi-draft.js';

/**
 * β(ρ) = Σ_y min(d(y), t(y) / ρ): the chance that one draft passes when t is discounted by ρ.
 *
 * @throws RangeError if a row is not a distribution, lengths differ or rho is below 1
 *
 * @example
 * kSeqBeta([0.5, 0.5], [0.75, 0.25], 2); //=> 0.5
 */
export function kSeqBeta(target: ArrayLike<number>, draft: ArrayLike<number>, rho: number): number {
  if (!(rho >= 1 && rho < Infinity)) throw new RangeError(`rho must be a finite number >= 1, got ${rho}`);
  checkLengths('draft', draft, target.length);
  const t = widen(target, 0);
  const d = widen(draft, 1);
  rowSum('target', t);
  rowSum('draft', d);
  let beta = 0;
  for (let y = 0; y < t.length; y++) {
    const both = Math.min(d[y], t[y] / rho);
    if (both > 0) beta += both;
  }
  return Math.min(1, beta);
}

export interface KSeqPlan {
  /** The discount ρ*, in [1, K]. */
  rho: number;
  /** β(ρ*). */
  beta: number;
  /** 1 - (1 - β)^K, the chance that some draft passes. */
  acceptance: number;
  /** What the token is drawn from if none passes; null if some draft always passes. */
  residual: Float64Array | null;
}

/**
 * The best discount for K independent drafts: the least ρ >= 1 with 1 - (1 - β(ρ))^K <= ρ β(ρ), which lies in [1, K].
 *
 * Z. Sun, A. T. Suresh, J. H. Ro, A. Beirami, H. Jain, F. Yu (SpecTr), arXiv:2310.15141: the
 * acceptance is at least 1 - (1 - 1/K)^K > 1 - 1/e of that of any verifier (`otmAcceptance`). O(V) expected: β is piecewise
 * A + B/ρ, and a pivot among the ratios t/d that are still undecided halves them.
 *
 * @param k number of drafts, at least 1
 * @param out receives the residual, if there is one; neither of the rows
 * @throws RangeError if a row is not a distribution, lengths differ or k is not an integer >= 1
 *
 * @example
 * kSeqPlan([0.5, 0.5], [0.75, 0.25], 1).acceptance; //=> 0.75
 */
export function kSeqPlan(target: ArrayLike<number>, draft: ArrayLike<number>, k: number, out?: Float64Array): KSeqPlan {
  checkInteger('k', k, 1);
  checkLengths('draft', draft, target.length);
  const t = widen(target, 0);
  const d = widen(draft, 1);
  const T = rowSum('target', t);
  const D = rowSum('draft', d);
  const { rho, beta } = discount(t, d, T, D, k);
  const acceptance = beta === 0 ? 0 : Math.min(1, somePasses(beta, k));
  if (!(1 - acceptance > 1e-13)) return { rho, beta, acceptance, residual: null };
  const residual = receiveRow(t.length, out);
  const share = beta === 0 ? 0 : acceptance / beta;
  let total = 0;
  for (let y = 0; y < t.length; y++) {
    const ty = t[y] > 0 ? t[y] / T : 0;
    const dy = d[y] > 0 ? d[y] / D : 0;
    const left = ty - Math.min(dy, ty / rho) * share;
    residual[y] = left > 0 ? left : 0;
    total += residual[y];
  }
  for (let y = 0; y < t.length; y++) residual[y] /= total;
  return { rho, beta, acceptance, residual };
}

/** 1 - (1 - β)^K. */
function somePasses(beta: number, k: number): number {
  return -expm1(k * log1p(-beta));
}

/** ρ* and β(ρ*) for t/T and d/D. */
function discount(t: Float64Array, d: Float64Array, T: number, D: number, k: number): { rho: number; beta: number } {
  // Tokens with t/d >= high pass with d whatever ρ in [low, high] is, those with t/d <= low pass with t/ρ.
  let low = 1;
  let high = k;
  let A = 0;
  let B = 0;
  let size = 0;
  const undecidedT = scratchRow(t.length, 3);
  const undecidedD = scratchRow(t.length, 4);
  for (let y = 0; y < t.length; y++) {
    const ty = t[y] > 0 ? t[y] / T : 0;
    const dy = d[y] > 0 ? d[y] / D : 0;
    if (ty >= high * dy) A += dy;
    else if (ty <= dy) B += ty;
    else {
      undecidedT[size] = ty;
      undecidedD[size++] = dy;
    }
  }
  let beta = A + B;
  for (let c = 0; c < size; c++) beta += undecidedD[c];
  if (beta > 1) beta = 1;
  // Equality in exact arithmetic: one draft, disjoint supports, equal distributions.
  if (k === 1 || beta === 0 || somePasses(beta, k) <= beta) return { rho: 1, beta };

  while (size > 0) {
    const middle = size >> 1;
    const pivot = undecidedT[middle] / undecidedD[middle];
    let value = A + B / pivot;
    for (let c = 0; c < size; c++) value += Math.min(undecidedD[c], undecidedT[c] / pivot);
    const above = somePasses(Math.min(1, value), k) > pivot * value;
    let kept = 0;
    for (let c = 0; c < size; c++) {
      const ratio = undecidedT[c] / undecidedD[c];
      if (above ? ratio <= pivot : ratio < pivot) {
        if (above) B += undecidedT[c];
        else {
          undecidedT[kept] = undecidedT[c];
          undecidedD[kept++] = undecidedD[c];
        }
      } else if (above) {
        undecidedT[kept] = undecidedT[c];
        undecidedD[kept++] = undecidedD[c];
      } else A += undecidedD[c];
    }
    size = kept;
    if (above) low = pivot;
    else high = pivot;
  }
  return lastPiece(A, B, k, low, high);
}

/** The root of 1 - (1 - A - B/ρ)^K - Aρ - B in [low, high], decreasing in ρ: Newton, with bisection where it leaves the bracket. */
function lastPiece(A: number, B: number, k: number, low: number, high: number): { rho: number; beta: number } {
  let rho = (low + high) / 2;
  for (let step = 0; step < 100; step++) {
    const beta = Math.min(1, A + B / rho);
    const value = somePasses(beta, k) - (A * rho + B);
    if (value > 0) low = rho;
    else high = rho;
    let power = 1;
    for (let i = 1; i < k; i++) power *= 1 - beta;
    const slope = (-k * power * B) / (rho * rho) - A;
    let next = rho - value / slope;
    if (!(next > low && next < high)) next = low + (high - low) / 2;
    if (Math.abs(next - rho) <= 2e-16 * rho || next === low || next === high) {
      rho = next;
      break;
    }
    rho = next;
  }
  return { rho, beta: Math.min(1, A + B / rho) };
}

/**
 * k-SEQ verification: draft x_i passes if u ρ d(x_i) < t(x_i); if none does, the token is drawn from the residual of the plan.
 *
 * Lossless for independent drafts. Takes one uniform for every draft tested, and one more if none passes. O(V) for the plan,
 * O(1) for each draft.
 *
 * @param plan that of `kSeqPlan` for these rows and this number of drafts; computed when absent
 * @throws RangeError as `kSeqPlan`, or if the draft gives probability 0 to a drafted token
 *
 * @example
 * verifyKSeq({ target: [0.5, 0.5], draft: [0.75, 0.25], tokens: [0, 1] }, () => 0.1).token; //=> 0
 */
export function verifyKSeq(position: DraftedPosition, rng: Rng, plan?: KSeqPlan): PositionVerification {
  const { target, draft, tokens } = position;
  const K = tokens.length;
  for (let i = 0; i < K; i++) checkToken(`tokens[${i}]`, tokens[i], target.length);
  if (K === 0) return { token: drawFromRow('target', target, rng()), accepted: -1, tested: 0 };
  const { rho, residual } = plan ?? kSeqPlan(target, draft, K, scratchRow(target.length, 2));
  for (let i = 0; i < K; i++) {
    const d = rowEntry('draft', draft, tokens[i]);
    if (d === 0) throw lyingDraft(i);
    if (rng() * rho * d < rowEntry('target', target, tokens[i])) {
      return { token: tokens[i], accepted: i, tested: i + 1 };
    }
  }
  return { token: drawFromRow('residual', residual ?? target, rng()), accepted: -1, tested: K };
}
