/**
 * The deep linear kernel machine in closed form.
 *
 * A. X. Yang et al., arXiv:2108.13097, section 4.6: with linear kernels, a fixed top Gram matrix G_(L+1) and equal ν, the
 * Gram matrices interpolate geometrically, G_l = G_0 (G_0^-1 G_(L+1))^(l/(L+1)).
 */
import { checkInteger } from '../../internal/check.js';
import { cholesky } from '../../linalg/cholesky.js';
import { symmetricEigen } from '../../linalg/eigen.js';
import { matMul, transpose } from '../../linalg/mat-mul.js';
import type { MatrixLike } from '../../linalg/to-row-major.js';
import { pow } from '../../special/pow.js';
import { toPoints } from '../kernels/kernel-matrix.js';

/**
 * G_1..G_L, n x n row-major: the points at l/(L+1) of the geodesic from G_0 to the top in the positive definite matrices,
 * G_0^½ (G_0^-½ G_(L+1) G_0^-½)^t G_0^½. They minimize Σ_(l=1)^(L+1) KL(N(0, G_l) to N(0, G_(l-1))). O(L n³).
 *
 * @throws RangeError if the matrices are not square, of one size, symmetric and positive definite
 *
 * @example
 * dkmLinearFixedPoint([[1]], [[4]], 1)[0][0].toFixed(12); //=> '2.000000000000'
 */
export function dkmLinearFixedPoint(G0: MatrixLike, top: MatrixLike, hiddenLayers: number): Float64Array[] {
  checkInteger('hiddenLayers', hiddenLayers, 0);
  const bottom = positiveDefinite('G0', G0);
  const n = bottom.rows;
  const target = positiveDefinite('top', top, n);
  const root = power(bottom.data, n, 0.5);
  const inverseRoot = power(bottom.data, n, -0.5);
  const middle = matMul(matMul(inverseRoot, target.data, n, n, n), inverseRoot, n, n, n);
  for (let i = 0; i < n; i++) for (let j = 0; j < i; j++) middle[i * n + j] = middle[j * n + i];
  return Array.from({ length: hiddenLayers }, (_, l) => {
    const between = power(middle, n, (l + 1) / (hiddenLayers + 1));
    return matMul(matMul(root, between, n, n, n), root, n, n, n);
  });
}

/** A^t of a symmetric positive definite matrix. */
function power(A: Float64Array, n: number, t: number): Float64Array {
  const { values, vectors } = symmetricEigen(A, n);
  const scaled = new Float64Array(n * n);
  for (let i = 0; i < n; i++) for (let k = 0; k < n; k++) scaled[i * n + k] = vectors[i * n + k] * pow(values[k], t);
  return matMul(scaled, transpose(vectors, n, n), n, n, n);
}

function positiveDefinite(name: string, A: MatrixLike, size?: number) {
  const points = toPoints(name, A);
  const n = size ?? points.rows;
  if (points.rows !== n || points.columns !== n) {
    throw new RangeError(`${name} must be ${n} x ${n}, got ${points.rows} x ${points.columns}`);
  }
  for (let i = 0; i < n; i++) {
    for (let j = 0; j < i; j++) {
      const [a, b] = [points.data[i * n + j], points.data[j * n + i]];
      if (Math.abs(a - b) > 1e-9 * (Math.abs(a) + Math.abs(b))) throw new RangeError(`${name} must be symmetric`);
    }
  }
  if (cholesky(points.data, n, new Float64Array(n * n)) !== -1) {
    throw new RangeError(`${name} must be positive definite`);
  }
  return points;
}
