/**
 * Optimistic online mirror descent, which bridges stochastic and adversarial losses.
 *
 * S. Chen, Y.-J. Zhang, W.-W. Tu, P. Zhao, L. Zhang, "Optimistic Online Mirror Descent for Bridging Stochastic and
 * Adversarial Online Convex Optimization", arXiv:2302.04552, Equations (4)-(5), Theorems 1-3; after A. Rakhlin, K.
 * Sridharan, "Online Learning with Predictable Sequences", arXiv:1208.3728.
 *
 *   x_t      = argmin_x <M_t, x> + B_t(x, x̂_t)
 *   x̂_{t+1} = argmin_x <g_t, x> + B_t(x, x̂_t)          M_1 = 0, M_t = g_{t-1}
 *
 *   paper      here                meaning
 *   x̂_t       state.secondary     secondary iterate
 *   M_t        state.guess         guess of the gradient of the coming round
 *   V̄_t       state.variation     Σ_{s<=t} ||g_s - M_s||²
 *   D, L, G    set.diameter, smoothness, gradBound
 *   H_t        state.hessian       exp-concave losses: (1 + β G²/2) I + (β/2) Σ_{s<t} g_s g_sᵀ
 */
import { checkInteger, checkNumber, checkPositive } from '../internal/check.js';
import { choleskySolve, cholesky } from '../linalg/index.js';
import { projectBallMahalanobis } from '../optimize/projections.js';
import { ballSet, type ConvexSet } from './convex-sets.js';
import { weights } from './hedge.js';
import { checkGradient, type OptimisticLearner, writable } from './learner.js';

export interface OptimisticOmdState {
  /** Rounds seen. */
  t: number;
  /** V̄ of the rounds seen. */
  variation: number;
  /** x̂; for 'entropic' the cumulative gradients, of which it is the softmax. */
  secondary: Float64Array;
  /** M for the coming round. */
  guess: Float64Array;
  /** H, d × d row-major; empty unless 'exp-concave'. */
  hessian: Float64Array;
}

export type OptimisticOmdOptions = { optimistic?: boolean } & (
  | {
      /** Convex losses, B = ||x - x̂||² / (2 η_t), η_t = D / sqrt(10 D² L² + 4 G² + V̄_{t-1}). */
      geometry: 'euclidean';
      set: ConvexSet;
      /** Smoothness L of the expected losses. Default 0. */
      smoothness?: number;
      /** Bound G of the gradients' norms; needed unless `eta` is given. */
      gradBound?: number;
      /** Constant step in place of η_t. */
      eta?: number;
    }
  | {
      /** Weights on the simplex, B = KL(x, x̂) / η. */
      geometry: 'entropic';
      dimension: number;
      eta: number;
    }
  | {
      /** λ-strongly convex losses, B = ||x - x̂||² / (2 η_t), η_t = 2 / (λ t). */
      geometry: 'strongly-convex';
      set: ConvexSet;
      lambda: number;
    }
  | {
      /** α-exp-concave losses on the ball of radius `diameter` / 2, B = ½ ||x - x̂||²_{H_t}, β = ½ min(1/(4GD), α). */
      geometry: 'exp-concave';
      dimension: number;
      diameter: number;
      gradBound: number;
      alpha: number;
    }
);

/**
 * The learner, in one of four geometries. `optimistic: false` sets M_t = 0 in all rounds: mirror descent with two equal
 * sequences. `hint` replaces M_t.
 *
 * Deterministic. O(d) a round beside two projections; 'exp-concave' O(d³).
 *
 * @throws RangeError if an option is out of range
 *
 * @example
 * const learner = optimisticOmd({ geometry: 'euclidean', set: ballSet({ dimension: 1, radius: 1 }), eta: 0.25 });
 * learner.predict(learner.update(learner.init(), [1])); //=> Float64Array.of(-0.5)
 */
export function optimisticOmd(options: OptimisticOmdOptions): OptimisticLearner<OptimisticOmdState> {
  const { d, start, hessian, step } = geometryOf(options);
  const optimistic = options.optimistic ?? true;
  return {
    dimension: d,
    init() {
      return { t: 0, variation: 0, secondary: start.slice(), guess: new Float64Array(d), hessian: hessian.slice() };
    },
    predict(state, out = new Float64Array(d)) {
      return step.primary(state, out);
    },
    update(state, gradient, out) {
      checkGradient('gradient', gradient, d);
      const next = writable(state, out);
      step.secondary(next, gradient);
      for (let i = 0; i < d; i++) {
        const surprise = gradient[i] - next.guess[i];
        next.variation += surprise * surprise;
        next.guess[i] = optimistic ? gradient[i] : 0;
      }
      next.t += 1;
      return next;
    },
    hint(state, guess, out) {
      checkGradient('guess', guess, d);
      const next = writable(state, out);
      next.guess.set(guess);
      return next;
    },
  };
}

