import { checkVector } from '../../internal/check.js';
import { toRowMajor, type MatrixLike } from '../../linalg/to-row-major.js';
import type { Kernel, Points } from './kernel.js';
import { kernelRules } from './rules.js';

/**
 * The covariance matrix K(X, X), n x n row-major, white noise of the kernel on its diagonal. O(n² d).
 *
 * @param X n points: rows of a `Matrix`, of nested arrays, or of `{ data, rows, columns }`
 * @throws TypeError if the kernel's type is not known; RangeError if a field of the kernel or an entry of X is not valid
 *
 * @example
 * Array.from(kernelMatrix(linearKernel({ variance: 1, bias: 2 }), [[1], [3]])); //=> [3, 5, 5, 11]
 */
export function kernelMatrix(kernel: Kernel, X: MatrixLike, out?: Float64Array): Float64Array {
  const points = toPoints('X', X);
  checkKernel(kernel, points.columns);
  const n = points.rows;
  const K = checkOut(out, n * n);
  gram(kernel, points, K);
  for (let i = 0; i < n; i++) for (let j = 0; j < i; j++) K[j * n + i] = K[i * n + j];
  return K;
}

/** The covariance matrix K(X, Z), n x m row-major; white noise has no part in it. O(n m d). */
export function kernelCross(kernel: Kernel, X: MatrixLike, Z: MatrixLike, out?: Float64Array): Float64Array {
  const points = toPoints('X', X);
  const others = toPoints('Z', Z, points.rows > 0 ? points.columns : undefined);
  checkKernel(kernel, points.rows > 0 ? points.columns : others.columns);
  const K = checkOut(out, points.rows * others.rows);
  kernelRules(kernel).fill(kernel, points, others, false, K);
  return K;
}

/** The latent variances k(x_i, x_i), without white noise. */
export function kernelDiag(kernel: Kernel, X: MatrixLike, out?: Float64Array): Float64Array {
  const points = toPoints('X', X);
  checkKernel(kernel, points.columns);
  const diagonal = checkOut(out, points.rows);
  kernelRules(kernel).diagonal(kernel, points, diagonal);
  return diagonal;
}

/** The covariance k(x, z) of two points. */
export function kernelValue(kernel: Kernel, x: ArrayLike<number>, z: ArrayLike<number>): number {
  return kernelCross(kernel, toPoint('x', x), toPoint('z', z))[0];
}

/**
 * The gradient ∂k(x, z)/∂x, length d; 0 in coordinates that hold categories or tasks.
 *
 * @example
 * Array.from(kernelGradInput(linearKernel({ variance: [1, 2] }), [5, 6], [3, 4])); //=> [3, 8]
 */
export function kernelGradInput(kernel: Kernel, x: ArrayLike<number>, z: ArrayLike<number>): Float64Array {
  const point = toPoint('x', x);
  const other = toPoints('z', toPoint('z', z), point.columns);
  checkKernel(kernel, point.columns);
  const gradient = new Float64Array(point.columns);
  kernelRules(kernel).inputContract(kernel, point.data, other, Float64Array.of(1), gradient);
  return gradient;
}

/** Points of a public argument, checked to be finite. */
export function toPoints(name: string, X: MatrixLike, columns?: number): Points {
  const points = toRowMajor(X, name);
  if (columns !== undefined && points.rows > 0 && points.columns !== columns) {
    throw new RangeError(`${name} must have ${columns} columns, got ${points.columns}`);
  }
  const { data } = points;
  for (let p = 0; p < data.length; p++) {
    if (!Number.isFinite(data[p])) {
      const row = Math.floor(p / points.columns);
      throw new RangeError(`${name}[${row}][${p - row * points.columns}] must be finite, got ${data[p]}`);
    }
  }
  return points;
}

/** One point of a public argument as a matrix of one row. */
export function toPoint(name: string, x: ArrayLike<number>): Points {
  checkVector(name, x);
  return { data: Float64Array.from(x), rows: 1, columns: x.length };
}

/** @throws if the kernel is not valid for points of that many columns; 0 columns, those of no points, fit every kernel */
export function checkKernel(kernel: Kernel, columns: number): void {
  if (kernel === null || typeof kernel !== 'object') throw new TypeError('kernel must be a kernel object');
  const rules = kernelRules(kernel);
  if (columns > 0) rules.check(kernel, columns, 'kernel.');
}

/** The lower triangle of K(X, X), for arguments that are already checked. */
export function gram(kernel: Kernel, X: Points, out: Float64Array): void {
  kernelRules(kernel).fill(kernel, X, X, true, out);
}

function checkOut(out: Float64Array | undefined, length: number): Float64Array {
  if (out === undefined) return new Float64Array(length);
  if (out.length !== length) throw new RangeError(`out must have length ${length}, got ${out.length}`);
  return out;
}
