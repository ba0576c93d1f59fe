import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { tsallisInf, tsallisInfWeights, ucb1 } from '../../../src/bandits/index.js';
import {
  banditLearner,
  binnedTsallisInf,
  calibratedYoung,
  doublingFactor,
  doublingLearner,
  fixedOmega,
  jacobiRadiusPoisson,
  omegaGrid,
  omegaLearner,
  optimalOmega,
  poisson2d,
  sor,
  tsallisConstantRateRegret,
  tsallisOmegaRegret,
  tsallisRegretBound,
  uniformOmega,
  type OmegaLearner,
} from '../../../src/linear-solvers/index.js';
import { contextBin } from '../../../src/bandits/contextual/binned-context.js';
import { createRng } from '../../../src/random/index.js';
import { hoeffdingTolerance } from '../../support/statistics.js';
import { learnerLaws } from './learner-laws.js';

const grid = [1, 1.25, 1.5, 1.75];
const costs = { feedback: 'loss', costScale: 'running-mean' } as const;

learnerLaws('fixedOmega', fixedOmega(1.5), { draws: 0 });
learnerLaws('uniformOmega', uniformOmega(grid));
learnerLaws('banditLearner(tsallisInf)', banditLearner(tsallisInf({ arms: 4, ...costs }), grid));
learnerLaws(
  'banditLearner(ucb1)',
  banditLearner(ucb1({ arms: 4 }), grid, (cost) => 1 / cost),
  { draws: 0 },
);
learnerLaws('binnedTsallisInf', binnedTsallisInf(grid, { low: 0, high: 1, bins: 3 }));
learnerLaws('calibratedYoung', calibratedYoung({ diagonal: 2 }), { draws: 0 });
learnerLaws(
  'doublingLearner',
  doublingLearner(
    (horizon) =>
      banditLearner(
        tsallisInf({ arms: 4, ...costs, schedule: 'fixed', horizon }),
        omegaGrid({ size: 4, omegaMax: 1.9 }),
      ),
    { firstHorizon: 8 },
  ),
);
for (const method of ['tsallis-inf', 'binned-tsallis-inf', 'uniform'] as const) {
  learnerLaws(`omegaLearner(${method})`, omegaLearner({ method, grid, context: { low: 0, high: 1 } }));
}
learnerLaws('omegaLearner(young-calibrated)', omegaLearner({ method: 'young-calibrated', diagonal: 3 }), { draws: 0 });

describe('grids', () => {
  it('are the experiments’, the theorem’s, and midpoints', () => {
    expect(Array.from(omegaGrid(), (w) => w.toFixed(2)).join(' ')).toBe(
      '1.00 1.05 1.10 1.15 1.20 1.25 1.30 1.35 1.40 1.45 1.50 1.55 1.60 1.65 1.70 1.75 1.80 1.85 1.90 1.95',
    );
    expect(omegaGrid({ kind: 'midpoint', size: 2, omegaMin: 1, omegaMax: 2 })).toEqual(Float64Array.of(1.25, 1.75));
    expect(omegaGrid({ kind: 'theorem', size: 4, omegaMax: 2 })).toEqual(Float64Array.of(1.25, 1.5, 1.75, 2));
    expect(omegaGrid({ size: 1 })).toEqual(Float64Array.of(1));
    expect(() => omegaGrid({ size: 0 })).toThrow(/^size must/);
    expect(() => omegaGrid({ omegaMin: 2, omegaMax: 1 })).toThrow(/^omegaMax must/);
    expect(() => omegaGrid({ kind: 'log' as never })).toThrow(/^kind must/);
  });
});

