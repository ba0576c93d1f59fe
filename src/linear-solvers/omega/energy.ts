/**
 * SOR in the energy norm ‖x‖_A = √(xᵀ A x), where it contracts for every ω in (0, 2) when A is symmetric positive definite.
 *
 * W. Hackbusch, "Iterative Solution of Large Sparse Systems of Equations", 2nd ed., Springer 2016, section 6.5; Khodak et al.,
 * arXiv:2310.02246, section 3.
 *
 *   textbook    here
 *   Ω           Omega    (2 - ω) / (2 ω)
 *   γ           gamma    1 - ρ(D⁻¹(L + Lᵀ)), positive
 *   Γ           Gamma    ρ(D⁻¹L D⁻¹Lᵀ)
 */
import { checkNumber, checkPositive, checkOptionNames } from '../../internal/check.js';
import { cholesky } from '../../linalg/cholesky.js';
import { log } from '../../special/log.js';
import { csrIsSymmetric, csrLower, csrTranspose } from '../sparse/csr-algebra.js';
import { spmvInto } from '../sparse/csr-products.js';
import { extremeEigenvalues } from '../sparse/lanczos.js';
import { prepareCsr, requireDiagonal, type PreparedCsr } from '../sparse/prepared-csr.js';
import { toCsr, type MatrixInput } from '../sparse/to-csr.js';
import { checkOmega } from '../stationary/sweeps.js';
import { jacobiSpectralRadius, scaledOperator } from './jacobi-radius.js';
import { denseArgument, denseOf, iterationMatrix } from './sor-theory.js';
import { checkEpsilon, spectralNorm } from './surrogate.js';

/**
 * ‖M‖_A = ‖A^{1/2} M A^{-1/2}‖₂ of M = I - W⁻¹A, W = D/ω + L: the worst reduction of the energy norm of the error by one sweep.
 *
 * Dense, O(n³), n <= 400. With A = G Gᵀ it is ‖Gᵀ M G⁻ᵀ‖₂.
 *
 * @throws RangeError if A is not symmetric positive definite, n > 400 or ω is not in (0, 2)
 *
 * @example
 * sorEnergyNorm([[2, 0], [0, 3]], 1.25).toFixed(12); //=> '0.250000000000'
 */
export function sorEnergyNorm(A: MatrixInput, omega: number): number {
  const prepared = denseArgument(A);
  const n = prepared.A.rows;
  const M = iterationMatrix(prepared, omega, 'sor');
  const G = choleskyOf(prepared);
  // N = M G⁻ᵀ: row i solves N Gᵀ = M, so G Nᵀ = Mᵀ, forward.
  const N = new Float64Array(n * n);
  for (let i = 0; i < n; i++) {
    for (let j = 0; j < n; j++) {
      let sum = M[i * n + j];
      for (let k = 0; k < j; k++) sum -= N[i * n + k] * G[j * n + k];
      N[i * n + j] = sum / G[j * n + j];
    }
  }
  const B = new Float64Array(n * n);
  for (let k = 0; k < n; k++) {
    for (let i = 0; i <= k; i++) {
      const g = G[k * n + i];
      if (g !== 0) for (let j = 0; j < n; j++) B[i * n + j] += g * N[k * n + j];
    }
  }
  return spectralNorm(B, n);
}

export interface EnergyBoundOptions {
  /**
   * 'corrected' (default), a bound. 'paper': without max(0, ·) around Γ - 1/4, as published; that is not a bound when Γ < 1/4, as on
   * every 5-point grid. On poisson2d(10, 10) it is below ‖M‖_A from ω = 1.75 on.
   */
  variant?: 'corrected' | 'paper';
}

/**
 * An upper bound of `sorEnergyNorm`,
 *
 *   √(1 - 2 Ω γ / (Ω² + γ/ω + max(0, Γ - 1/4))).
 *
 * Works for sparse A of any size (Lanczos).
 *
 * @throws RangeError if A is not symmetric with positive diagonal, γ <= 0 or ω is not in (0, 2)
 *
 * @example
 * sorEnergyNormBound(poisson2d(4, 4), 1.5) > sorEnergyNorm(poisson2d(4, 4), 1.5); //=> true
 */
export function sorEnergyNormBound(A: MatrixInput, omega: number, options: EnergyBoundOptions = {}): number {
  checkOptionNames('options', options, { variant: true } satisfies Record<keyof EnergyBoundOptions, true>);
  const { variant = 'corrected' } = options;
  checkOmega(omega);
  if (variant !== 'corrected' && variant !== 'paper') {
    throw new RangeError(`variant must be 'corrected' or 'paper', got ${String(variant)}`);
  }
  const prepared = symmetricArgument(A);
  const gamma = 1 - jacobiSpectralRadius(prepared);
  if (!(gamma > 0)) throw new RangeError(`A must have rho(I - D^-1 A) below 1, got ${1 - gamma}`);
  const excess = triangleRadius(prepared) - 0.25;
  const Omega = (2 - omega) / (2 * omega);
  const denominator = Omega * Omega + gamma / omega + (variant === 'paper' ? excess : Math.max(0, excess));
  return Math.sqrt(Math.max(0, 1 - (2 * Omega * gamma) / denominator));
}

