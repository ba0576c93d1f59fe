/**
 * Finite two-player zero-sum games, solved exactly by the simplex method.
 *
 * J. von Neumann (1928); as a linear program G. B. Dantzig (1951). With all payoffs positive the column player's problem is
 *
 *   maximize Σ y_j   subject to   B y <= 1,  y >= 0,
 *
 * whose optimum is 1 / value; strategies are the primal and dual solutions, scaled. The slack basis is feasible at once.
 */
import { checkMatrix } from '../internal/check.js';
import { type MatrixLike, toRowMajor } from '../linalg/index.js';

export interface MatrixGame {
  /** Optimal mixed strategy of the row player, who maximizes. */
  row: Float64Array;
  /** Optimal mixed strategy of the column player, who minimizes. */
  column: Float64Array;
  /** Payoff under both. */
  value: number;
  /** Exchanges of the simplex method. */
  pivots: number;
}

/**
 * Optimal strategies of the game with payoff A_ij to the row player.
 *
 * Condensed tableau of m × n numbers; the entering column has the largest coefficient, after a degenerate pivot the lowest
 * index (Bland's rule), so that it cannot cycle; the leaving row is the lowest among ties. Deterministic: of several optima always
 * the same vertex. O(m n) a pivot.
 *
 * @param payoffs m × n, finite
 * @throws RangeError if the matrix is empty or not finite
 *
 * @example
 * matrixGame([[3, 0], [1, 2]]).value; //=> 1.5
 */
export function matrixGame(payoffs: MatrixLike): MatrixGame {
  const { data, rows: m, columns: n } = checkMatrix('payoffs', toRowMajor(payoffs, 'payoffs'));
  if (m === 0 || n === 0) throw new RangeError(`payoffs must not be empty, got ${m} × ${n}`);
  return solveMatrixGame(data, m, n);
}

/** The kernel: row-major payoffs, checked by the caller. */
export function solveMatrixGame(data: Float64Array, m: number, n: number): MatrixGame {
  let least = Infinity;
  let most = -Infinity;
  for (let i = 0; i < data.length; i++) {
    if (data[i] < least) least = data[i];
    if (data[i] > most) most = data[i];
  }
  const scale = most > least ? most - least : 1;
  // Tableau [B 1; 1 0] with B = 1 + (A - min) / range in [1, 2].
  const width = n + 1;
  const tableau = new Float64Array((m + 1) * width);
  for (let i = 0; i < m; i++) {
    for (let j = 0; j < n; j++) tableau[i * width + j] = 1 + (data[i * n + j] - least) / scale;
    tableau[i * width + n] = 1;
  }
  for (let j = 0; j < n; j++) tableau[m * width + j] = 1;
  // Labels: 0 ... n-1 are columns y_j, n ... n+m-1 the slacks of the rows.
  const nonbasic = Int32Array.from({ length: n }, (_, j) => j);
  const basic = Int32Array.from({ length: m }, (_, i) => n + i);

  let pivots = 0;
  let bland = false;
  const limit = 50 * (m + n) + 1000;
  while (pivots < limit) {
    const enter = enteringColumn(tableau, m, n, nonbasic, bland);
    if (enter < 0) break;
    const leave = leavingRow(tableau, m, n, enter, basic);
    if (leave < 0) break; // B > 0: every column has a positive entry until rounding takes over
    bland = tableau[leave * width + n] <= TINY;
    exchange(tableau, m, n, leave, enter);
    const label = basic[leave];
    basic[leave] = nonbasic[enter];
    nonbasic[enter] = label;
    pivots += 1;
  }

  const column = new Float64Array(n);
  const row = new Float64Array(m);
  for (let i = 0; i < m; i++) if (basic[i] < n) column[basic[i]] = Math.max(0, tableau[i * width + n]);
  for (let j = 0; j < n; j++) if (nonbasic[j] >= n) row[nonbasic[j] - n] = Math.max(0, -tableau[m * width + j]);
  normalize(row);
  normalize(column);
  let value = 0;
  for (let i = 0; i < m; i++) {
    let payoff = 0;
    for (let j = 0; j < n; j++) payoff += data[i * n + j] * column[j];
    value += row[i] * payoff;
  }
  return { row, column, value, pivots };
}

const TINY = 1e-12;

function enteringColumn(tableau: Float64Array, m: number, n: number, nonbasic: Int32Array, bland: boolean): number {
  const costs = m * (n + 1);
  let best = -1;
  for (let j = 0; j < n; j++) {
    const cost = tableau[costs + j];
    if (!(cost > TINY)) continue;
    if (best < 0 || (bland ? nonbasic[j] < nonbasic[best] : cost > tableau[costs + best])) best = j;
  }
  return best;
}

/** Smallest ratio; ties, also within rounding, to the lowest label. */
function leavingRow(tableau: Float64Array, m: number, n: number, enter: number, basic: Int32Array): number {
  const width = n + 1;
  let best = -1;
  let least = Infinity;
  for (let i = 0; i < m; i++) {
    const a = tableau[i * width + enter];
    if (!(a > 1e-11)) continue;
    const ratio = Math.max(0, tableau[i * width + n]) / a;
    if (ratio < least - TINY || (ratio <= least + TINY && basic[i] < basic[best])) {
      best = i;
      least = Math.min(ratio, least);
    }
  }
  return best;
}

/** Jordan exchange of the basic variable of row r with the nonbasic variable of column s. */
function exchange(tableau: Float64Array, m: number, n: number, r: number, s: number): void {
  const width = n + 1;
  const pivotRow = r * width;
  const inverse = 1 / tableau[pivotRow + s];
  for (let j = 0; j < width; j++) tableau[pivotRow + j] *= inverse;
  tableau[pivotRow + s] = inverse;
  for (let i = 0; i <= m; i++) {
    if (i === r) continue;
    const row = i * width;
    const factor = tableau[row + s];
    if (factor === 0) continue;
    tableau[row + s] = 0;
    for (let j = 0; j < width; j++) tableau[row + j] -= factor * tableau[pivotRow + j];
  }
}

function normalize(p: Float64Array): void {
  let total = 0;
  for (let i = 0; i < p.length; i++) total += p[i];
  for (let i = 0; i < p.length; i++) p[i] /= total;
}
