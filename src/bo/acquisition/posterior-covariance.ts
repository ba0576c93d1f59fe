import { choleskySolve, solveLower } from '../../linalg/triangular.js';
import { trainingPoints, type GpState } from '../gp/gp-state.js';
import type { Points } from '../kernels/kernel.js';
import { kernelRules } from '../kernels/rules.js';

/** Posterior covariance of the latent function at two points. */
export interface PosteriorCovariance {
  /** Cov_n(f(x), f(z)); `slopes`, when given, are increased by its gradients in x and in z. O(n² + n d). */
  (x: Float64Array, z: Float64Array, slopes?: readonly [Float64Array, Float64Array]): number;
  /** Cov_n(f(x_j), f(z)) for every row of X, as a function of z: m n kernel values, then O(n² + m n) for each z. */
  withMany(X: Points): (z: Float64Array) => Float64Array;
}

/** k(x, z) - k(x, X) K_y^-1 k(X, z) as a function of two points, with gradients. */
export function posteriorCovariance(gp: GpState): PosteriorCovariance {
  const { kernel, n, L } = gp;
  const rules = kernelRules(kernel);
  const train = trainingPoints(gp);
  const kx = new Float64Array(n);
  const kz = new Float64Array(n);
  const one = new Float64Array(1);
  const ones = Float64Array.of(1);
  const point = (x: Float64Array): Points => ({ data: x, rows: 1, columns: x.length });

  const covariance = (x: Float64Array, z: Float64Array, slopes?: readonly [Float64Array, Float64Array]): number => {
    rules.fill(kernel, point(x), point(z), false, one);
    let value = one[0];
    if (n > 0) {
      rules.fill(kernel, train, point(x), false, kx);
      rules.fill(kernel, train, point(z), false, kz);
      const vx = solveLower(L, kx, n);
      const vz = solveLower(L, kz, n);
      for (let i = 0; i < n; i++) value -= vx[i] * vz[i];
    }
    if (slopes === undefined) return value;
    const [bySlopeX, bySlopeZ] = slopes;
    rules.inputContract(kernel, x, point(z), ones, bySlopeX);
    rules.inputContract(kernel, z, point(x), ones, bySlopeZ);
    if (n > 0) {
      const wz = choleskySolve(L, kz, n);
      const wx = choleskySolve(L, kx, n);
      for (let i = 0; i < n; i++) {
        wz[i] = -wz[i];
        wx[i] = -wx[i];
      }
      rules.inputContract(kernel, x, train, wz, bySlopeX);
      rules.inputContract(kernel, z, train, wx, bySlopeZ);
    }
    return value;
  };

  const withMany = (X: Points) => {
    const m = X.rows;
    const K = new Float64Array(n * m);
    if (n > 0 && m > 0) rules.fill(kernel, train, X, false, K);
    return (z: Float64Array): Float64Array => {
      const out = new Float64Array(m);
      rules.fill(kernel, X, point(z), false, out);
      if (n === 0 || m === 0) return out;
      rules.fill(kernel, train, point(z), false, kz);
      const w = choleskySolve(L, kz, n);
      for (let i = 0; i < n; i++) for (let j = 0, p = i * m; j < m; j++, p++) out[j] -= w[i] * K[p];
      return out;
    };
  };

  return Object.assign(covariance, { withMany });
}
