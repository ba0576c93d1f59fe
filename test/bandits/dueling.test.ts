// Dueling policies: laws, transcriptions of the papers' algorithms, regret, convergence of sparring, preference feedback.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  doubleThompson,
  duelingBandit,
  type DuelingPolicy,
  duelingRegret,
  exp3,
  preferenceRandomized,
  rucb,
  rucbUpperBounds,
  simulateDueling,
  simulatePreferenceFeedback,
  sparring,
  tsallisInf,
  ucb1,
} from '../../src/bandits/index.js';
import {
  bradleyTerryMatrix,
  condorcetMatrix,
  cyclicMatrix,
  exploitability,
  minimaxWinner,
} from '../../src/games/index.js';
import { createRng, type Rng, sampleNormal } from '../../src/random/index.js';
import { duelingPolicyLaws } from '../laws/dueling-policy-laws.js';
import { binomialTolerance } from '../support/statistics.js';

duelingPolicyLaws('rucb', (arms) => rucb({ arms }));
duelingPolicyLaws('doubleThompson', (arms) => doubleThompson({ arms }));
duelingPolicyLaws('sparring of exp3', (arms) => sparring(exp3({ arms, horizon: 100 })));
duelingPolicyLaws('sparring of ucb1', (arms) => sparring(ucb1({ arms })));

const streams = (name: string, seed: number | string) => ({
  policy: createRng(seed, name, 'policy'),
  environment: createRng(seed, name, 'environment'),
});

describe('rucb', () => {
  it('follows Algorithm 1 with its set B kept from round to round', () => {
    const preferences = fc.record({ K: fc.integer({ min: 1, max: 7 }), seed: fc.string() });
    fc.assert(
      fc.property(preferences, ({ K, seed }) => {
        const setup = createRng(seed);
        const environment = duelingBandit(bradleyTerryMatrix(Array.from({ length: K }, () => sampleNormal(setup))));
        const policy = rucb({ arms: K });
        const W = Array.from({ length: K }, () => new Array<number>(K).fill(0));
        let B: number[] = [];
        let state = policy.init();
        const { policy: rng, environment: duels } = streams('rucb', seed);
        const draws = createRng(seed, 'rucb', 'policy');
        const arms = Array.from({ length: K }, (_, i) => i);
        for (let t = 1; t <= 60; t++) {
          const u = (i: number, j: number) => {
            const n = W[i][j] + W[j][i];
            return i === j ? 0.5 : n === 0 ? 1 : W[i][j] / n + Math.sqrt((0.51 * Math.log(t)) / n);
          };
          const C = arms.filter((c) => arms.every((j) => u(c, j) >= 0.5));
          B = B.filter((b) => C.includes(b));
          if (C.length === 1) B = C;
          const [coin, v] = [draws(), draws()];
          const rest = C.filter((c) => !B.includes(c));
          const champion =
            C.length === 0
              ? Math.floor(v * K)
              : C.length === 1 || (B.length > 0 && coin < 0.5)
                ? B[0]
                : rest[Math.floor(v * rest.length)];
          const [first, second] = policy.select(state, rng);
          expect(first).toBe(champion);
          // Math.log may differ from the library's in the last bit: the challenger attains the maximum up to that.
          const most = Math.max(...arms.map((j) => u(j, champion)));
          expect(u(second, champion)).toBeGreaterThanOrEqual(most - 1e-12);
          if (second === champion) expect(arms.every((j) => j === champion || u(j, champion) < 0.5)).toBe(true);
          const won = environment.duel(first, second, duels);
          state = policy.update(state, first, second, won, state);
          if (first !== second) {
            if (won) W[first][second] += 1;
            else W[second][first] += 1;
          }
          expect(state.best).toBe(B.length > 0 ? B[0] : -1);
        }
      }),
      { numRuns: 40 },
    );
  });

  it.each([
    [() => rucb({ arms: 2, alpha: 0 }), /^alpha/],
    [() => doubleThompson({ arms: 2, alpha: NaN }), /^alpha/],
    [() => rucbUpperBounds([[0, 1]], 1), /^wins/],
    [
      () =>
        rucbUpperBounds(
          [
            [0, -1],
            [0, 0],
          ],
          1,
        ),
      /^wins/,
    ],
    [
      () =>
        rucbUpperBounds(
          [
            [0, 1],
            [0, 0],
          ],
          0,
        ),
      /^t/,
    ],
    [
      () =>
        duelingBandit([
          [0.5, 0.6],
          [0.3, 0.5],
        ]),
      /^preference/,
    ],
    [
      () =>
        duelingBandit([
          [0.5, 0.6 + 1e-10],
          [0.4, 0.5],
        ]),
      /^preference/,
    ],
    [
      () =>
        duelingBandit([
          [0.4, 0.6],
          [0.4, 0.5],
        ]),
      /^preference/,
    ],
    [() => simulateDueling(rucb({ arms: 2 }), duelingBandit(condorcetMatrix(3, 0.1)), 1, streams('x', 1)), /^policy/],
    [
      () =>
        duelingRegret({ firsts: [0], seconds: [0] }, duelingBandit(cyclicMatrix(1, 1, 1)), { against: 'condorcet' }),
      /^against/,
    ],
    [() => preferenceRandomized({ features: [] }), /^features/],
    [() => preferenceRandomized({ features: [[NaN]] }), /^features/],
    [() => preferenceRandomized({ features: [[1]], spread: 0 }), /^spread/],
    [() => preferenceRandomized({ features: [[1]], epsilon: -1 }), /^epsilon/],
    [() => preferenceRandomized({ features: [[1]], lambda: 0 }), /^lambda/],
    [() => preferenceRandomized({ features: [[1]], pairs: 0 }), /^pairs/],
  ])('names the argument it refuses %#', (call, message) => {
    expect(call).toThrow(RangeError);
    expect(call).toThrow(message);
  });
});

