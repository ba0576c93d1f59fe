/**
 * What every bandit algorithm shares: the contract of a policy, the contract of an environment, the loop that lets them
 * play, and the regret of what was played.
 *
 * T. Lattimore, C. Szepesvári, "Bandit Algorithms", Cambridge University Press (2020), Chapters 4 and 11, for the words.
 */
import { checkInteger } from '../internal/check.js';
import type { Rng } from '../random/create-rng.js';

/** What `update` may be told beside the reward. */
export interface BanditFeedback {
  /**
   * Probability with which the arm was drawn. Policies that weigh rewards by it recompute it from the state, so it must
   * be given when other updates came in between: when a reward arrives late or out of order.
   */
  probability?: number;
  /** Source of numbers for the policies whose `update` is randomized (`thompsonBeta({ binarize: true })`). */
  rng?: Rng;
}

/**
 * A K-armed bandit policy as three pure functions over a plain state.
 *
 * `update` returns the next state. Without `out` it allocates; with `out` it writes there, and `out` may be
 * `state` itself, which makes the step free of copies. Nothing else is ever written to.
 */
export interface BanditPolicy<State> {
  /** The factory's name. */
  readonly name: string;
  /** Number of arms K. */
  readonly arms: number;
  init(): State;
  /** The arm to play; reads the state only. */
  select(state: State, rng: Rng): number;
  /** @throws RangeError if `arm` is no arm or `reward` is not finite, or not in the range the policy was built for */
  update(state: State, arm: number, reward: number, out?: State, feedback?: BanditFeedback): State;
  /** The indices whose maximum (for `imed`: minimum) is played, without the noise of exploration; fills `out`. */
  scores?(state: State, out?: Float64Array): Float64Array;
  /** The law of `select`, where it is known exactly; fills `out`. */
  probabilities?(state: State, out?: Float64Array): Float64Array;
}

/** A policy that sees a context before it chooses. */
export interface ContextualPolicy<State, Context> {
  readonly name: string;
  readonly arms: number;
  init(): State;
  select(state: State, context: Context, rng: Rng): number;
  update(state: State, context: Context, arm: number, reward: number, out?: State, feedback?: BanditFeedback): State;
  scores?(state: State, context: Context, out?: Float64Array): Float64Array;
  probabilities?(state: State, context: Context, out?: Float64Array): Float64Array;
}

/** Rewards of K arms. What changes over time is a function of the round t = 0, 1, ..., so an environment keeps no state. */
export interface BanditEnvironment {
  readonly arms: number;
  /** Expected reward of every arm in round t; the same array as long as it does not change. */
  means(t: number): Float64Array;
  /** One reward of `arm` in round t. */
  pull(arm: number, t: number, rng: Rng): number;
}

/** An environment that shows a context, which may be anything, at the start of each round. */
export interface ContextualEnvironment<Context> extends BanditEnvironment {
  context(t: number): Context;
}

/** One source for each role, so that policies can be compared on the same rewards. */
export interface BanditStreams {
  policy: Rng;
  environment: Rng;
}

/** What happened in a game. */
export interface BanditGame<State> {
  /** Arm played in each round. */
  arms: Int32Array;
  /** Reward of each round. */
  rewards: Float64Array;
  /** The policy's state after the last round. */
  state: State;
}

/**
 * Plays `horizon` rounds. Returns the arms played, the rewards seen and the final state.
 *
 * The state is updated in place, so a round costs what `select` and `update` cost and allocates nothing.
 *
 * @param start the state to play on from, left as it is; default `policy.init()`. Rounds then go on counting from 0.
 *
 * @example
 * const streams = { policy: createRng(1, 'policy'), environment: createRng(1, 'environment') };
 * const game = simulateBandit(ucb1({ arms: 2 }), bernoulliArms([0.9, 0.1]), 100, streams);
 * pseudoRegret(game.arms, bernoulliArms([0.9, 0.1]))[99] < 20; //=> true
 */
export function simulateBandit<State>(
  policy: BanditPolicy<State>,
  environment: BanditEnvironment,
  horizon: number,
  streams: BanditStreams,
  start?: State,
): BanditGame<State> {
  checkInteger('horizon', horizon, 0);
  checkSameArms(policy.arms, environment.arms);
  const arms = new Int32Array(horizon);
  const rewards = new Float64Array(horizon);
  const feedback: BanditFeedback = { rng: streams.policy };
  let state = start ?? policy.init();
  let owned = start === undefined;
  for (let t = 0; t < horizon; t++) {
    const arm = policy.select(state, streams.policy);
    const reward = environment.pull(arm, t, streams.environment);
    state = policy.update(state, arm, reward, owned ? state : undefined, feedback);
    owned = true;
    arms[t] = arm;
    rewards[t] = reward;
  }
  return { arms, rewards, state };
}

/** Plays `horizon` rounds of a policy that sees the environment's context; as `simulateBandit`. */
export function simulateContextualBandit<State, Context>(
  policy: ContextualPolicy<State, Context>,
  environment: ContextualEnvironment<Context>,
  horizon: number,
  streams: BanditStreams,
  start?: State,
): BanditGame<State> {
  checkInteger('horizon', horizon, 0);
  checkSameArms(policy.arms, environment.arms);
  const arms = new Int32Array(horizon);
  const rewards = new Float64Array(horizon);
  const feedback: BanditFeedback = { rng: streams.policy };
  let state = start ?? policy.init();
  let owned = start === undefined;
  for (let t = 0; t < horizon; t++) {
    const context = environment.context(t);
    const arm = policy.select(state, context, streams.policy);
    const reward = environment.pull(arm, t, streams.environment);
    state = policy.update(state, context, arm, reward, owned ? state : undefined, feedback);
    owned = true;
    arms[t] = arm;
    rewards[t] = reward;
  }
  return { arms, rewards, state };
}

/**
 * Cumulative pseudo-regret: entry t is the sum over rounds s = 0..t of max(means(s)) - means(s)[arms[s]].
 *
 * Where means change over time this is the dynamic regret, against the best arm of every round.
 */
export function pseudoRegret(arms: ArrayLike<number>, environment: BanditEnvironment): Float64Array {
  const regret = new Float64Array(arms.length);
  let previous: Float64Array | undefined;
  let best = -Infinity;
  for (let t = 0, total = 0; t < arms.length; t++) {
    const means = environment.means(t);
    if (means !== previous) best = means.reduce((a, b) => Math.max(a, b), -Infinity);
    previous = means;
    regret[t] = total += best - means[arms[t]];
  }
  return regret;
}

/**
 * Cumulative regret against the one arm that is best over the whole game, the regret of adversarial bandits: entry t is
 * Σ_{s<=t} means(s)[best] - means(s)[arms[s]], and may be negative.
 */
export function fixedArmRegret(arms: ArrayLike<number>, environment: BanditEnvironment): Float64Array {
  const K = environment.arms;
  const totals = new Float64Array(K);
  for (let t = 0; t < arms.length; t++) {
    const means = environment.means(t);
    for (let i = 0; i < K; i++) totals[i] += means[i];
  }
  let best = 0;
  for (let i = 1; i < K; i++) if (totals[i] > totals[best]) best = i;
  const regret = new Float64Array(arms.length);
  for (let t = 0, total = 0; t < arms.length; t++) {
    const means = environment.means(t);
    regret[t] = total += means[best] - means[arms[t]];
  }
  return regret;
}

function checkSameArms(policy: number, environment: number): void {
  if (policy !== environment) {
    throw new RangeError(`policy must have ${environment} arms, as the environment has, got ${policy}`);
  }
}
