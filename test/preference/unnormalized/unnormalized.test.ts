import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  compositionalEstimator,
  compositionalNllLoss,
  gaussianMeanLandscape,
  nceLoss,
  rankingNceLoss,
} from '../../../src/preference/index.js';
import { createRng, sampleNormal } from '../../../src/random/index.js';
import { decodeState, encodeState } from '../../../src/state/index.js';
import { normalTolerance } from '../../support/statistics.js';

const values = (n: number) => fc.array(fc.double({ min: -5, max: 5, noNaN: true }), { minLength: n, maxLength: n });

const nudge = (x: number[], i: number, h: number) => x.map((v, j) => (j === i ? v + h : v));

function checkGradient(at: (x: number[]) => number, x: number[], gradient: ArrayLike<number>): void {
  Array.from(gradient).forEach((g, i) => {
    const difference = (at(nudge(x, i, 1e-5)) - at(nudge(x, i, -1e-5))) / 2e-5;
    expect(Math.abs(difference - g)).toBeLessThan(1e-8 * Math.max(1, Math.abs(g)));
  });
}

describe('noise-contrastive losses', () => {
  it('nceLoss: gradients agree with central differences', () => {
    fc.assert(
      fc.property(
        values(3),
        values(3),
        values(4),
        values(4),
        fc.double({ min: 0.2, max: 8, noNaN: true }),
        (f, q, g, r, nu) => {
          const data = { dataLogModel: f, dataLogNoise: q, noiseLogModel: g, noiseLogNoise: r };
          const { gradData, gradNoise } = nceLoss(data, { nu });
          checkGradient((x) => nceLoss({ ...data, dataLogModel: x }, { nu }).loss, f, gradData);
          checkGradient((x) => nceLoss({ ...data, noiseLogModel: x }, { nu }).loss, g, gradNoise);
        },
      ),
      { numRuns: 50 },
    );
  });

  it('nceLoss is stationary at the true log density, normalizer included, for every ν', () => {
    // A world of four outcomes, listed in proportion to their probabilities under data (p) and noise (q).
    const [p, q] = [
      [4, 3, 2, 1],
      [1, 2, 3, 4],
    ];
    const list = (counts: number[]) => counts.flatMap((c, i) => Array.from({ length: c }, () => i));
    const f = (shift: number) => p.map((c) => Math.log(c / 10) + shift);
    for (const nu of [0.5, 1, 5]) {
      const gradientAt = (shift: number) => {
        const data = {
          dataLogModel: list(p).map((i) => f(shift)[i]),
          dataLogNoise: list(p).map((i) => Math.log(q[i] / 10)),
          noiseLogModel: list(q).map((i) => f(shift)[i]),
          noiseLogNoise: list(q).map((i) => Math.log(q[i] / 10)),
        };
        const { gradData, gradNoise } = nceLoss(data, { nu });
        const total = [0, 0, 0, 0];
        list(p).forEach((i, k) => (total[i] += gradData[k]));
        list(q).forEach((i, k) => (total[i] += gradNoise[k]));
        return total;
      };
      gradientAt(0).forEach((g) => expect(g).toBeCloseTo(0, 14));
      expect(gradientAt(0.5).every((g) => g > 0.01)).toBe(true); // a model that is too large is pushed down
    }
  });

  it('rankingNceLoss: gradients, and a constant added to a row does not count', () => {
    fc.assert(
      fc.property(values(2), values(6), fc.double({ min: -50, max: 50, noNaN: true }), (s, noise, shift) => {
        const rows = (x: number[]) => [x.slice(0, 3), x.slice(3)];
        const { loss, gradData, gradNoise } = rankingNceLoss(s, rows(noise));
        checkGradient((x) => rankingNceLoss(x, rows(noise)).loss, s, gradData);
        checkGradient((x) => rankingNceLoss(s, rows(x)).loss, noise, gradNoise);
        const moved = rankingNceLoss(
          s.map((x) => x + shift),
          rows(noise.map((x) => x + shift)),
        );
        expect(moved.loss).toBeCloseTo(loss, 11);
        expect(rankingNceLoss([1e6], [[-1e6]]).loss).toBe(0);
      }),
      { numRuns: 50 },
    );
  });

  it.each([
    [() => nceLoss({ dataLogModel: [], dataLogNoise: [], noiseLogModel: [0], noiseLogNoise: [0] }), 'dataLogModel'],
    [
      () => nceLoss({ dataLogModel: [0], dataLogNoise: [0, 0], noiseLogModel: [0], noiseLogNoise: [0] }),
      'dataLogNoise',
    ],
    [
      () => nceLoss({ dataLogModel: [0], dataLogNoise: [0], noiseLogModel: [NaN], noiseLogNoise: [0] }),
      'noiseLogModel[0]',
    ],
    [
      () => nceLoss({ dataLogModel: [0], dataLogNoise: [0], noiseLogModel: [0], noiseLogNoise: [0] }, { nu: 0 }),
      'nu must be positive',
    ],
    [() => rankingNceLoss([0, 0], [[1]]), 'noiseScores must be 2 × K'],
    [() => rankingNceLoss([], []), 'dataScores must not be empty'],
    [() => compositionalNllLoss({ dataLogModel: [0], noiseLogModel: [], noiseLogNoise: [] }), 'noiseLogModel must not'],
    [() => compositionalNllLoss({ dataLogModel: [0], noiseLogModel: [0], noiseLogNoise: [] }), 'noiseLogNoise'],
    [() => compositionalEstimator({ gamma: 0 }), 'gamma'],
    [() => compositionalEstimator({ gamma: 1.1 }), 'gamma'],
    [() => gaussianMeanLandscape(NaN, 0), 'theta'],
    [() => gaussianMeanLandscape(0, 0, { noiseMean: 2000 }), 'noiseMean'],
  ])('bad argument %#: %s', (call, message) => {
    expect(call).toThrow(message);
  });
});

