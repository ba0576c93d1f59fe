// Proposers: nothing that they do wrong costs a result, and a recorded run plays back bit for bit.
import fc from 'fast-check';
import { describe, expect, it, test } from 'vitest';
import {
  bayesianOptimizer,
  candidateDiversity,
  categorical,
  type Config,
  discriminativeSurrogate,
  formatConfig,
  formatHistory,
  generalizedVariance,
  generativeSurrogate,
  goodLabels,
  integer,
  normalizedRegret,
  parseCandidate,
  parseScore,
  type Proposer,
  type ProposerContext,
  proposerOptimizer,
  type ProposerOptimizerState,
  proposerTargetValue,
  real,
  recordProposer,
  replayProposer,
  searchSpace,
} from '../../../src/bo/index.js';
import { createRng } from '../../../src/random/index.js';
import { decodeState, encodeState } from '../../../src/state/index.js';

const space = searchSpace({
  x: real(0, 1),
  depth: integer(1, 5),
  kind: categorical(['a', 'b']),
  extra: real(0, 1, { when: { kind: ['b'] } }),
});
const objective = ({ x, depth, kind }: Config) =>
  ((x as number) - 0.3) ** 2 + 0.1 * (depth as number) + (kind === 'a' ? 0 : 0.5);
const fast = { nInitial: 3, search: { rawSamples: 16, restarts: 1, maxIterations: 5 } };
const optimizerWith = (proposer: Proposer, options = {}) =>
  proposerOptimizer(space, proposer, { fallback: bayesianOptimizer(space, fast), ...options });

/** Runs t rounds of one suggestion each. */
async function run(proposer: Proposer, rounds: number, options = {}) {
  const optimizer = optimizerWith(proposer, options);
  const rng = createRng('proposer');
  let state = optimizer.init();
  const configs: Config[] = [];
  for (let t = 0; t < rounds; t++) {
    const [[suggestion], asked] = await optimizer.ask(state, 1, rng);
    configs.push(suggestion.config);
    state = optimizer.tell(asked, [{ id: suggestion.id, value: objective(suggestion.config) }]);
  }
  return { configs, state, optimizer };
}

describe('the target value', () => {
  test('is a share of the range away from the best, in the direction asked for', () => {
    fc.assert(
      fc.property(
        fc.array(fc.double({ min: -10, max: 10, noNaN: true }), { minLength: 2, maxLength: 8 }),
        fc.double({ min: -1, max: 1, noNaN: true }),
        (y, alpha) => {
          const [low, high] = [Math.min(...y), Math.max(...y)];
          const range = high > low ? high - low : 0.1 * Math.abs(high);
          expect(proposerTargetValue(y, { alpha })).toBeCloseTo(low - alpha * range, 10);
          expect(proposerTargetValue(y, { alpha, direction: 'maximize' })).toBeCloseTo(high + alpha * range, 10);
          // mirrored values with mirrored direction give the mirrored target
          expect(
            proposerTargetValue(
              y.map((v) => -v),
              { alpha, direction: 'maximize' },
            ),
          ).toBeCloseTo(-(low - alpha * (high > low ? range : 0.1 * Math.abs(low))), 10);
        },
      ),
    );
  });

  test('shrinks towards the best while it is out of bounds, and ends at the bound', () => {
    const at = (alpha: number, bounds: [number, number]) => proposerTargetValue([0.1, 1.1], { alpha, bounds });
    expect(at(0.5, [0, 2])).toBeCloseTo(0, 12); // 0.5 and nothing larger than 0.1 fits: 0.1 - 0.1 x 1 = 0 is inside
    expect(at(0.5, [0.05, 2])).toBeCloseTo(0.09, 12); // alpha 0.01
    expect(at(0.5, [0.0995, 2])).toBeCloseTo(0.101, 12); // alpha 0.01 and 0.001 give 0.09 and 0.099; -0.001 fits
    expect(at(0.5, [0.3, 2])).toBe(0.3); // not even -0.1: the bound
    expect(at(-0.2, [0, 0.2])).toBe(0.2); // no smaller alpha than -0.2 in the list: the bound at once
    expect(proposerTargetValue([-1, -1], { alpha: 0 })).toBe(-1);
  });
});

