// Log-probabilities of token sequences from logits, and their gradient, without a softmax ever being stored.
//
//   B, T, V   sequences, positions, vocabulary; logits are flat, row-major, B × T × V

import { checkInteger, checkMask, checkNumber } from '../../internal/check.js';
import { expUnit } from '../../special/exp-unit.js';
import { log1p } from '../../special/log1p.js';
import { arraySize, checkSize } from '../losses/pair-batch.js';
import { badRow, rowLargest, scanRow } from './row-sums.js';

export interface SequenceInputs {
  /** B·T·V logits, typed arrays preferred; -Infinity is a token of probability 0. Not copied. */
  logits: ArrayLike<number>;
  /** B·T tokens in [0, V), or `ignoreIndex`. */
  labels: ArrayLike<number>;
  /** [B, T, V]. */
  shape: readonly [number, number, number];
  /** B·T; a label counts where it is not 0 (false). Never inferred from padding, which would drop true end tokens. */
  mask?: ArrayLike<number | boolean>;
}

export interface SequenceLogProbsOptions {
  /**
   * true (default): the logits at t score the label at t + 1, as those of a causal model do, and `perToken` has T - 1
   * entries a sequence. false: logits and labels are aligned.
   */
  shift?: boolean;
  /** Divides the logits, at least 2^-1022. Default 1. */
  temperature?: number;
  /** Label of a position that does not count. Default -100. */
  ignoreIndex?: number;
  /** Return -Infinity for a label of logit -Infinity; otherwise that is an error. Default false. */
  allowZeroProb?: boolean;
}

export interface SequenceLogProbs {
  /** Σ_t log p(y_t), for each of the B sequences. */
  sum: Float64Array;
  /** sum / count; 0 for a sequence without a counted label. */
  mean: Float64Array;
  /** Labels that count. */
  count: Int32Array;
  /** log p of every label, 0 where it does not count; B × (T - 1) with `shift`, else B × T. */
  perToken: Float64Array;
}

/**
 * Log-probabilities of the labels: x_y/τ - log Σ_v e^(x_v/τ) at every position, and their sums and means per sequence.
 *
 * One pass over the row of a counted label, none over others. The sum runs in Float64 over pieces of 512, left to right in
 * fours (a + b) + (c + d), and leaves the largest term out: log p = (x_y - max)/τ - log1p(rest) keeps a relative error below
 * 1e-12 also where p is near 1. O(B T V), no allocation with `out` of the same B and T.
 *
 * @throws TypeError if an argument is not an array; RangeError on wrong lengths, a label outside [0, V), NaN or Infinity
 *   among the logits of a counted label, or a counted label of probability 0 without `allowZeroProb`
 *
 * @example
 * sequenceLogProbs({ logits: [0, 0, 0, 0], labels: [7, 1], shape: [1, 2, 2] }).sum; //=> Float64Array.of(-Math.LN2)
 */
export function sequenceLogProbs(
  inputs: SequenceInputs,
  options: SequenceLogProbsOptions = {},
  out?: SequenceLogProbs,
): SequenceLogProbs {
  const { logits, labels, shape, mask } = inputs;
  const { shift, inverse, ignoreIndex } = checkInputs(inputs, options);
  const [B, T, V] = shape;
  const columns = T - shift;
  const result = room(B, B * columns, out);
  const { sum, mean, count, perToken } = result;
  for (let b = 0; b < B; b++) {
    let total = 0;
    let counted = 0;
    for (let t = 0; t < columns; t++) {
      const place = b * T + t;
      const label = labels[place + shift];
      let logP = 0;
      if (label !== ignoreIndex && (mask === undefined || Boolean(mask[place + shift]))) {
        const base = place * V;
        const rest = scanRow(logits, base, V, inverse);
        if (rest !== rest) throw badRow(logits, base, V);
        logP = (logits[base + label] - rowLargest[0]) * inverse - log1p(rest);
        if (logP === -Infinity && options.allowZeroProb !== true) {
          throw new RangeError(`labels[${place + shift}] is a token of probability 0`);
        }
        counted += 1;
      }
      perToken[b * columns + t] = logP;
      total += logP;
    }
    sum[b] = total;
    count[b] = counted;
    mean[b] = counted === 0 ? 0 : total / counted;
  }
  return result;
}

