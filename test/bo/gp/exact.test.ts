import fc from 'fast-check';
import { Matrix } from 'ml-matrix';
import { describe, expect, it } from 'vitest';
import {
  gpAppend,
  gpAppendMany,
  gpCondition,
  gpDelete,
  gpDiagnostics,
  gpFantasize,
  gpLeaveOneOut,
  gpLogMarginalLikelihood,
  gpPredict,
  gpPredictGradient,
  gpReplaceTargets,
  type GpState,
  type Kernel,
  kernelDiag,
  kernelHyperparameters,
  kernelMatrix,
  kernelValue,
  matern32,
  matern52,
  rbf,
  scaleKernel,
  standardize,
  sumKernel,
  whiteKernel,
  withHyperparameters,
} from '../../../src/bo/index.js';
import { evaluateLeaveOneOut } from '../../../src/bo/gp/leave-one-out.js';
import { decodeState, encodeState } from '../../../src/state/index.js';
import {
  ALL,
  close,
  closeArrays,
  D,
  difference,
  logDetDense,
  randomPoints,
  randomTargets,
  ROUGH,
  seeded,
  seeds,
  SMOOTH,
  solveDense,
} from '../random-models.js';

describe('oracle: the formulas with dense elimination', () => {
  it.each(Object.keys(ALL))('%s: posterior, evidence and leave-one-out', (name) => {
    fc.assert(
      fc.property(seeds, (seed) => {
        const rng = seeded(seed);
        const kernel = ALL[name](rng);
        const n = 6;
        const X = randomPoints(name, n, rng);
        const y = randomTargets(n, rng);
        const Xs = randomPoints(name, 3, rng);
        const noise = X.map(() => 0.05 + rng());
        const mean = rng() - 0.5;
        const k = (a: number[], b: number[]) => kernelValue(kernel, a, b);
        const Ky = X.map((a, i) => X.map((b, j) => k(a, b) + (i === j ? noise[i] : 0)));
        const r = y.map((value) => value - mean);
        const alpha = solveDense(Ky, r);

        const gp = gpCondition(kernel, X, y, { noise, mean });
        const prediction = gpPredict(gp, Xs, { covariance: true });
        Xs.forEach((a, s) => {
          const ks = X.map((b) => k(a, b));
          close(prediction.mean[s], mean + ks.reduce((t, value, i) => t + value * alpha[i], 0), 1e-9);
          Xs.forEach((b, t) => {
            const solved = solveDense(
              Ky,
              X.map((c) => k(b, c)),
            );
            const covariance = k(a, b) - ks.reduce((total, value, i) => total + value * solved[i], 0);
            close(prediction.covariance[s * 3 + t], s === t ? Math.max(0, covariance) : covariance, 1e-9);
          });
        });

        const evidence = gpLogMarginalLikelihood(kernel, X, y, { noise, mean }).value;
        const quadratic = r.reduce((t, value, i) => t + value * alpha[i], 0);
        close(evidence, -0.5 * (quadratic + logDetDense(Ky) + n * Math.log(2 * Math.PI)), 1e-9);

        const loo = gpLeaveOneOut(gp);
        X.forEach((x, i) => {
          const without = <T>(list: T[]) => list.filter((_, j) => j !== i);
          const smaller = gpCondition(kernel, without(X), without(y), { noise: without(noise), mean });
          const { mean: m, variance: v } = gpPredict(smaller, [x]);
          close(loo.mean[i], m[0], 1e-9);
          close(loo.variance[i], v[0] + noise[i], 1e-9);
          const z = y[i] - m[0];
          close(loo.logDensity[i], -0.5 * (Math.log(2 * Math.PI * loo.variance[i]) + (z * z) / loo.variance[i]), 1e-8);
        });
      }),
      { numRuns: 6 },
    );
  });
});