describe('bins', () => {
  it('a context is in the bin with the nearest centre, ties to the lower, outside to the end', () => {
    fc.assert(
      fc.property(fc.double({ min: -1, max: 2, noNaN: true }), fc.integer({ min: 1, max: 7 }), (context, bins) => {
        const [low, high] = [-0.15, 0.65];
        const centres = Array.from({ length: bins }, (_, j) => low + ((high - low) * (j + 0.5)) / bins);
        const distances = centres.map((centre) => Math.abs(context - centre));
        const bin = contextBin(context, low, high, bins);
        expect(distances[bin]).toBeLessThanOrEqual(Math.min(...distances) + 1e-12);
      }),
    );
    expect(contextBin(0.5, 0, 1, 2)).toBe(0);
    expect(contextBin(0, 0, 1, 2)).toBe(0);
    expect(contextBin(1, 0, 1, 2)).toBe(1);
  });

  it('each learns for itself', () => {
    const learner = binnedTsallisInf([1, 2], { low: 0, high: 1, bins: 2 });
    let state = learner.init();
    // Value 0 is cheap below 1/2, value 1 above.
    const rng = createRng('bins');
    for (let t = 0; t < 400; t++) {
      const context = rng();
      const selection = learner.select(state, rng, context);
      state = learner.update(state, selection, (selection.index === 0) === context < 0.5 ? 2 : 20, state);
    }
    expect(state.bins[0].weights[0]).toBeGreaterThan(0.9);
    expect(state.bins[1].weights[1]).toBeGreaterThan(0.9);
    expect(state.bins[0].t + state.bins[1].t).toBe(400);
  });

  it('refuse contexts that are missing or no number, and ends that do not ascend', () => {
    const learner = binnedTsallisInf(grid, { low: 0, high: 1 });
    expect(() => learner.select(learner.init(), Math.random)).toThrow(TypeError);
    expect(() => learner.select(learner.init(), Math.random, NaN)).toThrow(/^context must be finite/);
    expect(() => binnedTsallisInf(grid, { low: 1, high: 1 })).toThrow(/^low must be below high/);
    expect(() => binnedTsallisInf(grid, { low: 0, high: 1, bins: 0 })).toThrow(/^bins must/);
  });
});

describe('calibratedYoung', () => {
  it('finds ω* of every shift within a hundredth after three solves', () => {
    const learner = calibratedYoung({ diagonal: 4 });
    let state = learner.init();
    const rng = createRng('young');
    for (const shift of [0.1, 0.3, 0.2]) {
      const selection = learner.select(state, rng, shift);
      expect(selection.value).toBe(1);
      const A = poisson2d(10, 10, { shift });
      const b = Float64Array.from({ length: 100 }, () => rng() - 0.5);
      const result = sor(A, b, { omega: 1 });
      state = learner.update(state, selection, result.iterations, state, result);
    }
    for (const shift of [-0.15, 0, 0.2, 0.45]) {
      const { value } = learner.select(state, rng, shift);
      expect(Math.abs(value - optimalOmega(jacobiRadiusPoisson({ nx: 10, ny: 10, shift })))).toBeLessThan(0.01);
    }
    // Frozen: what is seen afterwards changes nothing.
    const frozen = state.radius;
    const after = learner.update(state, learner.select(state, rng, 0), 50, undefined, {
      residualNorms: [1, 0.999, 0.998],
    });
    expect(after.radius).toBe(frozen);
  });

  it('solves that show no rate are passed over', () => {
    const learner = calibratedYoung({ diagonal: 2, calibration: 1 });
    const selection = learner.select(learner.init(), () => 0, 0.5);
    for (const residualNorms of [[1], [], [1, 0], [1, 2]]) {
      const { radius } = learner.update(learner.init(), selection, 1, undefined, { residualNorms });
      expect(radius).toBe(0);
    }
    expect(learner.select({ t: 1, radius: 0 }, () => 0, 0.5).value).toBe(1);
    expect(learner.select({ t: 1, radius: 100 }, () => 0, 0.5).value).toBe(optimalOmega(0.99999));
    expect(learner.select({ t: 1, radius: 1 }, () => 0, Infinity).value).toBe(1);
    expect(() => learner.update(learner.init(), selection, 1)).toThrow(/residualNorms/);
    expect(() => learner.select(learner.init(), () => 0)).toThrow(TypeError);
    expect(() => learner.select(learner.init(), () => 0, -2)).toThrow(/must be positive/);
    expect(() => calibratedYoung({ diagonal: 1, betaMax: 1 })).toThrow(/^betaMax must be below 1/);
  });
});

