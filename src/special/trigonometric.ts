// Sine, cosine and tangent with the same bits in every engine.
//
// The angle is reduced to x = n π/2 + y, |y| <= π/4, with y in two doubles; then Taylor series. Below 2^19 the
// multiple of π/2 is taken away in three parts (W. J. Cody, W. Waite, Software Manual for the Elementary Functions,
// 1980); larger angles, and those that come close to a multiple of π/2, are multiplied by 1320 bits of 2/π in integers
// (M. Payne, R. Hanek, "Radian reduction for trigonometric functions", SIGNUM Newsletter 18 (1983)).

import { productLow } from './two-products.js';
import { TWO_OVER_PI } from './two-over-pi.js';

const ROUND = 6755399441055744; // 1.5 · 2^52
const TWO_OVER_PI_ROUNDED = 0.6366197723675814;
// π/2 = HALF_PI_1 + HALF_PI_2 + HALF_PI_3; the first two have 33 bits each, so that n times them is exact for n < 2^20.
const HALF_PI_1 = 1.5707963267341256;
const HALF_PI_2 = 6.077100506303966e-11;
const HALF_PI_3 = 2.0222662487959506e-21;
/** An angle nearer than this to a multiple of π/2 needs more digits of π than the three parts have. */
const NEAR = 9.5e-7;

/**
 * sin x, within 0.8 ulp for every finite x.
 *
 * @param x angle in radians; ±Infinity and NaN give NaN (as `Math.sin`)
 *
 * @example
 * sin(Math.PI / 6); //=> 0.49999999999999994
 */
export function sin(x: number): number {
  if (Math.abs(x) <= 0.7853981633974483) return x === 0 ? x : sinReduced(x, 0);
  const n = x * TWO_OVER_PI_ROUNDED + ROUND - ROUND;
  const first = x - n * HALF_PI_1; // exact below 2^19, as is the product that follows
  const second = n * HALF_PI_2;
  const y = first - second;
  if (!(Math.abs(x) < 524288 && Math.abs(y) > NEAR)) return sinFar(x);
  const low = first - y - second - n * HALF_PI_3;
  const value = n & 1 ? cosReduced(y, low) : sinReduced(y, low);
  return n & 2 ? -value : value;
}

function sinFar(x: number): number {
  const quadrant = reduceLarge(x);
  const value = quadrant & 1 ? cosReduced(angle[0], angle[1]) : sinReduced(angle[0], angle[1]);
  return quadrant & 2 ? -value : value;
}

/**
 * cos x, within 0.8 ulp for every finite x.
 *
 * @param x angle in radians; ±Infinity and NaN give NaN (as `Math.cos`)
 *
 * @example
 * cos(Math.PI / 3); //=> 0.5000000000000001
 */
export function cos(x: number): number {
  if (Math.abs(x) <= 0.7853981633974483) return cosReduced(x, 0);
  const n = x * TWO_OVER_PI_ROUNDED + ROUND - ROUND;
  const first = x - n * HALF_PI_1; // as in sin
  const second = n * HALF_PI_2;
  const y = first - second;
  if (!(Math.abs(x) < 524288 && Math.abs(y) > NEAR)) return cosFar(x);
  const low = first - y - second - n * HALF_PI_3;
  const value = n & 1 ? sinReduced(y, low) : cosReduced(y, low);
  return (n + 1) & 2 ? -value : value;
}

function cosFar(x: number): number {
  const quadrant = reduceLarge(x);
  const value = quadrant & 1 ? sinReduced(angle[0], angle[1]) : cosReduced(angle[0], angle[1]);
  return (quadrant + 1) & 2 ? -value : value;
}

/**
 * tan x, within 0.9 ulp for every finite x.
 *
 * sin and cos of the reduced angle in two parts each, and a division whose remainder is taken into account.
 *
 * @param x angle in radians; ±Infinity and NaN give NaN (as `Math.tan`)
 *
 * @example
 * tan(Math.PI / 4).toFixed(12); //=> '1.000000000000'
 */
export function tan(x: number): number {
  if (Math.abs(x) < 1e-8) return x; // the next term is x³/3
  const quadrant = reduce(x);
  const y = angle[0];
  const s = y * y;
  // sin = y + sinLow and cos = cosHigh + cosLow
  const sinLow = s * y * sinTail(s) + angle[1] * (1 - 0.5 * s);
  const half = 0.5 * s;
  const cosHigh = 1 - half;
  const cosLow = 1 - cosHigh - half + (s * s * cosTail(s) - y * angle[1] - 0.5 * productLow(y, y, s));
  return quadrant & 1 ? -quotient(cosHigh, cosLow, y, sinLow) : quotient(y, sinLow, cosHigh, cosLow);
}

