// Exclude top choices.

import { checkNumber } from '../../internal/check.js';
import type { Rng } from '../../random/create-rng.js';
import { softmax } from '../../special/softmax.js';
import { probabilityScratch, receiveRow, widen } from './workspace.js';

export interface XtcOptions {
  /** A token of at least this probability is a top choice; in [0, 1]. */
  threshold: number;
  /** How often the top choices are excluded, in [0, 1]. */
  probability: number;
}

/**
 * XTC: with the given probability, when at least two tokens have pr >= threshold, removes all of these but the least
 * probable one (on a tie the highest index survives).
 *
 * Draws one uniform if the probability is strictly between 0 and 1, none otherwise. P. E. Weidmann's sampler, as merged in
 * text-generation-webui (pull request 6335).
 *
 * @param out receives the logits kept, the rest -Infinity; may be `logits` itself
 * @throws RangeError if an option is outside [0, 1] or logits has no softmax
 *
 * @example
 * applyXtc([0, -0.5, -3], () => 0, { threshold: 0.1, probability: 1 }); //=> Float64Array.of(-Infinity, -0.5, -3)
 */
export function applyXtc(logits: ArrayLike<number>, rng: Rng, options: XtcOptions, out?: Float64Array): Float64Array {
  const threshold = checkNumber('threshold', options.threshold, 0, 1);
  const probability = checkNumber('probability', options.probability, 0, 1);
  const n = logits.length;
  const result = receiveRow(n, out);
  const row = widen(logits);
  const pr = softmax(row, {}, probabilityScratch(n));
  const applies = probability === 1 || (probability > 0 && rng() < probability);
  let survivor = -1;
  if (applies) {
    for (let i = 0; i < n; i++) {
      if (pr[i] >= threshold && pr[i] > 0 && (survivor < 0 || pr[i] <= pr[survivor])) survivor = i;
    }
  }
  for (let i = 0; i < n; i++) result[i] = survivor >= 0 && i !== survivor && pr[i] >= threshold ? -Infinity : row[i];
  return result;
}
