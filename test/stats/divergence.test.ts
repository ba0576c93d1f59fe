import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  bernoulliKl,
  categoricalKl,
  entropy,
  klDivergence,
  type KlFamily,
  klInverseLower,
  klInverseUpper,
  type KlOptions,
  totalVariation,
} from '../../src/stats/index.js';

const probability = fc.double({ min: 0, max: 1, noNaN: true });
const families: KlFamily[] = ['bernoulli', 'gaussian', 'exponential', 'poisson'];
const inner: Record<KlFamily, fc.Arbitrary<number>> = {
  bernoulli: fc.double({ min: 1e-3, max: 0.999, noNaN: true }),
  gaussian: fc.double({ min: -5, max: 5, noNaN: true }),
  exponential: fc.double({ min: 1e-3, max: 50, noNaN: true }),
  poisson: fc.double({ min: 1e-3, max: 50, noNaN: true }),
};
const vectors = fc.integer({ min: 1, max: 6 }).chain((n) => {
  const weights = fc.array(fc.double({ min: 0.01, max: 1, noNaN: true }), { minLength: n, maxLength: n });
  const normalised = weights.map((w) => w.map((x) => x / w.reduce((s, y) => s + y, 0)));
  return fc.tuple(normalised, normalised);
});

describe('klDivergence', () => {
  test.each(families)('%s: nonnegative, 0 on the diagonal, convex in q, Fisher information at p', (family) => {
    fc.assert(
      fc.property(inner[family], inner[family], inner[family], (p, q, r) => {
        const kl = (a: number, b: number) => klDivergence(a, b, { family, variance: 2 });
        expect(kl(p, p)).toBe(0);
        expect(kl(p, q)).toBeGreaterThanOrEqual(0);
        // Bregman: kl(p, q) is convex in its first argument for every family of means
        const middle = (p + r) / 2;
        expect(kl(middle, q)).toBeLessThanOrEqual((kl(p, q) + kl(r, q)) / 2 + 1e-12 * (1 + kl(p, q) + kl(r, q)));
        const information = { bernoulli: 1 / (p * (1 - p)), gaussian: 1 / 2, exponential: 1 / (p * p), poisson: 1 / p }[
          family
        ];
        const h = 1e-7 * Math.min(Math.abs(p), family === 'bernoulli' ? 1 - p : 1);
        if (h > 1e-12) expect(Math.abs(kl(p, p + h) / (0.5 * information * (p + h - p) ** 2) - 1)).toBeLessThan(1e-5);
      }),
    );
  });

  test('the two forms of the Bernoulli divergence meet where they change over', () => {
    // direct form with 1 - p and 1 - q exact: p and q multiples of 2^-20
    for (const p of [0.25, 0.5, 0.875]) {
      for (const side of [1, -1]) {
        for (const factor of [0.0999, 0.1001]) {
          const q = Math.round((p + side * factor * Math.min(p, 1 - p)) * 2 ** 20) / 2 ** 20;
          const direct = p * Math.log(p / q) + (1 - p) * Math.log((1 - p) / (1 - q));
          // direct loses eps / kl
          expect(Math.abs(bernoulliKl(p, q) / direct - 1)).toBeLessThan((8 * 2 ** -52) / direct);
        }
      }
    }
  });

  test('means at 0 and 1 and their neighbours keep their digits', () => {
    expect(bernoulliKl(0, 1e-200)).toBe(1e-200);
    expect(Math.abs(bernoulliKl(0, 1e-9) / -Math.log1p(-1e-9) - 1)).toBeLessThan(4e-16);
    // r ln(r/s) + s - r + O(s²) with r = 2^-34, s = 2^-33
    const r = 2 ** -34;
    expect(Math.abs(bernoulliKl(1 - r, 1 - 2 * r) / (r * (1 - Math.LN2)) - 1)).toBeLessThan(1e-9);
    expect(bernoulliKl(1 - r, 1 - 2 * r)).toBe(bernoulliKl(r, 2 * r));
    expect(Math.abs(klDivergence(0.5, 5e-324) - 0.5 * (Math.log(0.5) - Math.log(5e-324) + Math.log(0.5)))).toBeLessThan(
      1e-12,
    );
  });

  test.each<[KlFamily, number, number, number]>([
    ['bernoulli', 0, 0, 0],
    ['bernoulli', 0, 1, Infinity],
    ['bernoulli', 0.5, 0, Infinity],
    ['bernoulli', 0.5, 1, Infinity],
    ['bernoulli', 1, 1, 0],
    ['exponential', 0, 2, Infinity],
    ['exponential', 2, 0, Infinity],
    ['exponential', 0, 0, 0],
    ['poisson', 0, 3, 3],
    ['poisson', 3, 0, Infinity],
    ['poisson', 0, 0, 0],
  ])('%s at the boundary: kl(%f, %f) = %f', (family, p, q, kl) => expect(klDivergence(p, q, { family })).toBe(kl));

  test('Pinsker: kl >= 2 d², and kl >= TV² · 2 for vectors', () => {
    fc.assert(
      fc.property(probability, probability, (p, q) => {
        expect(klDivergence(p, q)).toBeGreaterThanOrEqual(2 * (p - q) ** 2 * (1 - 1e-12));
      }),
    );
    fc.assert(
      fc.property(vectors, ([p, q]) => {
        expect(categoricalKl(p, q)).toBeGreaterThanOrEqual(2 * totalVariation(p, q) ** 2 - 1e-15);
        expect(totalVariation(p, q)).toBe(totalVariation(q, p));
      }),
    );
  });
});

