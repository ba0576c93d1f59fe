import { choleskyInverse } from '../../linalg/triangular.js';
import { matMul } from '../../linalg/mat-mul.js';
import type { Kernel, Points } from '../kernels/kernel.js';
import { contractLower, kernelHyperparameters } from '../kernels/kernel-hyperparameters.js';
import { choleskyJittered } from '../../linalg/cholesky.js';
import { choleskySolve } from '../../linalg/triangular.js';
import { noisyGram, type GpMean, type GpState } from './gp-state.js';
import { logNormalDensity, type Evidence } from './log-marginal-likelihood.js';

export interface GpLeaveOneOut {
  /** Mean of y_i predicted from the others. */
  mean: Float64Array;
  /** Its variance, noise included. */
  variance: Float64Array;
  /** ln p(y_i | the others); their sum is the leave-one-out pseudo-likelihood. */
  logDensity: Float64Array;
}

/**
 * Every target predicted from all the others, without refitting: with C = K_y^-1, mean y_i - α_i/C_ii, variance 1/C_ii.
 *
 * Rasmussen and Williams (2006), equations 5.10 to 5.12. O(n³).
 *
 * @example
 * const gp = gpCondition(rbf({ lengthscale: 1 }), [[0], [9]], [1, 2], { noise: 1, mean: 3 });
 * gpLeaveOneOut(gp).mean[0].toFixed(6); //=> '3.000000'
 */
export function gpLeaveOneOut(gp: GpState): GpLeaveOneOut {
  const { n, y, alpha, L } = gp;
  const C = n > 0 ? choleskyInverse(L, n) : new Float64Array(0);
  const mean = new Float64Array(n);
  const variance = new Float64Array(n);
  const logDensity = new Float64Array(n);
  for (let i = 0; i < n; i++) {
    const c = C[i * n + i];
    mean[i] = y[i] - alpha[i] / c;
    variance[i] = 1 / c;
    logDensity[i] = logNormalDensity(y[i], mean[i], variance[i]);
  }
  return { mean, variance, logDensity };
}

/**
 * The leave-one-out pseudo-likelihood and its gradient, Rasmussen and Williams (2006), equation 5.13, with the constant mean
 * that maximizes it when `mean` is null. Arguments trusted.
 *
 * Written as one contraction: with v_i = α_i/C_ii and w_i = (1 + α_i²/C_ii)/(2 C_ii), the derivative is
 * Σ_ab (∂K)_ab [(C v)_a α_b - (C diag(w) C)_ab].
 */
export function evaluateLeaveOneOut(
  kernel: Kernel,
  X: Points,
  y: Float64Array,
  noise: number | Float64Array,
  mean: number | null,
  gradient: boolean,
): Evidence {
  const n = X.rows;
  const { L, jitter } = choleskyJittered(noisyGram(kernel, X, noise), n);
  const C = choleskyInverse(L, n);
  for (let i = 0; i < n; i++) for (let j = 0; j < i; j++) C[j * n + i] = C[i * n + j];
  const ofOnes = choleskySolve(L, new Float64Array(n).fill(1), n);
  const ofY = choleskySolve(L, y, n);
  const used = mean ?? profiled(C, ofY, ofOnes, n);
  let value = 0;
  let byMean = 0;
  let quadratic = 0;
  const alpha = new Float64Array(n);
  const v = new Float64Array(n);
  const w = new Float64Array(n);
  for (let i = 0; i < n; i++) {
    const c = C[i * n + i];
    alpha[i] = ofY[i] - used * ofOnes[i];
    v[i] = alpha[i] / c;
    w[i] = (1 + alpha[i] * v[i]) / (2 * c);
    value += logNormalDensity(v[i], 0, 1 / c);
    byMean += v[i] * ofOnes[i];
    quadratic += alpha[i] * v[i];
  }
  const result: Evidence = {
    value,
    mean: used as GpMean,
    scale: quadratic / n,
    jitter,
    byKernel: new Float64Array(kernelHyperparameters(kernel).length),
    byNoise: 0,
    byMean,
  };
  if (!gradient) return result;

  const weighted = new Float64Array(n * n);
  const Cv = new Float64Array(n);
  for (let i = 0; i < n; i++) {
    for (let j = 0; j < n; j++) {
      weighted[i * n + j] = C[i * n + j] * w[j];
      Cv[i] += C[i * n + j] * v[j];
    }
  }
  const CwC = matMul(weighted, C, n, n, n);
  let trace = 0;
  const S = new Float64Array(n * n);
  for (let i = 0; i < n; i++) {
    for (let j = 0; j < i; j++) S[i * n + j] = Cv[i] * alpha[j] + Cv[j] * alpha[i] - 2 * CwC[i * n + j];
    S[i * n + i] = Cv[i] * alpha[i] - CwC[i * n + i];
    trace += S[i * n + i];
  }
  result.byKernel = contractLower(kernel, X, S);
  result.byNoise = typeof noise === 'number' ? noise * trace : 0;
  return result;
}

/** The mean that maximizes the pseudo-likelihood: its residuals are linear in the mean. */
function profiled(C: Float64Array, ofY: Float64Array, ofOnes: Float64Array, n: number): number {
  let numerator = 0;
  let denominator = 0;
  for (let i = 0; i < n; i++) {
    const c = C[i * n + i];
    numerator += (ofY[i] * ofOnes[i]) / c;
    denominator += (ofOnes[i] * ofOnes[i]) / c;
  }
  return denominator > 0 ? numerator / denominator : 0;
}
