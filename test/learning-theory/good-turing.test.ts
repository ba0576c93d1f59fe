import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { goodTuring, missingMassInterval } from '../../src/learning-theory/index.js';
import { createRng, sampleCategorical } from '../../src/random/index.js';
import { hoeffdingTolerance } from '../support/statistics.js';

const zipf = Float64Array.from({ length: 300 }, (_, i) => 1 / (i + 1));
const total = zipf.reduce((a, b) => a + b, 0);

function sample(n: number, seed: string): { counts: Int32Array; missing: number } {
  const rng = createRng(seed);
  const counts = new Int32Array(zipf.length);
  for (let t = 0; t < n; t++) counts[sampleCategorical(zipf, rng)] += 1;
  let missing = 0;
  counts.forEach((count, i) => (missing += count === 0 ? zipf[i] / total : 0));
  return { counts, missing };
}

describe('goodTuring', () => {
  it('counts by hand: 1, 1, 2, 3, 1 has three singletons and one doubleton among eight', () => {
    expect(goodTuring([1, 1, 2, 3, 1, 0])).toEqual({
      n: 8,
      observed: 5,
      singletons: 3,
      doubletons: 1,
      missingMass: 3 / 8,
      chao1: 5 + (3 * 2) / (2 * 2),
      frequencies: [
        { count: 1, kinds: 3, adjusted: 2 / 3 },
        { count: 2, kinds: 1, adjusted: 3 },
        { count: 3, kinds: 1, adjusted: 0 },
      ],
    });
  });

  it('adjusted counts carry the mass that is not missing: Σ n_r r* = n - n_1 when every r up to the largest occurs', () => {
    const { frequencies, n, singletons } = goodTuring([1, 1, 1, 2, 2, 3, 4]);
    const mass = frequencies.reduce((sum, { kinds, adjusted }) => sum + kinds * adjusted, 0);
    expect(mass).toBeCloseTo(n - singletons, 12);
  });

  it('does not depend on order or on kinds never seen', () => {
    fc.assert(
      fc.property(fc.array(fc.nat(6), { minLength: 1, maxLength: 20 }), (counts) => {
        fc.pre(counts.some((count) => count > 0));
        expect(goodTuring([...counts, 0, 0].reverse())).toEqual(goodTuring(counts));
      }),
    );
  });

  it('is unbiased for the missing mass up to 1/n', () => {
    // Both lie in [0, 1]; the mean of 2000 differences is within Hoeffding's radius of E[n_1/n - M], which is in [0, 1/n].
    const n = 200;
    const runs = 2000;
    let mean = 0;
    for (let run = 0; run < runs; run++) {
      const { counts, missing } = sample(n, `bias ${run}`);
      mean += (goodTuring(counts).missingMass - missing) / runs;
    }
    const tolerance = hoeffdingTolerance(runs, 2);
    expect(mean).toBeGreaterThan(-tolerance);
    expect(mean).toBeLessThan(1 / n + tolerance);
  });

  it('the interval holds the missing mass', () => {
    for (let run = 0; run < 200; run++) {
      const { counts, missing } = sample(500, `interval ${run}`);
      const { low, high, halfWidth, estimate } = missingMassInterval(counts, { delta: 0.05 });
      expect(halfWidth).toBeCloseTo(Math.sqrt((6 * Math.log(120)) / 500), 12);
      expect(estimate).toBeGreaterThanOrEqual(low);
      expect(missing).toBeGreaterThanOrEqual(low);
      expect(missing).toBeLessThanOrEqual(high);
    }
  });

  it('names the argument it refuses', () => {
    for (const counts of [[-1, 2], [0.5], [NaN], [Infinity]])
      expect(() => goodTuring(counts)).toThrow(/^counts\[0\] must/);
    expect(() => goodTuring([0, 0])).toThrow(/^counts must not all be zero/);
    expect(() => goodTuring([])).toThrow(/^counts must/);
    for (const delta of [0, 1, NaN]) expect(() => missingMassInterval([1], { delta })).toThrow(/^delta must/);
  });
});
