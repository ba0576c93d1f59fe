// Rows of probabilities as the verifiers read them: entries, sums, residuals and draws from them.
//
// A row may miss the sum 1 by up to 1e-6 and hold entries down to -1e-12, as float32 softmaxes do; it then counts as divided
// by its sum, negative entries as 0. A row that is only indexed has the entry checked, a row that is summed is checked whole.

import { widen } from '../logits/workspace.js';

const SUM_TOLERANCE = 1e-6;
const NEGATIVE_TOLERANCE = -1e-12;

/** Within this of 1 a sum is left alone: the bits of a row that was normalised in double precision are used as they are. */
const UNIT_TOLERANCE = 1e-9;

/** An entry of a row, 0 if it is negative within rounding. */
export function rowEntry(name: string, row: ArrayLike<number>, token: number): number {
  const value = row[token];
  if (!(value >= NEGATIVE_TOLERANCE && value <= 1 + SUM_TOLERANCE)) throw badEntry(name, token, value);
  return value > 0 ? value : 0;
}

/** Throws unless `token` is an index of a row of length V. */
export function checkToken(name: string, token: number, V: number): void {
  if (!(token >= 0 && token < V && Number.isInteger(token))) {
    throw new RangeError(`${name} must be an integer in [0, ${V - 1}], got ${token}`);
  }
}

/** Throws unless both rows have the same length. */
export function checkLengths(name: string, row: ArrayLike<number>, V: number): void {
  if (row.length !== V) throw new RangeError(`${name} must have length ${V}, got ${row.length}`);
}

/** The sum of a row of probabilities, one accumulator in index order, or what is wrong with it. */
export function rowSum(name: string, row: Float64Array): number {
  let total = 0;
  for (let i = 0; i < row.length; i++) {
    const value = row[i];
    if (!(value >= NEGATIVE_TOLERANCE)) throw badEntry(name, i, value);
    if (value > 0) total += value;
  }
  if (!(Math.abs(total - 1) <= SUM_TOLERANCE)) throw badSum(name, total);
  return total;
}

/**
 * First index whose running sum exceeds u times the sum of the row; never one of probability 0. One pass over the row, and one
 * over the block of it that holds the token.
 */
export function drawFromRow(name: string, probabilities: ArrayLike<number>, u: number): number {
  const row = widen(probabilities);
  const n = row.length;
  const starts = blockStarts(n);
  let total = 0;
  let proper = true;
  for (let block = 0, i = 0; i < n; block++) {
    starts[block] = total;
    for (const end = Math.min(n, i + BLOCK); i < end; i++) {
      if (!(row[i] >= NEGATIVE_TOLERANCE)) proper = false;
      if (row[i] > 0) total += row[i];
    }
  }
  if (!(proper && Math.abs(total - 1) <= SUM_TOLERANCE)) rowSum(name, row); // says what is wrong
  const mark = u * total;
  let block = blockOf(mark, starts, n);
  for (; block >= 0; block--) {
    let running = starts[block];
    let last = -1;
    for (let i = block * BLOCK, end = Math.min(n, i + BLOCK); i < end; i++) {
      if (row[i] > 0) {
        running += row[i];
        last = i;
        if (running > mark) return i;
      }
    }
    if (last >= 0) return last; // the mark is the whole sum: the last token of positive probability
  }
  return -1;
}

/** The same from the row without one token; from the whole row if nothing else is left. */
export function drawFromRowExcept(name: string, probabilities: ArrayLike<number>, except: number, u: number): number {
  const row = widen(probabilities);
  rowSum(name, row);
  let total = 0;
  for (let i = 0; i < row.length; i++) if (i !== except && row[i] > 0) total += row[i];
  if (total === 0) return drawFromRow(name, row, u);
  const mark = u * total;
  let running = 0;
  let last = -1;
  for (let i = 0; i < row.length; i++) {
    if (i !== except && row[i] > 0) {
      running += row[i];
      last = i;
      if (running > mark) return i;
    }
  }
  return last;
}

/** Σ_y max(a t(y) - d(y), 0). */
export function residualMass(
  targetName: string,
  target: ArrayLike<number>,
  draftName: string,
  draft: ArrayLike<number>,
  a: number,
): number {
  const [factor, divisor] = residualScales(targetName, widen(target, 0), draftName, widen(draft, 1), a);
  return residualTotal(widen(target, 0), widen(draft, 1), factor, divisor) / divisor;
}

/** The distribution max(a t - d, 0) normalised, or t where that has no mass. */
export function residualRow(
  targetName: string,
  target: ArrayLike<number>,
  draftName: string,
  draft: ArrayLike<number>,
  a: number,
  out: Float64Array,
): Float64Array {
  const t = widen(target, 0);
  const d = widen(draft, 1);
  const [factor, divisor] = residualScales(targetName, t, draftName, d, a);
  const total = residualTotal(t, d, factor, divisor);
  if (total === 0) {
    for (let i = 0; i < t.length; i++) out[i] = t[i] > 0 ? t[i] : 0;
    return out;
  }
  for (let i = 0; i < t.length; i++) {
    const ti = t[i] > 0 ? t[i] : 0;
    const di = d[i] > 0 ? d[i] : 0;
    const excess = factor * ti - divisor * di;
    out[i] = excess > 0 ? excess / total : 0;
  }
  return out;
}

