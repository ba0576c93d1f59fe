// The law that a sampler says it samples is the law that its step leaves alone: a state drawn exactly from it, moved once by a
// step so coarse that any slip in the acceptance or in the weights of a trajectory would show, has that law again.
import { describe, expect, it, test } from 'vitest';
import { hmc, mcmcDiagnostics, nuts, sliceSample } from '../../src/inference/index.js';
import { createRng, type Rng, sampleNormal } from '../../src/random/index.js';
import { normalQuantile } from '../../src/special/index.js';
import { chiSquareStatistic, chiSquareThreshold } from '../support/statistics.js';

/** a ~ N(0, 1), b ~ N(a², 1/2): bent, with exact draws. */
function banana(x: Float64Array, gradient: Float64Array): number {
  const bend = x[1] - x[0] * x[0];
  gradient[0] = -x[0] + 4 * bend * x[0];
  gradient[1] = -2 * bend;
  return -0.5 * x[0] * x[0] - bend * bend;
}

function exactDraw(rng: Rng): number[] {
  const a = sampleNormal(rng);
  return [a, a * a + Math.SQRT1_2 * sampleNormal(rng)];
}

// Sixteenths of either normal coordinate: 256 cells of equal probability.
const CUTS = Array.from({ length: 15 }, (_, k) => normalQuantile((k + 1) / 16));
const cell = (z: number) => CUTS.filter((cut) => z > cut).length;

function statistic(move: (start: number[], rng: Rng) => ArrayLike<number>, runs: number, name: string): number {
  const counts = new Float64Array(256);
  for (let s = 0; s < runs; s++) {
    const rng = createRng('invariance', name, s);
    const x = move(exactDraw(rng), rng);
    counts[16 * cell(x[0]) + cell((x[1] - x[0] * x[0]) * Math.SQRT2)] += 1;
  }
  return chiSquareStatistic(counts, new Float64Array(256).fill(runs / 256)).statistic;
}

const once = { samples: 1, burnIn: 0 };
const gradient = new Float64Array(2);
const RUNS = 12000;

describe('one step from an exact draw is an exact draw', () => {
  it.each<[string, (start: number[], rng: Rng) => ArrayLike<number>]>([
    ['hmc', (start, rng) => hmc(banana, start, rng, { ...once, stepSize: 0.35, pathLength: 1.4 }).samples],
    [
      'hmc with masses',
      (x, rng) => hmc(banana, x, rng, { ...once, stepSize: 0.3, pathLength: 1, mass: [0.5, 3] }).samples,
    ],
    ['nuts', (start, rng) => nuts(banana, start, rng, { ...once, stepSize: 0.35 }).samples],
    ['nuts with masses', (start, rng) => nuts(banana, start, rng, { ...once, stepSize: 0.3, mass: [0.5, 3] }).samples],
    ['nuts, shallow', (start, rng) => nuts(banana, start, rng, { ...once, stepSize: 0.45, maxDepth: 2 }).samples],
    ['slice', (start, rng) => sliceSample((x) => banana(x, gradient), start, rng, once).samples],
  ])('%s', (name, move) => {
    expect(statistic(move, RUNS, name)).toBeLessThan(chiSquareThreshold(255));
  });

  test('and the check can fail: trajectories without an accept step do not keep the law', () => {
    const careless = (start: number[], rng: Rng) => {
      // ten steps of 0.35, always accepted: HMC with its last line left out
      const x = Float64Array.from(start);
      const p = Float64Array.of(sampleNormal(rng), sampleNormal(rng));
      for (let l = 0; l < 4; l++) {
        banana(x, gradient);
        for (let i = 0; i < 2; i++) p[i] += 0.175 * gradient[i];
        for (let i = 0; i < 2; i++) x[i] += 0.35 * p[i];
        banana(x, gradient);
        for (let i = 0; i < 2; i++) p[i] += 0.175 * gradient[i];
      }
      return x;
    };
    expect(statistic(careless, RUNS, 'careless')).toBeGreaterThan(chiSquareThreshold(255));
  });
});

