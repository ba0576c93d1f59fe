import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { minimizeLbfgsb, minimizeMultiStart, type ValueAndGradient } from '../../src/optimize/index.js';
import { createRng } from '../../src/random/create-rng.js';

const rosenbrock: ValueAndGradient = (x, g) => {
  let value = 0;
  g.fill(0);
  for (let i = 0; i + 1 < x.length; i++) {
    const a = x[i + 1] - x[i] * x[i];
    const b = 1 - x[i];
    value += 100 * a * a + b * b;
    g[i] += -400 * a * x[i] - 2 * b;
    g[i + 1] += 200 * a;
  }
  return value;
};

/** Σ c_i (x_i - t_i)²/2 in a rotated frame: condition number 1e4. */
function quadratic(n: number, seed: number): { f: ValueAndGradient; A: Float64Array; b: Float64Array } {
  const rng = createRng('quadratic', n, seed);
  const A = new Float64Array(n * n);
  for (let k = 0; k < n; k++) {
    const v = Array.from({ length: n }, () => 2 * rng() - 1);
    const weight = Math.pow(10, -4 * (k / n));
    for (let i = 0; i < n; i++) for (let j = 0; j < n; j++) A[i * n + j] += weight * v[i] * v[j];
  }
  const b = Float64Array.from({ length: n }, () => 2 * rng() - 1);
  const f: ValueAndGradient = (x, g) => {
    let value = 0;
    for (let i = 0; i < n; i++) {
      g[i] = -b[i];
      for (let j = 0; j < n; j++) g[i] += A[i * n + j] * x[j];
      value += 0.5 * x[i] * (g[i] - b[i]);
    }
    return value;
  };
  return { f, A, b };
}

const tight = { gradientTolerance: 1e-9, functionTolerance: 0, maxIterations: 2000 };

