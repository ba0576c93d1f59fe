import { checkProbabilities } from '../internal/check.js';
import { log2 } from '../special/index.js';

/**
 * Shannon entropy H(p) = -Σ_i p_i log2 p_i in bits, with 0 log 0 = 0; one accumulator in increasing index.
 *
 * @param probs probabilities, adding up to 1 within 1e-9
 * @throws RangeError if an entry is negative or not finite or the sum is not 1
 *
 * @example
 * entropyBits([0.5, 0.25, 0.25]); //=> 1.5
 */
export function entropyBits(probs: ArrayLike<number>): number {
  checkProbabilities('probs', probs);
  return totalEntropyBits(probs);
}

/** The contribution -m log2 m of one atom of mass m >= 0. */
export function atomBits(mass: number): number {
  return mass > 0 ? -mass * log2(mass) : 0;
}

/** Σ_i atomBits(masses[i]), for callers whose masses are known to be probabilities. */
export function totalEntropyBits(masses: ArrayLike<number>): number {
  let total = 0;
  for (let i = 0; i < masses.length; i++) total += atomBits(masses[i]);
  return total;
}
