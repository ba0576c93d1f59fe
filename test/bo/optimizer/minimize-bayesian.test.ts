import { describe, expect, it } from 'vitest';
import * as bo from '../../../src/bo/index.js';
import { createRng, resumeRng, type RngState } from '../../../src/random/index.js';
import { decodeState, encodeState } from '../../../src/state/index.js';

const search = { rawSamples: 64, restarts: 2, maxIterations: 30 };
const line = bo.searchSpace({ x: bo.real(0, 1) });
const bowl = ({ x }: bo.Config) => ((x as number) - 0.3) ** 2;

describe('minimizeBayesian', () => {
  it('finds the minimum, and its trace never rises', () => {
    const { best, trace, status, state } = bo.minimizeBayesian(bowl, line, {
      evaluations: 12,
      rng: createRng(1),
      search,
    });
    expect(status).toBe('evaluations');
    expect(best!.value).toBeLessThan(1e-3);
    expect(state.trials.length).toBe(12);
    for (let t = 1; t < 12; t++) expect(trace[t]).toBeLessThanOrEqual(trace[t - 1]);
    expect(trace[11]).toBe(best!.value);
  });

  it('outlives exceptions', () => {
    let calls = 0;
    const { best, state, status } = bo.minimizeBayesian(
      (config) => {
        calls += 1;
        if (calls % 3 === 0) throw new Error('out of memory');
        return bowl(config);
      },
      line,
      { evaluations: 12, rng: createRng(2), search },
    );
    expect(status).toBe('evaluations');
    expect(state.trials.filter((trial) => trial.status === 'failed').length).toBe(4);
    expect(best!.value).toBeLessThan(0.01);
  });

  it('is resumed from any checkpoint with the same suggestions', () => {
    const options = { evaluations: 10, search };
    const rng = createRng(3);
    const checkpoints: string[] = [];
    const whole = bo.minimizeBayesian(bowl, line, {
      ...options,
      rng,
      onProgress: ({ state }) => void checkpoints.push(encodeState({ state, rng: rng.state() })),
    });
    expect(checkpoints.length).toBe(10);
    for (const text of [checkpoints[0], checkpoints[5], checkpoints[9]]) {
      const { state, rng: place } = decodeState<{ state: bo.BayesianOptimizerState; rng: RngState }>(text);
      const rest = bo.minimizeBayesian(bowl, line, { ...options, rng: resumeRng(place), resume: state });
      expect(rest.state).toEqual(whole.state);
    }
  });

  it('evaluates what was pending when it was killed', () => {
    const optimizer = bo.bayesianOptimizer(line, { search });
    const [suggestions, asked] = optimizer.ask(optimizer.init(), 2, createRng(4));
    const seen: bo.Config[] = [];
    bo.minimizeBayesian(
      (config) => {
        seen.push(config);
        return bowl(config);
      },
      line,
      { evaluations: 3, rng: createRng(5), search, resume: asked },
    );
    expect(seen.slice(0, 2)).toEqual(suggestions.map(({ config }) => config));
  });

  it('stops when it has stood still, when little is left to gain, or when it is told to', () => {
    const still = bo.minimizeBayesian(() => 1, line, {
      evaluations: 50,
      rng: createRng(6),
      search,
      earlyStop: { patience: 4 },
    });
    expect(still.status).toBe('patience');
    expect(still.state.trials.length).toBe(5);
    const sure = bo.minimizeBayesian(bowl, line, {
      evaluations: 50,
      rng: createRng(7),
      search,
      model: { deterministic: true },
      earlyStop: { regretBound: 0.02 },
    });
    expect(sure.status).toBe('regret-bound');
    expect(sure.state.trials.length).toBeLessThan(25);
    expect(sure.best!.value).toBeLessThan(0.02);
    const told = bo.minimizeBayesian(bowl, line, {
      evaluations: 50,
      rng: createRng(8),
      search,
      onProgress: ({ evaluations }) => evaluations < 3,
    });
    expect(told.status).toBe('stopped');
    expect(told.trace.length).toBe(3);
  });

  it('ends when a finite space is used up', () => {
    const tiny = bo.searchSpace({ n: bo.integer(1, 3) });
    const { status, best } = bo.minimizeBayesian(({ n }) => -(n as number), tiny, {
      evaluations: 9,
      rng: createRng(9),
    });
    expect(status).toBe('exhausted');
    expect(best!.config).toEqual({ n: 3 });
  });

  it('copes with noise: the model mean is the better judge', () => {
    const noise = createRng(10);
    const noisy = (config: bo.Config) => bowl(config) + 0.1 * (noise() - 0.5);
    const { state } = bo.minimizeBayesian(noisy, line, { evaluations: 25, rng: createRng(11), search });
    const optimizer = bo.bayesianOptimizer(line, { search });
    const judged = optimizer.best(state, { by: 'mean' })!;
    expect(bowl(judged.config)).toBeLessThan(0.02);
  });

  it('gives the front of several objectives', () => {
    const pair = ({ x }: bo.Config) => ({ value: [x as number, (1 - (x as number)) ** 2] });
    const { best, front, trace, status, state } = bo.minimizeBayesian(pair, line, {
      objectives: 2,
      evaluations: 9,
      rng: createRng(12),
      search,
      onProgress: (progress) => void expect(progress.best).toBeNull(),
    });
    expect([best, status, trace.length]).toEqual([null, 'evaluations', 9]);
    // The objectives pull opposite ways everywhere.
    expect(front.length).toBe(9);
    for (let t = 1; t < 9; t++) expect(trace[t]).toBeGreaterThanOrEqual(trace[t - 1]);
    expect(state.trials.length).toBe(9);
    const still = { objectives: 2, evaluations: 30, rng: createRng(13), search, earlyStop: { patience: 3 } };
    expect(bo.minimizeBayesian(() => ({ value: [1, 1] }), line, still).state.trials.length).toBe(4);
  });

  it('goes on while nothing is feasible, however patient', () => {
    const run = { evaluations: 7, rng: createRng(14), search, earlyStop: { patience: 2 } };
    expect(bo.minimizeBayesian(() => NaN, line, run).status).toBe('evaluations');
  });

  it('refuses an option that it does not have', () => {
    const misspelt = { evaluations: 5, rng: createRng(1), restarts: { patience: 3 } } as bo.MinimizeBayesianOptions;
    expect(() => bo.minimizeBayesian(bowl, line, misspelt)).toThrow(TypeError);
    expect(() => bo.minimizeBayesian(bowl, line, misspelt)).toThrow(/no 'restarts'/);
  });

  it.each([
    ['earlyStop.regretBound', { evaluations: 3, objectives: 2, earlyStop: { regretBound: 1 } }],
    ['incumbent', { evaluations: 3, incumbent: 'best' as never }],
    ['evaluations', { evaluations: 0 }],
    ['earlyStop.patience', { evaluations: 3, earlyStop: { patience: 0 } }],
    ['earlyStop.regretBound', { evaluations: 3, earlyStop: { regretBound: -1 } }],
  ])('refuses a bad %s', (name, options) => {
    expect(() => bo.minimizeBayesian(bowl, line, { rng: createRng(1), ...options })).toThrow(name);
  });
});

