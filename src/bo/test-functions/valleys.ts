// Functions of any dimension whose minimum lies in a long, flat valley.
import { pow } from '../../special/pow.js';
import { family, minimumAt, type TestFunction } from './test-function.js';

/** Rosenbrock's function Σ 100 (x_{i+1} - x_i²)² + (1 - x_i)² on [-5, 10]^d. The Computer Journal 3 (1960) 175-184. */
export const rosenbrock: (dim: number) => TestFunction = /* @__PURE__ */ family(
  'rosenbrock',
  [-5, 10],
  (dim) => ({
    evaluate(x) {
      let total = 0;
      for (let k = 0; k < dim - 1; k++) {
        const a = x[k + 1] - x[k] * x[k];
        const b = 1 - x[k];
        total += 100 * a * a + b * b;
      }
      return total;
    },
    gradient(x) {
      const gradient = new Float64Array(dim);
      for (let k = 0; k < dim - 1; k++) {
        const a = x[k + 1] - x[k] * x[k];
        gradient[k] += -400 * x[k] * a - 2 * (1 - x[k]);
        gradient[k + 1] += 200 * a;
      }
      return gradient;
    },
    optimum: minimumAt(1, dim),
  }),
  { least: 2 },
);

/** The Dixon-Price function (x_1 - 1)² + Σ i (2x_i² - x_{i-1})² on [-10, 10]^d, minimum 0 at x_i = 2^(2^(1-i) - 1). */
export const dixonPrice: (dim: number) => TestFunction = /* @__PURE__ */ family('dixonPrice', [-10, 10], (dim) => ({
  evaluate(x) {
    let total = (x[0] - 1) * (x[0] - 1);
    for (let k = 1; k < dim; k++) {
      const t = 2 * x[k] * x[k] - x[k - 1];
      total += (k + 1) * t * t;
    }
    return total;
  },
  optimum: { value: 0, minimizers: dixonPriceMinimizers(dim) },
}));

/** The last coordinate enters by its square only, so its sign is free. */
function dixonPriceMinimizers(dim: number): number[][] {
  const x = Array.from({ length: dim }, (_, k) => pow(2, pow(2, -k) - 1));
  if (dim === 1) return [x];
  return [[...x.slice(0, -1), -x[dim - 1]], x];
}

/** Powell's singular function on [-4, 5]^d, d a multiple of 4, minimum 0 at 0. The Computer Journal 5 (1962) 147-151. */
export const powell: (dim: number) => TestFunction = /* @__PURE__ */ family(
  'powell',
  [-4, 5],
  (dim) => ({
    evaluate(x) {
      let total = 0;
      for (let k = 0; k < dim; k += 4) {
        const a = x[k] + 10 * x[k + 1];
        const b = x[k + 2] - x[k + 3];
        const c = (x[k + 1] - 2 * x[k + 2]) * (x[k + 1] - 2 * x[k + 2]);
        const d = (x[k] - x[k + 3]) * (x[k] - x[k + 3]);
        total += a * a + 5 * b * b + c * c + 10 * d * d;
      }
      return total;
    },
    optimum: minimumAt(0, dim),
  }),
  { least: 4, multiple: 4 },
);
