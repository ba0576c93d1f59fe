import { describe, expect, it } from 'vitest';
import * as bo from '../../../src/bo/index.js';
import { createRng } from '../../../src/random/index.js';
import { decodeState, encodeState } from '../../../src/state/index.js';

const search = { rawSamples: 32, restarts: 1, maxIterations: 20 };
const square = bo.searchSpace({ x: bo.real(0, 1), y: bo.real(0, 1) });
const f = ({ x, y }: bo.Config) => Math.sin(5 * (x as number)) + (y as number) ** 2;

/** A surrogate that counts its fits, and the counter. */
function counting(): { model: bo.Surrogate; fits: () => number } {
  let count = 0;
  const inner = bo.gpSurrogate() as bo.Surrogate;
  const model: bo.Surrogate = {
    ...inner,
    fit(X, y, rng) {
      count += 1;
      return inner.fit(X, y, rng);
    },
  };
  return { model, fits: () => count };
}

function told(optimizer: bo.BayesianOptimizer, n: number): bo.BayesianOptimizerState {
  const rng = createRng('told', n);
  const configs = Array.from({ length: n }, () => square.sample(rng));
  return optimizer.tell(
    optimizer.init(),
    configs.map((config) => ({ config, value: f(config) })),
  );
}

describe('the model of a state', () => {
  it('is fitted once for an ask and all that is asked about its state', () => {
    const { model, fits } = counting();
    const optimizer = bo.bayesianOptimizer(square, { model, search, nInitial: 4 });
    const [, asked] = optimizer.ask(told(optimizer, 8), 2, createRng(1));
    expect(fits()).toBe(1);
    optimizer.predict(asked, [{ x: 0.5, y: 0.5 }]);
    optimizer.best(asked, { by: 'mean' });
    optimizer.importance(asked);
    optimizer.regretBound(asked);
    bo.posteriorSlice(optimizer, asked, ['x', 'y'], { points: 4 });
    expect(fits()).toBe(1);
    const after = optimizer.tell(asked, [{ id: 8, value: 0 }]);
    optimizer.predict(after, [{ x: 0.5, y: 0.5 }]);
    optimizer.importance(after);
    expect(fits()).toBe(2);
  });

  it.each([
    ['a Gaussian process', {}],
    ['a surrogate', { model: bo.gpSurrogate() }],
    ['constraints and costs', { constraints: 1, costAware: true }],
    ['two objectives', { objectives: 2 }],
  ] as const)('is that of an equal state read from a file: %s', (_name, options) => {
    const optimizer = bo.bayesianOptimizer(square, { ...options, search, nInitial: 4 });
    const rng = createRng(2);
    let state = optimizer.init();
    for (let t = 0; t < 7; t++) {
      const [[{ id, config }], asked] = optimizer.ask(state, 1, rng);
      const value = 'objectives' in options ? [f(config), -f(config) + (config.x as number)] : f(config);
      const extra = 'constraints' in options ? { constraints: [(config.x as number) - 0.7], cost: 1 } : {};
      state = optimizer.tell(asked, [{ id, value, ...extra }]);
    }
    const [, asked] = optimizer.ask(state, 1, rng);
    const copy = decodeState<bo.BayesianOptimizerState>(encodeState(asked));
    const configs = [
      { x: 0.2, y: 0.9 },
      { x: 0.6, y: 0.1 },
    ];
    expect(optimizer.predict(copy, configs)).toEqual(optimizer.predict(asked, configs));
    expect(optimizer.importance(copy)).toEqual(optimizer.importance(asked));
    // The model of one state is not taken for that of another.
    const other = optimizer.predict(state, configs);
    optimizer.predict(asked, configs);
    expect(optimizer.predict(state, configs)).toEqual(other);
  });

  it('does not depend on who was asked before: suggestions are those of a fresh optimizer', () => {
    const options = { search, nInitial: 4 };
    const asking = bo.bayesianOptimizer(square, options);
    const state = told(asking, 8);
    const [expected] = bo.bayesianOptimizer(square, options).ask(state, 2, createRng(3));
    asking.predict(state, [{ x: 0, y: 0 }]);
    expect(asking.ask(state, 2, createRng(3))[0]).toEqual(expected);
  });
});

describe('the model of several objectives', () => {
  it.each(['expectedHypervolumeImprovement', 'augmentedChebyshev'] as const)('%s: each has its own', (acquisition) => {
    const optimizer = bo.bayesianOptimizer(square, { objectives: 2, acquisition, search, nInitial: 4 });
    const rng = createRng(4);
    let state = optimizer.init();
    for (let t = 0; t < 14; t++) {
      const [[{ id, config }], asked] = optimizer.ask(state, 1, rng);
      state = optimizer.tell(asked, [{ id, value: [10 * (config.x as number), 5 - (config.y as number)] }]);
    }
    const at = [{ x: 0.5, y: 0.5 }];
    expect(Math.abs(optimizer.predict(state, at)[0].mean - 5)).toBeLessThan(0.5);
    expect(Math.abs(optimizer.predict(state, at, { objective: 1 })[0].mean - 4.5)).toBeLessThan(0.1);
    expect(optimizer.importance(state).x).toBeGreaterThan(0.9);
    expect(optimizer.importance(state, { objective: 1 }).y).toBeGreaterThan(0.9);
    const slice = bo.posteriorSlice(optimizer, state, 'y', { at: at[0], points: 3, objective: 1 });
    expect(slice[0].mean).toBeGreaterThan(slice[2].mean);
    expect(() => optimizer.predict(state, at, { objective: 2 })).toThrow(/objective must/);
    expect(() => optimizer.regretBound(state)).toThrow(/objectives/);
  });
});

describe('the bound of what is left to gain', () => {
  it('compares with what is feasible, and is infinite without it', () => {
    const line = bo.searchSpace({ x: bo.real(0, 1) });
    const optimizer = bo.bayesianOptimizer(line, { constraints: 1, search, model: { deterministic: true } });
    const results = [0, 0.25, 0.5, 0.75, 1].map((x) => ({ config: { x }, value: -x }));
    const infeasible = results.map((result) => ({ ...result, constraints: [1] }));
    expect(optimizer.regretBound(optimizer.tell(optimizer.init(), infeasible))).toBe(Infinity);
    // Feasible up to a half: at least the other half of the range is left to gain by the model of the objective alone.
    const half = results.map((result) => ({ ...result, constraints: [result.config.x - 0.5] }));
    expect(optimizer.regretBound(optimizer.tell(optimizer.init(), half))).toBeGreaterThan(0.49);
    const all = results.map((result) => ({ ...result, constraints: [-1] }));
    expect(optimizer.regretBound(optimizer.tell(optimizer.init(), all))).toBeLessThan(0.1);
  });

  it('is that at the target of a fidelity', () => {
    const space = bo.searchSpace({ x: bo.real(0, 1), effort: bo.real(0.1, 1) });
    const optimizer = bo.bayesianOptimizer(space, { fidelity: { parameter: 'effort' }, search });
    // Little effort seems far better than any run at full effort is.
    const results = [0, 0.25, 0.5, 0.75, 1].flatMap((x) => [
      { config: { x, effort: 0.1 }, value: x * x - 10 },
      { config: { x, effort: 1 }, value: x * x },
    ]);
    expect(optimizer.regretBound(optimizer.tell(optimizer.init(), results))).toBeLessThan(5);
  });
});
