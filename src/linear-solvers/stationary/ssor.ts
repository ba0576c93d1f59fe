/**
 * Symmetric SOR: one iteration is a forward and then a backward sweep with the same ω.
 *
 *   x_{k+1} = x_k + W⁻¹ (b - A x_k),   W = ω/(2 - ω) (D/ω + L) D⁻¹ (D/ω + U)
 *
 * W. Niethammer, "Relaxation bei komplexen Matrizen", Math. Z. 86 (1964) 34-40: the backward sweep can use the lower
 * sums that the forward sweep formed, and the next forward sweep the upper sums of the backward sweep, so an iteration
 * reads each half of A once. The residual norm of x_k comes out of the forward half.
 */
import { checkOptionNames } from '../../internal/check.js';
import { SOLVE_OPTIONS, type SolveOptions, type SolveResult } from '../solve.js';
import { beginSolve, endSolve, observe } from '../solve-run.js';
import { requireDiagonal, type PreparedCsr } from '../sparse/prepared-csr.js';
import type { MatrixInput } from '../sparse/to-csr.js';
import { prepareIn, solverWorkspace, workspaceVector } from '../workspace.js';
import { finish } from './sor.js';
import { checkOmega, residualSquares } from './sweeps.js';

export interface SsorOptions extends SolveOptions {
  /** Relaxation parameter ω in (0, 2). */
  omega: number;
  /** Let ω be 2 or more, for experiments. Default false. */
  allowAnyOmega?: boolean;
}

const NAMES = { ...SOLVE_OPTIONS, omega: true, allowAnyOmega: true } satisfies Record<keyof SsorOptions, true>;

/**
 * Solves A x = b by SSOR. Converges for every ω in (0, 2) when A is symmetric positive definite.
 *
 * One pass over A per iteration. Flops: 3 nnz + 10 n an iteration.
 *
 * @throws RangeError as `sor`
 *
 * @example
 * ssor(poisson1d(3), [1, 0, 1], { omega: 1.2 }).status; //=> 'converged-rtol'
 */
export function ssor(A: MatrixInput, b: ArrayLike<number>, options: SsorOptions, out?: Float64Array): SolveResult {
  checkOptionNames('options', options, NAMES);
  checkOmega(options.omega, options.allowAnyOmega ?? false);
  const workspace = options.workspace ?? solverWorkspace();
  const prepared = prepareIn(workspace, A);
  requireDiagonal(prepared);
  const n = prepared.A.rows;
  const nnz = prepared.A.rowPtr[n];
  const run = beginSolve(n, b, options, out, workspace);
  if (run.status !== undefined) return endSolve(run, 0, 0, 0);

  const { omega } = options;
  const low = workspaceVector(workspace, 'low', n);
  const up = workspaceVector(workspace, 'kept', n);
  let x = run.x;
  let next = workspaceVector(workspace, 'next', n);
  upperSums(prepared, x, up);
  let passes = run.zeroStart ? 0 : 1;
  let k = 0;
  for (; ; k++) {
    const last = k >= run.maxIterations;
    const squares = last ? residualSquares(prepared, run.b, x) : forwardHalf(prepared, omega, run.b, x, next, low, up);
    passes += 1;
    if (observe(run, k, Math.sqrt(squares)) !== undefined) break;
    backwardHalf(prepared, omega, run.b, next, low, up);
    const swap = x;
    x = next;
    next = swap;
  }
  return finish(run, x, k, passes, 3 * nnz + 10 * n);
}

/** half <- forward sweep from x, by the upper sums of x; low <- its lower sums; returns ‖b - A x‖². */
function forwardHalf(
  { A, diagIndex, invDiag }: PreparedCsr,
  omega: number,
  b: Float64Array,
  x: Float64Array,
  half: Float64Array,
  low: Float64Array,
  up: Float64Array,
): number {
  const { rows, rowPtr, colIdx, values } = A;
  let squares = 0;
  for (let i = 0; i < rows; i++) {
    const d = diagIndex[i];
    let lower = 0;
    let lowerOld = 0;
    for (let k = rowPtr[i]; k < d; k++) {
      const value = values[k];
      const j = colIdx[k];
      lower += value * half[j];
      lowerOld += value * x[j];
    }
    const xi = x[i];
    const bi = b[i];
    const upper = up[i];
    const own = values[d] * xi;
    const r = bi - lowerOld - upper - own;
    squares += r * r;
    low[i] = lower;
    half[i] = xi + omega * invDiag[i] * (bi - lower - upper - own);
  }
  return squares;
}

/** x <- backward sweep from x, in place, by its lower sums; up <- its upper sums. */
function backwardHalf(
  { A, diagIndex, invDiag }: PreparedCsr,
  omega: number,
  b: Float64Array,
  x: Float64Array,
  low: Float64Array,
  up: Float64Array,
): void {
  const { rows, rowPtr, colIdx, values } = A;
  for (let i = rows - 1; i >= 0; i--) {
    const d = diagIndex[i];
    const end = rowPtr[i + 1];
    let upper = 0;
    for (let k = d + 1; k < end; k++) upper += values[k] * x[colIdx[k]];
    up[i] = upper;
    const xi = x[i];
    x[i] = xi + omega * invDiag[i] * (b[i] - low[i] - upper - values[d] * xi);
  }
}

function upperSums({ A, diagIndex }: PreparedCsr, x: Float64Array, up: Float64Array): void {
  const { rows, rowPtr, colIdx, values } = A;
  for (let i = 0; i < rows; i++) {
    let upper = 0;
    for (let k = diagIndex[i] + 1; k < rowPtr[i + 1]; k++) upper += values[k] * x[colIdx[k]];
    up[i] = upper;
  }
}
