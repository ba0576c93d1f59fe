// Minimisation of a smooth function in a box with limited memory.
//
// A projected quasi-Newton method (D. P. Bertsekas, SIAM J. Control Optim. 20 (1982); M. Schmidt, D. Kim, S. Sra,
// "Projected Newton-type Methods in Machine Learning", 2011) with the two-loop recursion of J. Nocedal, Math. Comp. 35
// (1980). It solves the problem of L-BFGS-B (R. H. Byrd, P. Lu, J. Nocedal, C. Zhu, SIAM J. Sci. Comput. 16 (1995)) with
// its stopping rules; in place of the generalized Cauchy point the active set is read off the gradient's sign.
//
//   x point, g gradient, P projection on the box, A active set: variables at a bound that g pushes outward
//   s = x_{k+1} - x_k, y = g_{k+1} - g_k, d direction, t step length

import { checkInteger, checkNumber, checkOptionNames, checkVector } from '../internal/check.js';
import { type Box, dotFree, type Point, searchLine } from './line-search.js';

/** Returns f(x) and writes its gradient. NaN or Infinity means: outside, try a shorter step. */
export type ValueAndGradient = (x: Float64Array, gradient: Float64Array) => number;

export interface LbfgsbOptions {
  /** Lower bounds, entries may be -Infinity. Default none. */
  lower?: ArrayLike<number>;
  /** Upper bounds, entries may be Infinity. Default none. */
  upper?: ArrayLike<number>;
  /** Pairs (s, y) kept. Default 10. */
  memory?: number;
  /** Default 200. */
  maxIterations?: number;
  /** Default 20 maxIterations. */
  maxEvaluations?: number;
  /** Stop when max |P(x - g) - x| is at most this. Default 1e-6. */
  gradientTolerance?: number;
  /**
   * Stop when (f_k - f_{k+1}) / max(|f_k|, |f_{k+1}|, 1) is at most this. Default 2.2e-9. With 0: when f no longer falls and
   * the projected gradient does not halve.
   */
  functionTolerance?: number;
  /** Trial points of one line search. Default 20. */
  maxLineSearch?: number;
  /** Called after every iteration; returning false stops with status 'max-iterations'. */
  onIteration?: (iteration: number, value: number) => boolean | void;
}

const LBFGSB_NAMES = {
  lower: true,
  upper: true,
  memory: true,
  maxIterations: true,
  maxEvaluations: true,
  gradientTolerance: true,
  functionTolerance: true,
  maxLineSearch: true,
  onIteration: true,
} satisfies Record<keyof LbfgsbOptions, true>;

export interface LbfgsbResult {
  x: Float64Array;
  value: number;
  gradient: Float64Array;
  iterations: number;
  evaluations: number;
  /**
   * 'gradient' and 'function': the tolerance of that name was met. 'max-iterations', 'max-evaluations': a limit was.
   * 'line-search': no acceptable step was found. 'non-finite': f is not finite at x0.
   */
  status: 'gradient' | 'function' | 'max-iterations' | 'max-evaluations' | 'line-search' | 'non-finite';
  /** Whether a tolerance was met. */
  converged: boolean;
}

const LEAST_CURVATURE = 2.2e-16; // a pair is kept if s·y > this · y·y

/**
 * min f(x) subject to lower <= x <= upper, from x0 clipped to the box.
 *
 * Each iteration: the two-loop recursion on the free variables gives d; a line search along P(x + t d) looks for
 * sufficient decrease, and for the strong Wolfe condition while no bound is met. O(n memory) beside f.
 *
 * @throws RangeError if the lengths differ, a lower bound is above its upper bound, x0 has NaN or an option is out of range
 *
 * @example
 * minimizeLbfgsb((x, g) => ((g[0] = 2 * (x[0] - 3)), (x[0] - 3) * (x[0] - 3)), [0], { upper: [2] }).x; //=> Float64Array.of(2)
 */
