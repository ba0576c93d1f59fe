// One symmetric V-cycle as the preconditioner of CG, for a CSR matrix that is a 5-point matrix on a square grid.
import { checkOptionNames } from '../../internal/check.js';
import { isPrepared } from '../sparse/prepared-csr.js';
import { toCsr, type MatrixInput } from '../sparse/to-csr.js';
import { geometricMultigrid2d } from './geometric-multigrid.js';

export interface MultigridPreconditionerOptions {
  /** Smoothing sweeps before and after. Default 1. */
  sweeps?: number;
}

const NAMES = { sweeps: true } satisfies Record<keyof MultigridPreconditionerOptions, true>;

/**
 * Reads scale and shift of A = scale (P + shift I), P = poisson2d(size, size), off the matrix and returns one V-cycle.
 *
 * @throws RangeError if A is not of this form to 1e-12 relative, or size is not 2^k - 1, or shift < 0
 *
 * @example
 * const b = new Float64Array(49).fill(1);
 * cg(poisson2d(7, 7), b, { preconditioner: { kind: 'multigrid' } }).converged; //=> true
 */
export function multigridPreconditioner(
  A: MatrixInput,
  options: MultigridPreconditionerOptions = {},
): (r: Float64Array, out: Float64Array) => void {
  checkOptionNames('options', options, NAMES);
  const { sweeps = 1 } = options;
  const { rows, cols, rowPtr, colIdx, values } = isPrepared(A) ? A.A : toCsr(A);
  const size = Math.floor(Math.sqrt(rows) + 0.5);
  if (rows !== cols || size * size !== rows) throw new RangeError(`A must be on a square grid, got ${rows} x ${cols}`);
  const diagonal = rowPtr[1] > 0 && colIdx[0] === 0 ? values[0] : 0;
  const scale = size === 1 ? diagonal / 4 : -values[1];
  if (!(scale > 0 && diagonal > 0)) throw new RangeError('A must be scale (P + shift I) with a positive scale');
  const close = (value: number, wanted: number) => Math.abs(value - wanted) <= 1e-12 * diagonal;
  for (let i = 0; i < rows; i++) {
    const ix = i % size;
    let expected = 1 + (ix > 0 ? 1 : 0) + (ix < size - 1 ? 1 : 0) + (i >= size ? 1 : 0) + (i < rows - size ? 1 : 0);
    for (let k = rowPtr[i]; k < rowPtr[i + 1]; k++) {
      const distance = colIdx[k] - i;
      const sameLine = Math.floor(colIdx[k] / size) === Math.floor(i / size);
      const neighbour = Math.abs(distance) === size || (Math.abs(distance) === 1 && sameLine);
      if (distance === 0 ? !close(values[k], diagonal) : !close(values[k], neighbour ? -scale : 0)) expected = -1;
      else if (distance === 0 || neighbour) expected -= 1;
    }
    if (expected !== 0) throw new RangeError(`A must be scale (P + shift I) on a square grid, row ${i} is not`);
  }
  const shift = diagonal / scale - 4;
  const grid = geometricMultigrid2d(size, {
    preSmooth: sweeps,
    postSmooth: sweeps,
    shift: Math.abs(shift) < 1e-11 ? 0 : shift,
    scale,
  });
  return grid.apply;
}
