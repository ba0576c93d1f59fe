/**
 * Young's theory of the relaxation parameter.
 *
 * D. M. Young, "Iterative methods for solving partial difference equations of elliptic type", Trans. AMS 76 (1954) 92-111;
 * "Iterative Solution of Large Linear Systems", Academic Press 1971, chapters 5 and 6. For a consistently ordered A with a
 * Jacobi matrix of real eigenvalues μ, those of the SOR iteration satisfy (λ + ω - 1)² = λ ω² μ².
 *
 *   textbook    here
 *   μ̄, β        beta      ρ(I - D⁻¹A), the spectral radius of Jacobi's iteration
 *   ω_b, ω*     optimalOmega(beta)
 *   ρ(L_ω)      sorSpectralRadius({ omega, beta })
 */
import { checkInteger, checkNumber, checkVector, checkOptionNames } from '../../internal/check.js';
import { eigenvalues } from '../../linalg/eigenvalues.js';
import { pow } from '../../special/pow.js';
import { csrToDense } from '../sparse/csr.js';
import { prepareCsr, requireDiagonal, type PreparedCsr } from '../sparse/prepared-csr.js';
import { toCsr, type MatrixInput } from '../sparse/to-csr.js';
import { checkOmega, sweepBackward, sweepForward } from '../stationary/sweeps.js';

/** Dense methods beyond this order would take minutes. */
export const DENSE_LIMIT = 400;

/**
 * ω* = 2 / (1 + √(1 - β²)) = 1 + (β / (1 + √(1 - β²)))², which minimizes the spectral radius of SOR.
 *
 * @param beta ρ(I - D⁻¹A) in [0, 1)
 *
 * @example
 * optimalOmega(0.6); //=> 1.1111111111111112
 */
export function optimalOmega(beta: number): number {
  checkBeta(beta);
  const t = beta / (1 + Math.sqrt((1 - beta) * (1 + beta)));
  return 1 + t * t;
}

/**
 * ρ of the SOR iteration for consistently ordered, symmetric positive definite A and ω in (0, 2):
 *
 *   ω - 1                                  for ω >= ω*
 *   (ω β + √(ω² β² - 4 (ω - 1)))² / 4      otherwise
 *
 * @example
 * sorSpectralRadius({ omega: 1, beta: 0.9 }).toFixed(12); //=> '0.810000000000'
 */
export function sorSpectralRadius({ omega, beta }: { omega: number; beta: number }): number {
  checkOmega(omega);
  if (omega >= optimalOmega(beta)) return omega - 1;
  const wb = omega * beta;
  const root = wb + Math.sqrt(Math.max(0, wb * wb - 4 * (omega - 1)));
  return (root * root) / 4;
}

/**
 * β from an observed SOR rate ρ at some ω below ω*: β = (ω + ρ - 1) / (ω √ρ), the inverse of `sorSpectralRadius`.
 *
 * @throws RangeError if ρ <= |ω - 1| or ρ >= 1: no β in [0, 1) gives such a rate
 *
 * @example
 * jacobiRadiusFromRate({ omega: 1, rho: 0.81 }); //=> 0.9
 */
export function jacobiRadiusFromRate({ omega, rho }: { omega: number; rho: number }): number {
  checkOmega(omega);
  checkNumber('rho', rho);
  if (rho <= Math.abs(omega - 1) || rho >= 1) {
    throw new RangeError(`rho must be in (|omega - 1|, 1) = (${Math.abs(omega - 1)}, 1), got ${rho}`);
  }
  return (omega + rho - 1) / (omega * Math.sqrt(rho));
}

/**
 * The mean reduction of the residual norm over the last iterations, (r_k / r_{k-w})^{1/w} with w = min(window, ⌊k/3⌋ + 1).
 *
 * It approaches the spectral radius where one eigenvalue dominates, as at ω = 1. For ω > ω* all eigenvalues of SOR have modulus
 * ω - 1, the norms oscillate, and the estimate can be far from ρ.
 *
 * @param residualNorms at least two positive norms, oldest first
 *
 * @example
 * estimateRate([8, 4, 2, 1]); //=> 0.5
 */
