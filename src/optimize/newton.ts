// Newton's method: a root inside a bracket, and a minimum with the Hessian made definite.
//
// J. Nocedal, S. J. Wright, "Numerical Optimization", 2nd ed. (2006): Algorithm 3.2 (damped Newton), 3.3 (the multiple of the
// identity that is added), 3.1 (halving of the step).

import { checkInteger, checkNumber, checkVector } from '../internal/check.js';
import { cholesky, choleskySolve } from '../linalg/index.js';
import { checkedBracket, checkSigns, type RootOptions, type RootResult, rootResult } from './root.js';

/**
 * A root between low and high, where f must differ in sign: Newton steps, and the middle of the bracket where a step would
 * leave it or has not halved |f| in two evaluations.
 *
 * @param f the function
 * @param derivative f′
 * @throws RangeError if f(low) and f(high) have the same sign or one is NaN
 *
 * @example
 * newtonRoot((x) => x * x - 2, (x) => 2 * x, 0, 2).x.toFixed(12); //=> '1.414213562373'
 */
export function newtonRoot(
  f: (x: number) => number,
  derivative: (x: number) => number,
  low: number,
  high: number,
  options: RootOptions = {},
): RootResult {
  const { tolerance, maxEvaluations } = checkedBracket(low, high, options);
  const fLow = f(low);
  const fHigh = f(high);
  checkSigns(low, high, fLow, fHigh);
  if (fLow === 0) return rootResult(low, 0, 2, 'converged');
  if (fHigh === 0) return rootResult(high, 0, 2, 'converged');
  // below is where f has the sign of f(low)
  let below = low;
  let above = high;
  let x = low + 0.5 * (high - low);
  let twoBefore = Infinity;
  let before = Infinity;
  for (let evaluations = 3; ; evaluations++) {
    const value = f(x);
    if (value === 0) return rootResult(x, value, evaluations, 'converged');
    if (value > 0 === fLow > 0) below = x;
    else above = x;
    const slack = 4 * 2.220446049250313e-16 * Math.abs(x) + tolerance;
    const middle = below + 0.5 * (above - below);
    const step = value / derivative(x);
    const next = x - step;
    const inside = (next > below && next < above) || (next > above && next < below);
    const useful = inside && !(Math.abs(value) > 0.5 * twoBefore);
    if (Math.abs(above - below) <= slack || (useful && Math.abs(step) <= 0.5 * slack)) {
      return rootResult(x, value, evaluations, 'converged');
    }
    if (evaluations >= maxEvaluations) return rootResult(x, value, evaluations, 'max-evaluations');
    twoBefore = before;
    before = Math.abs(value);
    x = useful ? next : middle;
    if (x === below || x === above) return rootResult(x, value, evaluations, 'converged');
  }
}

/** Returns f(x) and writes the gradient and the row-major Hessian, of which the lower half is read. */
export type ValueGradientHessian = (x: Float64Array, gradient: Float64Array, hessian: Float64Array) => number;

export interface NewtonOptions {
  /** Stop when max |g_i| is at most this. Default 1e-8. */
  gradientTolerance?: number;
  /** Stop when (f_k - f_{k+1}) / max(|f_k|, |f_{k+1}|, 1) is at most this. Default 0: only when f stops falling. */
  functionTolerance?: number;
  /** Default 100. */
  maxIterations?: number;
  /** Halvings of one step. Default 50. */
  maxHalvings?: number;
}

export interface NewtonResult {
  x: Float64Array;
  value: number;
  gradient: Float64Array;
  iterations: number;
  evaluations: number;
  /** Largest multiple of the identity that was added to a Hessian; 0 if all were positive definite. */
  shift: number;
  /**
   * 'gradient' and 'function': the tolerance of that name was met. 'max-iterations': the limit was. 'line-search': no
   * shorter step lowers f. 'non-finite': f is not finite at x0.
   */
  status: 'gradient' | 'function' | 'max-iterations' | 'line-search' | 'non-finite';
  /** Whether a tolerance was met. */
  converged: boolean;
}

