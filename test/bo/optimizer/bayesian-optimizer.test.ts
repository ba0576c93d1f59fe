import { describe, expect, it } from 'vitest';
import * as bo from '../../../src/bo/index.js';
import { createRng, resumeRng, type SeededRng } from '../../../src/random/index.js';
import { decodeState, encodeState } from '../../../src/state/index.js';

const search = { rawSamples: 64, restarts: 2, maxIterations: 30 };
const line = bo.searchSpace({ x: bo.real(0, 1) });
const plane = bo.searchSpace({ x: bo.real(-5, 10), y: bo.real(0, 15) });
const mixed = bo.searchSpace({
  method: bo.categorical(['sgd', 'adam']),
  rate: bo.real(1e-4, 1, { scale: 'log' }),
  momentum: bo.real(0, 0.99, { when: { method: ['sgd'] } }),
  depth: bo.integer(1, 8),
});
const branin = ({ x, y }: bo.Config) => bo.branin.evaluate([x as number, y as number]);
const mixedLoss = ({ method, rate, momentum, depth }: bo.Config) =>
  (Math.log10(rate as number) + 2) ** 2 +
  0.1 * ((depth as number) - 3) ** 2 +
  (method === 'sgd' ? ((momentum as number) - 0.9) ** 2 : 0.3);

/** Plays t steps; returns what was suggested and the state at the end. */
function play(
  optimizer: bo.BayesianOptimizer,
  f: (config: bo.Config) => number,
  steps: number,
  rng: SeededRng,
  state = optimizer.init(),
) {
  const configs: bo.Config[] = [];
  for (let t = 0; t < steps; t++) {
    const [[{ id, config }], asked] = optimizer.ask(state, 1, rng);
    configs.push(config);
    state = optimizer.tell(asked, [{ id, value: f(config) }]);
  }
  return { configs, state };
}