describe('judgements', () => {
  test('moments leave out what was not answered, and fill in averages', () => {
    const { mean, std } = discriminativeSurrogate([[1, NaN, 3], [], [NaN, NaN], [2]]);
    expect([...mean]).toEqual([2, 2, 2, 2]);
    expect([...std]).toEqual([1, 0.5, 0.5, 1e-5]);
    expect(() => discriminativeSurrogate([[NaN]])).toThrow(/^predictions must hold at least one answer/);
    expect(() => discriminativeSurrogate([[Infinity]])).toThrow(/^predictions\[0\]\[0\] must not be infinite/);
  });

  test('labels: the best quarter, at least one, ties included', () => {
    fc.assert(
      fc.property(
        fc.array(fc.integer({ min: 0, max: 9 }), { minLength: 1, maxLength: 20 }),
        fc.double({ min: 0.05, max: 0.9, noNaN: true }),
        (y, fraction) => {
          const { threshold, good } = goodLabels(y, { fraction });
          const count = good.filter(Boolean).length;
          expect(count).toBeGreaterThanOrEqual(Math.max(1, Math.ceil(fraction * y.length)));
          expect(y.filter((v) => v < threshold).length).toBeLessThan(Math.max(1, Math.ceil(fraction * y.length)));
          y.forEach((v, i) => expect(good[i]).toBe(v <= threshold));
          expect(
            goodLabels(
              y.map((v) => -v),
              { fraction, direction: 'maximize' },
            ).good,
          ).toEqual(good);
        },
      ),
    );
  });

  test('a ranking by probability is stable and puts silence last', () => {
    expect(generativeSurrogate([[0.5], [0.7, 0.3], [], [0.6]]).order).toEqual([3, 0, 1, 2]);
    expect(() => generativeSurrogate([[1.2]])).toThrow(/^probabilities\[0\]\[0\] must be in \[0, 1\]/);
  });
});

