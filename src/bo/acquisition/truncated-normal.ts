import { normalCdf, normalPdf } from '../../special/normal.js';

/** What is left of a standard normal below γ. */
export interface LowerTruncation {
  /** φ(γ)/Φ(γ): the mean below γ is -q. */
  q: number;
  /** γ + q, at least 0. */
  c: number;
  /** 1 - q (γ + q): the variance below γ, in (0, 1]. */
  variance: number;
}

/**
 * Moments of a standard normal variable given that it is below γ, without cancellation in the tail.
 *
 * For γ < -5, with a = -γ, the continued fraction of Mills' ratio gives q = a + c, c = 1/(a + t), t = 2/(a + 3/(a + ...)), so
 * that the variance 1 - (a + c) c is tc - c².
 */
export function lowerTruncation(gamma: number): LowerTruncation {
  if (gamma >= -5) {
    const q = normalPdf(gamma) / normalCdf(gamma);
    const c = gamma + q;
    return { q, c, variance: 1 - q * c };
  }
  const a = -gamma;
  let u = a;
  for (let k = 30; k > 2; k--) u = a + k / u;
  const t = 2 / u;
  const c = 1 / (a + t);
  return { q: a + c, c, variance: c * (t - c) };
}
