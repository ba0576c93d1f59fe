import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import * as decoding from '../../src/decoding/index.js';
import { createRng, sampleNormal } from '../../src/random/index.js';
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
      { numRuns: 10_000 },
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
      { numRuns: 10_000 },
    );
  });

  describe('top-p of a long row, whose end is looked for where a sample says', () => {
    const n = 20_000;
    const rng = createRng('filters', 'long');
    const normal = (s: number) => Float64Array.from({ length: n }, () => s * sampleNormal(rng));
    // Every fourth token is in the sample: rows that tell it nothing, or the wrong thing.
    const unseen = Float64Array.from({ length: n }, (_, i) => (i % 4 === 0 ? -5 : sampleNormal(rng)));
    const seen = Float64Array.from({ length: n }, (_, i) => (i % 4 === 0 ? sampleNormal(rng) : -30));
    const heavy = normal(1);
    heavy[17] = 14; // most of the mass on a token that the sample misses
    const masked = normal(2).map((l, i) => (i % 3 === 1 ? -Infinity : l));
    const cases: [string, Float64Array][] = [
      ['normal logits', normal(1)],
      ['wide logits', normal(3)],
      ['very wide logits', normal(8)],
      ['few levels, heavy ties', normal(1).map((l) => Math.round(2 * l) / 2)],
      ['one level', new Float64Array(n)],
      ['a heavy token that the sample misses', heavy],
      ['a sample that sees the light tokens only', unseen],
      ['a sample that sees the heavy tokens only', seen],
      ['masked tokens', masked],
    ];

    it.each(cases)('%s: as sorting the whole row', (_name, row) => {
      const pr = softmax(row);
      const sorted = order(pr, true);
      for (const [p, minKeep] of [
        [0, 1],
        [1e-4, 3],
        [0.1, 1],
        [0.5, 1],
        [0.9, 1],
        [0.9, n],
        [0.99, 1],
        [1 - 1e-12, 1],
        [1, 1],
      ]) {
        const kept = applyTopP(row, { p, minKeep });
        let before = 0;
        for (let rank = 0; rank < n; rank++) {
          const i = sorted[rank];
          const near = Math.abs(before - p) < 1e-12; // rounding decides
          const stays = pr[i] > 0 && (p === 1 || before < p || rank < minKeep);
          if (!near || rank < minKeep || p === 1) {
            if (kept[i] !== (stays ? row[i] : -Infinity)) throw new Error(`p ${p}, minKeep ${minKeep}, rank ${rank}`);
          }
          before += pr[i];
        }
        const copy = row.slice();
        applyTopP(copy, { p, minKeep }, copy);
        expect(copy.every((l, i) => l === kept[i])).toBe(true);
      }
    });
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

describe('the first tokens that stay whatever a filter says', () => {
  // Probabilities by index: 2 > 0 > 3 > 1 > 4, and one token masked.
  const row = [1, -1, 2, 0, -3, -Infinity];
  const byProbability = [2, 0, 3, 1, 4];
  const filters: [string, (minKeep: number) => Float64Array][] = [
    ['top-k', (minKeep) => applyTopK(row, { k: 1, minKeep })],
    ['top-p', (minKeep) => applyTopP(row, { p: 0, minKeep })],
    ['min-p', (minKeep) => applyMinP(row, { minP: 1, minKeep })],
    ['top-a', (minKeep) => decoding.applyTopA(row, { a: 1, minKeep })],
    ['epsilon', (minKeep) => applyEpsilonCutoff(row, { epsilon: 1, minKeep })],
    ['eta', (minKeep) => decoding.applyEtaCutoff(row, { epsilon: 1, minKeep })],
    ['top-n-sigma', (minKeep) => decoding.applyTopNSigma(row, { n: 0, minKeep })],
  ];

  it.each(filters)('%s keeps the minKeep most probable, never a masked one', (name, filter) => {
    for (let minKeep = 1; minKeep <= 7; minKeep++) {
      const kept = Array.from(keptIndices(filter(minKeep)));
      const first = byProbability.slice(0, minKeep).sort((a, b) => a - b);
      // η at ε = 1 is e^(-H), below the largest probability: it may keep more than asked for.
      if (name === 'eta' || name === 'top-a') for (const i of first) expect(kept).toContain(i);
      else expect(kept).toEqual(first);
      expect(kept).not.toContain(5);
    }
    for (const minKeep of [0, 1.5, NaN]) expect(() => filter(minKeep)).toThrow(/^minKeep must/);
  });

  it('typical keeps the minKeep most typical, so the most probable may go', () => {
    const pr = softmax(row);
    const entropy = pr.reduce((h, q) => (q > 0 ? h - q * Math.log(q) : h), 0);
    const score = pr.map((q) => (q > 0 ? Math.abs(-Math.log(q) - entropy) : Infinity));
    for (let minKeep = 1; minKeep <= 7; minKeep++) {
      const first = order(score, false)
        .slice(0, Math.min(minKeep, 5))
        .sort((a, b) => a - b);
      expect(Array.from(keptIndices(applyTypicalP(row, { p: 0, minKeep })))).toEqual(first);
    }
    expect(Array.from(keptIndices(applyTypicalP([5, 4, 4, 4, 4, 4, 4, 4], { p: 0 })))).not.toContain(0);
  });

  it('ties at the last place go to the lower index', () => {
    for (const filter of [
      (minKeep: number) => applyTopP([1, 1, 1, 1], { p: 0, minKeep }),
      (minKeep: number) => applyEpsilonCutoff([1, 1, 1, 1], { epsilon: 1, minKeep }),
      (minKeep: number) => applyTypicalP([1, 1, 1, 1], { p: 0, minKeep }),
    ]) {
      expect(Array.from(keptIndices(filter(3)))).toEqual([0, 1, 2]);
    }
  });

  it('the pipeline passes it on to every filter', () => {
    const probs = decoding.logitsPipeline({ topK: 1, topP: 0, minP: 1, epsilonCutoff: 1, minKeep: 3 })(
      row,
      [],
      () => 0,
    );
    expect(Array.from(probs.keys()).filter((i) => probs[i] > 0)).toEqual([0, 2, 3]);
  });
});

describe('filters by their definitions', () => {
  const unit = fc.double({ min: 0, max: 1, noNaN: true });

  it('cutoffs keep what reaches the threshold', () => {
    fc.assert(
      fc.property(logits, unit, (row, x) => {
        const pr = softmax(row);
        const top = Math.max(...pr);
        const entropy = pr.reduce((h, q) => (q > 0 ? h - q * Math.log(q) : h), 0);
        const finite = row.filter((l) => l > -Infinity);
        const mean = finite.reduce((a, b) => a + b) / finite.length;
        const sigma = Math.sqrt(finite.reduce((s, l) => s + (l - mean) ** 2, 0) / finite.length);
        for (const [kept, keys, threshold] of [
          [applyMinP(row, { minP: x }), pr, x * top],
          [decoding.applyTopA(row, { a: x }), pr, x * top * top],
          [applyEpsilonCutoff(row, { epsilon: x }), pr, x],
          [decoding.applyEtaCutoff(row, { epsilon: x }), pr, Math.min(x, Math.sqrt(x) * Math.exp(-entropy))],
          [decoding.applyTopNSigma(row, { n: 3 * x }), row, Math.max(...row) - 3 * x * sigma],
        ] as const) {
          const best = keys.indexOf(Math.max(...keys));
          row.forEach((l, i) => {
            if (l === -Infinity) expect(kept[i]).toBe(-Infinity);
            else if (i === best) expect(kept[i]).toBe(l);
            else if (Math.abs(keys[i] - threshold) > 1e-12) expect(kept[i]).toBe(keys[i] >= threshold ? l : -Infinity);
          });
        }
      }),
      { numRuns: 500 },
    );
  });

  it('dynamic temperature is between its ends, at them for a sure and an even row', () => {
    const options = { min: 0.5, max: 2, exponent: 2 };
    expect(decoding.applyDynamicTemperature([4, -Infinity], options)[0]).toBe(8);
    expect(decoding.applyDynamicTemperature([4, 4, -Infinity], options)[0]).toBe(2);
    fc.assert(
      fc.property(logits, unit, (row, x) => {
        const pr = softmax(row);
        const finite = row.filter((l) => l > -Infinity).length;
        const entropy = pr.reduce((h, q) => (q > 0 ? h - q * Math.log(q) : h), 0);
        const share = finite > 1 ? Math.min(1, entropy / Math.log(finite)) : 0;
        const T = 0.5 + x * share ** 2;
        const scaled = decoding.applyDynamicTemperature(row, { min: 0.5, max: 0.5 + x, exponent: 2 });
        row.forEach((l, i) => l > -Infinity && expect(scaled[i]).toBeCloseTo(l / T, 9));
      }),
    );
  });

  it('temperature divides, 0 leaves the first of the largest, a tiny one overflows nothing', () => {
    expect(Array.from(decoding.applyTemperature([1, 3, 3], 0))).toEqual([-Infinity, 3, -Infinity]);
    const tiny = decoding.applyTemperature([5, 5, 4], 1e-310);
    expect([tiny[0] - tiny[1], tiny[2]]).toEqual([0, -Infinity]);
    expect(() => decoding.applyTemperature([0], -1)).toThrow(/^temperature must/);
    expect(() => decoding.applyDynamicTemperature([0], { min: 0, max: 1 })).toThrow(/^min must/);
    expect(() => decoding.applyDynamicTemperature([0], { min: 2, max: 1 })).toThrow(/^max must/);
  });

  it('XTC removes all top choices but the least probable, the highest index of equals', () => {
    const always = { threshold: 0.2, probability: 1 };
    const none = () => {
      throw new Error('no uniform is to be drawn');
    };
    expect(Array.from(decoding.applyXtc([2, 2, 2, -5], none, always))).toEqual([-Infinity, -Infinity, 2, -5]);
    expect(Array.from(decoding.applyXtc([9, 0, 0], none, always))).toEqual([9, 0, 0]); // one top choice alone stays
    expect(Array.from(decoding.applyXtc([2, 2], none, { threshold: 0.2, probability: 0 }))).toEqual([2, 2]);
    const half = { threshold: 0.2, probability: 0.5 };
    expect(Array.from(decoding.applyXtc([1, 1], () => 0.49, half))).toEqual([-Infinity, 1]);
    expect(Array.from(decoding.applyXtc([1, 1], () => 0.5, half))).toEqual([1, 1]);
  });

  it('masks, biases and penalties do what they say, and -Infinity stays', () => {
    expect(decoding.applyAllowedMask([1, 2, -Infinity], Uint8Array.of(1, 0, 1))[2]).toBe(-Infinity);
    const wide = Array.from({ length: 70 }, (_, i) => i);
    const bits = Uint32Array.of(1 << 31, 0b10, 0b100000);
    expect(Array.from(keptIndices(decoding.applyBitmask(wide, bits)))).toEqual([31, 33, 69]);
    expect(Array.from(keptIndices(decoding.applyBitmask(wide, Int32Array.from(bits))))).toEqual([31, 33, 69]);
    expect(Array.from(decoding.applyLogitBias([0, 0, 0], new Map([[1, 2.5]])))).toEqual([0, 2.5, 0]);
    fc.assert(
      fc.property(
        logits,
        fc.array(fc.nat(39), { maxLength: 12 }),
        fc.double({ min: 0.5, max: 2, noNaN: true }),
        fc.double({ min: -2, max: 2, noNaN: true }),
        (row, raw, penalty, presence) => {
          const tokens = raw.map((t) => t % row.length);
          const repeated = decoding.applyRepetitionPenalty(row, tokens, penalty);
          const counted = decoding.applyFrequencyPresencePenalty(row, tokens, { frequency: 0.5, presence });
          row.forEach((l, i) => {
            const count = tokens.filter((t) => t === i).length;
            const expected = count === 0 ? l : l > 0 ? l / penalty : l * penalty;
            expect(repeated[i] + 0).toBe(expected + 0);
            if (l === -Infinity) expect(counted[i]).toBe(l);
            else expect(counted[i]).toBeCloseTo(count === 0 ? l : l - 0.5 * count - presence, 12);
          });
        },
      ),
    );
  });

  const wrong: [() => unknown, string][] = [
    [() => applyTopK([0], { k: 1.5 }), 'k must'],
    [() => applyTopP([0], { p: -0.1 }), 'p must'],
    [() => applyTypicalP([0], { p: NaN }), 'p must'],
    [() => applyMinP([0], { minP: 2 }), 'minP must'],
    [() => decoding.applyTopA([0], { a: -1 }), 'a must'],
    [() => applyEpsilonCutoff([0], { epsilon: 1.1 }), 'epsilon must'],
    [() => decoding.applyEtaCutoff([0], { epsilon: -1 }), 'epsilon must'],
    [() => decoding.applyTopNSigma([0], { n: -1 }), 'n must'],
    [() => decoding.applyXtc([0], () => 0, { threshold: 2, probability: 0 }), 'threshold must'],
    [() => decoding.applyXtc([0], () => 0, { threshold: 0, probability: -1 }), 'probability must'],
    [() => decoding.applyAllowedMask([0, 0], Uint8Array.of(1)), 'allowed must'],
    [() => decoding.applyBitmask(new Float64Array(33), Uint32Array.of(1)), 'bitmask must'],
    [() => decoding.applyLogitBias([0], [[1, 0]]), 'bias: token must'],
    [() => decoding.applyLogitBias([0], [[0, Infinity]]), 'bias of token 0 must'],
    [() => decoding.applyRepetitionPenalty([0], [0], 0), 'penalty must'],
    [() => decoding.applyRepetitionPenalty([0], [1], 1), 'tokens[0] must'],
    [() => decoding.applyFrequencyPresencePenalty([0], [0], { frequency: NaN }), 'frequency must'],
    [() => decoding.applyNoRepeatNgram([0], [0], 0), 'n must'],
    [() => applyDry([0], [0], { multiplier: -1 }), 'multiplier must'],
    [() => applyDry([0], [0], { multiplier: 1, base: 0.5 }), 'base must'],
    [() => applyDry([0], [0], { multiplier: 1, allowedLength: 0 }), 'allowedLength must'],
    [() => applyTopK([0, 0], { k: 1 }, new Float64Array(3)), 'out must have length 2'],
    [() => decoding.mirostat({ tau: 0 }), 'tau must'],
    [() => decoding.mirostat({ eta: NaN }), 'eta must'],
    [() => decoding.mirostat({ m: 1 }), 'm must'],
    [() => decoding.mirostat({ version: 3 as 2 }), 'version must'],
    [() => decoding.logitsPipeline({ order: ['sort' as 'top-k'] }), 'order must'],
  ];
  it.each(wrong)('%# is refused with a RangeError that names the argument', (run, message) => {
    expect(run).toThrow(RangeError);
    expect(run).toThrow(message);
  });

  it('every filter names a NaN, a +Infinity and a row that is masked throughout', () => {
    for (const filter of [
      (l: number[]) => applyTopK(l, { k: 1 }),
      (l: number[]) => applyTopP(l, { p: 0.5 }),
      (l: number[]) => applyTypicalP(l, { p: 0.5 }),
      (l: number[]) => applyMinP(l, { minP: 0.5 }),
      (l: number[]) => decoding.applyTopA(l, { a: 0.5 }),
      (l: number[]) => applyEpsilonCutoff(l, { epsilon: 0.5 }),
      (l: number[]) => decoding.applyEtaCutoff(l, { epsilon: 0.5 }),
      (l: number[]) => decoding.applyTopNSigma(l, { n: 1 }),
      (l: number[]) => decoding.applyXtc(l, () => 0, { threshold: 0.1, probability: 1 }),
      (l: number[]) => decoding.applyTemperature(l, 2),
      (l: number[]) => decoding.applyDynamicTemperature(l, { min: 1, max: 2 }),
      (l: number[]) => decoding.gumbelMax(l, () => 0.5),
      (l: number[]) => decoding.gumbelTopK(l, 1, () => 0.5),
      (l: number[]) => decoding.mirostat().step({ mu: 10 }, l, () => 0.5),
    ]) {
      expect(() => filter([0, NaN])).toThrow(/^logits\[1\].*NaN/);
      expect(() => filter([0, Infinity])).toThrow(/^logits\[1\].*Infinity/);
      expect(() => filter([-Infinity, -Infinity])).toThrow(/^logits must not all be -Infinity/);
      expect(() => filter([])).toThrow(/^logits must/);
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
  it.each([
    [1, 4],
    [2, 4],
    [1, 5],
    [2, 5],
  ] as const)('version %i at tau %d: the mean surprise is within a twentieth of tau on a Zipf law', (version, tau) => {
    const row = Float64Array.from({ length: 5000 }, (_, i) => -1.1 * Math.log(i + 1));
    const sampler = decoding.mirostat({ version, tau });
    const rng = createRng('mirostat', version, tau);
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
