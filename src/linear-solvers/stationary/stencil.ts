// Regular grids without a matrix: 5 points in the plane, 7 in space, constant coefficients. Vectors live on padded grids, one ring
// of zeros around the points, so that no neighbour needs a test.
import { checkInteger, checkNumber, checkOptionNames } from '../../internal/check.js';
import type { LinearOperator } from '../sparse/to-csr.js';

export interface Stencil2dOptions {
  nx: number;
  ny: number;
  /** Weights of the point and its neighbours. Default 4 and -1, which is `poisson2d`. */
  diag?: number;
  west?: number;
  east?: number;
  south?: number;
  north?: number;
}

export interface Stencil3dOptions extends Stencil2dOptions {
  nz: number;
  /** Default 6 for `diag` and -1 for every neighbour. */
  down?: number;
  up?: number;
}

const NAMES_2D = {
  nx: true,
  ny: true,
  diag: true,
  west: true,
  east: true,
  south: true,
  north: true,
} satisfies Record<keyof Stencil2dOptions, true>;
const NAMES_3D = { ...NAMES_2D, nz: true, down: true, up: true } satisfies Record<keyof Stencil3dOptions, true>;

/** A constant-coefficient stencil on a grid. `nz` is 1 in the plane. */
export interface Stencil extends LinearOperator {
  readonly nx: number;
  readonly ny: number;
  readonly nz: number;
  readonly weights: {
    readonly diag: number;
    readonly west: number;
    readonly east: number;
    readonly south: number;
    readonly north: number;
    readonly down: number;
    readonly up: number;
  };
  /** Length of a padded vector. */
  readonly paddedLength: number;
  /** A padded copy of a vector of length rows; zeros without one. */
  pad(x?: ArrayLike<number>): Float64Array;
  /** The vector of length rows inside a padded one. */
  unpad(padded: Float64Array, out?: Float64Array): Float64Array;
}

/**
 * The 5-point stencil on nx x ny points; south is iy - 1 and north iy + 1. Also a `LinearOperator`, for the Krylov methods.
 *
 * @throws RangeError if a size is not a positive integer or a weight is not finite
 *
 * @example
 * stencil2d({ nx: 2, ny: 1 }).paddedLength; //=> 12
 */
export function stencil2d(options: Stencil2dOptions): Stencil {
  checkOptionNames('options', options, NAMES_2D);
  return stencil({ ...options, nz: 1, diag: options.diag ?? 4, down: 0, up: 0 });
}

/** The 7-point stencil on nx x ny x nz points; down is iz - 1 and up iz + 1. */
export function stencil3d(options: Stencil3dOptions): Stencil {
  checkOptionNames('options', options, NAMES_3D);
  return stencil({ ...options, diag: options.diag ?? 6 });
}

/**
 * r = b - A x on padded vectors; returns ‖r‖₂. Without `r` only the norm is computed.
 *
 * @example
 * const grid = stencil2d({ nx: 1, ny: 1 });
 * stencilResidual(grid, grid.pad([8]), grid.pad([1])); //=> 4
 */
export function stencilResidual(grid: Stencil, b: Float64Array, x: Float64Array, r?: Float64Array): number {
  const { nx, ny, nz, weights } = grid;
  const { diag, west, east, south, north, down, up } = weights;
  const w = nx + 2;
  const plane = w * (ny + 2);
  let squares = 0;
  for (let iz = 0; iz < nz; iz++) {
    for (let iy = 0; iy < ny; iy++) {
      const start = startOf(grid, iy, iz);
      for (let p = start; p < start + nx; p++) {
        let sum = south * x[p - w] + west * x[p - 1] + diag * x[p] + east * x[p + 1] + north * x[p + w];
        if (nz > 1) sum += down * x[p - plane] + up * x[p + plane];
        const rp = b[p] - sum;
        if (r !== undefined) r[p] = rp;
        squares += rp * rp;
      }
    }
  }
  return Math.sqrt(squares);
}

function stencil(options: Stencil3dOptions): Stencil {
  const { nx, ny, nz, diag = 4, west = -1, east = -1, south = -1, north = -1, down = -1, up = -1 } = options;
  checkInteger('nx', nx, 1);
  checkInteger('ny', ny, 1);
  checkInteger('nz', nz, 1);
  const weights = { diag, west, east, south, north, down, up };
  for (const [name, value] of Object.entries(weights)) checkNumber(name, value);
  if (diag === 0) throw new RangeError('diag must not be 0, got 0');
  const rows = nx * ny * nz;
  const paddedLength = (nx + 2) * (ny + 2) * (nz === 1 ? 1 : nz + 2);
  let scratch: Float64Array | undefined;
  const grid: Stencil = {
    nx,
    ny,
    nz,
    weights,
    rows,
    cols: rows,
    paddedLength,
    pad(x) {
      if (x !== undefined && x.length !== rows) throw new RangeError(`x must have length ${rows}, got ${x.length}`);
      const padded = new Float64Array(paddedLength);
      if (x !== undefined) copyIn(grid, x, padded);
      return padded;
    },
    unpad(padded, out = new Float64Array(rows)) {
      forLines(grid, (start, k) => {
        for (let ix = 0; ix < nx; ix++) out[k + ix] = padded[start + ix];
      });
      return out;
    },
    apply(x, out) {
      scratch ??= new Float64Array(paddedLength);
      copyIn(grid, x, scratch);
      multiply(grid, scratch, out);
    },
  };
  return grid;
}

/** Position of the first point of a line. A grid in the plane has no rings below and above. */
export function startOf({ nx, ny, nz }: Stencil, iy: number, iz: number): number {
  return ((nz === 1 ? 0 : iz + 1) * (ny + 2) + iy + 1) * (nx + 2) + 1;
}

function forLines(grid: Stencil, visit: (start: number, k: number) => void): void {
  const { nx, ny, nz } = grid;
  for (let iz = 0; iz < nz; iz++) {
    for (let iy = 0; iy < ny; iy++) visit(startOf(grid, iy, iz), (iz * ny + iy) * nx);
  }
}

function copyIn(grid: Stencil, x: ArrayLike<number>, padded: Float64Array): void {
  forLines(grid, (start, k) => {
    for (let ix = 0; ix < grid.nx; ix++) padded[start + ix] = x[k + ix];
  });
}

function multiply(grid: Stencil, x: Float64Array, out: Float64Array): void {
  const { nx, ny, nz, weights } = grid;
  const { diag, west, east, south, north, down, up } = weights;
  const w = nx + 2;
  const plane = w * (ny + 2);
  forLines(grid, (start, k) => {
    for (let ix = 0, p = start; ix < nx; ix++, p++) {
      let sum = south * x[p - w] + west * x[p - 1] + diag * x[p] + east * x[p + 1] + north * x[p + w];
      if (nz > 1) sum += down * x[p - plane] + up * x[p + plane];
      out[k + ix] = sum;
    }
  });
}
