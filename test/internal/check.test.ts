import { expect, test } from 'vitest';
import {
  checkInteger,
  checkNumber,
  checkOption,
  checkOptionNames,
  checkPositive,
  checkProbabilities,
  checkVector,
} from '../../src/internal/check.js';

test('what passes is returned as it came', () => {
  const x = Float64Array.of(0.25, 0.75);
  expect(checkNumber('a', -0, 0)).toBe(-0);
  expect(checkNumber('a', 1, 0, 1)).toBe(1);
  expect(checkInteger('k', 3, 1)).toBe(3);
  expect(checkPositive('s', 5e-324)).toBe(5e-324);
  expect(checkVector('x', x, 2)).toBe(x);
  expect(checkVector('x', [])).toEqual([]);
  expect(checkOption('mode', 'b', ['a', 'b'])).toBe('b');
  const options = { size: 1 };
  expect(checkOptionNames('options', options, { size: true, step: true })).toBe(options);
  expect(checkProbabilities('p', x)).toBe(x);
  expect(checkProbabilities('p', [0.5, 0.5 + 5e-10])).toEqual([0.5, 0.5 + 5e-10]);
});

test.each<[string, () => unknown, ErrorConstructor]>([
  ['a must be a finite number in [0, 1], got NaN', () => checkNumber('a', NaN, 0, 1), RangeError],
  ['a must be a finite number in [-Infinity, Infinity], got Infinity', () => checkNumber('a', Infinity), RangeError],
  ['a must be a finite number in [0, 1], got 1.5', () => checkNumber('a', 1.5, 0, 1), RangeError],
  ['a must be a number, got string', () => checkNumber('a', '1' as unknown as number), TypeError],
  ['a must be a number, got undefined', () => checkNumber('a', undefined as unknown as number), TypeError],
  ['k must be an integer in [1, 9007199254740991], got 1.5', () => checkInteger('k', 1.5, 1), RangeError],
  ['k must be an integer in [1, 9], got 10', () => checkInteger('k', 10, 1, 9), RangeError],
  ['k must be an integer in [1, 9], got NaN', () => checkInteger('k', NaN, 1, 9), RangeError],
  ['k must be a number, got object', () => checkInteger('k', null as unknown as number, 1), TypeError],
  ['s must be positive, got 0', () => checkPositive('s', 0), RangeError],
  ['s must be positive, got -1', () => checkPositive('s', -1), RangeError],
  ['x must be an array of numbers', () => checkVector('x', 3 as unknown as number[]), TypeError],
  ['x must be an array of numbers', () => checkVector('x', null as unknown as number[]), TypeError],
  ['x must have length 2, got 1', () => checkVector('x', [1], 2), RangeError],
  ['x[1] must be finite, got NaN', () => checkVector('x', [1, NaN]), RangeError],
  ["mode must be one of 'a', 'b', got c", () => checkOption<string>('mode', 'c', ['a', 'b']), RangeError],
  [
    "options has no 'sise'; it may have size, step",
    () => checkOptionNames('options', { sise: 1 }, { size: true, step: true }),
    TypeError,
  ],
  ["options has no 'toString'", () => checkOptionNames('options', { toString: 1 }, { size: true }), TypeError],
  ['options must be an object, got null', () => checkOptionNames('options', null as unknown as object, {}), TypeError],
  ['p[0] must be at least 0, got -0.5', () => checkProbabilities('p', [-0.5, 1.5]), RangeError],
  ['p must sum to 1, got 0.5', () => checkProbabilities('p', [0.5]), RangeError],
  ['p must sum to 1, got 0', () => checkProbabilities('p', []), RangeError],
])('%s', (message, call, kind) => {
  expect(call).toThrow(kind);
  expect(call).toThrow(message);
});
