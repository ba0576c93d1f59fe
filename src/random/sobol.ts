/**
 * Sobol points: a digital (t, d)-sequence in base 2, plain or scrambled.
 *
 * I. M. Sobol', USSR Computational Mathematics and Mathematical Physics 7 (1967) 86-112. Direction numbers: S. Joe,
 * F. Y. Kuo (2008), doi:10.1137/070709359. Gray-code order: I. A. Antonov, V. M. Saleev (1979). The scrambles stand in
 * sobol-scramble.ts.
 *
 *   paper      here                 meaning
 *   w          32                   bits
 *   V_i        directions[j*32+i-1] direction number i of dimension j, m_i 2^(w-i)
 *   x_n        state.x              the point n as integers below 2^w
 *   g(n)       n ^ (n >>> 1)        Gray code
 */
import { checkInteger, checkOption, checkOptionNames } from '../internal/check.js';
import { normalQuantile } from '../special/normal.js';
import type { Rng } from './create-rng.js';
import { sobolDirections64 } from './sobol-directions.js';
import { laineKarras, multiplyByLowerTriangle, randomWord, reverseBits } from './sobol-scramble.js';

export type SobolScramble = 'none' | 'shift' | 'lms' | 'owen';

export interface SobolOptions {
  /**
   * 'none': the plain points, point 0 is the origin. 'shift': XOR with a random word per dimension. 'lms' (default): a
   * random unit lower-triangular binary matrix per dimension, then a shift. 'owen': nested uniform scrambling by hashing.
   * All four keep the net properties; scrambled points sit in the middle of their cell of side 2^-32, so never at 0.
   */
  scramble?: SobolScramble;
  /** Source of the scramble's random words; needed unless `scramble` is 'none'. */
  rng?: Rng;
  /** Index of the first point. Default 0. */
  start?: number;
  /** `sobolDirections1024`, needed when d > 64. */
  directions?: string;
}

const SOBOL_NAMES = {
  scramble: true,
  rng: true,
  start: true,
  directions: true,
} satisfies Record<keyof SobolOptions, true>;

/** The place in a Sobol sequence. */
export interface SobolState {
  /** Index of the current point, below 2^32. */
  index: number;
  /** Its coordinates before shift, hash and division by 2^32. */
  x: Uint32Array;
}

export interface SobolSequence {
  readonly dimensions: number;
  /** Point `start`. */
  init(): SobolState;
  /** The point at `state`, in [0, 1)^d. */
  point(state: SobolState, out?: Float64Array): Float64Array;
  /** The next place; with `out === state` in place. @throws RangeError past index 2^32 - 1 */
  update(state: SobolState, out?: SobolState): SobolState;
  /** The place with that index, in O(32 d). */
  fastForward(index: number): SobolState;
}

/**
 * The first n points (from index `start` on) of a d-dimensional Sobol sequence, row-major n × d.
 *
 * For n = 2^k and start 0 every dyadic interval of length 2^-k holds exactly one point in each coordinate, and every
 * elementary box of area 2^-k exactly one in the first two. Use powers of two: other n lose these. The random words
 * come dimension by dimension: 'shift' and 'owen' take d uniforms, 'lms' 33 d. O(n d).
 *
 * @throws RangeError if d > 1024, if d > 64 without `directions`, or if an index passes 2^32 - 1
 * @throws TypeError if the scramble needs `rng` and none is given
 *
 * @example
 * sobol(4, 2, { scramble: 'none' }); //=> Float64Array.of(0, 0, 0.5, 0.5, 0.75, 0.25, 0.25, 0.75)
 */
