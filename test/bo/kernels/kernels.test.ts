import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  constantKernel,
  exponentialDecay,
  hammingKernel,
  ibnnDefaults,
  indexKernel,
  type Kernel,
  kernelCross,
  kernelDiag,
  kernelGradContract,
  kernelGradHyper,
  kernelGradInput,
  kernelHyperparameters,
  kernelMatrix,
  kernelValue,
  linearKernel,
  linearTruncatedFidelity,
  matern12,
  matern52,
  nngpErf,
  nngpRelu,
  periodicKernel,
  polynomialKernel,
  productKernel,
  rationalQuadratic,
  rbf,
  scaleKernel,
  sumKernel,
  taskNoiseKernel,
  warpedKernel,
  whiteKernel,
  withHyperparameters,
} from '../../../src/bo/index.js';
import { symmetricEigen } from '../../../src/linalg/index.js';
import { ALL, difference, randomPoints, ROUGH, seeded, seeds, SMOOTH } from '../random-models.js';

const names = Object.keys(ALL);

describe('every kernel', () => {
  it.each(names)(
    '%s: K(X, X) is symmetric and positive semidefinite, and agrees with K(X, Z) and the diagonal',
    (name) => {
      fc.assert(
        fc.property(seeds, (seed) => {
          const rng = seeded(seed);
          const kernel = ALL[name](rng);
          const X = randomPoints(name, 7, rng);
          X.push(X[0]); // an equal point
          const n = X.length;
          const K = kernelMatrix(kernel, X);
          expect(kernelCross(kernel, X, X)).toEqual(K);
          const diagonal = kernelDiag(kernel, X);
          let trace = 0;
          for (let i = 0; i < n; i++) {
            trace += K[i * n + i];
            expect(Math.abs(diagonal[i] - K[i * n + i])).toBeLessThanOrEqual(1e-13 * diagonal[i]);
            for (let j = 0; j < n; j++) expect(K[i * n + j]).toBe(K[j * n + i]);
          }
          expect(symmetricEigen(K, n).values[0]).toBeGreaterThanOrEqual(-1e-10 * trace);
        }),
        { numRuns: 20 },
      );
    },
  );

  it.each(names)('%s: derivatives in the logarithms of the hyper-parameters are those of differences', (name) => {
    fc.assert(
      fc.property(seeds, (seed) => {
        const rng = seeded(seed);
        const kernel = ALL[name](rng);
        const X = randomPoints(name, 2, rng);
        const Z = randomPoints(name, 2, rng);
        const theta = kernelHyperparameters(kernel).map(({ value }) => value);
        const gradients = kernelGradHyper(kernel, X, Z);
        kernelHyperparameters(kernel).forEach(({ name: path }, p) => {
          for (let entry = 0; entry < 4; entry++) {
            const value = (t: number[]) => kernelCross(withHyperparameters(kernel, t), X, Z)[entry];
            const numeric = difference(value, theta, p);
            expect(Math.abs(gradients[path][entry] - numeric)).toBeLessThan(1e-6 * Math.max(0.1, Math.abs(numeric)));
          }
        });
      }),
      { numRuns: 10 },
    );
  });

  it.each(names)('%s: kernelGradContract is the contraction of the full derivatives', (name) => {
    fc.assert(
      fc.property(seeds, (seed) => {
        const rng = seeded(seed);
        const kernel = ALL[name](rng);
        const n = 5;
        const X = randomPoints(name, n, rng);
        const S = Array.from({ length: n }, () => new Array<number>(n).fill(0));
        for (let i = 0; i < n; i++) for (let j = 0; j <= i; j++) S[i][j] = S[j][i] = rng() - 0.5;
        const contracted = kernelGradContract(kernel, X, S);
        Object.values(kernelGradHyper(kernel, X, X)).forEach((matrix, p) => {
          let total = 0;
          let size = 1;
          for (let i = 0; i < n; i++) {
            for (let j = 0; j < n; j++) {
              total += S[i][j] * matrix[i * n + j];
              size += Math.abs(S[i][j] * matrix[i * n + j]);
            }
          }
          expect(Math.abs(contracted[p] - total)).toBeLessThan(1e-12 * size);
        });
      }),
      { numRuns: 10 },
    );
  });

  it.each([...Object.keys(SMOOTH), 'matern12'])('%s: the input gradient is that of differences', (name) => {
    fc.assert(
      fc.property(seeds, (seed) => {
        const rng = seeded(seed);
        const kernel = ALL[name](rng);
        const [x, z] = randomPoints(name, 2, rng);
        if (x.concat(z).some((v) => v < 0.01 || v > 0.99)) return; // room for the differences
        const gradient = kernelGradInput(kernel, x, z);
        for (let k = 0; k < x.length; k++) {
          const numeric = difference((t) => kernelValue(kernel, t, z), x, k, 1e-6);
          expect(Math.abs(gradient[k] - numeric)).toBeLessThan(1e-6 * Math.max(0.1, Math.abs(numeric)));
        }
      }),
      { numRuns: 20 },
    );
  });

  it.each(names)('%s: hyper-parameters are read back in their order, and the kernel is JSON', (name) => {
    const kernel = ALL[name](seeded(4));
    const list = kernelHyperparameters(kernel);
    const same = withHyperparameters(
      kernel,
      list.map(({ value }) => value),
    );
    const X = randomPoints(name, 3, seeded(5));
    const K = kernelMatrix(kernel, X);
    kernelMatrix(same, X).forEach((value, p) => expect(value).toBeCloseTo(K[p], 13));
    expect(kernelMatrix(JSON.parse(JSON.stringify(kernel)) as Kernel, X)).toEqual(K);
    const moved = withHyperparameters(
      kernel,
      list.map((_, p) => 0.01 * (p + 1)),
    );
    kernelHyperparameters(moved).forEach(({ name: path, value }, p) => {
      expect(path).toBe(list[p].name);
      expect(value).toBeCloseTo(0.01 * (p + 1), 12);
    });
  });

  it.each(['rbf', 'matern32', 'matern52', 'rationalQuadratic', 'periodic', 'matern12'])(
    '%s is unchanged by a common shift of both points',
    (name) => {
      fc.assert(
        fc.property(seeds, fc.integer({ min: -8, max: 8 }), (seed, shift) => {
          const rng = seeded(seed);
          const kernel = ALL[name](rng);
          // Multiples of 1/64, so that the shift is exact.
          const [x, z] = randomPoints(name, 2, rng).map((point) => point.map((v) => Math.round(64 * v) / 64));
          const moved = (point: number[]) => point.map((v) => v + shift);
          expect(kernelValue(kernel, moved(x), moved(z))).toBe(kernelValue(kernel, x, z));
        }),
      );
    },
  );
});

