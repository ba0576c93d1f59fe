import { describe, expect, it } from 'vitest';
import { parsePreferenceJsonl, preferenceLogReport, preferenceReport } from '../../../src/preference/index.js';

const line = (fields: object) =>
  JSON.stringify({ prompt: 'p', chosen: 'a', rejected: 'b', chosen_logps: -3, rejected_logps: -5, ...fields });
const whole = { ref_chosen_logps: -2, ref_rejected_logps: -2.5, chosen_len: 4, rejected_len: 2 };

describe('preferenceLogReport', () => {
  it('of a clean log is the report of its records', () => {
    const text = [line(whole), line({ ...whole, chosen_logps: -9, agreement: 0.8 })].join('\n');
    const single = [line(whole), line({ ...whole, chosen_logps: -9 })].join('\n');
    expect(preferenceLogReport(single, { beta: 0.3 }).report).toEqual(
      preferenceReport(parsePreferenceJsonl(single).records, { beta: 0.3 }),
    );
    // an agreement that one pair lacks: an error in strict mode, not used in lenient mode
    expect(() => preferenceLogReport(text)).toThrow(/^line 1: "agreement" is missing/);
    expect(preferenceLogReport(text, { mode: 'lenient' }).report.pairs).toBe(2);
  });

  it('in lenient mode sets aside what cannot be used, by line and with its text, and loses nothing', () => {
    const lines = [
      line(whole), // 1
      '', // 2
      line({ ...whole, chosen_logps: undefined }), // 3
      '{"chosen": "a"', // 4
      line({ ...whole, ref_rejected_logps: null }), // 5
      JSON.stringify({ prompt: 'p', completion: 'c', label: true }), // 6, good, but no pair
      line({ ...whole, chosen_logps: 0.5 }), // 7
      line({ ...whole, chosen_logps: -1.5 }), // 8
      line({ chosen_logps: -4, rejected_logps: -4 }), // 9
    ];
    const { report, records, errors } = preferenceLogReport(lines.join('\r\n'), { mode: 'lenient' });
    expect(report.pairs).toBe(2);
    // chosen -3 after -2, and -1.5 after -2; rejected -5 after -2.5 in both
    expect(report.displacement).toEqual({ fraction: 0.5, meanDeltaChosen: -0.25, meanDeltaRejected: -2.5 });
    expect(report.length?.meanDifference).toBe(2);
    expect(errors.map(({ message }) => message)).toEqual([
      'line 3: "chosen_logps" is missing',
      'line 4: invalid JSON at column 15',
      'line 5: "ref_rejected_logps" is missing',
      'line 7: "chosen_logps" must be at most 0, got 0.5',
      'line 9: "ref_chosen_logps" is missing',
      'line 9: "ref_rejected_logps" is missing',
      'line 9: "chosen_len" is missing',
      'line 9: "rejected_len" is missing',
    ]);
    for (const { line: number, text } of errors) expect(text).toBe(lines[number - 1]);
    // every line is blank, an error, or a record
    const seen = new Set([...errors.map((error) => error.line), ...records.map((record) => record.line), 2]);
    expect(seen.size).toBe(lines.length);
  });

  it('does not ask for what fewer than half of the pairs have', () => {
    const text = [line(whole), line({}), line({})].join('\n');
    const { report, errors } = preferenceLogReport(text, { mode: 'lenient' });
    expect([report.pairs, errors.length, report.displacement, report.length]).toEqual([3, 0, undefined, undefined]);
  });

  it('names the line in strict mode, and refuses a log without pairs', () => {
    expect(() => preferenceLogReport([line(whole), '{"chosen": 3}'].join('\n'))).toThrow(/^line 2: /);
    expect(() => preferenceLogReport(line({ chosen_logps: undefined }))).toThrow(/^line 1: "chosen_logps" is missing/);
    expect(() => preferenceLogReport('{"chosen": "a"}', { mode: 'lenient' })).toThrow(/^text holds no pair/);
    expect(() => preferenceLogReport('', { mode: 'lenient' })).toThrow(/^text holds no pair/);
  });
});

it.each<[string, () => unknown]>([
  ["options has no 'Beta'; it may have beta,", () => preferenceLogReport('', { Beta: 1 } as never)],
  [
    "options has no 'hardst'",
    () => preferenceReport({ policyChosen: [-1], policyRejected: [-2] }, { hardst: 3 } as never),
  ],
  ["options has no 'lenient'; it may have mode", () => parsePreferenceJsonl('', { lenient: true } as never)],
])('%s', (message, call) => {
  expect(call).toThrow(TypeError);
  expect(call).toThrow(message);
});
