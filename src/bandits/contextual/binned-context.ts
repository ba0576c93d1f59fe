/**
 * A scalar context by bins: one copy of a policy for each.
 *
 * M. Khodak et al., "Learning to Relax", arXiv:2310.02246, Section 2.4 (Tsallis-INF-CB: a learner for each cell of a discretized context);
 * E. Hazan, N. Megiddo, COLT 2007, for the idea.
 */
import { checkInteger, checkNumber } from '../../internal/check.js';
import type { BanditPolicy, ContextualPolicy } from '../bandit.js';

/** The states of the copies, bin by bin. */
export interface BinnedContextState<State> {
  bins: State[];
}

/**
 * The contextual policy that runs `base` once in every bin of [low, high]; a context belongs to the nearest centre
 * low + (high - low) (i + 1/2) / bins, the lower one of two, and a context outside to the nearer end.
 *
 * Draws and costs what `base` does.
 *
 * @throws RangeError if bins is not an integer >= 1 or low is not below high; by `select` and `update`, if the context is not finite
 *
 * @example
 * const policy = binnedContext(ucb1({ arms: 2 }), { bins: 4, low: 0, high: 1 });
 * policy.update(policy.init(), 0.3, 1, 1).bins[1].sums; //=> Float64Array.of(0, 1)
 */
export function binnedContext<State>(
  base: BanditPolicy<State>,
  options: { bins: number; low: number; high: number },
): ContextualPolicy<BinnedContextState<State>, number> {
  const bins = checkInteger('bins', options.bins, 1);
  const low = checkNumber('low', options.low);
  const high = checkNumber('high', options.high);
  if (!(low < high && high - low < Infinity)) throw new RangeError(`low must be below high, got ${low} and ${high}`);
  const binOf = (context: number): number => {
    if (!Number.isFinite(context)) throw new RangeError(`context must be finite, got ${context}`);
    return contextBin(context, low, high, bins);
  };
  const { scores, probabilities } = base;
  return {
    name: 'binnedContext',
    arms: base.arms,
    init: () => ({ bins: Array.from({ length: bins }, () => base.init()) }),
    select: (state, context, rng) => base.select(state.bins[binOf(context)], rng),
    update(state, context, arm, reward, out, feedback) {
      const b = binOf(context);
      if (out === state) {
        state.bins[b] = base.update(state.bins[b], arm, reward, state.bins[b], feedback);
        return state;
      }
      const changed = base.update(state.bins[b], arm, reward, undefined, feedback);
      const next = state.bins.map((x, i) => (i === b ? changed : structuredClone(x)));
      if (out === undefined) return { bins: next };
      out.bins = next;
      return out;
    },
    ...(scores === undefined
      ? {}
      : { scores: (state, context: number, out?: Float64Array) => scores(state.bins[binOf(context)], out) }),
    ...(probabilities === undefined
      ? {}
      : {
          probabilities: (state, context: number, out?: Float64Array) => probabilities(state.bins[binOf(context)], out),
        }),
  };
}

/** The bin, 0 .. bins - 1, whose centre low + (high - low)(i + 1/2) / bins is nearest; ties to the lower. */
export function contextBin(context: number, low: number, high: number, bins: number): number {
  // The centre i is nearest between the edges i and i + 1 of the bins; an edge itself goes down.
  const place = ((context - low) / (high - low)) * bins;
  return Math.min(bins - 1, Math.max(0, Math.ceil(place) - 1));
}
