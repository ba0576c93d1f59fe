// A solve under way: how it begins, when it stops, what it returns. The solvers' common ground, not public.
import { checkInteger, checkNumber, checkVector } from '../internal/check.js';
import type { SolveOptions, SolveResult, SolveStatus } from './solve.js';
import { workspaceVector, type SolverWorkspace } from './workspace.js';

/** A solve under way. Vectors are scaled by a power of two so that ‖b‖∞ is of ordinary size; norms are reported unscaled. */
export interface SolveRun {
  readonly n: number;
  readonly b: Float64Array;
  /** Holds x0 at the start. Becomes the result. */
  readonly x: Float64Array;
  /** Whether x0 = 0, so that the first residual is b. */
  readonly zeroStart: boolean;
  readonly workspace: SolverWorkspace;
  readonly maxIterations: number;
  readonly rtol: number;
  readonly atol: number;
  /** The factor on b and x; a power of two, nearly always 1. */
  readonly scale: number;
  readonly relativeToInitial: boolean;
  readonly divergenceFactor: number;
  readonly record: boolean;
  readonly options: SolveOptions;
  /** Reference of the relative test, unscaled. */
  reference: number;
  limit: number;
  residualNorm: number;
  recorded: number;
  status: SolveStatus | undefined;
}

/**
 * Checks the shared options and copies b and x0 as needed. A zero right-hand side is answered at once: `status` is then
 * set. `A` itself is the caller's business.
 */
export function beginSolve(
  n: number,
  b: ArrayLike<number>,
  options: SolveOptions,
  out: Float64Array | undefined,
  workspace: SolverWorkspace,
): SolveRun {
  checkVector('b', b, n);
  const { x0, rtol = 1e-8, atol = 0, relativeTo = 'rhs', maxIterations, divergenceFactor = 1e8 } = options;
  if (x0 !== undefined) checkVector('x0', x0, n);
  checkNumber('rtol', rtol, 0);
  checkNumber('atol', atol, 0);
  if (relativeTo !== 'rhs' && relativeTo !== 'initial') {
    throw new RangeError(`relativeTo must be 'rhs' or 'initial', got ${String(relativeTo)}`);
  }
  if (maxIterations === undefined && rtol === 0 && atol === 0) {
    throw new RangeError('maxIterations must be given when rtol and atol are both 0, got undefined');
  }
  checkInteger('maxIterations', maxIterations ?? 10_000, 0);
  if (!(divergenceFactor > 0)) throw new RangeError(`divergenceFactor must be positive, got ${divergenceFactor}`);
  if (out !== undefined && !(out instanceof Float64Array)) throw new TypeError('out must be a Float64Array');
  if (out !== undefined && out.length !== n) throw new RangeError(`out must have length ${n}, got ${out.length}`);

  let largest = 0;
  for (let i = 0; i < n; i++) largest = Math.max(largest, Math.abs(b[i]));
  const scale = largest === 0 ? 1 : scaleOf(largest);
  const x = out ?? new Float64Array(n);
  const ownB = b instanceof Float64Array && scale === 1 && b !== x && b !== x0;
  const rhs = ownB ? b : workspaceVector(workspace, 'b', n);
  if (!ownB) for (let i = 0; i < n; i++) rhs[i] = b[i] * scale;
  let zeroStart = true;
  if (x0 === undefined) {
    x.fill(0);
  } else {
    for (let i = 0; i < n; i++) {
      x[i] = x0[i] * scale;
      if (x[i] !== 0) zeroStart = false;
    }
  }
  const run: SolveRun = {
    n,
    b: rhs,
    x,
    zeroStart,
    workspace,
    maxIterations: maxIterations ?? 10_000,
    rtol,
    atol,
    scale,
    relativeToInitial: relativeTo === 'initial',
    divergenceFactor,
    record: options.recordResiduals ?? true,
    options,
    reference: 0,
    limit: Infinity,
    residualNorm: 0,
    recorded: 0,
    status: undefined,
  };
  if (largest === 0) {
    x.fill(0);
    if (run.record) record(run, 0);
    run.status = 'zero-rhs';
  } else {
    run.reference = euclid(rhs, n) / scale;
  }
  return run;
}

/**
 * Tells the run the residual norm (of the scaled system) of iterate k; the answer is the status to stop with, or undefined.
 * Norms are recorded, the callback is called, and the tests are made in the order of `SolveStatus`.
 */
export function observe(run: SolveRun, k: number, scaledNorm: number): SolveStatus | undefined {
  const norm = scaledNorm / run.scale;
  run.residualNorm = norm;
  if (run.record) record(run, norm);
  if (k === 0) {
    if (run.relativeToInitial) run.reference = norm;
    run.limit = run.divergenceFactor * Math.max(run.reference, norm);
  }
  run.status = judge(run, k, norm);
  return run.status;
}

function judge(run: SolveRun, k: number, norm: number): SolveStatus | undefined {
  const { onIteration, signal } = run.options;
  const goOn = onIteration === undefined ? true : onIteration(k, norm);
  if (norm <= run.rtol * run.reference) return 'converged-rtol';
  if (norm <= run.atol) return 'converged-atol';
  if (!(norm < Infinity)) return 'non-finite';
  if (goOn === false) return 'stopped-by-callback';
  if (signal !== undefined && signal.aborted) return 'aborted';
  if (norm > run.limit) return 'diverged';
  if (k >= run.maxIterations) return 'max-iterations';
  return undefined;
}

/** Whether a residual norm of the scaled system meets either tolerance. */
export function meetsTolerance(run: SolveRun, scaledNorm: number): boolean {
  const norm = scaledNorm / run.scale;
  return norm <= run.rtol * run.reference || norm <= run.atol;
}

/** The result of a run that has stopped; x is unscaled in place. */
export function endSolve(run: SolveRun, iterations: number, matvecs: number, flops: number): SolveResult {
  const { x, scale, n, workspace } = run;
  if (scale !== 1) for (let i = 0; i < n; i++) x[i] /= scale;
  const status = run.status ?? 'max-iterations';
  const history = workspace.history.subarray(0, run.recorded);
  return {
    x,
    iterations,
    converged: status === 'converged-rtol' || status === 'converged-atol' || status === 'zero-rhs',
    status,
    residualNorm: run.residualNorm,
    residualNorms: run.options.workspace === undefined ? history.slice() : history,
    matvecs,
    flops,
  };
}

/** √(Σ x_i²), summed in index order; the scaling of the run keeps it from overflow. */
export function euclid(x: Float64Array, n: number): number {
  let sum = 0;
  for (let i = 0; i < n; i++) sum += x[i] * x[i];
  return Math.sqrt(sum);
}

function record(run: SolveRun, norm: number): void {
  const { workspace } = run;
  if (run.recorded === workspace.history.length) {
    const longer = new Float64Array(Math.max(128, 2 * run.recorded));
    longer.set(workspace.history);
    workspace.history = longer;
  }
  workspace.history[run.recorded++] = norm;
}

/** 1 for ordinary sizes, else the power of two that brings `largest` into [1, 2) as nearly as a double allows. */
function scaleOf(largest: number): number {
  if (largest >= 1e-100 && largest <= 1e100) return 1;
  let scale = 1;
  for (let m = largest; m >= 2; m /= 2) scale /= 2;
  for (let m = largest; m < 1 && scale < 8.9e307; m *= 2) scale *= 2;
  return scale;
}
