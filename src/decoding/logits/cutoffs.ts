// Truncations by a threshold on the probability or on the logit.

import { checkInteger, checkNumber } from '../../internal/check.js';
import { exp } from '../../special/exp.js';
import { log } from '../../special/log.js';
import { softmax } from '../../special/softmax.js';
import { kthLargest } from './radix-select.js';
import type { FilterOptions } from './top-k.js';
import { checkLogits, probabilityScratch, receiveRow, widen } from './workspace.js';

export interface MinPOptions extends FilterOptions {
  /** Fraction of the largest probability, in [0, 1]. */
  minP: number;
}

/**
 * Min-p: keeps the tokens with pr_i >= minP max pr.
 *
 * M. N. Nguyen et al., "Turning Up the Heat: Min-p Sampling for Creative and Coherent LLM Outputs", arXiv:2407.01082.
 *
 * @param out receives the logits kept, the rest -Infinity; may be `logits` itself
 * @throws RangeError if minP is outside [0, 1] or logits has no softmax
 *
 * @example
 * applyMinP([0, -2, -0.5], { minP: 0.5 }); //=> Float64Array.of(0, -Infinity, -0.5)
 */
export function applyMinP(logits: ArrayLike<number>, options: MinPOptions, out?: Float64Array): Float64Array {
  const minP = checkNumber('minP', options.minP, 0, 1);
  const row = widen(logits);
  const pr = softmax(row, {}, probabilityScratch(row.length));
  return keepAtLeast(row, pr, minP * maximum(pr), options, out);
}

export interface TopAOptions extends FilterOptions {
  /** Factor of the squared largest probability, in [0, 1]. */
  a: number;
}

/**
 * Top-a: keeps the tokens with pr_i >= a (max pr)².
 *
 * @param out receives the logits kept, the rest -Infinity; may be `logits` itself
 * @throws RangeError if a is outside [0, 1] or logits has no softmax
 *
 * @example
 * applyTopA([0, -4, -0.5], { a: 0.5 }); //=> Float64Array.of(0, -Infinity, -0.5)
 */
export function applyTopA(logits: ArrayLike<number>, options: TopAOptions, out?: Float64Array): Float64Array {
  const a = checkNumber('a', options.a, 0, 1);
  const row = widen(logits);
  const pr = softmax(row, {}, probabilityScratch(row.length));
  const largest = maximum(pr);
  return keepAtLeast(row, pr, a * largest * largest, options, out);
}

export interface CutoffOptions extends FilterOptions {
  /** Probability, in [0, 1]. */
  epsilon: number;
}

/**
 * ε-sampling: keeps the tokens with pr_i >= ε.
 *
 * J. Hewitt, C. Manning, P. Liang, "Truncation Sampling as Language Model Desmoothing", arXiv:2210.15191, section 3.
 *
 * @param out receives the logits kept, the rest -Infinity; may be `logits` itself
 * @throws RangeError if epsilon is outside [0, 1] or logits has no softmax
 *
 * @example
 * applyEpsilonCutoff([0, -4, -0.5], { epsilon: 0.1 }); //=> Float64Array.of(0, -Infinity, -0.5)
 */
export function applyEpsilonCutoff(
  logits: ArrayLike<number>,
  options: CutoffOptions,
  out?: Float64Array,
): Float64Array {
  const epsilon = checkNumber('epsilon', options.epsilon, 0, 1);
  const row = widen(logits);
  const pr = softmax(row, {}, probabilityScratch(row.length));
  return keepAtLeast(row, pr, epsilon, options, out);
}

/**
 * η-sampling: keeps the tokens with pr_i >= min(ε, √ε e^(-H)), H the entropy in nats.
 *
 * J. Hewitt, C. Manning, P. Liang, arXiv:2210.15191, with their α = √ε.
 *
 * @param out receives the logits kept, the rest -Infinity; may be `logits` itself
 * @throws RangeError if epsilon is outside [0, 1] or logits has no softmax
 *
 * @example
 * applyEtaCutoff([0, -9, -0.5], { epsilon: 0.01 }); //=> Float64Array.of(0, -Infinity, -0.5)
 */
