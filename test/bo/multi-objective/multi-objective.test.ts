import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import * as bo from '../../../src/bo/index.js';
import { createRng, sampleNormal } from '../../../src/random/index.js';

const grid = fc.integer({ min: 0, max: 5 });
const points = (m: number) => fc.array(fc.array(grid, { minLength: m, maxLength: m }), { maxLength: 7 });

/** Number of unit cells of [0, 6]^m that some point of whole coordinates dominates. */
function countCells(list: number[][], m: number): number {
  let total = 0;
  for (let cell = 0; cell < 6 ** m; cell++) {
    const corner = Array.from({ length: m }, (_, k) => Math.floor(cell / 6 ** k) % 6);
    if (list.some((point) => point.every((value, k) => value > corner[k]))) total += 1;
  }
  return total;
}

describe('dominance', () => {
  it.each([2, 3, 4])('in %d objectives is the definition', (m) => {
    fc.assert(
      fc.property(points(m), fc.boolean(), (list, maximize) => {
        const sign = maximize ? 1 : -1;
        const expected = list.map(
          (a) =>
            !list.some(
              (b) =>
                b.every((value, k) => sign * value >= sign * a[k]) && b.some((value, k) => sign * value > sign * a[k]),
            ),
        );
        expect(bo.isNonDominated(list, { maximize })).toEqual(expected);
        const front = bo.paretoFront(list, { maximize });
        expect(new Set(front.map((row) => row.join())).size).toBe(front.length);
        expect(front.every((row) => list.some((point) => point.join() === row.join()))).toBe(true);
      }),
    );
  });

  it('gives a reference a tenth of the range beyond the front', () => {
    const front = [
      [0, 10],
      [5, 5],
      [10, 0],
    ];
    expect(bo.defaultReference(front)).toEqual([-1, -1]);
    expect(bo.defaultReference(front, { maximize: false })).toEqual([11, 11]);
    expect(bo.defaultReference([[2, 4]])).toEqual([1.8, 3.6]);
    expect(() => bo.defaultReference([])).toThrow(/points/);
  });
});

describe('hypervolume', () => {
  it.each([1, 2, 3, 4])('in %d objectives counts the cells that are dominated', (m) => {
    fc.assert(
      fc.property(points(m), (list) => {
        expect(bo.hypervolume(list, new Array(m).fill(0))).toBeCloseTo(countCells(list, m), 9);
        const mirrored = list.map((point) => point.map((value) => -value));
        expect(bo.hypervolume(mirrored, new Array(m).fill(0), { maximize: false })).toBeCloseTo(countCells(list, m), 9);
      }),
      { numRuns: 60 },
    );
  });

  it('does not depend on the order, and never falls when a point is added', () => {
    fc.assert(
      fc.property(points(3), fc.array(grid, { minLength: 3, maxLength: 3 }), (list, extra) => {
        const reference = [0.5, 0.5, 0.5];
        const value = bo.hypervolume(list, reference);
        expect(bo.hypervolume([...list].reverse(), reference)).toBeCloseTo(value, 10);
        expect(bo.hypervolume([...list, extra], reference)).toBeGreaterThanOrEqual(value - 1e-12);
        const improvement = bo.hypervolumeImprovement([extra], { front: list, reference });
        expect(bo.hypervolume([...list, extra], reference) - value).toBeCloseTo(improvement, 10);
      }),
    );
  });

  it('is shared out into contributions, and traced', () => {
    fc.assert(
      fc.property(points(2), (list) => {
        const reference = [0, 0];
        const contributions = bo.hypervolumeContributions(list, reference);
        contributions.forEach((value, i) => {
          const others = list.filter((_, j) => j !== i);
          expect(value).toBeCloseTo(bo.hypervolume(list, reference) - bo.hypervolume(others, reference), 10);
        });
        const trace = bo.hypervolumeTrace(list, reference);
        trace.forEach((value, i) => expect(value).toBeCloseTo(bo.hypervolume(list.slice(0, i + 1), reference), 10));
      }),
    );
  });

  it('of ten thousand points on a sphere is that of its octant, less what lies between the points', () => {
    const n = 100;
    const step = Math.PI / 2 / (n - 1);
    const sphere = Array.from({ length: n * n }, (_, p) => {
      const [theta, phi] = [step * (p % n), step * Math.floor(p / n)];
      return [Math.sin(theta) * Math.cos(phi), Math.sin(theta) * Math.sin(phi), Math.cos(theta)];
    });
    const volume = bo.hypervolume(sphere, [0, 0, 0]);
    expect(volume).toBeLessThan(Math.PI / 6);
    // Every point of the octant's sphere has one of these within a step in each coordinate, so that the ball moved down by a step
    // along every axis is dominated: at most a step times the three shadows of the octant, each π/4, is lost.
    expect(volume).toBeGreaterThan(Math.PI / 6 - step * 3 * (Math.PI / 4));
  });

  it('ignores points that do not beat the reference', () => {
    expect(bo.hypervolume([[2, -1]], [0, 0])).toBe(0);
    expect(
      bo.hypervolume(
        [
          [2, 1],
          [5, 0],
        ],
        [0, 0],
      ),
    ).toBe(2);
    expect(bo.hypervolume([], [0, 0, 0])).toBe(0);
  });

  it.each([
    ['no reference', () => bo.hypervolume([[1]], []), /reference/],
    ['points of another width', () => bo.hypervolume([[1, 2]], [0, 0, 0]), /points/],
    ['points that are not finite', () => bo.hypervolume([[NaN, 2]], [0, 0]), /points\[0\]/],
  ])('refuses %s', (_name, call, message) => {
    expect(call).toThrow(RangeError);
    expect(call).toThrow(message);
  });
});

