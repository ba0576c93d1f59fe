// The end of a run whose residual is computed by recursion: what is reported is the residual of the x that is returned.
import { meetsTolerance, type SolveRun } from '../solve.js';
import { residualInto, type SquareSystem } from './system.js';

/** After a restart from the true residual has been made before, another is worth it only if that residual has halved since. */
export function restartWorthwhile(norm: number, normAtLastRestart: number): boolean {
  return norm <= 0.5 * normAtLastRestart;
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
