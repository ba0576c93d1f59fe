// The laws that every learner of a solver parameter obeys.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { OmegaLearner, OmegaSelection, SolveObservation } from '../../../src/linear-solvers/index.js';
import { createRng } from '../../../src/random/index.js';
import { decodeState, encodeState } from '../../../src/state/index.js';
import { counted } from '../../support/fit.js';

const observation: SolveObservation = { residualNorms: [16, 8, 4, 2, 1] };

/** Plays costs in [1, 300] that depend on the round and on the value, with contexts in [0, 1]. */
function play<State, Value>(learner: OmegaLearner<State, Value>, rounds: number, start = learner.init(), from = 0) {
  let state = start;
  const selections: OmegaSelection<Value>[] = [];
  for (let t = from; t < rounds; t++) {
    const selection = learner.select(state, createRng('play', t), contextOf(t));
    selections.push(selection);
    state = learner.update(state, selection, costOf(t, selection.index), undefined, observation);
  }
  return { state, selections };
}

const contextOf = (t: number) => ((t * 7) % 13) / 12;
const costOf = (t: number, index: number) => 1 + ((t * 31 + (index + 1) * 17) % 300);

export function learnerLaws<State, Value>(name: string, learner: OmegaLearner<State, Value>, { draws = 1 } = {}): void {
  describe(`${name} obeys the learner laws`, () => {
    it('same uniforms, contexts and costs give the same states', () => {
      expect(play(learner, 40)).toEqual(play(learner, 40));
    });

    it('select reads the state only, takes as many uniforms as it says (NaN: any number), and its probability is one', () => {
      const { state } = play(learner, 25);
      const before = structuredClone(state);
      const counter = counted(createRng('select'));
      for (let k = 0; k < 10; k++) {
        const selection = learner.select(state, counter.rng, contextOf(k));
        expect(selection.probability).toBeGreaterThan(0);
        expect(selection.probability).toBeLessThanOrEqual(1);
      }
      if (!Number.isNaN(draws)) expect(counter.calls()).toBe(10 * draws);
      expect(state).toEqual(before);
    });

    it('update gives the same state fresh, into another, and in place, and else touches nothing', () => {
      fc.assert(
        fc.property(
          fc.array(fc.double({ min: 0, max: 500, noNaN: true }), { minLength: 1, maxLength: 40 }),
          (costs) => {
            const rng = createRng('update');
            let fresh = learner.init();
            let inPlace = learner.init();
            const spares = [learner.init(), learner.init()];
            let spare = learner.init();
            costs.forEach((cost, t) => {
              const selection = learner.select(fresh, rng, contextOf(t));
              const before = structuredClone(fresh);
              const next = learner.update(Object.freeze(fresh), selection, cost, undefined, observation);
              expect(fresh).toEqual(before);
              const frozenSelection = Object.freeze({ ...selection });
              inPlace = learner.update(inPlace, frozenSelection, cost, inPlace, observation);
              const previous = structuredClone(spare);
              const kept = spare;
              spare = learner.update(spare, selection, cost, spares[t % 2], observation);
              expect(spare).toBe(spares[t % 2]);
              expect(kept).toEqual(previous);
              fresh = next;
            });
            expect(inPlace).toEqual(fresh);
            expect(spare).toEqual(fresh);
          },
        ),
        { numRuns: 30 },
      );
    });

    it('a state written to JSON and read back plays on as if nothing had happened', () => {
      const whole = play(learner, 60);
      const half = play(learner, 30);
      const revived = decodeState(encodeState(half.state)) as State;
      const rest = play(learner, 60, revived, 30);
      expect(rest.state).toEqual(whole.state);
      expect(rest.selections).toEqual(whole.selections.slice(30));
    });

    it('costs that are negative or not finite are refused; those below 1 count as 1', () => {
      const state = learner.init();
      const selection = learner.select(state, createRng('cost'), 0.5);
      for (const cost of [-1, NaN, Infinity]) {
        expect(() => learner.update(state, selection, cost, undefined, observation)).toThrow(/^cost must be finite/);
      }
      const zero = learner.update(state, selection, 0, undefined, observation);
      expect(zero).toEqual(learner.update(state, selection, 1, undefined, observation));
    });
  });
}
