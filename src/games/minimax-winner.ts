/**
 * The minimax winner of a preference: the mixture of items that no item beats more often than not.
 *
 * G. Swamy, C. Dann, R. Kidambi, Z. S. Wu, A. Agarwal, "A Minimaximalist Approach to Reinforcement Learning from Human
 * Feedback", arXiv:2401.04056; in voting P. C. Fishburn (1984), G. Kreweras (1965): maximal
 * lotteries. A generic tournament has exactly one, with an odd number of items.
 */
import { checkOption } from '../internal/check.js';
import type { MatrixLike } from '../linalg/index.js';
import { bestResponseTo } from './exploitability.js';
import { solveMatrixGame } from './matrix-game.js';
import { checkPreference } from './preference-matrix.js';
import { selfPlayKernel } from './self-play.js';

export interface MinimaxWinner {
  /** Probability of each item. */
  policy: Float64Array;
  /** Value of the game, 1/2 by symmetry. */
  value: number;
  /** max_i (P policy)_i - 1/2: 0 up to rounding for the exact method. */
  exploitability: number;
}

export interface MinimaxWinnerOptions {
  /** 'simplex' (default): exact. 'self-play': the average of optimistic self-play with step 1/4. */
  method?: 'simplex' | 'self-play';
  /** Rounds of 'self-play'. Default 10000. */
  steps?: number;
}

/**
 * argmax_p min_j (pᵀP)_j.
 *
 * A Condorcet winner is the answer when there is one. Of several winners the vertex that `matrixGame` meets first.
 * Simplex: about 100 pivots of n² at n = 64, milliseconds.
 *
 * @param preference n × n
 * @throws RangeError if `preference` is no preference matrix
 *
 * @example
 * const { policy } = minimaxWinner([[0.5, 1, 0.25], [0, 0.5, 1], [0.75, 0, 0.5]]);
 * Array.from(policy, (p) => p.toFixed(12)).map(Number); //=> [0.4, 0.2, 0.4]
 */
export function minimaxWinner(preference: MatrixLike, options: MinimaxWinnerOptions = {}): MinimaxWinner {
  const { data, n } = checkPreference(preference);
  const method = checkOption('method', options.method ?? 'simplex', ['simplex', 'self-play']);
  // Column j of P pays its player P_ji = 1 - P_ij: an optimal column is an optimal lottery.
  const policy =
    method === 'simplex'
      ? solveMatrixGame(data, n, n).column
      : selfPlayKernel(data, n, { steps: options.steps ?? 10_000, learningRate: 0.25, algorithm: 'optimistic' })
          .average;
  return { policy, value: 0.5, exploitability: bestResponseTo(data, n, policy).exploitability };
}
