// The error function, its complement, and the complement scaled by its leading exponential.
//
//   erf x = 2/√π ∫_0^x e^(-t²) dt,   erfc x = 1 - erf x,   erfcx x = e^(x²) erfc x.
//
// For x >= 0, (2 + x) erfcx x is a smooth function of y = 2/(2 + x) on (0, 1], the ends included, and is tabulated as
// polynomials of degree 9 on 16 intervals (the substitution is that of M. M. Shepherd, J. G. Laframboise, "Chebyshev
// approximation of (1 + 2x) exp(x²) erfc x in 0 <= x < ∞", Math. Comp. 36 (1981) 249-253).

import { ERFCX } from './erfcx-table.js';
import { exp, expSum } from './exp.js';
import { productLow } from './two-products.js';

// Engines fold the address of a constant of this module, but not that of an import: the alias saves a load.
const TABLE = ERFCX;

const TWO_OVER_SQRT_PI = 1.1283791670955126;
const ONE_OVER_SQRT_PI = 0.5641895835477563;

/**
 * e^(x²) erfc x, within 6e-16 relative: erfc without its underflow.
 *
 * @param x any number; Infinity gives 0, below about -26.63 the value overflows to Infinity, NaN gives NaN
 *
 * @example
 * erfcx(0); //=> 1
 */
export function erfcx(x: number): number {
  if (x < 0) return x < -26.7 ? Infinity : 2 * expSquare(x, 1) - erfcx(-x);
  // from 1e8 on the next term of the asymptotic series, 1/(2x²), is below half an ulp
  if (!(x < 1e8)) return ONE_OVER_SQRT_PI / x;
  const y = 2 / (2 + x);
  const i = Math.min(15, (16 * y) | 0);
  const u = 32 * y - (2 * i + 1);
  const k = 10 * i;
  const square = u * u;
  const tail = TABLE[k + 5] + u * TABLE[k + 6] + square * (TABLE[k + 7] + u * TABLE[k + 8] + square * TABLE[k + 9]);
  const slope = TABLE[k + 1] + u * TABLE[k + 2] + square * (TABLE[k + 3] + u * TABLE[k + 4] + square * tail);
  return (TABLE[k] + u * slope) * (0.5 * y);
}

/**
 * erfc x = 1 - erf x, within 7e-16 relative; the upper tail keeps its digits down to the subnormal numbers (x about 27.2).
 *
 * @param x any number; NaN gives NaN
 *
 * @example
 * erfc(0); //=> 1
 */
export function erfc(x: number): number {
  if (Math.abs(x) < 0.5) return 1 - erf(x);
  if (x < 0) return 2 - erfc(-x);
  return x > 28 ? 0 : expSquare(x, -1) * erfcx(x);
}

/**
 * erf x = 2/√π ∫_0^x e^(-t²) dt, within 2 ulp.
 *
 * Below 0.6 its Taylor series, which keeps the digits of a small x; above it 1 - erfc x, where erfc is less than erf.
 *
 * @param x any number; ±Infinity gives ±1, NaN gives NaN
 *
 * @example
 * erf(1).toFixed(12); //=> '0.842700792950'
 */
export function erf(x: number): number {
  if (Math.abs(x) < 0.6) {
    // Σ (-s)^k / (k! (2k + 1)) to k = 13: the next term is below 3e-18
    const s = x * x;
    const t = s * s;
    const even =
      1 / 10 + t * (1 / 216 + t * (1 / 9360 + t * (1 / 685440 + t * (1 / 76204800 + t * (1 / 11975040000)))));
    const odd =
      1 / 3 +
      t *
        (1 / 42 + t * (1 / 1320 + t * (1 / 75600 + t * (1 / 6894720 + t * (1 / 918086400 + t * (1 / 168129561600))))));
    return x * TWO_OVER_SQRT_PI + x * (TWO_OVER_SQRT_PI * (t * even - s * odd));
  }
  if (x < 0) return -erf(-x);
  return x > 6 ? 1 : 1 - exp(-x * x) * erfcx(x); // the rounding of x² is far below an ulp of erf here
}

/** e^(sign x²) for |x| <= 28, with x² in two parts: its rounding error would be multiplied by e^(x²)'s slope. */
function expSquare(x: number, sign: 1 | -1): number {
  const square = x * x;
  const low = sign * productLow(x, x, square);
  if (square > 690) return expSum(sign * square, low, 0); // near underflow and overflow: rounded once
  const value = exp(sign * square);
  return value + value * low;
}
