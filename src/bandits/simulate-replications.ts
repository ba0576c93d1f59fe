/**
 * Many independent games of one policy: regret at checkpoints, its mean and its standard error.
 *
 * Replication i uses its own streams and nothing else, so ranges of replications can run on several workers and be merged to
 * the same bits as one run of all.
 */
import { checkInteger } from '../internal/check.js';
import type { BanditEnvironment, BanditFeedback, BanditPolicy, BanditStreams } from './bandit.js';

export interface ReplicationOptions {
  /** Rounds of a game. */
  horizon: number;
  /** Number of games in this range. */
  replications: number;
  /** Number of the first game in this range. Default 0. */
  first?: number;
  /** The streams of game i. Name them by i: `(i) => ({ policy: createRng(seed, 'policy', i), ... })`. */
  streams(replication: number): BanditStreams;
  /** Numbers of rounds after which regret is kept, increasing, in [1, horizon]. Default: the horizon alone. */
  checkpoints?: ArrayLike<number>;
  /** 'pseudo' (default): against the best arm of every round. 'fixed-arm': against the best arm of all rounds up to the checkpoint. */
  regret?: 'pseudo' | 'fixed-arm';
}

/** The regrets of some games, and what they say together. Plain data. */
export interface Replications {
  /** Number of the first game. */
  first: number;
  checkpoints: Float64Array;
  /** Regret of game first + r at checkpoint c, at r * checkpoints.length + c. */
  regrets: Float64Array;
  /** Plays of arm j in game first + r, at r * arms + j. */
  counts: Float64Array;
  arms: number;
  /** Mean regret over the games at each checkpoint. */
  mean: Float64Array;
  /** Deviation of one game, NaN with a single game. */
  standardDeviation: Float64Array;
  /** Standard error of the mean. */
  standardError: Float64Array;
}

/**
 * Plays games `first` .. `first + replications - 1`.
 *
 * @param environment one for all games, or a function of the game's number where it is drawn anew (`restlessArms`)
 * @throws RangeError if a count is not a positive integer, checkpoints do not increase, or the numbers of arms differ
 *
 * @example
 * const summary = simulateReplications(ucb1({ arms: 2 }), bernoulliArms([0.9, 0.1]), {
 *   horizon: 100,
 *   replications: 5,
 *   streams: (i) => ({ policy: createRng(1, 'policy', i), environment: createRng(1, 'environment', i) }),
 * });
 * summary.mean[0] < 20; //=> true
 */
export function simulateReplications<State>(
  policy: BanditPolicy<State>,
  environment: BanditEnvironment | ((replication: number) => BanditEnvironment),
  options: ReplicationOptions,
): Replications {
  const T = checkInteger('horizon', options.horizon, 1);
  const games = checkInteger('replications', options.replications, 1);
  const first = checkInteger('first', options.first ?? 0, 0);
  const checkpoints = Float64Array.from(options.checkpoints ?? [T]);
  checkpoints.forEach((t, c) => checkInteger(`checkpoints[${c}]`, t, c === 0 ? 1 : checkpoints[c - 1] + 1, T));
  if (checkpoints.length === 0) throw new RangeError('checkpoints must not be empty');
  const fixed = (options.regret ?? 'pseudo') === 'fixed-arm';
  const C = checkpoints.length;
  const regrets = new Float64Array(games * C);
  const counts = new Float64Array(games * policy.arms);
  for (let r = 0; r < games; r++) {
    const arms = typeof environment === 'function' ? environment(first + r) : environment;
    if (arms.arms !== policy.arms) {
      throw new RangeError(`policy must have ${arms.arms} arms, as the environment has, got ${policy.arms}`);
    }
    play(
      policy,
      arms,
      checkpoints,
      options.streams(first + r),
      fixed,
      regrets.subarray(r * C, (r + 1) * C),
      counts.subarray(r * policy.arms, (r + 1) * policy.arms),
    );
  }
  return summarize({ first, checkpoints, regrets, counts, arms: policy.arms });
}