export function estimateRate(residualNorms: ArrayLike<number>, options: { window?: number } = {}): number {
  checkOptionNames('options', options, { window: true });
  const { window = 8 } = options;
  checkVector('residualNorms', residualNorms);
  checkInteger('window', window, 1);
  const k = residualNorms.length - 1;
  if (k < 1) throw new RangeError(`residualNorms must have at least 2 entries, got ${k + 1}`);
  const w = Math.min(window, Math.floor(k / 3) + 1);
  const [last, before] = [residualNorms[k], residualNorms[k - w]];
  if (!(before > 0)) throw new RangeError(`residualNorms[${k - w}] must be positive, got ${before}`);
  return w === 1 ? last / before : pow(last / before, 1 / w);
}

/**
 * ρ of the SOR (or SSOR) iteration matrix I - W⁻¹A computed from its eigenvalues, for any A with a nonzero diagonal.
 *
 * Dense: O(n³) time, n <= 400. At ω = ω* the matrix has Jordan blocks, and ρ is good to about 1e-8 only.
 *
 * @throws RangeError if ω is not in (0, 2), n > 400 or a diagonal entry is zero
 *
 * @example
 * sorIterationSpectralRadius([[2, -1], [-1, 2]], 1); //=> 0.25
 */
export function sorIterationSpectralRadius(
  A: MatrixInput,
  omega: number,
  options: { kind?: 'sor' | 'ssor' } = {},
): number {
  checkOptionNames('options', options, { kind: true });
  const { kind = 'sor' } = options;
  if (kind !== 'sor' && kind !== 'ssor') throw new RangeError(`kind must be 'sor' or 'ssor', got ${String(kind)}`);
  const prepared = denseArgument(A);
  return largestModulus(iterationMatrix(prepared, omega, kind), prepared.A.rows);
}

/** M = I - W⁻¹A, row-major: column j is a sweep over the unit vector e_j with b = 0. */
export function iterationMatrix(prepared: PreparedCsr, omega: number, kind: 'sor' | 'ssor'): Float64Array {
  const n = prepared.A.rows;
  checkOmega(omega);
  const zero = new Float64Array(n);
  const M = new Float64Array(n * n);
  const x = new Float64Array(n);
  for (let j = 0; j < n; j++) {
    x.fill(0);
    x[j] = 1;
    sweepForward(prepared, omega, zero, x);
    if (kind === 'ssor') sweepBackward(prepared, omega, zero, x);
    for (let i = 0; i < n; i++) M[i * n + j] = x[i];
  }
  return M;
}

/** The largest |λ| of a dense matrix. */
export function largestModulus(M: Float64Array, n: number): number {
  const { real, imaginary } = eigenvalues(M, n);
  let largest = 0;
  for (let i = 0; i < n; i++) {
    largest = Math.max(largest, Math.sqrt(real[i] * real[i] + imaginary[i] * imaginary[i]));
  }
  return largest;
}

/** A with its diagonal located, of an order that dense methods can take. */
export function denseArgument(A: MatrixInput): PreparedCsr {
  const prepared = prepareCsr(toCsr(A));
  requireDiagonal(prepared);
  if (prepared.A.rows > DENSE_LIMIT) {
    throw new RangeError(`A must have at most ${DENSE_LIMIT} rows for a dense computation, got ${prepared.A.rows}`);
  }
  return prepared;
}

export function denseOf(prepared: PreparedCsr): Float64Array {
  return csrToDense(prepared.A);
}

export function checkBeta(beta: number): number {
  checkNumber('beta', beta);
  if (!(beta >= 0 && beta < 1)) throw new RangeError(`beta must be in [0, 1), got ${beta}`);
  return beta;
}
