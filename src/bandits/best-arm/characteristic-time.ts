/**
 * How hard it is to find the best arm: the characteristic time, the proportions of pulls that attain it, the lower bound.
 *
 * A. Garivier, E. Kaufmann, "Optimal Best Arm Identification with Fixed Confidence", COLT 2016, arXiv:1602.04589, Theorems 1
 * and 5, Lemmas 3 and 4.
 *
 *   paper      here                  meaning
 *   μ          means                 arm 1 is the best
 *   d(x, y)    kl(x, y)              divergence of the family
 *   g_a(x)     information           d(μ_1, m) + x d(μ_a, m), m = (μ_1 + x μ_a)/(1 + x): what arm a tells at proportion x
 *   x_a(y)     inverseInformation    its inverse
 *   w*         weights               optimal proportions
 *   T*(μ)      characteristicTime    expected pulls per nat of certainty
 */
import { brentRoot } from '../../optimize/root.js';
import { bernoulliKl, checkMean, klDivergence, type KlOptions } from '../../stats/divergence.js';
import { checkDelta } from '../adversarial/exp3-p.js';
import { checkMeans } from '../environments/check-means.js';

export interface CharacteristicTime {
  /** w*, positive, sum 1. */
  weights: Float64Array;
  /** T*. 0 for a single arm. */
  characteristicTime: number;
}

/**
 * The proportions w* = argmax_w min_{a not best} inf of the evidence against a, and T* = 1 / its value (Theorem 5): with x_a(y)
 * the proportion to the best arm's at which arm a yields evidence y, y* solves Σ_a d(μ_1, m_a)/d(μ_a, m_a) = 1, and
 * w_1 : w_a = 1 : x_a(y*), T* = 1 / (w_1 y*).
 *
 * About 10 steps of Brent's method with a few Newton steps an arm in each. Relative error below 1e-9.
 *
 * @param means one of them the largest alone; exponential means positive
 * @throws RangeError if there is no mean, one is outside the family's range, or another one is within 1e-12 of the largest,
 * relatively, where a double does not hold the divergences
 *
 * @example
 * trackAndStopWeights([1, 0], { family: 'gaussian' }); //=> { weights: new Float64Array([0.5, 0.5]), characteristicTime: 8 }
 */
export function trackAndStopWeights(means: ArrayLike<number>, kl: KlOptions = {}): CharacteristicTime {
  const mu = checkMeans('means', means);
  mu.forEach((mean, i) => checkMean(`means[${i}]`, mean, kl.family ?? 'bernoulli'));
  const K = mu.length;
  if (K === 1) return { weights: new Float64Array([1]), characteristicTime: 0 };
  let best = 0;
  for (let i = 1; i < K; i++) if (mu[i] > mu[best]) best = i;
  if (!separated(mu, kl))
    throw new RangeError('means must be positive for exponential arms, one of them the largest alone');
  const weights = new Float64Array(K);
  const y = optimalEvidence(mu, best, kl, weights);
  let total = 1;
  for (let i = 0; i < K; i++) if (i !== best) total += weights[i];
  weights[best] = 1;
  for (let i = 0; i < K; i++) weights[i] /= total;
  return { weights, characteristicTime: total / y };
}

/**
 * Theorem 1: every strategy with error probability at most δ pulls at least T*(μ) kl(δ, 1 - δ) times in expectation, kl that of Bernoulli.
 *
 * @throws RangeError as `trackAndStopWeights`, or if delta is outside (0, 1)
 *
 * @example
 * bestArmLowerBound([0.9, 0.8], 0.1).toFixed(1); //=> '176.0'
 */
export function bestArmLowerBound(means: ArrayLike<number>, delta: number, kl?: KlOptions): number {
  const nats = bernoulliKl(checkDelta(delta), 1 - delta);
  return trackAndStopWeights(means, kl).characteristicTime * nats;
}

/** Whether one mean is the largest by more than rounding, and none makes a divergence infinite. */
export function separated(means: Float64Array, { family }: KlOptions): boolean {
  let best = 0;
  for (let i = 1; i < means.length; i++) if (means[i] > means[best]) best = i;
  const top = means[best];
  for (let i = 0; i < means.length; i++) {
    if (family === 'exponential' && means[i] === 0) return false;
    if (i !== best && !(top - means[i] > 1e-12 * Math.max(Math.abs(top), Math.abs(means[i])))) return false;
  }
  return true;
}

/** y*; fills x_a(y*) in for every arm but the best. */
function optimalEvidence(mu: Float64Array, best: number, kl: KlOptions, x: Float64Array): number {
  // Every x_a falls with the distance of μ_a from the best, so the largest is the second-best arm's; that one is the unknown.
  let second = -1;
  for (let i = 0; i < mu.length; i++) if (i !== best && (second < 0 || mu[i] > mu[second])) second = i;
  const top = mu[best];
  let y = 0;
  const excess = (xSecond: number): number => {
    y = information(top, mu[second], xSecond, kl);
    let total = -1;
    for (let a = 0; a < mu.length; a++) {
      if (a === best) continue;
      x[a] = mu[a] === mu[second] ? xSecond : inverseInformation(top, mu[a], y, x[a], kl);
      const m = (top + x[a] * mu[a]) / (1 + x[a]);
      total += klDivergence(top, m, kl) / klDivergence(mu[a], m, kl);
    }
    return total;
  };
  let low = 1;
  while (excess(low) > 0) low /= 2;
  let high = 2 * low;
  while (excess(high) < 0) high *= 2;
  excess(brentRoot(excess, low, high).x);
  return y;
}

/** d(μ_1, m) + x d(μ_a, m). */
function information(top: number, mean: number, x: number, kl: KlOptions): number {
  const m = (top + x * mean) / (1 + x);
  return klDivergence(top, m, kl) + x * klDivergence(mean, m, kl);
}

/**
 * The x with information y. The function is concave with slope d(μ_a, m), so Newton's iterates rise monotonically to the root
 * from any start below it.
 */
function inverseInformation(top: number, mean: number, y: number, warm: number, kl: KlOptions): number {
  let x = warm > 0 ? warm : 1;
  let value = information(top, mean, x, kl);
  while (value > y) {
    x /= 2;
    value = information(top, mean, x, kl);
  }
  for (let step = 0; step < 100; step++) {
    const slope = klDivergence(mean, (top + x * mean) / (1 + x), kl);
    const next = x + (y - value) / slope;
    if (!(next > x * (1 + 1e-15))) return x;
    x = next;
    value = information(top, mean, x, kl);
  }
  return x;
}
