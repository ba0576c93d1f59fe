// Policies that forget: oracles from the history, the change-point test, limits.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  bernoulliArms,
  discountedUcb,
  discountedUcbGamma,
  discountedUcbIndices,
  glrChangeStatistic,
  glrThreshold,
  glrUcb,
  klUcb,
  piecewiseStationaryArms,
  simulateBandit,
  simulateReplications,
  slidingWindowLength,
  slidingWindowUcb,
  slidingWindowUcbIndices,
} from '../../../src/bandits/index.js';
import { createRng } from '../../../src/random/index.js';
import { klDivergence } from '../../../src/stats/index.js';

const streams = (i: number) => ({
  policy: createRng('non-stationary', 'policy', i),
  environment: createRng('non-stationary', 'environment', i),
});
const history = fc.integer({ min: 1, max: 4 }).chain((arms) =>
  fc.record({
    arms: fc.constant(arms),
    plays: fc.array(fc.tuple(fc.nat(arms - 1), fc.double({ min: 0, max: 1, noNaN: true })), {
      minLength: 1,
      maxLength: 80,
    }),
  }),
);
const split = ({ arms, plays }: { arms: number; plays: [number, number][] }) => ({
  arms,
  actions: plays.map(([arm]) => arm),
  rewards: plays.map(([, reward]) => reward),
});

describe('indices from a whole history', () => {
  it('discounted UCB weighs a play of age s by γ^s', () => {
    fc.assert(
      fc.property(history, fc.double({ min: 0.5, max: 1, noNaN: true }), (game, gamma) => {
        const scores = discountedUcbIndices(split(game), { gamma, xi: 0.7, bound: 2 });
        const t = game.plays.length;
        const N = new Float64Array(game.arms);
        const X = new Float64Array(game.arms);
        game.plays.forEach(([arm, reward], s) => {
          N[arm] += gamma ** (t - 1 - s);
          X[arm] += gamma ** (t - 1 - s) * reward;
        });
        const n = N.reduce((a, b) => a + b);
        for (let i = 0; i < game.arms; i++) {
          if (N[i] === 0) expect(scores[i]).toBe(Infinity);
          else expect(scores[i]).toBeCloseTo(X[i] / N[i] + 4 * Math.sqrt((0.7 * Math.log(Math.max(1, n))) / N[i]), 8);
        }
      }),
    );
  });

  it('sliding-window UCB sees the last plays only', () => {
    fc.assert(
      fc.property(history, fc.integer({ min: 1, max: 30 }), (game, window) => {
        const scores = slidingWindowUcbIndices(split(game), { window });
        const last = game.plays.slice(-window);
        for (let i = 0; i < game.arms; i++) {
          const mine = last.filter(([arm]) => arm === i).map(([, reward]) => reward);
          const expected =
            mine.length === 0
              ? Infinity
              : mine.reduce((a, b) => a + b) / mine.length + Math.sqrt((0.6 * Math.log(last.length)) / mine.length);
          if (expected === Infinity) expect(scores[i]).toBe(Infinity);
          else expect(Math.abs(scores[i] - expected)).toBeLessThan(1e-12);
        }
      }),
    );
  });

  it('forgetting nothing, both keep the mean of all plays', () => {
    const arms = bernoulliArms([0.3, 0.6]);
    const played = simulateBandit(discountedUcb({ arms: 2, gamma: 1 }), arms, 500, streams(0));
    const { counts, sums, total } = played.state;
    expect(counts[0] + counts[1]).toBe(500);
    expect(total).toBe(500);
    expect(sums[0] + sums[1]).toBe(played.rewards.reduce((a, b) => a + b));
    const windowed = simulateBandit(slidingWindowUcb({ arms: 2, window: 1000 }), arms, 500, streams(0)).state;
    expect(windowed.counts[0] + windowed.counts[1]).toBe(500);
  });

  it('an arm that faded away altogether counts as never played', () => {
    const policy = discountedUcb({ arms: 2, gamma: 0.5 });
    let state = policy.update(policy.init(), 0, 1);
    for (let t = 0; t < 1100; t++) state = policy.update(state, 1, 0.5, state);
    expect(state.counts[0]).toBe(0);
    expect(policy.scores(state)[0]).toBe(Infinity);
    expect(policy.scores(state)[1]).toBeCloseTo(0.5 + 2 * Math.sqrt((0.6 * Math.log(2)) / 2), 12);
  });

  it('rounding does not build up in a window: after a million plays of 0.1 the mean is 0.1', () => {
    const policy = slidingWindowUcb({ arms: 1, window: 10 });
    let state = policy.init();
    for (let t = 0; t < 1_000_000; t++) state = policy.update(state, 0, t % 3 === 0 ? 1e6 : 0.1, state);
    for (let t = 0; t < 20; t++) state = policy.update(state, 0, 0.1, state);
    expect(state.sums[0]).toBeCloseTo(1, 12);
  });

  it('histories of different lengths are refused', () => {
    const bad = { arms: 2, actions: [0, 1], rewards: [1] };
    expect(() => discountedUcbIndices(bad, { gamma: 0.9 })).toThrow(/^rewards/);
    expect(() => slidingWindowUcbIndices(bad, { window: 3 })).toThrow(/^rewards/);
  });

  it('tuned sizes are those of the formulas, and refuse what they cannot serve', () => {
    expect(discountedUcbGamma({ horizon: 10_000, changes: 4, bound: 2 })).toBeCloseTo(1 - 0.02 / 8, 15);
    expect(slidingWindowLength({ horizon: 10_000, changes: 4 })).toBe(
      Math.round(2 * Math.sqrt((1e4 * Math.log(1e4)) / 4)),
    );
    expect(slidingWindowLength({ horizon: 1, changes: 1 })).toBe(1);
    expect(() => discountedUcbGamma({ horizon: 10, changes: 0 })).toThrow(/^changes/);
    expect(() => discountedUcbGamma({ horizon: 4, changes: 4, bound: 0.2 })).toThrow(/^bound/);
    expect(() => slidingWindowLength({ horizon: 0, changes: 1 })).toThrow(/^horizon/);
  });
});

