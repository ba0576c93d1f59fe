// The laws that every contextual policy obeys, written once:
//   contextualPolicyLaws('linUcb', (arms) => linUcb({ arms, dimension: 2 }), (arms, rng) => features);
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type ContextualPolicy, simulateContextualBandit } from '../../src/bandits/index.js';
import { createRng, type Rng } from '../../src/random/index.js';
import { decodeState, encodeState } from '../../src/state/index.js';
import { chiSquareStatistic, chiSquareThreshold } from '../support/statistics.js';

export interface ContextualPolicyLawsOptions {
  /** The rewards to draw histories from. Default: any number in [0, 1]. */
  reward?: fc.Arbitrary<number>;
  /** Histories tried by each law. Default 20. */
  numRuns?: number;
  /** Longest history. Default 30. */
  maxLength?: number;
}

export function contextualPolicyLaws<State, Context>(
  name: string,
  makePolicy: (arms: number) => ContextualPolicy<State, Context>,
  makeContext: (arms: number, rng: Rng) => Context,
  options: ContextualPolicyLawsOptions = {},
): void {
  const reward = options.reward ?? fc.double({ min: 0, max: 1, noNaN: true });
  const runs = { numRuns: options.numRuns ?? 20 };
  type Play = [context: Context, arm: number, reward: number];
  const history = fc.integer({ min: 1, max: 6 }).chain((K) =>
    fc.record({
      K: fc.constant(K),
      seed: fc.nat(),
      plays: fc.array(fc.tuple(fc.nat(), fc.nat(K - 1), reward), { maxLength: options.maxLength ?? 30 }),
    }),
  );
  const played = (K: number, plays: [number, number, number][]): Play[] =>
    plays.map(([seed, arm, r]) => [makeContext(K, createRng(seed)), arm, r]);
  const feedback = () => ({ rng: createRng('feedback') });
  const replay = (policy: ContextualPolicy<State, Context>, plays: Play[]): State => {
    const told = feedback();
    return plays.reduce((state, [x, arm, r]) => policy.update(state, x, arm, r, undefined, told), policy.init());
  };

  describe(`${name} obeys the contextual policy laws`, () => {
    it('says its name and its arms', () => {
      expect(makePolicy(3).arms).toBe(3);
      expect(makePolicy(3).name).toMatch(/^[a-z][A-Za-z0-9]+$/);
    });

    it('leaves its input untouched, and selects an arm that exists', () => {
      fc.assert(
        fc.property(history, ({ K, seed, plays }) => {
          const policy = makePolicy(K);
          const state = replay(policy, played(K, plays));
          const context = makeContext(K, createRng(seed));
          const before = structuredClone({ state, context });
          const arm = policy.select(state, context, createRng(seed));
          expect(Number.isInteger(arm) && arm >= 0 && arm < K).toBe(true);
          policy.update(state, context, arm, 0.5, undefined, feedback());
          policy.scores?.(state, context);
          policy.probabilities?.(state, context);
          expect({ state, context }).toEqual(before);
        }),
        runs,
      );
    });

    it('update gives the same state fresh, into a spare state, and in place', () => {
      fc.assert(
        fc.property(history, ({ K, plays }) => {
          const policy = makePolicy(K);
          const all = played(K, plays);
          const fresh = replay(policy, all);
          const spares = [policy.init(), policy.init()];
          let pingPong = policy.init();
          let inPlace = policy.init();
          const [told1, told2] = [feedback(), feedback()];
          all.forEach(([x, arm, r], t) => {
            pingPong = policy.update(pingPong, x, arm, r, spares[t % 2], told1);
            expect(pingPong).toBe(spares[t % 2]);
            inPlace = policy.update(inPlace, x, arm, r, inPlace, told2);
          });
          expect(pingPong).toEqual(fresh);
          expect(inPlace).toEqual(fresh);
        }),
        runs,
      );
    });

    it('a decoded checkpoint is the state, and plays on as the state does', () => {
      fc.assert(
        fc.property(history, ({ K, seed, plays }) => {
          const policy = makePolicy(K);
          const all = played(K, plays);
          const state = replay(policy, all);
          const decoded = decodeState<State>(encodeState(state));
          expect(decoded).toEqual(state);
          expect(structuredClone(state)).toEqual(state);
          const context = makeContext(K, createRng(seed));
          expect(policy.select(decoded, context, createRng('on'))).toBe(policy.select(state, context, createRng('on')));
          for (const [x, arm, r] of all.slice(0, 3)) {
            expect(policy.update(decoded, x, arm, r, decoded, feedback())).toEqual(
              policy.update(state, x, arm, r, state, feedback()),
            );
          }
        }),
        runs,
      );
    });

    it('plays the same game for the same seed, and arm 0 when it is alone', () => {
      const environment = (arms: number) => ({
        arms,
        context: (t: number) => makeContext(arms, createRng('context', t)),
        means: () => new Float64Array(arms).fill(0.5),
        pull: (arm: number, _t: number, rng: Rng) => (rng() < (arm + 1) / (arms + 1) ? 1 : 0),
      });
      const play = (arms: number) =>
        simulateContextualBandit(makePolicy(arms), environment(arms), 60, {
          policy: createRng('same seed', 'policy'),
          environment: createRng('same seed', 'environment'),
        });
      expect(play(3)).toEqual(play(3));
      expect(play(1).arms.every((arm) => arm === 0)).toBe(true);
    });

    it('names the argument it refuses', () => {
      const policy = makePolicy(3);
      const state = policy.init();
      const context = makeContext(3, createRng('refuses'));
      for (const arm of [-1, 3, 0.5, NaN]) expect(() => policy.update(state, context, arm, 0)).toThrow(/^arm must/);
      for (const r of [NaN, Infinity, -Infinity]) {
        expect(() => policy.update(state, context, 0, r, undefined, feedback())).toThrow(/^(reward|cost) must/);
      }
      for (const arms of [0, -1, 1.5, NaN]) expect(() => makePolicy(arms)).toThrow(/^arms must/);
    });

    it('fills the array that scores and probabilities are given', () => {
      const policy = makePolicy(3);
      const context = makeContext(3, createRng('fills'));
      const state = policy.update(policy.init(), context, 1, 0.5, undefined, feedback());
      for (const f of [policy.scores, policy.probabilities]) {
        if (f === undefined) continue;
        const out = new Float64Array(3);
        expect(f(state, context, out)).toBe(out);
        expect(out).toEqual(f(state, context));
      }
    });

    if (makePolicy(2).probabilities !== undefined) {
      it('select draws from probabilities, which sum to 1', () => {
        // Pearson's statistic passes the threshold once in 1e9 streams for a right sampler.
        const policy = makePolicy(4);
        let state = policy.init();
        const rng = createRng('history');
        for (let i = 0; i < 8; i++) {
          state = policy.update(state, makeContext(4, rng), i % 4, ((i * 3) % 5) / 5, undefined, feedback());
        }
        const context = makeContext(4, rng);
        const p = policy.probabilities?.(state, context) ?? new Float64Array(4);
        expect(Math.abs(p.reduce((a, b) => a + b, 0) - 1)).toBeLessThan(1e-12);
        const n = 4000;
        const counts = new Float64Array(4);
        for (let i = 0; i < n; i++) counts[policy.select(state, context, rng)] += 1;
        const { statistic, degreesOfFreedom } = chiSquareStatistic(
          counts,
          p.map((x) => n * x),
        );
        expect(statistic).toBeLessThan(chiSquareThreshold(degreesOfFreedom));
      });
    }
  });
}
