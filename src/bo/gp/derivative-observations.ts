/**
 * Gaussian processes that observe gradients beside values.
 *
 * E. Solak, R. Murray-Smith, W. E. Leithead, D. J. Leith, C. E. Rasmussen, NIPS 2002; Rasmussen and Williams (2006), section 9.4:
 * cov(f(x), ∂f/∂z_j) = ∂k/∂z_j and cov(∂f/∂x_i, ∂f/∂z_j) = ∂²k/∂x_i ∂z_j. With u_i = (x_i - z_i)/ℓ_i,
 *
 *   rbf        ∂k/∂z_j = k u_j/ℓ_j                     ∂²k = k (δ_ij/ℓ_i² - u_i u_j/(ℓ_i ℓ_j))
 *   matern52   ∂k/∂z_j = (5/3)(1 + s) e^-s u_j/ℓ_j     ∂²k = (5/3) e^-s ((1 + s) δ_ij/ℓ_i² - 5 u_i u_j/(ℓ_i ℓ_j)),  s = √5 r
 */
import { checkNumber, checkOptionNames, checkVector } from '../../internal/check.js';
import { choleskyJittered } from '../../linalg/cholesky.js';
import type { MatrixLike } from '../../linalg/to-row-major.js';
import { choleskyLogDet, choleskySolve, solveLowerMany } from '../../linalg/triangular.js';
import { exp } from '../../special/exp.js';
import type { Kernel, Points } from '../kernels/kernel.js';
import { checkKernel, toPoints } from '../kernels/kernel-matrix.js';
import { perDimension } from '../kernels/positive-field.js';

/** Values at X and gradients at XGrad: plain data. */
export interface GpWithGradients {
  kernel: Kernel;
  X: Float64Array;
  n: number;
  XGrad: Float64Array;
  nGrad: number;
  d: number;
  mean: number;
  /** Factor of the stacked covariance, n + nGrad d: values first, then the gradients point by point. */
  L: Float64Array;
  alpha: Float64Array;
  jitter: number;
  logMarginalLikelihood: number;
}

/**
 * The process given values y at X and gradients (rows of yGrad) at XGrad. O((n + nGrad d)³).
 *
 * @param options.noise noise variance of values. Default 1e-6
 * @param options.gradientNoise noise variance of each entry of a gradient. Default 1e-6
 * @throws RangeError if sizes differ, an entry is not finite, or the kernel is not built of rbf, matern52, scale, sum, product
 *   and constant
 *
 * @example
 * const gp = gpConditionWithGradients(rbf({ lengthscale: 1 }), { X: [[0]], y: [0], XGrad: [[0]], yGrad: [[1]] });
 * gpPredictWithGradients(gp, [[0.1]]).mean[0].toFixed(3); //=> '0.100'
 */
export function gpConditionWithGradients(
  kernel: Kernel,
  data: { X: MatrixLike; y: ArrayLike<number>; XGrad: MatrixLike; yGrad: MatrixLike },
  options: { noise?: number; gradientNoise?: number; mean?: number } = {},
): GpWithGradients {
  checkOptionNames('options', options, { noise: true, gradientNoise: true, mean: true });
  const { noise = 1e-6, gradientNoise = 1e-6, mean = 0 } = options;
  const X = toPoints('X', data.X);
  checkVector('y', data.y, X.rows);
  const XGrad = toPoints('XGrad', data.XGrad, X.rows > 0 ? X.columns : undefined);
  const d = X.rows > 0 ? X.columns : XGrad.columns;
  const yGrad = toPoints('yGrad', data.yGrad, XGrad.rows > 0 ? d : undefined);
  if (yGrad.rows !== XGrad.rows) throw new RangeError(`yGrad must have ${XGrad.rows} rows, got ${yGrad.rows}`);
  checkKernel(kernel, d);
  checkSmooth(kernel);
  checkNumber('noise', noise, 0);
  checkNumber('gradientNoise', gradientNoise, 0);
  checkNumber('mean', mean);
  const n = X.rows;
  const N = n + XGrad.rows * d;
  const K = new Float64Array(N * N);
  stack(kernel, X, XGrad, X, XGrad, d, K);
  for (let i = 0; i < N; i++) K[i * N + i] += i < n ? noise : gradientNoise;
  const { L, jitter } = N > 0 ? choleskyJittered(K, N) : { L: K, jitter: 0 };
  const r = new Float64Array(N);
  for (let i = 0; i < n; i++) r[i] = data.y[i] - mean;
  r.set(yGrad.data, n);
  const alpha = choleskySolve(L, r, N);
  let quadratic = 0;
  for (let i = 0; i < N; i++) quadratic += r[i] * alpha[i];
  const logMarginalLikelihood = -0.5 * (quadratic + choleskyLogDet(L, N) + N * 1.8378770664093453);
  return {
    kernel,
    X: X.data.slice(),
    n,
    XGrad: XGrad.data.slice(),
    nGrad: XGrad.rows,
    d,
    mean,
    L,
    alpha,
    jitter,
    logMarginalLikelihood,
  };
}