/**
 * One table of the games of several ranges, which must follow each other without gaps, in any order of the list. The bits are those of one
 * run of all games.
 *
 * @throws RangeError if the ranges do not follow each other or were kept at different checkpoints
 *
 * @example
 * const games = (first, replications) =>
 *   simulateReplications(ucb1({ arms: 2 }), bernoulliArms([0.9, 0.1]), {
 *     horizon: 20,
 *     first,
 *     replications,
 *     streams: (i) => ({ policy: createRng(1, 'policy', i), environment: createRng(1, 'environment', i) }),
 *   });
 * mergeReplications([games(3, 2), games(0, 3)]); //=> games(0, 5)
 */
export function mergeReplications(parts: readonly Replications[]): Replications {
  if (parts.length === 0) throw new RangeError('parts must not be empty');
  const ordered = [...parts].sort((a, b) => a.first - b.first);
  const { first, checkpoints, arms } = ordered[0];
  let next = first;
  for (const part of ordered) {
    const same =
      part.checkpoints.length === checkpoints.length && part.checkpoints.every((t, c) => t === checkpoints[c]);
    if (!same || part.arms !== arms) throw new RangeError('parts must have the same arms and checkpoints');
    if (part.first !== next)
      throw new RangeError(`parts must follow each other, got ${part.first} where ${next} was next`);
    next += part.regrets.length / checkpoints.length;
  }
  return summarize({
    first,
    checkpoints: checkpoints.slice(),
    regrets: concat(ordered.map(({ regrets }) => regrets)),
    counts: concat(ordered.map(({ counts }) => counts)),
    arms,
  });
}

/** One game, in place; the regret is summed as `pseudoRegret` and `fixedArmRegret` sum it, and nothing else is kept. */
function play<State>(
  policy: BanditPolicy<State>,
  environment: BanditEnvironment,
  checkpoints: Float64Array,
  streams: BanditStreams,
  fixed: boolean,
  regrets: Float64Array,
  counts: Float64Array,
): void {
  const K = policy.arms;
  const feedback: BanditFeedback = { rng: streams.policy };
  const totals = new Float64Array(K);
  let state = policy.init();
  let previous: Float64Array | undefined;
  let best = -Infinity;
  let played = 0;
  let regret = 0;
  const last = checkpoints[checkpoints.length - 1];
  for (let t = 0, c = 0; t < last; t++) {
    const arm = policy.select(state, streams.policy);
    state = policy.update(state, arm, environment.pull(arm, t, streams.environment), state, feedback);
    counts[arm] += 1;
    const means = environment.means(t);
    if (fixed) {
      for (let i = 0; i < K; i++) totals[i] += means[i];
      played += means[arm];
    } else {
      if (means !== previous) {
        best = -Infinity;
        for (let i = 0; i < K; i++) if (means[i] > best) best = means[i];
        previous = means;
      }
      regret += best - means[arm];
    }
    if (t + 1 === checkpoints[c]) {
      regrets[c] = fixed ? totals.reduce((a, b) => Math.max(a, b)) - played : regret;
      c += 1;
    }
  }
}

function summarize(table: Pick<Replications, 'first' | 'checkpoints' | 'regrets' | 'counts' | 'arms'>): Replications {
  const C = table.checkpoints.length;
  const games = table.regrets.length / C;
  const mean = new Float64Array(C);
  const standardDeviation = new Float64Array(C);
  for (let c = 0; c < C; c++) {
    let total = 0;
    for (let r = 0; r < games; r++) total += table.regrets[r * C + c];
    mean[c] = total / games;
    let squares = 0;
    for (let r = 0; r < games; r++) {
      const d = table.regrets[r * C + c] - mean[c];
      squares += d * d;
    }
    standardDeviation[c] = games > 1 ? Math.sqrt(squares / (games - 1)) : NaN;
  }
  const standardError = standardDeviation.map((sd) => sd / Math.sqrt(games));
  return { ...table, mean, standardDeviation, standardError };
}

function concat(parts: Float64Array[]): Float64Array {
  const out = new Float64Array(parts.reduce((length, part) => length + part.length, 0));
  let at = 0;
  for (const part of parts) {
    out.set(part, at);
    at += part.length;
  }
  return out;
}
