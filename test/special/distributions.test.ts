import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  betaInc,
  betaQuantile,
  chebyshevFeatures,
  chiSquareSurvival,
  digamma,
  erf,
  erfc,
  erfcx,
  exp,
  gammaP,
  gammaQ,
  laplaceQuantile,
  log,
  logBesselI0,
  logBeta,
  logEiStandard,
  logEiStandardDerivative,
  logGamma,
  logNormalCdf,
  normalCdf,
  normalLogPdf,
  normalPdf,
  normalQuantile,
  trigamma,
} from '../../src/special/index.js';

const close = (a: number, b: number, relative: number, absolute = 0) =>
  expect(Math.abs(a - b), `${a} against ${b}`).toBeLessThanOrEqual(relative * Math.abs(b) + absolute);

describe('ends of the domains', () => {
  test.each<[string, number, number]>([
    ['erf -Infinity', erf(-Infinity), -1],
    ['erf Infinity', erf(Infinity), 1],
    ['erf -0', erf(-0), -0],
    ['erf of a subnormal', erf(1e-310), 1.1283791670955e-310],
    ['erfc Infinity', erfc(Infinity), 0],
    ['erfc -Infinity', erfc(-Infinity), 2],
    ['erfc 28', erfc(28), 0],
    ['erfcx 0', erfcx(0), 1],
    ['erfcx Infinity', erfcx(Infinity), 0],
    ['erfcx -27', erfcx(-27), Infinity],
    ['normalPdf Infinity', normalPdf(Infinity), 0],
    ['normalCdf Infinity', normalCdf(Infinity), 1],
    ['normalCdf -Infinity', normalCdf(-Infinity), 0],
    ['normalCdf -0', normalCdf(-0), 0.5],
    ['logNormalCdf Infinity', logNormalCdf(Infinity), -0],
    ['logNormalCdf -Infinity', logNormalCdf(-Infinity), -Infinity],
    ['logNormalCdf -1e160', logNormalCdf(-1e160), -Infinity],
    ['normalLogPdf Infinity', normalLogPdf(Infinity), -Infinity],
    ['normalQuantile 0', normalQuantile(0), -Infinity],
    ['normalQuantile 1', normalQuantile(1), Infinity],
    ['normalQuantile 1/2', normalQuantile(0.5), 0],
    ['normalQuantile log 0', normalQuantile(-Infinity, { logP: true }), -Infinity],
    ['normalQuantile log 1', normalQuantile(0, { logP: true }), Infinity],
    ['normalQuantile upper 1/2', normalQuantile(0.5, { upper: true }), 0],
    ['logGamma 0', logGamma(0), Infinity],
    ['logGamma 1', logGamma(1), 0],
    ['logGamma 2', logGamma(2), 0],
    ['logGamma Infinity', logGamma(Infinity), Infinity],
    ['digamma Infinity', digamma(Infinity), Infinity],
    ['trigamma Infinity', trigamma(Infinity), 0],
    ['gammaP at 0', gammaP(2, 0), 0],
    ['gammaP at Infinity', gammaP(2, Infinity), 1],
    ['gammaQ at 0', gammaQ(2, 0), 1],
    ['gammaQ at Infinity', gammaQ(2, Infinity), 0],
    ['gammaQ of a huge shape, left', gammaQ(1e300, 1e299), 1],
    ['gammaQ of a huge shape, right', gammaQ(1e300, 1e301), 0],
    ['gammaP of a huge shape, left', gammaP(1e300, 1e299), 0],
    ['gammaP of a huge shape at its mean', gammaP(1e300, 1e300), 0.5],
    ['betaInc at 0', betaInc(0, 2, 3), 0],
    ['betaInc at 1', betaInc(1, 2, 3), 1],
    ['betaQuantile of 0', betaQuantile(0, 2, 3), 0],
    ['betaQuantile of 1', betaQuantile(1, 2, 3), 1],
    ['betaQuantile below the smallest number', betaQuantile(1e-12, 0.03, 0.5), 0],
    ['logBesselI0 0', logBesselI0(0), 0],
    ['logBesselI0 -Infinity', logBesselI0(-Infinity), Infinity],
    ['logEiStandard -Infinity', logEiStandard(-Infinity), -Infinity],
    ['logEiStandard Infinity', logEiStandard(Infinity), Infinity],
    ['logEiStandardDerivative Infinity', logEiStandardDerivative(Infinity), 0],
    ['logEiStandardDerivative -Infinity', logEiStandardDerivative(-Infinity), Infinity],
    ['laplaceQuantile 1/2', laplaceQuantile(0.5, 3), 0],
  ])('%s', (_, value, expected) => expect(value).toBe(expected));

  test('NaN passes through the error functions and the normal density and distribution', () => {
    for (const f of [erf, erfc, erfcx, normalPdf, normalCdf, logNormalCdf, normalLogPdf]) expect(f(NaN)).toBeNaN();
  });
});

