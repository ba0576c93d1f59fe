// Passes over 5-point matrices: SOR sweeps, sweeps that yield the residual too, products, and sweeps without a matrix. The same
// loops in C++ (g++ -O3 -march=native) and SciPy are the peers; bars are ratios to C++.
//
// "two passes" is what a solver does that sweeps and then computes a residual; it is written here, in the same style. All contenders
// do `REPEATS` passes over the same matrix; the harness reports milliseconds for all, the last line ns for each stored entry.
import {
  csrFromTriplets,
  formatMatrixMarket,
  parseMatrixMarket,
  poisson2d,
  prepareCsr,
  solverWorkspace,
  sor,
  sorSweep,
  spmv,
  stencil2d,
  stencilSorSweep,
} from 'lemmata/linear-solvers';
import { race, report, type Score } from '../harness.js';
import { cppContender, pythonContender } from '../processes.js';

const OMEGA = 1.7;

for (const m of [100, 500, 1000]) {
  const repeats = m === 100 ? 200 : m === 500 ? 20 : 8;
  const rounds = { rounds: 15, warmup: 3 };
  const A = poisson2d(m, m);
  const prepared = prepareCsr(A);
  const n = m * m;
  const b = new Float64Array(n).fill(1);
  const x = new Float64Array(n);
  const y = new Float64Array(n);
  const workspace = solverWorkspace();
  const middle = n >> 1;

  const twoPasses = () => {
    const { rowPtr, colIdx, values } = A;
    const { invDiag } = prepared;
    let last = 0;
    x.fill(0);
    for (let r = 0; r < repeats; r++) {
      for (let i = 0; i < n; i++) {
        let s = b[i];
        for (let k = rowPtr[i]; k < rowPtr[i + 1]; k++) s -= values[k] * x[colIdx[k]];
        x[i] += OMEGA * s * invDiag[i];
      }
      last = 0;
      for (let i = 0; i < n; i++) {
        let s = b[i];
        for (let k = rowPtr[i]; k < rowPtr[i + 1]; k++) s -= values[k] * x[colIdx[k]];
        last += s * s;
      }
    }
    return last;
  };
  const sweeps = race(
    [
      cppContender('C++ sweep', 'grid-kernels', ['sweep', m, OMEGA, repeats]),
      {
        name: 'lemmata sorSweep',
        run() {
          x.fill(0);
          for (let r = 0; r < repeats; r++) sorSweep(prepared, b, x, { omega: OMEGA });
          return x[middle];
        },
      },
      {
        name: 'lemmata sor, sweep and residual',
        run: () =>
          sor(prepared, b, { omega: OMEGA, rtol: 0, maxIterations: repeats, workspace, recordResiduals: false }, y)
            .residualNorm,
      },
      { name: 'plain loop, sweep then residual', run: twoPasses },
    ],
    rounds,
  );
  report(`SOR on ${m} x ${m} points, ${repeats} sweeps (bar: sweep 1.6 x C++, with residual 1.25 x sweep)`, sweeps);
  perEntry(sweeps, (5 * n - 4 * m) * repeats);

  const vector = Float64Array.from({ length: n }, (_, i) => i % 7);
  const products = race(
    [
      cppContender('C++ product', 'grid-kernels', ['spmv', m, OMEGA, repeats]),
      pythonContender('SciPy product', 'sparse_grid', ['scipy'], ['spmv', m, repeats]),
      {
        name: 'lemmata spmv',
        run() {
          for (let r = 0; r < repeats; r++) spmv(A, vector, y);
          return y[middle];
        },
      },
    ],
    rounds,
  );
  report(`product with ${m} x ${m} points, ${repeats} times (bar: 2.5 x C++)`, products);
  perEntry(products, (5 * n - 4 * m) * repeats);

  const grid = stencil2d({ nx: m, ny: m });
  const rhs = grid.pad(b);
  const state = grid.pad();
  const plainState = grid.pad();
  const wide = m + 2;
  const stencils = race(
    [
      cppContender('C++ stencil', 'grid-kernels', ['stencil', m, OMEGA, repeats]),
      {
        name: 'lemmata stencilSorSweep',
        run() {
          state.fill(0);
          for (let r = 0; r < repeats; r++) stencilSorSweep(grid, rhs, state, OMEGA);
          return state[wide * (m >> 1)];
        },
      },
      {
        name: 'plain stencil loop',
        run() {
          plainState.fill(0);
          for (let r = 0; r < repeats; r++) {
            for (let iy = 1; iy <= m; iy++) {
              for (let ix = 1; ix <= m; ix++) {
                const p = iy * wide + ix;
                const s = rhs[p] + plainState[p - 1] + plainState[p + 1] + plainState[p - wide] + plainState[p + wide];
                plainState[p] = (1 - OMEGA) * plainState[p] + (OMEGA / 4) * s;
              }
            }
          }
          return plainState[wide * (m >> 1)];
        },
      },
    ],
    rounds,
  );
  report(`stencil SOR on ${m} x ${m} points, ${repeats} sweeps (bar: 2.6 x C++)`, stencils);
  perEntry(stencils, n * repeats, 'point');
}

// Reading a file: 10⁶ entries and more; the bar is absolute, 1 s.
const side = 448;
const text = formatMatrixMarket(poisson2d(side, side));
report(
  `Matrix Market text of ${poisson2d(side, side).values.length} entries (bar: 1 s)`,
  race(
    [
      {
        name: 'lines split, words split',
        run() {
          const lines = text.trim().split('\n');
          const [rows, cols] = lines[1].split(' ').map(Number);
          const entries = lines.slice(2).map((line) => line.split(' ').map(Number));
          const place = (k: number) => entries.map((entry) => entry[k] - 1);
          const A = csrFromTriplets({ rows, cols, i: place(0), j: place(1), v: entries.map((entry) => entry[2]) });
          return A.values[side];
        },
      },
      { name: 'lemmata parseMatrixMarket', run: () => parseMatrixMarket(text).values[side] },
    ],
    { rounds: 5, warmup: 1 },
  ),
);

function perEntry(scores: Score[], count: number, unit = 'entry'): void {
  const parts = scores.map(({ name, median }) => `${name} ${((median * 1e6) / count).toFixed(2)}`);
  console.log(`  ns per ${unit}: ${parts.join(', ')}`);
}
