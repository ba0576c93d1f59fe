// The laws that every online learner obeys, written once:
//   onlineLearnerLaws('ogd', ogd({ set, gradBound: 1 }), (x) => distance of x to the set);
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { OnlineLearner, OptimisticLearner } from '../../src/online-learning/index.js';
import { decodeState, encodeState } from '../../src/state/index.js';

/** How far a point is outside the set: 0 inside. */
export const outsideSimplex = (x: Float64Array) =>
  Math.max(0, ...x.map((v) => -v), Math.abs(x.reduce((a, b) => a + b, 0) - 1));
export const outsideBall = (radius: number) => (x: Float64Array) =>
  Math.max(0, Math.sqrt(x.reduce((a, b) => a + b * b, 0)) - radius);

export function onlineLearnerLaws<State>(
  name: string,
  learner: OnlineLearner<State> | OptimisticLearner<State>,
  outside: (x: Float64Array) => number,
): void {
  const d = learner.dimension;
  const entry = fc.double({ min: -10, max: 10, noNaN: true });
  const gradients = fc.array(fc.array(entry, { minLength: d, maxLength: d }), { maxLength: 40 });
  const runs = { numRuns: 40 };

  describe(`${name} obeys the laws of online learners`, () => {
    it('stays in its set, and leaves its input untouched', () => {
      fc.assert(
        fc.property(gradients, (history) => {
          let state = learner.init();
          for (const g of history) {
            const before = structuredClone({ state, g });
            const x = learner.predict(state);
            expect(x.length).toBe(d);
            expect(outside(x)).toBeLessThan(1e-9);
            const next = learner.update(state, g);
            expect({ state, g }).toEqual(before);
            state = next;
          }
          const out = new Float64Array(d);
          expect(learner.predict(state, out)).toBe(out);
          expect(out).toEqual(learner.predict(state));
        }),
        runs,
      );
    });

    it('update gives the same state fresh, into a spare state, and in place, and it survives a checkpoint', () => {
      fc.assert(
        fc.property(gradients, (history) => {
          const fresh = history.reduce((state, g) => learner.update(state, g), learner.init());
          const spares = [learner.init(), learner.init()];
          let pingPong = learner.init();
          let inPlace = learner.init();
          history.forEach((g, t) => {
            pingPong = learner.update(pingPong, g, spares[t % 2]);
            expect(pingPong).toBe(spares[t % 2]);
            inPlace = learner.update(inPlace, g, inPlace);
          });
          expect(pingPong).toEqual(fresh);
          expect(inPlace).toEqual(fresh);
          expect(decodeState(encodeState(fresh))).toEqual(fresh);
          expect(structuredClone(fresh)).toEqual(fresh);
        }),
        runs,
      );
    });

    it('refuses gradients of another length and entries that are not finite', () => {
      const state = learner.init();
      const zeros = new Array<number>(d).fill(0);
      expect(() => learner.update(state, [...zeros, 0])).toThrow(RangeError);
      for (const bad of [NaN, Infinity, -Infinity]) {
        expect(() => learner.update(state, [bad, ...zeros.slice(1)])).toThrow(/must be finite/);
      }
      if ('hint' in learner) {
        expect(() => learner.hint(state, [...zeros, 0])).toThrow(/^guess/);
        expect(learner.predict(learner.hint(state, zeros))).toEqual(learner.predict(state));
      }
    });
  });
}
