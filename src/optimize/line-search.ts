// A line search along a projected direction, for quasi-Newton methods in a box.
//
// J. Nocedal, S. J. Wright, "Numerical Optimization", 2nd ed. (2006), Algorithms 3.5 and 3.6, with cubic steps; W. W. Hager,
// H. Zhang, SIAM J. Optim. 16 (2005), (4.1), for the condition that replaces sufficient decrease where f changes by less than
// its own rounding.
//
//   x, g, f    point, gradient and value at t = 0
//   d          direction, 0 outside the free variables
//   x(t)       P(x + t d), P the projection on the box

import type { ValueAndGradient } from './lbfgsb.js';

export interface Point {
  x: Float64Array;
  gradient: Float64Array;
  value: number;
}

export interface Box {
  lower: Float64Array;
  upper: Float64Array;
}

const SUFFICIENT = 1e-4; // c1 of Armijo and Wolfe
const CURVATURE = 0.9; // c2
/** f that differs by less, relatively, is rounding. */
const ROUNDING = 1e-14;

/**
 * A point x(t) with f(x(t)) <= f + c1 g·(x(t) - x), and with |d·∇f(x(t))| <= c2 |d·g| while no bound is met.
 *
 * @param first the first t that is tried
 * @param maxTrials evaluations of f at most
 * @returns the best point of sufficient decrease that was seen, if any, and how often f was called
 */
export function searchLine(
  f: ValueAndGradient,
  from: Point,
  direction: Float64Array,
  free: Uint8Array,
  { lower, upper }: Box,
  first: number,
  maxTrials: number,
): { point: Point | undefined; evaluations: number } {
  const { x, gradient, value } = from;
  const n = x.length;
  const slope = dotFree(direction, gradient, free);
  const trial: Point = { x: new Float64Array(n), gradient: new Float64Array(n), value: 0 };
  let best: Point | undefined;
  // The bracket [low, high] of step lengths: low has sufficient decrease and a slope that points into the bracket.
  let t = first;
  let low = 0;
  let lowValue = value;
  let lowSlope = slope;
  let high = Infinity;
  for (let evaluations = 1; evaluations <= maxTrials; evaluations++) {
    let cut = false;
    for (let i = 0; i < n; i++) {
      const moved = x[i] + t * direction[i];
      trial.x[i] = moved < lower[i] ? lower[i] : moved > upper[i] ? upper[i] : moved;
      if (trial.x[i] !== moved) cut = true;
    }
    trial.value = f(trial.x, trial.gradient);
    if (!Number.isFinite(trial.value) || !trial.gradient.every(Number.isFinite)) {
      high = t;
      t = low + 0.1 * (t - low);
      continue;
    }
    const enough = sufficient(from, trial);
    const trialSlope = dotFree(direction, trial.gradient, free);
    if (enough && (best === undefined || trial.value < best.value)) {
      best = { x: trial.x.slice(), gradient: trial.gradient.slice(), value: trial.value };
    }
    const next = cubicStep(low, lowValue, lowSlope, t, trial.value, trialSlope);
    if (!enough || (trial.value >= lowValue && low > 0)) {
      high = t;
      t = clamp(next, low + 0.1 * (high - low), low + 0.6 * (high - low));
    } else if (cut || Math.abs(trialSlope) <= -CURVATURE * slope) {
      return { point: best, evaluations };
    } else if (trialSlope > 0) {
      high = t;
      t = clamp(next, low + 0.1 * (high - low), low + 0.9 * (high - low));
    } else {
      const width = t - low;
      low = t;
      lowValue = trial.value;
      lowSlope = trialSlope;
      t = high === Infinity ? clamp(next, t + 1.1 * width, t + 4 * width) : 0.5 * (low + high);
    }
  }
  return { point: best, evaluations: maxTrials };
}

/** Armijo's condition along the projected path; where f is flat to rounding, the same of the two slopes. */
function sufficient(from: Point, trial: Point): boolean {
  let decrease = 0;
  let slopeThere = 0;
  for (let i = 0; i < from.x.length; i++) {
    const step = trial.x[i] - from.x[i];
    decrease += from.gradient[i] * step;
    slopeThere += trial.gradient[i] * step;
  }
  if (!(decrease < 0)) return false;
  if (trial.value <= from.value + SUFFICIENT * decrease) return true;
  return trial.value <= from.value + ROUNDING * Math.abs(from.value) && slopeThere <= (2 * SUFFICIENT - 1) * decrease;
}

/** Σ a_i b_i over the free variables. */
export function dotFree(a: Float64Array, b: Float64Array, free: Uint8Array): number {
  let total = 0;
  for (let i = 0; i < a.length; i++) if (free[i] === 1) total += a[i] * b[i];
  return total;
}

/** Minimum of the cubic through two points with slopes; NaN becomes the middle. */
function cubicStep(a: number, fa: number, ga: number, b: number, fb: number, gb: number): number {
  const d1 = ga + gb - (3 * (fa - fb)) / (a - b);
  const square = d1 * d1 - ga * gb;
  const d2 = Math.sqrt(Math.max(0, square)) * (b > a ? 1 : -1);
  const t = b - ((b - a) * (gb + d2 - d1)) / (gb - ga + 2 * d2);
  return square >= 0 && Number.isFinite(t) ? t : 0.5 * (a + b);
}

function clamp(t: number, low: number, high: number): number {
  return t < low ? low : t > high ? high : t;
}
