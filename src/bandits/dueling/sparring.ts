/**
 * Sparring: two copies of a bandit policy play each other; the one whose arm wins is paid 1, the other 0.
 *
 * N. Ailon, Z. Karnin, T. Joachims, "Reducing Dueling Bandits to Cardinal Bandits", ICML 2014, arXiv:1405.3396, Algorithm 4. With an
 * adversarial base the average pair approaches a minimax winner: M. Dudík et al., "Contextual Dueling Bandits", COLT 2015, arXiv:1502.06362.
 */
import type { BanditPolicy } from '../bandit.js';
import { checkDuel, type DuelingPolicy } from './duel.js';

export interface SparringState<State> {
  first: State;
  second: State;
}

/**
 * The dueling policy; draws and costs twice what `base` does, the first arm before the second.
 *
 * @example
 * const policy = sparring(exp3({ arms: 2, horizon: 100 }));
 * policy.update(policy.init(), 0, 1, true).second.t; //=> 1
 */
export function sparring<State>(base: BanditPolicy<State>): DuelingPolicy<SparringState<State>> {
  return {
    name: 'sparring',
    arms: base.arms,
    init: () => ({ first: base.init(), second: base.init() }),
    select: (state, rng) => [base.select(state.first, rng), base.select(state.second, rng)],
    update(state, first, second, firstWon, out) {
      checkDuel(first, second, firstWon, base.arms);
      if (out === undefined) {
        return {
          first: base.update(state.first, first, firstWon ? 1 : 0),
          second: base.update(state.second, second, firstWon ? 0 : 1),
        };
      }
      out.first = base.update(state.first, first, firstWon ? 1 : 0, out.first);
      out.second = base.update(state.second, second, firstWon ? 0 : 1, out.second);
      return out;
    },
  };
}
