// Functions of one and two variables. M. Jamil, X.-S. Yang, "A literature survey of benchmark functions", arXiv:1308.4008.
import { exp } from '../../special/exp.js';
import { cos, sin } from '../../special/trigonometric.js';
import { box, testFunction, type TestFunction } from './test-function.js';

/** (4 - 2.1x² + x⁴/3)x² + xy + (4y² - 4)y² on [-3, 3] x [-2, 2]: six minima, two of them global. */
export const sixHumpCamel: TestFunction = /* @__PURE__ */ testFunction({
  name: 'sixHumpCamel',
  dim: 2,
  bounds: [
    [-3, 3],
    [-2, 2],
  ],
  evaluate(x) {
    const a = x[0] * x[0];
    const b = x[1] * x[1];
    return (4 - 2.1 * a + (a * a) / 3) * a + x[0] * x[1] + (4 * b - 4) * b;
  },
  optimum: {
    value: -1.0316284534898774,
    minimizers: [
      [-0.08984200893527233, 0.712656403019058],
      [0.08984200893527233, -0.712656403019058],
    ],
  },
});

/** 2x² - 1.05x⁴ + x⁶/6 + xy + y² on [-5, 5]². */
export const threeHumpCamel: TestFunction = /* @__PURE__ */ testFunction({
  name: 'threeHumpCamel',
  dim: 2,
  bounds: box(2, -5, 5),
  evaluate(x) {
    const a = x[0] * x[0];
    return 2 * a - 1.05 * a * a + (a * a * a) / 6 + x[0] * x[1] + x[1] * x[1];
  },
  optimum: { value: 0, minimizers: [[0, 0]] },
});

/** Beale's function on [-4.5, 4.5]². */
export const beale: TestFunction = /* @__PURE__ */ testFunction({
  name: 'beale',
  dim: 2,
  bounds: box(2, -4.5, 4.5),
  evaluate(x) {
    const y = x[1];
    const a = 1.5 - x[0] + x[0] * y;
    const b = 2.25 - x[0] + x[0] * y * y;
    const c = 2.625 - x[0] + x[0] * y * y * y;
    return a * a + b * b + c * c;
  },
  optimum: { value: 0, minimizers: [[3, 0.5]] },
});

/** Bukin's function No. 6, 100 √|y - 0.01x²| + 0.01 |x + 10| on [-15, -5] x [-3, 3]: a ridge with a kink. */
export const bukin: TestFunction = /* @__PURE__ */ testFunction({
  name: 'bukin',
  dim: 2,
  bounds: [
    [-15, -5],
    [-3, 3],
  ],
  evaluate: (x) => 100 * Math.sqrt(Math.abs(x[1] - 0.01 * x[0] * x[0])) + 0.01 * Math.abs(x[0] + 10),
  optimum: { value: 0, minimizers: [[-10, 1]] },
});

/** -(1 + cos 12r)/(r²/2 + 2) on [-5.12, 5.12]². */
export const dropWave: TestFunction = /* @__PURE__ */ testFunction({
  name: 'dropWave',
  dim: 2,
  bounds: box(2, -5.12, 5.12),
  evaluate(x) {
    const r2 = x[0] * x[0] + x[1] * x[1];
    return -(1 + cos(12 * Math.sqrt(r2))) / (0.5 * r2 + 2);
  },
  optimum: { value: -1, minimizers: [[0, 0]] },
});

/** The egg holder on [-512, 512]²; its minimum lies on the edge. */
export const eggholder: TestFunction = /* @__PURE__ */ testFunction({
  name: 'eggholder',
  dim: 2,
  bounds: box(2, -512, 512),
  evaluate(x) {
    const y = x[1] + 47;
    return -y * sin(Math.sqrt(Math.abs(y + x[0] / 2))) - x[0] * sin(Math.sqrt(Math.abs(x[0] - y)));
  },
  optimum: { value: -959.6406627208508, minimizers: [[512, 404.2318051137578]] },
});

/** The Holder table -|sin x cos y exp|1 - r/π|| on [-10, 10]²: four global minima. */
export const holderTable: TestFunction = /* @__PURE__ */ testFunction({
  name: 'holderTable',
  dim: 2,
  bounds: box(2, -10, 10),
  evaluate(x) {
    const r = Math.sqrt(x[0] * x[0] + x[1] * x[1]);
    return -Math.abs(sin(x[0]) * cos(x[1]) * exp(Math.abs(1 - r / Math.PI)));
  },
  optimum: {
    value: -19.20850256788673,
    minimizers: [
      [-8.055023475736563, -9.664590019241272],
      [-8.055023475736563, 9.664590019241272],
      [8.055023475736563, -9.664590019241272],
      [8.055023475736563, 9.664590019241272],
    ],
  },
});

/** (6x - 2)² sin(12x - 4) on [0, 1]. A. Forrester, A. Sobester, A. Keane, "Engineering Design via Surrogate Modelling" (2008). */
export const forrester: TestFunction = /* @__PURE__ */ testFunction({
  name: 'forrester',
  dim: 1,
  bounds: [[0, 1]],
  evaluate: (x) => (6 * x[0] - 2) * (6 * x[0] - 2) * sin(12 * x[0] - 4),
  optimum: { value: -6.020740055767083, minimizers: [[0.7572487578418559]] },
});

/** sin(10πx)/(2x) + (x - 1)⁴ on [0.5, 2.5]. R. B. Gramacy, H. K. H. Lee, arXiv:1007.4580. */
export const gramacyLee: TestFunction = /* @__PURE__ */ testFunction({
  name: 'gramacyLee',
  dim: 1,
  bounds: [[0.5, 2.5]],
  evaluate(x) {
    const t = (x[0] - 1) * (x[0] - 1);
    return sin(10 * Math.PI * x[0]) / (2 * x[0]) + t * t;
  },
  optimum: { value: -0.8690111349894998, minimizers: [[0.5485634445276052]] },
});
