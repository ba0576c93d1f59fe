// The laws that every surrogate keeps, and what each of them is.
import { describe, expect, it, test } from 'vitest';
import {
  adaptiveBasisNetwork,
  bayesianOptimizer,
  calibrationError,
  deepEnsemble,
  deepKernel,
  deepKernelMachine,
  deepKernelObjective,
  expectedImprovement,
  fitGp,
  gpPredict,
  gpSurrogate,
  hmcNetwork,
  ibnnDefaults,
  infiniteWidthNetwork,
  kernelHyperparameters,
  kernelMatrix,
  kroneckerLaplace,
  lastLayerLaplace,
  lastLayerPredict,
  linearizedLaplace,
  logExpectedImprovementRule,
  logNormalPrior,
  logPredictiveDensity,
  matern52,
  mlp,
  mlpForward,
  mlpInit,
  mlpJacobian,
  momentAcquisition,
  networkDrawProblem,
  neuralProcess,
  neuralProcessInit,
  neuralProcessSurrogate,
  pestControl,
  polynomialProblem,
  predictiveCoverage,
  real,
  rgpe,
  searchSpace,
  selectNetworkVariances,
  sghmcNetwork,
  sparseGpSurrogate,
  studyProblems,
  type Surrogate,
  surrogateBatchImprovement,
  surrogatePosterior,
} from '../../../src/bo/index.js';
import { mcmcDiagnostics } from '../../../src/inference/index.js';
import { createRng, sampleNormal } from '../../../src/random/index.js';
import { decodeState, encodeState } from '../../../src/state/index.js';
import { solveDense } from '../random-models.js';

// sin(3x) cos(2z), standardized by hand: mean near 0, deviation near 0.6.
const data = createRng('surrogates');
const X = Array.from({ length: 14 }, () => [data(), data()]);
const target = ([a, b]: number[]) => 1.5 * Math.sin(4 * a) * Math.cos(3 * b);
const y = X.map(target);
const queries = Array.from({ length: 5 }, () => [data(), data()]);

const SURROGATES: Record<string, Surrogate<never>> = {
  gp: gpSurrogate() as never,
  infiniteWidth: infiniteWidthNetwork() as never,
  hmc: hmcNetwork({
    hidden: [12],
    priorVariance: 4,
    noiseVariance: 0.02,
    mapSteps: 200,
    hmc: { samples: 150, burnIn: 150, stepSize: 0.02, pathLength: 0.3 },
  }) as never,
  sghmc: sghmcNetwork({
    hidden: [12],
    priorVariance: 4,
    noiseVariance: 0.05,
    sghmc: { steps: 6000, burnIn: 3000 },
  }) as never,
  ensemble: deepEnsemble({ hidden: [12], members: 5, steps: 400, noiseVariance: 0.02, priorVariance: 4 }) as never,
  adaptiveBasis: adaptiveBasisNetwork({ hidden: [12], steps: 400, noiseVariance: 0.02, priorVariance: 4 }) as never,
  linearized: linearizedLaplace({ hidden: [12], steps: 400, noiseVariance: 0.02, priorVariance: 4 }) as never,
  kronecker: kroneckerLaplace({ hidden: [12], steps: 400, noiseVariance: 0.02, priorVariance: 4 }) as never,
  deepKernelMachine: deepKernelMachine({ noise: 0.02, nu: 0.5, maxIterations: 60 }) as never,
  deepKernel: deepKernel({ hidden: [12, 3], pretrainSteps: 200, steps: 300, learningRate: 0.01 }) as never,
};

