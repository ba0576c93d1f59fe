/**
 * Tsallis-INF with a scalar context cut into bins: one learner for each bin.
 *
 * M. Khodak, E. Chow, M.-F. Balcan, A. Talwalkar, "Learning to Relax", arXiv:2310.02246, Section 2.4 and Theorem 2.4.
 */
import { checkOptionNames } from '../../internal/check.js';
import { tsallisInf, type TsallisInfOptions, type TsallisInfState } from '../../bandits/adversarial/tsallis-inf.js';
import { binnedContext, type BinnedContextState } from '../../bandits/contextual/binned-context.js';
import { contextualLearner, type OmegaLearner } from './learner.js';

/** The state of each bin's learner, with its own count of rounds. */
export type BinnedTsallisInfState = BinnedContextState<TsallisInfState>;

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

const NAMES = {
  low: true,
  high: true,
  bins: true,
  variant: true,
  schedule: true,
  horizon: true,
  costScale: true,
  scale: true,
} satisfies Record<keyof BinnedTsallisInfOptions, true>;

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
  options: BinnedTsallisInfOptions,
): OmegaLearner<BinnedTsallisInfState, Value> {
  checkOptionNames('options', options, NAMES);
  const { low, high, bins = 5, costScale = 'running-mean', ...rest } = options;
  const policy = tsallisInf({ ...rest, costScale, feedback: 'loss', arms: values.length });
  const learner = contextualLearner(binnedContext(policy, { bins, low, high }), values, (context) => context);
  return { ...learner, name: 'binnedTsallisInf' };
}
