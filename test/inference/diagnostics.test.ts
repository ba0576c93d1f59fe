// Effective sample sizes and Monte Carlo errors against their definitions, and against what they promise.
import fc from 'fast-check';
import { describe, expect, it, test } from 'vitest';
import { effectiveSampleSize, mcmcDiagnostics, mcmcQuantile } from '../../src/inference/index.js';
import { createRng, sampleNormal } from '../../src/random/index.js';
import { quantile } from '../../src/stats/index.js';
import { binomialTolerance } from '../support/statistics.js';

function autoregressive(n: number, rho: number, rng: () => number): number[] {
  let x = sampleNormal(rng);
  return Array.from({ length: n }, () => (x = rho * x + Math.sqrt(1 - rho * rho) * sampleNormal(rng)));
}

/** Equations 10 to 13 with every autocovariance by its own sum. */
function slowEss(chains: number[][]): number {
  const half = Math.floor(chains[0].length / 2);
  const halves = chains.flatMap((chain) => [chain.slice(0, half), chain.slice(chain.length - half)]);
  const average = (values: number[]) => values.reduce((total, v) => total + v, 0) / values.length;
  const spread = (values: number[]) =>
    values.reduce((total, v) => total + (v - average(values)) ** 2, 0) / (values.length - 1);
  const W = average(halves.map(spread));
  const varPlus = ((half - 1) / half) * W + spread(halves.map(average));
  const rho = (lag: number) => {
    if (lag === 0) return 1;
    const covariances = halves.map((g) => {
      const m = average(g);
      return g.slice(lag).reduce((total, v, i) => total + (v - m) * (g[i] - m), 0) / half;
    });
    return 1 - (W - average(covariances)) / varPlus;
  };
  const pairs: number[] = [];
  for (let k = 0; 2 * k + 1 < half; k++) {
    const pair = rho(2 * k) + rho(2 * k + 1);
    if (pair <= 0) break;
    pairs.push(Math.min(pair, pairs[k - 1] ?? Infinity));
  }
  const S = halves.length * half;
  return S / Math.max(-1 + 2 * pairs.reduce((total, v) => total + v, 0), 1 / Math.log10(S));
}

test('the effective sample size is that of the definition, for chains of any number, length and memory', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 4 }),
      fc.integer({ min: 4, max: 61 }),
      fc.double({ min: -0.9, max: 0.97, noNaN: true }),
      fc.integer({ min: 0, max: 1e6 }),
      (count, n, rho, seed) => {
        const rng = createRng('ess', seed);
        const chains = Array.from({ length: count }, () => autoregressive(n, rho, rng));
        const slow = slowEss(chains);
        expect(Math.abs(effectiveSampleSize(chains) / slow - 1)).toBeLessThan(1e-9);
      },
    ),
    { numRuns: 300 },
  );
});

test('tail sizes are those of the indicators of the two tails, and the error of the mean that of the values', () => {
  const rng = createRng('tails');
  const chains = [autoregressive(101, 0.6, rng), autoregressive(101, 0.6, rng)]; // odd: halves leave a draw out
  const all = chains.flat();
  const got = mcmcDiagnostics(chains);
  const indicators = (p: number) => {
    const level = quantile(all, p);
    return chains.map((chain) => chain.map((x) => (x <= level ? 1 : 0)));
  };
  const sizes = [0.05, 0.95].map((p) => slowEss(indicators(p)));
  expect(got.tailEss).toBeCloseTo(Math.min(...sizes), 9);
  const mean = all.reduce((a, b) => a + b, 0) / all.length;
  const sd = Math.sqrt(all.reduce((a, b) => a + (b - mean) ** 2, 0) / (all.length - 1));
  expect(got.standardErrorOfMean).toBeCloseTo(sd / Math.sqrt(slowEss(chains)), 12);
});

test('mean and deviation are over all draws, the middle ones of odd chains among them', () => {
  const { mean, standardDeviation } = mcmcDiagnostics([
    [0, 0, 60, 0, 0],
    [0, 0, 0, 0, 0],
  ]);
  expect(mean).toBe(6);
  expect(standardDeviation).toBeCloseTo(Math.sqrt(360), 12);
});

