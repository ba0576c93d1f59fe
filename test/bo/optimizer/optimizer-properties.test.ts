import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import * as bo from '../../../src/bo/index.js';
import { createRng, resumeRng, type RngState } from '../../../src/random/index.js';
import { decodeState, encodeState } from '../../../src/state/index.js';

// What holds for every space, objective and stream.
const search = { rawSamples: 16, restarts: 1, maxIterations: 8 };

const parameter = fc.oneof(
  fc.constant(bo.real(-3, 5)),
  fc.constant(bo.real(1e-6, 10, { scale: 'log' })),
  fc.constant(bo.real(0.001, 0.999, { scale: 'logit' })),
  fc.constant(bo.real(0, 1, { q: 0.125 })),
  fc.constant(bo.integer(-2, 7)),
  fc.constant(bo.integer(1, 300, { scale: 'log' })),
  fc.constant(bo.categorical(['red', 'green', 'blue'])),
  fc.constant(bo.categorical([1, 2, 4, 8], { encoding: 'ordinal' })),
  fc.constant(bo.categorical([true, false], { encoding: 'onehot' })),
);

/** One to four parameters, all but the first switched on by one that is always there. */
const spaces = fc.tuple(fc.array(parameter, { minLength: 1, maxLength: 3 }), fc.boolean()).map(([list, conditional]) =>
  bo.searchSpace({
    switch: bo.categorical(['on', 'off']),
    ...Object.fromEntries(
      list.map((each, i) => [`p${i}`, conditional && i > 0 ? { ...each, when: { switch: ['on'] } } : each]),
    ),
  }),
);

/** A value that depends on everything; some configs fail. */
function outcome(space: bo.SearchSpace, config: bo.Config): number {
  let value = 0;
  space.encode(config).forEach((u, k) => (value += Math.sin(3 * u + k)));
  return value > 1.2 ? NaN : value;
}

function step(optimizer: bo.BayesianOptimizer, state: bo.BayesianOptimizerState, n: number, rng: () => number) {
  const [suggestions, asked] = optimizer.ask(state, n, rng);
  const results = suggestions.map(({ id, config }) => ({ id, value: outcome(optimizer.space, config) }));
  return { suggestions, asked, results, next: optimizer.tell(asked, results) };
}

describe('for every space and stream', () => {
  it('suggestions are inside the space and distinct, equal streams give equal bits, also through a file in mid-run', () => {
    fc.assert(
      fc.property(spaces, fc.integer(), fc.integer({ min: 1, max: 4 }), (space, seed, batch) => {
        const optimizer = bo.bayesianOptimizer(space, { search, nInitial: 4 });
        const play = (through: boolean) => {
          let rng = createRng(seed);
          let state = optimizer.init();
          const configs: bo.Config[] = [];
          for (let t = 0; t < 4; t++) {
            const { suggestions, asked, results } = step(optimizer, state, batch, rng);
            configs.push(...suggestions.map(({ config }) => config));
            // The file is written while the batch is under way.
            const file = encodeState({ state: asked, rng: rng.state() });
            const read = decodeState<{ state: bo.BayesianOptimizerState; rng: RngState }>(file);
            if (through) rng = resumeRng(read.rng);
            state = optimizer.tell(through ? read.state : asked, [...results].reverse());
          }
          return configs;
        };
        const configs = play(false);
        expect(configs.every((config) => space.contains(config))).toBe(true);
        expect(new Set(configs.map((config) => JSON.stringify(config))).size).toBe(configs.length);
        expect(play(true)).toEqual(configs);
      }),
      { numRuns: 12 },
    );
  });

  it('a failure excludes its place and changes nothing else: whatever value it is told with', () => {
    fc.assert(
      fc.property(spaces, fc.integer(), fc.double(), (space, seed, value) => {
        const optimizer = bo.bayesianOptimizer(space, { search, nInitial: 3 });
        const { next } = step(optimizer, optimizer.init(), 3, createRng(seed));
        const [suggestions, asked] = optimizer.ask(next, 1, createRng(seed, 'ask'));
        fc.pre(suggestions.length === 1 && next.trials.some(({ status }) => status === 'ok'));
        const [{ id, config }] = suggestions;
        const after = (result: bo.TrialResult) =>
          optimizer.ask(optimizer.tell(asked, [result]), 2, createRng(seed, 'then'))[0];
        const plain = after({ id, value: NaN });
        expect(after({ id, value, status: 'failed' })).toEqual(plain);
        expect(plain.map((suggestion) => suggestion.config)).not.toContainEqual(config);
      }),
      { numRuns: 12 },
    );
  });

  it('the best is the least feasible value told, and the trace its running minimum', () => {
    const results = fc.array(
      fc.record({
        value: fc.oneof(fc.double({ noNaN: true, min: -1e6, max: 1e6 }), fc.constant(NaN)),
        constraint: fc.double({ noNaN: true, min: -1, max: 1 }),
      }),
      { minLength: 1, maxLength: 12 },
    );
    const line = bo.searchSpace({ x: bo.real(0, 1) });
    fc.assert(
      fc.property(results, fc.constantFrom('minimize', 'maximize'), (list, direction) => {
        const optimizer = bo.bayesianOptimizer(line, { constraints: 1, direction });
        const sign = direction === 'minimize' ? 1 : -1;
        const state = optimizer.tell(
          optimizer.init(),
          list.map(({ value, constraint }, i) => ({
            config: { x: i / 12 },
            value: sign * value,
            constraints: [constraint],
          })),
        );
        let least = Infinity;
        const trace = list.map(({ value, constraint }) => {
          if (constraint <= 0 && value < least) least = value;
          return sign * least;
        });
        expect([...optimizer.trace(state)]).toEqual(trace);
        expect(optimizer.best(state)?.value).toBe(least === Infinity ? undefined : sign * least);
      }),
    );
  });
});