describe('doublingLearner', () => {
  it('epoch e lasts 2^e times the first horizon and starts afresh', () => {
    const horizons: number[] = [];
    const learner = doublingLearner(
      (horizon) => {
        horizons.push(horizon);
        return fixedOmega(horizon);
      },
      { firstHorizon: 3 },
    );
    let state = learner.init();
    const values = Array.from({ length: 21 }, () => {
      const selection = learner.select(state, () => 0);
      state = learner.update(state, selection, 5, state);
      return selection.value;
    });
    expect(values).toEqual([...Array(3).fill(3), ...Array(6).fill(6), ...Array(12).fill(12)]);
    expect(horizons).toEqual([3, 6, 12, 24]);
    expect(state).toEqual({ epoch: 3, played: 0, inner: { t: 0 } });
    expect(doublingFactor('1/2')).toBeCloseTo(Math.SQRT2 / (Math.SQRT2 - 1), 14);
    expect(doublingFactor('2/3')).toBeCloseTo(2 ** (2 / 3) / (2 ** (2 / 3) - 1), 14);
    expect(() => doublingLearner(() => fixedOmega(1), { firstHorizon: 0 })).toThrow(/^firstHorizon must/);
  });
});

describe('omegaLearner', () => {
  it('takes grids of anything', () => {
    const objects = [{ restart: 10 }, { restart: 30 }];
    const learner = omegaLearner({ grid: objects });
    expect(objects).toContain(learner.select(learner.init(), createRng(1)).value);
    const range = omegaLearner({ method: 'uniform', grid: { min: 1, max: 2, size: 3 } });
    expect(range.select(range.init(), () => 0.5).value).toBe(1.5);
    expect(omegaLearner({ method: 'fixed', grid: [1.7] }).select({ t: 0 }, () => 0).value).toBe(1.7);
  });

  it.each([
    [
      { context: { low: 0, high: 1 } },
      { method: 'cheb-cb', features: 6, lossRange: 'zero-floor', schedule: 'aggressive' },
    ],
    [{ context: { low: 0, high: 1 } }, { grid: omegaGrid() }],
    [{}, { method: 'tsallis-inf', schedule: 'anytime', costScale: 'running-mean', grid: omegaGrid() }],
    [{}, { grid: { min: 1, max: 1.95, size: 20 } }],
    [
      { method: 'binned-tsallis-inf', context: { low: 0, high: 1 } },
      { bins: 5, schedule: 'anytime' },
    ],
    [{ method: 'lin-ucb', context: { low: 0, high: 1 } }, { features: 6 }],
  ] as const)('%j is by default %j', (given, defaults) => {
    const play = (options: object) => {
      const learner = omegaLearner(options as { context: { low: number; high: number } });
      const rng = createRng('defaults');
      let state = learner.init();
      const choices = Array.from({ length: 60 }, (_, t) => {
        const context = ((t * 7) % 11) / 10;
        const selection = learner.select(state, rng, context);
        state = learner.update(state, selection, 10 + 200 * Math.abs(selection.value - 1.2 - 0.5 * context), state);
        return selection;
      });
      return { choices, state };
    };
    expect(play({ ...given, ...defaults })).toEqual(play(given));
    // Each of the options does something: another value plays on otherwise.
    const others = { features: 5, lossRange: 'observed', schedule: 'paper', costScale: 'running-max', bins: 4 };
    const changed = Object.entries(others).filter(([name]) => name in defaults && name !== 'schedule');
    for (const [name, value] of changed) {
      expect(play({ ...given, ...defaults, [name]: value })).not.toEqual(play(given));
    }
  });

  it('says what is missing', () => {
    expect(() => omegaLearner({ method: 'binned-tsallis-inf' })).toThrow(/^context must be given/);
    expect(() => omegaLearner({ method: 'young-calibrated' })).toThrow(/^diagonal must be given/);
    expect(() => omegaLearner({ method: 'gradient' as never })).toThrow(/^method must/);
    expect(() => omegaLearner({ grid: [] })).toThrow(/^grid must not be empty/);
    expect(() => banditLearner(ucb1({ arms: 2 }), [1, 2, 3])).toThrow(/^values must have length 2/);
  });
});

