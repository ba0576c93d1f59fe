// Training data of an acceptance head: what the draft shows at a step, and how often the target accepts what it then draws.
//
// K. Huang, X. Guo, M. Wang (SpecDec++), arXiv:2405.19715, section 3.2 and appendix A: soft labels min(1, t/d), token mixing.

import { checkInteger, checkNumber } from '../../internal/check.js';
import type { Rng } from '../../random/create-rng.js';
import { categoricalIndex } from '../../special/categorical-index.js';
import { log } from '../../special/log.js';
import { softmax } from '../../special/softmax.js';
import type { LogitsFn } from '../generate/model.js';
import type { DraftedTokenInfo } from './length-policy.js';

/**
 * What the draft shows at a step: the largest probability, the entropy in nats, ln d(token), the gap between the two largest
 * probabilities, and the position in the round.
 *
 * For a token chosen without chance the row counts as the point mass on it. O(V).
 *
 * @example
 * draftStepFeatures({ index: 3, token: 1, probabilities: [0, 1], confidence: 1, context: [] }); //=> Float64Array.of(1, 0, 0, 1, 3)
 */
export function draftStepFeatures({ index, probabilities, confidence }: DraftedTokenInfo): Float64Array {
  if (probabilities === null) return Float64Array.of(1, 0, 0, 1, index);
  let first = 0;
  let second = 0;
  let entropy = 0;
  for (let x = 0; x < probabilities.length; x++) {
    const d = probabilities[x];
    if (d > first) [first, second] = [d, first];
    else if (d > second) second = d;
    if (d > 0) entropy -= d * log(d);
  }
  return Float64Array.of(first, entropy, log(confidence), first - second, index);
}

export interface AcceptanceDatasetOptions {
  /** Positions after each prompt, at least 1. Default 64. */
  length?: number;
  /** Probability that a position shows the target's token instead of the draft's and so has no label. Default 0.15. */
  mixRatio?: number;
  /** Of a drafted token. Default `draftStepFeatures`. */
  features?: (info: DraftedTokenInfo) => ArrayLike<number>;
}

export interface AcceptanceDataset {
  /** n × d, row-major. */
  features: { data: Float64Array; rows: number; columns: number };
  /** min(1, t(Y)/d(Y)) of the drafted token. */
  labels: Float64Array;
  /** 1 where the draft's token was kept. */
  mask: Uint8Array;
}

/**
 * Training data of an acceptance head: the target continues each prompt by X; at every position the draft offers
 * Y ~ d(·| X before it), with label min(1, t(Y)/d(Y)); the position shows Y, or with probability `mixRatio` X, and counts only
 * if it shows Y.
 *
 * Three uniforms a position: X, Y, mixing. One call of each model a position. `index` in the features counts from the prompt.
 *
 * @throws RangeError if there is no prompt, an option is out of range, or the models' vocabularies differ
 *
 * @example
 * const even = (prefixes) => prefixes.map(() => [0, 0]);
 * (await acceptanceDataset({ target: even, draft: even }, [[0]], createRng('demo'), { length: 3 })).labels; //=> Float64Array.of(1, 1, 1)
 */
export async function acceptanceDataset(
  models: { target: LogitsFn; draft: LogitsFn },
  prompts: readonly (readonly number[])[],
  rng: Rng,
  options: AcceptanceDatasetOptions = {},
): Promise<AcceptanceDataset> {
  if (prompts.length === 0) throw new RangeError('prompts must not be empty');
  const length = checkInteger('length', options.length ?? 64, 1);
  const mixRatio = checkNumber('mixRatio', options.mixRatio ?? 0.15, 0, 1);
  const featuresOf = options.features ?? draftStepFeatures;
  const labels: number[] = [];
  const mask: number[] = [];
  const rows: ArrayLike<number>[] = [];
  for (const prompt of prompts) {
    const context = prompt.slice();
    for (let index = 0; index < length; index++) {
      const [targetRow] = await models.target([context.slice()]);
      const [draftRow] = await models.draft([context.slice()]);
      if (targetRow.length !== draftRow.length) {
        throw new RangeError(
          `draft must have the vocabulary of the target, ${targetRow.length} tokens, got ${draftRow.length}`,
        );
      }
      const t = softmax(targetRow);
      const d = softmax(draftRow);
      const x = categoricalIndex(t, rng());
      const y = categoricalIndex(d, rng());
      mask.push(rng() < mixRatio ? 0 : 1);
      labels.push(Math.min(1, t[y] / d[y]));
      rows.push(featuresOf({ index, token: y, probabilities: d, confidence: d[y], context: [...context, y] }));
      context.push(x);
    }
  }
  const columns = rows[0].length;
  const data = new Float64Array(rows.length * columns);
  rows.forEach((row, i) => data.set(row, i * columns));
  return {
    features: { data, rows: rows.length, columns },
    labels: Float64Array.from(labels),
    mask: Uint8Array.from(mask),
  };
}
