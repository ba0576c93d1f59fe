// log Σ e^x over numbers that arrive in pieces, as the logits of a vocabulary spread over several machines do.

import { checkNumber } from '../../internal/check.js';
import { exp } from '../../special/exp.js';
import { log } from '../../special/log.js';
import { arraySize } from '../losses/pair-batch.js';
import { badRow, rowLargest, scanRow } from './row-sums.js';

/** max and Σ e^(x - max) of the numbers so far. */
export interface LogSumExpState {
  max: number;
  scaledSum: number;
}

/** The state of no numbers. */
export function logSumExpInit(): LogSumExpState {
  return { max: -Infinity, scaledSum: 0 };
}

/**
 * Takes in a chunk of numbers below Infinity, which may be empty. Each chunk is summed by itself, then merged.
 *
 * M. Milakov, N. Gimelshein, "Online normalizer calculation for softmax", arXiv:1805.02867.
 *
 * @param out receives the new state; may be `state` itself
 * @throws RangeError if a number is NaN or Infinity
 */
export function logSumExpPush(state: LogSumExpState, chunk: ArrayLike<number>, out?: LogSumExpState): LogSumExpState {
  checkState('state', state);
  arraySize('chunk', chunk);
  const rest = scanRow(chunk, 0, chunk.length, 1);
  if (rest !== rest) {
    for (let i = 0; i < chunk.length; i++) if (chunk[i] !== -Infinity) throw badRow(chunk, 0, chunk.length, 'chunk');
    return merged(state, -Infinity, 0, out);
  }
  return merged(state, rowLargest[0], 1 + rest, out);
}

/** The state of all numbers that two states have seen. */
export function logSumExpMerge(a: LogSumExpState, b: LogSumExpState, out?: LogSumExpState): LogSumExpState {
  checkState('a', a);
  checkState('b', b);
  return merged(a, b.max, b.scaledSum, out);
}

/**
 * log Σ e^x of the numbers so far; -Infinity when there were none.
 *
 * @example
 * logSumExpValue(logSumExpPush(logSumExpPush(logSumExpInit(), [0]), [0, -Infinity])); //=> Math.LN2
 */
export function logSumExpValue(state: LogSumExpState): number {
  checkState('state', state);
  return state.max === -Infinity ? -Infinity : state.max + log(state.scaledSum);
}

/** A maximum below Infinity and a finite sum, as every state here has. */
function checkState(name: string, { max, scaledSum }: LogSumExpState): void {
  if (max !== -Infinity) checkNumber(`${name}.max`, max);
  checkNumber(`${name}.scaledSum`, scaledSum, 0);
}

function merged(a: LogSumExpState, max: number, scaledSum: number, out: LogSumExpState | undefined): LogSumExpState {
  const next = out ?? logSumExpInit();
  const high = a.max > max ? a.max : max;
  const left = a.max === -Infinity ? 0 : a.scaledSum * exp(a.max - high);
  const right = max === -Infinity ? 0 : scaledSum * exp(max - high);
  next.max = high;
  next.scaledSum = left + right;
  return next;
}
