// Learners that do not learn: the policies to compare with.
import { checkInteger } from '../../internal/check.js';
import { checkCost, type OmegaLearner } from './learner.js';

export interface FixedOmegaState {
  /** Updates so far. */
  t: number;
}

/**
 * Always the same value.
 *
 * @example
 * fixedOmega(1.5).select(fixedOmega(1.5).init(), createRng(1)).value; //=> 1.5
 */
export function fixedOmega<Value = number>(value: Value): OmegaLearner<FixedOmegaState, Value> {
  return { ...counting, name: 'fixedOmega', select: () => ({ index: 0, value, probability: 1 }) };
}

/**
 * A value of the grid drawn uniformly, for every system anew.
 *
 * @throws RangeError if there is no value
 */
export function uniformOmega<Value = number>(values: ArrayLike<Value>): OmegaLearner<FixedOmegaState, Value> {
  const d = checkInteger('values.length', values.length, 1);
  return {
    ...counting,
    name: 'uniformOmega',
    select(_state, rng) {
      const index = Math.floor(rng() * d);
      return { index, value: values[index], probability: 1 / d };
    },
  };
}

const counting = {
  init: (): FixedOmegaState => ({ t: 0 }),
  update(state: FixedOmegaState, _selection: unknown, cost: number, out?: FixedOmegaState): FixedOmegaState {
    checkCost(cost);
    const next = out ?? { t: 0 };
    next.t = state.t + 1;
    return next;
  },
};
