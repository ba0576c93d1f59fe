// Preference data as JSON lines.

import { NUMBER_FIELDS, NUMBER_NAMES } from './number-fields.js';
import type { PreferenceRecord } from './preference-records.js';

/** Fields of a pair that have the same name in a file. */
const PLAIN = ['margin', 'agreement', 'votes'] as const;

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
      for (const field of NUMBER_FIELDS)
        if (record[field] !== undefined) fields[NUMBER_NAMES[field][0]] = record[field];
      for (const field of PLAIN) if (record[field] !== undefined) fields[field] = record[field];
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