describe('the optimizer with a proposer', () => {
  const valid = (context: ProposerContext): Config[] =>
    Array.from({ length: context.nCandidates }, (_, i) => ({
      x: ((context.history.length * 13 + i * 7) % 100) / 100,
      depth: 1 + (i % 5),
      kind: 'a',
    }));

  test('takes valid new candidates in their order, and starts from warmstart', async () => {
    const seen: ProposerContext[] = [];
    const { configs, state } = await run(
      {
        propose: async (context) => {
          seen.push(context);
          return valid(context);
        },
        warmstart: async (_context, n) =>
          Array.from({ length: n }, () => ({ x: 0.5, depth: 2, kind: 'b', extra: 0.1 })),
      },
      4,
    );
    expect(configs[0]).toEqual({ x: 0.5, depth: 2, kind: 'b', extra: 0.1 });
    expect(configs[1]).toEqual({ x: 0.13, depth: 1, kind: 'a' });
    expect(state.stats).toMatchObject({ calls: 4, failures: 0, invalid: 0, used: 4, filled: 0 });
    expect(seen[0].history).toEqual([{ config: configs[0], value: objective(configs[0]) }]);
    expect(seen[2].target).toBeCloseTo(proposerTargetValue(seen[2].history.map(({ value }) => value)), 12);
  });

  test.each<[string, Proposer]>([
    ['rejects', { propose: () => Promise.reject(new Error('no')) }],
    [
      'throws before its promise',
      {
        propose: (() => {
          throw new Error('no');
        }) as never,
      },
    ],
    [
      'returns nonsense',
      { propose: async () => [{ x: 3 }, null, 7, { y: 1 }, { x: 0.5, depth: 1.5, kind: 'a' }] as never },
    ],
    ['returns no list', { propose: async () => 'hello' as never }],
    ['returns nothing', { propose: async () => [] }],
    ['repeats itself', { propose: async () => [{ x: 0.5, depth: 2, kind: 'a' }] }],
    ['never answers', { propose: () => new Promise(() => {}) }],
    ['answers with inactive parameters', { propose: async () => [{ x: 0.5, depth: 2, kind: 'a', extra: 0.2 }] }],
  ])('a proposer that %s costs no result: every suggestion is valid and new', async (name, proposer) => {
    const { configs, state } = await run(proposer, 6, { timeoutMs: 5, maxRetries: 1 });
    configs.forEach((config) => expect(space.contains(config)).toBe(true));
    expect(new Set(configs.map((config) => JSON.stringify(config))).size).toBe(6);
    expect(state.stats.used + state.stats.filled).toBe(6);
    expect(state.stats.filled).toBeGreaterThanOrEqual(name === 'repeats itself' ? 5 : 6);
  });

  test('what the fallback would do without a proposer is what it does with one that fails', async () => {
    const failing = await run({ propose: () => Promise.reject(new Error('no')) }, 5);
    const plain = bayesianOptimizer(space, fast);
    const rng = createRng('proposer');
    let state = plain.init();
    for (let t = 0; t < 5; t++) {
      const [[{ id, config }], asked] = plain.ask(state, 1, rng);
      expect(config).toEqual(failing.configs[t]);
      state = plain.tell(asked, [{ id, value: objective(config) }]);
    }
  });

  test('scores rank: by expected improvement of predictions, or by probability', async () => {
    const list: Config[] = [0.1, 0.2, 0.3].map((x) => ({ x, depth: 1, kind: 'a' }));
    const told = (optimizer: ReturnType<typeof optimizerWith>) =>
      optimizer.tell(optimizer.init(), [{ config: { x: 0.9, depth: 1, kind: 'a' }, value: 1 }]);
    const first = async (score: Proposer['score'], options = {}) => {
      const optimizer = optimizerWith({ propose: async () => list, score: score! }, options);
      const [suggestions] = await optimizer.ask(told(optimizer), 3, createRng(1));
      return suggestions.map(({ config }) => config.x);
    };
    expect(await first(async () => [[0.9, 0.95], [0.2, 0.25], [0.5]])).toEqual([0.2, 0.3, 0.1]);
    expect(await first(async () => [[0.1], [0.3], [0.9]], { scoring: 'probability' })).toEqual([0.3, 0.2, 0.1]);
    // judgements of no use leave the order alone
    expect(await first(async () => [[1]])).toEqual([0.1, 0.2, 0.3]);
    expect(await first(async () => [[NaN], [NaN], [NaN]])).toEqual([0.1, 0.2, 0.3]);
    expect(await first(async () => Promise.reject(new Error('no')))).toEqual([0.1, 0.2, 0.3]);
  });

  test('several at once: pending ones are not repeated, and may be told in any order or cancelled', async () => {
    const optimizer = optimizerWith({ propose: async (context) => valid(context).slice(0, 2) });
    const rng = createRng('batch');
    let state = optimizer.init();
    const [first, asked] = await optimizer.ask(state, 3, rng);
    state = optimizer.tell(asked, [{ id: first[2].id, value: 1 }]);
    const [second, more] = await optimizer.ask(state, 4, rng);
    const all = [...first, ...second].map(({ config }) => JSON.stringify(config));
    expect(new Set(all).size).toBe(7);
    expect(new Set([...first, ...second].map(({ id }) => id)).size).toBe(7);
    state = optimizer.cancel(optimizer.tell(more, [{ id: second[0].id, value: 0.2 }]), second[1].id);
    expect(optimizer.best(state)!.value).toBe(0.2);
    expect(() => optimizer.tell(state, [{ id: second[0].id, value: 3 }])).toThrow(/^id must be one that is pending/);
    expect(() => optimizer.cancel(state, second[1].id)).toThrow(/^id must be one that is pending/);
    expect(state.pending.length).toBe(4);
  });

  test('what the fallback repeats is one suggestion: its result leaves nothing pending', async () => {
    const three = searchSpace({ k: integer(1, 3) });
    for (let seed = 0; seed < 6; seed++) {
      const optimizer = proposerOptimizer(
        three,
        { propose: async () => [], warmstart: async () => [{ k: 1 + (seed % 3) }] },
        { fallback: bayesianOptimizer(three, fast), maxRetries: 0 },
      );
      const rng = createRng('repeats', seed);
      const [suggestions, asked] = await optimizer.ask(optimizer.init(), 3, rng);
      expect(new Set(suggestions.map(({ config }) => config.k)).size).toBe(suggestions.length);
      let state = optimizer.tell(
        asked,
        suggestions.slice(1).map(({ id, config }) => ({ id, value: config.k as number })),
      );
      state = optimizer.cancel(state, suggestions[0].id);
      expect(state.pending).toEqual([]);
      expect(state.optimizer.trials.filter(({ status }) => status === 'pending')).toEqual([]);
    }
  });

  test('a signal that is aborted leaves the fallback alone with the question', async () => {
    let calls = 0;
    const optimizer = optimizerWith({
      propose: async () => {
        calls += 1;
        return [];
      },
    });
    const state = optimizer.tell(optimizer.init(), [{ config: { x: 0.9, depth: 1, kind: 'a' }, value: 1 }]);
    const [[suggestion]] = await optimizer.ask(state, 1, createRng(1), { signal: AbortSignal.abort() });
    expect(space.contains(suggestion.config)).toBe(true);
    expect(calls).toBe(0);
  });

  test('the state is plain: a run resumed from text goes on as if nothing had happened', async () => {
    const proposer: Proposer = { propose: async (context) => valid(context) };
    const optimizer = optimizerWith(proposer);
    const play = async (resume: boolean) => {
      const rng = createRng('resume');
      let state = optimizer.init();
      const configs: Config[] = [];
      for (let t = 0; t < 6; t++) {
        const [[suggestion], asked] = await optimizer.ask(state, 1, rng);
        configs.push(suggestion.config);
        state = optimizer.tell(asked, [{ id: suggestion.id, value: objective(suggestion.config) }]);
        if (resume) state = decodeState(encodeState(state as never)) as unknown as ProposerOptimizerState;
      }
      return configs;
    };
    expect(await play(true)).toEqual(await play(false));
  });
});

