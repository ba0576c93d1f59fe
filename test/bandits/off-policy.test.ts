// Off-policy estimators: identities, exact unbiasedness by enumeration, errors and intervals by repetition, tuning, replay.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  bernoulliArms,
  type LoggedData,
  loggedBandit,
  opeClippedIps,
  opeDm,
  opeDr,
  opeDrOs,
  opeEffectiveSampleSize,
  type OpeEstimate,
  opeIps,
  type OpeOptions,
  opeReplay,
  opeSgIps,
  opeSnDr,
  opeSnips,
  opeSwitch,
  opeSwitchDr,
  replayBandit,
  replayContextualBandit,
  simulateBandit,
  thompsonBeta,
  tuneOpe,
} from '../../src/bandits/index.js';
import { createRng, sampleCategorical } from '../../src/random/index.js';
import { binomialTolerance, hoeffdingTolerance, normalTolerance } from '../support/statistics.js';

type FullLog = Required<LoggedData>;

/** A random log over A actions with probabilities bounded away from 0. */
const logs = fc
  .record({ n: fc.integer({ min: 1, max: 30 }), A: fc.integer({ min: 1, max: 5 }), seed: fc.string() })
  .map(({ n, A, seed }): FullLog => {
    const rng = createRng(seed);
    const law = () => {
      const raw = Array.from({ length: A }, () => 0.1 + rng());
      const total = raw.reduce((a, b) => a + b, 0);
      return raw.map((x) => x / total);
    };
    const rows = <T>(make: () => T) => Array.from({ length: n }, make);
    const logging = rows(law);
    const actions = logging.map((p) => sampleCategorical(p, rng));
    return {
      actions,
      rewards: rows(rng),
      propensities: actions.map((a, i) => logging[i][a]),
      target: rows(law),
      model: rows(() => Array.from({ length: A }, rng)),
      logging,
    };
  });

function near(actual: number, expected: number, scale = 1): void {
  expect(Math.abs(actual - expected)).toBeLessThanOrEqual(1e-12 * Math.max(scale, Math.abs(expected)));
}

const model = (log: FullLog) => log.model as number[][];

