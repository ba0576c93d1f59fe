import { checkInteger } from '../../internal/check.js';
import { cos, sin } from '../../special/trigonometric.js';
import { box, testFunction, type TestFunction } from './test-function.js';

const B = 5.1 / (4 * Math.PI * Math.PI);
const C = 5 / Math.PI;
const T = 10 * (1 - 1 / (8 * Math.PI));
const OPTIMUM = 0.39788735772973816;

function value(x: number, y: number, b: number): number {
  const q = y - b * x * x + C * x - 6;
  return q * q + T * cos(x) + 10;
}

/**
 * Branin's function (y - 5.1x²/4π² + 5x/π - 6)² + 10(1 - 1/8π) cos x + 10 on [-5, 10] x [0, 15]: three equal minima.
 *
 * F. H. Branin, IBM Journal of Research and Development 16 (1972) 504-522.
 *
 * @example
 * branin.evaluate([Math.PI, 2.275]).toFixed(6); //=> '0.397887'
 */
export const branin: TestFunction = /* @__PURE__ */ testFunction({
  name: 'branin',
  dim: 2,
  bounds: [
    [-5, 10],
    [0, 15],
  ],
  evaluate: (x) => value(x[0], x[1], B),
  gradient([x, y]: [number, number] & ArrayLike<number>) {
    const q = y - B * x * x + C * x - 6;
    return Float64Array.of(2 * q * (C - 2 * B * x) - T * sin(x), 2 * q);
  },
  optimum: {
    value: OPTIMUM,
    minimizers: [
      [-Math.PI, 12.275],
      [Math.PI, 2.275],
      [3 * Math.PI, 2.475],
    ],
  },
});

/** Branin's function on the unit cube of `dim` >= 2 dimensions, of which the first two matter. */
export function embeddedBranin(dim = 100): TestFunction {
  checkInteger('dim', dim, 2);
  const rest = new Array<number>(dim - 2).fill(0.5);
  return testFunction({
    name: `embeddedBranin${dim}`,
    dim,
    bounds: box(dim, 0, 1),
    evaluate: (x) => value(15 * x[0] - 5, 15 * x[1], B),
    optimum: {
      value: OPTIMUM,
      minimizers: branin.optimum!.minimizers.map(([x, y]) => [(x + 5) / 15, y / 15, ...rest]),
    },
  });
}

/** Branin's function with a fidelity s in [0, 1] as third coordinate; the target is s = 1. J. Wu et al., arXiv:1903.04703. */
export const augmentedBranin: TestFunction = /* @__PURE__ */ testFunction({
  name: 'augmentedBranin',
  dim: 3,
  bounds: [
    [-5, 10],
    [0, 15],
    [0, 1],
  ],
  evaluate: (x) => value(x[0], x[1], B - 0.1 * (1 - x[2])),
  optimum: null,
});
