import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { linearProgram } from '../../src/optimize/index.js';

const dotOf = (a: ArrayLike<number>, b: ArrayLike<number>) => Array.from(a).reduce((s, x, i) => s + x * b[i], 0);

/** The least cost over all vertices by brute force: every choice of n active constraints out of rows and signs. */
function bestVertex(c: number[], A: number[][], b: number[]): number {
  const n = c.length;
  const rows = [...A, ...c.map((_, i) => c.map((__, j) => (i === j ? -1 : 0)))];
  const bounds = [...b, ...c.map(() => 0)];
  let best = Infinity;
  const visit = (from: number, chosen: number[]) => {
    if (chosen.length === n) {
      const x = solve(
        chosen.map((r) => rows[r]),
        chosen.map((r) => bounds[r]),
      );
      if (x !== undefined && rows.every((row, r) => dotOf(row, x) <= bounds[r] + 1e-9))
        best = Math.min(best, dotOf(c, x));
      return;
    }
    for (let r = from; r < rows.length; r++) visit(r + 1, [...chosen, r]);
  };
  visit(0, []);
  return best;
}

function solve(A: number[][], b: number[]): number[] | undefined {
  const n = b.length;
  const m = A.map((row, i) => [...row, b[i]]);
  for (let k = 0; k < n; k++) {
    let p = k;
    for (let i = k; i < n; i++) if (Math.abs(m[i][k]) > Math.abs(m[p][k])) p = i;
    if (Math.abs(m[p][k]) < 1e-10) return undefined;
    [m[k], m[p]] = [m[p], m[k]];
    for (let i = 0; i < n; i++) if (i !== k) m[i] = m[i].map((x, j) => x - (m[k][j] * m[i][k]) / m[k][k]);
  }
  return m.map((row, i) => row[n] / row[i]);
}

const whole = fc.integer({ min: -4, max: 4 });

describe('linearProgram', () => {
  test('agrees with brute force over vertices, and the duals prove it optimal', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 3 }).chain((n) =>
          fc.record({
            c: fc.array(whole, { minLength: n, maxLength: n }),
            A: fc.array(fc.array(whole, { minLength: n, maxLength: n }), { minLength: 1, maxLength: 4 }),
            b: fc.array(fc.integer({ min: -3, max: 6 }), { minLength: 4, maxLength: 4 }),
          }),
        ),
        ({ c, A, b }) => {
          // a box makes the program bounded
          const matrix = [...A, c.map(() => 1)];
          const bound = [...b.slice(0, A.length), 10];
          const result = linearProgram(c, { upper: { matrix, bound } });
          const best = bestVertex(c, matrix, bound);
          if (result.status === 'infeasible') {
            expect(best).toBe(Infinity);
            return;
          }
          expect(result.status).toBe('optimal');
          expect(Math.abs(result.value - best)).toBeLessThan(1e-8);
          for (const x of result.x) expect(x).toBeGreaterThanOrEqual(0);
          matrix.forEach((row, i) => expect(dotOf(row, result.x)).toBeLessThanOrEqual(bound[i] + 1e-9));
          // weak duality at equality: y <= 0, Aᵀ y <= c, b·y = c·x
          const y = result.dual.upper;
          for (const value of y) expect(value).toBeLessThanOrEqual(1e-9);
          c.forEach((cost, j) =>
            expect(
              dotOf(
                matrix.map((row) => row[j]),
                y,
              ),
            ).toBeLessThanOrEqual(cost + 1e-8),
          );
          expect(Math.abs(dotOf(bound, y) - result.value)).toBeLessThan(1e-7);
        },
      ),
      { numRuns: 500 },
    );
  });

  test('equalities: a transport of goods, with a redundant row', () => {
    // two stores (3, 5) to two shops (4, 4), costs 1 2 3 1: ship 3 and then 1, 4
    const matrix = [
      [1, 1, 0, 0],
      [0, 0, 1, 1],
      [1, 0, 1, 0],
      [0, 1, 0, 1],
    ];
    const bound = [3, 5, 4, 4];
    const { x, value, dual, status } = linearProgram([1, 2, 3, 1], { equal: { matrix, bound } });
    expect(status).toBe('optimal');
    expect(x).toEqual(Float64Array.of(3, 0, 1, 4));
    expect(value).toBe(10);
    expect(Math.abs(dotOf(dual.equal, bound) - 10)).toBeLessThan(1e-12);
  });

  test('an equality with a negative right side, and both kinds of rows', () => {
    const { x, dual, value } = linearProgram([2, 3], {
      equal: { matrix: [[-1, -1]], bound: [-4] },
      upper: { matrix: [[1, 0]], bound: [1] },
    });
    expect(x).toEqual(Float64Array.of(1, 3));
    expect(value).toBe(11);
    expect(dual.equal[0] * -4 + dual.upper[0] * 1).toBe(11);
  });

  test('the cycle of Beale ends under the rule of Bland', () => {
    const { x, value, status } = linearProgram([-0.75, 150, -0.02, 6], {
      upper: {
        matrix: [
          [0.25, -60, -0.04, 9],
          [0.5, -90, -0.02, 3],
          [0, 0, 1, 0],
        ],
        bound: [0, 0, 1],
      },
    });
    expect(status).toBe('optimal');
    expect(Math.abs(value + 0.05)).toBeLessThan(1e-15);
    expect(Array.from(x, (v) => Math.round(v * 1e9) / 1e9)).toEqual([0.04, 0, 1, 0]);
  });

  test.each<[string, () => { status: string; value: number; converged: boolean }, string, number]>([
    ['no point', () => linearProgram([1], { upper: { matrix: [[1], [-1]], bound: [1, -2] } }), 'infeasible', Infinity],
    [
      'no point of an equality',
      () => linearProgram([1], { equal: { matrix: [[1], [1]], bound: [1, 2] } }),
      'infeasible',
      Infinity,
    ],
    ['no bound', () => linearProgram([-1, 0], { upper: { matrix: [[0, 1]], bound: [1] } }), 'unbounded', -Infinity],
    [
      'a limit',
      () => linearProgram([-1], { upper: { matrix: [[1]], bound: [1] } }, { maxIterations: 0 }),
      'max-iterations',
      0,
    ],
    ['a degenerate vertex', () => linearProgram([-1], { upper: { matrix: [[1]], bound: [0] } }), 'optimal', 0],
  ])('%s', (_, run, status, value) => {
    const result = run();
    expect(result.status).toBe(status);
    expect(Math.abs(result.value)).toBe(Math.abs(value));
    expect(result.converged).toBe(status === 'optimal');
  });

  test.each<[RegExp, () => unknown]>([
    [/^costs\[0\]/, () => linearProgram([NaN], { upper: { matrix: [[1]], bound: [1] } })],
    [/^constraints/, () => linearProgram([1], {})],
    [/^upper.matrix must have 1 columns/, () => linearProgram([1], { upper: { matrix: [[1, 2]], bound: [1] } })],
    [/^upper.bound must have length 1/, () => linearProgram([1], { upper: { matrix: [[1]], bound: [1, 2] } })],
    [/^equal.matrix\[0\]/, () => linearProgram([1], { equal: { matrix: [[Infinity]], bound: [1] } })],
  ])('%s is told', (message, call) => {
    expect(call).toThrow(RangeError);
    expect(call).toThrow(message);
  });
});
