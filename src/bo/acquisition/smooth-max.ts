/**
 * Smooth stand-ins for the positive part and the maximum, with fat tails, so that a batch acquisition has a gradient wherever
 * it stands.
 *
 * S. Ament, S. Daulton, D. Eriksson, M. Balandat, E. Bakshy, arXiv:2310.20708, appendix A.
 */
import { checkNumber, checkPositive, checkVector } from '../../internal/check.js';
import { log } from '../../special/log.js';
import { sigmoid, softplus } from '../../special/logistic.js';

/**
 * ln(τ (softplus(x/τ) + 0.1/(1 + (x/τ)²))): a smooth logarithm of max(x, 0) that decays like ln(1/x²) to the left.
 *
 * @param tau τ. Default 1e-6
 *
 * @example
 * logFatplus(0.5).toFixed(6); //=> '-0.693147'
 */
export function logFatplus(x: number, tau = 1e-6): number {
  checkNumber('x', x);
  checkPositive('tau', tau);
  return logFatplusWithSlope(x, tau).value;
}

/** The value and its derivative in x. */
export function logFatplusWithSlope(x: number, tau: number): { value: number; slope: number } {
  const u = x / tau;
  const square = 1 + u * u;
  const inner = softplus(u) + 0.1 / square;
  return { value: log(tau) + log(inner), slope: (sigmoid(u) - (0.2 * u) / square / square) / (tau * inner) };
}

/**
 * m + τ ln Σ_j 2/(2 + 2u_j + u_j²), u_j = (m - x_j)/τ, m = max x: a smooth maximum, at least m, whose weights decay like u^-2.
 *
 * @param tau τ. Default 1e-2
 *
 * @example
 * fatmax([3]); //=> 3
 */
export function fatmax(x: ArrayLike<number>, tau = 1e-2): number {
  checkVector('x', x);
  if (x.length === 0) throw new RangeError('x must not be empty');
  checkPositive('tau', tau);
  return fatmaxWithGradient(x, 0, x.length, tau, new Float64Array(x.length), 0);
}

/** The value over x[from..from + count), its gradient written to out[at...]. */
export function fatmaxWithGradient(
  x: ArrayLike<number>,
  from: number,
  count: number,
  tau: number,
  out: Float64Array,
  at: number,
): number {
  let top = 0;
  for (let j = 1; j < count; j++) if (x[from + j] > x[from + top]) top = j;
  const m = x[from + top];
  let total = 0;
  for (let j = 0; j < count; j++) {
    const u = (m - x[from + j]) / tau;
    total += 2 / (2 + 2 * u + u * u);
  }
  let byTop = 1;
  for (let j = 0; j < count; j++) {
    if (j === top) continue;
    const u = (m - x[from + j]) / tau;
    const g = 2 / (2 + 2 * u + u * u);
    // g' = -(1 + u) g², and ∂fatmax/∂x_j = -g'/Σg; m moves every u but its own.
    const weight = ((1 + u) * g * g) / total;
    out[at + j] = weight;
    byTop -= weight;
  }
  out[at + top] = byTop;
  return m + tau * log(total);
}
