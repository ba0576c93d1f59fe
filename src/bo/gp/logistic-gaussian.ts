import { checkNumber, checkOption } from '../../internal/check.js';
import { exp } from '../../special/exp.js';
import { sigmoid } from '../../special/logistic.js';
import { normalCdf } from '../../special/normal.js';

const SQRT_2PI = 2.5066282746310002;

/**
 * E σ(f) for f ~ N(mean, variance): the probability of a class under a normal latent value.
 *
 * 'exact': the trapezoid rule, which converges exponentially for such integrands: error below 1e-14 at any variance. Up to
 * variance 4 in z = (f - mean)/sd with step ¼ (the poles of σ(mean + sd z) are at distance π/sd from the axis, error
 * e^(-2π · π/(sd ¼))); above, in the logistic variable of E σ(f) = ∫ σ'(l) Φ((mean - l)/sd) dl with step ½ on [-40, 40] (poles
 * of σ' at ±iπ). 'probit': 1/(1 + e^(-mean/√(1 + π variance/8))), off by up to
 * 5e-3 for variances up to 1 and 0.02 beyond.
 *
 * D. J. C. MacKay, "The evidence framework applied to classification networks", Neural Computation 4 (1992), equation 4.3
 * ('probit').
 *
 * @throws RangeError if variance is negative
 *
 * @example
 * logisticGaussian(0, 2); //=> 0.5
 */
export function logisticGaussian(
  mean: number,
  variance: number,
  { method = 'exact' }: { method?: 'exact' | 'probit' } = {},
): number {
  checkNumber('mean', mean);
  checkNumber('variance', variance, 0);
  checkOption('method', method, ['exact', 'probit']);
  if (method === 'probit') return sigmoid(mean / Math.sqrt(1 + (Math.PI / 8) * variance));
  const sd = Math.sqrt(variance);
  // Symmetric sums around the middle: E σ(f) - ½ changes sign with the mean exactly.
  if (variance <= 4) {
    let total = 0.5 * (sigmoid(mean) - sigmoid(-mean));
    for (let k = 1; k <= 36; k++) {
      const z = k / 4;
      const weight = exp(-0.5 * z * z);
      total += weight * 0.5 * (sigmoid(mean + sd * z) - sigmoid(-mean - sd * z));
      total += weight * 0.5 * (sigmoid(mean - sd * z) - sigmoid(-mean + sd * z));
    }
    return clip(0.5 + total / (4 * SQRT_2PI));
  }
  let total = 0;
  for (let k = -80; k <= 80; k++) {
    const l = k / 2;
    const s = sigmoid(-Math.abs(l));
    total += s * (1 - s) * normalCdf((mean - l) / sd);
  }
  return clip(total / 2);
}

function clip(p: number): number {
  return p > 1 ? 1 : p < 0 ? 0 : p;
}