/**
 * A local minimum of f by damped Newton steps d = -(H + τ I)^-1 g, τ = 0 where H is positive definite. O(n³) an iteration.
 *
 * Steps are halved until f falls by 1e-4 of what its slope promises; a point where f is not finite counts as too far.
 *
 * @throws RangeError if x0 is not finite or an option is out of range
 *
 * @example
 * const square = (x, g, H) => ((g[0] = 4 * x[0] - 12), (H[0] = 4), 2 * x[0] * (x[0] - 6));
 * minimizeNewton(square, [10]).x; //=> Float64Array.of(3)
 */
export function minimizeNewton(
  f: ValueGradientHessian,
  x0: ArrayLike<number>,
  options: NewtonOptions = {},
): NewtonResult {
  checkVector('x0', x0);
  const gradientTolerance = checkNumber('gradientTolerance', options.gradientTolerance ?? 1e-8, 0);
  const functionTolerance = checkNumber('functionTolerance', options.functionTolerance ?? 0, 0);
  const maxIterations = checkInteger('maxIterations', options.maxIterations ?? 100, 0);
  const maxHalvings = checkInteger('maxHalvings', options.maxHalvings ?? 50, 0);
  const n = x0.length;
  const x = Float64Array.from(x0);
  const gradient = new Float64Array(n);
  const hessian = new Float64Array(n * n);
  const trial = new Float64Array(n);
  const factor = new Float64Array(n * n);
  let value = f(x, gradient, hessian);
  let evaluations = 1;
  let iterations = 0;
  let shift = 0;
  const finish = (status: NewtonResult['status']): NewtonResult => {
    const converged = status === 'gradient' || status === 'function';
    return { x, value, gradient, iterations, evaluations, shift, status, converged };
  };
  if (!Number.isFinite(value) || !gradient.every(Number.isFinite)) return finish('non-finite');
  for (;;) {
    if (gradient.every((g) => Math.abs(g) <= gradientTolerance)) return finish('gradient');
    if (iterations >= maxIterations) return finish('max-iterations');
    shift = Math.max(shift, factorShifted(hessian, n, factor));
    const direction = choleskySolve(
      factor,
      gradient.map((g) => -g),
      n,
    );
    let slope = 0;
    for (let i = 0; i < n; i++) slope += gradient[i] * direction[i];
    let t = 1;
    let lower = Infinity;
    let halvings = 0;
    for (; halvings <= maxHalvings; halvings++, t *= 0.5) {
      for (let i = 0; i < n; i++) trial[i] = x[i] + t * direction[i];
      lower = f(trial, gradient, hessian);
      evaluations += 1;
      if (lower <= value + 1e-4 * t * slope && gradient.every(Number.isFinite)) break;
    }
    if (halvings > maxHalvings) {
      value = f(x, gradient, hessian); // the last trial has overwritten them
      return finish('line-search');
    }
    const fall = (value - lower) / Math.max(Math.abs(value), Math.abs(lower), 1);
    x.set(trial);
    value = lower;
    iterations += 1;
    if (fall <= functionTolerance)
      return finish(gradient.every((g) => Math.abs(g) <= gradientTolerance) ? 'gradient' : 'function');
  }
}

/** Cholesky factor of H + τ I with τ from 0, then 1e-3 of the largest entry, doubling; returns τ. */
function factorShifted(hessian: Float64Array, n: number, factor: Float64Array): number {
  let largest = 0;
  let least = Infinity;
  for (let i = 0; i < n; i++) {
    least = Math.min(least, hessian[i * n + i]);
    for (let j = 0; j <= i; j++) largest = Math.max(largest, Math.abs(hessian[i * n + j]));
  }
  if (!Number.isFinite(largest)) throw new RangeError('hessian must be finite');
  const floor = 1e-3 * (largest > 0 ? largest : 1);
  for (let tau = least > 0 ? 0 : floor - least; ; tau = Math.max(2 * tau, floor)) {
    const shifted = Float64Array.from(hessian);
    for (let i = 0; i < n; i++) shifted[i * n + i] += tau;
    if (cholesky(shifted, n, factor) === -1) return tau;
  }
}
