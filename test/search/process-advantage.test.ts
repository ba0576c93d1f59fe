import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { bestOfKValue, bestProverK, processAdvantage, proverQuality } from '../../src/search/index.js';

const unit = fc.double({ min: 0, max: 1, noNaN: true });
const tries = fc.integer({ min: 1, max: 64 });

describe('processAdvantage', () => {
  it('k = 1 gives the advantages of the base policy', () => {
    const { advantage, effectiveReward } = processAdvantage([0.2, 0.7], 0.5, { k: 1, alpha: 3 });
    expect(Array.from(advantage)).toEqual([0.2 - 0.5, 0.7 - 0.5]);
    expect(effectiveReward[1]).toBeCloseTo(0.7 + 3 * 0.2, 15);
  });

  it('is at most zero exactly where the step does not raise the chance of success', () => {
    fc.assert(
      fc.property(fc.array(unit, { minLength: 1, maxLength: 6 }), unit, tries, (q, v, k) => {
        processAdvantage(q, v, { k }).advantage.forEach((a, i) => {
          if (q[i] <= v) expect(a).toBeLessThanOrEqual(0);
          if (a > 0) expect(q[i]).toBeGreaterThan(v);
        });
      }),
    );
  });

  it('best of k is 1 - (1 - q)^k, also for tiny q', () => {
    fc.assert(
      fc.property(unit, tries, (q, k) => {
        expect(bestOfKValue(q, k)).toBeCloseTo(1 - (1 - q) ** k, 12);
      }),
    );
    expect(bestOfKValue(1e-300, 4) / 4e-300).toBeCloseTo(1, 14);
    expect(bestOfKValue(1, 5)).toBe(1);
    expect(bestOfKValue(0, 5)).toBe(0);
  });

  it('bestProverK is the best integer by trying all', () => {
    fc.assert(
      fc.property(
        fc.double({ min: 0.01, max: 0.9, noNaN: true }),
        fc.double({ min: 0.01, max: 0.9, noNaN: true }),
        (a, b) => {
          fc.pre(Math.abs(a - b) > 1e-3);
          const [q1, q2] = a < b ? [a, b] : [b, a];
          const separation = (k: number) => (1 - q1) ** k - (1 - q2) ** k;
          let best = 1;
          for (let k = 2; k <= 400; k++) if (separation(k) > separation(best)) best = k;
          expect(separation(bestProverK(q1, q2))).toBeCloseTo(separation(best), 12);
        },
      ),
    );
  });

  it('proverQuality is the variance and the alignment of A, by their definitions', () => {
    const probs = [0.2, 0.5, 0.3];
    const q = [0.1, 0.6, 0.9];
    const v = 0.02 + 0.3 + 0.27;
    const a = q.map((x) => 1 - (1 - x) ** 3 - (1 - (1 - v) ** 3));
    const mean = probs.reduce((sum, p, i) => sum + p * a[i], 0);
    const { variance, alignment } = proverQuality(probs, q, { k: 3 });
    expect(variance).toBeCloseTo(
      probs.reduce((sum, p, i) => sum + p * (a[i] - mean) ** 2, 0),
      14,
    );
    expect(alignment).toBeCloseTo(
      probs.reduce((sum, p, i) => sum + p * a[i] * (q[i] - v), 0),
      14,
    );
  });

  it('a prover that always succeeds tells nothing apart', () => {
    expect(proverQuality([0.5, 0.5], [0.4, 0.6], { k: 10_000 }).variance).toBeLessThan(1e-12);
  });

  it('names the argument it refuses', () => {
    expect(() => processAdvantage([1.1], 0.5)).toThrow(/^qBase\[0\] must/);
    expect(() => processAdvantage([0.1], NaN)).toThrow(/^vBase must/);
    expect(() => processAdvantage([0.1], 0.5, { k: 0 })).toThrow(/^k must/);
    expect(() => processAdvantage([0.1], 0.5, { alpha: -1 })).toThrow(/^alpha must/);
    expect(() => bestProverK(0.5, 0.5)).toThrow(/^q2 must/);
    expect(() => proverQuality([0.5, 0.5], [0.5])).toThrow(/^qBase must have length 2/);
  });
});
