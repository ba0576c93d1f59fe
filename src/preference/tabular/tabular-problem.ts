// A finite problem of preference learning: contexts, actions, a reference policy, and what is known of the rewards.

import { checkInteger, checkProbabilities, checkVector } from '../../internal/check.js';
import { toRowMajor, type MatrixLike } from '../../linalg/to-row-major.js';
import { log } from '../../special/log.js';
import { logSoftmax } from '../../special/softmax.js';
import { arraySize } from '../losses/pair-batch.js';

/** One row for each of S contexts, or a plain vector when there is one context. */
export type Table = ArrayLike<number> | MatrixLike;

export interface TabularProblem {
  /** Logits of the reference policy, A numbers or S × A. Either these or `refProbs`. */
  refLogits?: Table;
  /** Probabilities of the reference policy. An action of probability 0 is never drawn and stays out. */
  refProbs?: Table;
  /** Labelled pairs [winner, loser] or [winner, loser, context], for training on fixed pairs. */
  pairs?: ArrayLike<ArrayLike<number>>;
  /** Each at least 0, default 1; the loss is the mean over the pairs of weight times loss. */
  pairWeights?: ArrayLike<number>;
  /** True rewards, A numbers or S × A. Needed by sampling and by 'exactPolicyGradient'; else they only feed the trajectories. */
  rewards?: Table;
  /** A × A probabilities that the row's action beats the column's, for labels that no reward explains. */
  preference?: MatrixLike;
}

/** The same, checked and flat. */
export interface TabularTables {
  contexts: number;
  actions: number;
  refLogits: Float64Array;
  /** log softmax of refLogits by the function that the policy goes through, so that log-ratios start at exactly 0. */
  refLogP: Float64Array;
  rewards?: Float64Array;
  preference?: Float64Array;
  pairs?: { winners: Int32Array; losers: Int32Array; groups: Int32Array };
  pairWeights?: Float64Array;
}

/** Checks a problem. */
export function tabularTables(problem: TabularProblem): TabularTables {
  const { refLogits, refProbs } = problem;
  if ((refLogits === undefined) === (refProbs === undefined)) {
    throw new TypeError('refLogits or refProbs must be given, and not both');
  }
  const reference = tableOf(refLogits === undefined ? 'refProbs' : 'refLogits', (refLogits ?? refProbs) as Table);
  const { rows: S, columns: A } = reference;
  if (!(S >= 1 && A >= 1)) throw new RangeError(`refLogits must not be empty, got ${S} × ${A}`);
  const logits = reference.data.slice();
  if (refLogits === undefined) {
    for (let s = 0; s < S; s++) checkProbabilities(S === 1 ? 'refProbs' : `refProbs[${s}]`, rowOf(logits, s, A));
    for (let i = 0; i < logits.length; i++) logits[i] = log(logits[i]);
  } else checkVector('refLogits', logits);
  const tables: TabularTables = { contexts: S, actions: A, refLogits: logits, refLogP: logits.slice() };
  logSoftmaxRows(logits, A, tables.refLogP);
  if (problem.rewards !== undefined) {
    const rewards = tableOf('rewards', problem.rewards);
    if (rewards.rows !== S || rewards.columns !== A) {
      throw new RangeError(`rewards must be ${S} × ${A} like the reference, got ${rewards.rows} × ${rewards.columns}`);
    }
    tables.rewards = checkVector('rewards', rewards.data) as Float64Array;
  }
  if (problem.preference !== undefined) tables.preference = preferenceOf(problem.preference, A);
  if (problem.pairs !== undefined) tables.pairs = pairsOf(problem.pairs, S, A);
  if (problem.pairWeights !== undefined) {
    const count = tables.pairs?.winners.length ?? 0;
    checkVector('pairWeights', problem.pairWeights, count);
    tables.pairWeights = Float64Array.from(problem.pairWeights);
  }
  return tables;
}

/** log softmax of each row of length A. */
export function logSoftmaxRows(logits: Float64Array, A: number, out: Float64Array): Float64Array {
  if (logits.length === A) return logSoftmax(logits, {}, out);
  for (let s = 0; s * A < logits.length; s++) logSoftmax(rowOf(logits, s, A), {}, rowOf(out, s, A));
  return out;
}

/** A view of row s. */
export function rowOf(table: Float64Array, s: number, A: number): Float64Array {
  return table.subarray(s * A, (s + 1) * A);
}

/** A vector as one row, a matrix as it is. */
export function tableOf(name: string, table: Table): { data: Float64Array; rows: number; columns: number } {
  if (table === null || typeof table !== 'object') throw new TypeError(`${name} must be an array, got ${typeof table}`);
  if ('length' in table && (table.length === 0 || typeof table[0] === 'number')) {
    return { data: Float64Array.from(table as ArrayLike<number>), rows: 1, columns: table.length };
  }
  return toRowMajor(table as MatrixLike, name);
}

function preferenceOf(preference: MatrixLike, A: number): Float64Array {
  const { data, rows, columns } = toRowMajor(preference, 'preference');
  if (rows !== A || columns !== A) {
    throw new RangeError(`preference must be ${A} × ${A}, got ${rows} × ${columns}`);
  }
  for (let i = 0; i < A; i++) {
    for (let j = 0; j <= i; j++) {
      const total = data[i * A + j] + data[j * A + i];
      if (!(Math.abs(total - 1) <= 1e-9 && data[i * A + j] >= 0 && data[j * A + i] >= 0)) {
        throw new RangeError(
          `preference[${i}][${j}] and preference[${j}][${i}] must be probabilities that add up to 1`,
        );
      }
    }
  }
  return data;
}

function pairsOf(
  pairs: ArrayLike<ArrayLike<number>>,
  S: number,
  A: number,
): { winners: Int32Array; losers: Int32Array; groups: Int32Array } {
  const n = arraySize('pairs', pairs);
  if (n === 0) throw new RangeError('pairs must not be empty');
  const winners = new Int32Array(n);
  const losers = new Int32Array(n);
  const groups = new Int32Array(n);
  const below = (index: number, size: number) => index >= 0 && index < size && Number.isInteger(index);
  for (let i = 0; i < n; i++) {
    const pair = pairs[i];
    const winner = pair?.[0];
    const loser = pair?.[1];
    const context = pair?.length === 3 ? pair[2] : 0;
    // names of pairs are written only for the error: they would take as long as many steps of training
    if (!(pair?.length === 2 || pair?.length === 3) || !below(winner, A) || !below(loser, A) || !below(context, S)) {
      throw badPair(i, pair, S, A);
    }
    if (winner === loser) throw new RangeError(`pairs[${i}] must hold two different actions, got ${winner} twice`);
    winners[i] = winner;
    losers[i] = loser;
    groups[i] = context;
  }
  return { winners, losers, groups };
}

/** What is wrong with pair i. */
function badPair(i: number, pair: ArrayLike<number>, S: number, A: number): Error {
  const size = arraySize(`pairs[${i}]`, pair);
  if (size !== 2 && size !== 3) {
    return new RangeError(`pairs[${i}] must be [winner, loser] or [winner, loser, context], got ${size} entries`);
  }
  for (let k = 0; k < size; k++) checkInteger(`pairs[${i}][${k}]`, pair[k], 0, (k === 2 ? S : A) - 1);
  return new TypeError(`pairs[${i}] must be an array of integers`);
}
