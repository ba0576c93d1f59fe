// Linear programs of moderate size, solved exactly by the simplex method on a dense table.
//
//   min c·x   subject to   A x <= b,   E x = f,   x >= 0.
//
// G. B. Dantzig, "Linear Programming and Extensions" (1963), the two-phase method; R. G. Bland, "New finite pivoting rules for
// the simplex method", Math. Oper. Res. 2 (1977) 103-107: the lowest index enters, the lowest index leaves among ties, and
// the method cannot cycle.
//
//   table rows      the constraints, each with one column that began as a unit vector (its slack or its artificial)
//   reduced cost    c_j - y·a_j, y the dual values; y_i is read off the unit column of row i

import { checkInteger, checkNumber, checkVector } from '../internal/check.js';
import { type MatrixLike, toRowMajor } from '../linalg/index.js';

export interface LinearConstraints {
  /** A x <= b. */
  upper?: { matrix: MatrixLike; bound: ArrayLike<number> };
  /** E x = f. */
  equal?: { matrix: MatrixLike; bound: ArrayLike<number> };
}

export interface LinearProgramOptions {
  /** Numbers of the table below this times its largest entry count as 0. Default 1e-11. */
  tolerance?: number;
  /** Default 10000. */
  maxIterations?: number;
}

export interface LinearProgramResult {
  /** A vertex of the feasible set: the optimal one if status is 'optimal'. Empty if there is none. */
  x: Float64Array;
  /** c·x; -Infinity if unbounded, NaN never: Infinity if infeasible. */
  value: number;
  /** Dual values of A x <= b (at most 0) and of E x = f: value = b·upper + f·equal. */
  dual: { upper: Float64Array; equal: Float64Array };
  /** Exchanges of both phases. */
  iterations: number;
  /** 'optimal'; 'infeasible': no x meets the constraints; 'unbounded': c·x has no minimum; 'max-iterations': the limit. */
  status: 'optimal' | 'infeasible' | 'unbounded' | 'max-iterations';
  /** Whether the status is 'optimal'. */
  converged: boolean;
}

/**
 * min c·x subject to A x <= b, E x = f, x >= 0, by the two-phase simplex method under Bland's rule.
 *
 * Deterministic: of several optimal vertices always the same one. O(m (n + m)) an exchange, m constraints.
 *
 * @param costs c, length n
 * @throws RangeError if a shape does not fit, a number is not finite, or there is no constraint
 *
 * @example
 * const { x, value } = linearProgram([-3, -2], { upper: { matrix: [[1, 1], [1, 3]], bound: [4, 6] } });
 * x; //=> Float64Array.of(4, 0)
 * value; //=> -12
 */
export function linearProgram(
  costs: ArrayLike<number>,
  constraints: LinearConstraints,
  options: LinearProgramOptions = {},
): LinearProgramResult {
  checkVector('costs', costs);
  const tolerance = checkNumber('tolerance', options.tolerance ?? 1e-11, 0);
  const maxIterations = checkInteger('maxIterations', options.maxIterations ?? 10000, 0);
  const n = costs.length;
  const upper = checkedRows('upper', constraints.upper, n);
  const equal = checkedRows('equal', constraints.equal, n);
  if (upper.rows + equal.rows === 0) throw new RangeError('constraints must hold at least one row');
  const table = firstTable(n, upper, equal, tolerance);
  const { m, artificialFrom } = table;

  const phase1 = new Float64Array(table.columns);
  phase1.fill(1, artificialFrom, table.columns - 1);
  setObjective(table, phase1);
  const feasible = pivotUntilOptimal(table, table.columns - 1, maxIterations);
  if (feasible !== 'max-iterations') {
    if (-table.data[m * table.columns + table.columns - 1] > table.zero * m)
      return outcome(table, n, 'infeasible', costs);
    expelArtificials(table);
    const phase2 = new Float64Array(table.columns);
    phase2.set(Float64Array.from(costs));
    setObjective(table, phase2);
    return outcome(table, n, pivotUntilOptimal(table, artificialFrom, maxIterations), costs);
  }
  return outcome(table, n, feasible, costs);
}

interface Rows {
  data: Float64Array;
  bound: Float64Array;
  rows: number;
}

interface Table {
  /** (m + 1) x columns: the constraints, then reduced costs; the last column holds b and minus the objective. */
  data: Float64Array;
  m: number;
  columns: number;
  /** Index of the basic variable of each row. */
  basis: Int32Array;
  /** The column that began as ± the unit vector of a row, and that sign (after rows were turned to b >= 0). */
  unit: Int32Array;
  unitSign: Int8Array;
  upperRows: number;
  artificialFrom: number;
  /** Numbers up to this count as 0. */
  zero: number;
  iterations: number;
}

function checkedRows(name: string, given: LinearConstraints['upper'], n: number): Rows {
  if (given === undefined) return { data: new Float64Array(0), bound: new Float64Array(0), rows: 0 };
  const { data, rows, columns } = toRowMajor(given.matrix, `${name}.matrix`);
  if (columns !== n) throw new RangeError(`${name}.matrix must have ${n} columns, got ${columns}`);
  checkVector(`${name}.matrix`, data);
  checkVector(`${name}.bound`, given.bound, rows);
  return { data, bound: Float64Array.from(given.bound), rows };
}

