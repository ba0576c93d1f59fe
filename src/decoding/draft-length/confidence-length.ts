// Stop drafting after a token that the draft itself was not sure of, with a threshold that may learn from the rounds.

import { checkInteger, checkNumber } from '../../internal/check.js';
import type { LengthPolicy } from './length-policy.js';

export interface ConfidenceLengthOptions {
  /** Stop after a token whose draft probability is below this, in [0, 1]. Default 0.4. */
  threshold?: number;
  /** Fewest tokens, at least 1. Default 1. */
  min?: number;
  /** Most tokens. Default 20. */
  max?: number;
  /** Move the threshold after each round to the best separation of accepted from rejected tokens seen so far. Default false. */
  adaptThreshold?: boolean;
}

export interface ConfidenceLengthState {
  threshold: number;
  /** Draft probabilities of the tokens tested so far; empty unless the threshold adapts. */
  confidences: number[];
  /** Whether each of them was accepted. */
  matched: boolean[];
}

/**
 * Drafts until a token has confidence d(token) below the threshold; that token is still submitted, so nothing is lost.
 *
 * The dynamic lookahead of J. Mamou et al., "Dynamic Speculation Lookahead Accelerates Speculative Decoding of Large Language
 * Models", arXiv:2405.04304, and of assisted generation in the transformers library, whose default threshold is 0.4. With
 * `adaptThreshold`, once more than five tokens with both outcomes are known, the threshold becomes `rocThreshold` of them.
 *
 * @throws RangeError if an option is out of range
 *
 * @example
 * confidenceLength().shouldContinue({ threshold: 0.4, confidences: [], matched: [] }, { index: 2, token: 5, probabilities: null, confidence: 0.3, context: [] }); //=> false
 */
export function confidenceLength(options: ConfidenceLengthOptions = {}): LengthPolicy<ConfidenceLengthState> {
  const threshold = checkNumber('threshold', options.threshold ?? 0.4, 0, 1);
  const min = checkInteger('min', options.min ?? 1, 1);
  const max = checkInteger('max', options.max ?? 20, min);
  const adapt = options.adaptThreshold ?? false;
  return {
    init: () => ({ threshold, confidences: [], matched: [] }),
    limit: () => max,
    shouldContinue: (state, { index, confidence }) => index + 1 < min || confidence >= state.threshold,
    update(state, { accepted, drafted, confidences }) {
      if (!adapt) return state;
      // Tokens after the first rejection were not tested: whether they would have matched is not known.
      const tested = Math.min(drafted, accepted + 1);
      const known = [...state.confidences, ...confidences.slice(0, tested)];
      const matched = [...state.matched, ...confidences.slice(0, tested).map((_, i) => i < accepted)];
      const enough = known.length > 5 && matched.includes(true) && matched.includes(false);
      return { threshold: enough ? rocThreshold(known, matched) : state.threshold, confidences: known, matched };
    },
  };
}

/**
 * The threshold among the observed confidences that minimizes fpr + 3 fnr, a token counting as predicted accepted when its
 * confidence is at least the threshold: a missed acceptance weighs three times as much as a wasted draft. The smallest on ties.
 *
 * O(n log n).
 *
 * @throws RangeError if the lengths differ or one of the outcomes is missing
 *
 * @example
 * rocThreshold([0.9, 0.8, 0.2, 0.3], [true, true, false, false]); //=> 0.8
 */
export function rocThreshold(confidences: ArrayLike<number>, matched: ArrayLike<boolean>): number {
  const n = confidences.length;
  if (matched.length !== n) throw new RangeError(`matched must have length ${n}, got ${matched.length}`);
  const order = Array.from({ length: n }, (_, i) => i).sort((i, j) => confidences[i] - confidences[j] || i - j);
  let positives = 0;
  for (let i = 0; i < n; i++) {
    checkNumber(`confidences[${i}]`, confidences[i], 0, 1);
    if (matched[i]) positives += 1;
  }
  const negatives = n - positives;
  if (positives === 0 || negatives === 0) throw new RangeError('matched must hold both outcomes');
  let best = confidences[order[0]];
  let lowest = Infinity;
  let missed = 0; // accepted tokens below the threshold
  let wasted = negatives; // rejected tokens at or above it
  for (let k = 0; k < n; k++) {
    const i = order[k];
    if (k === 0 || confidences[i] !== confidences[order[k - 1]]) {
      const cost = wasted / negatives + 3 * (missed / positives);
      if (cost < lowest) {
        lowest = cost;
        best = confidences[i];
      }
    }
    if (matched[i]) missed += 1;
    else wasted -= 1;
  }
  return best;
}