/**
 * Deterministic regret bound with constant step η in the Euclidean geometry: D² / (2η) + (η/2) Σ_t ||g_t - M_t||². With
 * perfect hints, M_t = g_t, that is D² / (2η) for every sequence and every number of rounds.
 *
 * Rakhlin & Sridharan, arXiv:1208.3728, Lemma 2.
 *
 * @param options.variation Σ_t ||g_t - M_t||², `state.variation`
 *
 * @example
 * optimisticOmdRegretBound({ diameter: 2, eta: 0.5, variation: 0 }); //=> 4
 */
export function optimisticOmdRegretBound(options: { diameter: number; eta: number; variation: number }): number {
  const D = checkPositive('diameter', options.diameter);
  const eta = checkPositive('eta', options.eta);
  return (D * D) / (2 * eta) + (eta / 2) * checkNumber('variation', options.variation, 0);
}

interface Geometry {
  d: number;
  start: Float64Array;
  hessian: Float64Array;
  step: {
    primary(state: OptimisticOmdState, out: Float64Array): Float64Array;
    /** x̂_t -> x̂_{t+1}, in place, before t and V̄ move on. */
    secondary(state: OptimisticOmdState, gradient: ArrayLike<number>): void;
  };
}

function geometryOf(options: OptimisticOmdOptions): Geometry {
  switch (options.geometry) {
    case 'euclidean':
      return euclidean(options.set, euclideanRate(options));
    case 'strongly-convex': {
      const lambda = checkPositive('lambda', options.lambda);
      return euclidean(options.set, ({ t }) => 2 / (lambda * (t + 1)));
    }
    case 'entropic':
      return entropic(checkInteger('dimension', options.dimension, 1), checkPositive('eta', options.eta));
    case 'exp-concave':
      return expConcave(options);
    default:
      throw new RangeError(
        "geometry must be one of 'euclidean', 'entropic', 'strongly-convex', 'exp-concave', " +
          `got ${String((options as { geometry: unknown }).geometry)}`,
      );
  }
}

function euclideanRate(
  options: Extract<OptimisticOmdOptions, { geometry: 'euclidean' }>,
): (state: OptimisticOmdState) => number {
  if (options.eta !== undefined) {
    const eta = checkPositive('eta', options.eta);
    return () => eta;
  }
  const D = options.set.diameter;
  const L = checkNumber('smoothness', options.smoothness ?? 0, 0);
  const G = checkPositive('gradBound', options.gradBound ?? NaN);
  return ({ variation }) => D / Math.sqrt(10 * D * D * L * L + 4 * G * G + variation);
}

function euclidean(set: ConvexSet, rate: (state: OptimisticOmdState) => number): Geometry {
  const d = set.dimension;
  return {
    d,
    start: set.center(),
    hessian: new Float64Array(0),
    step: {
      primary(state, out) {
        const eta = rate(state);
        for (let i = 0; i < d; i++) out[i] = state.secondary[i] - eta * state.guess[i];
        return set.project(out, out);
      },
      secondary(state, gradient) {
        const eta = rate(state);
        const { secondary } = state;
        for (let i = 0; i < d; i++) secondary[i] -= eta * gradient[i];
        set.project(secondary, secondary);
      },
    },
  };
}

function entropic(d: number, eta: number): Geometry {
  return {
    d,
    start: new Float64Array(d),
    hessian: new Float64Array(0),
    step: {
      primary(state, out) {
        for (let i = 0; i < d; i++) out[i] = state.secondary[i] + state.guess[i];
        return weights(out, eta, out);
      },
      secondary(state, gradient) {
        for (let i = 0; i < d; i++) state.secondary[i] += gradient[i];
      },
    },
  };
}

function expConcave(options: Extract<OptimisticOmdOptions, { geometry: 'exp-concave' }>): Geometry {
  const D = checkPositive('diameter', options.diameter);
  const G = checkPositive('gradBound', options.gradBound);
  const alpha = checkPositive('alpha', options.alpha);
  const { dimension: d } = ballSet({ dimension: options.dimension, radius: D / 2 });
  const beta = 0.5 * Math.min(1 / (4 * G * D), alpha);
  const hessian = new Float64Array(d * d);
  for (let i = 0; i < d; i++) hessian[i * d + i] = 1 + (beta * G * G) / 2;
  const newton = (state: OptimisticOmdState, gradient: ArrayLike<number>): Float64Array => {
    const L = state.hessian.slice();
    cholesky(L, d, L);
    const direction = choleskySolve(L, Float64Array.from(gradient), d);
    for (let i = 0; i < d; i++) direction[i] = state.secondary[i] - direction[i];
    return projectBallMahalanobis(direction, state.hessian, D / 2);
  };
  return {
    d,
    start: new Float64Array(d),
    hessian,
    step: {
      primary(state, out) {
        out.set(newton(state, state.guess));
        return out;
      },
      secondary(state, gradient) {
        state.secondary.set(newton(state, gradient));
        for (let i = 0; i < d; i++) {
          for (let j = 0; j < d; j++) state.hessian[i * d + j] += (beta / 2) * gradient[i] * gradient[j];
        }
      },
    },
  };
}
