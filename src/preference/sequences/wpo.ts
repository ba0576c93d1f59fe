// Weights that make off-policy pairs count as much as the policy would produce them.

import { checkInteger } from '../../internal/check.js';
import { exp } from '../../special/exp.js';
import { expUnit } from '../../special/exp-unit.js';
import { log } from '../../special/log.js';
import { log1p } from '../../special/log1p.js';
import { checkSize } from '../losses/pair-batch.js';
import { badRow, rowLargest, scanRow } from './row-sums.js';

export interface WpoInputs {
  /** B·T·V logits of the policy, flat row-major. */
  logits: ArrayLike<number>;
  /** B·T tokens, aligned with the logits (no shift); -100 does not count. */
  labels: ArrayLike<number>;
  /** [B, T, V]. */
  shape: readonly [number, number, number];
}

export interface WpoWeights {
  /** exp of the mean log-probability of a token, for each response. */
  plain: Float64Array;
  /** exp of the mean of log p(y_t) - log Σ_v p_v²: likelihood against that of the policy's own samples; may exceed 1. */
  aligned: Float64Array;
}

/**
 * Weighted preference optimization: the weight of a response under the current policy, plain and aligned to samples.
 * The weight of a pair, for `weights` of a loss, is the product of its two.
 *
 * W. Zhou et al., arXiv:2406.11827, equation 2 (aligned to samples). log Σ p² = log Σ e^{2z} - 2 log Σ e^z. A response without a
 * counted token has weight 1. O(B T V).
 *
 * @throws RangeError on wrong lengths, a label outside [0, V), NaN or Infinity among the logits
 *
 * @example
 * wpoWeights({ logits: [0, 0], labels: [1], shape: [1, 1, 2] }).aligned; //=> Float64Array.of(1)
 */
export function wpoWeights(inputs: WpoInputs): WpoWeights {
  const { logits, labels, shape } = inputs;
  const [B, T, V] = shape;
  checkInteger('shape[0]', B, 1);
  checkInteger('shape[1]', T, 1);
  checkInteger('shape[2]', V, 1);
  checkSize('logits', logits, B * T * V);
  checkSize('labels', labels, B * T);
  const plain = new Float64Array(B);
  const aligned = new Float64Array(B);
  for (let b = 0; b < B; b++) {
    let count = 0;
    let logP = 0;
    let logAligned = 0;
    for (let t = 0; t < T; t++) {
      const label = labels[b * T + t];
      if (label === -100) continue;
      if (!(label >= 0 && label < V && Number.isInteger(label))) {
        throw new RangeError(`labels[${b * T + t}] must be an integer in [0, ${V - 1}] or -100, got ${label}`);
      }
      const base = (b * T + t) * V;
      const rest = scanRow(logits, base, V, 1);
      if (rest !== rest) throw badRow(logits, base, V);
      const largest = rowLargest[0];
      let squares = 0;
      for (let v = base; v < base + V; v++) {
        const e = expUnit(logits[v] - largest);
        squares += e * e;
      }
      const logSum = log1p(rest);
      const token = logits[base + label] - largest - logSum;
      count += 1;
      logP += token;
      logAligned += token - (log(squares) - 2 * logSum);
    }
    plain[b] = count === 0 ? 1 : exp(logP / count);
    aligned[b] = count === 0 ? 1 : exp(logAligned / count);
  }
  return { plain, aligned };
}
