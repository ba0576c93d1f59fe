// Preference data as JSON lines.

import type { PairwiseRecord, PreferenceRecord } from './preference-records.js';

/** Field of the file for each number of a pair. */
const WRITTEN = [
  ['policyChosen', 'chosen_logps'],
  ['policyRejected', 'rejected_logps'],
  ['refChosen', 'ref_chosen_logps'],
  ['refRejected', 'ref_rejected_logps'],
  ['chosenLength', 'chosen_len'],
  ['rejectedLength', 'rejected_len'],
  ['margin', 'margin'],
  ['agreement', 'agreement'],
  ['votes', 'votes'],
] as const satisfies readonly (readonly [keyof PairwiseRecord, string])[];

/**
 * One JSON object a line, each ended by a newline, which `parsePreferenceJsonl` reads back to equal records. Numbers that
 * JSON lacks are written as the strings "-Infinity" and "Infinity". Fields of `extra` come last; `line` is not written.
 *
 * @example
 * stringifyPreferenceJsonl([{ type: 'pairwise', chosen: 'a', rejected: 'b' }]); //=> '{"chosen":"a","rejected":"b"}\n'
 */
export function stringifyPreferenceJsonl(records: readonly PreferenceRecord[]): string {
  return records.map((record) => `${JSON.stringify(fieldsOf(record), spellNumbers)}\n`).join('');
}

function fieldsOf(record: PreferenceRecord): Record<string, unknown> {
  const { prompt, extra } = record;
  const fields: Record<string, unknown> = prompt === undefined ? {} : { prompt };
  switch (record.type) {
    case 'pairwise':
      fields.chosen = record.chosen;
      fields.rejected = record.rejected;
      for (const [field, name] of WRITTEN) if (record[field] !== undefined) fields[name] = record[field];
      break;
    case 'unpaired':
      fields.completion = record.completion;
      fields.label = record.label;
      break;
    case 'ranked':
      fields.completions = record.completions;
      if (record.ranking !== undefined) fields.ranking = record.ranking;
      if (record.scores !== undefined) fields.scores = record.scores;
      break;
    case 'stepwise':
      fields.completions = record.completions;
      fields.labels = record.labels;
      break;
    default:
      throw new TypeError(`records must have a known type, got ${String((record as { type?: unknown }).type)}`);
  }
  return { ...fields, ...extra };
}

function spellNumbers(_: string, value: unknown): unknown {
  return typeof value === 'number' && !Number.isFinite(value) ? String(value) : value;
}
