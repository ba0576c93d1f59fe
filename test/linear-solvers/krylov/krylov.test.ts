import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  bicgstab,
  cg,
  chebyshevIteration,
  convectionDiffusion2d,
  csrFromDense,
  csrPermute,
  csrToDense,
  eisenstatSsorCg,
  gmres,
  graphLaplacian,
  lShape2d,
  minres,
  poisson1d,
  poisson2d,
  randomSpd,
  richardson,
  spmv,
  type CsrMatrix,
  type LinearOperator,
  type SolveOptions,
} from '../../../src/linear-solvers/index.js';
import { createRng } from '../../../src/random/index.js';
import {
  denseSolve,
  distance,
  dominantSystems,
  energyNorm,
  infinityNorm,
  norm,
  residualNormOf,
  spdSystems,
  times,
} from '../matrices.js';

const ones = (n: number) => new Float64Array(n).fill(1);
const after = (solver: typeof cg, A: CsrMatrix, b: ArrayLike<number>, k: number, options = {}) =>
  solver(A, b, { ...options, rtol: 0, maxIterations: k }).x;

describe('conjugate gradients', () => {
  it('residuals are orthogonal, the energy norm of the error falls, and n + 2 iterations suffice', () => {
    fc.assert(
      fc.property(spdSystems(10, 10), ({ A, b, n }) => {
        if (norm(b) === 0) return;
        const { x, iterations, converged } = cg(A, b, { rtol: 1e-10 });
        expect(converged).toBe(true);
        expect(iterations).toBeLessThanOrEqual(n + 2);
        const solution = denseSolve(A, b);
        expect(distance(x, solution)).toBeLessThan(1e-8 * norm(solution));
        const dense = csrToDense(A, { nested: true });
        const iterates = Array.from({ length: iterations }, (_, k) => after(cg, A, b, k));
        const residuals = iterates.map((xk) => times(dense, xk).map((v, i) => b[i] - v));
        residuals.forEach((r, k) => {
          for (let l = 0; l < k; l++) {
            if (norm(r) < 1e-8 * norm(b)) continue;
            const cosine = r.reduce((s, v, i) => s + v * residuals[l][i], 0) / norm(r) / norm(residuals[l]);
            expect(Math.abs(cosine)).toBeLessThan(1e-6);
          }
        });
        const errors = iterates.map((xk) =>
          energyNorm(
            A,
            Array.from(xk, (v, i) => v - solution[i]),
          ),
        );
        for (let k = 1; k < errors.length && errors[k] > 1e-10 * errors[0]; k++)
          expect(errors[k]).toBeLessThan(errors[k - 1]);
      }),
    );
  });

  it('with A⁻¹ as preconditioner takes one iteration', () => {
    fc.assert(
      fc.property(spdSystems(8, 50), ({ A, b }) => {
        if (norm(b) === 0) return;
        const preconditioner = (r: Float64Array, out: Float64Array) => out.set(denseSolve(A, r));
        expect(cg(A, b, { preconditioner }).iterations).toBe(1);
      }),
    );
  });

  it('hardly sees the numbering', () => {
    fc.assert(
      fc.property(spdSystems(12, 10), ({ A, b, n }) => {
        const perm = Array.from({ length: n }, (_, i) => n - 1 - i);
        const permuted = cg(
          csrPermute(A, perm),
          perm.map((i) => b[i]),
        );
        expect(Math.abs(permuted.iterations - cg(A, b).iterations)).toBeLessThanOrEqual(2);
      }),
    );
  });

  it('a direction of no or negative curvature ends it without an exception', () => {
    expect(
      cg(
        [
          [1, 0],
          [0, -1],
        ],
        [1, 2],
      ).status,
    ).toBe('indefinite-matrix');
    expect(
      cg(
        [
          [0, 1],
          [1, 0],
        ],
        [1, 0],
      ).status,
    ).toBe('indefinite-matrix');
    const minus = (r: Float64Array, out: Float64Array) => r.forEach((v, i) => (out[i] = -v));
    expect(cg(poisson1d(3), [1, 2, 3], { preconditioner: minus }).status).toBe('indefinite-preconditioner');
  });

  it('solves consistent singular systems, and says when there is no solution', () => {
    const A = poisson2d(6, 5, { boundary: 'neumann' });
    const b = Float64Array.from({ length: 30 }, (_, i) => Math.cos(i));
    const mean = b.reduce((s, v) => s + v, 0) / 30;
    const consistent = b.map((v) => v - mean);
    const plain = cg(A, consistent);
    expect(plain.converged).toBe(true);
    expect(residualNormOf(A, consistent, plain.x)).toBeLessThan(1e-7);
    expect(cg(A, b, { maxIterations: 500 }).converged).toBe(false);
    const projected = cg(A, b, { nullSpace: 'constant' });
    expect(projected.converged).toBe(true);
    expect(Math.abs(projected.x.reduce((s, v) => s + v, 0))).toBeLessThan(1e-12);
    expect(
      distance(
        projected.x,
        plain.x.map((v) => v - plain.x.reduce((s, u) => s + u, 0) / 30),
      ),
    ).toBeLessThan(1e-6);
    const graph = graphLaplacian(4, [
      [0, 1, 1],
      [1, 2, 2],
      [2, 3, 1],
      [3, 0, 1],
    ]);
    expect(cg(graph, [1, -1, 2, -2], { nullSpace: 'constant' }).converged).toBe(true);
  });

  it('the residual it reports is the true one, however low the tolerance', () => {
    const A = randomSpd(40, { conditionNumber: 1e7 }, createRng(3));
    const b = ones(40);
    const result = cg(A, b, { rtol: 1e-13, maxIterations: 2000 });
    const slack = 1e-15 * 40 * (norm(b) + infinityNorm(A) * norm(result.x));
    expect(Math.abs(result.residualNorm - residualNormOf(A, b, result.x))).toBeLessThan(slack);
    if (result.converged) expect(result.residualNorm).toBeLessThanOrEqual(1e-13 * norm(b));
    expect(['converged-rtol', 'stagnated', 'max-iterations']).toContain(result.status);
  });
});

