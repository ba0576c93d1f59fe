/**
 * Dueling bandits: the contract of a policy that plays pairs of arms and is told who won, the environment, the loop, the regret.
 *
 * Y. Yue, J. Broder, R. Kleinberg, T. Joachims, "The K-armed Dueling Bandits Problem", JCSS 78 (2012).
 *
 *   P_ij   probability that i beats j, P_ij + P_ji = 1;  A = 2P - 1
 */
import { checkInteger, checkOption } from '../../internal/check.js';
import { checkPreference, condorcetWinner, minimaxWinner } from '../../games/index.js';
import type { MatrixLike } from '../../linalg/index.js';
import type { Rng } from '../../random/create-rng.js';
import type { BanditStreams } from '../bandit.js';

/** As `BanditPolicy`, with two arms for one and a winner for a reward. */
export interface DuelingPolicy<State> {
  readonly name: string;
  /** Number of arms K. */
  readonly arms: number;
  init(): State;
  /** The arms of the next duel, which may be the same; reads the state only. */
  select(state: State, rng: Rng): [first: number, second: number];
  /** @throws RangeError if an arm is none; TypeError if `firstWon` is not a boolean */
  update(state: State, first: number, second: number, firstWon: boolean, out?: State): State;
}

export interface DuelingEnvironment {
  readonly arms: number;
  /** P, K × K row-major. */
  readonly preference: Float64Array;
  /** Whether the first of two arms wins a duel. */
  duel(first: number, second: number, rng: Rng): boolean;
}

/**
 * Independent duels with the given probabilities; one uniform each.
 *
 * @param preference K × K with P_ij + P_ji = 1 within 1e-12 and P_ii = 1/2
 * @throws RangeError if it is not
 *
 * @example
 * duelingBandit([[0.5, 1], [0, 0.5]]).duel(0, 1, createRng(1)); //=> true
 */
export function duelingBandit(preference: MatrixLike): DuelingEnvironment {
  const { data, n } = checkPreference(preference, 1e-12);
  const P = data.slice();
  return { arms: n, preference: P, duel: (first, second, rng) => rng() < P[first * n + second] };
}

export interface DuelingGame<State> {
  firsts: Int32Array;
  seconds: Int32Array;
  /** 1 where the first arm won. */
  wins: Uint8Array;
  state: State;
}

/**
 * Plays `horizon` duels, the state updated in place.
 *
 * @throws RangeError if the policy and the environment have different arms
 */
export function simulateDueling<State>(
  policy: DuelingPolicy<State>,
  environment: DuelingEnvironment,
  horizon: number,
  streams: BanditStreams,
): DuelingGame<State> {
  checkInteger('horizon', horizon, 0);
  if (policy.arms !== environment.arms) {
    throw new RangeError(`policy must have ${environment.arms} arms, as the environment has, got ${policy.arms}`);
  }
  const firsts = new Int32Array(horizon);
  const seconds = new Int32Array(horizon);
  const wins = new Uint8Array(horizon);
  let state = policy.init();
  for (let t = 0; t < horizon; t++) {
    const [first, second] = policy.select(state, streams.policy);
    const won = environment.duel(first, second, streams.environment);
    state = policy.update(state, first, second, won, state);
    firsts[t] = first;
    seconds[t] = second;
    wins[t] = won ? 1 : 0;
  }
  return { firsts, seconds, wins, state };
}

/**
 * Regret of each pair that was played, summed: entry t is Σ_{s<=t} of
 *
 *   'condorcet'  (P_wi + P_wj - 1) / 2, w the Condorcet winner
 *   'minimax'    (p*ᵀA e_i + p*ᵀA e_j) / 4 for the minimax winner p*: at least 0, and 0 where both arms are in its support
 *
 * The default is 'condorcet' where there is such a winner; then both agree.
 *
 * @throws RangeError if 'condorcet' is asked and there is no such winner
 *
 * @example
 * duelingRegret({ firsts: [0, 1], seconds: [0, 1] }, duelingBandit([[0.5, 0.75], [0.25, 0.5]])); //=> Float64Array.of(0, 0.25)
 */
export function duelingRegret(
  game: { firsts: ArrayLike<number>; seconds: ArrayLike<number> },
  environment: DuelingEnvironment,
  options: { against?: 'condorcet' | 'minimax' } = {},
): Float64Array {
  const { arms: K, preference: P } = environment;
  const matrix = { data: P, rows: K, columns: K };
  const winner = condorcetWinner(matrix);
  const against = checkOption('against', options.against ?? (winner === null ? 'minimax' : 'condorcet'), [
    'condorcet',
    'minimax',
  ]);
  if (against === 'condorcet' && winner === null) throw new RangeError('against must be minimax: nobody beats all');
  const strategy = new Float64Array(K);
  if (against === 'condorcet') strategy[winner as number] = 1;
  else strategy.set(minimaxWinner(matrix).policy);
  const cost = new Float64Array(K);
  for (let i = 0; i < K; i++) {
    let margin = 0;
    for (let w = 0; w < K; w++) margin += strategy[w] * (2 * P[w * K + i] - 1);
    cost[i] = margin / 4;
  }
  const regret = new Float64Array(game.firsts.length);
  let total = 0;
  for (let t = 0; t < regret.length; t++) regret[t] = total += cost[game.firsts[t]] + cost[game.seconds[t]];
  return regret;
}

/** What a policy that counts wins remembers. */
export interface DuelCounts {
  /** Duels. */
  t: number;
  /** W_ij, duels of i against j that i won, K × K row-major. */
  wins: Int32Array;
}

/** The checks of an `update`. */
export function checkDuel(first: number, second: number, firstWon: boolean, K: number): void {
  if (!(first >= 0 && first < K && Number.isInteger(first))) {
    throw new RangeError(`first must be an integer in [0, ${K - 1}], got ${first}`);
  }
  if (!(second >= 0 && second < K && Number.isInteger(second))) {
    throw new RangeError(`second must be an integer in [0, ${K - 1}], got ${second}`);
  }
  if (typeof firstWon !== 'boolean') throw new TypeError(`firstWon must be a boolean, got ${typeof firstWon}`);
}
