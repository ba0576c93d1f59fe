/**
 * Distributions made of bars: probabilities of buckets, uniform inside each. The output of neural processes that classify.
 *
 * S. Müller, N. Hollmann, S. Pineda Arango, J. Grabocka, F. Hutter, "Transformers Can Do Bayesian Inference", arXiv:2112.10510,
 * section 4 (Riemann distribution); A. Maraval, M. Zimmer, A. Grosnit, H. Bou Ammar, "End-to-End Meta-Bayesian Optimisation
 * with Transformer Neural Processes" (NAP), NeurIPS 2023, arXiv:2305.15930.
 */
import { checkNumber, checkProbabilities, checkVector } from '../../internal/check.js';
import { log } from '../../special/log.js';
import { softmax } from '../../special/softmax.js';

export interface BarDistribution {
  /** B + 1 increasing borders. */
  borders: Float64Array;
  /** B probabilities. */
  probabilities: Float64Array;
}

/**
 * The distribution with these borders and the softmax of these logits. O(B).
 *
 * @throws RangeError if borders do not increase or there is not one more of them than logits
 *
 * @example
 * barMean(barDistribution([0, 1, 3], [0, 0])); //=> 1.25
 */
export function barDistribution(borders: ArrayLike<number>, logits: ArrayLike<number>): BarDistribution {
  checkVector('logits', logits);
  const edges = checkBorders(borders);
  if (edges.length !== logits.length + 1) {
    throw new RangeError(`borders must have length ${logits.length + 1}, got ${edges.length}`);
  }
  return { borders: edges, probabilities: softmax(logits) };
}

/** Number of the bucket that holds y; below the first border the first, above the last the last. O(B) for the check, O(log B) beyond. */
export function barBucket(borders: ArrayLike<number>, y: number): number {
  checkBorders(borders);
  checkNumber('y', y);
  return bucketOf(borders, y);
}

/** `barBucket` for checked arguments. */
export function bucketOf(borders: ArrayLike<number>, y: number): number {
  let low = 0;
  let high = borders.length - 2;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if (borders[middle] <= y) low = middle;
    else high = middle - 1;
  }
  return low;
}

/** ln of p_b / width_b in the bucket of y; -Infinity outside the borders. */
export function barLogDensity({ borders, probabilities }: BarDistribution, y: number): number {
  checkNumber('y', y);
  const B = probabilities.length;
  if (!(y >= borders[0] && y <= borders[B])) return -Infinity;
  const b = bucketOf(borders, y);
  return log(probabilities[b]) - log(borders[b + 1] - borders[b]);
}

/** Σ p_b mid_b. */
export function barMean({ borders, probabilities }: BarDistribution): number {
  let mean = 0;
  for (let b = 0; b < probabilities.length; b++) mean += probabilities[b] * 0.5 * (borders[b] + borders[b + 1]);
  return mean;
}

/** Σ p_b ((mid_b - mean)² + width_b²/12). */
export function barVariance(distribution: BarDistribution): number {
  const { borders, probabilities } = distribution;
  const mean = barMean(distribution);
  let variance = 0;
  for (let b = 0; b < probabilities.length; b++) {
    const width = borders[b + 1] - borders[b];
    const deviation = 0.5 * (borders[b] + borders[b + 1]) - mean;
    variance += probabilities[b] * (deviation * deviation + (width * width) / 12);
  }
  return variance;
}

/**
 * The y with P(Y <= y) = p; the lowest where a bucket of probability 0 leaves several.
 *
 * @throws RangeError if p is outside [0, 1]
 *
 * @example
 * barQuantile(barDistribution([0, 1, 3], [0, 0]), 0.75); //=> 2
 */
export function barQuantile({ borders, probabilities }: BarDistribution, p: number): number {
  checkNumber('p', p, 0, 1);
  let below = 0;
  for (let b = 0; b < probabilities.length; b++) {
    const mass = probabilities[b];
    if (mass > 0 && below + mass >= p)
      return borders[b] + (borders[b + 1] - borders[b]) * Math.max(0, (p - below) / mass);
    below += mass;
  }
  // p = 1 and the sum fell short by rounding: the end of the last bucket with mass.
  let last = probabilities.length - 1;
  while (last > 0 && probabilities[last] === 0) last -= 1;
  return borders[last + 1];
}

/**
 * Expected improvement E max(Y - best, 0), or E max(best - Y, 0) for minimization: Σ p_b e_b, where e_b is the whole distance
 * to the middle for buckets beyond best, 0 for those before it, and (hi - best)²/(2 (hi - lo)) in the bucket that holds best.
 *
 * (Public code has (hi + best)/2 - best in that bucket and so forgets the factor (hi - best)/(hi - lo).)
 *
 * @throws RangeError if best is not finite or the probabilities do not sum to 1
 *
 * @example
 * barDistributionEi({ borders: [0, 1, 2], probabilities: [0.5, 0.5] }, { best: 1 }); //=> 0.25
 */
export function barDistributionEi(
  { borders, probabilities }: { borders: ArrayLike<number>; probabilities: ArrayLike<number> },
  options: { best: number; maximize?: boolean },
): number {
  const edges = checkBorders(borders);
  checkProbabilities('probabilities', probabilities);
  if (edges.length !== probabilities.length + 1) {
    throw new RangeError(`borders must have length ${probabilities.length + 1}, got ${edges.length}`);
  }
  const best = checkNumber('best', options.best);
  const maximize = options.maximize ?? true;
  let total = 0;
  for (let b = 0; b < probabilities.length; b++) {
    // Minimization is maximization of the mirrored bucket.
    const lo = maximize ? edges[b] - best : best - edges[b + 1];
    const hi = maximize ? edges[b + 1] - best : best - edges[b];
    if (lo >= 0) total += probabilities[b] * 0.5 * (lo + hi);
    else if (hi > 0) total += (probabilities[b] * hi * hi) / (2 * (hi - lo));
  }
  return total;
}

export function checkBorders(borders: ArrayLike<number>): Float64Array {
  checkVector('borders', borders);
  if (borders.length < 2) throw new RangeError(`borders must hold at least 2 numbers, got ${borders.length}`);
  for (let b = 1; b < borders.length; b++) {
    if (!(borders[b] > borders[b - 1])) throw new RangeError(`borders must increase, got ${borders[b]} at ${b}`);
  }
  return Float64Array.from(borders);
}
