/**
 * From a proposer's judgements to an acquisition: the target that it aims at, predictions to moments, labels of good configs.
 *
 * T. Liu et al., arXiv:2402.03921: section 4.1 (target value), 4.2 (discriminative surrogate), 4.3 (generative surrogate, after
 * J. Bergstra et al., "Algorithms for Hyper-Parameter Optimization", NIPS 2011).
 */
import { badEntry, checkNumber, checkOption, checkOptionNames, checkVector } from '../../internal/check.js';
import type { Direction } from '../test-functions/metrics.js';

export interface TargetValueOptions {
  /** α in [-1, 1]: above 0 asks for better than the best, below 0 for a little worse. Default -0.2. */
  alpha?: number;
  /** Default 'minimize'. */
  direction?: Direction;
  /** What values are possible. */
  bounds?: readonly [low: number, high: number];
}

const TARGET_NAMES = { alpha: true, direction: true, bounds: true } satisfies Record<keyof TargetValueOptions, true>;

/** Smaller and smaller aims, for a target that is out of bounds. */
const NEXT_ALPHAS = [0.1, 0.01, 0.001, -0.001, -0.01, -0.1];

/**
 * The value that candidates are asked to reach: best - α range for minimization, best + α range for maximization, with the
 * range of the values seen, or 0.1 |max| where they are all equal. While it lies outside the bounds the next of 0.1, 0.01,
 * 0.001, -0.001, -0.01, -0.1 below α takes its place; when none is left the target is the nearer bound.
 *
 * @param y values seen, at least one
 * @throws RangeError if there is none, one is not finite, or α is outside [-1, 1]
 *
 * @example
 * proposerTargetValue([1, 2, 4], { alpha: 0.1 }); //=> 0.7
 */
export function proposerTargetValue(y: ArrayLike<number>, options: TargetValueOptions = {}): number {
  checkOptionNames('options', options, TARGET_NAMES);
  checkVector('y', y);
  if (y.length === 0) throw new RangeError('y must not be empty');
  let alpha = checkNumber('alpha', options.alpha ?? -0.2, -1, 1);
  const maximize = checkOption('direction', options.direction ?? 'minimize', ['minimize', 'maximize']) === 'maximize';
  const [low, high] = options.bounds ?? [-Infinity, Infinity];
  if (!(low <= high)) throw new RangeError(`bounds must be in order, got ${low} and ${high}`);
  let least = Infinity;
  let most = -Infinity;
  for (let i = 0; i < y.length; i++) {
    least = Math.min(least, y[i]);
    most = Math.max(most, y[i]);
  }
  const range = most > least ? most - least : 0.1 * Math.abs(most);
  for (;;) {
    const target = maximize ? most + alpha * range : least - alpha * range;
    if (target >= low && target <= high) return target;
    const next = NEXT_ALPHAS.find((candidate) => candidate < alpha);
    if (next === undefined) return Math.min(high, Math.max(low, target));
    alpha = next;
  }
}

/**
 * Mean and population deviation of repeated predictions, NaN left out: LLAMBO's discriminative surrogate. A config without
 * an answer gets the average mean and the average deviation of the others; deviations are at least 1e-5.
 *
 * @param predictions one row of repeated predictions a config
 * @throws RangeError if no config has an answer, or an answer is infinite
 *
 * @example
 * const moments = discriminativeSurrogate([[1, 3], [NaN], [5]]);
 * [moments.mean[0], moments.std[0], moments.mean[1], moments.std[2]]; //=> [2, 1, 3.5, 1e-5]
 */
export function discriminativeSurrogate(predictions: readonly ArrayLike<number>[]): {
  mean: Float64Array;
  std: Float64Array;
} {
  const mean = new Float64Array(predictions.length);
  const std = new Float64Array(predictions.length);
  let answered = 0;
  let means = 0;
  let stds = 0;
  predictions.forEach((row, i) => {
    const { average, deviation, count } = momentsWithout(row, i);
    mean[i] = average;
    std[i] = deviation;
    if (count === 0) return;
    answered += 1;
    means += average;
    stds += deviation;
  });
  if (answered === 0) throw new RangeError('predictions must hold at least one answer');
  for (let i = 0; i < mean.length; i++) {
    if (Number.isNaN(mean[i])) {
      mean[i] = means / answered;
      std[i] = stds / answered;
    }
    std[i] = Math.max(1e-5, std[i]);
  }
  return { mean, std };
}

