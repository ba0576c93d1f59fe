// One form for every dense matrix that a user may hold.

import { badEntry } from '../internal/check.js';

/** A dense matrix: rows of numbers, a flat row-major array with its shape, or an ml-matrix Matrix. */
export type MatrixLike =
  | ArrayLike<ArrayLike<number>>
  | { data: ArrayLike<number>; rows: number; columns: number }
  | { data: ArrayLike<number>; rows: number; cols: number }
  | { rows: number; columns: number; get(row: number, column: number): number };

export interface RowMajor {
  /** Entry (i, j) is data[i * columns + j]. */
  data: Float64Array;
  rows: number;
  columns: number;
}

/**
 * The matrix as a flat row-major Float64Array. A flat Float64Array of the right length is returned as it is, not copied.
 *
 * @throws TypeError if matrix is none of the forms or an entry is not a number; RangeError if rows differ in length or data does not fit the shape
 *
 * @example
 * toRowMajor([[1, 2], [3, 4]]).data; //=> Float64Array.of(1, 2, 3, 4)
 */
export function toRowMajor(matrix: MatrixLike, name = 'matrix'): RowMajor {
  if (matrix === null || typeof matrix !== 'object') throw new TypeError(`${name} must be a matrix, got ${matrix}`);
  if ('rows' in matrix && typeof matrix.rows === 'number') return fromShape(matrix, name);
  if (!('length' in matrix)) throw new TypeError(`${name} must be rows of numbers or have rows and columns`);
  const rows = matrix.length;
  const columns = rows === 0 ? 0 : (matrix[0]?.length ?? 0);
  const data = new Float64Array(rows * columns);
  for (let i = 0; i < rows; i++) {
    const row = matrix[i];
    if (row === null || typeof row !== 'object' || typeof row.length !== 'number') {
      throw new TypeError(`${name}[${i}] must be a row of numbers, got ${row}`);
    }
    if (row.length !== columns) throw new RangeError(`${name}[${i}] must have length ${columns}, got ${row.length}`);
    for (let j = 0; j < columns; j++) data[i * columns + j] = entry(row[j], name, i, j);
  }
  return { data, rows, columns };
}

function entry(value: unknown, name: string, i: number, j: number): number {
  if (typeof value !== 'number') throw badEntry(`${name}[${i}][${j}]`, value);
  return value;
}

function fromShape(matrix: Exclude<MatrixLike, ArrayLike<ArrayLike<number>>>, name: string): RowMajor {
  const rows = matrix.rows;
  const columns = 'columns' in matrix ? matrix.columns : matrix.cols;
  if (!(Number.isInteger(rows) && Number.isInteger(columns) && rows >= 0 && columns >= 0)) {
    throw new RangeError(`${name} must have a shape of non-negative integers, got ${rows} x ${columns}`);
  }
  // ml-matrix keeps its rows under data, so get is asked first
  if ('get' in matrix && typeof matrix.get === 'function') {
    const data = new Float64Array(rows * columns);
    for (let i = 0; i < rows; i++)
      for (let j = 0; j < columns; j++) data[i * columns + j] = entry(matrix.get(i, j), name, i, j);
    return { data, rows, columns };
  }
  const { data } = matrix as { data: ArrayLike<number> };
  if (typeof data?.length !== 'number') throw new TypeError(`${name} must have data`);
  if (data.length !== rows * columns) {
    throw new RangeError(
      `${name}.data must have length ${rows * columns} for ${rows} x ${columns}, got ${data.length}`,
    );
  }
  if (data instanceof Float64Array) return { data, rows, columns };
  return {
    data: Float64Array.from(data, (value, p) => entry(value, name, Math.floor(p / columns), p % columns)),
    rows,
    columns,
  };
}
