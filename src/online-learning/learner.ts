/**
 * Online convex optimization: round by round the learner names a point, then sees the gradient of the loss there.
 *
 * M. Zinkevich, "Online Convex Programming and Generalized Infinitesimal Gradient Ascent", ICML 2003. Prediction with
 * expert advice is the case of the simplex with linear losses: the point is the weight vector, the gradient the losses.
 */
import { checkInteger, checkVector } from '../internal/check.js';

/** A learner in the sequential form of this library: pure functions over a plain state. */
export interface OnlineLearner<State> {
  /** Length of the points and the gradients. */
  readonly dimension: number;
  init(): State;
  /** The point of the coming round. Draws nothing, changes nothing; fills `out` when given. */
  predict(state: State, out?: Float64Array): Float64Array;
  /**
   * The state after the round whose loss has this gradient at the point (for experts: after the round with these losses).
   *
   * @param out absent: a new state; another state: overwritten; `state` itself: updated in place
   * @throws RangeError if the gradient has another length or an entry that is not finite
   */
  update(state: State, gradient: ArrayLike<number>, out?: State): State;
}

/** A learner that uses a guess of the coming gradient. */
export interface OptimisticLearner<State> extends OnlineLearner<State> {
  /** Replaces the guess M_t for the coming round, which otherwise is the last gradient (0 before the first). */
  hint(state: State, guess: ArrayLike<number>, out?: State): State;
}

/** The rounds of a game against given expert losses. */
export interface ExpertGame<State> {
  /** Weights before each round, T × K row-major. */
  weights: Float64Array;
  /** Σ_t <p_t, l_t>. */
  learnerLoss: number;
  /** Σ_t l_t for each expert. */
  expertLosses: Float64Array;
  /** learnerLoss minus the smallest of expertLosses. */
  regret: number;
  finalState: State;
}

/**
 * Plays a learner of expert weights against a table of losses. O(T K) beside the learner's own work.
 *
 * @param losses T rows of K losses
 * @throws RangeError if a row has another length than the learner's dimension
 *
 * @example
 * simulateExperts(hedge({ experts: 2, eta: 1 }), [[0, 1], [0, 1]]).learnerLoss.toFixed(6); //=> '0.768941'
 */
export function simulateExperts<State>(
  learner: OnlineLearner<State>,
  losses: ArrayLike<ArrayLike<number>>,
): ExpertGame<State> {
  const T = losses.length;
  const K = learner.dimension;
  const weights = new Float64Array(T * K);
  const expertLosses = new Float64Array(K);
  const p = new Float64Array(K);
  let learnerLoss = 0;
  let state = learner.init();
  for (let t = 0; t < T; t++) {
    const loss = losses[t];
    checkVector(`losses[${t}]`, loss, K);
    learner.predict(state, p);
    for (let i = 0; i < K; i++) {
      weights[t * K + i] = p[i];
      learnerLoss += p[i] * loss[i];
      expertLosses[i] += loss[i];
    }
    state = learner.update(state, loss, state);
  }
  let best = Infinity;
  for (let i = 0; i < K; i++) if (expertLosses[i] < best) best = expertLosses[i];
  return { weights, learnerLoss, expertLosses, regret: learnerLoss - best, finalState: state };
}

/**
 * Plays a learner for `horizon` rounds against a first-order oracle.
 *
 * @param gradient the gradient at the point of round t (from 0); the point is reused between rounds: copy it to keep it
 * @returns the points of all rounds, T × d row-major, and the last state
 * @throws RangeError if `horizon` is not an integer >= 0
 *
 * @example
 * const learner = ogd({ set: ballSet({ dimension: 1, radius: 1 }), gradBound: 1 });
 * simulateOnline(learner, 3, () => [1]).iterates; //=> Float64Array.of(0, -1, -1)
 */
export function simulateOnline<State>(
  learner: OnlineLearner<State>,
  horizon: number,
  gradient: (point: Float64Array, t: number) => ArrayLike<number>,
): { iterates: Float64Array; finalState: State } {
  checkInteger('horizon', horizon, 0);
  const d = learner.dimension;
  const iterates = new Float64Array(horizon * d);
  const point = new Float64Array(d);
  let state = learner.init();
  for (let t = 0; t < horizon; t++) {
    learner.predict(state, point);
    iterates.set(point, t * d);
    state = learner.update(state, gradient(point, t), state);
  }
  return { iterates, finalState: state };
}

/** The check of a step: one comparison an entry, the error built out of line. */
export function checkGradient(name: string, gradient: ArrayLike<number>, d: number): void {
  if (gradient.length !== d) throw new RangeError(`${name} must have length ${d}, got ${gradient.length}`);
  for (let i = 0; i < d; i++) {
    const g = gradient[i];
    if (!(g - g === 0)) throw new RangeError(`${name}[${i}] must be finite, got ${g}`);
  }
}

/** The state to write into, holding what `state` holds: `out` has the three meanings of the style guide. */
export function writable<State extends object>(state: State, out: State | undefined): State {
  if (out === state) return state;
  const source = state as Record<string, number | Float64Array>;
  const target = (out ?? {}) as Record<string, number | Float64Array>;
  for (const key in source) {
    const value = source[key];
    if (typeof value === 'number') target[key] = value;
    else if (out === undefined) target[key] = value.slice();
    else (target[key] as Float64Array).set(value);
  }
  return target as State;
}
