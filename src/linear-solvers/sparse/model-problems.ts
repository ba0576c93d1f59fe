// Other matrices with known structure: a heat step, convection with diffusion, the Laplacian of a graph.
import { checkInteger, checkNumber, checkPositive, checkOptionNames } from '../../internal/check.js';
import { csrFromTriplets, type CsrMatrix } from './csr.js';
import { gridMatrix } from './poisson.js';

export interface HeatStepOptions {
  /** Intervals per side; the matrix has (nx - 1)² unknowns. */
  nx: number;
  /** κ in u_t = κ Δu, at least 0. */
  diffusivity: number;
  /** Length of the time step. */
  dt: number;
  /** 'crank-nicolson' (default, factor 1/2) or 'backward-euler' (factor 1). */
  scheme?: 'crank-nicolson' | 'backward-euler';
}

const HEAT_NAMES = { nx: true, diffusivity: true, dt: true, scheme: true } satisfies Record<
  keyof HeatStepOptions,
  true
>;

/**
 * The matrix of one implicit step of the heat equation on the unit square with zero boundary values,
 *
 *   A = I + (κ dt / 2) h⁻² P,   P = poisson2d(nx - 1, nx - 1),   h = 1 / nx,
 *
 * by Crank-Nicolson; without the 1/2 by backward Euler.
 *
 * @throws RangeError if nx < 2, diffusivity < 0 or dt is not positive
 *
 * @example
 * csrDiagonal(heatStep2d({ nx: 2, diffusivity: 1, dt: 0.5 }))[0]; //=> 5
 */
export function heatStep2d(options: HeatStepOptions): CsrMatrix {
  checkOptionNames('options', options, HEAT_NAMES);
  const { nx, diffusivity, dt, scheme = 'crank-nicolson' } = options;
  checkInteger('nx', nx, 2);
  checkNumber('diffusivity', diffusivity, 0);
  checkPositive('dt', dt);
  if (scheme !== 'crank-nicolson' && scheme !== 'backward-euler') {
    throw new RangeError(`scheme must be 'crank-nicolson' or 'backward-euler', got ${String(scheme)}`);
  }
  const factor = (scheme === 'backward-euler' ? 1 : 0.5) * diffusivity * dt * nx * nx;
  const m = nx - 1;
  return gridMatrix([m, m, 1], { west: -factor, east: -factor, south: -factor, north: -factor }, () => 1 + 4 * factor);
}

/**
 * Convection and diffusion on unit spacing by centred differences: diagonal 4, west -1 - px/2, east -1 + px/2,
 * south (iy - 1) -1 - py/2, north (iy + 1) -1 + py/2. Not symmetric unless px = py = 0.
 *
 * @throws RangeError if nx or ny is not a positive integer, or px or py is not finite
 */
export function convectionDiffusion2d(nx: number, ny: number, options: { px: number; py: number }): CsrMatrix {
  checkOptionNames('options', options, { px: true, py: true });
  const { px, py } = options;
  checkInteger('nx', nx, 1);
  checkInteger('ny', ny, 1);
  checkNumber('px', px);
  checkNumber('py', py);
  const weights = { west: -1 - px / 2, east: -1 + px / 2, south: -1 - py / 2, north: -1 + py / 2 };
  return gridMatrix([nx, ny, 1], weights, () => 4);
}

/**
 * D - W of an undirected graph with n vertices and edges [i, j, weight]; parallel edges add up, loops cancel.
 *
 * @throws RangeError if an edge names a vertex outside 0 .. n - 1 or a weight is not finite
 *
 * @example
 * csrToDense(graphLaplacian(2, [[0, 1, 3]])); //=> Float64Array.of(3, -3, -3, 3)
 */
export function graphLaplacian(n: number, edges: readonly (readonly [number, number, number])[]): CsrMatrix {
  checkInteger('n', n, 0);
  const i: number[] = [];
  const j: number[] = [];
  const v: number[] = [];
  for (const [a, b, weight] of edges) {
    i.push(a, b, a, b);
    j.push(a, b, b, a);
    v.push(weight, weight, -weight, -weight);
  }
  return csrFromTriplets({ rows: n, cols: n, i, j, v });
}
