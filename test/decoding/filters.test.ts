import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import * as decoding from '../../src/decoding/index.js';
import { createRng } from '../../src/random/index.js';
import { softmax } from '../../src/special/index.js';

const { applyTopK, applyTopP, applyTypicalP, applyMinP, applyEpsilonCutoff, applyDry, keptIndices } = decoding;

/** Logits with heavy ties (few levels), masked tokens and, now and then, huge spreads. */
const logits = fc
  .array(
    fc.oneof(
      fc.integer({ min: -3, max: 3 }),
      fc.double({ min: -20, max: 20, noNaN: true }),
      fc.constant(-Infinity),
      fc.constant(-0),
    ),
    { minLength: 1, maxLength: 40 },
  )
  .filter((row) => row.some((x) => x > -Infinity));

/** Tokens in the order of their keys, ties by index. */
function order(keys: ArrayLike<number>, descending: boolean): number[] {
  const sign = descending ? -1 : 1;
  return Array.from(keys, (_, i) => i).sort((a, b) => sign * (keys[a] - keys[b]) || a - b);
}

describe('filters against sorting the whole vocabulary', () => {
  it('top-k keeps what is at least the k-th largest', () => {
    fc.assert(
      fc.property(logits, fc.integer({ min: 1, max: 45 }), (row, k) => {
        const sorted = row.slice().sort((a, b) => b - a);
        const threshold = sorted[Math.min(k, row.length) - 1];
        const expected = row.map((x) => (x >= threshold ? x : -Infinity));
        expect(Array.from(applyTopK(row, { k }))).toEqual(expected);
      }),
      { numRuns: 1000 },
    );
  });

  it('top-p and typical-p keep while the mass before is below p', () => {
    fc.assert(
      fc.property(
        logits,
        fc.double({ min: 0, max: 1, noNaN: true }),
        fc.integer({ min: 1, max: 5 }),
        (row, p, minKeep) => {
          const pr = softmax(row);
          const entropy = pr.reduce((h, q) => (q > 0 ? h - q * Math.log(q) : h), 0);
          const score = pr.map((q) => (q > 0 ? Math.abs(-Math.log(q) - entropy) : Infinity));
          for (const [filter, keys, descending] of [
            [applyTopP, pr, true],
            [applyTypicalP, score, false],
          ] as const) {
            const kept = new Set(keptIndices(filter(row, { p, minKeep })));
            let before = 0;
            let count = 0;
            let previous = NaN;
            for (const i of order(keys, descending)) {
              if (pr[i] === 0) {
                expect(kept.has(i)).toBe(false);
                continue;
              }
              // A mass within rounding of p, or two scores within rounding of each other, may fall either way.
              const near =
                Math.abs(before - p) < 1e-12 || (filter === applyTypicalP && Math.abs(keys[i] - previous) < 1e-12);
              if (near) break;
              expect(kept.has(i)).toBe(before < p || count < minKeep);
              before += pr[i];
              count += 1;
              previous = keys[i];
            }
          }
        },
      ),
      { numRuns: 1000 },
    );
  });

  it('top-p with exact masses and ties cuts ties by index', () => {
    const row = Array.from({ length: 64 }, () => 0);
    expect(Array.from(keptIndices(applyTopP(row, { p: 0.25 })))).toEqual(Array.from({ length: 16 }, (_, i) => i));
    expect(keptIndices(applyTopP(row, { p: 0 })).length).toBe(1);
    expect(keptIndices(applyTopP(row, { p: 1 })).length).toBe(64);
  });

  it('min-p, epsilon and top-k are idempotent', () => {
    fc.assert(
      fc.property(logits, fc.double({ min: 0, max: 1, noNaN: true }), (row, x) => {
        for (const filter of [
          (l: ArrayLike<number>) => applyMinP(l, { minP: x }),
          (l: ArrayLike<number>) => applyTopK(l, { k: 1 + Math.floor(10 * x) }),
          (l: ArrayLike<number>) => applyEpsilonCutoff(l, { epsilon: x }),
        ]) {
          const once = filter(row);
          expect(filter(once)).toEqual(once);
        }
      }),
    );
  });

  it('a filter may write over its own input, and takes Float32 rows', () => {
    const row = Float32Array.of(1, 2, -1, 0.5);
    const wide = Float64Array.from(row);
    for (const filter of [
      (l: Float32Array | Float64Array, out?: Float64Array) => applyTopK(l, { k: 2 }, out),
      (l: Float32Array | Float64Array, out?: Float64Array) => applyTopP(l, { p: 0.8 }, out),
      (l: Float32Array | Float64Array, out?: Float64Array) => applyTypicalP(l, { p: 0.8 }, out),
      (l: Float32Array | Float64Array, out?: Float64Array) => applyMinP(l, { minP: 0.3 }, out),
      (l: Float32Array | Float64Array, out?: Float64Array) => decoding.applyTopNSigma(l, { n: 1 }, out),
      (l: Float32Array | Float64Array, out?: Float64Array) => decoding.applyEtaCutoff(l, { epsilon: 0.1 }, out),
    ]) {
      const expected = filter(wide);
      expect(filter(row)).toEqual(expected);
      const copy = wide.slice();
      expect(filter(copy, copy)).toBe(copy);
      expect(copy).toEqual(expected);
    }
  });

  it('filters commute with permutations of the vocabulary when there are no ties', () => {
    const rng = createRng('filters', 'permutation');
    for (let round = 0; round < 50; round++) {
      const row = Float64Array.from({ length: 30 }, () => 6 * rng());
      const shuffled = row.slice().reverse();
      for (const filter of [
        (l: Float64Array) => applyTopK(l, { k: 7 }),
        (l: Float64Array) => applyTopP(l, { p: 0.7 }),
        (l: Float64Array) => applyMinP(l, { minP: 0.2 }),
        (l: Float64Array) => decoding.applyTopA(l, { a: 0.2 }),
        (l: Float64Array) => applyTypicalP(l, { p: 0.7 }),
      ]) {
        expect(filter(shuffled).reverse()).toEqual(filter(row));
      }
    }
  });
});

