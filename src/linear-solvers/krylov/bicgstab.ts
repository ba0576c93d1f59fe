/**
 * BiCGSTAB for nonsymmetric A with a fixed small memory.
 *
 * H. A. van der Vorst, "Bi-CGSTAB: a fast and smoothly converging variant of Bi-CG for the solution of nonsymmetric linear
 * systems", SIAM J. Sci. Stat. Comput. 13 (1992) 631-644. Preconditioned from the right.
 *
 *   paper    here        meaning
 *   r̂_0      shadow      the fixed left vector
 *   ρ        rho         (r̂_0, r)
 *   v, t     v, t        A M⁻¹ p and A M⁻¹ s
 *   ω        omega       (t, s) / (t, t)
 */
import { checkOptionNames } from '../../internal/check.js';
import { SOLVE_OPTIONS, type SolveOptions, type SolveResult } from '../solve.js';
import { beginSolve, endSolve, euclid, meetsTolerance, observe } from '../solve-run.js';
import { buildPreconditioner, type PreconditionerChoice } from '../preconditioners/preconditioner.js';
import type { LinearOperator, MatrixInput } from '../sparse/to-csr.js';
import { solverWorkspace, workspaceVector } from '../workspace.js';
import { closeRun, restartWorthwhile } from './restarts.js';
import { firstResidual, inner, residualInto, squareSystem } from './system.js';

export interface BicgstabOptions extends SolveOptions {
  /** Applied from the right. Default 'none'. */
  preconditioner?: PreconditionerChoice;
}

const NAMES = { ...SOLVE_OPTIONS, preconditioner: true } satisfies Record<keyof BicgstabOptions, true>;

/** Below this, relative to the norms, a scalar of the recurrence is taken for zero. */
const TINY = 1e-15;

/**
 * Solves A x = b by BiCGSTAB. Two products an iteration; flops 4 nnz + 20 n.
 *
 * When ρ or ω is tiny relative to the norms involved the recurrence starts again from the true residual, once; the second
 * time the status is 'breakdown'.
 *
 * @throws RangeError if A is not square, a length is wrong, or anything is not finite
 *
 * @example
 * bicgstab([[2, 1], [0, 3]], [3, 3]).x.map(Math.round); //=> Float64Array.of(1, 1)
 */
export function bicgstab(
  A: MatrixInput | LinearOperator,
  b: ArrayLike<number>,
  options: BicgstabOptions = {},
  out?: Float64Array,
): SolveResult {
  checkOptionNames('options', options, NAMES);
  const workspace = options.workspace ?? solverWorkspace();
  const system = squareSystem(workspace, A);
  const { n } = system;
  const built = buildPreconditioner(options.preconditioner, system.prepared, workspace);
  const run = beginSolve(n, b, options, out, workspace);
  if (run.status !== undefined) return endSolve(run, 0, 0, 0);

  const { x } = run;
  const vector = (role: string) => workspaceVector(workspace, role, n);
  const [r, shadow, p, v, t] = ['r', 'shadow', 'p', 'q', 't'].map(vector);
  const pHat = built === undefined ? p : vector('pHat');
  const sHat = built === undefined ? r : vector('z');
  const first = firstResidual(system, run.b, x, run.zeroStart, r);
  let matvecs = first.products;
  let applied = 0;
  let k = 0;
  let norm = first.norm;
  let [rho, alpha, omega, shadowNorm] = [1, 1, 1, norm];
  let fresh = true;
  let breakdowns = 0;
  let lastRestart = Infinity;
  observe(run, 0, norm);
  while (run.status === undefined) {
    if (fresh) {
      shadow.set(r);
      shadowNorm = norm;
    }
    let stepped = false;
    const rhoNext = inner(shadow, r, n);
    let broken = Math.abs(rhoNext) <= TINY * shadowNorm * norm;
    if (!broken) {
      const beta = (rhoNext / rho) * (alpha / omega);
      if (fresh) p.set(r);
      else for (let i = 0; i < n; i++) p[i] = r[i] + beta * (p[i] - omega * v[i]);
      rho = rhoNext;
      fresh = false;
      if (built !== undefined) built.apply(p, pHat);
      system.apply(pHat, v);
      matvecs += 1;
      applied += 1;
      const projection = inner(shadow, v, n);
      broken = Math.abs(projection) <= TINY * shadowNorm * euclid(v, n);
      if (!broken) {
        alpha = rho / projection;
        let squares = 0;
        for (let i = 0; i < n; i++) {
          x[i] += alpha * pHat[i];
          const si = r[i] - alpha * v[i]; // r holds s from here on
          r[i] = si;
          squares += si * si;
        }
        norm = Math.sqrt(squares);
        if (!meetsTolerance(run, norm)) {
          if (built !== undefined) built.apply(r, sHat);
          system.apply(sHat, t);
          matvecs += 1;
          applied += 1;
          const tt = inner(t, t, n);
          const ts = inner(t, r, n);
          omega = tt === 0 ? 0 : ts / tt;
          broken = Math.abs(ts) <= TINY * Math.sqrt(tt) * norm;
          if (!broken) {
            squares = 0;
            for (let i = 0; i < n; i++) {
              x[i] += omega * sHat[i];
              const ri = r[i] - omega * t[i];
              r[i] = ri;
              squares += ri * ri;
            }
            norm = Math.sqrt(squares);
          }
        }
        stepped = true; // x has moved, by one half step or two
        k += 1;
      }
    }
    let verdict: 'breakdown' | 'stagnated' | undefined;
    if (broken || meetsTolerance(run, norm)) {
      norm = residualInto(system, run.b, x, r);
      matvecs += 1;
      fresh = true;
      if (!meetsTolerance(run, norm)) {
        if (broken) {
          breakdowns += 1;
          if (breakdowns > 1) verdict = 'breakdown';
        } else if (!restartWorthwhile(norm, lastRestart)) {
          verdict = 'stagnated';
        }
        lastRestart = norm;
      }
    }
    if (!stepped || observe(run, k, norm) === undefined) run.status = verdict;
  }
  matvecs += closeRun(run, system, r);
  const flops = matvecs * system.productFlops + 20 * n * k + applied * (built?.flops ?? 0);
  return endSolve(run, k, matvecs, flops);
}
