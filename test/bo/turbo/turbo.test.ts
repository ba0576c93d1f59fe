import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import * as bo from '../../../src/bo/index.js';
import { createRng } from '../../../src/random/index.js';
import { decodeState, encodeState } from '../../../src/state/index.js';

describe('the trust region', () => {
  it('stays between 2^-7 and 1.6 until it is started again', () => {
    fc.assert(
      fc.property(fc.array(fc.boolean(), { maxLength: 80 }), fc.integer({ min: 1, max: 6 }), (outcomes, tolerance) => {
        let region = bo.initialTrustRegion();
        for (const improved of outcomes) {
          region = bo.updateTrustRegion(region, improved, tolerance);
          expect(region.length).toBeLessThanOrEqual(1.6);
          expect(region.successes).toBeLessThan(3);
          expect(region.failures).toBeLessThan(tolerance);
          if (region.length < 2 ** -7) region = bo.initialTrustRegion();
          expect(region.length).toBeGreaterThanOrEqual(2 ** -7);
        }
      }),
    );
  });

  it('doubles after three successes in a row and halves after the tolerance of failures in a row', () => {
    const play = (outcomes: boolean[], tolerance: number) =>
      outcomes.reduce((region, improved) => bo.updateTrustRegion(region, improved, tolerance), bo.initialTrustRegion());
    expect(play([true, true, true], 4).length).toBe(1.6);
    expect(play([true, true, false, true], 4).length).toBe(0.8);
    expect(play([false, false, false, false], 4).length).toBe(0.4);
    expect(play([false, false, true, false, false], 3).length).toBe(0.8);
  });

  it('counts a shared batch by the share: as many points fail as in whole batches', () => {
    fc.assert(
      fc.property(
        fc.array(fc.integer({ min: 1, max: 10 }), { minLength: 1, maxLength: 40 }),
        fc.integer({ min: 1, max: 4 }),
        (points, tolerance) => {
          let region = bo.initialTrustRegion();
          let failed = 0;
          for (const k of points) {
            region = bo.updateTrustRegion(region, false, tolerance, k / 10);
            failed += k;
            if (failed >= 10 * tolerance) {
              expect(region.failures).toBe(0);
              failed = 0;
            }
            expect(region.failures).toBeCloseTo(failed / 10, 9);
          }
        },
      ),
    );
    expect(() => bo.updateTrustRegion(bo.initialTrustRegion(), true, 2, 0)).toThrow(/share/);
  });

  it('counts an improvement of more than a thousandth', () => {
    expect(bo.isTrustRegionSuccess(9.98, 10)).toBe(true);
    expect(bo.isTrustRegionSuccess(9.995, 10)).toBe(false);
    expect(bo.isTrustRegionSuccess(-10.005, -10)).toBe(false);
  });

  it('has a box of volume L^d with sides in the proportion of the length-scales', () => {
    const { lower, upper } = bo.trustRegionBox([0.5, 0.5, 0.5], [1, 2, 4], 0.2);
    const sides = lower.map((low, k) => upper[k] - low);
    expect(sides[0] * sides[1] * sides[2]).toBeCloseTo(0.008, 12);
    expect(sides[1] / sides[0]).toBeCloseTo(2, 12);
    expect(sides[2] / sides[1]).toBeCloseTo(2, 12);
    expect([...bo.trustRegionBox([0, 1], [1, 1], 1).lower]).toEqual([0, 0.5]);
    expect(() => bo.trustRegionBox([0], [0], 1)).toThrow(/lengthscales\[0\]/);
  });
});

