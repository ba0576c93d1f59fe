/**
 * Equilibria of preference games with a KL penalty towards a reference, and the policy updates of preference optimization
 * that aim at them.
 *
 * R. Munos et al., "Nash Learning from Human Feedback", arXiv:2312.00886 (Nash-MD); Y. Wu et al.,
 * "Self-Play Preference Optimization", arXiv:2405.00675 (SPPO); M. G. Azar et al., "A General Theoretical
 * Paradigm to Understand Learning from Human Preferences", arXiv:2310.12036 (IPO).
 *
 *   paper      here            meaning
 *   μ          reference       reference policy
 *   τ          tau             weight of KL(π || μ)
 *   η          learningRate    step
 */
import { checkInteger, checkNumber, checkPositive } from '../internal/check.js';
import type { MatrixLike } from '../linalg/index.js';
import { log } from '../special/log.js';
import { checkPolicy } from './exploitability.js';
import { checkPreference } from './preference-matrix.js';
import { softmaxInto } from './self-play.js';

export interface RegularizedNashOptions {
  /** Temperature τ > 0. */
  tau: number;
  /** Converged when max |π - softmax(ln μ + Pπ/τ)| is at most this. Default 1e-12. */
  tolerance?: number;
  /** Default 1000000. */
  maxIterations?: number;
}

export interface RegularizedNash {
  policy: Float64Array;
  /** max_i |π_i - softmax(ln μ + Pπ/τ)_i|. */
  residual: number;
  iterations: number;
  converged: boolean;
  status: 'converged' | 'max-iterations';
}

/**
 * The unique symmetric equilibrium of the game with payoff P - τ KL(. || μ) for both players: π = softmax(ln μ + P π / τ).
 *
 * By extragradient in logits with step η = 1 / (1 + 2τ),
 *
 *   ln π̄ = (1 - ητ) ln π + ητ (ln μ + P π / τ),   ln π⁺ = (1 - ητ) ln π + ητ (ln μ + P π̄ / τ),
 *
 * which contracts by 1 - ητ a step (S. Cen, Y. Wei, Y. Chi, arXiv:2105.15186), where plain iteration of the
 * fixed-point equation diverges for small τ. About ln(1/tolerance) (2 + 1/τ) steps of O(n²). Below τ = 1e-4 rounding of
 * Pπ/τ can keep the residual above the default tolerance; then the status says so.
 *
 * @throws RangeError if an argument is out of range
 *
 * @example
 * regularizedNash([[0.5, 1], [0, 0.5]], [0.5, 0.5], { tau: 1 }).policy[0].toFixed(6); //=> '0.622459'
 */
export function regularizedNash(
  preference: MatrixLike,
  reference: ArrayLike<number>,
  options: RegularizedNashOptions,
): RegularizedNash {
  const { data: P, n } = checkPreference(preference);
  checkPolicy('reference', reference, n);
  const tau = checkPositive('tau', options.tau);
  const tolerance = checkNumber('tolerance', options.tolerance ?? 1e-12, 0);
  const maxIterations = checkInteger('maxIterations', options.maxIterations ?? 1_000_000, 0);
  const step = tau / (1 + 2 * tau); // ητ
  const logMu = Float64Array.from(reference, log);
  const logits = logMu.slice();
  const middle = new Float64Array(n);
  const target = new Float64Array(n);
  const image = new Float64Array(n);
  const policy = softmaxInto(logits, new Float64Array(n));
  let residual = Infinity;
  let iterations = 0;
  for (;;) {
    tilt(P, n, logMu, policy, 1 / tau, target);
    softmaxInto(target, image);
    residual = 0;
    for (let i = 0; i < n; i++) residual = Math.max(residual, Math.abs(policy[i] - image[i]));
    if (residual <= tolerance || iterations === maxIterations) break;
    for (let i = 0; i < n; i++) middle[i] = mix(logits[i], target[i], step);
    softmaxInto(middle, image);
    tilt(P, n, logMu, image, 1 / tau, target);
    for (let i = 0; i < n; i++) logits[i] = mix(logits[i], target[i], step);
    softmaxInto(logits, policy);
    iterations += 1;
  }
  const converged = residual <= tolerance;
  return { policy, residual, iterations, converged, status: converged ? 'converged' : 'max-iterations' };
}

