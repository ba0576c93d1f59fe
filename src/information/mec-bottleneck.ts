/**
 * Minimum-entropy coupling with a bottleneck: X is encoded as T with H(T) <= R, and T is coupled with Y.
 *
 * M. R. Ebrahimi, J. Chen, A. Khisti, "Minimum Entropy Coupling with Bottleneck", NeurIPS 2024, arXiv:2410.21666,
 * Section 4: the Markov chain X - T - Y with the encoder of entropy-bounded information maximization and the greedy
 * coupling of T and Y as decoder.
 */
import { checkOption } from '../internal/check.js';
import { ebimExact } from './ebim-exact.js';
import { ebimGreedy } from './ebim-greedy.js';
import { ebimImproved } from './ebim-improved.js';
import { totalEntropyBits } from './entropy-bits.js';
import { type Coupling, greedyMinEntropyCoupling } from './min-entropy-coupling.js';
import { type BottleneckEncoder, groupMass } from './partition.js';

export interface MecBottleneckOptions {
  /** The limit R >= 0 on the entropy of the code T, bits. */
  rateBits: number;
  /** How the encoder is found. Default 'greedy', the paper's; 'exact' takes at most 10 symbols. */
  encoder?: 'greedy' | 'improved' | 'exact';
}

export interface MecBottleneck {
  encoder: BottleneckEncoder;
  /** Joint distribution of T (the index of a group) and Y. */
  coupling: Coupling;
  /** I(T; Y) = H(T) + H(Y) - H(T, Y), at most min(R, H(X), H(Y)); I(X; Y) is equal to it, as X - T - Y and T = f(X). */
  informationBits: number;
}

/**
 * Encoder and decoder of the bottleneck, and the information that Y keeps of X.
 *
 * It is not monotone in R, not even with the exact encoder: a code of larger entropy can be harder to couple with Y.
 *
 * @param pX distribution of X
 * @param pY distribution of Y
 * @throws RangeError if an argument is not a distribution, rateBits is negative, or 'exact' meets over 10 symbols
 *
 * @example
 * mecBottleneck([0.5, 0.25, 0.25], [0.5, 0.5], { rateBits: 1 }).informationBits; //=> 1
 */
export function mecBottleneck(
  pX: ArrayLike<number>,
  pY: ArrayLike<number>,
  { rateBits, encoder: kind = 'greedy' }: MecBottleneckOptions,
): MecBottleneck {
  checkOption('encoder', kind, ['greedy', 'improved', 'exact']);
  const search = kind === 'greedy' ? ebimGreedy : kind === 'improved' ? ebimImproved : ebimExact;
  const encoder = search(pX, { rateBits });
  const pT = encoder.groups.map((group) => groupMass(pX, group));
  const coupling = greedyMinEntropyCoupling([pT, pY]);
  const informationBits = totalEntropyBits(pT) + totalEntropyBits(pY) - coupling.entropyBits;
  return { encoder, coupling, informationBits: Math.max(0, informationBits) };
}
