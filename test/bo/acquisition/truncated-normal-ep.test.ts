import { describe, expect, it } from 'vitest';
import { truncatedNormalEp, type OneSidedCondition } from '../../../src/bo/index.js';
import { normalCdf, normalPdf } from '../../../src/special/index.js';

/** Mean and variance of N(m, v) times `weight`, by the trapezoid rule over ±12 deviations. */
function tilted(m: number, v: number, weight: (z: number) => number) {
  const s = Math.sqrt(v);
  let [mass, first, second] = [0, 0, 0];
  const N = 400000;
  for (let i = 0; i <= N; i++) {
    const z = m - 12 * s + (24 * s * i) / N;
    const p = normalPdf((z - m) / s) * weight(z);
    mass += p;
    first += p * z;
    second += p * z * z;
  }
  const mean = first / mass;
  return { mean, variance: second / mass - mean * mean };
}

describe('a normal vector under one-sided conditions', () => {
  it.each([
    [0.3, 2, 1, 0.5, 0],
    [-1, 0.5, 1, 1, 0],
    [0.3, 2, -1, -0.5, 0.7],
    [2, 1, 1, -1, 1e-3],
    [0, 1, -1, 0, 4],
  ] as const)('one condition is met exactly: N(%d, %d), side %d of %d, softness %d', (m, v, side, bound, softness) => {
    const ep = truncatedNormalEp([m], [[v]], [{ index: 0, side, bound, softness }]);
    const exact = tilted(m, v, (z) =>
      softness > 0 ? normalCdf((side * (z - bound)) / Math.sqrt(softness)) : side * (z - bound) > 0 ? 1 : 0,
    );
    expect(ep.mean[0]).toBeCloseTo(exact.mean, 4);
    expect(ep.covariance[0]).toBeCloseTo(exact.variance, 4);
    expect(ep.converged).toBe(true);
  });

  it('independent coordinates do not notice each other', () => {
    const both: OneSidedCondition[] = [
      { index: 0, side: 1, bound: 0 },
      { index: 1, side: -1, bound: 0.5 },
    ];
    const mean = [0.2, -0.3];
    const ep = truncatedNormalEp(
      mean,
      [
        [1, 0],
        [0, 2],
      ],
      both,
    );
    both.forEach((condition, i) => {
      const alone = truncatedNormalEp([mean[i]], [[i + 1]], [{ ...condition, index: 0 }]);
      expect(ep.mean[i]).toBeCloseTo(alone.mean[0], 12);
      expect(ep.covariance[3 * i]).toBeCloseTo(alone.covariance[0], 12);
    });
  });

  it.each([-0.6, -0.2, 0.3, 0.8])('near the exact mean of the positive quadrant at correlation %d', (rho) => {
    const ep = truncatedNormalEp(
      [0, 0],
      [
        [1, rho],
        [rho, 1],
      ],
      [0, 1].map((index) => ({ index, side: 1, bound: 0 })),
    );
    // E[z_1 | both positive] = (1 + ρ)/(2 √(2π) P), P = 1/4 + asin(ρ)/(2π).
    const P = 0.25 + Math.asin(rho) / (2 * Math.PI);
    const exact = (1 + rho) / (2 * Math.sqrt(2 * Math.PI) * P);
    expect(Math.abs(ep.mean[0] / exact - 1)).toBeLessThan(0.02);
    expect(ep.mean[1]).toBeCloseTo(ep.mean[0], 9);
    expect(ep.converged).toBe(true);
  });

  it('sites and result agree: (V⁻¹ + diag τ)⁻¹, and conditions only take variance away', () => {
    const V = [
      [1, 0.5, 0.2],
      [0.5, 2, -0.3],
      [0.2, -0.3, 1.5],
    ];
    const ep = truncatedNormalEp([0.5, -1, 0.2], V, [
      { index: 0, side: 1, bound: 1 },
      { index: 0, side: -1, bound: 2 },
      { index: 2, side: -1, bound: 0, softness: 0.5 },
    ]);
    expect(ep.precision[1]).toBe(0);
    // C (V⁻¹ + T) = 1, so C + C T V = V.
    for (let i = 0; i < 3; i++) {
      for (let j = 0; j < 3; j++) {
        let value = ep.covariance[i * 3 + j];
        for (let k = 0; k < 3; k++) value += ep.covariance[i * 3 + k] * ep.precision[k] * V[k][j];
        expect(value).toBeCloseTo(V[i][j], 9);
      }
      expect(ep.covariance[i * 4]).toBeLessThanOrEqual(V[i][i]);
    }
  });

  it('far in the tail the coordinate sits on its bound', () => {
    const ep = truncatedNormalEp([-1e6], [[1]], [{ index: 0, side: 1, bound: 0 }]);
    // Mean 1/a and variance 1/a² of an exponential law, a = 1e6.
    expect(ep.mean[0] * 1e6).toBeCloseTo(1, 3);
    expect(ep.covariance[0] * 1e12).toBeCloseTo(1, 3);
  });

  it('leaves alone what is known, and what has no condition', () => {
    const ep = truncatedNormalEp(
      [1, 2],
      [
        [0, 0],
        [0, 1],
      ],
      [{ index: 0, side: -1, bound: 0 }],
    );
    expect([...ep.mean]).toEqual([1, 2]);
    expect([...ep.covariance]).toEqual([0, 0, 0, 1]);
    expect(truncatedNormalEp([], [], []).converged).toBe(true);
  });

  it.each([
    ['covariance', () => truncatedNormalEp([0], [[1, 0]], [])],
    ['mean', () => truncatedNormalEp([NaN], [[1]], [])],
    ['conditions\\[0\\].index', () => truncatedNormalEp([0], [[1]], [{ index: 1, side: 1, bound: 0 }])],
    ['conditions\\[0\\].side', () => truncatedNormalEp([0], [[1]], [{ index: 0, side: 0 as 1, bound: 0 }])],
    ['conditions\\[0\\].bound', () => truncatedNormalEp([0], [[1]], [{ index: 0, side: 1, bound: NaN }])],
    [
      'conditions\\[0\\].softness',
      () => truncatedNormalEp([0], [[1]], [{ index: 0, side: 1, bound: 0, softness: -1 }]),
    ],
    ['maxSweeps', () => truncatedNormalEp([0], [[1]], [], { maxSweeps: 0 })],
  ])('refuses a bad %s', (name, call) => {
    expect(call).toThrow(new RegExp(`^${name}`));
  });
});
