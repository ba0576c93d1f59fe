import { expect, test } from 'vitest';
import {
  dualAveraging,
  hmc,
  leapfrog,
  mcmcDiagnostics,
  sghmc,
  sghmcStep,
  sliceSample,
} from '../../src/inference/index.js';
import { createRng, sampleNormal } from '../../src/random/index.js';

// A Gaussian of dimension 3: log π = -θᵀ A θ / 2 with the inverse of A known by hand.
const A = [2, 0.6, 0, 0.6, 1, 0, 0, 0, 4];
const determinant = 2 * 1 - 0.6 * 0.6;
const covariance = [1 / determinant, -0.6 / determinant, 0, -0.6 / determinant, 2 / determinant, 0, 0, 0, 0.25];
function gaussian(theta: Float64Array, gradient: Float64Array): number {
  let energy = 0;
  for (let i = 0; i < 3; i++) {
    let g = 0;
    for (let j = 0; j < 3; j++) g += A[3 * i + j] * theta[j];
    gradient[i] = -g;
    energy += 0.5 * theta[i] * g;
  }
  return -energy;
}

test('leapfrog comes back when the momentum is negated', () => {
  const start = { position: [0.3, -1, 0.5], momentum: [1, 0.2, -0.7] };
  const options = { step: 0.1, steps: 25, mass: [1, 2, 0.5] };
  const there = leapfrog(gaussian, start, options);
  const back = leapfrog(gaussian, { position: there.position, momentum: there.momentum.map((p) => -p) }, options);
  back.position.forEach((x, i) => expect(Math.abs(x - start.position[i])).toBeLessThan(1e-12));
  back.momentum.forEach((p, i) => expect(Math.abs(p + start.momentum[i])).toBeLessThan(1e-12));
});

test('the energy error of leapfrog falls with the square of the step', () => {
  const start = { position: [0.3, -1, 0.5], momentum: [1, 0.2, -0.7] };
  const error = (steps: number) => Math.abs(leapfrog(gaussian, start, { step: 1.3 / steps, steps }).energyError);
  const ratio = error(64) / error(128);
  expect(ratio).toBeGreaterThan(3.9);
  expect(ratio).toBeLessThan(4.1);
});

/** Mean and covariance of the draws of each sampler, against the truth within five standard errors. */
function expectGaussian(samples: Float64Array, slack = 0): void {
  const count = samples.length / 3;
  const column = (i: number) => Float64Array.from({ length: count }, (_, s) => samples[3 * s + i]);
  for (let i = 0; i < 3; i++) {
    const x = column(i);
    const { mean, standardErrorOfMean } = mcmcDiagnostics([x]);
    expect(Math.abs(mean)).toBeLessThan(6 * standardErrorOfMean);
    for (let j = 0; j <= i; j++) {
      const y = column(j);
      const products = mcmcDiagnostics([x.map((v, s) => v * y[s])]);
      const error = Math.abs(products.mean - covariance[3 * i + j]);
      expect(error, `covariance ${i} ${j}`).toBeLessThan(6 * products.standardErrorOfMean + slack);
    }
  }
}

test('HMC recovers the mean and covariance of a Gaussian, at the wanted acceptance', () => {
  const rng = createRng('hmc');
  const run = hmc(gaussian, [1, 1, 1], rng, { samples: 4000, burnIn: 1000, stepSize: 0.3, pathLength: 3.4 });
  expectGaussian(run.samples);
  expect(Math.abs(run.acceptanceRate - 0.8)).toBeLessThan(0.1);
  expect(run.divergences).toBe(0);
  expect(run.leapfrogs).toBe(4000 * Math.ceil(3.4 / run.stepSize));
});

test('HMC with learned diagonal masses and a reasonable first step samples badly scaled coordinates', () => {
  const scales = [0.01, 1, 100];
  const density = (theta: Float64Array, gradient: Float64Array) => {
    let value = 0;
    for (let i = 0; i < 3; i++) {
      gradient[i] = -theta[i] / scales[i] ** 2;
      value -= 0.5 * (theta[i] / scales[i]) ** 2;
    }
    return value;
  };
  const rng = createRng('hmc scales');
  const options = {
    samples: 1500,
    burnIn: 1500,
    stepSize: 1e-3,
    pathLength: 1.5,
    massAdaptation: 'diagonal',
    initialStep: 'reasonable',
  } as const;
  const { samples, mass } = hmc(density, [0.01, 1, 50], rng, options);
  expect(mass[0]).toBeGreaterThan(1e3 * mass[2]);
  for (let i = 0; i < 3; i++) {
    const x = Float64Array.from({ length: 1500 }, (_, s) => (samples[3 * s + i] / scales[i]) ** 2);
    const { mean, standardErrorOfMean } = mcmcDiagnostics([x]);
    expect(Math.abs(mean - 1)).toBeLessThan(6 * standardErrorOfMean);
  }
});

