/**
 * Relative UCB: a champion that may beat everybody against the challenger that may beat it best.
 *
 * M. Zoghi, S. Whiteson, R. Munos, M. de Rijke, "Relative Upper Confidence Bound for the K-Armed Dueling Bandit Problem", ICML 2014,
 * arXiv:1312.3393, Algorithm 1 and Theorem 4: regret O(K² + Σ ln T / gap) when there is a Condorcet winner and α > 1/2.
 *
 *   paper   here           meaning
 *   w_ij    state.wins     wins of i over j
 *   α       alpha
 *   u_ij    rucbUpperBounds
 *   C       -              arms that may beat all others: u_cj >= 1/2 for all j
 *   B       state.best     hypothesized best arm, -1 for none
 */
import { checkInteger, checkNumber } from '../../internal/check.js';
import { type MatrixLike, toRowMajor } from '../../linalg/index.js';
import type { Rng } from '../../random/create-rng.js';
import { log } from '../../special/log.js';
import { checkDuel, type DuelCounts, type DuelingPolicy } from './duel.js';

export interface RucbState extends DuelCounts {
  /** B, or -1. */
  best: number;
}

/**
 * The policy. `select` takes two uniforms; O(K²).
 *
 * If C is empty the champion is uniform; if it has one arm, that is B and the champion; else B with probability 1/2 if there is one, else
 * uniform in C without B. The challenger is argmax_j u_jc, another arm than c where it ties.
 *
 * @param options.alpha α > 0. Default 0.51
 * @throws RangeError if an option is out of range
 *
 * @example
 * const { firsts } = simulateDueling(rucb({ arms: 2 }), duelingBandit([[0.5, 0.9], [0.1, 0.5]]), 500, {
 *   policy: createRng(1),
 *   environment: createRng(2),
 * });
 * firsts.slice(-20).every((arm) => arm === 0); //=> true
 */
export function rucb(options: { arms: number; alpha?: number }): DuelingPolicy<RucbState> {
  const K = checkInteger('arms', options.arms, 1);
  const alpha = checkAlpha(options.alpha);
  const upper = new Float64Array(K * K);
  const candidates = new Int32Array(K);
  /** u and C of the coming round; returns |C|. */
  const prepare = ({ t, wins }: RucbState): number => {
    upperBounds(wins, K, t + 1, alpha, upper);
    let size = 0;
    for (let i = 0; i < K; i++) {
      let may = true;
      for (let j = 0; j < K && may; j++) may = upper[i * K + j] >= 0.5;
      if (may) candidates[size++] = i;
    }
    return size;
  };
  /** B of the coming round. */
  const hypothesis = (previous: number, size: number): number => {
    if (size === 1) return candidates[0];
    for (let c = 0; c < size; c++) if (candidates[c] === previous) return previous;
    return -1;
  };
  return {
    name: 'rucb',
    arms: K,
    init: () => ({ t: 0, wins: new Int32Array(K * K), best: -1 }),
    select(state, rng: Rng) {
      const size = prepare(state);
      const best = hypothesis(state.best, size);
      const coin = rng();
      const u = rng();
      let champion: number;
      if (size === 0) champion = pick(K, u);
      else if (size === 1 || (best >= 0 && coin < 0.5)) champion = best;
      else {
        let rank = pick(best >= 0 ? size - 1 : size, u);
        champion = -1;
        for (let c = 0; champion < 0; c++) if (candidates[c] !== best && rank-- === 0) champion = candidates[c];
      }
      let challenger = champion;
      let most = -Infinity;
      for (let j = 0; j < K; j++) {
        const value = upper[j * K + champion];
        if (value > most || (value === most && challenger === champion)) {
          most = value;
          challenger = j;
        }
      }
      return [champion, challenger];
    },
    update(state, first, second, firstWon, out) {
      checkDuel(first, second, firstWon, K);
      const best = hypothesis(state.best, prepare(state));
      const next = out ?? { t: 0, wins: new Int32Array(K * K), best: -1 };
      if (next !== state) {
        next.t = state.t;
        next.wins.set(state.wins);
      }
      next.best = best;
      next.t += 1;
      if (first !== second) next.wins[firstWon ? first * K + second : second * K + first] += 1;
      return next;
    },
  };
}

/**
 * u_ij = W_ij / (W_ij + W_ji) + sqrt(α ln t / (W_ij + W_ji)) with x/0 = 1 for the mean (and no width), u_ii = 1/2.
 *
 * @param wins W, K × K
 * @param t round, from 1
 * @returns K × K row-major
 * @throws RangeError if wins is not square or negative, or t < 1
 *
 * @example
 * rucbUpperBounds([[0, 1], [1, 0]], 1); //=> Float64Array.of(0.5, 0.5, 0.5, 0.5)
 */
export function rucbUpperBounds(wins: MatrixLike, t: number, options: { alpha?: number } = {}): Float64Array {
  const { data, rows: K, columns } = toRowMajor(wins, 'wins');
  if (K !== columns || K === 0) throw new RangeError(`wins must be square, got ${K} × ${columns}`);
  for (let i = 0; i < data.length; i++) checkNumber(`wins[${Math.floor(i / K)}][${i % K}]`, data[i], 0);
  checkNumber('t', t, 1);
  return upperBounds(data, K, t, checkAlpha(options.alpha), new Float64Array(K * K));
}

export function upperBounds(
  wins: ArrayLike<number>,
  K: number,
  t: number,
  alpha: number,
  out: Float64Array,
): Float64Array {
  const width = alpha * log(t);
  for (let i = 0; i < K; i++) {
    for (let j = 0; j < K; j++) {
      const n = wins[i * K + j] + wins[j * K + i];
      out[i * K + j] = i === j ? 0.5 : n === 0 ? 1 : wins[i * K + j] / n + Math.sqrt(width / n);
    }
  }
  return out;
}

export function checkAlpha(alpha = 0.51): number {
  checkNumber('alpha', alpha);
  if (!(alpha > 0)) throw new RangeError(`alpha must be positive, got ${alpha}`);
  return alpha;
}

/** A uniform number of 0 .. n-1 from a uniform one of [0, 1). */
export function pick(n: number, u: number): number {
  return Math.min(n - 1, Math.floor(u * n));
}