export function minimizeLbfgsb(f: ValueAndGradient, x0: ArrayLike<number>, options: LbfgsbOptions = {}): LbfgsbResult {
  checkOptionNames('options', options, LBFGSB_NAMES);
  checkVector('x0', x0);
  const n = x0.length;
  const lower = bounds('lower', options.lower, n, -Infinity);
  const upper = bounds('upper', options.upper, n, Infinity);
  for (let i = 0; i < n; i++) {
    if (lower[i] > upper[i])
      throw new RangeError(`lower[${i}] must be at most upper[${i}], got ${lower[i]} and ${upper[i]}`);
  }
  const memory = checkInteger('memory', options.memory ?? 10, 1);
  const maxIterations = checkInteger('maxIterations', options.maxIterations ?? 200, 0);
  const maxEvaluations = checkInteger('maxEvaluations', options.maxEvaluations ?? 20 * maxIterations + 1, 1);
  const gradientTolerance = checkNumber('gradientTolerance', options.gradientTolerance ?? 1e-6, 0);
  const functionTolerance = checkNumber('functionTolerance', options.functionTolerance ?? 2.2e-9, 0);
  const maxLineSearch = checkInteger('maxLineSearch', options.maxLineSearch ?? 20, 1);

  const box: Box = { lower, upper };
  const start = clip(Float64Array.from(x0), lower, upper);
  let point: Point = { x: start, gradient: new Float64Array(n), value: 0 };
  point.value = f(point.x, point.gradient);
  let evaluations = 1;
  let iterations = 0;
  const finish = (status: LbfgsbResult['status']): LbfgsbResult => {
    const converged = status === 'gradient' || status === 'function';
    return { ...point, iterations, evaluations, status, converged };
  };
  if (!(Number.isFinite(point.value) && point.gradient.every(Number.isFinite))) return finish('non-finite');

  const pairs: Pair[] = [];
  const free = new Uint8Array(n);
  const direction = new Float64Array(n);
  let size = projectedGradientNorm(point, box);
  for (;;) {
    if (size <= gradientTolerance) return finish('gradient');
    if (iterations >= maxIterations) return finish('max-iterations');
    if (evaluations >= maxEvaluations) return finish('max-evaluations');
    const { x, gradient, value } = point;
    for (let i = 0; i < n; i++) {
      const held = (x[i] <= lower[i] && gradient[i] > 0) || (x[i] >= upper[i] && gradient[i] < 0);
      free[i] = held || lower[i] === upper[i] ? 0 : 1;
    }
    quasiNewtonDirection(direction, gradient, free, pairs);
    if (!(dotFree(direction, gradient, free) < 0)) {
      pairs.length = 0; // the memory does not fit this face: start from the gradient again
      quasiNewtonDirection(direction, gradient, free, pairs);
    }
    const first = pairs.length === 0 ? Math.min(1, 1 / Math.sqrt(dotFree(direction, direction, free))) : 1;
    const trials = Math.min(maxLineSearch, maxEvaluations - evaluations);
    const found = searchLine(f, point, direction, free, box, first, trials);
    evaluations += found.evaluations;
    if (found.point === undefined) {
      if (evaluations >= maxEvaluations) return finish('max-evaluations');
      if (pairs.length === 0) return finish('line-search');
      pairs.length = 0; // once more along the gradient
      continue;
    }
    remember(pairs, memory, point, found.point);
    point = found.point;
    iterations += 1;
    if (options.onIteration?.(iterations, point.value) === false) return finish('max-iterations');
    const sizeBefore = size;
    size = projectedGradientNorm(point, box);
    const fall = (value - point.value) / Math.max(Math.abs(value), Math.abs(point.value), 1);
    // Near the minimum the gradient still falls when f, flat to rounding, no longer can: with tolerance 0, or when rounding
    // made f rise, the run goes on while the projected gradient halves.
    const flat = functionTolerance === 0 || fall < 0;
    if (fall <= functionTolerance && !(flat && size <= 0.5 * sizeBefore)) {
      return finish(size <= gradientTolerance ? 'gradient' : fall < 0 ? 'line-search' : 'function');
    }
  }
}

interface Pair {
  s: Float64Array;
  y: Float64Array;
}

function remember(pairs: Pair[], memory: number, from: Point, to: Point): void {
  const s = to.x.map((v, i) => v - from.x[i]);
  const y = to.gradient.map((v, i) => v - from.gradient[i]);
  let curvature = 0;
  let size = 0;
  for (let i = 0; i < s.length; i++) {
    curvature += s[i] * y[i];
    size += y[i] * y[i];
  }
  if (!(curvature > LEAST_CURVATURE * size)) return;
  pairs.push({ s, y });
  if (pairs.length > memory) pairs.shift();
}

/** d = -H g on the free variables by the two-loop recursion, 0 elsewhere. Pairs without curvature there are skipped. */
function quasiNewtonDirection(d: Float64Array, g: Float64Array, free: Uint8Array, pairs: Pair[]): void {
  const n = d.length;
  for (let i = 0; i < n; i++) d[i] = free[i] === 1 ? -g[i] : 0;
  const alpha = new Float64Array(pairs.length);
  const rho = new Float64Array(pairs.length);
  let scale = 0;
  for (let k = pairs.length - 1; k >= 0; k--) {
    const { s, y } = pairs[k];
    const curvature = dotFree(s, y, free);
    const size = dotFree(y, y, free);
    if (!(curvature > LEAST_CURVATURE * size)) continue;
    rho[k] = 1 / curvature;
    if (scale === 0) scale = curvature / size;
    alpha[k] = rho[k] * dotFree(s, d, free);
    for (let i = 0; i < n; i++) if (free[i] === 1) d[i] -= alpha[k] * y[i];
  }
  if (scale > 0) for (let i = 0; i < n; i++) d[i] *= scale;
  for (let k = 0; k < pairs.length; k++) {
    if (rho[k] === 0) continue;
    const { s, y } = pairs[k];
    const beta = rho[k] * dotFree(y, d, free);
    for (let i = 0; i < n; i++) if (free[i] === 1) d[i] += (alpha[k] - beta) * s[i];
  }
}

/** max_i |P(x - g) - x|_i. */
function projectedGradientNorm({ x, gradient }: Point, { lower, upper }: Box): number {
  let largest = 0;
  for (let i = 0; i < x.length; i++) {
    const moved = x[i] - gradient[i];
    const projected = moved < lower[i] ? lower[i] : moved > upper[i] ? upper[i] : moved;
    largest = Math.max(largest, Math.abs(projected - x[i]));
  }
  return largest;
}

function clip(x: Float64Array, lower: Float64Array, upper: Float64Array): Float64Array {
  for (let i = 0; i < x.length; i++) x[i] = Math.min(upper[i], Math.max(lower[i], x[i]));
  return x;
}

function bounds(name: string, given: ArrayLike<number> | undefined, n: number, none: number): Float64Array {
  if (given === undefined) return new Float64Array(n).fill(none);
  if (given.length !== n) throw new RangeError(`${name} must have length ${n}, got ${given.length}`);
  for (let i = 0; i < n; i++) if (Number.isNaN(given[i])) throw new RangeError(`${name}[${i}] must not be NaN`);
  return Float64Array.from(given);
}