describe('the Eisenstat form', () => {
  it('takes the iterations of the plain SSOR preconditioner to the same x', () => {
    for (const A of [poisson2d(9, 9), lShape2d(12), poisson2d(7, 7, { shift: 0.5 })]) {
      for (const omega of [0.8, 1, 1.3, 1.6]) {
        const b = Float64Array.from({ length: A.rows }, (_, i) => ((i * 3) % 7) - 2.5);
        const plain = cg(A, b, { preconditioner: { kind: 'ssor', omega } });
        const fast = cg(A, b, { preconditioner: { kind: 'ssor', omega, eisenstat: true } });
        expect(fast.iterations).toBe(plain.iterations);
        expect(distance(fast.x, plain.x)).toBeLessThan(1e-7 * norm(plain.x));
        const warm = eisenstatSsorCg(A, b, { omega, x0: plain.x });
        expect([warm.iterations, warm.status]).toEqual([0, 'converged-rtol']);
      }
    }
    expect(() => eisenstatSsorCg({ rows: 1, cols: 1, apply: () => {} } as never, [1], { omega: 1 })).toThrow(TypeError);
  });
});

describe('MINRES and GMRES', () => {
  it('residuals never grow, and the answers are those of Gaussian elimination', () => {
    fc.assert(
      fc.property(spdSystems(10, 10), fc.double({ min: -3, max: 3, noNaN: true }), ({ A, b, n }, shift) => {
        if (norm(b) === 0) return;
        // Symmetric, in general indefinite; the bound keeps it away from singular.
        const dense = csrToDense(A, { nested: true }).map((row, i) => row.map((v, j) => v - (i === j ? shift : 0)));
        const S = csrFromDense(dense);
        const solution = denseSolve(S, b);
        if (!(norm(solution) < 1e3 * norm(b))) return;
        for (const solver of [minres, gmres]) {
          const result = solver(S, b, { rtol: 1e-9, maxIterations: 20 * n });
          result.residualNorms.forEach((r, k) => {
            if (k > 0) expect(r).toBeLessThanOrEqual(result.residualNorms[k - 1] + 1e-12 * norm(b));
          });
          expect(result.converged).toBe(true);
          expect(residualNormOf(S, b, result.x)).toBeLessThanOrEqual(1.001e-9 * norm(b));
        }
      }),
    );
  });

  it('GMRES without restart takes at most n iterations for any matrix, and agrees with CG on SPD ones', () => {
    fc.assert(
      fc.property(dominantSystems(8), ({ A, b, n }) => {
        if (norm(b) === 0) return;
        const result = gmres(A, b, { restart: n, rtol: 1e-10 });
        expect(result.converged).toBe(true);
        expect(result.iterations).toBeLessThanOrEqual(n);
        expect(distance(result.x, denseSolve(A, b))).toBeLessThan(1e-8 * (1 + norm(result.x)));
      }),
    );
    fc.assert(
      fc.property(spdSystems(10, 10), ({ A, b }) => {
        expect(distance(gmres(A, b, { rtol: 1e-12 }).x, cg(A, b, { rtol: 1e-12 }).x)).toBeLessThan(
          1e-9 * (1 + norm(b)),
        );
      }),
    );
  });

  it('a happy breakdown is convergence; a singular system without solution is not', () => {
    expect(
      gmres(
        [
          [2, 0],
          [0, 2],
        ],
        [1, 1],
      ).iterations,
    ).toBe(1);
    const impossible = gmres(
      [
        [1, 0],
        [0, 0],
      ],
      [0, 1],
    );
    expect(impossible.converged).toBe(false);
    expect(impossible.x.every(Number.isFinite)).toBe(true);
    expect(
      minres(
        [
          [1, 0],
          [0, 0],
        ],
        [0, 1],
      ).converged,
    ).toBe(false);
    expect(
      minres(
        [
          [0, 1],
          [1, 0],
        ],
        [1, 0],
      ).x,
    ).toEqual(Float64Array.of(0, 1));
  });

  it('restarts by default after 30 steps, or n', () => {
    const A = convectionDiffusion2d(9, 9, { px: 0.6, py: 0.3 });
    const b = Float64Array.from({ length: 81 }, (_, i) => ((i * 5) % 9) - 4);
    const usual = gmres(A, b, { rtol: 1e-12 });
    expect(usual.iterations).toBeGreaterThan(30);
    expect(gmres(A, b, { rtol: 1e-12, restart: 30 }).x).toEqual(usual.x);
    expect(gmres(A, b, { rtol: 1e-12, restart: 29 }).x).not.toEqual(usual.x);
    const small = poisson2d(2, 2);
    expect(gmres(small, [1, 2, 3, 4], { restart: 400 }).x).toEqual(gmres(small, [1, 2, 3, 4]).x);
  });

  it('restarts when told to', () => {
    const A = convectionDiffusion2d(12, 12, { px: 0.8, py: 0.4 });
    const full = gmres(A, ones(144), { restart: 144 });
    const short = gmres(A, ones(144), { restart: 5 });
    expect(short.converged && full.converged).toBe(true);
    expect(short.iterations).toBeGreaterThan(full.iterations);
    expect(gmres(A, ones(144), { restart: 5, preconditioner: 'ilu0' }).iterations).toBeLessThan(short.iterations);
    expect(() => gmres(A, ones(144), { restart: 0 })).toThrow(/^restart must/);
  });
});

