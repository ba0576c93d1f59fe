import fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  log1mExp,
  logAddExp,
  logit,
  logSigmoid,
  logSumExp,
  sigmoid,
  softplus,
  xlogy,
  xMinusLog1p,
} from '../../src/special/index.js';

test('the logistic family survives both ends of the line', () => {
  expect(sigmoid(-Infinity)).toBe(0);
  expect(sigmoid(Infinity)).toBe(1);
  expect(sigmoid(-745)).toBeGreaterThan(0);
  expect(logSigmoid(1e6)).toBeCloseTo(0, 300);
  expect(logSigmoid(-1e6)).toBe(-1e6);
  expect(logSigmoid(-Infinity)).toBe(-Infinity);
  expect(softplus(-Infinity)).toBe(0);
  expect(softplus(Infinity)).toBe(Infinity);
  expect(logit(0)).toBe(-Infinity);
  expect(logit(1)).toBe(Infinity);
  for (const f of [sigmoid, logSigmoid, softplus]) expect(f(NaN)).toBeNaN();
});

test('sigmoid(x) + sigmoid(-x) = 1, and logit undoes sigmoid', () => {
  fc.assert(
    fc.property(fc.double({ min: -30, max: 30, noNaN: true }), (x) => {
      expect(Math.abs(sigmoid(x) + sigmoid(-x) - 1)).toBeLessThanOrEqual(2 ** -52);
      if (x < 0) expect(Math.abs(logit(sigmoid(x)) - x)).toBeLessThanOrEqual(8 * 2 ** -52 * (1 + Math.abs(x)));
    }),
  );
});

test('a probability outside [0, 1], a positive log-probability and x below -1 are refused by name', () => {
  expect(() => logit(1.1)).toThrow(/^p must be/);
  expect(() => logit(NaN)).toThrow(/^p must be/);
  expect(() => log1mExp(1e-9)).toThrow(/^x must be/);
  expect(() => xMinusLog1p(-1.5)).toThrow(/^x must be/);
  expect(log1mExp(0)).toBe(-Infinity);
  expect(Math.abs(log1mExp(-Infinity))).toBe(0);
  expect(xMinusLog1p(-1)).toBe(Infinity);
});

test('x log y is 0 at x = 0 and hides no NaN', () => {
  expect(xlogy(0, 0)).toBe(0);
  expect(xlogy(0, Infinity)).toBe(0);
  expect(xlogy(0, NaN)).toBeNaN();
  expect(xlogy(2, 1)).toBe(0);
});

test('logSumExp: infinities, shift, and agreement with pairwise logAddExp', () => {
  expect(logSumExp([-Infinity, -Infinity])).toBe(-Infinity);
  expect(logSumExp([0, Infinity, -Infinity])).toBe(Infinity);
  expect(logSumExp([-Infinity, 3])).toBe(3);
  expect(() => logSumExp([])).toThrow(/^values/);
  expect(() => logSumExp([1, NaN])).toThrow(/^values/);
  expect(logAddExp(-Infinity, -Infinity)).toBe(-Infinity);
  expect(logAddExp(Infinity, 0)).toBe(Infinity);
  const values = fc.array(fc.double({ min: -50, max: 50, noNaN: true }), { minLength: 1, maxLength: 9 });
  fc.assert(
    fc.property(values, fc.double({ min: -1e3, max: 1e3, noNaN: true }), (x, shift) => {
      const total = logSumExp(x);
      expect(Math.abs(x.reduce(logAddExp) - total)).toBeLessThanOrEqual(1e-13 * (1 + Math.abs(total)));
      expect(Math.abs(logSumExp(x.map((v) => v + shift)) - shift - total)).toBeLessThanOrEqual(1e-12);
    }),
  );
});
