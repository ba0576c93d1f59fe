import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  dpoLoss,
  extractPrompt,
  pairsFromRanked,
  parsePreferenceJsonl,
  stringifyPreferenceJsonl,
  toPairBatch,
  unpairPreferences,
  validatePreferences,
  type PairwiseRecord,
  type PreferenceRecord,
  type RankedRecord,
} from '../../../src/preference/index.js';

const line = (fields: object) => JSON.stringify(fields);
const pair = { prompt: 'p', chosen: 'a', rejected: 'b' };
const one = (text: string) => parsePreferenceJsonl(text).records[0] as PairwiseRecord;

describe('parsePreferenceJsonl', () => {
  it('knows a record by its keys', () => {
    const text = [
      line(pair),
      line({ prompt: 'p', completion: 'c', label: false }),
      line({ prompt: 'p', completions: ['a', 'b'], ranking: [1, 0] }),
      line({ prompt: 'p', completions: ['a', 'b'], scores: [0.5, -2] }),
      line({ prompt: [{ role: 'user', content: 'hi' }], completions: ['a'], labels: [true] }),
      line({ chosen: [{ role: 'assistant', content: 'x', tool: 7 }], rejected: [{ role: 'assistant', content: 'y' }] }),
    ].join('\n');
    const { records, errors, recordCount } = parsePreferenceJsonl(text);
    expect(records.map(({ type }) => type)).toEqual([
      'pairwise',
      'unpaired',
      'ranked',
      'ranked',
      'stepwise',
      'pairwise',
    ]);
    expect([recordCount, errors]).toEqual([6, []]);
    expect(records.map(({ line: n }) => n)).toEqual([1, 2, 3, 4, 5, 6]);
    expect((records[5] as PairwiseRecord).chosen).toEqual([{ role: 'assistant', content: 'x', tool: 7 }]);
  });

  it('reads every name of a log-probability, and writes one', () => {
    const names = [
      ['chosen_logps', 'rejected_logps', 'ref_chosen_logps', 'ref_rejected_logps'],
      ['policy_chosen_logps', 'policy_rejected_logps', 'ref_logps_chosen', 'ref_logps_rejected'],
      ['logps_chosen', 'logps_rejected', 'reference_chosen_logps', 'reference_rejected_logps'],
    ];
    for (const [w, l, rw, rl] of names) {
      const record = one(line({ ...pair, [w]: -1, [l]: -2, [rw]: -3, [rl]: -4, chosen_len: 5, rejected_len: 6 }));
      expect(record).toEqual({
        type: 'pairwise',
        line: 1,
        ...pair,
        policyChosen: -1,
        policyRejected: -2,
        refChosen: -3,
        refRejected: -4,
        chosenLength: 5,
        rejectedLength: 6,
      });
      expect(JSON.parse(stringifyPreferenceJsonl([record]))).toMatchObject({
        chosen_logps: -1,
        ref_rejected_logps: -4,
      });
    }
  });

  it('accepts a byte order mark, CRLF, blank lines, a missing last newline, and counts them all', () => {
    const { records } = parsePreferenceJsonl(`\ufeff${line(pair)}\r\n\r\n   \n${line({ ...pair, prompt: 'q' })}`);
    expect(records.map((r) => [r.line, r.prompt])).toEqual([
      [1, 'p'],
      [4, 'q'],
    ]);
    expect(parsePreferenceJsonl('').records).toEqual([]);
  });

  it('reads infinite log-probabilities as strings and as Python writes them', () => {
    expect(one(line({ ...pair, chosen_logps: '-Infinity' })).policyChosen).toBe(-Infinity);
    expect(one('{"chosen": "NaN", "rejected": "b", "chosen_logps": -Infinity, "x": [NaN, Infinity]}')).toMatchObject({
      chosen: 'NaN',
      policyChosen: -Infinity,
      extra: { x: [NaN, Infinity] },
    });
  });

  it.each<[string, string, string]>([
    ['a missing response', line({ prompt: 'p', chosen: 'a' }), '"rejected" is missing'],
    ['a null response', line({ ...pair, chosen: null }), '"chosen" is missing'],
    ['invalid JSON', '{"prompt": "p", "chosen": "a" "rejected": "b"}', 'invalid JSON at column 31'],
    ['a line cut short', '{"prompt": "p', 'invalid JSON at column 14'],
    ['a trailing comma', '{"a": 1,}', 'invalid JSON at column 9'],
    ['text after the object', '{"a": 1} x', 'invalid JSON at column 10'],
    ['a control character', '{"a": "\u0001"}', 'invalid JSON at column 8'],
    ['a bad escape', '{"a": "\\q"}', 'invalid JSON at column 9'],
    ['a short \\u', '{"a": "\\u12g4"}', 'invalid JSON at column 12'],
    ['a number with a leading zero', '{"a": 01}', 'invalid JSON at column 8'],
    ['a lone minus', '{"a": -}', 'invalid JSON at column 8'],
    ['a misspelt word', '{"a": nul}', 'invalid JSON at column 10'],
    ['a list', '[1]', 'not a JSON object'],
    ['an unknown record', '{"text": "a"}', '"chosen", "completion" or "completions" is missing'],
    ['equal responses', line({ ...pair, rejected: 'a' }), 'chosen equals rejected'],
    [
      'equal conversations',
      line({ chosen: [{ role: 'a', content: 'x' }], rejected: [{ role: 'a', content: 'x' }] }),
      'chosen equals rejected',
    ],
    ['a positive log-probability', line({ ...pair, chosen_logps: 0.5 }), '"chosen_logps" must be at most 0, got 0.5'],
    ['NaN', '{"prompt": "p", "chosen": "a", "rejected": "b", "ref_chosen_logps": NaN}', '"ref_chosen_logps" is NaN'],
    [
      'a log-probability in words',
      line({ ...pair, rejected_logps: '-3' }),
      '"rejected_logps" must be a number, got "-3"',
    ],
    ['a length of 0', line({ ...pair, chosen_len: 0 }), '"chosen_len" must be a positive integer, got 0'],
    ['a length of 2.5', line({ ...pair, rejected_len: 2.5 }), '"rejected_len" must be a positive integer, got 2.5'],
    [
      'two names that disagree',
      line({ ...pair, chosen_logps: -1, policy_chosen_logps: -2 }),
      '"policy_chosen_logps" and "chosen_logps" disagree',
    ],
    [
      'a label in words',
      line({ prompt: 'p', completion: 'c', label: 'yes' }),
      '"label" must be true or false, got "yes"',
    ],
    ['a missing label', line({ prompt: 'p', completion: 'c' }), '"label" is missing'],
    ['a missing prompt', line({ completion: 'c', label: true }), '"prompt" is missing'],
    ['an agreement of 2', line({ ...pair, agreement: 2 }), '"agreement" must be in [0, 1], got 2'],
    ['three votes', line({ ...pair, votes: [1, 2, 3] }), '"votes" must be two counts, not both 0'],
    ['no votes', line({ ...pair, votes: [0, 0] }), '"votes" must be two counts, not both 0'],
    [
      'a message without content',
      line({ ...pair, chosen: [{ role: 'user' }] }),
      '"chosen"[0] must have a role and a content',
    ],
    ['no message', line({ ...pair, chosen: [] }), '"chosen" has no message'],
    ['a number for a text', line({ ...pair, prompt: 3 }), '"prompt" must be a string or a list of messages, got 3'],
    ['completions alone', line({ prompt: 'p', completions: ['a', 'b'] }), '"ranking", "scores" or "labels" is missing'],
    [
      'a repeated rank',
      line({ prompt: 'p', completions: ['a', 'b'], ranking: [0, 0] }),
      '"ranking" must hold different indices below 2',
    ],
    [
      'too few scores',
      line({ prompt: 'p', completions: ['a', 'b'], scores: [1] }),
      '"scores" must have length 2, got 1',
    ],
    [
      'labels that are no booleans',
      line({ prompt: 'p', completions: ['a'], labels: [1] }),
      '"labels"[0] must be true or false, got 1',
    ],
    [
      'completions that are no list',
      line({ prompt: 'p', completions: 'a', labels: [] }),
      '"completions" must be a list, got "a"',
    ],
  ])('says what is wrong with %s, and where', (_, bad, message) => {
    const text = `${line(pair)}\n\n${bad}\n${line({ ...pair, prompt: 'last' })}\n`;
    expect(() => parsePreferenceJsonl(text)).toThrow(SyntaxError);
    expect(() => parsePreferenceJsonl(text)).toThrow(new SyntaxError(`line 3: ${message}`));
    const { records, errors, errorLines, recordCount } = parsePreferenceJsonl(text, { mode: 'lenient' });
    expect(records.map((r) => r.prompt)).toEqual(['p', 'last']);
    expect([recordCount, errorLines]).toEqual([2, [3]]);
    expect(errors[0]).toEqual({ line: 3, message: `line 3: ${message}`, text: bad });
  });

  it('reports every problem of a line, and loses no line', () => {
    const bad = line({ chosen: 'a', chosen_logps: 1, chosen_len: -1 });
    const { errors, errorLines } = parsePreferenceJsonl(bad, { mode: 'lenient' });
    expect(errors.map(({ message }) => message.slice(8))).toEqual([
      '"rejected" is missing',
      '"chosen_logps" must be at most 0, got 1',
      '"chosen_len" must be a positive integer, got -1',
    ]);
    expect(errorLines).toEqual([1]);
    fc.assert(
      fc.property(fc.array(fc.oneof(fc.constant(line(pair)), fc.json(), fc.string()), { maxLength: 12 }), (lines) => {
        const text = lines.map((l) => l.replace(/[\r\n\ufeff]/g, '')).join('\n');
        const parsed = parsePreferenceJsonl(text, { mode: 'lenient' });
        const seen = [...parsed.records.map((r) => r.line as number), ...parsed.errorLines].sort((a, b) => a - b);
        const full = text.split('\n').flatMap((l, i) => (l.trim() === '' ? [] : [i + 1]));
        expect(seen).toEqual(full);
        for (const { line: n, text: kept } of parsed.errors) expect(kept).toBe(text.split('\n')[n - 1]);
      }),
    );
  });

  it('its own reading of JSON is that of the engine', () => {
    // a bare NaN at the end sends the whole line to the second reader
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        const text = `{"chosen":"a","rejected":"b","extra_field":${JSON.stringify(value)},"n":NaN}`;
        expect(one(text).extra?.extra_field).toEqual(JSON.parse(JSON.stringify(value)));
      }),
    );
    expect(one('{"chosen":"a","rejected":"b","e": -1.5e-3 ,"f":[ ],"g":{ },"h":"\\u00e9\\n","n":NaN}').extra).toEqual({
      e: -0.0015,
      f: [],
      g: {},
      h: 'é\n',
      n: NaN,
    });
    const proto = one('{"chosen":"a","rejected":"b","__proto__":{"x":1},"n":NaN}').extra as object;
    expect(Object.hasOwn(proto, '__proto__') && !('x' in proto)).toBe(true);
    expect(() => one(`${'['.repeat(600)}NaN`)).toThrow('invalid JSON at column 502');
  });

  it('refuses an unknown mode', () => {
    expect(() => parsePreferenceJsonl('', { mode: 'loose' as never })).toThrow(/^mode/);
    expect(() => parsePreferenceJsonl(3 as never)).toThrow(/^text must be a string/);
  });
});

