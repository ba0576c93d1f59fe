import { describe, expect, it } from 'vitest';
import {
  fourierFeatures,
  gpCondition,
  gpPredict,
  gpSample,
  gpSamplePaths,
  type Kernel,
  kernelMatrix,
  kernelValue,
  linearKernel,
  matern12,
  matern32,
  matern52,
  pathValue,
  productKernel,
  randomFourierFeatures,
  rationalQuadratic,
  rbf,
  scaleKernel,
  sumKernel,
  whiteKernel,
} from '../../../src/bo/index.js';
import { hasSpectralDensity } from '../../../src/bo/gp/random-fourier-features.js';
import { createRng } from '../../../src/random/index.js';
import { hoeffdingTolerance, normalTolerance } from '../../support/statistics.js';
import { difference } from '../random-models.js';

const KERNELS: Record<string, Kernel> = {
  rbf: rbf({ lengthscale: [0.4, 0.9] }),
  matern12: matern12({ lengthscale: 0.6 }),
  matern32: matern32({ lengthscale: [0.4, 0.9] }),
  matern52: matern52({ lengthscale: 0.5 }),
  rationalQuadratic: rationalQuadratic({ lengthscale: [0.5, 0.8], alpha: 1.7 }),
  scale: scaleKernel(2.5, matern52({ lengthscale: [0.4, 0.9] })),
  sum: sumKernel(scaleKernel(0.7, rbf({ lengthscale: 0.3 })), matern32({ lengthscale: 1.2 })),
  product: productKernel(
    scaleKernel(1.5, rbf({ lengthscale: 0.5, activeDims: [0] })),
    matern52({ lengthscale: 0.7, activeDims: [1] }),
  ),
};

describe('random Fourier features', () => {
  it.each(Object.entries(KERNELS))('%s: φ(x)·φ(z) has mean k(x, z)', (_, kernel) => {
    expect(hasSpectralDensity(kernel)).toBe(true);
    const rng = createRng(5, 'features');
    const features = 40000;
    const frequencies = randomFourierFeatures(kernel, 2, features, rng);
    const pairs: [number[], number[]][] = [[[0, 0], [0.2, 0.1]], [[0.3, 0.9], [0.8, 0.2]], [[0.5, 0.5], [0.5, 0.5]]]; // prettier-ignore
    for (const [x, z] of pairs) {
      const a = fourierFeatures(frequencies, x);
      const b = fourierFeatures(frequencies, z);
      let total = 0;
      for (let p = 0; p < a.length; p++) total += a[p] * b[p];
      const variance = kernelValue(kernel, x, x);
      // A mean of features/2 terms v cos(ω·(x - z)) in [-v, v]; a sum of two kernels halves the number for each.
      expect(Math.abs(total - kernelValue(kernel, x, z))).toBeLessThan(
        variance * 2 * hoeffdingTolerance(features / 4, 2),
      );
    }
  });

  it('a kernel without a spectral density is refused', () => {
    expect(hasSpectralDensity(linearKernel({ variance: 1 }))).toBe(false);
    expect(() => randomFourierFeatures(linearKernel({ variance: 1 }), 1, 8, createRng(1))).toThrow(/stationary/);
    expect(() => randomFourierFeatures(rbf({ lengthscale: 1 }), 1, 1, createRng(1))).toThrow(/features/);
    expect(() => randomFourierFeatures(sumKernel(rbf({ lengthscale: 1 }), rbf({ lengthscale: 1 })), 1, 2, createRng(1))).toThrow(/features/); // prettier-ignore
  });
});

describe('joint samples', () => {
  it('have the mean and the covariance of the posterior', () => {
    const gp = gpCondition(scaleKernel(2, matern52({ lengthscale: 0.4 })), [[0], [0.5], [1]], [1, -1, 0.5], {
      noise: 0.1,
    });
    const Xs = [[0.2], [0.4], [0.9]];
    const { mean, covariance } = gpPredict(gp, Xs, { covariance: true });
    const n = 20000;
    const samples = gpSample(gp, Xs, n, createRng(9));
    const z = normalTolerance();
    for (let i = 0; i < 3; i++) {
      for (let j = 0; j <= i; j++) {
        let first = 0;
        let second = 0;
        for (let s = 0; s < n; s++) {
          first += samples[s * 3 + i];
          second += (samples[s * 3 + i] - mean[i]) * (samples[s * 3 + j] - mean[j]);
        }
        const [vi, vj, c] = [covariance[i * 4], covariance[j * 4], covariance[i * 3 + j]];
        expect(Math.abs(first / n - mean[i])).toBeLessThan(z * Math.sqrt(vi / n));
        expect(Math.abs(second / n - c)).toBeLessThan(1.1 * z * Math.sqrt((vi * vj + c * c) / n));
      }
    }
    expect(gpSample(gp, Xs, 0, createRng(1)).length).toBe(0);
    expect(gpSample(gp, [], 2, createRng(1)).length).toBe(0);
    expect(() => gpSample(gp, Xs, -1, createRng(1))).toThrow(/n must be/);
  });
});

