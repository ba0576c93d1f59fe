/**
 * Double Thompson sampling for dueling bandits: a champion by sampled Copeland score, a challenger by a second sample.
 *
 * H. Wu, X. Liu, "Double Thompson Sampling for Dueling Bandits", NIPS 2016, arXiv:1604.07101, Algorithm 1: regret O(K² ln T) against
 * Copeland winners.
 *
 *   paper        here
 *   B_ij         state.wins                       wins of i over j
 *   u_ij, l_ij   W_ij / n_ij ± sqrt(α ln t / n_ij), 1 and 0 for n_ij = 0
 *   θ_ij         Beta(W_ij + 1, W_ji + 1), θ_ji = 1 - θ_ij
 */
import { checkInteger } from '../../internal/check.js';
import { sampleBeta } from '../../random/gamma.js';
import { log } from '../../special/log.js';
import { checkDuel, type DuelCounts, type DuelingPolicy } from './duel.js';
import { checkAlpha, pick, upperBounds } from './rucb.js';

/**
 * The policy. First arm: of those with the most u_ij > 1/2, the one that beats most others under a sample of all θ_ij, i < j; ties uniform,
 * one draw always. Second arm: of those with l_i,first <= 1/2, the largest of fresh samples θ_i,first, the first itself at 1/2.
 *
 * `select` draws K (K - 1) / 2 beta numbers, one uniform, and at most K - 1 beta numbers.
 *
 * @param options.alpha α > 0. Default 0.51
 * @throws RangeError if an option is out of range
 *
 * @example
 * doubleThompson({ arms: 1 }).select({ t: 0, wins: new Int32Array(1) }, createRng(1)); //=> [0, 0]
 */
export function doubleThompson(options: { arms: number; alpha?: number }): DuelingPolicy<DuelCounts> {
  const K = checkInteger('arms', options.arms, 1);
  const alpha = checkAlpha(options.alpha);
  const upper = new Float64Array(K * K);
  const scores = new Int32Array(K);
  return {
    name: 'doubleThompson',
    arms: K,
    init: () => ({ t: 0, wins: new Int32Array(K * K) }),
    select({ t, wins }, rng) {
      upperBounds(wins, K, t + 1, alpha, upper);
      scores.fill(0);
      for (let i = 0; i < K; i++) {
        for (let j = i + 1; j < K; j++) {
          const theta = sampleBeta(wins[i * K + j] + 1, wins[j * K + i] + 1, rng);
          if (theta > 0.5) scores[i] += 1;
          else if (theta < 0.5) scores[j] += 1;
        }
      }
      // Lexicographic: the most u_ij > 1/2, then the most others beaten in the sample.
      let most = -1;
      let ties = 0;
      for (let i = 0; i < K; i++) {
        let reach = 0;
        for (let j = 0; j < K; j++) if (j !== i && upper[i * K + j] > 0.5) reach += 1;
        scores[i] += reach * K;
        if (scores[i] > most) {
          most = scores[i];
          ties = 0;
        }
        if (scores[i] === most) ties += 1;
      }
      let rank = pick(ties, rng());
      let first = -1;
      for (let i = 0; first < 0; i++) if (scores[i] === most && rank-- === 0) first = i;
      let second = first;
      let largest = 0.5;
      const width = alpha * log(t + 1);
      for (let i = 0; i < K; i++) {
        if (i === first) continue;
        const n = wins[i * K + first] + wins[first * K + i];
        if (n > 0 && wins[i * K + first] / n - Math.sqrt(width / n) > 0.5) continue;
        const theta = sampleBeta(wins[i * K + first] + 1, wins[first * K + i] + 1, rng);
        if (theta > largest) {
          largest = theta;
          second = i;
        }
      }
      return [first, second];
    },
    update(state, first, second, firstWon, out) {
      checkDuel(first, second, firstWon, K);
      const next = out ?? { t: 0, wins: new Int32Array(K * K) };
      if (next !== state) {
        next.t = state.t;
        next.wins.set(state.wins);
      }
      next.t += 1;
      if (first !== second) next.wins[firstWon ? first * K + second : second * K + first] += 1;
      return next;
    },
  };
}
