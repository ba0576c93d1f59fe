/** Uniform permutations and subsets. */
import { checkInteger } from '../internal/check.js';
import type { Rng } from './create-rng.js';

/**
 * A uniform permutation of 0..n-1 by the Fisher-Yates shuffle, from the last place down (D. E. Knuth, "The Art of
 * Computer Programming" 2, Algorithm 3.4.2P). Takes n - 1 uniforms (none for n = 0 and 1).
 *
 * @throws RangeError if n is not an integer >= 0
 *
 * @example
 * samplePermutation(3, () => 0); //=> Int32Array.of(1, 2, 0)
 */
export function samplePermutation(n: number, rng: Rng): Int32Array {
  checkInteger('n', n, 0, 0x7fffffff);
  const p = new Int32Array(n);
  for (let i = 0; i < n; i++) p[i] = i;
  for (let i = n - 1; i > 0; i--) {
    const j = Math.floor(rng() * (i + 1));
    const swapped = p[i];
    p[i] = p[j];
    p[j] = swapped;
  }
  return p;
}

/**
 * k different numbers of 0..n-1 in uniform random order: the first k places of a Fisher-Yates shuffle from the front.
 * Takes k uniforms; O(k) time and memory when k is far below n, else O(n).
 *
 * @throws RangeError if n is not an integer >= 0 or k is not an integer in [0, n]
 *
 * @example
 * sampleWithoutReplacement(5, 2, () => 0); //=> Int32Array.of(0, 1)
 */
export function sampleWithoutReplacement(n: number, k: number, rng: Rng): Int32Array {
  checkInteger('n', n, 0, 0x7fffffff);
  checkInteger('k', k, 0, n);
  const chosen = new Int32Array(k);
  if (n <= 16 * k) {
    const places = new Int32Array(n);
    for (let i = 0; i < n; i++) places[i] = i;
    for (let i = 0; i < k; i++) {
      const j = i + Math.floor(rng() * (n - i));
      chosen[i] = places[j];
      places[j] = places[i];
    }
    return chosen;
  }
  // The same shuffle; only the places that were touched are stored.
  const moved = new Map<number, number>();
  for (let i = 0; i < k; i++) {
    const j = i + Math.floor(rng() * (n - i));
    chosen[i] = moved.get(j) ?? j;
    moved.set(j, moved.get(i) ?? i);
    moved.delete(i);
  }
  return chosen;
}
