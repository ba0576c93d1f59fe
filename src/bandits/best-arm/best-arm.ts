/**
 * Best-arm identification: which arm is best, rather than how much is earned on the way.
 *
 * E. Even-Dar, S. Mannor, Y. Mansour, "Action Elimination and Stopping Conditions for the Multi-Armed Bandit and
 * Reinforcement Learning Problems", JMLR 7 (2006) 1079-1105, for the setting with a stopping rule.
 */
import { checkInteger } from '../../internal/check.js';
import type { BanditEnvironment, BanditPolicy, BanditStreams } from '../bandit.js';
import { checkMeans } from '../environments/check-means.js';

/** A policy that says when it knows enough, and which arm it takes for the best. */
export interface BestArmIdentifier<State> extends BanditPolicy<State> {
  /** Whether the stopping rule holds. */
  shouldStop(state: State): boolean;
  /** The arm taken for the best so far; after the stop, the answer. */
  recommend(state: State): number;
}

export interface Identification<State> {
  /** The arm taken for the best. */
  arm: number;
  /** Number of pulls. */
  pulls: number;
  /** Pulls of each arm. */
  counts: Int32Array;
  /** 'stopped' by the rule, or 'max-pulls' reached before it. */
  status: 'stopped' | 'max-pulls';
  state: State;
}

/**
 * Pulls until the stopping rule holds or `maxPulls` is reached. In place; nothing is allocated a pull.
 *
 * @param options.maxPulls default 1e7: with two best arms some rules never stop
 * @throws RangeError if the numbers of arms differ or maxPulls is negative
 *
 * @example
 * const streams = { policy: createRng(1, 'policy'), environment: createRng(1, 'environment') };
 * identifyBestArm(trackAndStop({ arms: 2, delta: 0.01 }), bernoulliArms([0.2, 0.9]), streams).arm; //=> 1
 */
export function identifyBestArm<State>(
  identifier: BestArmIdentifier<State>,
  environment: BanditEnvironment,
  streams: BanditStreams,
  { maxPulls = 1e7 }: { maxPulls?: number } = {},
): Identification<State> {
  checkInteger('maxPulls', maxPulls, 0);
  if (identifier.arms !== environment.arms) {
    throw new RangeError(
      `identifier must have ${environment.arms} arms, as the environment has, got ${identifier.arms}`,
    );
  }
  const counts = new Int32Array(identifier.arms);
  let state = identifier.init();
  let pulls = 0;
  let stopped = identifier.shouldStop(state);
  while (!stopped && pulls < maxPulls) {
    const arm = identifier.select(state, streams.policy);
    state = identifier.update(state, arm, environment.pull(arm, pulls, streams.environment), state);
    counts[arm] += 1;
    pulls += 1;
    stopped = identifier.shouldStop(state);
  }
  return { arm: identifier.recommend(state), pulls, counts, status: stopped ? 'stopped' : 'max-pulls', state };
}

/**
 * The two complexities of a problem: h1 = Σ_{i not best} Δ_i^-2 and h2 = max_{i >= 2} i Δ_(i)^-2 with gaps in increasing
 * order; h2 <= h1 + Δ_(2)^-2 <= ln(2K) h2. Infinity with two best arms.
 *
 * J.-Y. Audibert, S. Bubeck, R. Munos, "Best Arm Identification in Multi-Armed Bandits", COLT 2010, Section 2.
 *
 * @throws RangeError if there is no mean or one is not finite
 *
 * @example
 * bestArmHardness([0.5, 1, 0.75]); //=> { h1: 20, h2: 32 }
 */
export function bestArmHardness(means: ArrayLike<number>): { h1: number; h2: number } {
  const sorted = checkMeans('means', means).sort().reverse();
  let h1 = 0;
  let h2 = 0;
  for (let i = 1; i < sorted.length; i++) {
    const gap = sorted[0] - sorted[i];
    h1 += 1 / (gap * gap);
    h2 = Math.max(h2, (i + 1) / (gap * gap));
  }
  return { h1, h2 };
}