describe('the posterior', () => {
  it.each(Object.keys(ALL))(
    '%s: y - mean = (noise + jitter) α at the data, and the variance is below the prior',
    (name) => {
      fc.assert(
        fc.property(seeds, (seed) => {
          const rng = seeded(seed);
          const kernel = ALL[name](rng);
          const X = randomPoints(name, 8, rng);
          const y = randomTargets(8, rng);
          const gp = gpCondition(kernel, X, y, { noise: 0.05 });
          const { mean, variance } = gpPredict(gp, X);
          const prior = kernelDiag(kernel, X);
          for (let i = 0; i < 8; i++) {
            close(y[i] - mean[i], (0.05 + gp.jitter) * gp.alpha[i], 1e-9);
            expect(variance[i]).toBeLessThanOrEqual(prior[i] * (1 + 1e-12));
            expect(variance[i]).toBeGreaterThanOrEqual(0);
          }
        }),
        { numRuns: 10 },
      );
    },
  );

  it.each(['matern12', 'matern32', 'matern52'])('%s interpolates at noise 1e-12', (name) => {
    fc.assert(
      fc.property(seeds, (seed) => {
        const rng = seeded(seed);
        const kernel = ALL[name](rng) as Kernel & { lengthscale: number[] };
        // A grid of step at least a quarter length-scale, jittered by less than half of the rest.
        const step = Math.max(...kernel.lengthscale) / 2;
        const X = Array.from({ length: 9 }, (_, i) => [
          step * (i % 3) + 0.2 * step * rng(),
          step * Math.floor(i / 3) + 0.2 * step * rng(),
          0.5,
        ]);
        const y = randomTargets(9, rng);
        const { mean } = gpPredict(gpCondition(kernel, X, y, { noise: 1e-12 }), X, { variance: false });
        mean.forEach((value, i) => expect(Math.abs(value - y[i])).toBeLessThan(1e-6));
      }),
      { numRuns: 20 },
    );
  });

  it.each(Object.keys(ALL))('%s: the variance never increases when a point is added', (name) => {
    fc.assert(
      fc.property(seeds, (seed) => {
        const rng = seeded(seed);
        const kernel = ALL[name](rng);
        const X = randomPoints(name, 6, rng);
        const y = randomTargets(6, rng);
        const Xs = randomPoints(name, 5, rng);
        const before = gpPredict(gpCondition(kernel, X.slice(0, 5), y.slice(0, 5), { noise: 0.02 }), Xs).variance;
        const after = gpPredict(gpCondition(kernel, X, y, { noise: 0.02 }), Xs).variance;
        const prior = kernelDiag(kernel, Xs);
        after.forEach((value, s) => expect(value).toBeLessThanOrEqual(before[s] + 1e-10 * prior[s]));
      }),
      { numRuns: 10 },
    );
  });

  it('does not depend on the order of the data', () => {
    fc.assert(
      fc.property(seeds, (seed) => {
        const rng = seeded(seed);
        const kernel = SMOOTH.scale(rng);
        const X = randomPoints('', 10, rng);
        const y = randomTargets(10, rng);
        const order = X.map((_, i) => i).sort((a, b) => ((a * 7 + seed) % 10) - ((b * 7 + seed) % 10));
        const Xs = randomPoints('', 4, rng);
        const a = gpPredict(gpCondition(kernel, X, y, { noise: 0.05 }), Xs);
        const b = gpPredict(
          gpCondition(
            kernel,
            order.map((i) => X[i]),
            order.map((i) => y[i]),
            { noise: 0.05 },
          ),
          Xs,
        );
        closeArrays(a.mean, b.mean, 1e-10);
        closeArrays(a.variance, b.variance, 1e-10);
      }),
      { numRuns: 30 },
    );
  });

  it('turns a y + b into a mean + b, with standardized targets', () => {
    fc.assert(
      fc.property(
        seeds,
        fc.integer({ min: -6, max: 6 }),
        fc.double({ min: -1e3, max: 1e3, noNaN: true }),
        (seed, e, b) => {
          const rng = seeded(seed);
          const a = 10 ** e;
          const X = randomPoints('', 8, rng);
          const y = randomTargets(8, rng);
          const Xs = randomPoints('', 3, rng);
          const unstandardized = (targets: number[]) => {
            const z = standardize(targets);
            const { mean } = gpPredict(gpCondition(SMOOTH.matern52(seeded(1)), X, z.y, { noise: 0.05 }), Xs);
            return mean.map((value) => z.mean + z.std * value);
          };
          const plain = unstandardized(y);
          const scale = a * 10 + Math.abs(b);
          unstandardized(y.map((value) => a * value + b)).forEach((value, s) => {
            expect(Math.abs(value - (a * plain[s] + b))).toBeLessThan(1e-10 * scale * Math.max(1, Math.abs(b) / a));
          });
        },
      ),
      { numRuns: 50 },
    );
  });

  it.each(Object.keys(SMOOTH))('%s: gradients of mean and variance are those of differences', (name) => {
    fc.assert(
      fc.property(seeds, (seed) => {
        const rng = seeded(seed);
        const kernel = SMOOTH[name](rng);
        const X = randomPoints(name, 6, rng);
        const mean = { type: 'linear', coefficients: [0.3, 1, -2, 0.5] } as const;
        const gp = gpCondition(kernel, X, randomTargets(6, rng), { noise: 0.05, mean });
        const x = randomPoints(name, 1, rng)[0].map((v) => 0.02 + 0.96 * v);
        const at = gpPredictGradient(gp, x);
        const both = gpPredict(gp, [x]);
        close(at.mean, both.mean[0], 1e-12);
        close(at.variance, both.variance[0], 1e-10);
        for (let k = 0; k < D; k++) {
          const dMean = difference((t) => gpPredict(gp, [t]).mean[0], x, k);
          const dVariance = difference((t) => gpPredict(gp, [t]).variance[0], x, k);
          expect(Math.abs(at.dMean[k] - dMean)).toBeLessThan(1e-5 * Math.max(1, Math.abs(dMean)));
          expect(Math.abs(at.dVariance[k] - dVariance)).toBeLessThan(1e-5 * Math.max(1, Math.abs(dVariance)));
          if (at.std > 1e-3) close(at.dStd[k], dVariance / (2 * at.std), 1e-3);
        }
      }),
      { numRuns: 10 },
    );
  });

  it('with no data is the prior, also for a kernel with one length-scale per dimension', () => {
    const kernel = scaleKernel(2, rbf({ lengthscale: [1, 3] }));
    const gp = gpCondition(kernel, [], [], { mean: 0.5 });
    const { mean, variance, covariance } = gpPredict(gp, [[0, 0], [1, 0]], { covariance: true }); // prettier-ignore
    expect([Array.from(mean), Array.from(variance)]).toEqual([[0.5, 0.5], [2, 2]]); // prettier-ignore
    expect(covariance[1]).toBeCloseTo(2 * Math.exp(-0.5), 14);
    expect(gpPredictGradient(gp, [0, 0])).toMatchObject({ mean: 0.5, variance: 2, std: Math.sqrt(2) });
    expect(gpLogMarginalLikelihood(kernel, [], []).value).toBe(0);
    expect(gpLeaveOneOut(gp).mean.length).toBe(0);
    expect(gpDiagnostics(gp).jitter).toBe(0);
    const one = gpAppend(gp, [0, 0], 1);
    expect([one.n, one.d]).toEqual([1, 2]);
    expect(() => gpPredict(gp, [[0]])).toThrow(/lengthscale/);
  });

  it('with one point is the formula of one point', () => {
    const gp = gpCondition(scaleKernel(3, rbf({ lengthscale: 1 })), [[0]], [2], { noise: 1 });
    const { mean, variance } = gpPredict(gp, [[1]]);
    const k = 3 * Math.exp(-0.5);
    expect(mean[0]).toBeCloseTo((k * 2) / 4, 14);
    expect(variance[0]).toBeCloseTo(3 - (k * k) / 4, 14);
  });

  it('counts white noise of the kernel as noise of the observations', () => {
    const X = randomPoints('', 6, seeded(2));
    const y = randomTargets(6, seeded(3));
    const base = SMOOTH.matern52(seeded(4));
    const a = gpCondition(sumKernel(base, whiteKernel(0.3)), X, y, { noise: 0 });
    const b = gpCondition(base, X, y, { noise: 0.3 });
    expect(gpPredict(a, X, { covariance: true })).toEqual(gpPredict(b, X, { covariance: true }));
  });

  it('adds the noise to variances on request, its mean where it differs', () => {
    const X = [[0], [1]];
    const kernel = rbf({ lengthscale: 1 });
    const gp = gpCondition(kernel, X, [0, 1], { noise: [0.1, 0.3] });
    const latent = gpPredict(gp, [[0.5]]).variance[0];
    expect(gpPredict(gp, [[0.5]], { includeNoise: true }).variance[0]).toBeCloseTo(latent + 0.2, 14);
  });
});

