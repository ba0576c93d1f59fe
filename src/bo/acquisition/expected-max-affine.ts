/**
 * E[max_i (a_i + b_i Z)] - max_i a_i for a standard normal Z: what one observation is worth when it moves finitely many means
 * along lines.
 *
 * P. Frazier, W. Powell, S. Dayanik, "The Knowledge-Gradient Policy for Correlated Normal Beliefs", INFORMS Journal on
 * Computing 21 (2009) 599-613, Algorithm 1 and equation 14. Over the lines of the upper envelope, sorted by slope, with
 * breakpoints c_k where line k and line k + 1 meet,
 *
 *   value = Σ_k (b_{k+1} - b_k) h(-|c_k|),   h(z) = φ(z) + z Φ(z).
 */
import { checkVector } from '../../internal/check.js';
import { exp } from '../../special/exp.js';
import { log } from '../../special/log.js';
import { logEiStandard, logEiStandardDerivative } from '../../special/log-ei.js';
import { normalCdf, normalPdf } from '../../special/normal.js';
import { standardImprovement } from './expected-improvement.js';

export interface MaxAffineGradient {
  value: number;
  /** ∂value/∂a_i. */
  byIntercept: Float64Array;
  /** ∂value/∂b_i. */
  bySlope: Float64Array;
}

/**
 * E[max_i (a_i + b_i Z)] - max_i a_i, at least 0. O(n log n).
 *
 * @param intercepts a, at least one
 * @param slopes b
 * @throws RangeError if the lengths differ, there is no line, or an entry is not finite
 *
 * @example
 * expectedMaxAffine([0, 0], [0, 1]).toFixed(6); //=> '0.398942'
 */
export function expectedMaxAffine(intercepts: ArrayLike<number>, slopes: ArrayLike<number>): number {
  const { lines, breaks } = envelope(intercepts, slopes);
  let value = 0;
  for (let k = 0; k + 1 < lines.length; k++) {
    value += (slopes[lines[k + 1]] - slopes[lines[k]]) * standardImprovement(-Math.abs(breaks[k]));
  }
  return value;
}

/** The logarithm of `expectedMaxAffine`, finite where the value underflows; -Infinity when one line is above all others. */
export function logExpectedMaxAffine(intercepts: ArrayLike<number>, slopes: ArrayLike<number>): number {
  const { lines, breaks } = envelope(intercepts, slopes);
  const logs = new Float64Array(lines.length - 1);
  for (let k = 0; k < logs.length; k++) logs[k] = logTerm(slopes[lines[k + 1]] - slopes[lines[k]], breaks[k]);
  return logTotal(logs);
}

/** The value and its gradient: ∂/∂a_i = P(line i is on top) - [i is the largest a], ∂/∂b_i = E[Z; line i is on top]. */
export function expectedMaxAffineGradient(intercepts: ArrayLike<number>, slopes: ArrayLike<number>): MaxAffineGradient {
  const { lines, breaks } = envelope(intercepts, slopes);
  const byIntercept = new Float64Array(intercepts.length);
  const bySlope = new Float64Array(intercepts.length);
  let value = 0;
  for (let k = 0; k + 1 < lines.length; k++) {
    const [i, j] = [lines[k], lines[k + 1]];
    const c = Math.abs(breaks[k]);
    const tail = breaks[k] < 0 ? -normalCdf(-c) : normalCdf(-c);
    const density = normalPdf(c);
    value += (slopes[j] - slopes[i]) * standardImprovement(-c);
    byIntercept[i] -= tail;
    byIntercept[j] += tail;
    bySlope[i] -= density;
    bySlope[j] += density;
  }
  return { value, byIntercept, bySlope };
}

