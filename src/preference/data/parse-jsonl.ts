// Preference data from JSON lines, in the field names that training programs use.

import { checkOption, checkOptionNames } from '../../internal/check.js';
import { FieldReader, type Fields } from './field-reader.js';
import { JsonLineError, jsonLines, parseJsonLine } from './json-line.js';
import { NUMBER_FIELDS, NUMBER_NAMES } from './number-fields.js';
import { textKey, type PairwiseRecord, type PreferenceRecord, type PreferenceText } from './preference-records.js';

export interface PreferenceLineError {
  /** From 1, blank lines counted. */
  line: number;
  /** "line 17: "chosen" is missing". */
  message: string;
  /** The line as it stands in the file. */
  text: string;
}

export interface ParsedPreferences {
  records: PreferenceRecord[];
  /** Every problem of every bad line, in order; empty in strict mode. */
  errors: PreferenceLineError[];
  recordCount: number;
  /** Lines with a problem, each once. */
  errorLines: number[];
}

/**
 * Reads preference data, one JSON object a line; the kind of a record follows from its keys:
 *
 *   pairwise   chosen, rejected; prompt, chosen_logps (or policy_chosen_logps), rejected_logps, ref_chosen_logps,
 *              ref_rejected_logps, chosen_len, rejected_len, margin, agreement, votes: [for, against]
 *   unpaired   prompt, completion, label: boolean
 *   ranked     prompt, completions, and ranking (indices, best first) or scores
 *   stepwise   prompt, completions, labels: booleans
 *
 * Texts are strings or lists of { role, content }. A byte order mark, CRLF, blank lines and a missing last newline are
 * accepted, as are "-Infinity" and Python's bare -Infinity. Other fields are kept in `extra`. In lenient mode a bad line
 * becomes errors with its text, so that nothing is lost; each problem of a line is reported.
 *
 * @param options `mode` 'strict' (default) throws at the first problem, 'lenient' collects them
 * @throws SyntaxError in strict mode, "line 3: invalid JSON at column 41", `line 17: "chosen" is missing`
 *
 * @example
 * parsePreferenceJsonl('{"prompt": "2+2=", "chosen": "4", "rejected": "5"}').records[0].type; //=> 'pairwise'
 */
export function parsePreferenceJsonl(text: string, options: { mode?: 'strict' | 'lenient' } = {}): ParsedPreferences {
  checkOptionNames('options', options, { mode: true });
  const strict = checkOption('mode', options.mode ?? 'strict', ['strict', 'lenient']) === 'strict';
  if (typeof text !== 'string') throw new TypeError(`text must be a string, got ${typeof text}`);
  const records: PreferenceRecord[] = [];
  const errors: PreferenceLineError[] = [];
  const errorLines: number[] = [];
  jsonLines(text).forEach((source, index) => {
    if (source.trim() === '') return;
    const line = index + 1;
    const problems: string[] = [];
    const record = readRecord(source, line, problems);
    if (problems.length === 0 && record !== undefined) {
      records.push(record);
      return;
    }
    if (strict) throw new SyntaxError(`line ${line}: ${problems[0]}`);
    errorLines.push(line);
    for (const problem of problems) errors.push({ line, message: `line ${line}: ${problem}`, text: source });
  });
  return { records, errors, recordCount: records.length, errorLines };
}

function readRecord(source: string, line: number, problems: string[]): PreferenceRecord | undefined {
  let value: unknown;
  try {
    value = parseJsonLine(source);
  } catch (error) {
    if (!(error instanceof JsonLineError)) throw error;
    problems.push(error.message);
    return undefined;
  }
  if (value === null || typeof value !== 'object' || Array.isArray(value)) {
    problems.push('not a JSON object');
    return undefined;
  }
  const fields = new FieldReader(value as Fields, problems);
  const record = readByKind(fields);
  if (record === undefined || problems.length > 0) return undefined;
  record.line = line;
  const extra = fields.rest();
  if (extra !== undefined) record.extra = extra;
  return record;
}

function readByKind(fields: FieldReader): PreferenceRecord | undefined {
  if (fields.has('chosen') || fields.has('rejected')) return readPair(fields);
  if (fields.has('completion')) {
    const prompt = fields.text('prompt');
    const completion = fields.text('completion');
    return { type: 'unpaired', prompt, completion, label: fields.boolean('label') };
  }
  if (fields.has('completions')) {
    const prompt = fields.text('prompt');
    const completions = fields.texts('completions');
    if (fields.has('labels'))
      return { type: 'stepwise', prompt, completions, labels: fields.booleans('labels', completions.length) };
    return readRanking(fields, prompt, completions);
  }
  fields.problems.push('"chosen", "completion" or "completions" is missing');
  return undefined;
}

function readPair(fields: FieldReader): PairwiseRecord {
  const { problems } = fields;
  const record: PairwiseRecord = { type: 'pairwise', chosen: fields.text('chosen'), rejected: fields.text('rejected') };
  if (fields.has('prompt')) record.prompt = fields.text('prompt');
  if (fields.has('chosen') && fields.has('rejected') && textKey(record.chosen) === textKey(record.rejected)) {
    problems.push('chosen equals rejected');
  }
  for (const field of NUMBER_FIELDS) {
    const isLength = field === 'chosenLength' || field === 'rejectedLength';
    const value = fields.number(NUMBER_NAMES[field], (x) =>
      isLength
        ? Number.isInteger(x) && x >= 1
          ? ''
          : 'must be a positive integer'
        : x <= 0
          ? ''
          : 'must be at most 0',
    );
    if (value !== undefined) record[field] = value;
  }
  const margin = fields.number(['margin'], (x) => (Number.isFinite(x) ? '' : 'must be finite'));
  if (margin !== undefined) record.margin = margin;
  const agreement = fields.number(['agreement'], (x) => (x >= 0 && x <= 1 ? '' : 'must be in [0, 1]'));
  if (agreement !== undefined) record.agreement = agreement;
  if (fields.has('votes')) {
    const votes = fields.numbers('votes');
    if (votes.length !== 2 || !votes.every((x) => x >= 0 && x < Infinity) || !(votes[0] + votes[1] > 0)) {
      problems.push('"votes" must be two counts, not both 0');
    } else record.votes = [votes[0], votes[1]];
  }
  return record;
}

function readRanking(fields: FieldReader, prompt: PreferenceText, completions: PreferenceText[]): PreferenceRecord {
  const { problems } = fields;
  const record: PreferenceRecord = { type: 'ranked', prompt, completions };
  if (!fields.has('ranking') && !fields.has('scores')) problems.push('"ranking", "scores" or "labels" is missing');
  if (fields.has('ranking')) {
    const ranking = fields.numbers('ranking');
    const good = ranking.every(
      (i, k) => Number.isInteger(i) && i >= 0 && i < completions.length && ranking.indexOf(i) === k,
    );
    if (!good) problems.push(`"ranking" must hold different indices below ${completions.length}`);
    record.ranking = ranking;
  }
  if (fields.has('scores')) {
    const scores = fields.numbers('scores');
    if (scores.length !== completions.length) {
      problems.push(`"scores" must have length ${completions.length}, got ${scores.length}`);
    } else if (!scores.every(Number.isFinite)) problems.push('"scores" must be finite');
    record.scores = scores;
  }
  return record;
}
