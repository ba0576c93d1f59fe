// Best-arm identification: characteristic times, error rates, budgets, elimination.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  bernoulliArms,
  bestArmHardness,
  type BestArmIdentifier,
  bestArmLowerBound,
  gaussianArms,
  glrStatistic,
  identifyBestArm,
  klLucb,
  lilUcb,
  lucb,
  sequentialHalving,
  sequentialHalvingErrorBound,
  sequentialHalvingSchedule,
  successiveElimination,
  successiveEliminationPulls,
  topTwoThompson,
  trackAndStop,
  trackAndStopThreshold,
  trackAndStopWeights,
} from '../../../src/bandits/index.js';
import { createRng } from '../../../src/random/index.js';
import { klDivergence, type KlFamily } from '../../../src/stats/index.js';
import { binomialTolerance } from '../../support/statistics.js';

const streams = (i: number) => ({
  policy: createRng('best arm', 'policy', i),
  environment: createRng('best arm', 'environment', i),
});

/** inf over alternatives of Σ w_a kl(μ_a, λ_a) for the challenger a, found by golden section over the common mean. */
function evidence(means: number[], weights: ArrayLike<number>, family: KlFamily): number {
  const best = means.indexOf(Math.max(...means));
  let least = Infinity;
  means.forEach((mean, a) => {
    if (a === best) return;
    const f = (x: number) =>
      weights[best] * klDivergence(means[best], x, { family }) + weights[a] * klDivergence(mean, x, { family });
    let [low, high] = [mean, means[best]];
    for (let step = 0; step < 100; step++) {
      const third = (high - low) / 3;
      if (f(low + third) < f(high - third)) high -= third;
      else low += third;
    }
    least = Math.min(least, f((low + high) / 2));
  });
  return least;
}

const FAMILIES: [KlFamily, fc.Arbitrary<number>][] = [
  ['bernoulli', fc.integer({ min: 1, max: 99 }).map((k) => k / 100)],
  ['gaussian', fc.integer({ min: -300, max: 300 }).map((k) => k / 100)],
  ['exponential', fc.integer({ min: 1, max: 500 }).map((k) => k / 100)],
  ['poisson', fc.integer({ min: 0, max: 500 }).map((k) => k / 100)],
];

describe('trackAndStopWeights', () => {
  it('gives the proportions and times of the paper, Section 6', () => {
    // Garivier and Kaufmann print w*(μ1) = [0.417 0.390 0.136 0.057] and w*(μ2) = [0.336 0.251 0.177 0.132 0.104].
    const first = trackAndStopWeights([0.5, 0.45, 0.43, 0.4]).weights;
    const second = trackAndStopWeights([0.3, 0.21, 0.2, 0.19, 0.18]).weights;
    expect(Array.from(first, (w) => w.toFixed(3))).toEqual(['0.417', '0.390', '0.136', '0.057']);
    expect(Array.from(second, (w) => w.toFixed(3))).toEqual(['0.336', '0.251', '0.177', '0.132', '0.104']);
  });

  it.each(FAMILIES)(
    'is a saddle point for %s arms: every challenger is refuted equally, and no other proportions do better',
    (family, mean) => {
      fc.assert(
        fc.property(
          fc.uniqueArray(mean, { minLength: 2, maxLength: 6 }),
          fc.infiniteStream(fc.double({ min: 0.01, max: 1, noNaN: true })),
          (means, stream) => {
            const { weights, characteristicTime } = trackAndStopWeights(means, { family });
            expect(weights.reduce((a, b) => a + b)).toBeCloseTo(1, 12);
            const value = evidence(means, weights, family);
            expect(Math.abs(value * characteristicTime - 1)).toBeLessThan(1e-6);
            const other = Float64Array.from(weights, () => stream.next().value as number);
            const total = other.reduce((a, b) => a + b);
            expect(
              evidence(
                means,
                other.map((w) => w / total),
                family,
              ),
            ).toBeLessThan(value * (1 + 1e-6));
            const nearby = weights.map((w, i) => 0.95 * w + (0.05 * other[i]) / total);
            expect(evidence(means, nearby, family)).toBeLessThan(value * (1 + 1e-6));
          },
        ),
        { numRuns: 40 },
      );
    },
  );

  it('two Gaussian arms share equally, and T* = 8 σ²/Δ²', () => {
    const { weights, characteristicTime } = trackAndStopWeights([0, 0.5], { family: 'gaussian', variance: 3 });
    expect(weights[0]).toBeCloseTo(0.5, 12);
    expect(characteristicTime).toBeCloseTo((8 * 3) / 0.25, 9);
  });

  it('permuting the arms permutes the weights; equal challengers share equally', () => {
    const a = trackAndStopWeights([0.3, 0.7, 0.5, 0.5]);
    const b = trackAndStopWeights([0.5, 0.3, 0.5, 0.7]);
    [1, 3, 0, 2].forEach((to, from) => expect(b.weights[to]).toBeCloseTo(a.weights[from], 9));
    expect(a.weights[2]).toBe(a.weights[3]);
  });

  it('close means keep their digits: T* Δ² is nearly the same at Δ = 1e-3 and 1e-6', () => {
    const scaled = (gap: number) => trackAndStopWeights([0.5 + gap, 0.5]).characteristicTime * gap * gap;
    expect(scaled(1e-6) / scaled(1e-3)).toBeCloseTo(1, 5);
    expect(scaled(1e-6)).toBeCloseTo(8 * 0.25, 5);
  });

  it('ends of the range, one arm, ties and rounding', () => {
    const sure = trackAndStopWeights([1, 0]);
    expect(sure.weights[0] + sure.weights[1]).toBeCloseTo(1, 12);
    expect(sure.characteristicTime).toBeCloseTo(1 / Math.LN2, 9); // w = 1/2: ln 2 by symmetry
    expect(trackAndStopWeights([0.3])).toEqual({ weights: new Float64Array([1]), characteristicTime: 0 });
    expect(() => trackAndStopWeights([0.1 + 0.2, 0.3])).toThrow(/^means/);
    expect(() => trackAndStopWeights([1, 0], { family: 'exponential' })).toThrow(/^means/);
    expect(() => trackAndStopWeights([])).toThrow(/^means/);
  });
});