describe('recording', () => {
  test('a replay makes the same run, through failures and timeouts', async () => {
    let call = 0;
    const moody: Proposer = {
      propose: async (context) => {
        call += 1;
        if (call % 4 === 1) throw new Error('mood');
        if (call % 4 === 2) return new Promise(() => {});
        return [{ x: ((call * 17) % 50) / 50, depth: 1 + (call % 5), kind: 'b', extra: context.history.length / 100 }];
      },
      warmstart: async () => [{ x: 0.9, depth: 5, kind: 'a' }],
      score: async (_context, configs) => configs.map(() => [NaN, 0.5]),
    };
    const { proposer, calls } = recordProposer(moody);
    const original = await run(proposer, 6, { timeoutMs: 10 });
    expect(new Set(calls.map(({ status }) => status))).toEqual(new Set(['ok', 'error', 'pending']));
    const stored = decodeState(encodeState(calls as never)) as unknown as typeof calls;
    const replayed = await run(replayProposer(stored), 6, { timeoutMs: 1000 });
    expect(replayed.configs).toEqual(original.configs);
    expect(encodeState(replayed.state as never)).toBe(encodeState(original.state as never));
  });

  test('an answer that came after its time is recorded as aborted', async () => {
    const late: Proposer = {
      propose: () => new Promise((resolve) => setTimeout(() => resolve([{ x: 0.1, depth: 1, kind: 'a' }]), 30)),
    };
    const { proposer, calls } = recordProposer(late);
    await run(proposer, 2, { timeoutMs: 5, maxRetries: 0 });
    await new Promise((resolve) => setTimeout(resolve, 60));
    expect(calls.every(({ status, output }) => status === 'aborted' && output === null)).toBe(true);
  });

  test('a replay that is asked something else says so', async () => {
    const context: ProposerContext = {
      space,
      direction: 'minimize',
      history: [],
      target: null,
      nCandidates: 1,
      pending: [],
    };
    const { proposer, calls } = recordProposer({ propose: async () => [] });
    await proposer.propose(context);
    const other = { ...context, history: [{ config: { x: 0, depth: 1, kind: 'a' }, value: 1 }] };
    await expect(replayProposer(calls).propose(other)).rejects.toThrow(
      /expected propose after 0 results, got propose after 1/,
    );
    const replay = replayProposer(calls);
    await replay.propose(context);
    await expect(replay.propose(context)).rejects.toThrow(/no call number 2/);
    expect(() => replayProposer('x' as never)).toThrow(TypeError);
  });
});

