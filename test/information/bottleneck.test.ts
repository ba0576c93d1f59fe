import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  type BottleneckEncoder,
  ebimExact,
  ebimGapBound,
  ebimGreedy,
  ebimImproved,
  entropyBits,
  mecBottleneck,
} from '../../src/information/index.js';
import { createRng, sampleDirichlet } from '../../src/random/index.js';
import { distribution } from './distribution.js';

const problem = (maxLength: number) =>
  fc.tuple(distribution(2, maxLength), fc.double({ min: 0, max: 1.1, noNaN: true }));

/** Bits of I(X; T), from the groups alone. */
function information(probs: number[], { groups }: BottleneckEncoder): number {
  const masses = groups.map((group) => group.reduce((sum, i) => sum + probs[i], 0));
  return masses.reduce((h, m) => (m > 0 ? h - m * Math.log2(m) : h), 0);
}

describe.each([
  ['ebimGreedy', ebimGreedy],
  ['ebimExact', ebimExact],
  ['ebimImproved', ebimImproved],
])('%s', (_, encode) => {
  it('returns a partition within the limit and its information', () => {
    fc.assert(
      fc.property(problem(7), ([probs, share]) => {
        const rateBits = share * entropyBits(probs);
        const encoder = encode(probs, { rateBits });
        expect(encoder.groups.flat().sort((a, b) => a - b)).toEqual(probs.map((_p, i) => i));
        expect(encoder.groups.map(([first]) => first)).toEqual(
          encoder.groups.map(([first]) => first).sort((a, b) => a - b),
        );
        expect(encoder.informationBits).toBeLessThanOrEqual(rateBits + 1.01e-12);
        expect(encoder.informationBits).toBeCloseTo(information(probs, encoder), 10);
        expect(encode(probs, { rateBits })).toEqual(encoder);
      }),
    );
  });

  it('keeps every symbol apart when the limit allows it, and none when it is zero', () => {
    expect(encode([0.5, 0.3, 0.2], { rateBits: 2 }).groups).toEqual([[0], [1], [2]]);
    expect(encode([0.5, 0.3, 0.2], { rateBits: 0 })).toMatchObject({ groups: [[0, 1, 2]], informationBits: 0 });
    expect(encode([1], { rateBits: 0 }).groups).toEqual([[0]]);
  });

  it('names the argument it refuses', () => {
    expect(() => encode([0.5, 0.4], { rateBits: 1 })).toThrow(/^probs must sum/);
    expect(() => encode([0.5, 0.5], { rateBits: -1 })).toThrow(/^rateBits must/);
    expect(() => encode([0.5, 0.5], { rateBits: NaN })).toThrow(/^rateBits must/);
  });
});

