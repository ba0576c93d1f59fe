/** Several bandits played side by side: contract, environment and loop of multi-task policies. */
import { checkInteger, checkNumber } from '../../internal/check.js';
import { type MatrixLike, toRowMajor } from '../../linalg/index.js';
import type { Rng } from '../../random/create-rng.js';
import { sampleNormal } from '../../random/normal.js';
import type { BanditStreams } from '../bandit.js';

/** A representation: a function of what is known of an action. */
export type Representation = (x: ArrayLike<number>) => ArrayLike<number>;

/** Chooses one action for each task in every round. */
export interface MultiTaskPolicy<State> {
  readonly name: string;
  readonly tasks: number;
  init(): State;
  /** @param actions for each task a list of what is known of its actions */
  select(state: State, actions: ArrayLike<number>[][], rng: Rng): Int32Array;
  update(
    state: State,
    actions: ArrayLike<number>[][],
    chosen: ArrayLike<number>,
    rewards: ArrayLike<number>,
    out?: State,
  ): State;
}

export interface MultiTaskEnvironment {
  readonly tasks: number;
  /** For each task a list of actions. */
  actions(t: number): ArrayLike<number>[][];
  mean(task: number, action: ArrayLike<number>): number;
  pull(task: number, action: ArrayLike<number>, rng: Rng): number;
}

/**
 * Tasks that share a representation: reward w_mᵀφ(x) + N(0, noise²) in task m.
 *
 * @param options.heads w, M × k
 * @param options.actions a function of the round alone
 * @param options.noise default 1/2
 * @throws RangeError if an option is out of range
 *
 * @example
 * const environment = multiTaskBandit({ representation: ([x]) => [x], heads: [[1], [2]], actions: () => [[[1]], [[3]]] });
 * environment.mean(1, [3]); //=> 6
 */
export function multiTaskBandit(options: {
  representation: Representation;
  heads: MatrixLike;
  actions: (t: number) => ArrayLike<number>[][];
  noise?: number;
}): MultiTaskEnvironment {
  const { data: heads, rows: M, columns: k } = toRowMajor(options.heads, 'heads');
  if (M === 0) throw new RangeError('heads must not be empty');
  const noise = checkNumber('noise', options.noise ?? 0.5, 0);
  const { representation, actions } = options;
  const mean = (task: number, action: ArrayLike<number>) => {
    const phi = representation(action);
    let total = 0;
    for (let j = 0; j < k; j++) total += heads[task * k + j] * phi[j];
    return total;
  };
  return {
    tasks: M,
    actions,
    mean,
    pull: (task, action, rng) => mean(task, action) + (noise === 0 ? 0 : noise * sampleNormal(rng)),
  };
}

/**
 * Plays `horizon` rounds in all tasks; returns the regret summed over tasks and rounds so far, and the final state.
 *
 * @throws RangeError if the policy and the environment have different numbers of tasks
 */
export function simulateMultiTask<State>(
  policy: MultiTaskPolicy<State>,
  environment: MultiTaskEnvironment,
  horizon: number,
  streams: BanditStreams,
): { regret: Float64Array; state: State } {
  checkInteger('horizon', horizon, 0);
  const M = environment.tasks;
  if (policy.tasks !== M) throw new RangeError(`policy must have ${M} tasks, got ${policy.tasks}`);
  const regret = new Float64Array(horizon);
  const rewards = new Float64Array(M);
  let state = policy.init();
  let total = 0;
  for (let t = 0; t < horizon; t++) {
    const actions = environment.actions(t);
    const chosen = policy.select(state, actions, streams.policy);
    for (let m = 0; m < M; m++) {
      let best = -Infinity;
      for (const action of actions[m]) best = Math.max(best, environment.mean(m, action));
      const action = actions[m][chosen[m]];
      total += best - environment.mean(m, action);
      rewards[m] = environment.pull(m, action, streams.environment);
    }
    state = policy.update(state, actions, chosen, rewards, state);
    regret[t] = total;
  }
  return { regret, state };
}