describe('Tsallis-INF on costs', () => {
  it('does not know the arms by name: permuted costs permute how often each is played', () => {
    const perm = [2, 0, 3, 1];
    const plays = (cost: (arm: number) => number, name: string) => {
      const counts = [0, 0, 0, 0];
      const learner = omegaLearner({ grid });
      for (let seed = 0; seed < 2000; seed++) {
        const rng = createRng(seed, name);
        let state = learner.init();
        for (let t = 0; t < 12; t++) {
          const selection = learner.select(state, rng);
          if (t === 11) counts[selection.index] += 1;
          state = learner.update(state, selection, cost(selection.index), state);
        }
      }
      return counts.map((count) => count / 2000);
    };
    const cost = (arm: number) => [3, 20, 60, 9][arm];
    const plain = plays(cost, 'plain');
    const permuted = plays((arm) => cost(perm[arm]), 'permuted');
    // Two means of 2 000 independent runs each, by Hoeffding and the triangle inequality; 8 comparisons in all.
    perm.forEach((arm, i) => expect(Math.abs(permuted[i] - plain[arm])).toBeLessThan(2 * hoeffdingTolerance(2000)));
    expect(Math.max(...plain) - Math.min(...plain)).toBeGreaterThan(2 * hoeffdingTolerance(2000)); // it has learned
  });

  it('probabilities survive losses 1e9 apart after ten million rounds', () => {
    const p = tsallisInfWeights([0, 1e9, 5e8, 1e-3], 2 / Math.sqrt(1e7)).weights;
    expect(Array.from(p).reduce((sum, v) => sum + v, 0)).toBeCloseTo(1, 12);
    p.forEach((v) => expect(v).toBeGreaterThan(0));
    expect([p[0] > p[3], p[3] > p[2], p[2] > p[1]]).toEqual([true, true, true]);
  });

  /** Mean regret of learner over seeds against the best fixed arm on costs of cost(t, arm) - 1 in units of K. */
  function meanRegret(
    make: () => OmegaLearner<unknown>,
    arms: number,
    T: number,
    cost: (t: number, arm: number) => number,
    seeds: number,
  ) {
    const totals = Array.from({ length: arms }, (_, arm) => {
      let total = 0;
      for (let t = 0; t < T; t++) total += cost(t, arm);
      return total;
    });
    const best = Math.min(...totals);
    let sum = 0;
    for (let seed = 0; seed < seeds; seed++) {
      const learner = make();
      const rng = createRng(seed, 'regret');
      let state = learner.init();
      let paid = 0;
      for (let t = 0; t < T; t++) {
        const selection = learner.select(state, rng);
        const c = cost(t, selection.index);
        paid += c;
        state = learner.update(state, selection, c, state);
      }
      sum += paid - best;
    }
    return sum / seeds;
  }

  it('has less regret than the bound against costs that change sides', () => {
    const [d, T, K] = [5, 1000, 40];
    for (const schedule of ['fixed', 'anytime', 'paper'] as const) {
      const make = () =>
        omegaLearner({ grid: omegaGrid({ size: d }), costScale: 'fixed', scale: K, schedule, horizon: T });
      const bound = tsallisRegretBound({ arms: d, T, K, schedule });
      const costsOf: ((t: number, arm: number) => number)[] = [
        (t, arm) => 1 + K * (arm === (t < T / 2 ? 0 : 1) ? 0 : 1),
        (t, arm) => 1 + K * ((t + arm) % 2 === 0 ? 0 : 0.9),
        (t, arm) => 1 + (arm === Math.floor((5 * t) / T) ? 0 : K),
      ];
      for (const cost of costsOf) expect(meanRegret(make, d, T, cost, 50)).toBeLessThan(bound);
    }
  });

  it('with η = 1/√T the published bound 2K√(2dT) is exceeded by one cheap arm among twenty, the corrected one is not', () => {
    const [d, T] = [20, 5000];
    const cost = (_: number, arm: number) => (arm === 0 ? 1 : 2);
    const run = (schedule: 'paper' | 'fixed') =>
      meanRegret(
        () => omegaLearner({ grid: omegaGrid({ size: d }), costScale: 'fixed', scale: 1, schedule, horizon: T }),
        d,
        T,
        cost,
        12,
      );
    const printed = tsallisRegretBound({ arms: d, T, K: 1, schedule: 'fixed' }); // 894.4
    const paper = run('paper');
    // Standard error over 12 seeds is about 8.
    expect(paper).toBeGreaterThan(printed);
    expect(paper).toBeLessThan(tsallisRegretBound({ arms: d, T, K: 1, schedule: 'paper' }));
    expect(run('fixed')).toBeLessThan(printed / 2);
    expect(tsallisConstantRateRegret({ arms: d, T, K: 1, eta: Math.sqrt(8 / T) })).toBeLessThan(printed);
  });

  it('T = 73 061 makes the average excess log(1/ε) at α = 0.848, as the paper says', () => {
    const { regretBound } = tsallisOmegaRegret({ T: 73061, alphaMax: 0.848, epsilon: 1e-8 });
    expect(regretBound / 73061 / Math.log(1e8)).toBeCloseTo(1, 3);
  });
});
