// Deep kernel machines: the objective's gradient and optima, closed forms, and consistency of new points with the data.
import fc from 'fast-check';
import { describe, expect, it, test } from 'vitest';
import {
  dkmKernel,
  dkmLinearFixedPoint,
  dkmObjective,
  dkmPredict,
  fitDkm,
  type GramKernel,
  gpCondition,
  gpPredict,
  kernelMatrix,
  linearKernel,
} from '../../../src/bo/index.js';
import { symmetricEigen } from '../../../src/linalg/index.js';
import { createRng, sampleNormal } from '../../../src/random/index.js';
import { solveDense } from '../random-models.js';

const KERNELS: GramKernel[] = ['relu', 'rbf', 'linear'];

/** A random positive definite matrix, as rows. */
function spd(n: number, rng: () => number): number[][] {
  const A = Array.from({ length: n }, () => Array.from({ length: n + 2 }, () => sampleNormal(rng)));
  return A.map((row, i) => A.map((other, j) => row.reduce((s, v, k) => s + v * other[k], 0) / n + (i === j ? 0.2 : 0)));
}

/** K(G) by its definition. */
function kernelOf(kernel: GramKernel, G: number[][]): number[][] {
  return G.map((row, i) =>
    row.map((g, j) => {
      if (kernel === 'linear') return g;
      if (kernel === 'rbf') return Math.exp(-(G[i][i] - 2 * g + G[j][j]) / 2);
      const size = Math.sqrt(G[i][i] * G[j][j]);
      const t = Math.acos(Math.max(-1, Math.min(1, g / size)));
      return (size * (Math.sin(t) + (Math.PI - t) * Math.cos(t))) / Math.PI;
    }),
  );
}

const rows = (flat: Float64Array, n: number) =>
  Array.from({ length: n }, (_, i) => Array.from(flat.subarray(i * n, i * n + n)));

