// The loops: games, replications that merge, delayed rewards, regrets.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  adversarialArms,
  bernoulliArms,
  exp3,
  fixedArmRegret,
  klUcb,
  mergeReplications,
  piecewiseStationaryArms,
  pseudoRegret,
  simulateBandit,
  simulateDelayedBandit,
  simulateReplications,
  thompsonBeta,
  tsallisInf,
  ucb1,
} from '../../src/bandits/index.js';
import { createRng } from '../../src/random/index.js';
import { decodeState, encodeState } from '../../src/state/index.js';

const streams = (i: number | string) => ({
  policy: createRng('simulate', 'policy', i),
  environment: createRng('simulate', 'environment', i),
});
const arms = bernoulliArms([0.7, 0.4, 0.5]);

describe('simulateReplications', () => {
  const options = { horizon: 300, streams, checkpoints: [1, 10, 299, 300] };

  it('is the regret of single games at the checkpoints', () => {
    const changing = piecewiseStationaryArms(
      [100],
      [
        [0.7, 0.4, 0.5],
        [0.1, 0.4, 0.5],
      ],
    );
    for (const regret of ['pseudo', 'fixed-arm'] as const) {
      const policy = thompsonBeta({ arms: 3 });
      const result = simulateReplications(policy, changing, { ...options, replications: 4, first: 2, regret });
      for (let r = 0; r < 4; r++) {
        const game = simulateBandit(policy, changing, 300, streams(2 + r));
        const counts = [0, 0, 0];
        for (const arm of game.arms) counts[arm] += 1;
        expect(Array.from(result.counts.subarray(3 * r, 3 * r + 3))).toEqual(counts);
        options.checkpoints.forEach((T, c) => {
          const curve = (regret === 'pseudo' ? pseudoRegret : fixedArmRegret)(game.arms.subarray(0, T), changing);
          expect(result.regrets[r * 4 + c]).toBeCloseTo(curve[T - 1], 9);
        });
      }
    }
  });

  it('ranges merge to the bits of one run, in any order', () => {
    const games = (first: number, replications: number) =>
      simulateReplications(tsallisInf({ arms: 3 }), arms, { ...options, first, replications });
    const whole = games(0, 7);
    expect(mergeReplications([games(5, 2), games(0, 3), games(3, 2)])).toEqual(whole);
    expect(mergeReplications([whole])).toEqual(whole);
  });

  it('mean, deviation and standard error are those of the table', () => {
    const { regrets, mean, standardDeviation, standardError } = simulateReplications(ucb1({ arms: 3 }), arms, {
      ...options,
      checkpoints: [300],
      replications: 5,
    });
    const average = regrets.reduce((a, b) => a + b) / 5;
    const deviation = Math.sqrt(regrets.reduce((a, b) => a + (b - average) ** 2, 0) / 4);
    expect(mean[0]).toBeCloseTo(average, 12);
    expect(standardDeviation[0]).toBeCloseTo(deviation, 12);
    expect(standardError[0]).toBeCloseTo(deviation / Math.sqrt(5), 12);
  });

  it('an environment may be drawn for each game', () => {
    const seen: number[] = [];
    simulateReplications(
      ucb1({ arms: 3 }),
      (i) => {
        seen.push(i);
        return arms;
      },
      { horizon: 5, replications: 3, first: 10, streams },
    );
    expect(seen).toEqual([10, 11, 12]);
  });

  it('refuses what makes no sense', () => {
    const run = (changes: object) => () =>
      simulateReplications(ucb1({ arms: 3 }), arms, { ...options, replications: 1, ...changes });
    expect(run({ horizon: 0 })).toThrow(/^horizon/);
    expect(run({ replications: 0 })).toThrow(/^replications/);
    expect(run({ first: -1 })).toThrow(/^first/);
    expect(run({ checkpoints: [] })).toThrow(/^checkpoints/);
    expect(run({ checkpoints: [5, 5] })).toThrow(/^checkpoints\[1\]/);
    expect(run({ checkpoints: [301] })).toThrow(/^checkpoints\[0\]/);
    expect(() => simulateReplications(ucb1({ arms: 2 }), arms, { ...options, replications: 1 })).toThrow(/^policy/);
    const part = run({})();
    expect(() => mergeReplications([])).toThrow(/^parts/);
    expect(() => mergeReplications([part, part])).toThrow(/^parts must follow/);
    expect(() => mergeReplications([part, run({ first: 1, checkpoints: [300] })()])).toThrow(/^parts must have/);
  });
});

