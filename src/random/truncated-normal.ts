/** Normal numbers conditioned on an interval, by inversion of the distribution function. */
import { checkNumber } from '../internal/check.js';
import { expm1 } from '../special/expm1.js';
import { log1p } from '../special/log1p.js';
import { logNormalCdf, normalCdf, normalQuantile } from '../special/normal.js';
import type { Rng } from './create-rng.js';

export interface TruncationOptions {
  /** Left end. Default -Infinity. */
  low?: number;
  /** Right end, at least `low`. Default Infinity. */
  high?: number;
}

/**
 * One normal number with mean `mean` and deviation `sd` before it is conditioned on [low, high].
 *
 * x = Φ⁻¹(Φ(α) + u (Φ(β) - Φ(α))) with α, β the standardized ends, mirrored when the interval lies right of the mean and
 * taken in logarithms in the far tail, so that [40, 41] is sampled as well as [-1, 1]. Takes one uniform; always in
 * [low, high].
 *
 * @throws RangeError if sd <= 0 or low > high
 *
 * @example
 * sampleTruncatedNormal(0, 1, () => 0.5, { low: -1, high: 1 }); //=> 0
 */
export function sampleTruncatedNormal(
  mean: number,
  sd: number,
  rng: Rng,
  { low = -Infinity, high = Infinity }: TruncationOptions = {},
): number {
  checkNumber('mean', mean);
  if (!(sd > 0 && sd < Infinity)) throw new RangeError(`sd must be a positive finite number, got ${sd}`);
  if (!(low <= high) || low === Infinity || high === -Infinity) {
    throw new RangeError(`low must be at most high, got ${low} and ${high}`);
  }
  const u = rng();
  if (low === high) return low;
  const alpha = (low - mean) / sd;
  const beta = (high - mean) / sd;
  const z = alpha > 0 && alpha > -beta ? -leftTail(-beta, -alpha, 1 - u) : leftTail(alpha, beta, u);
  return Math.min(high, Math.max(low, mean + sd * z));
}

/** The u-quantile of the standard normal law on [alpha, beta]; most of the mass must not lie right of 0. */
function leftTail(alpha: number, beta: number, u: number): number {
  if (beta > -5) {
    const p = normalCdf(alpha);
    const q = p + u * (normalCdf(beta) - p);
    // u = 0 with an infinite end would give -Infinity.
    return normalQuantile(Math.min(Math.max(q, 1e-300), 1 - 1.1102230246251565e-16));
  }
  // ln(r + u (1 - r)) with r = Φ(α) / Φ(β), relative to ln Φ(β).
  const logHigh = logNormalCdf(beta);
  const shortfall = alpha === -Infinity ? -1 : expm1(logNormalCdf(alpha) - logHigh);
  const w = (1 - u) * shortfall; // in (-1, 0]; the law's tail mass below is 1 + w
  return normalQuantile(logHigh + (w > -1 ? log1p(w) : -700), { logP: true });
}