export function applyEtaCutoff(logits: ArrayLike<number>, options: CutoffOptions, out?: Float64Array): Float64Array {
  const epsilon = checkNumber('epsilon', options.epsilon, 0, 1);
  const row = widen(logits);
  const pr = softmax(row, {}, probabilityScratch(row.length));
  const eta = Math.min(epsilon, Math.sqrt(epsilon) * exp(-entropyOf(pr)));
  return keepAtLeast(row, pr, eta, options, out);
}

export interface TopNSigmaOptions extends FilterOptions {
  /** Width in standard deviations, in [0, Infinity). */
  n: number;
}

/**
 * Top-nσ: keeps the tokens with l_i >= max l - n σ, σ the population standard deviation of the finite logits.
 *
 * C. Tang, J. Liu, H. Xu, L. Huang, arXiv:2411.07641. Unlike the other cutoffs the set kept does not depend on a
 * temperature applied before it.
 *
 * @param out receives the logits kept, the rest -Infinity; may be `logits` itself
 * @throws RangeError if n is negative or not finite, or logits has no softmax
 *
 * @example
 * applyTopNSigma([0, -3, -0.5], { n: 1 }); //=> Float64Array.of(0, -Infinity, -0.5)
 */
export function applyTopNSigma(logits: ArrayLike<number>, options: TopNSigmaOptions, out?: Float64Array): Float64Array {
  const width = checkNumber('n', options.n, 0);
  const row = widen(logits);
  const largest = checkLogits(row);
  let count = 0;
  let total = 0;
  for (let i = 0; i < row.length; i++) {
    if (row[i] > -Infinity) {
      count += 1;
      total += row[i] - largest;
    }
  }
  const mean = total / count;
  let squares = 0;
  for (let i = 0; i < row.length; i++) {
    if (row[i] > -Infinity) {
      const deviation = row[i] - largest - mean;
      squares += deviation * deviation;
    }
  }
  return keepAtLeast(row, row, largest - width * Math.sqrt(squares / count), options, out);
}

/** Entropy in nats of probabilities, one accumulator in index order. */
export function entropyOf(pr: Float64Array): number {
  let entropy = 0;
  for (let i = 0; i < pr.length; i++) {
    const q = pr[i];
    if (q > 0) entropy -= q * log(q);
  }
  return entropy;
}

function maximum(x: Float64Array): number {
  let largest = x[0];
  for (let i = 1; i < x.length; i++) if (x[i] > largest) largest = x[i];
  return largest;
}

/** Tokens whose key is at least the threshold, or among the `minKeep` largest (ties: lower index first). */
function keepAtLeast(
  row: Float64Array,
  keys: Float64Array,
  threshold: number,
  { minKeep = 1 }: FilterOptions,
  out: Float64Array | undefined,
): Float64Array {
  checkInteger('minKeep', minKeep, 1);
  const n = row.length;
  const result = receiveRow(n, out);
  let kept = 0;
  for (let i = 0; i < n; i++) if (keys[i] >= threshold && row[i] > -Infinity) kept += 1;
  if (kept >= Math.min(minKeep, n)) {
    for (let i = 0; i < n; i++) result[i] = keys[i] >= threshold ? row[i] : -Infinity;
    return result;
  }
  const smallest = kthLargest(keys, Math.min(minKeep, n));
  let ties = minKeep;
  for (let i = 0; i < n; i++) if (keys[i] > smallest) ties -= 1;
  for (let i = 0; i < n; i++) {
    const stays = keys[i] > smallest || (keys[i] === smallest && ties-- > 0);
    result[i] = stays ? row[i] : -Infinity;
  }
  return result;
}
