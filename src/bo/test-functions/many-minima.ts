// Functions of any dimension with many local minima.
import { exp } from '../../special/exp.js';
import { cos, sin } from '../../special/trigonometric.js';
import { box, family, minimumAt, testFunction, type TestFunction } from './test-function.js';

/**
 * Ackley's function -20 exp(-0.2 √(Σx²/d)) - exp(Σ cos(2πx)/d) + 20 + e on [-32.768, 32.768]^d.
 *
 * D. H. Ackley, "A Connectionist Machine for Genetic Hillclimbing", Kluwer (1987).
 */
export const ackley: (dim: number) => TestFunction = /* @__PURE__ */ family('ackley', [-32.768, 32.768], (dim) => ({
  evaluate(x) {
    let squares = 0;
    let cosines = 0;
    for (let k = 0; k < dim; k++) {
      squares += x[k] * x[k];
      cosines += cos(2 * Math.PI * x[k]);
    }
    return -20 * exp(-0.2 * Math.sqrt(squares / dim)) - exp(cosines / dim) + 20 + Math.E;
  },
  optimum: minimumAt(0, dim),
}));

/** Levy's function on [-10, 10]^d, minimum 0 at (1, ..., 1). A. V. Levy, A. Montalvo, SIAM J. Sci. Stat. Comput. 6 (1985). */
export const levy: (dim: number) => TestFunction = /* @__PURE__ */ family('levy', [-10, 10], (dim) => ({
  evaluate(x) {
    const w = (k: number) => 1 + (x[k] - 1) / 4;
    const first = sin(Math.PI * w(0));
    let total = first * first;
    for (let k = 0; k < dim - 1; k++) {
      const s = sin(Math.PI * w(k) + 1);
      total += (w(k) - 1) * (w(k) - 1) * (1 + 10 * s * s);
    }
    const last = w(dim - 1);
    const s = sin(2 * Math.PI * last);
    return total + (last - 1) * (last - 1) * (1 + s * s);
  },
  optimum: minimumAt(1, dim),
}));

/** Rastrigin's function 10d + Σ (x² - 10 cos 2πx) on [-5.12, 5.12]^d. */
export const rastrigin: (dim: number) => TestFunction = /* @__PURE__ */ family('rastrigin', [-5.12, 5.12], (dim) => ({
  evaluate(x) {
    let total = 10 * dim;
    for (let k = 0; k < dim; k++) total += x[k] * x[k] - 10 * cos(2 * Math.PI * x[k]);
    return total;
  },
  optimum: minimumAt(0, dim),
}));

/** Griewank's function 1 + Σx²/4000 - Π cos(x_i/√i) on [-600, 600]^d. */
export const griewank: (dim: number) => TestFunction = /* @__PURE__ */ family('griewank', [-600, 600], (dim) => ({
  evaluate(x) {
    let total = 1;
    let product = 1;
    for (let k = 0; k < dim; k++) {
      total += (x[k] * x[k]) / 4000;
      product *= cos(x[k] / Math.sqrt(k + 1));
    }
    return total - product;
  },
  optimum: minimumAt(0, dim),
}));

/** Optima of `michalewicz`, polished at 40 digits, for the dimensions that are usually reported. */
const MICHALEWICZ: Record<number, { value: number; minimizers: number[][] }> = {
  2: { value: -1.8013034100985534, minimizers: [[2.202905519833619, 1.5707963269216143]] },
  5: {
    value: -4.687658179088148,
    minimizers: [[2.202905524146262, 1.5707963251839434, 1.2849915680815949, 1.9230584718520087, 1.7204697733838112]],
  },
  10: {
    value: -9.660151715641346,
    minimizers: [
      [
        2.2029055221460303, 1.5707963267754448, 1.2849915700651253, 1.9230584699022861, 1.7204697722879685,
        1.5707963277708143, 1.4544139715559687, 1.7560865208610883, 1.655717415948889, 1.5707963263101326,
      ],
    ],
  },
};

/**
 * Michalewicz's function -Σ sin(x_i) sin(i x_i²/π)^20 on [0, π]^d: steep valleys in an almost flat plain.
 *
 * Z. Michalewicz, "Genetic Algorithms + Data Structures = Evolution Programs", Springer (1992).
 */
export const michalewicz: (dim: number) => TestFunction = /* @__PURE__ */ family(
  'michalewicz',
  [0, Math.PI],
  (dim) => ({
    evaluate(x) {
      let total = 0;
      for (let k = 0; k < dim; k++) {
        const s = sin(((k + 1) * x[k] * x[k]) / Math.PI);
        const s4 = s * s * s * s;
        total -= sin(x[k]) * s4 * s4 * s4 * s4 * s4;
      }
      return total;
    },
    optimum: MICHALEWICZ[dim] ?? null,
  }),
);

/** The Styblinski-Tang function ½ Σ (x⁴ - 16x² + 5x) on [-5, 5]^d. Neural Networks 3 (1990) 467-483. */
export const styblinskiTang: (dim: number) => TestFunction = /* @__PURE__ */ family(
  'styblinskiTang',
  [-5, 5],
  (dim) => ({
    evaluate(x) {
      let total = 0;
      for (let k = 0; k < dim; k++) {
        const q = x[k] * x[k];
        total += q * q - 16 * q + 5 * x[k];
      }
      return total / 2;
    },
    gradient: (x) => Float64Array.from({ length: dim }, (_, k) => 2 * x[k] * x[k] * x[k] - 16 * x[k] + 2.5),
    optimum: minimumAt(-2.9035340151190754, dim, -39.16616570377142 * dim),
  }),
);

/** 0.1 Σ cos(5πx) - Σ x² on [-1, 1]^8, to be maximized; maximum 0.8 at 0. */
export const cosine8: TestFunction = /* @__PURE__ */ testFunction({
  name: 'cosine8',
  dim: 8,
  bounds: box(8, -1, 1),
  direction: 'maximize',
  evaluate(x) {
    let total = 0;
    for (let k = 0; k < 8; k++) total += 0.1 * cos(5 * Math.PI * x[k]) - x[k] * x[k];
    return total;
  },
  optimum: { value: 0.8, minimizers: [[0, 0, 0, 0, 0, 0, 0, 0]] },
});
