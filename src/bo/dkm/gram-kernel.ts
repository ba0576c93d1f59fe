/**
 * Kernels as functions of Gram matrices: the covariance of the next layer's features given that of this layer's.
 *
 * A. X. Yang, M. Robeyns, E. Milsom, B. Anson, N. Schoots, L. Aitchison, "A Theory of Representation Learning Gives a Deep
 * Generalisation of Kernel Methods", ICML 2023, arXiv:2108.13097, section 3.
 *
 *   relu    K_ij = √(G_ii G_jj) (sin t + (π - t) cos t)/π,  cos t = G_ij/√(G_ii G_jj);  K_ii = G_ii
 *   rbf     K_ij = exp(-(G_ii - 2 G_ij + G_jj)/2)
 *   linear  K = G
 */
import { exp } from '../../special/exp.js';
import { acos } from '../../special/inverse-trigonometric.js';

export type GramKernel = 'relu' | 'rbf' | 'linear';

/** k of G_xx, G_zz, G_xz for two different points. */
export function gramEntry(kernel: GramKernel, xx: number, zz: number, xz: number): number {
  if (kernel === 'linear') return xz;
  if (kernel === 'rbf') return exp(-0.5 * (xx - 2 * xz + zz));
  const size = Math.sqrt(xx * zz);
  if (!(size > 0)) return 0;
  const c = clamp(xz / size);
  return (size * (Math.sqrt((1 - c) * (1 + c)) + (Math.PI - acos(c)) * c)) / Math.PI;
}

/** k of a point with itself. */
export function gramDiagonal(kernel: GramKernel, xx: number): number {
  return kernel === 'rbf' ? 1 : xx;
}

/** K(G) of a symmetric n x n matrix. */
export function gramMap(kernel: GramKernel, G: Float64Array, n: number, out: Float64Array): Float64Array {
  for (let i = 0; i < n; i++) {
    out[i * n + i] = gramDiagonal(kernel, G[i * n + i]);
    for (let j = 0; j < i; j++) {
      const value = gramEntry(kernel, G[i * n + i], G[j * n + j], G[i * n + j]);
      out[i * n + j] = value;
      out[j * n + i] = value;
    }
  }
  return out;
}

/** out += the gradient in G of a scalar whose gradient in K(G) is `byK`; both are symmetric, all entries independent. */
export function pullThroughGramMap(
  kernel: GramKernel,
  G: Float64Array,
  byK: Float64Array,
  n: number,
  out: Float64Array,
): void {
  if (kernel === 'linear') {
    for (let p = 0; p < n * n; p++) out[p] += byK[p];
    return;
  }
  const slopes = { byXx: 0, byZz: 0, byXz: 0 };
  for (let i = 0; i < n; i++) {
    if (kernel === 'relu') out[i * n + i] += byK[i * n + i];
    for (let j = 0; j < i; j++) {
      const weight = byK[i * n + j]; // of (i, j), and again of (j, i)
      gramSlopes(kernel, G[i * n + i], G[j * n + j], G[i * n + j], slopes);
      out[i * n + j] += weight * slopes.byXz;
      out[j * n + i] += weight * slopes.byXz;
      out[i * n + i] += 2 * weight * slopes.byXx;
      out[j * n + j] += 2 * weight * slopes.byZz;
    }
  }
}

/** The derivatives of `gramEntry`, written into `out`. */
export function gramSlopes(
  kernel: GramKernel,
  xx: number,
  zz: number,
  xz: number,
  out: { byXx: number; byZz: number; byXz: number },
): void {
  out.byXx = 0;
  out.byZz = 0;
  if (kernel === 'linear') out.byXz = 1;
  else if (kernel === 'rbf') {
    out.byXz = exp(-0.5 * (xx - 2 * xz + zz));
    out.byXx = -0.5 * out.byXz;
    out.byZz = out.byXx;
  } else {
    out.byXz = 0;
    const size = Math.sqrt(xx * zz);
    if (!(size > 0)) return;
    const c = clamp(xz / size);
    const sine = Math.sqrt((1 - c) * (1 + c));
    out.byXz = (Math.PI - acos(c)) / Math.PI;
    out.byXx = (sine * Math.sqrt(zz / xx)) / (2 * Math.PI);
    out.byZz = (sine * Math.sqrt(xx / zz)) / (2 * Math.PI);
  }
}

function clamp(c: number): number {
  return c > 1 ? 1 : c < -1 ? -1 : c;
}
