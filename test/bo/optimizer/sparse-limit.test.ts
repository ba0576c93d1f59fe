// Above `exactLimit` results the processes of an optimizer are sparse.
import { describe, expect, it } from 'vitest';
import * as bo from '../../../src/bo/index.js';
import { ACQUISITION_NAMES } from '../../../src/bo/optimizer/acquisition-choice.js';
import { sparseProcess } from '../../../src/bo/optimizer/sparse-process.js';
import { createRng } from '../../../src/random/index.js';
import { decodeState, encodeState } from '../../../src/state/index.js';

const data = createRng('sparse limit');
const X = Array.from({ length: 60 }, () => [data(), data()]);
const f = ([a, b]: readonly number[]) => Math.sin(5 * a) + (b - 0.4) ** 2;
const y = Float64Array.from(X, f);
const kernel = bo.scaleKernel(1.5, bo.matern52({ lengthscale: [0.4, 0.6] }));
const points = { data: Float64Array.from(X.flat()), rows: 60, columns: 2 };
const queries = [[0.2, 0.7], [0.9, 0.1], [0.5, 0.5], X[3], [1.4, -0.3]]; // prettier-ignore

describe('a sparse process behind the interface of an exact one', () => {
  const noise = 0.02;
  const gp = sparseProcess(kernel, points, y, noise, 0.3, 20);
  const Z = Array.from({ length: gp.n }, (_, i) => Array.from(gp.X.subarray(2 * i, 2 * i + 2)));
  const reference = bo.sparseGp(kernel, { X, y, Z }, { noise, mean: 0.3 });

  it('has the moments of the variational posterior', () => {
    expect(gp.n).toBe(20);
    const got = bo.gpPredict(gp, queries);
    const wanted = bo.sparseGpPredict(reference, queries);
    for (let j = 0; j < queries.length; j++) {
      expect(Math.abs(got.mean[j] - wanted.mean[j])).toBeLessThan(1e-8);
      expect(Math.abs(got.variance[j] - wanted.variance[j])).toBeLessThan(1e-8);
    }
  });

  it('is exact where every point is an inducing point', () => {
    const all = bo.gpPredict(sparseProcess(kernel, points, y, noise, 0.3, 60), queries);
    const exact = bo.gpPredict(bo.gpCondition(kernel, X, y, { noise, mean: 0.3 }), queries);
    for (let j = 0; j < queries.length; j++) {
      expect(Math.abs(all.mean[j] - exact.mean[j])).toBeLessThan(1e-7);
      expect(Math.abs(all.variance[j] - exact.variance[j])).toBeLessThan(1e-7);
    }
  });

  it('its pseudo-targets are no noisier than results', () => {
    // R <= σ² I, so that K_uu + R lies between K_uu and K_uu + σ² I: so do the variances.
    const few = bo.gpPredict(bo.gpCondition(kernel, Z, Z.map(f), { noise }), queries).variance;
    const exact = bo.gpPredict(bo.gpCondition(kernel, Z, Z.map(f), { noise: 1e-9 }), queries).variance;
    bo.gpPredict(gp, queries).variance.forEach((variance, j) => {
      expect(variance).toBeLessThan(few[j] + 1e-9);
      expect(variance).toBeGreaterThan(exact[j] - 1e-9);
    });
  });

  it('learns from one more observation as the sparse process of all of them would', () => {
    const x = [0.35, 0.15];
    const more = bo.gpAppend(gp, x, 2);
    // One result more and x among the inducing points.
    const all = bo.sparseGp(kernel, { X: [...X, x], y: [...y, 2], Z: [...Z, x] }, { noise, mean: 0.3 });
    const got = bo.gpPredict(more, queries);
    const wanted = bo.sparseGpPredict(all, queries);
    // Not the same: with x among the inducing points the other results say more. Never less.
    for (let j = 0; j < queries.length; j++) {
      expect(wanted.variance[j]).toBeLessThan(got.variance[j] + 1e-8);
      expect(got.variance[j] - wanted.variance[j]).toBeLessThan(0.05);
    }
    expect(bo.gpPredict(more, [x]).variance[0]).toBeLessThan(bo.gpPredict(gp, [x]).variance[0]);
  });
});

