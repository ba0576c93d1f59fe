/**
 * What the Exp3 family shares: a state of cumulative estimates, and arms drawn from a softmax of them, mixed with the uniform law.
 *
 * P. Auer, N. Cesa-Bianchi, Y. Freund, R. E. Schapire, "The Nonstochastic Multiarmed Bandit Problem", SIAM Journal on
 * Computing 32 (2002) 48-77.
 */
import { categoricalIndex } from '../../special/categorical-index.js';
import { exp } from '../../special/exp.js';
import type { BanditPolicy } from '../bandit.js';

export interface ExponentialWeightsState {
  /** Updates so far. */
  t: number;
  /** Cumulative estimates: losses, or gains for exp3P. */
  losses: Float64Array;
  /** The law of the next arm. */
  weights: Float64Array;
}

/** A policy of exponential weights, whose law is known. */
export type Exp3Policy = BanditPolicy<ExponentialWeightsState> & {
  probabilities(state: ExponentialWeightsState, out?: Float64Array): Float64Array;
};

/** Such a policy but for what it learns: `select` takes one uniform. */
export function exponentialWeightsPolicy(name: string, K: number): Omit<Exp3Policy, 'update'> {
  return {
    name,
    arms: K,
    init: () => ({ t: 0, losses: new Float64Array(K), weights: new Float64Array(K).fill(1 / K) }),
    select: ({ weights }, rng) => categoricalIndex(weights, rng()),
    probabilities({ weights }, out = new Float64Array(K)) {
      out.set(weights);
      return out;
    },
  };
}

export function copyExponentialWeights(
  state: ExponentialWeightsState,
  out: ExponentialWeightsState | undefined,
): ExponentialWeightsState {
  if (out === state) return state;
  if (out === undefined) return { t: state.t, losses: state.losses.slice(), weights: state.weights.slice() };
  out.t = state.t;
  out.losses.set(state.losses);
  out.weights.set(state.weights);
  return out;
}

/**
 * out_i = (1 - γ) e^(rate x_i) / Σ_j e^(rate x_j) + γ / K, the largest exponent taken out first. The law of rate 0 is uniform, that of
 * an infinite rate on the extremes.
 */
export function exponentialWeights(x: ArrayLike<number>, rate: number, gamma: number, out: Float64Array): void {
  const K = x.length;
  let extreme = x[0];
  for (let i = 1; i < K; i++) if (rate > 0 ? x[i] > extreme : x[i] < extreme) extreme = x[i];
  let total = 0;
  for (let i = 0; i < K; i++) {
    const d = x[i] - extreme;
    const w = d === 0 || rate === 0 ? 1 : exp(rate * d); // 0 · Infinity must not be NaN
    out[i] = w;
    total += w;
  }
  for (let i = 0; i < K; i++) out[i] = (1 - gamma) * (out[i] / total) + gamma / K;
}
