// What the Krylov methods and the polynomial iterations need of A: its order and its action.
import type { SolverWorkspace } from '../workspace.js';
import { prepareIn } from '../workspace.js';
import { spmvInto } from '../sparse/csr-products.js';
import type { PreparedCsr } from '../sparse/prepared-csr.js';
import { isOperator, type LinearOperator, type MatrixInput } from '../sparse/to-csr.js';

export interface SquareSystem {
  readonly n: number;
  /** Flops of one product: 2 for each stored entry; 0 for an operator, whose work is not known here. */
  readonly productFlops: number;
  readonly prepared: PreparedCsr | undefined;
  apply(x: Float64Array, out: Float64Array): void;
}

/** Reads A in whatever form; throws RangeError unless it is square. */
export function squareSystem(workspace: SolverWorkspace, A: MatrixInput | LinearOperator): SquareSystem {
  if (isOperator(A)) {
    if (A.rows !== A.cols) throw new RangeError(`A must be square, got ${A.rows} x ${A.cols}`);
    return { n: A.rows, productFlops: 0, prepared: undefined, apply: (x, out) => A.apply(x, out) };
  }
  const prepared = prepareIn(workspace, A);
  const csr = prepared.A;
  return {
    n: csr.rows,
    productFlops: 2 * csr.rowPtr[csr.rows],
    prepared,
    apply: (x, out) => spmvInto(csr, x, out),
  };
}

/** r <- b - A x; returns its Euclidean norm. */
export function residualInto(system: SquareSystem, b: Float64Array, x: Float64Array, r: Float64Array): number {
  const { n } = system;
  system.apply(x, r);
  let squares = 0;
  for (let i = 0; i < n; i++) {
    const ri = b[i] - r[i];
    r[i] = ri;
    squares += ri * ri;
  }
  return Math.sqrt(squares);
}

/** r <- b when x0 = 0, else b - A x0; returns the norm, and whether a product was spent on it. */
export function firstResidual(
  system: SquareSystem,
  b: Float64Array,
  x: Float64Array,
  zeroStart: boolean,
  r: Float64Array,
): { norm: number; products: number } {
  if (!zeroStart) return { norm: residualInto(system, b, x, r), products: 1 };
  let squares = 0;
  for (let i = 0; i < system.n; i++) {
    r[i] = b[i];
    squares += b[i] * b[i];
  }
  return { norm: Math.sqrt(squares), products: 0 };
}

/** Σ x_i y_i in index order. */
export function inner(x: Float64Array, y: Float64Array, n: number): number {
  let sum = 0;
  for (let i = 0; i < n; i++) sum += x[i] * y[i];
  return sum;
}

/** y <- y + alpha x. */
export function axpy(alpha: number, x: Float64Array, y: Float64Array, n: number): void {
  for (let i = 0; i < n; i++) y[i] += alpha * x[i];
}