describe('BiCGSTAB', () => {
  it('solves systems that are not symmetric', () => {
    fc.assert(
      fc.property(dominantSystems(), ({ A, b }) => {
        const result = bicgstab(A, b);
        expect(result.converged).toBe(true);
        expect(residualNormOf(A, b, result.x)).toBeLessThanOrEqual(1.001e-8 * norm(b) + 1e-300);
      }),
    );
    const A = convectionDiffusion2d(20, 20, { px: 1, py: 0.5 });
    const plain = bicgstab(A, ones(400));
    const better = bicgstab(A, ones(400), { preconditioner: 'ilu0' });
    expect(plain.converged && better.converged).toBe(true);
    expect(better.iterations).toBeLessThan(plain.iterations);
  });

  it('a rotation breaks it down, and the answer is still finite', () => {
    const result = bicgstab(
      [
        [0, 1],
        [-1, 0],
      ],
      [1, 0],
    );
    expect(result.converged).toBe(false);
    expect(result.status).toBe('breakdown');
    expect(result.x.every(Number.isFinite)).toBe(true);
  });
});

describe('Chebyshev iteration', () => {
  const A = poisson2d(8, 8);
  const [low, high] = [4 - 4 * Math.cos(Math.PI / 9), 4 + 4 * Math.cos(Math.PI / 9)];
  const b = Float64Array.from({ length: 64 }, (_, i) => ((i * 5) % 9) - 4);

  it('reduces the residual as 2/(c^k + c^-k), c = (√κ + 1)/(√κ - 1), says the theory', () => {
    const root = Math.sqrt(high / low);
    const c = (root + 1) / (root - 1);
    const { residualNorms, converged } = chebyshevIteration(A, b, { lambdaMin: low, lambdaMax: high });
    expect(converged).toBe(true);
    residualNorms.forEach((r, k) => expect(r / norm(b)).toBeLessThanOrEqual((2 / (c ** k + c ** -k)) * (1 + 1e-9)));
  });

  it('multiplies an eigenvector by T_k((θ - λ)/δ) / T_k(θ/δ)', () => {
    const lambdaMin = 1;
    const lambdaMax = 6; // some eigenvalues are outside
    const [theta, delta] = [3.5, 2.5];
    const chebyshev = (k: number, z: number) => {
      let [previous, value] = [1, z];
      for (let j = 1; j < k; j++) [previous, value] = [value, 2 * z * value - previous];
      return k === 0 ? 1 : value;
    };
    for (const [p, q] of [
      [1, 1],
      [2, 5],
      [8, 7],
    ]) {
      const lambda = 4 - 2 * Math.cos((p * Math.PI) / 9) - 2 * Math.cos((q * Math.PI) / 9);
      const mode = Float64Array.from(
        { length: 64 },
        (_, i) => Math.sin((p * Math.PI * ((i % 8) + 1)) / 9) * Math.sin((q * Math.PI * (Math.floor(i / 8) + 1)) / 9),
      );
      const { residualNorms } = chebyshevIteration(A, mode, { lambdaMin, lambdaMax, rtol: 0, maxIterations: 6 });
      residualNorms.forEach((r, k) => {
        const expected = Math.abs(chebyshev(k, (theta - lambda) / delta) / chebyshev(k, theta / delta));
        expect(Math.abs(r / norm(mode) - expected)).toBeLessThan(1e-12 * (1 + expected));
      });
    }
  });

  it('takes one exact step when the bounds agree, and checks them', () => {
    const result = chebyshevIteration(
      [
        [3, 0],
        [0, 3],
      ],
      [3, 6],
      { lambdaMin: 3, lambdaMax: 3 },
    );
    expect([result.iterations, ...result.x]).toEqual([1, 1, 2]);
    expect(() => chebyshevIteration(A, b, { lambdaMin: 0, lambdaMax: 3 })).toThrow(/^lambdaMin must be positive/);
    expect(() => chebyshevIteration(A, b, { lambdaMin: 2, lambdaMax: 1 })).toThrow(/^lambdaMax must be at least/);
    expect(() => chebyshevIteration(A, b, { lambdaMin: 1, lambdaMax: 8, checkEvery: 0 })).toThrow(/^checkEvery must/);
  });

  it('tests the residual only when told to', () => {
    const every = chebyshevIteration(A, b, { lambdaMin: low, lambdaMax: high });
    const tenth = chebyshevIteration(A, b, { lambdaMin: low, lambdaMax: high, checkEvery: 10 });
    expect(tenth.converged).toBe(true);
    expect(tenth.iterations).toBe(Math.ceil(every.iterations / 10) * 10);
  });
});

