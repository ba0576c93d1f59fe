// Problems with several objectives, to be minimized.
import { checkInteger, checkVector } from '../../internal/check.js';
import { exp } from '../../special/exp.js';
import { pow } from '../../special/pow.js';
import { cos, sin } from '../../special/trigonometric.js';
import { branin } from './branin.js';
import { box } from './test-function.js';

/** A problem with `objectives` values, all minimized, and a reference point for its hypervolume. */
export interface MultiObjectiveProblem {
  name: string;
  dim: number;
  objectives: number;
  bounds: readonly (readonly [number, number])[];
  evaluate(x: ArrayLike<number>): number[];
  reference: readonly number[];
  /** Largest hypervolume over the reference, where it is known in closed form. */
  maxHypervolume: number | null;
}

function problem(fields: MultiObjectiveProblem): MultiObjectiveProblem {
  return {
    ...fields,
    evaluate(x) {
      checkVector('x', x, fields.dim);
      return fields.evaluate(x);
    },
  };
}

/** Branin and Currin's exponential on the unit square. S. Daulton, M. Balandat, E. Bakshy, arXiv:2006.05078, appendix. */
export const braninCurrin: MultiObjectiveProblem = /* @__PURE__ */ problem({
  name: 'braninCurrin',
  dim: 2,
  objectives: 2,
  bounds: box(2, 0, 1),
  evaluate(x) {
    const [a, b] = [x[0], x[1]];
    const factor = b > 0 ? 1 - exp(-1 / (2 * b)) : 1;
    const cubic = ((2300 * a + 1900) * a + 2092) * a + 60;
    return [branin.evaluate([15 * a - 5, 15 * b]), (factor * cubic) / (((100 * a + 500) * a + 4) * a + 20)];
  },
  reference: [18, 6],
  maxHypervolume: null,
});

/**
 * ZDT1 to ZDT3 on the unit cube: fronts f₂ = 1 - √f₁, 1 - f₁², and 1 - √f₁ - f₁ sin 10πf₁ (in pieces).
 *
 * E. Zitzler, K. Deb, L. Thiele, Evolutionary Computation 8 (2000) 173-195. Reference (11, 11).
 */
export function zdt(variant: 1 | 2 | 3, dim = 30): MultiObjectiveProblem {
  checkInteger('variant', variant, 1);
  if (variant !== 1 && variant !== 2 && variant !== 3) {
    throw new RangeError(`variant must be one of 1, 2, 3, got ${String(variant)}`);
  }
  checkInteger('dim', dim, 2);
  return problem({
    name: `zdt${variant}`,
    dim,
    objectives: 2,
    bounds: box(dim, 0, 1),
    evaluate(x) {
      let sum = 0;
      for (let k = 1; k < dim; k++) sum += x[k];
      const g = 1 + (9 * sum) / (dim - 1);
      const f = x[0];
      const ratio = f / g;
      if (variant === 2) return [f, g * (1 - ratio * ratio)];
      const wave = variant === 3 ? ratio * sin(10 * Math.PI * f) : 0;
      return [f, g * (1 - Math.sqrt(ratio) - wave)];
    },
    reference: [11, 11],
    // 121 minus the area below the front within the unit square: ∫ 1 - √f = 1/3, ∫ 1 - f² = 2/3; f₁ never exceeds 1.
    maxHypervolume: variant === 1 ? 121 - 1 / 3 : variant === 2 ? 121 - 2 / 3 : null,
  });
}

/**
 * DTLZ1, 2, 5 and 7 with `objectives` M and `dim` >= M coordinates in the unit cube.
 *
 * K. Deb, L. Thiele, M. Laumanns, E. Zitzler, "Scalable Test Problems for Evolutionary Multiobjective Optimization" (2005).
 * Optima: DTLZ1 the simplex Σf = ½, DTLZ2 the positive part of the unit sphere, DTLZ5 a curve on it.
 */
export function dtlz(variant: 1 | 2 | 5 | 7, dim: number, objectives = 2): MultiObjectiveProblem {
  checkInteger('variant', variant, 1);
  if (![1, 2, 5, 7].includes(variant))
    throw new RangeError(`variant must be one of 1, 2, 5, 7, got ${String(variant)}`);
  const M = checkInteger('objectives', objectives, 2);
  checkInteger('dim', dim, M);
  const reference = new Array<number>(M).fill(variant === 1 ? 400 : variant === 7 ? 15 : 1.1);
  let maxHypervolume: number | null = null;
  if (variant === 1) maxHypervolume = pow(400, M) - pow(0.5, M) / factorial(M);
  if (variant === 2) maxHypervolume = pow(1.1, M) - ballVolume(M) / pow(2, M);
  return problem({
    name: `dtlz${variant}`,
    dim,
    objectives: M,
    bounds: box(dim, 0, 1),
    evaluate: (x) => EVALUATE[variant](x, dim, M),
    reference,
    maxHypervolume,
  });
}

const EVALUATE: Record<1 | 2 | 5 | 7, (x: ArrayLike<number>, dim: number, M: number) => number[]> = {
  1(x, dim, M) {
    let g = dim - M + 1;
    for (let k = M - 1; k < dim; k++) {
      const t = x[k] - 0.5;
      g += t * t - cos(20 * Math.PI * t);
    }
    g *= 100;
    return Array.from({ length: M }, (_, i) => {
      let value = 0.5 * (1 + g);
      for (let k = 0; k < M - 1 - i; k++) value *= x[k];
      return i > 0 ? value * (1 - x[M - 1 - i]) : value;
    });
  },
  2(x, dim, M) {
    return onSphere(
      Array.from({ length: M - 1 }, (_, k) => (x[k] * Math.PI) / 2),
      spread(x, dim, M),
      M,
    );
  },
  5(x, dim, M) {
    const g = spread(x, dim, M);
    const angles = Array.from({ length: M - 1 }, (_, k) =>
      k === 0 ? (x[0] * Math.PI) / 2 : (Math.PI / (4 * (1 + g))) * (1 + 2 * g * x[k]),
    );
    return onSphere(angles, g, M);
  },
  7(x, dim, M) {
    let g = 0;
    for (let k = M - 1; k < dim; k++) g += x[k];
    g = 1 + (9 * g) / (dim - M + 1);
    let h = M;
    const f = Array.from({ length: M - 1 }, (_, k) => x[k]);
    for (const value of f) h -= (value / (1 + g)) * (1 + sin(3 * Math.PI * value));
    return [...f, (1 + g) * h];
  },
};

function spread(x: ArrayLike<number>, dim: number, M: number): number {
  let g = 0;
  for (let k = M - 1; k < dim; k++) g += (x[k] - 0.5) * (x[k] - 0.5);
  return g;
}

function onSphere(angles: number[], g: number, M: number): number[] {
  return Array.from({ length: M }, (_, i) => {
    let value = 1 + g;
    for (let k = 0; k < M - 1 - i; k++) value *= cos(angles[k]);
    return i > 0 ? value * sin(angles[M - 1 - i]) : value;
  });
}

function factorial(n: number): number {
  return n <= 1 ? 1 : n * factorial(n - 1);
}

/** Volume of the unit ball in n dimensions: V_n = V_{n-2} 2π/n. */
function ballVolume(n: number): number {
  return n === 0 ? 1 : n === 1 ? 2 : (ballVolume(n - 2) * 2 * Math.PI) / n;
}
