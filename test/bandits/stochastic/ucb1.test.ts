// From the most certain to the least: laws, gold, oracle, theorem, statistics.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  bernoulliArms,
  gaussianArms,
  pseudoRegret,
  simulateBandit,
  ucb1,
  ucb1Index,
  ucb1RegretBound,
} from '../../../src/bandits/index.js';
import { createRng } from '../../../src/random/index.js';
import { policyLaws } from '../../laws/policy-laws.js';

const play = (means: number[], horizon: number, seed: number | string) =>
  simulateBandit(ucb1({ arms: means.length }), bernoulliArms(means), horizon, {
    policy: createRng(seed, 'policy'),
    environment: createRng(seed, 'environment'),
  });

policyLaws('ucb1', (arms) => ucb1({ arms }));
policyLaws('ucb1 with the kinetic tournament', (arms) => ucb1({ arms, engine: 'kinetic' }));
policyLaws('ucb1 with random ties', (arms) => ucb1({ arms, ties: 'random' }));

describe('ucb1, gold', () => {
  it('evaluates the index of Figure 1', () => {
    // By hand: 0.5 + sqrt(2 ln 100 / 8) = 0.5 + sqrt(1.151292546497023) = 1.5729830131446736
    expect(ucb1Index(0.5, 8, 100)).toBeCloseTo(1.5729830131446736, 15);
  });

  it('plays the sequence that the paper dictates when arm j always pays GOLD.rewards[j]', () => {
    const policy = ucb1({ arms: 3 });
    let state = policy.init();
    const arms = GOLD.arms.map(() => {
      const arm = policy.select(state, createRng('unused'));
      state = policy.update(state, arm, GOLD.rewards[arm], state);
      return arm;
    });
    expect(arms).toEqual(GOLD.arms);
  });
});

describe('ucb1, oracle', () => {
  it('agrees with Figure 1 transcribed over the whole history', () => {
    // 0/1 rewards keep both sums exact, so the two programs must agree on every tie.
    fc.assert(
      fc.property(
        fc.array(fc.array(fc.constantFrom(0, 1), { minLength: 60, maxLength: 60 }), { minLength: 1, maxLength: 6 }),
        (table) => {
          const K = table.length;
          const policy = ucb1({ arms: K });
          const kinetic = ucb1({ arms: K, engine: 'kinetic' });
          const history: [arm: number, reward: number][] = [];
          let state = policy.init();
          let other = kinetic.init();
          for (let t = 0; t < 60; t++) {
            const arm = policy.select(state, createRng('unused'));
            expect(arm).toBe(figure1(history, K));
            expect(kinetic.select(other, createRng('unused'))).toBe(arm);
            history.push([arm, table[arm][t]]);
            state = policy.update(state, arm, table[arm][t], state);
            other = kinetic.update(other, arm, table[arm][t], other);
          }
        },
      ),
      { numRuns: 40 },
    );
  });

  it.each([
    [10, 20_000, 2],
    [65, 20_000, 0.5],
    [1000, 20_000, 2],
    [3000, 9_000, 0],
  ])('the kinetic tournament plays the scan, K = %d, %d rounds, exploration %d', (K, horizon, exploration) => {
    for (const environment of [
      bernoulliArms(Float64Array.from({ length: K }, (_, i) => (i % 7) / 7)),
      gaussianArms(Float64Array.from({ length: K }, (_, i) => Math.sin(i))),
    ]) {
      const [scan, kinetic] = (['scan', 'kinetic'] as const).map((engine) =>
        simulateBandit(ucb1({ arms: K, engine, exploration }), environment, horizon, {
          policy: createRng('unused'),
          environment: createRng('kinetic', K),
        }),
      );
      expect(kinetic.arms).toEqual(scan.arms);
    }
  });

  it('the kinetic tournament takes rewards in any order, as the scan does', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 9 }).chain((K) =>
          fc.record({
            K: fc.constant(K),
            plays: fc.array(fc.tuple(fc.nat(K - 1), fc.constantFrom(0, 0.25, 0.5, 1)), { maxLength: 200 }),
          }),
        ),
        ({ K, plays }) => {
          const [scan, kinetic] = (['scan', 'kinetic'] as const).map((engine) => ucb1({ arms: K, engine }));
          let [a, b] = [scan.init(), kinetic.init()];
          for (const [arm, reward] of plays) {
            a = scan.update(a, arm, reward, a);
            b = kinetic.update(b, arm, reward, b);
            expect(kinetic.select(b, () => 0)).toBe(scan.select(a, () => 0));
          }
        },
      ),
    );
  });
});

describe('ucb1, theorem 1', () => {
  it.each([[[0.9, 0.6]], [[0.9, 0.8]], [[0.5, 0.45, 0.4, 0.1]], [[0.55, 0.45, 0.45, 0.45, 0.45]]])(
    'mean regret over 40 games with means %j is below the bound at every horizon',
    (means) => {
      const games = Array.from({ length: 40 }, (_, game) =>
        pseudoRegret(play(means, 3000, game).arms, bernoulliArms(means)),
      );
      const gaps = means.map((mean) => Math.max(...means) - mean);
      for (const horizon of [10, 100, 1000, 3000]) {
        const regret = games.reduce((sum, game) => sum + game[horizon - 1], 0) / games.length;
        expect(regret).toBeLessThan(ucb1RegretBound(gaps, horizon));
        expect(regret).toBeGreaterThan(0);
      }
    },
  );

  it('is evaluated as printed', () => {
    // 8 ln(1000) / 0.2 + (1 + π²/3) 0.2 to 20 digits is 277.16818478602477265
    expect(ucb1RegretBound([0, 0.2], 1000)).toBeCloseTo(277.16818478602477, 10);
  });
});

