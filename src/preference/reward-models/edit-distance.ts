// How much a refined response differs from the one it came from: pairs with little irrelevant change teach best.

import { arraySize } from '../losses/pair-batch.js';

export interface EditDistance {
  /** Levenshtein's distance over the longer length, in [0, 1]; 0 for two empty sequences. */
  distance: number;
  /** Insertions, deletions and substitutions. */
  edits: number;
}

/**
 * Normalized edit distance of two strings (by code points) or sequences of tokens (by ===).
 *
 * V. I. Levenshtein, Soviet Physics Doklady 10 (1966). O(|a| |b|) time, O(min) memory.
 *
 * @throws TypeError if a side is neither a string nor an array
 *
 * @example
 * normalizedEditDistance('kitten', 'sitting').edits; //=> 3
 */
export function normalizedEditDistance(
  a: string | ArrayLike<number | string>,
  b: string | ArrayLike<number | string>,
): EditDistance {
  return editDistance(tokensOf('a', a), tokensOf('b', b));
}

function editDistance(a: ArrayLike<number | string>, b: ArrayLike<number | string>): EditDistance {
  let [long, short] = [a, b];
  if (long.length < short.length) [long, short] = [short, long];
  const n = short.length;
  if (long.length === 0) return { distance: 0, edits: 0 };
  const row = Int32Array.from({ length: n + 1 }, (_, j) => j);
  for (let i = 1; i <= long.length; i++) {
    let diagonal = row[0];
    row[0] = i;
    for (let j = 1; j <= n; j++) {
      const above = row[j];
      const substitution = diagonal + (long[i - 1] === short[j - 1] ? 0 : 1);
      row[j] = Math.min(substitution, above + 1, row[j - 1] + 1);
      diagonal = above;
    }
  }
  return { distance: row[n] / long.length, edits: row[n] };
}

export interface RefinementPair<Response> {
  prompt: string;
  chosen: Response;
  rejected: Response;
}

/**
 * The preference pair of a refinement: the refined response preferred to the one it was made from.
 *
 * J. Cheng et al., "SPaR: Self-Play with Tree-Search Refinement to Improve Instruction-Following in Large Language Models",
 * arXiv:2412.11605.
 *
 * @param tree a result of `refinementTreeSearch`: its `pair`
 * @throws RangeError if the search found no response better than the one it began with
 */
export function refinementPair<Response>(
  prompt: string,
  tree: { found: boolean; pair: { chosen: Response; rejected: Response } },
): RefinementPair<Response> {
  if (!tree.found) throw new RangeError('tree has no refined response: its search did not pass the gate');
  return { prompt, chosen: tree.pair.chosen, rejected: tree.pair.rejected };
}

/**
 * Normalized edit distance between the sides of a pair: small when the refinement changed little beside the mistake.
 *
 * J. Cheng et al., arXiv:2412.11605 (interference of irrelevant differences).
 *
 * @example
 * pairInterference({ chosen: 'it is red', rejected: 'it is bed' }) < 0.12; //=> true
 */
export function pairInterference(pair: {
  chosen: string | ArrayLike<number | string>;
  rejected: string | ArrayLike<number | string>;
}): number {
  return editDistance(tokensOf('chosen', pair.chosen), tokensOf('rejected', pair.rejected)).distance;
}

function tokensOf(name: string, text: string | ArrayLike<number | string>): ArrayLike<number | string> {
  if (typeof text === 'string') return Array.from(text);
  arraySize(name, text);
  return text;
}
