// How a preconditioner is named in the options of a Krylov method.
import { checkOptionNames } from '../../internal/check.js';
import { incompleteCholesky0, type IncompleteCholeskyOptions } from './incomplete-cholesky.js';
import { incompleteLu0 } from './incomplete-lu.js';
import { jacobiPreconditioner } from './jacobi-preconditioner.js';
import { ssorPreconditioner } from './ssor-preconditioner.js';
import { multigridPreconditioner, type MultigridPreconditionerOptions } from '../multigrid/multigrid-preconditioner.js';
import type { PreparedCsr } from '../sparse/prepared-csr.js';
import { workspaceVector, type SolverWorkspace } from '../workspace.js';

/** z <- M⁻¹ r. Must not change r, and must be linear, and symmetric positive definite for CG. */
export type Preconditioner = (r: Float64Array, out: Float64Array) => void;

/**
 * A preconditioner by name. 'ssor:1.5' is { kind: 'ssor', omega: 1.5 }. For many solves with one matrix build it once
 * (`incompleteCholesky0(A).apply`, `ssorPreconditioner(A, { omega })`, ...) and pass the function.
 */
export type PreconditionerChoice =
  | 'none'
  | 'jacobi'
  | 'ic0'
  | 'ilu0'
  | `ssor:${number}`
  | { kind: 'none' | 'jacobi' | 'ilu0' }
  | ({ kind: 'ic0' } & IncompleteCholeskyOptions)
  | { kind: 'ssor'; omega: number; eisenstat?: boolean }
  | ({ kind: 'multigrid' } & MultigridPreconditionerOptions)
  | Preconditioner;

/** A preconditioner ready for use, with the flops of one application. */
export interface BuiltPreconditioner {
  readonly apply: Preconditioner;
  readonly flops: number;
}

/** The names of each kind of object. */
const NAMES: Record<string, Record<string, true>> = {
  none: { kind: true },
  jacobi: { kind: true },
  ilu0: { kind: true },
  ic0: { kind: true, onBreakdown: true },
  ssor: { kind: true, omega: true, eisenstat: true },
  multigrid: { kind: true, sweeps: true },
};

/** Throws for an object of a known kind that has another name. */
export function checkChoice(choice: { kind: string }): void {
  if (Object.hasOwn(NAMES, choice.kind)) checkOptionNames('preconditioner', choice, NAMES[choice.kind]);
}

/** Builds what was asked for; undefined for none. */
export function buildPreconditioner(
  choice: PreconditionerChoice | undefined,
  prepared: PreparedCsr | undefined,
  workspace: SolverWorkspace,
): BuiltPreconditioner | undefined {
  if (choice === undefined) return undefined;
  if (typeof choice === 'function') return { apply: choice, flops: 0 };
  const wanted = typeof choice === 'string' ? parseChoice(choice) : choice;
  if (typeof wanted !== 'object' || wanted === null)
    throw new TypeError('preconditioner must be a name, an object or a function');
  checkChoice(wanted);
  if (wanted.kind === 'none') return undefined;
  if (prepared === undefined) {
    throw new RangeError(`preconditioner must be a function when A is an operator, got ${wanted.kind}`);
  }
  const n = prepared.A.rows;
  const nnz = prepared.A.rowPtr[n];
  switch (wanted.kind) {
    case 'jacobi':
      return { apply: jacobiPreconditioner(prepared), flops: n };
    case 'ssor':
      return {
        apply: ssorPreconditioner(prepared, { omega: wanted.omega, scratch: workspaceVector(workspace, 'ssor', n) }),
        flops: 2 * nnz + 2 * n,
      };
    case 'ic0': {
      const { kind: _kind, ...options } = wanted;
      const { factor, apply } = incompleteCholesky0(prepared, options);
      return { apply, flops: 4 * factor.rowPtr[n] };
    }
    case 'ilu0':
      return { apply: incompleteLu0(prepared).apply, flops: 2 * nnz };
    case 'multigrid': {
      const { kind: _kind, ...options } = wanted;
      return { apply: multigridPreconditioner(prepared, options), flops: 20 * nnz };
    }
    default:
      throw new RangeError(
        `preconditioner must be one of none, jacobi, ssor, ic0, ilu0, multigrid, got ${String((wanted as { kind: unknown }).kind)}`,
      );
  }
}

function parseChoice(name: string): Exclude<PreconditionerChoice, string | Preconditioner> {
  if (name === 'none' || name === 'jacobi' || name === 'ic0' || name === 'ilu0') return { kind: name };
  if (name === 'multigrid') return { kind: name };
  const omega = /^ssor:(\d*\.?\d+)$/.exec(name);
  if (omega !== null) return { kind: 'ssor', omega: Number(omega[1]) };
  throw new RangeError(
    `preconditioner must be 'none', 'jacobi', 'ssor:<omega>', 'ic0', 'ilu0' or 'multigrid', got '${name}'`,
  );
}