/** The logarithm and its gradient, without cancellation where the value underflows; the gradient is 0 at -Infinity. */
export function logExpectedMaxAffineGradient(
  intercepts: ArrayLike<number>,
  slopes: ArrayLike<number>,
): MaxAffineGradient {
  const { lines, breaks } = envelope(intercepts, slopes);
  const byIntercept = new Float64Array(intercepts.length);
  const bySlope = new Float64Array(intercepts.length);
  const logs = new Float64Array(lines.length - 1);
  for (let k = 0; k < logs.length; k++) logs[k] = logTerm(slopes[lines[k + 1]] - slopes[lines[k]], breaks[k]);
  const value = logTotal(logs);
  if (value === -Infinity) return { value, byIntercept, bySlope };
  for (let k = 0; k < logs.length; k++) {
    const [i, j] = [lines[k], lines[k + 1]];
    const share = exp(logs[k] - value);
    if (share === 0) continue; // also where the width underflows and the breakpoint is infinite
    const width = slopes[j] - slopes[i];
    const c = Math.abs(breaks[k]);
    const ratio = logEiStandardDerivative(-c);
    const tail = ((breaks[k] < 0 ? -1 : 1) * share * ratio) / width;
    const byWidth = (share * (1 + c * ratio)) / width;
    byIntercept[i] -= tail;
    byIntercept[j] += tail;
    bySlope[i] -= byWidth;
    bySlope[j] += byWidth;
  }
  return { value, byIntercept, bySlope };
}

function logTerm(width: number, c: number): number {
  return log(width) + logEiStandard(-Math.abs(c));
}

function logTotal(logs: Float64Array): number {
  let largest = -Infinity;
  for (let k = 0; k < logs.length; k++) largest = Math.max(largest, logs[k]);
  if (largest === -Infinity) return -Infinity;
  let total = 0;
  for (let k = 0; k < logs.length; k++) total += exp(logs[k] - largest);
  return largest + log(total);
}

/** The lines that are on top somewhere, by increasing slope, and the z at which each meets the next. */
function envelope(a: ArrayLike<number>, b: ArrayLike<number>): { lines: Int32Array; breaks: Float64Array } {
  checkVector('intercepts', a);
  checkVector('slopes', b, a.length);
  const n = a.length;
  if (n === 0) throw new RangeError('intercepts must not be empty');
  const order = sortLines(a, b);
  const lines = new Int32Array(n);
  const breaks = new Float64Array(n);
  let size = 0;
  for (let p = 0; p < n; p++) {
    const i = order[p];
    // Of parallel lines the highest comes last.
    if (p + 1 < n && b[order[p + 1]] === b[i]) continue;
    while (size > 0) {
      const top = lines[size - 1];
      const c = (a[top] - a[i]) / (b[i] - b[top]);
      if (size === 1 || c > breaks[size - 2]) {
        breaks[size - 1] = c;
        break;
      }
      size -= 1;
    }
    lines[size] = i;
    size += 1;
  }
  return { lines: lines.subarray(0, size), breaks: breaks.subarray(0, size - 1) };
}

/** Indices by slope, then by intercept, then by index: a merge sort, which allocates twice and calls nothing. */
function sortLines(a: ArrayLike<number>, b: ArrayLike<number>): Int32Array {
  const n = a.length;
  let from = new Int32Array(n);
  let to = new Int32Array(n);
  for (let i = 0; i < n; i++) from[i] = i;
  for (let width = 1; width < n; width *= 2) {
    for (let start = 0; start < n; start += 2 * width) {
      const middle = Math.min(n, start + width);
      const end = Math.min(n, start + 2 * width);
      let left = start;
      let right = middle;
      for (let out = start; out < end; out++) {
        let takeLeft = right >= end;
        if (!takeLeft && left < middle) {
          const i = from[left];
          const j = from[right];
          takeLeft = b[i] < b[j] || (b[i] === b[j] && a[i] <= a[j]);
        }
        to[out] = takeLeft ? from[left++] : from[right++];
      }
    }
    [from, to] = [to, from];
  }
  return from;
}
