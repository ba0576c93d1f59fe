/**
 * GMRES(m), restarted, for any nonsingular A.
 *
 * Y. Saad, M. H. Schultz, "GMRES: a generalized minimal residual algorithm for solving nonsymmetric linear systems", SIAM J.
 * Sci. Stat. Comput. 7 (1986) 856-869. Modified Gram-Schmidt with one more orthogonalization when the norm drops below 0.7
 * of its value; Givens rotations; preconditioning from the right, so that the norms are those of the true residual.
 *
 *   paper       here
 *   v_j         basis[j]      orthonormal basis of the Krylov space
 *   H           H[j]          column j of the Hessenberg matrix, turned to a triangle by the rotations
 *   g           g             the rotated right-hand side; |g_{j+1}| is the residual norm
 */
import { checkInteger, checkOptionNames } from '../../internal/check.js';
import { SOLVE_OPTIONS, type SolveOptions, type SolveResult } from '../solve.js';
import { beginSolve, endSolve, euclid, meetsTolerance, observe, type SolveRun } from '../solve-run.js';
import {
  buildPreconditioner,
  type BuiltPreconditioner,
  type PreconditionerChoice,
} from '../preconditioners/preconditioner.js';
import type { LinearOperator, MatrixInput } from '../sparse/to-csr.js';
import { solverWorkspace, workspaceVector } from '../workspace.js';
import { closeRun } from './restarts.js';
import { axpy, firstResidual, inner, residualInto, squareSystem, type SquareSystem } from './system.js';

export interface GmresOptions extends SolveOptions {
  /** Dimension m of the space before a restart. Default min(30, n). */
  restart?: number;
  /** Applied from the right. Default 'none'. */
  preconditioner?: PreconditionerChoice;
}

const NAMES = { ...SOLVE_OPTIONS, restart: true, preconditioner: true } satisfies Record<keyof GmresOptions, true>;

/**
 * Solves A x = b by GMRES(m). `iterations` counts inner steps.
 *
 * Within a cycle the residual norm never increases. A cycle that does not lower it would be repeated for ever, so it ends the
 * run with status 'stagnated'. One product and O(m n) flops an iteration; memory m + 3 vectors.
 *
 * @throws RangeError if A is not square, restart < 1, a length is wrong, or anything is not finite
 *
 * @example
 * gmres([[0, 1], [1, 0]], [2, 3]).x.map(Math.round); //=> Float64Array.of(3, 2)
 */
export function gmres(
  A: MatrixInput | LinearOperator,
  b: ArrayLike<number>,
  options: GmresOptions = {},
  out?: Float64Array,
): SolveResult {
  checkOptionNames('options', options, NAMES);
  const workspace = options.workspace ?? solverWorkspace();
  const system = squareSystem(workspace, A);
  const { n } = system;
  const m = Math.min(checkInteger('restart', options.restart ?? Math.max(1, Math.min(30, n)), 1), Math.max(1, n));
  const built = buildPreconditioner(options.preconditioner, system.prepared, workspace);
  const run = beginSolve(n, b, options, out, workspace);
  if (run.status !== undefined) return endSolve(run, 0, 0, 0);

  const basis = Array.from({ length: m + 1 }, (_, j) => workspaceVector(workspace, `gmres ${j}`, n));
  const H = Array.from({ length: m }, (_, j) => workspaceVector(workspace, `gmres H ${j}`, j + 2));
  const cycle: Cycle = {
    basis,
    H,
    g: workspaceVector(workspace, `gmres g`, m + 1),
    c: workspaceVector(workspace, 'gmres c', m),
    s: workspaceVector(workspace, 'gmres s', m),
    z: workspaceVector(workspace, 'z', n),
    work: workspaceVector(workspace, 'q', n),
  };
  const first = firstResidual(system, run.b, run.x, run.zeroStart, basis[0]);
  const totals = { matvecs: first.products, flops: 0, k: 0 };
  let norm = first.norm;
  observe(run, 0, norm);
  while (run.status === undefined) {
    const before = norm;
    const ended = arnoldiCycle(run, system, built, cycle, norm, totals);
    norm = residualInto(system, run.b, run.x, basis[0]);
    totals.matvecs += 1;
    if (ended.status !== undefined && !meetsTolerance(run, norm)) run.status = ended.status;
    else observeLast(run, totals.k, norm);
    if (run.status === undefined && !(norm < before * (1 - 1e-12))) {
      run.status = ended.exhausted ? 'breakdown' : 'stagnated';
    }
  }
  totals.matvecs += closeRun(run, system, basis[0]);
  return endSolve(run, totals.k, totals.matvecs, totals.flops + totals.matvecs * system.productFlops);
}