describe('compositional optimization', () => {
  it('gradients agree with central differences, and a constant added to f does not count', () => {
    fc.assert(
      fc.property(
        values(3),
        values(4),
        values(4),
        fc.double({ min: -300, max: 300, noNaN: true }),
        (f, g, q, shift) => {
          const data = { dataLogModel: f, noiseLogModel: g, noiseLogNoise: q };
          const { loss, gradData, gradNoise } = compositionalNllLoss(data);
          checkGradient((x) => compositionalNllLoss({ ...data, dataLogModel: x }).loss, f, gradData);
          checkGradient((x) => compositionalNllLoss({ ...data, noiseLogModel: x }).loss, g, gradNoise);
          const moved = compositionalNllLoss({
            ...data,
            dataLogModel: f.map((x) => x + shift),
            noiseLogModel: g.map((x) => x + shift),
          });
          expect(moved.loss).toBeCloseTo(loss, 9);
          expect(gradNoise.reduce((a, b) => a + b)).toBeCloseTo(1, 12);
        },
      ),
      { numRuns: 50 },
    );
  });

  it('with γ = 1 the estimator is the mini-batch loss; its state resumes, and update leaves it alone', () => {
    const data = { dataLogModel: [0.3], noiseLogModel: [1, -2], noiseLogNoise: [-1, -1] };
    const plain = compositionalEstimator({ gamma: 1 });
    const second = plain.update(plain.update(plain.init(), { ...data, noiseLogModel: [9, 9] }).state, data);
    const { state, ...result } = second;
    const reference = compositionalNllLoss(data);
    expect(result.loss).toBeCloseTo(reference.loss, 13);
    result.gradNoise.forEach((g, j) => expect(g).toBeCloseTo(reference.gradNoise[j], 13));
    const estimator = compositionalEstimator({ gamma: 0.3 });
    const start = estimator.update(estimator.init(), data).state;
    const copy = { ...start };
    const fresh = estimator.update(start, data);
    expect(start).toEqual(copy);
    expect(estimator.update(decodeState(encodeState(start)), data).state).toEqual(fresh.state);
    expect(estimator.update(start, data, start).state).toBe(start);
    expect(start).toEqual(fresh.state);
    expect(state.t).toBe(2);
  });

  it('the moving average goes to the true normalizer, where single batches are biased', () => {
    // Model e^{-y²/2 + 1} against noise N(0, 2²): Z = e √(2π).
    const rng = createRng('normalizer');
    const estimator = compositionalEstimator({ gamma: 0.002 });
    let state = estimator.init();
    const batches = 20_000;
    let single = 0;
    for (let t = 0; t < batches; t++) {
      const y = Array.from({ length: 4 }, () => 2 * sampleNormal(rng));
      const data = {
        dataLogModel: [0],
        noiseLogModel: y.map((v) => 1 - 0.5 * v * v),
        noiseLogNoise: y.map((v) => -0.125 * v * v - Math.log(2 * Math.sqrt(2 * Math.PI))),
      };
      const { loss } = compositionalNllLoss(data);
      single += loss / batches;
      state = estimator.update(state, data, state).state;
    }
    const logZ = 1 + 0.5 * Math.log(2 * Math.PI);
    // Relative deviation of a batch mean: sqrt(E[w²]/E[w]² - 1)/2 with E[w²]/E[w]² = 4/√7; the average has γ/(2-γ) of its variance.
    const deviation = Math.sqrt((4 / Math.sqrt(7) - 1) / 4);
    const average = deviation * Math.sqrt(0.002 / 1.998);
    expect(Math.abs(state.logU - logZ)).toBeLessThan(1.1 * normalTolerance() * average);
    // log of a mean of four is low by about half its variance, 0.064.
    expect(logZ - single).toBeGreaterThan(0.04);
  });
});

