import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  applyOutput,
  boxCox,
  boxCoxInverse,
  boxCoxLambda,
  copula,
  invertOutput,
  kumaraswamy,
  kumaraswamyInverse,
  outputTransform,
  type OutputTransformKind,
  standardize,
  yeoJohnson,
  yeoJohnsonInverse,
  yeoJohnsonLambda,
} from '../../../src/bo/index.js';
import { warpDerivatives } from '../../../src/bo/transforms/kumaraswamy.js';
import { createRng, sampleNormal } from '../../../src/random/index.js';
import { normalQuantile } from '../../../src/special/index.js';
import { difference } from '../random-models.js';

const powers = fc.oneof(fc.double({ min: -5, max: 5, noNaN: true }), fc.constantFrom(0, 1, 2, 1e-9, 2 - 1e-9));
const numbers = fc.array(fc.double({ min: -8, max: 8, noNaN: true }), { minLength: 2, maxLength: 8 });
const close = (a: number, b: number, tolerance: number) =>
  expect(Math.abs(a - b), `${a} against ${b}`).toBeLessThanOrEqual(tolerance * Math.max(1, Math.abs(b)));

describe('power transforms', () => {
  it('Yeo-Johnson is the published formula, increasing, and inverted by its inverse', () => {
    fc.assert(
      fc.property(numbers, powers, (x, lambda) => {
        const y = yeoJohnson(x, lambda);
        x.forEach((value, i) => {
          const p = value >= 0 ? lambda : 2 - lambda;
          const formula = Math.abs(p) < 1e-8 ? Math.log1p(Math.abs(value)) : ((1 + Math.abs(value)) ** p - 1) / p;
          close(y[i], Math.sign(value) * formula, 1e-7);
          for (let j = 0; j < i; j++) if (x[j] < value) expect(y[j]).toBeLessThanOrEqual(y[i]);
        });
        // Where the transform saturates (its range is bounded for λ < 0 and λ > 2) rounding is magnified by the slope.
        yeoJohnsonInverse(y, lambda).forEach((value, i) => {
          const p = x[i] >= 0 ? lambda : 2 - lambda;
          close(value, x[i], 1e-12 * Math.max(1, (1 + Math.abs(x[i])) ** (1 - p) * Math.abs(y[i])));
        });
      }),
    );
  });

  it('Box-Cox is the published formula and inverted by its inverse', () => {
    fc.assert(
      fc.property(fc.array(fc.double({ min: 0.05, max: 20, noNaN: true }), { minLength: 1 }), powers, (x, lambda) => {
        const y = boxCox(x, lambda);
        x.forEach((value, i) => {
          close(y[i], Math.abs(lambda) < 1e-8 ? Math.log(value) : (value ** lambda - 1) / lambda, 1e-7);
        });
        boxCoxInverse(y, lambda).forEach((value, i) => {
          close(value, x[i], 1e-12 * Math.max(1, x[i] ** (1 - lambda) * Math.abs(y[i])));
        });
      }),
    );
  });

  it('values outside the range of a transform come back as the nearer end', () => {
    expect(Array.from(yeoJohnsonInverse([10, -10], -1))[0]).toBe(Infinity);
    expect(Array.from(yeoJohnsonInverse([10, -10], 3))[1]).toBe(-Infinity);
    expect(boxCoxInverse([-10], 2)[0]).toBe(0);
    expect(boxCoxInverse([10], -2)[0]).toBe(Infinity);
  });

  it('the likeliest power is a maximum of the profile likelihood, and finds the power that made the data normal', () => {
    const rng = createRng(3, 'power');
    const z = Array.from({ length: 4000 }, () => 3 + 0.5 * sampleNormal(rng));
    // y = inverse transform of normal data: the standard error of λ is about 0.05 here, six of them allowed.
    expect(Math.abs(boxCoxLambda(boxCoxInverse(z, 0.5)) - 0.5)).toBeLessThan(0.4);
    expect(Math.abs(yeoJohnsonLambda(yeoJohnsonInverse(z, -0.2 + 0.4)) - 0.2)).toBeLessThan(0.4);
    const x = [0.3, 1.2, 0.7, 5, 2.2, 0.1, -0.4];
    const likelihood = (lambda: number) => {
      const y = Array.from(yeoJohnson(x, lambda));
      const mean = y.reduce((a, b) => a + b, 0) / y.length;
      const variance = y.reduce((a, b) => a + (b - mean) ** 2, 0) / y.length;
      const jacobian = x.reduce((a, v) => a + Math.sign(v) * Math.log1p(Math.abs(v)), 0);
      return (-x.length / 2) * Math.log(variance) + (lambda - 1) * jacobian;
    };
    const best = yeoJohnsonLambda(x);
    expect(likelihood(best)).toBeGreaterThan(likelihood(best + 1e-3));
    expect(likelihood(best)).toBeGreaterThan(likelihood(best - 1e-3));
    expect(yeoJohnsonLambda([2, 2, 2])).toBe(1);
    expect(yeoJohnsonLambda([1e300, -1e300, 0])).toBeTypeOf('number');
  });

  it('refuses what it cannot take', () => {
    expect(() => boxCox([1, 0], 1)).toThrow(/x\[1\] must be positive/);
    expect(() => boxCoxLambda([-1])).toThrow(/x\[0\]/);
    expect(() => yeoJohnson([NaN], 1)).toThrow(/x\[0\]/);
    expect(() => yeoJohnson([1], Infinity)).toThrow(/lambda/);
  });
});