describe('suggestions', () => {
  it('lie in the space, never twice, and are bit for bit those of an equal stream', () => {
    const optimizer = bo.bayesianOptimizer(mixed, { search, nInitial: 5 });
    const first = play(optimizer, mixedLoss, 14, createRng(1));
    expect(first.configs.every((config) => mixed.contains(config))).toBe(true);
    expect(new Set(first.configs.map((config) => JSON.stringify(config))).size).toBe(14);
    expect(play(optimizer, mixedLoss, 14, createRng(1))).toEqual(first);
    expect(play(optimizer, mixedLoss, 6, createRng(2)).configs[0]).not.toEqual(first.configs[0]);
  });

  it('go on from a checkpoint taken after every step', () => {
    const optimizer = bo.bayesianOptimizer(plane, { search, restart: { patience: 4, tolerance: 0.5 } });
    const whole = play(optimizer, branin, 16, createRng(3));
    let text = encodeState({ state: optimizer.init(), rng: createRng(3).state() });
    const configs: bo.Config[] = [];
    for (let t = 0; t < 16; t++) {
      const { state, rng } = decodeState<{ state: bo.BayesianOptimizerState; rng: ReturnType<SeededRng['state']> }>(
        text,
      );
      const resumed = resumeRng(rng);
      const [[{ id, config }], asked] = optimizer.ask(state, 1, resumed);
      configs.push(config);
      text = encodeState({ state: optimizer.tell(asked, [{ id, value: branin(config) }]), rng: resumed.state() });
    }
    expect(configs).toEqual(whole.configs);
  });

  it('are the same for maximizing the opposite', () => {
    const down = play(bo.bayesianOptimizer(plane, { search }), branin, 9, createRng(4));
    const up = play(
      bo.bayesianOptimizer(plane, { search, direction: 'maximize' }),
      (config) => -branin(config),
      9,
      createRng(4),
    );
    expect(up.configs).toEqual(down.configs);
  });

  it('hardly move when the objective is shifted and scaled', () => {
    const plain = play(
      bo.bayesianOptimizer(line, { search, nInitial: 4 }),
      ({ x }) => Math.sin(7 * (x as number)),
      6,
      createRng(5),
    );
    const scaled = play(
      bo.bayesianOptimizer(line, { search, nInitial: 4 }),
      ({ x }) => 1e6 + 300 * Math.sin(7 * (x as number)),
      6,
      createRng(5),
    );
    plain.configs.forEach(({ x }, t) => expect(scaled.configs[t].x as number).toBeCloseTo(x as number, 4));
  });

  it('differ when asked twice, and in a batch', () => {
    const optimizer = bo.bayesianOptimizer(plane, { search });
    const { state } = play(optimizer, branin, 6, createRng(6));
    const rng = createRng(7);
    const [[a], asked] = optimizer.ask(state, 1, rng);
    const [[b], again] = optimizer.ask(asked, 1, rng);
    const [batch] = optimizer.ask(again, 3, rng);
    const all = [a, b, ...batch].map(({ config }) => plane.encode(config));
    for (let i = 0; i < all.length; i++) {
      for (let j = 0; j < i; j++) {
        expect(Math.max(...all[i].map((value, k) => Math.abs(value - all[j][k])))).toBeGreaterThan(1e-3);
      }
    }
    expect(new Set([a, b, ...batch].map(({ id }) => id)).size).toBe(5);
  });

  it('start with the configs of the caller, then the design', () => {
    const mine = { x: 1, y: 2 };
    const optimizer = bo.bayesianOptimizer(plane, { firstConfigs: [mine] });
    const [suggestions] = optimizer.ask(optimizer.init(), 3, createRng(8));
    expect(suggestions[0].config.x).toBeCloseTo(1, 12);
    expect(suggestions[0].config.y).toBeCloseTo(2, 12);
  });

  it.each(['sobol', 'latin-hypercube', 'uniform'] as const)('of a %s design spread over the space', (initialDesign) => {
    const optimizer = bo.bayesianOptimizer(line, { initialDesign, nInitial: 8 });
    const [suggestions] = optimizer.ask(optimizer.init(), 8, createRng(9));
    const cells = new Set(suggestions.map(({ config }) => Math.floor(8 * (config.x as number))));
    // Sobol and Latin hypercube designs have one point in every eighth.
    expect(cells.size).toBe(initialDesign === 'uniform' ? cells.size : 8);
    expect(cells.size).toBeGreaterThan(1);
  });

  it('hold a context', () => {
    const optimizer = bo.bayesianOptimizer(mixed, { search, nInitial: 3 });
    let state = optimizer.init();
    const rng = createRng(10);
    for (let t = 0; t < 6; t++) {
      const depth = 1 + (t % 3);
      const [[{ id, config }], asked] = optimizer.ask(state, 1, rng, { fixed: { depth, method: 'adam' } });
      expect(config.depth).toBe(depth);
      expect(config.method).toBe('adam');
      state = optimizer.tell(asked, [{ id, value: mixedLoss(config) }]);
    }
    expect(() => optimizer.ask(state, 1, rng, { fixed: { depth: 99 } })).toThrow(/depth/);
    expect(() => optimizer.ask(state, 1, rng, { fixed: { colour: 1 } })).toThrow(/colour/);
  });

  it('run out in a finite space, and say so', () => {
    const tiny = bo.searchSpace({ n: bo.integer(1, 4), c: bo.categorical(['a', 'b']) });
    const optimizer = bo.bayesianOptimizer(tiny, { nInitial: 3 });
    const { state } = play(optimizer, ({ n }) => n as number, 6, createRng(11));
    const [rest, asked] = optimizer.ask(state, 5, createRng(12));
    expect(rest.length).toBe(2);
    expect(asked.exhausted).toBe(true);
    const seen = asked.trials.map(({ config }) => JSON.stringify(config));
    expect(new Set(seen).size).toBe(8);
    const [none] = optimizer.ask(asked, 1, createRng(13));
    expect(none).toEqual([]);
  });
});

describe.each([
  'logExpectedImprovement',
  'expectedImprovement',
  'logProbabilityOfImprovement',
  'probabilityOfImprovement',
  'upperConfidenceBound',
  'logNoisyExpectedImprovement',
  'maxValueEntropySearch',
  'gibbon',
  'jointEntropySearch',
  'predictiveEntropySearch',
  'knowledgeGradient',
  'thompsonSample',
] as const)('acquisition %s', (acquisition) => {
  it('comes near the minimum of a smooth function', () => {
    const optimizer = bo.bayesianOptimizer(line, { acquisition, search, nInitial: 4 });
    const f = ({ x }: bo.Config) => Math.sin(5 * (x as number)) + (x as number);
    const { state } = play(optimizer, f, 14, createRng(20));
    // Minimum at 5 cos 5x = -1 near x = 0.9827: -1 + 0.98.
    expect(optimizer.best(state)!.value).toBeLessThan(0.02);
  });
});

