// The laws of best-arm identification, on top of those of a policy:
//   bestArmLaws('lucb', (arms) => lucb({ arms, delta: 0.1 }));
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type BestArmIdentifier, bernoulliArms, identifyBestArm } from '../../src/bandits/index.js';
import { createRng } from '../../src/random/index.js';
import { policyLaws, type PolicyLawsOptions } from './policy-laws.js';

export interface BestArmLawsOptions extends PolicyLawsOptions {
  /** Whether the identifier stops by itself. Default true. */
  stops?: boolean;
}

export function bestArmLaws<State>(
  name: string,
  makeIdentifier: (arms: number) => BestArmIdentifier<State>,
  options: BestArmLawsOptions = {},
): void {
  policyLaws(name, makeIdentifier, options);

  describe(`${name} obeys the laws of best-arm identification`, () => {
    it('stops at once, with arm 0, when there is one arm', () => {
      const one = makeIdentifier(1);
      expect(one.shouldStop(one.init())).toBe(true);
      expect(one.recommend(one.init())).toBe(0);
    });

    it('does not stop before any pull, and recommends an arm that exists', () => {
      const identifier = makeIdentifier(3);
      expect(identifier.shouldStop(identifier.init())).toBe(false);
      expect([0, 1, 2]).toContain(identifier.recommend(identifier.init()));
    });

    it('shouldStop and recommend leave the state untouched, whatever the history', () => {
      fc.assert(
        fc.property(
          fc.array(fc.tuple(fc.nat(3), fc.double({ min: 0, max: 1, noNaN: true })), { maxLength: 60 }),
          (plays) => {
            const identifier = makeIdentifier(4);
            let state = identifier.init();
            for (const [arm, reward] of plays) state = identifier.update(state, arm, reward, state);
            const before = structuredClone(state);
            expect(typeof identifier.shouldStop(state)).toBe('boolean');
            expect([0, 1, 2, 3]).toContain(identifier.recommend(state));
            expect(state).toEqual(before);
          },
        ),
        { numRuns: options.numRuns ?? 30 },
      );
    });

    if (options.stops ?? true) {
      it('finds an arm that always pays among arms that never do', () => {
        for (let best = 0; best < 3; best++) {
          const means = [0, 0, 0];
          means[best] = 1;
          const { arm, status, pulls, counts } = identifyBestArm(
            makeIdentifier(3),
            bernoulliArms(means),
            { policy: createRng('sure', best), environment: createRng('sure', best, 'environment') },
            { maxPulls: 1e5 },
          );
          expect([arm, status]).toEqual([best, 'stopped']);
          expect(counts.reduce((a, b) => a + b)).toBe(pulls);
        }
      });
    }
  });
}
