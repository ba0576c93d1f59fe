// Binomial and Poisson samplers against exact probabilities, from n = 1 to n = 1e15.
import { describe, expect, it } from 'vitest';
import { createRng, sampleBatchMean, sampleBinomial, samplePoisson } from '../../src/random/index.js';
import { normalCdf } from '../../src/special/index.js';
import { counted, expectCounts, expectFit, scripted } from '../support/fit.js';

const N = 60_000;
const LAST = 1 - 2 ** -53;

/** Exact up to rounding: the recurrence of the probabilities, from the mode outwards, normalized. */
function binomialTable(n: number, p: number): Float64Array {
  const table = new Float64Array(n + 1);
  const mode = Math.floor((n + 1) * p);
  table[mode] = 1;
  for (let k = mode; k < n; k++) table[k + 1] = table[k] * ((n - k) / (k + 1)) * (p / (1 - p));
  for (let k = mode; k > 0; k--) table[k - 1] = table[k] * (k / (n - k + 1)) * ((1 - p) / p);
  const total = table.reduce((a, b) => a + b);
  return table.map((f) => f / total);
}

describe('sampleBinomial', () => {
  // Inversion, the border n p = 10, transformed rejection, and the mirrored p.
  it.each([
    [1, 0.3],
    [12, 0.5],
    [19, 0.5],
    [20, 0.5],
    [30, 0.34],
    [300, 0.033],
    [300, 0.034],
    [1000, 0.4],
    [50, 0.9],
    [2000, 0.996],
  ])('with n = %d, p = %d has the binomial probabilities', (n, p) => {
    const rng = createRng('binomial', n, p);
    const counts = new Float64Array(n + 1);
    for (let i = 0; i < N; i++) counts[sampleBinomial(n, p, rng)] += 1;
    expectCounts(
      counts,
      binomialTable(n, p).map((f) => f * N),
    );
  });

  it.each([
    [1e15, 0.3],
    [1e15, 0.9],
    [9e15, 0.5],
    [1e12, 1e-5],
  ])('with n = %d, p = %d has the normal law to which it is within 1e-3 by Berry-Esseen', (n, p) => {
    // With ln Γ differences in the acceptance ratio, wrong by several units at n = 1e15, this fails at once.
    const rng = createRng('large binomial', n, p);
    const sd = Math.sqrt(n * p * (1 - p));
    const edges = [-2.5, -1.5, -1, -0.6, -0.3, 0, 0.3, 0.6, 1, 1.5, 2.5];
    expectFit(() => (sampleBinomial(n, p, rng) - n * p) / sd, N, edges, normalCdf);
  });

  it('with n = 1e15 and p = 2e-14 has the Poisson law with mean 20', () => {
    const rng = createRng('rare');
    const counts = new Float64Array(100);
    for (let i = 0; i < N; i++) counts[sampleBinomial(1e15, 2e-14, rng)] += 1;
    expectCounts(
      counts,
      poissonTable(20, 100).map((f) => f * N),
    );
  });

  it('inverts the distribution function exactly when n min(p, 1-p) < 10', () => {
    const n = 6;
    const table = binomialTable(n, 0.3);
    let below = 0;
    for (let k = 0; k <= n; k++) {
      expect(sampleBinomial(n, 0.3, () => below + table[k] / 2)).toBe(k);
      below += table[k];
    }
    expect(sampleBinomial(n, 0.3, () => 0)).toBe(0);
    expect(sampleBinomial(n, 0.3, () => LAST)).toBe(n);
  });

  it('draws one uniform by inversion, an even number by rejection, none for a sure outcome', () => {
    const inversion = counted(createRng(1));
    sampleBinomial(1000, 0.005, inversion.rng);
    expect(inversion.calls()).toBe(1);
    const rejection = counted(createRng(1));
    for (let i = 0; i < 10_000; i++) sampleBinomial(1000, 0.4, rejection.rng);
    expect(rejection.calls() % 2).toBe(0);
    expect(rejection.calls() / 10_000).toBeLessThan(2.5);
    expect(sampleBinomial(0, 0.5, scripted([]))).toBe(0);
    expect(sampleBinomial(9, 0, scripted([]))).toBe(0);
    expect(sampleBinomial(9, 1, scripted([]))).toBe(9);
  });

  it('survives the ends of the uniforms', () => {
    for (const [u, v] of [
      [0, 0],
      [0, LAST],
      [LAST, 0],
      [LAST, LAST],
      [0.5, LAST],
    ]) {
      const k = sampleBinomial(100, 0.4, scripted([u, v, 0.5, 0.1, 0.5, 0.1]));
      expect(Number.isInteger(k) && k >= 0 && k <= 100).toBe(true);
    }
  });

  it.each([
    [-1, 0.5],
    [1.5, 0.5],
    [2 ** 53, 0.5],
    [NaN, 0.5],
    [3, -0.1],
    [3, 1.1],
    [3, NaN],
  ])('rejects n = %d, p = %d', (n, p) => {
    expect(() => sampleBinomial(n, p, createRng(1))).toThrow(RangeError);
  });

  it('divided by n is the mean of a batch', () => {
    expect(sampleBatchMean(1000, 0.4, createRng(3))).toBe(sampleBinomial(1000, 0.4, createRng(3)) / 1000);
    expect(() => sampleBatchMean(0, 0.4, createRng(3))).toThrow(/^n must/);
  });
});

describe('samplePoisson', () => {
  it.each([0.01, 1, 9.99, 10, 11, 80, 400])('with mean %d has the Poisson probabilities', (mean) => {
    const rng = createRng('poisson', mean);
    const size = Math.ceil(mean + 20 * Math.sqrt(mean) + 20);
    const counts = new Float64Array(size);
    for (let i = 0; i < N; i++) counts[samplePoisson(mean, rng)] += 1;
    expectCounts(
      counts,
      poissonTable(mean, size).map((f) => f * N),
    );
  });

  it('with mean 1e14 is normal to within Berry-Esseen', () => {
    const rng = createRng('large poisson');
    expectFit(() => (samplePoisson(1e14, rng) - 1e14) / 1e7, N, [-2, -1, -0.5, 0, 0.5, 1, 2], normalCdf);
  });

  it('rejects a mean that is negative or not finite, and gives 0 for 0', () => {
    expect(() => samplePoisson(-1, createRng(1))).toThrow(/^mean must/);
    expect(() => samplePoisson(Infinity, createRng(1))).toThrow(/^mean must/);
    expect(samplePoisson(0, scripted([]))).toBe(0);
  });
});

function poissonTable(mean: number, size: number): Float64Array {
  const table = new Float64Array(size);
  const mode = Math.min(size - 1, Math.floor(mean));
  table[mode] = 1;
  for (let k = mode; k + 1 < size; k++) table[k + 1] = (table[k] * mean) / (k + 1);
  for (let k = mode; k > 0; k--) table[k - 1] = (table[k] * k) / mean;
  const total = table.reduce((a, b) => a + b);
  return table.map((f) => f / total);
}
