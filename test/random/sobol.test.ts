// The net properties of Sobol points are theorems: they are checked by counting, for every scramble.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  createRng,
  l2StarDiscrepancy,
  sobol,
  sobolDirections1024,
  sobolNormal,
  sobolSequence,
  uniformDesign,
  type SobolScramble,
} from '../../src/random/index.js';
import { sobolDirections64 } from '../../src/random/sobol-directions.js';
import { decodeState, encodeState } from '../../src/state/index.js';
import { counted } from '../support/fit.js';
import { hoeffdingTolerance } from '../support/statistics.js';

const scrambles: SobolScramble[] = ['none', 'shift', 'lms', 'owen'];
const gold = (name: string) => JSON.parse(readFileSync(join(import.meta.dirname, '../gold', name), 'utf8'));

describe('sobol, gold', () => {
  const cases: { fn: string; input: { d: number; start: number; n: number }; expected: number[][] }[] =
    gold('bo.json').cases ?? gold('bo.json');
  it.each(cases.filter(({ fn }) => fn.split('/')[0] === 'sobol'))(
    '%# has the reference points',
    ({ input, expected }) => {
      const directions = sobolDirections1024;
      const points = sobol(input.n, input.d, { scramble: 'none', start: input.start, directions });
      expect(Array.from(points)).toEqual(expected.flat());
    },
  );

  it('embeds the table of Joe and Kuo, all 1023 rows', () => {
    const rows = `${sobolDirections64},${sobolDirections1024}`.replaceAll('\n', '').split(',');
    expect(rows.map((row) => row.split(' ').map(Number))).toEqual(gold('sobol-joe-kuo.json').rows);
  });
});

describe('sobol, nets', () => {
  it.each(scrambles)(
    "scramble '%s': 2^k points have one in each dyadic interval of length 2^-k of each coordinate",
    (scramble) => {
      for (const k of [0, 1, 5, 10]) {
        const n = 2 ** k;
        const d = 70;
        const points = sobol(n, d, { scramble, rng: createRng('net', k), directions: sobolDirections1024 });
        for (let j = 0; j < d; j++) {
          const cells = new Set<number>();
          for (let i = 0; i < n; i++) cells.add(Math.floor(points[i * d + j] * n));
          expect(cells.size).toBe(n);
        }
      }
    },
  );

  it.each(scrambles)(
    "scramble '%s': in dimensions 1 and 2 every elementary box of area 2^-k has one of 2^k points",
    (scramble) => {
      for (const k of [1, 4, 9]) {
        const n = 2 ** k;
        const points = sobol(n, 2, { scramble, rng: createRng('boxes', k) });
        for (let a = 0; a <= k; a++) {
          const boxes = new Set<number>();
          for (let i = 0; i < n; i++) {
            boxes.add(Math.floor(points[2 * i] * 2 ** a) * n + Math.floor(points[2 * i + 1] * 2 ** (k - a)));
          }
          expect(boxes.size).toBe(n);
        }
      }
    },
  );

  it('a block 2^k m ... 2^k (m+1) - 1 is a net as well', () => {
    const points = sobol(256, 1, { scramble: 'none', start: 256 * 1234 });
    expect(new Set(points.map((x) => Math.floor(x * 256))).size).toBe(256);
  });
});

describe('sobol, scrambles', () => {
  it.each(['shift', 'lms', 'owen'] as const)(
    "'%s' makes every single coordinate uniform over the random words",
    (scramble) => {
      // Point 5, coordinate 3 over 4000 scrambles: its mean and the share below 1/4.
      const reps = 4000;
      let total = 0;
      let low = 0;
      for (let r = 0; r < reps; r++) {
        const x = sobol(1, 3, { scramble, rng: createRng('uniform', scramble, r), start: 5 })[2];
        total += x;
        low += x < 0.25 ? 1 : 0;
      }
      expect(Math.abs(total / reps - 0.5)).toBeLessThan(hoeffdingTolerance(reps));
      expect(Math.abs(low / reps - 0.25)).toBeLessThan(hoeffdingTolerance(reps));
    },
  );

  it.each(['shift', 'lms', 'owen'] as const)("'%s' never gives 0 or 1", (scramble) => {
    for (const u of [0, 1 - 2 ** -53]) {
      const points = sobol(64, 5, { scramble, rng: () => u });
      expect(Math.min(...points)).toBeGreaterThanOrEqual(2 ** -33);
      expect(Math.max(...points)).toBeLessThanOrEqual(1 - 2 ** -33);
    }
  });

  it('take 1, 33 and 1 uniforms a dimension', () => {
    for (const [scramble, words] of [
      ['shift', 1],
      ['lms', 33],
      ['owen', 1],
      ['none', 0],
    ] as const) {
      const { rng, calls } = counted(createRng(1));
      sobol(8, 6, { scramble, rng });
      expect(calls()).toBe(6 * words);
    }
  });

  it("'shift' with words 0 is the plain sequence in the middle of its cells", () => {
    const plain = sobol(64, 4, { scramble: 'none' });
    expect(sobol(64, 4, { scramble: 'shift', rng: () => 0 })).toEqual(plain.map((x) => x + 2 ** -33));
    // The unit lower triangle with zeros below the diagonal is the identity.
    expect(sobol(64, 4, { scramble: 'lms', rng: () => 0 })).toEqual(plain.map((x) => x + 2 ** -33));
  });

  it('integrates a smooth function with a far smaller error than independent points', () => {
    // E Π (1 + (x_j - 1/2)) = 1. Ten scrambles at n = 1024, d = 6: the plain Monte Carlo standard error is
    // sqrt(((13/12)^6 - 1) / 1024) = 0.0246.
    const d = 6;
    let squares = 0;
    for (let r = 0; r < 10; r++) {
      const points = sobol(1024, d, { rng: createRng('integral', r) });
      let total = 0;
      for (let i = 0; i < 1024; i++) {
        let product = 1;
        for (let j = 0; j < d; j++) product *= 0.5 + points[i * d + j];
        total += product;
      }
      squares += (total / 1024 - 1) ** 2;
    }
    expect(Math.sqrt(squares / 10)).toBeLessThan(0.0246 / 20);
  });

  it('has a smaller star discrepancy than independent points have on average', () => {
    for (const scramble of scrambles) {
      const D = l2StarDiscrepancy(sobol(256, 3, { scramble, rng: createRng('discrepancy') }), 256, 3);
      expect(D).toBeLessThan(Math.sqrt((1 / 8 - 1 / 27) / 256) / 4);
    }
    expect(l2StarDiscrepancy(uniformDesign(256, 3, createRng('discrepancy')), 256, 3)).toBeGreaterThan(0.005);
  });
});

