import { describe, expect, it } from 'vitest';
import {
  constantKernel,
  dimensionScaledPrior,
  fitGp,
  gammaPrior,
  gpLogMarginalLikelihood,
  gpPredict,
  halfCauchyPrior,
  hammingKernel,
  kernelHyperparameters,
  linearTruncatedFidelity,
  logNormalPrior,
  matern52,
  normalPrior,
  optunaLengthscalePrior,
  type Prior,
  priorCenter,
  priorLogDensity,
  priorLogSlope,
  priorMode,
  productKernel,
  rbf,
  saasMap,
  sampleHyperparameters,
  samplePrior,
  smoothedBoxPrior,
  sumKernel,
  warpedKernel,
  whiteKernel,
} from '../../../src/bo/index.js';
import { hyperPosterior, logPosterior } from '../../../src/bo/gp/log-posterior.js';
import { createRng } from '../../../src/random/index.js';
import { difference, flat, randomPoints, seeded } from '../random-models.js';
import { expectFit } from '../../support/fit.js';

const wave = (X: number[][]) => X.map(([a, b]) => Math.sin(5 * a) + 0.3 * b);

describe('priors', () => {
  const PRIORS: Record<string, Prior> = {
    logNormal: logNormalPrior(0.3, 0.8),
    gamma: gammaPrior(3, 6),
    normal: normalPrior(0.5, 2),
    halfCauchy: halfCauchyPrior(0.7),
    smoothedBox: smoothedBoxPrior(0.5, 2, 0.3),
  };

  it.each(Object.entries(PRIORS))('%s integrates to 1, and its slope is that of differences', (name, prior) => {
    // Substituting x = e^t (all of the line for the normal) and Simpson's rule; the half-Cauchy tail is added.
    const low = name === 'normal' || name === 'smoothedBox' ? -20 : Math.log(1e-9);
    const high = name === 'normal' || name === 'smoothedBox' ? 20 : Math.log(1e9);
    const N = 200000;
    const h = (high - low) / N;
    let total = 0;
    for (let i = 0; i <= N; i++) {
      const t = low + i * h;
      const direct = name === 'normal' || name === 'smoothedBox';
      const weight = i === 0 || i === N ? 1 : i % 2 === 1 ? 4 : 2;
      total += weight * Math.exp(priorLogDensity(prior, direct ? t : Math.exp(t)) + (direct ? 0 : t));
    }
    expect(Math.abs((total * h) / 3 - 1)).toBeLessThan(1e-6);
    for (const x of [0.05, 0.4, 1, 1.9, 3]) {
      const numeric = difference(([t]) => priorLogDensity(prior, Math.exp(t)), [Math.log(x)], 0);
      expect(Math.abs(priorLogSlope(prior, x) - numeric)).toBeLessThan(1e-6 * Math.max(1, Math.abs(numeric)));
    }
  });

  it.each(Object.entries({ ...PRIORS, optuna: optunaLengthscalePrior() }))('%s is largest at its mode', (_, prior) => {
    const mode = priorMode(prior);
    const at = priorLogDensity(prior, Math.max(mode, 1e-12));
    for (const x of [0.01, 0.2, 0.7, 1.5, 4]) expect(priorLogDensity(prior, x)).toBeLessThanOrEqual(at + 1e-12);
  });

  it('the prior of length-scales has the modes that its paper gives', () => {
    for (const [d, mode] of [
      [1, 0.2048],
      [6, 0.5016],
      [20, 0.9158],
    ]) {
      // prettier-ignore
      expect(priorMode(dimensionScaledPrior(d))).toBeCloseTo(mode, 4);
    }
    expect(priorCenter(logNormalPrior(1, 2))).toBeCloseTo(Math.E, 14);
  });

  it('has no mass outside its support', () => {
    for (const prior of [PRIORS.logNormal, PRIORS.gamma, PRIORS.halfCauchy, optunaLengthscalePrior()]) {
      expect(priorLogDensity(prior, 0)).toBe(-Infinity);
      expect(priorLogDensity(prior, -1)).toBe(-Infinity);
    }
  });

  it('draws follow the distribution functions', () => {
    const rng = createRng(3, 'priors');
    const edges = [0.3, 0.6, 1, 1.5, 2.5];
    const normalCdf = (z: number) => {
      // Φ by Simpson's rule
      let total = 0;
      for (let i = 0; i <= 2000; i++) {
        const t = -9 + (i * (z + 9)) / 2000;
        total += (i === 0 || i === 2000 ? 1 : i % 2 === 1 ? 4 : 2) * Math.exp((-t * t) / 2);
      }
      return (total * (z + 9)) / 6000 / Math.sqrt(2 * Math.PI);
    };
    expectFit(
      () => samplePrior(PRIORS.logNormal, rng),
      20000,
      edges,
      (x) => normalCdf((Math.log(x) - 0.3) / 0.8),
    );
    expectFit(
      () => samplePrior(PRIORS.gamma, rng),
      20000,
      edges,
      (x) => 1 - Math.exp(-6 * x) * (1 + 6 * x + 18 * x * x),
    );
    expectFit(
      () => samplePrior(PRIORS.normal, rng),
      20000,
      edges,
      (x) => normalCdf((x - 0.5) / 2),
    );
    expectFit(
      () => samplePrior(PRIORS.halfCauchy, rng),
      20000,
      edges,
      (x) => (2 / Math.PI) * Math.atan(x / 0.7),
    );
    const tails = Math.sqrt(2 * Math.PI) * 0.3;
    const box = (x: number) =>
      x < 0.5
        ? tails * normalCdf((x - 0.5) / 0.3)
        : x < 2
          ? tails / 2 + (x - 0.5)
          : 1.5 + tails * normalCdf((x - 2) / 0.3);
    expectFit(
      () => samplePrior(PRIORS.smoothedBox, rng),
      20000,
      edges,
      (x) => box(x) / (1.5 + tails),
    );
  });

  it.each<[string, () => unknown, RegExp]>([
    ['sigma', () => logNormalPrior(0, 0), /sigma/],
    ['concentration', () => gammaPrior(0, 1), /concentration/],
    ['rate', () => gammaPrior(1, -1), /rate/],
    ['sd', () => normalPrior(0, 0), /sd/],
    ['scale', () => halfCauchyPrior(0), /scale/],
    ['upper', () => smoothedBoxPrior(1, 0, 1), /upper/],
    ['dimension', () => dimensionScaledPrior(0), /dimension/],
  ])('%s is checked', (_, call, message) => expect(call).toThrow(message));
});

