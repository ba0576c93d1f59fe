// Random kernels, designs and targets for the properties of kernels and processes.
import fc from 'fast-check';
import { expect } from 'vitest';
import {
  constantKernel,
  exponentialDecay,
  hammingKernel,
  indexKernel,
  type Kernel,
  linearKernel,
  linearTruncatedFidelity,
  matern12,
  matern32,
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
  tanimoto,
  warpedKernel,
} from '../../src/bo/index.js';
import { createRng, type Rng } from '../../src/random/index.js';

export const D = 3;

/** Seeds of `seeded`, for properties. */
export const seeds = fc.integer({ min: 0, max: 1e6 });

/** |a - b| <= tolerance max(1, |b|). */
export function close(a: number, b: number, tolerance: number): void {
  expect(Math.abs(a - b), `${a} against ${b}`).toBeLessThanOrEqual(tolerance * Math.max(1, Math.abs(b)));
}

export function closeArrays(a: ArrayLike<number>, b: ArrayLike<number>, tolerance: number): void {
  expect(a.length).toBe(b.length);
  for (let i = 0; i < a.length; i++) close(a[i], b[i], tolerance);
}

/** Rows of numbers as a flat row-major matrix. */
export function flat(rows: number[][]): { data: Float64Array; rows: number; columns: number } {
  return { data: Float64Array.from(rows.flat()), rows: rows.length, columns: rows[0].length };
}

const between = (rng: Rng, low: number, high: number) => low + (high - low) * rng();
const scales = (rng: Rng, d = D) => Array.from({ length: d }, () => between(rng, 0.3, 2));

/** Kernels of D coordinates in [0, 1]; those that are smooth in them. */
export const SMOOTH: Record<string, (rng: Rng) => Kernel> = {
  rbf: (rng) => rbf({ lengthscale: scales(rng) }),
  'rbf, shared': (rng) => rbf({ lengthscale: between(rng, 0.3, 2) }),
  matern32: (rng) => matern32({ lengthscale: scales(rng) }),
  matern52: (rng) => matern52({ lengthscale: scales(rng) }),
  rationalQuadratic: (rng) => rationalQuadratic({ lengthscale: scales(rng), alpha: between(rng, 0.3, 3) }),
  periodic: (rng) => periodicKernel({ lengthscale: scales(rng), period: scales(rng) }),
  linear: (rng) => linearKernel({ variance: scales(rng), bias: between(rng, 0.1, 2) }),
  polynomial: (rng) => polynomialKernel({ gamma: between(rng, 0.3, 1), offset: between(rng, 0.3, 1), degree: 3 }),
  constant: (rng) => constantKernel(between(rng, 0.3, 2)),
  scale: (rng) => scaleKernel(between(rng, 0.3, 4), matern52({ lengthscale: scales(rng) })),
  sum: (rng) => sumKernel(rbf({ lengthscale: scales(rng) }), linearKernel({ variance: 0.7 })),
  product: (rng) =>
    productKernel(
      matern32({ lengthscale: between(rng, 0.3, 2), activeDims: [0] }),
      scaleKernel(between(rng, 0.3, 2), rbf({ lengthscale: scales(rng, 2), activeDims: [2, 1] })),
    ),
  nngpRelu: (rng) => nngpRelu({ weightVariance: between(rng, 1, 4), biasVariance: between(rng, 0.1, 1), depth: 3 }),
  nngpErf: (rng) => nngpErf({ weightVariance: between(rng, 1, 4), biasVariance: between(rng, 0.1, 1), depth: 2 }),
  linearTruncatedFidelity: (rng) =>
    linearTruncatedFidelity({
      fidelityDim: 1,
      unbiased: matern52({ lengthscale: scales(rng, 2) }),
      biased: scaleKernel(0.5, rbf({ lengthscale: scales(rng, 2) })),
    }),
  exponentialDecay: (rng) =>
    productKernel(
      rbf({ lengthscale: scales(rng, 2), activeDims: [0, 1] }),
      exponentialDecay({
        offset: between(rng, 0.1, 1),
        alpha: between(rng, 0.5, 2),
        beta: between(rng, 0.3, 2),
        activeDims: [2],
      }),
    ),
  warped: (rng) =>
    warpedKernel(matern52({ lengthscale: scales(rng) }), {
      dims: [0, 2],
      warpA: [between(rng, 0.6, 2), between(rng, 0.6, 2)],
      warpB: [between(rng, 0.6, 2), between(rng, 0.6, 2)],
    }),
};

