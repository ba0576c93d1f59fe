import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  type Coupling,
  couplingLowerBound,
  couplingMatrix,
  entropyBits,
  greedyMinEntropyCoupling,
} from '../../src/information/index.js';
import { distribution } from './distribution.js';

describe('greedyMinEntropyCoupling', () => {
  it('reproduces every marginal to 1e-12 with at most Σ n_i - m + 1 atoms', () => {
    fc.assert(
      fc.property(fc.array(distribution(1, 9), { minLength: 1, maxLength: 4 }), (marginals) => {
        const coupling = greedyMinEntropyCoupling(marginals);
        marginals.forEach((p, m) => {
          const sums = new Float64Array(p.length);
          for (const { index, mass } of coupling.atoms) sums[index[m]] += mass;
          for (let i = 0; i < p.length; i++) expect(Math.abs(sums[i] - p[i])).toBeLessThan(1e-12);
        });
        const sizes = marginals.reduce((n, p) => n + p.length, 0);
        expect(coupling.atoms.length).toBeLessThanOrEqual(sizes - marginals.length + 1);
      }),
    );
  });

  it('is the algorithm of the paper, transcribed without heaps', () => {
    fc.assert(
      fc.property(fc.array(distribution(1, 7), { minLength: 2, maxLength: 3 }), (marginals) => {
        const { atoms } = greedyMinEntropyCoupling(marginals);
        const slow = transcribed(marginals);
        expect(atoms.map(({ index }) => index)).toEqual(slow.map(({ index }) => index));
        atoms.forEach(({ mass }, i) => expect(mass).toBeCloseTo(slow[i].mass, 12));
      }),
    );
  });

  it('is within one bit of the lower bound for two marginals, and never below a bound', () => {
    fc.assert(
      fc.property(distribution(2, 11), distribution(2, 11), (p, q) => {
        const { entropyBits: bits, lowerBoundBits } = greedyMinEntropyCoupling([p, q]);
        expect(bits).toBeGreaterThanOrEqual(lowerBoundBits - 1e-9);
        expect(bits).toBeLessThanOrEqual(lowerBoundBits + 1);
        expect(lowerBoundBits).toBeGreaterThanOrEqual(Math.max(entropyBits(p), entropyBits(q)) - 1e-9);
      }),
      { numRuns: 300 },
    );
  });

  it('finds the optimum of two by two marginals, which is one of two vertices', () => {
    fc.assert(
      fc.property(
        fc.double({ min: 0.01, max: 0.99, noNaN: true }),
        fc.double({ min: 0.01, max: 0.99, noNaN: true }),
        (a, b) => {
          // The couplings of (a, 1-a) and (b, 1-b) are a segment; entropy is concave, so an end of it is best.
          const ends = [Math.max(0, a + b - 1), Math.min(a, b)].map((x) => bits([x, a - x, b - x, 1 - a - b + x]));
          const greedy = greedyMinEntropyCoupling([
            [a, 1 - a],
            [b, 1 - b],
          ]).entropyBits;
          expect(greedy).toBeGreaterThanOrEqual(Math.min(...ends) - 1e-9);
          expect(greedy).toBeLessThanOrEqual(Math.min(...ends) + 1);
        },
      ),
    );
  });

  it('couples equal marginals along the diagonal', () => {
    const p = [0.4, 0.35, 0.25];
    const coupling = greedyMinEntropyCoupling([p, p]);
    expect(coupling.entropyBits).toBeCloseTo(entropyBits(p), 12);
    expect(Array.from(couplingMatrix(coupling, 3, 3)).filter((mass) => mass > 0)).toHaveLength(3);
  });

  it('handles one marginal, point masses and zeros', () => {
    expect(greedyMinEntropyCoupling([[0.5, 0.5]]).entropyBits).toBe(1);
    expect(greedyMinEntropyCoupling([[1], [1], [0, 1]])).toMatchObject({ atoms: [{ index: [0, 0, 1], mass: 1 }] });
    expect(
      greedyMinEntropyCoupling([
        [0, 1, 0],
        [0.5, 0.5],
      ]).atoms.every(({ index }) => index[0] === 1),
    ).toBe(true);
  });

  it('names the argument it refuses', () => {
    expect(() => greedyMinEntropyCoupling([])).toThrow(/^marginals must/);
    expect(() => greedyMinEntropyCoupling([[0.5, 0.4]])).toThrow(/^marginals\[0\] must sum to 1/);
    expect(() => greedyMinEntropyCoupling([[1], [1.5, -0.5]])).toThrow(/^marginals\[1\]\[1\] must/);
    expect(() => greedyMinEntropyCoupling([[NaN, 1]])).toThrow(RangeError);
    const three: Coupling = greedyMinEntropyCoupling([[1], [1], [1]]);
    expect(() => couplingMatrix(three, 1, 1)).toThrow(/two marginals/);
  });
});

describe('couplingLowerBound', () => {
  it('takes the largest entropy for other than two marginals', () => {
    const marginals = [
      [0.5, 0.5],
      [0.25, 0.25, 0.5],
      [1, 0],
    ];
    expect(couplingLowerBound(marginals)).toBe(1.5);
  });

  it('is the entropy of the greatest lower bound of (0.5, 0.25, 0.25) and (0.4, 0.4, 0.2)', () => {
    // Sums of the largest: (0.5, 0.75, 1) and (0.4, 0.8, 1); their minimum (0.4, 0.75, 1) has atoms (0.4, 0.35, 0.25).
    expect(
      couplingLowerBound([
        [0.5, 0.25, 0.25],
        [0.2, 0.4, 0.4],
      ]),
    ).toBeCloseTo(bits([0.4, 0.35, 0.25]), 12);
  });
});

function transcribed(marginals: number[][]): { index: number[]; mass: number }[] {
  const left = marginals.map((p) => p.slice());
  const atoms: { index: number[]; mass: number }[] = [];
  for (let remaining = 1; remaining > 1e-14;) {
    const index = left.map((p) => p.indexOf(Math.max(...p)));
    const mass = Math.min(...index.map((i, m) => left[m][i]));
    if (!(mass > 0)) break;
    index.forEach((i, m) => (left[m][i] -= mass));
    atoms.push({ index, mass });
    remaining -= mass;
  }
  return atoms;
}

function bits(p: number[]): number {
  return p.reduce((h, x) => (x > 0 ? h - x * Math.log2(x) : h), 0);
}
