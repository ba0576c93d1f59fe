/**
 * What all solvers of A x = b share: the options, the result, and how a solve may end.
 *
 * An iteration ends with a status, never with an exception: a solve that does not converge still has a cost, and a
 * learner needs to be told what it was. Bad arguments throw.
 */
import type { SolverWorkspace } from './workspace.js';

/**
 * How a solve ended.
 *
 *   converged-rtol             ‖r‖ <= rtol · reference (also when the absolute test is met as well)
 *   converged-atol             ‖r‖ <= atol only
 *   zero-rhs                   b = 0, and the answer x = 0 was returned without work
 *   max-iterations             the limit was reached
 *   diverged                   ‖r‖ grew past divergenceFactor times the larger of the reference and ‖r_0‖
 *   breakdown                  a division by (nearly) zero in the recurrence of the method, twice
 *   indefinite-matrix          CG met a direction with pᵀA p <= 0
 *   indefinite-preconditioner  zᵀr <= 0 for a residual that is not zero
 *   stagnated                  the true residual no longer falls although the recursive one does
 *   stopped-by-callback        `onIteration` returned false
 *   aborted                    `signal` was aborted
 *   non-finite                 a NaN or an infinity arose; x is the last finite iterate where it was kept
 */
export type SolveStatus =
  | 'converged-rtol'
  | 'converged-atol'
  | 'zero-rhs'
  | 'max-iterations'
  | 'diverged'
  | 'breakdown'
  | 'indefinite-matrix'
  | 'indefinite-preconditioner'
  | 'stagnated'
  | 'stopped-by-callback'
  | 'aborted'
  | 'non-finite';

export interface SolveOptions {
  /** Starting iterate. Default 0. May be the vector given as `out`. */
  x0?: ArrayLike<number> | undefined;
  /** Relative tolerance, at least 0. Default 1e-8. */
  rtol?: number;
  /** Absolute tolerance on ‖r‖₂, at least 0. Default 0. */
  atol?: number;
  /** What `rtol` refers to: ‖b‖₂ ('rhs', default) or ‖r_0‖₂ ('initial'). The same when x0 = 0. */
  relativeTo?: 'rhs' | 'initial';
  /** Default 10 000. Must be given when both tolerances are 0. */
  maxIterations?: number;
  /** Default 1e8: SOR passes through a phase in which the residual grows, so a small factor would stop it wrongly. */
  divergenceFactor?: number;
  /** Keep every residual norm. Default true. */
  recordResiduals?: boolean;
  /** Called with every iterate's number k = 0, 1, ... and residual norm; the solve stops when it returns false. */
  onIteration?: (k: number, residualNorm: number) => boolean | void;
  /** Stops the solve when aborted; looked at once per iteration. */
  signal?: AbortSignal;
  /** Vectors kept from solve to solve. Only the result is allocated then, and `residualNorms` is a view into it. */
  workspace?: SolverWorkspace;
}

/** The names of `SolveOptions`, for `checkOptionNames`. */
export const SOLVE_OPTIONS = {
  x0: true,
  rtol: true,
  atol: true,
  relativeTo: true,
  maxIterations: true,
  divergenceFactor: true,
  recordResiduals: true,
  onIteration: true,
  signal: true,
  workspace: true,
} satisfies Record<keyof SolveOptions, true>;

export interface SolveResult {
  x: Float64Array;
  /** Updates made to x. 0 when x0 was good enough. */
  iterations: number;
  converged: boolean;
  status: SolveStatus;
  /** ‖b - A x‖₂ of the x returned. */
  residualNorm: number;
  /** Entry k is ‖b - A x_k‖₂, k = 0 .. iterations; empty without `recordResiduals`. With a workspace, valid until the next solve. */
  residualNorms: Float64Array;
  /** Passes over the stored entries of A: products, sweeps and residuals. */
  matvecs: number;
  /** Floating-point operations: 2 for each stored entry in a pass, 2n for a dot product or an axpy, n for a scaling. */
  flops: number;
}
