/**
 * Tsallis-INF with a scalar context cut into bins: one learner for each bin.
 *
 * M. Khodak, E. Chow, M.-F. Balcan, A. Talwalkar, "Learning to Relax", arXiv:2310.02246, Section 2.4 and Theorem 2.4.
 */
import { tsallisInf, type TsallisInfOptions, type TsallisInfState } from '../../bandits/adversarial/tsallis-inf.js';
import { checkInteger, checkNumber } from '../../internal/check.js';
import { banditLearner, checkContext, type OmegaLearner } from './learner.js';

export interface BinnedTsallisInfState {
  /** The state of each bin's learner, with its own count of rounds. */
  bins: TsallisInfState[];
}

export interface BinnedTsallisInfOptions extends Pick<
  TsallisInfOptions,
  'variant' | 'schedule' | 'horizon' | 'costScale' | 'scale'
> {
  /** Ends of the interval of contexts. */
  low: number;
  high: number;
  /** Number of bins. Default 5. */
  bins?: number;
}

/**
 * One Tsallis-INF over the values for each of m equal bins of [low, high]. A context belongs to the bin with the nearest
 * centre, ties to the lower one; a context outside belongs to the nearer end.
 *
 * `costScale` is 'running-mean' by default. With a fixed-horizon schedule every bin takes the horizon as its own.
 *
 * @throws RangeError if low is not below high or there is no bin
 *
 * @example
 * const learner = binnedTsallisInf([1, 1.5], { low: 0, high: 1, bins: 2 });
 * learner.select(learner.init(), () => 0.75, 0.9).value; //=> 1.5
 */
export function binnedTsallisInf<Value = number>(
  values: ArrayLike<Value>,
  { low, high, bins: count = 5, costScale = 'running-mean', ...options }: BinnedTsallisInfOptions,
): OmegaLearner<BinnedTsallisInfState, Value> {
  checkNumber('low', low);
  checkNumber('high', high);
  if (!(low < high && high - low < Infinity)) throw new RangeError(`low must be below high, got ${low} and ${high}`);
  checkInteger('bins', count, 1);
  const policy = tsallisInf({ ...options, costScale, feedback: 'loss', arms: values.length });
  const learner = banditLearner(policy, values);
  const binOf = (context: number) => contextBin(context, low, high, count);
  return {
    name: 'binnedTsallisInf',
    init: () => ({ bins: Array.from({ length: count }, () => learner.init()) }),
    select(state, rng, given) {
      const context = checkContext(given);
      return { ...learner.select(state.bins[binOf(context)], rng), context };
    },
    update(state, selection, cost, out) {
      const bin = binOf(checkContext(selection.context));
      if (out === state) {
        learner.update(state.bins[bin], selection, cost, state.bins[bin]);
        return state;
      }
      const updated = learner.update(state.bins[bin], selection, cost);
      const bins = state.bins.map((old, i) => (i === bin ? updated : structuredCopy(old)));
      if (out === undefined) return { bins };
      out.bins = bins;
      return out;
    },
  };
}

/** The bin, 0 .. count - 1, whose centre low + (high - low)(j + 1/2)/count is nearest; ties to the lower. */
export function contextBin(context: number, low: number, high: number, count: number): number {
  // The centre j is nearest between the edges j and j + 1 of the bins; an edge itself goes down.
  const place = ((context - low) / (high - low)) * count;
  const bin = Math.ceil(place) - 1;
  return bin < 0 ? 0 : bin >= count ? count - 1 : bin;
}

function structuredCopy(state: TsallisInfState): TsallisInfState {
  return { ...state, losses: state.losses.slice(), weights: state.weights.slice() };
}
