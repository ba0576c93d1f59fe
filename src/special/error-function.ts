// The error function, its complement, and the complement scaled by its leading exponential.
//
//   erf x = 2/√π ∫_0^x e^(-t²) dt,   erfc x = 1 - erf x,   erfcx x = e^(x²) erfc x.
//
// For x >= 0, (1 + 2x) erfcx x is smooth in t = (x - 3.75)/(x + 3.75) on the whole half-line and is summed as a Chebyshev
// series (the idea of M. M. Shepherd, J. G. Laframboise, Math. Comp. 36 (1981) 249-253; the coefficients are those of
// test/special/make-special.py).

import { expSum } from './exp.js';
import { productLow } from './two-products.js';

/** Chebyshev coefficients c_0 ... c_24 of (1 + 2x) erfcx x in t. */
const SERIES = /* @__PURE__ */ Float64Array.of(
  1.1775789345674017,
  -0.004590054580646478,
  -0.08424913336651792,
  0.05920993999819189,
  -0.026658668435305753,
  0.009074997670705265,
  -0.002413163540417608,
  0.0004907758365258086,
  -6.916973302501207e-5,
  4.13902798607301e-6,
  7.74038306619849e-7,
  -2.1886401049234397e-7,
  1.076499946567091e-8,
  4.521959811218287e-9,
  -7.754400208831351e-10,
  -6.318088340886684e-11,
  2.86879501093067e-11,
  1.9455868545777347e-13,
  -9.65469674843344e-13,
  3.25254814814874e-14,
  3.3478119482868056e-14,
  -1.864562880419313e-15,
  -1.2507950530688648e-15,
  7.418235256624044e-17,
  5.068148904796111e-17,
);

const TWO_OVER_SQRT_PI = 1.1283791670955126;
const ONE_OVER_SQRT_PI = 0.5641895835477563;

/**
 * e^(x²) erfc x, within 8 ulp: erfc without its underflow.
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
  if (x === 0) return 1;
  const t = (x - 3.75) / (x + 3.75);
  const u = 2 * t;
  let b1 = SERIES[24];
  let b2 = 0;
  for (let j = 23; j >= 1; j--) {
    const b0 = u * b1 - b2 + SERIES[j];
    b2 = b1;
    b1 = b0;
  }
  return (t * b1 - b2 + SERIES[0]) / (1 + 2 * x);
}

/**
 * erfc x = 1 - erf x, within 8 ulp; the upper tail keeps its digits down to the subnormal numbers (x about 27.2).
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
 * erf x = 2/√π ∫_0^x e^(-t²) dt, within 4 ulp.
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
    const s = x * x;
    // Σ (-s)^k / (k! (2k + 1)), 15 terms: the next is below 1e-18
    let factorial = 87178291200; // 14!
    let series = 0;
    for (let k = 14; k >= 1; k--) {
      series = (1 / (factorial * (2 * k + 1)) - series) * s;
      factorial /= k;
    }
    return TWO_OVER_SQRT_PI * (x - x * series);
  }
  if (x < 0) return -erf(-x);
  return x > 6 ? 1 : 1 - expSquare(x, -1) * erfcx(x);
}

/** e^(sign x²) for |x| <= 28, with x² in two parts: its rounding error would be multiplied by e^(x²)'s slope. */
export function expSquare(x: number, sign: 1 | -1): number {
  const square = x * x;
  return expSum(sign * square, sign * productLow(x, x, square), 0);
}
