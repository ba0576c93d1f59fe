/**
 * Standard normal numbers by the polar method.
 *
 * G. Marsaglia, T. A. Bray, "A Convenient Method for Generating Normal Variables", SIAM Review 6 (1964) 260-264.
 */
import { checkInteger, checkNumber } from '../internal/check.js';
import { log } from '../special/log.js';
import type { Rng } from './create-rng.js';

/**
 * One standard normal number. The second number of the pair is thrown away, so that nothing is kept between calls.
 *
 * Takes 8/π = 2.55 uniforms on average, always an even number.
 *
 * @example
 * sampleNormal(createRng(1)) === sampleNormal(createRng(1)); //=> true
 */
export function sampleNormal(rng: Rng): number {
  for (;;) {
    const x = 2 * rng() - 1;
    const y = 2 * rng() - 1;
    const s = x * x + y * y;
    if (s < 1 && s > 0) return x * Math.sqrt((-2 * log(s)) / s);
  }
}

export interface NormalInBallOptions {
  /** Radius of the ball, positive. Default sqrt(n), which keeps about half of the draws. */
  radius?: number;
}

/**
 * A standard normal vector of length n conditioned on its 2-norm being at most `radius`: whole vectors are drawn until
 * one is inside.
 *
 * Takes 2.55 n uniforms a try on average; with the default radius about two tries. A radius far below sqrt(n) takes
 * exponentially many: 1 / P(χ²_n <= radius²).
 *
 * M. Khodak et al., "Learning to Relax", arXiv:2310.02246, Section 2: right-hand sides of the semi-stochastic setting.
 *
 * @throws RangeError if n is not an integer >= 1 or the radius is not positive
 *
 * @example
 * sampleNormalInBall(3, createRng(1)).length; //=> 3
 */
export function sampleNormalInBall(
  n: number,
  rng: Rng,
  options: NormalInBallOptions = {},
  out: Float64Array = new Float64Array(checkInteger('n', n, 1)),
): Float64Array {
  checkInteger('n', n, 1);
  const radius = checkNumber('radius', options.radius ?? Math.sqrt(n), Number.MIN_VALUE);
  const limit = radius * radius;
  for (;;) {
    let squares = 0;
    for (let i = 0; i < n; i++) {
      const z = sampleNormal(rng);
      out[i] = z;
      squares += z * z;
    }
    if (squares <= limit) return out;
  }
}