describe('an optimizer above its limit', () => {
  const space = bo.searchSpace({ a: bo.real(0, 1), b: bo.real(0, 1) });
  const results = Array.from({ length: 300 }, () => {
    const config = { a: data(), b: data() };
    return { config, value: f([config.a, config.b]) };
  });
  const search = { rawSamples: 64, restarts: 2, maxIterations: 20 };

  it('has at most 256 pseudo-targets, and predicts', () => {
    let size = 0;
    const acquisition = ({ posterior, gp, best }: bo.AcquisitionContext) => {
      size = gp!.n;
      return bo.momentAcquisition(posterior, bo.logExpectedImprovementRule({ best }));
    };
    const optimizer = bo.bayesianOptimizer(space, { acquisition, search, exactLimit: 299 });
    const [suggestions, state] = optimizer.ask(optimizer.tell(optimizer.init(), results), 2, createRng(1));
    expect(size).toBeGreaterThan(50);
    expect(size).toBeLessThanOrEqual(256);
    expect(suggestions.length).toBe(2);
    const configs = queries.slice(0, 4).map(([a, b]) => ({ a, b }));
    optimizer.predict(state, configs).forEach(({ mean, std }, j) => {
      expect(Math.abs(mean - f(queries[j]))).toBeLessThan(0.02);
      expect(std).toBeLessThan(0.1);
    });
    // The minimum is at b = 0.4 and a = 3π/10 = 0.942.
    const { config } = suggestions[0];
    expect(Math.abs((config.b as number) - 0.4) + Math.abs((config.a as number) - 0.942)).toBeLessThan(0.2);
  });

  it('at the limit it is exact', () => {
    let size = 0;
    const acquisition = ({ posterior, gp, best }: bo.AcquisitionContext) => {
      size = gp!.n;
      return bo.momentAcquisition(posterior, bo.logExpectedImprovementRule({ best }));
    };
    const optimizer = bo.bayesianOptimizer(space, { acquisition, search, exactLimit: 40, nInitial: 1 });
    optimizer.ask(optimizer.tell(optimizer.init(), results.slice(0, 40)), 1, createRng(2));
    expect(size).toBe(40);
  });

  it('goes on from a checkpoint, with constraints, costs and a mixed space', () => {
    const mixed = bo.searchSpace({ x: bo.real(0, 1), n: bo.integer(1, 20), c: bo.categorical(['p', 'q']) });
    const optimizer = bo.bayesianOptimizer(mixed, { exactLimit: 20, constraints: 1, costAware: true, search });
    const rng = createRng(3);
    let state = optimizer.init();
    for (let t = 0; t < 30; t++) {
      const config = mixed.sample(rng);
      const x = config.x as number;
      const value = (x - 0.7) ** 2 + 0.01 * (config.n as number) + (config.c === 'p' ? 0 : 0.3);
      state = optimizer.tell(state, [{ config, value, constraints: [x - 0.5], cost: 1 + x }]);
    }
    const [[{ config }], asked] = optimizer.ask(state, 1, createRng(4));
    expect(mixed.contains(config)).toBe(true);
    const restored = decodeState(encodeState(state as never)) as never;
    expect(encodeState(optimizer.ask(restored, 1, createRng(4))[1] as never)).toBe(encodeState(asked as never));
    // Feasible where x <= 0.5, best at its edge.
    expect(config.x as number).toBeLessThan(0.7);
  });

  it('with several objectives too', () => {
    const optimizer = bo.bayesianOptimizer(space, { objectives: 2, exactLimit: 15, search });
    const both = results.slice(0, 25).map(({ config }) => ({ config, value: [config.a, 1 - config.a + config.b] }));
    const [[{ config }]] = optimizer.ask(optimizer.tell(optimizer.init(), both), 1, createRng(5));
    expect(space.contains(config)).toBe(true);
  });

  it.each(
    ACQUISITION_NAMES.filter((name) => name !== 'expectedHypervolumeImprovement' && name !== 'augmentedChebyshev'),
  )('suggests by %s, also while points are pending', (acquisition) => {
    const few = { rawSamples: 16, restarts: 1, maxIterations: 5 };
    const optimizer = bo.bayesianOptimizer(space, { acquisition, exactLimit: 20, search: few });
    const told = optimizer.tell(optimizer.init(), results.slice(0, 25));
    const [suggestions] = optimizer.ask(told, 2, createRng(7));
    expect(suggestions.length).toBe(2);
    expect(suggestions[0].config).not.toEqual(suggestions[1].config);
  });

  it('buys knowledge about a fidelity', () => {
    const optimizer = bo.bayesianOptimizer(space, {
      fidelity: { parameter: 'b', cost: (b) => 0.1 + b },
      exactLimit: 20,
      search,
    });
    const told = optimizer.tell(optimizer.init(), results.slice(0, 25));
    const [[{ config }]] = optimizer.ask(told, 1, createRng(8));
    expect(space.contains(config)).toBe(true);
  });

  it('takes known noise by its mean', () => {
    const optimizer = bo.bayesianOptimizer(space, { exactLimit: 30, search });
    const noisy = results.slice(0, 40).map((result, i) => ({ ...result, noise: i % 2 === 0 ? 1e-4 : 3e-4 }));
    const [, state] = optimizer.ask(optimizer.tell(optimizer.init(), noisy), 1, createRng(6));
    expect(optimizer.predict(state, [{ a: 0.5, b: 0.5 }])[0].mean).toBeCloseTo(f([0.5, 0.5]), 1);
  });

  it('refuses a limit that is none', () => {
    expect(() => bo.bayesianOptimizer(space, { exactLimit: 0 })).toThrow(/^exactLimit must be an integer/);
  });
});