describe('the inverses', () => {
  test.each(families)('%s: kl at either end is the level', (family) => {
    const options: KlOptions = { family, variance: 2 };
    fc.assert(
      fc.property(inner[family], fc.double({ min: -14, max: 1, noNaN: true }), (mean, exponent) => {
        const level = 10 ** exponent;
        const upper = klInverseUpper(mean, level, options);
        const lower = klInverseLower(mean, level, options);
        expect(upper).toBeGreaterThanOrEqual(mean);
        expect(lower).toBeLessThanOrEqual(mean);
        for (const q of [upper, lower]) {
          // dkl/dq (1 ulp of q) is what rounding leaves; at the ends of [0, 1] the level may be out of reach
          const at = klDivergence(mean, q, options);
          const next = klDivergence(mean, q + Math.sign(mean - q) * 4 * 2 ** -52 * Math.abs(q), options);
          if (q < 1 && Math.abs(q) > 1e-300)
            expect(Math.abs(at - level)).toBeLessThanOrEqual(Math.abs(next - at) + 1e-12 * level + 1e-300);
        }
      }),
    );
  });

  test('closed forms, mirror images, and levels 0 and Infinity', () => {
    expect(klInverseUpper(0, 2)).toBe(1 - Math.exp(-2));
    expect(klInverseLower(1, 2)).toBeCloseTo(Math.exp(-2), 15);
    expect(klInverseUpper(1, 0.3)).toBe(1);
    expect(klInverseLower(0, 0.3)).toBe(0);
    expect(klInverseUpper(0.4, 0)).toBe(0.4);
    expect(klInverseUpper(0.4, Infinity)).toBe(1);
    expect(klInverseLower(0.4, Infinity)).toBe(0);
    expect(klInverseUpper(2, Infinity, { family: 'poisson' })).toBe(Infinity);
    expect(klInverseLower(2, Infinity, { family: 'exponential' })).toBe(0);
    expect(klInverseUpper(0, 3, { family: 'poisson' })).toBe(3);
    expect(klInverseUpper(1, 2, { family: 'gaussian', variance: 4 })).toBe(5);
    expect(klInverseLower(1, 2, { family: 'gaussian', variance: 4 })).toBe(-3);
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 1024 }), fc.double({ min: 1e-6, max: 5, noNaN: true }), (k, level) => {
        expect(Math.abs(klInverseLower(k / 1024, level) + klInverseUpper(1 - k / 1024, level) - 1)).toBeLessThan(4e-16);
      }),
    );
  });

  test.each<[RegExp, () => unknown]>([
    [/^p must be in \[0, 1\]/, () => klDivergence(-0.1, 0.5)],
    [/^q must be in \[0, 1\]/, () => klDivergence(0.1, NaN)],
    [/^q must be in \[0, Infinity\)/, () => klDivergence(1, -1, { family: 'poisson' })],
    [/^variance/, () => klDivergence(0, 1, { family: 'gaussian', variance: 0 })],
    [/^family/, () => klDivergence(0, 1, { family: 'cauchy' as 'gaussian' })],
    [/^mean/, () => klInverseUpper(2, 1)],
    [/^level/, () => klInverseUpper(0.5, -1)],
    [/^level/, () => klInverseLower(0.5, NaN)],
    [/^p\[1\]/, () => categoricalKl([1.5, -0.5], [0.5, 0.5])],
    [/^q must sum to 1/, () => categoricalKl([0.5, 0.5], [0.5, 0.4])],
    [/^q must have length 2/, () => totalVariation([0.5, 0.5], [1])],
    [/^p must sum/, () => entropy([0.5])],
  ])('%s is told', (message, call) => {
    expect(call).toThrow(RangeError);
    expect(call).toThrow(message);
  });
});

describe('vectors', () => {
  test('two outcomes are Bernoulli; the chain rule over a split; entropy and divergence from uniform', () => {
    fc.assert(
      fc.property(vectors, probability, ([p, q], s) => {
        expect(Math.abs(categoricalKl([s, 1 - s], [0.3, 0.7]) - klDivergence(s, 0.3))).toBeLessThan(1e-14);
        // a first outcome of probability s, else p: kl splits into kl(s, 1/2) + (1 - s) kl(p, q)
        const split = (share: number, v: number[]) => [share, ...v.map((x) => (1 - share) * x)];
        const chained = klDivergence(s, 0.5) + (1 - s) * categoricalKl(p, q);
        expect(Math.abs(categoricalKl(split(s, p), split(0.5, q)) - chained)).toBeLessThan(1e-13);
        const n = p.length;
        const uniform = p.map(() => 1 / n);
        expect(Math.abs(entropy(p) - (Math.log(n) - categoricalKl(p, uniform)))).toBeLessThan(1e-13);
      }),
    );
  });

  test('close vectors keep their digits, and disjoint ones are infinitely far', () => {
    const d = 2 ** -30;
    // kl = d² (1/p₁ + 1/p₂)/2 - ... with relative error O(d)
    expect(Math.abs(categoricalKl([0.5, 0.5], [0.5 + d, 0.5 - d]) / (2 * d * d) - 1)).toBeLessThan(1e-8);
    expect(categoricalKl([1, 0], [0, 1])).toBe(Infinity);
    expect(categoricalKl([0, 1], [0.5, 0.5])).toBe(Math.LN2);
    expect(entropy([1, 0])).toBe(0);
  });
});