describe('an argument outside the domain is refused by name', () => {
  test.each<[string, RegExp, () => number]>([
    ['normalQuantile(-0.1)', /^p must be/, () => normalQuantile(-0.1)],
    ['normalQuantile(1.1)', /^p must be/, () => normalQuantile(1.1)],
    ['normalQuantile(NaN)', /^p must be/, () => normalQuantile(NaN)],
    ['normalQuantile(0.1) of a logarithm', /^p must be/, () => normalQuantile(0.1, { logP: true })],
    ['logGamma(-1)', /^x must be/, () => logGamma(-1)],
    ['logGamma(NaN)', /^x must be/, () => logGamma(NaN)],
    ['digamma(0)', /^x must be/, () => digamma(0)],
    ['trigamma(0)', /^x must be/, () => trigamma(0)],
    ['gammaP(0, 1)', /^a must be/, () => gammaP(0, 1)],
    ['gammaP(1, -1)', /^x must be/, () => gammaP(1, -1)],
    ['gammaQ(NaN, 1)', /^a must be/, () => gammaQ(NaN, 1)],
    ['chiSquareSurvival(1, 0)', /^degreesOfFreedom must be/, () => chiSquareSurvival(1, 0)],
    ['logBeta(0, 1)', /^a must be/, () => logBeta(0, 1)],
    ['logBeta(1, Infinity)', /^b must be/, () => logBeta(1, Infinity)],
    ['betaInc(1.1, 1, 1)', /^x must be/, () => betaInc(1.1, 1, 1)],
    ['betaInc(0.5, 1e11, 1)', /^a must be in \(0, 1e10\]/, () => betaInc(0.5, 1e11, 1)],
    ['betaQuantile(2, 1, 1)', /^p must be/, () => betaQuantile(2, 1, 1)],
    ['betaQuantile(0.5, -1, 1)', /^a must be/, () => betaQuantile(0.5, -1, 1)],
    ['logBesselI0(NaN)', /^x must be/, () => logBesselI0(NaN)],
    ['logEiStandard(NaN)', /^z must be/, () => logEiStandard(NaN)],
    ['logEiStandardDerivative(NaN)', /^z must be/, () => logEiStandardDerivative(NaN)],
    ['laplaceQuantile(1, 1)', /^u must be/, () => laplaceQuantile(1, 1)],
    ['laplaceQuantile(0.5, 0)', /^scale must be/, () => laplaceQuantile(0.5, 0)],
    ['chebyshevFeatures of NaN', /^context must be/, () => chebyshevFeatures(NaN, { low: 0, high: 1, count: 2 })[0]],
    [
      'chebyshevFeatures of an empty interval',
      /^low must be/,
      () => chebyshevFeatures(0, { low: 1, high: 1, count: 2 })[0],
    ],
  ])('%s', (_, message, call) => {
    expect(call).toThrow(RangeError);
    expect(call).toThrow(message);
  });
});

test('Φ(z) + Φ(-z) = 1, and the quantile undoes Φ in the tail where digits are', () => {
  fc.assert(
    fc.property(fc.double({ min: -38, max: 8, noNaN: true }), (z) => {
      close(normalCdf(z) + normalCdf(-z), 1, 2 ** -52);
      // dz = dp Φ/φ: two roundings of Φ, and 4 ulp of z
      const p = normalCdf(z);
      if (p > 1e-300) close(normalQuantile(p), z, 1e-15, (4e-16 * 2 * p) / normalPdf(z));
      close(normalQuantile(logNormalCdf(z), { logP: true }), z, 2e-15, (4e-16 * p * Math.abs(log(p))) / normalPdf(z));
    }),
  );
});