describe('minimizeBayesianAsync', () => {
  it('one at a time does as the synchronous loop', async () => {
    const options = { evaluations: 8, search };
    const sync = bo.minimizeBayesian(bowl, line, { ...options, rng: createRng(20) });
    const run = await bo.minimizeBayesianAsync(async (config) => bowl(config), line, {
      ...options,
      rng: createRng(20),
    });
    expect(run.state).toEqual(sync.state);
  });

  it('keeps as many evaluations under way as it may, and no more', async () => {
    let under = 0;
    let most = 0;
    const { best, state } = await bo.minimizeBayesianAsync(
      async (config) => {
        under += 1;
        most = Math.max(most, under);
        await new Promise((resolve) => setTimeout(resolve, 1));
        under -= 1;
        return bowl(config);
      },
      line,
      { evaluations: 13, parallel: 4, rng: createRng(21), search },
    );
    expect(most).toBe(4);
    expect(state.trials.length).toBe(13);
    expect(state.trials.every(({ status }) => status === 'ok')).toBe(true);
    expect(best!.value).toBeLessThan(0.01);
  });

  it('counts rejections as failures, and stops on a signal', async () => {
    const controller = new AbortController();
    let calls = 0;
    const { status, state } = await bo.minimizeBayesianAsync(
      async (config) => {
        calls += 1;
        if (calls === 5) controller.abort();
        if (calls % 2 === 0) throw new Error('no');
        return bowl(config);
      },
      line,
      { evaluations: 50, parallel: 2, rng: createRng(22), search, signal: controller.signal },
    );
    expect(status).toBe('stopped');
    expect(state.trials.length).toBeLessThanOrEqual(7);
    expect(state.trials.some((trial) => trial.status === 'failed')).toBe(true);
    expect(state.trials.every((trial) => trial.status !== 'pending')).toBe(true);
  });
});
