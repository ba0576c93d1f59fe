// Whole solves of Poisson's equation, b = 1 to a relative residual of 1e-8, against what npm, SciPy and C++ offer.
//
// Dense and direct peers are run at the sizes they can do in reasonable time. Every answer is checked against the first contender's.
import { Matrix, solve as mlSolve } from 'ml-matrix';
import {
  cg,
  csrToDense,
  geometricMultigrid2d,
  poisson2d,
  prepareCsr,
  solverWorkspace,
  spmv,
} from 'lemmata/linear-solvers';
import { race, report, type Contender } from '../harness.js';
import { cppContender, importPeer, pythonContender } from '../processes.js';

const workspace = solverWorkspace();

function contender(name: string, solve: () => ArrayLike<number>): Contender {
  return {
    name,
    run() {
      const x = solve();
      return x[x.length >> 1];
    },
  };
}

function agree(contenders: (Contender | undefined)[]): void {
  const values = contenders.filter((c) => c !== undefined).map((c) => ({ name: c.name, value: c.run() }));
  for (const { name, value } of values) {
    if (!(Math.abs(value / values[0].value - 1) < 1e-5))
      throw new Error(`${name} gives ${value}, not ${values[0].value}`);
  }
}

function run(title: string, contenders: (Contender | undefined)[], rounds: number): void {
  agree(contenders);
  report(title, race(contenders, { rounds, warmup: Math.min(5, rounds) }));
}

const own = (m: number) => {
  const A = prepareCsr(poisson2d(m, m));
  const b = new Float64Array(m * m).fill(1);
  const options = { workspace, recordResiduals: false };
  return {
    plain: contender('lemmata cg', () => cg(A, b, options).x),
    ic0: contender('lemmata cg, IC(0)', () => cg(A, b, { ...options, preconditioner: 'ic0' }).x),
    ssor: contender(
      'lemmata cg, SSOR (Eisenstat)',
      () => cg(A, b, { ...options, preconditioner: { kind: 'ssor', omega: 2 / (1 + Math.PI / m), eisenstat: true } }).x,
    ),
    multigrid: contender(
      'lemmata cg, multigrid',
      () => cg(A, b, { ...options, preconditioner: { kind: 'multigrid' } }).x,
    ),
  };
};

// 900 unknowns: what a JavaScript program does today.
{
  const m = 30;
  const A = poisson2d(m, m);
  const b = new Float64Array(m * m).fill(1);
  const dense = new Matrix(csrToDense(A, { nested: true }));
  const column = Matrix.columnVector(Array.from(b));
  const cholesky = await importPeer<{ prepare(A: number[][], n: number): (b: number[]) => number[] }>('cholesky-solve');
  type Csr = { rowCount: number; get(i: number, j: number): number; apply(x: Float64Array, y: Float64Array): void };
  const conjugate =
    await importPeer<(A: Csr, b: Float64Array, x: Float64Array, tolerance: number, limit: number) => Float64Array>(
      'conjugate-gradient',
    );
  // Its matrix type is another package; these three members are all it uses.
  const csr: Csr = {
    rowCount: m * m,
    get: () => 4,
    apply: (x, y) => void spmv(A, x.subarray(0, m * m), y.subarray(0, m * m)),
  };
  const entries = Array.from({ length: A.values.length }, (_, k) => k);
  const rowOf = new Int32Array(A.values.length);
  for (let i = 0; i < m * m; i++) rowOf.fill(i, A.rowPtr[i], A.rowPtr[i + 1]);
  const upper = entries.filter((k) => rowOf[k] <= A.colIdx[k]).map((k) => [rowOf[k], A.colIdx[k], A.values[k]]);
  const { ic0, plain } = own(m);
  run(
    `${m * m} unknowns (bar: under 5 ms)`,
    [
      contender('ml-matrix solve, dense', () => mlSolve(dense, column).to1DArray()),
      cholesky && contender('cholesky-solve, sparse', () => cholesky.prepare(upper, m * m)(Array.from(b))),
      conjugate && contender('conjugate-gradient', () => conjugate(csr, b, new Float64Array(m * m), 1e-8, 1000)),
      plain,
      ic0,
    ],
    5,
  );
}

// 400 unknowns: mathjs, whose sparse factorization takes a second and more beyond.
{
  const m = 20;
  const A = poisson2d(m, m);
  const math = (await importPeer('mathjs')) as
    | { sparse(A: number[][]): unknown; lusolve(A: unknown, b: number[]): { toArray?(): number[][] } | number[][] }
    | undefined;
  const { plain } = own(m);
  if (math !== undefined) {
    const matrix = math.sparse(csrToDense(A, { nested: true }));
    const b = new Array<number>(m * m).fill(1);
    const flat = (x: ReturnType<typeof math.lusolve>) =>
      (Array.isArray(x) ? x : (x.toArray?.() ?? [])).map((row) => row[0]);
    run(`${m * m} unknowns`, [contender('mathjs lusolve, sparse', () => flat(math.lusolve(matrix, b))), plain], 5);
  }
}

for (const m of [100, 500]) {
  const { plain, ic0, ssor } = own(m);
  run(
    `${m * m} unknowns (bar: ${m === 100 ? 'IC(0) under 25 ms' : 'SSOR under 4 s'})`,
    [
      cppContender('C++ cg', 'grid-kernels', ['cg', m, 1, 1]),
      pythonContender('SciPy cg', 'sparse_grid', ['scipy'], ['cg', m, 1]),
      m === 100 ? pythonContender('SciPy spsolve', 'sparse_grid', ['scipy'], ['spsolve', m, 1]) : undefined,
      plain,
      ic0,
      ssor,
    ],
    m === 100 ? 15 : 3,
  );
}

{
  const m = 255;
  const grid = geometricMultigrid2d(m);
  const b = new Float64Array(m * m).fill(1);
  run(
    `${m * m} unknowns (bar: multigrid-preconditioned CG under 250 ms)`,
    [
      pythonContender('SciPy cg', 'sparse_grid', ['scipy'], ['cg', m, 1]),
      own(m).multigrid,
      contender('lemmata geometricMultigrid2d', () => grid.solve(b).x),
    ],
    7,
  );
}
