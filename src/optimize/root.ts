// Roots of a function of one variable inside a bracket.

import { checkNumber } from '../internal/check.js';

export interface RootOptions {
  /** Stop when the bracket is shorter than this plus 4 units in the last place of the root. Default 0. */
  tolerance?: number;
  /** Default 200. */
  maxEvaluations?: number;
}

export interface RootResult {
  x: number;
  /** f(x). */
  value: number;
  evaluations: number;
  status: 'converged' | 'max-evaluations';
  converged: boolean;
}

const EPSILON = 2.220446049250313e-16;

/**
 * A root between low and high, where f must differ in sign: inverse quadratic and secant steps, bisection when they stall.
 *
 * R. P. Brent, Algorithms for Minimization without Derivatives (1973), chapter 4 (zeroin).
 *
 * @throws RangeError if f(low) and f(high) have the same sign or one is NaN
 *
 * @example
 * brentRoot((x) => x * x - 2, 0, 2).x.toFixed(12); //=> '1.414213562373'
 */
export function brentRoot(f: (x: number) => number, low: number, high: number, options: RootOptions = {}): RootResult {
  const { tolerance, maxEvaluations } = checkedBracket(low, high, options);
  let a = low;
  let b = high;
  let fa = f(a);
  let fb = f(b);
  checkSigns(a, b, fa, fb);
  let evaluations = 2;
  let c = a;
  let fc = fa;
  let last = b - a;
  let beforeLast = last;
  for (;;) {
    if (Math.abs(fc) < Math.abs(fb)) {
      [a, b, c] = [b, c, b];
      [fa, fb, fc] = [fb, fc, fb];
    }
    const slack = 2 * EPSILON * Math.abs(b) + 0.5 * tolerance;
    const middle = 0.5 * (c - b);
    if (fb === 0 || Math.abs(middle) <= slack) return rootResult(b, fb, evaluations, 'converged');
    if (evaluations >= maxEvaluations) return rootResult(b, fb, evaluations, 'max-evaluations');
    if (Math.abs(beforeLast) < slack || Math.abs(fa) <= Math.abs(fb)) {
      last = beforeLast = middle;
    } else {
      const s = fb / fa;
      let p: number;
      let q: number;
      if (a === c) {
        p = 2 * middle * s;
        q = 1 - s;
      } else {
        const u = fa / fc;
        const v = fb / fc;
        p = s * (2 * middle * u * (u - v) - (b - a) * (v - 1));
        q = (u - 1) * (v - 1) * (s - 1);
      }
      if (p > 0) q = -q;
      else p = -p;
      if (2 * p < Math.min(3 * middle * q - Math.abs(slack * q), Math.abs(beforeLast * q))) {
        beforeLast = last;
        last = p / q;
      } else {
        last = beforeLast = middle;
      }
    }
    a = b;
    fa = fb;
    b += Math.abs(last) > slack ? last : middle > 0 ? slack : -slack;
    fb = f(b);
    evaluations += 1;
    if (fb > 0 === fc > 0) {
      c = a;
      fc = fa;
      last = beforeLast = b - a;
    }
  }
}

/**
 * A root between low and high by halving: about one bit an evaluation, whatever f is.
 *
 * @throws RangeError if f(low) and f(high) have the same sign or one is NaN
 *
 * @example
 * bisect((x) => x - 0.25, 0, 1).x; //=> 0.25
 */
export function bisect(f: (x: number) => number, low: number, high: number, options: RootOptions = {}): RootResult {
  const { tolerance, maxEvaluations } = checkedBracket(low, high, options);
  const fLow = f(low);
  const fHigh = f(high);
  checkSigns(low, high, fLow, fHigh);
  if (fLow === 0) return rootResult(low, 0, 2, 'converged');
  if (fHigh === 0) return rootResult(high, 0, 2, 'converged');
  for (let evaluations = 3; ; evaluations++) {
    const x = low + 0.5 * (high - low);
    const value = f(x);
    const slack = 4 * EPSILON * Math.abs(x) + tolerance;
    if (value === 0 || x === low || x === high || Math.abs(high - low) <= slack)
      return rootResult(x, value, evaluations, 'converged');
    if (evaluations >= maxEvaluations) return rootResult(x, value, evaluations, 'max-evaluations');
    if (value > 0 === fHigh > 0) high = x;
    else low = x;
  }
}

export function checkedBracket(low: number, high: number, { tolerance = 0, maxEvaluations = 200 }: RootOptions) {
  checkNumber('low', low);
  checkNumber('high', high);
  checkNumber('tolerance', tolerance, 0);
  checkNumber('maxEvaluations', maxEvaluations, 3);
  return { tolerance, maxEvaluations };
}

export function checkSigns(low: number, high: number, fLow: number, fHigh: number): void {
  if (!(fLow <= 0 && fHigh >= 0) && !(fLow >= 0 && fHigh <= 0)) {
    throw new RangeError(`f must change its sign between ${low} and ${high}, got ${fLow} and ${fHigh}`);
  }
}

export function rootResult(x: number, value: number, evaluations: number, status: RootResult['status']): RootResult {
  return { x, value, evaluations, status, converged: status === 'converged' };
}