function firstTable(n: number, upper: Rows, equal: Rows, tolerance: number): Table {
  const m = upper.rows + equal.rows;
  const artificials = equal.rows + upper.bound.filter((b) => b < 0).length;
  const artificialFrom = n + upper.rows;
  const columns = artificialFrom + artificials + 1;
  const data = new Float64Array((m + 1) * columns);
  const basis = new Int32Array(m);
  const unit = new Int32Array(m);
  const unitSign = new Int8Array(m);
  let artificial = artificialFrom;
  let largest = 0;
  for (let i = 0; i < m; i++) {
    const { data: source, bound } = i < upper.rows ? upper : equal;
    const row = i < upper.rows ? i : i - upper.rows;
    const sign = bound[row] < 0 ? -1 : 1;
    for (let j = 0; j < n; j++) {
      data[i * columns + j] = sign * source[row * n + j];
      largest = Math.max(largest, Math.abs(source[row * n + j]));
    }
    data[i * columns + columns - 1] = sign * bound[row];
    largest = Math.max(largest, Math.abs(bound[row]));
    if (i < upper.rows) data[i * columns + n + i] = sign;
    const slackIsBasic = i < upper.rows && sign > 0;
    basis[i] = unit[i] = slackIsBasic ? n + i : artificial++;
    unitSign[i] = sign;
    data[i * columns + unit[i]] = 1;
  }
  const zero = tolerance * Math.max(1, largest);
  return { data, m, columns, basis, unit, unitSign, upperRows: upper.rows, artificialFrom, zero, iterations: 0 };
}

/** Writes the reduced costs of `costs` for the basis of the table in its last row. */
function setObjective({ data, m, columns, basis }: Table, costs: Float64Array): void {
  const objective = data.subarray(m * columns);
  objective.set(costs);
  for (let i = 0; i < m; i++) {
    const cost = costs[basis[i]];
    if (cost !== 0) for (let j = 0; j < columns; j++) objective[j] -= cost * data[i * columns + j];
  }
}

/** Exchanges while a variable below `limit` has a negative reduced cost. */
function pivotUntilOptimal(
  table: Table,
  limit: number,
  maxIterations: number,
): 'optimal' | 'unbounded' | 'max-iterations' {
  const { data, m, columns, basis, zero } = table;
  for (;;) {
    let entering = 0;
    while (entering < limit && !(data[m * columns + entering] < -zero)) entering++;
    if (entering >= limit) return 'optimal';
    if (table.iterations >= maxIterations) return 'max-iterations';
    let leaving = -1;
    let least = Infinity;
    for (let i = 0; i < m; i++) {
      const pivot = data[i * columns + entering];
      if (!(pivot > zero)) continue;
      const ratio = data[i * columns + columns - 1] / pivot;
      if (ratio < least || (ratio === least && basis[i] < basis[leaving])) {
        least = ratio;
        leaving = i;
      }
    }
    if (leaving < 0) return 'unbounded';
    exchange(table, leaving, entering);
  }
}

function exchange(table: Table, row: number, column: number): void {
  const { data, m, columns, basis } = table;
  const pivot = data[row * columns + column];
  for (let j = 0; j < columns; j++) data[row * columns + j] /= pivot;
  data[row * columns + column] = 1;
  for (let i = 0; i <= m; i++) {
    const factor = data[i * columns + column];
    if (i === row || factor === 0) continue;
    for (let j = 0; j < columns; j++) data[i * columns + j] -= factor * data[row * columns + j];
    data[i * columns + column] = 0;
  }
  basis[row] = column;
  table.iterations += 1;
}

/** Artificials that are basic at 0 leave for any variable of their row; a row without one says 0 = 0 and stays. */
function expelArtificials(table: Table): void {
  const { data, m, columns, basis, artificialFrom, zero } = table;
  for (let i = 0; i < m; i++) {
    if (basis[i] < artificialFrom) continue;
    let j = 0;
    while (j < artificialFrom && Math.abs(data[i * columns + j]) <= zero) j++;
    if (j < artificialFrom) exchange(table, i, j);
  }
}

function outcome(
  table: Table,
  n: number,
  status: LinearProgramResult['status'],
  costs: ArrayLike<number>,
): LinearProgramResult {
  const { data, m, columns, basis, unit, unitSign, upperRows, iterations } = table;
  const dual = { upper: new Float64Array(upperRows), equal: new Float64Array(m - upperRows) };
  if (status === 'infeasible') {
    return { x: new Float64Array(0), value: Infinity, dual, iterations, status, converged: false };
  }
  const x = new Float64Array(n);
  for (let i = 0; i < m; i++) if (basis[i] < n) x[basis[i]] = Math.max(0, data[i * columns + columns - 1]);
  let value = 0;
  for (let j = 0; j < n; j++) value += costs[j] * x[j];
  if (status === 'optimal') {
    for (let i = 0; i < m; i++) {
      const y = -unitSign[i] * data[m * columns + unit[i]];
      if (i < upperRows) dual.upper[i] = y;
      else dual.equal[i - upperRows] = y;
    }
  }
  if (status === 'unbounded') value = -Infinity;
  return { x, value, dual, iterations, status, converged: status === 'optimal' };
}
