/**
 * One sweep of the classical iterations, in place. With A = D + L + U (diagonal, strictly lower, strictly upper):
 *
 *   Jacobi         x <- x + ω D⁻¹ (b - A x)
 *   SOR, forward   x_i <- x_i + (ω / a_ii) (b_i - Σ_{j<i} a_ij x_j - Σ_{j>i} a_ij x_j - a_ii x_i),  i = 0 .. n - 1, newest values
 *   SOR, backward  the same for i = n - 1 .. 0
 *   SSOR           forward, then backward
 *   red-black      SOR over the rows of colour 0, then of colour 1
 *
 * Every sweep of the library evaluates this one formula in this order: the lower sum, the upper sum, each over
 * increasing columns, then b_i - lower - upper - a_ii x_i from left to right, times ω (1 / a_ii). So the fused solvers
 * give the same bits as these kernels, and Gauss-Seidel is SOR with ω = 1 to the last bit.
 *
 * Y. Saad, "Iterative Methods for Sparse Linear Systems", 2nd ed., SIAM 2003, section 4.1.
 */
import { greedyTwoColoring } from '../sparse/graph-order.js';
import { isPrepared, prepareCsr, requireDiagonal, type PreparedCsr } from '../sparse/prepared-csr.js';
import { toCsr, type MatrixInput } from '../sparse/to-csr.js';

export interface SorSweepOptions {
  /** Relaxation parameter ω in (0, 2). */
  omega: number;
  /** Order of the rows. Default 'forward'. */
  direction?: 'forward' | 'backward';
}

/**
 * One SOR sweep over x, in place; returns x. O(nnz), no allocation for a prepared A and a Float64Array b. Entries of b and x are
 * not checked: NaN in gives NaN out.
 *
 * @throws RangeError if ω is not in (0, 2), A has no nonzero diagonal, or a length is wrong
 *
 * @example
 * sorSweep([[2, 0], [1, 4]], [2, 9], Float64Array.of(0, 0), { omega: 1 }); //=> Float64Array.of(1, 2)
 */
export function sorSweep(
  A: MatrixInput,
  b: ArrayLike<number>,
  x: Float64Array,
  { omega, direction = 'forward' }: SorSweepOptions,
): Float64Array {
  const prepared = sweepArguments(A, b, x);
  checkOmega(omega);
  const rhs = rightHandSide(b, x);
  if (direction === 'forward') sweepForward(prepared, omega, rhs, x);
  else if (direction === 'backward') sweepBackward(prepared, omega, rhs, x);
  else throw new RangeError(`direction must be 'forward' or 'backward', got ${String(direction)}`);
  return x;
}

/** One SSOR sweep over x, forward and then backward with the same ω, in place; returns x. Arguments as `sorSweep`. */
export function ssorSweep(
  A: MatrixInput,
  b: ArrayLike<number>,
  x: Float64Array,
  { omega }: { omega: number },
): Float64Array {
  const prepared = sweepArguments(A, b, x);
  checkOmega(omega);
  const rhs = rightHandSide(b, x);
  sweepForward(prepared, omega, rhs, x);
  sweepBackward(prepared, omega, rhs, x);
  return x;
}

/**
 * One damped Jacobi sweep over x, in place; returns x. ω is 1 by default and may be any positive number.
 *
 * @example
 * jacobiSweep([[2, 1], [1, 2]], [3, 3], Float64Array.of(0, 0)); //=> Float64Array.of(1.5, 1.5)
 */
export function jacobiSweep(
  A: MatrixInput,
  b: ArrayLike<number>,
  x: Float64Array,
  { omega = 1 }: { omega?: number } = {},
): Float64Array {
  const prepared = sweepArguments(A, b, x);
  if (!(omega > 0 && omega < Infinity)) throw new RangeError(`omega must be positive and finite, got ${omega}`);
  const old = x.slice();
  jacobiInto(prepared, omega, rightHandSide(b, x), old, x);
  return x;
}

/**
 * One red-black SOR sweep over x, in place; returns x.
 *
 * @param colors 0 or 1 for every row; by default those of `greedyTwoColoring`
 * @throws RangeError if the graph of A has no two-colouring, or two neighbours share a colour
 */
export function redBlackSorSweep(
  A: MatrixInput,
  b: ArrayLike<number>,
  x: Float64Array,
  { omega, colors }: { omega: number; colors?: ArrayLike<number> },
): Float64Array {
  const prepared = sweepArguments(A, b, x);
  checkOmega(omega);
  const [red, black] = colorClasses(prepared, colors);
  const rhs = rightHandSide(b, x);
  sweepRows(prepared, omega, rhs, x, red);
  sweepRows(prepared, omega, rhs, x, black);
  return x;
}

/** ω in the open interval (0, 2), or any positive number when asked. */
export function checkOmega(omega: number, allowAnyOmega = false): number {
  if (typeof omega !== 'number') throw new TypeError(`omega must be a number, got ${typeof omega}`);
  if (!(omega > 0 && omega < Infinity && (omega < 2 || allowAnyOmega))) {
    throw new RangeError(`omega must be in (0, 2), got ${omega}`);
  }
  return omega;
}

