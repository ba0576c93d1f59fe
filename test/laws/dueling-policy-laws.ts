// The laws that every dueling policy obeys, written once:
//   duelingPolicyLaws('rucb', (arms) => rucb({ arms }));
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { duelingBandit, type DuelingPolicy, simulateDueling } from '../../src/bandits/index.js';
import { bradleyTerryMatrix } from '../../src/games/index.js';
import { createRng } from '../../src/random/index.js';
import { decodeState, encodeState } from '../../src/state/index.js';

export function duelingPolicyLaws<State>(name: string, makePolicy: (arms: number) => DuelingPolicy<State>): void {
  const runs = { numRuns: 30 };
  const history = fc.integer({ min: 1, max: 8 }).chain((K) =>
    fc.record({
      K: fc.constant(K),
      seed: fc.string(),
      duels: fc.array(fc.tuple(fc.nat(K - 1), fc.nat(K - 1), fc.boolean()), { maxLength: 50 }),
    }),
  );
  const replay = (policy: DuelingPolicy<State>, duels: [number, number, boolean][]): State =>
    duels.reduce((state, [i, j, won]) => policy.update(state, i, j, won), policy.init());

  describe(`${name} obeys the laws of dueling policies`, () => {
    it('leaves its input untouched, and selects arms that exist', () => {
      fc.assert(
        fc.property(history, ({ K, seed, duels }) => {
          const policy = makePolicy(K);
          const state = replay(policy, duels);
          const before = structuredClone(state);
          const pair = policy.select(state, createRng(seed));
          expect(pair.length).toBe(2);
          for (const arm of pair) expect(Number.isInteger(arm) && arm >= 0 && arm < K).toBe(true);
          policy.update(state, pair[0], pair[1], true);
          expect(state).toEqual(before);
        }),
        runs,
      );
    });

    it('update gives the same state fresh, into a spare state, and in place', () => {
      fc.assert(
        fc.property(history, ({ K, duels }) => {
          const policy = makePolicy(K);
          const fresh = replay(policy, duels);
          const spares = [policy.init(), policy.init()];
          let pingPong = policy.init();
          let inPlace = policy.init();
          duels.forEach(([i, j, won], t) => {
            pingPong = policy.update(pingPong, i, j, won, spares[t % 2]);
            expect(pingPong).toBe(spares[t % 2]);
            inPlace = policy.update(inPlace, i, j, won, inPlace);
          });
          expect(pingPong).toEqual(fresh);
          expect(inPlace).toEqual(fresh);
        }),
        runs,
      );
    });

    it('a decoded checkpoint is the state, and plays on as the state does', () => {
      fc.assert(
        fc.property(history, ({ K, duels }) => {
          const policy = makePolicy(K);
          const state = replay(policy, duels);
          const decoded = decodeState<State>(encodeState(state));
          expect(decoded).toEqual(state);
          expect(structuredClone(state)).toEqual(state);
          expect(policy.select(decoded, createRng('on'))).toEqual(policy.select(state, createRng('on')));
        }),
        runs,
      );
    });

    it('plays the same game for the same seed, and arm 0 against itself when it is alone', () => {
      const play = (K: number) =>
        simulateDueling(makePolicy(K), duelingBandit(bradleyTerryMatrix(Array.from({ length: K }, (_, i) => i))), 200, {
          policy: createRng('same', 'policy'),
          environment: createRng('same', 'environment'),
        });
      expect(play(4)).toEqual(play(4));
      const { firsts, seconds } = play(1);
      expect([...firsts, ...seconds].every((arm) => arm === 0)).toBe(true);
    });

    it('names the argument it refuses', () => {
      const policy = makePolicy(3);
      const state = policy.init();
      for (const arm of [-1, 3, 0.5, NaN]) {
        expect(() => policy.update(state, arm, 0, true)).toThrow(/^first must/);
        expect(() => policy.update(state, 0, arm, true)).toThrow(/^second must/);
      }
      expect(() => policy.update(state, 0, 1, 1 as unknown as boolean)).toThrow(TypeError);
      for (const arms of [0, -1, 1.5, NaN]) expect(() => makePolicy(arms)).toThrow(/^arms must/);
    });
  });
}
