// How varied some texts are.
//
// J. Li et al., arXiv:1510.03055 (distinct-n). S. Liu et al., "Rethinking and Refining the Distinct Metric",
// arXiv:2202.13587 (expectation-adjusted).

import { checkInteger } from '../../internal/check.js';
import { expm1 } from '../../special/expm1.js';
import { log1p } from '../../special/log1p.js';
import { arraySize } from '../losses/pair-batch.js';

export interface DistinctNgrams {
  /** Unique n-grams over all n-grams, n = 1, 2, ...; 0 where no sequence is that long. */
  distinct: Float64Array;
  /** Mean of `distinct` over the n that occur. */
  distinctMean: number;
  /** The same over the number to be expected of as many uniform n-grams; with vocabSize only. Can exceed 1. */
  ead?: Float64Array;
  eadMean?: number;
}

/**
 * distinct-n over all sequences together for n = 1 .. maxN, and its expectation-adjusted form
 *
 *   EAD_n = unique / (Vⁿ (1 - ((Vⁿ - 1)/Vⁿ)^C)),  C the number of n-grams,
 *
 * which does not punish length. O(total tokens × maxN).
 *
 * @param sequences tokens as numbers or strings
 * @param options.maxN default 5
 * @param options.vocabSize V; without it there is no adjusted form
 * @throws RangeError if there are no tokens, maxN < 1, or more different tokens than vocabSize
 *
 * @example
 * distinctNgrams([[1, 2, 1, 2]], { maxN: 2 }).distinct; //=> Float64Array.of(0.5, 2 / 3)
 */
export function distinctNgrams(
  sequences: ArrayLike<ArrayLike<number | string>>,
  options: { maxN?: number; vocabSize?: number } = {},
): DistinctNgrams {
  const maxN = checkInteger('maxN', options.maxN ?? 5, 1);
  const { vocabSize } = options;
  if (vocabSize !== undefined) checkInteger('vocabSize', vocabSize, 1);
  // Small integers for tokens, so that a joined key cannot be read in two ways.
  const ids = new Map<number | string, number>();
  const count = arraySize('sequences', sequences);
  for (let s = 0; s < count; s++) arraySize(`sequences[${s}]`, sequences[s]);
  const texts = Array.from(sequences, (sequence) =>
    Array.from(sequence, (token) => {
      const id = ids.get(token) ?? ids.size;
      ids.set(token, id);
      return id;
    }),
  );
  if (ids.size === 0) throw new RangeError('sequences must hold at least one token');
  if (vocabSize !== undefined && ids.size > vocabSize) {
    throw new RangeError(`vocabSize must be at least the ${ids.size} different tokens that occur, got ${vocabSize}`);
  }
  const distinct = new Float64Array(maxN);
  const ead = new Float64Array(maxN);
  let orders = 0;
  let outcomes = 1; // Vⁿ
  for (let n = 1; n <= maxN; n++) {
    outcomes *= vocabSize ?? 1;
    const unique = new Set<string>();
    let count = 0;
    for (const text of texts) {
      for (let start = 0; start + n <= text.length; start++) {
        unique.add(text.slice(start, start + n).join(' '));
        count += 1;
      }
    }
    if (count === 0) break;
    orders = n;
    distinct[n - 1] = unique.size / count;
    // Vⁿ (1 - (1 - 1/Vⁿ)^C), which tends to C as V grows.
    const expected = outcomes < Infinity ? -outcomes * expm1(count * log1p(-1 / outcomes)) : count;
    ead[n - 1] = unique.size / expected;
  }
  const mean = (values: Float64Array) => values.subarray(0, orders).reduce((a, b) => a + b, 0) / orders;
  const plain = { distinct, distinctMean: mean(distinct) };
  return vocabSize === undefined ? plain : { ...plain, ead, eadMean: mean(ead) };
}
