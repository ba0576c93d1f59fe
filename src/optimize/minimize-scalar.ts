// Minima of a function of one variable on an interval.

import { checkInteger, checkNumber } from '../internal/check.js';

const GOLDEN = 0.6180339887498949; // (√5 - 1)/2

export interface GoldenSectionResult {
  /** Middle of the last bracket. */
  x: number;
  /** The last bracket; it holds the minimum if f is unimodal. */
  bracket: [number, number];
  evaluations: number;
}

/**
 * Golden-section search: the bracket shrinks by (√5 - 1)/2 with every evaluation after the first two.
 *
 * J. Kiefer, Proc. Amer. Math. Soc. 4 (1953). The left part is kept when the two inner values are equal.
 *
 * @param evaluations of f in all, at least 2. Default 22
 * @throws RangeError if an end is not finite, low is above high, or `evaluations` is below 2
 *
 * @example
 * goldenSectionMinimize((x) => Math.abs(x - 0.3), { low: 0, high: 1, evaluations: 40 }).x.toFixed(6); //=> '0.300000'
 */
export function goldenSectionMinimize(
  f: (x: number) => number,
  { low, high, evaluations = 22 }: { low: number; high: number; evaluations?: number },
): GoldenSectionResult {
  checkNumber('low', low);
  checkNumber('high', high, low);
  checkInteger('evaluations', evaluations, 2);
  let x1 = high - GOLDEN * (high - low);
  let x2 = low + GOLDEN * (high - low);
  let f1 = f(x1);
  let f2 = f(x2);
  for (let k = 2; k < evaluations; k++) {
    if (f1 <= f2) {
      high = x2;
      x2 = x1;
      f2 = f1;
      x1 = high - GOLDEN * (high - low);
      f1 = f(x1);
    } else {
      low = x1;
      x1 = x2;
      f1 = f2;
      x2 = low + GOLDEN * (high - low);
      f2 = f(x2);
    }
  }
  return { x: 0.5 * (low + high), bracket: [low, high], evaluations };
}

export interface BrentMinimum {
  x: number;
  value: number;
  evaluations: number;
  status: 'converged' | 'max-evaluations';
  converged: boolean;
}

/**
 * A local minimum on [low, high] by parabolas through three points, golden section when they fail.
 *
 * R. P. Brent, Algorithms for Minimization without Derivatives (1973), chapter 5 (localmin).
 *
 * @param options.tolerance relative precision of x, at least √ε to be of use. Default 1.5e-8
 * @param options.maxEvaluations default 200
 * @throws RangeError if an end is not finite, low is above high, or an option is out of range
 *
 * @example
 * brentMinimize((x) => (x - 2) * (x - 2), 0, 5).x.toFixed(6); //=> '2.000000'
 */
export function brentMinimize(
  f: (x: number) => number,
  low: number,
  high: number,
  { tolerance = 1.5e-8, maxEvaluations = 200 }: { tolerance?: number; maxEvaluations?: number } = {},
): BrentMinimum {
  checkNumber('low', low);
  checkNumber('high', high, low);
  checkNumber('tolerance', tolerance, Number.MIN_VALUE);
  checkInteger('maxEvaluations', maxEvaluations, 1);
  let a = low;
  let b = high;
  let x = a + (1 - GOLDEN) * (b - a);
  let w = x;
  let v = x;
  let fx = f(x);
  let fw = fx;
  let fv = fx;
  let step = 0;
  let stepBefore = 0;
  for (let evaluations = 1; ; evaluations++) {
    const middle = 0.5 * (a + b);
    const slack = tolerance * Math.abs(x) + 1e-12;
    const done = Math.abs(x - middle) <= 2 * slack - 0.5 * (b - a);
    if (done || evaluations >= maxEvaluations) {
      return { x, value: fx, evaluations, status: done ? 'converged' : 'max-evaluations', converged: done };
    }
    let golden = true;
    if (Math.abs(stepBefore) > slack) {
      const r = (x - w) * (fx - fv);
      let q = (x - v) * (fx - fw);
      let p = (x - v) * q - (x - w) * r;
      q = 2 * (q - r);
      if (q > 0) p = -p;
      q = Math.abs(q);
      if (Math.abs(p) < Math.abs(0.5 * q * stepBefore) && p > q * (a - x) && p < q * (b - x)) {
        stepBefore = step;
        step = p / q;
        const u = x + step;
        if (u - a < 2 * slack || b - u < 2 * slack) step = x < middle ? slack : -slack;
        golden = false;
      }
    }
    if (golden) {
      stepBefore = x < middle ? b - x : a - x;
      step = (1 - GOLDEN) * stepBefore;
    }
    const u = Math.abs(step) >= slack ? x + step : x + (step > 0 ? slack : -slack);
    const fu = f(u);
    if (fu <= fx) {
      if (u < x) b = x;
      else a = x;
      [v, fv, w, fw, x, fx] = [w, fw, x, fx, u, fu];
    } else {
      if (u < x) a = u;
      else b = u;
      if (fu <= fw || w === x) [v, fv, w, fw] = [w, fw, u, fu];
      else if (fu <= fv || v === x || v === w) [v, fv] = [u, fu];
    }
  }
}