describe('combinations', () => {
  it('sums and products of kernels are the sums and products of their matrices', () => {
    const rng = seeded(9);
    const X = randomPoints('', 5, rng);
    const parts = [SMOOTH.rbf(rng), SMOOTH.linear(rng), SMOOTH.periodic(rng)];
    const [a, b, c] = parts.map((kernel) => kernelMatrix(kernel, X));
    kernelMatrix(sumKernel(...parts), X).forEach((value, p) => expect(value).toBeCloseTo(a[p] + b[p] + c[p], 13));
    kernelMatrix(productKernel(...parts), X).forEach((value, p) => expect(value).toBeCloseTo(a[p] * b[p] * c[p], 13));
  });

  it('activeDims is the kernel of the selected columns', () => {
    const rng = seeded(10);
    const X = randomPoints('', 4, rng);
    const columns = X.map(([a, , c]) => [c, a]);
    const lengthscale = [0.4, 1.3];
    expect(kernelMatrix(matern52({ lengthscale, activeDims: [2, 0] }), X)).toEqual(
      kernelMatrix(matern52({ lengthscale }), columns),
    );
  });

  it('white noise is on the diagonal of K(X, X) and nowhere else, also at equal points', () => {
    const kernel = sumKernel(rbf({ lengthscale: 1 }), whiteKernel(0.5));
    expect(Array.from(kernelMatrix(kernel, [[0], [0]]))).toEqual([1.5, 1, 1, 1.5]);
    expect(Array.from(kernelCross(kernel, [[0]], [[0]]))).toEqual([1]);
    expect(Array.from(kernelDiag(kernel, [[0]]))).toEqual([1]);
    // A product with white noise is white noise of the product's variance.
    expect(Array.from(kernelMatrix(productKernel(constantKernel(3), whiteKernel(0.5)), [[0], [0]]))).toEqual([
      1.5, 0, 0, 1.5,
    ]);
  });

  it('task noise is white noise of the variance of the task', () => {
    const kernel = taskNoiseKernel({ noise: [1, 4], activeDims: [1] });
    const X = [
      [0.3, 1],
      [0.3, 0],
    ];
    expect(Array.from(kernelMatrix(kernel, X))).toEqual([4, 0, 0, 1]);
    expect(Array.from(kernelCross(kernel, X, X))).toEqual([0, 0, 0, 0]);
    expect(Array.from(kernelGradContract(kernel, X, [[1, 7], [7, 2]]))).toEqual([2, 4]); // prettier-ignore
  });

  it('a warp with a = b = 1 changes nothing beyond the margin', () => {
    const inner = matern52({ lengthscale: [0.5, 0.8] });
    const X = randomPoints('', 4, seeded(3)).map(([a, b]) => [a, b]);
    const K = kernelMatrix(inner, X);
    kernelMatrix(warpedKernel(inner, { dims: [0, 1] }), X).forEach((value, p) => {
      expect(Math.abs(value - K[p])).toBeLessThan(2e-6);
    });
  });
});

