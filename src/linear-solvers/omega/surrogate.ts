/**
 * The surrogate cost of SOR: a bound U(ω) of the iteration count that a learner can be analysed with.
 *
 * M. Khodak, E. Chow, M.-F. Balcan, A. Talwalkar, "Learning to Relax: Setting Solver Parameters Across a Sequence of Linear
 * System Instances", ICLR 2024, arXiv:2310.02246, section 2.1.
 *
 *   paper     here
 *   ρ(C_ω)    sorSpectralRadius
 *   τ         tau        how far the sequence of residuals is from asymptotic: ‖C^k‖^{1/k} <= ρ + τ (1 - ρ)
 *   ε         epsilon    relative tolerance
 *   α_max     alpha      τ + (1 - τ) max(β², ω_max - 1)
 */
import { checkNumber, checkVector } from '../../internal/check.js';
import { matMul } from '../../linalg/mat-mul.js';
import { log } from '../../special/log.js';
import { pow } from '../../special/pow.js';
import { extremeEigenvalues } from '../sparse/lanczos.js';
import type { MatrixInput } from '../sparse/to-csr.js';
import { sor } from '../stationary/sor.js';
import { jacobiSpectralRadius } from './jacobi-radius.js';
import { checkBeta, denseArgument, denseOf, optimalOmega, sorSpectralRadius } from './sor-theory.js';

export interface SurrogateOptions {
  omega: number;
  /** ρ(I - D⁻¹A) in [0, 1). */
  beta: number;
  /** In [0, 1). */
  tau: number;
  /** In (0, 1). */
  epsilon: number;
}

/**
 * U(ω) = 1 + log(1/ε) / (-log(ρ + τ (1 - ρ))), ρ = `sorSpectralRadius`. An upper bound of the iterations of SOR to a relative
 * residual of ε when τ is at least `nearAsymptoticTau`.
 *
 * @example
 * surrogateIterationBound({ omega: 1, beta: 0.9, tau: 0.2, epsilon: 1e-8 }).toFixed(6); //=> '112.725371'
 */
export function surrogateIterationBound({ omega, beta, tau, epsilon }: SurrogateOptions): number {
  checkTau(tau);
  checkEpsilon(epsilon);
  const rho = sorSpectralRadius({ omega, beta });
  const rate = rho + tau * (1 - rho);
  return rate === 0 ? 1 : 1 - log(1 / epsilon) / log(rate);
}

export interface SurrogateConstants {
  /** α = τ + (1 - τ) max(β², ω_max - 1), the largest base of the bound on [1, ω_max]. */
  alpha: number;
  /** 1 + log(1/ε) / (-log α): U is at most this on [1, ω_max]. */
  maxIterations: number;
  /** U is Lipschitz with this constant to the right of ω*, if τ >= e⁻² or β² >= 4 e⁻² (1 - e⁻²). Infinity when α = 0. */
  lipschitz: number;
  omegaStar: number;
}

/**
 * The constants of U on [1, omegaMax]; lipschitz = (1 - τ) log(1/ε) / (α log² α).
 *
 * @example
 * surrogateConstants({ beta: 0.9, tau: 0.2, epsilon: 1e-8, omegaMax: 1.7 }).alpha.toFixed(12); //=> '0.848000000000'
 */
export function surrogateConstants({
  beta,
  tau,
  epsilon,
  omegaMax,
}: {
  beta: number;
  tau: number;
  epsilon: number;
  omegaMax: number;
}): SurrogateConstants {
  checkBeta(beta);
  checkTau(tau);
  checkEpsilon(epsilon);
  checkNumber('omegaMax', omegaMax, 1);
  if (!(omegaMax < 2)) throw new RangeError(`omegaMax must be in [1, 2), got ${omegaMax}`);
  const alpha = tau + (1 - tau) * Math.max(beta * beta, omegaMax - 1);
  const logAlpha = log(alpha);
  return {
    alpha,
    maxIterations: alpha === 0 ? 1 : 1 - log(1 / epsilon) / logAlpha,
    lipschitz: alpha === 0 ? Infinity : ((1 - tau) * log(1 / epsilon)) / (alpha * logAlpha * logAlpha),
    omegaStar: optimalOmega(beta),
  };
}

export interface NearAsymptoticTau {
  /** The largest over the ω given. */
  tau: number;
  /** Iterations of SOR at each ω. */
  iterations: Int32Array;
  taus: Float64Array;
}