describe('glrStatistic', () => {
  it('is the evidence of the counts against the nearest alternative', () => {
    fc.assert(
      fc.property(
        fc.uniqueArray(fc.integer({ min: 1, max: 99 }), { minLength: 2, maxLength: 5 }),
        fc.infiniteStream(fc.integer({ min: 1, max: 200 })),
        (k, stream) => {
          const means = k.map((x) => x / 100);
          const counts = means.map(() => stream.next().value as number);
          const expected = evidence(means, counts, 'bernoulli');
          expect(Math.abs(glrStatistic(means, counts) - expected)).toBeLessThan(1e-8 * (1 + expected));
        },
      ),
    );
  });

  it('is 0 with two best means or an arm without a pull, and infinite for one arm', () => {
    expect(glrStatistic([0.5, 0.5, 0.1], [3, 4, 5])).toBe(0);
    expect(glrStatistic([0.5, 0.1], [3, 0])).toBe(0);
    expect(glrStatistic([0.5], [3])).toBe(Infinity);
    expect(() => glrStatistic([0.5, 0.1], [3])).toThrow(/^counts/);
    expect(() => glrStatistic([0.5, 0.1], [3, -1])).toThrow(/^counts\[1\]/);
  });
});

describe('error rates', () => {
  // δ = 0.1: a program that errs exactly so often passes 0.1 + tolerance in 300 runs but once in 1e9 streams; the measured
  // rates are far below δ, as all these bounds are conservative.
  const RUNS = 300;
  const delta = 0.1;
  const means = [0.2, 0.8, 0.45];
  it.each<[string, BestArmIdentifier<never>]>([
    ['successiveElimination', successiveElimination({ arms: 3, delta })],
    ['lucb', lucb({ arms: 3, delta })],
    ['klLucb', klLucb({ arms: 3, delta })],
    ['klLucb, practical', klLucb({ arms: 3, delta, threshold: 'practical' })],
    ['lilUcb', lilUcb({ arms: 3, delta })],
    ['trackAndStop, proof', trackAndStop({ arms: 3, delta, threshold: 'proof' })],
    ['trackAndStop, practical', trackAndStop({ arms: 3, delta })],
    ['topTwoThompson', topTwoThompson({ arms: 3, delta })],
  ] as [string, BestArmIdentifier<never>][])('%s errs in at most a share δ of 300 runs', (name, identifier) => {
    let errors = 0;
    let pulls = 0;
    // The slow ones run fewer times, with the tolerance of that number.
    const runs = name === 'lilUcb' ? 60 : RUNS;
    for (let i = 0; i < runs; i++) {
      const result = identifyBestArm(identifier, bernoulliArms(means), streams(i));
      expect(result.status).toBe('stopped');
      errors += result.arm === 1 ? 0 : 1;
      pulls += result.pulls / runs;
    }
    expect(errors / runs).toBeLessThan(delta + binomialTolerance(runs, delta));
    // No identifier with this error can pull less in expectation; 7 % of slack for the mean of so many runs.
    expect(pulls).toBeGreaterThan(0.93 * bestArmLowerBound(means, delta));
  });

  it('lucb with tolerance ε may name an arm that is worse by ε, and stops when arms tie', () => {
    const identifier = lucb({ arms: 2, delta: 0.1, epsilon: 0.2 });
    expect(identifyBestArm(identifier, bernoulliArms([0.5, 0.5]), streams(0), { maxPulls: 20_000 }).status).toBe(
      'stopped',
    );
  });

  it('track-and-stop for Gaussian arms', () => {
    let errors = 0;
    for (let i = 0; i < 50; i++) {
      const identifier = trackAndStop({ arms: 3, delta, family: 'gaussian' });
      errors += identifyBestArm(identifier, gaussianArms([0, 1, 0.3]), streams(i)).arm === 1 ? 0 : 1;
    }
    expect(errors / 50).toBeLessThan(delta + binomialTolerance(50, delta));
  });
});

