// Problems with inequality constraints c(x) <= 0. The best feasible values were found by sequential quadratic programming
// from hundreds of starts.
import { cos, sin } from '../../special/trigonometric.js';
import { box, testFunction, type TestFunction } from './test-function.js';

/** cos 2x cos y + sin x where cos(x + y) <= 0.5, on [0, 6]². J. R. Gardner et al., ICML 2014, simulation 1. */
export const gardner: TestFunction = /* @__PURE__ */ testFunction({
  name: 'gardner',
  dim: 2,
  bounds: box(2, 0, 6),
  evaluate: (x) => cos(2 * x[0]) * cos(x[1]) + sin(x[0]),
  constraints: [(x) => cos(x[0]) * cos(x[1]) - sin(x[0]) * sin(x[1]) - 0.5],
  optimum: { value: -2, minimizers: [[(3 * Math.PI) / 2, 0]] },
});

/** x + y under a wavy and a circular constraint, on [0, 1]². R. B. Gramacy et al., arXiv:1403.4890. */
export const gramacyConstrained: TestFunction = /* @__PURE__ */ testFunction({
  name: 'gramacyConstrained',
  dim: 2,
  bounds: box(2, 0, 1),
  evaluate: (x) => x[0] + x[1],
  constraints: [
    (x) => 1.5 - x[0] - 2 * x[1] - 0.5 * sin(2 * Math.PI * (x[0] * x[0] - 2 * x[1])),
    (x) => x[0] * x[0] + x[1] * x[1] - 1.5,
  ],
  optimum: { value: 0.5997880520069526, minimizers: [[0.19512269, 0.40466536]] },
});

/**
 * Cost of a pressure vessel: shell and head thickness, radius and length, here continuous.
 *
 * C. A. Coello Coello, E. Mezura Montes, Advanced Engineering Informatics 16 (2002) 193-203.
 */
export const pressureVessel: TestFunction = /* @__PURE__ */ testFunction({
  name: 'pressureVessel',
  dim: 4,
  bounds: [
    [0, 10],
    [0, 10],
    [10, 50],
    [150, 200],
  ],
  evaluate: (x) =>
    0.6224 * x[0] * x[2] * x[3] +
    1.7781 * x[1] * x[2] * x[2] +
    3.1661 * x[0] * x[0] * x[3] +
    19.84 * x[0] * x[0] * x[2],
  constraints: [
    (x) => -x[0] + 0.0193 * x[2],
    (x) => -x[1] + 0.00954 * x[2],
    (x) => -Math.PI * x[2] * x[2] * x[3] - (4 / 3) * Math.PI * x[2] * x[2] * x[2] + 1296000,
    (x) => x[3] - 240,
  ],
  optimum: { value: 5885.336235499983, minimizers: [[0.77816905, 0.38464933, 40.31961873, 200]] },
});

/** Cost of a welded beam: weld thickness and length, beam height and width. The same source. */
export const weldedBeam: TestFunction = /* @__PURE__ */ testFunction({
  name: 'weldedBeam',
  dim: 4,
  bounds: [[0.125, 10], ...box(3, 0.1, 10)],
  evaluate: (x) => 1.10471 * x[0] * x[0] * x[1] + 0.04811 * x[2] * x[3] * (14 + x[1]),
  constraints: [
    (x) => shearStress(x) - 13600,
    (x) => (6 * LOAD * ARM) / (x[3] * x[2] * x[2]) - 30000,
    (x) => x[0] - x[3],
    (x) => 0.10471 * x[0] * x[0] + 0.04811 * x[2] * x[3] * (14 + x[1]) - 5,
    (x) => 0.125 - x[0],
    (x) => (4 * LOAD * ARM * ARM * ARM) / (YOUNG * x[2] * x[2] * x[2] * x[3]) - 0.25,
    (x) => LOAD - bucklingLoad(x),
  ],
  optimum: { value: 1.7248523081417841, minimizers: [[0.20572964, 3.47048867, 9.03662391, 0.20572964]] },
});

const LOAD = 6000;
const ARM = 14;
const YOUNG = 30e6;
const SHEAR = 12e6;

function shearStress(x: ArrayLike<number>): number {
  const [h, l, t] = [x[0], x[1], x[2]];
  const primary = LOAD / (Math.SQRT2 * h * l);
  const half = ((h + t) / 2) * ((h + t) / 2);
  const radius = Math.sqrt((l * l) / 4 + half);
  const polar = 2 * Math.SQRT2 * h * l * ((l * l) / 12 + half);
  const secondary = (LOAD * (ARM + l / 2) * radius) / polar;
  return Math.sqrt(primary * primary + (primary * secondary * l) / radius + secondary * secondary);
}

function bucklingLoad(x: ArrayLike<number>): number {
  const [t, b] = [x[2], x[3]];
  return ((4.013 * YOUNG * t * b * b * b) / 6 / (ARM * ARM)) * (1 - (t / (2 * ARM)) * Math.sqrt(YOUNG / (4 * SHEAR)));
}
