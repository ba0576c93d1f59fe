import { describe, expect, it } from 'vitest';
import * as bo from '../../../src/bo/index.js';
import { createRng } from '../../../src/random/index.js';

const problems: bo.TestFunction[] = [
  bo.branin,
  bo.embeddedBranin(5),
  bo.augmentedBranin,
  bo.hartmann3,
  bo.hartmann6,
  bo.augmentedHartmann,
  bo.sixHumpCamel,
  bo.threeHumpCamel,
  bo.beale,
  bo.bukin,
  bo.dropWave,
  bo.eggholder,
  bo.holderTable,
  bo.forrester,
  bo.gramacyLee,
  bo.ackley(3),
  bo.levy(4),
  bo.rastrigin(3),
  bo.griewank(3),
  bo.michalewicz(2),
  bo.michalewicz(5),
  bo.michalewicz(10),
  bo.styblinskiTang(3),
  bo.cosine8,
  bo.rosenbrock(4),
  bo.dixonPrice(4),
  bo.powell(8),
  bo.shekel(5),
  bo.shekel(7),
  bo.shekel(10),
  bo.gardner,
  bo.gramacyConstrained,
  bo.pressureVessel,
  bo.weldedBeam,
];

describe.each(problems.map((problem) => [`${problem.name} (${problem.dim})`, problem] as const))(
  '%s',
  (_name, problem) => {
    const { dim, bounds, optimum, gradient, constraints = [] } = problem;
    const sign = problem.direction === 'maximize' ? -1 : 1;
    const rng = createRng(problem.name);
    const draw = () => bounds.map(([low, high]) => low + rng() * (high - low));

    it('attains its optimum at its optima, and nothing better at random points', () => {
      expect(bounds.length).toBe(dim);
      if (optimum === null) return;
      const scale = 1 + Math.abs(optimum.value);
      for (const x of optimum.minimizers) {
        expect(x.length).toBe(dim);
        // Constrained optima are given to eight digits, where the edge of the feasible set is steep.
        const tolerance = constraints.length > 0 ? 1e-6 : 1e-12;
        expect(Math.abs(problem.evaluate(x) - optimum.value)).toBeLessThan(tolerance * scale);
        x.forEach((value, k) => {
          expect(value).toBeGreaterThanOrEqual(bounds[k][0] - 1e-12);
          expect(value).toBeLessThanOrEqual(bounds[k][1] + 1e-12);
        });
        // Relative to what the constraint is made of: thousands of pounds, millions of cubic inches.
        for (const constraint of constraints)
          expect(constraint(x)).toBeLessThan(Math.max(1e-6, 3e-8 * magnitude(constraint, draw)));
      }
      for (let i = 0; i < 2000; i++) {
        const x = draw();
        if (constraints.every((constraint) => constraint(x) <= 0)) {
          expect(sign * problem.evaluate(x)).toBeGreaterThanOrEqual(sign * optimum.value - 1e-12 * scale);
        }
      }
    });

    it('has the gradient of its values', () => {
      if (gradient === undefined) return;
      for (let i = 0; i < 20; i++) {
        const x = draw();
        const g = gradient(x);
        for (let k = 0; k < dim; k++) {
          const h = 1e-6 * (bounds[k][1] - bounds[k][0]);
          const plus = x.slice();
          const minus = x.slice();
          plus[k] += h;
          minus[k] -= h;
          const numeric = (problem.evaluate(plus) - problem.evaluate(minus)) / (2 * h);
          const size = Math.max(...g.map(Math.abs), 1);
          expect(Math.abs(g[k] - numeric)).toBeLessThan(1e-5 * size);
        }
      }
    });

    it('refuses points of another length', () => {
      expect(() => problem.evaluate(new Array(dim + 1).fill(0))).toThrow(RangeError);
    });
  },
);

/** Largest absolute value over random points. */
function magnitude(constraint: (x: number[]) => number, draw: () => number[]): number {
  return Math.max(...Array.from({ length: 100 }, () => Math.abs(constraint(draw()))));
}