describe('stringifyPreferenceJsonl', () => {
  const text = fc.oneof(
    fc.string(),
    fc.array(fc.record({ role: fc.string(), content: fc.string() }), { minLength: 1, maxLength: 3 }),
  );
  const logP = fc.oneof(
    fc.double({ max: 0, noNaN: true, noDefaultInfinity: true }).map((x) => x + 0),
    fc.constant(-Infinity),
  );
  const extra = fc.option(
    fc.dictionary(
      fc.string().map((s) => `x_${s}`),
      fc.jsonValue(),
      { minKeys: 1, maxKeys: 2 },
    ),
    { nil: undefined },
  );
  const optional = <T>(arbitrary: fc.Arbitrary<T>) => fc.option(arbitrary, { nil: undefined });
  const records: fc.Arbitrary<PreferenceRecord> = fc
    .oneof(
      fc
        .record({
          type: fc.constant('pairwise' as const),
          prompt: optional(text),
          chosen: text,
          rejected: text,
          policyChosen: optional(logP),
          refRejected: optional(logP),
          rejectedLength: optional(fc.integer({ min: 1, max: 1e6 })),
          margin: optional(fc.double({ noNaN: true, noDefaultInfinity: true })),
          votes: optional(fc.tuple(fc.integer({ min: 1, max: 9 }), fc.nat(9))),
          extra,
        })
        .filter(({ chosen, rejected }) => JSON.stringify(chosen) !== JSON.stringify(rejected)),
      fc.record({ type: fc.constant('unpaired' as const), prompt: text, completion: text, label: fc.boolean(), extra }),
      fc.record({
        type: fc.constant('stepwise' as const),
        prompt: text,
        completions: fc.tuple(text, text),
        labels: fc.tuple(fc.boolean(), fc.boolean()),
      }),
      fc.record({
        type: fc.constant('ranked' as const),
        prompt: text,
        completions: fc.tuple(text, text),
        scores: fc.tuple(fc.integer(), fc.integer()),
        extra,
      }),
    )
    .map(
      (record) =>
        Object.fromEntries(
          Object.entries(record).filter(([, value]) => value !== undefined),
        ) as unknown as PreferenceRecord,
    );

  it('is read back to equal records', () => {
    fc.assert(
      fc.property(fc.array(records, { maxLength: 5 }), (list) => {
        // JSON has no -0
        const clean = JSON.parse(
          JSON.stringify(list, (_, x) => (typeof x === 'number' && !Number.isFinite(x) ? `!${x}` : x)),
          (_, x) => (x === '!-Infinity' ? -Infinity : x),
        ) as PreferenceRecord[];
        const back = parsePreferenceJsonl(stringifyPreferenceJsonl(clean)).records;
        expect(back).toEqual(clean.map((record, i) => ({ ...record, line: i + 1 })));
      }),
    );
    expect(stringifyPreferenceJsonl([{ type: 'pairwise', ...pair, refChosen: -Infinity }])).toContain(
      '"ref_chosen_logps":"-Infinity"',
    );
    expect(() => stringifyPreferenceJsonl([{ type: 'other' } as never])).toThrow(/^records/);
  });
});

