// One factory for all learners of ω, by the name of the method.
import { chebCb, type ChebCbOptions } from '../../bandits/contextual/cheb-cb.js';
import { tsallisInf, type TsallisInfOptions } from '../../bandits/adversarial/tsallis-inf.js';
import { checkOption, checkOptionNames } from '../../internal/check.js';
import { binnedTsallisInf } from './binned-tsallis-inf.js';
import { calibratedYoung } from './calibrated-young.js';
import { erased } from './erased.js';
import { fixedOmega, uniformOmega } from './fixed-omega.js';
import { banditLearner, contextualLearner, type OmegaLearner } from './learner.js';
import { logCostLearner } from './log-cost-learner.js';
import { omegaGrid } from './omega-grid.js';

export type OmegaMethod =
  'tsallis-inf' | 'binned-tsallis-inf' | 'cheb-cb' | 'lin-ucb' | 'lin-ts' | 'young-calibrated' | 'uniform' | 'fixed';

export interface OmegaLearnerOptions<Value = number> {
  /** Default 'cheb-cb' if `context` is given, else 'tsallis-inf'. */
  method?: OmegaMethod;
  /**
   * The values to choose from: numbers, or whatever a solve depends on. Or the ends and size of a grid with equal steps. Default
   * 1, 1.05, ..., 1.95. 'fixed' plays the first value.
   */
  grid?: ArrayLike<Value> | { min: number; max: number; size: number };
  /** Ends of the interval of contexts. */
  context?: { low: number; high: number };
  /** Number of systems, for the schedules 'fixed', 'paper' and 'theory'. */
  horizon?: number;
  /** Learning rate of Tsallis-INF, default 'anytime', or of ChebCB, default 'aggressive'. */
  schedule?: TsallisInfOptions['schedule'] | ChebCbOptions['schedule'];
  /** What costs are divided by; default 'running-mean'. */
  costScale?: 'running-mean' | 'running-max' | 'fixed';
  /** A bound K of cost - 1, for costScale 'fixed'. */
  scale?: number;
  /** Number of bins of 'binned-tsallis-inf'. Default 5. */
  bins?: number;
  /** Number of Chebyshev polynomials of 'cheb-cb', 'lin-ucb' and 'lin-ts'. Default 6. */
  features?: number;
  /** The range of costs of 'cheb-cb'. Default 'zero-floor'. */
  lossRange?: ChebCbOptions['lossRange'];
  /** The constant diagonal without the shift, for 'young-calibrated'. */
  diagonal?: number;
}

const NAMES = {
  method: true,
  grid: true,
  context: true,
  horizon: true,
  schedule: true,
  costScale: true,
  scale: true,
  bins: true,
  features: true,
  lossRange: true,
  diagonal: true,
} satisfies Record<keyof OmegaLearnerOptions, true>;

/**
 * A learner by name: 'tsallis-inf' approaches the best fixed value, 'binned-tsallis-inf' one value for each bin of contexts,
 * 'cheb-cb' the best value as a function of the context; 'lin-ucb' and 'lin-ts' are `logCostLearner`; 'young-calibrated' is `calibratedYoung`; 'uniform' and 'fixed' do not learn.
 *
 * @throws TypeError if the method needs an option that is not given
 *
 * @example
 * const learner = omegaLearner({ method: 'tsallis-inf', grid: { min: 1, max: 1.9, size: 10 } });
 * learner.select(learner.init(), createRng(1)).probability; //=> 0.1
 */
export function omegaLearner<Value = number>(options: OmegaLearnerOptions<Value> = {}): OmegaLearner<unknown, Value> {
  checkOptionNames('options', options, NAMES);
  if (options.context !== undefined) checkOptionNames('context', options.context, { low: true, high: true });
  const { grid, context, bins, diagonal, horizon, schedule, costScale = 'running-mean', scale } = options;
  const method = checkOption('method', options.method ?? (context === undefined ? 'tsallis-inf' : 'cheb-cb'), [
    'tsallis-inf',
    'binned-tsallis-inf',
    'cheb-cb',
    'lin-ucb',
    'lin-ts',
    'young-calibrated',
    'uniform',
    'fixed',
  ]);
  const values = gridValues(grid);
  const tsallis = given({ horizon, schedule: schedule as TsallisInfOptions['schedule'], costScale, scale });
  switch (method) {
    case 'tsallis-inf':
      return erased(banditLearner(tsallisInf({ ...tsallis, arms: values.length, feedback: 'loss' }), values));
    case 'binned-tsallis-inf':
      return erased(binnedTsallisInf(values, { ...tsallis, ...required('context', context), ...given({ bins }) }));
    case 'cheb-cb': {
      const { features, lossRange } = options;
      const interval = required('context', context);
      const rate = schedule as ChebCbOptions['schedule'];
      const policy = chebCb({
        ...interval,
        arms: values.length,
        ...given({ horizon, features, lossRange, schedule: rate }),
      });
      return erased(contextualLearner(policy, values, (c) => c));
    }
    case 'lin-ucb':
    case 'lin-ts': {
      const policy = method === 'lin-ucb' ? 'ucb' : 'thompson';
      const interval = required('context', context);
      return erased(logCostLearner(values, { ...interval, policy, ...given({ features: options.features }) }));
    }
    case 'young-calibrated':
      return erased(calibratedYoung({ diagonal: required('diagonal', diagonal) })) as OmegaLearner<unknown, Value>;
    case 'uniform':
      return erased(uniformOmega(values));
    case 'fixed':
      return erased(fixedOmega(values[0]));
  }
}

function gridValues<Value>(grid: OmegaLearnerOptions<Value>['grid']): ArrayLike<Value> {
  if (grid !== undefined && 'length' in grid) {
    if (grid.length === 0) throw new RangeError('grid must not be empty');
    return grid;
  }
  if (grid !== undefined) checkOptionNames('grid', grid, { min: true, max: true, size: true });
  const { min = 1, max = 1.95, size = 20 } = grid ?? {};
  return omegaGrid({ omegaMin: min, omegaMax: max, size }) as ArrayLike<unknown> as ArrayLike<Value>;
}

/** The options that are not undefined. */
function given<Options extends object>(options: Options): { [K in keyof Options]?: Exclude<Options[K], undefined> } {
  return Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined)) as {
    [K in keyof Options]?: Exclude<Options[K], undefined>;
  };
}

function required<T>(name: string, value: T | undefined): T {
  if (value === undefined) throw new TypeError(`${name} must be given for this method, got undefined`);
  return value;
}
