/**
 * Damped Jacobi: x_{k+1} = x_k + ω D⁻¹ (b - A x_k).
 *
 * The residual of x_k is what the update is made of, so its norm costs nothing.
 */
import { checkPositive, checkOptionNames } from '../../internal/check.js';
import { SOLVE_OPTIONS, type SolveOptions, type SolveResult } from '../solve.js';
import { beginSolve, endSolve, observe } from '../solve-run.js';
import { requireDiagonal } from '../sparse/prepared-csr.js';
import type { MatrixInput } from '../sparse/to-csr.js';
import { prepareIn, solverWorkspace, workspaceVector } from '../workspace.js';
import { finish } from './sor.js';
import { jacobiInto } from './sweeps.js';

export interface JacobiOptions extends SolveOptions {
  /** Damping ω > 0. Default 1. */
  omega?: number;
}

const NAMES = { ...SOLVE_OPTIONS, omega: true } satisfies Record<keyof JacobiOptions, true>;

/**
 * Solves A x = b by damped Jacobi. Converges if and only if ρ(I - ω D⁻¹A) < 1, which symmetric positive definite A
 * alone does not give: [[1, .9, .9], [.9, 1, .9], [.9, .9, 1]] diverges at ω = 1.
 *
 * One pass over A per iteration and one to end with. Flops: 2 nnz + 4 n an iteration.
 *
 * @throws RangeError if ω is not positive, a diagonal entry is zero or missing, a length is wrong, or anything is not finite
 *
 * @example
 * jacobi([[1, 3], [3, 1]], [1, 1]).status; //=> 'diverged'
 */
export function jacobi(
  A: MatrixInput,
  b: ArrayLike<number>,
  options: JacobiOptions = {},
  out?: Float64Array,
): SolveResult {
  checkOptionNames('options', options, NAMES);
  const omega = checkPositive('omega', options.omega ?? 1);
  const workspace = options.workspace ?? solverWorkspace();
  const prepared = prepareIn(workspace, A);
  requireDiagonal(prepared);
  const n = prepared.A.rows;
  const run = beginSolve(n, b, options, out, workspace);
  if (run.status !== undefined) return endSolve(run, 0, 0, 0);

  let x = run.x;
  let next = workspaceVector(workspace, 'next', n);
  let k = 0;
  while (observe(run, k, Math.sqrt(jacobiInto(prepared, omega, run.b, x, next))) === undefined) {
    const swap = x;
    x = next;
    next = swap;
    k += 1;
  }
  return finish(run, x, k, k + 1, 2 * prepared.A.rowPtr[n] + 4 * n);
}