describe.each(KERNELS)('the objective with the %s kernel', (kernel) => {
  test('has the gradient of its value, in symmetric directions', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 1e6 }), (seed) => {
        const rng = createRng('dkm', kernel, seed);
        const n = 4;
        const G0 = spd(n, rng);
        const grams = [spd(n, rng), spd(n, rng)];
        const y = Array.from({ length: n }, () => [sampleNormal(rng), sampleNormal(rng)]);
        const options = { kernel, nu: [0.7, 1.9], noise: 0.3 };
        const { gradient, value, logLikelihood } = dkmObjective(G0, grams, y, options);
        expect(value).toBeLessThanOrEqual(logLikelihood);
        for (let l = 0; l < 2; l++) {
          const D = spd(n, rng);
          const at = (h: number) =>
            dkmObjective(
              G0,
              grams.map((G, k) => (k === l ? G.map((r, i) => r.map((g, j) => g + h * D[i][j])) : G)),
              y,
              options,
            ).value;
          const slope = D.reduce((s, r, i) => s + r.reduce((t, d, j) => t + d * gradient[l][i * n + j], 0), 0);
          const difference = (at(1e-5) - at(-1e-5)) / 2e-5;
          expect(Math.abs(slope - difference)).toBeLessThan(2e-6 * Math.max(1, Math.abs(difference)));
          for (let i = 0; i < n; i++)
            for (let j = 0; j < n; j++) expect(gradient[l][i * n + j]).toBeCloseTo(gradient[l][j * n + i], 9);
        }
      }),
      { numRuns: 25 },
    );
  });

  test('without a likelihood is 0 with gradient 0 where every layer is what the one below predicts', () => {
    const G0 = spd(5, createRng('off', kernel));
    const G1 = kernelOf(kernel, G0);
    const G2 = kernelOf(kernel, G1);
    const { value, kl, gradient, logLikelihood } = dkmObjective(G0, [G1, G2], null, { kernel });
    expect(logLikelihood).toBe(0);
    expect(value).toBeCloseTo(0, 10);
    kl.forEach((k) => expect(k).toBeCloseTo(0, 10));
    gradient.forEach((g) => g.forEach((v) => expect(Math.abs(v)).toBeLessThan(1e-8)));
    const rng = createRng('away', kernel);
    for (let s = 0; s < 5; s++)
      expect(dkmObjective(G0, [spd(5, rng), spd(5, rng)], null, { kernel }).value).toBeLessThan(0);
  });

  test('a large ν keeps the infinite network, a small one follows the targets', () => {
    const rng = createRng('nu', kernel);
    const X = Array.from({ length: 7 }, () => Array.from({ length: 9 }, () => sampleNormal(rng)));
    const y = X.map(([a, b]) => Math.tanh(2 * a) - b);
    let previous = -Infinity;
    const likelihoods = [1000, 10, 1, 0.1].map((nu) =>
      fitDkm(X, y, { kernel, nu, noise: 0.05, layers: 2, maxIterations: 300 }),
    );
    for (const { logLikelihood, value } of likelihoods) {
      expect(logLikelihood).toBeGreaterThanOrEqual(previous - 1e-6);
      expect(value).toBeLessThanOrEqual(logLikelihood);
      previous = logLikelihood;
    }
    const G0 = rows(likelihoods[0].grams[0], 7);
    const wide = kernelOf(kernel, G0);
    rows(likelihoods[0].grams[1], 7).forEach((row, i) =>
      row.forEach((g, j) => expect(Math.abs(g - wide[i][j])).toBeLessThan(0.05 * (1 + Math.abs(wide[i][j])))),
    );
    expect(likelihoods[3].logLikelihood).toBeGreaterThan(likelihoods[0].logLikelihood + 1);
  });

  test('new points agree with the data where they are the data, and company changes nothing', () => {
    const rng = createRng('new', kernel);
    const X = Array.from({ length: 6 }, () => Array.from({ length: 8 }, () => sampleNormal(rng)));
    const y = X.map(([a, b]) => a * b);
    const state = fitDkm(X, y, { kernel, nu: 0.5, noise: 0.1, layers: 2, maxIterations: 60 });
    const top = kernelOf(kernel, rows(state.grams[2], 6));
    const learned = dkmKernel(state);
    rows(learned.matrix(X), 6).forEach((row, i) => row.forEach((k, j) => expect(k).toBeCloseTo(top[i][j], 6)));
    rows(learned.cross(X), 6).forEach((row, i) => row.forEach((k, j) => expect(k).toBeCloseTo(top[i][j], 6)));
    // the joint kernel over data and new points together is positive semi-definite
    const Xs = Array.from({ length: 4 }, () => Array.from({ length: 8 }, () => sampleNormal(rng)));
    const joint = learned.matrix([...X, ...Xs]);
    const { values } = symmetricEigen(joint, 10);
    expect(Math.min(...values)).toBeGreaterThan(-1e-9 * Math.max(...values));
    const cross = learned.cross(Xs);
    for (let i = 0; i < 6; i++)
      for (let t = 0; t < 4; t++) expect(joint[i * 10 + 6 + t]).toBeCloseTo(cross[i * 4 + t], 6);
    learned.diagonal(Xs).forEach((k, t) => expect(k).toBeCloseTo(joint[(6 + t) * 11], 6));
    // predictions: of the Gaussian process with that joint covariance
    const { mean, variance } = dkmPredict(state, Xs);
    Xs.forEach((x, t) => {
      const alone = dkmPredict(state, [x]);
      expect(alone.mean[0]).toBeCloseTo(mean[t], 10);
      expect(alone.variance[0]).toBeCloseTo(variance[t], 10);
      expect(variance[t]).toBeLessThanOrEqual(joint[(6 + t) * 11] + 1e-12);
    });
    const K = Array.from({ length: 6 }, (_, i) =>
      Array.from({ length: 6 }, (_v, j) => joint[i * 10 + j] + (i === j ? 0.1 : 0)),
    );
    Xs.forEach((_, t) => {
      const k = Array.from({ length: 6 }, (_v, i) => joint[i * 10 + 6 + t]);
      const weights = solveDense(K, k);
      const dot = (a: number[], b: number[]) => a.reduce((total, v, i) => total + v * b[i], 0);
      expect(mean[t]).toBeCloseTo(dot(weights, y), 6);
      expect(variance[t]).toBeCloseTo(joint[(6 + t) * 11] - dot(weights, k), 6);
    });
  });
});

test('with a linear kernel and ν so large that nothing is learned, the machine is Bayesian linear regression', () => {
  const rng = createRng('blr');
  const X = Array.from({ length: 5 }, () => Array.from({ length: 6 }, () => sampleNormal(rng)));
  const y = X.map(([a, b]) => a - 2 * b);
  const state = fitDkm(X, y, { kernel: 'linear', nu: 1e8, noise: 0.2, layers: 2, maxIterations: 5 });
  const gp = gpCondition(linearKernel({ variance: 1 / 6 }), X, y, { noise: 0.2 });
  const Xs = [
    [1, 0, 0, 0, 0, 0],
    [0.5, -1, 0.3, 0, 1, 2],
  ];
  const truth = gpPredict(gp, Xs);
  const got = dkmPredict(state, Xs);
  for (let t = 0; t < 2; t++) {
    expect(got.mean[t]).toBeCloseTo(truth.mean[t], 5);
    expect(got.variance[t]).toBeCloseTo(truth.variance[t], 5);
  }
  expect(kernelMatrix(linearKernel({ variance: 1 / 6 }), X)[0]).toBeCloseTo(state.grams[0][0], 12);
});