describe('the priors, bounds and starts of a fit', () => {
  const E = Math.exp;
  const scale = { type: 'logNormal', mu: 0, sigma: 1 };
  const noise = { type: 'logNormal', mu: -4, sigma: 1 };
  const lengthscale = { type: 'logNormal', mu: Math.SQRT2 + Math.log(2) / 2, sigma: Math.sqrt(3) };
  const gamma = (concentration: number, rate: number) => ({ type: 'gamma', concentration, rate });
  // Prior, lower and upper bound, start: fields themselves.
  type Row = [name: string, prior: object | undefined, lower: number, upper: number, start: number];
  const families: [name: string, options: object, rows: Row[]][] = [
    [
      'default',
      { outputScale: true },
      [
        ['variance', scale, 1e-3, 1e3, E(-1)],
        ['kernel.lengthscale.0', lengthscale, 0.025, 1e3, E(Math.SQRT2 - 3 + Math.log(2) / 2)],
        ['kernel.lengthscale.1', lengthscale, 0.025, 1e3, E(Math.SQRT2 - 3 + Math.log(2) / 2)],
        ['noise', noise, 1e-4, 1e2, E(-5)],
      ],
    ],
    [
      'gamma',
      { outputScale: true, priors: 'gamma', kernel: rbf({ lengthscale: 1 }) },
      [
        ['variance', gamma(2, 0.15), 1e-3, 1e3, 1 / 0.15],
        ['kernel.lengthscale', gamma(3, 6), 0.025, 1e3, 2 / 6],
        ['noise', gamma(1.1, 0.05), 1e-4, 1e2, 0.1 / 0.05],
      ],
    ],
    [
      'optuna',
      { outputScale: true, priors: 'optuna', kernel: rbf({ lengthscale: 1 }) },
      [
        ['variance', gamma(2, 1), 1e-3, 1e3, 1],
        ['kernel.lengthscale', { type: 'optunaLengthscale' }, 0.025, 1e3, 1],
        ['noise', gamma(1.1, 30), 1e-6, 1e2, 0.1 / 30],
      ],
    ],
    [
      'a warp',
      { kernel: warpedKernel(constantKernel(0.4), { dims: [0] }), deterministic: true },
      [
        ['warpA.0', { type: 'logNormal', mu: 0.75 ** 2, sigma: 0.75 }, 1e-2, 1e2, 1],
        ['warpB.0', { type: 'logNormal', mu: 0.75 ** 2, sigma: 0.75 }, 1e-2, 1e2, 1],
        ['kernel.value', undefined, 1e-3, 1e3, 0.4],
      ],
    ],
    [
      'a fidelity whose power is fitted',
      {
        kernel: linearTruncatedFidelity({
          fidelityDim: 1,
          powerMode: 'fit',
          unbiased: constantKernel(7),
          biased: constantKernel(1),
        }),
        noise: 0.1,
      },
      [
        ['power', gamma(3, 3), 1e-2, 1e2, 2 / 3],
        ['unbiased.value', undefined, 1e-3, 1e3, 7],
        ['biased.value', undefined, 1e-3, 1e3, 1],
      ],
    ],
    [
      'saas',
      { priors: 'saas' },
      [
        ['rho.0', { type: 'halfCauchy', scale: 1 }, 1e-6, 1e4, 1],
        ['rho.1', { type: 'halfCauchy', scale: 1 }, 1e-6, 1e4, 1],
        ['tau', { type: 'halfCauchy', scale: 0.1 }, 1e-4, 1e2, 0.1],
        ['variance', scale, 1e-3, 1e3, E(-1)],
        ['noise', noise, 1e-4, 1e2, E(-5)],
      ],
    ],
  ];
  it.each(families)('%s', (_name, options, rows) => {
    const X = { data: Float64Array.of(0, 0.5, 1, 0.2), rows: 2, columns: 2 };
    const { parameters } = hyperPosterior(X, Float64Array.of(1, 2), options, false);
    expect(parameters.map(({ name }) => name)).toEqual(rows.map(([name]) => name));
    rows.forEach(([, prior, lower, upper, start], p) => {
      const parameter = parameters[p];
      if (prior === undefined) expect(parameter.prior).toBeUndefined();
      for (const [field, value] of Object.entries(prior ?? {})) {
        const got = (parameter.prior as unknown as Record<string, unknown>)[field];
        if (typeof value === 'number') expect(got).toBeCloseTo(value, 14);
        else expect(got).toBe(value);
      }
      expect(E(parameter.lower)).toBeCloseTo(lower, 12);
      expect(E(parameter.upper) / upper).toBeCloseTo(1, 12);
      expect(E(parameter.start)).toBeCloseTo(start, 12);
    });
  });

  it('the penalty of Optuna is -(0.1/q + 0.1 q) in the inverse squared length-scale q', () => {
    for (const l of [0.2, 1, 3]) {
      expect(priorLogDensity(optunaLengthscalePrior(), l)).toBeCloseTo(-(0.1 * l * l + 0.1 / (l * l)), 13);
    }
  });

  it('a deterministic function has the noise 1e-6, whatever the option of the noise says', () => {
    expect(fitGp([[0], [1]], [1, 2], { restarts: 0, deterministic: true, noise: 0.5 }).gp.noise).toBe(1e-6);
  });
});

