/**
 * Preference feedback by randomization: play a random near-optimal arm against the last one, and ask who is better only when the answer
 * is in doubt.
 *
 * R. Wu, W. Sun, "Making RL with Preference-based Feedback Efficient via Randomization", ICLR 2024, arXiv:2310.14554, Algorithm 1, as a
 * bandit with linear utilities φ(a)ᵀθ*: P(a beats b) = σ((φ(a) - φ(b))ᵀθ*).
 *
 *   paper      here                meaning
 *   θ̂         state.theta         ridge logistic fit of the answers on φ(a) - φ(b)
 *   Σ          state.sigma         λ I + Σ (φ(a) - φ(b)) (φ(a) - φ(b))ᵀ over the duels asked
 *   σ_r        spread              scale s of the noise: θ ~ N(θ̂, s² Σ^-1)
 *   ε          epsilon             ask when the mean of |(φ(a1) - φ(a0))ᵀ(θ - θ')| over pairs of draws exceeds it
 */
import { checkInteger, checkNumber, checkPositive, checkVector } from '../../internal/check.js';
import { cholesky, type MatrixLike, solveLower, toRowMajor } from '../../linalg/index.js';
import type { Rng } from '../../random/create-rng.js';
import { sampleNormal } from '../../random/normal.js';
import { logisticRegression } from '../../stats/logistic-regression.js';
import { sampleAround } from '../linear/lin-ts.js';
import { checkDuel } from './duel.js';

export interface PreferenceRandomizedState {
  /** Rounds. */
  t: number;
  /** Arm of the last round, the opponent of the next: arm 0 at first. */
  previous: number;
  /** Answers asked for. */
  queries: number;
  /** φ(a) - φ(b) of the duels asked, queries × d, and who won. */
  differences: number[];
  labels: number[];
  theta: Float64Array;
  sigma: Float64Array;
}

export interface PreferenceRandomizedOptions {
  /** φ, K × d. */
  features: MatrixLike;
  /** s > 0. Default 0.5. */
  spread?: number;
  /** ε >= 0. Default 0: ask whenever the features of the arms differ. */
  epsilon?: number;
  /** Ridge λ > 0. Default 1. */
  lambda?: number;
  /** Pairs of draws m for the doubt. Default 20. */
  pairs?: number;
}

export interface PreferenceRandomized {
  readonly name: string;
  readonly arms: number;
  init(): PreferenceRandomizedState;
  /** The random arm, the last arm, and whether to ask who is better. */
  select(state: PreferenceRandomizedState, rng: Rng): { first: number; second: number; ask: boolean };
  /** After the round: `firstWon` is undefined when nobody asked. */
  update(
    state: PreferenceRandomizedState,
    first: number,
    second: number,
    firstWon: boolean | undefined,
    out?: PreferenceRandomizedState,
  ): PreferenceRandomizedState;
}

/**
 * The learner. `select` draws d normals for the arm and, when the arms differ and ε > 0, 2 d m for the doubt; O(d³ + K d + d m). `update` fits
 * only after an answer, O(queries d²) an iteration of Newton's method.
 *
 * @throws RangeError if an option is out of range
 *
 * @example
 * const policy = preferenceRandomized({ features: [[1, 0], [0, 1]] });
 * policy.update(policy.init(), 1, 0, true).queries; //=> 1
 */
