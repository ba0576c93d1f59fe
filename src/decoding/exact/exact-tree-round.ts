// The exact law of one round with a tree of drafts.

import { checkInteger, checkOption } from '../../internal/check.js';
import { exactPosition } from './exact-position.js';
import type { ExactRound } from './exact-round.js';
import { checkTerms, continueToLength, type ContextRows, encodeSequence, modelRow } from './joint-law.js';

export interface ExactTreeOptions {
  /** Vocabulary size V. */
  vocab: number;
  /** Children of every node at depth 0, 1, ..., L - 1. */
  branching: readonly number[];
  /** Whether siblings are independent. Default false. */
  replacement?: boolean;
  /** Default 'recursive'; 'kseq' needs replacement. */
  verifier?: 'recursive' | 'kseq';
}

export interface ExactTreeRound extends Omit<ExactRound, 'acceptedLength'> {
  /** P(depth k accepted), k = 0..L. */
  acceptedDepth: Float64Array;
}

/**
 * One round with a tree of drafts, exactly: accepted depths, expected tokens, and the joint law of the first L + 1 tokens when
 * decoding goes on from the target alone, as `exactRound`.
 *
 * At a node token x is accepted with the total probability that `exactPosition` gives; its subtree is drawn independently.
 * O(V^L) positions.
 *
 * @throws RangeError if V^(L+1) exceeds 10^6, a row is not a distribution, or a position has too many orders of drafts
 *
 * @example
 * exactTreeRound(() => [0.5, 0.5], () => [0.9, 0.1], { vocab: 2, branching: [2, 2] }).expectedTokens; //=> 3
 */
export function exactTreeRound(target: ContextRows, draft: ContextRows, options: ExactTreeOptions): ExactTreeRound {
  const vocab = checkInteger('vocab', options.vocab, 1);
  const { branching, replacement = false } = options;
  const verifier = checkOption('verifier', options.verifier ?? 'recursive', ['recursive', 'kseq']);
  const method = verifier === 'kseq' ? 'kseq' : 'multidraft';
  const depth = branching.length;
  checkTerms(vocab, depth + 1);
  const acceptedDepth = new Float64Array(depth + 1);
  const ended = Array.from({ length: depth + 2 }, (_, l) => new Float64Array(checkTerms(vocab, l)));

  const visit = (context: number[], weight: number): void => {
    const level = context.length;
    const t = modelRow('target', target, context, vocab);
    const base = encodeSequence(context, vocab) * vocab;
    if (level === depth) {
      acceptedDepth[level] += weight;
      for (let y = 0; y < vocab; y++) ended[level + 1][base + y] += weight * t[y];
      return;
    }
    const d = modelRow('draft', draft, context, vocab);
    const { accepted, residual } = exactPosition(t, d, { method, drafts: branching[level], replacement });
    for (let y = 0; y < vocab; y++) {
      acceptedDepth[level] += weight * residual[y];
      ended[level + 1][base + y] += weight * residual[y];
      if (accepted[y] > 0) visit([...context, y], weight * accepted[y]);
    }
  };
  visit([], 1);
  let expectedTokens = 1;
  for (let k = 1; k <= depth; k++) expectedTokens += k * acceptedDepth[k];
  return { acceptedDepth, expectedTokens, joint: continueToLength(ended, vocab, depth + 1, target) };
}