describe('the boxes that a front leaves', () => {
  it.each([2, 3])('in %d objectives are disjoint and fill what is not dominated', (m) => {
    fc.assert(
      fc.property(points(m), (list) => {
        const { lower, upper, count } = bo.nonDominatedBoxes(list, new Array(m).fill(0));
        for (let cell = 0; cell < 6 ** m; cell++) {
          const center = Array.from({ length: m }, (_, k) => (Math.floor(cell / 6 ** k) % 6) + 0.5);
          let inside = 0;
          for (let i = 0; i < count; i++) {
            if (center.every((value, k) => value > lower[i * m + k] && value <= upper[i * m + k])) inside += 1;
          }
          const dominated = list.some((point) => point.every((value, k) => value > 0 && value >= center[k]));
          expect(inside).toBe(dominated ? 0 : 1);
        }
      }),
      { numRuns: 40 },
    );
  });
});

it('boxes are no more than the front needs: one more than its points for two objectives, whatever is dominated', () => {
  fc.assert(
    fc.property(points(2), (list) => {
      const above = list.filter((point) => point.every((value) => value > 0));
      const { count } = bo.nonDominatedBoxes(list, [0, 0]);
      expect(count).toBe(1 + (above.length === 0 ? 0 : bo.paretoFront(above).length));
    }),
  );
  // Below 3 the point (1, 1, 4) is in the shadow of (2, 2, 3): two strips there, two up to 4, one above.
  const slabs = bo.nonDominatedBoxes(
    [
      [2, 2, 3],
      [1, 1, 4],
      [2, 2, 3],
    ],
    [0, 0, 0],
  );
  expect(slabs.count).toBe(5);
});