describe('gaussianMeanLandscape', () => {
  it('the curvature of NCE at its optimum, five noises', () => {
    const table: [number, number][] = [
      [1, 0.427861],
      [2, 0.357844],
      [4, 0.148023],
      [8, 7.9168e-4],
      [16, 6.24e-14],
    ];
    for (const [t, expected] of table) {
      const point = gaussianMeanLandscape(t, t);
      expect(Math.abs(point.nceCurvature / expected - 1)).toBeLessThan(t === 16 ? 1e-3 : 1e-5);
      expect(Math.abs(point.nceGradient)).toBeLessThan(1e-15);
    }
  });

  it('at the noise the gradient is half the distance, towards the data', () => {
    fc.assert(
      fc.property(
        fc.double({ min: -6, max: 6, noNaN: true }),
        fc.double({ min: -6, max: 6, noNaN: true }),
        (data, noise) => {
          const point = gaussianMeanLandscape(noise, data, { noiseMean: noise });
          expect(point.nce).toBeCloseTo(2 * Math.LN2, 12);
          expect(point.nceGradient).toBeCloseTo(-(data - noise) / 2, 11);
        },
      ),
      { numRuns: 50 },
    );
  });

  it('derivatives agree with central differences, and shifting all means changes nothing', () => {
    const mean = fc.double({ min: -5, max: 5, noNaN: true });
    fc.assert(
      fc.property(mean, mean, mean, mean, (theta, data, noise, shift) => {
        const at = (h: number) => gaussianMeanLandscape(theta + h, data, { noiseMean: noise });
        const point = at(0);
        expect((at(1e-4).nce - at(-1e-4).nce) / 2e-4).toBeCloseTo(point.nceGradient, 6);
        expect((at(1e-4).nceGradient - at(-1e-4).nceGradient) / 2e-4).toBeCloseTo(point.nceCurvature, 6);
        const moved = gaussianMeanLandscape(theta + shift, data + shift, { noiseMean: noise + shift });
        expect(moved.nce).toBeCloseTo(point.nce, 10);
        expect(point.compositionalGradient).toBe(theta - data);
      }),
      { numRuns: 40 },
    );
  });

  it('agrees with an independent quadrature on the line of u', () => {
    // u is N(m, σ²) under data and noise: Simpson's rule with 20 001 points.
    const softplus = (x: number) => (x > 0 ? x + Math.log1p(Math.exp(-x)) : Math.log1p(Math.exp(x)));
    const expectation = (f: (u: number) => number, m: number, sd: number) => {
      const n = 20_000;
      let total = 0;
      for (let i = 0; i <= n; i++) {
        const z = -12 + (24 * i) / n;
        const weight = i === 0 || i === n ? 1 : i % 2 === 1 ? 4 : 2;
        total += weight * f(m + sd * z) * Math.exp(-0.5 * z * z);
      }
      return (total * 24) / n / 3 / Math.sqrt(2 * Math.PI);
    };
    for (const [theta, data, noise] of [
      [3, 1, -1],
      [-4, 2.5, 0.5],
      [9, 10, 0],
    ]) {
      const d = theta - noise;
      const mean = (center: number) => d * (center - 0.5 * (theta + noise));
      const expected =
        expectation((u) => softplus(-u), mean(data), Math.abs(d)) + expectation(softplus, mean(noise), Math.abs(d));
      expect(Math.abs(gaussianMeanLandscape(theta, data, { noiseMean: noise }).nce / expected - 1)).toBeLessThan(1e-10);
    }
  });
});
