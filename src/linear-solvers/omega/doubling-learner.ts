/**
 * Learners that need the horizon, when it is not known: start again with twice the horizon whenever it is reached.
 *
 * N. Cesa-Bianchi, G. Lugosi, "Prediction, Learning, and Games", Cambridge University Press 2006, section 2.3.
 */
import { checkInteger, checkOptionNames } from '../../internal/check.js';
import type { OmegaLearner } from './learner.js';

export interface DoublingState<State> {
  epoch: number;
  /** Updates in this epoch. */
  played: number;
  inner: State;
}

export interface DoublingOptions {
  /** Length of the first epoch. Default 64. */
  firstHorizon?: number;
}

const NAMES = { firstHorizon: true } satisfies Record<keyof DoublingOptions, true>;

/**
 * Epoch e lasts 2^e · firstHorizon systems and is played by a fresh `factory(horizon)`, which may choose its grid and learning rate by the
 * horizon (`tsallisOmegaRegret` gives the grid size). A regret bound of order √T grows by at most √2/(√2 - 1), one of order T^{2/3} by
 * 2^{2/3}/(2^{2/3} - 1): see `doublingFactor`.
 *
 * @param factory gives the same learner for the same horizon
 * @throws RangeError if firstHorizon is not a positive integer
 *
 * @example
 * const learner = doublingLearner((horizon) => fixedOmega(1 + 1 / horizon), { firstHorizon: 1 });
 * let state = learner.init();
 * state = learner.update(state, learner.select(state, createRng(1)), 9);
 * learner.select(state, createRng(1)).value; //=> 1.5
 */
export function doublingLearner<State, Value = number>(
  factory: (horizon: number) => OmegaLearner<State, Value>,
  options: DoublingOptions = {},
): OmegaLearner<DoublingState<State>, Value> {
  checkOptionNames('options', options, NAMES);
  const { firstHorizon = 64 } = options;
  checkInteger('firstHorizon', firstHorizon, 1);
  const learners: OmegaLearner<State, Value>[] = [];
  const horizonOf = (epoch: number) => {
    let horizon = firstHorizon;
    for (let e = 0; e < epoch; e++) horizon *= 2;
    return horizon;
  };
  const learnerOf = (epoch: number) => (learners[epoch] ??= factory(horizonOf(epoch)));
  return {
    name: 'doublingLearner',
    init: () => ({ epoch: 0, played: 0, inner: learnerOf(0).init() }),
    select: (state, rng, context) => learnerOf(state.epoch).select(state.inner, rng, context),
    update(state, selection, cost, out, observation) {
      const { epoch } = state;
      const played = state.played + 1;
      const place = out === state ? state.inner : undefined;
      const inner = learnerOf(epoch).update(state.inner, selection, cost, place, observation);
      const over = played === horizonOf(epoch);
      const next = out ?? { epoch, played, inner };
      next.epoch = over ? epoch + 1 : epoch;
      next.played = over ? 0 : played;
      next.inner = over ? learnerOf(epoch + 1).init() : inner;
      return next;
    },
  };
}
