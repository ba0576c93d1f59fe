import { describe, expect, it } from 'vitest';
import { createRng, sampleNormal } from '../../../src/random/index.js';
import {
  cg,
  geometricMultigrid2d,
  heatStep2d,
  multigridPreconditioner,
  poisson2d,
} from '../../../src/linear-solvers/index.js';
import { denseSolve, distance, norm, residualNormOf } from '../matrices.js';

const random = (n: number, seed: number) => {
  const rng = createRng(seed);
  return Float64Array.from({ length: n }, () => sampleNormal(rng));
};

describe('V-cycles', () => {
  it.each([
    [1, 1, 0.13, 8],
    [2, 1, 0.09, 7],
  ])('V(%d, %d) reduces the residual by less than %d whatever the size', (preSmooth, postSmooth, factor, cycles) => {
    for (const size of [31, 63, 127]) {
      const grid = geometricMultigrid2d(size, { preSmooth, postSmooth });
      const { iterations, residualNorms, converged } = grid.solve(random(size * size, size));
      expect(converged).toBe(true);
      expect(Math.abs(iterations - cycles)).toBeLessThanOrEqual(1);
      const mean = (residualNorms[iterations] / residualNorms[iterations - 4]) ** 0.25;
      expect(mean).toBeLessThan(factor);
    }
  });

  it('with b = 1 takes 9 and 8 cycles', () => {
    const b = new Float64Array(31 * 31).fill(1);
    expect(geometricMultigrid2d(31).solve(b).iterations).toBe(9);
    expect(geometricMultigrid2d(31, { preSmooth: 2 }).solve(b).iterations).toBe(8);
  });

  it('solves the shifted and scaled problem', () => {
    const b = random(49, 1);
    for (const [shift, scale] of [
      [0, 1],
      [0.7, 1],
      [0.2, 3],
    ]) {
      const A = poisson2d(7, 7, { shift });
      const scaled = { ...A, values: A.values.map((v) => v * scale) };
      const { x, residualNorm } = geometricMultigrid2d(7, { shift, scale }).solve(b, { rtol: 1e-12 });
      expect(residualNormOf(scaled, b, x)).toBeLessThan(1e-11);
      expect(residualNorm).toBeLessThanOrEqual(1e-12 * norm(b));
      expect(distance(x, denseSolve(scaled, b))).toBeLessThan(1e-9);
    }
    expect(geometricMultigrid2d(1).solve([8]).x).toEqual(Float64Array.of(2));
  });

  it('is exact at the solution and linear', () => {
    const A = poisson2d(7, 7);
    const b = random(49, 2);
    const solution = Float64Array.from(denseSolve(A, b));
    const grid = geometricMultigrid2d(7);
    expect(distance(grid.cycle(b, solution.slice()), solution)).toBeLessThan(1e-12 * norm(solution));
    const x = random(49, 3);
    const y = random(49, 4);
    const zero = new Float64Array(49);
    const left = grid.cycle(
      zero,
      x.map((v, i) => v + y[i]),
    );
    const right = grid.cycle(zero, x.slice()).map((v, i) => v + grid.cycle(zero, y.slice())[i]);
    expect(distance(left, right)).toBeLessThan(1e-12);
  });

  it('as a preconditioner is symmetric and positive definite, and CG with it needs few iterations', () => {
    const apply = multigridPreconditioner(poisson2d(15, 15));
    const M = (r: Float64Array) => {
      const z = new Float64Array(225);
      apply(r, z);
      return z;
    };
    const inner = (a: Float64Array, b: Float64Array) => a.reduce((s, v, i) => s + v * b[i], 0);
    for (let seed = 0; seed < 10; seed++) {
      const [u, v] = [random(225, seed), random(225, seed + 100)];
      expect(inner(u, M(v))).toBeCloseTo(inner(M(u), v), 10);
      expect(inner(u, M(u))).toBeGreaterThan(0);
    }
    const counts = [15, 31, 63].map((size) => {
      const A = heatStep2d({ nx: size + 1, diffusivity: 1, dt: 0.01 });
      return cg(A, random(size * size, 1), { preconditioner: { kind: 'multigrid' } }).iterations;
    });
    expect(Math.max(...counts)).toBeLessThanOrEqual(8);
  });

  it('refuses other grids', () => {
    expect(() => geometricMultigrid2d(8)).toThrow(/^size must/);
    expect(() => geometricMultigrid2d(7, { preSmooth: -1 })).toThrow(/^preSmooth must/);
    expect(() => geometricMultigrid2d(7, { shift: -1 })).toThrow(/^shift must/);
    expect(() => geometricMultigrid2d(7).solve([1])).toThrow(/^b must have length 49/);
    expect(() => multigridPreconditioner(poisson2d(3, 7))).toThrow(/square grid/);
    expect(() => multigridPreconditioner(poisson2d(7, 7, { boundary: 'neumann' }))).toThrow(RangeError);
  });
});