export interface EnergyIterationBoundOptions {
  /** A bound ν of the energy norm of the iteration, in (0, 1): `sorEnergyNormBound`. */
  nu: number;
  /** Condition number of A, at least 1. */
  kappa: number;
  /** Tolerance; relative for SOR, absolute for SSOR. */
  epsilon: number;
}

/**
 * Iterations of SOR to a relative residual of ε are at most 1 + log(2 √κ / ε) / (-log ν).
 *
 * @example
 * sorEnergyIterationBound({ nu: 0.5, kappa: 4, epsilon: 0.25 }); //=> 5
 */
export function sorEnergyIterationBound({ nu, kappa, epsilon }: EnergyIterationBoundOptions): number {
  checkEpsilon(epsilon);
  return 1 + log((2 * Math.sqrt(checkNumber('kappa', kappa, 1))) / epsilon) / -log(checkNu(nu));
}

/**
 * Iterations of SSOR to an absolute residual of ε are at most 1 + log(2 ‖b‖ √κ / ε) / (-2 log ν): an SSOR iteration contracts by
 * ν².
 *
 * @example
 * ssorEnergyIterationBound({ nu: 0.5, kappa: 4, epsilon: 1, rhsNorm: 4 }); //=> 3
 */
export function ssorEnergyIterationBound({
  nu,
  kappa,
  epsilon,
  rhsNorm,
}: EnergyIterationBoundOptions & { rhsNorm: number }): number {
  checkPositive('epsilon', epsilon);
  checkNumber('rhsNorm', rhsNorm, 0);
  const start = (2 * rhsNorm * Math.sqrt(checkNumber('kappa', kappa, 1))) / epsilon;
  return 1 + Math.max(0, log(Math.max(start, 1))) / (-2 * log(checkNu(nu)));
}

/** A prepared symmetric matrix with positive diagonal. */
export function symmetricArgument(A: MatrixInput): PreparedCsr {
  const prepared = prepareCsr(toCsr(A));
  requireDiagonal(prepared);
  for (let i = 0; i < prepared.A.rows; i++) {
    if (!(prepared.invDiag[i] > 0))
      throw new RangeError(`A must have a positive diagonal, got ${1 / prepared.invDiag[i]} in row ${i}`);
  }
  if (!csrIsSymmetric(prepared.A)) throw new RangeError('A must be symmetric');
  return prepared;
}

/** The lower Cholesky factor of a dense copy, row-major. */
export function choleskyOf(prepared: PreparedCsr): Float64Array {
  if (!csrIsSymmetric(prepared.A)) throw new RangeError('A must be symmetric');
  const n = prepared.A.rows;
  const G = denseOf(prepared);
  const failed = cholesky(G, n);
  if (failed >= 0) throw new RangeError(`A must be positive definite, pivot ${failed} is not`);
  return G;
}

/** ρ(D⁻¹L D⁻¹Lᵀ): the largest eigenvalue of K Kᵀ with K = D^{-1/2} L D^{-1/2}. */
function triangleRadius({ A, invDiag }: PreparedCsr): number {
  const n = A.rows;
  const L = csrLower(A, { strict: true });
  const U = csrTranspose(L);
  const root = invDiag.map(Math.sqrt);
  const y = new Float64Array(n);
  const z = new Float64Array(n);
  const { max } = extremeEigenvalues(n, (x, out) => {
    for (let i = 0; i < n; i++) y[i] = root[i] * x[i];
    spmvInto(U, y, z);
    for (let i = 0; i < n; i++) z[i] *= invDiag[i];
    spmvInto(L, z, out);
    for (let i = 0; i < n; i++) out[i] *= root[i];
  });
  return Math.max(0, max);
}

/** λ_min and λ_max of a symmetric positive definite sparse matrix, and those of D^{-1/2} A D^{-1/2}. */
export function spectralBounds(prepared: PreparedCsr): { lambdaMin: number; lambdaMax: number; scaledMin: number } {
  const n = prepared.A.rows;
  const { min, max } = extremeEigenvalues(n, (x, out) => spmvInto(prepared.A, x, out));
  return { lambdaMin: min, lambdaMax: max, scaledMin: extremeEigenvalues(n, scaledOperator(prepared)).min };
}

function checkNu(nu: number): number {
  checkNumber('nu', nu);
  if (!(nu > 0 && nu < 1)) throw new RangeError(`nu must be in (0, 1), got ${nu}`);
  return nu;
}