/** (a + aLow) / (b + bLow) rounded nearly once. */
function quotient(a: number, aLow: number, b: number, bLow: number): number {
  const sum = a + aLow; // both sums renormalised, so that the remainder below is exact
  aLow = a - sum + aLow;
  const divisor = b + bLow;
  bLow = b - divisor + bLow;
  const q = sum / divisor;
  const product = q * divisor;
  return q + (sum - product - productLow(q, divisor, product) + aLow - q * bLow) / divisor;
}

/** sin(y + low), |y| <= π/4 and |low| below an ulp of y. */
function sinReduced(y: number, low: number): number {
  const s = y * y;
  return y + (s * y * sinTail(s) + low * (1 - 0.5 * s));
}

/** cos(y + low), |y| <= π/4 and |low| below an ulp of y. */
function cosReduced(y: number, low: number): number {
  const s = y * y;
  const half = 0.5 * s;
  const high = 1 - half;
  return high + (1 - high - half + (s * s * cosTail(s) - y * low));
}

/** (sin y - y) / y³ as a polynomial in s = y². */
function sinTail(s: number): number {
  const s2 = s * s;
  return (
    -1 / 6 +
    s * (1 / 120) +
    s2 *
      (-1 / 5040 +
        s * (1 / 362880) +
        s2 * (-1 / 39916800 + s * (1 / 6227020800) + s2 * (-1 / 1307674368000 + s * (1 / 355687428096000))))
  );
}

/** (cos y - 1 + y²/2) / y⁴ as a polynomial in s = y². */
function cosTail(s: number): number {
  const s2 = s * s;
  return (
    1 / 24 +
    s * (-1 / 720) +
    s2 * (1 / 40320 + s * (-1 / 3628800) + s2 * (1 / 479001600 + s * (-1 / 87178291200) + s2 * (1 / 20922789888000)))
  );
}

/** The reduced angle that `reduce` leaves, in two parts. */
const angle = /* @__PURE__ */ new Float64Array(2);

/** Sets `angle` to x - n π/2 and returns n mod 4. */
function reduce(x: number): number {
  const n = x * TWO_OVER_PI_ROUNDED + ROUND - ROUND;
  const first = x - n * HALF_PI_1; // as in sin
  const second = n * HALF_PI_2;
  const y = first - second;
  if (!(Math.abs(x) < 524288 && Math.abs(y) > NEAR)) return reduceLarge(x);
  angle[0] = y;
  angle[1] = first - y - second - n * HALF_PI_3;
  return n & 3;
}

const word = /* @__PURE__ */ new Float64Array(1);
const wordBits = /* @__PURE__ */ new BigInt64Array(word.buffer);
const FRACTION_BITS = 24 * 55;

/** x 2/π in integers: x = ±M 2^e and 2/π = T 2^-1320, so that the fraction of M T 2^(e - 1320) loses nothing. */
function reduceLarge(x: number): number {
  if (!Number.isFinite(x)) {
    angle.fill(NaN);
    return 0;
  }
  if (x === 0) {
    angle[0] = x;
    angle[1] = 0;
    return 0;
  }
  word[0] = Math.abs(x);
  const exponent = Number(wordBits[0] >> 52n);
  const fraction = wordBits[0] & 0xfffffffffffffn;
  const mantissa = exponent === 0 ? fraction : fraction | 0x10000000000000n;
  const places = BigInt(FRACTION_BITS - (Math.max(exponent, 1) - 1075));
  let inverse = 0n;
  for (let i = 0; i < TWO_OVER_PI.length; i++) inverse = (inverse << 24n) | BigInt(TWO_OVER_PI[i]);
  const turns = mantissa * inverse; // in units of 2^-places quarter turns
  const rounded = (turns + (1n << (places - 1n))) >> places;
  let rest = turns - (rounded << places);
  const sign = rest < 0n === x < 0 ? 1 : -1;
  if (rest < 0n) rest = -rest;
  // the fraction in two doubles: its leading 53 bits, and the 53 after them
  const excess = rest.toString(2).length - 106;
  const top = excess > 0 ? rest >> BigInt(excess) : rest << BigInt(-excess);
  const unit = excess - Number(places); // rest = top 2^unit quarter turns
  const high = Number(top >> 53n) * 9007199254740992;
  const low = Number(top & 0x1fffffffffffffn);
  // times π/2 = HALF_PI + HALF_PI_TAIL, each part scaled by 2^unit in two exact steps
  const product = high * Math.PI;
  const tail = productLow(high, Math.PI, product) + (low * Math.PI + high * 1.2246467991473532e-16);
  angle[0] = scaled(product + tail, unit - 1) * sign;
  angle[1] = scaled(product - (product + tail) + tail, unit - 1) * sign;
  const quadrant = Number(rounded & 3n);
  return x < 0 ? (4 - quadrant) & 3 : quadrant;
}

function scaled(value: number, exponent: number): number {
  for (; exponent < -512; exponent += 512) value *= 7.458340731200207e-155; // 2^-512
  for (let i = 0; i < -exponent; i++) value /= 2;
  return value;
}