describe('identities', () => {
  it('DR is the direct method when the model is exact and rewards have no noise, whatever the weights', () => {
    fc.assert(
      fc.property(logs, (log) => {
        const exact = { ...log, rewards: Array.from(log.actions, (a, i) => model(log)[i][a]) };
        near(opeDr(exact).estimate, opeDm(exact).estimate);
        near(opeSnDr(exact).estimate, opeDm(exact).estimate);
      }),
    );
  });

  it('DR is IPS when the model is 0; the target that logged gives the mean reward', () => {
    fc.assert(
      fc.property(logs, (log) => {
        const zero = { ...log, model: model(log).map((row) => row.map(() => 0)) };
        near(opeDr(zero).estimate, opeIps(log).estimate, 10);
        near(opeSnDr(zero).estimate, opeSnips(log).estimate);
        const mean = Array.from(log.rewards).reduce((a, b) => a + b, 0) / log.rewards.length;
        near(opeIps({ ...log, target: log.logging }).estimate, mean);
        near(opeEffectiveSampleSize({ ...log, target: log.logging }), log.actions.length, log.actions.length);
      }),
    );
  });

  it('SWITCH counts the action taken on one side of the threshold, also where its ratio rounds to it', () => {
    // 0.9 / 0.75 rounds to 1.2, but 1.2 · 0.75 to less than 0.9; 0.54 / 0.15 to more than 3.6, but 3.6 · 0.15 to 0.54.
    for (const [t, p, threshold] of [
      [0.9, 0.75, 1.2],
      [0.54, 0.15, 3.6],
    ]) {
      const round = { actions: [0], rewards: [1], propensities: [p], target: [[t, 1 - t]], logging: [[p, 1 - p]] };
      const { estimate } = opeSwitch({ ...round, model: [[0.5, 0]] }, { threshold });
      near(estimate, t / p <= threshold ? t / p : t * 0.5);
    }
  });

  it('shrunk weights neither overflow nor turn into NaN', () => {
    const round = (t: number, p: number) => ({ actions: [0], rewards: [1], propensities: [p], target: [[t, 1 - t]] });
    const estimate = (t: number, p: number, lambda: number) =>
      opeDrOs({ ...round(t, p), model: [[0, 0]] }, { lambda }).estimate;
    expect(estimate(1e-200, 1, 0)).toBe(0);
    near(estimate(1, 1e-10, 1e300) / 1e10, 1);
    expect(estimate(1, 1e-200, 1)).toBeLessThan(1e-150);
  });

  it('SNIPS moves with the rewards by a constant and stays in their range', () => {
    fc.assert(
      fc.property(logs, fc.double({ min: -5, max: 5, noNaN: true }), (log, c) => {
        const { estimate } = opeSnips(log);
        near(opeSnips({ ...log, rewards: Array.from(log.rewards, (r) => r + c) }).estimate, estimate + c, 10);
        expect(estimate).toBeGreaterThanOrEqual(Math.min(...Array.from(log.rewards)) - 1e-12);
        expect(estimate).toBeLessThanOrEqual(Math.max(...Array.from(log.rewards)) + 1e-12);
      }),
    );
  });

  it('the ends of every parameter are the neighbours they should be', () => {
    fc.assert(
      fc.property(logs, (log) => {
        const [ips, dr, dm] = [opeIps(log).estimate, opeDr(log).estimate, opeDm(log).estimate];
        const mean = Array.from(log.rewards).reduce((a, b) => a + b, 0) / log.rewards.length;
        near(opeClippedIps(log, { maxWeight: Infinity }).estimate, ips, 10);
        near(opeClippedIps(log, { maxWeight: 0 }).estimate, 0);
        near(opeSwitchDr(log, { threshold: Infinity }).estimate, dr, 10);
        near(opeSwitchDr(log, { threshold: 0 }).estimate, dm);
        near(opeSwitch(log, { threshold: Infinity }).estimate, ips, 10);
        near(opeSwitch(log, { threshold: 0 }).estimate, dm);
        near(opeDrOs(log, { lambda: Infinity }).estimate, dr, 10);
        expect(Math.abs(opeDrOs(log, { lambda: 1e14 }).estimate - dr)).toBeLessThan(1e-9);
        near(opeDrOs(log, { lambda: 0 }).estimate, dm);
        near(opeSgIps(log, { lambda: 0 }).estimate, ips, 10);
        near(opeSgIps(log, { lambda: 1 }).estimate, mean);
      }),
    );
  });

  it('rows of weight 0 count for nothing', () => {
    const log: FullLog = {
      actions: [0, 1],
      rewards: [5, 1],
      propensities: [0.5, 0.5],
      target: [
        [0, 1],
        [0, 1],
      ],
      model: [
        [0, 0],
        [0, 0],
      ],
      logging: [
        [0.5, 0.5],
        [0.5, 0.5],
      ],
    };
    expect(opeDrOs(log, { lambda: 0 }).estimate).toBe(0);
    expect(opeDrOs(log, { lambda: Infinity }).estimate).toBe(1);
    expect(opeSgIps(log, { lambda: 1 }).estimate).toBe(0.5);
    const never = { ...log, actions: [0, 0] };
    expect(opeIps(never).estimate).toBe(0);
    expect(opeEffectiveSampleSize(never)).toBe(0);
    expect(() => opeSnips(never)).toThrow(/^weights/);
    expect(() => opeSnDr(never)).toThrow(/^weights/);
  });

  it('one round has an estimate and no error', () => {
    const log = { actions: [0], rewards: [1], propensities: [0.5], target: [[1, 0]] };
    for (const interval of ['normal', 'bootstrap', 'empirical-bernstein'] as const) {
      expect(opeIps(log, { interval, rng: createRng(1), range: 1 })).toEqual({
        estimate: 2,
        standardError: Infinity,
        interval: { low: -Infinity, high: Infinity },
      });
    }
  });
});