describe.each(Object.entries(SURROGATES))('%s', (name, model) => {
  const state = model.fit(X, y, createRng('fit', name));

  test('learns: its mean beats the constant on points it has not seen', () => {
    const Xs = Array.from({ length: 60 }, (_, i) => [(i % 10) / 10 + 0.05, Math.floor(i / 10) / 6 + 0.08]);
    const { mean } = model.predict(state, Xs);
    const truth = Xs.map(target);
    const average = y.reduce((a, b) => a + b, 0) / y.length;
    const squares = (f: (i: number) => number) => truth.reduce((total, t, i) => total + (t - f(i)) ** 2, 0);
    expect(squares((i) => mean[i])).toBeLessThan(0.6 * squares(() => average));
  });

  test('an equal stream gives an equal state, which survives a checkpoint', () => {
    const again = model.fit(X, y, createRng('fit', name));
    expect(encodeState(again as never)).toBe(encodeState(state as never));
    const restored = decodeState(encodeState(state as never)) as never;
    expect(model.predict(restored, queries)).toEqual(model.predict(state, queries));
  });

  test('a point has the same moments alone and in company, and variances are not negative', () => {
    const { mean, variance } = model.predict(state, queries);
    queries.forEach((x, j) => {
      const alone = model.predict(state, [x]);
      expect(alone.mean[0]).toBeCloseTo(mean[j], 10);
      expect(alone.variance[0]).toBeCloseTo(variance[j], 10);
      expect(variance[j]).toBeGreaterThanOrEqual(0);
    });
  });

  test('samples have the moments that it predicts', () => {
    const n = 3000;
    const draws = model.sample(state, queries, n, createRng('sample', name));
    const { mean, variance } = model.predict(state, queries);
    queries.forEach((_, j) => {
      const column = Float64Array.from({ length: n }, (_v, s) => draws[s * queries.length + j]);
      const average = column.reduce((a, b) => a + b, 0) / n;
      expect(Math.abs(average - mean[j])).toBeLessThan(6.2 * Math.sqrt(variance[j] / n) + 1e-9);
      const squares = column.map((v) => (v - mean[j]) ** 2);
      const spread = squares.reduce((a, b) => a + b, 0) / n;
      const deviation = Math.sqrt(squares.reduce((a, b) => a + (b - spread) ** 2, 0) / n);
      expect(Math.abs(spread - variance[j])).toBeLessThan((6.2 * deviation) / Math.sqrt(n) + 1e-9);
    });
  });

  test('gradients of its moments agree with central differences', () => {
    if (model.predictGradient === undefined) throw new Error(`${name} has no gradient`);
    const h = 1e-5;
    for (const x of queries) {
      const { mean, variance, dMean, dVariance } = model.predictGradient(state, x);
      const at = model.predict(state, [x]);
      expect(mean).toBeCloseTo(at.mean[0], 9);
      expect(variance).toBeCloseTo(at.variance[0], 9);
      for (let k = 0; k < 2; k++) {
        const moved = (by: number) => model.predict(state, [x.map((v, q) => (q === k ? v + by : v))]);
        const [up, down] = [moved(h), moved(-h)];
        expect(dMean[k]).toBeCloseTo((up.mean[0] - down.mean[0]) / (2 * h), 4);
        expect(dVariance[k]).toBeCloseTo((up.variance[0] - down.variance[0]) / (2 * h), 4);
      }
    }
  });

  test('refuses data that do not fit', () => {
    const rng = createRng('bad');
    expect(() => model.fit([], [], rng)).toThrow(/^X must hold at least one point/);
    expect(() => model.fit(X, y.slice(1), rng)).toThrow(/^y must have length 14/);
    expect(() => model.fit([[NaN, 0]], [0], rng)).toThrow(/^X\[0\]\[0\] must be finite/);
    expect(() => model.fit([[0, 0]], [NaN], rng)).toThrow(/^y\[0\] must be finite/);
  });
});

test('every surrogate drives the optimizer', () => {
  const process = neuralProcess({ inputs: 2, embed: 8, layers: 1, heads: 2, feedForward: 8, buckets: 20 });
  const space = searchSpace({ a: real(0, 1), b: real(0, 1) });
  const small: Surrogate<never>[] = [
    gpSurrogate() as never,
    infiniteWidthNetwork() as never,
    deepEnsemble({ hidden: [6], members: 3, steps: 60 }) as never,
    hmcNetwork({ hidden: [6], hmc: { samples: 20, burnIn: 20, pathLength: 0.1 } }) as never,
    sghmcNetwork({ hidden: [6], sghmc: { steps: 200, burnIn: 100 } }) as never,
    adaptiveBasisNetwork({ hidden: [6], steps: 60 }) as never,
    linearizedLaplace({ hidden: [6], steps: 60 }) as never,
    kroneckerLaplace({ hidden: [6], steps: 60 }) as never,
    deepKernel({ hidden: [6, 2], pretrainSteps: 30, steps: 30 }) as never,
    deepKernelMachine({ maxIterations: 10 }) as never,
    sparseGpSurrogate({ inducing: 6 }) as never,
    rgpe([fitGp(X, y, { rng: createRng('earlier'), restarts: 0 }).gp], { samples: 16 }) as never,
    neuralProcessSurrogate(process, neuralProcessInit(process, createRng('untrained')), { scale: [-3, 3] }) as never,
  ];
  for (const model of small) {
    const optimizer = bayesianOptimizer(space, {
      model,
      nInitial: 5,
      search: { rawSamples: 32, restarts: 1, maxIterations: 10 },
    });
    const rng = createRng('drive');
    let state = optimizer.init();
    for (let t = 0; t < 8; t++) {
      const [[suggestion], asked] = optimizer.ask(state, 1, rng);
      expect(space.contains(suggestion.config)).toBe(true);
      const { a, b } = suggestion.config as { a: number; b: number };
      state = optimizer.tell(asked, [{ id: suggestion.id, value: (a - 0.3) ** 2 + (b - 0.6) ** 2 }]);
    }
    expect(state.trials.slice(5).every(({ origin }) => origin === 'model')).toBe(true);
    expect(optimizer.best(state)!.value).toBeLessThan(0.5);
  }
});

