/**
 * Halton points: the radical inverse in the j-th prime base, digits permuted at random.
 *
 * J. H. Halton, Numerische Mathematik 2 (1960) 84-90. Random permutations, an independent one for each digit of each
 * base: A. B. Owen, "A Randomized Halton Algorithm in R", arXiv:1706.02808.
 */
import { checkInteger, checkOption, checkOptionNames } from '../internal/check.js';
import type { Rng } from './create-rng.js';
import { samplePermutation } from './permutation.js';

export interface HaltonOptions {
  /** 'permutation' (default): random digits; 'none': the plain radical inverse, point 0 is the origin. */
  scramble?: 'none' | 'permutation';
  /** Source of the permutations; needed unless `scramble` is 'none'. */
  rng?: Rng;
  /** Index of the first point. Default 0. */
  start?: number;
}

/**
 * The first n points (from index `start` on) of a d-dimensional Halton sequence in [0, 1)^d, row-major n × d.
 *
 * Any b^k consecutive points have exactly one in each interval [a b^-k, (a+1) b^-k) of the coordinate with base b.
 * Uniforms: (b - 1) ceil(53 / log2 b) for each base b. Beyond ten dimensions or so prefer `sobol`.
 *
 * @throws RangeError if n, d or `start` is out of range
 * @throws TypeError if digits are to be permuted and no `rng` is given
 *
 * @example
 * halton(4, 1, { scramble: 'none' }); //=> Float64Array.of(0, 0.5, 0.25, 0.75)
 */
export function halton(n: number, d: number, options: HaltonOptions = {}, out?: Float64Array): Float64Array {
  checkOptionNames('options', options, { scramble: true, rng: true, start: true } satisfies Record<
    keyof HaltonOptions,
    true
  >);
  checkInteger('n', n, 0);
  checkInteger('d', d, 1, 1024);
  const start = checkInteger('start', options.start ?? 0, 0, Number.MAX_SAFE_INTEGER - n);
  const scramble = checkOption('scramble', options.scramble ?? 'permutation', ['none', 'permutation']);
  const { rng } = options;
  if (scramble === 'permutation' && typeof rng !== 'function')
    throw new TypeError('rng must be given to permute digits');
  const points = out ?? new Float64Array(n * d);
  let base = 1;
  for (let j = 0; j < d; j++) {
    base = nextPrime(base);
    const digits = digitsFor(base);
    const permutations = scramble === 'none' ? undefined : digitPermutations(base, digits, rng as Rng);
    for (let i = 0; i < n; i++) points[i * d + j] = radicalInverse(start + i, base, digits, permutations);
  }
  return points;
}

/** Σ_k π_k(a_k) b^-(k+1), the digits a_k of the index from the last up; from the smallest term so that it rounds well. */
function radicalInverse(index: number, base: number, digits: number, permutations: Int32Array[] | undefined): number {
  // The reversed digits as two integers below 2^53 would be exact; a running quotient is within one rounding a digit.
  let rest = index;
  let scale = 1;
  let value = 0;
  for (let k = 0; k < digits && (rest > 0 || permutations !== undefined); k++) {
    const quotient = Math.floor(rest / base);
    const digit = rest - quotient * base;
    scale /= base;
    value += (permutations === undefined ? digit : permutations[k][digit]) * scale;
    rest = quotient;
  }
  return Math.min(value, BELOW_ONE);
}

const BELOW_ONE = 1 - 1.1102230246251565e-16;

/** Enough digits to pass 2^-53. */
function digitsFor(base: number): number {
  let digits = 0;
  for (let scale = 1; scale > 1.1102230246251565e-16; scale /= base) digits++;
  return digits;
}

function digitPermutations(base: number, digits: number, rng: Rng): Int32Array[] {
  return Array.from({ length: digits }, () => samplePermutation(base, rng));
}

function nextPrime(n: number): number {
  for (let p = n + 1; ; p++) {
    let divisor = 2;
    while (divisor * divisor <= p && p % divisor !== 0) divisor++;
    if (divisor * divisor > p) return p;
  }
}