describe('the linear fixed point', () => {
  test('is stationary for the sum of divergences, and between its ends in every direction', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 1e6 }), (seed) => {
        const rng = createRng('fixed', seed);
        const n = 3;
        const [G0, top] = [spd(n, rng), spd(n, rng)];
        const hidden = dkmLinearFixedPoint(G0, top, 2).map((G) => rows(G, n));
        // the top is fixed: the objective of three layers without likelihood, with no freedom in the third
        const { gradient } = dkmObjective(G0, [...hidden, top], null, { kernel: 'linear' });
        for (let l = 0; l < 2; l++) gradient[l].forEach((g) => expect(Math.abs(g)).toBeLessThan(1e-8));
        const value = dkmObjective(G0, [...hidden, top], null, { kernel: 'linear' }).value;
        const other = hidden.map((G) => G.map((r, i) => r.map((g, j) => g + (i === j ? 0.05 : 0))));
        expect(dkmObjective(G0, [...other, top], null, { kernel: 'linear' }).value).toBeLessThan(value);
      }),
      { numRuns: 30 },
    );
  });

  test('stands still between equal ends, and has no layers when none are asked for', () => {
    const G = spd(3, createRng('same'));
    dkmLinearFixedPoint(G, G, 3).forEach((H) =>
      rows(H, 3).forEach((row, i) => row.forEach((h, j) => expect(h).toBeCloseTo(G[i][j], 10))),
    );
    expect(dkmLinearFixedPoint(G, G, 0)).toEqual([]);
  });
});

test('several columns of targets add their likelihoods', () => {
  const rng = createRng('columns');
  const [G0, G1] = [spd(4, rng), spd(4, rng)];
  const a = Array.from({ length: 4 }, () => sampleNormal(rng));
  const b = Array.from({ length: 4 }, () => sampleNormal(rng));
  const both = dkmObjective(
    G0,
    [G1],
    a.map((v, i) => [v, b[i]]),
  );
  const one = dkmObjective(G0, [G1], a);
  const two = dkmObjective(G0, [G1], b);
  expect(both.logLikelihood).toBeCloseTo(one.logLikelihood + two.logLikelihood, 10);
  const state = fitDkm(
    [
      [0, 1],
      [1, 0],
    ],
    [
      [1, 2],
      [3, 4],
    ],
    { maxIterations: 5 },
  );
  expect(dkmPredict(state, [[1, 1]]).means.length).toBe(2);
});

const good = [
  [1, 0],
  [0, 1],
];
it.each<[RegExp, () => unknown]>([
  [
    /^G0 must be 2 x 2/,
    () =>
      dkmObjective(
        [
          [1, 0, 0],
          [0, 1, 0],
        ],
        [good],
        null,
      ),
  ],
  [/^grams must not be empty/, () => dkmObjective(good, [], null)],
  [/^grams\[0\] must be 2 x 2/, () => dkmObjective(good, [[[1]]], null)],
  [
    /^grams\[1\] must be positive definite/,
    () =>
      dkmObjective(
        good,
        [
          good,
          [
            [1, 2],
            [2, 1],
          ],
        ],
        null,
      ),
  ],
  [/^y must have length 2/, () => dkmObjective(good, [good], [1])],
  [/^y must have 2 rows/, () => dkmObjective(good, [good], [[1]])],
  [/^nu must have length 1/, () => dkmObjective(good, [good], null, { nu: [1, 2] })],
  [/^nu must/, () => dkmObjective(good, [good], null, { nu: -1 })],
  [/^noise must be positive/, () => dkmObjective(good, [good], null, { noise: 0 })],
  [/^kernel must/, () => dkmObjective(good, [good], null, { kernel: 'cosine' as never })],
  [/^X must hold/, () => fitDkm([], [])],
  [/^layers must/, () => fitDkm(good, [1, 2], { layers: 0 })],
  [/^Xs must have 2 columns/, () => dkmPredict(fitDkm(good, [1, 2], { maxIterations: 1 }), [[1]])],
  [/^hiddenLayers must/, () => dkmLinearFixedPoint(good, good, -1)],
  [/^top must be 2 x 2/, () => dkmLinearFixedPoint(good, [[1]], 1)],
  [
    /^top must be symmetric/,
    () =>
      dkmLinearFixedPoint(
        good,
        [
          [2, 1],
          [0, 2],
        ],
        1,
      ),
  ],
  [
    /^G0 must be positive definite/,
    () =>
      dkmLinearFixedPoint(
        [
          [0, 0],
          [0, 1],
        ],
        good,
        1,
      ),
  ],
])('a bad argument is refused: %s', (message, call) => {
  expect(call).toThrow(RangeError);
  expect(call).toThrow(message);
});
