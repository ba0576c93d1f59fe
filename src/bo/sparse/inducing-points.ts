import { checkInteger, checkNumber, checkOptionNames } from '../../internal/check.js';
import type { MatrixLike } from '../../linalg/to-row-major.js';
import type { Kernel, Points } from '../kernels/kernel.js';
import { checkKernel, toPoints } from '../kernels/kernel-matrix.js';
import { kernelRules } from '../kernels/rules.js';

/**
 * Up to m rows of X, each the one whose prior variance the rows before it explain least: pivoted Cholesky of K(X, X), stopped
 * when no residual variance exceeds the tolerance. O(n m² + n m d) time, O(n m) memory; n x n is never formed.
 *
 * S. Fine, K. Scheinberg, JMLR 2 (2001); D. R. Burt, C. E. Rasmussen, M. van der Wilk, arXiv:2008.00323, section 3 ("greedy
 * variance"). Ties go to the lowest index.
 *
 * @param options.tolerance residual variance at which to stop. Default 1e-10
 * @returns indices in the order of selection
 *
 * @example
 * greedyInducing(rbf({ lengthscale: 0.5 }), [[0], [0.01], [1], [0]], 3, { tolerance: 1e-3 }); //=> Int32Array.of(0, 2)
 */
export function greedyInducing(
  kernel: Kernel,
  X: MatrixLike,
  m: number,
  options: { tolerance?: number } = {},
): Int32Array {
  const { tolerance = 1e-10 } = checkOptionNames('options', options, { tolerance: true });
  const points = toPoints('X', X);
  checkKernel(kernel, points.columns);
  checkInteger('m', m, 1);
  checkNumber('tolerance', tolerance, 0);
  return selectGreedily(kernel, points, Math.min(m, points.rows), tolerance);
}

export function selectGreedily(kernel: Kernel, X: Points, m: number, tolerance: number): Int32Array {
  const { rows: n, columns: d, data } = X;
  const rules = kernelRules(kernel);
  const residual = new Float64Array(n);
  rules.diagonal(kernel, X, residual);
  const rows = new Float64Array(m * n); // rows of the pivoted factor
  const chosen = new Int32Array(m);
  let count = 0;
  for (; count < m; count++) {
    let pivot = 0;
    for (let j = 1; j < n; j++) if (residual[j] > residual[pivot]) pivot = j;
    if (!(residual[pivot] > tolerance)) break;
    chosen[count] = pivot;
    const at = count * n;
    const row = rows.subarray(at, at + n);
    rules.fill(kernel, { data: data.subarray(pivot * d, (pivot + 1) * d), rows: 1, columns: d }, X, false, row);
    for (let s = 0; s < count; s++) {
      const weight = rows[s * n + pivot];
      for (let j = 0; j < n; j++) row[j] -= weight * rows[s * n + j];
    }
    const root = Math.sqrt(residual[pivot]);
    for (let j = 0; j < n; j++) {
      row[j] /= root;
      residual[j] -= row[j] * row[j];
    }
    residual[pivot] = 0;
  }
  return chosen.slice(0, count);
}