describe('doubleThompson', () => {
  it('draws its first arm from the sampled Copeland winners of the arms with most upper bounds above 1/2', () => {
    // Arms 0 and 1 have beaten 2 for sure; between them 3 : 1. Arm 0 is first when Beta(4, 2) > 1/2, with probability 13/16.
    const wins = Int32Array.of(0, 3, 400, 1, 0, 400, 0, 0, 0);
    const policy = doubleThompson({ arms: 3 });
    const n = 4000;
    const rng = createRng('first arm');
    let zero = 0;
    let secondIsOther = 0;
    for (let i = 0; i < n; i++) {
      const [first, second] = policy.select({ t: 804, wins }, rng);
      expect(first).not.toBe(2);
      expect(second).not.toBe(2);
      if (first === 0) {
        zero += 1;
        if (second === 1) secondIsOther += 1;
      }
    }
    expect(Math.abs(zero / n - 13 / 16)).toBeLessThan(binomialTolerance(n, 13 / 16));
    // Given that 0 is first, 1 is second when a fresh Beta(2, 4) > 1/2: 3/16.
    expect(Math.abs(secondIsOther / zero - 3 / 16)).toBeLessThan(binomialTolerance(zero, 3 / 16));
  });
});

describe('regret', () => {
  it('is that of the Condorcet winner, and at least 0 against a minimax winner', () => {
    const environment = duelingBandit(bradleyTerryMatrix([2, 1, 0]));
    const P = environment.preference;
    const game = { firsts: [0, 1, 2, 2], seconds: [0, 0, 1, 2] };
    const expected = [0, (P[0] + P[1] - 1) / 2, (P[2] + P[1] - 1) / 2, (P[2] + P[2] - 1) / 2];
    const regret = duelingRegret(game, environment);
    const minimax = duelingRegret(game, environment, { against: 'minimax' });
    let total = 0;
    expected.forEach((value, t) => {
      total += value;
      expect(regret[t]).toBeCloseTo(total, 12);
      expect(minimax[t]).toBeCloseTo(total, 9);
    });
    const cycle = duelingBandit(cyclicMatrix(0.2, 0.5, 0.9));
    const all = { firsts: [0, 1, 2, 0], seconds: [1, 2, 0, 0] };
    for (const value of duelingRegret(all, cycle)) expect(Math.abs(value)).toBeLessThan(1e-12);
  });

  it('rucb and double Thompson find the Condorcet winner: regret of the second half below an eighth of that of uniform pairs', () => {
    const environment = duelingBandit(bradleyTerryMatrix([1.5, 0.9, 0.6, 0.3, 0, -0.3]));
    const T = 6000;
    const uniform: DuelingPolicy<number> = {
      name: 'uniform',
      arms: 6,
      init: () => 0,
      select: (_state, rng: Rng) => [Math.floor(6 * rng()), Math.floor(6 * rng())],
      update: () => 0,
    };
    const late = <State>(policy: DuelingPolicy<State>, s: number) => {
      const regret = duelingRegret(simulateDueling(policy, environment, T, streams(policy.name, s)), environment);
      return regret[T - 1] - regret[T / 2];
    };
    for (let s = 0; s < 4; s++) {
      const base = late(uniform, s);
      expect(late(rucb({ arms: 6 }), s)).toBeLessThan(base / 8);
      expect(late(doubleThompson({ arms: 6 }), s)).toBeLessThan(base / 8);
    }
  });

  it('sparring adversarial learners approach the minimax winner of a cycle', () => {
    // Average play is exploitable by at most the mean of both regrets over T: 4 sqrt(K / T) = 0.049 by Tsallis-INF's bound.
    const matrix = cyclicMatrix(0.2, 0.3, 1);
    const T = 20_000;
    const { firsts, seconds } = simulateDueling(
      sparring(tsallisInf({ arms: 3 })),
      duelingBandit(matrix),
      T,
      streams('sparring', 1),
    );
    const average = new Float64Array(3);
    for (const arm of [...firsts, ...seconds]) average[arm] += 1 / (2 * T);
    expect(exploitability(matrix, average).exploitability).toBeLessThan(0.05);
    expect(exploitability(matrix, [1 / 3, 1 / 3, 1 / 3]).exploitability).toBeGreaterThan(0.1);
    expect(minimaxWinner(matrix).exploitability).toBeLessThan(1e-9);
  });
});