describe('ucb1, statistics', () => {
  it('rewards have the mean of the arm that is played', () => {
    // Hoeffding: |mean - 0.3| > r has probability at most 2 exp(-2 n r²) = 1e-9 for r = sqrt(ln(2e9) / 2n).
    // A correct program with another stream fails here once in a thousand million times;
    // an arm that pays 0.33 instead of 0.3 is caught with probability above 0.999.
    const n = 100_000;
    const { rewards } = play([0.3], n, 'statistics');
    const mean = rewards.reduce((a, b) => a + b, 0) / n;
    expect(Math.abs(mean - 0.3)).toBeLessThan(Math.sqrt(Math.log(2e9) / (2 * n)));
  });

  it('plays a hopeless arm about 2 ln t times, neither never nor often', () => {
    // Rewards 1 and 0: arm 1 is played at round t if and only if sqrt(L / n_1) > 1 + sqrt(L / n_0) with L = 2 ln t.
    const [n0, n1] = play([1, 0], 10_000, 'hopeless').state.counts;
    const L = 2 * Math.log(9_999);
    expect(n1).toBeLessThanOrEqual(L + 1);
    expect(n1 + 1).toBeGreaterThanOrEqual(L / (1 + Math.sqrt(L / n0)) ** 2);
  });

  it('random ties are uniform among the arms that tie', () => {
    const policy = ucb1({ arms: 3, ties: 'random' });
    let state = policy.init();
    for (const [arm, reward] of [
      [0, 1],
      [1, 0],
      [2, 1],
    ])
      state = policy.update(state, arm, reward, state);
    const rng = createRng('ties');
    const counts = [0, 0, 0];
    for (let i = 0; i < 1000; i++) counts[policy.select(state, rng)] += 1;
    // Hoeffding with false alarm 1e-9: sqrt(1000 ln(2e9) / 2) = 104.
    expect(counts[1]).toBe(0);
    expect(Math.abs(counts[0] - 500)).toBeLessThan(104);
  });
});

describe('ucb1, arguments', () => {
  it('rescales rewards by a power of two without changing a play', () => {
    const table = createRng('rescale');
    const rewards = Float64Array.from({ length: 500 }, () => table());
    const arms = (range: [number, number], factor: number) => {
      const policy = ucb1({ arms: 4, range });
      let state = policy.init();
      return Array.from(rewards, (reward) => {
        const arm = policy.select(state, table);
        state = policy.update(state, arm, reward * factor, state);
        return arm;
      });
    };
    expect(arms([0, 1024], 1024)).toEqual(arms([0, 1], 1));
  });

  it('refuses or clips rewards outside the range', () => {
    const strict = ucb1({ arms: 1, range: [-1, 1] });
    expect(() => strict.update(strict.init(), 0, 2)).toThrow('reward must be in [-1, 1], got 2');
    const clipping = ucb1({ arms: 1, range: [-1, 1], clip: true });
    expect(clipping.update(clipping.init(), 0, 2).sums[0]).toBe(1);
    expect(clipping.update(clipping.init(), 0, -9).sums[0]).toBe(0);
    expect(() => clipping.update(clipping.init(), 0, NaN)).toThrow('reward must be finite, got NaN');
  });

  it('refuses options that make no sense', () => {
    expect(() => ucb1({ arms: 2, exploration: -1 })).toThrow(/^exploration must/);
    expect(() => ucb1({ arms: 2, engine: 'fast' as 'scan' })).toThrow(/^engine must/);
    expect(() => ucb1({ arms: 2, engine: 'kinetic', ties: 'random' })).toThrow(/^engine must/);
    expect(() => ucb1({ arms: 2, range: [1, 0] })).toThrow(/^range must/);
  });
});

/** Figure 1 of the paper, word for word and slowly: everything recomputed from the history. */
function figure1(history: [arm: number, reward: number][], K: number): number {
  const n = history.length;
  let best = -1;
  let bestIndex = -Infinity;
  for (let j = 0; j < K; j++) {
    const rewards = history.filter(([arm]) => arm === j).map(([, reward]) => reward);
    if (rewards.length === 0) return j;
    const mean = rewards.reduce((a, b) => a + b) / rewards.length;
    const index = ucb1Index(mean, rewards.length, n);
    if (index > bestIndex) {
      best = j;
      bestIndex = index;
    }
  }
  return best;
}

/** Made apart from this library: 40-digit decimal arithmetic straight from Figure 1 (make-ucb1.py). */
const GOLD = {
  rewards: [0.25, 0.5, 0.875],
  arms: [
    0, 1, 2, 2, 1, 2, 0, 2, 1, 2, 2, 0, 1, 2, 2, 2, 1, 2, 0, 2, 2, 1, 2, 2, 2, 1, 2, 0, 2, 2, 2, 1, 2, 2, 2, 2, 0, 1, 2,
    2,
  ],
};