test('the recurrences of Γ, ψ and ψ′ hold across every change of method', () => {
  fc.assert(
    fc.property(fc.double({ min: 1e-3, max: 30, noNaN: true }), (x) => {
      close(logGamma(x + 1), logGamma(x) + log(x), 2e-15, 2e-15 * (1 + Math.abs(log(x))));
      close(digamma(x + 1), digamma(x) + 1 / x, 4e-15, 4e-15 / x);
      close(trigamma(x + 1), trigamma(x) - 1 / (x * x), 4e-15, 4e-15 / (x * x));
    }),
  );
});

test('P + Q = 1; P(a, x) - P(a + 1, x) = x^a e^-x / Γ(a + 1)', () => {
  const shape = fc.double({ min: 0.01, max: 60, noNaN: true });
  fc.assert(
    fc.property(shape, fc.double({ min: 0.01, max: 100, noNaN: true }), (a, x) => {
      close(gammaP(a, x) + gammaQ(a, x), 1, 4e-16);
      close(gammaP(a, x) - gammaP(a + 1, x), exp(a * log(x) - x - logGamma(a + 1)), 1e-12, 1e-15);
      expect(chiSquareSurvival(x, a)).toBe(gammaQ(a / 2, x / 2));
    }),
  );
});

test('I_x(a, b) + I_{1-x}(b, a) = 1, and the quantile undoes it', () => {
  const shape = fc.double({ min: 0.05, max: 80, noNaN: true });
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 1023 }), shape, shape, (k, a, b) => {
      const x = k / 1024; // 1 - x is exact
      const p = betaInc(x, a, b);
      close(p + betaInc(1 - x, b, a), 1, 1e-14);
      const density = exp((a - 1) * log(x) + (b - 1) * log(1 - x) - logBeta(a, b));
      if (p > 1e-290 && p < 1) close(betaQuantile(p, a, b), x, 1e-13, (1e-15 + 1e-13 * p) / density);
    }),
  );
});

test('binomial tails are incomplete beta functions: Σ_{k >= 3} C(10, k) p^k (1-p)^(10-k) = I_p(3, 8)', () => {
  const p = 0.3;
  const choose = [1, 10, 45, 120, 210, 252, 210, 120, 45, 10, 1];
  let tail = 0;
  for (let k = 3; k <= 10; k++) tail += choose[k] * p ** k * (1 - p) ** (10 - k);
  close(betaInc(p, 3, 8), tail, 1e-14);
});

test('the derivative of log EI is a derivative, positive and decreasing, across both changes of method', () => {
  let previous = Infinity;
  for (let z = -12; z <= 6; z += 1 / 64) {
    const slope = logEiStandardDerivative(z);
    const h = 2 ** -10;
    const difference = (logEiStandard(z + h) - logEiStandard(z - h)) / (2 * h);
    // |f'''| h²/6 <= h² for z <= 0, rounding 1e-15 · 80 / h
    close(slope, difference, 1e-6, 1e-6);
    expect(slope).toBeGreaterThan(0);
    expect(slope).toBeLessThan(previous);
    previous = slope;
  }
});

test('Chebyshev features are cosines of multiples of an angle', () => {
  const features = chebyshevFeatures(Math.cos(0.7), { low: -1, high: 1, count: 6 });
  features.forEach((value, j) => close(value, Math.cos(0.7 * j), 0, 1e-14));
  expect(chebyshevFeatures(9, { low: -1, high: 1, count: 3 })).toEqual(Float64Array.of(1, 1, 1));
});

test('the Laplace quantile is odd about 1/2 and inverts the distribution', () => {
  for (let k = 1; k < 64; k++) {
    const u = k / 64;
    const x = laplaceQuantile(u, 2);
    close(laplaceQuantile(1 - u, 2), -x, 1e-15);
    close(x < 0 ? exp(x / 2) / 2 : 1 - exp(-x / 2) / 2, u, 1e-15);
  }
  expect(Number.isFinite(laplaceQuantile(0, 1))).toBe(true);
});
