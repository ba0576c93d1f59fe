/**
 * β = ρ(I - D⁻¹A), on which the best relaxation parameter depends.
 */
import { checkInteger, checkNumber, checkOptionNames } from '../../internal/check.js';
import { eigenvalues } from '../../linalg/eigenvalues.js';
import { cos } from '../../special/trigonometric.js';
import { csrIsSymmetric } from '../sparse/csr-algebra.js';
import { spmvInto } from '../sparse/csr-products.js';
import { extremeEigenvalues, startVector } from '../sparse/lanczos.js';
import { prepareCsr, requireDiagonal, type PreparedCsr } from '../sparse/prepared-csr.js';
import { toCsr, type MatrixInput } from '../sparse/to-csr.js';
import { csrToDense } from '../sparse/csr.js';
import { DENSE_LIMIT, largestModulus } from './sor-theory.js';

export interface JacobiSpectralRadiusOptions {
  /**
   * 'lanczos' for symmetric A with positive diagonal, on D^{-1/2} A D^{-1/2}, which is similar; 'dense' eigenvalues for n <= 400;
   * 'arnoldi' beyond. Default: the first that applies.
   */
  method?: 'lanczos' | 'dense' | 'arnoldi';
}

/**
 * ρ(I - D⁻¹A). Deterministic.
 *
 * Lanczos costs O(steps (nnz + 200 n)) and is good to about 1e-10 relative.
 *
 * @throws RangeError if A is not square, a diagonal entry is zero, or the method does not apply
 *
 * @example
 * jacobiSpectralRadius(poisson2d(3, 3)).toFixed(10); //=> '0.7071067812'
 */
export function jacobiSpectralRadius(A: MatrixInput, options: JacobiSpectralRadiusOptions = {}): number {
  checkOptionNames('options', options, { method: true } satisfies Record<keyof JacobiSpectralRadiusOptions, true>);
  const prepared = prepareCsr(toCsr(A));
  requireDiagonal(prepared);
  const n = prepared.A.rows;
  if (n === 0) return 0;
  const method = options.method ?? (isJacobiSymmetric(prepared) ? 'lanczos' : n <= DENSE_LIMIT ? 'dense' : 'arnoldi');
  if (method === 'lanczos') {
    if (!isJacobiSymmetric(prepared)) throw new RangeError('A must be symmetric with a positive diagonal for lanczos');
    const { min, max } = extremeEigenvalues(n, scaledOperator(prepared));
    return Math.max(Math.abs(1 - min), Math.abs(1 - max));
  }
  if (method === 'dense') {
    if (n > DENSE_LIMIT) throw new RangeError(`A must have at most ${DENSE_LIMIT} rows for method dense, got ${n}`);
    const J = csrToDense(prepared.A);
    for (let i = 0; i < n; i++) {
      for (let j = 0; j < n; j++) J[i * n + j] = (i === j ? 1 : 0) - J[i * n + j] * prepared.invDiag[i];
    }
    return largestModulus(J, n);
  }
  if (method === 'arnoldi') return arnoldiRadius(prepared);
  throw new RangeError(`method must be 'lanczos', 'dense' or 'arnoldi', got ${String(method)}`);
}

/**
 * ρ(I - D⁻¹A) of poisson1d, poisson2d or poisson3d (Dirichlet) in closed form: the sum over the axes of
 * 2 cos(π/(size + 1)), divided by the diagonal 2 d + shift.
 *
 * @throws RangeError if a size is not a positive integer, or the diagonal is not positive
 *
 * @example
 * jacobiRadiusPoisson({ nx: 10, ny: 10 }).toFixed(8); //=> '0.95949297'
 */
export function jacobiRadiusPoisson(options: { nx: number; ny?: number; nz?: number; shift?: number }): number {
  checkOptionNames('options', options, { nx: true, ny: true, nz: true, shift: true });
  const { nx, ny, nz, shift = 0 } = options;
  checkNumber('shift', shift);
  const sizes = [nx, ny, nz].filter((size) => size !== undefined);
  const diagonal = 2 * sizes.length + shift;
  if (!(diagonal > 0)) throw new RangeError(`shift must be above ${-2 * sizes.length}, got ${shift}`);
  let sum = 0;
  sizes.forEach((size, axis) => {
    checkInteger(['nx', 'ny', 'nz'][axis], size, 1);
    sum += size === 1 ? 0 : 2 * cos(Math.PI / (size + 1));
  });
  return sum / diagonal;
}

function isJacobiSymmetric({ A, diagIndex }: PreparedCsr): boolean {
  for (let i = 0; i < A.rows; i++) if (!(A.values[diagIndex[i]] > 0)) return false;
  return csrIsSymmetric(A);
}

/** x -> D^{-1/2} A D^{-1/2} x. */
export function scaledOperator({ A, invDiag }: PreparedCsr): (x: Float64Array, out: Float64Array) => void {
  const n = A.rows;
  const root = invDiag.map(Math.sqrt);
  const scaled = new Float64Array(n);
  return (x, out) => {
    for (let i = 0; i < n; i++) scaled[i] = root[i] * x[i];
    spmvInto(A, scaled, out);
    for (let i = 0; i < n; i++) out[i] *= root[i];
  };
}

/** The largest Ritz value in modulus of I - D⁻¹A in Krylov spaces of dimension 20, 40, ..., 320, until it stands still. */
function arnoldiRadius({ A, invDiag }: PreparedCsr): number {
  const n = A.rows;
  const limit = Math.min(n, 320);
  const basis = [startVector(n)];
  const columns: Float64Array[] = [];
  let radius = 0;
  for (let m = 20; ; m *= 2) {
    const size = Math.min(m, limit);
    while (columns.length < size) {
      const v = basis[columns.length];
      const w = new Float64Array(n);
      spmvInto(A, v, w);
      for (let i = 0; i < n; i++) w[i] = v[i] - invDiag[i] * w[i];
      const h = new Float64Array(columns.length + 2);
      for (let pass = 0; pass < 2; pass++) {
        basis.forEach((u, i) => {
          let t = 0;
          for (let l = 0; l < n; l++) t += u[l] * w[l];
          for (let l = 0; l < n; l++) w[l] -= t * u[l];
          h[i] += t;
        });
      }
      let norm = 0;
      for (let l = 0; l < n; l++) norm += w[l] * w[l];
      norm = Math.sqrt(norm);
      h[columns.length + 1] = norm;
      columns.push(h);
      if (norm < 1e-14) return hessenbergRadius(columns);
      basis.push(w.map((value) => value / norm));
    }
    const next = hessenbergRadius(columns);
    if (size === limit || Math.abs(next - radius) <= 1e-10 * next) return next;
    radius = next;
  }
}

function hessenbergRadius(columns: Float64Array[]): number {
  const m = columns.length;
  const H = new Float64Array(m * m);
  columns.forEach((h, j) => {
    for (let i = 0; i < Math.min(h.length, m); i++) H[i * m + j] = h[i];
  });
  const { real, imaginary } = eigenvalues(H, m);
  return real.reduce((best, re, i) => Math.max(best, Math.sqrt(re * re + imaginary[i] * imaginary[i])), 0);
}
