/**
 * Conjugate gradients preconditioned by SSOR: the condition number as a function of ω, and the count that follows.
 *
 * O. Axelsson, "Iterative Solution Methods", Cambridge 1994, section 7.2; Khodak et al., arXiv:2310.02246, section 3 and appendix.
 *
 *   paper    here
 *   μ        mu       λ_max(D A⁻¹)
 *   ν        nu       λ_max((L D⁻¹ Lᵀ - D/4) A⁻¹), at least -1/4
 *   κ        kappa    condition number of A
 */
import { checkNumber, checkOptionNames } from '../../internal/check.js';
import { log } from '../../special/log.js';
import { csrAdd, csrDiagonal, csrLower, csrTranspose } from '../sparse/csr-algebra.js';
import type { CsrMatrix } from '../sparse/csr.js';
import { spmvInto } from '../sparse/csr-products.js';
import { extremeEigenvalues } from '../sparse/lanczos.js';
import type { PreparedCsr } from '../sparse/prepared-csr.js';
import type { MatrixInput } from '../sparse/to-csr.js';
import { checkOmega } from '../stationary/sweeps.js';
import { choleskyOf, spectralBounds, symmetricArgument } from './energy.js';
import { checkEpsilon } from './surrogate.js';

export interface SsorPcgConstants {
  mu: number;
  nu: number;
  kappa: number;
  /** 2 / (1 + √((2/μ)(1 + 2ν))), which minimizes `ssorPreconditionedConditionBound`. */
  omegaStar: number;
}

/**
 * μ, ν, κ and the ω that minimizes the bound of the condition number.
 *
 * One dense Cholesky factorization, O(n³/3) time and n² memory, and Lanczos: a second at n = 1000.
 *
 * @throws RangeError if A is not symmetric positive definite or n > 3000
 *
 * @example
 * ssorPcgConstants(poisson2d(4, 4)).omegaStar.toFixed(8); //=> '1.24724086'
 */
export function ssorPcgConstants(A: MatrixInput): SsorPcgConstants {
  const prepared = symmetricArgument(A);
  if (prepared.A.rows > 3000) throw new RangeError(`A must have at most 3000 rows, got ${prepared.A.rows}`);
  const { lambdaMin, lambdaMax, scaledMin } = spectralBounds(prepared);
  if (!(lambdaMin > 0)) throw new RangeError(`A must be positive definite, got an eigenvalue ${lambdaMin}`);
  const mu = 1 / scaledMin;
  const nu = largestRelative(prepared);
  return { mu, nu, kappa: lambdaMax / lambdaMin, omegaStar: 2 / (1 + Math.sqrt((2 / mu) * Math.max(0, 1 + 2 * nu))) };
}

/**
 * κ(M⁻¹A) <= (1 + μ (2 - ω)² / (4 ω) + ω ν) / (2 - ω) for the SSOR preconditioner M.
 *
 * @example
 * ssorPreconditionedConditionBound({ omega: 1, mu: 4, nu: 0 }); //=> 2
 */
export function ssorPreconditionedConditionBound({ omega, mu, nu }: { omega: number; mu: number; nu: number }): number {
  checkOmega(omega);
  checkNumber('mu', mu, 0);
  checkNumber('nu', nu, -0.25);
  const left = 2 - omega;
  return (1 + (mu * left * left) / (4 * omega) + omega * nu) / left;
}

export interface SsorPcgBoundOptions {
  /** In (0, 2). The bound is semi-Lipschitz in ω on [2√2 - 2, 2) (the theorem prints 2√2 + 2, which is not below 2). */
  omega: number;
  mu: number;
  nu: number;
  kappa: number;
  /** Relative tolerance in (0, 1). */
  epsilon: number;
  /** A scale in (0, 1] by which the bound was found to be too large; default 1, the theorem. */
  tau?: number;
}

const NAMES = { omega: true, mu: true, nu: true, kappa: true, epsilon: true, tau: true } satisfies Record<
  keyof SsorPcgBoundOptions,
  true
>;

/**
 * Iterations of SSOR-preconditioned CG to a relative residual of ε are at most
 *
 *   1 + τ log(√κ/ε + √(κ/ε² - 1)) / (-log(1 - 4/(2 + s))),   s = √(4/(2 - ω) + μ (2 - ω)/ω + 4 ν ω/(2 - ω)).
 *
 * Measured counts on eight grids of the paper are 0.68 to 0.85 of it.
 *
 * @example
 * ssorPcgIterationBound({ omega: 1.5, mu: 5.2, nu: -0.02, kappa: 9.5, epsilon: 1e-8 }) > 10; //=> true
 */
export function ssorPcgIterationBound(options: SsorPcgBoundOptions): number {
  checkOptionNames('options', options, NAMES);
  const { omega, mu, nu, kappa, epsilon, tau = 1 } = options;
  checkOmega(omega);
  checkNumber('mu', mu, 0);
  checkNumber('nu', nu, -0.25);
  checkNumber('kappa', kappa, 1);
  checkEpsilon(epsilon);
  checkNumber('tau', tau, 0, 1);
  const left = 2 - omega;
  const s = Math.sqrt(Math.max(0, 4 / left + (mu * left) / omega + (4 * nu * omega) / left));
  const start = Math.sqrt(kappa) / epsilon + Math.sqrt(kappa / (epsilon * epsilon) - 1);
  // s = 2 √(condition bound) >= 2, so the rate 1 - 4/(2 + s) is at least 0.
  const rate = 1 - 4 / (2 + s);
  return rate <= 0 ? 1 : 1 + (tau * log(start)) / -log(rate);
}

/** λ_max((L D⁻¹ Lᵀ - D/4) A⁻¹) by Lanczos on G⁻¹ X G⁻ᵀ, A = G Gᵀ. */
function largestRelative(prepared: PreparedCsr): number {
  const { A, invDiag } = prepared;
  const n = A.rows;
  const L = csrLower(A, { strict: true });
  const U = csrTranspose(L);
  const d = csrDiagonal(A);
  const quarter: CsrMatrix = csrAdd(0, A, 0.25, diagonalMatrix(d));
  const G = choleskyOf(prepared);
  const x = new Float64Array(n);
  const y = new Float64Array(n);
  return extremeEigenvalues(n, (v, out) => {
    x.set(v);
    for (let i = n - 1; i >= 0; i--) {
      // x <- G⁻ᵀ v
      x[i] /= G[i * n + i];
      for (let j = 0; j < i; j++) x[j] -= G[i * n + j] * x[i];
    }
    spmvInto(U, x, y);
    for (let i = 0; i < n; i++) y[i] *= invDiag[i];
    spmvInto(L, y, out);
    spmvInto(quarter, x, y);
    for (let i = 0; i < n; i++) {
      let sum = out[i] - y[i];
      for (let j = 0; j < i; j++) sum -= G[i * n + j] * out[j];
      out[i] = sum / G[i * n + i];
    }
  }).max;
}

function diagonalMatrix(d: Float64Array): CsrMatrix {
  const n = d.length;
  const rowPtr = Int32Array.from({ length: n + 1 }, (_, i) => i);
  return { rows: n, cols: n, rowPtr, colIdx: rowPtr.slice(0, n), values: d };
}