describe('results', () => {
  it('may be told late, in any order, of any config', () => {
    const optimizer = bo.bayesianOptimizer(plane, { search });
    const [suggestions, asked] = optimizer.ask(optimizer.init(), 5, createRng(30));
    const results = suggestions.map(({ id, config }) => ({ id, value: branin(config) }));
    const told = optimizer.tell(asked, [results[3], results[0]]);
    const all = optimizer.tell(told, [
      { config: { x: 3, y: 2 }, value: branin({ x: 3, y: 2 }) },
      results[4],
      results[2],
      results[1],
    ]);
    expect(all.trials.every(({ status }) => status === 'ok')).toBe(true);
    expect(all.trials[5].origin).toBe('told');
    expect(optimizer.best(all)!.value).toBe(Math.min(...all.trials.map(({ values }) => values[0])));
  });

  it('that fail are excluded, and do not draw the search to them', () => {
    const optimizer = bo.bayesianOptimizer(line, { search, nInitial: 4 });
    const f = ({ x }: bo.Config) => ((x as number) > 0.6 ? NaN : -(x as number));
    const { configs, state } = play(optimizer, f, 14, createRng(31));
    const failed = state.trials.filter(({ status }) => status === 'failed');
    expect(failed.length).toBeGreaterThan(0);
    expect(failed.length).toBeLessThan(12);
    expect(optimizer.best(state)!.value).toBeLessThan(-0.5);
    expect(configs.every((config) => line.contains(config))).toBe(true);
    for (const { mean, std } of optimizer.predict(state, configs)) {
      expect(Number.isFinite(mean)).toBe(true);
      expect(std).toBeGreaterThanOrEqual(0);
    }
  });

  it('that fail change later suggestions by being excluded, not by their value', () => {
    const optimizer = bo.bayesianOptimizer(line, { search, nInitial: 4 });
    const { state } = play(optimizer, ({ x }) => Math.sin(6 * (x as number)), 6, createRng(39));
    const [[{ id }], asked] = optimizer.ask(state, 1, createRng(40));
    const after = (result: bo.TrialResult) => optimizer.ask(optimizer.tell(asked, [result]), 1, createRng(41))[0];
    const plain = after({ id, value: NaN });
    expect(after({ id, status: 'failed' })).toEqual(plain);
    expect(after({ id, value: -1e9, status: 'failed' })).toEqual(plain);
    expect(after({ id, value: -Infinity })).toEqual(plain);
  });

  it('that all fail leave the search to the design', () => {
    const optimizer = bo.bayesianOptimizer(line, { search });
    const { state } = play(optimizer, () => Infinity, 8, createRng(32));
    expect(state.trials.every(({ status, origin }) => status === 'failed' && origin !== 'model')).toBe(true);
    expect(optimizer.best(state)).toBeNull();
  });

  it('change nothing in the state that they are told to', () => {
    const optimizer = bo.bayesianOptimizer(line, { search });
    const [[{ id }], asked] = optimizer.ask(optimizer.init(), 1, createRng(33));
    const before = encodeState(asked);
    const after = optimizer.tell(asked, [{ id, value: 1 }]);
    optimizer.ask(after, 2, createRng(34));
    expect(encodeState(asked)).toBe(before);
    expect(encodeState(after)).toBe(encodeState(optimizer.tell(asked, [{ id, value: 1 }])));
  });

  it('with known noise give each point its own', () => {
    const optimizer = bo.bayesianOptimizer(line, { search });
    let state = optimizer.init();
    state = optimizer.tell(state, [
      { config: { x: 0.2 }, value: 1, noise: 1e-8 },
      { config: { x: 0.5 }, value: 3, noise: 4 },
      { config: { x: 0.8 }, value: 0, noise: 1e-8 },
    ]);
    const [exact, loose] = optimizer.predict(state, [{ x: 0.2 }, { x: 0.5 }]);
    expect(exact.mean).toBeCloseTo(1, 2);
    expect(exact.std).toBeLessThan(0.1);
    expect(loose.mean).toBeLessThan(2.9);
    const [[next]] = optimizer.ask(state, 1, createRng(35));
    expect(line.contains(next.config)).toBe(true);
  });

  it('that are cancelled free their place', () => {
    const tiny = bo.searchSpace({ c: bo.categorical(['a', 'b']) });
    const optimizer = bo.bayesianOptimizer(tiny);
    const [both, asked] = optimizer.ask(optimizer.init(), 3, createRng(36));
    expect(both.length).toBe(2);
    const [[again]] = optimizer.ask(optimizer.cancel(asked, both[0].id), 1, createRng(37));
    expect(again.config).toEqual(both[0].config);
    expect(() => optimizer.cancel(asked, 7)).toThrow(/id/);
  });

  it.each([
    ['of an unknown id', [{ id: 9, value: 1 }], /id/],
    [
      'twice of one id',
      [
        { id: 0, value: 1 },
        { id: 0, value: 1 },
      ],
      /id 0 has been told/,
    ],
    ['of nothing', [{ value: 1 }], /config/],
    ['of a config outside', [{ config: { x: 2 }, value: 1 }], /x/],
    ['with two values', [{ id: 0, value: [1, 2] }], /value/],
    ['with negative noise', [{ id: 0, value: 1, noise: -1 }], /noise/],
    ['with a cost of 0', [{ id: 0, value: 1, cost: 0 }], /cost/],
    ['with a constraint too many', [{ id: 0, value: 1, constraints: [0] }], /constraints/],
    ['with an unknown status', [{ id: 0, value: 1, status: 'lost' as never }], /status/],
  ] as [string, bo.TrialResult[], RegExp][])('%s are refused', (_name, results, message) => {
    const optimizer = bo.bayesianOptimizer(line);
    const [, asked] = optimizer.ask(optimizer.init(), 1, createRng(38));
    expect(() => optimizer.tell(asked, results)).toThrow(RangeError);
    expect(() => optimizer.tell(asked, results)).toThrow(message);
  });
});

