// What all solvers promise alike: when they stop, what they return, what they refuse.
import { describe, expect, it } from 'vitest';
import {
  bicgstab,
  cg,
  chebyshevIteration,
  csrFromDense,
  eisenstatSsorCg,
  gaussSeidel,
  gmres,
  jacobi,
  minres,
  poisson2d,
  prepareCsr,
  redBlackSor,
  richardson,
  solverWorkspace,
  sor,
  ssor,
  type MatrixInput,
  type SolveOptions,
  type SolveResult,
} from '../../src/linear-solvers/index.js';
import { arraysOf } from '../support/arrays-of.js';
import { norm, residualNormOf } from './matrices.js';

type Solver = (A: MatrixInput, b: ArrayLike<number>, options?: SolveOptions, out?: Float64Array) => SolveResult;

const [low, high] = [4 - 4 * Math.cos(Math.PI / 7), 4 + 4 * Math.cos(Math.PI / 7)];
const SOLVERS: [string, Solver][] = [
  ['jacobi', jacobi],
  ['gaussSeidel', gaussSeidel],
  ['sor', (A, b, options, out) => sor(A, b, { ...options, omega: 1.4 }, out)],
  ['sor backward', (A, b, options, out) => sor(A, b, { ...options, omega: 1.4, direction: 'backward' }, out)],
  ['ssor', (A, b, options, out) => ssor(A, b, { ...options, omega: 1.4 }, out)],
  ['redBlackSor', (A, b, options, out) => redBlackSor(A, b, { ...options, omega: 1.4 }, out)],
  ['richardson', (A, b, options, out) => richardson(A, b, { ...options, lambdaMin: low, lambdaMax: high }, out)],
  [
    'chebyshevIteration',
    (A, b, options, out) => chebyshevIteration(A, b, { ...options, lambdaMin: low, lambdaMax: high }, out),
  ],
  ['cg', cg],
  ['cg with SSOR', (A, b, options, out) => cg(A, b, { ...options, preconditioner: 'ssor:1.4' }, out)],
  ['eisenstatSsorCg', (A, b, options, out) => eisenstatSsorCg(A, b, { ...options, omega: 1.4 }, out)],
  ['minres', minres],
  ['gmres', (A, b, options, out) => gmres(A, b, options, out)],
  ['bicgstab', bicgstab],
];
const DIVIDES_BY_DIAGONAL = [
  'jacobi',
  'gaussSeidel',
  'sor',
  'sor backward',
  'ssor',
  'redBlackSor',
  'cg with SSOR',
  'eisenstatSsorCg',
];

const A = poisson2d(6, 6);
const b = Float64Array.from({ length: 36 }, (_, i) => ((i * 5) % 7) - 2);