describe('the log posterior of hyper-parameters', () => {
  const X = flat(randomPoints('', 9, seeded(1)));
  const y = Float64Array.from({ length: 9 }, (_, i) => Math.sin(3 * X.data[3 * i]) + X.data[3 * i + 1]);

  it.each([
    ['default', {}],
    ['output scale', { outputScale: true }],
    ['gamma', { outputScale: true, priors: 'gamma' }],
    ['optuna', { outputScale: true, priors: 'optuna' }],
    ['saas', { priors: 'saas' }],
    ['rbf, fixed noise', { kernel: 'rbf', noise: 0.1 }],
    ['leave-one-out', { objective: 'leave-one-out' }],
    ['fixed mean', { mean: 0.4 }],
    ['warped', { kernel: warpedKernel(matern52({ lengthscale: [1, 1, 1] }), { dims: [0, 1] }) }],
  ] as const)('%s: gradient of differences, with and without the Jacobian', (_, options) => {
    for (const jacobian of [false, true]) {
      const posterior = hyperPosterior(X, y, options, jacobian);
      const theta = Float64Array.from(posterior.parameters, ({ start }, p) => start + 0.1 * Math.sin(p + 1));
      const gradient = new Float64Array(theta.length);
      logPosterior(posterior, theta, gradient);
      const scratch = new Float64Array(theta.length);
      for (let p = 0; p < theta.length; p++) {
        const numeric = difference((t) => logPosterior(posterior, Float64Array.from(t), scratch), theta, p);
        expect(Math.abs(gradient[p] - numeric)).toBeLessThan(2e-6 * Math.max(1, Math.abs(numeric)));
      }
    }
  });

  it('the Jacobian is Σ θ', () => {
    const plain = hyperPosterior(X, y, {}, false);
    const theta = Float64Array.from(plain.parameters, ({ start }) => start);
    const scratch = new Float64Array(theta.length);
    const total = theta.reduce((a, b) => a + b, 0);
    const difference =
      logPosterior(hyperPosterior(X, y, {}, true), theta, scratch) - logPosterior(plain, theta, scratch);
    expect(difference).toBeCloseTo(total, 10);
  });
});