describe('text', () => {
  const config = fc
    .record({
      x: fc.double({ min: 0, max: 1, noNaN: true }),
      depth: fc.integer({ min: 1, max: 5 }),
      kind: fc.constantFrom('a', 'b'),
    })
    .chain((c) =>
      c.kind === 'b'
        ? fc.double({ min: 0, max: 1, noNaN: true }).map((extra): Config => ({ ...c, extra }))
        : fc.constant(c as Config),
    );

  test('what is formatted is parsed back, at full precision exactly', () => {
    fc.assert(
      fc.property(config, (c) => {
        expect(parseCandidate(formatConfig(space, c, 17), space)).toEqual(c);
        const rounded = parseCandidate(formatConfig(space, c, 4), space)!;
        expect(Math.abs((rounded.x as number) - (c.x as number))).toBeLessThan(1e-3);
      }),
    );
  });

  test.each<[string, Config | null]>([
    ['x = 0.5, depth = 3, kind = a', { x: 0.5, depth: 3, kind: 'a' }],
    ['{"x": 5e-1, "depth": 3.0, "kind": "A"}', { x: 0.5, depth: 3, kind: 'a' }],
    ["x is .25; depth is 1; kind is 'b'; extra is 1", { x: 0.25, depth: 1, kind: 'b', extra: 1 }],
    ['## x: 0.5, depth: 3, kind: a, extra: 0.7 ##', { x: 0.5, depth: 3, kind: 'a' }], // extra is inactive
    ['kind: b, x: 0.5, depth: 3', null], // extra is missing
    ['x: 1.5, depth: 3, kind: a', null],
    ['x: 0.5, depth: 2.5, kind: a', null],
    ['x: 0.5, depth: 3, kind: ab', null],
    ['x: many, depth: 3, kind: a', null],
    ['maxdepth: 3, x: 0.5, kind: a', null],
    ['', null],
  ])('%s', (text, expected) => {
    expect(parseCandidate(text, space)).toEqual(expected);
  });

  test('names with signs, steps and the longer of two choices', () => {
    const odd = searchSpace({ 'a.b[0]': real(0, 1, { q: 0.25 }), kernel: categorical(['rbf', 'rbf2', true]) });
    expect(parseCandidate('a.b[0]: 0.5000000001, kernel: rbf2', odd)).toEqual({ 'a.b[0]': 0.5, kernel: 'rbf2' });
    expect(parseCandidate('a.b[0]: 0.4, kernel: rbf', odd)).toBeNull();
    expect(parseCandidate('a.b[0]: 1, kernel: True', odd)).toEqual({ 'a.b[0]': 1, kernel: true });
  });

  test.each<[string, number]>([
    ['## 0.85 ##', 0.85],
    ['##-1e-3##', -1e-3],
    ['Response: 12', 12],
    ['between 1 and 2', NaN],
    ['## between 1 and 2 ##', NaN],
    ['', NaN],
  ])('the score of "%s"', (text, score) => {
    expect(parseScore(text)).toBe(score);
  });

  test('history in the orders and the shape asked for', () => {
    const history = [3, 1, 2].map((value) => ({ config: { x: value / 10, depth: 1, kind: 'a' }, value }));
    const values = (text: string) => text.split('\n').map(Number);
    const show = (options: object) => values(formatHistory(space, history, { template: '{value}', ...options }));
    expect(show({})).toEqual([3, 1, 2]);
    expect(show({ order: 'ascending' })).toEqual([1, 2, 3]);
    expect(show({ order: 'shuffled', rng: createRng(3) }).sort()).toEqual([1, 2, 3]);
    expect(formatHistory(space, history.slice(0, 1), { precision: 1 })).toBe(
      'Performance: 3, configuration: ## x: 0.3, depth: 1, kind: a ##',
    );
    expect(formatHistory(space, [])).toBe('');
    expect(() => formatHistory(space, history, { order: 'shuffled' })).toThrow(/^rng is required/);
    expect(() => formatHistory(space, [{ config: { x: 2 }, value: 1 }])).toThrow(RangeError);
  });
});

