// The sparse machine: the exact one at Z = X, a bound elsewhere, with the gradient of its value.
import { describe, expect, it, test } from 'vitest';
import {
  dkmObjective,
  dkmPredict,
  fitDkm,
  fitSparseDkm,
  type GramKernel,
  sparseDkmObjective,
  sparseDkmPredict,
} from '../../../src/bo/index.js';
import { createRng, sampleNormal } from '../../../src/random/index.js';

const rng = createRng('sparse dkm');
const points = (n: number, d: number) =>
  Array.from({ length: n }, () => Array.from({ length: d }, () => sampleNormal(rng)));
const X = points(9, 12);
const y = X.map(([a, b]) => [Math.tanh(a) - b, a * b]);
const Z = points(4, 12);

/** A random positive definite matrix. */
function spd(n: number): number[][] {
  const A = points(n, n + 3);
  return A.map((r, i) => A.map((s, j) => r.reduce((t, v, k) => t + v * s[k], 0) / n + (i === j ? 0.3 : 0)));
}

describe.each<GramKernel>(['relu', 'rbf', 'linear'])('with the %s kernel', (kernel) => {
  const options = { kernel, nu: [0.6, 1.4], noise: 0.3 };

  test('the gradient is that of the value', () => {
    const grams = [spd(4), spd(4)];
    const { gradient } = sparseDkmObjective(X, y, Z, grams, options);
    for (let l = 0; l < 2; l++) {
      for (let trial = 0; trial < 4; trial++) {
        const D = spd(4);
        const at = (h: number) =>
          sparseDkmObjective(
            X,
            y,
            Z,
            grams.map((G, k) => (k === l ? G.map((r, i) => r.map((g, j) => g + h * D[i][j])) : G)),
            options,
          ).value;
        const slope = D.reduce((s, r, i) => s + r.reduce((t, v, j) => t + v * gradient[l][i * 4 + j], 0), 0);
        const difference = (at(1e-5) - at(-1e-5)) / 2e-5;
        expect(Math.abs(slope - difference)).toBeLessThan(3e-6 * Math.max(1, Math.abs(difference)));
      }
    }
  });

  test('with the data as inducing points it is the exact machine', () => {
    const grams = [spd(9), spd(9)];
    const G0 = X.map((a) => X.map((b) => a.reduce((t, v, k) => t + v * b[k], 0) / 12));
    const exact = dkmObjective(G0, grams, y, options);
    const sparse = sparseDkmObjective(X, y, X, grams, options);
    expect(sparse.value).toBeCloseTo(exact.value, 6);
    expect(sparse.bound).toBeCloseTo(exact.logLikelihood, 6);
    for (let l = 0; l < 2; l++) sparse.gradient[l].forEach((g, p) => expect(g).toBeCloseTo(exact.gradient[l][p], 4));
  });

  test('the fitted machine predicts as the exact one when nothing is left out', () => {
    const fit = { kernel, nu: 0.5, noise: 0.2, layers: 2, maxIterations: 150 };
    const exact = fitDkm(X, y, fit);
    const sparse = fitSparseDkm(X, y, X, fit);
    expect(sparse.value).toBeCloseTo(exact.value, 2);
    const Xs = points(3, 12);
    const [a, b] = [dkmPredict(exact, Xs), sparseDkmPredict(sparse, Xs)];
    for (let t = 0; t < 3; t++) {
      expect(Math.abs(a.means[1][t] - b.means[1][t])).toBeLessThan(0.05);
      expect(Math.abs(a.variance[t] - b.variance[t])).toBeLessThan(0.05 * (1 + a.variance[t]));
    }
    const few = fitSparseDkm(X, y, Z, fit);
    expect(few.value).toBeLessThan(sparse.value + 1e-6);
    expect(sparseDkmPredict(few, Xs).variance.every((v) => v >= 0)).toBe(true);
  });
});

it.each<[RegExp, () => unknown]>([
  [/^X must hold/, () => sparseDkmObjective([], [], [], [])],
  [/^Z must hold/, () => sparseDkmObjective(X, y, [], [])],
  [/^Z must have 12 columns/, () => sparseDkmObjective(X, y, [[1]], [])],
  [/^grams must not be empty/, () => sparseDkmObjective(X, y, Z, [])],
  [/^grams\[0\] must be 4 x 4/, () => sparseDkmObjective(X, y, Z, [[[1]]])],
  [/^grams must be positive definite/, () => sparseDkmObjective(X, y, Z, [spd(4).map((r) => r.map((v) => -v))])],
  [/^y must have 9 rows/, () => fitSparseDkm(X, y.slice(1), Z)],
  [/^layers must/, () => fitSparseDkm(X, y, Z, { layers: 0 })],
])('a bad argument is refused: %s', (message, call) => {
  expect(call).toThrow(RangeError);
  expect(call).toThrow(message);
});