test('a posterior for acquisitions has the floor, and no gradient where the floor acts or the model has none', () => {
  const model = deepEnsemble({ hidden: [4], members: 1, steps: 20 }); // one member: variance 0 everywhere
  const state = model.fit(X, y, createRng('floor'));
  const posterior = surrogatePosterior(model, state, 2, { floor: 0.25 });
  const at = posterior.at(Float64Array.of(0.5, 0.5), true);
  expect(at.std).toBe(0.25);
  const out = new Float64Array(2);
  at.pullback(0, 1, out);
  expect([...out]).toEqual([0, 0]);
  at.pullback(1, 0, out);
  const slope = model.predictGradient!(state, [0.5, 0.5]).dMean;
  expect([...out]).toEqual([...slope]);
  const acquisition = momentAcquisition(posterior, logExpectedImprovementRule({ best: 1 }));
  const gradient = new Float64Array(2);
  const value = acquisition.value(Float64Array.of(0.5, 0.5), gradient);
  const moved = acquisition.value(Float64Array.of(0.5 + 1e-6, 0.5)) - value;
  expect(moved / 1e-6).toBeCloseTo(gradient[0], 3);
});

describe('batch improvement by samples', () => {
  test('is expected improvement for one point, within the sampling error', () => {
    const model = gpSurrogate();
    const state = model.fit(X, y, createRng('qei'));
    const best = Math.max(...y) - 0.3;
    const samples = 4000;
    const batch = surrogateBatchImprovement(model, state, 2, { best, samples, rng: createRng('draws') });
    for (const x of queries) {
      const { mean, variance } = model.predict(state, [x]);
      const { value } = expectedImprovement(mean[0], Math.sqrt(variance[0]), { best });
      // max(Y - best, 0) has a second moment of at most that of Y - best
      const error = Math.sqrt((variance[0] + (mean[0] - best) ** 2) / samples);
      expect(Math.abs(batch.value(Float64Array.from(x)) - value)).toBeLessThan(6.2 * error);
    }
  });

  test('of an ensemble is the average over its members, grows with the batch and not with repetitions', () => {
    const model = deepEnsemble({ hidden: [5], members: 3, steps: 100 });
    const state = model.fit(X, y, createRng('members'));
    const batch = surrogateBatchImprovement(model, state, 2, { best: 0, samples: 6000, rng: createRng(5) });
    const [a, b] = queries;
    const f = (m: number, x: number[]) =>
      mlpForward(
        state.net,
        state.parameters.subarray(m * state.net.parameterCount, (m + 1) * state.net.parameterCount),
        [x],
      )[0];
    const exact = [0, 1, 2].reduce((total, m) => total + Math.max(0, f(m, a), f(m, b)) / 3, 0);
    const one = batch.value(Float64Array.from(a));
    const two = batch.value(Float64Array.from([...a, ...b]));
    expect(Math.abs(two - exact)).toBeLessThan(4 * Math.sqrt(Math.log(2e9) / 12000));
    expect(two).toBeGreaterThanOrEqual(one);
    expect(batch.value(Float64Array.from([...a, ...a]))).toBe(one);
    expect(batch.value(Float64Array.from([...b, ...a]))).toBe(two);
    expect(() => batch.value(new Float64Array(3))).toThrow(/^x must have a length that is a positive multiple of 2/);
    expect(() => batch.value(new Float64Array(2), new Float64Array(2))).toThrow(/^gradient is not available/);
  });
});

