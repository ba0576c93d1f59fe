/**
 * Randomisations of Sobol points: a random lower triangular matrix over GF(2) (J. Matoušek, "On the L2-Discrepancy for
 * Anchored Boxes", Journal of Complexity 14 (1998) 527-556) and nested uniform scrambling by a hash (A. B. Owen 1995; S. Laine, T. Karras, Eurographics Symposium on Rendering
 * 2011; the constants of B. Burley, Journal of Computer Graphics Techniques 9 (2020)).
 */
import type { Rng } from './create-rng.js';

const BITS = 32;
const TWO32 = 4294967296;

/** V_i <- L V_i with L unit lower triangular over GF(2), the first row being the most significant bit. */
export function multiplyByLowerTriangle(V: Uint32Array, base: number, rng: Rng): void {
  const columns = new Uint32Array(BITS);
  for (let c = 0; c < BITS; c++) {
    const diagonal = (1 << (31 - c)) >>> 0;
    columns[c] = diagonal | (randomWord(rng) & (diagonal - 1));
  }
  for (let i = 0; i < BITS; i++) {
    const v = V[base + i];
    let product = 0;
    for (let c = 0; c < BITS; c++) if ((v >>> (31 - c)) & 1) product ^= columns[c];
    V[base + i] = product;
  }
}

/** A permutation of 32-bit words in which bit i depends on bits below i only: nested scrambling of reversed words. */
export function laineKarras(x: number, seed: number): number {
  x = (x + seed) | 0;
  x ^= Math.imul(x, 0x6c50b47c);
  x ^= Math.imul(x, 0xb82f1e52);
  x ^= Math.imul(x, 0xc7afe638);
  x ^= Math.imul(x, 0x8d22f6e6);
  return x >>> 0;
}

/** The 32 bits of x in reverse order. */
export function reverseBits(x: number): number {
  x = ((x >>> 1) & 0x55555555) | ((x & 0x55555555) << 1);
  x = ((x >>> 2) & 0x33333333) | ((x & 0x33333333) << 2);
  x = ((x >>> 4) & 0x0f0f0f0f) | ((x & 0x0f0f0f0f) << 4);
  x = ((x >>> 8) & 0x00ff00ff) | ((x & 0x00ff00ff) << 8);
  return ((x >>> 16) | (x << 16)) >>> 0;
}

/** A uniform 32-bit word, by one uniform. */
export function randomWord(rng: Rng): number {
  return Math.floor(rng() * TWO32);
}