function momentsWithout(row: ArrayLike<number>, i: number): { average: number; deviation: number; count: number } {
  let count = 0;
  let total = 0;
  for (let k = 0; k < row.length; k++) {
    if (typeof row[k] !== 'number') throw badEntry(`predictions[${i}][${k}]`, row[k]);
    if (Number.isNaN(row[k])) continue;
    if (!Number.isFinite(row[k])) throw new RangeError(`predictions[${i}][${k}] must not be infinite`);
    total += row[k];
    count += 1;
  }
  if (count === 0) return { average: NaN, deviation: NaN, count };
  const average = total / count;
  let squares = 0;
  for (let k = 0; k < row.length; k++) {
    if (!Number.isNaN(row[k])) squares += (row[k] - average) * (row[k] - average);
  }
  return { average, deviation: Math.sqrt(squares / count), count };
}

export interface GoodLabels {
  /** Values at least as good as this are good. */
  threshold: number;
  good: boolean[];
}

/**
 * Which values are among the best fraction τ: the labels from which a generative surrogate learns P(good | x). At least one
 * is good; ties with the threshold are good too.
 *
 * @param options.fraction τ in (0, 1). Default 0.25
 *
 * @example
 * goodLabels([3, 1, 2, 4]); //=> { threshold: 1, good: [false, true, false, false] }
 */
export function goodLabels(
  y: ArrayLike<number>,
  options: { fraction?: number; direction?: Direction } = {},
): GoodLabels {
  checkVector('y', y);
  if (y.length === 0) throw new RangeError('y must not be empty');
  const fraction = checkNumber('fraction', options.fraction ?? 0.25, Number.MIN_VALUE, 1 - 1e-16);
  const direction = checkOption('direction', options.direction ?? 'minimize', ['minimize', 'maximize']);
  const sign = direction === 'maximize' ? -1 : 1;
  const sorted = Array.from(y, (v) => sign * v).sort((a, b) => a - b);
  const threshold = sign * sorted[Math.max(0, Math.ceil(fraction * sorted.length) - 1)];
  return { threshold, good: Array.from(y, (v) => sign * v <= sign * threshold) };
}

/**
 * Configs from the most to the least promising, by the mean of their repeated probabilities P(good | x), NaN left out;
 * those without an answer come last, ties in their order. Expected improvement in the sense of Bergstra et al. is an
 * increasing function of that probability.
 *
 * @param probabilities one row of repeated answers in [0, 1] a config
 * @throws RangeError if an answer is outside [0, 1]
 *
 * @example
 * generativeSurrogate([[0.2, 0.4], [NaN], [0.9]]); //=> { score: Float64Array.of(0.30000000000000004, NaN, 0.9), order: [2, 0, 1] }
 */
export function generativeSurrogate(probabilities: readonly ArrayLike<number>[]): {
  /** Mean probability; NaN without an answer. */
  score: Float64Array;
  order: number[];
} {
  const score = Float64Array.from(probabilities, (row, i) => {
    let total = 0;
    let count = 0;
    for (let k = 0; k < row.length; k++) {
      if (typeof row[k] !== 'number') throw badEntry(`probabilities[${i}][${k}]`, row[k]);
      if (Number.isNaN(row[k])) continue;
      if (!(row[k] >= 0 && row[k] <= 1)) {
        throw new RangeError(`probabilities[${i}][${k}] must be in [0, 1], got ${row[k]}`);
      }
      total += row[k];
      count += 1;
    }
    return count === 0 ? NaN : total / count;
  });
  const rank = (i: number) => (Number.isNaN(score[i]) ? -1 : score[i]);
  const order = Array.from(score, (_, i) => i).sort((a, b) => rank(b) - rank(a) || a - b);
  return { score, order };
}
