/**
 * Policies whose index is mean_j + sqrt(w(t) / n_j): UCB1 and its kin, by a scan of all arms or by a kinetic tournament.
 *
 * As a function of L = sqrt(w(t)), which never falls, the index of an arm is a line with slope s_j = 1/sqrt(n_j). A
 * tournament of lines over a growing L is a kinetic data structure: a node keeps its winner and the L up to which the
 * winner cannot change, so that a round touches only the path of the arm just played and the nodes whose time has come,
 * O(log K) in all, where the scan evaluates K square roots. Both play exactly the same arms: a node is decided by the
 * rounded index of the scan itself, and its certificate ends early enough for the rounding.
 *
 * J. Basch, L. J. Guibas, J. Hershberger, "Data Structures for Mobile Data", Journal of Algorithms 31 (1999) 1-28.
 */
import { checkInteger, checkOption } from '../../internal/check.js';
import { type ArmSums, checkArm, copyArmSums, initArmSums, updateArmSums } from '../arm-sums.js';
import type { BanditPolicy } from '../bandit.js';
import { type RewardRangeOptions, rewardScale, scaledReward } from '../reward-scale.js';
import { checkTies, selectLargest, type TieOptions } from '../ties.js';

/** Counts and sums, and the tournament when there is one. */
export interface LineIndexState extends ArmSums {
  /** winners[v] is the arm that wins below node v (root 1, children 2v and 2v + 1), -1 below padding. */
  winners?: Int32Array;
  /** expiries[v] is the value of L up to which nothing changes below node v. */
  expiries?: Float64Array;
}

export interface LineIndexOptions extends RewardRangeOptions, TieOptions {
  /** Number of arms K, at least 1. */
  arms: number;
  /**
   * 'scan': O(K) a round. 'kinetic': O(log K) a round, the same arms, ties always to the lowest arm. Default: 'kinetic'
   * from 64 arms on, 'scan' below and with random ties.
   */
  engine?: 'scan' | 'kinetic';
}

/** @param width w(t) >= 0, not falling with t, where t is the number of plays so far */
export function lineIndexPolicy(
  name: string,
  options: LineIndexOptions,
  width: (t: number) => number,
): BanditPolicy<LineIndexState> {
  const K = checkInteger('arms', options.arms, 1);
  const ties = checkTies(options);
  const kinetic =
    checkOption('engine', options.engine ?? (K >= 64 && ties === 'first' ? 'kinetic' : 'scan'), ['scan', 'kinetic']) ===
    'kinetic';
  if (kinetic && ties === 'random') throw new RangeError("engine must be 'scan' when ties are random, got 'kinetic'");
  const scale = rewardScale(options, false);
  const scratch = new Float64Array(ties === 'random' ? K : 0);

  function scores({ t, counts, sums }: LineIndexState, out = new Float64Array(K)): Float64Array {
    const w = width(t);
    for (let j = 0; j < K; j++) out[j] = indexOf(j, counts, sums, w);
    return out;
  }

  if (kinetic) {
    const size = leaves(K);
    return {
      name,
      arms: K,
      init: () => ({
        ...initArmSums(K),
        winners: firstWinners(K, size),
        expiries: new Float64Array(2 * size).fill(Infinity),
      }),
      select: (state) => (state.winners as Int32Array)[1],
      update(state, arm, reward, out) {
        checkArm(arm, K);
        const r = scaledReward(scale, reward);
        const next = copyKinetic(state, out);
        next.t += 1;
        next.counts[arm] += 1;
        next.sums[arm] += r;
        const w = width(next.t);
        advance(1, Math.sqrt(w), w, next, size);
        for (let v = (size + arm) >> 1; v >= 1; v >>= 1) decide(v, w, next);
        return next;
      },
      scores,
    };
  }

  return {
    name,
    arms: K,
    init: () => initArmSums(K),
    select(state, rng) {
      if (ties === 'random') return selectLargest(scores(state, scratch), ties, rng);
      const { counts, sums } = state;
      const w = width(state.t);
      let best = 0;
      let bestIndex = -Infinity;
      for (let j = 0; j < K; j++) {
        const n = counts[j];
        if (n === 0) return j;
        const index = sums[j] / n + Math.sqrt(w / n);
        if (index > bestIndex) {
          bestIndex = index;
          best = j;
        }
      }
      return best;
    },
    update: (state, arm, reward, out) => updateArmSums(state, arm, reward, out, K, scale),
    scores,
  };
}

function indexOf(j: number, counts: Int32Array, sums: Float64Array, w: number): number {
  const n = counts[j];
  return n === 0 ? Infinity : sums[j] / n + Math.sqrt(w / n);
}

/** Recomputes what has expired at L below node v. */
function advance(v: number, L: number, w: number, state: LineIndexState, size: number): void {
  const expiries = state.expiries as Float64Array;
  if (v >= size || expiries[v] > L) return;
  advance(2 * v, L, w, state, size);
  advance(2 * v + 1, L, w, state, size);
  decide(v, w, state);
}

/** Plays the match of node v at the current w, and dates the result. */
function decide(v: number, w: number, state: LineIndexState): void {
  const winners = state.winners as Int32Array;
  const expiries = state.expiries as Float64Array;
  const { counts, sums } = state;
  const left = winners[2 * v];
  const right = winners[2 * v + 1];
  let expiry = Math.min(expiries[2 * v], expiries[2 * v + 1]);
  let winner = left;
  if (right >= 0) {
    const nLeft = counts[left];
    const nRight = counts[right];
    if (nLeft > 0 && nRight === 0) winner = right;
    else if (nLeft > 0) {
      const meanLeft = sums[left] / nLeft;
      const meanRight = sums[right] / nRight;
      const leftWins = meanLeft + Math.sqrt(w / nLeft) >= meanRight + Math.sqrt(w / nRight);
      if (!leftWins) winner = right;
      // The loser overtakes later if its line is steeper, that is if it was played less.
      if (leftWins ? nRight < nLeft : nLeft < nRight) {
        const steepness = Math.abs(1 / Math.sqrt(nLeft) - 1 / Math.sqrt(nRight));
        const crossing = Math.abs(meanLeft - meanRight) / steepness;
        // Two rounded indices differ from the lines, and the crossing from the true one, by less than this.
        const slack = (1.8e-15 * (1 + Math.abs(meanLeft) + Math.abs(meanRight) + crossing)) / steepness;
        expiry = Math.min(expiry, crossing - slack);
      }
    }
  }
  winners[v] = winner;
  expiries[v] = expiry;
}

/** Number of leaves: the least power of two that is at least K and 2. */
function leaves(K: number): number {
  let size = 2;
  while (size < K) size *= 2;
  return size;
}

/** Before any play every index is infinite, and the lowest arm wins. */
function firstWinners(K: number, size: number): Int32Array {
  const winners = new Int32Array(2 * size).fill(-1);
  for (let j = 0; j < K; j++) winners[size + j] = j;
  for (let v = size - 1; v >= 1; v--) winners[v] = winners[2 * v];
  return winners;
}

function copyKinetic(state: LineIndexState, out: LineIndexState | undefined): LineIndexState {
  if (out === state) return state;
  const winners = state.winners as Int32Array;
  const expiries = state.expiries as Float64Array;
  const next: LineIndexState = copyArmSums(state, out);
  if (out === undefined) {
    next.winners = winners.slice();
    next.expiries = expiries.slice();
  } else {
    (next.winners as Int32Array).set(winners);
    (next.expiries as Float64Array).set(expiries);
  }
  return next;
}