// Two contexts, three actions: the expectation of a one-round log is a sum over six cases.
const contexts = [0.3, 0.7];
const logging = [
  [0.5, 0.3, 0.2],
  [0.1, 0.1, 0.8],
];
const wanted = [
  [0.1, 0.2, 0.7],
  [0.6, 0.4, 0],
];
const truth = [
  [0.2, 0.5, 0.9],
  [0.7, 0.4, 0.1],
];
const guess = [
  [0.3, 0.3, 0.6],
  [0.5, 0.5, 0.5],
];
const value = contexts.reduce((v, p, x) => v + p * wanted[x].reduce((s, t, a) => s + t * truth[x][a], 0), 0);

function expectation(estimator: (log: FullLog) => OpeEstimate): number {
  let total = 0;
  contexts.forEach((p, x) =>
    logging[x].forEach((q, a) => {
      const log = {
        actions: [a],
        rewards: [truth[x][a]],
        propensities: [q],
        target: [wanted[x]],
        model: [guess[x]],
        logging: [logging[x]],
      };
      total += p * q * estimator(log).estimate;
    }),
  );
  return total;
}

function drawLog(n: number, rng: () => number): FullLog {
  const log = { actions: [], rewards: [], propensities: [], target: [], model: [], logging: [] } as {
    [key in keyof FullLog]: never[] & { push(x: unknown): void };
  };
  for (let i = 0; i < n; i++) {
    const x = rng() < contexts[0] ? 0 : 1;
    const a = sampleCategorical(logging[x], rng);
    log.actions.push(a);
    log.rewards.push(rng() < truth[x][a] ? 1 : 0);
    log.propensities.push(logging[x][a]);
    log.target.push(wanted[x]);
    log.model.push(guess[x]);
    log.logging.push(logging[x]);
  }
  return log as unknown as FullLog;
}

