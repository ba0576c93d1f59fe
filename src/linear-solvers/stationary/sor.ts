/**
 * Successive over-relaxation with the residual norm for free, and Gauss-Seidel, which is SOR with ω = 1.
 *
 * D. M. Young, "Iterative methods for solving partial difference equations of elliptic type", Trans. AMS 76 (1954).
 *
 *   textbook            here
 *   ω                   omega
 *   W = D / ω + L       the splitting: x_{k+1} = x_k + W⁻¹ (b - A x_k)
 *   C = I - A W⁻¹       maps r_k to r_{k+1}
 *
 * A sweep followed by a residual pass would read A twice. Here sweep k + 1 also yields r_k: row i needs
 * Σ_{j<i} a_ij x_j with the old values, which is the lower sum that sweep k formed last and kept in `low`, and
 * Σ_{j>=i} a_ij x_j with the old values, which sweep k + 1 forms anyway. One vector more, one pass less.
 */
import { checkOptionNames } from '../../internal/check.js';
import { SOLVE_OPTIONS, type SolveOptions, type SolveResult } from '../solve.js';
import { observe, endSolve, beginSolve, type SolveRun } from '../solve-run.js';
import { requireDiagonal, type PreparedCsr } from '../sparse/prepared-csr.js';
import type { MatrixInput } from '../sparse/to-csr.js';
import { prepareIn, solverWorkspace, workspaceVector } from '../workspace.js';
import { checkOmega, residualSquares } from './sweeps.js';

export interface SorOptions extends SolveOptions {
  /** Relaxation parameter ω in (0, 2). `optimalOmega` gives the best one when ρ(I - D⁻¹A) is known. */
  omega: number;
  /** Order of the rows. Default 'forward'. */
  direction?: 'forward' | 'backward';
  /** Let ω be 2 or more, where SOR diverges, for experiments. Default false. */
  allowAnyOmega?: boolean;
}

const NAMES = { ...SOLVE_OPTIONS, omega: true, direction: true, allowAnyOmega: true } satisfies Record<
  keyof SorOptions,
  true
>;
const GAUSS_SEIDEL_NAMES = { ...SOLVE_OPTIONS, direction: true } satisfies Record<string, true>;

/**
 * Solves A x = b by SOR. Converges for every ω in (0, 2) when A is symmetric positive definite (Ostrowski, Reich).
 *
 * One pass over A per iteration and one to end with; memory 4 vectors. Flops: 2 nnz + 6 n an iteration.
 *
 * @throws RangeError if ω is not in (0, 2), a diagonal entry is zero or missing, a length is wrong, or anything is not finite
 *
 * @example
 * const result = sor(poisson2d(10, 10), new Float64Array(100).fill(1), { omega: 1.5 });
 * [result.iterations, result.status]; //=> [62, 'converged-rtol']
 */
export function sor(A: MatrixInput, b: ArrayLike<number>, options: SorOptions, out?: Float64Array): SolveResult {
  checkOptionNames('options', options, NAMES);
  const { omega, direction = 'forward', allowAnyOmega = false } = options;
  checkOmega(omega, allowAnyOmega);
  if (direction !== 'forward' && direction !== 'backward') {
    throw new RangeError(`direction must be 'forward' or 'backward', got ${String(direction)}`);
  }
  const workspace = options.workspace ?? solverWorkspace();
  const prepared = prepareIn(workspace, A);
  requireDiagonal(prepared);
  const n = prepared.A.rows;
  const nnz = prepared.A.rowPtr[n];
  const run = beginSolve(n, b, options, out, workspace);
  if (run.status !== undefined) return endSolve(run, 0, 0, 0);

  const kept = workspaceVector(workspace, 'kept', n).fill(0);
  const sweep = direction === 'forward' ? fusedForward : fusedBackward;
  let passes = 0;
  if (!run.zeroStart) {
    keepTriangle(prepared, direction, run.x, kept);
    passes += 1;
  }
  let x = run.x;
  let next = workspaceVector(workspace, 'next', n);
  let k = 0;
  for (; ; k++) {
    // The last residual norm needs no new iterate.
    const squares =
      k < run.maxIterations ? sweep(prepared, omega, run.b, x, next, kept) : residualSquares(prepared, run.b, x);
    passes += 1;
    if (observe(run, k, Math.sqrt(squares)) !== undefined) break;
    const swap = x;
    x = next;
    next = swap;
  }
  return finish(run, x, k, passes, 2 * nnz + 6 * n);
}

