// Beam search over tokens by the likelihood of a policy, or by its ratio to the reference.
//
// R. Rafailov et al., "From r to Q*", arXiv:2404.12358: with the optimal policy the ratio of a prefix is its
// reward so far plus the value of what follows, so that beam search by ratio is value-guided search.

import { checkInteger, checkOption } from '../../internal/check.js';

/** Log-probabilities of the V next tokens after a prefix; -Infinity forbids a token. */
export type NextTokenLogProbs = (prefix: readonly number[]) => ArrayLike<number>;

export interface TokenBeamOptions {
  /** Tokens V. */
  vocab: number;
  /** Length T of the sequences. */
  depth: number;
  /** Prefixes kept after each token, at least 1. 1 is greedy; V^T or more is exhaustive. */
  width: number;
  /** 'policy' (default) scores by log π; 'ratio' by log π - log π_ref and needs refLogProb. */
  score?: 'policy' | 'ratio';
  refLogProb?: NextTokenLogProbs;
}

export interface TokenBeam {
  /** The finished sequences, best first. */
  beams: { sequence: number[]; score: number }[];
  /** Their first. */
  best: { sequence: number[]; score: number };
  /** Prefixes that were extended. */
  expansions: number;
}

/**
 * Beam search of T tokens. Of equal scores the lexicographically first prefix comes first. A token with π = 0 is never
 * taken, whatever the ratio.
 *
 * O(T width V log(width V)), and T × width calls of each model.
 *
 * @throws RangeError if an option is out of range, a model's answer has another length than V, NaN, +Infinity, or -Infinity
 *   in the reference of a token that the policy can take, or if no token can be taken
 *
 * @example
 * const logProb = () => [Math.log(0.75), Math.log(0.25)];
 * tokenBeamSearch(logProb, { vocab: 2, depth: 3, width: 2 }).best.sequence; //=> [0, 0, 0]
 */
export function tokenBeamSearch(logProb: NextTokenLogProbs, options: TokenBeamOptions): TokenBeam {
  const V = checkInteger('vocab', options.vocab, 1);
  const T = checkInteger('depth', options.depth, 1);
  const width = checkInteger('width', options.width, 1);
  const byRatio = checkOption('score', options.score ?? 'policy', ['policy', 'ratio']) === 'ratio';
  const { refLogProb } = options;
  if (byRatio && typeof refLogProb !== 'function') throw new TypeError("refLogProb is required by score 'ratio'");
  let beams: { sequence: number[]; score: number }[] = [{ sequence: [], score: 0 }];
  let expansions = 0;
  for (let t = 0; t < T; t++) {
    const longer: typeof beams = [];
    for (const { sequence, score } of beams) {
      const policy = answer('logProb', logProb(sequence), V);
      const ref = byRatio ? answer('refLogProb', (refLogProb as NextTokenLogProbs)(sequence), V) : undefined;
      expansions += 1;
      for (let a = 0; a < V; a++) {
        if (policy[a] === -Infinity) continue;
        if (ref?.[a] === -Infinity) throw new RangeError(`refLogProb must be above -Infinity for token ${a} here`);
        longer.push({
          sequence: [...sequence, a],
          score: score + (ref === undefined ? policy[a] : policy[a] - ref[a]),
        });
      }
    }
    if (longer.length === 0) throw new RangeError('logProb must allow a token after every prefix');
    longer.sort((x, y) => y.score - x.score || lexicographic(x.sequence, y.sequence));
    beams = longer.slice(0, width);
  }
  return { beams, best: beams[0], expansions };
}

function lexicographic(a: readonly number[], b: readonly number[]): number {
  for (let t = 0; t < a.length; t++) if (a[t] !== b[t]) return a[t] - b[t];
  return 0;
}

function answer(name: string, values: ArrayLike<number>, V: number): ArrayLike<number> {
  if (values.length !== V) throw new RangeError(`${name} must give ${V} log-probabilities, got ${values.length}`);
  for (let a = 0; a < V; a++) {
    if (!(values[a] < Infinity)) throw new RangeError(`${name} gave ${values[a]} for token ${a}`);
  }
  return values;
}