describe('fitGp', () => {
  const X = randomPoints('', 25, seeded(2)).map(([a, b]) => [a, b]);
  const y = wave(X);

  it('finds a stationary point of the posterior, not below any of its starts', () => {
    const fit = fitGp(X, y, { restarts: 2, rng: createRng(1) });
    expect(fit.status).toBe('fitted');
    expect(fit.names).toEqual(['lengthscale.0', 'lengthscale.1', 'noise']);
    const posterior = hyperPosterior(flat(X), Float64Array.from(y), {}, false);
    const gradient = new Float64Array(3);
    const value = logPosterior(posterior, fit.hyperparameters, gradient);
    expect(value).toBeCloseTo(fit.logPosterior, 10);
    posterior.parameters.forEach(({ lower, upper }, p) => {
      const t = fit.hyperparameters[p];
      expect(t >= lower && t <= upper).toBe(true);
      if (t - lower > 1e-9 && upper - t > 1e-9) expect(Math.abs(gradient[p])).toBeLessThan(0.02);
      else expect(gradient[p] * (t - lower > 1e-9 ? 1 : -1)).toBeGreaterThanOrEqual(-1e-9); // pushed outward
    });
    const start = Float64Array.from(posterior.parameters, (parameter) => parameter.start);
    expect(value).toBeGreaterThan(logPosterior(posterior, start, gradient));
    const { gp } = fit;
    const evidence = gpLogMarginalLikelihood(gp.kernel, X, y, { noise: gp.noise, mean: gp.mean }).value;
    expect(fit.logMarginalLikelihood).toBeCloseTo(evidence, 9);
  });

  it('recovers which coordinate matters, and predicts', () => {
    const { gp } = fitGp(X, y, { restarts: 0, deterministic: true });
    const scales = kernelHyperparameters(gp.kernel).map(({ value }) => value);
    expect(scales[0]).toBeLessThan(scales[1]);
    const probe = [[0.3, 0.4], [0.7, 0.6]]; // prettier-ignore
    gpPredict(gp, probe).mean.forEach((mean, i) => expect(Math.abs(mean - wave(probe)[i])).toBeLessThan(0.02));
  });

  it('a warm start is used, and the same seed gives the same bits', () => {
    const first = fitGp(X, y, { restarts: 0 });
    const again = fitGp(X, y, { restarts: 0, start: first.hyperparameters });
    expect(again.logPosterior).toBeGreaterThanOrEqual(first.logPosterior - 1e-9);
    const seeded1 = fitGp(X, y, { restarts: 2, rng: createRng(5) });
    expect(fitGp(X, y, { restarts: 2, rng: createRng(5) })).toEqual(seeded1);
  });

  it('targets that do not vary, and one target, give the model of the prior’s mode', () => {
    const fit = fitGp([[0.1], [0.5], [0.9]], [2, 2, 2], { restarts: 0, outputScale: true });
    expect(fit.status).toBe('constant');
    const [variance, lengthscale] = fit.hyperparameters;
    expect(variance).toBeCloseTo(-1, 12); // mode of LogNormal(0, 1) is e^-1
    expect(lengthscale).toBeCloseTo(Math.log(0.20478667782260787), 12);
    expect(gpPredict(fit.gp, [[0.3]]).mean[0]).toBeCloseTo(2, 10);
    expect(fitGp([[0.3]], [5], { restarts: 0 }).gp.n).toBe(1);
    expect(fitGp([], [], { kernel: rbf({ lengthscale: 1 }), restarts: 0 }).gp.n).toBe(0);
  });

  it('a constant column leaves its length-scale at the mode of the prior', () => {
    const withConstant = X.map(([a]) => [a, 0.5]);
    const fit = fitGp(withConstant, wave(withConstant), { restarts: 0 });
    expect(fit.hyperparameters[1]).toBeCloseTo(Math.log(priorMode(dimensionScaledPrior(2))), 2);
  });

  it('collinear columns fit', () => {
    const twice = X.map(([a]) => [a, 2 * a - 0.5]);
    expect(fitGp(twice, wave(twice), { restarts: 0 }).status).toBe('fitted');
  });

  it('fixes what it is told to: noise, mean, bounds, priors', () => {
    const fit = fitGp(X, y, {
      restarts: 0,
      noise: 0.3,
      mean: 0.1,
      bounds: { 'lengthscale.0': [0.5, 0.6] },
      priorOverrides: { 'lengthscale.1': logNormalPrior(0, 1e-3) },
    });
    expect(fit.gp.noise).toBe(0.3);
    expect(fit.gp.mean).toBe(0.1);
    expect(Math.exp(fit.hyperparameters[0])).toBeGreaterThanOrEqual(0.5 - 1e-12);
    expect(Math.exp(fit.hyperparameters[0])).toBeLessThanOrEqual(0.6 + 1e-12);
    expect(fit.hyperparameters[1]).toBeCloseTo(0, 2);
    expect(fitGp(X, y, { restarts: 0, deterministic: true }).gp.noise).toBe(1e-6);
  });

  it('fits composite kernels, categories, fidelities, and white noise in the kernel', () => {
    const rng = seeded(6);
    const data = Array.from({ length: 18 }, () => [rng(), Math.floor(3 * rng()), rng()]);
    const z = data.map(([a, c, s]) => Math.sin(4 * a) + 0.5 * c + 0.1 * (1 - s));
    const category = productKernel(
      matern52({ lengthscale: [1], activeDims: [0] }),
      hammingKernel({ lengthscale: 1, activeDims: [1] }),
    );
    for (const kernel of [
      category,
      sumKernel(category, whiteKernel(0.01)),
      linearTruncatedFidelity({
        fidelityDim: 2,
        powerMode: 'fit',
        unbiased: matern52({ lengthscale: [1, 1] }),
        biased: rbf({ lengthscale: 1 }),
      }),
    ]) {
      const fit = fitGp(data, z, { kernel, restarts: 0 });
      expect(fit.status).toBe('fitted');
      expect(fit.evaluations).toBeGreaterThan(3);
    }
  });

  it('falls back to the mode of the prior, with more noise, when no start can be factored', () => {
    // Indefinite beyond any jitter: a fidelity kernel of power 1/2 (see its docs) without an unbiased part to speak of.
    const kernel = linearTruncatedFidelity({
      fidelityDim: 0,
      power: 0.5,
      unbiased: constantKernel(1e-9),
      biased: constantKernel(1),
    });
    const s = Array.from({ length: 12 }, (_, i) => [i / 11, 0]);
    const z = s.map(([a]) => a);
    const bounds = { 'unbiased.value': [1e-9, 1e-8], 'biased.value': [0.5, 1] } as const;
    const fit = fitGp(s, z, { kernel, restarts: 1, rng: createRng(1), noise: 1e-9, bounds });
    expect(fit.status).toBe('fallback');
    expect(fit.logPosterior).toBe(-Infinity);
    expect(fit.gp.noise).toBeGreaterThan(1e-4);
    expect(fit.gp.alpha.every(Number.isFinite)).toBe(true);
  });

  it.each<[string, () => unknown, RegExp]>([
    ['restarts without rng', () => fitGp(X, y), /rng must be given/],
    ['restarts', () => fitGp(X, y, { restarts: -1 }), /restarts/],
    ['objective', () => fitGp(X, y, { restarts: 0, objective: 'x' as never }), /objective/],
    ['kernel name', () => fitGp(X, y, { restarts: 0, kernel: 'x' as never }), /kernel/],
    ['y length', () => fitGp(X, [1]), /y must have length/],
    ['noise', () => fitGp(X, y, { restarts: 0, noise: -1 }), /noise/],
    ['start', () => fitGp(X, y, { restarts: 0, start: [0] }), /start must have length/],
    ['loo mean', () => fitGp(X, y, { restarts: 0, objective: 'leave-one-out', mean: { type: 'linear', coefficients: [1, 2, 3] } }), /mean/],
    ['saas kernel', () => fitGp(X, y, { restarts: 0, priors: 'saas', kernel: rbf({ lengthscale: 1 }) }), /saas/],
    ['sampling nothing', () => sampleHyperparameters([], [], createRng(1)), /X must not be empty/],
    ['sampling method', () => sampleHyperparameters(X, y, createRng(1), { method: 'x' as never }), /method/],
  ])('%s is refused by name', (_, call, message) => expect(call).toThrow(message)); // prettier-ignore
});