test('R-hat finds chains of equal mean and unequal spread, by folding', () => {
  const rng = createRng('fold');
  const chain = (sd: number) => Array.from({ length: 400 }, () => sd * sampleNormal(rng));
  expect(mcmcDiagnostics([chain(1), chain(1), chain(1), chain(1)]).rHat).toBeLessThan(1.02);
  expect(mcmcDiagnostics([chain(1), chain(1), chain(1), chain(4)]).rHat).toBeGreaterThan(1.1);
});

test('heavy tails do not hide a chain that is elsewhere: Cauchy draws have no variance, and their ranks have', () => {
  const rng = createRng('cauchy');
  const chain = (shift: number) => Array.from({ length: 500 }, () => Math.tan(Math.PI * (rng() - 0.5)) + shift);
  expect(mcmcDiagnostics([chain(0), chain(0)]).rHat).toBeLessThan(1.02);
  expect(mcmcDiagnostics([chain(0), chain(2)]).rHat).toBeGreaterThan(1.1);
});

describe('quantiles', () => {
  // One standard error each way holds 68.3 % if the error is right; the order statistics make it 1 to 4 % more.
  it.each([
    [0, 0.5, 0.6827, 0.76],
    [0, 0.05, 0.66, 0.8],
    [0.7, 0.5, 0.62, 0.8],
    [0.7, 0.9, 0.6, 0.82],
  ])(
    'of chains with memory %f: the error of the %f quantile is as often below its bracket as it says',
    (rho, p, low, high) => {
      const truth = { 0.05: -1.6448536269514729, 0.5: 0, 0.9: 1.2815515655446004 }[p]!;
      const runs = 1500;
      let inside = 0;
      for (let s = 0; s < runs; s++) {
        const rng = createRng('coverage', rho, p, s);
        const bracket = mcmcQuantile([autoregressive(150, rho, rng), autoregressive(150, rho, rng)], p);
        if (bracket.low <= truth && truth <= bracket.high) inside += 1;
      }
      expect(inside / runs).toBeGreaterThan(low - binomialTolerance(runs, low));
      expect(inside / runs).toBeLessThan(high + binomialTolerance(runs, high));
    },
  );

  test('are those of the draws, between their brackets, and sure at the ends', () => {
    fc.assert(
      fc.property(fc.double({ min: 0, max: 1, noNaN: true }), fc.integer({ min: 0, max: 1e6 }), (p, seed) => {
        const rng = createRng('quantile', seed);
        const chains = [autoregressive(20, 0.3, rng), autoregressive(20, 0.3, rng)];
        const got = mcmcQuantile(chains, p);
        expect(got.quantile).toBe(quantile(chains.flat(), p));
        expect(got.low).toBeLessThanOrEqual(got.quantile);
        expect(got.high).toBeGreaterThanOrEqual(got.quantile);
        expect(got.standardError).toBe((got.high - got.low) / 2);
      }),
    );
    const still = mcmcQuantile([[3, 3, 3, 3]], 0.2);
    expect(still).toEqual({ quantile: 3, ess: 4, standardError: 0, low: 3, high: 3 });
  });
});

it.each<[RegExp, () => unknown]>([
  [/^chains must not be empty/, () => effectiveSampleSize([])],
  [/^chains\[0\] must have length at least 4/, () => effectiveSampleSize([[1, 2, 3]])],
  [/^chains\[1\] must have length 4/, () => effectiveSampleSize([[1, 2, 3, 4], [1]])],
  [/^chains\[0\]\[2\] must be finite/, () => effectiveSampleSize([[1, 2, NaN, 4]])],
  [/^p must/, () => mcmcQuantile([[1, 2, 3, 4]], 1.5)],
  [/^chains must not be empty/, () => mcmcQuantile([], 0.5)],
])('a bad argument is refused: %s', (message, call) => {
  expect(call).toThrow(RangeError);
  expect(call).toThrow(message);
});
