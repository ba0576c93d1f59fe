// The laws that every bandit policy obeys, written once. A new policy earns them with one line:
//   policyLaws('ucb1', (arms) => ucb1({ arms }));
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type BanditPolicy, bernoulliArms, simulateBandit } from '../../src/bandits/index.js';
import { createRng } from '../../src/random/index.js';
import { categoricalIndex } from '../../src/special/index.js';
import { decodeState, encodeState } from '../../src/state/index.js';
import { chiSquareStatistic, chiSquareThreshold } from '../support/statistics.js';

export interface PolicyLawsOptions {
  /** The rewards to draw histories from. Default: any number in [0, 1]. */
  reward?: fc.Arbitrary<number>;
  /**
   * Permuting the arms permutes scores exactly and probabilities within 1e-12. Default true; 'once-all-played' where the arms
   * are played in order first.
   */
  symmetric?: boolean | 'once-all-played';
  /** Histories are drawn from the policy's law, for policies that divide by probabilities. Default false: any arm at any time. */
  onPolicy?: boolean;
  /** Histories tried by each law. Default 40. */
  numRuns?: number;
}

export function policyLaws<State>(
  name: string,
  makePolicy: (arms: number) => BanditPolicy<State>,
  options: PolicyLawsOptions = {},
): void {
  const reward = options.reward ?? fc.double({ min: 0, max: 1, noNaN: true });
  const runs = { numRuns: options.numRuns ?? 40 };
  const history = fc
    .integer({ min: 1, max: 12 })
    .chain((K) =>
      fc.record({
        K: fc.constant(K),
        plays: fc.array(fc.tuple(fc.nat(K - 1), reward), { maxLength: 60 }),
      }),
    )
    .map(({ K, plays }) => ({ K, plays: options.onPolicy === true ? possible(makePolicy(K), plays) : plays }));

  const feedback = () => ({ rng: createRng('feedback') });
  const replay = (policy: BanditPolicy<State>, plays: [number, number][]): State => {
    const told = feedback();
    return plays.reduce((state, [arm, r]) => policy.update(state, arm, r, undefined, told), policy.init());
  };

  describe(`${name} obeys the policy laws`, () => {
    it('says its name and its arms', () => {
      expect(makePolicy(3).arms).toBe(3);
      expect(makePolicy(3).name).toMatch(/^[a-z][A-Za-z0-9]+$/);
    });

    it('select, update, scores and probabilities leave their input untouched', () => {
      fc.assert(
        fc.property(history, ({ K, plays }) => {
          const policy = makePolicy(K);
          const state = replay(policy, plays);
          const before = structuredClone(state);
          const arm = policy.select(state, createRng('untouched'));
          policy.update(state, arm, 0.5, undefined, feedback());
          policy.scores?.(state);
          policy.probabilities?.(state);
          expect(state).toEqual(before);
        }),
        runs,
      );
    });

    it('update gives the same state fresh, into a spare state, and in place', () => {
      fc.assert(
        fc.property(history, ({ K, plays }) => {
          const policy = makePolicy(K);
          const fresh = replay(policy, plays);
          const spares = [policy.init(), policy.init()];
          let pingPong = policy.init();
          let inPlace = policy.init();
          const [told1, told2] = [feedback(), feedback()];
          plays.forEach(([arm, r], t) => {
            pingPong = policy.update(pingPong, arm, r, spares[t % 2], told1);
            expect(pingPong).toBe(spares[t % 2]);
            inPlace = policy.update(inPlace, arm, r, inPlace, told2);
          });
          expect(pingPong).toEqual(fresh);
          expect(inPlace).toEqual(fresh);
        }),
        runs,
      );
    });

    it('a decoded checkpoint is the state, and plays on as the state does', () => {
      fc.assert(
        fc.property(history, ({ K, plays }) => {
          const policy = makePolicy(K);
          const state = replay(policy, plays);
          const decoded = decodeState<State>(encodeState(state));
          expect(decoded).toEqual(state);
          expect(structuredClone(state)).toEqual(state);
          expect(policy.select(decoded, createRng('on'))).toBe(policy.select(state, createRng('on')));
          for (const [arm, r] of plays.slice(0, 5)) {
            expect(policy.update(decoded, arm, r, decoded, feedback())).toEqual(
              policy.update(state, arm, r, state, feedback()),
            );
          }
        }),
        runs,
      );
    });

    it('selects an arm that exists', () => {
      fc.assert(
        fc.property(history, fc.string(), ({ K, plays }, seed) => {
          const arm = makePolicy(K).select(replay(makePolicy(K), plays), createRng(seed));
          expect(Number.isInteger(arm) && arm >= 0 && arm < K).toBe(true);
        }),
        runs,
      );
    });

    it('plays the same game for the same seed', () => {
      const play = () =>
        simulateBandit(makePolicy(4), bernoulliArms([0.2, 0.4, 0.6, 0.8]), 200, {
          policy: createRng('same seed', 'policy'),
          environment: createRng('same seed', 'environment'),
        });
      expect(play()).toEqual(play());
    });

    it('names the argument it refuses', () => {
      const policy = makePolicy(3);
      const state = policy.init();
      for (const arm of [-1, 3, 0.5, NaN]) expect(() => policy.update(state, arm, 0)).toThrow(/^arm must/);
      for (const r of [NaN, Infinity, -Infinity])
        expect(() => policy.update(state, 0, r, undefined, feedback())).toThrow(/^reward must/);
      for (const arms of [0, -1, 1.5, NaN]) expect(() => makePolicy(arms)).toThrow(/^arms must/);
    });

    it('plays arm 0 when it is alone', () => {
      const { arms } = simulateBandit(makePolicy(1), bernoulliArms([0.5]), 50, {
        policy: createRng('alone', 'policy'),
        environment: createRng('alone', 'environment'),
      });
      expect(arms.every((arm) => arm === 0)).toBe(true);
    });

    it('plays on arms that all pay the same, never or always, and games shorter than the arms', () => {
      for (const means of [
        [0.5, 0.5, 0.5, 0.5],
        [0, 0, 0],
        [1, 1, 1],
        [0, 1],
        [1, 0, 0],
        new Array<number>(9).fill(0.5),
      ]) {
        const { arms, state } = simulateBandit(
          makePolicy(means.length),
          bernoulliArms(means),
          means.length === 9 ? 4 : 80,
          {
            policy: createRng('degenerate', 'policy'),
            environment: createRng('degenerate', 'environment'),
          },
        );
        expect(arms.every((arm) => arm < means.length)).toBe(true);
        expect(encodeState(state)).not.toContain('NaN');
      }
    });

    it('fills the array that scores and probabilities are given', () => {
      const policy = makePolicy(3);
      const state = replay(policy, [
        [0, 1],
        [1, 0],
        [2, 1],
        [2, 0],
      ]);
      for (const f of [policy.scores, policy.probabilities]) {
        if (f === undefined) continue;
        const out = new Float64Array(3);
        expect(f(state, out)).toBe(out);
        expect(out).toEqual(f(state));
      }
    });

    if (options.symmetric ?? true) {
      it('permuting the arms permutes scores and probabilities', () => {
        fc.assert(
          fc.property(history, fc.infiniteStream(fc.nat()), ({ K, plays }, stream) => {
            const policy = makePolicy(K);
            const order = shuffled(K, stream);
            if (options.symmetric === 'once-all-played')
              plays = [...order.keys()].map((i): [number, number] => [i, 0.5]).concat(plays);
            const state = replay(policy, plays);
            const other = replay(
              policy,
              plays.map(([arm, r]) => [order[arm], r]),
            );
            const [s, t] = [policy.scores?.(state), policy.scores?.(other)];
            if (s && t) for (let i = 0; i < K; i++) expect(t[order[i]]).toBe(s[i]);
            const [p, q] = [policy.probabilities?.(state), policy.probabilities?.(other)];
            if (p && q) for (let i = 0; i < K; i++) expect(Math.abs(q[order[i]] - p[i])).toBeLessThan(1e-12);
          }),
          runs,
        );
      });
    }

    if (makePolicy(2).probabilities !== undefined) {
      it('probabilities are at least 0 and sum to 1 within 1e-12', () => {
        fc.assert(
          fc.property(history, ({ K, plays }) => {
            const policy = makePolicy(K);
            const p = Array.from(policy.probabilities?.(replay(policy, plays)) ?? []);
            expect(Math.min(...p)).toBeGreaterThanOrEqual(0);
            expect(Math.abs(p.reduce((a, b) => a + b, 0) - 1)).toBeLessThan(1e-12);
          }),
          runs,
        );
      });

      it('select draws from probabilities', () => {
        // Pearson's statistic passes the threshold once in 1e9 streams for a right sampler.
        const policy = makePolicy(4);
        const state = replay(policy, [
          [0, 1],
          [1, 0],
          [2, 1],
          [3, 0.25],
          [1, 0.75],
          [2, 1],
        ]);
        const n = 4000;
        const rng = createRng('frequencies');
        const counts = new Float64Array(4);
        for (let i = 0; i < n; i++) counts[policy.select(state, rng)] += 1;
        const expected = (policy.probabilities?.(state) ?? new Float64Array(4)).map((p) => n * p);
        const { statistic, degreesOfFreedom } = chiSquareStatistic(counts, expected);
        expect(statistic).toBeLessThan(chiSquareThreshold(degreesOfFreedom));
      });

      it('a reward that comes at once may name the probability of its draw', () => {
        fc.assert(
          fc.property(history, ({ K, plays }) => {
            const policy = makePolicy(K);
            let state = policy.init();
            for (const [arm, r] of plays) {
              const probability = policy.probabilities?.(state)[arm] ?? NaN;
              if (!(probability > 0)) return;
              const named = policy.update(state, arm, r, undefined, { probability, rng: createRng('feedback') });
              state = policy.update(state, arm, r, undefined, feedback());
              expect(named).toEqual(state);
            }
          }),
          runs,
        );
      });
    }
  });
}

/** The plays with arms that the policy could have drawn: the given arm stands for a place in its law. */
function possible<State>(policy: BanditPolicy<State>, plays: [number, number][]): [number, number][] {
  let state = policy.init();
  return plays.map(([place, r]) => {
    const arm = categoricalIndex(policy.probabilities?.(state) ?? [], (place + 0.5) / policy.arms);
    state = policy.update(state, arm, r, state);
    return [arm, r];
  });
}

/** A permutation of 0..K-1 from a stream of numbers. */
function shuffled(K: number, stream: Iterable<number>): number[] {
  const order = Array.from({ length: K }, (_, i) => i);
  const numbers = stream[Symbol.iterator]();
  for (let i = K - 1; i > 0; i--) {
    const j = (numbers.next().value as number) % (i + 1);
    [order[i], order[j]] = [order[j], order[i]];
  }
  return order;
}
