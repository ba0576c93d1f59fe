import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { createRng } from '../../src/random/create-rng.js';
import { logisticRegression } from '../../src/stats/index.js';

function sample(m: number, d: number, seed: number) {
  const rng = createRng('logistic', m, d, seed);
  const X = Array.from({ length: m }, () => Array.from({ length: d }, () => 2 * rng() - 1));
  const y = Array.from({ length: m }, () => rng());
  const weights = Array.from({ length: m }, () => 2 * rng());
  const offset = Array.from({ length: m }, () => rng() - 0.5);
  return { X, y, weights, offset };
}

function loss(
  X: number[][],
  y: number[],
  theta: ArrayLike<number>,
  w: number[],
  offset: number[],
  ridge: number,
): number {
  let total = 0;
  X.forEach((row, i) => {
    const z = row.reduce((s, x, j) => s + x * theta[j], offset[i]);
    total += w[i] * (Math.log1p(Math.exp(z)) - y[i] * z);
  });
  for (let j = 0; j < theta.length; j++) total += (ridge * theta[j] * theta[j]) / 2;
  return total;
}

describe('logisticRegression', () => {
  test('is the minimum of its objective: the gradient vanishes and every step away is worse', () => {
    fc.assert(
      fc.property(fc.integer({ min: 5, max: 40 }), fc.integer({ min: 1, max: 4 }), fc.nat(1000), (m, d, seed) => {
        const { X, y, weights, offset } = sample(m, d, seed);
        const fit = logisticRegression(X, y, { weights, offset, ridge: 0.1 });
        expect(fit.converged).toBe(true);
        expect(fit.gradientNorm).toBeLessThan(1e-10 * m);
        const at = loss(X, y, fit.coefficients, weights, offset, 0.1);
        const ridge = 0.05 * fit.coefficients.reduce((s, c) => s + c * c, 0);
        expect(Math.abs(fit.negLogLikelihood + ridge - at)).toBeLessThan(1e-11 * (1 + at));
        for (let j = 0; j < d; j++) {
          for (const step of [-1e-3, 1e-3]) {
            const moved = fit.coefficients.slice();
            moved[j] += step;
            expect(loss(X, y, moved, weights, offset, 0.1)).toBeGreaterThan(at);
          }
        }
      }),
    );
  });

  test('the Hessian is that of the objective', () => {
    const { X, y, weights, offset } = sample(25, 3, 7);
    const { coefficients, hessian } = logisticRegression(X, y, { weights, offset, ridge: 0.3 });
    const h = 1e-4;
    for (let j = 0; j < 3; j++) {
      for (let k = 0; k < 3; k++) {
        const at = (a: number, b: number) => {
          const moved = coefficients.slice();
          moved[j] += a * h;
          moved[k] += b * h;
          return loss(X, y, moved, weights, offset, 0.3);
        };
        const difference = (at(1, 1) - at(1, -1) - at(-1, 1) + at(-1, -1)) / (4 * h * h);
        expect(Math.abs(hessian[3 * j + k] - difference)).toBeLessThan(1e-5);
      }
    }
  });

  test('one column of ones gives the log-odds; weights are repeated rows; a soft label is two rows', () => {
    expect(logisticRegression([[1], [1], [1]], [1, 1, 0]).coefficients[0]).toBeCloseTo(Math.log(2), 13);
    const { X, y } = sample(10, 2, 3);
    const twice = logisticRegression([...X, ...X], [...y, ...y], { ridge: 1 }).coefficients;
    const weighted = logisticRegression(X, y, { weights: y.map(() => 2), ridge: 1 }).coefficients;
    twice.forEach((c, j) => expect(c).toBeCloseTo(weighted[j], 12));
    const soft = logisticRegression(X, y, { ridge: 1 }).coefficients;
    const hard = logisticRegression([...X, ...X], [...y.map(() => 1), ...y.map(() => 0)], {
      weights: [...y, ...y.map((v) => 1 - v)],
      ridge: 1,
    }).coefficients;
    soft.forEach((c, j) => expect(c).toBeCloseTo(hard[j], 12));
  });

  test('separable data have no optimum, collinear features no definite Hessian; a ridge helps both', () => {
    const separable = logisticRegression([[-1], [1]], [0, 1]);
    expect(separable.converged).toBe(false);
    expect(separable.coefficients[0]).toBeGreaterThan(10);
    expect(
      logisticRegression(
        [
          [1, 1],
          [2, 2],
          [1, 1],
        ],
        [0, 1, 1],
      ).status,
    ).toBe('breakdown');
    expect(logisticRegression([[-1], [1]], [0, 1], { ridge: 1e-3 }).converged).toBe(true);
    expect(
      logisticRegression(
        [
          [1, 1],
          [2, 2],
          [1, 1],
        ],
        [0, 1, 1],
        { ridge: [1, 1] },
      ).converged,
    ).toBe(true);
    expect(logisticRegression([[1], [1]], [0, 1], { initial: [3], maxIterations: 1 }).status).toBe('max-iterations');
  });

  test.each<[RegExp, () => unknown]>([
    [/^labels must have length 2/, () => logisticRegression([[1], [1]], [1])],
    [/^labels\[0\]/, () => logisticRegression([[1]], [2])],
    [/^features\[1\]/, () => logisticRegression([[1, NaN]], [1])],
    [/^weights\[0\]/, () => logisticRegression([[1]], [1], { weights: [-1] })],
    [/^ridge/, () => logisticRegression([[1]], [1], { ridge: -1 })],
    [/^ridge must have length 1/, () => logisticRegression([[1]], [1], { ridge: [1, 1] })],
    [/^offset\[0\]/, () => logisticRegression([[1]], [1], { offset: [Infinity] })],
    [/^maxIterations/, () => logisticRegression([[1]], [1], { maxIterations: 0.5 })],
  ])('%s is told', (message, call) => {
    expect(call).toThrow(RangeError);
    expect(call).toThrow(message);
  });
});
