import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { createRng } from '../../src/random/create-rng.js';
import {
  azumaRadius,
  bernsteinRadius,
  bootstrapInterval,
  chernoffTail,
  chiSquareTest,
  clopperPearsonInterval,
  empiricalBernsteinRadius,
  hoeffdingRadius,
  hoeffdingTail,
  klInverseUpper,
  mcDiarmidTail,
  normalInterval,
  serflingRadius,
  wilsonInterval,
} from '../../src/stats/index.js';
import { binomialTolerance } from '../support/statistics.js';

/** C(n, k) p^k (1-p)^(n-k), k = 0 ... n. */
function binomialLaw(n: number, p: number): Float64Array {
  const law = new Float64Array(n + 1);
  law[0] = (1 - p) ** n;
  for (let k = 1; k <= n; k++) law[k] = (law[k - 1] * (n - k + 1) * p) / (k * (1 - p));
  return law;
}

describe('tails', () => {
  test('no binomial tail is above the bounds of Hoeffding and Chernoff, and Chernoff is the sharper', () => {
    for (const n of [1, 5, 40]) {
      for (const p of [0.05, 0.3, 0.5]) {
        const law = binomialLaw(n, p);
        for (let k = Math.ceil(n * p); k <= n; k++) {
          const tail = law.subarray(k).reduce((s, x) => s + x, 0);
          const chernoff = chernoffTail(n, k / n, p);
          expect(tail).toBeLessThanOrEqual(chernoff * (1 + 1e-12));
          expect(chernoff).toBeLessThanOrEqual(hoeffdingTail(n, Math.max(0, k / n - p)) * (1 + 1e-12));
        }
      }
    }
  });

  test('radii and tails are inverse to each other', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 10000 }), fc.double({ min: 1e-9, max: 0.99, noNaN: true }), (n, delta) => {
        expect(Math.abs(hoeffdingTail(n, hoeffdingRadius(n, delta, 3), 3) / delta - 1)).toBeLessThan(1e-12);
        const q = klInverseUpper(0.2, -Math.log(delta) / n);
        if (q < 0.999) expect(Math.abs(chernoffTail(n, 0.2, q) / delta - 1)).toBeLessThan(1e-9);
        // McDiarmid with n differences of 1/n is Hoeffding; Azuma the same for sums, with twice the range
        const eps = hoeffdingRadius(n, delta);
        expect(Math.abs(mcDiarmidTail(new Float64Array(n).fill(1 / n), eps) / delta - 1)).toBeLessThan(1e-9);
        expect(Math.abs(azumaRadius(n, delta) / (n * hoeffdingRadius(n, delta, 2)) - 1)).toBeLessThan(1e-12);
        expect(serflingRadius(n, delta, { population: 1e15 })).toBeCloseTo(eps, 9);
        expect(serflingRadius(n, delta, { population: n })).toBeLessThanOrEqual(eps);
      }),
      { numRuns: 50 },
    );
    expect(mcDiarmidTail([0, 0], 0.1)).toBe(0);
    expect(mcDiarmidTail([0, 0], 0)).toBe(1);
  });

  test('Bernstein beats Hoeffding when the variance is small, and is beaten at 1/4', () => {
    expect(bernsteinRadius(1000, 0.01, { variance: 0.001 })).toBeLessThan(hoeffdingRadius(1000, 0.01) / 5);
    expect(bernsteinRadius(1000, 0.01, { variance: 0.25 })).toBeGreaterThan(hoeffdingRadius(1000, 0.01));
    expect(bernsteinRadius(10, Math.exp(-3), { variance: 0 })).toBeCloseTo(0.1, 15);
  });

  test('empirical Bernstein covers the mean at least as often as it says, by enumeration', () => {
    // all binomial samples of n = 30: the sample variance of k ones is k (n - k) / (n (n - 1))
    const n = 30;
    const delta = 0.1;
    for (const p of [0.02, 0.1, 0.5, 0.9]) {
      const law = binomialLaw(n, p);
      let failure = 0;
      for (let k = 0; k <= n; k++) {
        const variance = (k * (n - k)) / (n * (n - 1));
        if (k / n - p > empiricalBernsteinRadius(n, delta, { variance })) failure += law[k];
      }
      expect(failure).toBeLessThanOrEqual(delta);
    }
  });

  test('Serfling covers draws without replacement at least as often as it says, by enumeration', () => {
    // N = 12, M ones, n drawn: hypergeometric
    const choose = (a: number, b: number): number =>
      b < 0 || b > a ? 0 : b === 0 ? 1 : (choose(a - 1, b - 1) * a) / b;
    for (const M of [1, 4, 9]) {
      for (const n of [2, 6, 11]) {
        let failure = 0;
        for (let k = 0; k <= n; k++) {
          const p = (choose(M, k) * choose(12 - M, n - k)) / choose(12, n);
          if (k / n - M / 12 > serflingRadius(n, 0.1, { population: 12 })) failure += p;
        }
        expect(failure).toBeLessThanOrEqual(0.1);
      }
    }
  });
});

