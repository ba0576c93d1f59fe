import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  csrFromDense,
  csrPermute,
  graphLaplacian,
  greedyTwoColoring,
  isConsistentlyOrdered,
  lShape2d,
  poisson1d,
  poisson2d,
  poisson3d,
} from '../../../src/linear-solvers/index.js';

const cycle = (n: number) =>
  graphLaplacian(
    n,
    Array.from({ length: n }, (_, i) => [i, (i + 1) % n, 1] as const),
  );

/** All integer vectors g with entries 0 .. n - 1, the slow way. */
function orderedByBruteForce(dense: number[][]): boolean {
  const n = dense.length;
  const g = new Array<number>(n).fill(0);
  const fits = () =>
    dense.every((row, i) =>
      row.every((_, j) => j <= i || (dense[i][j] === 0 && dense[j][i] === 0) || g[j] - g[i] === 1),
    );
  for (let code = 0; code < n ** n; code++) {
    for (let i = 0, c = code; i < n; i++, c = Math.floor(c / n)) g[i] = c % n;
    if (fits()) return true;
  }
  return false;
}

const patterns = fc
  .integer({ min: 1, max: 5 })
  .chain((n) =>
    fc
      .array(fc.boolean(), { minLength: n * n, maxLength: n * n })
      .map((on) =>
        Array.from({ length: n }, (_, i) =>
          Array.from({ length: n }, (__, j) => (i === j ? 4 : on[i * n + j] ? 1 : 0)),
        ),
      ),
  );

describe('greedyTwoColoring', () => {
  it('a grid is a checkerboard that starts with 0', () => {
    const colors = greedyTwoColoring(poisson2d(5, 4));
    expect(Array.from(colors ?? [])).toEqual(Array.from({ length: 20 }, (_, k) => ((k % 5) + Math.floor(k / 5)) % 2));
  });

  it('exists exactly when some colouring has no edge inside a colour', () => {
    fc.assert(
      fc.property(patterns, (dense) => {
        const n = dense.length;
        const edge = (i: number, j: number) => i !== j && (dense[i][j] !== 0 || dense[j][i] !== 0);
        const proper = (color: (i: number) => number) =>
          dense.every((row, i) => row.every((_, j) => !edge(i, j) || color(i) !== color(j)));
        const exists = Array.from({ length: 2 ** n }, (_, bits) => (i: number) => (bits >> i) & 1).some(proper);
        const found = greedyTwoColoring(csrFromDense(dense));
        expect(found !== null).toBe(exists);
        if (found !== null) expect(proper((i) => found[i])).toBe(true);
      }),
    );
  });

  it('an odd cycle has none; a stored zero is no edge', () => {
    expect(greedyTwoColoring(cycle(5))).toBeNull();
    expect(greedyTwoColoring(cycle(6))).not.toBeNull();
  });
});

describe('isConsistentlyOrdered', () => {
  it('agrees with a search over all integer vectors', () => {
    fc.assert(
      fc.property(patterns, (dense) => {
        expect(isConsistentlyOrdered(csrFromDense(dense))).toBe(orderedByBruteForce(dense));
      }),
      { numRuns: 60 },
    );
  });

  it('holds for grids in row order and in red-black order, not for a cycle', () => {
    for (const A of [poisson1d(5), poisson2d(4, 5), poisson3d(3, 3, 2), lShape2d(8)]) {
      expect(isConsistentlyOrdered(A)).toBe(true);
      const colors = Array.from(greedyTwoColoring(A) ?? []);
      const redBlack = [0, 1].flatMap((color) => colors.flatMap((c, i) => (c === color ? [i] : [])));
      expect(isConsistentlyOrdered(csrPermute(A, redBlack))).toBe(true);
    }
    expect(isConsistentlyOrdered(cycle(4))).toBe(false);
    expect(() => isConsistentlyOrdered(csrFromDense([[1, 2]]))).toThrow(/^A must be square/);
  });
});
