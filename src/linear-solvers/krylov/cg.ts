/**
 * Conjugate gradients, plain and preconditioned, for symmetric positive definite A.
 *
 * M. R. Hestenes, E. Stiefel, "Methods of Conjugate Gradients for Solving Linear Systems", J. Res. NBS 49 (1952) 409-436.
 *
 *   paper   here        meaning
 *   a_i     alpha       (r, z) / (p, A p)
 *   b_i     beta        (r', z') / (r, z)
 *   z       z           M⁻¹ r
 *
 * The order of an iteration: alpha, x, r, test, z = M⁻¹ r, beta, p. The test is on ‖r‖₂ of the recursive residual; when it
 * holds, b - A x is computed, and if that is still too large the recursion starts again from it.
 */
import { checkOptionNames } from '../../internal/check.js';
import { SOLVE_OPTIONS, type SolveOptions, type SolveResult } from '../solve.js';
import { beginSolve, endSolve, observe } from '../solve-run.js';
import { buildPreconditioner, checkChoice, type PreconditionerChoice } from '../preconditioners/preconditioner.js';
import type { LinearOperator, MatrixInput } from '../sparse/to-csr.js';
import { solverWorkspace, workspaceVector } from '../workspace.js';
import { eisenstatSsorCg } from './eisenstat.js';
import { closeRun, testIterate } from './restarts.js';
import { firstResidual, inner, squareSystem } from './system.js';

export interface CgOptions extends SolveOptions {
  /** Default 'none'. */
  preconditioner?: PreconditionerChoice;
  /**
   * 'constant': A is singular with the constant vectors as null space (Neumann problems, graph Laplacians). The mean is
   * taken from b, from every search direction and from x, so the residual is that of the consistent part of b.
   */
  nullSpace?: 'constant';
}

const NAMES = { ...SOLVE_OPTIONS, preconditioner: true, nullSpace: true } satisfies Record<keyof CgOptions, true>;

/**
 * Solves A x = b by (preconditioned) conjugate gradients.
 *
 * In exact arithmetic at most as many iterations as A (or M⁻¹A) has distinct eigenvalues. One product an iteration,
 * one to confirm convergence. Flops: 2 nnz + 10 n an iteration; with a preconditioner 2 n more (zᵀr) and its own.
 *
 * A matrix that turns out not to be positive definite ends the run with status 'indefinite-matrix'.
 *
 * @throws RangeError if A is not square, a length is wrong, anything is not finite, or the preconditioner cannot be built
 *
 * @example
 * const b = new Float64Array(225).fill(1);
 * cg(poisson2d(15, 15), b, { preconditioner: { kind: 'ssor', omega: 1.6 } }).status; //=> 'converged-rtol'
 * cg([[1, 0], [0, -1]], [1, 1]).status; //=> 'indefinite-matrix'
 */
export function cg(
  A: MatrixInput | LinearOperator,
  b: ArrayLike<number>,
  options: CgOptions = {},
  out?: Float64Array,
): SolveResult {
  checkOptionNames('options', options, NAMES);
  const { preconditioner: choice, nullSpace } = options;
  if (nullSpace !== undefined && nullSpace !== 'constant') {
    throw new RangeError(`nullSpace must be 'constant' when given, got ${String(nullSpace)}`);
  }
  if (typeof choice === 'object' && choice !== null && choice.kind === 'ssor' && choice.eisenstat === true) {
    if (nullSpace !== undefined) throw new RangeError('nullSpace must be absent with eisenstat: true');
    checkChoice(choice);
    const { preconditioner: _choice, nullSpace: _none, ...shared } = options;
    return eisenstatSsorCg(A as MatrixInput, b, { ...shared, omega: choice.omega }, out);
  }
  const workspace = options.workspace ?? solverWorkspace();
  const system = squareSystem(workspace, A);
  const { n } = system;
  const built = buildPreconditioner(choice, system.prepared, workspace);
  const project = nullSpace === 'constant';
  let run = beginSolve(n, b, options, out, workspace);
  if (run.status === undefined && project) {
    const centred = workspaceVector(workspace, 'centred', n);
    centred.set(run.b);
    removeMean(centred, n);
    run = beginSolve(n, centred, { ...options, x0: run.x }, run.x, workspace);
  }
  if (run.status !== undefined) return endSolve(run, 0, 0, 0);

  const { x } = run;
  const r = workspaceVector(workspace, 'r', n);
  const p = workspaceVector(workspace, 'p', n);
  const q = workspaceVector(workspace, 'q', n);
  const z = built === undefined ? r : workspaceVector(workspace, 'z', n);
  if (project) removeMean(x, n);
  const first = firstResidual(system, run.b, x, run.zeroStart, r);
  let matvecs = first.products;
  let applied = 0;
  let k = 0;
  const restarts = { norm: Infinity, products: 0 };
  observe(run, 0, first.norm);
  let rz = 0;
  let squares = 0;
  let fresh = true;
  while (run.status === undefined) {
    if (built !== undefined) {
      built.apply(r, z);
      applied += 1;
      if (project) removeMean(z, n);
    }
    // Without a preconditioner z is r, and its square is what the last step summed.
    const rzNext = built === undefined && !fresh ? squares : inner(r, z, n);
    if (!(rzNext > 0)) {
      run.status = rzNext <= 0 ? 'indefinite-preconditioner' : 'non-finite';
      break;
    }
    const beta = fresh ? 0 : rzNext / rz;
    if (beta === 0) p.set(z);
    else turn(p, z, beta, n);
    rz = rzNext;
    fresh = false;

    system.apply(p, q);
    matvecs += 1;
    if (project) removeMean(q, n);
    const curvature = inner(p, q, n);
    if (!(curvature > 0)) {
      run.status = curvature <= 0 ? 'indefinite-matrix' : 'non-finite';
      break;
    }
    const alpha = rz / curvature;
    squares = advance(alpha, p, q, x, r, n);
    k += 1;
    fresh = testIterate(run, system, k, Math.sqrt(squares), r, restarts);
  }
  matvecs += restarts.products + closeRun(run, system, r);
  const flops = matvecs * system.productFlops + 10 * n * k + applied * (2 * n + (built?.flops ?? 0));
  return endSolve(run, k, matvecs, flops);
}

function removeMean(x: Float64Array, n: number): void {
  let sum = 0;
  for (let i = 0; i < n; i++) sum += x[i];
  const mean = sum / n;
  for (let i = 0; i < n; i++) x[i] -= mean;
}

// Loops of their own: inlined into one long function they run at half the speed.

/** x <- x + alpha p and r <- r - alpha q; returns rᵀr. */
function advance(alpha: number, p: Float64Array, q: Float64Array, x: Float64Array, r: Float64Array, n: number): number {
  let squares = 0;
  for (let i = 0; i < n; i++) {
    x[i] += alpha * p[i];
    const ri = r[i] - alpha * q[i];
    r[i] = ri;
    squares += ri * ri;
  }
  return squares;
}

/** p <- z + beta p. */
function turn(p: Float64Array, z: Float64Array, beta: number, n: number): void {
  for (let i = 0; i < n; i++) p[i] = z[i] + beta * p[i];
}
