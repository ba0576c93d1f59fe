// Advantages of several responses to one prompt, measured against each other.
//
// RLOO: A. Ahmadian et al., "Back to basics: revisiting REINFORCE-style optimization", arXiv:2402.14740
//       (W. Kool, H. van Hoof, M. Welling, 2019).
// GRPO: Z. Shao et al., "DeepSeekMath", arXiv:2402.03300.
//
//   r_i reward of response i, G groupSize: responses i with the same floor(i / G) answer one prompt

import { checkInteger, checkNumber, checkOption } from '../internal/check.js';
import { reuse } from './tokens.js';

export interface GroupOptions {
  /** Allow NaN rewards, which mean "could not be scored": out of the group's statistics, advantage 0. Default false. */
  allowMissing?: boolean;
}

/**
 * Leave-one-out advantages A_i = r_i - mean of the other G - 1 rewards = G/(G-1) (r_i - group mean); they sum to 0 in a
 * group, and as a baseline that does not look at r_i it leaves the policy gradient unbiased. A response alone among
 * missing ones gets 0. O(B).
 *
 * @param rewards length a multiple of groupSize
 * @param groupSize G, at least 2
 * @throws RangeError if groupSize is below 2 or does not divide the length, or a reward is NaN without `allowMissing`
 *
 * @example
 * rlooAdvantages([1, 0, 0, 0], 4); //=> Float64Array.of(1, -1 / 3, -1 / 3, -1 / 3)
 */
export function rlooAdvantages(
  rewards: ArrayLike<number>,
  groupSize: number,
  options: GroupOptions = {},
  out?: Float64Array,
): Float64Array {
  const B = checkGroups(rewards, groupSize, options);
  const advantages = reuse(out, B);
  for (let start = 0; start < B; start += groupSize) {
    let total = 0;
    let n = 0;
    for (let i = start; i < start + groupSize; i++) {
      if (Number.isNaN(rewards[i])) continue;
      total += rewards[i];
      n += 1;
    }
    for (let i = start; i < start + groupSize; i++) {
      const r = rewards[i];
      advantages[i] = Number.isNaN(r) || n < 2 ? 0 : r - (total - r) / (n - 1);
    }
  }
  return advantages;
}

export interface GrpoAdvantageOptions extends GroupOptions {
  /** Divide by the deviation of the group, of the whole batch, or not at all (Dr. GRPO). Default 'group'. */
  scale?: 'group' | 'batch' | 'none';
  /** Added to the deviation, at least 0. Default 1e-4, as in TRL; other codes use 1e-2. */
  eps?: number;
  /** The deviation divides by n - ddof, 0 or 1. Default 1. */
  ddof?: 0 | 1;
}

/**
 * A_i = (r_i - group mean) / (deviation + eps). A group whose rewards are all equal gets 0. O(B).
 *
 * Dividing by the group's deviation weights easy and hard prompts up; `scale: 'none'` leaves that out (arXiv:2503.20783).
 *
 * @param rewards length a multiple of groupSize
 * @param groupSize G, at least 2
 * @throws RangeError if groupSize is below 2 or does not divide the length, or a reward is NaN without `allowMissing`
 *
 * @example
 * grpoAdvantages([1, 0, 3, 3], 2, { scale: 'none' }); //=> Float64Array.of(0.5, -0.5, 0, 0)
 */
export function grpoAdvantages(
  rewards: ArrayLike<number>,
  groupSize: number,
  options: GrpoAdvantageOptions = {},
  out?: Float64Array,
): Float64Array {
  const B = checkGroups(rewards, groupSize, options);
  const scale = checkOption('scale', options.scale ?? 'group', ['group', 'batch', 'none']);
  const eps = checkNumber('eps', options.eps ?? 1e-4, 0);
  const ddof = checkInteger('ddof', options.ddof ?? 1, 0, 1);
  const advantages = reuse(out, B);
  const whole = scale === 'batch' ? spread(rewards, 0, B, ddof).deviation : 0;
  for (let start = 0; start < B; start += groupSize) {
    const { mean, deviation } = spread(rewards, start, start + groupSize, ddof);
    const divisor = scale === 'none' ? 1 : (scale === 'group' ? deviation : whole) + eps;
    for (let i = start; i < start + groupSize; i++) {
      // a deviation of 0 without eps means that every difference is 0 too
      advantages[i] = Number.isNaN(rewards[i]) || divisor === 0 ? 0 : (rewards[i] - mean) / divisor;
    }
  }
  return advantages;
}

/** Mean and deviation of the rewards that are there, in two passes. */
function spread(
  rewards: ArrayLike<number>,
  start: number,
  end: number,
  ddof: number,
): { mean: number; deviation: number } {
  let total = 0;
  let n = 0;
  let first = NaN;
  let equal = true;
  for (let i = start; i < end; i++) {
    if (Number.isNaN(rewards[i])) continue;
    if (n === 0) first = rewards[i];
    else if (rewards[i] !== first) equal = false;
    total += rewards[i];
    n += 1;
  }
  if (n === 0 || equal) return { mean: n === 0 ? 0 : first, deviation: 0 };
  const mean = total / n;
  let squares = 0;
  for (let i = start; i < end; i++) {
    if (!Number.isNaN(rewards[i])) squares += (rewards[i] - mean) * (rewards[i] - mean);
  }
  return { mean, deviation: Math.sqrt(squares / (n - ddof)) };
}

function checkGroups(rewards: ArrayLike<number>, groupSize: number, { allowMissing = false }: GroupOptions): number {
  checkInteger('groupSize', groupSize, 2);
  if (rewards === null || typeof rewards !== 'object') throw new TypeError('rewards must be an array of numbers');
  const B = rewards.length;
  if (B === 0 || B % groupSize !== 0) {
    throw new RangeError(`rewards must have a length that is a positive multiple of ${groupSize}, got ${B}`);
  }
  for (let i = 0; i < B; i++) {
    if (Number.isFinite(rewards[i])) continue;
    if (!(allowMissing && Number.isNaN(rewards[i]))) {
      throw new RangeError(`rewards[${i}] must be finite, got ${rewards[i]}`);
    }
  }
  return B;
}
