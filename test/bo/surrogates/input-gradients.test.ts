// Moments of surrogates at a point, differentiated in the point: against central differences, for every activation and kernel.
import { describe, expect, it } from 'vitest';
import * as bo from '../../../src/bo/index.js';
import { createRng } from '../../../src/random/index.js';

const X = [[0.1, 0.2], [0.4, 0.9], [0.8, 0.3], [0.6, 0.6], [0.9, 0.95], [0.05, 0.7]]; // prettier-ignore
const y = X.map(([a, b]) => 1.5 * Math.sin(4 * a) * Math.cos(3 * b));
const queries = [[0.3, 0.45], [0.83, 0.31], [0.55, 0.1], [1.3, -0.4]]; // prettier-ignore

/** Third derivatives below 1e3 leave h²/6 of them, 2e-8, beside rounding of 1e-15/h. */
function checkGradient(model: bo.Surrogate<never>, seed: string): void {
  const state = model.fit(X, y, createRng(seed));
  const h = 1e-5;
  for (const x of queries) {
    const { mean, variance, dMean, dVariance } = model.predictGradient!(state, x);
    const at = model.predict(state, [x]);
    expect(Math.abs(mean - at.mean[0])).toBeLessThan(1e-12);
    expect(Math.abs(variance - at.variance[0])).toBeLessThan(1e-9);
    for (let k = 0; k < 2; k++) {
      const moved = (by: number) => model.predict(state, [x.map((value, q) => (q === k ? value + by : value))]);
      const [up, down] = [moved(h), moved(-h)];
      const byMean = (up.mean[0] - down.mean[0]) / (2 * h);
      const byVariance = (up.variance[0] - down.variance[0]) / (2 * h);
      expect(Math.abs(dMean[k] - byMean)).toBeLessThan(1e-6 * (1 + Math.abs(byMean)));
      expect(Math.abs(dVariance[k] - byVariance)).toBeLessThan(1e-6 * (1 + Math.abs(byVariance)));
    }
    expect(Math.max(...dVariance.map(Math.abs))).toBeGreaterThan(1e-6);
  }
}

const activations = ['tanh', 'erf', 'gelu', 'relu'] as const;
const depths = [[], [6], [5, 4, 3]];
const shapes = activations.flatMap((activation) => depths.map((hidden) => ({ activation, hidden })));

describe.each(shapes)('a network of $hidden by $activation', (shape) => {
  const options = { ...shape, steps: 60, priorVariance: 2, noiseVariance: 0.05 };

  it('linearized, has the gradients of its moments', () =>
    checkGradient(bo.linearizedLaplace(options) as never, 'net'));

  it('with Kronecker factors too', () => checkGradient(bo.kroneckerLaplace(options) as never, 'net'));
});

describe.each([
  { kernel: 'relu', layers: 1, bias: 1 },
  { kernel: 'relu', layers: 3, bias: 0.5 },
  { kernel: 'rbf', layers: 2, bias: 1 },
  { kernel: 'rbf', layers: 1, bias: 0 },
] as const)('a deep kernel machine of $layers layers by $kernel, bias $bias', (options) => {
  it('has the gradients of its moments', () => {
    checkGradient(bo.deepKernelMachine({ ...options, noise: 0.02, nu: 0.5, maxIterations: 20 }) as never, 'dkm');
  });
});

it.each(['sgpr', 'fitc', 'dtc'] as const)('a sparse process by %s has the gradients of its moments', (method) => {
  checkGradient(bo.sparseGpSurrogate({ method, inducing: 4, maxIterations: 10 }) as never, 'sparse');
});

it('of the linear kernel, where points are as many as coordinates', () => {
  const machine = bo.fitDkm([[1, 0.2], [0.3, 1]], [1, -1], { kernel: 'linear', noise: 0.1, layers: 2 }); // prettier-ignore
  const h = 1e-5;
  for (const x of queries) {
    const { mean, variance, dMean, dVariance } = bo.dkmPredictGradient(machine, x);
    const at = bo.dkmPredict(machine, [x]);
    expect([mean, variance]).toEqual([expect.closeTo(at.mean[0], 12), expect.closeTo(at.variance[0], 12)]);
    for (let k = 0; k < 2; k++) {
      const moved = (by: number) => bo.dkmPredict(machine, [x.map((value, q) => (q === k ? value + by : value))]);
      expect(dMean[k]).toBeCloseTo((moved(h).mean[0] - moved(-h).mean[0]) / (2 * h), 7);
      expect(dVariance[k]).toBeCloseTo((moved(h).variance[0] - moved(-h).variance[0]) / (2 * h), 7);
    }
  }
});

it('at a datum of a machine without noise the moments and slopes are finite', () => {
  const machine = bo.fitDkm(X, y, { noise: 1e-8, nu: 0.1, maxIterations: 20 });
  for (const x of X) {
    const { mean, variance, dMean, dVariance } = bo.dkmPredictGradient(machine, x);
    expect([mean, variance, ...dMean, ...dVariance].every(Number.isFinite)).toBe(true);
    expect(variance).toBeGreaterThanOrEqual(0);
  }
});

describe.each([
  ['linearizedLaplace', bo.linearizedLaplace({ hidden: [8], steps: 100, noiseVariance: 0.05 })],
  ['kroneckerLaplace', bo.kroneckerLaplace({ hidden: [8], steps: 100, noiseVariance: 0.05 })],
  ['deepKernelMachine', bo.deepKernelMachine({ noise: 0.02, nu: 0.5, maxIterations: 20 })],
] as [string, bo.Surrogate<never>][])('%s', (_name, model) => {
  it('is climbed by its gradient: to the top of a fine grid from one start', () => {
    const state = model.fit(X, y, createRng('climb'));
    const acquisition = bo.momentAcquisition(
      bo.surrogatePosterior(model, state, 2),
      bo.confidenceBoundRule({ beta: 4 }),
    );
    const box = [[0, 1], [0, 1]] as const; // prettier-ignore
    const { value } = bo.optimizeAcquisition(acquisition, box, { rng: createRng(5), rawSamples: 64, restarts: 3 });
    let top = -Infinity;
    for (let i = 0; i <= 40; i++) {
      for (let j = 0; j <= 40; j++) top = Math.max(top, acquisition.value(Float64Array.of(i / 40, j / 40)));
    }
    expect(value).toBeGreaterThan(top - 1e-6);
  });
});