describe('intervals', () => {
  const counts = fc.integer({ min: 1, max: 60 }).chain((n) => fc.tuple(fc.integer({ min: 0, max: n }), fc.constant(n)));

  test('Wilson: both ends solve |p̂ - p| = z sqrt(p (1 - p) / n)', () => {
    const z = 1.959963984540054;
    fc.assert(
      fc.property(counts, ([k, n]) => {
        const { low, high } = wilsonInterval(k, n);
        for (const p of [low, high]) {
          if (p > 0 && p < 1)
            expect(Math.abs(Math.abs(k / n - p) - z * Math.sqrt((p * (1 - p)) / n))).toBeLessThan(1e-14);
        }
        expect(low === 0).toBe(k === 0);
        expect(high === 1).toBe(k === n);
        const mirror = wilsonInterval(n - k, n);
        expect(Math.abs(mirror.low + high - 1)).toBeLessThan(1e-15);
      }),
    );
  });

  test('Clopper and Pearson: each end has the tail it should, and coverage is never below the level', () => {
    fc.assert(
      fc.property(counts, fc.double({ min: 0.5, max: 0.99, noNaN: true }), ([k, n], confidence) => {
        const { low, high } = clopperPearsonInterval(k, n, { confidence });
        const tail = (1 - confidence) / 2;
        const above = binomialLaw(n, low)
          .subarray(k)
          .reduce((s, x) => s + x, 0);
        const below = binomialLaw(n, high)
          .subarray(0, k + 1)
          .reduce((s, x) => s + x, 0);
        if (k > 0) expect(Math.abs(above - tail)).toBeLessThan(1e-9);
        if (k < n) expect(Math.abs(below - tail)).toBeLessThan(1e-9);
      }),
    );
    for (const p of [0.03, 0.2, 0.5]) {
      const law = binomialLaw(20, p);
      let covered = 0;
      for (let k = 0; k <= 20; k++) {
        const { low, high } = clopperPearsonInterval(k, 20);
        if (low <= p && p <= high) covered += law[k];
      }
      expect(covered).toBeGreaterThanOrEqual(0.95);
    }
  });

  test('the normal interval is symmetric and has the half-width of its quantile', () => {
    const { low, high } = normalInterval(3, 2, { confidence: 0.9 });
    expect((high + low) / 2).toBe(3);
    expect(high - 3).toBeCloseTo(2 * 1.6448536269514722, 14);
    expect(normalInterval(3, 0)).toEqual({ low: 3, high: 3 });
  });

  test.each(['percentile', 'basic', 'bca'] as const)(
    'the bootstrap by %s covers a mean about as often as it says',
    (method) => {
      const rng = createRng('bootstrap', method);
      let covered = 0;
      const runs = 400;
      const n = 40;
      for (let run = 0; run < runs; run++) {
        const x = Float64Array.from({ length: n }, () => rng() + rng());
        const average = (rows: Int32Array) => {
          let total = 0;
          for (let i = 0; i < rows.length; i++) total += x[rows[i]];
          return total / rows.length;
        };
        const { low, high } = bootstrapInterval(n, average, rng, { resamples: 199, method });
        if (low <= 1 && 1 <= high) covered += 1;
      }
      // theory at n = 40: coverage within 0.035 of 0.95; a one-sided or mirrored interval would be at 0.9 or below
      expect(Math.abs(covered / runs - 0.95)).toBeLessThan(0.035 + binomialTolerance(runs, 0.95));
    },
  );

  test('the bootstrap of a skewed statistic: basic is percentile mirrored, bca moves towards the tail', () => {
    const x = Float64Array.from({ length: 30 }, (_, i) => Math.exp(i / 8));
    const average = (rows: Int32Array) => rows.reduce((s, i) => s + x[i], 0) / rows.length;
    const run = (method: 'percentile' | 'basic' | 'bca') => bootstrapInterval(30, average, createRng(5), { method });
    const estimate = average(Int32Array.from({ length: 30 }, (_, i) => i));
    const percentile = run('percentile');
    expect(run('basic').low).toBeCloseTo(2 * estimate - percentile.high, 10);
    expect(run('basic').high).toBeCloseTo(2 * estimate - percentile.low, 10);
    expect(run('bca').low).toBeGreaterThan(percentile.low);
    expect(run('bca').high).toBeGreaterThan(percentile.high);
    expect(bootstrapInterval(3, () => 7, createRng(1), { method: 'bca' })).toEqual({ low: 7, high: 7 });
  });
});