describe('penalties', () => {
  it('DRY agrees with comparing every suffix', () => {
    const tokens = fc.array(fc.integer({ min: 0, max: 2 }), { maxLength: 30 });
    fc.assert(
      fc.property(
        tokens,
        fc.subarray([0, 1, 2]),
        fc.integer({ min: 1, max: 3 }),
        (context, breakers, allowedLength) => {
          const n = context.length;
          const longest = [0, 0, 0];
          for (let i = 1; i < n; i++) {
            let m = 0;
            while (m < i && context[i - 1 - m] === context[n - 1 - m] && !breakers.includes(context[n - 1 - m])) m += 1;
            longest[context[i]] = Math.max(longest[context[i]], m);
          }
          const actual = applyDry([0, 0, 0], context, { multiplier: 0.5, base: 2, allowedLength, breakers });
          longest.forEach((m, token) => {
            expect(actual[token]).toBe(m >= allowedLength ? -0.5 * 2 ** (m - allowedLength) : 0);
          });
        },
      ),
      { numRuns: 500 },
    );
  });

  it('DRY stays finite however long the repetition', () => {
    const context = Array.from({ length: 5000 }, () => 0);
    expect(applyDry([0, 0], context, { multiplier: 1 })[0]).toBe(-Number.MAX_VALUE);
  });

  it('no-repeat bans exactly the tokens that complete an n-gram seen before', () => {
    expect(Array.from(decoding.applyNoRepeatNgram([0, 0, 0], [0, 1, 2, 0, 1], 3))).toEqual([0, 0, -Infinity]);
    expect(Array.from(decoding.applyNoRepeatNgram([0, 0, 0], [0, 1], 1))).toEqual([-Infinity, -Infinity, 0]);
    expect(Array.from(decoding.applyNoRepeatNgram([0, 0, 0], [0], 3))).toEqual([0, 0, 0]);
  });
});