export function preferenceRandomized(options: PreferenceRandomizedOptions): PreferenceRandomized {
  const { data: phi, rows: K, columns: d } = toRowMajor(options.features, 'features');
  if (K === 0 || d === 0) throw new RangeError('features must not be empty');
  checkVector('features', phi);
  const s = checkPositive('spread', options.spread ?? 0.5);
  const epsilon = checkNumber('epsilon', options.epsilon ?? 0, 0);
  const lambda = checkPositive('lambda', options.lambda ?? 1);
  const m = checkInteger('pairs', options.pairs ?? 20, 1);
  const sampled = new Float64Array(d);
  const delta = new Float64Array(d);

  /** Mean over m pairs of |Δᵀ(θ - θ')|, which is s |L^-1 Δ|ᵀ(z - z') in law. */
  const doubt = (L: Float64Array, rng: Rng): number => {
    solveLower(L, delta, d, delta);
    let total = 0;
    for (let pair = 0; pair < m; pair++) {
      let difference = 0;
      for (let j = 0; j < d; j++) difference += delta[j] * (sampleNormal(rng) - sampleNormal(rng));
      total += s * Math.abs(difference);
    }
    return total / m;
  };
  const gap = (first: number, second: number) => {
    for (let j = 0; j < d; j++) delta[j] = phi[first * d + j] - phi[second * d + j];
  };
  return {
    name: 'preferenceRandomized',
    arms: K,
    init() {
      const sigma = Float64Array.from({ length: d * d }, (_, i) => (i % (d + 1) === 0 ? lambda : 0));
      return { t: 0, previous: 0, queries: 0, differences: [], labels: [], theta: new Float64Array(d), sigma };
    },
    select(state, rng) {
      const L = state.sigma.slice();
      cholesky(L, d, L);
      sampleAround(state.theta, L, s, rng, sampled);
      let first = 0;
      let most = -Infinity;
      for (let i = 0; i < K; i++) {
        let utility = 0;
        for (let j = 0; j < d; j++) utility += phi[i * d + j] * sampled[j];
        if (utility > most) {
          most = utility;
          first = i;
        }
      }
      const second = state.previous;
      if (first === second) return { first, second, ask: false };
      gap(first, second);
      if (epsilon === 0) return { first, second, ask: delta.some((x) => x !== 0) }; // almost surely what `doubt` would say
      return { first, second, ask: doubt(L, rng) > epsilon };
    },
    update(state, first, second, firstWon, out) {
      checkDuel(first, second, firstWon ?? false, K);
      const next = copy(state, out);
      next.t += 1;
      next.previous = first;
      if (firstWon === undefined) return next;
      gap(first, second);
      for (let i = 0; i < d; i++) {
        next.differences.push(delta[i]);
        for (let j = 0; j < d; j++) next.sigma[i * d + j] += delta[i] * delta[j];
      }
      next.labels.push(firstWon ? 1 : 0);
      next.queries += 1;
      const X = { data: next.differences, rows: next.queries, columns: d };
      const fit = logisticRegression(X, next.labels, { ridge: lambda, initial: next.theta });
      next.theta.set(fit.coefficients);
      return next;
    },
  };
}

function copy(state: PreferenceRandomizedState, out: PreferenceRandomizedState | undefined): PreferenceRandomizedState {
  if (out === state) return state;
  const { t, previous, queries } = state;
  const next = {
    t,
    previous,
    queries,
    differences: state.differences.slice(),
    labels: state.labels.slice(),
    theta: state.theta.slice(),
    sigma: state.sigma.slice(),
  };
  return out === undefined ? next : Object.assign(out, next);
}

export interface PreferenceFeedbackGame {
  /** Arm of each round. */
  arms: Int32Array;
  /** 1 where an answer was asked for. */
  asked: Uint8Array;
  state: PreferenceRandomizedState;
}

/**
 * Plays `horizon` rounds against duels that are held only when the learner asks.
 *
 * @param duel whether the first of two arms wins, as `duelingBandit(..).duel`
 * @param streams one source for the learner, one for the duels
 */
export function simulatePreferenceFeedback(
  learner: PreferenceRandomized,
  duel: (first: number, second: number, rng: Rng) => boolean,
  horizon: number,
  streams: { policy: Rng; environment: Rng },
): PreferenceFeedbackGame {
  checkInteger('horizon', horizon, 0);
  const arms = new Int32Array(horizon);
  const asked = new Uint8Array(horizon);
  let state = learner.init();
  for (let t = 0; t < horizon; t++) {
    const { first, second, ask } = learner.select(state, streams.policy);
    const answer = ask ? duel(first, second, streams.environment) : undefined;
    state = learner.update(state, first, second, answer, state);
    arms[t] = first;
    asked[t] = ask ? 1 : 0;
  }
  return { arms, asked, state };
}