describe('normal scores', () => {
  it('are quantiles of the ranks, ties sharing theirs, whatever the values', () => {
    const y = [3, -1, 10, 3, 1e9];
    const z = copula(y);
    close(z[1], normalQuantile(0.1), 1e-15);
    close(z[0], normalQuantile((2.5 - 0.5) / 5), 1e-15);
    expect(z[0]).toBe(z[3]);
    expect(copula(y.map((v) => Math.cbrt(v)))).toEqual(z);
    expect(copula([]).length).toBe(0);
  });
});

describe('the Kumaraswamy warp', () => {
  it('is 1 - (1 - x^a)^b, increasing from 0 to 1, with its inverse and derivatives', () => {
    const positive = fc.double({ min: 0.2, max: 5, noNaN: true });
    fc.assert(
      fc.property(fc.double({ min: 0.02, max: 0.98, noNaN: true }), positive, positive, (x, a, b) => {
        const w = kumaraswamy(x, a, b);
        close(w, 1 - (1 - x ** a) ** b, 1e-12);
        if (w > 1e-6 && w < 1 - 1e-6) close(kumaraswamyInverse(w, a, b), x, 1e-6);
        const slopes = new Float64Array(3);
        warpDerivatives(x, a, b, slopes);
        close(
          slopes[0],
          difference(([t]) => kumaraswamy(t, a, b), [x], 0, 1e-6),
          1e-5,
        );
        close(
          slopes[1],
          difference(([t]) => kumaraswamy(x, Math.exp(t), b), [Math.log(a)], 0),
          1e-6,
        );
        close(
          slopes[2],
          difference(([t]) => kumaraswamy(x, a, Math.exp(t)), [Math.log(b)], 0),
          1e-6,
        );
      }),
    );
    expect([kumaraswamy(0, 0.3, 2), kumaraswamy(1, 0.3, 2), kumaraswamyInverse(0, 2, 2), kumaraswamyInverse(1, 2, 2)]).toEqual([0, 1, 0, 1]); // prettier-ignore
    expect(kumaraswamy(0.3, 1, 1)).toBeCloseTo(0.3, 15);
    expect(() => kumaraswamy(1.1, 1, 1)).toThrow(/x must be/);
    expect(() => kumaraswamy(0.5, 0, 1)).toThrow(/a must be positive/);
    expect(() => kumaraswamyInverse(0.5, 1, -1)).toThrow(/b must be positive/);
  });
});

describe('output transforms', () => {
  const kinds: OutputTransformKind[] = ['standardize', 'yeoJohnson', 'boxCox', 'logRatio', 'copula', 'hebo'];

  it.each(kinds)('%s: targets are standardized, kept in order, and come back', (kind) => {
    fc.assert(
      fc.property(fc.array(fc.double({ min: 0.01, max: 50, noNaN: true }), { minLength: 3, maxLength: 12 }), (y) => {
        const { transform, y: z } = outputTransform(y, kind);
        expect(z.every(Number.isFinite)).toBe(true);
        y.forEach((value, i) => y.forEach((other, j) => value < other && expect(z[i]).toBeLessThanOrEqual(z[j])));
        applyOutput(transform, y).forEach((value, i) => close(value, z[i], 1e-9));
        const spread = standardize(y).std;
        // Powers near the ends of [-5, 5] flatten one end of the data: rounding there is magnified.
        if (kind === 'standardize' || kind === 'logRatio' || kind === 'copula' || Math.abs(transform.lambda) < 2) {
          invertOutput(transform, z).forEach((value, i) => close(value, y[i], 1e-6 * Math.max(1, spread)));
        }
        expect(structuredClone(transform)).toEqual(transform);
      }),
      { numRuns: 50 },
    );
  });

  it('hebo takes Box-Cox for positive targets, else Yeo-Johnson, and the raw targets where these collapse', () => {
    expect(outputTransform([1, 2, 5, 30, 100], 'hebo').transform.type).toBe('boxCox');
    expect(outputTransform([-1, 2, 5, 30, 100], 'hebo').transform.type).toBe('yeoJohnson');
    expect(outputTransform([3, 3, 3], 'hebo')).toMatchObject({
      transform: { type: 'identity' },
      y: Float64Array.of(0, 0, 0),
    });
    // Numbers far from 0: most powers would make them equal to rounding, and the likelihood keeps away from those.
    const far = outputTransform([1e9, 1e9 + 1, 1e9 + 2, 1e9 + 30], 'hebo');
    expect(standardize(far.y).std).toBeCloseTo(1, 10);
    expect(Array.from(far.y).every((v, i, all) => i === 0 || v > all[i - 1])).toBe(true);
  });

  it('the log ratio is the logarithm up to its reference', () => {
    const { transform } = outputTransform([1, 10], 'logRatio', { reference: 2 });
    expect(transform.unit).toBe(2);
    expect(() => outputTransform([1, 0], 'logRatio')).toThrow(/y\[1\]/);
    expect(() => outputTransform([1], 'logRatio', { reference: -1 })).toThrow(/reference/);
    expect(() => outputTransform([1], 'x' as never)).toThrow(/kind/);
    expect(outputTransform([], 'logRatio').y.length).toBe(0);
  });

  it('a copula is linear between its knots and constant outside', () => {
    const { transform } = outputTransform([0, 1, 3], 'copula');
    const [a, b, c, d] = applyOutput(transform, [1, 2, 3, 99]);
    close(b, (a + c) / 2, 1e-12);
    expect(d).toBe(c);
  });
});
