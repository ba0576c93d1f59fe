// The draft length as the arm of a bandit: what length pays is learned from the rounds.

import { checkInteger, checkNumber } from '../../internal/check.js';
import type { Rng } from '../../random/create-rng.js';
import type { LengthPolicy } from './length-policy.js';

/** What a bandit must offer; the policies of `lemmata/bandits` do. */
export interface LengthBandit<State> {
  readonly arms: number;
  init(): State;
  select(state: State, rng: Rng): number;
  update(state: State, arm: number, reward: number): State;
}

export interface BanditLengthOptions<State> {
  /** Chooses among the lengths; it must have one arm for each and take rewards in [0, 1]. */
  algorithm: LengthBandit<State>;
  /** c = time of a draft step / time of a target call, at least 0. Default 0.1. */
  cost?: number;
  /** The lengths to choose from. Default 0, 1, ..., arms - 1. */
  lengths?: readonly number[];
}

/**
 * Plays one length a round and pays the bandit the tokens per unit of time, emitted / (1 + c · drafted), divided by the most
 * that any length could pay, max_γ (γ + 1) / (1 + c γ).
 *
 * @throws RangeError if there is not one length for every arm, a length is not an integer >= 0, two are equal, or cost < 0
 *
 * @example
 * const always2 = { arms: 3, init: () => 0, select: () => 2, update: (s) => s };
 * banditLength({ algorithm: always2 }).limit(0, createRng('demo')); //=> 2
 */
export function banditLength<State>(options: BanditLengthOptions<State>): LengthPolicy<State> {
  const { algorithm } = options;
  const cost = checkNumber('cost', options.cost ?? 0.1, 0);
  const lengths = options.lengths ?? Array.from({ length: algorithm.arms }, (_, i) => i);
  if (lengths.length !== algorithm.arms) {
    throw new RangeError(`lengths must have one entry for each of the ${algorithm.arms} arms, got ${lengths.length}`);
  }
  lengths.forEach((length, i) => checkInteger(`lengths[${i}]`, length, 0));
  if (new Set(lengths).size !== lengths.length) throw new RangeError('lengths must differ');
  const rate = (emitted: number, drafted: number) => emitted / (1 + cost * drafted);
  const most = lengths.reduce((best, gamma) => Math.max(best, rate(gamma + 1, gamma)), 0);
  return {
    init: () => algorithm.init(),
    limit: (state, rng) => lengths[algorithm.select(state, rng)],
    shouldContinue: () => true,
    update: (state, { limit, drafted, emitted }) =>
      algorithm.update(state, lengths.indexOf(limit), rate(emitted, drafted) / most),
  };
}
