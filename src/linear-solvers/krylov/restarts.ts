// The end of a run whose residual is computed by recursion: what is reported is the residual of the x that is returned.
import { meetsTolerance, observe, type SolveRun } from '../solve-run.js';
import { residualInto, type SquareSystem } from './system.js';

/** After a restart from the true residual has been made before, another is worth it only if that residual has halved since. */
export function restartWorthwhile(norm: number, normAtLastRestart: number): boolean {
  return norm <= 0.5 * normAtLastRestart;
}

/** What `testIterate` keeps from one call to the next: the true norm at the last restart, and the products spent. */
export interface Restarts {
  norm: number;
  products: number;
}

/**
 * Tells the run of iterate k, whose recursive residual has the given norm. Where that meets the tolerance (or is `doubtful` for
 * another reason) the true residual is put into r and judged instead; true is then returned: the recursion starts again from r.
 */
export function testIterate(
  run: SolveRun,
  system: SquareSystem,
  k: number,
  norm: number,
  r: Float64Array,
  restarts: Restarts,
  doubtful = false,
): boolean {
  if (!doubtful && !meetsTolerance(run, norm)) {
    observe(run, k, norm);
    return false;
  }
  const trueNorm = residualInto(system, run.b, run.x, r);
  restarts.products += 1;
  if (observe(run, k, trueNorm) === undefined && !restartWorthwhile(trueNorm, restarts.norm)) run.status = 'stagnated';
  restarts.norm = trueNorm;
  return true;
}

/**
 * Replaces the last recursive residual norm by that of the x held, and a status 'max-iterations' or 'stagnated' by
 * convergence if it turns out so. Converged runs have been confirmed already. Returns the products spent, 0 or 1.
 */
export function closeRun(run: SolveRun, system: SquareSystem, r: Float64Array): number {
  const { status } = run;
  if (status === 'converged-rtol' || status === 'converged-atol') return 0;
  const norm = residualInto(system, run.b, run.x, r);
  run.residualNorm = norm / run.scale;
  if (run.record && run.recorded > 0) run.workspace.history[run.recorded - 1] = run.residualNorm;
  if ((status === 'max-iterations' || status === 'stagnated') && meetsTolerance(run, norm)) {
    run.status = run.residualNorm <= run.rtol * run.reference ? 'converged-rtol' : 'converged-atol';
  }
  return 1;
}
