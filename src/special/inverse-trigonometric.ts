// Arc functions with the same bits in every engine.
//
// One kernel: the angle of a point (x, y) of the first quadrant, both coordinates in two parts. With c = j/32 nearest
// to the slope, atan(y/x) = atan c + atan t, t = (y - c x) / (x + c y), |t| <= 1/63; atan c comes from a table in two
// parts and atan t from its series. arcsin x is the angle of (√(1 - x²), x).

import { ATAN_HI, ATAN_LO, HALF_PI_HI, HALF_PI_LO } from './atan-table.js';
import { productLow } from './two-products.js';

/**
 * Angle whose tangent is x, in [-π/2, π/2], within 0.8 ulp.
 *
 * @param x any number; NaN gives NaN (as `Math.atan`)
 *
 * @example
 * atan(1); //=> 0.7853981633974483
 */
export function atan(x: number): number {
  const size = Math.abs(x);
  if (!(size < 18014398509481984)) return Number.isNaN(x) ? NaN : x < 0 ? -HALF_PI_HI : HALF_PI_HI; // 2^54
  if (size < 1e-8) return x; // the next term is x³/3
  const value = quadrantAngle(size, 0, 1, 0);
  return x < 0 ? -value : value;
}

/**
 * Angle of the point (x, y) from the positive first axis, in [-π, π], within 0.9 ulp; zeros and infinities as
 * `Math.atan2`.
 *
 * @example
 * atan2(1, -1); //=> 2.356194490192345
 */
export function atan2(y: number, x: number): number {
  if (Number.isNaN(x) || Number.isNaN(y)) return NaN;
  const below = y < 0 || Object.is(y, -0);
  const left = x < 0 || Object.is(x, -0);
  const a = Math.abs(y);
  const b = Math.abs(x);
  let value: number;
  if (a === 0) value = left ? 2 * HALF_PI_HI : 0;
  else if (b === Infinity && a === Infinity) value = left ? 1.5 * HALF_PI_HI : 0.5 * HALF_PI_HI;
  else if (a === Infinity || b === 0) value = HALF_PI_HI;
  else if (b === Infinity) value = left ? 2 * HALF_PI_HI : 0;
  else value = halfPlaneAngle(a, b, left);
  return below ? -value : value;
}

/** Angle of (±b, a), a and b positive and finite. */
function halfPlaneAngle(a: number, b: number, left: boolean): number {
  const ratio = a / b;
  if (ratio > 1e30) return HALF_PI_HI;
  if (ratio < 1e-30) return left ? 2 * HALF_PI_HI : ratio;
  // scaling keeps the products below clear of overflow and underflow
  const scale = b > 1e150 || a > 1e150 ? 7.458340731200207e-155 : b < 1e-150 || a < 1e-150 ? 1.3407807929942597e154 : 1;
  if (!left) return quadrantAngle(a * scale, 0, b * scale, 0);
  quadrantAngle(a * scale, 0, b * scale, 0);
  const high = 2 * HALF_PI_HI - parts[0];
  return high + (2 * HALF_PI_HI - high - parts[0] + (2 * HALF_PI_LO - parts[1]));
}

/**
 * Angle whose sine is x, in [-π/2, π/2], within 0.9 ulp.
 *
 * @param x in [-1, 1]; anything else gives NaN (as `Math.asin`)
 *
 * @example
 * asin(1); //=> 1.5707963267948966
 */
export function asin(x: number): number {
  const size = Math.abs(x);
  if (!(size <= 1)) return NaN;
  if (size < 1e-8) return x;
  setCosine(size);
  const value = quadrantAngle(size, 0, cosine[0], cosine[1]);
  return x < 0 ? -value : value;
}

/**
 * Angle whose cosine is x, in [0, π], within 0.9 ulp.
 *
 * @param x in [-1, 1]; anything else gives NaN (as `Math.acos`)
 *
 * @example
 * acos(0); //=> 1.5707963267948966
 */
export function acos(x: number): number {
  const size = Math.abs(x);
  if (!(size <= 1)) return NaN;
  if (size === 1) return x > 0 ? 0 : 2 * HALF_PI_HI;
  setCosine(size);
  const value = quadrantAngle(cosine[0], cosine[1], size, 0);
  if (x >= 0) return value;
  const high = 2 * HALF_PI_HI - parts[0];
  return high + (2 * HALF_PI_HI - high - parts[0] + (2 * HALF_PI_LO - parts[1]));
}

/** √(1 - x²) in two parts. */
const cosine = /* @__PURE__ */ new Float64Array(2);

function setCosine(x: number): void {
  // 1 - x² = (1 - x)(1 + x); 1 - x is exact above 1/2, and below it x² is split instead
  let square: number;
  let squareLow: number;
  if (x > 0.5) {
    const d = 1 - x;
    const s = 1 + x;
    square = d * s;
    squareLow = productLow(d, s, square) + d * (1 - s + x);
  } else {
    const xx = x * x;
    square = 1 - xx;
    squareLow = 1 - square - xx - productLow(x, x, xx);
  }
  const root = Math.sqrt(square);
  const rootSquare = root * root;
  cosine[0] = root;
  cosine[1] = root === 0 ? 0 : (square - rootSquare - productLow(root, root, rootSquare) + squareLow) / (2 * root);
}

/** The angle that `quadrantAngle` found, in two parts. */
const parts = /* @__PURE__ */ new Float64Array(2);

/** Angle of (x + xLow, y + yLow), both positive, in [0, π/2]. */
function quadrantAngle(y: number, yLow: number, x: number, xLow: number): number {
  const steep = y > x;
  const a = steep ? x : y;
  const aLow = steep ? xLow : yLow;
  const b = steep ? y : x;
  const bLow = steep ? yLow : xLow;
  const j = Math.round((32 * a) / b);
  const c = j / 32;
  const product = c * b;
  const numerator = a - product; // exact: the two are within a factor of 2, or c = 0
  const numeratorLow = aLow - c * bLow - productLow(c, b, product);
  const denominator = b + c * a;
  const t = (numerator + numeratorLow) / denominator;
  // what the quotient lost: for j = 0 it is the whole answer
  const back = t * denominator;
  const denominatorLow = b - denominator + c * a + bLow + c * aLow;
  const tLow = (numerator - back - productLow(t, denominator, back) + numeratorLow - t * denominatorLow) / denominator;
  const s = t * t;
  const rest = s * t * (-1 / 3 + s * (1 / 5 + s * (-1 / 7 + s * (1 / 9 + s * (-1 / 11 + s * (1 / 13)))))) + tLow;
  let high = ATAN_HI[j] + t;
  let low = j === 0 ? rest : ATAN_HI[j] - high + t + (ATAN_LO[j] + rest);
  if (steep) {
    const first = HALF_PI_HI - high;
    low = HALF_PI_HI - first - high + (HALF_PI_LO - low);
    high = first;
  }
  parts[0] = high + low;
  parts[1] = high - parts[0] + low;
  return parts[0];
}
