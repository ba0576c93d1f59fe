/**
 * Logistic regression with weights, soft labels and a ridge, by Newton's method with step halving.
 *
 * D. R. Cox (1958); iteratively reweighted least squares: T. Hastie, R. Tibshirani, J. Friedman, "The Elements of
 * Statistical Learning", 2nd ed., Section 4.4.1.
 *
 *   minimize over θ   Σ_i w_i [ ln(1 + e^{z_i}) - y_i z_i ] + ½ Σ_j λ_j θ_j²,   z = X θ + offset
 */
import { checkInteger, checkNumber, checkVector } from '../internal/check.js';
import { cholesky, choleskySolve, toRowMajor, type MatrixLike } from '../linalg/index.js';
import { sigmoid, softplus } from '../special/logistic.js';

export interface LogisticRegressionOptions {
  /** Weight of each row, at least 0. Default 1. */
  weights?: ArrayLike<number>;
  /** Ridge λ: one number for all coefficients or one for each. Default 0. */
  ridge?: number | ArrayLike<number>;
  /** Added to z of each row. Default 0. */
  offset?: ArrayLike<number>;
  /** Start. Default 0. */
  initial?: ArrayLike<number>;
  /** Converged when a Newton step is below `tolerance` (1 + max |θ|) in every coefficient. Default 1e-12. */
  tolerance?: number;
  /** Default 50. */
  maxIterations?: number;
}

export interface LogisticFit {
  coefficients: Float64Array;
  /** The Hessian Σ w s(1-s) x xᵀ + diag λ at the result, d × d row-major; its inverse is the Laplace covariance. */
  hessian: Float64Array;
  /** Σ w [ln(1 + e^z) - y z], without the ridge. */
  negLogLikelihood: number;
  /** Largest absolute entry of the gradient at the result, ridge included. */
  gradientNorm: number;
  iterations: number;
  converged: boolean;
  /**
   * 'breakdown': the Hessian is not positive definite, as without a ridge for collinear features, or at the far end of
   * separable data, whose optimum is at infinity; `coefficients` are the last good ones.
   */
  status: 'converged' | 'max-iterations' | 'breakdown';
}

/**
 * Fits P(y = 1 | x) = σ(xᵀθ). Add a column of ones for an intercept (with `ridge` 0 there to leave it free).
 *
 * Deterministic. The objective never increases: a step that would raise it is halved. Each iteration costs O(m d² + d³).
 *
 * @param features X, m × d: rows of numbers, `{ data, rows, columns }`, or an ml-matrix
 * @param labels y in [0, 1], hard or soft
 * @throws RangeError if lengths differ, a label is outside [0, 1], or a weight or ridge is negative
 *
 * @example
 * const { coefficients } = logisticRegression([[1], [1], [1], [1]], [1, 1, 1, 0]);
 * coefficients[0].toFixed(12) === Math.log(3).toFixed(12); //=> true
 */
export function logisticRegression(
  features: MatrixLike,
  labels: ArrayLike<number>,
  options: LogisticRegressionOptions = {},
): LogisticFit {
  const { data: X, rows: m, columns: d } = toRowMajor(features);
  checkVector('features', X);
  checkVector('labels', labels, m);
  for (let i = 0; i < m; i++) checkNumber(`labels[${i}]`, labels[i], 0, 1);
  const w = vectorOption('weights', options.weights, m, 1, 0);
  const offset = vectorOption('offset', options.offset, m, 0, -Infinity);
  const ridge = options.ridge ?? 0;
  const lambda =
    typeof ridge === 'number'
      ? new Float64Array(d).fill(checkNumber('ridge', ridge, 0))
      : vectorOption('ridge', ridge, d, 0, 0);
  const tolerance = checkNumber('tolerance', options.tolerance ?? 1e-12, 0);
  const maxIterations = checkInteger('maxIterations', options.maxIterations ?? 50, 0);

  let theta = vectorOption('initial', options.initial, d, 0, -Infinity);
  let trial: Float64Array = new Float64Array(d);
  let z = linearPart(X, offset, theta, m, d, new Float64Array(m));
  let zTrial: Float64Array = new Float64Array(m);
  let loss = objective(z, labels, w, theta, lambda);
  const gradient = new Float64Array(d);
  const hessian = new Float64Array(d * d);
  const L = new Float64Array(d * d);
  const step = new Float64Array(d);
  let status: LogisticFit['status'] = 'max-iterations';
  let iterations = 0;
  while (iterations < maxIterations) {
    derivatives(X, z, labels, w, theta, lambda, gradient, hessian);
    if (cholesky(hessian, d, L) !== -1) {
      status = 'breakdown';
      break;
    }
    choleskySolve(L, gradient, d, step);
    iterations += 1;
    let scale = 1;
    let accepted = false;
    for (let halving = 0; halving < 60 && !accepted; halving++) {
      for (let j = 0; j < d; j++) trial[j] = theta[j] - scale * step[j];
      linearPart(X, offset, trial, m, d, zTrial);
      const trialLoss = objective(zTrial, labels, w, trial, lambda);
      // The last steps change the objective by less than its rounding.
      if (trialLoss <= loss + 1e-14 * (1 + Math.abs(loss))) {
        accepted = true;
        loss = Math.min(loss, trialLoss);
        [theta, trial] = [trial, theta];
        [z, zTrial] = [zTrial, z];
      } else scale /= 2;
    }
    if (!accepted) {
      status = 'breakdown';
      break;
    }
    if (scale * normInf(step) <= tolerance * (1 + normInf(theta))) {
      status = 'converged';
      break;
    }
  }
  derivatives(X, z, labels, w, theta, lambda, gradient, hessian);
  return {
    coefficients: theta,
    hessian,
    negLogLikelihood: negLogLikelihood(z, labels, w),
    gradientNorm: normInf(gradient),
    iterations,
    converged: status === 'converged',
    status,
  };
}