describe('particular kernels', () => {
  it('Matérn kernels are the textbook forms at r = 1/2', () => {
    expect(kernelValue(matern12({ lengthscale: 2 }), [0], [1])).toBeCloseTo(Math.exp(-0.5), 15);
    const s = Math.sqrt(5) / 2;
    expect(kernelValue(matern52({ lengthscale: 2 }), [0], [1])).toBeCloseTo((1 + s + (s * s) / 3) * Math.exp(-s), 15);
  });

  it('the rational quadratic kernel tends to rbf as α grows', () => {
    const a = kernelValue(rationalQuadratic({ lengthscale: 0.7, alpha: 1e7 }), [0.1], [0.9]);
    expect(a).toBeCloseTo(kernelValue(rbf({ lengthscale: 0.7 }), [0.1], [0.9]), 6);
  });

  it('the gradient of Matérn 1/2 at its kink, and of all stationary kernels at equal points, is 0', () => {
    for (const name of ['matern12', 'matern32', 'matern52', 'rbf']) {
      const gradient = kernelGradInput(ALL[name](seeded(1)), [0.2, 0.3, 0.4], [0.2, 0.3, 0.4]);
      gradient.forEach((g) => expect(Math.abs(g)).toBe(0));
    }
  });

  it('points at a distance that overflows when squared have covariance 0', () => {
    for (const name of ['matern12', 'matern32', 'matern52', 'rbf', 'rationalQuadratic']) {
      const kernel = ALL[name](seeded(1));
      const value = kernelValue(kernel, [1e200, 0, 0], [-1e200, 0, 0]);
      expect(value).toBeGreaterThanOrEqual(0);
      expect(value).toBeLessThan(1e-80);
      kernelGradInput(kernel, [1e200, 0, 0], [-1e200, 0, 0]).forEach((g) => expect(Math.abs(g)).toBeLessThan(1e-80));
    }
  });

  it('the NNGP covariance of a point with itself is that of the recursion on the diagonal', () => {
    fc.assert(
      fc.property(seeds, (seed) => {
        const rng = seeded(seed);
        for (const kernel of [SMOOTH.nngpRelu(rng), SMOOTH.nngpErf(rng)]) {
          const x = [rng(), rng(), rng()];
          expect(Math.abs(kernelValue(kernel, x, x) / kernelDiag(kernel, [x])[0] - 1)).toBeLessThan(1e-14);
        }
      }),
    );
  });

  it('the defaults of the infinite-width network are those of the paper', () => {
    expect(ibnnDefaults(6)).toEqual(nngpRelu({ weightVariance: 10, biasVariance: 1.3, depth: 3 }));
    expect(ibnnDefaults(100)).toEqual(nngpRelu({ weightVariance: 10, biasVariance: 1.6, depth: 3 }));
  });

  it('one erf layer is the arcsine formula of Williams', () => {
    const kernel = nngpErf({ weightVariance: 2, biasVariance: 0.5, depth: 1 });
    const k = (x: number, z: number) => 0.5 + 2 * x * z;
    const expected = 0.5 + ((2 * 2) / Math.PI) * Math.asin((2 * k(0.3, 0.8)) / Math.sqrt((1 + 2 * k(0.3, 0.3)) * (1 + 2 * k(0.8, 0.8)))); // prettier-ignore
    expect(kernelValue(kernel, [0.3], [0.8])).toBeCloseTo(expected, 14);
  });

  it('the truncated fidelity kernel is the unbiased kernel at the target', () => {
    const unbiased = matern52({ lengthscale: 0.6 });
    const kernel = linearTruncatedFidelity({ fidelityDim: 1, unbiased, biased: rbf({ lengthscale: 0.2 }) });
    expect(kernelValue(kernel, [0.2, 1], [0.7, 1])).toBe(kernelValue(unbiased, [0.2], [0.7]));
  });

  it('the truncated fidelity kernel with a power below 1 is indefinite, as its docs say', () => {
    const s = Array.from({ length: 12 }, (_, i) => [0, i / 11]);
    const smallest = (power: number) => {
      const kernel = linearTruncatedFidelity({
        fidelityDim: 1,
        power,
        unbiased: constantKernel(1e-12),
        biased: constantKernel(1),
      });
      const K = kernelMatrix(kernel, s);
      const trace = s.reduce((total, _, i) => total + K[i * 13], 0);
      return symmetricEigen(K, 12).values[0] / trace;
    };
    expect(smallest(0.5)).toBeLessThan(-1e-5);
    expect(smallest(1)).toBeGreaterThan(-1e-12);
  });

  it('a fitted power of the fidelity is one more hyper-parameter, with the derivative of differences', () => {
    const kernel = linearTruncatedFidelity({
      fidelityDim: 0,
      power: 1.4,
      powerMode: 'fit',
      unbiased: rbf({ lengthscale: 1 }),
      biased: rbf({ lengthscale: 0.5 }),
    });
    expect(kernelHyperparameters(kernel)[0].name).toBe('power');
    const theta = kernelHyperparameters(kernel).map(({ value }) => value);
    const f = (t: number[]) => kernelValue(withHyperparameters(kernel, t), [0.3, 0.2], [0.6, 0.5]);
    const gradients = kernelGradHyper(kernel, [[0.3, 0.2]], [[0.6, 0.5]]);
    expect(gradients.power[0]).toBeCloseTo(difference(f, theta, 0), 8);
  });

  it('polynomial and linear kernels agree at degree 1', () => {
    const a = kernelValue(polynomialKernel({ gamma: 2, offset: 0.3, degree: 1 }), [1, 2], [3, 4]);
    expect(a).toBeCloseTo(kernelValue(linearKernel({ variance: 2, bias: 0.3 }), [1, 2], [3, 4]), 14);
  });
});

