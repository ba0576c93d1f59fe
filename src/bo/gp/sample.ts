import { checkInteger } from '../../internal/check.js';
import { choleskyJittered } from '../../linalg/cholesky.js';
import type { MatrixLike } from '../../linalg/to-row-major.js';
import type { Rng } from '../../random/create-rng.js';
import { sampleNormal } from '../../random/normal.js';
import { queryPoints, type GpState } from './gp-state.js';
import { predict } from './predict.js';

/**
 * n joint samples of the latent function at m points: mean + chol(covariance) z. O(m³ + n m²), n m normal draws.
 *
 * @returns n x m, row-major
 *
 * @example
 * gpSample(gpCondition(rbf({ lengthscale: 1 }), [[0]], [0]), [[0], [1]], 3, createRng(1)).length; //=> 6
 */
export function gpSample(gp: GpState, Xs: MatrixLike, n: number, rng: Rng): Float64Array {
  const points = queryPoints(gp, Xs);
  checkInteger('n', n, 0);
  const m = points.rows;
  const { mean, covariance } = predict(gp, points, { covariance: true });
  const L = m > 0 ? choleskyJittered(covariance, m).L : covariance;
  const out = new Float64Array(n * m);
  const z = new Float64Array(m);
  for (let s = 0; s < n; s++) {
    for (let j = 0; j < m; j++) z[j] = sampleNormal(rng);
    for (let i = 0; i < m; i++) {
      let value = mean[i];
      for (let j = 0; j <= i; j++) value += L[i * m + j] * z[j];
      out[s * m + i] = value;
    }
  }
  return out;
}