describe.each(SOLVERS)('%s', (name, solve) => {
  it('stops when the residual is small relative to b, or to the first residual, or absolutely', () => {
    const rhs = solve(A, b);
    expect([rhs.status, rhs.converged]).toEqual(['converged-rtol', true]);
    expect(rhs.residualNorm).toBeLessThanOrEqual(1e-8 * norm(b));
    expect(residualNormOf(A, b, rhs.x)).toBeLessThan(1.0001e-8 * norm(b));
    expect(rhs.residualNorms.length).toBe(rhs.iterations + 1);
    expect(rhs.residualNorms[0]).toBeCloseTo(norm(b), 12);
    expect(rhs.residualNorms[rhs.iterations]).toBe(rhs.residualNorm);
    expect(rhs.matvecs).toBeGreaterThanOrEqual(rhs.iterations);
    expect(rhs.flops).toBeGreaterThan(2 * 156 * rhs.iterations);
    const x0 = new Float64Array(36).fill(50);
    const initial = solve(A, b, { x0, relativeTo: 'initial', rtol: 1e-6 });
    expect(initial.residualNorm).toBeLessThanOrEqual(1e-6 * residualNormOf(A, b, x0) * (1 + 1e-12));
    expect(initial.residualNorm).toBeGreaterThan(1e-8 * norm(b));
    expect(initial.converged).toBe(true);
    const absolute = solve(A, b, { rtol: 0, atol: 1e-5 });
    expect(absolute.status).toBe('converged-atol');
    expect(absolute.residualNorm).toBeLessThanOrEqual(1e-5);
    // Both in one test count as the relative one.
    expect(solve(A, b, { rtol: 0.5, atol: 1e9 }).status).toBe('converged-atol');
    expect(solve(A, b, { rtol: 1, atol: 1e9 }).status).toBe('converged-rtol');
  });

  it('returns a copy of x0 at once when it is good enough', () => {
    const { x } = solve(A, b, { rtol: 1e-10 });
    const again = solve(A, b, { x0: x });
    expect([again.iterations, again.converged]).toEqual([0, true]);
    expect(again.x).toEqual(x);
    expect(again.x).not.toBe(x);
  });

  it('answers b = 0 with x = 0 whatever x0 is, and an empty system with nothing', () => {
    const zero = solve(A, new Float64Array(36), { x0: b });
    expect([zero.status, zero.iterations, zero.converged, norm(zero.x)]).toEqual(['zero-rhs', 0, true, 0]);
    const empty = solve(csrFromDense([]), []);
    expect([empty.status, empty.x.length]).toEqual(['zero-rhs', 0]);
  });

  it('tells of every iterate, and stops when told to', () => {
    const seen: [number, number][] = [];
    const full = solve(A, b, { onIteration: (k, r) => void seen.push([k, r]) });
    expect(seen.map(([k]) => k)).toEqual(Array.from({ length: full.iterations + 1 }, (_, k) => k));
    expect(seen.map(([, r]) => r)).toEqual(Array.from(full.residualNorms));
    const stopped = solve(A, b, { onIteration: (k) => k < 3 });
    expect([stopped.status, stopped.iterations, stopped.converged]).toEqual(['stopped-by-callback', 3, false]);
    expect(residualNormOf(A, b, stopped.x)).toBeCloseTo(stopped.residualNorm, 12);
  });

  it('stops when aborted', () => {
    const controller = new AbortController();
    const result = solve(A, b, {
      signal: controller.signal,
      onIteration: (k) => {
        if (k === 2) controller.abort();
      },
    });
    expect([result.status, result.iterations, result.converged]).toEqual(['aborted', 2, false]);
  });

  it('stops at the limit of iterations with the status of it', () => {
    const result = solve(A, b, { maxIterations: 2 });
    expect([result.status, result.iterations, result.converged]).toEqual(['max-iterations', 2, false]);
    expect(solve(A, b, { maxIterations: 0 }).x).toEqual(new Float64Array(36));
  });

  it('gives the same bits with a workspace, an output vector and a prepared matrix', () => {
    const fresh = solve(A, b);
    const workspace = solverWorkspace();
    solve(poisson2d(3, 3), new Float64Array(9).fill(1), { workspace });
    const out = new Float64Array(36);
    const kept = solve(prepareCsr(A), b, { workspace }, out);
    expect(kept.x).toBe(out);
    expect(kept.x).toEqual(fresh.x);
    expect(Array.from(kept.residualNorms)).toEqual(Array.from(fresh.residualNorms));
    const silent = solve(A, b, { recordResiduals: false });
    expect([silent.residualNorms.length, silent.residualNorm]).toEqual([0, fresh.residualNorm]);
    expect(silent.x).toEqual(fresh.x);
  });

  it('allocates nothing an iteration: with a workspace and an output vector, no vector at all', () => {
    const workspace = solverWorkspace();
    const prepared = prepareCsr(A);
    const out = new Float64Array(36);
    const vectorsOf = (work: () => unknown) => arraysOf(work, ['Float64Array', 'Int32Array']);
    const solveFor = (maxIterations: number) => solve(prepared, b, { workspace, rtol: 0, maxIterations }, out);
    solveFor(6); // the workspace grows
    const kept = [...workspace.vectors.values()];
    expect(vectorsOf(() => solveFor(6))).toBe(0);
    expect([...workspace.vectors.values()].every((vector, i) => vector === kept[i])).toBe(true);
    // Without a workspace there is a start, of which no more is taken for more iterations.
    const vectorsFor = (maxIterations: number) => vectorsOf(() => solve(prepared, b, { rtol: 0, maxIterations }));
    expect(vectorsFor(6)).toBe(vectorsFor(2));
    expect(vectorsFor(2)).toBeGreaterThan(0); // the count counts
  });

  it('does not touch its inputs, and x0 may be the output', () => {
    const x0 = Float64Array.from(b, (v) => v / 3);
    const copies = [A.values.slice(), b.slice(), x0.slice()];
    const result = solve(A, b, { x0 });
    expect([A.values, b, x0]).toEqual(copies);
    expect(solve(A, b, { x0 }, x0).x).toBe(x0);
    expect(x0).toEqual(result.x);
  });

  it('never returns NaN as an answer, however large or small the numbers', () => {
    for (const factor of [1e-300, 1e-160, 1e160, 1e300]) {
      const result = solve(
        A,
        b.map((v) => v * factor),
      );
      expect(result.converged).toBe(true);
      expect(result.x.every(Number.isFinite)).toBe(true);
      const plain = solve(A, b).x;
      result.x.forEach((v, i) => expect(v / factor).toBeCloseTo(plain[i], 6));
    }
  });

  it('refuses bad arguments by name', () => {
    const bad: [SolveOptions, RegExp][] = [
      [{ rtol: -1 }, /^rtol must/],
      [{ rtol: NaN }, /^rtol must/],
      [{ atol: -1e-9 }, /^atol must/],
      [{ rtol: 0 }, /^maxIterations must be given/],
      [{ maxIterations: -1 }, /^maxIterations must/],
      [{ maxIterations: 1.5 }, /^maxIterations must/],
      [{ divergenceFactor: 0 }, /^divergenceFactor must/],
      [{ relativeTo: 'x' as never }, /^relativeTo must/],
      [{ x0: [1, 2] }, /^x0 must have length 36/],
      [{ x0: b.map((v, i) => (i === 4 ? NaN : v)) }, /^x0\[4\] must be finite|^x0/],
    ];
    for (const [options, message] of bad) {
      expect(() => solve(A, b, options)).toThrow(RangeError);
      expect(() => solve(A, b, options)).toThrow(message);
    }
    expect(() => solve(A, [1, 2])).toThrow(/^b must have length 36/);
    expect(() =>
      solve(
        A,
        b.map((v, i) => (i === 2 ? Infinity : v)),
      ),
    ).toThrow(/^b/);
    expect(() =>
      solve(
        [
          [1, 2, 3],
          [4, 5, 6],
        ],
        [1, 2],
      ),
    ).toThrow(/^A must be square, got 2 x 3/);
    expect(() => solve({ ...A, values: A.values.map((v, k) => (k === 7 ? NaN : v)) }, b)).toThrow(RangeError);
    expect(() => solve('A' as never, b)).toThrow(TypeError);
    expect(() => solve(A, b, {}, new Float64Array(3))).toThrow(/^out must have length 36/);
    expect(() => solve(A, b, {}, [] as never)).toThrow(TypeError);
    if (DIVIDES_BY_DIAGONAL.includes(name)) {
      expect(() =>
        solve(
          [
            [1, 1],
            [1, 0],
          ],
          [1, 1],
        ),
      ).toThrow('A must have a nonzero diagonal, got none in row 1');
    }
  });
});

