// Newton's method with step halving for the convex likelihoods of this folder, with the scores' free constant removed.

import { cholesky, choleskyInverse, choleskySolve } from '../../linalg/index.js';

/** How a fit ended. */
export type FitStatus =
  /** The last step was below the tolerance. */
  | 'converged'
  /** It was not, after `maxIterations` steps. */
  | 'max-iterations'
  /** A parameter left every bound: the likelihood has no maximum, as for separable data without a penalty. */
  | 'diverged'
  /** The Hessian is not positive definite: two parameters say the same. */
  | 'breakdown';

/**
 * Adds the derivatives of the loss at x to gradient and to the (full) d × d Hessian, both zero on entry; returns the loss.
 */
export type LossDerivatives = (x: Float64Array, gradient: Float64Array, hessian: Float64Array) => number;

export interface NewtonFit {
  x: Float64Array;
  /** The loss at x, without the penalty. */
  loss: number;
  /** Inverse Hessian, penalty included, on the subspace that the gauge leaves; d × d. All NaN after a 'breakdown'. */
  covariance: Float64Array;
  iterations: number;
  status: FitStatus;
}

export interface NewtonSettings {
  /** Number of parameters d. */
  size: number;
  /** The first `gauge` parameters are scores with a free common constant: their sum is held at 0. */
  gauge: number;
  /** The first `penalized` parameters have the penalty l2/2 x². */
  penalized: number;
  l2: number;
  tolerance: number;
  maxIterations: number;
  /** A parameter beyond this in absolute value means divergence. */
  bound: number;
}

/**
 * Minimizes loss(x) + l2/2 Σ x² from 0. A multiple of 1 1ᵀ is added to the block of the scores before solving, which removes
 * the null vector and leaves steps of sum 0. A step that would raise the objective is halved.
 */
export function newtonFit(derivatives: LossDerivatives, settings: NewtonSettings): NewtonFit {
  const { size: d, gauge, penalized, l2, tolerance, maxIterations, bound } = settings;
  let x = new Float64Array(d);
  let trial = new Float64Array(d);
  const gradient = new Float64Array(d);
  const hessian = new Float64Array(d * d);
  const spare = new Float64Array(d * d);
  const L = new Float64Array(d * d);
  const step = new Float64Array(d);

  const evaluate = (at: Float64Array, g: Float64Array, H: Float64Array): number => {
    g.fill(0);
    H.fill(0);
    const loss = derivatives(at, g, H);
    for (let j = 0; j < penalized; j++) {
      g[j] += l2 * at[j];
      H[j * d + j] += l2;
    }
    return loss;
  };
  const objective = (loss: number, at: Float64Array): number => {
    let squares = 0;
    for (let j = 0; j < penalized; j++) squares += at[j] * at[j];
    return loss + (l2 / 2) * squares;
  };

  let loss = evaluate(x, gradient, hessian);
  let value = objective(loss, x);
  let status: FitStatus = 'max-iterations';
  let iterations = 0;
  const trialGradient = new Float64Array(d);
  while (iterations < maxIterations) {
    if (!(factorWithGauge(hessian, d, gauge, L) > 0)) {
      // far out the curvature of separable data vanishes: that is divergence, not two parameters that say the same
      status = largest(x) > 15 ? 'diverged' : 'breakdown';
      break;
    }
    choleskySolve(L, gradient, d, step);
    iterations += 1;
    let scale = 1;
    let accepted = false;
    for (let halving = 0; halving < 60 && !accepted; halving++) {
      for (let j = 0; j < d; j++) trial[j] = x[j] - scale * step[j];
      center(trial, gauge);
      const trialLoss = evaluate(trial, trialGradient, spare);
      const trialValue = objective(trialLoss, trial);
      // The last steps change the objective by less than its rounding.
      if (trialValue <= value + 1e-14 * (1 + Math.abs(value))) {
        accepted = true;
        value = trialValue;
        loss = trialLoss;
        [x, trial] = [trial, x];
        gradient.set(trialGradient);
        hessian.set(spare);
      } else scale /= 2;
    }
    if (!accepted) break;
    if (largest(x) > bound) {
      status = 'diverged';
      break;
    }
    if (scale * largest(step) <= tolerance * (1 + largest(x))) {
      status = 'converged';
      break;
    }
  }
  return { x, loss, covariance: gaugedInverse(hessian, d, gauge, penalized > 0 ? l2 : 0), iterations, status };
}

/**
 * Inverse of a d × d Hessian, penalty included, on the subspace where the first n parameters sum to 0: its pseudo-inverse
 * when n = d. NaN where the Hessian is not positive definite there.
 */
export function gaugedInverse(hessian: Float64Array, d: number, n: number, l2: number): Float64Array {
  const L = new Float64Array(d * d);
  const unit = factorWithGauge(hessian, d, n, L);
  if (!(unit > 0)) return L.fill(NaN);
  const inverse = choleskyInverse(L, d);
  // 1 is an eigenvector of the scores' block, of eigenvalue unit + l2: its share is taken out
  const share = 1 / (n * (unit + l2));
  for (let i = 0; i < n; i++) for (let j = 0; j < n; j++) inverse[i * d + j] -= share;
  return inverse;
}

/**
 * Cholesky factor of the Hessian with (unit/n) 1 1ᵀ added to the block of the n scores, unit its mean diagonal, so that
 * the null vector is gone and nothing cancels. Returns the unit, or NaN if the result is not positive definite.
 */
function factorWithGauge(hessian: Float64Array, d: number, n: number, L: Float64Array): number {
  L.set(hessian);
  let unit = n === 0 ? 1 : 0;
  for (let i = 0; i < n; i++) unit += hessian[i * d + i] / n;
  if (n === 1) unit = 1; // a lone score has no Hessian
  for (let i = 0; i < n; i++) for (let j = 0; j < n; j++) L[i * d + j] += unit / n;
  return cholesky(L, d) === -1 ? unit : NaN;
}

/** Square roots of the first n diagonal entries. */
export function standardErrorsOf(covariance: Float64Array, d: number, n: number): Float64Array {
  return Float64Array.from({ length: n }, (_, i) => Math.sqrt(Math.max(0, covariance[i * d + i])));
}

/** Takes the mean of the first n entries from them. */
export function center(x: Float64Array, n: number): void {
  if (n === 0) return;
  let total = 0;
  for (let i = 0; i < n; i++) total += x[i];
  const mean = total / n;
  for (let i = 0; i < n; i++) x[i] -= mean;
}

function largest(x: Float64Array): number {
  let most = 0;
  for (let i = 0; i < x.length; i++) most = Math.max(most, Math.abs(x[i]));
  return most;
}