/** Kernels with a kink or of categories. */
export const ROUGH: Record<string, (rng: Rng) => Kernel> = {
  matern12: (rng) => matern12({ lengthscale: scales(rng) }),
  hamming: (rng) => hammingKernel({ lengthscale: scales(rng) }),
  tanimoto: () => tanimoto(),
  index: (rng) =>
    productKernel(
      rbf({ lengthscale: scales(rng, 2), activeDims: [0, 1] }),
      indexKernel({
        W: Array.from({ length: 3 }, () => [between(rng, -1, 1), between(rng, -1, 1)]),
        kappa: scales(rng),
        activeDims: [2],
      }),
    ),
};

export const ALL = { ...SMOOTH, ...ROUGH };

/** n points of D coordinates that suit the kernel of a name. */
export function randomPoints(name: string, n: number, rng: Rng): number[][] {
  return Array.from({ length: n }, () =>
    Array.from({ length: D }, (_, k) => {
      if (name === 'tanimoto' || name === 'hamming') return Math.floor(3 * rng());
      if (name === 'index' && k === 2) return Math.floor(3 * rng());
      return rng();
    }),
  );
}

export function randomTargets(n: number, rng: Rng): number[] {
  return Array.from({ length: n }, () => 4 * rng() - 2);
}

export const seeded = (seed: number) => createRng(seed, 'bo-test');

/** Solves A x = b for a dense matrix, by elimination with pivoting: slow, and not the library's way. */
export function solveDense(A: number[][], b: number[]): number[] {
  const n = b.length;
  const M = A.map((row, i) => [...row, b[i]]);
  for (let c = 0; c < n; c++) {
    let pivot = c;
    for (let r = c + 1; r < n; r++) if (Math.abs(M[r][c]) > Math.abs(M[pivot][c])) pivot = r;
    [M[c], M[pivot]] = [M[pivot], M[c]];
    for (let r = c + 1; r < n; r++) {
      const f = M[r][c] / M[c][c];
      for (let k = c; k <= n; k++) M[r][k] -= f * M[c][k];
    }
  }
  const x = new Array<number>(n).fill(0);
  for (let r = n - 1; r >= 0; r--) {
    let s = M[r][n];
    for (let k = r + 1; k < n; k++) s -= M[r][k] * x[k];
    x[r] = s / M[r][r];
  }
  return x;
}

/** ln |det A| of a dense matrix, by the same elimination. */
export function logDetDense(A: number[][]): number {
  const n = A.length;
  const M = A.map((row) => [...row]);
  let total = 0;
  for (let c = 0; c < n; c++) {
    let pivot = c;
    for (let r = c + 1; r < n; r++) if (Math.abs(M[r][c]) > Math.abs(M[pivot][c])) pivot = r;
    [M[c], M[pivot]] = [M[pivot], M[c]];
    total += Math.log(Math.abs(M[c][c]));
    for (let r = c + 1; r < n; r++) {
      const f = M[r][c] / M[c][c];
      for (let k = c; k < n; k++) M[r][k] -= f * M[c][k];
    }
  }
  return total;
}

/** Central difference of f at x[k], step h. */
export function difference(f: (x: number[]) => number, x: ArrayLike<number>, k: number, h = 1e-5): number {
  const up = Array.from(x);
  const down = Array.from(x);
  up[k] += h;
  down[k] -= h;
  return (f(up) - f(down)) / (2 * h);
}