describe('the No-U-Turn sampler', () => {
  /** Independent normals with deviations 1, 2, ..., d. */
  const scaled = (theta: Float64Array, out: Float64Array) => {
    let value = 0;
    for (let i = 0; i < theta.length; i++) {
      out[i] = -theta[i] / (1 + i) ** 2;
      value += 0.5 * theta[i] * out[i];
    }
    return value;
  };

  test('recovers variances that differ, at the acceptance it aims at, with either masses', () => {
    for (const massAdaptation of ['fixed', 'diagonal'] as const) {
      const rng = createRng('nuts', massAdaptation);
      const run = nuts(scaled, [1, 1, 1, 1], rng, {
        samples: 3000,
        burnIn: 800,
        massAdaptation,
        initialStep: 'reasonable',
      });
      expect(Math.abs(run.acceptanceRate - 0.8)).toBeLessThan(0.1);
      expect(run.divergences).toBe(0);
      for (let i = 0; i < 4; i++) {
        const squares = Float64Array.from({ length: 3000 }, (_, s) => (run.samples[4 * s + i] / (1 + i)) ** 2);
        const { mean, standardErrorOfMean } = mcmcDiagnostics([squares]);
        expect(Math.abs(mean - 1)).toBeLessThan(6 * standardErrorOfMean);
      }
    }
  });

  test('walks as far as half a period whatever its step: its cost is the ratio of the two', () => {
    const normal = (x: Float64Array, out: Float64Array) => {
      out[0] = -x[0];
      return -0.5 * x[0] * x[0];
    };
    const steps = (stepSize: number) => {
      const options = { samples: 300, burnIn: 0, stepSize };
      return nuts(normal, [0.3], createRng('length', stepSize), options).leapfrogs / 300;
    };
    // from a state on the circle the momentum turns within half a turn, π/ε steps; doubling overshoots by two at most
    for (const stepSize of [0.5, 0.1, 0.02]) {
      expect(steps(stepSize) * stepSize).toBeGreaterThan(Math.PI / 4);
      expect(steps(stepSize) * stepSize).toBeLessThan(4 * Math.PI);
    }
  });

  test('never takes more than 2^maxDepth - 1 steps, and draws the same when it is run again', () => {
    const options = { samples: 40, burnIn: 0, stepSize: 1e-3, maxDepth: 3 };
    const run = nuts(banana, [0, 0], createRng('deep'), options);
    expect(run.leapfrogs).toBe(40 * 7);
    expect(nuts(banana, [0, 0], createRng('deep'), options).samples).toEqual(run.samples);
    run.logDensities.forEach((value, s) =>
      expect(value).toBe(banana(run.samples.slice(2 * s, 2 * s + 2), new Float64Array(2))),
    );
  });

  test('counts divergences, stays where the density is, and stops when it is told to', () => {
    const cliff = (x: Float64Array, out: Float64Array) => {
      const value = banana(x, out);
      return x[0] > 0.5 ? NaN : value;
    };
    const run = nuts(cliff, [0, 0], createRng('cliff'), { samples: 300, burnIn: 0, stepSize: 0.4 });
    expect(run.divergences).toBeGreaterThan(0);
    for (let s = 0; s < 300; s++) expect(run.samples[2 * s]).toBeLessThanOrEqual(0.5);
    const stopped = nuts(banana, [0, 0], createRng(1), { samples: 50, burnIn: 10, onIteration: (done) => done < 20 });
    expect(stopped.count).toBe(10);
    expect(stopped.samples.length).toBe(20);
  });

  it.each<[RegExp, () => unknown]>([
    [/^samples must/, () => nuts(banana, [0, 0], createRng(1), { samples: 0 })],
    [/^burnIn must/, () => nuts(banana, [0, 0], createRng(1), { burnIn: 0.5 })],
    [/^stepSize must/, () => nuts(banana, [0, 0], createRng(1), { stepSize: 0 })],
    [/^maxDepth must/, () => nuts(banana, [0, 0], createRng(1), { maxDepth: 0 })],
    [/^targetAccept must/, () => nuts(banana, [0, 0], createRng(1), { targetAccept: 1 })],
    [/^mass must have length 2/, () => nuts(banana, [0, 0], createRng(1), { mass: [1] })],
    [/^start\[1\] must/, () => nuts(banana, [0, NaN], createRng(1))],
    [/^start must have a finite log density/, () => nuts(() => -Infinity, [0], createRng(1))],
  ])('a bad argument is refused: %s', (message, call) => {
    expect(call).toThrow(RangeError);
    expect(call).toThrow(message);
  });
});
