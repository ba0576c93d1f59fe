// The regularised incomplete gamma functions
//
//   P(a, x) = 1/Γ(a) ∫_0^x t^(a-1) e^-t dt,   Q(a, x) = 1 - P(a, x),
//
// and the laws that they are: gamma, Poisson, chi-square. The smaller of the two is computed and the other is its
// complement, so that both tails keep their digits. W. Gautschi, ACM Trans. Math. Software 5 (1979) 466-481; the leading
// factor in Loader's form (C. Loader, "Fast and accurate computation of binomial probabilities", 2000); for shapes of 1e6 and
// more N. M. Temme's uniform expansion (SIAM J. Math. Anal. 10 (1979) 757-766; DLMF 8.12).

import { erfc } from './error-function.js';
import { exp } from './exp.js';
import { expm1 } from './expm1.js';
import { logGammaOnePlus, stirlingRemainder } from './gamma.js';
import { log } from './log.js';
import { ratioMinusLog } from './log-one-plus-minus.js';

/**
 * P(a, x): the probability that a Gamma(a) variable is at most x. O(√a) for x near a, up to a = 1e6; O(1) beyond.
 *
 * Relative error 2e-14 (1 + |log P| / 20).
 *
 * @param a shape, positive and finite
 * @param x at least 0, Infinity gives 1
 * @throws RangeError if an argument is outside its range or NaN
 *
 * @example
 * gammaP(1, 2).toFixed(12); //=> '0.864664716763'
 */
export function gammaP(a: number, x: number): number {
  check(a, x);
  if (x === 0) return 0;
  if (x === Infinity) return 1;
  if (a >= UNIFORM) return uniform(a, x, -1);
  return lowerIsDirect(a, x) ? lowerSeries(a, x) : 1 - upper(a, x);
}

/**
 * Q(a, x) = 1 - P(a, x): the probability that a Gamma(a) variable exceeds x. O(√a) for x near a, up to a = 1e6; O(1) beyond.
 *
 * Relative error 2e-14 (1 + |log Q| / 20).
 *
 * @param a shape, positive and finite
 * @param x at least 0, Infinity gives 0
 * @throws RangeError if an argument is outside its range or NaN
 *
 * @example
 * gammaQ(1, 2).toFixed(12); //=> '0.135335283237'
 */
export function gammaQ(a: number, x: number): number {
  check(a, x);
  if (x === 0) return 1;
  if (x === Infinity) return 0;
  if (a >= UNIFORM) return uniform(a, x, 1);
  return lowerIsDirect(a, x) ? 1 - lowerSeries(a, x) : upper(a, x);
}

/**
 * P(χ² > x) for the chi-square law: Q(k/2, x/2), k its degrees of freedom.
 *
 * @param x at least 0
 * @param degreesOfFreedom k > 0
 * @throws RangeError if an argument is outside its range or NaN
 *
 * @example
 * chiSquareSurvival(3.841458820694124, 1).toFixed(12); //=> '0.050000000000'
 */
export function chiSquareSurvival(x: number, degreesOfFreedom: number): number {
  if (!(degreesOfFreedom > 0 && degreesOfFreedom < Infinity)) {
    throw new RangeError(`degreesOfFreedom must be positive and finite, got ${degreesOfFreedom}`);
  }
  return gammaQ(degreesOfFreedom / 2, x / 2);
}

function check(a: number, x: number): void {
  if (!(a > 0 && a < Infinity)) throw new RangeError(`a must be positive and finite, got ${a}`);
  if (!(x >= 0)) throw new RangeError(`x must be at least 0, got ${x}`);
}

const UNIFORM = 1e6;

/**
 * Q (side 1) or P (side -1) for a >= 1e6: ½ erfc(±η √(a/2)) ± e^(-a η²/2) / √(2πa) (c_0(η) + c_1(η)/a), η²/2 = φ(x/a - 1).
 *
 * Where the value does not underflow |η| < 0.04, so that six terms of c_0 and two of c_1 leave 1e-15; c_2 / a² is smaller.
 */
function uniform(a: number, x: number, side: 1 | -1): number {
  const mu = (x - a) / a;
  const exponent = a * ratioMinusLog(x / a, mu);
  if (exponent > 760) return mu > 0 === side > 0 ? 0 : 1;
  const eta = (mu < 0 ? -1 : 1) * Math.sqrt((2 * exponent) / a);
  const c0 = -1 / 3 + eta * (1 / 12 + eta * (-2 / 135 + eta * (1 / 864 + eta * (1 / 2835 + eta * (-139 / 777600)))));
  const c1 = -1 / 540 + eta * (-1 / 288 + eta * (1 / 378));
  const correction = (exp(-exponent) / Math.sqrt(2 * Math.PI * a)) * (c0 + c1 / a);
  return 0.5 * erfc(side * (mu < 0 ? -1 : 1) * Math.sqrt(exponent)) + side * correction;
}

/** Whether P is computed and Q its complement. For a < 1 Q has forms of its own on the whole line. */
function lowerIsDirect(a: number, x: number): boolean {
  return a < 1 ? x < 1 && a * log(x) < -0.7 : x < a + 1;
}

/** x^a e^-x / Γ(a + 1). */
function poissonFactor(a: number, x: number): number {
  if (a < 10) return exp(a * log(x) - x - logGammaOnePlus(a));
  // a φ((x - a)/a) with φ(u) = u - log(1 + u): no difference of large logarithms
  return exp(-a * ratioMinusLog(x / a, (x - a) / a) - stirlingRemainder(a)) / Math.sqrt(2 * Math.PI * a);
}

/** P = x^a e^-x / Γ(a+1) · (1 + x/(a+1) + x²/((a+1)(a+2)) + ...). */
function lowerSeries(a: number, x: number): number {
  let term = 1;
  let total = 1;
  for (let k = 1; term > 1e-17 * total; k++) {
    term *= x / (a + k);
    total += term;
  }
  return Math.min(1, poissonFactor(a, x) * total);
}

function upper(a: number, x: number): number {
  if (x >= 1) return upperFraction(a, x);
  // Q = 1 - x^a/Γ(a+1) · (1 + a Σ_{k>=1} (-x)^k / (k! (a+k))), Gautschi (1979), with the difference 1 - x^a/Γ(a+1) by expm1
  const logPower = a * log(x) - logGammaOnePlus(a);
  let power = 1;
  let total = 0;
  for (let k = 1; Math.abs(power) > 1e-18; k++) {
    power *= -x / k;
    total += power / (a + k);
  }
  return -expm1(logPower) - exp(logPower) * a * total;
}

/** Q by the continued fraction 1/(x+1-a- 1(1-a)/(x+3-a- 2(2-a)/(x+5-a- ...))), by Lentz's method. */
function upperFraction(a: number, x: number): number {
  let b = x + 1 - a;
  let c = 1e300;
  let d = 1 / b;
  let h = d;
  for (let k = 1; ; k++) {
    const numerator = -k * (k - a);
    b += 2;
    d = numerator * d + b;
    if (d === 0) d = 1e-300;
    c = b + numerator / c;
    if (c === 0) c = 1e-300;
    d = 1 / d;
    const factor = d * c;
    h *= factor;
    if (Math.abs(factor - 1) < 3e-16) return Math.min(1, poissonFactor(a, x) * a * h);
  }
}
