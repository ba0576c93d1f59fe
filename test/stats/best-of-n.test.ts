import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { bestOfNDistribution, categoricalKl, expectedMaxOfK, passAtK } from '../../src/stats/index.js';

const laws = fc
  .array(fc.record({ weight: fc.integer({ min: 0, max: 5 }), value: fc.integer({ min: -3, max: 3 }) }), {
    minLength: 1,
    maxLength: 4,
  })
  .filter((rows) => rows.some(({ weight }) => weight > 0))
  .map((rows) => {
    const total = rows.reduce((s, { weight }) => s + weight, 0);
    return { probs: rows.map(({ weight }) => weight / total), values: rows.map(({ value }) => value) };
  });

/** The law of the best of n by enumerating all n-tuples; a tie is kept in proportion to probability. */
function enumerated(probs: number[], values: number[], n: number): number[] {
  const out = probs.map(() => 0);
  const visit = (depth: number, weight: number, best: number) => {
    if (weight === 0) return;
    if (depth === n) {
      const tied = probs.map((p, i) => (values[i] === best ? p : 0));
      const mass = tied.reduce((s, p) => s + p, 0);
      tied.forEach((p, i) => (out[i] += (weight * p) / mass));
      return;
    }
    probs.forEach((p, i) => visit(depth + 1, weight * p, Math.max(best, values[i])));
  };
  visit(0, 1, -Infinity);
  return out;
}

describe('bestOfNDistribution', () => {
  test('is the law by enumeration of all samples, its mean, and its divergence', () => {
    fc.assert(
      fc.property(laws, fc.integer({ min: 1, max: 5 }), ({ probs, values }, n) => {
        const { distribution, expectedValue, kl, klBound } = bestOfNDistribution(probs, values, n);
        enumerated(probs, values, n).forEach((p, i) => expect(Math.abs(distribution[i] - p)).toBeLessThan(1e-13));
        const value = distribution.reduce((s, p, i) => s + p * values[i], 0);
        expect(Math.abs(expectedValue - value)).toBeLessThan(1e-12);
        expect(Math.abs(kl - categoricalKl(distribution, probs))).toBeLessThan(1e-12);
        // Beirami et al., Theorem 1
        expect(kl).toBeLessThanOrEqual(klBound + 1e-12);
        expect(Math.abs(klBound - (Math.log(n) - (n - 1) / n))).toBeLessThan(1e-15);
      }),
    );
  });

  test('one draw changes nothing; a million draws keep the best; ties share in proportion', () => {
    expect(bestOfNDistribution([0.2, 0.8], [1, 0], 1)).toMatchObject({ kl: 0, klBound: 0 });
    const many = bestOfNDistribution([1e-6, 1 - 1e-6], [1, 0], 1e6);
    expect(Math.abs(many.distribution[0] - (1 - Math.exp(1e6 * Math.log1p(-1e-6))))).toBeLessThan(1e-14);
    expect(bestOfNDistribution([0.25, 0.75], [7, 7], 10).distribution).toEqual(Float64Array.of(0.25, 0.75));
  });

  test('the bound is approached by many outcomes without ties', () => {
    const K = 20000;
    const probs = new Float64Array(K).fill(1 / K);
    const values = Float64Array.from({ length: K }, (_, i) => i);
    const { kl, klBound } = bestOfNDistribution(probs, values, 8);
    expect(klBound - kl).toBeGreaterThan(0);
    expect(klBound - kl).toBeLessThan(1e-3);
  });
});

describe('what k draws would reach', () => {
  test('expectedMaxOfK is the mean of the maximum over all subsets of size k', () => {
    fc.assert(
      fc.property(
        fc.array(fc.integer({ min: -5, max: 5 }), { minLength: 1, maxLength: 8 }),
        fc.nat(7),
        (values, at) => {
          const k = (at % values.length) + 1;
          let total = 0;
          let count = 0;
          for (let mask = 0; mask < 1 << values.length; mask++) {
            const subset = values.filter((_, i) => (mask >> i) & 1);
            if (subset.length !== k) continue;
            total += Math.max(...subset);
            count += 1;
          }
          expect(Math.abs(expectedMaxOfK(values, k) - total / count)).toBeLessThan(
            1e-13 * (1 + Math.abs(total / count)),
          );
        },
      ),
    );
  });

  test('passAtK is the share of subsets of size k with a correct one: expectedMaxOfK of zeros and ones', () => {
    for (let n = 1; n <= 12; n++) {
      for (let c = 0; c <= n; c++) {
        const outcomes = Float64Array.from({ length: n }, (_, i) => (i < c ? 1 : 0));
        for (let k = 1; k <= n; k++) {
          expect(Math.abs(passAtK(n, c, k) - expectedMaxOfK(outcomes, k))).toBeLessThan(1e-14);
        }
      }
    }
  });

  test('large samples: no overflow, no cancellation', () => {
    expect(Math.abs(passAtK(1e9, 1, 1) / 1e-9 - 1)).toBeLessThan(1e-15);
    expect(passAtK(100000, 50000, 100)).toBeCloseTo(1, 15);
    expect(passAtK(100000, 0, 100)).toBe(0);
    const values = Float64Array.from({ length: 100000 }, (_, i) => i);
    // E max of k of 0 ... n-1 is (k (n + 1) / (k + 1)) - 1
    expect(Math.abs(expectedMaxOfK(values, 10) / ((10 * 100001) / 11 - 1) - 1)).toBeLessThan(1e-10);
  });
});

test.each<[RegExp, () => unknown]>([
  [/^probs must sum/, () => bestOfNDistribution([0.5], [1], 1)],
  [/^values must have length/, () => bestOfNDistribution([1], [1, 2], 1)],
  [/^n must/, () => bestOfNDistribution([1], [1], 0)],
  [/^n must/, () => bestOfNDistribution([1], [1], 1.5)],
  [/^k must/, () => expectedMaxOfK([1, 2], 3)],
  [/^values\[0\]/, () => expectedMaxOfK([NaN], 1)],
  [/^c must/, () => passAtK(5, 6, 1)],
  [/^k must/, () => passAtK(5, 1, 0)],
])('%s is told', (message, call) => {
  expect(call).toThrow(RangeError);
  expect(call).toThrow(message);
});
