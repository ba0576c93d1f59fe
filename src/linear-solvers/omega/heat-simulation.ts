/**
 * The heat equation with a coefficient that changes in time, one implicit step after another.
 *
 * u_t = κ(t) Δu + f(t, x) on the unit square, u = 0 on its boundary; Crank-Nicolson in time, 5 points in space:
 *
 *   (I - κ dt/2 Δ_h) u⁺ = (I + κ dt/2 Δ_h) u + dt f,   κ and f at t + dt/2.
 *
 * M. Khodak, E. Chow, M.-F. Balcan, A. Talwalkar, "Learning to Relax", arXiv:2310.02246, Section 4 and Appendix F.
 */
import {
  checkInteger,
  checkNumber,
  checkOption,
  checkPositive,
  checkVector,
  checkOptionNames,
} from '../../internal/check.js';
import { exp } from '../../special/exp.js';
import { cos, sin } from '../../special/trigonometric.js';
import { spmv } from '../sparse/csr-products.js';
import { poisson2d } from '../sparse/poisson.js';
import type { LinearSystem } from './systems.js';

/** Where the simulation stands; plain data. */
export interface HeatState {
  /** Temperature at the (nx - 1)² interior points, row by row. */
  u: Float64Array;
  /** Time. */
  t: number;
}

export interface HeatSimulationOptions {
  /** Intervals per side, at least 2. */
  nx: number;
  /** Time step. Default 1e-3. */
  dt?: number;
  /** κ(t), at least 0. Default max(0.1 sin 2πt, -10 sin 2πt). */
  coefficient?: (t: number) => number;
  /** f(t, x, y). Default 32 bump at (1/2 + cos(16πt)/4, 1/2 + sin(16πt)/4) with radius 1/8. */
  forcing?: (t: number, x: number, y: number) => number;
  /** u(0, x, y). Default bump at (1/2, 1/2) with radius 1/4. */
  initial?: (x: number, y: number) => number;
  /**
   * The defaults 'program' (default) of the authors' program, which made the figures, or 'text' of the paper, which has 0.01 for 0.1 in
   * κ, a bump without the leading 1 in its exponent (so e times smaller), and cosines in both coordinates of the source.
   */
  variant?: 'program' | 'text';
}

const NAMES = { nx: true, dt: true, coefficient: true, forcing: true, initial: true, variant: true } satisfies Record<
  keyof HeatSimulationOptions,
  true
>;

/** The simulation as functions of its state. */
export interface HeatSimulation {
  /** Number of unknowns, (nx - 1)². */
  readonly unknowns: number;
  init(): HeatState;
  /** The system of the next step: context κ(t + dt/2), and x0 a copy of u. */
  system(state: HeatState): LinearSystem & { context: number; x0: Float64Array };
  /** The state after the step, with x the solution. */
  advance(state: HeatState, x: ArrayLike<number>): HeatState;
}

/**
 * The heat simulation of the paper, or another with other functions. All matrices share one pattern.
 *
 * @throws RangeError if nx < 2 or dt is not positive; `system` throws if κ is negative or not finite
 *
 * @example
 * const heat = heatSimulation2d({ nx: 8 });
 * const { A, b, x0 } = heat.system(heat.init());
 * heat.advance(heat.init(), cg(A, b, { x0 }).x).t; //=> 0.001
 */
export function heatSimulation2d(options: HeatSimulationOptions): HeatSimulation {
  checkOptionNames('options', options, NAMES);
  const { nx, dt = 1e-3, variant = 'program', ...functions } = options;
  checkInteger('nx', nx, 2);
  checkPositive('dt', dt);
  checkOption('variant', variant, ['program', 'text']);
  const program = variant === 'program';
  const bump = (squared: number, radius: number) => bumpAt(squared, radius) / (program ? 1 : Math.E);
  const {
    coefficient = (t) => {
      const s = sin(2 * Math.PI * t);
      return Math.max((program ? 0.1 : 0.01) * s, -10 * s);
    },
    initial = (x, y) => bump(squaredDistance(x, y, 0.5, 0.5), 0.25),
    forcing = (t, x, y) => {
      const angle = 16 * Math.PI * t;
      const cx = 0.5 + cos(angle) / 4;
      const cy = 0.5 + (program ? sin(angle) : cos(angle)) / 4;
      return 32 * bump(squaredDistance(x, y, cx, cy), 0.125);
    },
  } = functions;
  const m = nx - 1;
  const n = m * m;
  const P = poisson2d(m, m);
  const onGrid = (f: (x: number, y: number) => number) =>
    Float64Array.from({ length: n }, (_, k) => f(((k % m) + 1) / nx, (Math.floor(k / m) + 1) / nx));

  return {
    unknowns: n,
    init: () => ({ u: onGrid(initial), t: 0 }),
    system({ u, t }) {
      checkVector('state.u', u, n);
      const middle = t + dt / 2;
      const context = checkNumber('coefficient', coefficient(middle), 0);
      const factor = (context * dt * nx * nx) / 2;
      const values = new Float64Array(P.values.length);
      // The diagonal entries of P are 4, the others -1.
      for (let k = 0; k < values.length; k++) values[k] = factor * P.values[k] + (P.values[k] > 0 ? 1 : 0);
      const b = onGrid((x, y) => dt * forcing(middle, x, y));
      const Pu = spmv(P, u);
      for (let i = 0; i < n; i++) b[i] += u[i] - factor * Pu[i];
      return { A: { ...P, values }, b, context, x0: u.slice() };
    },
    advance({ t }, x) {
      checkVector('x', x, n);
      return { u: Float64Array.from(x), t: t + dt };
    },
  };
}

/** exp(1 - 1/(1 - r²/radius²)) inside the radius, 0 outside: smooth, with maximum 1. */
function bumpAt(squared: number, radius: number): number {
  const rest = 1 - squared / (radius * radius);
  return rest > 0 ? exp(1 - 1 / rest) : 0;
}

function squaredDistance(x: number, y: number, cx: number, cy: number): number {
  return (x - cx) * (x - cx) + (y - cy) * (y - cy);
}