it('the container of the points does not matter: rows, typed rows, a flat array, an ml-matrix', () => {
  const rows = randomPoints('', 5, seeded(1));
  const y = randomTargets(5, seeded(2));
  const kernel = SMOOTH.matern52(seeded(3));
  const expected = gpCondition(kernel, rows, y);
  const flat = Float64Array.from(rows.flat());
  for (const X of [
    rows.map((row) => Float64Array.from(row)),
    { data: flat, rows: 5, columns: D },
    { data: rows.flat(), rows: 5, cols: D },
    new Matrix(rows),
  ]) {
    expect(gpCondition(kernel, X, y)).toEqual(expected);
    expect(gpPredict(expected, X)).toEqual(gpPredict(expected, rows));
  }
});

describe('singular covariances', () => {
  it('equal points without noise get jitter, which is reported; their targets may conflict', () => {
    const gp = gpCondition(rbf({ lengthscale: 1 }), [[0], [0], [1]], [1, 3, 0], { noise: 0 });
    expect(gp.jitter).toBeGreaterThan(0);
    expect(gpPredict(gp, [[0]]).mean[0]).toBeCloseTo(2, 3);
    expect(gpCondition(rbf({ lengthscale: 1 }), [[0], [1]], [1, 0], { noise: 0 }).jitter).toBe(0);
  });

  it('an append to a jittered process is a new factorization', () => {
    const kernel = rbf({ lengthscale: 1 });
    const gp = gpCondition(kernel, [[0], [0]], [1, 3], { noise: 0 });
    expect(gpAppend(gp, [1], 0)).toEqual(gpCondition(kernel, [[0], [0], [1]], [1, 3, 0], { noise: 0 }));
    const appended = gpAppend(gpCondition(kernel, [[0]], [1], { noise: 0 }), [0], 3);
    expect(appended).toEqual(gp);
    expect(gpDelete(gp, 1)).toEqual(gpCondition(kernel, [[0]], [1], { noise: 0 }));
  });
});

