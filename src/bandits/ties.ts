/** The largest of some indices, and what happens when it is not alone. */
import { checkOption } from '../internal/check.js';
import type { Rng } from '../random/create-rng.js';

/**
 * 'first': the lowest arm, no draw. 'random': a uniform one of the exact maxima; one draw, also when there is only one
 * maximum. Arms never played come first and in order in both.
 */
export type Ties = 'first' | 'random';

export interface TieOptions {
  /** Which of several best arms is played. Default 'first'. */
  ties?: Ties;
}

export function checkTies(options: TieOptions): Ties {
  return checkOption('ties', options.ties ?? 'first', ['first', 'random']);
}

/** Position of the largest value by the given rule. */
export function selectLargest(values: Float64Array, ties: Ties, rng: Rng): number {
  let best = 0;
  let count = 1;
  for (let i = 1; i < values.length; i++) {
    if (values[i] > values[best]) {
      best = i;
      count = 1;
    } else if (values[i] === values[best]) count += 1;
  }
  if (ties === 'first' || values[best] === Infinity) return best;
  let rank = Math.min(Math.floor(rng() * count), count - 1);
  const largest = values[best];
  for (let i = best; ; i++) if (values[i] === largest && rank-- === 0) return i;
}

/** Position of the largest mean, the lowest among equals; arms never played count as -Infinity. */
export function bestMeanArm(counts: Int32Array, sums: Float64Array): number {
  let best = 0;
  let bestMean = -Infinity;
  for (let i = 0; i < counts.length; i++) {
    if (counts[i] === 0) continue;
    const mean = sums[i] / counts[i];
    if (mean > bestMean) {
      bestMean = mean;
      best = i;
    }
  }
  return best;
}