describe('arguments', () => {
  const cases: [string, () => unknown, RegExp][] = [
    ['unknown type', () => kernelMatrix({ type: 'gauss' } as never, [[0]]), /kernel.type/],
    ['no kernel', () => kernelMatrix(null as never, [[0]]), /kernel/],
    ['lengthscale 0', () => kernelMatrix(rbf({ lengthscale: 0 }), [[0]]), /lengthscale must be positive/],
    ['lengthscale NaN', () => kernelMatrix(rbf({ lengthscale: NaN }), [[0]]), /lengthscale/],
    ['lengthscale entry', () => kernelMatrix(rbf({ lengthscale: [1, -1] }), [[0, 0]]), /lengthscale\[1\]/],
    ['lengthscale length', () => kernelMatrix(rbf({ lengthscale: [1, 1] }), [[0]]), /kernel.lengthscale must have length 1/],
    ['nested', () => kernelMatrix({ type: 'scale', variance: 1, kernel: { type: 'sum', kernels: [{ type: 'rbf', lengthscale: -1 }] } }, [[0]]), /kernel.kernel.kernels.0.lengthscale/],
    ['variance', () => kernelMatrix(scaleKernel(0, rbf({ lengthscale: 1 })), [[0]]), /variance/],
    ['no active columns', () => kernelMatrix(hammingKernel({ lengthscale: 1, activeDims: [] }), [[0]]), /activeDims must name a column/],
    ['no active columns', () => kernelMatrix(nngpRelu({ weightVariance: 1, biasVariance: 1, depth: 1, activeDims: [] }), [[0]]), /activeDims must name a column/],
    ['activeDims of another kind', () => kernelMatrix(rbf({ lengthscale: 1, activeDims: 0 as never }), [[0]]), /activeDims must be an array/],
    ['no tasks', () => indexKernel({ W: [], kappa: [] }), /kappa must have a task/],
    ['decay below 0', () => kernelMatrix(exponentialDecay({ offset: 1, alpha: 1.5, beta: 1 }), [[-1]]), /fidelity must be at least 0, got -1/],
    ['decay below 0, diagonal', () => kernelDiag(exponentialDecay({ offset: 1, alpha: 1.5, beta: 1 }), [[-1]]), /fidelity must be at least 0/],
    ['decay below 0, gradient', () => kernelGradInput(exponentialDecay({ offset: 1, alpha: 1.5, beta: 1 }), [1], [-2]), /fidelity must be at least 0/],
    ['fidelity above 1', () => kernelValue(linearTruncatedFidelity({ fidelityDim: 1, unbiased: rbf({ lengthscale: 1 }), biased: rbf({ lengthscale: 1 }) }), [0, 2], [0, 1]), /fidelity must be in \[0, 1\], got 2/],
    ['fidelity below 0', () => kernelValue(linearTruncatedFidelity({ fidelityDim: 1, unbiased: rbf({ lengthscale: 1 }), biased: rbf({ lengthscale: 1 }) }), [0, 1], [0, -2]), /fidelity must be in \[0, 1\], got -2/],
    ['empty sum', () => kernelMatrix(sumKernel(), [[0]]), /kernels/],
    ['period', () => kernelMatrix(periodicKernel({ lengthscale: 1, period: -2 }), [[0]]), /period/],
    ['degree', () => kernelMatrix(polynomialKernel({ gamma: 1, offset: 1, degree: 1.5 }), [[0]]), /degree/],
    ['depth', () => kernelMatrix(nngpRelu({ weightVariance: 1, biasVariance: 1, depth: 0 }), [[0]]), /depth/],
    ['activeDims range', () => kernelMatrix(rbf({ lengthscale: 1, activeDims: [1] }), [[0]]), /kernel.activeDims\[0\]/],
    ['activeDims repeat', () => kernelMatrix(rbf({ lengthscale: 1, activeDims: [0, 0] }), [[0]]), /repeat/],
    ['task', () => kernelMatrix(indexKernel({ W: [[1]], kappa: [1] }), [[1]]), /task/],
    ['task noise', () => kernelMatrix(taskNoiseKernel({ noise: [1, 0] }), [[0]]), /noise\[1\]/],
    ['decay columns', () => kernelMatrix(exponentialDecay({ offset: 1, alpha: 1, beta: 1 }), [[0, 1]]), /activeDims/],
    ['warp range', () => kernelMatrix(warpedKernel(rbf({ lengthscale: 1 }), { dims: [0] }), [[2]]), /\[0, 1\]/],
    ['warp exponent', () => kernelMatrix(warpedKernel(rbf({ lengthscale: 1 }), { dims: [0], warpA: [0] }), [[0]]), /warpA\[0\]/],
    ['X entry', () => kernelMatrix(rbf({ lengthscale: 1 }), [[0], [Infinity]]), /X\[1\]\[0\] must be finite/],
    ['ragged X', () => kernelMatrix(rbf({ lengthscale: 1 }), [[0], [1, 2]]), /\[1\]/],
    ['Z columns', () => kernelCross(rbf({ lengthscale: 1 }), [[0]], [[0, 1]]), /Z must have 1 columns/],
    ['z length', () => kernelValue(hammingKernel({ lengthscale: 1 }), [0], [0, 1]), /Z|z/],
    ['theta length', () => withHyperparameters(rbf({ lengthscale: 1 }), [1, 2]), /theta must have length 1/],
    ['S size', () => kernelGradContract(rbf({ lengthscale: 1 }), [[0]], [[1, 2], [2, 1]]), /S must have/],
    ['out size', () => kernelMatrix(rbf({ lengthscale: 1 }), [[0]], new Float64Array(2)), /out/],
  ]; // prettier-ignore

  it.each(cases)('%s is refused by name', (_, call, message) => {
    expect(call).toThrow(message);
  });

  it('an empty design gives empty matrices', () => {
    expect(kernelMatrix(rbf({ lengthscale: 1 }), []).length).toBe(0);
    expect(kernelCross(rbf({ lengthscale: 1 }), [], [[1]]).length).toBe(0);
  });

  it('writes into out and returns it', () => {
    const out = new Float64Array(4);
    expect(kernelMatrix(rbf({ lengthscale: 1 }), [[0], [1]], out)).toBe(out);
    expect(out[0]).toBe(1);
  });

  it('knows which kernels have no smooth gradient', () => {
    expect(Object.keys(ROUGH)).toEqual(['matern12', 'hamming', 'tanimoto', 'index']);
  });
});