describe('the log marginal likelihood', () => {
  it.each(Object.keys(ALL))('%s: its gradient is that of differences', (name) => {
    fc.assert(
      fc.property(seeds, (seed) => {
        const rng = seeded(seed);
        const kernel = ALL[name](rng);
        const X = randomPoints(name, 7, rng);
        const y = randomTargets(7, rng);
        const noise = 0.1 + rng();
        const { gradient } = gpLogMarginalLikelihood(kernel, X, y, { noise, mean: 0.2, gradient: true });
        const hyperparameters = kernelHyperparameters(kernel);
        const theta = hyperparameters.map(({ value }) => value);
        const value = (t: number[], logNoise: number, mean: number) =>
          gpLogMarginalLikelihood(withHyperparameters(kernel, t), X, y, { noise: Math.exp(logNoise), mean }).value;
        hyperparameters.forEach(({ name: path }, p) => {
          close(
            gradient[path],
            difference((t) => value(t, Math.log(noise), 0.2), theta, p),
            1e-6,
          );
        });
        close(
          gradient.noise,
          difference(([t]) => value(theta, t, 0.2), [Math.log(noise)], 0),
          1e-6,
        );
        close(
          gradient.mean,
          difference(([t]) => value(theta, Math.log(noise), t), [0.2], 0),
          1e-6,
        );
      }),
      { numRuns: 5 },
    );
  });

  it('is unchanged by a rotation of all points, for an isotropic kernel', () => {
    fc.assert(
      fc.property(seeds, fc.double({ min: 0, max: 6.28, noNaN: true }), (seed, angle) => {
        const rng = seeded(seed);
        const X = Array.from({ length: 7 }, () => [rng(), rng()]);
        const y = randomTargets(7, rng);
        const [c, s] = [Math.cos(angle), Math.sin(angle)];
        const rotated = X.map(([a, b]) => [c * a - s * b, s * a + c * b]);
        const kernel = matern52({ lengthscale: 0.7 });
        const a = gpLogMarginalLikelihood(kernel, X, y, { noise: 0.05 }).value;
        close(gpLogMarginalLikelihood(kernel, rotated, y, { noise: 0.05 }).value, a, 1e-10);
      }),
    );
  });

  it('profiles the mean and the scale: no other values are better', () => {
    fc.assert(
      fc.property(seeds, (seed) => {
        const rng = seeded(seed);
        const kernel = SMOOTH.matern52(rng);
        const X = randomPoints('', 8, rng);
        const y = randomTargets(8, rng);
        const best = gpLogMarginalLikelihood(kernel, X, y, { noise: 0.1, profile: true, gradient: true });
        close(best.gradient.mean, 0, 1e-9);
        const value = (scale: number) =>
          gpLogMarginalLikelihood(scaleKernel(scale, kernel), X, y, { noise: 0.1 * scale, mean: best.mean }).value;
        const at = value(best.scale);
        expect(at).toBeGreaterThan(value(best.scale * 1.01));
        expect(at).toBeGreaterThan(value(best.scale * 0.99));
      }),
      { numRuns: 30 },
    );
  });

  it('has no noise entry where the noise is given per point or is 0', () => {
    const at = (noise: number | number[]) =>
      gpLogMarginalLikelihood(rbf({ lengthscale: 1 }), [[0], [3]], [0, 1], { noise, gradient: true }).gradient;
    expect(Object.keys(at([0.1, 0.2]))).toEqual(['lengthscale', 'mean']);
    expect(Object.keys(at(0))).toEqual(['lengthscale', 'mean']);
    expect(Object.keys(at(0.1))).toEqual(['lengthscale', 'noise', 'mean']);
  });
});