export function sobol(n: number, d: number, options: SobolOptions = {}, out?: Float64Array): Float64Array {
  checkOptionNames('options', options, SOBOL_NAMES);
  checkInteger('n', n, 0, TWO32);
  const start = checkInteger('start', options.start ?? 0, 0, TWO32 - 1);
  if (start + n > TWO32) throw new RangeError(`start + n must be at most 2^32, got ${start + n}`);
  const { directions, words, scramble } = construct(d, options);
  const points = out ?? new Float64Array(n * d);
  const x = new Uint32Array(d);
  jump(x, start, directions);
  if (scramble === 'owen') {
    // Hashing wants the bits in reverse order, and reversal commutes with XOR: reverse once, not at every point.
    for (let p = 0; p < directions.length; p++) directions[p] = reverseBits(directions[p]);
    for (let j = 0; j < d; j++) x[j] = reverseBits(x[j]);
  } else if (scramble !== 'none') {
    for (let j = 0; j < d; j++) x[j] ^= words[j]; // a shift commutes with XOR as well
  }
  const steps = new Uint8Array(Math.min(n, BLOCK));
  for (let first = 0; first < n; first += BLOCK) {
    const block = Math.min(BLOCK, n - first);
    // The step after the last point of all goes nowhere; past index 2^32 - 1 it would have no direction number.
    for (let i = 0; i < block; i++) steps[i] = first + i + 1 < n ? changedBit(start + first + i) : 0;
    if (scramble === 'owen') owenBlock(block, d, first, steps, directions, x, words, points);
    else plainBlock(block, d, first, steps, directions, x, scramble === 'none' ? 0 : 0.5, points);
  }
  return points;
}

/**
 * The same points one at a time, as a state that can be stored. The random words are drawn here, once.
 *
 * @throws as `sobol`
 *
 * @example
 * const sequence = sobolSequence(1, { scramble: 'none' });
 * const state = sequence.update(sequence.init());
 * sequence.point(state); //=> Float64Array.of(0.5)
 */
export function sobolSequence(d: number, options: SobolOptions = {}): SobolSequence {
  checkOptionNames('options', options, SOBOL_NAMES);
  const start = checkInteger('start', options.start ?? 0, 0, TWO32 - 1);
  const { directions, words, scramble } = construct(d, options);
  const fastForward = (index: number): SobolState => {
    checkInteger('index', index, 0, TWO32 - 1);
    const x = new Uint32Array(d);
    jump(x, index, directions);
    return { index, x };
  };
  return {
    dimensions: d,
    init() {
      return fastForward(start);
    },
    point(state, out = new Float64Array(d)) {
      for (let j = 0; j < d; j++) {
        const word = state.x[j];
        if (scramble === 'none') out[j] = word * UNIT;
        else if (scramble === 'owen') out[j] = (owenWord(reverseBits(word), words[j]) + 0.5) * UNIT;
        else out[j] = (((word ^ words[j]) >>> 0) + 0.5) * UNIT;
      }
      return out;
    },
    update(state, out) {
      if (!(state.index < TWO32 - 1)) throw new RangeError('index must stay below 2^32');
      let next = state;
      if (out !== state) {
        next = out ?? { index: 0, x: new Uint32Array(d) };
        next.x.set(state.x);
        next.index = state.index;
      }
      advance(next.x, next.index, directions);
      next.index += 1;
      return next;
    },
    fastForward,
  };
}

/**
 * n standard normal vectors of length d, row-major: the normal quantile of scrambled Sobol points. Take n a power of two.
 *
 * @throws as `sobol`
 *
 * @example
 * sobolNormal(8, 2, createRng(1)).length; //=> 16
 */
export function sobolNormal(
  n: number,
  d: number,
  rng: Rng,
  options: Omit<SobolOptions, 'rng'> = {},
  out?: Float64Array,
): Float64Array {
  if (options.scramble === 'none') throw new RangeError("scramble must not be 'none': point 0 has no normal quantile");
  const points = sobol(n, d, { ...options, rng }, out);
  for (let i = 0; i < n * d; i++) points[i] = normalQuantile(points[i]);
  return points;
}

const TWO32 = 4294967296;
const UNIT = 1 / TWO32; // a power of two: a product with it is exact
const BITS = 32;

/** So many points are written dimension by dimension: the word stays in a register, the rows in the cache. */
const BLOCK = 64;

interface Construction {
  directions: Uint32Array;
  /** The random words, one a dimension; zeros without a scramble. */
  words: Uint32Array;
  scramble: SobolScramble;
}