interface Cycle {
  basis: Float64Array[];
  H: Float64Array[];
  g: Float64Array;
  c: Float64Array;
  s: Float64Array;
  z: Float64Array;
  work: Float64Array;
}

/** Up to m steps from the residual in basis[0]; updates x. The status is one that ends the run whatever the true residual. */
function arnoldiCycle(
  run: SolveRun,
  system: SquareSystem,
  built: BuiltPreconditioner | undefined,
  { basis, H, g, c, s, z, work }: Cycle,
  norm: number,
  totals: { matvecs: number; flops: number; k: number },
): { status: SolveRun['status']; exhausted: boolean } {
  const { n } = run;
  const m = H.length;
  g.fill(0);
  g[0] = norm;
  for (let i = 0; i < n; i++) basis[0][i] /= norm;
  let j = 0;
  let exhausted = false;
  let status: SolveRun['status'];
  while (j < m && status === undefined && !exhausted) {
    const next = basis[j + 1];
    if (built === undefined) {
      system.apply(basis[j], next);
    } else {
      built.apply(basis[j], z);
      system.apply(z, next);
      totals.flops += built.flops;
    }
    totals.matvecs += 1;
    const h = H[j];
    const before = euclid(next, n);
    orthogonalize(next, basis, h, j, n, false);
    let after = euclid(next, n);
    if (after < 0.7 * before) {
      orthogonalize(next, basis, h, j, n, true);
      after = euclid(next, n);
      totals.flops += 4 * n * (j + 1);
    }
    totals.flops += 4 * n * (j + 2);
    h[j + 1] = after;
    exhausted = after <= 1e-14 * before || after === 0; // happy breakdown: the solution is in the space, if A is nonsingular
    if (!exhausted) for (let i = 0; i < n; i++) next[i] /= after;
    for (let i = 0; i < j; i++) {
      const t = c[i] * h[i] + s[i] * h[i + 1];
      h[i + 1] = c[i] * h[i + 1] - s[i] * h[i];
      h[i] = t;
    }
    const radius = Math.sqrt(h[j] * h[j] + h[j + 1] * h[j + 1]);
    if (!(radius > 1e-14 * before) || !(radius < Infinity)) {
      // A is singular on the space: this step brings nothing
      if (!(radius >= 0 && radius < Infinity)) status = 'non-finite';
      exhausted = true;
      break;
    }
    c[j] = h[j] / radius;
    s[j] = h[j + 1] / radius;
    h[j] = radius;
    g[j + 1] = -s[j] * g[j];
    g[j] *= c[j];
    j += 1;
    totals.k += 1;
    const estimate = Math.abs(g[j]);
    const last = j === m || exhausted || meetsTolerance(run, estimate);
    if (last) break; // observed by the caller, with the true residual
    status = observe(run, totals.k, estimate);
    run.status = undefined;
  }
  combine(run.x, built, basis, H, g, j, n, work, z);
  return { status, exhausted };
}

/** next <- next - Σ (next, v_i) v_i, one vector after another; the coefficients go to h, or are added to it. */
function orthogonalize(
  next: Float64Array,
  basis: Float64Array[],
  h: Float64Array,
  j: number,
  n: number,
  again: boolean,
): void {
  for (let i = 0; i <= j; i++) {
    const t = inner(next, basis[i], n);
    h[i] = again ? h[i] + t : t;
    axpy(-t, basis[i], next, n);
  }
}

/** x <- x + M⁻¹ V y with the triangular system R y = g. */
function combine(
  x: Float64Array,
  built: BuiltPreconditioner | undefined,
  basis: Float64Array[],
  H: Float64Array[],
  g: Float64Array,
  j: number,
  n: number,
  work: Float64Array,
  z: Float64Array,
): void {
  for (let i = j - 1; i >= 0; i--) {
    g[i] /= H[i][i];
    for (let l = 0; l < i; l++) g[l] -= g[i] * H[i][l];
  }
  work.fill(0);
  for (let i = 0; i < j; i++) axpy(g[i], basis[i], work, n);
  if (built !== undefined) built.apply(work, z);
  axpy(1, built === undefined ? work : z, x, n);
}

/** The true residual of the last step of a cycle, which was not observed yet. */
function observeLast(run: SolveRun, k: number, norm: number): void {
  if (run.record && run.recorded > k) run.recorded = k; // a step that the space did not allow
  observe(run, k, norm);
}
