import { describe, expect, it } from 'vitest';
import {
  convectionDiffusion2d,
  csrAdd,
  csrIsSymmetric,
  csrToDense,
  graphLaplacian,
  heatStep2d,
  lShape2d,
  poisson1d,
  poisson2d,
  poisson3d,
  poissonMasked2d,
  randomSpd,
  spmv,
  type CsrMatrix,
} from '../../../src/linear-solvers/index.js';
import { symmetricEigen } from '../../../src/linalg/index.js';
import { createRng } from '../../../src/random/index.js';
import { distance } from '../matrices.js';

const spectrum = (A: CsrMatrix) => Array.from(symmetricEigen(csrToDense(A), A.rows).values).sort((a, b) => a - b);
const kron = (A: number[][], B: number[][]) =>
  A.flatMap((ra) => B.map((rb) => ra.flatMap((a) => rb.map((b) => a * b))));
const eye = (n: number) => Array.from({ length: n }, (_, i) => Array.from({ length: n }, (__, j) => (i === j ? 1 : 0)));
const plus = (A: number[][], B: number[][]) => A.map((row, i) => row.map((v, j) => v + B[i][j]));
const dense = (A: CsrMatrix) => csrToDense(A, { nested: true });

describe('Poisson matrices', () => {
  it('have the eigenvalues Σ 2 - 2 cos(π k/(n + 1))', () => {
    const line = (n: number) => Array.from({ length: n }, (_, k) => 2 - 2 * Math.cos((Math.PI * (k + 1)) / (n + 1)));
    const plane = line(4).flatMap((a) => line(3).map((b) => a + b));
    const space = plane.flatMap((a) => line(2).map((b) => a + b));
    const ascending = (x: number[]) => x.sort((a, b) => a - b);
    expect(distance(spectrum(poisson1d(7)), ascending(line(7)))).toBeLessThan(1e-12);
    expect(distance(spectrum(poisson2d(4, 3)), ascending(plane))).toBeLessThan(1e-12);
    expect(distance(spectrum(poisson3d(4, 3, 2)), ascending(space))).toBeLessThan(1e-12);
  });

  it('are Kronecker sums of the one-dimensional matrix, with either boundary', () => {
    for (const boundary of ['dirichlet', 'neumann'] as const) {
      const T = (n: number) => dense(poisson1d(n, { boundary }));
      const P = plus(kron(eye(3), T(4)), kron(T(3), eye(4)));
      expect(
        dense(poisson2d(4, 3, { boundary }))
          .flat()
          .map((v) => v + 0),
      ).toEqual(P.flat().map((v) => v + 0));
    }
  });

  it('with Neumann boundary annihilate constants; a shift adds to the diagonal', () => {
    const ones = (n: number) => new Float64Array(n).fill(1);
    expect(Math.max(...spmv(poisson2d(5, 4, { boundary: 'neumann' }), ones(20)).map(Math.abs))).toBe(0);
    expect(Math.max(...spmv(poisson3d(2, 3, 4, { boundary: 'neumann' }), ones(24)).map(Math.abs))).toBe(0);
    const shifted = csrAdd(1, poisson2d(3, 3, { shift: 0.25 }), -1, poisson2d(3, 3));
    expect(dense(shifted)).toEqual(eye(9).map((row) => row.map((v) => v * 0.25)));
  });

  it('on the whole square with a mask is the plain one, and the L-shapes have 75 and 675 cells', () => {
    expect(poissonMasked2d(Array.from({ length: 4 }, () => [1, 1, 1]))).toEqual(poisson2d(3, 4));
    expect(lShape2d(12).rows).toBe(75);
    expect(lShape2d(32).rows).toBe(675);
    expect(csrIsSymmetric(lShape2d(12))).toBe(true);
    expect(() => lShape2d(7)).toThrow(/^size must be even/);
    expect(() => poissonMasked2d([[0, 0]])).toThrow(/^mask must have a true cell/);
    expect(() => poissonMasked2d([[1], [1, 1]])).toThrow(/^mask\[1\] must have length 1/);
  });

  it('refuse sizes that are no positive integers', () => {
    expect(() => poisson1d(0)).toThrow(/^n must/);
    expect(() => poisson2d(2, 1.5)).toThrow(/^ny must/);
    expect(() => poisson3d(2, 2, -1)).toThrow(/^nz must/);
    expect(() => poisson2d(2, 2, { boundary: 'robin' as never })).toThrow(/^boundary must/);
    expect(() => poisson2d(2, 2, { shift: NaN })).toThrow(/^shift must/);
  });
});

