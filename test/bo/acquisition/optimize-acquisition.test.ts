import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Acquisition, DiscreteBlock } from '../../../src/bo/index.js';
import { linearConstraint, optimizeAcquisition } from '../../../src/bo/index.js';
import { createRng } from '../../../src/random/index.js';

/** -Σ (x - center)², with its gradient. */
function bowl(center: readonly number[]): Acquisition {
  return {
    value(x, gradient) {
      let value = 0;
      for (let k = 0; k < x.length; k++) {
        value -= (x[k] - center[k]) ** 2;
        if (gradient !== undefined) gradient[k] = -2 * (x[k] - center[k]);
      }
      return value;
    },
  };
}

const cube = (d: number) => Array.from({ length: d }, () => [0, 1] as const);

it('finds the maximum of a concave function, inside the box and on its edge', () => {
  fc.assert(
    fc.property(
      fc.array(fc.double({ min: -0.5, max: 1.5, noNaN: true }), { minLength: 1, maxLength: 5 }),
      fc.integer(),
      (center, seed) => {
        const { x } = optimizeAcquisition(bowl(center), cube(center.length), {
          rng: createRng(seed),
          rawSamples: 32,
          restarts: 2,
        });
        center.forEach((c, k) => expect(x[k]).toBeCloseTo(Math.min(1, Math.max(0, c)), 5));
      },
    ),
    { numRuns: 30 },
  );
});

it('finds the better of two peaks, one of them narrow', () => {
  const peaks: Acquisition = {
    value(x, gradient) {
      const wide = Math.exp(-((x[0] - 0.2) ** 2) / 0.02);
      const narrow = 1.5 * Math.exp(-((x[0] - 0.81) ** 2) / 0.0008);
      gradient?.set([(-wide * 2 * (x[0] - 0.2)) / 0.02 - (narrow * 2 * (x[0] - 0.81)) / 0.0008]);
      return wide + narrow;
    },
  };
  const { x } = optimizeAcquisition(peaks, [[0, 1]], { rng: createRng(1) });
  expect(x[0]).toBeCloseTo(0.81, 4);
});

it('gives the same bits for the same stream, and never leaves the box', () => {
  fc.assert(
    fc.property(fc.integer(), (seed) => {
      const bounds = [[-3, -1] as const, [5, 5.5] as const];
      const run = () =>
        optimizeAcquisition(bowl([0, 5.2]), bounds, { rng: createRng(seed), rawSamples: 16, restarts: 1 });
      const first = run();
      expect(run()).toEqual(first);
      bounds.forEach(([low, high], k) => {
        expect(first.x[k]).toBeGreaterThanOrEqual(low);
        expect(first.x[k]).toBeLessThanOrEqual(high);
      });
    }),
    { numRuns: 20 },
  );
});

it('holds fixed coordinates', () => {
  const { x } = optimizeAcquisition(bowl([0.3, 0.3]), cube(2), { rng: createRng(1), fixed: [NaN, 0.9] });
  expect(x[0]).toBeCloseTo(0.3, 6);
  expect(x[1]).toBe(0.9);
});

it('searches discrete coordinates together with continuous ones', () => {
  const grid: DiscreteBlock = {
    dims: [1],
    count: 201,
    ordered: true,
    write: (index, x) => (x[1] = index / 200),
    read: (x) => Math.round(x[1] * 200),
  };
  const choice: DiscreteBlock = {
    dims: [2, 3, 4],
    count: 3,
    ordered: false,
    write: (index, x) => [0, 1, 2].forEach((i) => (x[2 + i] = i === index ? 1 : 0)),
    read: (x) => [0, 1, 2].reduce((best, i) => (x[2 + i] > x[2 + best] ? i : best), 0),
  };
  const acquisition: Acquisition = {
    value(x, gradient) {
      gradient?.fill(0);
      gradient?.set([-2 * (x[0] - 0.37)]);
      return -((x[0] - 0.37) ** 2) - (x[1] - 0.724) ** 2 + 0.5 * x[3];
    },
  };
  const { x } = optimizeAcquisition(acquisition, cube(5), {
    rng: createRng(2),
    rawSamples: 16,
    restarts: 2,
    blocks: [grid, choice],
  });
  expect(x[0]).toBeCloseTo(0.37, 5);
  expect([...x.slice(1)]).toEqual([0.725, 0, 1, 0]);
});

