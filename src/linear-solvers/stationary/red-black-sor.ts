/**
 * SOR in red-black order: all rows of colour 0, then all rows of colour 1.
 *
 * D. M. Young, "Iterative Solution of Large Linear Systems", Academic Press 1971, chapter 5. Rows of one colour do not
 * see each other, so this is SOR on the permuted matrix, and on a 5-point grid it has the spectral radius of the
 * lexicographic order, both being consistent.
 *
 * The residual costs nothing here either. When sweep k + 1 reaches a row of colour 0, all its neighbours still hold
 * x_k, so the residual it uses is r_k. When sweep k leaves a row of colour 1 its neighbours stay, so the residual there is
 * (1 - ω) times the one that it used.
 */
import { checkOptionNames } from '../../internal/check.js';
import { SOLVE_OPTIONS, type SolveOptions, type SolveResult } from '../solve.js';
import { beginSolve, endSolve, observe } from '../solve-run.js';
import { requireDiagonal, type PreparedCsr } from '../sparse/prepared-csr.js';
import type { MatrixInput } from '../sparse/to-csr.js';
import { prepareIn, solverWorkspace, workspaceVector, type SolverWorkspace } from '../workspace.js';
import { checkOmega, colorClasses, rowResidual } from './sweeps.js';

export interface RedBlackSorOptions extends SolveOptions {
  /** Relaxation parameter ω in (0, 2). */
  omega: number;
  /**
   * 0 or 1 for every row. Default: `greedyTwoColoring(A)`, which on a grid is (ix + iy) mod 2; a workspace remembers it for the next
   * matrix with the very arrays `rowPtr` and `colIdx` of this one, if neither has a zero stored beside the diagonal.
   */
  colors?: ArrayLike<number>;
}

const NAMES = { ...SOLVE_OPTIONS, omega: true, colors: true } satisfies Record<keyof RedBlackSorOptions, true>;

/**
 * Solves A x = b by red-black SOR.
 *
 * One pass over A per iteration and half a pass to end with. Flops: 2 nnz + 6 n an iteration.
 *
 * @throws RangeError as `sor`, and if the graph of A has no two-colouring
 *
 * @example
 * redBlackSor(poisson1d(4), [1, 0, 0, 1], { omega: 1.3 }).converged; //=> true
 */
export function redBlackSor(
  A: MatrixInput,
  b: ArrayLike<number>,
  options: RedBlackSorOptions,
  out?: Float64Array,
): SolveResult {
  checkOptionNames('options', options, NAMES);
  const omega = checkOmega(options.omega);
  const workspace = options.workspace ?? solverWorkspace();
  const prepared = prepareIn(workspace, A);
  requireDiagonal(prepared);
  const n = prepared.A.rows;
  const nnz = prepared.A.rowPtr[n];
  const [red, black] = classesIn(workspace, prepared, options.colors);
  const run = beginSolve(n, b, options, out, workspace);
  if (run.status !== undefined) return endSolve(run, 0, 0, 0);

  const old = workspaceVector(workspace, 'next', n);
  const left = (1 - omega) * (1 - omega);
  let blackSquares = squaresOf(prepared, run.b, run.x, black);
  let k = 0;
  for (; ; k++) {
    const redSquares = relax(prepared, omega, run.b, run.x, red, old);
    if (observe(run, k, Math.sqrt(redSquares + blackSquares)) !== undefined) break;
    blackSquares = left * relax(prepared, omega, run.b, run.x, black, old);
  }
  for (let s = 0; s < red.length; s++) run.x[red[s]] = old[red[s]]; // x_k, not the half step beyond it
  return endSolve(run, k, k + 1, (k + 1) * (2 * nnz + 6 * n));
}

/** `colorClasses`, kept in the workspace where the pattern alone decides them: a stored zero is no edge of the graph. */
function classesIn(
  workspace: SolverWorkspace,
  prepared: PreparedCsr,
  colors: ArrayLike<number> | undefined,
): [Int32Array, Int32Array] {
  if (colors !== undefined || hasStoredZero(prepared)) return colorClasses(prepared, colors);
  const { rowPtr, colIdx } = prepared.A;
  const known = workspace.colors;
  if (known !== undefined && known.rowPtr === rowPtr && known.colIdx === colIdx) return known.classes;
  const classes = colorClasses(prepared);
  workspace.colors = { rowPtr, colIdx, classes };
  return classes;
}

/** Whether a zero is stored off the diagonal, which is known to hold none. */
function hasStoredZero({ A }: PreparedCsr): boolean {
  const nnz = A.rowPtr[A.rows];
  for (let k = 0; k < nnz; k++) if (A.values[k] === 0) return true;
  return false;
}

/** Relaxes the rows in place, keeps what they held in `old`, and returns the sum of the squared residuals used. */
function relax(
  { A, diagIndex, invDiag }: PreparedCsr,
  omega: number,
  b: Float64Array,
  x: Float64Array,
  rows: Int32Array,
  old: Float64Array,
): number {
  let squares = 0;
  for (let s = 0; s < rows.length; s++) {
    const i = rows[s];
    const r = rowResidual(A, diagIndex, b, x, i);
    squares += r * r;
    old[i] = x[i];
    x[i] += omega * invDiag[i] * r;
  }
  return squares;
}

function squaresOf({ A, diagIndex }: PreparedCsr, b: Float64Array, x: Float64Array, rows: Int32Array): number {
  let squares = 0;
  for (let s = 0; s < rows.length; s++) {
    const r = rowResidual(A, diagIndex, b, x, rows[s]);
    squares += r * r;
  }
  return squares;
}
