import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  correlations,
  kendall,
  mean,
  median,
  momentsInit,
  momentsMerge,
  type MomentsState,
  momentsPush,
  momentsVariance,
  pearson,
  quantile,
  ranks,
  rocAuc,
  spearman,
  standardDeviation,
  variance,
} from '../../src/stats/index.js';

const values = fc.array(fc.integer({ min: -20, max: 20 }), { minLength: 2, maxLength: 30 });
const close = (a: number, b: number, tolerance = 1e-12) =>
  expect(Math.abs(a - b), `${a} against ${b}`).toBeLessThanOrEqual(tolerance * (1 + Math.abs(b)));

describe('moments', () => {
  test('agree with exact arithmetic on integers', () => {
    fc.assert(
      fc.property(values, (x) => {
        const n = x.length;
        const total = x.reduce((s, v) => s + v, 0);
        const squares = x.reduce((s, v) => s + v * v, 0);
        close(mean(x), total / n);
        close(variance(x), (n * squares - total * total) / (n * (n - 1)));
        close(variance(x, { correction: 0 }), (n * squares - total * total) / (n * n));
        close(standardDeviation(x), Math.sqrt(variance(x)));
      }),
    );
  });

  test('a large offset costs no digits', () => {
    const x = [1e9 + 1, 1e9 + 2, 1e9 + 4];
    expect(mean(x)).toBe(1e9 + 7 / 3);
    close(variance(x), 7 / 3);
    expect(variance([0.1, 0.1, 0.1])).toBe(0);
  });

  test('one by one, in place or not, and merged from any two parts: the same', () => {
    fc.assert(
      fc.property(values, fc.nat(30), (x, cut) => {
        const push = (part: number[]) => part.reduce((s, v) => momentsPush(s, v), momentsInit());
        const whole = push(x);
        const inPlace = momentsInit();
        for (const v of x) expect(momentsPush(inPlace, v, inPlace)).toBe(inPlace);
        expect(inPlace).toEqual(whole);
        close(whole.mean, mean(x));
        close(momentsVariance(whole), variance(x));
        const k = cut % (x.length + 1);
        const left = push(x.slice(0, k));
        const right = push(x.slice(k));
        const merged = momentsMerge(left, right);
        expect(merged.count).toBe(x.length);
        close(merged.mean, whole.mean);
        close(merged.m2, whole.m2);
        const reused: MomentsState = structuredClone(right);
        expect(momentsMerge(left, reused, reused)).toEqual(merged);
        expect(momentsMerge(left, right, left)).toEqual(merged);
      }),
    );
    expect(momentsMerge(momentsInit(), momentsInit())).toEqual(momentsInit());
  });
});

describe('quantiles', () => {
  test('are those of the order statistics, linear between', () => {
    expect(quantile([5, 1, 3], [0, 0.25, 0.5, 0.9, 1])).toEqual(Float64Array.of(1, 2, 3, 4.6, 5));
    expect(median([4, 1, 3, 2])).toBe(2.5);
    expect(median([7])).toBe(7);
    expect(quantile([1, 1], 0.3)).toBe(1);
  });

  test('are monotone in p, within the sample, and turn with it', () => {
    fc.assert(
      fc.property(
        values,
        fc.double({ min: 0, max: 1, noNaN: true }),
        fc.double({ min: 0, max: 1, noNaN: true }),
        (x, p, q) => {
          const [a, b] = quantile(x, [Math.min(p, q), Math.max(p, q)]);
          expect(a).toBeLessThanOrEqual(b);
          expect(a).toBeGreaterThanOrEqual(Math.min(...x));
          expect(b).toBeLessThanOrEqual(Math.max(...x));
          close(
            quantile(
              x.map((v) => -v),
              1 - p,
            ),
            -quantile(x, p),
            1e-9,
          );
        },
      ),
    );
  });
});

