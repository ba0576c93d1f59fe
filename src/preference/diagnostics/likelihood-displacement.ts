// Likelihood displacement: the margin grows while the chosen response itself becomes less likely, and its mass goes elsewhere.
//
// N. Razin et al., "Unintentional Unalignment: Likelihood Displacement in Direct Preference Optimization",
// arXiv:2410.08847.

import { checkInteger, checkProbabilities } from '../../internal/check.js';
import { arraySize, checkLogProbs } from '../losses/pair-batch.js';

export interface DisplacementData {
  chosenBefore: ArrayLike<number>;
  chosenAfter: ArrayLike<number>;
  rejectedBefore: ArrayLike<number>;
  rejectedAfter: ArrayLike<number>;
}

export interface LikelihoodDisplacement {
  /** Changes of log π(y_w) and of log π(y_l). */
  deltaChosen: Float64Array;
  deltaRejected: Float64Array;
  /** The chosen response fell although the margin grew. */
  displaced: boolean[];
  displacedFraction: number;
  meanDeltaChosen: number;
  meanDeltaRejected: number;
}

/**
 * Which pairs were displaced between two policies: Δ log π(y_w) < 0 and Δ log π(y_w) - Δ log π(y_l) > 0. O(B).
 *
 * @throws RangeError on unequal lengths, an empty batch or a log-probability that is not finite and known
 *
 * @example
 * likelihoodDisplacement({ chosenBefore: [-1], chosenAfter: [-2], rejectedBefore: [-1], rejectedAfter: [-5] }).displaced; //=> [true]
 */
export function likelihoodDisplacement(data: DisplacementData): LikelihoodDisplacement {
  const { chosenBefore, chosenAfter, rejectedBefore, rejectedAfter } = data;
  const n = arraySize('chosenBefore', chosenBefore);
  if (n === 0) throw new RangeError('chosenBefore must not be empty');
  checkLogProbs('chosenBefore', chosenBefore, n);
  checkLogProbs('chosenAfter', chosenAfter, n);
  checkLogProbs('rejectedBefore', rejectedBefore, n);
  checkLogProbs('rejectedAfter', rejectedAfter, n);
  const deltaChosen = new Float64Array(n);
  const deltaRejected = new Float64Array(n);
  const displaced: boolean[] = [];
  let count = 0;
  let chosen = 0;
  let rejected = 0;
  for (let i = 0; i < n; i++) {
    deltaChosen[i] = chosenAfter[i] - chosenBefore[i];
    deltaRejected[i] = rejectedAfter[i] - rejectedBefore[i];
    const growth = deltaChosen[i] - deltaRejected[i];
    if (growth !== growth) throw new RangeError(`pair ${i}: a change is infinite minus infinite`);
    const fell = deltaChosen[i] < 0 && growth > 0;
    displaced.push(fell);
    if (fell) count += 1;
    chosen += deltaChosen[i];
    rejected += deltaRejected[i];
  }
  return {
    deltaChosen,
    deltaRejected,
    displaced,
    displacedFraction: count / n,
    meanDeltaChosen: chosen / n,
    meanDeltaRejected: rejected / n,
  };
}

export interface DisplacementTargetOptions {
  /** How many gainers to list. Default 5. */
  topK?: number;
  /** Outcomes whose rise does no harm, the chosen one always among them. Default only that one. */
  allowed?: ArrayLike<number>;
}

export interface DisplacementTargets {
  /** Outcomes that gained probability, most first, ties by lower index. The chosen one may be among them. */
  gainers: { outcome: number; gain: number; before: number; after: number }[];
  /** Change of the chosen and of the rejected outcome's probability. */
  chosenGain: number;
  rejectedGain: number;
  /** The largest gainer is neither the chosen outcome nor an allowed one. */
  catastrophic: boolean;
}

/**
 * Where the mass went: the outcomes that gained most between two distributions over the same set. O(V log V).
 *
 * @param before probabilities before training, length V
 * @param after probabilities after
 * @throws RangeError if a vector is no distribution, lengths differ, or an index is out of range
 *
 * @example
 * const { catastrophic, gainers } = displacementTargets([0.5, 0.4, 0.1], [0.3, 0.1, 0.6], { chosen: 0, rejected: 1 });
 * [catastrophic, gainers[0].outcome]; //=> [true, 2]
 */
export function displacementTargets(
  before: ArrayLike<number>,
  after: ArrayLike<number>,
  { chosen, rejected }: { chosen: number; rejected: number },
  options: DisplacementTargetOptions = {},
): DisplacementTargets {
  checkProbabilities('before', before);
  checkProbabilities('after', after);
  const V = before.length;
  if (after.length !== V) throw new RangeError(`after must have length ${V}, got ${after.length}`);
  checkInteger('chosen', chosen, 0, V - 1);
  checkInteger('rejected', rejected, 0, V - 1);
  const topK = checkInteger('topK', options.topK ?? 5, 1);
  const allowed = new Set([chosen]);
  const harmless = options.allowed ?? [];
  const size = arraySize('allowed', harmless);
  for (let i = 0; i < size; i++) {
    allowed.add(checkInteger(`allowed[${i}]`, harmless[i], 0, V - 1));
  }
  const gain = Float64Array.from(after, (p, i) => p - before[i]);
  const gainers = Array.from(gain, (_, outcome) => outcome)
    .filter((outcome) => gain[outcome] > 0)
    .sort((a, b) => gain[b] - gain[a] || a - b)
    .slice(0, topK)
    .map((outcome) => ({ outcome, gain: gain[outcome], before: before[outcome], after: after[outcome] }));
  return {
    gainers,
    chosenGain: gain[chosen],
    rejectedGain: gain[rejected],
    catastrophic: gainers.length > 0 && !allowed.has(gainers[0].outcome),
  };
}