/**
 * Latent mean and variance at m points; with `gradient`, also those of the gradient's entries, m x d.
 *
 * @throws RangeError if the points do not have the model's number of columns or are not finite
 */
export function gpPredictWithGradients(
  gp: GpWithGradients,
  Xs: MatrixLike,
  options: { gradient?: boolean } = {},
): { mean: Float64Array; variance: Float64Array; gradientMean: Float64Array; gradientVariance: Float64Array } {
  const { gradient = false } = checkOptionNames('options', options, { gradient: true });
  const points = toPoints('Xs', Xs, gp.d);
  const { d, n, nGrad } = gp;
  const m = points.rows;
  const none: Points = { data: new Float64Array(0), rows: 0, columns: d };
  const queries = gradient ? points : none;
  const X: Points = { data: gp.X, rows: n, columns: d };
  const XGrad: Points = { data: gp.XGrad, rows: nGrad, columns: d };
  const N = n + nGrad * d;
  const M = m + queries.rows * d;
  const Ks = new Float64Array(N * M);
  stack(gp.kernel, X, XGrad, points, queries, d, Ks);
  const all = new Float64Array(M).fill(gp.mean, 0, m);
  for (let i = 0; i < N; i++) for (let j = 0; j < M; j++) all[j] += Ks[i * M + j] * gp.alpha[i];
  const V = solveLowerMany(gp.L, Ks, N, M, Ks);
  const variances = new Float64Array(M);
  const jet = newJet(d);
  for (let j = 0; j < m; j++) {
    pairJet(gp.kernel, points.data, j * d, points.data, j * d, d, jet);
    variances[j] = jet.value;
    if (gradient) for (let k = 0; k < d; k++) variances[m + j * d + k] = jet.mixed[k * d + k];
  }
  for (let i = 0; i < N; i++) for (let j = 0; j < M; j++) variances[j] -= V[i * M + j] * V[i * M + j];
  for (let j = 0; j < M; j++) if (!(variances[j] > 0)) variances[j] = 0;
  return {
    mean: all.slice(0, m),
    variance: variances.slice(0, m),
    gradientMean: all.slice(m),
    gradientVariance: variances.slice(m),
  };
}

/** Value and derivatives of k at a pair: ∂/∂x, ∂/∂z, ∂²/∂x_i ∂z_j. */
interface Jet {
  value: number;
  byX: Float64Array;
  byZ: Float64Array;
  mixed: Float64Array;
}

/** Covariances of (f(X), ∇f(XG)) with (f(Z), ∇f(ZG)), row-major. */
function stack(kernel: Kernel, X: Points, XG: Points, Z: Points, ZG: Points, d: number, out: Float64Array): void {
  const columns = Z.rows + ZG.rows * d;
  const jet = newJet(d);
  for (let i = 0; i < X.rows; i++) {
    for (let j = 0; j < Z.rows; j++) {
      pairJet(kernel, X.data, i * d, Z.data, j * d, d, jet);
      out[i * columns + j] = jet.value;
    }
    for (let j = 0; j < ZG.rows; j++) {
      pairJet(kernel, X.data, i * d, ZG.data, j * d, d, jet);
      out.set(jet.byZ, i * columns + Z.rows + j * d);
    }
  }
  for (let i = 0; i < XG.rows; i++) {
    const row = X.rows + i * d;
    for (let j = 0; j < Z.rows; j++) {
      pairJet(kernel, XG.data, i * d, Z.data, j * d, d, jet);
      for (let k = 0; k < d; k++) out[(row + k) * columns + j] = jet.byX[k];
    }
    for (let j = 0; j < ZG.rows; j++) {
      pairJet(kernel, XG.data, i * d, ZG.data, j * d, d, jet);
      for (let k = 0; k < d; k++) {
        for (let l = 0; l < d; l++) out[(row + k) * columns + Z.rows + j * d + l] = jet.mixed[k * d + l];
      }
    }
  }
}