describe('leave-one-out', () => {
  it('its pseudo-likelihood has the gradient of differences', () => {
    fc.assert(
      fc.property(seeds, fc.constantFrom('scale', 'sum', 'nngpRelu', 'index', 'warped'), (seed, name) => {
        const rng = seeded(seed);
        const kernel = ALL[name](rng);
        const rows = randomPoints(name, 7, rng);
        const X = { data: Float64Array.from(rows.flat()), rows: 7, columns: D };
        const y = Float64Array.from(randomTargets(7, rng));
        const noise = 0.1 + rng();
        const theta = kernelHyperparameters(kernel).map(({ value }) => value);
        const at = evaluateLeaveOneOut(kernel, X, y, noise, null, true);
        const value = (t: number[], logNoise: number) =>
          evaluateLeaveOneOut(withHyperparameters(kernel, t), X, y, Math.exp(logNoise), null, false).value;
        theta.forEach((_, p) =>
          close(
            at.byKernel[p],
            difference((t) => value(t, Math.log(noise)), theta, p),
            1e-6,
          ),
        );
        close(
          at.byNoise,
          difference(([t]) => value(theta, t), [Math.log(noise)], 0),
          1e-6,
        );
        const { logDensity } = gpLeaveOneOut(gpCondition(kernel, rows, y, { noise, mean: at.mean }));
        close(
          at.value,
          logDensity.reduce((a, b) => a + b, 0),
          1e-10,
        );
      }),
      { numRuns: 15 },
    );
  });

  it('diagnoses a right model: standardized residuals, coverage and condition', () => {
    const rng = seeded(12);
    const X = randomPoints('', 60, rng);
    const gp = gpCondition(matern52({ lengthscale: 0.6 }), X, randomTargets(60, rng), { noise: 1.3 });
    const { standardizedResiduals, coverage, meanLogDensity, rootMeanSquaredError, logCondition } = gpDiagnostics(gp);
    const { mean, variance, logDensity } = gpLeaveOneOut(gp);
    const y = gp.y;
    standardizedResiduals.forEach((z, i) => close(z, (y[i] - mean[i]) / Math.sqrt(variance[i]), 1e-12));
    close(meanLogDensity, logDensity.reduce((a, b) => a + b, 0) / 60, 1e-12); // prettier-ignore
    close(rootMeanSquaredError, Math.sqrt(y.reduce((t, v, i) => t + (v - mean[i]) ** 2, 0) / 60), 1e-12);
    const within = (z: number) => standardizedResiduals.filter((r) => Math.abs(r) <= z).length / 60;
    expect(coverage[0]).toEqual({ level: 0.5, fraction: within(0.6744897501960817) });
    expect(logCondition).toBeGreaterThan(0);
  });
});