describe('divergence', () => {
  it('is a status, not an exception', () => {
    const indefinite = csrFromDense([
      [1, 3],
      [3, 1],
    ]);
    for (const solver of [jacobi, gaussSeidel] as Solver[]) {
      const result = solver(indefinite, [1, 2]);
      expect([result.status, result.converged]).toEqual(['diverged', false]);
      expect(result.x.every(Number.isFinite)).toBe(true);
    }
    const beyond = sor(A, b, { omega: 2.5, allowAnyOmega: true });
    expect(beyond.converged).toBe(false);
    expect(() => sor(A, b, { omega: 2.5 })).toThrow('omega must be in (0, 2), got 2.5');
  });

  it('the transient growth of SOR near ω = 2 is waited out', () => {
    const { residualNorms, converged } = sor(poisson2d(10, 10), new Float64Array(100).fill(1), { omega: 1.95 });
    expect(Math.max(...residualNorms)).toBeGreaterThan(2 * residualNorms[0]);
    expect(converged).toBe(true);
  });

  it('an overflow is non-finite, and the last finite iterate is kept', () => {
    const result = jacobi(
      [
        [1, 1e200],
        [1e200, 1],
      ],
      [1, 1],
      { divergenceFactor: Infinity },
    );
    expect([result.status, result.converged]).toEqual(['non-finite', false]);
  });
});
