// `flops` and `matvecs` to the last unit: 2 for each stored entry in a pass, 2 n for a dot product or an axpy, as the docstrings say.
import { describe, expect, it } from 'vitest';
import {
  bicgstab,
  cg,
  chebyshevIteration,
  eisenstatSsorCg,
  gaussSeidel,
  geometricMultigrid2d,
  gmres,
  incompleteCholesky0,
  jacobi,
  minres,
  poisson2d,
  redBlackSor,
  richardson,
  sor,
  ssor,
  type SolveOptions,
  type SolveResult,
} from '../../src/linear-solvers/index.js';

const A = poisson2d(6, 5);
const n = 30;
const nnz = 30 + 2 * (5 * 5 + 6 * 4);
const b = Float64Array.from({ length: n }, (_, i) => ((i * 5) % 7) - 2);
const bounds = { lambdaMin: 0.4, lambdaMax: 7.6 };
const lower = incompleteCholesky0(A).factor.values.length;

/** Products for k iterations from 0, more from another start, then flops from k and the products. */
const METHODS: [
  string,
  (options: SolveOptions) => SolveResult,
  { products: (k: number) => number; start: number; flops: (k: number, products: number) => number },
][] = [
  ['jacobi', (o) => jacobi(A, b, o), { products: (k) => k + 1, start: 0, flops: (_, p) => p * (2 * nnz + 4 * n) }],
  [
    'gaussSeidel',
    (o) => gaussSeidel(A, b, o),
    { products: (k) => k + 1, start: 1, flops: (_, p) => p * (2 * nnz + 6 * n) },
  ],
  [
    'sor',
    (o) => sor(A, b, { ...o, omega: 1.4 }),
    { products: (k) => k + 1, start: 1, flops: (_, p) => p * (2 * nnz + 6 * n) },
  ],
  [
    'ssor',
    (o) => ssor(A, b, { ...o, omega: 1.4 }),
    { products: (k) => k + 1, start: 1, flops: (_, p) => p * (3 * nnz + 10 * n) },
  ],
  [
    'redBlackSor',
    (o) => redBlackSor(A, b, { ...o, omega: 1.4 }),
    { products: (k) => k + 1, start: 0, flops: (_, p) => p * (2 * nnz + 6 * n) },
  ],
  [
    'richardson',
    (o) => richardson(A, b, { ...o, ...bounds }),
    { products: (k) => k + 1, start: 0, flops: (_, p) => p * (2 * nnz + 4 * n) },
  ],
  [
    'chebyshevIteration',
    (o) => chebyshevIteration(A, b, { ...o, ...bounds }),
    { products: (k) => k + 1, start: 1, flops: (k, p) => p * 2 * nnz + k * 8 * n },
  ],
  ['cg', (o) => cg(A, b, o), { products: (k) => k + 1, start: 1, flops: (k, p) => p * 2 * nnz + k * 10 * n }],
  [
    'cg with Jacobi',
    (o) => cg(A, b, { ...o, preconditioner: 'jacobi' }),
    { products: (k) => k + 1, start: 1, flops: (k, p) => p * 2 * nnz + k * (12 * n + n) },
  ],
  [
    'cg with SSOR',
    (o) => cg(A, b, { ...o, preconditioner: 'ssor:1.4' }),
    { products: (k) => k + 1, start: 1, flops: (k, p) => p * 2 * nnz + k * (12 * n + 2 * nnz + 2 * n) },
  ],
  [
    'cg with IC(0)',
    (o) => cg(A, b, { ...o, preconditioner: 'ic0' }),
    { products: (k) => k + 1, start: 1, flops: (k, p) => p * 2 * nnz + k * (12 * n + 4 * lower) },
  ],
  [
    'eisenstatSsorCg',
    (o) => eisenstatSsorCg(A, b, { ...o, omega: 1.4 }),
    { products: (k) => k + 1, start: 1, flops: (k, p) => k * (3 * nnz + 18 * n) + (p - k) * 2 * nnz },
  ],
  ['minres', (o) => minres(A, b, o), { products: (k) => k + 1, start: 1, flops: (k, p) => p * 2 * nnz + k * 14 * n }],
];

describe.each(METHODS)('%s', (_, solve, { products, start, flops }) => {
  it('counts every operation', () => {
    const zero = solve({});
    expect(zero.converged).toBe(true);
    expect([zero.matvecs, zero.flops]).toEqual([
      products(zero.iterations),
      flops(zero.iterations, products(zero.iterations)),
    ]);
    const warm = solve({ x0: new Float64Array(n).fill(0.1) });
    const passes = products(warm.iterations) + start;
    expect([warm.matvecs, warm.flops]).toEqual([passes, flops(warm.iterations, passes)]);
    expect([solve({ x0: zero.x, rtol: 1 }).iterations, solve({ maxIterations: 3, rtol: 0 }).iterations]).toEqual([
      0, 3,
    ]);
  });
});

it('bicgstab: two products and preconditioners an iteration, one less when the first half step is enough', () => {
  const result = bicgstab(A, b, { preconditioner: 'ilu0' });
  const applied = result.matvecs - 1; // one confirms
  expect([2 * result.iterations, 2 * result.iterations - 1]).toContain(applied);
  expect(result.flops).toBe(result.matvecs * 2 * nnz + result.iterations * 20 * n + applied * 2 * nnz);
});

it('gmres: step j orthogonalizes against j vectors, once more when its norm has fallen below 0.7', () => {
  const k = 4;
  const result = gmres(A, b, { maxIterations: k, rtol: 0, restart: k });
  // j + 1 projections of 4 n and 4 n of norms and scaling in step j, the second round without the latter.
  const once = [0, 1, 2, 3].map((j) => 4 * n * (j + 2));
  const again = [0, 1, 2, 3].map((j) => 4 * n * (j + 1));
  const rest = result.flops - result.matvecs * 2 * nnz - once.reduce((s, v) => s + v, 0);
  const sums = Array.from({ length: 16 }, (__, bits) => again.reduce((s, v, j) => s + ((bits >> j) & 1) * v, 0));
  expect(result.iterations).toBe(k);
  expect(sums).toContain(rest);
});

it('multigrid: a cycle and its residual are two passes', () => {
  const result = geometricMultigrid2d(7).solve(new Float64Array(49).fill(1));
  expect(result.matvecs).toBe(2 * result.iterations + 1);
  expect(result.flops).toBe(49 * (result.iterations * (17 + 8 * 2) + 7));
});