describe('histories', () => {
  it('every product with A is counted, whatever the method', () => {
    const A = poisson2d(7, 6);
    const b = Float64Array.from({ length: 42 }, (_, i) => ((i * 5) % 7) - 2);
    const bounds = { lambdaMin: 0.3, lambdaMax: 7.7 };
    for (const solve of [
      (M: LinearOperator, options: SolveOptions) => cg(M, b, options),
      (M: LinearOperator, options: SolveOptions) => minres(M, b, options),
      (M: LinearOperator, options: SolveOptions) => gmres(M, b, { ...options, restart: 6 }),
      (M: LinearOperator, options: SolveOptions) => bicgstab(M, b, options),
      (M: LinearOperator, options: SolveOptions) => chebyshevIteration(M, b, { ...options, ...bounds }),
      (M: LinearOperator, options: SolveOptions) => richardson(M, b, { ...options, ...bounds }),
    ]) {
      for (const options of [{}, { x0: b }, { maxIterations: 5 }, { rtol: 1e-16, maxIterations: 300 }]) {
        let products = 0;
        const M = {
          rows: 42,
          cols: 42,
          apply(x: Float64Array, out: Float64Array) {
            products += 1;
            spmv(A, x, out);
          },
        };
        expect(solve(M, options).matvecs).toBe(products);
      }
    }
  });

  it('a recursion that lies is found out, and ends as stagnated', () => {
    // Products lose what is small: the recursive residual of CG goes on falling, the true one does not.
    const A = poisson1d(24);
    const rough = {
      rows: 24,
      cols: 24,
      apply(x: Float64Array, out: Float64Array) {
        spmv(A, x, out);
        const unit = 1e-5 * norm(x);
        for (let i = 0; i < 24; i++) out[i] = Math.round(out[i] / unit) * unit;
      },
    };
    const result = cg(rough, ones(24), { rtol: 1e-12 });
    expect([result.status, result.converged]).toEqual(['stagnated', false]);
    expect(result.residualNorm).toBeGreaterThan(1e-12 * norm(ones(24)));
    const product = new Float64Array(24);
    rough.apply(result.x, product);
    expect(distance(product, ones(24))).toBeCloseTo(result.residualNorm, 12);
  });

  it('entry k is the norm recomputed from the k-th iterate', () => {
    const A = lShape2d(8);
    const b = Float64Array.from({ length: A.rows }, (_, i) => ((i * 5) % 7) - 2);
    const eisenstat = (M: CsrMatrix, rhs: ArrayLike<number>, o: SolveOptions) =>
      eisenstatSsorCg(M, rhs, { ...o, omega: 1.3 });
    const chebyshev = (M: CsrMatrix, rhs: ArrayLike<number>, o: SolveOptions) =>
      chebyshevIteration(M, rhs, { ...o, lambdaMin: 0.4, lambdaMax: 8 });
    const stepwise = (M: CsrMatrix, rhs: ArrayLike<number>, o: SolveOptions) =>
      richardson(M, rhs, { ...o, alpha: 0.24 });
    for (const solver of [cg, minres, gmres, bicgstab, eisenstat, chebyshev, stepwise]) {
      for (const x0 of [undefined, ones(A.rows)]) {
        const { residualNorms, iterations } = solver(A, b, { x0 });
        // BiCGSTAB may end in the middle of an iteration, which a run without tolerance does not.
        for (const k of [0, 1, 2, 5, solver === bicgstab ? iterations - 1 : iterations]) {
          const x = after(solver as typeof cg, A, b, k, { x0 });
          const slack = 1e-12 * (norm(b) + infinityNorm(A) * norm(x));
          expect(Math.abs(residualNorms[k] - residualNormOf(A, b, x))).toBeLessThanOrEqual(slack);
        }
      }
    }
  });
});
