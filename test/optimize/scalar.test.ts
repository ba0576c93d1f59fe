import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  bisect,
  brentMinimize,
  brentRoot,
  goldenSectionMinimize,
  minimizeNewton,
  newtonRoot,
  type ValueGradientHessian,
} from '../../src/optimize/index.js';

describe('roots', () => {
  const methods: [string, typeof brentRoot][] = [
    ['brentRoot', brentRoot],
    ['bisect', bisect],
    [
      'newtonRoot',
      (f, low, high, options) => newtonRoot(f, (x) => (f(x + 1e-6) - f(x - 1e-6)) / 2e-6, low, high, options),
    ],
  ];

  test.each(methods)('%s finds the roots of cubics through a known point', (_, method) => {
    fc.assert(
      fc.property(
        fc.double({ min: -2, max: 3, noNaN: true }).map((x) => (Math.abs(x) < 0.01 ? 0.01 : x)),
        fc.double({ min: 0.01, max: 4, noNaN: true }),
        (root, a) => {
          const f = (x: number) => (x - root) * ((x - root) * (x - root) + a);
          const { x, converged, value } = method(f, -2.5, 3.5);
          expect(converged).toBe(true);
          expect(Math.abs(x - root)).toBeLessThanOrEqual(8 * 2 ** -52 * (1 + Math.abs(root)));
          expect(value).toBe(f(x));
        },
      ),
    );
  });

  test.each(methods)('%s takes a root at an end, either sign, and the bracket in any order', (_, method) => {
    expect(method((x) => x, 0, 1).x).toBe(0);
    expect(method((x) => x - 1, 0, 1).x).toBe(1);
    expect(Math.abs(method((x) => 0.3 - x, 0, 1).x - 0.3)).toBeLessThan(1e-15);
    expect(Math.abs(method((x) => x - 0.3, 1, 0).x - 0.3)).toBeLessThan(1e-15);
  });

  test.each(methods)('%s says when it ran out of evaluations', (_, method) => {
    const { status, converged, evaluations } = method((x) => x * x * x - 2, 0, 1e9, { maxEvaluations: 6 });
    expect({ status, converged, evaluations }).toEqual({ status: 'max-evaluations', converged: false, evaluations: 6 });
  });

  test.each(methods)('%s refuses a bracket without a change of sign', (_, method) => {
    expect(() => method((x) => x * x + 1, -1, 1)).toThrow(/^f must change its sign/);
    expect(() => method(() => NaN, -1, 1)).toThrow(/^f must change its sign/);
    expect(() => method((x) => x, NaN, 1)).toThrow(/^low must/);
    expect(() => method((x) => x, -1, 1, { tolerance: -1 })).toThrow(/^tolerance must/);
  });

  test('Brent and Newton need far fewer evaluations than halving', () => {
    const f = (x: number) => Math.exp(x) - 5;
    const halving = bisect(f, 0, 4).evaluations;
    expect(halving).toBeGreaterThan(45);
    expect(brentRoot(f, 0, 4).evaluations).toBeLessThan(15);
    expect(newtonRoot(f, Math.exp, 0, 4).evaluations).toBeLessThan(12);
  });

  test('Newton survives a derivative that is 0, infinite or NaN', () => {
    for (const slope of [0, Infinity, NaN]) {
      const { x, converged } = newtonRoot(
        (t) => t - 0.7,
        () => slope,
        0,
        2,
      );
      expect(converged).toBe(true);
      expect(Math.abs(x - 0.7)).toBeLessThan(1e-15);
    }
    // the tangent at the middle of arctan leads out of the bracket
    expect(Math.abs(newtonRoot(Math.atan, (t) => 1 / (1 + t * t), -3, 40).x)).toBeLessThan(1e-15);
  });

  test('a triple root is found to the cube root of the rounding error', () => {
    const f = (x: number) => (x - 1) * (x - 1) * (x - 1);
    for (const [, method] of methods) expect(Math.abs(method(f, 0, 3).x - 1)).toBeLessThan(1e-5);
  });
});