describe('samplers', () => {
  test('on a linear model HMC and SGHMC find the posterior of Bayesian linear regression', () => {
    const xs = [[-1], [-0.5], [0.2], [0.6], [1]];
    const ys = [-0.8, -0.6, 0.3, 0.4, 1.2];
    const exact = lastLayerLaplace(
      xs.map(([v]) => [v, 1]),
      ys,
      { priorVariance: 2, noise: 0.2 },
    );
    const Xs = [[0.3], [2]];
    const truth = lastLayerPredict(
      exact,
      Xs.map(([v]) => [v, 1]),
    );
    const chain = hmcNetwork({
      hidden: [],
      priorVariance: 2,
      noiseVariance: 0.2,
      chains: 2,
      hmc: { samples: 2000, burnIn: 500, stepSize: 0.2, pathLength: 0.8 },
    });
    const state = chain.fit(xs, ys, createRng('linear'));
    expect(state.diagnostics!.rHat).toBeLessThan(1.02);
    Xs.forEach((x, j) => {
      const f = Float64Array.from(
        { length: state.members },
        (_, m) => mlpForward(state.net, state.parameters.subarray(2 * m, 2 * m + 2), [x])[0],
      );
      const mean = mcmcDiagnostics([f]);
      expect(Math.abs(mean.mean - truth.mean[j])).toBeLessThan(6 * mean.standardErrorOfMean);
      const spread = mcmcDiagnostics([f.map((v) => (v - truth.mean[j]) ** 2)]);
      expect(Math.abs(spread.mean - truth.variance[j])).toBeLessThan(6 * spread.standardErrorOfMean);
    });
    const stochastic = sghmcNetwork({
      hidden: [],
      priorVariance: 2,
      noiseVariance: 0.2,
      sghmc: { steps: 40000, burnIn: 4000, step: 0.02 },
    });
    const run = stochastic.fit(xs, ys, createRng('linear sg'));
    const got = stochastic.predict(run, Xs);
    expect(run.status).toBe('completed');
    // no accept step and batches of the whole data here: the bias of the discretization is of order η
    expect(Math.abs(got.mean[0] - truth.mean[0])).toBeLessThan(0.1);
    expect(got.variance[0] / truth.variance[0]).toBeGreaterThan(0.5);
    expect(got.variance[0] / truth.variance[0]).toBeLessThan(2);
  });

  test('a diverging SGHMC still predicts with what it had', () => {
    const model = sghmcNetwork({ hidden: [4], sghmc: { step: 1e4, steps: 400, burnIn: 0, keepEvery: 1 } });
    const state = model.fit(X, y, createRng('explode'));
    const { mean } = model.predict(state, queries);
    expect(state.status).toBe('diverged');
    expect(mean.every(Number.isFinite)).toBe(true);
  });
});

describe('last-layer Laplace', () => {
  const rng = createRng('laplace');
  const features = Array.from({ length: 9 }, () => [sampleNormal(rng), sampleNormal(rng), 1]);
  const targets = features.map(([a, b]) => a - 0.5 * b + 0.3 * sampleNormal(rng));

  test('is the Gaussian process with the kernel v φ·φ', () => {
    const state = lastLayerLaplace(features, targets, { priorVariance: 1.7, noise: 0.3 });
    const got = lastLayerPredict(state, [[0.2, -0.4, 1]]);
    // K = v Φ Φᵀ + s I by Gaussian elimination on the 9 x 9 system
    const K = features.map((f, i) => features.map((g, j) => 1.7 * dot(f, g) + (i === j ? 0.3 : 0)));
    const k = features.map((f) => 1.7 * dot(f, [0.2, -0.4, 1]));
    const weights = solveDense(K, k);
    expect(got.mean[0]).toBeCloseTo(dot(weights, targets), 10);
    expect(got.variance[0]).toBeCloseTo(1.7 * (0.04 + 0.16 + 1) - dot(weights, k), 10);
  });

  test('the fixed point of MacKay is stationary for the evidence, and higher than its start', () => {
    const start = lastLayerLaplace(features, targets, { priorVariance: 1, noise: 1 });
    const end = lastLayerLaplace(features, targets, { priorVariance: 1, noise: 1, evidenceRounds: 400 });
    expect(end.logEvidence).toBeGreaterThan(start.logEvidence);
    const evidence = (byPrior: number, byNoise: number) =>
      lastLayerLaplace(features, targets, {
        priorVariance: end.priorVariance * Math.exp(byPrior),
        noise: end.noise * Math.exp(byNoise),
      }).logEvidence;
    expect((evidence(1e-4, 0) - evidence(-1e-4, 0)) / 2e-4).toBeCloseTo(0, 5);
    expect((evidence(0, 1e-4) - evidence(0, -1e-4)) / 2e-4).toBeCloseTo(0, 5);
  });

  test('more features than points, and no residual at all, stay finite', () => {
    const state = lastLayerLaplace(
      [
        [1, 0, 0],
        [0, 1, 0],
      ],
      [1, 2],
      { evidenceRounds: 50 },
    );
    expect(Number.isFinite(state.logEvidence)).toBe(true);
    expect(state.noise).toBeGreaterThanOrEqual(1e-8);
  });

  test('refuses what is not valid', () => {
    expect(() => lastLayerLaplace(features, targets.slice(1))).toThrow(/^y must have length 9/);
    expect(() => lastLayerLaplace(features, targets, { noise: 0 })).toThrow(/^noise must be positive/);
    expect(() => lastLayerPredict(lastLayerLaplace(features, targets), [[1]])).toThrow(/^features must have 3 columns/);
    expect(() => adaptiveBasisNetwork({ hidden: [] })).toThrow(/^hidden must not be empty/);
  });
});