describe('metrics of candidates', () => {
  test('normalized regret is 0 at the best and 1 at the worst, in both directions', () => {
    expect(normalizedRegret(1, [1, 3])).toBe(0);
    expect(normalizedRegret(3, [1, 3])).toBe(1);
    expect(normalizedRegret(3, [1, 3], 'maximize')).toBe(0);
    expect(normalizedRegret(2, [2, 2])).toBe(0);
  });

  test('generalized variance scales with volume squared, is blind to shifts, and 0 in a plane', () => {
    const rng = createRng('volume');
    const X = Array.from({ length: 9 }, () => [rng(), rng(), rng()]);
    const base = generalizedVariance(X);
    expect(generalizedVariance(X.map(([a, b, c]) => [2 * a + 5, b - 1, 3 * c])) / base).toBeCloseTo(36, 8);
    expect(generalizedVariance(X.map(([a, b]) => [a, b, a + b]))).toBeLessThan(1e-12 * base + 1e-15);
    expect(generalizedVariance(X.slice(0, 2))).toBe(0);
    expect(candidateDiversity(X.map((x) => x.map((v) => 2 * v)))).toBeCloseTo(2 * candidateDiversity(X), 12);
    expect(candidateDiversity([[1, 2]])).toBe(0);
  });
});

it.each<[RegExp, () => unknown]>([
  [/^y must not be empty/, () => proposerTargetValue([])],
  [/^alpha must/, () => proposerTargetValue([1], { alpha: 2 })],
  [/^bounds must be in order/, () => proposerTargetValue([1], { bounds: [1, 0] })],
  [/^direction must/, () => proposerTargetValue([1], { direction: 'up' as never })],
  [/^y must not be empty/, () => goodLabels([])],
  [/^fraction must/, () => goodLabels([1], { fraction: 1 })],
  [/^nCandidates must/, () => optimizerWith({ propose: async () => [] }, { nCandidates: 0 })],
  [/^maxRetries must/, () => optimizerWith({ propose: async () => [] }, { maxRetries: -1 })],
  [/^timeoutMs must be positive/, () => optimizerWith({ propose: async () => [] }, { timeoutMs: 0 })],
  [/^scoring must/, () => optimizerWith({ propose: async () => [] }, { scoring: 'x' })],
  [/^range\[1\] must/, () => normalizedRegret(1, [2, 1])],
  [/^candidates must hold at least 2/, () => generalizedVariance([[1]])],
  [/^precision must/, () => formatHistory(space, [], { precision: 0 })],
])('a bad argument is refused: %s', (message, call) => {
  expect(call).toThrow(RangeError);
  expect(call).toThrow(message);
});

test('a proposer without a function propose is refused', () => {
  expect(() => proposerOptimizer(space, {} as never)).toThrow(TypeError);
});
