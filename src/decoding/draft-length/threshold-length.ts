// SpecDec++: stop drafting when a rejection has become likely.
//
// K. Huang, X. Guo, M. Wang, "SpecDec++: Boosting Speculative Decoding via Adaptive Candidate Lengths", arXiv:2405.19715,
// section 3.2 (the rule) and Theorem 3.1 (that the optimal rule is of this form; `optimalStoppingPolicy` computes it).
//
//   â_i   predicted probability that drafted token i is accepted, given that those before it are
//   A_k   Π_{i<=k} â_i, the predicted probability that the first k tokens all pass
//   h     threshold: stop as soon as 1 - A_k > h

import { checkInteger, checkNumber } from '../../internal/check.js';
import type { DraftedTokenInfo, LengthPolicy } from './length-policy.js';

export interface StopRuleOptions {
  /** h in [0, 1]: stop when the predicted probability of a rejection exceeds it. Default 0.7. */
  threshold?: number;
  /** Fewest tokens, at least 1; wins over the rule. Default 2. */
  minLength?: number;
  /** Most tokens; wins over the rule. Default 20. */
  maxLength?: number;
  /** 0: the published rule. 1: the released code, whose head at token k knows only the predictions before k. Default 0. */
  lag?: 0 | 1;
}

/**
 * Number of tokens drafted when the acceptance predictions are known in advance: the smallest k with 1 - Π_{i<=k} â_i > h,
 * kept within `minLength` and `maxLength`; all predictions if the rule never fires.
 *
 * @param predicted â, each in [0, 1]
 * @throws RangeError if a prediction or an option is out of range
 *
 * @example
 * specDecStop([0.9, 0.8, 0.3, 0.9], { threshold: 0.5 }); //=> 3
 * specDecStop([0.9, 0.8, 0.3, 0.9], { threshold: 0.5, lag: 1 }); //=> 4
 */
export function specDecStop(predicted: ArrayLike<number>, options: StopRuleOptions = {}): number {
  const { threshold, minLength, maxLength, lag } = checkRule(options);
  for (let i = 0; i < predicted.length; i++) checkNumber(`predicted[${i}]`, predicted[i], 0, 1);
  const longest = Math.min(maxLength, predicted.length);
  let survival = 1;
  for (let k = 1; k < longest; k++) {
    if (k > lag) survival *= predicted[k - 1 - lag];
    if (k >= minLength && 1 - survival > threshold) return k;
  }
  return longest;
}

export interface ThresholdLengthOptions extends StopRuleOptions {
  /** â for the token just drafted, in [0, 1]: an `acceptanceHead`, or any other guess. Default: the draft's own probability of it. */
  predictor?: (info: DraftedTokenInfo) => number;
}

export interface ThresholdLengthState {
  /** A of the tokens drafted in this round. */
  survival: number;
  /** The last prediction, which a lagging rule has not counted yet. */
  last: number;
}

/**
 * The rule of SpecDec++ as a length policy.
 *
 * Lossless with every lossless verifier: the token at which the rule stops is submitted like the others.
 *
 * @throws RangeError if an option is out of range, and during a run if the predictor leaves [0, 1]
 *
 * @example
 * const policy = thresholdLength({ predictor: () => 0.5, minLength: 1 });
 * const info = { index: 0, token: 0, probabilities: null, confidence: 1, context: [] };
 * const once = policy.observe(policy.init(), info);
 * [policy.shouldContinue(once, info), policy.shouldContinue(policy.observe(once, info), { ...info, index: 1 })]; //=> [true, false]
 */
export function thresholdLength(
  options: ThresholdLengthOptions = {},
): LengthPolicy<ThresholdLengthState> & Required<Pick<LengthPolicy<ThresholdLengthState>, 'observe'>> {
  const { threshold, minLength, maxLength, lag } = checkRule(options);
  const { predictor = ({ confidence }) => confidence } = options;
  const fresh = (): ThresholdLengthState => ({ survival: 1, last: 1 });
  return {
    init: fresh,
    restart: fresh,
    limit: () => maxLength,
    observe({ survival, last }, info) {
      const predicted = checkNumber('predictor(info)', predictor(info), 0, 1);
      return { survival: survival * (lag === 0 ? predicted : last), last: predicted };
    },
    shouldContinue: ({ survival }, { index }) => index + 1 < minLength || !(1 - survival > threshold),
    update: fresh,
  };
}

function checkRule(options: StopRuleOptions): Required<StopRuleOptions> {
  const threshold = checkNumber('threshold', options.threshold ?? 0.7, 0, 1);
  const minLength = checkInteger('minLength', options.minLength ?? 2, 1);
  const maxLength = checkInteger('maxLength', options.maxLength ?? 20, 1);
  if (minLength > maxLength)
    throw new RangeError(`minLength must be at most maxLength (${maxLength}), got ${minLength}`);
  const lag = options.lag ?? 0;
  if (lag !== 0 && lag !== 1) throw new RangeError(`lag must be 0 or 1, got ${String(lag)}`);
  return { threshold, minLength, maxLength, lag };
}
