/**
 * The game of arms: a king defends his place with a budget that grows by 1/ε² an arrival, and a newcomer who outlasts it is king.
 *
 * S. Assadi, C. Wang, arXiv:2004.04666, Section 5, with the constants of the authors' program; C. Wang, arXiv:2306.02208, Section 5. A
 * heuristic: the published sizes are not those of the proof. Defects of the program are removed: the first king is pulled, and his
 * estimate never falls.
 *
 *   batch l    2^l / ε² pulls of the newcomer, l = 0 .. max(1, floor(10 ln ln K)) - 1
 *   budget     1.2 / ε² at the start, plus 1/ε² an arrival, minus the batches pulled
 *   out        a batch mean at most the king's estimate - ε/5
 *   king       when the budget does not cover the next batch, or after the last one
 *   reserve    best of a Bernoulli(1.5 / ln K) sample of the arms by ln K / ε² pulls; it commits when the duels took more than 10 K / ε²
 */
import type { Rng } from '../../random/create-rng.js';
import { log } from '../../special/log.js';
import { pow } from '../../special/pow.js';
import { type ArmMemory, commit, type StreamingRun } from './arm-memory.js';
import { ceilSamples, epsilonOf } from './sample-sizes.js';

export interface GameOfArmsOptions {
  /** Accuracy ε. Default (K/T)^(1/3). */
  epsilon?: number;
}

/**
 * Plays the game over the stream, then commits. Stores two arms, the king and the reserve.
 *
 * @param rng one uniform an arm, for the sample
 * @throws RangeError if epsilon is not positive
 *
 * @example
 * const memory = armMemory(armStream([0.1, 0.9, 0.2]), createRng(1), { horizon: 1e6, capacity: 3 });
 * streamingGameOfArms(memory, createRng(2)).arm; //=> 1
 */
export function streamingGameOfArms(memory: ArmMemory, rng: Rng, options: GameOfArmsOptions = {}): StreamingRun {
  const K = memory.arms;
  const epsilon = epsilonOf(K, memory.horizon, options);
  const inverse = 1 / (epsilon * epsilon);
  const logK = log(K);
  const batches = Math.max(1, Math.floor(10 * log(Math.max(1, logK))));
  const start = ceilSamples(1.2 * inverse);
  const sampled = ceilSamples(logK * inverse);
  const share = 1.5 / Math.max(logK, 1.5);

  let king = -1;
  let estimate = 0;
  let budget = 0;
  let reserve = -1;
  let reserveMean = -1;
  let duels = 0;
  for (let arm = memory.read(); arm !== undefined; arm = memory.read()) {
    // The reserve first: the arm is then let go by one line only, below.
    let kept = false;
    if (rng() < share) {
      if (sampled > memory.remaining()) return commit(memory, king < 0 ? arm : king, true);
      const mean = memory.pull(arm, sampled);
      if (mean > reserveMean) {
        if (reserve >= 0 && reserve !== king) memory.discard(reserve);
        reserve = arm;
        reserveMean = mean;
        kept = true;
      }
    }
    let crowned = king < 0;
    if (!crowned) {
      budget += inverse;
      crowned = true;
      for (let l = 0; l < batches; l++) {
        const batch = ceilSamples(pow(2, l) * inverse);
        if (budget < batch) break;
        if (batch > memory.remaining()) return commit(memory, king, true);
        budget -= batch;
        duels += batch;
        if (memory.pull(arm, batch) <= estimate - epsilon / 5) {
          crowned = false;
          break;
        }
      }
    }
    if (crowned) {
      if (start > memory.remaining()) return commit(memory, king < 0 ? arm : king, true);
      const mean = memory.pull(arm, start);
      duels += start;
      estimate = king < 0 ? mean : Math.max(estimate, mean);
      if (king >= 0 && king !== reserve) memory.discard(king);
      king = arm;
      budget = 1.2 * inverse;
    } else if (!kept) memory.discard(arm);
  }
  const overspent = duels > 10 * K * inverse && reserve >= 0;
  return commit(memory, overspent ? reserve : king, false);
}