describe('the model', () => {
  it('interpolates a deterministic objective, in its own units and direction', () => {
    for (const direction of ['minimize', 'maximize'] as const) {
      const optimizer = bo.bayesianOptimizer(plane, { search, direction, model: { deterministic: true } });
      const { configs, state } = play(optimizer, branin, 8, createRng(40));
      optimizer.predict(state, configs).forEach(({ mean, std }, i) => {
        expect(Math.abs(mean - branin(configs[i]))).toBeLessThan(0.5);
        expect(std).toBeLessThan(1);
      });
      const byMean = optimizer.best(state, { by: 'mean' })!;
      expect(byMean.config).toEqual(optimizer.best(state)!.config);
    }
  });

  it('finds which parameters matter', () => {
    const wide = bo.searchSpace({ a: bo.real(0, 1), b: bo.real(0, 1), idle: bo.real(0, 1) });
    const optimizer = bo.bayesianOptimizer(wide, { search, nInitial: 24 });
    const { state } = play(optimizer, ({ a, b }) => 3 * (a as number) + Math.sin(6 * (b as number)), 25, createRng(41));
    const { a, b, idle } = optimizer.importance(state);
    expect(idle).toBeLessThan(0.02);
    // Var 3a = 0.75, Var sin 6b = 0.4991 - ((1 - cos 6)/6)² ... about 0.54: shares 0.58 and 0.42.
    expect(a).toBeGreaterThan(0.45);
    expect(b).toBeGreaterThan(0.3);
  });

  it('bounds what is left to gain, and the bound closes', () => {
    const optimizer = bo.bayesianOptimizer(line, { search, model: { deterministic: true } });
    const f = ({ x }: bo.Config) => ((x as number) - 0.3) ** 2;
    const early = play(optimizer, f, 6, createRng(42));
    const late = play(optimizer, f, 8, createRng(43), early.state);
    expect(optimizer.regretBound(early.state)).toBeGreaterThan(optimizer.regretBound(late.state));
    expect(optimizer.regretBound(late.state)).toBeLessThan(0.05);
  });

  it('shows itself in slices', () => {
    const optimizer = bo.bayesianOptimizer(mixed, { search, nInitial: 5 });
    const { state } = play(optimizer, mixedLoss, 8, createRng(44));
    const depth = bo.posteriorSlice(optimizer, state, 'depth');
    expect(depth.map(({ values }) => values[0])).toEqual([1, 2, 3, 4, 5, 6, 7, 8]);
    const rate = bo.posteriorSlice(optimizer, state, 'rate', { points: 9 });
    expect(rate[0].values[0]).toBe(1e-4);
    expect(rate[4].values[0]).toBeCloseTo(1e-2, 12);
    expect(rate[8].values[0]).toBe(1);
    const grid = bo.posteriorSlice(optimizer, state, ['method', 'depth']);
    expect(grid.length).toBe(16);
    expect(grid.every(({ config }) => mixed.contains(config))).toBe(true);
    expect(() => bo.posteriorSlice(optimizer, state, 'colour')).toThrow(/colour/);
  });

  it('may be another surrogate, with gradients or without', () => {
    for (const model of [bo.gpSurrogate(), withoutGradient(bo.gpSurrogate())]) {
      const optimizer = bo.bayesianOptimizer(line, { model, search, nInitial: 4 });
      const { state } = play(optimizer, ({ x }) => ((x as number) - 0.37) ** 2, 10, createRng(45));
      expect(optimizer.best(state)!.value).toBeLessThan(0.002);
      expect(optimizer.predict(state, [{ x: 0.5 }])).toEqual(optimizer.predict(state, [{ x: 0.5 }]));
      const [batch] = optimizer.ask(state, 2, createRng(46));
      expect(batch[0].config.x).not.toBe(batch[1].config.x);
    }
  });

  it.each([
    ['values of size 1e300', (x: number) => 1e300 * Math.sin(5 * x)],
    ['values of size 1e-300', (x: number) => 1e-300 * Math.sin(5 * x)],
    ['a constant', () => 7],
  ])('copes with %s', (_name, f) => {
    const optimizer = bo.bayesianOptimizer(line, { search, nInitial: 3 });
    const { configs, state } = play(optimizer, ({ x }) => f(x as number), 6, createRng(47));
    expect(new Set(configs.map(({ x }) => x)).size).toBe(6);
    expect(Number.isFinite(optimizer.predict(state, [{ x: 0.1 }])[0].mean)).toBe(true);
  });

  it.each([
    [1, 1 + 1e-12],
    [-5e11, 5e11],
  ])('copes with a range of %d to %d', (low, high) => {
    const optimizer = bo.bayesianOptimizer(bo.searchSpace({ x: bo.real(low, high) }), { search, nInitial: 4 });
    const middle = low + 0.4 * (high - low);
    const { state } = play(optimizer, ({ x }) => Math.abs((x as number) - middle) / (high - low), 10, createRng(48));
    expect(optimizer.best(state)!.value).toBeLessThan(0.05);
  });
});

