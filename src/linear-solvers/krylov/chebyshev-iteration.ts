/**
 * Chebyshev semi-iteration for symmetric positive definite A with known bounds of its spectrum.
 *
 * G. H. Golub, R. S. Varga, "Chebyshev semi-iterative methods, successive overrelaxation iterative methods, and second order
 * Richardson iterative methods", Numer. Math. 3 (1961) 147-168; in the form of Saad, algorithm 12.1.
 *
 *   textbook                     here
 *   θ, δ                         theta, delta     centre and half-width of [λ_min, λ_max]
 *   σ_1 = θ / δ                  sigma
 *   ρ_k                          rho
 *   r_k = T_k((θ - A)/δ) / T_k(σ_1) r_0
 *
 * No inner products are needed except for the test.
 */
import { checkInteger, checkNumber, checkOptionNames } from '../../internal/check.js';
import { buildPreconditioner, type PreconditionerChoice } from '../preconditioners/preconditioner.js';
import { SOLVE_OPTIONS, type SolveOptions, type SolveResult } from '../solve.js';
import { beginSolve, endSolve, euclid, observe } from '../solve-run.js';
import type { LinearOperator, MatrixInput } from '../sparse/to-csr.js';
import { solverWorkspace, workspaceVector } from '../workspace.js';
import { closeRun, testIterate } from './restarts.js';
import { axpy, firstResidual, squareSystem } from './system.js';

export interface ChebyshevOptions extends SolveOptions {
  /** Lower bound of the eigenvalues of A (of M⁻¹A with a preconditioner), positive. */
  lambdaMin: number;
  /** Upper bound, at least lambdaMin. */
  lambdaMax: number;
  /** Test, record and call `onIteration` at every this many iterations. Default 1. */
  checkEvery?: number;
  /** Default 'none'. */
  preconditioner?: PreconditionerChoice;
}

const NAMES = {
  ...SOLVE_OPTIONS,
  lambdaMin: true,
  lambdaMax: true,
  checkEvery: true,
  preconditioner: true,
} satisfies Record<keyof ChebyshevOptions, true>;

/**
 * Solves A x = b by Chebyshev iteration. With exact bounds ‖r_k‖ <= 2 / (c^k + c^-k) ‖r_0‖, c = (√κ + 1)/(√κ - 1). With a bound
 * that is too small for λ_max it may diverge. Equal bounds make it Richardson's iteration.
 *
 * One product an iteration and one to confirm; flops 2 nnz + 8 n. With `checkEvery` above 1 the entries of `residualNorms`
 * are those of the iterates that were tested.
 *
 * @throws RangeError if lambdaMin <= 0 or lambdaMax < lambdaMin, a length is wrong, or anything is not finite
 *
 * @example
 * chebyshevIteration([[2, 0], [0, 4]], [2, 4], { lambdaMin: 2, lambdaMax: 4 }).status; //=> 'converged-rtol'
 */
export function chebyshevIteration(
  A: MatrixInput | LinearOperator,
  b: ArrayLike<number>,
  options: ChebyshevOptions,
  out?: Float64Array,
): SolveResult {
  checkOptionNames('options', options, NAMES);
  const { lambdaMin, lambdaMax } = options;
  checkNumber('lambdaMin', lambdaMin);
  checkNumber('lambdaMax', lambdaMax);
  if (!(lambdaMin > 0)) throw new RangeError(`lambdaMin must be positive, got ${lambdaMin}`);
  if (!(lambdaMax >= lambdaMin))
    throw new RangeError(`lambdaMax must be at least lambdaMin = ${lambdaMin}, got ${lambdaMax}`);
  const checkEvery = checkInteger('checkEvery', options.checkEvery ?? 1, 1);
  const workspace = options.workspace ?? solverWorkspace();
  const system = squareSystem(workspace, A);
  const { n } = system;
  const built = buildPreconditioner(options.preconditioner, system.prepared, workspace);
  const run = beginSolve(n, b, options, out, workspace);
  if (run.status !== undefined) return endSolve(run, 0, 0, 0);

  const theta = (lambdaMax + lambdaMin) / 2;
  const delta = (lambdaMax - lambdaMin) / 2;
  const sigma = theta / delta; // Infinity when the bounds agree: then rho is 0 and every step is Richardson's
  const { x } = run;
  const r = workspaceVector(workspace, 'r', n);
  const d = workspaceVector(workspace, 'p', n);
  const q = workspaceVector(workspace, 'q', n);
  const z = built === undefined ? r : workspaceVector(workspace, 'z', n);
  const first = firstResidual(system, run.b, x, run.zeroStart, r);
  let matvecs = first.products;
  let k = 0;
  let rho = 0;
  let fresh = true;
  const restarts = { norm: Infinity, products: 0 };
  observe(run, 0, first.norm);
  while (run.status === undefined) {
    if (built !== undefined) built.apply(r, z);
    const rhoNext = fresh ? 1 / sigma : 1 / (2 * sigma - rho);
    if (fresh || delta === 0) for (let i = 0; i < n; i++) d[i] = z[i] / theta;
    else {
      const keep = rhoNext * rho;
      const step = (2 * rhoNext) / delta;
      for (let i = 0; i < n; i++) d[i] = keep * d[i] + step * z[i];
    }
    rho = rhoNext;
    fresh = false;
    axpy(1, d, x, n);
    system.apply(d, q);
    matvecs += 1;
    axpy(-1, q, r, n);
    k += 1;
    if (k % checkEvery !== 0 && k < run.maxIterations) continue;
    fresh = testIterate(run, system, k, euclid(r, n), r, restarts);
  }
  matvecs += restarts.products + closeRun(run, system, r);
  return endSolve(run, k, matvecs, matvecs * system.productFlops + k * (8 * n + (built?.flops ?? 0)));
}