describe('minimizeLbfgsb', () => {
  test.each([2, 5, 20, 100])('finds the minimum of the function of Rosenbrock in %i dimensions', (n) => {
    const x0 = Float64Array.from({ length: n }, (_, i) => (i % 2 === 0 ? -1.2 : 1));
    const result = minimizeLbfgsb(rosenbrock, x0, tight);
    expect(result.converged).toBe(true);
    // from n = 4 on there is a second local minimum near x_1 = -1; this start does not end there
    for (const x of result.x) expect(Math.abs(x - 1)).toBeLessThan(1e-7);
    expect(result.value).toBeLessThan(1e-14);
  });

  test('the known minimum on a face: Rosenbrock with x <= 1/2 is at (1/2, 1/4)', () => {
    const { x, value } = minimizeLbfgsb(rosenbrock, [-1.2, 1], { ...tight, lower: [-1.5, -1.5], upper: [0.5, 2] });
    expect(x[0]).toBe(0.5);
    expect(Math.abs(x[1] - 0.25)).toBeLessThan(1e-9);
    expect(Math.abs(value - 0.25)).toBeLessThan(1e-12);
  });

  test('meets the conditions of Karush, Kuhn and Tucker for quadratics in random boxes', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 12 }), fc.nat(10000), (n, seed) => {
        const { f } = quadratic(n, seed);
        const rng = createRng('box', seed);
        const lower = Float64Array.from({ length: n }, () => (rng() < 0.3 ? -Infinity : -rng()));
        const upper = Float64Array.from({ length: n }, (_, i) =>
          rng() < 0.3 ? Infinity : Math.max(lower[i], rng() - 0.3),
        );
        const options = { ...tight, gradientTolerance: 1e-7, lower, upper };
        const { x, gradient, status } = minimizeLbfgsb(f, new Float64Array(n), options);
        // where the terms of f are large and cancel, its rounding ends the line search a little before the tolerance
        expect(['gradient', 'function', 'line-search']).toContain(status);
        for (let i = 0; i < n; i++) {
          expect(x[i]).toBeGreaterThanOrEqual(lower[i]);
          expect(x[i]).toBeLessThanOrEqual(upper[i]);
          const moved = Math.min(upper[i], Math.max(lower[i], x[i] - gradient[i]));
          expect(Math.abs(moved - x[i])).toBeLessThanOrEqual(1e-5);
        }
      }),
      { numRuns: 200 },
    );
  });

  test('value and gradient are those of the point returned, and values never rise by more than rounding', () => {
    const values: number[] = [];
    const result = minimizeLbfgsb(rosenbrock, [-1.2, 1], {
      ...tight,
      onIteration: (_, value) => void values.push(value),
    });
    const g = new Float64Array(2);
    expect(result.value).toBe(rosenbrock(result.x, g));
    expect(result.gradient).toEqual(g);
    for (let k = 1; k < values.length; k++) expect(values[k]).toBeLessThanOrEqual(values[k - 1] * (1 + 1e-14));
    expect(values.length).toBe(result.iterations);
  });

  test('a point where f is not finite is a step that was too long', () => {
    // log barrier: minimum of x - log(x) at 1, NaN left of 0
    const barrier: ValueAndGradient = (x, g) => {
      g[0] = 1 - 1 / x[0];
      return x[0] > 0 ? x[0] - Math.log(x[0]) : NaN;
    };
    const { x, converged } = minimizeLbfgsb(barrier, [30], tight);
    expect(converged).toBe(true);
    expect(Math.abs(x[0] - 1)).toBeLessThan(1e-8);
  });

  describe('statuses', () => {
    const sphere: ValueAndGradient = (x, g) => {
      let value = 0;
      for (let i = 0; i < x.length; i++) value += x[i] * (g[i] = x[i]);
      return 0.5 * value;
    };
    test.each<[string, () => string]>([
      ['gradient', () => minimizeLbfgsb(sphere, [0, 0]).status],
      ['gradient', () => minimizeLbfgsb(sphere, [3, 4], { functionTolerance: 0 }).status],
      ['gradient', () => minimizeLbfgsb(sphere, [3], { lower: [3], upper: [3] }).status],
      [
        'function',
        () => minimizeLbfgsb(rosenbrock, [-1.2, 1], { gradientTolerance: 0, functionTolerance: 1e-3 }).status,
      ],
      ['max-iterations', () => minimizeLbfgsb(rosenbrock, [-1.2, 1], { maxIterations: 3 }).status],
      ['max-iterations', () => minimizeLbfgsb(rosenbrock, [-1.2, 1], { maxIterations: 0 }).status],
      ['max-iterations', () => minimizeLbfgsb(rosenbrock, [-1.2, 1], { onIteration: (k) => k < 2 }).status],
      ['max-evaluations', () => minimizeLbfgsb(rosenbrock, [-1.2, 1], { maxEvaluations: 5 }).status],
      ['non-finite', () => minimizeLbfgsb(() => NaN, [1]).status],
      ['non-finite', () => minimizeLbfgsb((_, g) => ((g[0] = Infinity), 1), [1]).status],
      // a gradient of the wrong sign: no step lowers f
      ['line-search', () => minimizeLbfgsb((x, g) => ((g[0] = -x[0]), x[0] * x[0]), [1]).status],
    ])('%s', (expected, run) => expect(run()).toBe(expected));
  });

  test('the defaults of memory, iterations, tolerances and trials', () => {
    const x0 = Float64Array.from({ length: 20 }, (_, i) => (i % 2 === 0 ? -1.2 : 1));
    const plain = minimizeLbfgsb(rosenbrock, x0);
    const explicit = {
      memory: 10,
      maxIterations: 200,
      gradientTolerance: 1e-6,
      functionTolerance: 2.2e-9,
      maxLineSearch: 20,
    };
    expect(minimizeLbfgsb(rosenbrock, x0, explicit)).toEqual(plain);
    for (const memory of [9, 11]) expect(minimizeLbfgsb(rosenbrock, x0, { memory }).value).not.toBe(plain.value);

    const half: ValueAndGradient = (x, g) => 0.5 * x[0] * (g[0] = x[0]);
    expect(minimizeLbfgsb(half, [1e-6])).toMatchObject({ status: 'gradient', iterations: 0 });
    expect(minimizeLbfgsb(half, [1.01e-6]).iterations).toBe(1);
    const pit: ValueAndGradient = (x, g) => ((g[0] = 1), x[0] === 1 ? 1 : NaN);
    expect(minimizeLbfgsb(pit, [1])).toMatchObject({ status: 'line-search', evaluations: 21 });
    const slow = minimizeLbfgsb(rosenbrock, new Float64Array(100).fill(-1), {
      memory: 1,
      gradientTolerance: 0,
      functionTolerance: 0,
    });
    expect(slow).toMatchObject({ status: 'max-iterations', iterations: 200 });
  });

  test('x0 is clipped to the box before f sees it, and equal bounds freeze a variable', () => {
    const seen: number[] = [];
    const { x } = minimizeLbfgsb(
      (p, g) => {
        seen.push(p[0]);
        g[0] = 2 * p[0];
        g[1] = 2 * (p[1] - 5);
        return p[0] * p[0] + (p[1] - 5) * (p[1] - 5);
      },
      [9, 2],
      { lower: [1, 2], upper: [4, 2] },
    );
    expect(seen[0]).toBe(4);
    expect(Math.min(...seen)).toBeGreaterThanOrEqual(1);
    expect(x).toEqual(Float64Array.of(1, 2));
  });

  test.each<[RegExp, () => unknown]>([
    [/^lower\[0\]/, () => minimizeLbfgsb(rosenbrock, [1, 1], { lower: [2, 0], upper: [1, 1] })],
    [/^lower must have length 2/, () => minimizeLbfgsb(rosenbrock, [1, 1], { lower: [2] })],
    [/^upper\[1\]/, () => minimizeLbfgsb(rosenbrock, [1, 1], { upper: [2, NaN] })],
    [/^x0\[1\]/, () => minimizeLbfgsb(rosenbrock, [1, NaN])],
    [/^memory/, () => minimizeLbfgsb(rosenbrock, [1, 1], { memory: 0 })],
    [/^gradientTolerance/, () => minimizeLbfgsb(rosenbrock, [1, 1], { gradientTolerance: -1 })],
    [/^maxLineSearch/, () => minimizeLbfgsb(rosenbrock, [1, 1], { maxLineSearch: 0 })],
    [/^starts/, () => minimizeMultiStart(rosenbrock, [])],
  ])('%s is told', (message, call) => {
    expect(call).toThrow(RangeError);
    expect(call).toThrow(message);
  });
});

describe('minimizeMultiStart', () => {
  // minima at ±1 of value 0 and -0.1
  const wells: ValueAndGradient = (x, g) => {
    const s = x[0] * x[0] - 1;
    g[0] = 4 * x[0] * s - 0.05;
    return s * s - 0.05 * (x[0] + 1);
  };

  test('returns the best of all local minima', () => {
    const { best, all } = minimizeMultiStart(wells, [[-2], [2]]);
    expect(all.map(({ x }) => Math.round(x[0]))).toEqual([-1, 1]);
    expect(best).toBe(all[1]);
  });

  test('ties go to the earliest start, and a start outside the domain never wins', () => {
    const flat: ValueAndGradient = (x, g) => ((g[0] = 0), x[0] > 5 ? NaN : 1);
    const { best, all } = minimizeMultiStart(flat, [[9], [1], [2]]);
    expect(best).toBe(all[1]);
    expect(all[0].status).toBe('non-finite');
  });
});
