/**
 * Model matrices on rectangular grids: -Laplace by the 3-, 5- and 7-point formulas, not divided by h².
 *
 * Unknowns are numbered k = (iz ny + iy) nx + ix.
 */
import { checkInteger, checkNumber, checkOptionNames } from '../../internal/check.js';
import { csrFromTriplets, type CsrMatrix } from './csr.js';

export interface PoissonOptions {
  /** 'dirichlet' (default): zero outside the grid. 'neumann': no flux, row sums 0 and the matrix is singular. */
  boundary?: 'dirichlet' | 'neumann';
  /** Added to the diagonal. Default 0. */
  shift?: number;
}

const NAMES = { boundary: true, shift: true } satisfies Record<keyof PoissonOptions, true>;

/** Weights of the neighbours of a grid point, along each axis before and after it. */
export interface GridWeights {
  west: number;
  east: number;
  south?: number;
  north?: number;
  down?: number;
  up?: number;
}

/**
 * tridiag(-1, 2, -1) of order n.
 *
 * @throws RangeError if n is not a positive integer
 *
 * @example
 * csrToDense(poisson1d(3, { boundary: 'neumann' }), { nested: true }); //=> [[1, -1, 0], [-1, 2, -1], [0, -1, 1]]
 */
export function poisson1d(n: number, options: PoissonOptions = {}): CsrMatrix {
  checkInteger('n', n, 1);
  return laplacian([n, 1, 1], 1, options);
}

/**
 * I ⊗ T_nx + T_ny ⊗ I with T = tridiag(-1, 2, -1): diagonal 4, neighbours -1.
 *
 * The "100 x 100 Laplacian" of Khodak et al., arXiv:2310.02246, is `poisson2d(10, 10)`: a matrix of order 100.
 *
 * @throws RangeError if nx or ny is not a positive integer
 *
 * @example
 * csrDiagonal(poisson2d(2, 2, { shift: 0.5 })); //=> Float64Array.of(4.5, 4.5, 4.5, 4.5)
 */
export function poisson2d(nx: number, ny: number, options: PoissonOptions = {}): CsrMatrix {
  checkInteger('nx', nx, 1);
  checkInteger('ny', ny, 1);
  return laplacian([nx, ny, 1], 2, options);
}

/**
 * The 7-point matrix: diagonal 6, neighbours -1.
 *
 * @throws RangeError if nx, ny or nz is not a positive integer
 */
export function poisson3d(nx: number, ny: number, nz: number, options: PoissonOptions = {}): CsrMatrix {
  checkInteger('nx', nx, 1);
  checkInteger('ny', ny, 1);
  checkInteger('nz', nz, 1);
  return laplacian([nx, ny, nz], 3, options);
}

function laplacian(sizes: [number, number, number], dimensions: number, options: PoissonOptions): CsrMatrix {
  checkOptionNames('options', options, NAMES);
  const { boundary = 'dirichlet', shift = 0 } = options;
  if (boundary !== 'dirichlet' && boundary !== 'neumann') {
    throw new RangeError(`boundary must be 'dirichlet' or 'neumann', got ${String(boundary)}`);
  }
  checkNumber('shift', shift);
  const ends = sizes.slice(0, dimensions);
  const weights: GridWeights = { west: -1, east: -1, south: -1, north: -1, down: -1, up: -1 };
  return gridMatrix(sizes, weights, (...index) => {
    let diagonal = 2 * dimensions;
    if (boundary === 'neumann') {
      ends.forEach((size, axis) => {
        if (index[axis] === 0) diagonal -= 1;
        if (index[axis] === size - 1) diagonal -= 1;
      });
    }
    return diagonal + shift;
  });
}

