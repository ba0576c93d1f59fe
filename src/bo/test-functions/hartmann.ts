/**
 * Hartmann's functions -Σ_i α_i exp(-Σ_j A_ij (x_j - P_ij)²) on the unit cube of 3 and of 6 dimensions.
 *
 * J. K. Hartman, "Some experiments in global optimization", Naval Research Logistics Quarterly 20 (1973) 569-576. The last
 * entry of P for 3 dimensions is 381, as in current libraries; older tables have 382.
 */
import { exp } from '../../special/exp.js';
import { box, testFunction, type TestFunction } from './test-function.js';

const ALPHA = [1, 1.2, 3, 3.2];
const A3 = [3, 10, 30, 0.1, 10, 35, 3, 10, 30, 0.1, 10, 35];
const P3 = [3689, 1170, 2673, 4699, 4387, 7470, 1091, 8732, 5547, 381, 5743, 8828];
const A6 = [10, 3, 17, 3.5, 1.7, 8, 0.05, 10, 17, 0.1, 8, 14, 3, 3.5, 1.7, 10, 17, 8, 17, 8, 0.05, 10, 0.1, 14];
const P6 = [
  1312, 1696, 5569, 124, 8283, 5886, 2329, 4135, 8307, 3736, 1004, 9991, 2348, 1451, 3522, 2883, 3047, 6650, 4047, 8828,
  8732, 5743, 1091, 381,
];

/** Hartmann's function of 3 variables. */
export const hartmann3: TestFunction = /* @__PURE__ */ testFunction({
  name: 'hartmann3',
  dim: 3,
  bounds: box(3, 0, 1),
  evaluate: (x) => hartmann(x, 3, A3, P3, ALPHA[0]),
  gradient: (x) => hartmannGradient(x, 3, A3, P3),
  optimum: { value: -3.862779787332663, minimizers: [[0.11458887204872775, 0.5556488961832559, 0.8525469844832647]] },
});

/**
 * Hartmann's function of 6 variables. A second basin, with minimum -3.2031, holds runs that stop at a regret of 0.119.
 *
 * @example
 * hartmann6.evaluate(hartmann6.optimum.minimizers[0]).toFixed(6); //=> '-3.322368'
 */
export const hartmann6: TestFunction = /* @__PURE__ */ testFunction({
  name: 'hartmann6',
  dim: 6,
  bounds: box(6, 0, 1),
  evaluate: (x) => hartmann(x, 6, A6, P6, ALPHA[0]),
  gradient: (x) => hartmannGradient(x, 6, A6, P6),
  optimum: {
    value: -3.3223680114155147,
    minimizers: [
      [
        0.20168951029919613, 0.15001068821122254, 0.4768739692371958, 0.27533243244748984, 0.3116516157321476,
        0.6573005348847754,
      ],
    ],
  },
});

/** Hartmann's function of 6 variables with a fidelity in [0, 1] as seventh; the target is 1. J. Wu et al., arXiv:1903.04703. */
export const augmentedHartmann: TestFunction = /* @__PURE__ */ testFunction({
  name: 'augmentedHartmann',
  dim: 7,
  bounds: box(7, 0, 1),
  evaluate: (x) => hartmann(x, 6, A6, P6, ALPHA[0] - 0.1 * (1 - x[6])),
  optimum: null,
});

function hartmann(x: ArrayLike<number>, d: number, A: number[], P: number[], first: number): number {
  let total = 0;
  for (let i = 0; i < 4; i++) total -= (i === 0 ? first : ALPHA[i]) * bump(x, d, A, P, i);
  return total;
}

function hartmannGradient(x: ArrayLike<number>, d: number, A: number[], P: number[]): Float64Array {
  const gradient = new Float64Array(d);
  for (let i = 0; i < 4; i++) {
    const e = ALPHA[i] * bump(x, d, A, P, i);
    for (let k = 0; k < d; k++) gradient[k] += 2 * e * A[i * d + k] * (x[k] - 1e-4 * P[i * d + k]);
  }
  return gradient;
}

function bump(x: ArrayLike<number>, d: number, A: number[], P: number[], i: number): number {
  let inner = 0;
  for (let k = 0; k < d; k++) {
    const t = x[k] - 1e-4 * P[i * d + k];
    inner += A[i * d + k] * t * t;
  }
  return exp(-inner);
}
