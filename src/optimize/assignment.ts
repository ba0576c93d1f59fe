// The assignment problem: rows to columns, one to one, at least cost.
//
// H. W. Kuhn, "The Hungarian method for the assignment problem", Naval Research Logistics Quarterly 2 (1955) 83-97, by shortest
// augmenting paths as R. Jonker, A. Volgenant, Computing 38 (1987) 325-340. Rows join one by one; each finds the shortest path of
// reduced costs c_ij - u_i - v_j >= 0 to a free column, and the duals u, v keep them nonnegative.

import { checkVector } from '../internal/check.js';
import { type MatrixLike, toRowMajor } from '../linalg/index.js';

export interface Assignment {
  /** Column of each row; -1 for a row left over when there are more rows than columns. */
  columns: Int32Array;
  /** Σ of the costs taken. */
  cost: number;
  /**
   * Dual values u of rows and v of columns: u_i + v_j <= c_ij, equal where i is assigned to j, 0 where a row or column is left
   * over; cost = Σ u + Σ v proves that no assignment is cheaper.
   */
  duals: { rows: Float64Array; columns: Float64Array };
}

/**
 * The cheapest one-to-one assignment of min(rows, columns) pairs. O(min² max); deterministic, ties to the lowest column.
 *
 * @param costs finite numbers, of either sign
 * @throws RangeError if a cost is not finite
 *
 * @example
 * const { columns, cost } = minCostAssignment([[4, 1, 3], [2, 0, 5], [3, 2, 2]]);
 * columns; //=> Int32Array.of(1, 0, 2)
 * cost; //=> 5
 */
export function minCostAssignment(costs: MatrixLike): Assignment {
  const { data, rows, columns } = toRowMajor(costs, 'costs');
  checkVector('costs', data);
  if (rows <= columns) {
    const { rowOf, u, v } = shortestPaths((i, j) => data[i * columns + j], rows, columns);
    const chosen = new Int32Array(rows);
    for (let j = 0; j < columns; j++) if (rowOf[j] >= 0) chosen[rowOf[j]] = j;
    return { columns: chosen, cost: costOf(data, columns, chosen), duals: { rows: u, columns: v } };
  }
  const { rowOf, u, v } = shortestPaths((j, i) => data[i * columns + j], columns, rows);
  return { columns: rowOf, cost: costOf(data, columns, rowOf), duals: { rows: v, columns: u } };
}

/** Assigns each of n rows to one of m >= n columns. Returns the row of each column, -1 if none. */
function shortestPaths(cost: (i: number, j: number) => number, n: number, m: number) {
  const u = new Float64Array(n);
  const v = new Float64Array(m);
  const rowOf = new Int32Array(m).fill(-1);
  const distance = new Float64Array(m);
  const from = new Int32Array(m); // the column before j on the shortest path, -1 at its beginning
  const done = new Uint8Array(m);
  for (let start = 0; start < n; start++) {
    distance.fill(Infinity);
    done.fill(0);
    let i = start;
    let column = -1;
    let length = 0;
    do {
      let nearest = -1;
      for (let j = 0; j < m; j++) {
        if (done[j] === 1) continue;
        const through = length + (cost(i, j) - u[i] - v[j]);
        if (through < distance[j]) {
          distance[j] = through;
          from[j] = column;
        }
        if (nearest < 0 || distance[j] < distance[nearest]) nearest = j;
      }
      column = nearest;
      done[column] = 1;
      length = distance[column];
      i = rowOf[column];
    } while (i >= 0);
    u[start] += length;
    for (let j = 0; j < m; j++) {
      if (done[j] === 0 || j === column) continue;
      u[rowOf[j]] += length - distance[j];
      v[j] -= length - distance[j];
    }
    while (column >= 0) {
      const before = from[column];
      rowOf[column] = before < 0 ? start : rowOf[before];
      column = before;
    }
  }
  return { rowOf, u, v };
}

function costOf(data: Float64Array, columns: number, chosen: Int32Array): number {
  let total = 0;
  for (let i = 0; i < chosen.length; i++) if (chosen[i] >= 0) total += data[i * columns + chosen[i]];
  return total;
}