describe('constraints', () => {
  it('reach the best point of a linear edge from inside', () => {
    const { x } = optimizeAcquisition(bowl([1, 1]), cube(2), {
      rng: createRng(3),
      constraints: [linearConstraint([1, 1], 1)],
    });
    expect(x[0] + x[1]).toBeLessThanOrEqual(1);
    expect(x[0]).toBeCloseTo(0.5, 3);
    expect(x[1]).toBeCloseTo(0.5, 3);
  });

  it('that no raw point meets are named', () => {
    expect(() => optimizeAcquisition(bowl([1]), cube(1), { rng: createRng(3), constraints: [() => 1] })).toThrow(
      /constraints/,
    );
  });
});

it('does not return what has been evaluated', () => {
  const evaluated = Float64Array.of(0.25);
  const flat: Acquisition = {
    value(x, gradient) {
      gradient?.fill(0);
      return x[0] === 0.25 ? 1 : 0;
    },
  };
  const { x } = optimizeAcquisition(flat, [[0, 1]], { rng: createRng(4), evaluated, candidates: evaluated });
  expect(x[0]).not.toBe(0.25);
});

it('reports a box in which all is evaluated', () => {
  const { exhausted } = optimizeAcquisition(bowl([1]), [[1, 1]], { rng: createRng(4), evaluated: Float64Array.of(1) });
  expect(exhausted).toBe(true);
});

it('takes any point when all values are equal, and none of value -Infinity', () => {
  const half: Acquisition = {
    value(x, gradient) {
      gradient?.fill(0);
      return x[0] < 0.5 ? -Infinity : 0;
    },
  };
  for (let seed = 0; seed < 10; seed++) {
    expect(optimizeAcquisition(half, [[0, 1]], { rng: createRng(seed) }).x[0]).toBeGreaterThanOrEqual(0.5);
  }
});

it('climbs without gradients when it is told to', () => {
  const plain: Acquisition = { value: (x) => -((x[0] - 0.613) ** 2) };
  const { x } = optimizeAcquisition(plain, [[0, 1]], { rng: createRng(5), gradientFree: true });
  expect(x[0]).toBeCloseTo(0.613, 3);
});

describe('bad arguments', () => {
  const rng = createRng(1);
  it.each([
    [
      'a value that is not a number',
      () => optimizeAcquisition({ value: () => NaN }, cube(1), { rng }),
      /acquisition.*\[/,
    ],
    [
      'a value that is not a number for some category',
      () =>
        optimizeAcquisition({ value: (x, g) => (g?.fill(0), x[0] === 0.75 ? NaN : -x[0]) }, cube(1), {
          rng,
          rawSamples: 1,
          restarts: 1,
          fixed: [NaN],
          blocks: [
            { dims: [0], count: 5, ordered: false, write: (i, x) => (x[0] = i / 4), read: (x) => (x[0] > 0.6 ? 4 : 0) },
          ],
        }),
      /acquisition.*\[0.75\]/,
    ],
    ['no bounds', () => optimizeAcquisition(bowl([]), [], { rng }), /bounds/],
    ['bounds in the wrong order', () => optimizeAcquisition(bowl([0]), [[1, 0]], { rng }), /bounds\[0\]\[1\]/],
    ['no raw points', () => optimizeAcquisition(bowl([0]), cube(1), { rng, rawSamples: 0 }), /rawSamples/],
    ['negative restarts', () => optimizeAcquisition(bowl([0]), cube(1), { rng, restarts: -1 }), /restarts/],
    ['a fixed value outside', () => optimizeAcquisition(bowl([0]), cube(1), { rng, fixed: [2] }), /fixed\[0\]/],
    [
      'candidates of a wrong length',
      () => optimizeAcquisition(bowl([0, 0]), cube(2), { rng, candidates: Float64Array.of(1) }),
      /candidates/,
    ],
  ])('%s', (_name, call, message) => {
    expect(call).toThrow(RangeError);
    expect(call).toThrow(message);
  });
});
