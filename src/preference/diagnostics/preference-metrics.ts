// What to measure on pairs: rewards against rewards, and likelihoods against likelihoods, which are different questions.
//
// A. Chen et al., "Preference Learning Algorithms Do Not Learn Preference Rankings", arXiv:2405.19534 (ranking
// accuracy). R. Rafailov et al., arXiv:2305.18290 (implicit rewards).

import { checkPositive, checkVector } from '../../internal/check.js';
import { arraySize, checkLengths, checkLogProbs, checkSize, type PairBatch } from '../losses/pair-batch.js';

export interface PreferenceMetrics {
  /** β (log π - log π_ref) of the chosen and the rejected responses, and their differences. */
  chosenRewards: Float64Array;
  rejectedRewards: Float64Array;
  margins: Float64Array;
  meanMargin: number;
  /** Fraction with chosen reward > rejected reward: does the policy differ from the reference in the right direction? */
  rewardAccuracy: number;
  /** Fraction with π(y_w) >= π(y_l): would the policy rank the pair correctly? Ties count as correct. */
  rankingAccuracy: number;
  /** The same per token; with lengths only. */
  rankingAccuracyNormalized?: number;
  /** Ranking accuracy of the reference; with a reference only. */
  refRankingAccuracy?: number;
}

/**
 * Rewards, margins, reward accuracy and ranking accuracy of a batch of pairs.
 *
 * Reward accuracy compares log-ratios to the reference; ranking accuracy compares likelihoods. The first can be near 1
 * while the second stays below 0.6. Without a reference the rewards are β log π. O(B).
 *
 * @throws RangeError on NaN, +Infinity, unequal lengths, an empty batch, β <= 0, a length below 1, or a pair whose
 *   policy and reference, or two rewards, are infinite together
 *
 * @example
 * const batch = { policyChosen: [-9], policyRejected: [-8], refChosen: [-12], refRejected: [-10] };
 * const { rewardAccuracy, rankingAccuracy } = preferenceMetrics(batch);
 * [rewardAccuracy, rankingAccuracy]; //=> [1, 0]
 */
export function preferenceMetrics(batch: PairBatch, options: { beta?: number } = {}): PreferenceMetrics {
  const beta = checkPositive('beta', options.beta ?? 0.1);
  const { policyChosen: pw, policyRejected: pl, refChosen: rw, refRejected: rl } = batch;
  const { chosenLengths: lw, rejectedLengths: ll } = batch;
  const n = arraySize('policyChosen', pw);
  if (n === 0) throw new RangeError('policyChosen must not be empty');
  checkLogProbs('policyChosen', pw, n);
  checkLogProbs('policyRejected', pl, n);
  if ((rw === undefined) !== (rl === undefined))
    throw new TypeError('refChosen and refRejected must be given together');
  if ((lw === undefined) !== (ll === undefined)) {
    throw new TypeError('chosenLengths and rejectedLengths must be given together');
  }
  if (rw !== undefined && rl !== undefined) {
    checkLogProbs('refChosen', rw, n);
    checkLogProbs('refRejected', rl, n);
  }
  if (lw !== undefined && ll !== undefined) {
    checkLengths('chosenLengths', lw, n, 'preferenceMetrics');
    checkLengths('rejectedLengths', ll, n, 'preferenceMetrics');
  }
  const result: PreferenceMetrics = {
    chosenRewards: new Float64Array(n),
    rejectedRewards: new Float64Array(n),
    margins: new Float64Array(n),
    meanMargin: 0,
    rewardAccuracy: 0,
    rankingAccuracy: 0,
  };
  let rewarded = 0;
  let ranked = 0;
  let rankedPerToken = 0;
  let refRanked = 0;
  for (let i = 0; i < n; i++) {
    const chosen = beta * (rw === undefined ? pw[i] : pw[i] - rw[i]);
    const rejected = beta * (rl === undefined ? pl[i] : pl[i] - rl[i]);
    const margin = chosen - rejected;
    if (margin !== margin) throw new RangeError(`pair ${i}: the difference of its rewards is infinite minus infinite`);
    result.chosenRewards[i] = chosen;
    result.rejectedRewards[i] = rejected;
    result.margins[i] = margin;
    result.meanMargin += margin / n;
    if (chosen > rejected) rewarded += 1;
    if (pw[i] >= pl[i]) ranked += 1;
    if (lw !== undefined && ll !== undefined && pw[i] / lw[i] >= pl[i] / ll[i]) rankedPerToken += 1;
    if (rw !== undefined && rl !== undefined && rw[i] >= rl[i]) refRanked += 1;
  }
  result.rewardAccuracy = rewarded / n;
  result.rankingAccuracy = ranked / n;
  if (lw !== undefined) result.rankingAccuracyNormalized = rankedPerToken / n;
  if (rw !== undefined) result.refRankingAccuracy = refRanked / n;
  return result;
}