describe('track-and-stop', () => {
  it('tracks: after 5000 pulls every count is within sqrt(t) + K of t w*', () => {
    const means = [0.5, 0.45, 0.3];
    const identifier = trackAndStop({ arms: 3, delta: 1e-12 });
    const { counts } = identifyBestArm(identifier, bernoulliArms(means), streams(7), { maxPulls: 5000 });
    const { weights } = trackAndStopWeights(means);
    // The empirical means move w* as well: 15 % of t on top of the tracking error.
    counts.forEach((n, i) => expect(Math.abs(n - 5000 * weights[i])).toBeLessThan(Math.sqrt(5000) + 3 + 750));
  });

  it('explores an arm that falls below sqrt(t) - K/2 pulls', () => {
    const identifier = trackAndStop({ arms: 2, delta: 0.01 });
    const state = { t: 100, counts: new Int32Array([92, 8]), sums: new Float64Array([91, 0]) };
    expect(identifier.select(state, () => 0)).toBe(1);
  });

  it('goes on with the arm pulled least while means tie, and stops by the threshold', () => {
    const identifier = trackAndStop({ arms: 2, delta: 0.01 });
    expect(identifier.select({ t: 10, counts: new Int32Array([6, 4]), sums: new Float64Array([3, 2]) }, () => 0)).toBe(
      1,
    );
    const decided = { t: 40, counts: new Int32Array([20, 20]), sums: new Float64Array([20, 0]) };
    expect(glrStatistic([1, 0], [20, 20])).toBeGreaterThan(trackAndStopThreshold(40, { arms: 2, delta: 0.01 }));
    expect(identifier.shouldStop(decided)).toBe(true);
    const open = { t: 4, counts: new Int32Array([2, 2]), sums: new Float64Array([2, 0]) };
    expect(identifier.shouldStop(open)).toBe(false);
  });
});

describe('sequential halving', () => {
  it('spends at most its budget, by the schedule, whatever the arms', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 20 }), fc.integer({ min: 0, max: 2000 }), (K, extra) => {
        const budget = K * Math.ceil(Math.log2(K)) + extra;
        const schedule = sequentialHalvingSchedule({ arms: K, budget });
        const planned = schedule.reduce((total, [size, pulls]) => total + size * pulls, 0);
        expect(planned).toBeLessThanOrEqual(budget);
        const arms = bernoulliArms(Float64Array.from({ length: K }, (_, i) => i / K));
        const { pulls, status } = identifyBestArm(sequentialHalving({ arms: K, budget }), arms, streams(K));
        expect([pulls, status]).toEqual([planned, 'stopped']);
      }),
    );
  });

  it('errs less often than its bound where that says anything', () => {
    const means = [0.9, 0.5, 0.5, 0.4];
    const budget = 1600;
    const bound = sequentialHalvingErrorBound(means, budget);
    expect(bound).toBeLessThan(0.1);
    for (const reuse of [false, true]) {
      let errors = 0;
      for (let i = 0; i < 200; i++) {
        errors +=
          identifyBestArm(sequentialHalving({ arms: 4, budget, reuse }), bernoulliArms(means), streams(i)).arm === 0
            ? 0
            : 1;
      }
      expect(errors / 200).toBeLessThan(bound + binomialTolerance(200, bound));
    }
  });
});