test('linearized Laplace of a linear model is Bayesian linear regression', () => {
  const xs = [[-1], [0], [0.5], [1]];
  const ys = [-1, 0.2, 0.4, 1.1];
  const model = linearizedLaplace({ hidden: [], steps: 4000, priorVariance: 2, noiseVariance: 0.1 });
  const state = model.fit(xs, ys, createRng('linearized'));
  const exact = lastLayerLaplace(
    xs.map(([v]) => [v, 1]),
    ys,
    { priorVariance: 2, noise: 0.1 },
  );
  const got = model.predict(state, [[0.3], [3]]);
  const truth = lastLayerPredict(exact, [
    [0.3, 1],
    [3, 1],
  ]);
  for (let j = 0; j < 2; j++) {
    expect(got.mean[j]).toBeCloseTo(truth.mean[j], 3);
    expect(got.variance[j]).toBeCloseTo(truth.variance[j], 10);
  }
});

test('linearized Laplace has the variance j (I/v + JᵀJ/s)^-1 jᵀ, by the P x P system', () => {
  const model = linearizedLaplace({ hidden: [3], steps: 100, priorVariance: 1.5, noiseVariance: 0.2 });
  const state = model.fit(X.slice(0, 5), y.slice(0, 5), createRng('woodbury'));
  const P = state.net.parameterCount;
  const J = state.jacobian;
  const A = Array.from({ length: P }, (_, p) =>
    Array.from({ length: P }, (_q, q) => {
      let total = p === q ? 1 / 1.5 : 0;
      for (let i = 0; i < 5; i++) total += (J[i * P + p] * J[i * P + q]) / 0.2;
      return total;
    }),
  );
  const j = Array.from(mlpJacobian(state.net, state.parameters, [queries[0]]));
  expect(model.predict(state, [queries[0]]).variance[0]).toBeCloseTo(dot(j, solveDense(A, j)), 9);
});

describe('Kronecker-factored Laplace', () => {
  const options = { hidden: [3, 2], steps: 100, priorVariance: 1.5, noiseVariance: 0.2 };

  /** j Σ jᵀ by the P x P systems of the layers, the Gauss-Newton blocks as given. */
  function variance(
    net: ReturnType<typeof mlp>,
    parameters: Float64Array,
    x: number[],
    block: (l: number, at: number, size: number) => number[][],
  ): number {
    const j = Array.from(mlpJacobian(net, parameters, [x]));
    let total = 0;
    let at = 0;
    net.widths.slice(1).forEach((width, l) => {
      const size = width * (net.widths[l] + 1);
      const A = block(l, at, size).map((row, p) => row.map((v, q) => v / 0.2 + (p === q ? 1 / 1.5 : 0)));
      const part = j.slice(at, at + size);
      total += dot(part, solveDense(A, part));
      at += size;
    });
    return total;
  }

  test('has the variance of G ⊗ A/(n s) + I/v, layer by layer, by the P x P system', () => {
    const state = kroneckerLaplace(options).fit(X, y, createRng('kronecker'));
    const { net, parameters } = state;
    const n = X.length;
    const J = mlpJacobian(net, parameters, X);
    const got = kroneckerLaplace(options).predict(state, queries);
    queries.forEach((x, t) => {
      const expected = variance(net, parameters, x, (l, at, size) => {
        const [fanIn, width] = [net.widths[l], net.widths[l + 1]];
        // parameters of the layer are W row by row, then b; their part of j is g_o a_k and g_o
        const place = (p: number) =>
          p < width * fanIn ? [Math.floor(p / fanIn), p % fanIn] : [p - width * fanIn, fanIn];
        const g = (i: number, o: number) => J[i * net.parameterCount + at + width * fanIn + o];
        const a = (i: number, k: number) => {
          if (k === fanIn) return 1;
          return l === 0 ? X[i][k] : layerOutput(net, parameters, X[i], l)[k];
        };
        const sum = (f: (i: number) => number) => X.reduce((s, _, i) => s + f(i), 0);
        return Array.from({ length: size }, (_, p) =>
          Array.from({ length: size }, (_v, q) => {
            const [[o, k], [r, c]] = [place(p), place(q)];
            return (sum((i) => g(i, o) * g(i, r)) * sum((i) => a(i, k) * a(i, c))) / n;
          }),
        );
      });
      expect(got.variance[t]).toBeCloseTo(expected, 9);
    });
  });

  test('of one point has the exact Gauss-Newton blocks', () => {
    const state = kroneckerLaplace(options).fit([X[0]], [y[0]], createRng('one'));
    const J = mlpJacobian(state.net, state.parameters, [X[0]]);
    const expected = variance(state.net, state.parameters, queries[0], (_l, at, size) =>
      Array.from({ length: size }, (_, p) => Array.from({ length: size }, (_v, q) => J[at + p] * J[at + q])),
    );
    expect(kroneckerLaplace(options).predict(state, [queries[0]]).variance[0]).toBeCloseTo(expected, 10);
  });

  test('of a linear model is Bayesian linear regression', () => {
    const linear = { hidden: [], steps: 4000, priorVariance: 2, noiseVariance: 0.1 };
    const state = kroneckerLaplace(linear).fit(X, y, createRng('linear'));
    const exact = lastLayerLaplace(
      X.map((x) => [...x, 1]),
      y,
      { priorVariance: 2, noise: 0.1 },
    );
    const truth = lastLayerPredict(
      exact,
      queries.map((x) => [...x, 1]),
    );
    const got = kroneckerLaplace(linear).predict(state, queries);
    queries.forEach((_, t) => {
      expect(got.variance[t]).toBeCloseTo(truth.variance[t], 10);
      expect(got.mean[t]).toBeCloseTo(truth.mean[t], 3);
    });
    expect(() => kroneckerLaplace({ steps: -1 })).toThrow(/^steps must/);
    expect(() => kroneckerLaplace({ priorVariance: 0 })).toThrow(/^priorVariance must be positive/);
  });
});

