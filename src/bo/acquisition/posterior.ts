import { solveLower, solveUpperT } from '../../linalg/triangular.js';
import { predict } from '../gp/predict.js';
import { meanValues, trainingPoints, type GpState } from '../gp/gp-state.js';
import { standardize } from '../gp/standardize.js';
import type { Points } from '../kernels/kernel.js';
import { kernelRules } from '../kernels/rules.js';

/** A fitted surrogate as an acquisition function sees it: moments, at one point or at many. */
export interface Posterior {
  readonly dimension: number;
  /** Mean and deviation at x. With `gradient`, the result's `pullback` may be called until the next call of `at`. */
  at(x: Float64Array, gradient: boolean): PosteriorAt;
  /** Mean and deviation at each of `rows` points, row-major. */
  many(X: Float64Array, rows: number): { mean: Float64Array; std: Float64Array };
}

export interface PosteriorAt {
  mean: number;
  std: number;
  /** out += byMean ∂mean/∂x + byStd ∂std/∂x. */
  pullback(byMean: number, byStd: number, out: Float64Array): void;
}

/** 1e-9 times the deviation of the targets: what deviations are at least, so that acquisitions stay finite on the data. */
export function leastDeviation({ n, y }: GpState): number {
  return 1e-9 * (n > 1 ? standardize(y).std : 1);
}

/**
 * The posterior of a Gaussian process. Where `leastDeviation` acts the gradient of the deviation is 0.
 *
 * `at` costs O(n d + n²); both gradients take one pass over the data, whatever is asked for.
 */
export function gpPosterior(gp: GpState): Posterior {
  const { kernel, n, L, alpha } = gp;
  const rules = kernelRules(kernel);
  const train = trainingPoints(gp);
  const floor = leastDeviation(gp);
  const slopes = typeof gp.mean !== 'number' && gp.mean.type === 'linear' ? gp.mean.coefficients : undefined;
  const prior = new Float64Array(1);
  const ks = new Float64Array(n);
  const v = new Float64Array(n);
  const weights = new Float64Array(n);

  return {
    dimension: gp.d,
    at(x) {
      const query: Points = { data: x, rows: 1, columns: x.length };
      let mean = meanValues(gp.mean, query)[0];
      rules.diagonal(kernel, query, prior);
      let variance = prior[0];
      if (n > 0) {
        rules.fill(kernel, train, query, false, ks);
        for (let i = 0; i < n; i++) mean += ks[i] * alpha[i];
        solveLower(L, ks, n, v);
        for (let i = 0; i < n; i++) variance -= v[i] * v[i];
      }
      const exact = variance > 0 ? Math.sqrt(variance) : 0;
      const std = Math.max(exact, floor);
      return {
        mean,
        std,
        pullback(byMean, byStd, out) {
          const byVariance = exact > floor ? byStd / (2 * std) : 0;
          if (slopes !== undefined) for (let k = 0; k < out.length; k++) out[k] += byMean * slopes[k + 1];
          rules.diagonalInput(kernel, x, byVariance, out);
          if (n === 0) return;
          if (byVariance === 0) weights.fill(0);
          else solveUpperT(L, v, n, weights);
          for (let i = 0; i < n; i++) weights[i] = byMean * alpha[i] - 2 * byVariance * weights[i];
          rules.inputContract(kernel, x, train, weights, out);
        },
      };
    },
    many(X, rows) {
      const points: Points = { data: X, rows, columns: rows > 0 ? X.length / rows : gp.d };
      const { mean, variance } = predict(gp, points, {});
      for (let j = 0; j < rows; j++) variance[j] = Math.max(floor, Math.sqrt(variance[j]));
      return { mean, std: variance };
    },
  };
}
