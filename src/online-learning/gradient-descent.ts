/**
 * Projected online gradient descent.
 *
 * M. Zinkevich, ICML 2003; E. Hazan, A. Agarwal, S. Kale, "Logarithmic Regret Algorithms for Online Convex Optimization",
 * Machine Learning 69 (2007) 169-192; with these constants E. Hazan, "Introduction to Online Convex Optimization",
 * arXiv:1909.05207, Theorems 3.1 and 3.3.
 *
 *   paper      here            meaning
 *   D          set.diameter    diameter of the set
 *   G          gradBound       bound of the gradients' norms
 *   α          lambda          strong convexity of the losses
 */
import { checkInteger, checkPositive } from '../internal/check.js';
import { log } from '../special/log.js';
import type { ConvexSet } from './convex-sets.js';
import { checkGradient, type OnlineLearner, writable } from './learner.js';

export interface GradientDescentState {
  /** Rounds seen. */
  t: number;
  /** The point of the coming round. */
  x: Float64Array;
}

export interface GradientDescentOptions {
  set: ConvexSet;
  /** Bound G of the norms of the gradients. */
  gradBound: number;
}

/**
 * x_{t+1} = Π(x_t - η_t g_t), η_t = D / (G sqrt t), from the centre of the set.
 *
 * Deterministic; a projection a round.
 *
 * @throws RangeError if `gradBound` is not positive
 *
 * @example
 * const learner = ogd({ set: boxSet({ low: [-1], high: [1] }), gradBound: 2 });
 * learner.predict(learner.update(learner.init(), [0.5])); //=> Float64Array.of(-0.5)
 */
export function ogd(options: GradientDescentOptions): OnlineLearner<GradientDescentState> {
  const G = checkPositive('gradBound', options.gradBound);
  const D = options.set.diameter;
  return descent(options.set, (t) => D / (G * Math.sqrt(t)));
}

/**
 * The same with η_t = 1 / (λ t), for λ-strongly convex losses.
 *
 * @throws RangeError if `lambda` is not positive
 */
export function ogdStronglyConvex(options: { set: ConvexSet; lambda: number }): OnlineLearner<GradientDescentState> {
  const lambda = checkPositive('lambda', options.lambda);
  return descent(options.set, (t) => 1 / (lambda * t));
}

/**
 * Theorem 3.1: the regret of `ogd` against every fixed point is at most 3/2 D G sqrt(T), for convex losses.
 *
 * @throws RangeError if an argument is not positive
 *
 * @example
 * ogdRegretBound({ diameter: 2, gradBound: 1, horizon: 100 }); //=> 30
 */
export function ogdRegretBound(options: { diameter: number; gradBound: number; horizon: number }): number {
  const D = checkPositive('diameter', options.diameter);
  const G = checkPositive('gradBound', options.gradBound);
  return 1.5 * D * G * Math.sqrt(checkInteger('horizon', options.horizon, 1));
}

/**
 * Theorem 3.3: the regret of `ogdStronglyConvex` is at most G² / (2λ) (1 + ln T).
 *
 * @throws RangeError if an argument is not positive
 */
export function ogdStronglyConvexRegretBound(options: { lambda: number; gradBound: number; horizon: number }): number {
  const lambda = checkPositive('lambda', options.lambda);
  const G = checkPositive('gradBound', options.gradBound);
  return ((G * G) / (2 * lambda)) * (1 + log(checkInteger('horizon', options.horizon, 1)));
}

function descent(set: ConvexSet, rate: (t: number) => number): OnlineLearner<GradientDescentState> {
  const d = set.dimension;
  return {
    dimension: d,
    init() {
      return { t: 0, x: set.center() };
    },
    predict({ x }, out = new Float64Array(d)) {
      out.set(x);
      return out;
    },
    update(state, gradient, out) {
      checkGradient('gradient', gradient, d);
      const next = writable(state, out);
      next.t += 1;
      const eta = rate(next.t);
      for (let i = 0; i < d; i++) next.x[i] -= eta * gradient[i];
      set.project(next.x, next.x);
      return next;
    },
  };
}