describe('deep kernels', () => {
  test('the gradient of the objective agrees with central differences', () => {
    const net = mlp({ inputs: 2, hidden: [5, 2] });
    const rng = createRng('dkl');
    const theta = Float64Array.from([...mlpInit(net, rng), -0.4, -0.2, 0.1, -2]);
    const { gradient } = deepKernelObjective(net, X, y, theta);
    for (let p = 0; p < theta.length; p++) {
      const at = (by: number) =>
        deepKernelObjective(
          net,
          X,
          y,
          theta.map((v, q) => (q === p ? v + by : v)),
        ).value;
      const difference = (at(1e-5) - at(-1e-5)) / 2e-5;
      expect(Math.abs(gradient[p] - difference)).toBeLessThan(1e-5 * Math.max(1, Math.abs(difference)));
    }
    expect(() => deepKernelObjective(net, X, y, [1])).toThrow(/^theta must have length/);
  });

  test('of noise-free targets goes through them, and keeps its noise', () => {
    const options = { hidden: [8, 2], pretrainSteps: 200, steps: 200, learningRate: 0.01 };
    const exact = deepKernel({ ...options, deterministic: true });
    const state = exact.fit(X, y, createRng('exact'));
    expect(state.gp.noise).toBeCloseTo(1e-6, 15);
    exact.predict(state, X).mean.forEach((mean, i) => expect(Math.abs(mean - y[i])).toBeLessThan(1e-2));
    expect(deepKernel(options).fit(X, y, createRng('exact')).gp.noise).toBeGreaterThanOrEqual(1e-4);
  });

  test('joint training raises the objective over pre-training alone', () => {
    const options = { hidden: [8, 2], pretrainSteps: 200, learningRate: 0.01 };
    const before = deepKernel({ ...options, steps: 0 }).fit(X, y, createRng('phase'));
    const after = deepKernel({ ...options, steps: 300 }).fit(X, y, createRng('phase'));
    expect(after.objective).toBeGreaterThan(before.objective);
    expect(() => deepKernel({ hidden: [] })).toThrow(/^hidden must not be empty/);
  });
});

describe('the infinitely wide network', () => {
  const state = infiniteWidthNetwork().fit(X, y, createRng('ibnn'));
  const values = Object.fromEntries(
    kernelHyperparameters(state.kernel).map(({ name, value }) => [name, Math.exp(value)]),
  );

  test('keeps its weight and bias variances and fits scale and noise to the posterior of `fitGp`', () => {
    expect(values['kernel.weightVariance']).toBeCloseTo(10, 10);
    expect(values['kernel.biasVariance']).toBeCloseTo(1.3, 10);
    // the same priors and bounds through the general fit, which builds the matrix at every step
    const K = kernelMatrix(ibnnDefaults(2), X);
    const n = X.length;
    let spread = 0;
    for (let i = 0; i < n; i++) for (let j = 0; j < n; j++) spread += ((i === j ? n : 0) - 1) * K[i * n + j];
    const unit = (n * n) / spread;
    const fixed = [10, 10] as const;
    const { gp } = fitGp(X, y, {
      kernel: ibnnDefaults(2),
      outputScale: true,
      bounds: {
        'kernel.weightVariance': fixed,
        'kernel.biasVariance': [1.3, 1.3],
        variance: [unit * 1e-5, unit * 1e5],
      },
      priorOverrides: { variance: logNormalPrior(Math.log(unit) + 4, 2) },
      restarts: 3,
      rng: createRng('general'),
    });
    const [a, b] = [gpPredict(state, queries), gpPredict(gp, queries)];
    queries.forEach((_, j) => {
      expect(a.mean[j]).toBeCloseTo(b.mean[j], 2);
      expect(a.variance[j]).toBeCloseTo(b.variance[j], 2);
    });
    expect(state.noise as number).toBeCloseTo(gp.noise as number, 3);
  });

  test('takes another kernel and constant targets', () => {
    const custom = infiniteWidthNetwork({ kernel: matern52({ lengthscale: 0.4 }), deterministic: true });
    const { kernel, noise } = custom.fit(X, y, createRng(1));
    expect(JSON.stringify(kernel)).toContain('"lengthscale":0.4');
    expect(noise).toBe(1e-6);
    const flat = infiniteWidthNetwork();
    const { mean, variance } = flat.predict(flat.fit([[0.5, 0.5]], [0], createRng(1)), queries);
    expect(mean.every((m) => Math.abs(m) < 1e-9)).toBe(true);
    expect(variance.every(Number.isFinite)).toBe(true);
  });
});

