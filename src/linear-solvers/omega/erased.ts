import type { OmegaLearner } from './learner.js';

/** A learner whose kind of state is nobody's business. */
export function erased<State, Value>(learner: OmegaLearner<State, Value>): OmegaLearner<unknown, Value> {
  return learner as OmegaLearner<unknown, Value>;
}