describe('theorems', () => {
  it('IPS and DR are unbiased, exactly; so is replay by rejection of a deterministic policy', () => {
    near(expectation(opeIps), value);
    near(expectation(opeDr), value);
    near(
      expectation((log) => opeSwitchDr(log, { threshold: Infinity })),
      value,
    );
  });

  it('the biased ones have the bias of their formula: Σ p(x) logging (ŵ - w) (r - q)', () => {
    const bias = (weight: (w: number) => number, withModel: boolean) => {
      let total = 0;
      contexts.forEach((p, x) =>
        logging[x].forEach((q, a) => {
          const w = wanted[x][a] / q;
          total += p * q * (weight(w) - w) * (truth[x][a] - (withModel ? guess[x][a] : 0));
        }),
      );
      return total;
    };
    near(
      expectation((log) => opeClippedIps(log, { maxWeight: 2 })) - value,
      bias((w) => Math.min(w, 2), false),
    );
    near(
      expectation((log) => opeSwitchDr(log, { threshold: 3 })) - value,
      bias((w) => (w <= 3 ? w : 0), true),
    );
    near(
      expectation((log) => opeDrOs(log, { lambda: 2 })) - value,
      bias((w) => (2 * w) / (w * w + 2), true),
    );
    near(
      expectation((log) => opeSgIps(log, { lambda: 0.3 })) - value,
      bias((w) => w / (0.7 + 0.3 * w), false),
    );
    near(
      expectation(opeDm) - value,
      bias(() => 0, true),
    );
  });

  // 500 logs of 400 rounds. A mean over logs is within 6.1 of its own errors of the value for a right program, once in 1e9 not.
  const R = 500;
  const repeat = (estimator: (log: FullLog, options: OpeOptions) => OpeEstimate, options: OpeOptions = {}) => {
    const estimates = new Float64Array(R);
    let errors = 0;
    let covered = 0;
    for (let s = 0; s < R; s++) {
      const rng = createRng(s, 'bootstrap');
      const { estimate, standardError, interval } = estimator(drawLog(400, createRng(s, 'log')), { ...options, rng });
      estimates[s] = estimate;
      errors += standardError / R;
      if (interval.low <= value && value <= interval.high) covered += 1;
    }
    const mean = estimates.reduce((a, b) => a + b, 0) / R;
    const deviation = Math.sqrt(estimates.reduce((a, b) => a + (b - mean) ** 2, 0) / (R - 1));
    return { bias: mean - value, deviation, errors, coverage: covered / R };
  };

  it.each([
    ['opeIps', opeIps],
    ['opeSnips', opeSnips],
    ['opeDr', opeDr],
    ['opeSnDr', opeSnDr],
  ])('%s has no bias beyond its error, the standard error that it says, and 95 %% coverage', (name, estimator) => {
    const { bias, deviation, errors, coverage } = repeat(estimator);
    // The bias of a ratio of means is at most its variance by an order of magnitude.
    const slack = name.startsWith('opeSn') ? deviation * deviation * 5 : 0;
    expect(Math.abs(bias)).toBeLessThan((normalTolerance() * deviation) / Math.sqrt(R) + slack);
    // A sample deviation of R nearly normal numbers is within 6.1 / sqrt(2R) = 19 % of the true one.
    expect(Math.abs(errors / deviation - 1)).toBeLessThan(0.2);
    // 95 % at the limit; skewed weights at n = 400 take a percent or two.
    expect(Math.abs(coverage - 0.95)).toBeLessThan(0.02 + binomialTolerance(R, 0.05));
  });

  it('the bootstrap agrees with the normal interval, the empirical Bernstein one covers', () => {
    const log = drawLog(400, createRng('one log'));
    for (const estimator of [opeIps, opeSnips, opeDr, opeSnDr]) {
      const normal = estimator(log, {});
      const bootstrap = estimator(log, { interval: 'bootstrap', rng: createRng('bootstrap'), resamples: 2000 });
      expect(bootstrap.estimate).toBe(normal.estimate);
      // Percentiles of 2000 resamples: a quarter of an error is more than 6 of theirs.
      expect(Math.abs(bootstrap.interval.low - normal.interval.low)).toBeLessThan(0.35 * normal.standardError);
      expect(Math.abs(bootstrap.interval.high - normal.interval.high)).toBeLessThan(0.35 * normal.standardError);
    }
    const { coverage } = repeat(opeIps, { interval: 'empirical-bernstein', range: 10 });
    expect(coverage).toBeGreaterThanOrEqual(0.95 - binomialTolerance(R, 0.05));
  });

  it('DR has less variance than IPS with a fair model', () => {
    const [ips, dr] = [repeat(opeIps), repeat(opeDr)];
    expect(dr.deviation).toBeLessThan(ips.deviation * 0.95);
  });

  it('tuning picks the least estimated error, and the estimate it picks has no more error than untouched weights', () => {
    const grid = [0, 0.5, 1, 2, 4, 8, 16, Infinity];
    let [tuned, plain] = [0, 0];
    for (let s = 0; s < 400; s++) {
      const log = drawLog(60, createRng(s, 'tuning'));
      const { best, candidates } = tuneOpe('dr-os', log, grid);
      expect(best.mse).toBe(Math.min(...candidates.map(({ mse }) => mse)));
      expect(best.estimate).toBe(opeDrOs(log, { lambda: best.parameter }).estimate);
      expect(candidates.at(-1)?.bias).toBe(0);
      tuned += (best.estimate - value) ** 2;
      plain += (opeDr(log).estimate - value) ** 2;
    }
    expect(tuned).toBeLessThan(1.1 * plain);
  });

  it('every tunable family agrees with its estimator, and the absolute bias is above the direct one', () => {
    const log = drawLog(50, createRng('families'));
    for (const [family, parameters, estimator] of [
      ['clipped-ips', [0, 1, 3, Infinity], (maxWeight: number) => opeClippedIps(log, { maxWeight })],
      ['switch-dr', [0, 1, 3, Infinity], (threshold: number) => opeSwitchDr(log, { threshold })],
      ['dr-os', [0, 1, 3, Infinity], (lambda: number) => opeDrOs(log, { lambda })],
      ['sg-ips', [0, 0.5, 1], (lambda: number) => opeSgIps(log, { lambda })],
    ] as const) {
      const direct = tuneOpe(family, log, parameters).candidates;
      const absolute = tuneOpe(family, log, parameters, { bias: 'absolute' }).candidates;
      parameters.forEach((parameter, i) => {
        const { estimate, standardError } = estimator(parameter);
        near(direct[i].estimate, estimate);
        near(direct[i].variance, standardError ** 2);
        expect(absolute[i].bias).toBeGreaterThanOrEqual(direct[i].bias - 1e-15);
      });
    }
  });
});

