// Nested draft models: an easy token is drafted by a small model, a hard one by a larger.

import { checkNumber } from '../../internal/check.js';
import type { LogitsFn } from '../generate/model.js';

/** Draft models in the order they are asked, and when the next one takes over. */
export interface NestedDraft {
  models: readonly LogitsFn[];
  /** Time of a step of each model. */
  costs: readonly number[];
  /** A model hands over when the largest probability of its distribution is below its threshold. */
  thresholds: readonly number[];
}

/**
 * Sorted speculative decoding with several drafts (S2D): each token is drafted by the first model whose largest probability
 * reaches its threshold; if not even the last one's does, its token is submitted and drafting stops.
 *
 * Lossless: the row handed to the verifier is that of the model that drew the token, and the routing looks at distributions,
 * never at the token drawn. P. Kavehzadeh, M. Pourreza, M. Valipour et al., "S2D: Sorted Speculative Decoding for More Efficient
 * Deployment of Nested Large Language Models", arXiv:2407.01955; nesting by confidence thresholds as the paper describes it.
 *
 * @param nested thresholds in [0, 1]
 * @throws RangeError if the lists are empty or of different lengths, a threshold is outside [0, 1] or a cost is negative
 *
 * @example
 * nestedDraft({ models: [() => [[0, 0]]], costs: [1], thresholds: [0.4] }).thresholds; //=> [0.4]
 */
export function nestedDraft(nested: NestedDraft): NestedDraft {
  const { models, costs, thresholds } = nested;
  if (models.length === 0) throw new RangeError('models must not be empty');
  if (costs.length !== models.length) throw new RangeError(`costs must have length ${models.length}`);
  if (thresholds.length !== models.length) throw new RangeError(`thresholds must have length ${models.length}`);
  thresholds.forEach((threshold, i) => checkNumber(`thresholds[${i}]`, threshold, 0, 1));
  costs.forEach((cost, i) => checkNumber(`costs[${i}]`, cost, 0));
  return { models: [...models], costs: [...costs], thresholds: [...thresholds] };
}