describe('ranks and correlations', () => {
  test('mid-ranks add up to n (n + 1) / 2 and count what is smaller', () => {
    fc.assert(
      fc.property(values, (x) => {
        const r = ranks(x);
        expect(r.reduce((s, v) => s + v, 0)).toBe((x.length * (x.length + 1)) / 2);
        x.forEach((v, i) => {
          const below = x.filter((w) => w < v).length;
          const equal = x.filter((w) => w === v).length;
          expect(r[i]).toBe(below + (equal + 1) / 2);
        });
      }),
    );
  });

  test('the area under the curve counts pairs, ties one half', () => {
    fc.assert(
      fc.property(values, fc.array(fc.boolean(), { minLength: 30, maxLength: 30 }), (x, flags) => {
        const labels = x.map((_, i) => (i === 0 ? true : i === 1 ? false : flags[i]));
        let pairs = 0;
        let won = 0;
        x.forEach((a, i) =>
          x.forEach((b, j) => {
            if (!labels[i] || labels[j]) return;
            pairs += 1;
            won += a > b ? 1 : a === b ? 0.5 : 0;
          }),
        );
        expect(rocAuc(x, labels)).toBe(won / pairs);
      }),
    );
  });

  test('Kendall by a merge sort is Kendall by pairs; Spearman is Pearson of ranks; all turn with a sample', () => {
    const varied = values.filter((x) => new Set(x).size > 1);
    fc.assert(
      fc.property(varied, fc.array(fc.integer({ min: 0, max: 6 }), { minLength: 30, maxLength: 30 }), (x, more) => {
        const y = x.map((_, i) => (i === 0 ? 9 : more[i]));
        let difference = 0;
        let xPairs = 0;
        let yPairs = 0;
        for (let i = 0; i < x.length; i++) {
          for (let j = 0; j < i; j++) {
            difference += Math.sign(x[i] - x[j]) * Math.sign(y[i] - y[j]);
            xPairs += x[i] === x[j] ? 0 : 1;
            yPairs += y[i] === y[j] ? 0 : 1;
          }
        }
        close(kendall(x, y), difference / Math.sqrt(xPairs * yPairs));
        expect(spearman(x, y)).toBe(pearson(ranks(x), ranks(y)));
        expect(correlations(x, y)).toEqual({
          pearson: pearson(x, y),
          spearman: spearman(x, y),
          kendall: kendall(x, y),
        });
        const turned = y.map((v) => -3 * v + 2);
        close(pearson(x, turned), -pearson(x, y));
        close(spearman(x, turned), -spearman(x, y));
        close(kendall(x, turned), -kendall(x, y));
        for (const r of Object.values(correlations(x, y))) expect(Math.abs(r)).toBeLessThanOrEqual(1);
      }),
    );
  });

  test('samples of tiny and huge spread keep their correlation', () => {
    close(pearson([1e-200, 2e-200, 3e-200], [5e150, 1e151, 1.5e151]), 1);
  });
});

test.each<[RegExp, () => unknown]>([
  [/^values must not be empty/, () => mean([])],
  [/^values\[1\]/, () => mean([1, NaN])],
  [/^values must have length above 1/, () => variance([1])],
  [/^correction/, () => variance([1, 2], { correction: -1 })],
  [/^values must not be empty/, () => quantile([], 0.5)],
  [/^p must/, () => quantile([1], 1.5)],
  [/^p\[1\]/, () => quantile([1], [0.5, -1])],
  [/^value must be finite/, () => momentsPush(momentsInit(), Infinity)],
  [/^state.count/, () => momentsVariance(momentsInit())],
  [/^values\[0\]/, () => ranks([NaN])],
  [/^labels must have length/, () => rocAuc([1, 2], [1])],
  [/^labels\[1\]/, () => rocAuc([1, 2], [1, 2])],
  [/^labels must hold/, () => rocAuc([1, 2], [1, 1])],
  [/constant|must/, () => pearson([1, 1], [1, 2])],
  [/length/, () => pearson([1, 2], [1, 2, 3])],
  [/length/, () => kendall([1], [1])],
  [/\[0\]/, () => spearman([NaN, 1], [1, 2])],
])('%s is told', (message, call) => {
  expect(call).toThrow(RangeError);
  expect(call).toThrow(message);
});
