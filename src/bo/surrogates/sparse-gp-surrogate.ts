import { solveLower, solveUpperT } from '../../linalg/triangular.js';
import { sampleNormal } from '../../random/normal.js';
import { fitSparseGp, type FitSparseGpOptions } from '../sparse/fit-sparse-gp.js';
import { sparseGpPredict, type SparseGp } from '../sparse/sparse-gp.js';
import type { Points } from '../kernels/kernel.js';
import { toPoints } from '../kernels/kernel-matrix.js';
import { kernelRules } from '../kernels/rules.js';
import { trainingData, type Surrogate } from './surrogate.js';

/**
 * A sparse Gaussian process as a surrogate: the model above some two thousand observations. O(n m²) with m inducing points.
 *
 * Samples are independent from point to point: the joint law is not kept, only the marginals.
 *
 * @example
 * const model = sparseGpSurrogate({ inducing: 8 });
 * const X = Array.from({ length: 40 }, (_, i) => [i / 39]);
 * const state = model.fit(X, X.map(([x]) => x), createRng(1));
 * Math.abs(model.predict(state, [[0.5]]).mean[0] - 0.5) < 0.1; //=> true
 */
export function sparseGpSurrogate(options: FitSparseGpOptions = {}): Surrogate<SparseGp> {
  return {
    fit(X, y) {
      const { points, targets } = trainingData(X, y);
      return fitSparseGp(points, targets, options).gp;
    },
    predict(gp, Xs) {
      const { mean, variance } = sparseGpPredict(gp, Xs);
      return { mean, variance };
    },
    sample(gp, Xs, n, rng) {
      const points = toPoints('Xs', Xs, gp.d);
      const { mean, variance } = sparseGpPredict(gp, points);
      const m = points.rows;
      return Float64Array.from(
        { length: n * m },
        (_, p) => mean[p % m] + Math.sqrt(variance[p % m]) * sampleNormal(rng),
      );
    },
    predictGradient(gp, x) {
      const { kernel, m, d, Lu, LB, weights } = gp;
      const { mean, variance } = sparseGpPredict(gp, [x]);
      const point = Float64Array.from(x);
      const Z: Points = { data: gp.Z, rows: m, columns: d };
      const rules = kernelRules(kernel);
      const k = new Float64Array(m);
      rules.fill(kernel, Z, { data: point, rows: 1, columns: d }, false, k);
      const dMean = new Float64Array(d);
      rules.inputContract(kernel, point, Z, weights, dMean);
      const dVariance = new Float64Array(d);
      if (variance[0] > 0) {
        // variance = k_xx - |V|² + |W|² with V = L_u^-1 k, W = L_B^-1 V
        const V = solveLower(Lu, k, m);
        const back = solveUpperT(LB, solveLower(LB, V, m), m);
        const byK = solveUpperT(
          Lu,
          back.map((value, i) => 2 * (value - V[i])),
          m,
        );
        rules.diagonalInput(kernel, point, 1, dVariance);
        rules.inputContract(kernel, point, Z, byK, dVariance);
      }
      return { mean: mean[0], variance: variance[0], dMean, dVariance };
    },
  };
}
