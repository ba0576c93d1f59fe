import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import * as special from '../../src/special/index.js';

// Values at 50 digits, each as high + low (make-elementary.py).
const table = JSON.parse(readFileSync(new URL('elementary.json', import.meta.url), 'utf8')) as Record<
  string,
  number[][]
>;
const functions = special as unknown as Record<string, (...x: number[]) => number>;

/** Largest error in ulp of the true value, as the docstrings promise. */
const promised: Record<string, number> = {
  exp: 0.51,
  expm1: 0.8,
  log: 0.7,
  log2: 0.51,
  log10: 0.51,
  log1p: 0.8,
  sin: 0.8,
  cos: 0.8,
  tan: 0.9,
  asin: 0.9,
  acos: 0.9,
  atan: 0.8,
  atan2: 0.9,
  sinh: 0.7,
  cosh: 0.7,
  tanh: 1,
  pow: 0.6,
  xMinusLog1p: 16,
  sigmoid: 2,
  logSigmoid: 2,
  softplus: 2,
  log1mExp: 3,
  logit: 2,
};

function ulp(value: number): number {
  const [bits] = new BigInt64Array(Float64Array.of(Math.abs(value)).buffer);
  return new Float64Array(BigInt64Array.of(bits + 1n).buffer)[0] - Math.abs(value);
}

describe('elementary functions agree with values of 50 digits', () => {
  for (const [name, rows] of Object.entries(table)) {
    test(`${name} is within ${promised[name]} ulp`, () => {
      for (const row of rows) {
        const [high, low] = row.slice(-2);
        const x = row.slice(0, -2);
        const subnormal = Math.abs(high) < 2.2250738585072014e-308 ? 0.3 : 0;
        const error = Math.abs(functions[name](...x) - high - low) / ulp(high);
        if (!(error <= promised[name] + subnormal)) expect.fail(`${name}(${x.join(', ')}) is off by ${error} ulp`);
      }
    });
  }
});

test('values at zeros, infinities and NaN are those of Math', () => {
  const unary = 'exp expm1 log log2 log10 log1p sin cos tan asin acos atan sinh cosh tanh'.split(' ');
  const points = [
    0,
    -0,
    1,
    -1,
    2,
    Infinity,
    -Infinity,
    NaN,
    5e-324,
    -5e-324,
    1.7976931348623157e308,
    -1.7976931348623157e308,
  ];
  for (const name of unary) {
    for (const x of points) {
      const reference = (Math as unknown as Record<string, (x: number) => number>)[name](x);
      const actual = functions[name](x);
      const special = !Number.isFinite(reference) || reference === 0;
      if (special) expect([name, x, actual]).toEqual([name, x, reference]);
      else expect(Math.abs(actual - reference), `${name}(${x})`).toBeLessThanOrEqual(2 * ulp(reference));
    }
  }
});

test('pow and atan2 treat zeros, infinities, NaN and negative bases as Math does', () => {
  const points = [
    0,
    -0,
    1,
    -1,
    0.5,
    -0.5,
    2,
    -2,
    3,
    -3,
    1e300,
    -1e300,
    2 ** 53 + 2,
    1e19,
    -1e20,
    Infinity,
    -Infinity,
    NaN,
    5e-324,
  ];
  for (const x of points) {
    for (const y of points) {
      for (const [name, reference] of [
        ['pow', Math.pow(x, y)],
        ['atan2', Math.atan2(x, y)],
      ] as const) {
        const actual = functions[name](x, y);
        if (!Number.isFinite(reference) || reference === 0)
          expect([name, x, y, actual]).toEqual([name, x, y, reference]);
        else expect(Math.abs(actual - reference), `${name}(${x}, ${y})`).toBeLessThanOrEqual(2 * ulp(reference));
      }
    }
  }
});

test('logarithms are exact at the powers of their base', () => {
  for (let n = -1074; n < 1024; n++) expect(special.log2(2 ** n)).toBe(n);
  for (let n = 0; n <= 22; n++) expect(special.log10(Number(`1e${n}`))).toBe(n);
});

test('exp and pow reach the largest and the smallest double and stop there', () => {
  expect(special.exp(709.782712893384)).toBeLessThan(Infinity);
  expect(special.exp(709.7827128933841)).toBe(Infinity);
  expect(special.exp(-745.1332191019411)).toBe(5e-324);
  expect(special.exp(-745.1332191019412)).toBe(0);
  expect(special.pow(2, 1023)).toBe(2 ** 1023);
  expect(special.pow(2, 1024)).toBe(Infinity);
  expect(special.pow(2, -1074)).toBe(5e-324);
  expect(special.pow(2, -1076)).toBe(0);
});