describe('successive elimination', () => {
  it('stops within the pulls that its radii promise', () => {
    const means = [0.9, 0.4, 0.2];
    const limit = successiveEliminationPulls([0, 0.5, 0.7], 0.1);
    let late = 0;
    for (let i = 0; i < 100; i++) {
      if (
        identifyBestArm(successiveElimination({ arms: 3, delta: 0.1 }), bernoulliArms(means), streams(i)).pulls > limit
      )
        late += 1;
    }
    expect(late / 100).toBeLessThan(0.1 + binomialTolerance(100, 0.1));
    expect(() => successiveEliminationPulls([0, 0], 0.1)).toThrow(/^gaps/);
  });

  it('never drops an arm that ties with the best', () => {
    const { state, status } = identifyBestArm(
      successiveElimination({ arms: 3, delta: 0.1 }),
      bernoulliArms([1, 1, 0]),
      streams(0),
      {
        maxPulls: 3000,
      },
    );
    expect(status).toBe('max-pulls');
    expect(Array.from(state.active)).toEqual([1, 1, 0]);
  });
});

describe('what is shared', () => {
  it('hardness and lower bound', () => {
    expect(bestArmHardness([0.7])).toEqual({ h1: 0, h2: 0 });
    expect(bestArmHardness([0.5, 0.5]).h1).toBe(Infinity);
    fc.assert(
      fc.property(fc.uniqueArray(fc.integer({ min: 0, max: 100 }), { minLength: 2, maxLength: 9 }), (k) => {
        const means = k.map((x) => x / 100);
        const { h1, h2 } = bestArmHardness(means);
        const sorted = [...means].sort((a, b) => b - a);
        const whole = h1 + (sorted[0] - sorted[1]) ** -2;
        expect(h2).toBeLessThanOrEqual(whole * (1 + 1e-12));
        expect(whole).toBeLessThanOrEqual(Math.log(2 * means.length) * h2 * (1 + 1e-12));
      }),
    );
    expect(() => bestArmLowerBound([0.5, 0.4], 0)).toThrow(/^delta/);
  });

  it('delta down to 1e-12 still stops', () => {
    for (const identifier of [
      successiveElimination({ arms: 2, delta: 1e-12 }),
      klLucb({ arms: 2, delta: 1e-12 }),
      lilUcb({ arms: 2, delta: 1e-12 }),
      trackAndStop({ arms: 2, delta: 1e-12 }),
    ] as unknown as BestArmIdentifier<never>[]) {
      const result = identifyBestArm(identifier, bernoulliArms([0.1, 0.9]), streams(1), { maxPulls: 1e5 });
      expect([result.arm, result.status]).toEqual([1, 'stopped']);
    }
  });

  it('identifyBestArm refuses what does not fit', () => {
    const identifier = lucb({ arms: 2, delta: 0.1 });
    expect(() => identifyBestArm(identifier, bernoulliArms([0.5]), streams(0))).toThrow(/^identifier/);
    expect(() => identifyBestArm(identifier, bernoulliArms([0.5, 0.1]), streams(0), { maxPulls: -1 })).toThrow(
      /^maxPulls/,
    );
  });
});

describe('top-two Thompson sampling', () => {
  it('gives the leader a share β of the pulls in the long run', () => {
    // Russo's Proposition: the share of the best arm tends to β; binomial tolerance plus the early pulls.
    const identifier = topTwoThompson({ arms: 3, beta: 0.4 });
    const { counts } = identifyBestArm(identifier, bernoulliArms([0.8, 0.2, 0.2]), streams(5), { maxPulls: 3000 });
    expect(Math.abs(counts[0] / 3000 - 0.4)).toBeLessThan(binomialTolerance(3000, 0.4) + 0.02);
  });

  it('after 1000 draws without a challenger takes the second-largest posterior mean', () => {
    const identifier = topTwoThompson({ arms: 3, beta: 1e-300 });
    const sure = { t: 3e6, counts: new Int32Array([1e6, 1e6, 1e6]), sums: new Float64Array([0.2e6, 0.9e6, 0.4e6]) };
    expect(identifier.select(sure, createRng('second'))).toBe(2);
    expect(identifier.recommend(sure)).toBe(1);
  });
});
