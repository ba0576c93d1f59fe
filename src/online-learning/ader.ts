/**
 * Ader: dynamic regret by a Hedge over gradient descents with different steps.
 *
 * L. Zhang, S. Lu, Z.-H. Zhou, "Adaptive Online Learning in Dynamic Environments", arXiv:1810.10815, Algorithms 3 and 4
 * (the improved Ader, which needs one gradient a round) and Theorem 4.
 *
 *   paper      here                  meaning
 *   D, G       set.diameter, gradBound
 *   N          experts               ceil(½ log2(1 + 4T/7)) + 1
 *   η_i        aderSteps[i]          2^i (D/G) sqrt(7 / (2T)), i = 0 ... N-1
 *   α          alpha                 sqrt(8 / (T G² D²))
 *   P_T        pathLength            Σ_t ||u_{t+1} - u_t||
 */
import { checkInteger, checkNumber, checkPositive } from '../internal/check.js';
import { log } from '../special/log.js';
import { log2 } from '../special/log2.js';
import type { ConvexSet } from './convex-sets.js';
import { priorLosses, weights } from './hedge.js';
import { checkGradient, type OnlineLearner, writable } from './learner.js';

export interface AderState {
  /** Rounds seen. */
  t: number;
  /** The experts' points, N × d row-major. */
  points: Float64Array;
  /** Cumulative linearized losses <g_s, x_s^i> of the experts, their prior included. */
  losses: Float64Array;
}

export interface AderOptions {
  /** Number of rounds T. */
  horizon: number;
  set: ConvexSet;
  /** Bound G of the gradients' norms. */
  gradBound: number;
}

/**
 * The learner: it plays the experts' average under Hedge with prior (1 + 1/N) / (i (i+1)), i = 1 ... N, and all experts
 * descend along the gradient at that average.
 *
 * Deterministic; O(N d) and N projections a round, N about ½ log2 T.
 *
 * @throws RangeError if `horizon` is not an integer >= 1 or `gradBound` is not positive
 *
 * @example
 * const learner = ader({ horizon: 100, set: boxSet({ low: [-1], high: [1] }), gradBound: 1 });
 * learner.init().losses.length; //=> 4
 */
export function ader(options: AderOptions): OnlineLearner<AderState> {
  const { set } = options;
  const d = set.dimension;
  const steps = aderSteps({ ...options, diameter: set.diameter });
  const N = steps.length;
  const alpha = Math.sqrt(8 / options.horizon) / (options.gradBound * set.diameter);
  const prior = aderPrior(N, alpha);
  const p = new Float64Array(N);
  const point = new Float64Array(d);
  return {
    dimension: d,
    init() {
      const points = new Float64Array(N * d);
      const center = set.center();
      for (let i = 0; i < N; i++) points.set(center, i * d);
      return { t: 0, points, losses: prior.slice() };
    },
    predict({ points, losses }, out = new Float64Array(d)) {
      return average(points, weights(losses, alpha, p), out);
    },
    update(state, gradient, out) {
      checkGradient('gradient', gradient, d);
      const next = writable(state, out);
      const { points } = next;
      for (let i = 0; i < N; i++) {
        let loss = 0;
        for (let j = 0; j < d; j++) {
          loss += gradient[j] * points[i * d + j];
          point[j] = points[i * d + j] - steps[i] * gradient[j];
        }
        next.losses[i] += loss;
        points.set(set.project(point, point), i * d);
      }
      next.t += 1;
      return next;
    },
  };
}

/**
 * The steps η_i of the experts: they cover the best step for every path length to within a factor 2.
 *
 * @throws RangeError if an option is out of range
 *
 * @example
 * aderSteps({ horizon: 1, diameter: 1, gradBound: 1 })[0] === Math.sqrt(3.5); //=> true
 */
export function aderSteps(options: { horizon: number; diameter: number; gradBound: number }): Float64Array {
  const T = checkInteger('horizon', options.horizon, 1);
  const D = checkPositive('diameter', options.diameter);
  const G = checkPositive('gradBound', options.gradBound);
  const N = Math.ceil(0.5 * log2(1 + (4 * T) / 7)) + 1;
  const steps = new Float64Array(N);
  steps[0] = (D / G) * Math.sqrt(7 / (2 * T));
  for (let i = 1; i < N; i++) steps[i] = 2 * steps[i - 1];
  return steps;
}

/**
 * Theorem 4: against every sequence u_1 ... u_T of the set with path length P the regret Σ f_t(x_t) - f_t(u_t) is at most
 *
 *   (3G/4) sqrt(2T (7D² + 4DP)) + (GD sqrt(2T) / 4) (1 + 2 ln(k + 1)),   k = floor(½ log2(1 + 4P/(7D))) + 1.
 *
 * @throws RangeError if an option is out of range
 */
export function aderRegretBound(options: {
  horizon: number;
  diameter: number;
  gradBound: number;
  pathLength: number;
}): number {
  const T = checkInteger('horizon', options.horizon, 1);
  const D = checkPositive('diameter', options.diameter);
  const G = checkPositive('gradBound', options.gradBound);
  const P = checkNumber('pathLength', options.pathLength, 0);
  const k = Math.floor(0.5 * log2(1 + (4 * P) / (7 * D))) + 1;
  const experts = 0.75 * G * Math.sqrt(2 * T * (7 * D * D + 4 * D * P));
  return experts + ((G * D * Math.sqrt(2 * T)) / 4) * (1 + 2 * log(k + 1));
}

/** The prior (1 + 1/N) / (i (i+1)) as losses for a Hedge with rate alpha. */
function aderPrior(N: number, alpha: number): Float64Array {
  return priorLosses(
    Float64Array.from({ length: N }, (_, i) => (1 + 1 / N) / ((i + 1) * (i + 2))),
    N,
    alpha,
  );
}

/** Σ_i p_i points_i. */
export function average(points: Float64Array, p: Float64Array, out: Float64Array): Float64Array {
  const d = out.length;
  out.fill(0);
  for (let i = 0; i < p.length; i++) for (let j = 0; j < d; j++) out[j] += p[i] * points[i * d + j];
  return out;
}