/**
 * Gradient of Σ_b upstream_b · sum_b in the logits: upstream_b (1[v = y_t] - p_v)/τ in the row of every counted label,
 * 0 elsewhere; B·T·V, flat.
 *
 * @param upstream ∂loss/∂sum of each sequence, as a loss over pairs returns it
 * @throws as `sequenceLogProbs`; RangeError if upstream is not B finite numbers
 *
 * @example
 * sequenceLogProbsBackward({ logits: [0, 0], labels: [1], shape: [1, 1, 2] }, [1], { shift: false }); //=> Float64Array.of(-0.5, 0.5)
 */
export function sequenceLogProbsBackward<A extends Float64Array | Float32Array = Float64Array>(
  inputs: SequenceInputs,
  upstream: ArrayLike<number>,
  options: SequenceLogProbsOptions = {},
  out?: A,
): A {
  const { logits, labels, shape, mask } = inputs;
  const { shift, inverse, ignoreIndex } = checkInputs(inputs, options);
  const [B, T, V] = shape;
  checkSize('upstream', upstream, B);
  for (let b = 0; b < B; b++) {
    if (!Number.isFinite(upstream[b])) throw new RangeError(`upstream[${b}] must be finite, got ${upstream[b]}`);
  }
  if (out !== undefined) checkSize('out', out, B * T * V);
  const gradient = out ?? (new Float64Array(B * T * V) as Float64Array as A);
  gradient.fill(0);
  for (let b = 0; b < B; b++) {
    const factor = upstream[b] * inverse;
    for (let t = 0; t < T - shift && factor !== 0; t++) {
      const place = b * T + t;
      const label = labels[place + shift];
      if (label === ignoreIndex || !(mask === undefined || Boolean(mask[place + shift]))) continue;
      const base = place * V;
      const rest = scanRow(logits, base, V, inverse);
      if (rest !== rest) throw badRow(logits, base, V);
      const largest = rowLargest[0];
      const unit = factor / (1 + rest);
      for (let v = 0; v < V; v++) gradient[base + v] = -unit * expUnit((logits[base + v] - largest) * inverse);
      // 1 - p of the label without cancellation where it is the likeliest
      const own = base + label;
      gradient[own] = unit * (logits[own] === largest ? rest : 1 + rest - expUnit((logits[own] - largest) * inverse));
    }
  }
  return gradient;
}

/** 2^-1022: the inverse of anything smaller may be infinite. */
const SMALLEST_TEMPERATURE = 2.2250738585072014e-308;

interface Settings {
  shift: 0 | 1;
  inverse: number;
  ignoreIndex: number;
}

function checkInputs({ logits, labels, shape, mask }: SequenceInputs, options: SequenceLogProbsOptions): Settings {
  const [B, T, V] = shape;
  checkInteger('shape[0]', B, 1);
  checkInteger('shape[1]', T, 1);
  checkInteger('shape[2]', V, 1);
  checkSize('logits', logits, B * T * V);
  checkSize('labels', labels, B * T);
  if (mask !== undefined) checkMask('mask', mask, B * T);
  const temperature = checkNumber('temperature', options.temperature ?? 1, SMALLEST_TEMPERATURE);
  const ignoreIndex = checkInteger('ignoreIndex', options.ignoreIndex ?? -100, -Infinity);
  const shift = (options.shift ?? true) ? 1 : 0;
  for (let i = 0; i < B * T; i++) {
    const label = labels[i];
    const scored = shift === 0 || i % T > 0;
    if (scored && label !== ignoreIndex && !(label >= 0 && label < V && Number.isInteger(label))) {
      throw new RangeError(`labels[${i}] must be an integer in [0, ${V - 1}] or ${ignoreIndex}, got ${label}`);
    }
  }
  return { shift, inverse: 1 / temperature, ignoreIndex };
}

function room(B: number, tokens: number, out: SequenceLogProbs | undefined): SequenceLogProbs {
  if (out !== undefined && arraySize('out.sum', out.sum) === B && out.perToken.length === tokens) return out;
  return {
    sum: new Float64Array(B),
    mean: new Float64Array(B),
    count: new Int32Array(B),
    perToken: new Float64Array(tokens),
  };
}
