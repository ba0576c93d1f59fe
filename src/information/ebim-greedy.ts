/**
 * Entropy-bounded information maximization: the deterministic encoder T = f(X) with H(T) <= R that keeps most of X.
 *
 * M. R. Ebrahimi, J. Chen, A. Khisti, "Minimum Entropy Coupling with Bottleneck", NeurIPS 2024, arXiv:2410.21666,
 * Section 3: the greedy search over partitions and its gap, Theorem 2. Where the paper leaves the order of the merges
 * open, the rule here is the one whose gap is proved below.
 */
import {
  binaryEntropyBits,
  type BottleneckEncoder,
  checkBottleneck,
  mergeExtremes,
  partitionBits,
  RATE_SLACK,
  singletons,
} from './partition.js';

export interface EbimGreedyEncoder extends BottleneckEncoder {
  /** R - H(T) is at most this when H(X) >= R: `ebimGapBound`. */
  gapBoundBits: number;
}

/**
 * The greedy encoder. Starts with every symbol by itself; while H > R: if merging the two smallest groups brings H to
 * R or below, that is the answer; else if merging the two largest does, that; else the two largest are merged for good.
 *
 * If H(X) >= R then 0 <= R - H(T) <= h(p_(2)): a merge of the two largest groups a >= b costs (a + b) h(b / (a + b))
 * <= h(b) <= h(p_(2)) bits. O(n² log n). Deterministic.
 *
 * @param probs distribution of X, length n
 * @param options.rateBits the limit R >= 0 on H(T), bits
 * @throws RangeError if probs is not a distribution or rateBits is negative
 *
 * @example
 * ebimGreedy([0.5, 0.25, 0.25], { rateBits: 1 }).groups; //=> [[0], [1, 2]]
 */
export function ebimGreedy(probs: ArrayLike<number>, { rateBits }: { rateBits: number }): EbimGreedyEncoder {
  checkBottleneck(probs, rateBits);
  const limit = rateBits + RATE_SLACK;
  const gapBoundBits = ebimGapBound(probs);
  let groups = singletons(probs);
  let informationBits = partitionBits(probs, groups);
  while (informationBits > limit) {
    const small = mergeExtremes(probs, groups, 'smallest');
    const smallBits = partitionBits(probs, small);
    if (smallBits <= limit) return { groups: small, informationBits: smallBits, gapBoundBits };
    groups = mergeExtremes(probs, groups, 'largest');
    informationBits = partitionBits(probs, groups);
  }
  return { groups, informationBits, gapBoundBits };
}

/**
 * The gap h(p_(2)) of the greedy encoder in bits: h the binary entropy, p_(2) the second largest probability.
 *
 * @example
 * ebimGapBound([0.5, 0.5]); //=> 1
 */
export function ebimGapBound(probs: ArrayLike<number>): number {
  const sorted = Float64Array.from(probs).sort();
  return sorted.length < 2 ? 0 : binaryEntropyBits(sorted[sorted.length - 2]);
}