describe('pipeline', () => {
  const options = fc.record(
    {
      temperature: fc.oneof(fc.constant(0), fc.double({ min: 0.01, max: 5, noNaN: true })),
      topK: fc.integer({ min: 1, max: 20 }),
      topP: fc.double({ min: 0, max: 1, noNaN: true }),
      minP: fc.double({ min: 0, max: 1, noNaN: true }),
      typicalP: fc.double({ min: 0, max: 1, noNaN: true }),
      topNSigma: fc.double({ min: 0, max: 3, noNaN: true }),
      topA: fc.double({ min: 0, max: 1, noNaN: true }),
      epsilonCutoff: fc.double({ min: 0, max: 1, noNaN: true }),
      etaCutoff: fc.double({ min: 0, max: 1, noNaN: true }),
      repetitionPenalty: fc.double({ min: 0.5, max: 2, noNaN: true }),
    },
    { requiredKeys: [] },
  );

  it('never returns an empty distribution', () => {
    fc.assert(
      fc.property(logits, options, (row, config) => {
        const pr = decoding.logitsPipeline(config)(row, [0], createRng('pipeline'));
        let total = 0;
        for (const p of pr) total += p;
        expect(Math.abs(total - 1)).toBeLessThan(1e-12);
      }),
      { numRuns: 500 },
    );
  });

  it('draws one uniform for XTC with a probability strictly inside (0, 1), none otherwise', () => {
    for (const [probability, draws] of [
      [0, 0],
      [0.5, 1],
      [1, 0],
    ]) {
      let count = 0;
      const rng = () => ((count += 1), 0.3);
      const pipeline = decoding.logitsPipeline({ xtc: { threshold: 0.1, probability } });
      count = 0;
      pipeline([0, 0.1, 0.2], [], rng);
      expect(count).toBe(draws);
    }
  });

  it('takes steps in the order asked for', () => {
    // Temperature first: pr = (.88, .12), so top-p 0.8 keeps one token; temperature last: pr = (.73, .27) keeps both.
    const row = [1, 0];
    const first = decoding.logitsPipeline({ temperature: 0.5, topP: 0.8 })(row, [], Math.random);
    const last = decoding.logitsPipeline({ temperature: 0.5, topP: 0.8, order: ['top-p', 'temperature'] });
    expect(Array.from(first)).toEqual([1, 0]);
    expect(last(row, [], () => 0)[1]).toBeGreaterThan(0.1);
  });

  it('masks by bytes and by bits', () => {
    const bytes = decoding.logitsPipeline({ mask: () => Uint8Array.of(0, 1, 1) });
    const bits = decoding.logitsPipeline({ mask: () => Uint32Array.of(0b110) });
    expect(bytes([5, 1, 1], [], () => 0)).toEqual(Float64Array.of(0, 0.5, 0.5));
    expect(bits([5, 1, 1], [], () => 0)).toEqual(Float64Array.of(0, 0.5, 0.5));
  });

  it('names the option or the entry that is wrong', () => {
    expect(() => decoding.logitsPipeline({ topK: 0 })).toThrow(/^k must/);
    expect(() => decoding.logitsPipeline({ topP: 1.5 })).toThrow(/^p must/);
    expect(() => decoding.logitsPipeline({ temperature: -1 })).toThrow(/^temperature must/);
    const pipeline = decoding.logitsPipeline({});
    expect(() => pipeline([0, NaN], [], () => 0)).toThrow(/^logits\[1\]/);
    expect(() => pipeline([0, Infinity], [], () => 0)).toThrow(/^logits\[1\]/);
    expect(() => pipeline([-Infinity], [], () => 0)).toThrow(/^logits/);
    expect(() => applyTopK([0, NaN], { k: 1 })).toThrow(/^logits\[1\]/);
  });

  it('works with a vocabulary of one token', () => {
    const pipeline = decoding.logitsPipeline({
      topK: 1,
      topP: 0,
      typicalP: 0.5,
      minP: 1,
      temperature: 0,
      topNSigma: 0,
    });
    expect(pipeline([3], [0], () => 0)).toEqual(Float64Array.of(1));
    expect(decoding.applyDynamicTemperature([3], { min: 0.5, max: 1 })).toEqual(Float64Array.of(6));
  });
});

describe('mirostat', () => {
  it.each([1, 2] as const)('version %i holds the mean surprise within 5% of tau on a Zipf law', (version) => {
    const tau = 4;
    const row = Float64Array.from({ length: 5000 }, (_, i) => -1.1 * Math.log(i + 1));
    const sampler = decoding.mirostat({ version, tau });
    const rng = createRng('mirostat', version);
    let state = sampler.init();
    let total = 0;
    const steps = 1500;
    for (let t = 0; t < steps; t++) {
      const step = sampler.step(state, row, rng);
      state = step.state;
      if (t >= 300) total += step.surprise;
    }
    expect(Math.abs(total / (steps - 300) - tau)).toBeLessThan(0.05 * tau);
  });

  it('version 1 takes flat, degenerate and one-token distributions', () => {
    const sampler = decoding.mirostat({ version: 1 });
    expect(sampler.step(sampler.init(), [0, 0, 0, 0], () => 0.99).token).toBe(3);
    expect(sampler.step(sampler.init(), [0, -Infinity], () => 0.99).token).toBe(0);
    expect(sampler.step(sampler.init(), [7], () => 0.5).surprise).toBe(0);
  });
});