describe('appending and deleting', () => {
  const equal = (a: GpState, b: GpState, tolerance: number) => {
    expect([a.n, a.d, a.jitter, a.mean, a.noise]).toEqual([b.n, b.d, b.jitter, b.mean, b.noise]);
    expect(Array.from(a.X)).toEqual(Array.from(b.X));
    expect(Array.from(a.y)).toEqual(Array.from(b.y));
    closeArrays(a.L, b.L, tolerance);
    closeArrays(a.alpha, b.alpha, tolerance);
  };

  it('append is conditioning on all data, bit for bit; in place and into another state alike; delete undoes it', () => {
    fc.assert(
      fc.property(seeds, (seed) => {
        const rng = seeded(seed);
        const name = Object.keys(ALL)[seed % Object.keys(ALL).length];
        const kernel = ALL[name](rng);
        const X = randomPoints(name, 9, rng);
        const y = randomTargets(9, rng);
        const options = { noise: 0.1, mean: 0.3 };
        const all = gpCondition(kernel, X, y, options);
        const first = gpCondition(kernel, X.slice(0, 3), y.slice(0, 3), options);
        const snapshot = structuredClone(first);

        const block = gpAppendMany(first, X.slice(3), y.slice(3));
        equal(block, all, 0);
        expect(first).toEqual(snapshot);

        let grown = first;
        for (let i = 3; i < 9; i++) grown = gpAppend(grown, X[i], y[i]);
        equal(grown, all, 0);

        const other = gpCondition(kernel, X.slice(0, 1), [5], options);
        expect(gpAppendMany(first, X.slice(3), y.slice(3), {}, other)).toBe(other);
        equal(other, all, 0);

        const place = gpCondition(kernel, X.slice(0, 3), y.slice(0, 3), options);
        for (let i = 3; i < 9; i++) expect(gpAppend(place, X[i], y[i], {}, place)).toBe(place);
        equal(place, all, 0);
        expect(decodeState(encodeState(place as never))).toEqual(structuredClone(all) as never);

        const at = seed % 9;
        const deleted = gpDelete(all, at);
        const without = <T>(list: T[]) => list.filter((_, i) => i !== at);
        equal(deleted, gpCondition(kernel, without(X), without(y), options), 1e-9);
        equal(gpDelete(gpAppend(first, X[3], y[3]), 3), first, 1e-9);
      }),
      { numRuns: 40 },
    );
  });

  it('two states that take turns as out need no other memory, and no state reads what another left behind', () => {
    const rng = seeded(12);
    const kernel = SMOOTH.matern52(rng);
    const X = randomPoints('', 12, rng);
    const y = randomTargets(12, rng);
    const at = (n: number) => gpCondition(kernel, X.slice(0, n), y.slice(0, n), { noise: 0.1 });
    // Buffers of the largest size, full of other numbers.
    const spares = [at(12), at(12)];
    const buffers = spares.map(({ L }) => L.buffer);
    let gp = at(5);
    for (let n = 5; n < 12; n++) {
      const out = spares[n % 2];
      expect(gpAppend(gp, X[n], y[n], {}, out)).toBe(out);
      expect(out.L.buffer).toBe(buffers[n % 2]);
      equal(out, at(n + 1), 0);
      gp = out;
    }
    const first = at(5);
    const shared = gpReplaceTargets(first, y.slice(1, 6));
    gpAppend(first, X[5], y[5], {}, shared);
    equal(first, at(5), 0);
    equal(shared, at(6), 0);
  });

  it('keeps one noise variance per point', () => {
    const kernel = rbf({ lengthscale: 1 });
    const gp = gpCondition(kernel, [[0], [1]], [1, 2], { noise: [0.1, 0.2] });
    const all = gpCondition(kernel, [[0], [1], [3]], [1, 2, 3], { noise: [0.1, 0.2, 0.3] });
    equal(gpAppend(gp, [3], 3, { noise: 0.3 }), all, 0);
    equal(gpDelete(all, 2), gp, 1e-12);
    expect(() => gpAppend(gp, [3], 3)).toThrow(/noise must be given/);
    const mixed = gpAppend(gpCondition(kernel, [[0]], [1], { noise: 0.1 }), [1], 2, { noise: 0.2 });
    equal(mixed, gp, 0);
  });

  it('fantasies are appends that share the factor; replacing targets is conditioning anew', () => {
    const rng = seeded(8);
    const kernel = SMOOTH.matern52(rng);
    const X = randomPoints('', 5, rng);
    const y = randomTargets(5, rng);
    const gp = gpCondition(kernel, X, y, { noise: 0.1 });
    const [a, b] = gpFantasize(gp, [0.1, 0.2, 0.3], [-1, 2]);
    expect(a.L).toBe(b.L);
    equal(b, gpAppend(gp, [0.1, 0.2, 0.3], 2), 0);
    equal(gpReplaceTargets(gp, [1, 2, 3, 4, 5]), gpCondition(kernel, X, [1, 2, 3, 4, 5], { noise: 0.1 }), 0);
    expect(gpFantasize(gp, [0, 0, 0], [])).toEqual([]);
  });
});