function pairJet(
  kernel: Kernel,
  x: Float64Array,
  xAt: number,
  z: Float64Array,
  zAt: number,
  d: number,
  out: Jet,
): void {
  const { byX, byZ, mixed } = out;
  byX.fill(0);
  byZ.fill(0);
  mixed.fill(0);
  switch (kernel.type) {
    case 'constant':
      out.value = kernel.value;
      return;
    case 'rbf':
    case 'matern52': {
      const dims = kernel.activeDims ?? Array.from({ length: d }, (_, k) => k);
      const lengthscale = perDimension(kernel.lengthscale, dims.length);
      let r2 = 0;
      for (let k = 0; k < dims.length; k++) {
        const u = (x[xAt + dims[k]] - z[zAt + dims[k]]) / lengthscale[k];
        r2 += u * u;
        byZ[dims[k]] = u / lengthscale[k]; // for now
      }
      // k' = slope · u/ℓ and ∂² = slope δ/ℓ² - curvature (u_i/ℓ_i)(u_j/ℓ_j)
      let slope: number;
      let curvature: number;
      if (kernel.type === 'rbf') {
        out.value = slope = curvature = exp(-0.5 * r2);
      } else {
        const s = Math.sqrt(5 * r2);
        const e = exp(-s);
        out.value = (1 + s + (5 / 3) * r2) * e;
        slope = (5 / 3) * (1 + s) * e;
        curvature = (25 / 3) * e;
      }
      for (let k = 0; k < dims.length; k++) {
        const i = dims[k];
        for (const j of dims) mixed[i * d + j] = -curvature * byZ[i] * byZ[j];
        mixed[i * d + i] += slope / (lengthscale[k] * lengthscale[k]);
      }
      for (let k = 0; k < d; k++) {
        byZ[k] *= slope;
        byX[k] = -byZ[k];
      }
      return;
    }
    case 'scale': {
      pairJet(kernel.kernel, x, xAt, z, zAt, d, out);
      out.value *= kernel.variance;
      for (const part of [byX, byZ, mixed]) for (let p = 0; p < part.length; p++) part[p] *= kernel.variance;
      return;
    }
    case 'sum':
    case 'product': {
      const part = newJet(d);
      pairJet(kernel.kernels[0], x, xAt, z, zAt, d, out);
      for (const other of kernel.kernels.slice(1)) {
        pairJet(other, x, xAt, z, zAt, d, part);
        if (kernel.type === 'sum') add(out, part);
        else multiply(out, part, d);
      }
    }
  }
}

function add(out: Jet, part: Jet): void {
  out.value += part.value;
  for (let p = 0; p < out.byX.length; p++) out.byX[p] += part.byX[p];
  for (let p = 0; p < out.byZ.length; p++) out.byZ[p] += part.byZ[p];
  for (let p = 0; p < out.mixed.length; p++) out.mixed[p] += part.mixed[p];
}

function multiply(out: Jet, part: Jet, d: number): void {
  for (let i = 0; i < d; i++) {
    for (let j = 0; j < d; j++) {
      const p = i * d + j;
      out.mixed[p] =
        out.mixed[p] * part.value + out.byX[i] * part.byZ[j] + part.byX[i] * out.byZ[j] + out.value * part.mixed[p];
    }
  }
  for (let k = 0; k < d; k++) {
    out.byX[k] = out.byX[k] * part.value + out.value * part.byX[k];
    out.byZ[k] = out.byZ[k] * part.value + out.value * part.byZ[k];
  }
  out.value *= part.value;
}

function newJet(d: number): Jet {
  return { value: 0, byX: new Float64Array(d), byZ: new Float64Array(d), mixed: new Float64Array(d * d) };
}

function checkSmooth(kernel: Kernel): void {
  switch (kernel.type) {
    case 'rbf':
    case 'matern52':
    case 'constant':
      return;
    case 'scale':
      return checkSmooth(kernel.kernel);
    case 'sum':
    case 'product':
      return kernel.kernels.forEach(checkSmooth);
    default:
      throw new RangeError(
        `kernel must be built of rbf, matern52, constant, scale, sum and product for gradient observations, got '${kernel.type}'`,
      );
  }
}
