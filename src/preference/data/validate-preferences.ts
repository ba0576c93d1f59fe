// What to look at in preference data before training on it.

import type { MatrixLike } from '../../linalg/index.js';
import { median } from '../../stats/moments.js';
import { chesScore } from '../diagnostics/ches.js';
import { arraySize } from '../losses/pair-batch.js';
import { extractPrompt } from './convert-records.js';
import { textKey, type PairwiseRecord, type PreferenceRecord } from './preference-records.js';

/** Two records, by their indices. */
export interface RecordMatch {
  first: number;
  second: number;
  /** Their lines, where they came from a file. */
  lines?: [number, number];
}

export interface PreferenceValidation {
  /** Records of each kind. */
  counts: Record<PreferenceRecord['type'], number>;
  /** Pairs that say the same as an earlier one. */
  duplicates: RecordMatch[];
  /** Pairs that say the opposite of an earlier one: a above b, and b above a. */
  conflicts: RecordMatch[];
  /** Mean of (length of chosen - length of rejected), and the share of pairs whose chosen response is longer. */
  lengthBias?: { mean: number; chosenLonger: number; unit: 'tokens' | 'characters' };
  /** Share of the pairs with reference log-probabilities where the reference prefers the rejected response. */
  refDisagreement?: number;
  /** CHES scores of the pairs, when embeddings were given. */
  ches?: { scores: Float64Array; mean: number; median: number; max: number };
}

/**
 * Duplicates, contradictions, length bias, how often the reference disagrees, and CHES scores.
 *
 * Lengths are in tokens if every pair has them, else in characters of the responses. O(total length).
 *
 * @param options `embeddings` has, for each pairwise record in order, the hidden embeddings that `chesScore` takes
 * @throws RangeError if embeddings are not as many as the pairs
 *
 * @example
 * const [a, b] = ['a', 'b'];
 * const records = [{ type: 'pairwise', prompt: 'p', chosen: a, rejected: b }, { type: 'pairwise', prompt: 'p', chosen: b, rejected: a }];
 * validatePreferences(records).conflicts; //=> [{ first: 0, second: 1 }]
 */
export function validatePreferences(
  records: readonly PreferenceRecord[],
  options: { embeddings?: readonly { preferred: MatrixLike; dispreferred: MatrixLike }[] } = {},
): PreferenceValidation {
  const counts = { pairwise: 0, unpaired: 0, ranked: 0, stepwise: 0 };
  const duplicates: RecordMatch[] = [];
  const conflicts: RecordMatch[] = [];
  const seen = new Map<string, number>();
  const pairs: PairwiseRecord[] = [];
  records.forEach((record, index) => {
    counts[record.type] += 1;
    if (record.type !== 'pairwise') return;
    pairs.push(record);
    const { prompt, chosen, rejected } =
      typeof record.chosen === typeof record.rejected ? extractPrompt(record) : record;
    const key = (w: typeof chosen, l: typeof chosen) => JSON.stringify([textKey(prompt), textKey(w), textKey(l)]);
    const same = seen.get(key(chosen, rejected));
    const opposite = seen.get(key(rejected, chosen));
    if (same !== undefined) duplicates.push(match(records, same, index));
    else seen.set(key(chosen, rejected), index);
    if (opposite !== undefined) conflicts.push(match(records, opposite, index));
  });
  const validation: PreferenceValidation = { counts, duplicates, conflicts };
  if (pairs.length > 0) validation.lengthBias = lengthBias(pairs);
  const known = pairs.filter(({ refChosen, refRejected }) => refChosen !== undefined && refRejected !== undefined);
  if (known.length > 0) {
    const against = known.filter(({ refChosen, refRejected }) => (refChosen as number) < (refRejected as number));
    validation.refDisagreement = against.length / known.length;
  }
  const { embeddings } = options;
  if (embeddings !== undefined) {
    const count = arraySize('embeddings', embeddings);
    if (count !== pairs.length || count === 0) {
      throw new RangeError(`embeddings must have length ${pairs.length}, that of the pairs, got ${count}`);
    }
    const scores = Float64Array.from(
      embeddings,
      ({ preferred, dispreferred }) => chesScore(preferred, dispreferred).score,
    );
    let total = 0;
    let max = -Infinity;
    for (let i = 0; i < scores.length; i++) {
      total += scores[i];
      max = Math.max(max, scores[i]);
    }
    validation.ches = { scores, mean: total / scores.length, median: median(scores), max };
  }
  return validation;
}

function match(records: readonly PreferenceRecord[], first: number, second: number): RecordMatch {
  const lines = [records[first].line, records[second].line];
  const known = lines[0] !== undefined && lines[1] !== undefined;
  return { first, second, ...(known ? { lines: lines as [number, number] } : {}) };
}

function lengthBias(pairs: readonly PairwiseRecord[]): {
  mean: number;
  chosenLonger: number;
  unit: 'tokens' | 'characters';
} {
  const inTokens = pairs.every(
    ({ chosenLength, rejectedLength }) => chosenLength !== undefined && rejectedLength !== undefined,
  );
  let total = 0;
  let longer = 0;
  for (const { chosen, rejected, chosenLength, rejectedLength } of pairs) {
    const gap = inTokens
      ? (chosenLength as number) - (rejectedLength as number)
      : characters(chosen) - characters(rejected);
    total += gap;
    if (gap > 0) longer += 1;
  }
  return { mean: total / pairs.length, chosenLonger: longer / pairs.length, unit: inTokens ? 'tokens' : 'characters' };
}

function characters(text: PairwiseRecord['chosen']): number {
  if (typeof text === 'string') return Array.from(text).length;
  return text.reduce((total, { content }) => total + Array.from(content).length, 0);
}
