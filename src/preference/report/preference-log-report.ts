// From the JSON lines of a training run to the report, in one call.

import { checkOption } from '../../internal/check.js';
import { jsonLines } from '../data/json-line.js';
import { NUMBER_NAMES, type NumberField } from '../data/number-fields.js';
import { parsePreferenceJsonl, type PreferenceLineError } from '../data/parse-jsonl.js';
import type { PairwiseRecord, PreferenceRecord } from '../data/preference-records.js';
import { preferenceReport, type PreferenceReport, type PreferenceReportOptions } from './preference-report.js';

export interface PreferenceLogReportOptions extends PreferenceReportOptions {
  /** 'strict' (default) throws at the first problem, 'lenient' sets bad lines aside and reports on the rest. */
  mode?: 'strict' | 'lenient';
}

export interface PreferenceLogReport {
  report: PreferenceReport;
  /** Every record of a good line, also those that the report has no use for. */
  records: PreferenceRecord[];
  /** Lenient: what is wrong with each line that was set aside, by line, with its text. Empty in strict mode. */
  errors: PreferenceLineError[];
}

/** Fields that a report needs together; the first are needed always. */
const COLUMNS: readonly (readonly NumberField[])[] = [
  ['policyChosen', 'policyRejected'],
  ['refChosen', 'refRejected'],
  ['chosenLength', 'rejectedLength'],
];

/**
 * Parses the log of a training run and reports on its pairs: `preferenceReport(parsePreferenceJsonl(text).records)`, with
 * the care that real logs need in lenient mode.
 *
 * There, a pair without policy log-probabilities is an error of its line; so is one without reference log-probabilities or
 * lengths where at least half of the pairs have them. What fewer pairs have is not used, as are agreements and margins that
 * some lack. Lines with errors keep their text, so that nothing is lost.
 *
 * @throws SyntaxError or RangeError, with the line, at the first problem in strict mode; RangeError if no pair is left
 *
 * @example
 * const log = '{"chosen": "a", "rejected": "b", "chosen_logps": -1, "rejected_logps": -2}\n{"chosen": "a"}';
 * const { report, errors } = preferenceLogReport(log, { mode: 'lenient' });
 * [report.pairs, errors[0].message]; //=> [1, 'line 2: "rejected" is missing']
 */
export function preferenceLogReport(text: string, options: PreferenceLogReportOptions = {}): PreferenceLogReport {
  const { mode: given = 'strict', ...reporting } = options;
  const mode = checkOption('mode', given, ['strict', 'lenient']);
  const { records, errors } = parsePreferenceJsonl(text, { mode });
  if (mode === 'strict') return { report: preferenceReport(records, reporting), records, errors };
  const pairs = records.filter((record): record is PairwiseRecord => record.type === 'pairwise');
  const missingOf = (pair: PairwiseRecord, columns: readonly NumberField[]) =>
    columns.filter((field) => pair[field] === undefined);
  const used = COLUMNS.filter(
    (columns, k) => k === 0 || 2 * pairs.filter((pair) => missingOf(pair, columns).length === 0).length >= pairs.length,
  );
  const lines = jsonLines(text);
  const good = pairs.filter((pair) => {
    const line = pair.line as number;
    const missing = missingOf(pair, used.flat());
    for (const field of missing) {
      const message = `line ${line}: "${NUMBER_NAMES[field][0]}" is missing`;
      errors.push({ line, message, text: lines[line - 1] });
    }
    return missing.length === 0;
  });
  if (good.length === 0) throw new RangeError('text holds no pair with log-probabilities');
  const unused = COLUMNS.filter((columns) => !used.includes(columns)).flat();
  const judged = good.every(({ agreement, votes }) => agreement !== undefined || votes !== undefined);
  const report = preferenceReport(
    good.map((pair) => {
      const record: PairwiseRecord = { ...pair };
      delete record.margin; // not part of the report
      if (!judged) {
        delete record.agreement;
        delete record.votes;
      }
      for (const field of unused) delete record[field];
      return record;
    }),
    reporting,
  );
  errors.sort((a, b) => a.line - b.line);
  return { report, records, errors };
}
