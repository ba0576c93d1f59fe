// Euclidean and Mahalanobis projections on the simplex and the ball.

import { checkNumber, checkVector } from '../internal/check.js';
import { type MatrixLike, norm2, symmetricEigen, toRowMajor } from '../linalg/index.js';

/**
 * The probability vector nearest to v: max(v_i - θ, 0), θ = (Σ of the r largest - 1) / r with the largest r for which
 * the r-th largest entry stays positive.
 *
 * J. Duchi, S. Shalev-Shwartz, Y. Singer, T. Chandra, "Efficient projections onto the l1-ball", ICML 2008, Figure 1.
 * O(n log n).
 *
 * @param out receives the projection; may be v
 * @throws RangeError if v is empty or has an entry that is not finite
 *
 * @example
 * projectSimplex([0.5, 1.5]); //=> Float64Array.of(0, 1)
 */
export function projectSimplex(v: ArrayLike<number>, out: Float64Array = new Float64Array(v.length)): Float64Array {
  checkVector('v', v);
  const n = v.length;
  if (n === 0) throw new RangeError('v must not be empty');
  const sorted = Float64Array.from(v).sort();
  let total = 0;
  let threshold = 0;
  for (let r = 1; r <= n; r++) {
    const entry = sorted[n - r];
    total += entry;
    const candidate = (total - 1) / r;
    if (!(entry > candidate)) break;
    threshold = candidate;
  }
  for (let i = 0; i < n; i++) out[i] = Math.max(0, v[i] - threshold);
  return out;
}

/**
 * The point of {x: |x| <= radius} nearest to v: v itself or v radius / |v|.
 *
 * @param out receives the projection; may be v
 * @throws RangeError if v has an entry that is not finite or radius is negative
 *
 * @example
 * projectBall([3, 4], 1); //=> Float64Array.of(0.6, 0.8)
 */
export function projectBall(
  v: ArrayLike<number>,
  radius: number,
  out: Float64Array = new Float64Array(v.length),
): Float64Array {
  checkVector('v', v);
  checkNumber('radius', radius, 0);
  const size = norm2(v);
  for (let i = 0; i < v.length; i++) out[i] = size <= radius ? v[i] : (v[i] / size) * radius;
  return out;
}

/**
 * argmin over |x| <= radius of (x - y)ᵀ H (x - y), H positive definite: y inside the ball, else
 * x = (H + μI)^-1 H y with the μ > 0 for which |x| = radius, by Newton on 1/|x(μ)| in the eigenbasis of H. O(n³).
 *
 * @throws RangeError if H is not n x n, not positive definite, or radius is negative
 *
 * @example
 * projectBallMahalanobis([3, 4], [[1, 0], [0, 1]], 1).map((x) => Math.round(x * 1e12) / 1e12); //=> Float64Array.of(0.6, 0.8)
 */
export function projectBallMahalanobis(
  y: ArrayLike<number>,
  H: Float64Array | MatrixLike,
  radius: number,
): Float64Array {
  checkVector('y', y);
  checkNumber('radius', radius, 0);
  const n = y.length;
  if (norm2(y) <= radius) return Float64Array.from(y);
  if (radius === 0) return new Float64Array(n);
  const matrix = H instanceof Float64Array ? { data: H, rows: n, columns: n } : toRowMajor(H as MatrixLike, 'H');
  if (matrix.rows !== n || matrix.columns !== n || matrix.data.length !== n * n) {
    throw new RangeError(`H must be ${n} x ${n}, got ${matrix.rows} x ${matrix.columns}`);
  }
  const { values, vectors } = symmetricEigen(matrix.data, n);
  if (!(values[0] > 0)) throw new RangeError(`H must be positive definite, its least eigenvalue is ${values[0]}`);
  const b = new Float64Array(n); // Λ Vᵀ y
  for (let j = 0; j < n; j++) {
    let total = 0;
    for (let i = 0; i < n; i++) total += vectors[i * n + j] * y[i];
    b[j] = values[j] * total;
  }
  // |x(μ)|² = Σ (b_j / (λ_j + μ))² falls in μ, and 1/|x(μ)| is concave and nearly linear: Newton from the left converges
  let mu = 0;
  for (let k = 0; k < 100; k++) {
    let square = 0;
    let slope = 0;
    for (let j = 0; j < n; j++) {
      const ratio = b[j] / (values[j] + mu);
      square += ratio * ratio;
      slope += (ratio * ratio) / (values[j] + mu);
    }
    const size = Math.sqrt(square);
    const step = (square / slope) * (size / radius - 1);
    const next = mu + step;
    if (!(next > mu) || Math.abs(size - radius) <= 1e-15 * radius) break;
    mu = next;
  }
  const x = new Float64Array(n);
  for (let j = 0; j < n; j++) {
    const weight = b[j] / (values[j] + mu);
    for (let i = 0; i < n; i++) x[i] += weight * vectors[i * n + j];
  }
  return projectBall(x, radius, x); // the last rounding may leave it outside
}
