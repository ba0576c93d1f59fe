/**
 * A game in which rewards arrive late and out of order.
 *
 * P. Joulani, A. György, C. Szepesvári, "Online Learning under Delayed Feedback", ICML 2013, arXiv:1306.0686.
 */
import { checkInteger } from '../internal/check.js';
import type { BanditEnvironment, BanditFeedback, BanditGame, BanditPolicy, BanditStreams } from './bandit.js';

/**
 * Plays `horizon` rounds in which the reward of round t reaches the policy after `delay(t)` more rounds: 0 is at once, before
 * round t + 1. Rewards due together arrive in the order of their rounds; those still due at the end arrive then, earliest
 * first, so that the final state knows all of them.
 *
 * Policies with `probabilities` are told the probability with which the arm was drawn, since their state has moved on by
 * then. With a delay of 0 throughout this is `simulateBandit`, bit for bit.
 *
 * @param delay an integer >= 0, or Infinity for a reward that never comes
 * @throws RangeError if a delay is no such number
 *
 * @example
 * const streams = { policy: createRng(1, 'policy'), environment: createRng(1, 'environment') };
 * const game = simulateDelayedBandit(ucb1({ arms: 2 }), bernoulliArms([0.9, 0.1]), 50, { streams, delay: (t) => t % 7 });
 * game.state.t; //=> 50
 */
export function simulateDelayedBandit<State>(
  policy: BanditPolicy<State>,
  environment: BanditEnvironment,
  horizon: number,
  { streams, delay }: { streams: BanditStreams; delay(t: number): number },
): BanditGame<State> {
  checkInteger('horizon', horizon, 0);
  if (policy.arms !== environment.arms) {
    throw new RangeError(`policy must have ${environment.arms} arms, as the environment has, got ${policy.arms}`);
  }
  const arms = new Int32Array(horizon);
  const rewards = new Float64Array(horizon);
  const probabilities = new Float64Array(policy.probabilities === undefined ? 0 : horizon);
  const law = new Float64Array(policy.arms);
  const due = new Map<number, number[]>();
  let state = policy.init();
  const arrive = (s: number): void => {
    const feedback: BanditFeedback = { rng: streams.policy };
    if (probabilities.length > 0) feedback.probability = probabilities[s];
    state = policy.update(state, arms[s], rewards[s], state, feedback);
  };
  for (let t = 0; t < horizon; t++) {
    const arm = policy.select(state, streams.policy);
    arms[t] = arm;
    if (policy.probabilities !== undefined) probabilities[t] = policy.probabilities(state, law)[arm];
    rewards[t] = environment.pull(arm, t, streams.environment);
    const late = delay(t);
    if (late !== Infinity) {
      const at = t + checkInteger('delay', late, 0);
      const others = due.get(at);
      if (others === undefined) due.set(at, [t]);
      else others.push(t);
    }
    for (const s of due.get(t) ?? []) arrive(s);
    due.delete(t);
  }
  for (const at of [...due.keys()].sort((a, b) => a - b)) for (const s of due.get(at) as number[]) arrive(s);
  return { arms, rewards, state };
}