/** The rows of colour 0 and those of colour 1, in natural order. */
export function colorClasses({ A }: PreparedCsr, colors?: ArrayLike<number>): [Int32Array, Int32Array] {
  const found = colors ?? greedyTwoColoring(A);
  if (found === null)
    throw new RangeError('A must have a two-colorable graph for red-black ordering, got an odd cycle');
  if (found.length !== A.rows) throw new RangeError(`colors must have length ${A.rows}, got ${found.length}`);
  const rows: [number[], number[]] = [[], []];
  for (let i = 0; i < A.rows; i++) {
    const color = found[i];
    if (color !== 0 && color !== 1) throw new RangeError(`colors[${i}] must be 0 or 1, got ${color}`);
    rows[color].push(i);
    for (let k = A.rowPtr[i]; k < A.rowPtr[i + 1]; k++) {
      const j = A.colIdx[k];
      if (j !== i && found[j] === color && A.values[k] !== 0) {
        throw new RangeError(`colors must differ between neighbors, rows ${i} and ${j} share ${color}`);
      }
    }
  }
  return [Int32Array.from(rows[0]), Int32Array.from(rows[1])];
}

export function sweepForward(
  { A, diagIndex, invDiag }: PreparedCsr,
  omega: number,
  b: Float64Array,
  x: Float64Array,
): void {
  const { rows, rowPtr, colIdx, values } = A;
  for (let i = 0; i < rows; i++) {
    // Rows with two entries on either side, as inside a 5-point grid, in a loop that holds no other loop: what V8
    // checks of every array it then checks once before the loop, not at every access. A third faster, the same sums.
    for (let k = rowPtr[i]; i < rows; i++) {
      const d = diagIndex[i];
      const end = rowPtr[i + 1];
      if (d - k !== 2 || end - d !== 3) break;
      const lower = values[k] * x[colIdx[k]] + values[k + 1] * x[colIdx[k + 1]];
      const upper = values[k + 3] * x[colIdx[k + 3]] + values[k + 4] * x[colIdx[k + 4]];
      const xi = x[i];
      x[i] = xi + omega * invDiag[i] * (b[i] - lower - upper - values[k + 2] * xi);
      k = end;
    }
    if (i < rows) x[i] += omega * invDiag[i] * rowResidual(A, diagIndex, b, x, i);
  }
}

export function sweepBackward(
  { A, diagIndex, invDiag }: PreparedCsr,
  omega: number,
  b: Float64Array,
  x: Float64Array,
): void {
  for (let i = A.rows - 1; i >= 0; i--) x[i] += omega * invDiag[i] * rowResidual(A, diagIndex, b, x, i);
}

export function sweepRows(
  { A, diagIndex, invDiag }: PreparedCsr,
  omega: number,
  b: Float64Array,
  x: Float64Array,
  rows: Int32Array,
): void {
  for (let s = 0; s < rows.length; s++) {
    const i = rows[s];
    x[i] += omega * invDiag[i] * rowResidual(A, diagIndex, b, x, i);
  }
}

/** x <- old + ω D⁻¹ (b - A old); returns ‖b - A old‖². */
export function jacobiInto(
  { A, diagIndex, invDiag }: PreparedCsr,
  omega: number,
  b: Float64Array,
  old: Float64Array,
  x: Float64Array,
): number {
  let sum = 0;
  for (let i = 0; i < A.rows; i++) {
    const r = rowResidual(A, diagIndex, b, old, i);
    sum += r * r;
    x[i] = old[i] + omega * invDiag[i] * r;
  }
  return sum;
}

/** (b - A x)_i in the order of summation of all sweeps. */
export function rowResidual(
  { rowPtr, colIdx, values }: PreparedCsr['A'],
  diagIndex: Int32Array,
  b: Float64Array,
  x: Float64Array,
  i: number,
): number {
  const d = diagIndex[i];
  const end = rowPtr[i + 1];
  let k = rowPtr[i];
  let lower = 0;
  for (; k < d; k++) lower += values[k] * x[colIdx[k]];
  let upper = 0;
  for (k++; k < end; k++) upper += values[k] * x[colIdx[k]];
  return b[i] - lower - upper - values[d] * x[i];
}

/** ‖b - A x‖₂². */
export function residualSquares({ A, diagIndex }: PreparedCsr, b: Float64Array, x: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < A.rows; i++) {
    const r = rowResidual(A, diagIndex, b, x, i);
    sum += r * r;
  }
  return sum;
}

/** b as it is when it can be read during the sweep, else a copy. */
function rightHandSide(b: ArrayLike<number>, x: Float64Array): Float64Array {
  return b instanceof Float64Array && b.buffer !== x.buffer ? b : Float64Array.from(b);
}

function sweepArguments(matrix: MatrixInput, b: ArrayLike<number>, x: Float64Array): PreparedCsr {
  const prepared = isPrepared(matrix) ? matrix : prepareCsr(toCsr(matrix));
  requireDiagonal(prepared);
  if (!(x instanceof Float64Array)) throw new TypeError('x must be a Float64Array');
  const n = prepared.A.rows;
  // Lengths only: looking at every entry would cost a fifth of the sweep.
  if (b.length !== n) throw new RangeError(`b must have length ${n}, got ${b.length}`);
  if (x.length !== n) throw new RangeError(`x must have length ${n}, got ${x.length}`);
  return prepared;
}