function withoutGradient(surrogate: bo.Surrogate): bo.Surrogate {
  const { predictGradient: _, ...rest } = surrogate as bo.Surrogate<never> & { predictGradient?: unknown };
  return rest as bo.Surrogate;
}

describe('constraints and costs', () => {
  it('the best is feasible, and lies where the constraint is active', () => {
    const optimizer = bo.bayesianOptimizer(line, { constraints: 1, search, nInitial: 4 });
    let state = optimizer.init();
    const rng = createRng(50);
    for (let t = 0; t < 14; t++) {
      const [[{ id, config }], asked] = optimizer.ask(state, 1, rng);
      const x = config.x as number;
      state = optimizer.tell(asked, [{ id, value: -x, constraints: [x - 0.62] }]);
    }
    const best = optimizer.best(state)!;
    expect(best.config.x as number).toBeLessThanOrEqual(0.62);
    expect(best.config.x as number).toBeGreaterThan(0.6);
  });

  it('cheap evaluations are preferred', () => {
    const optimizer = bo.bayesianOptimizer(line, { costAware: true, search, nInitial: 4 });
    const plain = bo.bayesianOptimizer(line, { search, nInitial: 4 });
    const f = (x: number) => Math.sin(20 * x);
    const cost = (x: number) => Math.exp(4 * x);
    const spent = (which: bo.BayesianOptimizer) => {
      let state = which.init();
      const rng = createRng(51);
      let total = 0;
      for (let t = 0; t < 10; t++) {
        const [[{ id, config }], asked] = which.ask(state, 1, rng);
        const x = config.x as number;
        state = which.tell(asked, [{ id, value: f(x), cost: cost(x) }]);
        if (t >= 4) total += cost(x);
      }
      return total;
    };
    expect(spent(optimizer)).toBeLessThan(spent(plain));
    const [[{ id }], asked] = optimizer.ask(optimizer.init(), 1, createRng(52));
    expect(() => optimizer.tell(asked, [{ id, value: 1 }])).toThrow(/cost/);
  });
});