describe('preference feedback by randomization', () => {
  const [d, K, T] = [5, 20, 3000];
  const problem = (s: number) => {
    const rng = createRng(s, 'problem');
    const vector = () => Array.from({ length: d }, () => sampleNormal(rng));
    const unit = (x: number[], length: number) => {
      const norm = Math.sqrt(x.reduce((a, v) => a + v * v, 0));
      return x.map((v) => (length * v) / norm);
    };
    const theta = unit(vector(), 3);
    const features = Array.from({ length: K }, () => unit(vector(), 1));
    return { features, utilities: features.map((x) => x.reduce((a, v, j) => a + v * theta[j], 0)) };
  };

  it('asks in at most a tenth of the rounds, with a threshold on the doubt or without', () => {
    const mean = { 0: 0, 0.1: 0 };
    for (let s = 0; s < 20; s++) {
      const { features, utilities } = problem(s);
      const { duel } = duelingBandit(bradleyTerryMatrix(utilities));
      for (const epsilon of [0, 0.1] as const) {
        const learner = preferenceRandomized({ features, spread: 0.5, epsilon });
        const game = simulatePreferenceFeedback(learner, duel, T, streams('feedback', s));
        expect(game.state.queries).toBe(game.asked.reduce((a, b) => a + b, 0));
        mean[epsilon] += game.state.queries / 20;
      }
    }
    expect(mean[0]).toBeLessThanOrEqual(0.1 * T);
    expect(mean[0.1]).toBeLessThanOrEqual(0.1 * T);
  });

  it('does not ask about arms with the same features: no answer would tell anything', () => {
    const learner = preferenceRandomized({ features: [[1], [1]] });
    const rng = createRng('same features');
    for (let round = 0; round < 20; round++) {
      const state = { ...learner.init(), previous: 1 };
      expect(learner.select(state, rng)).toEqual({ first: 0, second: 1, ask: false });
    }
  });

  it('never asks when no doubt is above the threshold, and then knows nothing', () => {
    const { features } = problem(1);
    const learner = preferenceRandomized({ features, epsilon: 1e6 });
    const { state } = simulatePreferenceFeedback(learner, () => true, 50, streams('never', 1));
    expect(state.queries).toBe(0);
    expect(state.theta).toEqual(new Float64Array(d));
  });

  it('never asks about an arm against itself, and ends at the best arm or near it', () => {
    let better = 0;
    for (let s = 0; s < 10; s++) {
      const { features, utilities } = problem(s);
      const game = simulatePreferenceFeedback(
        preferenceRandomized({ features }),
        duelingBandit(bradleyTerryMatrix(utilities)).duel,
        1000,
        streams('ends', s),
      );
      game.arms.forEach((arm, t) => {
        if (arm === (t === 0 ? 0 : game.arms[t - 1])) expect(game.asked[t]).toBe(0);
      });
      const last = utilities[game.arms[999]];
      // Median of 20 utilities: a blind choice passes half of the time, and ten times in ten with probability 0.1 %.
      if (last > [...utilities].sort((a, b) => a - b)[9]) better += 1;
    }
    expect(better).toBe(10);
  });

  it('gives equal states fresh and in place, which survive structuredClone', () => {
    const { features } = problem(3);
    const learner = preferenceRandomized({ features, epsilon: 0.05 });
    let [fresh, inPlace, spare] = [learner.init(), learner.init(), learner.init()];
    const rng = createRng('states');
    for (let t = 0; t < 40; t++) {
      const { first, second, ask } = learner.select(fresh, rng);
      const answer = ask ? rng() < 0.5 : undefined;
      const before = structuredClone(fresh);
      const next = learner.update(fresh, first, second, answer);
      expect(fresh).toEqual(before);
      spare = learner.update(fresh, first, second, answer, spare);
      inPlace = learner.update(inPlace, first, second, answer, inPlace);
      fresh = next;
      expect(inPlace).toEqual(fresh);
      expect(spare).toEqual(fresh);
    }
    expect(() => learner.update(fresh, 20, 0, true)).toThrow(/^first/);
  });
});