describe('conversions', () => {
  it('the prompt inside both responses is their longest common beginning', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: 'grapheme' }),
        fc.string({ unit: 'grapheme' }),
        fc.string({ unit: 'grapheme' }),
        (p, a, b) => {
          const { prompt, chosen, rejected } = extractPrompt({ type: 'pairwise', chosen: p + a, rejected: p + b });
          expect(`${prompt as string}${chosen as string}`).toBe(p + a);
          expect(`${prompt as string}${rejected as string}`).toBe(p + b);
          expect(() => encodeURIComponent(prompt as string)).not.toThrow(); // no half of a character
          expect((prompt as string).length).toBeGreaterThanOrEqual(p.length);
        },
      ),
    );
    const messages = (last: string) => [
      { role: 'user', content: 'hi' },
      { role: 'assistant', content: last },
    ];
    expect(extractPrompt({ type: 'pairwise', chosen: messages('a'), rejected: messages('b') })).toEqual({
      type: 'pairwise',
      prompt: [{ role: 'user', content: 'hi' }],
      chosen: [{ role: 'assistant', content: 'a' }],
      rejected: [{ role: 'assistant', content: 'b' }],
    });
    expect(extractPrompt({ type: 'pairwise', chosen: '😀', rejected: '😁' }).prompt).toBe('');
    expect(extractPrompt({ type: 'pairwise', ...pair }).prompt).toBe('p');
    expect(() => extractPrompt({ type: 'pairwise', chosen: 'a', rejected: messages('b') })).toThrow(
      /^chosen and rejected/,
    );
  });

  it('a ranking gives all, extreme or neighbouring pairs', () => {
    const record: RankedRecord = {
      type: 'ranked',
      prompt: 'p',
      completions: ['a', 'b', 'c', 'd'],
      ranking: [2, 0, 3],
      line: 9,
    };
    const short = (pairs: PairwiseRecord[]) =>
      pairs.map(({ chosen, rejected }) => `${chosen as string}${rejected as string}`);
    expect(short(pairsFromRanked(record))).toEqual(['ca', 'cd', 'ad']);
    expect(short(pairsFromRanked(record, { pairs: 'best-worst' }))).toEqual(['cd']);
    expect(short(pairsFromRanked(record, { pairs: 'adjacent' }))).toEqual(['ca', 'ad']);
    expect(pairsFromRanked(record)[0]).toEqual({ type: 'pairwise', prompt: 'p', chosen: 'c', rejected: 'a', line: 9 });
    const { ranking: _, ...rest } = record;
    const scored = { ...rest, scores: [1, 3, 1, 0] };
    expect(short(pairsFromRanked(scored))).toEqual(['ba', 'bc', 'bd', 'ad', 'cd']);
    expect(pairsFromRanked(scored)[0].margin).toBe(2);
    expect(() => pairsFromRanked(rest)).toThrow(/^record/);
    expect(pairsFromRanked({ ...record, ranking: [1] }, { pairs: 'best-worst' })).toEqual([]);
  });

  it('unpairing makes two labelled responses, with the prompt taken out', () => {
    expect(unpairPreferences([{ type: 'pairwise', chosen: 'Q: yes', rejected: 'Q: no', line: 4 }])).toEqual([
      { type: 'unpaired', prompt: 'Q: ', completion: 'yes', label: true, line: 4 },
      { type: 'unpaired', prompt: 'Q: ', completion: 'no', label: false, line: 4 },
    ]);
  });

  it('a batch goes straight into a loss; a missing field is named by line and key', () => {
    const text = [
      line({
        ...pair,
        chosen_logps: -5,
        rejected_logps: -6,
        ref_chosen_logps: -5,
        ref_rejected_logps: -6,
        votes: [3, 1],
      }),
      line({
        ...pair,
        prompt: 'q',
        chosen_logps: -5,
        rejected_logps: -6,
        ref_chosen_logps: -5,
        ref_rejected_logps: -6,
        agreement: 0.5,
      }),
    ].join('\n');
    const records = parsePreferenceJsonl(text).records as PairwiseRecord[];
    const batch = toPairBatch(records);
    expect(dpoLoss(batch).loss).toBeCloseTo(Math.LN2, 14);
    expect(batch.agreement).toEqual(Float64Array.of(0.75, 0.5));
    expect('chosenLengths' in batch || 'margins' in batch).toBe(false);
    const without = (key: keyof PairwiseRecord, i: number) =>
      records.map((r, k) => (k === i ? { ...r, [key]: undefined } : r)) as PairwiseRecord[];
    expect(() => toPairBatch(without('policyRejected', 1))).toThrow('line 2: "rejected_logps" is missing');
    expect(() => toPairBatch(without('refChosen', 0))).toThrow('line 1: "ref_chosen_logps" is missing');
    expect(() => toPairBatch(records.map((r) => ({ ...r, refRejected: undefined })) as never)).toThrow(
      'line 1: "ref_rejected_logps"',
    );
    expect(() => toPairBatch([{ type: 'pairwise', ...pair }])).toThrow('record 0: "chosen_logps" is missing');
    expect(() => toPairBatch([])).toThrow(/^records must not be empty/);
    expect(() => toPairBatch([{ ...records[0], rejectedLength: 3 }])).toThrow('line 1: "chosen_len" is missing');
  });
});