describe('expected hypervolume improvement', () => {
  const front = [
    [1, 3, 1],
    [2, 1, 2],
    [3, 0.5, 0.4],
  ];

  it.each([2, 3])('in %d objectives is the mean growth of the hypervolume', (m) => {
    const list = front.map((point) => point.slice(0, m));
    const reference = new Array(m).fill(0);
    const mean = [2.1, 1.6, 1.2].slice(0, m);
    const std = [0.5, 0.8, 0.4].slice(0, m);
    for (const maximize of [true, false]) {
      const sign = maximize ? 1 : -1;
      const flip = (row: number[]) => row.map((value) => sign * value);
      const options = { front: list.map(flip), reference, maximize };
      const { value } = bo.expectedHypervolumeImprovement(flip(mean), std, options);
      const rng = createRng('ehvi', m);
      const n = 20_000;
      let sum = 0;
      let squares = 0;
      for (let s = 0; s < n; s++) {
        const y = mean.map((center, k) => sign * (center + std[k] * sampleNormal(rng)));
        const growth = bo.hypervolumeImprovement([y], options);
        sum += growth / n;
        squares += (growth * growth) / n;
      }
      // Six standard errors, 2e-9 by the central limit theorem.
      expect(Math.abs(value - sum)).toBeLessThan(6 * Math.sqrt((squares - sum * sum) / n));
      const plain = bo.expectedHypervolumeImprovement(flip(mean), std, options);
      const log = bo.logExpectedHypervolumeImprovement(flip(mean), std, options);
      expect(log.value).toBeCloseTo(Math.log(value), 12);
      for (let k = 0; k < m; k++) {
        expect(log.byMean[k] * value).toBeCloseTo(plain.byMean[k], 10);
        expect(log.byStd[k] * value).toBeCloseTo(plain.byStd[k], 10);
      }
    }
  });

  it('without deviation is the growth itself, and is at least 0', () => {
    fc.assert(
      fc.property(points(2), fc.tuple(grid, grid), (list, mean) => {
        const options = { front: list, reference: [0, 0] };
        const growth = bo.hypervolumeImprovement([mean], options);
        expect(bo.expectedHypervolumeImprovement(mean, [0, 0], options).value).toBeCloseTo(growth, 10);
        expect(bo.expectedHypervolumeImprovement(mean, [1e-9, 1e-9], options).value).toBeCloseTo(growth, 6);
        expect(bo.expectedHypervolumeImprovement(mean, [1, 2], options).value).toBeGreaterThanOrEqual(0);
      }),
    );
  });

  it('of an empty front is the product of the two improvements', () => {
    const { value } = bo.expectedHypervolumeImprovement([0.3, -0.2], [1, 0.5], { front: [], reference: [0, 0] });
    const a = bo.expectedImprovement(0.3, 1, { best: 0 }).value;
    const b = bo.expectedImprovement(-0.2, 0.5, { best: 0 }).value;
    expect(value).toBeCloseTo(a * b, 14);
  });

  it('has a logarithm with a slope where it underflows', () => {
    const options = { front: [[1, 1]], reference: [0, 0] };
    expect(bo.expectedHypervolumeImprovement([-60, -60], [1, 1], options).value).toBe(0);
    const { value, byMean } = bo.logExpectedHypervolumeImprovement([-60, -60], [1, 1], options);
    expect(value).toBeGreaterThan(-3800);
    expect(value).toBeLessThan(-3600);
    expect(byMean[0]).toBeGreaterThan(50);
    expect(bo.logExpectedHypervolumeImprovement([0.5, 0.5], [0, 0], options).value).toBe(-Infinity);
  });

  it('has the derivatives of its value', () => {
    const options = { front, reference: [0, 0, 0] };
    const mean = [2.1, 1.6, 1.2];
    const std = [0.5, 0.8, 0.4];
    const { byMean, byStd } = bo.expectedHypervolumeImprovement(mean, std, options);
    const moved = (list: number[], k: number, by: number) => list.map((value, j) => (j === k ? value + by : value));
    for (let k = 0; k < 3; k++) {
      const f = (m: number[], s: number[]) => bo.expectedHypervolumeImprovement(m, s, options).value;
      expect(byMean[k]).toBeCloseTo((f(moved(mean, k, 1e-6), std) - f(moved(mean, k, -1e-6), std)) / 2e-6, 6);
      expect(byStd[k]).toBeCloseTo((f(mean, moved(std, k, 1e-6)) - f(mean, moved(std, k, -1e-6))) / 2e-6, 6);
    }
  });

  it('of two points together is that of their union', () => {
    const options = { front, reference: [0, 0, 0] };
    const two = [
      [2.5, 1.5, 1],
      [1.5, 2.5, 2.5],
    ];
    const grown = bo.hypervolume([...front, ...two], [0, 0, 0]) - bo.hypervolume(front, [0, 0, 0]);
    expect(bo.qExpectedHypervolumeImprovement(two.flat(), 2, options)).toBeCloseTo(grown, 12);
    expect(bo.qExpectedHypervolumeImprovement([...two[0], ...two[0]], 2, options)).toBeCloseTo(
      bo.hypervolumeImprovement([two[0]], options),
      12,
    );
    expect(() => bo.qExpectedHypervolumeImprovement([1, 2, 3], 9, options)).toThrow(/q/);
    expect(() => bo.qExpectedHypervolumeImprovement([1, 2], 1, options)).toThrow(/samples/);
  });

  it('on Gaussian processes has the gradient of its value', () => {
    const X = [[0.1], [0.5], [0.9]];
    const processes = [
      bo.gpCondition(bo.matern52({ lengthscale: 0.3 }), X, [0.2, 1, -0.4], { noise: 1e-3 }),
      bo.gpCondition(bo.rbf({ lengthscale: 0.4 }), X, [1, 0.1, 0.8], { noise: 1e-3 }),
    ];
    for (const log of [true, false]) {
      const acquisition = bo.expectedHypervolumeAcquisition(processes, {
        front: [
          [0.2, 1],
          [1, 0.1],
        ],
        reference: [-1, -1],
        log,
      });
      for (const x of [0.05, 0.3, 0.62, 0.97]) {
        const gradient = new Float64Array(1);
        acquisition.value(Float64Array.of(x), gradient);
        const numeric =
          (acquisition.value(Float64Array.of(x + 1e-6)) - acquisition.value(Float64Array.of(x - 1e-6))) / 2e-6;
        expect(Math.abs(gradient[0] - numeric)).toBeLessThan(1e-4 * (1 + Math.abs(numeric)));
      }
    }
    expect(() => bo.expectedHypervolumeAcquisition(processes, { front: [], reference: [0] })).toThrow(/processes/);
  });
});

