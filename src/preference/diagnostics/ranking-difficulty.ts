// How much of the loss a pair must lose before the policy ranks it correctly, and which pairs changed their ranking.
//
// A. Chen et al., "Preference Learning Algorithms Do Not Learn Preference Rankings", arXiv:2405.19534: the
// loss at which a ranking turns.
//
//   paper   here             meaning
//   c       refLogRatio      log π_ref(y_l) - log π_ref(y_w): above 0 the reference ranks the pair wrongly

import { checkNumber, checkPositive } from '../../internal/check.js';
import { softplus } from '../../special/logistic.js';
import { arraySize, checkLogProbs } from '../losses/pair-batch.js';

export type RankingClass = 'right' | 'easy' | 'hard';

export interface RankingDifficultyOptions {
  /** β > 0. Default 0.1. */
  beta?: number;
  /** Factor of the reference's log-ratio, as in `dpoLoss`. Default 1. */
  gamma?: number;
  /** A pair that the reference ranks wrongly is 'easy' while c is below this, in nats. Default 1/β, where the threshold is 0.31. */
  flipScale?: number;
}

export interface RankingDifficulty {
  /** c = γ (log π_ref(y_l) - log π_ref(y_w)). */
  refLogRatio: Float64Array;
  /** -log σ(β c): the policy ranks the pair correctly iff its DPO loss is at most this. */
  lossThreshold: Float64Array;
  /** Whether -c >= -1/(2β): then IPO's minimum ranks the pair correctly. */
  ipoReachable: boolean[];
  /** (1/(2β) - c)², the IPO loss at which the policy's two likelihoods are equal; 0 where IPO cannot reach. */
  ipoLossThreshold: Float64Array;
  /** 'right' c <= 0, 'easy' 0 < c < flipScale, 'hard' otherwise. */
  classes: RankingClass[];
}

/**
 * The DPO loss below which each pair is ranked correctly: with c = log π_ref(y_l)/π_ref(y_w),
 *
 *   π(y_w) >= π(y_l)  iff  -log σ(β h) <= -log σ(β c).
 *
 * A reference that is wrong by c = 50 at β = 0.1 asks for a loss of 0.0067. O(B).
 *
 * @throws RangeError on unequal lengths, an empty batch, NaN, +Infinity, two -Infinity in a pair, or an option out of range
 *
 * @example
 * rankingDifficulty([-1], [-1]).lossThreshold; //=> Float64Array.of(Math.LN2)
 */
export function rankingDifficulty(
  refChosen: ArrayLike<number>,
  refRejected: ArrayLike<number>,
  options: RankingDifficultyOptions = {},
): RankingDifficulty {
  const beta = checkPositive('beta', options.beta ?? 0.1);
  const gamma = checkNumber('gamma', options.gamma ?? 1);
  const flipScale = checkNumber('flipScale', options.flipScale ?? 1 / beta, 0);
  const n = arraySize('refChosen', refChosen);
  if (n === 0) throw new RangeError('refChosen must not be empty');
  checkLogProbs('refChosen', refChosen, n);
  checkLogProbs('refRejected', refRejected, n);
  const result: RankingDifficulty = {
    refLogRatio: new Float64Array(n),
    lossThreshold: new Float64Array(n),
    ipoReachable: [],
    ipoLossThreshold: new Float64Array(n),
    classes: [],
  };
  for (let i = 0; i < n; i++) {
    const ratio = refRejected[i] - refChosen[i];
    if (ratio !== ratio) throw new RangeError(`pair ${i}: refChosen and refRejected are both -Infinity`);
    const c = gamma === 0 ? 0 : gamma * ratio;
    const reach = 1 / (2 * beta) - c;
    result.refLogRatio[i] = c;
    result.lossThreshold[i] = softplus(-beta * c);
    result.ipoReachable.push(reach >= 0);
    result.ipoLossThreshold[i] = reach >= 0 ? reach * reach : 0;
    result.classes.push(c <= 0 ? 'right' : c < flipScale ? 'easy' : 'hard');
  }
  return result;
}

/** Log-probabilities of the two sides of some pairs. */
export interface PairLogProbs {
  chosen: ArrayLike<number>;
  rejected: ArrayLike<number>;
}

export interface RankingTransitions {
  correctToCorrect: number;
  correctToIncorrect: number;
  incorrectToCorrect: number;
  incorrectToIncorrect: number;
}

/**
 * How many pairs kept and changed their ranking between two policies. Correct means π(y_w) >= π(y_l). O(B).
 *
 * @throws RangeError on unequal lengths, NaN or +Infinity
 *
 * @example
 * rankingTransitions({ chosen: [-2], rejected: [-1] }, { chosen: [-1], rejected: [-2] }).incorrectToCorrect; //=> 1
 */
export function rankingTransitions(before: PairLogProbs, after: PairLogProbs): RankingTransitions {
  const n = arraySize('before.chosen', before.chosen);
  checkLogProbs('before.chosen', before.chosen, n);
  checkLogProbs('before.rejected', before.rejected, n);
  checkLogProbs('after.chosen', after.chosen, n);
  checkLogProbs('after.rejected', after.rejected, n);
  const counts = { correctToCorrect: 0, correctToIncorrect: 0, incorrectToCorrect: 0, incorrectToIncorrect: 0 };
  for (let i = 0; i < n; i++) {
    const was = before.chosen[i] >= before.rejected[i];
    const is = after.chosen[i] >= after.rejected[i];
    if (was) counts[is ? 'correctToCorrect' : 'correctToIncorrect'] += 1;
    else counts[is ? 'incorrectToCorrect' : 'incorrectToIncorrect'] += 1;
  }
  return counts;
}