describe('validatePreferences', () => {
  const record = (prompt: string, chosen: string, rejected: string, more = {}): PairwiseRecord => ({
    type: 'pairwise',
    prompt,
    chosen,
    rejected,
    ...more,
  });
  it('finds duplicates and contradictions, by line where known', () => {
    const { duplicates, conflicts, counts } = validatePreferences([
      record('p', 'a', 'b', { line: 1 }),
      record('q', 'a', 'b', { line: 2 }),
      record('p', 'a', 'b', { line: 5 }),
      record('p', 'b', 'a', { line: 7 }),
      { type: 'unpaired', prompt: 'p', completion: 'c', label: true },
      // the same pair with its prompt inside
      { type: 'pairwise', chosen: 'pa', rejected: 'pb' },
    ]);
    expect(duplicates).toEqual([
      { first: 0, second: 2, lines: [1, 5] },
      { first: 0, second: 5 },
    ]);
    expect(conflicts).toEqual([
      { first: 0, second: 3, lines: [1, 7] },
      { first: 3, second: 5 },
    ]);
    expect(counts).toEqual({ pairwise: 5, unpaired: 1, ranked: 0, stepwise: 0 });
  });
  it('length bias in tokens when all are known, in characters otherwise; disagreement of the reference', () => {
    const known = { chosenLength: 9, rejectedLength: 5, refChosen: -3, refRejected: -2 };
    expect(validatePreferences([record('p', 'a', 'b', known)]).lengthBias).toEqual({
      mean: 4,
      chosenLonger: 1,
      unit: 'tokens',
    });
    const mixed = validatePreferences([record('p', 'a', 'b', known), record('p', 'é😀', 'wxyz')]);
    expect(mixed.lengthBias).toEqual({ mean: -1, chosenLonger: 0, unit: 'characters' });
    expect(mixed.refDisagreement).toBe(1);
    expect(validatePreferences([]).lengthBias).toBeUndefined();
  });
  it('summarizes CHES scores of given embeddings', () => {
    const records = [record('p', 'a', 'b'), record('p', 'c', 'd')];
    const embeddings = [
      { preferred: [[1, 0]], dispreferred: [[2, 5]] },
      { preferred: [[2, 0]], dispreferred: [[0, 1]] },
    ];
    const { ches } = validatePreferences(records, { embeddings });
    expect(ches).toEqual({ scores: Float64Array.of(1, -4), mean: -1.5, median: -1.5, max: 1 });
    expect(() => validatePreferences(records, { embeddings: embeddings.slice(1) })).toThrow(
      /^embeddings must have length 2/,
    );
  });
});