describe('replay', () => {
  it('a deterministic policy is worth the mean reward of its matches; rejection makes it unbiased', () => {
    // Logging 0.8 / 0.2 by context: kept matches are uniform over contexts only with rejection.
    const n = 20_000;
    const rng = createRng('replay');
    const x = Array.from({ length: n }, () => (rng() < 0.5 ? 0 : 1));
    const p0 = [0.8, 0.2];
    const actions = x.map((c) => (rng() < p0[c] ? 0 : 1));
    const rewards = x.map((c, i) => (rng() < [0.9, 0.1][c] * (actions[i] === 0 ? 1 : 0.5) ? 1 : 0));
    const propensities = actions.map((a, i) => (a === 0 ? p0[x[i]] : 1 - p0[x[i]]));
    const log = loggedBandit(x, actions, rewards, { arms: 2, propensities });
    const always = { name: 'always', arms: 2, init: () => 0, select: () => 0, update: (state: number) => state + 1 };
    const { meanReward, matches, state } = replayContextualBandit(always, log, createRng('r'), { keep: 'rejection' });
    expect(state).toBe(matches);
    expect(Math.abs(meanReward - 0.5)).toBeLessThan(hoeffdingTolerance(matches));
    const naive = opeReplay(actions, rewards, new Int32Array(n));
    expect(naive.estimate).toBe(replayBandit(always, log, createRng('r')).meanReward);
    // Contexts among plain matches are 4 : 1, worth 0.8 * 0.9 + 0.2 * 0.1.
    expect(Math.abs(naive.estimate - 0.74)).toBeLessThan(hoeffdingTolerance(naive.matches));
  });

  it('a learner replayed on uniform logs plays as it does online', () => {
    // Theorem 1: the kept rounds have the law of a game of that length. 200 games of 60 rounds each way.
    const means = [0.2, 0.5, 0.8];
    const policy = thompsonBeta({ arms: 3 });
    const totals = (play: (s: number) => ArrayLike<number>) =>
      Array.from({ length: 200 }, (_, s) => Array.from(play(s)).reduce((a, b) => a + b, 0) / 60);
    const replayed = totals((s) => {
      const rng = createRng(s, 'log');
      const actions = Array.from({ length: 400 }, () => Math.floor(3 * rng()));
      const rewards = actions.map((a) => (rng() < means[a] ? 1 : 0));
      const log = loggedBandit(actions, actions, rewards, { arms: 3 });
      const game = replayBandit(policy, log, createRng(s, 'policy'));
      expect(game.matches).toBeGreaterThan(60);
      return game.rewards.slice(0, 60);
    });
    const online = totals(
      (s) =>
        simulateBandit(policy, bernoulliArms(means), 60, {
          policy: createRng(s, 'policy'),
          environment: createRng(s, 'environment'),
        }).rewards,
    );
    const mean = (v: number[]) => v.reduce((a, b) => a + b, 0) / v.length;
    const variance = (v: number[]) => v.reduce((a, b) => a + (b - mean(v)) ** 2, 0) / (v.length - 1);
    const error = Math.sqrt((variance(replayed) + variance(online)) / 200);
    expect(Math.abs(mean(replayed) - mean(online))).toBeLessThan(normalTolerance() * error);
  });
});