describe('chiSquareTest', () => {
  test('two cells are the square of the normal deviate', () => {
    const { statistic, degreesOfFreedom, pValue } = chiSquareTest([60, 40], [0.5, 0.5]);
    expect(statistic).toBe(4);
    expect(degreesOfFreedom).toBe(1);
    expect(pValue).toBeCloseTo(0.04550026389635842, 15); // P(|Z| > 2)
  });

  test('a cell of probability 0 that was hit has p-value 0; unhit it does not count', () => {
    expect(chiSquareTest([5, 5, 1], [0.5, 0.5, 0]).pValue).toBe(0);
    expect(chiSquareTest([5, 5, 0], [0.5, 0.5, 0]).degreesOfFreedom).toBe(1);
    expect(chiSquareTest([5], [1])).toEqual({ statistic: 0, degreesOfFreedom: 0, pValue: 1 });
  });

  test('p-values of true hypotheses are uniform', () => {
    const rng = createRng('uniform p');
    let small = 0;
    const runs = 2000;
    for (let run = 0; run < runs; run++) {
      const counts = [0, 0, 0, 0];
      for (let i = 0; i < 200; i++) counts[Math.floor(4 * rng())] += 1;
      if (chiSquareTest(counts, [0.25, 0.25, 0.25, 0.25]).pValue < 0.1) small += 1;
    }
    // the law of the statistic is discrete: its distance from χ² at n = 200 is below 0.01
    expect(Math.abs(small / runs - 0.1)).toBeLessThan(0.01 + binomialTolerance(runs, 0.1));
  });
});

test.each<[RegExp, () => unknown]>([
  [/^delta/, () => hoeffdingRadius(10, 0)],
  [/^delta/, () => azumaRadius(10, 1)],
  [/^n must/, () => hoeffdingRadius(0, 0.1)],
  [/^n must/, () => empiricalBernsteinRadius(1, 0.1, { variance: 0 })],
  [/^variance/, () => bernsteinRadius(10, 0.1, { variance: -1 })],
  [/^epsilon/, () => hoeffdingTail(10, -1)],
  [/^mu/, () => chernoffTail(10, 0.5, 2)],
  [/^differences\[1\]/, () => mcDiarmidTail([1, -1], 1)],
  [/^population/, () => serflingRadius(10, 0.1, { population: 9 })],
  [/^successes/, () => wilsonInterval(3, 2)],
  [/^successes/, () => clopperPearsonInterval(0.5, 2)],
  [/^confidence/, () => wilsonInterval(1, 2, { confidence: 1 })],
  [/^standardError/, () => normalInterval(0, -1)],
  [/^n must/, () => bootstrapInterval(0, () => 1, Math.random)],
  [/^resamples/, () => bootstrapInterval(1, () => 1, Math.random, { resamples: 0 })],
  [/^statistic/, () => bootstrapInterval(1, () => NaN, createRng(1))],
  [/^method/, () => bootstrapInterval(1, () => 1, createRng(1), { method: 'jackknife' as 'bca' })],
  [/^observed must have length/, () => chiSquareTest([1], [0.5, 0.5])],
  [/^observed\[0\]/, () => chiSquareTest([-1, 2], [0.5, 0.5])],
  [/^observed must hold/, () => chiSquareTest([0, 0], [0.5, 0.5])],
])('%s is told', (message, call) => {
  expect(call).toThrow(RangeError);
  expect(call).toThrow(message);
});
