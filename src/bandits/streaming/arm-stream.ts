/**
 * Streams of arms: the arms arrive one by one, and whoever does not keep one has lost it.
 *
 * S. Assadi, C. Wang, "Exploration with Limited Memory: Streaming Algorithms for Coin Tossing, Noisy Comparisons, and Multi-Armed
 * Bandits", STOC 2020, arXiv:2004.04666. The two laws of means are those of the experiments of C. Wang, "Tight Regret Bounds for
 * Single-pass Streaming Multi-armed Bandits", ICML 2023, arXiv:2306.02208, Section 5.
 */
import { checkInteger, checkNumber, checkOption } from '../../internal/check.js';
import type { Rng } from '../../random/create-rng.js';
import { samplePermutation } from '../../random/permutation.js';
import { sampleTruncatedNormal } from '../../random/truncated-normal.js';

/** Arms with 0/1 rewards in the order of their arrival. */
export interface ArmStream {
  /** Mean reward of the arm at each position. */
  readonly means: Float64Array;
  /** The largest mean. */
  readonly bestMean: number;
}

export interface ArmStreamOptions {
  /** Order of arrival: as given (default), worst arm first, best arm first, or a permutation of the positions. */
  order?: 'given' | 'increasing' | 'decreasing' | ArrayLike<number>;
}

/**
 * A stream of Bernoulli arms with the given means.
 *
 * @param means in [0, 1], one or more
 * @throws RangeError if a mean is not in [0, 1], there is none, or `order` is not a permutation
 *
 * @example
 * armStream([0.2, 0.9, 0.4], { order: 'increasing' }).means; //=> Float64Array.of(0.2, 0.4, 0.9)
 */
export function armStream(means: ArrayLike<number>, options: ArmStreamOptions = {}): ArmStream {
  const K = checkInteger('means.length', means.length, 1);
  for (let i = 0; i < K; i++) checkNumber(`means[${i}]`, means[i], 0, 1);
  const order = options.order ?? 'given';
  let sorted = Float64Array.from(means);
  if (typeof order !== 'string') {
    const seen = new Uint8Array(K);
    if (order.length !== K) throw new RangeError(`order must have length ${K}, got ${order.length}`);
    for (let i = 0; i < K; i++) {
      checkInteger(`order[${i}]`, order[i], 0, K - 1);
      if (seen[order[i]]++ > 0) throw new RangeError(`order must be a permutation, got ${order[i]} twice`);
    }
    sorted = sorted.map((_, i) => means[order[i]]);
  } else if (checkOption('order', order, ['given', 'increasing', 'decreasing']) !== 'given') {
    sorted.sort();
    if (order === 'decreasing') sorted.reverse();
  }
  let bestMean = 0;
  for (let i = 0; i < K; i++) if (sorted[i] > bestMean) bestMean = sorted[i];
  return { means: sorted, bestMean };
}

/**
 * The clear-cut stream: K - 1 means from N(0.5, 0.1²) conditioned on [0, 0.8], one mean of 0.82, in random order. Takes
 * 2 (K - 1) uniforms.
 *
 * @throws RangeError if `arms` is not an integer >= 1
 *
 * @example
 * clearCutStream(100, createRng(1)).bestMean; //=> 0.82
 */
export function clearCutStream(arms: number, rng: Rng): ArmStream {
  const K = checkInteger('arms', arms, 1);
  const means = new Float64Array(K).fill(0.82);
  for (let i = 0; i < K - 1; i++) means[i] = sampleTruncatedNormal(0.5, 0.1, rng, { low: 0, high: 0.8 });
  return armStream(means, { order: samplePermutation(K, rng) });
}

/**
 * The mix-in stream: K means uniform on [0, 1]. Takes K uniforms.
 *
 * @throws RangeError if `arms` is not an integer >= 1
 */
export function mixInStream(arms: number, rng: Rng): ArmStream {
  const means = new Float64Array(checkInteger('arms', arms, 1));
  for (let i = 0; i < means.length; i++) means[i] = rng();
  return armStream(means);
}
