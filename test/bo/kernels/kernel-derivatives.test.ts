import { describe, expect, it } from 'vitest';
import * as bo from '../../../src/bo/index.js';
import { isTwiceDifferentiable, kernelDerivatives } from '../../../src/bo/kernels/kernel-derivatives.js';
import { symmetricEigen } from '../../../src/linalg/index.js';

const kernels: Record<string, bo.Kernel> = {
  rbf: bo.rbf({ lengthscale: [0.4, 0.7, 0.5] }),
  'matern 5/2': bo.matern52({ lengthscale: [0.4, 0.7, 0.5] }),
  'rational quadratic': bo.rationalQuadratic({ lengthscale: 0.5, alpha: 1.3 }),
  periodic: bo.periodicKernel({ lengthscale: [0.9, 1.1, 1], period: [1.2, 0.8, 1.5] }),
  linear: bo.linearKernel({ variance: [1.5, 0.5, 2], bias: 0.3 }),
  constant: bo.constantKernel(2),
  'some dimensions': bo.rbf({ lengthscale: [0.4, 0.6], activeDims: [2, 0] }),
  scale: bo.scaleKernel(1.7, bo.matern52({ lengthscale: 0.6 })),
  sum: bo.sumKernel(bo.rbf({ lengthscale: 0.5 }), bo.linearKernel({ variance: 1 }), bo.whiteKernel(0.1)),
  product: bo.productKernel(
    bo.matern52({ lengthscale: 0.8, activeDims: [0, 1] }),
    bo.rationalQuadratic({ lengthscale: 0.7, alpha: 2 }),
    bo.linearKernel({ variance: 0.5, bias: 1 }),
  ),
};
const x = Float64Array.of(0.31, 0.72, 0.15);
const z = Float64Array.of(0.55, 0.4, 0.38);
const lists = [[], [0], [1], [2], [0, 0], [0, 1], [1, 2], [2, 2]];

const moved = (point: Float64Array, k: number, by: number) => point.map((value, i) => (i === k ? value + by : value));

describe.each(Object.entries(kernels))('derivatives of the kernel %s', (_, kernel) => {
  it('begin with its value', () => {
    expect(kernelDerivatives(kernel, x, z)([], [])).toBeCloseTo(bo.kernelValue(kernel, x, z), 14);
  });

  it('are the central differences of those one order below', () => {
    const h = 1e-5;
    const at = kernelDerivatives(kernel, x, z);
    for (const a of lists) {
      for (const b of lists) {
        for (let k = 0; k < 3; k++) {
          if (a.length < 2) {
            const [up, down] = [h, -h].map((by) => kernelDerivatives(kernel, moved(x, k, by), z)(a, b));
            const value = at([...a, k], b);
            expect(Math.abs((up - down) / (2 * h) - value)).toBeLessThan(1e-6 * (1 + Math.abs(value)));
          }
          if (b.length < 2) {
            const [up, down] = [h, -h].map((by) => kernelDerivatives(kernel, x, moved(z, k, by))(a, b));
            const value = at(a, [...b, k]);
            expect(Math.abs((up - down) / (2 * h) - value)).toBeLessThan(1e-6 * (1 + Math.abs(value)));
          }
        }
      }
    }
  });

  it('do not depend on the order of a list, and turn with the points', () => {
    const there = kernelDerivatives(kernel, x, z);
    const back = kernelDerivatives(kernel, z, x);
    expect(there([0, 1], [2])).toBeCloseTo(there([1, 0], [2]), 12);
    for (const a of lists) for (const b of lists) expect(there(a, b)).toBeCloseTo(back(b, a), 12);
  });

  it('are a covariance of value, gradient and Hessian at one point', () => {
    const at = kernelDerivatives(kernel, x, x);
    const all = [[], [0], [1], [2], [0, 0], [0, 1], [0, 2], [1, 1], [1, 2], [2, 2]];
    const K = Float64Array.from(all.flatMap((a) => all.map((b) => at(a, b))));
    for (let i = 0; i < 10; i++) for (let j = 0; j < i; j++) expect(K[i * 10 + j]).toBeCloseTo(K[j * 10 + i], 10);
    const { values } = symmetricEigen(K, 10);
    expect(Math.min(...values)).toBeGreaterThan(-1e-10 * Math.max(...values));
  });
});

describe('curvature of a process', () => {
  it('Var f″ is the fourth derivative of the kernel at 0: 3/ℓ⁴ for rbf, 25/ℓ⁴ for Matérn 5/2, 3 (α + 1)/(α ℓ⁴)', () => {
    const at = Float64Array.of(0.3);
    const second = (kernel: bo.Kernel) => kernelDerivatives(kernel, at, at)([0, 0], [0, 0]);
    expect(second(bo.rbf({ lengthscale: 0.5 }))).toBeCloseTo(3 * 16, 10);
    expect(second(bo.matern52({ lengthscale: 0.5 }))).toBeCloseTo(25 * 16, 10);
    expect(second(bo.rationalQuadratic({ lengthscale: 0.5, alpha: 2 }))).toBeCloseTo(3 * 1.5 * 16, 10);
  });

  it('there is none for kernels with a kink or without derivatives', () => {
    const rough: bo.Kernel[] = [
      bo.matern32({ lengthscale: 1 }),
      bo.matern12({ lengthscale: 1 }),
      bo.sumKernel(bo.rbf({ lengthscale: 1 }), bo.matern12({ lengthscale: 1 })),
      bo.scaleKernel(2, bo.hammingKernel({ lengthscale: 1 })),
    ];
    for (const kernel of rough) expect(isTwiceDifferentiable(kernel)).toBe(false);
    expect(() => kernelDerivatives(rough[0], x, z)).toThrow(/matern32/);
  });
});