describe('several objectives', () => {
  // f1 = x, f2 = 1 - x + y²: the front is y = 0, the volume over (1.1, 1.1) at most 0.5 + 0.2 + 0.01 of the square of side 1.1.
  const square = bo.searchSpace({ x: bo.real(0, 1), y: bo.real(0, 1) });
  const pair = ({ x, y }: bo.Config) => [x as number, 1 - (x as number) + (y as number) ** 2];

  it.each(['expectedHypervolumeImprovement', 'augmentedChebyshev'] as const)(
    '%s comes near the front',
    (acquisition) => {
      const optimizer = bo.bayesianOptimizer(square, { objectives: 2, reference: [1.1, 1.1], acquisition, search });
      let state = optimizer.init();
      const rng = createRng(55);
      for (let t = 0; t < 16; t++) {
        const [[{ id, config }], asked] = optimizer.ask(state, 1, rng);
        state = optimizer.tell(asked, [{ id, value: pair(config) }]);
      }
      const trace = optimizer.trace(state);
      const best = 1.21 - 0.5;
      expect(trace[15]).toBeGreaterThan(0.8 * best);
      expect(trace[15]).toBeGreaterThan(trace[4]);
      const front = optimizer.front(state);
      expect(front.length).toBeGreaterThan(3);
      front.forEach(({ config, values }) => expect(values).toEqual(pair(config)));
      expect(() => optimizer.best(state)).toThrow(/front/);
      const [batch] = optimizer.ask(state, 2, rng);
      expect(batch[0].config).not.toEqual(batch[1].config);
    },
  );

  it.each([
    ['one acquisition for several', { objectives: 2, acquisition: 'expectedImprovement' as const }, /acquisition/],
    ['several acquisitions for one', { acquisition: 'augmentedChebyshev' as const }, /objectives/],
    ['restarts', { objectives: 2, restart: { patience: 2 } }, /restart/],
    ['a reference of another length', { objectives: 2, reference: [1] }, /reference/],
  ])('refuse %s', (_name, options, message) => {
    expect(() => bo.bayesianOptimizer(square, options)).toThrow(message);
  });
});

describe('a model of failures', () => {
  it('learns where evaluations fail, and fails less', () => {
    const square = bo.searchSpace({ x: bo.real(0, 1), y: bo.real(0, 1) });
    // The value does not depend on x, so that only the model of failures tells its halves apart.
    const f = ({ x, y }: bo.Config) => ((x as number) > 0.4 ? NaN : Math.sin(9 * (y as number)));
    const failures = (failureModel: boolean) => {
      const optimizer = bo.bayesianOptimizer(square, { failureModel, search });
      const { state } = play(optimizer, f, 26, createRng(56));
      expect(optimizer.best(state)!.value).toBeLessThan(-0.9);
      return state.trials.filter(({ status, origin }) => status === 'failed' && origin === 'model').length;
    };
    expect(failures(true)).toBeLessThan(failures(false));
  });
});

describe('an output transform', () => {
  it.each(['hebo', 'yeoJohnson', 'copula'] as const)(
    '%s: predictions are in the units of the objective',
    (outputTransform) => {
      for (const direction of ['minimize', 'maximize'] as const) {
        const optimizer = bo.bayesianOptimizer(line, {
          direction,
          search,
          nInitial: 6,
          model: { outputTransform, deterministic: true },
        });
        const f = ({ x }: bo.Config) => Math.exp(6 * (x as number));
        const { configs, state } = play(optimizer, f, 9, createRng(57));
        optimizer.predict(state, configs.slice(0, 4)).forEach(({ mean, std }, i) => {
          expect(Math.abs(mean / f(configs[i]) - 1)).toBeLessThan(0.1);
          expect(std).toBeGreaterThanOrEqual(0);
        });
      }
    },
  );

  it('is refused where results tell their noise', () => {
    const optimizer = bo.bayesianOptimizer(line, { model: { outputTransform: 'copula' } });
    const state = optimizer.tell(optimizer.init(), [
      { config: { x: 0.1 }, value: 1, noise: 0.1 },
      { config: { x: 0.4 }, value: 2, noise: 0.1 },
    ]);
    expect(() => optimizer.predict(state, [{ x: 0.3 }])).toThrow(/outputTransform/);
  });
});