function vectorOption(
  name: string,
  values: ArrayLike<number> | undefined,
  length: number,
  fallback: number,
  min: number,
): Float64Array {
  if (values === undefined) return new Float64Array(length).fill(fallback);
  checkVector(name, values, length);
  for (let i = 0; i < length; i++) checkNumber(`${name}[${i}]`, values[i], min);
  return Float64Array.from(values);
}

function linearPart(
  X: Float64Array,
  offset: Float64Array,
  theta: Float64Array,
  m: number,
  d: number,
  out: Float64Array,
): Float64Array {
  for (let i = 0; i < m; i++) {
    let value = offset[i];
    for (let j = 0; j < d; j++) value += X[i * d + j] * theta[j];
    out[i] = value;
  }
  return out;
}

function negLogLikelihood(z: Float64Array, y: ArrayLike<number>, w: Float64Array): number {
  let total = 0;
  // ln(1 + e^z) - y z = (1-y) ln(1 + e^z) + y ln(1 + e^-z), whose terms do not cancel.
  for (let i = 0; i < z.length; i++) {
    if (y[i] < 1) total += w[i] * (1 - y[i]) * softplus(z[i]);
    if (y[i] > 0) total += w[i] * y[i] * softplus(-z[i]);
  }
  return total;
}

function objective(
  z: Float64Array,
  y: ArrayLike<number>,
  w: Float64Array,
  theta: Float64Array,
  lambda: Float64Array,
): number {
  let penalty = 0;
  for (let j = 0; j < theta.length; j++) penalty += lambda[j] * theta[j] * theta[j];
  return negLogLikelihood(z, y, w) + penalty / 2;
}

function derivatives(
  X: Float64Array,
  z: Float64Array,
  y: ArrayLike<number>,
  w: Float64Array,
  theta: Float64Array,
  lambda: Float64Array,
  gradient: Float64Array,
  hessian: Float64Array,
): void {
  const d = theta.length;
  hessian.fill(0);
  for (let j = 0; j < d; j++) {
    gradient[j] = lambda[j] * theta[j];
    hessian[j * d + j] = lambda[j];
  }
  for (let i = 0; i < z.length; i++) {
    const s = sigmoid(z[i]);
    const residual = w[i] * ((1 - y[i]) * s - y[i] * sigmoid(-z[i]));
    const curvature = w[i] * s * sigmoid(-z[i]);
    const row = i * d;
    for (let j = 0; j < d; j++) {
      const x = X[row + j];
      gradient[j] += residual * x;
      const scaled = curvature * x;
      for (let k = 0; k <= j; k++) hessian[j * d + k] += scaled * X[row + k];
    }
  }
  for (let j = 0; j < d; j++) for (let k = 0; k < j; k++) hessian[k * d + j] = hessian[j * d + k];
}

function normInf(x: Float64Array): number {
  let largest = 0;
  for (let j = 0; j < x.length; j++) largest = Math.max(largest, Math.abs(x[j]));
  return largest;
}