/** The matrix on a grid nx x ny x nz with constant neighbour weights and a diagonal by place. */
export function gridMatrix(
  [nx, ny, nz]: [number, number, number],
  { west, east, south = 0, north = 0, down = 0, up = 0 }: GridWeights,
  diagonal: (ix: number, iy: number, iz: number) => number,
): CsrMatrix {
  const n = nx * ny * nz;
  checkInteger('the number of unknowns', n, 1, 300_000_000);
  const nnz = n + 2 * ((nx - 1) * ny * nz + nx * (ny - 1) * nz + nx * ny * (nz - 1));
  const rowPtr = new Int32Array(n + 1);
  const colIdx = new Int32Array(nnz);
  const values = new Float64Array(nnz);
  let k = 0;
  let at = 0;
  const put = (column: number, value: number) => {
    colIdx[at] = column;
    values[at++] = value;
  };
  for (let iz = 0; iz < nz; iz++) {
    for (let iy = 0; iy < ny; iy++) {
      for (let ix = 0; ix < nx; ix++) {
        if (iz > 0) put(k - nx * ny, down);
        if (iy > 0) put(k - nx, south);
        if (ix > 0) put(k - 1, west);
        put(k, diagonal(ix, iy, iz));
        if (ix < nx - 1) put(k + 1, east);
        if (iy < ny - 1) put(k + nx, north);
        if (iz < nz - 1) put(k + nx * ny, up);
        rowPtr[++k] = at;
      }
    }
  }
  return { rows: n, cols: n, rowPtr, colIdx, values };
}

/**
 * The 5-point matrix on the true cells of a grid, numbered row by row, with zero values outside.
 *
 * @param mask mask[iy][ix]; any truthy entry is a cell
 * @throws RangeError if rows differ in length or no cell is true
 *
 * @example
 * poissonMasked2d([[true, true], [true, false]]).rows; //=> 3
 */
export function poissonMasked2d(mask: ArrayLike<ArrayLike<boolean | number>>): CsrMatrix {
  const ny = mask.length;
  const nx = ny === 0 ? 0 : mask[0].length;
  const number = new Int32Array(nx * ny).fill(-1);
  let n = 0;
  for (let iy = 0; iy < ny; iy++) {
    if (mask[iy].length !== nx) {
      throw new RangeError(`mask[${iy}] must have length ${nx} as the first row, got ${mask[iy].length}`);
    }
    for (let ix = 0; ix < nx; ix++) if (mask[iy][ix]) number[iy * nx + ix] = n++;
  }
  if (n === 0) throw new RangeError('mask must have a true cell, got none');
  const i: number[] = [];
  const j: number[] = [];
  const v: number[] = [];
  for (let cell = 0; cell < nx * ny; cell++) {
    const row = number[cell];
    if (row < 0) continue;
    const neighbours = [
      cell >= nx ? number[cell - nx] : -1,
      cell % nx > 0 ? number[cell - 1] : -1,
      cell % nx < nx - 1 ? number[cell + 1] : -1,
      cell < nx * (ny - 1) ? number[cell + nx] : -1,
    ];
    i.push(row);
    j.push(row);
    v.push(4);
    for (const column of neighbours) {
      if (column < 0) continue;
      i.push(row);
      j.push(column);
      v.push(-1);
    }
  }
  return csrFromTriplets({ rows: n, cols: n, i, j, v });
}

/**
 * The L-shaped domain of Khodak et al., arXiv:2310.02246: a square of (size - 2)² cells without the quarter of the first half of each row in
 * the last half of the rows. It is MATLAB's `delsq(numgrid('L', size))` with rows for columns; where the quarter is missing
 * matters to the triangles L and Lᵀ, not to A.
 *
 * @throws RangeError if size is not an even integer of at least 4
 *
 * @example
 * lShape2d(12).rows; //=> 75
 */
export function lShape2d(size: number): CsrMatrix {
  checkInteger('size', size, 4);
  const side = size - 2;
  if (side % 2 !== 0) throw new RangeError(`size must be even, got ${size}`);
  return poissonMasked2d(
    Array.from({ length: side }, (_, iy) => Array.from({ length: side }, (__, ix) => ix >= side / 2 || iy < side / 2)),
  );
}
