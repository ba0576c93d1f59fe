/**
 * Replay: a policy is run on rounds that another one played, and sees the reward of a round only where it chose the action that was taken.
 *
 * L. Li, W. Chu, J. Langford, X. Wang, "Unbiased Offline Evaluation of Contextual-bandit-based News Article Recommendation Algorithms",
 * WSDM 2011, arXiv:1003.5956, Algorithm 2 and Theorem 1. With propensities that are not uniform a match is kept with probability
 * (least propensity) / propensity, which makes the logging uniform again (M. Dudík et al., arXiv:1503.02834, Section 4).
 */
import { checkInteger, checkOption, checkVector } from '../../internal/check.js';
import type { Rng } from '../../random/create-rng.js';
import type { BanditPolicy, ContextualPolicy } from '../bandit.js';
import { meanEstimate, type OpeEstimate, type OpeOptions } from './ope-interval.js';

/** A log of rounds as an environment. */
export interface LoggedBandit<Context> {
  readonly arms: number;
  /** Rounds n. */
  readonly rounds: number;
  readonly contexts: ArrayLike<Context>;
  readonly actions: Int32Array;
  readonly rewards: Float64Array;
  readonly propensities: Float64Array;
}

/**
 * Checks and copies a log.
 *
 * @param contexts anything, one a round
 * @param actions 0 .. arms-1
 * @param options.propensities in (0, 1]; default 1 / arms, uniform logging
 * @throws RangeError if there are no rounds, or a length, an action, a reward or a propensity is wrong
 *
 * @example
 * loggedBandit([0.1, 0.7], [0, 1], [1, 0], { arms: 2 }).propensities; //=> Float64Array.of(0.5, 0.5)
 */
export function loggedBandit<Context>(
  contexts: ArrayLike<Context>,
  actions: ArrayLike<number>,
  rewards: ArrayLike<number>,
  options: { arms: number; propensities?: ArrayLike<number> },
): LoggedBandit<Context> {
  const K = checkInteger('arms', options.arms, 1);
  const n = actions.length;
  if (!(n >= 1)) throw new RangeError('actions must not be empty');
  if (contexts.length !== n) throw new RangeError(`contexts must have length ${n}, got ${contexts.length}`);
  for (let i = 0; i < n; i++) checkInteger(`actions[${i}]`, actions[i], 0, K - 1);
  checkVector('rewards', rewards, n);
  const given = options.propensities;
  if (given !== undefined) checkVector('propensities', given, n);
  const propensities = new Float64Array(n).fill(1 / K);
  for (let i = 0; given !== undefined && i < n; i++) {
    if (!(given[i] > 0 && given[i] <= 1)) throw new RangeError(`propensities[${i}] must be in (0, 1], got ${given[i]}`);
    propensities[i] = given[i];
  }
  return {
    arms: K,
    rounds: n,
    contexts,
    actions: Int32Array.from(actions),
    rewards: Float64Array.from(rewards),
    propensities,
  };
}

export interface ReplayOptions {
  /**
   * 'matches' keeps every match, unbiased for uniform logging; 'rejection' keeps one with probability (least propensity) / propensity,
   * unbiased whatever the logging policy was. Default 'matches'.
   */
  keep?: 'matches' | 'rejection';
}

export interface Replay<State> {
  /** Rounds kept. */
  matches: number;
  /** Mean reward of the rounds kept. */
  meanReward: number;
  /** Actions and rewards of the rounds kept, in order. */
  arms: Int32Array;
  rewards: Float64Array;
  /** The policy's state after the last. */
  state: State;
}

/**
 * Runs a policy over the log; it learns from the rounds that are kept, and does not see the contexts.
 *
 * @param rng the policy's draws, then one uniform a match with 'rejection'
 * @throws RangeError if the policy has other arms than the log, or "matches ..." if no round is kept
 *
 * @example
 * const log = loggedBandit([0, 0], [0, 1], [1, 0], { arms: 2 });
 * replayBandit(ucb1({ arms: 2 }), log, createRng(1)).meanReward; //=> 0.5
 */
export function replayBandit<State>(
  policy: BanditPolicy<State>,
  log: LoggedBandit<unknown>,
  rng: Rng,
  options: ReplayOptions = {},
): Replay<State> {
  const feedback = { rng };
  return replay(
    policy,
    log,
    rng,
    options,
    (state) => policy.select(state, rng),
    (state, i) => policy.update(state, log.actions[i], log.rewards[i], state, feedback),
  );
}

/** As `replayBandit`, for a policy that sees the context of each round. */
export function replayContextualBandit<State, Context>(
  policy: ContextualPolicy<State, Context>,
  log: LoggedBandit<Context>,
  rng: Rng,
  options: ReplayOptions = {},
): Replay<State> {
  const feedback = { rng };
  return replay(
    policy,
    log,
    rng,
    options,
    (state, i) => policy.select(state, log.contexts[i], rng),
    (state, i) => policy.update(state, log.contexts[i], log.actions[i], log.rewards[i], state, feedback),
  );
}

function replay<State>(
  policy: { arms: number; init(): State },
  log: LoggedBandit<unknown>,
  rng: Rng,
  options: ReplayOptions,
  select: (state: State, i: number) => number,
  update: (state: State, i: number) => State,
): Replay<State> {
  const rejection = checkOption('keep', options.keep ?? 'matches', ['matches', 'rejection']) === 'rejection';
  if (policy.arms !== log.arms) throw new RangeError(`policy must have ${log.arms} arms, got ${policy.arms}`);
  const least = log.propensities.reduce((a, b) => Math.min(a, b), 1);
  const arms: number[] = [];
  const rewards: number[] = [];
  let total = 0;
  let state = policy.init();
  for (let i = 0; i < log.rounds; i++) {
    const arm = select(state, i);
    if (arm !== log.actions[i]) continue;
    if (rejection && !(rng() * log.propensities[i] < least)) continue;
    state = update(state, i);
    arms.push(arm);
    rewards.push(log.rewards[i]);
    total += log.rewards[i];
  }
  if (arms.length === 0) throw new RangeError('matches must be one or more, got 0');
  return {
    matches: arms.length,
    meanReward: total / arms.length,
    arms: Int32Array.from(arms),
    rewards: Float64Array.from(rewards),
    state,
  };
}

/**
 * Mean reward of the rounds where a deterministic policy agrees with the log, with its error and interval.
 *
 * @param actions those taken
 * @param choices those of the policy, one a round
 * @throws RangeError if there are no rounds, lengths differ, or "matches ..." if the policy never agrees
 *
 * @example
 * opeReplay([0, 1, 0], [1, 0.5, 0], [0, 0, 0]).estimate; //=> 0.5
 */
export function opeReplay(
  actions: ArrayLike<number>,
  rewards: ArrayLike<number>,
  choices: ArrayLike<number>,
  options: OpeOptions = {},
): OpeEstimate & { matches: number } {
  const n = actions.length;
  if (!(n >= 1)) throw new RangeError('actions must not be empty');
  checkVector('rewards', rewards, n);
  checkVector('choices', choices, n);
  const kept: number[] = [];
  for (let i = 0; i < n; i++) if (actions[i] === choices[i]) kept.push(rewards[i]);
  if (kept.length === 0) throw new RangeError('matches must be one or more, got 0');
  return { ...meanEstimate(Float64Array.from(kept), options), matches: kept.length };
}
