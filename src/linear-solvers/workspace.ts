// Vectors that outlive a solve, so that a simulation which solves thousands of systems allocates once.
import { isCsr, type CsrMatrix } from './sparse/csr.js';
import { invertDiagonal, isPrepared, locateDiagonal, prepareCsr, type PreparedCsr } from './sparse/prepared-csr.js';
import { toCsr, type MatrixInput } from './sparse/to-csr.js';

/** Memory of the solvers, made by `solverWorkspace`. Its fields are the solvers' own. */
export interface SolverWorkspace {
  /** Vectors by role. */
  readonly vectors: Map<string, Float64Array>;
  history: Float64Array;
  /** The diagonal of the last matrix, for the next one of the same pattern. */
  pattern: { rowPtr: Int32Array; colIdx: Int32Array; diagIndex: Int32Array; invDiag: Float64Array } | undefined;
  /** The rows by colour of the last red-black matrix, for the next one of the same pattern. */
  colors: { rowPtr: Int32Array; colIdx: Int32Array; classes: [Int32Array, Int32Array] } | undefined;
}

/**
 * An empty workspace. Give the same one to one solve after another; it grows as needed and serves one solve at a time.
 *
 * A matrix whose `rowPtr` and `colIdx` are the very arrays of the matrix before is taken to have the same pattern,
 * and only its values are looked at again.
 *
 * @example
 * const workspace = solverWorkspace();
 * sor(poisson1d(3), [1, 0, 1], { omega: 1.2, workspace }).converged; //=> true
 */
export function solverWorkspace(): SolverWorkspace {
  return { vectors: new Map(), history: new Float64Array(0), pattern: undefined, colors: undefined };
}

/** The vector of this role with length n; its contents are whatever they were. */
export function workspaceVector(workspace: SolverWorkspace, role: string, n: number): Float64Array {
  let vector = workspace.vectors.get(role);
  if (vector === undefined || vector.length !== n) {
    vector = new Float64Array(n);
    workspace.vectors.set(role, vector);
  }
  return vector;
}

/** `prepareCsr` for whatever was given as A, with what the workspace remembers. */
export function prepareIn(workspace: SolverWorkspace, matrix: MatrixInput): PreparedCsr {
  if (isPrepared(matrix)) return matrix;
  const A = isCsr(matrix) ? matrix : toCsr(matrix);
  const { pattern } = workspace;
  if (pattern === undefined || pattern.rowPtr !== A.rowPtr || pattern.colIdx !== A.colIdx || A.rows !== A.cols) {
    const prepared = prepareCsr(A);
    const { diagIndex, invDiag } = prepared;
    workspace.pattern = { rowPtr: A.rowPtr, colIdx: A.colIdx, diagIndex, invDiag };
    return prepared;
  }
  requireFinite(A);
  const { diagIndex, invDiag } = pattern;
  for (let i = 0; i < A.rows; i++) {
    if (diagIndex[i] >= 0 && A.colIdx[diagIndex[i]] !== i) {
      locateDiagonal(A, diagIndex);
      break;
    }
  }
  return { A, diagIndex, invDiag, zeroDiagonalRow: invertDiagonal(A, diagIndex, invDiag) };
}

function requireFinite({ rows, rowPtr, values }: CsrMatrix): void {
  const nnz = rowPtr[rows];
  let zero = 0;
  for (let k = 0; k < nnz; k++) zero += values[k] * 0; // NaN once a value is NaN or infinite
  if (zero === 0) return;
  const k = values.findIndex((value) => !Number.isFinite(value));
  throw new RangeError(`A must have finite values, got ${values[k]} at position ${k}`);
}