describe('TuRBO', () => {
  const ackley = bo.ackley(5);
  const run = (options: Partial<bo.TurboOptions>, batches: number, seed: number) => {
    const optimizer = bo.turbo({ bounds: ackley.bounds.map(() => [-5, 10] as const), candidates: 200, ...options });
    const rng = createRng(seed);
    let state = optimizer.init();
    const points: Float64Array[] = [];
    for (let t = 0; t < batches; t++) {
      const [batch, asked] = optimizer.ask(state, rng);
      points.push(...batch);
      state = optimizer.tell(
        asked,
        batch.map((x) => ackley.evaluate(x)),
      );
    }
    return { state, points };
  };

  it('comes far below what as many random points reach', () => {
    const { state, points } = run({ batch: 4 }, 20, 1);
    expect(state.evaluations).toBe(points.length);
    expect(points.every((x) => x.every((value) => value >= -5 && value <= 10))).toBe(true);
    const rng = createRng(2);
    const random = Math.min(
      ...Array.from({ length: 78 }, () => ackley.evaluate(Array.from({ length: 5 }, () => -5 + 15 * rng()))),
    );
    expect(state.bestValue).toBeLessThan(0.8 * random);
    expect(ackley.evaluate(state.bestX!)).toBe(state.bestValue);
  });

  it('shares its batches among several regions', () => {
    const { state } = run({ batch: 5, regions: 2, nInitial: 5 }, 8, 3);
    expect(state.regions.length).toBe(2);
    expect(state.regions.every(({ y }) => y.length >= 5)).toBe(true);
    expect(state.regions[0].y.length + state.regions[1].y.length).toBe(40);
  });

  it('stays in the box and in the range of lengths, whatever comes back', () => {
    fc.assert(
      fc.property(
        fc.integer(),
        fc.integer({ min: 1, max: 3 }),
        fc.array(fc.oneof(fc.double({ noNaN: true, min: -1e3, max: 1e3 }), fc.constant(NaN)), { minLength: 30 }),
        (seed, batch, outcomes) => {
          const bounds = [[-2, -1] as const, [10, 1e4] as const];
          const optimizer = bo.turbo({ bounds, batch, candidates: 20, nInitial: 3, model: { maxIterations: 10 } });
          const rng = createRng(seed);
          let state = optimizer.init();
          let next = 0;
          for (let t = 0; t < 6; t++) {
            const [points, asked] = optimizer.ask(state, rng);
            for (const x of points) {
              bounds.forEach(([low, high], k) => {
                expect(x[k]).toBeGreaterThanOrEqual(low);
                expect(x[k]).toBeLessThanOrEqual(high);
              });
            }
            state = optimizer.tell(
              asked,
              points.map(() => outcomes[next++ % outcomes.length]),
            );
            expect(state.regions[0].length).toBeGreaterThanOrEqual(2 ** -7);
            expect(state.regions[0].length).toBeLessThanOrEqual(1.6);
          }
        },
      ),
      { numRuns: 15 },
    );
  });

  it('gives the same bits for the same stream, also through a checkpoint', () => {
    const optimizer = bo.turbo({
      bounds: [
        [0, 1],
        [0, 1],
      ],
      candidates: 50,
      nInitial: 3,
      batch: 2,
    });
    const f = (x: Float64Array) => (x[0] - 0.3) ** 2 + x[1];
    const play = (checkpoint: boolean) => {
      const rng = createRng(4);
      let state = optimizer.init();
      const points: number[][] = [];
      for (let t = 0; t < 6; t++) {
        const [batch, asked] = optimizer.ask(state, rng);
        points.push(...batch.map((x) => [...x]));
        state = optimizer.tell(asked, batch.map(f));
        if (checkpoint) state = decodeState(encodeState(state));
      }
      return points;
    };
    expect(play(true)).toEqual(play(false));
  });

  it('maximizes, outlives failures, and starts again when a region has shrunk away', () => {
    const optimizer = bo.turbo({ bounds: [[0, 1]], candidates: 30, nInitial: 3, direction: 'maximize' });
    const rng = createRng(5);
    let state = optimizer.init();
    for (let t = 0; t < 45; t++) {
      const [batch, asked] = optimizer.ask(state, rng);
      state = optimizer.tell(
        asked,
        batch.map(([x]) => (x < 0.2 ? NaN : 1 - (x - 0.7) ** 2)),
      );
    }
    expect(state.bestValue).toBeGreaterThan(0.999);
    expect(state.regions[0].restarts).toBeGreaterThan(0);
  });

  it.each([
    ['an empty box', () => bo.turbo({ bounds: [] }), /bounds/],
    ['a side of length 0', () => bo.turbo({ bounds: [[1, 1]] }), /bounds\[0\]\[1\]/],
    ['a batch of 0', () => bo.turbo({ bounds: [[0, 1]], batch: 0 }), /batch/],
    ['no regions', () => bo.turbo({ bounds: [[0, 1]], regions: 0 }), /regions/],
    [
      'asking twice',
      () => {
        const optimizer = bo.turbo({ bounds: [[0, 1]] });
        const [, asked] = optimizer.ask(optimizer.init(), createRng(1));
        optimizer.ask(asked, createRng(1));
      },
      /tell/,
    ],
    [
      'too few values',
      () => {
        const optimizer = bo.turbo({ bounds: [[0, 1]] });
        const [, asked] = optimizer.ask(optimizer.init(), createRng(1));
        optimizer.tell(asked, []);
      },
      /values/,
    ],
  ])('refuses %s', (_name, call, message) => {
    expect(call).toThrow(RangeError);
    expect(call).toThrow(message);
  });
});