describe('the test of a change', () => {
  it('is the maximum over all splits, written out', () => {
    fc.assert(
      fc.property(fc.array(fc.constantFrom(0, 1, 0.5), { minLength: 1, maxLength: 30 }), (rewards) => {
        const mean = (list: number[]) => list.reduce((a, b) => a + b, 0) / list.length;
        let largest = 0;
        for (let s = 1; s < rewards.length; s++) {
          const [before, after] = [rewards.slice(0, s), rewards.slice(s)];
          const ratio =
            s * klDivergence(mean(before), mean(rewards)) + after.length * klDivergence(mean(after), mean(rewards));
          largest = Math.max(largest, ratio);
        }
        expect(glrChangeStatistic(rewards)).toBeCloseTo(largest, 10);
      }),
    );
  });

  it('keeps quiet without a change: false alarms in at most a share δ of 200 streams of 300 rewards', () => {
    // The threshold is for a whole stream. 200 streams at δ = 0.01: more than 16 alarms have probability below 1e-9.
    let alarms = 0;
    for (let i = 0; i < 200; i++) {
      const rng = createRng('quiet', i);
      const rewards: number[] = [];
      for (let n = 1; n <= 300; n++) {
        rewards.push(rng() < 0.3 ? 1 : 0);
        if (n % 6 === 0 && glrChangeStatistic(rewards) > glrThreshold(n, 0.01)) {
          alarms += 1;
          break;
        }
      }
    }
    expect(alarms).toBeLessThanOrEqual(16);
  });

  it('restarts once after a clear change, and forgets one arm or all', () => {
    const clear = piecewiseStationaryArms(
      [400],
      [
        [0.9, 0.1],
        [0.1, 0.1],
      ],
    );
    for (const restart of ['global', 'local'] as const) {
      const { state } = simulateBandit(glrUcb({ arms: 2, delta: 0.01, restart }), clear, 800, streams(1));
      expect(state.restarts).toBe(1);
      expect(state.since[0]).toBeLessThan(400);
      expect(state.since[1]).toBe(restart === 'global' ? state.since[0] : 800);
    }
  });

  it('after a change of the best arm the regret is far below that of KL-UCB, which remembers', () => {
    const T = 2400;
    const once = piecewiseStationaryArms(
      [T / 2],
      [
        [0.8, 0.5],
        [0.2, 0.5],
      ],
    );
    const run = (policy: unknown) =>
      simulateReplications(policy as ReturnType<typeof klUcb>, once, { horizon: T, replications: 3, streams }).mean[0];
    const forgetting = run(glrUcb({ arms: 2, delta: 0.01 }));
    expect(forgetting).toBeLessThan(0.5 * run(klUcb({ arms: 2 })));
  });

  it('forced exploration plays every arm in turn', () => {
    const { arms } = simulateBandit(
      glrUcb({ arms: 3, delta: 0.01, exploration: 0.1 }),
      bernoulliArms([1, 0, 0]),
      120,
      streams(2),
    );
    for (let t = 0; t < 120; t++) if (t % 30 < 3) expect(arms[t]).toBe(t % 30);
  });
});