it('the fidelity of the augmented problems is 1 at the target', () => {
  expect(bo.augmentedBranin.evaluate([1, 2, 1])).toBe(bo.branin.evaluate([1, 2]));
  expect(bo.augmentedBranin.evaluate([1, 2, 0.5])).not.toBe(bo.branin.evaluate([1, 2]));
  const x = [0.1, 0.2, 0.3, 0.4, 0.5, 0.6];
  expect(bo.augmentedHartmann.evaluate([...x, 1])).toBe(bo.hartmann6.evaluate(x));
});

it('embedded Branin does not look at the other coordinates', () => {
  const a = bo.embeddedBranin(100);
  const x = new Array(100).fill(0.3);
  const y = x.map((value, k) => (k < 2 ? value : 0.9));
  expect(a.evaluate(x)).toBe(a.evaluate(y));
  expect(a.evaluate(x)).toBeCloseTo(bo.branin.evaluate([15 * 0.3 - 5, 15 * 0.3]), 12);
});

it('the second basin of Hartmann-6 lies at -3.2031', () => {
  expect(bo.hartmann6.evaluate([0.40465, 0.88244, 0.84361, 0.57398, 0.13893, 0.0385])).toBeCloseTo(-3.2031, 3);
});

it.each([
  ['shekel', () => bo.shekel(6 as never), /m/],
  ['rosenbrock in one dimension', () => bo.rosenbrock(1), /dim/],
  ['powell in five', () => bo.powell(5), /dim/],
  ['ackley in none', () => bo.ackley(0), /dim/],
  ['embedded Branin in one', () => bo.embeddedBranin(1), /dim/],
])('%s is refused', (_name, call, message) => {
  expect(call).toThrow(RangeError);
  expect(call).toThrow(message);
});

describe('metrics', () => {
  it('count regret in the direction of the problem', () => {
    expect([...bo.simpleRegret([3, 1, 2], 0.5)]).toEqual([2.5, 0.5, 0.5]);
    expect([...bo.simpleRegret([1, 3, 2], 4, 'maximize')]).toEqual([3, 1, 1]);
    expect([...bo.cumulativeRegret([3, 1], 0.5)]).toEqual([2.5, 3]);
    expect([...bo.cumulativeRegret([3, 1], 4, 'maximize')]).toEqual([1, 4]);
    expect(bo.inferenceRegret(bo.branin, [Math.PI, 2.275])).toBeCloseTo(0, 12);
    expect(bo.inferenceRegret(bo.cosine8, new Array(8).fill(0.5))).toBeGreaterThan(0);
  });

  it('measure the share of the possible gain, and the calls to a target', () => {
    expect(bo.optimizationGap([5, 3, 4], 1)).toBe(0.5);
    expect(bo.optimizationGap([1], 1)).toBe(1);
    expect(bo.optimizationGap([], 1)).toBe(0);
    expect(bo.evaluationsToTarget([5, 3, 4], 3)).toBe(2);
    expect(bo.evaluationsToTarget([5, 3, 4], 2)).toBe(Infinity);
    expect(bo.evaluationsToTarget([5, 3, 9], 8, 'maximize')).toBe(3);
  });

  it('compare solvers by the Dolan-Moré profile', () => {
    // Two problems: the first solver is best on one, twice as dear on the other; the third fails on one.
    const profile = bo.performanceProfile(
      [
        [1, 4],
        [2, 2],
        [Infinity, 2],
      ],
      [1, 2, 10],
    );
    expect(profile).toEqual([
      [0.5, 1, 1],
      [0.5, 1, 1],
      [0.5, 0.5, 0.5],
    ]);
    expect(() => bo.performanceProfile([[1], [1, 2]], [1])).toThrow(/costs\[1\]/);
    expect(() => bo.performanceProfile([[0]], [1])).toThrow(/costs\[0\]\[0\]/);
  });
});