describe('errors', () => {
  const log = drawLog(3, createRng('errors'));
  const bad = (change: Partial<FullLog>) => ({ ...log, ...change });
  const { model: _model, ...noModel } = log;
  const { logging: _logging, ...noLogging } = log;
  it.each([
    [() => opeIps(bad({ actions: [] })), RangeError, /^actions/],
    [() => opeIps(bad({ actions: [0, 1, 3] })), RangeError, /^actions\[2\]/],
    [() => opeIps(bad({ rewards: [0, 1] })), RangeError, /^rewards/],
    [() => opeIps(bad({ rewards: [0, NaN, 1] })), RangeError, /^rewards\[1\]/],
    [() => opeIps(bad({ propensities: [0.5, 0, 0.5] })), RangeError, /^propensities\[1\]/],
    [() => opeIps(bad({ propensities: [0.5, 1.1, 0.5] })), RangeError, /^propensities\[1\]/],
    [() => opeIps(bad({ propensities: [0.5, NaN, 0.5] })), RangeError, /^propensities\[1\]/],
    [() => opeIps(bad({ target: [[0.5, 0.5, 0]] })), RangeError, /^target/],
    [() => opeIps(bad({ target: [wanted[0], wanted[0], [0.5, 0.4, 0]] })), RangeError, /^target\[2\]/],
    [() => opeIps(bad({ target: [wanted[0], wanted[0], [1.5, -0.5, 0]] })), RangeError, /^target\[2\]/],
    [() => opeDr(noModel), TypeError, /^model/],
    [() => opeIps(bad({ target: [wanted[0], [1], wanted[0]] })), RangeError, /^target\[1\]/],
    [() => opeDr(bad({ model: [[1, 1, 1]] })), RangeError, /^model/],
    [() => opeDr(bad({ model: [wanted[0], [1], wanted[0]] })), RangeError, /^model\[1\]/],
    [() => opeSwitch(noLogging, { threshold: 1 }), TypeError, /^logging/],
    [() => opeSwitch(bad({ logging: [wanted[0], wanted[0], wanted[0]] }), { threshold: 1 }), RangeError, /^logging/],
    [() => opeSwitch(log, { threshold: -1 }), RangeError, /^threshold/],
    [() => opeSwitchDr(log, { threshold: NaN }), RangeError, /^threshold/],
    [() => opeClippedIps(log, { maxWeight: -1 }), RangeError, /^maxWeight/],
    [() => opeDrOs(log, { lambda: -1 }), RangeError, /^lambda/],
    [() => opeSgIps(log, { lambda: 1.5 }), RangeError, /^lambda/],
    [() => opeIps(log, { interval: 'bootstrap' }), TypeError, /^rng/],
    [() => opeIps(log, { interval: 'empirical-bernstein' }), TypeError, /^range/],
    [() => opeSnips(log, { interval: 'empirical-bernstein', range: 1 }), RangeError, /^interval/],
    [() => opeIps(log, { interval: 'x' as 'normal' }), RangeError, /^interval/],
    [() => opeIps(log, { confidence: 1 }), RangeError, /^confidence/],
    [() => opeReplay([], [], []), RangeError, /^actions/],
    [() => opeReplay([0, 1], [1, 1], [1, 0]), RangeError, /^matches/],
    [() => opeReplay([0, 1], [1, 1], [1]), RangeError, /^choices/],
    [() => tuneOpe('dr-os', log, []), RangeError, /^parameters/],
    [() => tuneOpe('x' as 'dr-os', log, [1]), RangeError, /^estimator/],
    [() => loggedBandit([], [], [], { arms: 2 }), RangeError, /^actions/],
    [() => loggedBandit([0], [2], [0], { arms: 2 }), RangeError, /^actions\[0\]/],
    [() => loggedBandit([0], [1], [NaN], { arms: 2 }), RangeError, /^rewards\[0\]/],
    [() => loggedBandit([0, 1], [1], [1], { arms: 2 }), RangeError, /^contexts/],
    [() => loggedBandit([0], [1], [1], { arms: 2, propensities: [0] }), RangeError, /^propensities\[0\]/],
    [
      () => replayBandit(thompsonBeta({ arms: 3 }), loggedBandit([0], [0], [0], { arms: 2 }), createRng(1)),
      RangeError,
      /^policy/,
    ],
  ])('names the argument it refuses %#', (call, kind, message) => {
    expect(call).toThrow(kind);
    expect(call).toThrow(message);
  });
});