test('a run that is stopped returns what it has, and a density that breaks down is rejected, not followed', () => {
  const rng = createRng('stop');
  const stopped = hmc(gaussian, [0, 0, 0], rng, { samples: 50, burnIn: 10, onIteration: (done) => done < 20 });
  expect(stopped.count).toBe(10);
  expect(stopped.samples.length).toBe(30);
  const cliff = (theta: Float64Array, gradient: Float64Array) => {
    const value = gaussian(theta, gradient);
    return theta[0] > 0.5 ? NaN : value;
  };
  const run = hmc(cliff, [0, 0, 0], rng, { samples: 300, burnIn: 0, stepSize: 0.4 });
  for (let s = 0; s < 300; s++) expect(run.samples[3 * s]).toBeLessThanOrEqual(0.5);
  expect(run.divergences).toBeGreaterThan(0);
  expect(() => hmc(cliff, [1, 0, 0], rng)).toThrow(/^start/);
});

test('slice sampling recovers the mean and covariance of a Gaussian, whatever the width', () => {
  const gradient = new Float64Array(3);
  for (const width of [0.05, 1, 50]) {
    const rng = createRng('slice', String(width));
    const { samples } = sliceSample((theta) => gaussian(theta, gradient), [1, 1, 1], rng, { samples: 4000, width });
    expectGaussian(samples);
  }
});

test('slice sampling stays inside a bounded support', () => {
  const uniform = (theta: Float64Array) => (theta[0] >= 0 && theta[0] <= 1 ? 0 : NaN);
  const { samples } = sliceSample(uniform, [0.5], createRng('box'), { samples: 2000 });
  const { mean, standardErrorOfMean } = mcmcDiagnostics([samples]);
  expect(Math.abs(mean - 0.5)).toBeLessThan(6 * standardErrorOfMean);
  expect(samples.every((x) => x >= 0 && x <= 1)).toBe(true);
});

test('SGHMC with exact gradients has the right covariance up to its discretisation', () => {
  const scratch = new Float64Array(3);
  const gradient = (theta: Float64Array, _rng: unknown, out: Float64Array) => {
    gaussian(theta, scratch);
    for (let i = 0; i < 3; i++) out[i] = -scratch[i];
  };
  const options = { steps: 60000, burnIn: 5000, step: 0.05, friction: 0.05 };
  const { samples, status } = sghmc(gradient, [1, 1, 1], createRng('sghmc'), options);
  expect(status).toBe('completed');
  expectGaussian(samples, 0.08);
});

test('SGHMC reports a run that diverges and keeps what came before', () => {
  const wrong = (theta: Float64Array, _rng: unknown, out: Float64Array) =>
    out.set(theta.map((x) => -1e200 * (1 + x * x)));
  const run = sghmc(wrong, [1], createRng('diverge'), { steps: 100, burnIn: 0, step: 1 });
  expect(run.status).toBe('diverged');
  expect(run.samples.every(Number.isFinite)).toBe(true);
});

test('a step of SGHMC without noise, friction or gradient is a free flight, up to the least noise', () => {
  const next = sghmcStep({ position: 1, velocity: 0.5 }, 0, 0, { step: 0.1, friction: 0, gradientSquareMean: 1 });
  expect(next).toEqual({ position: 1.5, velocity: 0.5 });
});

test('dual averaging finds the step whose acceptance is the target', () => {
  // acceptance e^-ε is 0.8 at ε = -ln 0.8
  const averaging = dualAveraging({ initialStep: 1 });
  let state = averaging.init();
  for (let t = 0; t < 5000; t++) state = averaging.update(state, Math.exp(-averaging.step(state)), state);
  expect(Math.abs(averaging.averagedStep(state) / -Math.log(0.8) - 1)).toBeLessThan(0.02);
});

test('diagnostics: independent draws count in full, a slow chain does not, and separated chains are found out', () => {
  const rng = createRng('diagnostics');
  const chain = (rho: number, shift: number) => {
    let x = sampleNormal(rng);
    return Float64Array.from({ length: 2000 }, () => (x = rho * x + Math.sqrt(1 - rho * rho) * sampleNormal(rng))).map(
      (v) => v + shift,
    );
  };
  const independent = mcmcDiagnostics([chain(0, 0), chain(0, 0), chain(0, 0), chain(0, 0)]);
  expect(independent.rHat).toBeLessThan(1.01);
  expect(independent.bulkEss / 8000).toBeGreaterThan(0.85);
  const slow = mcmcDiagnostics([chain(0.9, 0), chain(0.9, 0), chain(0.9, 0), chain(0.9, 0)]);
  // an AR(1) chain has (1 - ρ)/(1 + ρ) of the draws' worth: 421 of 8000
  expect(slow.bulkEss / 421).toBeGreaterThan(0.7);
  expect(slow.bulkEss / 421).toBeLessThan(1.4);
  expect(mcmcDiagnostics([chain(0, 0), chain(0, 3)]).rHat).toBeGreaterThan(1.5);
  expect(() => mcmcDiagnostics([])).toThrow(/^chains/);
  expect(() => mcmcDiagnostics([[1, 2, 3, NaN]])).toThrow(/^chains\[0\]/);
});
