// The exact law of one round of speculative decoding, by enumeration over a small vocabulary.

import { checkInteger, checkOption } from '../../internal/check.js';
import { blockAcceptance } from '../verify/verify-block.js';
import { checkBlock, type DraftedBlock, lyingDraft } from '../verify/verification.js';
import { residualDistribution } from '../verify/acceptance.js';
import { checkTerms, continueToLength, type ContextRows, encodeSequence, MAX_TERMS, modelRow } from './joint-law.js';
import { exactPosition, type PositionMethod } from './exact-position.js';

export type BlockMethod = 'token' | 'block' | 'match';

export interface ExactRoundOptions {
  /** Verifier: 'token', 'block', 'match' for any γ; 'multidraft', 'kseq', 'otm' for γ = 1 and several drafts. */
  method: BlockMethod | PositionMethod;
  /** Vocabulary size V. */
  vocab: number;
  /** Number of drafted tokens γ, at least 0. */
  gamma: number;
  /** Number of drafts at the position, for the methods of several drafts. Default 1. */
  drafts?: number;
  /** Whether those are independent; otherwise drawn without replacement. Default true. */
  replacement?: boolean;
  /** For 'token', 'block', 'match': drafting ends after these drafted tokens though there are fewer than γ. Default never. */
  stop?: (drafted: readonly number[]) => boolean;
}

export interface ExactRound {
  /** P(exactly k tokens accepted), k = 0..γ. */
  acceptedLength: Float64Array;
  /** 1 + Σ k P(k). */
  expectedTokens: number;
  /**
   * The law of the first γ + 1 tokens when decoding goes on from the target alone after the round, entry Σ_i x_i V^(γ-i).
   * Equal to `autoregressiveJoint(target, { vocab, length: γ + 1 })` iff the verifier is lossless there.
   */
  joint: Float64Array;
}

/**
 * One round of speculative decoding, exactly: how many tokens are accepted and what law the output has.
 *
 * A proof of losslessness for the tables at hand, up to rounding. O(γ V^(γ+1)).
 *
 * @param target rows for every context of length 0..γ
 * @param draft rows for every context of length 0..γ-1; the drafted tokens are drawn from it
 * @throws RangeError if V^(γ+1) exceeds 10^6, a row is not a distribution, or the method of several drafts has γ other than 1
 *
 * @example
 * exactRound(() => [0.5, 0.5], () => [0.75, 0.25], { method: 'token', vocab: 2, gamma: 1 }).expectedTokens; //=> 1.75
 */
export function exactRound(target: ContextRows, draft: ContextRows, options: ExactRoundOptions): ExactRound {
  const method = checkOption('method', options.method, ['token', 'block', 'match', 'multidraft', 'kseq', 'otm']);
  const vocab = checkInteger('vocab', options.vocab, 1);
  const gamma = checkInteger('gamma', options.gamma, 0);
  checkTerms(vocab, gamma + 1);
  if (method === 'multidraft' || method === 'kseq' || method === 'otm') {
    if (gamma !== 1) throw new RangeError(`gamma must be 1 for method '${method}', got ${gamma}`);
    return exactPositionRound(target, draft, method, vocab, options);
  }

  const acceptedLength = new Float64Array(gamma + 1);
  const ended = endedArrays(vocab, gamma + 1);
  const drafted: number[] = [];
  const draftRows: ArrayLike<number>[] = [];
  const targetRows: ArrayLike<number>[] = [];

  const visit = (weight: number): void => {
    targetRows.push(modelRow('target', target, drafted, vocab));
    if (drafted.length === gamma || options.stop?.(drafted) === true) {
      const law = acceptedLengthLaw(method, { target: targetRows, draft: draftRows, tokens: drafted });
      for (let k = 0; k <= drafted.length; k++) {
        if (law.length[k] === 0) continue;
        acceptedLength[k] += weight * law.length[k];
        const base = encodeSequence(drafted.slice(0, k), vocab) * vocab;
        const next = law.next(k);
        for (let y = 0; y < vocab; y++) ended[k + 1][base + y] += weight * law.length[k] * next[y];
      }
    } else {
      const row = modelRow('draft', draft, drafted, vocab);
      draftRows.push(row);
      for (let x = 0; x < vocab; x++) {
        if (!(row[x] > 0)) continue;
        drafted.push(x);
        visit(weight * row[x]);
        drafted.pop();
      }
      draftRows.pop();
    }
    targetRows.pop();
  };
  visit(1);
  return summarize(acceptedLength, continueToLength(ended, vocab, gamma + 1, target));
}