test('variances are chosen by held-out density with the noise counted once', () => {
  const made: string[] = [];
  const rng = createRng('select');
  const make = ({
    priorVariance,
    noiseVariance,
  }: {
    priorVariance: number;
    noiseVariance: number;
  }): Surrogate<number> => {
    made.push(`${priorVariance}/${noiseVariance}`);
    return {
      fit: () => 0,
      predict: (_state, Xs) => {
        const m = (Xs as number[][]).length;
        return { mean: new Float64Array(m), variance: new Float64Array(m).fill(0.5) };
      },
      sample: () => new Float64Array(0),
    };
  };
  const chosen = selectNetworkVariances(
    make,
    X,
    X.map(() => 1),
    rng,
  );
  // residual 1 everywhere: the density is highest where 0.5 + noise is nearest to 1 in the sense of -½(ln v + 1/v)
  expect(chosen.noiseVariance).toBe(1);
  expect(chosen.priorVariance).toBe(0.1);
  expect(made).toEqual(['0.1/0.1', '0.1/1', '0.1/10', '1/0.1', '1/1', '1/10', '10/0.1', '10/1', '10/10']);
  const score = chosen.scores.find(({ noiseVariance }) => noiseVariance === 1)!.score;
  expect(score).toBeCloseTo(-0.5 * (Math.log(2 * Math.PI * 1.5) + 1 / 1.5), 12);
  expect(() => selectNetworkVariances(make, [[0, 0]], [1], rng)).toThrow(/^X must hold at least 2 points/);
});

describe('metrics of predictive distributions', () => {
  const rng = createRng('metrics');
  const m = 4000;
  const mean = Float64Array.from({ length: m }, () => sampleNormal(rng));
  const variance = Float64Array.from({ length: m }, () => 0.2 + rng());
  const truth = mean.map((v, j) => v + Math.sqrt(variance[j]) * sampleNormal(rng));

  test('a distribution that is right covers what it says and is calibrated; a narrow one is not', () => {
    for (const level of [0.5, 0.9]) {
      const tolerance = Math.sqrt(Math.log(2e9) / (2 * m)); // Hoeffding, false alarm 1e-9
      expect(Math.abs(predictiveCoverage({ mean, variance }, truth, level) - level)).toBeLessThan(tolerance);
    }
    const narrow = variance.map((v) => v / 9);
    expect(calibrationError({ mean, variance }, truth)).toBeLessThan(0.0029); // Hoeffding on each level, squared
    expect(calibrationError({ mean, variance: narrow }, truth)).toBeGreaterThan(0.01);
    expect(logPredictiveDensity({ mean, variance }, truth)).toBeGreaterThan(
      logPredictiveDensity({ mean, variance: narrow }, truth),
    );
  });

  test('a point mass counts as below, at or above', () => {
    expect(calibrationError({ mean: [0], variance: [0] }, [0], { levels: 1 })).toBe(0.25);
    expect(predictiveCoverage({ mean: [0], variance: [0] }, [1], 0.99)).toBe(0);
    expect(predictiveCoverage({ mean: [0], variance: [0] }, [1], 1)).toBe(1);
    expect(() => logPredictiveDensity({ mean: [0], variance: [0] }, [0])).toThrow(
      /^variance\[0\] \+ noise must be positive/,
    );
    expect(() => predictiveCoverage({ mean: [0], variance: [1] }, [0], 2)).toThrow(/^level must/);
    expect(() => calibrationError({ mean: [0], variance: [-1] }, [0])).toThrow(/^variance\[0\] must/);
    expect(() => logPredictiveDensity({ mean: [], variance: [] }, [])).toThrow(/^y must not be empty/);
  });
});

