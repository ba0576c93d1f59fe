/**
 * Samples of the posterior as functions: a random-feature draw from the prior, corrected by the data.
 *
 * J. T. Wilson, V. Borovitskiy, A. Terenin, P. Mostowsky, M. P. Deisenroth, arXiv:2002.09309, equation 13 (Matheron's rule):
 *
 *   f(x) = m(x) + φ(x)·w + k(x, X) K_y^-1 (y - m(X) - Φ w - ε),   w ~ N(0, I), ε ~ N(0, noise)
 */
import { checkInteger, checkOptionNames, checkVector } from '../../internal/check.js';
import { choleskySolve } from '../../linalg/triangular.js';
import type { Rng } from '../../random/create-rng.js';
import { sampleNormal } from '../../random/normal.js';
import { cos, sin } from '../../special/trigonometric.js';
import type { Kernel, Points } from '../kernels/kernel.js';
import { kernelRules } from '../kernels/rules.js';
import { meanValues, residuals, trainingPoints, whiteVariances, type GpMean, type GpState } from './gp-state.js';
import { fourierFeatures, randomFourierFeatures, type RandomFourierFeatures } from './random-fourier-features.js';

/** A sampled function: plain data. Paths of one call share frequencies and training points. */
export interface GpPath {
  features: RandomFourierFeatures;
  /** w, sines first. */
  weights: Float64Array;
  /** K_y^-1 (y - m(X) - Φ w - ε). */
  updateVector: Float64Array;
  kernel: Kernel;
  X: Float64Array;
  mean: GpMean;
}

/**
 * n functions from the posterior, each with an analytic gradient. O(n (F + n_data²)) and F frequencies drawn once.
 *
 * The prior part is approximate (error of order F^-1/2); the correction is exact, so a path passes through noiseless data.
 *
 * @throws RangeError if the kernel is not stationary (see `randomFourierFeatures`)
 *
 * @example
 * const gp = gpCondition(matern52({ lengthscale: 0.5 }), [[0], [1]], [1, -1], { noise: 1e-10 });
 * const [path] = gpSamplePaths(gp, 1, createRng(3));
 * pathValue(path, [1]).toFixed(4); //=> '-1.0000'
 */
export function gpSamplePaths(gp: GpState, n: number, rng: Rng, options: { features?: number } = {}): GpPath[] {
  const { features = 1024 } = checkOptionNames('options', options, { features: true });
  checkInteger('n', n, 0);
  const frequencies = randomFourierFeatures(gp.kernel, gp.d, features, rng);
  const train = trainingPoints(gp);
  const Phi = Array.from({ length: gp.n }, (_, i) =>
    fourierFeatures(frequencies, gp.X.subarray(i * gp.d, (i + 1) * gp.d)),
  );
  const variances = whiteVariances(gp.kernel, train);
  for (let i = 0; i < gp.n; i++) variances[i] += typeof gp.noise === 'number' ? gp.noise : gp.noise[i];
  return Array.from({ length: n }, () => {
    const weights = new Float64Array(2 * frequencies.amplitude.length);
    for (let p = 0; p < weights.length; p++) weights[p] = sampleNormal(rng);
    const r = residuals(train, gp.y, gp.mean);
    for (let i = 0; i < gp.n; i++) {
      let prior = 0;
      for (let p = 0; p < weights.length; p++) prior += Phi[i][p] * weights[p];
      r[i] -= prior + Math.sqrt(variances[i]) * sampleNormal(rng);
    }
    return {
      features: frequencies,
      weights,
      updateVector: choleskySolve(gp.L, r, gp.n),
      kernel: gp.kernel,
      X: gp.X,
      mean: gp.mean,
    };
  });
}

/** The path at x; `gradient`, when given, is overwritten by its gradient. O(F d + n d). */
export function pathValue(path: GpPath, x: ArrayLike<number>, gradient?: Float64Array): number {
  const { features, weights, updateVector, kernel, mean } = path;
  const { omega, amplitude, dimension: d } = features;
  checkVector('x', x, d);
  const point = x instanceof Float64Array ? x : Float64Array.from(x);
  const n = updateVector.length;
  const train: Points = { data: path.X, rows: n, columns: d };
  const query: Points = { data: point, rows: 1, columns: d };
  let value = meanValues(mean, query)[0];
  gradient?.fill(0);
  if (gradient !== undefined && typeof mean !== 'number' && mean.type === 'linear') {
    for (let k = 0; k < d; k++) gradient[k] = mean.coefficients[k + 1];
  }
  const pairs = amplitude.length;
  for (let p = 0; p < pairs; p++) {
    let angle = 0;
    for (let k = 0; k < d; k++) angle += omega[p * d + k] * point[k];
    const a = amplitude[p];
    const s = sin(angle);
    const c = cos(angle);
    value += a * (weights[p] * s + weights[pairs + p] * c);
    if (gradient === undefined) continue;
    const slope = a * (weights[p] * c - weights[pairs + p] * s);
    for (let k = 0; k < d; k++) gradient[k] += slope * omega[p * d + k];
  }
  if (n === 0) return value;
  const rules = kernelRules(kernel);
  const ks = new Float64Array(n);
  rules.fill(kernel, train, query, false, ks);
  for (let i = 0; i < n; i++) value += ks[i] * updateVector[i];
  if (gradient !== undefined) rules.inputContract(kernel, point, train, updateVector, gradient);
  return value;
}