describe('sampled paths', () => {
  it('have the mean and variance of the posterior, up to the error of the features', () => {
    const kernel = scaleKernel(1.5, matern52({ lengthscale: 0.3 }));
    const X = [[0.1], [0.4], [0.8]];
    const gp = gpCondition(kernel, X, [1, -1, 0.5], { noise: 0.05, mean: 0.2 });
    const Xs = [[0.25], [0.6], [0.95]];
    const { mean, variance } = gpPredict(gp, Xs);
    const paths: ReturnType<typeof gpSamplePaths> = [];
    // Fresh frequencies for every 10 paths: their error averages out.
    for (let k = 0; k < 150; k++) paths.push(...gpSamplePaths(gp, 10, createRng(k, 'paths'), { features: 512 }));
    const n = paths.length;
    Xs.forEach((x, s) => {
      const values = paths.map((path) => pathValue(path, x));
      const average = values.reduce((a, b) => a + b, 0) / n;
      const spread = values.reduce((a, b) => a + (b - average) ** 2, 0) / (n - 1);
      expect(Math.abs(average - mean[s])).toBeLessThan(normalTolerance() * Math.sqrt(variance[s] / n));
      // Relative error of a variance √(2/n); features of one group add √(1/(256 · 150)) of the prior variance.
      const tolerance = normalTolerance() * (Math.sqrt(2 / n) * variance[s] + 1.5 / Math.sqrt(256 * 150));
      expect(Math.abs(spread - variance[s])).toBeLessThan(tolerance);
    });
  });

  it('white noise of the kernel is noise of the observations, not a part of a path', () => {
    const X = [[0.1, 0.3], [0.5, 0.9], [0.8, 0.2]]; // prettier-ignore
    const y = [1, -1, 0.5];
    const white = sumKernel(KERNELS.scale, whiteKernel(0.3));
    expect(hasSpectralDensity(white)).toBe(true);
    expect(hasSpectralDensity(sumKernel(whiteKernel(0.3)))).toBe(false);
    const [a] = gpSamplePaths(gpCondition(white, X, y, { noise: 0 }), 1, createRng(4), { features: 64 });
    const [b] = gpSamplePaths(gpCondition(KERNELS.scale, X, y, { noise: 0.3 }), 1, createRng(4), { features: 64 });
    expect(Math.abs(pathValue(a, [0.3, 0.3]) - pathValue(b, [0.3, 0.3]))).toBeLessThan(1e-10);
  });

  it('pass through data without noise', () => {
    const X = [[0.1, 0.3], [0.5, 0.9], [0.8, 0.2]]; // prettier-ignore
    const y = [1, -1, 0.5];
    const gp = gpCondition(KERNELS.scale, X, y, { noise: 0 });
    for (const path of gpSamplePaths(gp, 5, createRng(4), { features: 64 })) {
      X.forEach((x, i) => expect(Math.abs(pathValue(path, x) - y[i])).toBeLessThan(1e-6));
    }
  });

  it.each(Object.entries(KERNELS))('%s: the gradient of a path is that of differences', (name, kernel) => {
    const X = [[0.1, 0.3], [0.5, 0.9], [0.8, 0.2]]; // prettier-ignore
    const mean = { type: 'linear', coefficients: [0.1, 2, -1] } as const;
    const gp = gpCondition(kernel, X, [1, -1, 0.5], { noise: 0.1, mean });
    const [path] = gpSamplePaths(gp, 1, createRng(4), { features: 64 });
    const gradient = new Float64Array(2);
    const x = [0.37, 0.61];
    pathValue(path, x, gradient);
    for (let k = 0; k < 2; k++) {
      const numeric = difference((t) => pathValue(path, t), x, k, 1e-6);
      const tolerance = name.startsWith('matern12') ? 1e-4 : 1e-5; // frequencies of Matérn 1/2 are Cauchy
      expect(Math.abs(gradient[k] - numeric)).toBeLessThan(tolerance * Math.max(1, Math.abs(numeric)));
    }
    expect(structuredClone(path)).toEqual(path);
  });

  it('of the prior, with no data, have its covariance', () => {
    const gp = gpCondition(matern52({ lengthscale: [0.4] }), [], []);
    expect(() => gpSamplePaths(gp, 1, createRng(1))).toThrow(/dimension/);
    const one = gpCondition(matern52({ lengthscale: [0.4] }), [[9]], [0], { noise: 1e6 });
    const values = Array.from({ length: 400 }, (_, k) => {
      const [path] = gpSamplePaths(one, 1, createRng(k, 'prior'), { features: 128 });
      return [pathValue(path, [0]), pathValue(path, [0.3])];
    });
    const covariance = values.reduce((total, [a, b]) => total + a * b, 0) / 400;
    const expected = kernelMatrix(matern52({ lengthscale: [0.4] }), [[0], [0.3]])[1];
    expect(Math.abs(covariance - expected)).toBeLessThan(
      normalTolerance() * Math.sqrt((1 + expected * expected + 0.1) / 400),
    );
  });
});
