/**
 * A portfolio of acquisition functions, each trusted by the gains of what it nominated.
 *
 * M. D. Hoffman, E. Brochu, N. de Freitas, "Portfolio Allocation for Bayesian Optimization", UAI 2011, Algorithm 2 (GP-Hedge):
 * every member nominates a point, one is chosen with probability softmax(η g), and each gain grows by the posterior mean at its
 * nominee after the update.
 *
 *   paper   here        meaning
 *   g_i     gains[i]    cumulative gain of member i
 *   η       eta         learning rate
 */
import { checkInteger, checkPositive } from '../../internal/check.js';
import { sampleCategorical } from '../../random/categorical.js';
import type { Rng } from '../../random/create-rng.js';
import { softmax } from '../../special/softmax.js';

export interface GpHedgeState {
  gains: Float64Array;
}

export interface GpHedge {
  init(): GpHedgeState;
  /** The member whose nominee is evaluated. One uniform. */
  select(state: GpHedgeState, rng: Rng): number;
  /** Gains after the posterior means at the nominees, larger is better. */
  update(state: GpHedgeState, rewards: ArrayLike<number>, out?: GpHedgeState): GpHedgeState;
  probabilities(state: GpHedgeState): Float64Array;
}

/**
 * GP-Hedge over `members` acquisition functions.
 *
 * @param options.eta η. Default 1, that of scikit-optimize
 *
 * @example
 * const hedge = gpHedge({ members: 2 });
 * hedge.probabilities(hedge.init()); //=> Float64Array.of(0.5, 0.5)
 */
export function gpHedge({ members, eta = 1 }: { members: number; eta?: number }): GpHedge {
  checkInteger('members', members, 1);
  checkPositive('eta', eta);
  const probabilities = ({ gains }: GpHedgeState) => softmax(gains.map((gain) => eta * gain));
  return {
    init: () => ({ gains: new Float64Array(members) }),
    select: (state, rng) => sampleCategorical(probabilities(state), rng),
    update(state, rewards, out) {
      if (rewards.length !== members)
        throw new RangeError(`rewards must have length ${members}, got ${rewards.length}`);
      for (let i = 0; i < members; i++) {
        if (!Number.isFinite(rewards[i])) throw new RangeError(`rewards[${i}] must be finite, got ${rewards[i]}`);
      }
      const next = out ?? { gains: new Float64Array(members) };
      for (let i = 0; i < members; i++) next.gains[i] = state.gains[i] + rewards[i];
      return next;
    },
    probabilities,
  };
}
