/**
 * Ader with a guess of the gradient in both layers: dynamic regret that falls when gradients are predictable.
 *
 * S. Chen et al., arXiv:2302.04552, Section 5, after P. Zhao, Y.-J. Zhang, L. Zhang, Z.-H. Zhou, "Adaptivity and
 * Non-stationarity: Problem-dependent Dynamic Regret for Online Convex Optimization", arXiv:2112.14368. Two-layer
 * structure as there; the constants of the upper layer are ours: the rate of the Hedge is
 *
 *   ε_t = sqrt(8 / (G² D² + Σ_{s<t} r_s²)),   r_s the spread over the experts of <g_s - M_s, x_s^i>,
 *
 * which never rises and stays large while the guesses are good.
 *
 *   notation   here              meaning
 *   x̂^i       secondary         secondary iterates of the experts, N × d
 *   M_t        guess             the last gradient unless `hint` says otherwise
 *   L^i        losses            Σ <g_s, x_s^i>
 */
import { checkPositive } from '../internal/check.js';
import { log } from '../special/log.js';
import { type AderOptions, aderSteps, average } from './ader.js';
import { weights } from './hedge.js';
import { checkGradient, type OptimisticLearner, writable } from './learner.js';

export interface OptimisticAderState {
  /** Rounds seen. */
  t: number;
  /** Σ r_s². */
  surprise: number;
  secondary: Float64Array;
  losses: Float64Array;
  guess: Float64Array;
}

/**
 * The learner. Expert i plays x_t^i = Π(x̂^i - η_i M_t) and moves x̂^i to Π(x̂^i - η_i g_t), with the steps of `aderSteps`
 * (the last is about D/G sqrt(2), large enough for smooth losses); the upper layer weighs them by
 * prior exp(-ε_t (L^i + <M_t, x_t^i>)).
 *
 * Deterministic; O(N d) and 3 N projections a round.
 *
 * @throws RangeError if `horizon` is not an integer >= 1 or `gradBound` is not positive
 */
export function optimisticAder(options: AderOptions): OptimisticLearner<OptimisticAderState> {
  const { set } = options;
  const d = set.dimension;
  const D = set.diameter;
  const G = checkPositive('gradBound', options.gradBound);
  const steps = aderSteps({ horizon: options.horizon, diameter: D, gradBound: G });
  const N = steps.length;
  const logPrior = Float64Array.from(steps, (_, i) => -log((i + 1) * (i + 2)));
  const p = new Float64Array(N);
  const point = new Float64Array(d);
  const points = new Float64Array(N * d);

  /** The experts' points of the coming round, into `points`. */
  function play({ secondary, guess }: OptimisticAderState): Float64Array {
    for (let i = 0; i < N; i++) {
      for (let j = 0; j < d; j++) point[j] = secondary[i * d + j] - steps[i] * guess[j];
      points.set(set.project(point, point), i * d);
    }
    return points;
  }

  return {
    dimension: d,
    init() {
      const secondary = new Float64Array(N * d);
      const center = set.center();
      for (let i = 0; i < N; i++) secondary.set(center, i * d);
      return { t: 0, surprise: 0, secondary, losses: new Float64Array(N), guess: new Float64Array(d) };
    },
    predict(state, out = new Float64Array(d)) {
      play(state);
      const epsilon = Math.sqrt(8 / (G * G * D * D + state.surprise));
      for (let i = 0; i < N; i++) {
        p[i] = state.losses[i] - logPrior[i] / epsilon;
        for (let j = 0; j < d; j++) p[i] += state.guess[j] * points[i * d + j];
      }
      return average(points, weights(p, epsilon, p), out);
    },
    update(state, gradient, out) {
      checkGradient('gradient', gradient, d);
      const next = writable(state, out);
      play(next);
      let low = Infinity;
      let high = -Infinity;
      for (let i = 0; i < N; i++) {
        let surprise = 0;
        for (let j = 0; j < d; j++) {
          const x = points[i * d + j];
          next.losses[i] += gradient[j] * x;
          surprise += (gradient[j] - next.guess[j]) * x;
          point[j] = next.secondary[i * d + j] - steps[i] * gradient[j];
        }
        next.secondary.set(set.project(point, point), i * d);
        if (surprise < low) low = surprise;
        if (surprise > high) high = surprise;
      }
      next.surprise += (high - low) * (high - low);
      next.guess.set(gradient);
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