describe('the bottleneck encoders, against each other', () => {
  it('greedy leaves at most h(p_(2)) of the limit unused when H(X) >= R', () => {
    fc.assert(
      fc.property(distribution(2, 12), fc.double({ min: 0, max: 1, noNaN: true }), (probs, share) => {
        const rateBits = share * entropyBits(probs);
        const { informationBits, gapBoundBits } = ebimGreedy(probs, { rateBits });
        expect(gapBoundBits).toBe(ebimGapBound(probs));
        expect(rateBits - informationBits).toBeLessThanOrEqual(gapBoundBits + 1e-9);
      }),
      { numRuns: 500 },
    );
  });

  it('greedy <= improved <= exact', () => {
    fc.assert(
      fc.property(problem(8), ([probs, share]) => {
        const rateBits = share * entropyBits(probs);
        const [greedy, improved, exact] = [ebimGreedy, ebimImproved, ebimExact].map(
          (encode) => encode(probs, { rateBits }).informationBits,
        );
        expect(improved).toBeGreaterThanOrEqual(greedy - 1e-12);
        expect(exact).toBeGreaterThanOrEqual(improved - 2e-12);
      }),
      { numRuns: 60 },
    );
  });

  it('the exact information does not fall as the limit rises', () => {
    fc.assert(
      fc.property(distribution(2, 6), (probs) => {
        let previous = 0;
        for (let step = 0; step <= 20; step++) {
          const { informationBits } = ebimExact(probs, { rateBits: (step / 20) * entropyBits(probs) });
          expect(informationBits).toBeGreaterThanOrEqual(previous - 1e-12);
          previous = informationBits;
        }
      }),
      { numRuns: 30 },
    );
  });

  it('local search reaches the optimum in most of 400 Dirichlet cases of 3 to 8 symbols, and is near it in the rest', () => {
    // Measured elsewhere on other draws: 80 % equal, mean gap 0.002 bit. 400 cases at a true rate of 0.80 fall below
    // 0.65 with probability under exp(-2 · 400 · 0.15²) = 2e-8; greedy alone, at about 0.4, is caught.
    const rng = createRng('ebim improved');
    let equal = 0;
    let gap = 0;
    for (let i = 0; i < 400; i++) {
      const n = 3 + Math.floor(6 * rng());
      const probs = sampleDirichlet(new Float64Array(n).fill(1), rng);
      const rateBits = (0.1 + 0.9 * rng()) * entropyBits(probs);
      const difference =
        ebimExact(probs, { rateBits }).informationBits - ebimImproved(probs, { rateBits }).informationBits;
      equal += difference < 1e-9 ? 1 : 0;
      gap += difference / 400;
    }
    expect(equal).toBeGreaterThanOrEqual(260);
    expect(gap).toBeLessThan(0.01);
  });

  it('exact refuses more than ten symbols', () => {
    expect(() => ebimExact(new Float64Array(11).fill(1 / 11), { rateBits: 1 })).toThrow(/^probs must have at most 10/);
  });
});

describe('mecBottleneck', () => {
  it('passes at most min(R, H(X), H(Y)) bits, with the marginals of T and Y', () => {
    fc.assert(
      fc.property(
        problem(6),
        distribution(1, 6),
        fc.constantFrom('greedy', 'improved', 'exact'),
        ([pX, share], pY, encoder) => {
          const rateBits = share * entropyBits(pX);
          const { encoder: code, coupling, informationBits } = mecBottleneck(pX, pY, { rateBits, encoder });
          expect(informationBits).toBeGreaterThanOrEqual(0);
          expect(informationBits).toBeLessThanOrEqual(Math.min(rateBits, entropyBits(pX), entropyBits(pY)) + 1e-9);
          const pT = new Float64Array(code.groups.length);
          for (const { index, mass } of coupling.atoms) pT[index[0]] += mass;
          code.groups.forEach((group, t) =>
            expect(pT[t]).toBeCloseTo(
              group.reduce((sum, i) => sum + pX[i], 0),
              12,
            ),
          );
        },
      ),
      { numRuns: 60 },
    );
  });

  it('is lossless for X = Y without a limit', () => {
    const p = [0.5, 0.3, 0.2];
    expect(mecBottleneck(p, p, { rateBits: 10 }).informationBits).toBeCloseTo(entropyBits(p), 12);
  });

  it('is not monotone in the limit: a code of larger entropy can couple worse', () => {
    // Found by search over Dirichlet draws; the drop is what is asserted, in the exact encoder's own terms.
    const rng = createRng('not monotone');
    let largestDrop = 0;
    for (let i = 0; i < 40; i++) {
      const pX = sampleDirichlet(new Float64Array(5).fill(1), rng);
      const pY = sampleDirichlet(new Float64Array(3).fill(1), rng);
      let best = 0;
      for (let step = 0; step <= 20; step++) {
        const rateBits = (step / 20) * entropyBits(pX);
        const { informationBits } = mecBottleneck(pX, pY, { rateBits, encoder: 'exact' });
        largestDrop = Math.max(largestDrop, best - informationBits);
        best = Math.max(best, informationBits);
      }
    }
    expect(largestDrop).toBeGreaterThan(0.05);
  });
});
