// From one kind of preference data to another, and to the arrays that losses take.

import { checkInteger, checkOption, checkVector } from '../../internal/check.js';
import type { PairBatch } from '../losses/pair-batch.js';
import { NUMBER_NAMES, type NumberField } from './number-fields.js';
import {
  placeOf,
  textKey,
  type PairwiseRecord,
  type PreferenceText,
  type RankedRecord,
  type UnpairedRecord,
} from './preference-records.js';

/**
 * The longest common beginning of both responses as the prompt, for pairs that carry it inside: of strings by whole
 * characters, of conversations by whole messages. A pair that has a prompt is returned as it is.
 *
 * @throws RangeError if one response is a string and the other a conversation
 *
 * @example
 * extractPrompt({ type: 'pairwise', chosen: 'Hi there', rejected: 'Hi you' }).prompt; //=> 'Hi '
 */
export function extractPrompt(record: PairwiseRecord): PairwiseRecord {
  if (record.prompt !== undefined) return record;
  const { chosen, rejected } = record;
  if (typeof chosen === 'string' && typeof rejected === 'string') {
    let n = 0;
    while (n < chosen.length && n < rejected.length && chosen[n] === rejected[n]) n += 1;
    if (n > 0 && /[\ud800-\udbff]/.test(chosen[n - 1])) n -= 1; // not between the halves of a character
    return { ...record, prompt: chosen.slice(0, n), chosen: chosen.slice(n), rejected: rejected.slice(n) };
  }
  if (typeof chosen === 'string' || typeof rejected === 'string') {
    throw new RangeError('chosen and rejected must both be strings or both be conversations');
  }
  let n = 0;
  while (n < chosen.length && n < rejected.length && textKey([chosen[n]]) === textKey([rejected[n]])) n += 1;
  return { ...record, prompt: chosen.slice(0, n), chosen: chosen.slice(n), rejected: rejected.slice(n) };
}

/**
 * Pairs of a ranked record: 'all' ordered ones, the 'best-worst' one, or 'adjacent' ranks. Equal scores make no pair;
 * with scores `margin` is their difference. A record with both is read by its ranking, its margins from the scores.
 *
 * @throws RangeError if the record has neither a ranking nor scores, or one that does not fit its completions
 *
 * @example
 * const record = { type: 'ranked', prompt: '?', completions: ['a', 'b', 'c'], scores: [1, 3, 2] };
 * pairsFromRanked(record, { pairs: 'adjacent' }).map(({ chosen, rejected }) => chosen + rejected); //=> ['bc', 'ca']
 */
export function pairsFromRanked(
  record: RankedRecord,
  options: { pairs?: 'all' | 'best-worst' | 'adjacent' } = {},
): PairwiseRecord[] {
  const kind = checkOption('pairs', options.pairs ?? 'all', ['all', 'best-worst', 'adjacent']);
  const { completions, ranking, scores, prompt, line } = record;
  if (ranking === undefined && scores === undefined) throw new RangeError('record must have a ranking or scores');
  if (scores !== undefined) checkVector('scores', scores, completions.length);
  ranking?.forEach((item, k) => checkInteger(`ranking[${k}]`, item, 0, completions.length - 1));
  const order =
    ranking ?? completions.map((_, i) => i).sort((a, b) => (scores as number[])[b] - (scores as number[])[a] || a - b);
  const pairs: PairwiseRecord[] = [];
  const add = (w: number, l: number): void => {
    const margin = scores === undefined ? undefined : scores[w] - scores[l];
    if (ranking === undefined && margin === 0) return;
    pairs.push({
      type: 'pairwise',
      prompt,
      chosen: completions[w],
      rejected: completions[l],
      ...(margin === undefined ? {} : { margin }),
      ...(line === undefined ? {} : { line }),
    });
  };
  const last = order.length - 1;
  if (kind === 'best-worst' && last > 0) add(order[0], order[last]);
  for (let i = 0; i < last && kind !== 'best-worst'; i++) {
    for (let j = i + 1; j <= (kind === 'all' ? last : i + 1); j++) add(order[i], order[j]);
  }
  return pairs;
}

/**
 * Two labelled responses of every pair, for losses over single responses. A pair without a prompt is split first.
 *
 * @example
 * unpairPreferences([{ type: 'pairwise', prompt: 'p', chosen: 'a', rejected: 'b' }]).map(({ label }) => label); //=> [true, false]
 */
export function unpairPreferences(records: readonly PairwiseRecord[]): UnpairedRecord[] {
  return records.flatMap((record) => {
    const { prompt = '', chosen, rejected, line } = extractPrompt(record);
    const single = (completion: PreferenceText, label: boolean): UnpairedRecord => ({
      type: 'unpaired',
      prompt,
      completion,
      label,
      ...(line === undefined ? {} : { line }),
    });
    return [single(chosen, true), single(rejected, false)];
  });
}

/** A batch that also has what raters said, for `idealizedRankingAccuracy` and for `bradleyTerryLoss`. */
export interface PreferenceBatch extends PairBatch {
  /** Share of raters for the chosen response: `agreement`, or votes for over votes. */
  agreement?: Float64Array;
  margins?: Float64Array;
}

/**
 * The arrays of the losses. Policy log-probabilities are required; references, lengths, agreements and margins are taken
 * when every record has them, and refused when only some have.
 *
 * @throws RangeError naming the line and the key of the first missing field, or if there is no record
 *
 * @example
 * toPairBatch([{ type: 'pairwise', chosen: 'a', rejected: 'b', policyChosen: -1, policyRejected: -2 }]).policyRejected; //=> Float64Array.of(-2)
 */
export function toPairBatch(records: readonly PairwiseRecord[]): PreferenceBatch {
  if (records.length === 0) throw new RangeError('records must not be empty');
  const column = (key: string, required: boolean, value: (record: PairwiseRecord) => number | undefined) => {
    const values = records.map(value);
    if (!required && values.every((x) => x === undefined)) return undefined;
    const missing = values.indexOf(undefined);
    if (missing !== -1) throw new RangeError(`${placeOf(records[missing], missing)}: "${key}" is missing`);
    return Float64Array.from(values as number[]);
  };
  const numbers = (field: NumberField, required: boolean) =>
    column(NUMBER_NAMES[field][0], required, (record) => record[field]);
  const bothOrNeither = (chosen: NumberField, rejected: NumberField) => {
    const first = numbers(chosen, false);
    const second = numbers(rejected, first !== undefined);
    if (first === undefined && second !== undefined) numbers(chosen, true); // throws
    return [first, second] as const;
  };
  const batch: PreferenceBatch = {
    policyChosen: numbers('policyChosen', true) as Float64Array,
    policyRejected: numbers('policyRejected', true) as Float64Array,
  };
  const [refChosen, refRejected] = bothOrNeither('refChosen', 'refRejected');
  if (refChosen !== undefined && refRejected !== undefined) Object.assign(batch, { refChosen, refRejected });
  const [chosenLengths, rejectedLengths] = bothOrNeither('chosenLength', 'rejectedLength');
  if (chosenLengths !== undefined && rejectedLengths !== undefined)
    Object.assign(batch, { chosenLengths, rejectedLengths });
  const agreement = column(
    'agreement',
    false,
    (r) => r.agreement ?? (r.votes && r.votes[0] / (r.votes[0] + r.votes[1])),
  );
  if (agreement !== undefined) batch.agreement = agreement;
  const margins = column('margin', false, (r) => r.margin);
  if (margins !== undefined) batch.margins = margins;
  return batch;
}