describe('sparse axis-aligned subspaces', () => {
  it('find the two coordinates of twelve that matter', () => {
    const rng = seeded(21);
    const X = Array.from({ length: 40 }, () => Array.from({ length: 12 }, () => rng()));
    const y = X.map((x) => Math.sin(6 * x[3]) + 1.5 * (x[8] - 0.5) ** 2);
    const fit = saasMap(X, y, { restarts: 0 });
    const rho = Array.from(fit.hyperparameters.subarray(0, 12));
    const order = rho.map((_, i) => i).sort((a, b) => rho[b] - rho[a]);
    expect(order.slice(0, 2).sort((a, b) => a - b)).toEqual([3, 8]);
    expect(fit.names.slice(12)).toEqual(['tau', 'variance', 'noise']);
  });
});

describe('sampleHyperparameters', () => {
  it('samples the posterior: moments agree with a grid, for slice sampling and for Hamiltonian Monte Carlo', () => {
    // One length-scale, noise and mean fixed: a density of one variable, integrated by the trapezoid rule.
    const X = [[0.1], [0.3], [0.55], [0.8], [0.95]];
    const y = [0.5, -0.2, -0.9, 0.4, 1];
    const model = { kernel: matern52({ lengthscale: 1 }), noise: 0.05, mean: 0 } as const;
    const posterior = hyperPosterior(flat(X), Float64Array.from(y), model, true);
    const { lower, upper } = posterior.parameters[0];
    const scratch = new Float64Array(1);
    let mass = 0;
    let first = 0;
    let second = 0;
    for (let i = 0; i <= 4000; i++) {
      const t = lower + (i * (upper - lower)) / 4000;
      const p = Math.exp(logPosterior(posterior, Float64Array.of(t), scratch));
      mass += p;
      first += p * t;
      second += p * t * t;
    }
    const mean = first / mass;
    const sd = Math.sqrt(second / mass - mean * mean);
    for (const method of ['slice', 'hmc'] as const) {
      const samples = 400;
      const run = sampleHyperparameters(X, y, createRng(7, method), { ...model, method, samples, thin: 4 });
      const average = run.hyperparameters.reduce((a, b) => a + b, 0) / samples;
      // Thinned by 4 the chain is close to independent; a factor 3 in the variance is left for its correlation.
      expect(Math.abs(average - mean)).toBeLessThan(6.2 * sd * Math.sqrt(3 / samples));
      const spread = Math.sqrt(run.hyperparameters.reduce((a, b) => a + (b - average) ** 2, 0) / samples);
      expect(spread / sd).toBeGreaterThan(0.6);
      expect(spread / sd).toBeLessThan(1.6);
      expect(run.gps.length).toBe(samples);
      expect(run.evaluations).toBeGreaterThan(samples);
    }
  });

  it('works under the subspace prior, and keeps the bounds', () => {
    const X = randomPoints('', 10, seeded(4));
    const y = X.map(([a]) => Math.sin(4 * a));
    const run = sampleHyperparameters(X, y, createRng(2), { priors: 'saas', samples: 4, burnIn: 4, thin: 1 });
    expect(run.names).toEqual(['rho.0', 'rho.1', 'rho.2', 'tau', 'variance', 'noise']);
    expect(run.gps.every((gp) => gpPredict(gp, X).mean.every(Number.isFinite))).toBe(true);
  });
});