describe('ParEGO', () => {
  it('has weights uniform on the simplex', () => {
    const rng = createRng(1);
    let first = 0;
    for (let i = 0; i < 4000; i++) {
      const w = bo.simplexWeights(3, rng);
      expect(w[0] + w[1] + w[2]).toBeCloseTo(1, 12);
      first += w[0] / 4000;
    }
    // Hoeffding at 1e-9: 0.0518.
    expect(Math.abs(first - 1 / 3)).toBeLessThan(0.0518);
  });

  it('prefers dominating points, whatever the weights', () => {
    fc.assert(
      fc.property(points(3), fc.integer(), (list, seed) => {
        const weights = bo.simplexWeights(3, createRng(seed));
        const value = bo.augmentedChebyshev([...list, [0, 0, 0], [5, 5, 5]], weights);
        expect(value[list.length]).toBe(0);
        for (let i = 0; i < list.length; i++) {
          expect(value[i]).toBeGreaterThanOrEqual(0);
          expect(value[i]).toBeLessThanOrEqual(value[list.length + 1] + 1e-12);
        }
      }),
    );
    expect(() => bo.augmentedChebyshev([[1, 2]], [-1, 2])).toThrow(/weights\[0\]/);
  });
});

describe('test problems', () => {
  it('ZDT: on the optimal set f2 is the known curve, and random points lie above it', () => {
    for (const [variant, curve] of [
      [1, (f: number) => 1 - Math.sqrt(f)],
      [2, (f: number) => 1 - f * f],
      [3, (f: number) => 1 - Math.sqrt(f) - f * Math.sin(10 * Math.PI * f)],
    ] as const) {
      const problem = bo.zdt(variant, 5);
      for (const f of [0, 0.3, 1]) {
        const [a, b] = problem.evaluate([f, 0, 0, 0, 0]);
        expect(a).toBe(f);
        expect(b).toBeCloseTo(curve(f), 12);
      }
      if (problem.maxHypervolume === null) continue;
      const front = Array.from({ length: 2001 }, (_, i) => problem.evaluate([i / 2000, 0, 0, 0, 0]));
      const volume = bo.hypervolume(front, problem.reference, { maximize: false });
      expect(volume).toBeLessThanOrEqual(problem.maxHypervolume);
      expect(volume).toBeGreaterThan(problem.maxHypervolume - 0.01);
    }
  });

  it('DTLZ1 and DTLZ2: the optimal set lies on the simplex and on the sphere', () => {
    const rng = createRng(2);
    for (let i = 0; i < 20; i++) {
      const x = [rng(), rng(), 0.5, 0.5, 0.5];
      const plane = bo.dtlz(1, 5, 3).evaluate(x);
      expect(plane.reduce((a, b) => a + b)).toBeCloseTo(0.5, 12);
      const sphere = bo.dtlz(2, 5, 3).evaluate(x);
      expect(sphere.reduce((a, b) => a + b * b, 0)).toBeCloseTo(1, 12);
      const curve = bo.dtlz(5, 5, 3).evaluate(x);
      expect(curve.reduce((a, b) => a + b * b, 0)).toBeCloseTo(1, 12);
      // On the optimal curve of DTLZ5 the second angle is π/4: the first two objectives are equal.
      expect(curve[0]).toBeCloseTo(curve[1], 12);
      expect(Math.min(...bo.dtlz(2, 5, 3).evaluate([rng(), rng(), rng(), rng(), rng()]))).toBeGreaterThanOrEqual(0);
    }
    const arc = Array.from({ length: 2001 }, (_, i) => bo.dtlz(2, 3).evaluate([i / 2000, 0.5, 0.5]));
    const problem = bo.dtlz(2, 3);
    expect(bo.hypervolume(arc, problem.reference, { maximize: false })).toBeCloseTo(problem.maxHypervolume!, 2);
    expect(bo.dtlz(7, 4, 2).evaluate([0, 0, 0, 0])[1]).toBeCloseTo(4, 12);
  });

  it('Branin-Currin: the first objective is Branin', () => {
    expect(bo.braninCurrin.evaluate([0.5, 0.2])[0]).toBeCloseTo(bo.branin.evaluate([2.5, 3]), 12);
    expect(bo.braninCurrin.evaluate([0.5, 0])[1]).toBeGreaterThan(bo.braninCurrin.evaluate([0.5, 1])[1]);
  });

  it.each([
    ['zdt', () => bo.zdt(4 as never), /variant/],
    ['dtlz', () => bo.dtlz(3 as never, 4), /variant/],
    ['dtlz of too few coordinates', () => bo.dtlz(2, 2, 3), /dim/],
    ['a point of another length', () => bo.braninCurrin.evaluate([0]), /x/],
  ])('%s is refused', (_name, call, message) => {
    expect(call).toThrow(RangeError);
    expect(call).toThrow(message);
  });
});
