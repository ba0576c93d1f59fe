/**
 * How good and how varied candidates are.
 *
 * T. Liu et al., arXiv:2402.03921, section 5: normalized regret over a table of results, generalized variance of candidates.
 */
import { checkNumber, checkOption, checkVector } from '../../internal/check.js';
import { symmetricEigen } from '../../linalg/eigen.js';
import type { MatrixLike } from '../../linalg/to-row-major.js';
import { toPoints } from '../kernels/kernel-matrix.js';
import type { Direction } from '../test-functions/metrics.js';

/**
 * (best - min)/(max - min) of a table of results, for minimization; (max - best)/(max - min) for maximization. 0 is the best
 * entry of the table and 1 the worst; 0 for a table without spread.
 *
 * @throws RangeError if the bounds are out of order or a number is not finite
 *
 * @example
 * normalizedRegret(0.3, [0.2, 0.6]).toFixed(12); //=> '0.250000000000'
 */
export function normalizedRegret(
  best: number,
  range: readonly [min: number, max: number],
  direction: Direction = 'minimize',
): number {
  checkNumber('best', best);
  const [min, max] = checkVector('range', range, 2) as readonly [number, number];
  checkNumber('range[1]', max, min);
  checkOption('direction', direction, ['minimize', 'maximize']);
  if (max === min) return 0;
  return (direction === 'maximize' ? max - best : best - min) / (max - min);
}

/**
 * Generalized variance: the determinant of the sample covariance matrix of m points (S. S. Wilks, 1932). 0 when they lie
 * in a plane, as fewer than d + 1 points do. O(m d² + d³).
 *
 * @throws RangeError with fewer than two points
 *
 * @example
 * generalizedVariance([[0, 0], [2, 0], [0, 2], [2, 2]]).toFixed(9); //=> '1.777777778'
 */
export function generalizedVariance(candidates: MatrixLike): number {
  const { data, rows: m, columns: d } = toPoints('candidates', candidates);
  if (m < 2) throw new RangeError(`candidates must hold at least 2 points, got ${m}`);
  const mean = new Float64Array(d);
  for (let i = 0; i < m; i++) for (let k = 0; k < d; k++) mean[k] += data[i * d + k] / m;
  const covariance = new Float64Array(d * d);
  for (let i = 0; i < m; i++) {
    for (let a = 0; a < d; a++) {
      for (let b = 0; b < d; b++) {
        covariance[a * d + b] += ((data[i * d + a] - mean[a]) * (data[i * d + b] - mean[b])) / (m - 1);
      }
    }
  }
  let determinant = 1;
  let largest = 0;
  const { values } = symmetricEigen(covariance, d);
  for (const value of values) largest = Math.max(largest, value);
  // Eigenvalues that rounding alone keeps from 0 count as 0.
  for (const value of values) determinant *= value > 1e-14 * largest ? value : 0;
  return determinant;
}

/**
 * Mean Euclidean distance between pairs of candidates; 0 for fewer than two. O(m² d).
 *
 * @example
 * candidateDiversity([[0, 0], [3, 4]]); //=> 5
 */
export function candidateDiversity(candidates: MatrixLike): number {
  const { data, rows: m, columns: d } = toPoints('candidates', candidates);
  let total = 0;
  for (let i = 0; i < m; i++) {
    for (let j = 0; j < i; j++) {
      let squares = 0;
      for (let k = 0; k < d; k++) {
        const difference = data[i * d + k] - data[j * d + k];
        squares += difference * difference;
      }
      total += Math.sqrt(squares);
    }
  }
  return m < 2 ? 0 : (2 * total) / (m * (m - 1));
}