/**
 * Ranking accuracy for prompts with more than two responses: the fraction of all ordered pairs "a is preferred to b" with
 * log π(a) >= log π(b), pooled over the prompts.
 *
 * @param logProbs for each prompt the log-probabilities of its responses
 * @param rankings for each prompt the responses' indices, best first; those that it leaves out count for nothing
 * @throws RangeError if the numbers of prompts differ, an index is out of range or repeated, a value is NaN, or no pair is left
 *
 * @example
 * rankingAccuracyK([[-1, -3, -2]], [[0, 1, 2]]); //=> 2 / 3
 */
export function rankingAccuracyK(
  logProbs: ArrayLike<ArrayLike<number>>,
  rankings: ArrayLike<ArrayLike<number>>,
): number {
  checkSize('rankings', rankings, arraySize('logProbs', logProbs));
  let correct = 0;
  let pairs = 0;
  for (let p = 0; p < logProbs.length; p++) {
    const values = logProbs[p];
    const ranking = rankings[p];
    checkLogProbs(`logProbs[${p}]`, values, arraySize(`logProbs[${p}]`, values));
    arraySize(`rankings[${p}]`, ranking);
    const seen = new Set<number>();
    for (let i = 0; i < ranking.length; i++) {
      const item = ranking[i];
      if (!(Number.isInteger(item) && item >= 0 && item < values.length) || seen.has(item)) {
        throw new RangeError(`rankings[${p}][${i}] must be a new index below ${values.length}, got ${item}`);
      }
      seen.add(item);
      for (let j = 0; j < i; j++) {
        pairs += 1;
        if (values[ranking[j]] >= values[item]) correct += 1;
      }
    }
  }
  if (pairs === 0) throw new RangeError('rankings must hold at least one pair');
  return correct / pairs;
}

/** Mean, least and largest margin, and the fraction of margins above 0, of the rewards of some pairs. */
export interface RewardMargins {
  margins: Float64Array;
  mean: number;
  min: number;
  max: number;
  accuracy: number;
}

/**
 * Margins chosen - rejected of given rewards, from a reward model or implicit ones.
 *
 * @throws RangeError if the lengths differ, nothing is given, or a reward is not finite
 *
 * @example
 * rewardMargins([2, 0], [1, 1]).accuracy; //=> 0.5
 */
export function rewardMargins(chosen: ArrayLike<number>, rejected: ArrayLike<number>): RewardMargins {
  checkVector('chosen', chosen);
  checkVector('rejected', rejected, chosen.length);
  const n = chosen.length;
  if (n === 0) throw new RangeError('chosen must not be empty');
  const margins = new Float64Array(n);
  let mean = 0;
  let min = Infinity;
  let max = -Infinity;
  let correct = 0;
  for (let i = 0; i < n; i++) {
    const margin = chosen[i] - rejected[i];
    margins[i] = margin;
    mean += margin / n;
    min = Math.min(min, margin);
    max = Math.max(max, margin);
    if (margin > 0) correct += 1;
  }
  return { margins, mean, min, max, accuracy: correct / n };
}