describe('other model problems', () => {
  it('a heat step is I + (κ dt / 2) h⁻² P, or twice as much', () => {
    const P = poisson2d(4, 4);
    const I = csrAdd(0, P, 1, randomSpd(16, { conditionNumber: 1, density: 0.5 }, createRng(1)));
    const options = { nx: 5, diffusivity: 0.3, dt: 0.01 };
    const k = 0.3 * 0.01 * 25;
    const off = (A: CsrMatrix, factor: number) => distance(csrToDense(csrAdd(1, I, factor, P)), csrToDense(A));
    expect(off(heatStep2d(options), k / 2)).toBeLessThan(1e-15);
    expect(off(heatStep2d({ ...options, scheme: 'backward-euler' }), k)).toBeLessThan(1e-15);
    expect(() => heatStep2d({ ...options, nx: 1 })).toThrow(/^nx must/);
    expect(() => heatStep2d({ ...options, dt: 0 })).toThrow(/^dt must/);
    expect(() => heatStep2d({ ...options, diffusivity: -1 })).toThrow(/^diffusivity must/);
    expect(() => heatStep2d({ ...options, scheme: 'euler' as never })).toThrow(/^scheme must/);
  });

  it('convection is the skew part', () => {
    const A = convectionDiffusion2d(3, 3, { px: 0.5, py: -0.25 });
    const middle = dense(A)[4];
    expect(middle).toEqual([0, -0.875, 0, -1.25, 4, -0.75, 0, -1.125, 0]);
    expect(dense(convectionDiffusion2d(3, 2, { px: 0, py: 0 }))).toEqual(dense(poisson2d(3, 2)));
  });

  it('the Laplacian of a graph is the sum over edges of w (e_i - e_j)(e_i - e_j)ᵀ', () => {
    const A = graphLaplacian(4, [
      [0, 1, 2],
      [1, 2, 3],
      [0, 1, 1],
      [3, 3, 9],
    ]);
    expect(dense(A).map((row) => row.map((v) => v + 0))).toEqual([
      [3, -3, 0, 0],
      [-3, 6, -3, 0],
      [0, -3, 3, 0],
      [0, 0, 0, 0],
    ]);
    expect(() => graphLaplacian(2, [[0, 2, 1]])).toThrow(RangeError);
  });
});

describe('randomSpd', () => {
  it('has the condition number asked for', () => {
    for (const density of [0.1, 0.4, 1]) {
      for (const conditionNumber of [1, 3, 1e4]) {
        const A = randomSpd(20, { density, conditionNumber }, createRng(density * 10 + conditionNumber));
        expect(csrIsSymmetric(A)).toBe(true);
        const values = spectrum(A);
        expect(values[0]).toBeGreaterThan(0);
        expect(values[19] / values[0] / conditionNumber).toBeCloseTo(1, 7);
      }
    }
  });

  it('checks its arguments', () => {
    expect(() => randomSpd(0, {}, createRng(1))).toThrow(/^n must/);
    expect(() => randomSpd(3, { density: 0 }, createRng(1))).toThrow(/^density must/);
    expect(() => randomSpd(3, { conditionNumber: 0.5 }, createRng(1))).toThrow(/^conditionNumber must/);
    expect(randomSpd(1, {}, createRng(1)).values).toEqual(Float64Array.of(1));
  });
});
