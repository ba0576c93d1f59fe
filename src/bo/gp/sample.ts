import { checkInteger } from '../../internal/check.js';
import { cholesky, choleskyJittered } from '../../linalg/cholesky.js';
import type { MatrixLike } from '../../linalg/to-row-major.js';
import type { Rng } from '../../random/create-rng.js';
import { sampleNormal } from '../../random/normal.js';
import type { Kernel, Points } from '../kernels/kernel.js';
import { kernelRules } from '../kernels/rules.js';
import { queryPoints, type GpState } from './gp-state.js';
import { safely } from './log-posterior.js';
import { predict } from './predict.js';

/**
 * n joint samples of the latent function at m points: mean + chol(covariance) z. O(m³ + n m²), n m normal draws.
 *
 * Where observations without noise leave a covariance of rounding errors alone, the jitter is measured by the prior variance
 * from 1e-16 of it on; a covariance of zero gives the mean.
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
  const L = m > 0 ? factor(gp.kernel, points, covariance) : covariance;
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

function factor(kernel: Kernel, points: Points, covariance: Float64Array): Float64Array {
  const m = points.rows;
  const own = safely(() => choleskyJittered(covariance, m).L);
  if (own !== undefined) return own;
  const prior = new Float64Array(m);
  kernelRules(kernel).diagonal(kernel, points, prior);
  let size = 0;
  for (let i = 0; i < m; i++) size += prior[i] / m;
  if (size === 0) return covariance; // 0 as well
  const L = new Float64Array(m * m);
  for (let jitter = 1e-16 * size; ; jitter *= 10) {
    L.set(covariance);
    for (let i = 0; i < m; i++) L[i * m + i] += jitter;
    if (cholesky(L, m) === -1) return L;
  }
}
