/**
 * Pareto dominance: a dominates b when it is at least as good in every objective and better in one.
 */
import { checkVector } from '../../internal/check.js';
import { toRowMajor, type MatrixLike, type RowMajor } from '../../linalg/to-row-major.js';

export interface ParetoOptions {
  /** Whether larger is better, in every objective. Default true. */
  maximize?: boolean;
}

/**
 * Whether each point is dominated by none. Equal points do not dominate each other. O(n log n) for two objectives (H. T. Kung,
 * F. Luccio, F. P. Preparata, Journal of the ACM 22 (1975) 469-476), O(n² m) for more.
 *
 * @param points n x m
 *
 * @example
 * isNonDominated([[1, 3], [2, 2], [1, 2]]); //=> [true, true, false]
 */
export function isNonDominated(points: MatrixLike, { maximize = true }: ParetoOptions = {}): boolean[] {
  const { data, rows, columns } = checkPoints(points);
  const sign = maximize ? 1 : -1;
  if (columns === 2) return nonDominatedPairs(data, rows, sign);
  return Array.from({ length: rows }, (_, i) => {
    for (let j = 0; j < rows; j++) if (dominates(data, j, i, columns, sign)) return false;
    return true;
  });
}

/** The rows that are not dominated, each once, in their order. */
export function paretoFront(points: MatrixLike, options: ParetoOptions = {}): number[][] {
  const { data, rows, columns } = checkPoints(points);
  const seen = new Set<string>();
  const front: number[][] = [];
  isNonDominated({ data, rows, columns }, options).forEach((kept, i) => {
    const row = Array.from(data.subarray(i * columns, (i + 1) * columns));
    const key = row.join();
    if (!kept || seen.has(key)) return;
    seen.add(key);
    front.push(row);
  });
  return front;
}

/**
 * The customary reference point: the worst values of the front, worse by a tenth of its range. A front without extent in some
 * objective is given a tenth of the value's size, or 0.1.
 */
export function defaultReference(points: MatrixLike, options: ParetoOptions = {}): number[] {
  const sign = (options.maximize ?? true) ? 1 : -1;
  const front = paretoFront(points, options);
  if (front.length === 0) throw new RangeError('points must not be empty');
  return front[0].map((_, k) => {
    const values = front.map((row) => sign * row[k]);
    const low = Math.min(...values);
    const high = Math.max(...values);
    const range = high > low ? high - low : Math.abs(low) > 0 ? Math.abs(low) : 1;
    return sign * (low - 0.1 * range);
  });
}

/** Points with finite entries as a row-major matrix; no rows is an empty one. */
export function checkPoints(points: MatrixLike, columns?: number, name = 'points'): RowMajor {
  const matrix = Array.isArray(points) && points.length === 0 ? emptyOf(columns ?? 0) : toRowMajor(points, name);
  if (columns !== undefined && matrix.rows > 0 && matrix.columns !== columns) {
    throw new RangeError(`${name} must have ${columns} columns, got ${matrix.columns}`);
  }
  checkVector(name, matrix.data);
  return matrix;
}

function emptyOf(columns: number): RowMajor {
  return { data: new Float64Array(0), rows: 0, columns };
}

function dominates(data: Float64Array, a: number, b: number, m: number, sign: number): boolean {
  let better = false;
  for (let k = 0; k < m; k++) {
    const difference = sign * (data[a * m + k] - data[b * m + k]);
    if (difference < 0) return false;
    if (difference > 0) better = true;
  }
  return better;
}

/** From the best first objective down: a point survives if its second one beats all before it. */
function nonDominatedPairs(data: Float64Array, n: number, sign: number): boolean[] {
  const first = (i: number) => sign * data[2 * i];
  const second = (i: number) => sign * data[2 * i + 1];
  const order = Array.from({ length: n }, (_, i) => i).sort((i, j) => first(j) - first(i) || second(j) - second(i));
  const kept = new Array<boolean>(n).fill(false);
  let best = -Infinity;
  let at = Infinity;
  for (const i of order) {
    // Equal to the best so far in the second objective: not dominated only if equal in the first as well.
    kept[i] = second(i) > best || (second(i) === best && first(i) === at);
    if (second(i) > best) {
      best = second(i);
      at = first(i);
    }
  }
  return kept;
}
