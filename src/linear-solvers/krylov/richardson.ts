/**
 * Richardson iteration, x_{k+1} = x_k + α (b - A x_k).
 *
 * For symmetric positive definite A with eigenvalues in [λ_min, λ_max] the best α is 2 / (λ_min + λ_max), and the error is
 * lowered by (κ - 1)/(κ + 1) an iteration (Saad, "Iterative Methods for Sparse Linear Systems", example 4.1).
 */
import { checkNumber, checkOptionNames } from '../../internal/check.js';
import { SOLVE_OPTIONS, type SolveOptions, type SolveResult } from '../solve.js';
import { beginSolve, endSolve, observe } from '../solve-run.js';
import type { LinearOperator, MatrixInput } from '../sparse/to-csr.js';
import { solverWorkspace, workspaceVector } from '../workspace.js';
import { axpy, residualInto, squareSystem } from './system.js';

export interface RichardsonOptions extends SolveOptions {
  /** Step α, not 0. Default 2 / (lambdaMin + lambdaMax), which must then be given. */
  alpha?: number;
  lambdaMin?: number;
  lambdaMax?: number;
}

const NAMES = { ...SOLVE_OPTIONS, alpha: true, lambdaMin: true, lambdaMax: true } satisfies Record<
  keyof RichardsonOptions,
  true
>;

/**
 * Solves A x = b by Richardson iteration. One product an iteration and one to end with; flops 2 nnz + 4 n.
 *
 * @throws RangeError if neither α nor both bounds are given, α is 0, a length is wrong, or anything is not finite
 *
 * @example
 * richardson([[2, 0], [0, 4]], [2, 4], { lambdaMin: 2, lambdaMax: 4 }).status; //=> 'converged-rtol'
 */
export function richardson(
  A: MatrixInput | LinearOperator,
  b: ArrayLike<number>,
  options: RichardsonOptions,
  out?: Float64Array,
): SolveResult {
  checkOptionNames('options', options, NAMES);
  const alpha = stepOf(options);
  const workspace = options.workspace ?? solverWorkspace();
  const system = squareSystem(workspace, A);
  const { n } = system;
  const run = beginSolve(n, b, options, out, workspace);
  if (run.status !== undefined) return endSolve(run, 0, 0, 0);
  const r = workspaceVector(workspace, 'r', n);
  let k = 0;
  while (observe(run, k, residualInto(system, run.b, run.x, r)) === undefined) {
    axpy(alpha, r, run.x, n);
    k += 1;
  }
  return endSolve(run, k, k + 1, (k + 1) * (system.productFlops + 4 * n));
}

function stepOf({ alpha, lambdaMin, lambdaMax }: RichardsonOptions): number {
  if (alpha !== undefined) {
    checkNumber('alpha', alpha);
    if (alpha === 0) throw new RangeError('alpha must not be 0, got 0');
    return alpha;
  }
  if (lambdaMin === undefined || lambdaMax === undefined) {
    throw new RangeError('alpha must be given, or lambdaMin and lambdaMax, got neither');
  }
  checkNumber('lambdaMin', lambdaMin);
  checkNumber('lambdaMax', lambdaMax, lambdaMin);
  if (!(lambdaMin + lambdaMax > 0))
    throw new RangeError(`lambdaMin + lambdaMax must be positive, got ${lambdaMin + lambdaMax}`);
  return 2 / (lambdaMin + lambdaMax);
}