describe('standardize', () => {
  it('keeps std 1 where values do not vary, and does not overflow', () => {
    expect(standardize([3])).toEqual({ mean: 3, std: 1, y: Float64Array.of(0) });
    expect(standardize([2, 2, 2])).toEqual({ mean: 2, std: 1, y: Float64Array.of(0, 0, 0) });
    expect(standardize([])).toEqual({ mean: 0, std: 1, y: Float64Array.of() });
    const big = standardize([1e300, -1e300, 1.5e300]);
    expect(big.y.every(Number.isFinite) && Number.isFinite(big.std)).toBe(true);
    closeArrays(big.y, standardize([1, -1, 1.5]).y, 1e-12);
    expect(standardize([1e-300, 2e-300]).std).toBe(1);
  });
});

describe('arguments', () => {
  const kernel = rbf({ lengthscale: 1 });
  const gp = gpCondition(kernel, [[0], [1]], [0, 1]);
  const cases: [string, () => unknown, RegExp, (new () => Error)?][] = [
    ['y shorter than X', () => gpCondition(kernel, [[0], [1]], [0]), /y must have length 2/, RangeError],
    ['y without X', () => gpCondition(kernel, [], [1]), /y must have length 0/, RangeError],
    ['y not finite', () => gpCondition(kernel, [[0]], [NaN]), /y\[0\] must be finite/, RangeError],
    ['X not finite', () => gpCondition(kernel, [[0], [NaN]], [0, 1]), /X\[1\]\[0\]/, RangeError],
    ['negative noise', () => gpCondition(kernel, [[0]], [0], { noise: -1 }), /noise/, RangeError],
    ['negative noise entry', () => gpCondition(kernel, [[0], [1]], [0, 1], { noise: [1, -1] }), /noise\[1\]/, RangeError],
    ['noise length', () => gpCondition(kernel, [[0]], [0], { noise: [1, 1] }), /noise must have length 1/, RangeError],
    ['mean NaN', () => gpCondition(kernel, [[0]], [0], { mean: NaN }), /mean/, RangeError],
    ['mean type', () => gpCondition(kernel, [[0]], [0], { mean: { type: 'x' } as never }), /mean/, TypeError],
    ['mean length', () => gpCondition(kernel, [[0]], [0], { mean: { type: 'linear', coefficients: [1] } }), /mean.coefficients/, RangeError],
    ['y of the wrong kind', () => gpCondition(kernel, [[0]], 3 as never), /y/, TypeError],
    ['X of the wrong kind', () => gpCondition(kernel, 3 as never, [1]), /must be a matrix/, TypeError],
    ['Xs columns', () => gpPredict(gp, [[0, 1]]), /Xs must have 1 columns/, RangeError],
    ['x length', () => gpPredictGradient(gp, [0, 1]), /x must have length 1/, RangeError],
    ['append y', () => gpAppend(gp, [0], NaN), /y/, RangeError],
    ['append x', () => gpAppend(gp, [0, 1], 1), /x must have length 1/, RangeError],
    ['delete index', () => gpDelete(gp, 2), /i must be an integer/, RangeError],
    ['replaced targets', () => gpReplaceTargets(gp, [1]), /y must have length 2/, RangeError],
    ['standardize', () => standardize([NaN]), /y\[0\]/, RangeError],
  ]; // prettier-ignore

  it.each(cases)('%s', (_, call, message, type) => {
    expect(call).toThrow(message);
    if (type !== undefined) expect(call).toThrow(type);
  });

  it('data are copied: later changes of the arrays do not reach the process', () => {
    const X = { data: Float64Array.of(0, 1), rows: 2, columns: 1 };
    const y = Float64Array.of(0, 1);
    const state = gpCondition(matern32({ lengthscale: 1 }), X, y);
    X.data[0] = 9;
    y[0] = 9;
    expect([state.X[0], state.y[0]]).toEqual([0, 0]);
  });

  it('targets of any size are finite after standardizing', () => {
    for (const size of [1e300, 1e-300]) {
      const z = standardize([size, -size, 0.3 * size]);
      const { mean, variance } = gpPredict(gpCondition(kernel, [[0], [1], [2]], z.y), [[0.5]]);
      expect(Number.isFinite(z.mean + z.std * mean[0]) && Number.isFinite(variance[0])).toBe(true);
    }
  });

  it('covers rough kernels too', () => {
    expect(kernelMatrix(ROUGH.hamming(seeded(1)), [[0, 1, 2]])[0]).toBe(1);
  });
});
