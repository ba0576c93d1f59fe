/** A deep kernel machine behind the contract of surrogates. */
import { checkInteger, checkOptionNames } from '../../internal/check.js';
import { choleskyJittered } from '../../linalg/cholesky.js';
import { solveLowerMany } from '../../linalg/triangular.js';
import { sampleNormal } from '../../random/normal.js';
import { toPoints } from '../kernels/kernel-matrix.js';
import { type Surrogate, trainingData } from '../surrogates/surrogate.js';
import { dkmPredictGradient } from './dkm-gradient.js';
import { dkmKernel, dkmPredict, FIT_DKM_NAMES, fitDkm, type DkmState, type FitDkmOptions } from './fit-dkm.js';

/**
 * `fitDkm` as a surrogate, for standardized targets. G_0 is made of inner products, so inputs on the unit cube get a constant
 * coordinate beside them, as a bias, by default.
 *
 * O(iterations L n³) for a fit, O(L n²) for a point, with its gradient too.
 *
 * @param options.bias value of the constant coordinate; 0 leaves it out. Default 1
 *
 * @example
 * const model = deepKernelMachine({ noise: 0.01, nu: 0.3, maxIterations: 50 });
 * const state = model.fit([[0], [0.3], [0.6], [1]], [1, -1, 0.5, 0], createRng(1));
 * model.predict(state, [[0.3]]).mean[0] < -0.5; //=> true
 */
export function deepKernelMachine(options: FitDkmOptions & { bias?: number } = {}): Surrogate<DkmState> {
  checkOptionNames('options', options, { ...FIT_DKM_NAMES, bias: true });
  const { bias = 1, ...fit } = options;
  const withBias = (X: Parameters<typeof toPoints>[1]) => {
    const { data, rows, columns: d } = toPoints('X', X);
    if (bias === 0) return { data, rows, columns: d };
    const out = new Float64Array(rows * (d + 1)).fill(bias);
    for (let i = 0; i < rows; i++) out.set(data.subarray(i * d, (i + 1) * d), i * (d + 1));
    return { data: out, rows, columns: d + 1 };
  };
  return {
    fit(X, y) {
      const { points, targets } = trainingData(X, y);
      return fitDkm(withBias(points), targets, fit);
    },
    predict(state, Xs) {
      const { mean, variance } = dkmPredict(state, withBias(Xs));
      return { mean, variance };
    },
    sample(state, Xs, n, rng) {
      checkInteger('n', n, 0);
      const points = withBias(Xs);
      const m = points.rows;
      const { mean } = dkmPredict(state, points);
      const kernel = dkmKernel(state);
      const C = kernel.matrix(points);
      const V = solveLowerMany(state.top, kernel.cross(points), state.n, m);
      for (let i = 0; i < state.n; i++) {
        for (let a = 0; a < m; a++) for (let b = 0; b < m; b++) C[a * m + b] -= V[i * m + a] * V[i * m + b];
      }
      const L = m > 0 ? choleskyJittered(C, m).L : C;
      const out = new Float64Array(n * m);
      const z = new Float64Array(m);
      for (let s = 0; s < n; s++) {
        for (let j = 0; j < m; j++) z[j] = sampleNormal(rng);
        for (let a = 0; a < m; a++) {
          let value = mean[a];
          for (let b = 0; b <= a; b++) value += L[a * m + b] * z[b];
          out[s * m + a] = value;
        }
      }
      return out;
    },
    predictGradient(state, x) {
      const moments = dkmPredictGradient(state, withBias([x]).data);
      const { length } = x;
      return { ...moments, dMean: moments.dMean.slice(0, length), dVariance: moments.dVariance.slice(0, length) };
    },
  };
}