/**
 * A draw from max(a t - d, 0), or from t where that has no mass. One pass over both rows when their sums are 1 within 1e-9
 * (another when not), and one over the block that holds the token; no allocation of rows.
 */
export function drawFromResidual(
  targetName: string,
  target: ArrayLike<number>,
  draftName: string,
  draft: ArrayLike<number>,
  a: number,
  u: number,
): number {
  const t = widen(target, 0);
  const d = widen(draft, 1);
  const n = t.length;
  checkLengths(draftName, d, n);
  const starts = blockStarts(n);
  let factor = a;
  let divisor = 1;
  let total = 0;
  let T = 0;
  let D = 0;
  let proper = true;
  for (let block = 0, i = 0; i < n; block++) {
    starts[block] = total;
    for (const end = Math.min(n, i + BLOCK); i < end; i++) {
      if (!(t[i] >= NEGATIVE_TOLERANCE && d[i] >= NEGATIVE_TOLERANCE)) proper = false;
      const ti = t[i] > 0 ? t[i] : 0;
      const di = d[i] > 0 ? d[i] : 0;
      T += ti;
      D += di;
      const excess = a * ti - di;
      total += 0.5 * (excess + Math.abs(excess)); // its positive part, exactly and without a branch that cannot be predicted
    }
  }
  if (!(proper && Math.abs(T - 1) <= UNIT_TOLERANCE && Math.abs(D - 1) <= UNIT_TOLERANCE)) {
    [factor, divisor] = residualScales(targetName, t, draftName, d, a); // or what is wrong with them
    total = 0;
    for (let block = 0, i = 0; i < n; block++) {
      starts[block] = total;
      for (const end = Math.min(n, i + BLOCK); i < end; i++) {
        const excess = factor * (t[i] > 0 ? t[i] : 0) - divisor * (d[i] > 0 ? d[i] : 0);
        total += 0.5 * (excess + Math.abs(excess));
      }
    }
  }
  if (total === 0) return drawFromRow(targetName, t, u);
  const mark = u * total;
  let block = blockOf(mark, starts, n);
  for (; block >= 0; block--) {
    let running = starts[block];
    let last = -1;
    for (let i = block * BLOCK, end = Math.min(n, i + BLOCK); i < end; i++) {
      const excess = factor * (t[i] > 0 ? t[i] : 0) - divisor * (d[i] > 0 ? d[i] : 0);
      if (excess > 0) {
        running += excess;
        last = i;
        if (running > mark) return i;
      }
    }
    if (last >= 0) return last;
  }
  return -1;
}

/** Entries whose running sum is kept at their start, so that a draw looks through one block and not through the row again. */
const BLOCK = 1024;
let starts = new Float64Array(0);

function blockStarts(n: number): Float64Array {
  const blocks = Math.ceil(n / BLOCK);
  if (starts.length < blocks) starts = new Float64Array(blocks);
  return starts;
}

/** The last block whose running sum at the start does not exceed the mark. */
function blockOf(mark: number, starts: Float64Array, n: number): number {
  let block = 0;
  for (let next = 1; next * BLOCK < n && starts[next] <= mark; next++) block = next;
  return block;
}

/** a/T and 1/D up to a common factor, after checking both rows. */
function residualScales(
  targetName: string,
  t: Float64Array,
  draftName: string,
  d: Float64Array,
  a: number,
): readonly [number, number] {
  checkLengths(draftName, d, t.length);
  const T = rowSum(targetName, t);
  const D = rowSum(draftName, d);
  if (Math.abs(T - 1) <= UNIT_TOLERANCE && Math.abs(D - 1) <= UNIT_TOLERANCE) return [a, 1];
  return [a * D, T];
}

function residualTotal(t: Float64Array, d: Float64Array, factor: number, divisor: number): number {
  let total = 0;
  for (let i = 0; i < t.length; i++) {
    const ti = t[i] > 0 ? t[i] : 0;
    const di = d[i] > 0 ? d[i] : 0;
    const excess = factor * ti - divisor * di;
    if (excess > 0) total += excess;
  }
  return total;
}

function badEntry(name: string, i: number, value: number): RangeError {
  return new RangeError(
    Number.isNaN(value) ? `${name}[${i}] is NaN` : `${name}[${i}] must be a probability, got ${value}`,
  );
}

function badSum(name: string, total: number): RangeError {
  return new RangeError(`${name} must sum to 1 within ${SUM_TOLERANCE}, got ${total}`);
}
