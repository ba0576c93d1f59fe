import fc from 'fast-check';
import { expect, test } from 'vitest';
import { createRng } from '../../src/random/create-rng.js';
import {
  categoricalIndex,
  chebyshevFeatures,
  laplaceQuantile,
  logSoftmax,
  logSumExp,
  softmax,
} from '../../src/special/index.js';

const logits = fc.array(fc.double({ min: -700, max: 700, noNaN: true }), { minLength: 1, maxLength: 11 });

test('probabilities are those of the definition, sum to 1 and ignore a constant', () => {
  fc.assert(
    fc.property(
      logits,
      fc.double({ min: 0.1, max: 10, noNaN: true }),
      fc.integer({ min: -1000, max: 1000 }),
      (x, temperature, c) => {
        const p = softmax(x, { temperature });
        const scaled = x.map((v) => v / temperature);
        const total = logSumExp(scaled);
        let sum = 0;
        for (let i = 0; i < x.length; i++) {
          sum += p[i];
          expect(Math.abs(p[i] - Math.exp(scaled[i] - total))).toBeLessThanOrEqual(1e-11);
        }
        expect(Math.abs(sum - 1)).toBeLessThanOrEqual(1e-12);
        const shifted = softmax(
          x.map((v) => v + c),
          { temperature },
        );
        p.forEach((v, i) => expect(Math.abs(v - shifted[i])).toBeLessThanOrEqual(1e-11));
        logSoftmax(x, { temperature }).forEach((v, i) => {
          expect(Math.abs(v - (scaled[i] - total))).toBeLessThanOrEqual(1e-12 * (1 + Math.abs(v)));
        });
      },
    ),
  );
});

test('temperature 0 is one-hot at the lowest index of the maximum', () => {
  expect([...softmax([1, 3, 3], { temperature: 0 })]).toEqual([0, 1, 0]);
  expect([...logSoftmax([1, 3, 3], { temperature: 0 })]).toEqual([-Infinity, 0, -Infinity]);
});

test('large and -Infinity logits are harmless; out may alias the input and may be Float32', () => {
  expect([...softmax([1000, 999, -1000])].every(Number.isFinite)).toBe(true);
  const x = Float64Array.of(2, -Infinity, 1, 0, 5);
  const fresh = softmax(x);
  expect(fresh[1]).toBe(0);
  expect(softmax(x, {}, x)).toBe(x);
  expect([...x]).toEqual([...fresh]);
  const single = softmax([0, 0], {}, new Float32Array(2));
  expect([...single]).toEqual([0.5, 0.5]);
});

test('logits without a softmax are refused by name', () => {
  for (const bad of [[], [NaN], [1, Infinity], [-Infinity, -Infinity]]) {
    expect(() => softmax(bad)).toThrow(/^logits/);
    expect(() => logSoftmax(bad)).toThrow(/^logits/);
  }
  expect(() => softmax([1], { temperature: -1 })).toThrow(/^temperature/);
  expect(() => softmax([1], {}, new Float64Array(2))).toThrow(/^out/);
});

test('categoricalIndex inverts the running sum and never returns a weight of zero', () => {
  const weights = [0, 0.1, 0, 0.2, 0.7, 0];
  for (const u of [0, 0.05, 0.1, 0.2, 0.3, 0.5, 0.99, 1 - 2 ** -53]) {
    const i = categoricalIndex(weights, u);
    const below = weights.slice(0, i).reduce((a, b) => a + b, 0);
    expect(weights[i]).toBeGreaterThan(0);
    expect(u).toBeGreaterThanOrEqual(below - 1e-15);
    expect(u).toBeLessThanOrEqual(below + weights[i] + 1e-15);
  }
  expect(categoricalIndex([1e-320, 0], 0.999)).toBe(0);
  expect(() => categoricalIndex([0, 0], 0.5)).toThrow(/^weights/);
  expect(() => categoricalIndex([1, -1], 0.5)).toThrow(/^weights/);
  expect(() => categoricalIndex([1], 1)).toThrow(/^u /);
});

test('the Laplace quantile is odd about 1/2, finite at 0, and inverts the distribution function', () => {
  const rng = createRng('laplace');
  expect(laplaceQuantile(0, 1)).toBe(-53 * Math.LN2);
  for (let i = 0; i < 1000; i++) {
    const u = rng();
    const x = laplaceQuantile(u, 2);
    const cdf = x < 0 ? 0.5 * Math.exp(x / 2) : 1 - 0.5 * Math.exp(-x / 2);
    expect(Math.abs(cdf - u)).toBeLessThan(1e-15);
  }
  expect(laplaceQuantile(0.75, 3)).toBe(-laplaceQuantile(0.25, 3));
});

test('Chebyshev features are cos(j arccos u), clamped outside', () => {
  const features = chebyshevFeatures(0.3, { low: -1, high: 1, count: 6 });
  features.forEach((v, j) => expect(Math.abs(v - Math.cos(j * Math.acos(0.3)))).toBeLessThan(1e-14));
  expect(chebyshevFeatures(9, { low: 0, high: 1, count: 3 })).toEqual(Float64Array.of(1, 1, 1));
  expect(() => chebyshevFeatures(0, { low: 1, high: 1, count: 3 })).toThrow(/^low/);
});