/**
 * Solves A x = b by Gauss-Seidel: `sor` with ω = 1, to the last bit.
 *
 * @example
 * gaussSeidel(poisson2d(10, 10), new Float64Array(100).fill(1)).iterations; //=> 223
 */
export function gaussSeidel(
  A: MatrixInput,
  b: ArrayLike<number>,
  options: Omit<SorOptions, 'omega' | 'allowAnyOmega'> = {},
  out?: Float64Array,
): SolveResult {
  checkOptionNames('options', options, GAUSS_SEIDEL_NAMES);
  return sor(A, b, { ...options, omega: 1 }, out);
}

/** Puts the iterate where the caller expects it. */
export function finish(run: SolveRun, x: Float64Array, k: number, passes: number, flopsPerPass: number): SolveResult {
  if (x !== run.x) run.x.set(x);
  return endSolve(run, k, passes, passes * flopsPerPass);
}

/** next <- one forward sweep from x; low <- the lower sums of next; returns ‖b - A x‖² by the lower sums of x found in low. */
function fusedForward(
  { A, diagIndex, invDiag }: PreparedCsr,
  omega: number,
  b: Float64Array,
  x: Float64Array,
  next: Float64Array,
  low: Float64Array,
): number {
  const { rows, rowPtr, colIdx, values } = A;
  let squares = 0;
  for (let i = 0; i < rows; i++) {
    let k = rowPtr[i];
    // As in `sweepForward`.
    for (; i < rows; i++) {
      const d = diagIndex[i];
      const end = rowPtr[i + 1];
      if (d - k !== 2 || end - d !== 3) break;
      const lower = values[k] * next[colIdx[k]] + values[k + 1] * next[colIdx[k + 1]];
      const upper = values[k + 3] * x[colIdx[k + 3]] + values[k + 4] * x[colIdx[k + 4]];
      const xi = x[i];
      const bi = b[i];
      const own = values[k + 2] * xi;
      const r = bi - low[i] - upper - own;
      squares += r * r;
      low[i] = lower;
      next[i] = xi + omega * invDiag[i] * (bi - lower - upper - own);
      k = end;
    }
    if (i === rows) break;
    const d = diagIndex[i];
    const end = rowPtr[i + 1];
    let lower = 0;
    for (; k < d; k++) lower += values[k] * next[colIdx[k]];
    let upper = 0;
    for (k++; k < end; k++) upper += values[k] * x[colIdx[k]];
    const xi = x[i];
    const bi = b[i];
    const own = values[d] * xi;
    const r = bi - low[i] - upper - own;
    squares += r * r;
    low[i] = lower;
    next[i] = xi + omega * invDiag[i] * (bi - lower - upper - own);
  }
  return squares;
}

/** As `fusedForward` from the last row to the first, with the upper sums kept. */
function fusedBackward(
  { A, diagIndex, invDiag }: PreparedCsr,
  omega: number,
  b: Float64Array,
  x: Float64Array,
  next: Float64Array,
  up: Float64Array,
): number {
  const { rows, rowPtr, colIdx, values } = A;
  let squares = 0;
  for (let i = rows - 1; i >= 0; i--) {
    const d = diagIndex[i];
    const end = rowPtr[i + 1];
    let k = rowPtr[i];
    let lower = 0;
    for (; k < d; k++) lower += values[k] * x[colIdx[k]];
    let upper = 0;
    for (k++; k < end; k++) upper += values[k] * next[colIdx[k]];
    const xi = x[i];
    const bi = b[i];
    const own = values[d] * xi;
    const r = bi - lower - up[i] - own;
    squares += r * r;
    up[i] = upper;
    next[i] = xi + omega * invDiag[i] * (bi - lower - upper - own);
  }
  return squares;
}

function keepTriangle(
  { A, diagIndex }: PreparedCsr,
  direction: 'forward' | 'backward',
  x: Float64Array,
  kept: Float64Array,
): void {
  const { rows, rowPtr, colIdx, values } = A;
  for (let i = 0; i < rows; i++) {
    const from = direction === 'forward' ? rowPtr[i] : diagIndex[i] + 1;
    const to = direction === 'forward' ? diagIndex[i] : rowPtr[i + 1];
    let sum = 0;
    for (let k = from; k < to; k++) sum += values[k] * x[colIdx[k]];
    kept[i] = sum;
  }
}