describe('a fidelity', () => {
  const space = bo.searchSpace({ x: bo.real(0, 1), effort: bo.real(0.1, 1) });
  // At little effort the minimum is shallower and moved.
  const f = ({ x, effort }: bo.Config) =>
    ((x as number) - 0.3 - 0.1 * (1 - (effort as number))) ** 2 + 0.2 * (1 - (effort as number));

  it('buys knowledge where it is cheap, and reports what was run at full effort', () => {
    const optimizer = bo.bayesianOptimizer(space, {
      fidelity: { parameter: 'effort' },
      search,
      nInitial: 4,
      model: { deterministic: true },
    });
    const { configs, state } = play(optimizer, f, 16, createRng(58));
    const asked = configs.slice(4).map(({ effort }) => effort as number);
    expect(asked.reduce((a, b) => a + b) / asked.length).toBeLessThan(0.75);
    const [at] = optimizer.predict(state, [{ x: 0.3, effort: 1 }]);
    expect(Math.abs(at.mean)).toBeLessThan(0.05);
    const told = optimizer.tell(state, [{ config: { x: 0.3, effort: 1 }, value: 0 }]);
    expect(optimizer.best(told)!.config).toEqual({ x: 0.3, effort: 1 });
    expect(optimizer.trace(told)[16]).toBe(0);
  });

  it.each([
    ['an unknown parameter', { fidelity: { parameter: 'steps' } }, /fidelity\.parameter/],
    ['an acquisition of its own', { fidelity: { parameter: 'effort' }, acquisition: 'gibbon' as const }, /fidelity/],
    ['a cost of 0', { fidelity: { parameter: 'effort', cost: () => 0 } }, /fidelity\.cost/],
  ])('refuses %s', (_name, options, message) => {
    expect(() => bo.bayesianOptimizer(space, options)).toThrow(message);
  });
});

it.each(['observed', 'mean', 'optimum'] as const)('the incumbent may be %s', (incumbent) => {
  const { best } = bo.minimizeBayesian(({ x }) => ((x as number) - 0.3) ** 2, line, {
    incumbent,
    evaluations: 12,
    rng: createRng(59),
    search,
  });
  expect(best!.value).toBeLessThan(0.001);
});

describe('restarts', () => {
  it('begin a new run when the old one stands still; the best is that of all runs', () => {
    const optimizer = bo.bayesianOptimizer(line, { search, nInitial: 3, restart: { patience: 3 } });
    const { state } = play(optimizer, ({ x }) => ((x as number) - 0.3) ** 2, 22, createRng(60));
    expect(state.run).toBeGreaterThan(0);
    expect(optimizer.best(state)!.value).toBe(Math.min(...state.trials.map(({ values }) => values[0])));
    const firstOfRun = state.trials.filter(({ run }) => run === 1)[0];
    expect(firstOfRun.origin).toBe('design');
    expect(optimizer.trace(state).length).toBe(22);
  });
});

it.each([
  ['direction', { direction: 'up' as never }],
  ['nInitial', { nInitial: 0 }],
  ['initialDesign', { initialDesign: 'grid' as never }],
  ['constraints', { constraints: -1 }],
  ['restart.patience', { restart: { patience: 0 } }],
  ['restart.tolerance', { restart: { patience: 3, tolerance: -1 } }],
])('a bad %s is refused', (name, options) => {
  expect(() => bo.bayesianOptimizer(line, options)).toThrow(RangeError);
  expect(() => bo.bayesianOptimizer(line, options)).toThrow(name);
});

it('asking for no config is refused, and predicting without a result', () => {
  const optimizer = bo.bayesianOptimizer(line);
  expect(() => optimizer.ask(optimizer.init(), 0, createRng(1))).toThrow(/n must/);
  expect(() => optimizer.predict(optimizer.init(), [{ x: 0 }])).toThrow(/state/);
  expect(() => optimizer.importance(optimizer.init())).toThrow(/state/);
});