/**
 * The τ that makes U a bound at the ω given, for this A and b: with k the iterations of SOR and C = I - A W⁻¹,
 *
 *   q = ‖C^{k-1}‖₂^{1/(k-1)},   τ(ω) = (q - ρ)/(1 - ρ),   0 when k <= 1.
 *
 * The largest sits near ω*; a grid that misses ω* gives a smaller value. Dense: n <= 400, O(n³ log k) for each ω.
 *
 * @throws RangeError if n > 400, an ω is not in (0, 2), or ρ(I - D⁻¹A) >= 1
 *
 * @example
 * nearAsymptoticTau([[2, -1], [-1, 2]], [1, 2], { omegas: [1], epsilon: 1e-8 }).iterations; //=> Int32Array.of(14)
 */
export function nearAsymptoticTau(
  A: MatrixInput,
  b: ArrayLike<number>,
  { omegas, epsilon }: { omegas: ArrayLike<number>; epsilon: number },
): NearAsymptoticTau {
  checkVector('omegas', omegas);
  checkEpsilon(epsilon);
  const prepared = denseArgument(A);
  const n = prepared.A.rows;
  const beta = jacobiSpectralRadius(prepared);
  const dense = denseOf(prepared);
  const iterations = new Int32Array(omegas.length);
  const taus = new Float64Array(omegas.length);
  let tau = 0;
  for (let s = 0; s < omegas.length; s++) {
    const omega = omegas[s];
    const k = sor(prepared, b, { omega, rtol: epsilon, maxIterations: 1_000_000 }).iterations;
    iterations[s] = k;
    if (k <= 1) continue;
    const rho = sorSpectralRadius({ omega, beta });
    const C = residualMap(dense, prepared.invDiag, omega, n);
    const q = pow(spectralNorm(matrixPower(C, n, k - 1), n), 1 / (k - 1));
    taus[s] = (q - rho) / (1 - rho);
    tau = Math.max(tau, taus[s]);
  }
  return { tau, iterations, taus };
}

/** C = I - A W⁻¹ with W = D/ω + L. */
function residualMap(A: Float64Array, invDiag: Float64Array, omega: number, n: number): Float64Array {
  // Row i of X = A W⁻¹ solves X W = A, from the last column to the first, W being lower triangular.
  const C = new Float64Array(n * n);
  for (let i = 0; i < n; i++) {
    for (let j = n - 1; j >= 0; j--) {
      let sum = A[i * n + j];
      for (let l = j + 1; l < n; l++) sum -= C[i * n + l] * A[l * n + j];
      C[i * n + j] = sum * omega * invDiag[j];
    }
  }
  for (let i = 0; i < n; i++) for (let j = 0; j < n; j++) C[i * n + j] = (i === j ? 1 : 0) - C[i * n + j];
  return C;
}

function matrixPower(C: Float64Array, n: number, exponent: number): Float64Array {
  let result: Float64Array | undefined;
  let square = C;
  for (let e = exponent; e > 0; e = Math.floor(e / 2)) {
    if (e % 2 === 1) result = result === undefined ? square.slice() : matMul(result, square, n, n, n);
    if (e > 1) square = matMul(square, square, n, n, n);
  }
  return result ?? C;
}

/** ‖M‖₂, the square root of the largest eigenvalue of MᵀM. */
export function spectralNorm(M: Float64Array, n: number): number {
  const product = new Float64Array(n);
  const { max } = extremeEigenvalues(n, (x, out) => {
    for (let i = 0; i < n; i++) {
      let sum = 0;
      for (let j = 0; j < n; j++) sum += M[i * n + j] * x[j];
      product[i] = sum;
    }
    out.fill(0);
    for (let i = 0; i < n; i++) for (let j = 0; j < n; j++) out[j] += M[i * n + j] * product[i];
  });
  return Math.sqrt(Math.max(0, max));
}

export function checkTau(tau: number): number {
  checkNumber('tau', tau);
  if (!(tau >= 0 && tau < 1)) throw new RangeError(`tau must be in [0, 1), got ${tau}`);
  return tau;
}

export function checkEpsilon(epsilon: number): number {
  checkNumber('epsilon', epsilon);
  if (!(epsilon > 0 && epsilon < 1)) throw new RangeError(`epsilon must be in (0, 1), got ${epsilon}`);
  return epsilon;
}