describe('simulateDelayedBandit', () => {
  it('without delay is simulateBandit, bit for bit', () => {
    for (const policy of [ucb1({ arms: 3 }), exp3({ arms: 3 }), tsallisInf({ arms: 3, variant: 'rv' })]) {
      const delayed = simulateDelayedBandit(policy as never, arms, 400, { streams: streams(0), delay: () => 0 });
      expect(delayed).toEqual(simulateBandit(policy as never, arms, 400, streams(0)));
    }
  });

  it('every reward arrives once, in the order of arrival and then of rounds', () => {
    fc.assert(
      fc.property(fc.array(fc.oneof(fc.nat(9), fc.constant(Infinity)), { minLength: 1, maxLength: 40 }), (delays) => {
        const T = delays.length;
        const seen: number[] = [];
        const told: (number | undefined)[] = [];
        const recorder = {
          name: 'recorder',
          arms: T,
          init: () => ({ t: 0 }),
          select: (state: { t: number }) => state.t, // the number of rewards seen
          update(
            _state: { t: number },
            arm: number,
            reward: number,
            out: { t: number } | undefined,
            feedback?: object,
          ) {
            seen.push(reward);
            told.push((feedback as { probability?: number }).probability);
            const next = out ?? { t: 0 };
            next.t = seen.length;
            expect(arm).toBeLessThan(T);
            return next;
          },
        };
        const clock = { arms: T, means: () => new Float64Array(T), pull: (_arm: number, t: number) => t };
        const game = simulateDelayedBandit(recorder, clock, T, { streams: streams(1), delay: (t) => delays[t] });
        const arrivals = delays
          .map((delay, t) => ({ t, at: t + delay }))
          .filter(({ at }) => at < Infinity)
          .sort((a, b) => a.at - b.at || a.t - b.t);
        expect(seen).toEqual(arrivals.map(({ t }) => t));
        expect(told.every((p) => p === undefined)).toBe(true);
        for (let t = 0; t < T; t++) expect(game.arms[t]).toBe(arrivals.filter(({ at }) => at < t).length);
      }),
    );
  });

  it('estimates stay unbiased when rewards come late, since policies are told the probability of the draw', () => {
    // With constant losses 1 the estimate of every arm after T rounds has mean T; without the probability it has not.
    // One game's estimate has a deviation below 60 here; over 1000 games the mean is within 7 * 60 / sqrt(1000) = 13.
    const T = 60;
    const policy = exp3({ arms: 2, eta: 0.05, feedback: 'loss' });
    const losses = adversarialArms(Array.from({ length: T }, () => [0, 0])); // pays 1, taken as a loss
    let total = 0;
    for (let i = 0; i < 1000; i++) {
      const { state } = simulateDelayedBandit(policy, losses, T, { streams: streams(i), delay: (t) => (t * 7) % 23 });
      total += state.losses[0];
    }
    expect(Math.abs(total / 1000 - T)).toBeLessThan(13);
  });

  it('delays of up to 50 rounds cost ucb1 and klUcb little more than 50 rounds an arm', () => {
    // Joulani, György, Szepesvári, Theorem 6: the delay adds at most Σ Δ_i times the largest number of rewards missing.
    for (const policy of [ucb1({ arms: 3 }), klUcb({ arms: 3 })]) {
      let late = 0;
      let prompt = 0;
      for (let i = 0; i < 20; i++) {
        const game = simulateDelayedBandit(policy as never, arms, 2000, { streams: streams(i), delay: () => 50 });
        late += pseudoRegret(game.arms, arms)[1999] / 20;
        prompt += pseudoRegret(simulateBandit(policy as never, arms, 2000, streams(i)).arms, arms)[1999] / 20;
      }
      expect(late).toBeLessThan(prompt + (0.3 + 0.2) * 51 + 15);
    }
  });

  it('refuses delays that are no numbers of rounds', () => {
    for (const bad of [-1, 0.5, NaN]) {
      const run = () => simulateDelayedBandit(ucb1({ arms: 3 }), arms, 5, { streams: streams(0), delay: () => bad });
      expect(run).toThrow(/^delay/);
    }
  });
});

describe('games go on from a checkpoint', () => {
  it('a game in two halves, the state and the streams written and read between, is the game in one', () => {
    const policy = thompsonBeta({ arms: 3 });
    const whole = simulateBandit(policy, arms, 200, streams('checkpoint'));
    const source = streams('checkpoint');
    const half = simulateBandit(policy, arms, 120, source);
    const restored = decodeState<typeof half.state>(encodeState(half.state));
    const rest = simulateBandit(policy, arms, 80, source, restored);
    expect([...half.arms, ...rest.arms]).toEqual([...whole.arms]);
    expect(rest.state).toEqual(whole.state);
    expect(restored.t).toBe(120); // the start is left as it was
  });
});

describe('regrets', () => {
  it('dynamic regret is against the best arm of each round, fixed-arm regret against the best of all', () => {
    const adversary = adversarialArms([
      [0, 1],
      [1, 0],
      [0, 1],
    ]);
    expect(Array.from(pseudoRegret([1, 1, 1], adversary))).toEqual([1, 1, 2]);
    expect(Array.from(fixedArmRegret([1, 1, 1], adversary))).toEqual([1, 0, 1]);
  });
});