describe('sobolSequence', () => {
  it('walks, jumps and restores to the same points as the block', () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...scrambles),
        fc.integer({ min: 1, max: 8 }),
        fc.integer({ min: 0, max: 2 ** 32 - 40 }),
        fc.integer({ min: 0, max: 30 }),
        (scramble, d, start, steps) => {
          const make = () => sobolSequence(d, { scramble, rng: createRng('walk'), start });
          const sequence = make();
          const block = sobol(steps + 1, d, { scramble, rng: createRng('walk'), start });
          let state = sequence.init();
          let inPlace = sequence.init();
          const spare = sequence.init();
          for (let i = 0; i < steps; i++) {
            const frozen = encodeState(state);
            const next = sequence.update(state);
            expect(encodeState(state)).toBe(frozen);
            expect(sequence.update(state, spare)).toEqual(next);
            state = next;
            inPlace = sequence.update(inPlace, inPlace);
          }
          expect(inPlace).toEqual(state);
          expect(sequence.fastForward(start + steps)).toEqual(state);
          const restored = decodeState<typeof state>(encodeState(state));
          expect(make().point(restored)).toEqual(block.slice(steps * d));
        },
      ),
      { numRuns: 40 },
    );
  });

  it.each(scrambles)("scramble '%s': a long block is the walk, up to the last index of all", (scramble) => {
    for (const start of [0, 777, 2 ** 32 - 200]) {
      const options = () => ({ scramble, rng: createRng('long walk'), start });
      const sequence = sobolSequence(3, options());
      const block = sobol(200, 3, options());
      const state = sequence.init();
      for (let i = 0; i < 200; i++) {
        if (i > 0) sequence.update(state, state);
        expect(sequence.point(state)).toEqual(block.slice(3 * i, 3 * i + 3));
      }
    }
  });

  it('ends at index 2^32 - 1', () => {
    const sequence = sobolSequence(1, { scramble: 'none' });
    const last = sequence.fastForward(2 ** 32 - 1);
    expect(() => sequence.update(last)).toThrow(/^index must/);
    expect(sobol(1, 1, { scramble: 'none', start: 2 ** 32 - 1 })[0]).toBe(2 ** -32);
    expect(() => sobol(2, 1, { scramble: 'none', start: 2 ** 32 - 1 })).toThrow(/^start \+ n must/);
  });
});

describe('sobolNormal', () => {
  it('has the moments of the normal law to quasi Monte Carlo accuracy', () => {
    const z = sobolNormal(4096, 2, createRng('normal'));
    let [m, v, c] = [0, 0, 0];
    for (let i = 0; i < 4096; i++) {
      m += z[2 * i] / 4096;
      v += z[2 * i] ** 2 / 4096;
      c += (z[2 * i] * z[2 * i + 1]) / 4096;
    }
    expect(Math.abs(m)).toBeLessThan(1e-3);
    expect(Math.abs(v - 1)).toBeLessThan(1e-2);
    expect(Math.abs(c)).toBeLessThan(1e-2);
    expect(() => sobolNormal(4, 2, createRng(1), { scramble: 'none' })).toThrow(/^scramble must/);
  });
});

describe('sobol, errors', () => {
  it('names what is wrong', () => {
    expect(() => sobol(1, 0)).toThrow(/^d must/);
    expect(() => sobol(1, 1025, { scramble: 'none', directions: sobolDirections1024 })).toThrow(/^d must/);
    expect(() => sobol(1, 65, { scramble: 'none' })).toThrow(/^directions must/);
    expect(() => sobol(1, 65, { scramble: 'none', directions: '' })).toThrow(/^directions must/);
    expect(() => sobol(1, 2)).toThrow(TypeError);
    expect(() => sobol(-1, 2, { scramble: 'none' })).toThrow(/^n must/);
    expect(sobol(0, 2, { scramble: 'none' }).length).toBe(0);
    expect(() => sobol(1, 2, { scramble: 'cubic' as SobolScramble })).toThrow(/^scramble must/);
  });
});