describe('minima on an interval', () => {
  test('golden section shrinks the bracket by (√5 - 1)/2 an evaluation and keeps the minimum inside', () => {
    fc.assert(
      fc.property(fc.double({ min: 0, max: 1, noNaN: true }), fc.integer({ min: 2, max: 40 }), (m, evaluations) => {
        const {
          x,
          bracket,
          evaluations: used,
        } = goldenSectionMinimize((t) => Math.abs(t - m), { low: 0, high: 1, evaluations });
        expect(used).toBe(evaluations);
        expect(m).toBeGreaterThanOrEqual(bracket[0] - 1e-12);
        expect(m).toBeLessThanOrEqual(bracket[1] + 1e-12);
        expect(x).toBe(0.5 * (bracket[0] + bracket[1]));
        expect(Math.abs((bracket[1] - bracket[0]) / ((Math.sqrt(5) - 1) / 2) ** (evaluations - 2) - 1)).toBeLessThan(
          1e-5,
        );
      }),
    );
  });

  test('Brent finds a smooth minimum to √ε in few evaluations, and one at an end', () => {
    const smooth = brentMinimize((x) => Math.cos(x), 1, 6);
    expect(smooth.converged).toBe(true);
    expect(Math.abs(smooth.x - Math.PI)).toBeLessThan(1e-7);
    expect(smooth.evaluations).toBeLessThan(20);
    expect(brentMinimize((x) => x, 2, 5).x).toBeLessThan(2 + 1e-6);
    expect(brentMinimize((x) => Math.abs(x - 1), -3, 8).x).toBeCloseTo(1, 6);
    expect(brentMinimize((x) => x * x, -1, 2, { maxEvaluations: 3 }).status).toBe('max-evaluations');
  });

  test('wrong intervals and options are refused by name', () => {
    expect(() => goldenSectionMinimize((x) => x, { low: 1, high: 0 })).toThrow(/^high must/);
    expect(() => goldenSectionMinimize((x) => x, { low: 0, high: 1, evaluations: 1 })).toThrow(/^evaluations must/);
    expect(() => brentMinimize((x) => x, 0, NaN)).toThrow(/^high must/);
    expect(() => brentMinimize((x) => x, 0, 1, { tolerance: 0 })).toThrow(/^tolerance must/);
  });
});

describe('minimizeNewton', () => {
  const rosenbrock: ValueGradientHessian = ([x, y], g, H) => {
    g[0] = -400 * x * (y - x * x) - 2 * (1 - x);
    g[1] = 200 * (y - x * x);
    H[0] = 1200 * x * x - 400 * y + 2;
    H[1] = NaN; // the upper half is not read
    H[2] = -400 * x;
    H[3] = 200;
    return 100 * (y - x * x) ** 2 + (1 - x) ** 2;
  };

  test('takes one step for a quadratic and few for the function of Rosenbrock', () => {
    const { x, converged, iterations, value } = minimizeNewton(rosenbrock, [-1.2, 1]);
    expect(converged).toBe(true);
    expect(iterations).toBeLessThan(30);
    expect(value).toBeLessThan(1e-20);
    expect(Math.max(Math.abs(x[0] - 1), Math.abs(x[1] - 1))).toBeLessThan(1e-9);
    const once = minimizeNewton((p, g, H) => ((g[0] = p[0] - 3), (H[0] = 1), 0.5 * (p[0] - 3) ** 2), [100]);
    expect({ x: [...once.x], iterations: once.iterations, shift: once.shift }).toEqual({
      x: [3],
      iterations: 1,
      shift: 0,
    });
  });

  test('leaves a saddle by a shifted Hessian', () => {
    // x⁴/4 - x²/2 + y²/2: saddle at 0, minima at (±1, 0)
    const f: ValueGradientHessian = ([x, y], g, H) => {
      g[0] = x * x * x - x;
      g[1] = y;
      H.set([3 * x * x - 1, 0, 0, 1]);
      return x ** 4 / 4 - (x * x) / 2 + (y * y) / 2;
    };
    const { x, shift, converged } = minimizeNewton(f, [0.01, 1]);
    expect(converged).toBe(true);
    expect(shift).toBeGreaterThan(1 - 3e-4);
    expect(Math.abs(x[0] - 1)).toBeLessThan(1e-8);
  });

  test('halves its step where f is not finite, and says why it stopped', () => {
    const barrier: ValueGradientHessian = ([x], g, H) => {
      g[0] = 1 - 1 / x;
      H[0] = 1 / (x * x);
      return x > 0 ? x - Math.log(x) : NaN;
    };
    expect(Math.abs(minimizeNewton(barrier, [1.9]).x[0] - 1)).toBeLessThan(1e-8);
    expect(Math.abs(minimizeNewton(barrier, [30]).x[0] - 1)).toBeLessThan(1e-8);
    expect(minimizeNewton(barrier, [-1]).status).toBe('non-finite');
    expect(minimizeNewton(barrier, [30], { maxIterations: 1 }).status).toBe('max-iterations');
    expect(minimizeNewton((p, g, H) => ((g[0] = -p[0]), (H[0] = 1), p[0] * p[0]), [1]).status).toBe('line-search');
    expect(minimizeNewton(barrier, [30], { gradientTolerance: 0, functionTolerance: 1e-3 }).status).toBe('function');
    expect(() => minimizeNewton(barrier, [NaN])).toThrow(/^x0\[0\]/);
    expect(() => minimizeNewton(barrier, [1], { maxIterations: -1 })).toThrow(/^maxIterations/);
  });
});