describe('problems', () => {
  test('of the study: its sizes and budgets, values to be maximized, optima where they are known', () => {
    const table = studyProblems().map((p) => [p.name, p.dimension, p.objectives, p.initial, p.rounds, p.batch]);
    expect(table).toEqual([
      ['branin', 2, 1, 10, 9, 10],
      ['hartmann6', 6, 1, 10, 19, 10],
      ['ackley', 10, 1, 10, 19, 10],
      ['braninCurrin', 2, 2, 10, 19, 5],
      ['dtlz1', 5, 2, 10, 9, 10],
      ['dtlz5', 5, 2, 10, 9, 10],
      ['polynomial', 200, 1, 100, 25, 10],
      ['networkDraw', 400, 1, 100, 50, 10],
    ]);
    const best: Record<string, [number[], number]> = {
      hartmann6: [[0.20169, 0.150011, 0.476874, 0.275332, 0.311652, 0.6573], 3.322368],
      ackley: [new Array<number>(10).fill(0.5), 0],
    };
    for (const problem of studyProblems()) {
      const f = problem.make(createRng('study', problem.name));
      const again = problem.make(createRng('study', problem.name));
      const rng = createRng('inputs', problem.name);
      for (let i = 0; i < 3; i++) {
        const u = Float64Array.from({ length: problem.dimension }, rng);
        const values = f(u);
        expect(values.length).toBe(problem.objectives);
        expect(values.every(Number.isFinite)).toBe(true);
        expect(again(u)).toEqual(values);
        if (problem.name in best) expect(values[0]).toBeLessThan(best[problem.name][1]);
      }
      if (problem.name in best) expect(f(best[problem.name][0])[0]).toBeCloseTo(best[problem.name][1], 5);
    }
  });

  test('the polynomial is the sum of products over rows of the reshaped input', () => {
    const problem = polynomialProblem(8, createRng('poly'));
    const c = createRng('poly');
    const shift = Array.from({ length: 8 }, () => sampleNormal(c));
    const x = [0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8];
    const u = x.map((v, i) => v - shift[i]);
    expect(problem.evaluate(x)).toBeCloseTo(u[0] * u[2] * u[4] * u[6] + u[1] * u[3] * u[5] * u[7], 12);
    expect(() => polynomialProblem(6, createRng(1))).toThrow(/^dimension must be a multiple of 4/);
  });

  test('a network draw has about the variance of its prior', () => {
    // f = Σ over 256 hidden units w φ + b with φ in (-1, 1) near ±1 for wide tanh layers: variance below 257
    const values = Array.from({ length: 40 }, (_, s) =>
      networkDrawProblem(20, createRng('net', s), { hidden: [256, 256] }).evaluate(new Float64Array(20).fill(0.5)),
    );
    const spread = values.reduce((total, v) => total + v * v, 0) / 40;
    expect(spread).toBeGreaterThan(80);
    expect(spread).toBeLessThan(600);
  });

  test('pest control: doing nothing costs stages above the threshold, buying one kind has its price', () => {
    const nothing = pestControl(new Array<number>(25).fill(0), createRng('pest'));
    expect(nothing).toBeGreaterThan(20); // the pest is above 10 % within a few stages
    expect(nothing).toBeLessThanOrEqual(25);
    const always = pestControl(new Array<number>(25).fill(1), createRng('pest'));
    // 25 stages at price 1 x (1 - 0.2) = 20, and the pest nearly gone
    expect(always).toBeGreaterThan(20);
    expect(always).toBeLessThan(21);
    expect(pestControl([], createRng(1))).toBe(0);
    expect(() => pestControl([5], createRng(1))).toThrow(/^choices\[0\] must/);
  });
});

it.each<[RegExp, () => unknown]>([
  [/^members must/, () => deepEnsemble({ members: 0 })],
  [/^subset must/, () => deepEnsemble({ subset: 0 })],
  [/^steps must/, () => deepEnsemble({ steps: -1 })],
  [/^noiseVariance must be positive/, () => deepEnsemble({ noiseVariance: 0 })],
  [/^chains must/, () => hmcNetwork({ chains: 0 })],
  [/^priorVariance must be positive/, () => hmcNetwork({ priorVariance: -1 })],
  [/^batchSize must/, () => sghmcNetwork({ batchSize: 0 })],
  [/^steps must/, () => deepKernel({ steps: 0.5 })],
  [/^pretrainSteps must/, () => deepKernel({ pretrainSteps: -1 })],
  [/^steps must/, () => linearizedLaplace({ steps: -1 })],
  [/^evidenceRounds must/, () => adaptiveBasisNetwork({ evidenceRounds: -1 })],
])('a bad option is refused: %s', (message, call) => {
  expect(call).toThrow(RangeError);
  expect(call).toThrow(message);
});

/** a^l at one point, by the network cut off after layer l. */
function layerOutput(net: ReturnType<typeof mlp>, parameters: Float64Array, x: number[], l: number): number[] {
  let a = x;
  let at = 0;
  for (let k = 1; k <= l; k++) {
    const [fanIn, width] = [net.widths[k - 1], net.widths[k]];
    const bias = at + width * fanIn;
    a = Array.from({ length: width }, (_, o) =>
      Math.tanh(dot(parameters.subarray(at + o * fanIn, at + (o + 1) * fanIn), a) + parameters[bias + o]),
    );
    at = bias + width;
  }
  return a;
}

function dot(a: ArrayLike<number>, b: ArrayLike<number>): number {
  return Array.from(a).reduce((total, v, i) => total + v * b[i], 0);
}
