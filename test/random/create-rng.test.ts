import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { createRng, resumeRng } from '../../src/random/index.js';
import {
  binomialTolerance,
  chiSquareStatistic,
  chiSquareThreshold,
  hoeffdingTolerance,
} from '../support/statistics.js';

const first = (...names: Parameters<typeof createRng>) => createRng(...names)();

describe('streams', () => {
  test('the same names give the same numbers, and any other names give others', () => {
    expect(first(2024, 'policy', 3)).toBe(first(2024, 'policy', 3));
    const names: Parameters<typeof createRng>[] = [
      [1],
      ['1'],
      ['a', 'bc'],
      ['ab', 'c'],
      ['abc'],
      [1, 'a'],
      ['a', 1],
      [1, '', 'a'],
      [11],
      [1, 1],
      ['1,1'],
    ];
    expect(new Set(names.map((name) => first(...name))).size).toBe(names.length);
  });

  test('numbers are multiples of 2^-53 in [0, 1), and all 53 bits are used', () => {
    const rng = createRng('bits');
    let odd = 0;
    const n = 4000;
    for (let i = 0; i < n; i++) {
      const u = rng();
      expect(u >= 0 && u < 1).toBe(true);
      const word = u * 2 ** 53;
      expect(Number.isInteger(word)).toBe(true);
      odd += word % 2;
    }
    expect(Math.abs(odd / n - 0.5)).toBeLessThan(binomialTolerance(n, 0.5));
  });

  test('a stream is uniform, and two neighbouring streams are uncorrelated', () => {
    const a = createRng('replicate', 1);
    const b = createRng('replicate', 2);
    const n = 100_000;
    const cells = new Float64Array(100);
    const pairs = new Float64Array(100);
    let product = 0;
    let before = 0.5;
    for (let i = 0; i < n; i++) {
      const u = a();
      cells[Math.floor(100 * u)] += 1;
      pairs[10 * Math.floor(10 * before) + Math.floor(10 * u)] += 1;
      product += (u - 0.5) * (b() - 0.5);
      before = u;
    }
    for (const counts of [cells, pairs]) {
      const { statistic, degreesOfFreedom } = chiSquareStatistic(counts, new Float64Array(100).fill(n / 100));
      expect(statistic).toBeLessThan(chiSquareThreshold(degreesOfFreedom));
    }
    expect(Math.abs(product / n)).toBeLessThan(hoeffdingTolerance(n, 0.5));
  });
});

test('a stream goes on from any place, through JSON as well', () => {
  fc.assert(
    fc.property(fc.nat(200), (steps) => {
      const rng = createRng('resume');
      for (let i = 0; i < steps; i++) rng();
      const place = rng.state();
      const again = resumeRng(JSON.parse(JSON.stringify(place)));
      expect(rng.state()).toEqual(place);
      for (let i = 0; i < 5; i++) expect(again()).toBe(rng());
    }),
  );
});

test.each([[NaN], [Infinity], [{}], [undefined]])('%s is no seed and no name', (bad) => {
  expect(() => createRng(bad as number)).toThrow(TypeError);
  expect(() => createRng(1, bad as number)).toThrow(/^seed and stream names/);
});