/**
 * Nash-MD: mirror descent against the mixture of the policy and the reference,
 *
 *   mix_t ∝ π_t^{1-ητ} μ^{ητ},   π_{t+1} ∝ mix_t exp(η P mix_t),   π_0 = μ.
 *
 * For fixed η it tends to a point O(η) away from `regularizedNash`: mix_t to the equilibrium of temperature τ/(1 - ητ), π_t
 * to softmax(ln μ + P mix/τ). Last-iterate convergence: Munos et al.
 *
 * @returns the policy π_T and the mixture mix_T
 * @throws RangeError if an argument is out of range or learningRate tau > 1
 *
 * @example
 * nashMirrorDescent([[0.5, 0.5], [0.5, 0.5]], [0.25, 0.75], { tau: 1, learningRate: 0.5, steps: 9 }).policy[0].toFixed(9); //=> '0.250000000'
 */
export function nashMirrorDescent(
  preference: MatrixLike,
  reference: ArrayLike<number>,
  options: { tau: number; learningRate: number; steps: number },
): { policy: Float64Array; mixture: Float64Array } {
  const { data: P, n } = checkPreference(preference);
  checkPolicy('reference', reference, n);
  const tau = checkNumber('tau', options.tau, 0);
  const eta = checkPositive('learningRate', options.learningRate);
  const steps = checkInteger('steps', options.steps, 0);
  const share = eta * tau;
  if (!(share <= 1)) throw new RangeError(`learningRate must be at most 1/tau, got ${eta} and tau ${tau}`);
  const logMu = Float64Array.from(reference, log);
  const logits = logMu.slice();
  const mixed = new Float64Array(n);
  const mixture = new Float64Array(n);
  for (let t = 0; t <= steps; t++) {
    for (let i = 0; i < n; i++) mixed[i] = mix(logits[i], logMu[i], share);
    softmaxInto(mixed, mixture);
    if (t < steps) tilt(P, n, mixed, mixture, eta, logits);
  }
  return { policy: softmaxInto(logits, new Float64Array(n)), mixture };
}

/**
 * One exact step of SPPO, multiplicative weights against the policy itself: π⁺ ∝ π exp(β P π). An item of probability 0
 * stays out.
 *
 * With β = η the iterates' average converges as `selfPlay` does with step η/2.
 *
 * @throws RangeError if an argument is out of range
 *
 * @example
 * sppoIterate([[0.5, 0.5], [0.5, 0.5]], [0.25, 0.75], { beta: 3 }); //=> Float64Array.of(0.25, 0.75)
 */
export function sppoIterate(
  preference: MatrixLike,
  policy: ArrayLike<number>,
  options: { beta: number },
): Float64Array {
  const { data: P, n } = checkPreference(preference);
  checkPolicy('policy', policy, n);
  const beta = checkNumber('beta', options.beta, 0);
  const p = Float64Array.from(policy);
  const logits = tilt(P, n, p.map(log), p, beta, new Float64Array(n));
  return softmaxInto(logits, p);
}

/**
 * Optimum of the population IPO loss: π ∝ μ exp(mean_j P_ij / β), the mean over all j, i included.
 *
 * It ranks by Borda score, so that on a cyclic preference it may shun the minimax winner.
 *
 * @throws RangeError if an argument is out of range
 *
 * @example
 * ipoOptimum([0.5, 0.5], [[0.5, 0.5], [0.5, 0.5]], { beta: 1 }); //=> Float64Array.of(0.5, 0.5)
 */
export function ipoOptimum(
  reference: ArrayLike<number>,
  preference: MatrixLike,
  options: { beta: number },
): Float64Array {
  const { data: P, n } = checkPreference(preference);
  checkPolicy('reference', reference, n);
  const beta = checkPositive('beta', options.beta);
  const uniform = new Float64Array(n).fill(1 / n);
  const logits = tilt(P, n, Float64Array.from(reference, log), uniform, 1 / beta, new Float64Array(n));
  return softmaxInto(logits, uniform);
}

/** base + scale P p. */
function tilt(
  P: Float64Array,
  n: number,
  base: Float64Array,
  p: Float64Array,
  scale: number,
  out: Float64Array,
): Float64Array {
  for (let i = 0; i < n; i++) {
    let wins = 0;
    for (let j = 0; j < n; j++) wins += P[i * n + j] * p[j];
    out[i] = base[i] + scale * wins;
  }
  return out;
}

/** (1 - share) a + share b, where -Infinity stays and share 0 or 1 does not make NaN of it. */
function mix(a: number, b: number, share: number): number {
  return a === -Infinity || b === -Infinity ? -Infinity : (1 - share) * a + share * b;
}
