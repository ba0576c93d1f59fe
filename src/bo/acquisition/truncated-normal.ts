import { exp } from '../../special/exp.js';
import { expm1 } from '../../special/expm1.js';
import { log } from '../../special/log.js';
import { log1mExp } from '../../special/log1m-exp.js';
import { log1p } from '../../special/log1p.js';
import { logNormalCdf, normalCdf, normalLogPdf, normalPdf } from '../../special/normal.js';

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

/** What a standard normal has on an interval, by its middle and width. */
export interface IntervalMass {
  /** ln P. */
  value: number;
  /** Derivatives of ln P in the middle and in the width of the interval. */
  byMiddle: number;
  byWidth: number;
}

/**
 * ln(Φ(m + w/2) - Φ(m - w/2)) for w > 0, with derivatives, far in a tail and for narrow intervals as well.
 *
 * On the side of the lower tail, with ends a < b and t = ln Φ(a) - ln Φ(b), it is ln Φ(b) + ln(1 - e^t). Below -1
 * t = w m + ln(q(b)/q(a)), as the squares in ln Φ would cancel. For w max(1, |m|) < 1e-4 the mass is
 * φ(m) w (1 + w² (m² - 1)/24) to 1e-16.
 */
export function logIntervalMass(middle: number, width: number): IntervalMass {
  if (middle > 0) {
    const { value, byMiddle, byWidth } = logIntervalMass(-middle, width);
    return { value, byMiddle: -byMiddle, byWidth };
  }
  if (width * Math.max(1, -middle) < 1e-4) {
    const bend = ((middle * width) * (middle * width) - width * width) / 24; // prettier-ignore
    return {
      value: normalLogPdf(middle) + log(width) + log1p(bend),
      byMiddle: -middle + (middle * width * width) / 12,
      byWidth: (1 + 2 * bend) / width,
    };
  }
  const a = middle - width / 2;
  const b = middle + width / 2;
  const qa = lowerTruncation(a).q;
  const qb = lowerTruncation(b).q;
  const t = b < -1 ? width * middle + log(qb / qa) : logNormalCdf(a) - logNormalCdf(b);
  const rest = -expm1(t);
  const atLow = (qa * exp(t)) / rest;
  const atHigh = qb / rest;
  return { value: logNormalCdf(b) + log1mExp(t), byMiddle: atHigh - atLow, byWidth: 0.5 * (atLow + atHigh) };
}