/**
 * P(exactly k of the given drafted tokens are accepted), k = 0..γ.
 *
 * @param block a draft as for `verifyTokens` and `verifyBlock`
 * @throws RangeError as those
 *
 * @example
 * acceptedLengthDistribution('token', { target: [[0.5, 0.5], [0.5, 0.5]], draft: [[1, 0]], tokens: [0] }); //=> Float64Array.of(0.5, 0.5)
 */
export function acceptedLengthDistribution(method: BlockMethod, block: DraftedBlock): Float64Array {
  checkOption('method', method, ['token', 'block', 'match']);
  return acceptedLengthLaw(method, block).length;
}

interface LengthLaw {
  length: Float64Array;
  /** Distribution of the token after k accepted ones. */
  next(k: number): ArrayLike<number>;
}

function acceptedLengthLaw(method: BlockMethod, block: DraftedBlock): LengthLaw {
  const gamma = checkBlock(block);
  const { target, draft, tokens } = block;
  const length = new Float64Array(gamma + 1);
  if (method === 'block') {
    const { ratio, keep } = blockAcceptance(block);
    let notLonger = 1;
    for (let k = gamma; k >= 1; k--) {
      length[k] = notLonger * keep[k];
      notLonger *= 1 - keep[k];
    }
    length[0] = notLonger;
    return {
      length,
      next: (k) => (k === gamma ? target[gamma] : scaledResidual(target[k], draft?.[k] ?? null, tokens[k], ratio[k])),
    };
  }
  let reached = 1;
  for (let k = 0; k < gamma; k++) {
    const t = target[k][tokens[k]];
    const d = draft?.[k]?.[tokens[k]] ?? 1;
    if (d === 0) throw lyingDraft(k);
    const accept = method === 'match' ? t : Math.min(1, t / d);
    length[k] = reached * (1 - accept);
    reached *= accept;
  }
  length[gamma] = reached;
  return {
    length,
    next: (k) => {
      if (k === gamma) return target[gamma];
      const row = method === 'match' ? null : (draft?.[k] ?? null);
      return scaledResidual(target[k], row, tokens[k], 1);
    },
  };
}

/** max(a t - d, 0) normalised, or t if it has no mass; a null d is the point mass on the token. */
function scaledResidual(t: ArrayLike<number>, d: ArrayLike<number> | null, token: number, a: number): Float64Array {
  if (a === 1 && d !== null) return residualDistribution(t, d);
  const result = new Float64Array(t.length);
  let total = 0;
  for (let y = 0; y < t.length; y++) {
    result[y] = Math.max(0, a * t[y] - (d === null ? Number(y === token) : d[y]));
    total += result[y];
  }
  for (let y = 0; y < t.length; y++) result[y] = total > 0 ? result[y] / total : t[y];
  return result;
}

function exactPositionRound(
  target: ContextRows,
  draft: ContextRows,
  method: PositionMethod,
  vocab: number,
  { drafts = 1, replacement = true }: ExactRoundOptions,
): ExactRound {
  const t = modelRow('target', target, [], vocab);
  const d = modelRow('draft', draft, [], vocab);
  const { accepted, residual } = exactPosition(t, d, { method, drafts, replacement });
  const ended = endedArrays(vocab, 2);
  let acceptance = 0;
  for (let x = 0; x < vocab; x++) {
    acceptance += accepted[x];
    ended[1][x] += residual[x];
    const row = modelRow('target', target, [x], vocab);
    for (let y = 0; y < vocab; y++) ended[2][x * vocab + y] += accepted[x] * row[y];
  }
  return summarize(Float64Array.of(1 - acceptance, acceptance), continueToLength(ended, vocab, 2, target));
}

function endedArrays(vocab: number, length: number): Float64Array[] {
  const arrays: Float64Array[] = [];
  for (let l = 0, n = 1; l <= length && n <= MAX_TERMS; l++, n *= vocab) arrays.push(new Float64Array(n));
  return arrays;
}

function summarize(acceptedLength: Float64Array, joint: Float64Array): ExactRound {
  let expectedTokens = 1;
  for (let k = 1; k < acceptedLength.length; k++) expectedTokens += k * acceptedLength[k];
  return { acceptedLength, expectedTokens, joint };
}
