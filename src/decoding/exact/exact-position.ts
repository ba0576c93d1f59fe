// The exact law of one position with several drafts.

import { kSeqPlan } from '../verify/k-seq.js';
import { otmPlan } from '../verify/optimal-transport.js';
import { multiDraftLaw } from '../verify/verify-multi-draft.js';

export type PositionMethod = 'multidraft' | 'kseq' | 'otm';

export interface ExactPosition {
  /** P(token x is accepted as a draft); the sum is the acceptance. */
  accepted: Float64Array;
  /** P(token x comes out of the residual). Both together are the target iff the verifier is lossless. */
  residual: Float64Array;
}

export interface ExactPositionOptions {
  method: PositionMethod;
  /** Number of drafts. */
  drafts: number;
  /** Whether the drafts are independent. Default true; 'kseq' knows no other. */
  replacement?: boolean;
}

/**
 * How often every token comes out of one position, accepted or drawn from the residual.
 *
 * @throws RangeError as `multiDraftAcceptance`, `kSeqPlan` or `otmPlan`, or for 'kseq' without replacement
 *
 * @example
 * exactPosition([0.5, 0.5], [0.75, 0.25], { method: 'multidraft', drafts: 1 }).accepted; //=> Float64Array.of(0.5, 0.25)
 */
export function exactPosition(
  target: ArrayLike<number>,
  draft: ArrayLike<number>,
  { method, drafts, replacement = true }: ExactPositionOptions,
): ExactPosition {
  if (method === 'multidraft') {
    const { accepted, residual } = multiDraftLaw(target, draft, { k: drafts, replacement });
    return { accepted, residual };
  }
  const V = target.length;
  const accepted = new Float64Array(V);
  if (method === 'otm') {
    const plan = otmPlan(target, draft, { k: drafts, replacement });
    plan.sets.forEach((set, s) => set.forEach((y, j) => void (accepted[y] += plan.flow[s][j])));
    return { accepted, residual: scaled(plan.residual, 1 - plan.acceptance, V) };
  }
  if (!replacement) throw new RangeError("replacement must be true for method 'kseq', got false");
  const { rho, beta, acceptance, residual } = kSeqPlan(target, draft, drafts);
  const share = beta === 0 ? 0 : acceptance / beta;
  for (let y = 0; y < V; y++) accepted[y] = Math.min(draft[y], target[y] / rho) * share;
  return { accepted, residual: scaled(residual, 1 - acceptance, V) };
}

function scaled(row: Float64Array | null, factor: number, V: number): Float64Array {
  return row === null ? new Float64Array(V) : row.map((p) => p * factor);
}