function construct(d: number, options: SobolOptions): Construction {
  checkInteger('d', d, 1, 1024);
  const scramble = checkOption('scramble', options.scramble ?? 'lms', ['none', 'shift', 'lms', 'owen']);
  const directions = directionNumbers(d, options.directions);
  const words = new Uint32Array(d);
  if (scramble === 'none') return { directions, words, scramble };
  const { rng } = options;
  if (typeof rng !== 'function') throw new TypeError(`rng must be given for scramble '${scramble}'`);
  for (let j = 0; j < d; j++) {
    if (scramble === 'lms') multiplyByLowerTriangle(directions, j * BITS, rng);
    words[j] = randomWord(rng);
  }
  return { directions, words, scramble };
}

/** Rows first ... first + block - 1 from x, which is left at the point after them. */
function plainBlock(
  block: number,
  d: number,
  first: number,
  steps: Uint8Array,
  directions: Uint32Array,
  x: Uint32Array,
  half: number,
  points: Float64Array,
): void {
  for (let j = 0; j < d; j++) {
    const base = j * BITS;
    let word = x[j] | 0;
    for (let i = 0, p = first * d + j; i < block; i++, p += d) {
      points[p] = ((word >>> 0) + half) * UNIT;
      word ^= directions[base + steps[i]];
    }
    x[j] = word;
  }
}

/** The same for nested scrambling; x and the direction numbers have their bits in reverse order. */
function owenBlock(
  block: number,
  d: number,
  first: number,
  steps: Uint8Array,
  directions: Uint32Array,
  x: Uint32Array,
  seeds: Uint32Array,
  points: Float64Array,
): void {
  for (let j = 0; j < d; j++) {
    const base = j * BITS;
    const seed = seeds[j];
    let word = x[j] | 0;
    for (let i = 0, p = first * d + j; i < block; i++, p += d) {
      points[p] = (owenWord(word, seed) + 0.5) * UNIT;
      word ^= directions[base + steps[i]];
    }
    x[j] = word;
  }
}

/** Nested scrambling of a word whose bits are in reverse order. */
function owenWord(reversed: number, seed: number): number {
  return reverseBits(laineKarras(reversed, seed));
}

/** c - 1 of x_{n+1} = x_n XOR V_c: the number of trailing ones of n. */
function changedBit(n: number): number {
  return 31 - Math.clz32(~n & (n + 1));
}

function advance(x: Uint32Array, n: number, directions: Uint32Array): void {
  const c = changedBit(n);
  for (let j = 0; j < x.length; j++) x[j] ^= directions[j * BITS + c];
}

/** x_n = XOR of V_i over the set bits i of the Gray code of n. */
function jump(x: Uint32Array, n: number, directions: Uint32Array): void {
  const gray = (n ^ (n >>> 1)) >>> 0;
  for (let j = 0; j < x.length; j++) {
    let word = 0;
    for (let i = 0; i < BITS; i++) if ((gray >>> i) & 1) word ^= directions[j * BITS + i];
    x[j] = word;
  }
}

/** V_i of all dimensions from the table's m_i by the recurrence of the primitive polynomial. */
function directionNumbers(d: number, more: string | undefined): Uint32Array {
  const V = new Uint32Array(d * BITS);
  for (let i = 0; i < BITS; i++) V[i] = 1 << (31 - i);
  if (d === 1) return V;
  if (d > 64 && typeof more !== 'string') {
    throw new RangeError(`directions must be sobolDirections1024 when d is above 64, got d = ${d}`);
  }
  const table = d > 64 ? `${sobolDirections64},${more}` : sobolDirections64;
  const rows = table
    .replaceAll('\n', '')
    .split(',')
    .filter((row) => row !== '');
  if (rows.length < d - 1) throw new RangeError(`directions must have ${d - 65} rows or more, got ${rows.length - 63}`);
  for (let j = 1; j < d; j++) {
    const [polynomial, ...m] = rows[j - 1].split(' ').map(Number);
    const s = m.length;
    const base = j * BITS;
    for (let i = 0; i < s; i++) V[base + i] = m[i] << (31 - i);
    for (let i = s; i < BITS; i++) {
      let v = V[base + i - s] ^ (V[base + i - s] >>> s);
      for (let q = 1; q < s; q++) if ((polynomial >>> (s - q)) & 1) v ^= V[base + i - q];
      V[base + i] = v;
    }
  }
  return V;
}
