// Shared representations: GFUCB, relevance of sources (both norms), sampling, the Lasso, the active loop.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  activeMultiTask,
  gfucb,
  gfucbFits,
  gfucbRadius,
  lassoRelevance,
  linUcb,
  type LinUcbState,
  multiTaskBandit,
  type MultiTaskPolicy,
  samplingFactor,
  simulateMultiTask,
  sourceAllocation,
  sourceRelevance,
  transferRisk,
} from '../../src/bandits/index.js';
import { createRng, type Rng, sampleNormal } from '../../src/random/index.js';
import { decodeState, encodeState } from '../../src/state/index.js';

const vector = (n: number, rng: Rng) => Array.from({ length: n }, () => sampleNormal(rng));
const dot = (a: ArrayLike<number>, b: ArrayLike<number>) => Array.from(a).reduce((s, v, i) => s + v * b[i], 0);
const unit = (x: number[]) => x.map((v) => v / Math.sqrt(dot(x, x)));
/** k orthonormal vectors. */
function frame(d: number, k: number, rng: Rng): number[][] {
  const B: number[][] = [];
  while (B.length < k) {
    let b = vector(d, rng);
    for (const c of B) b = b.map((v, i) => v - dot(c, b) * c[i]);
    B.push(unit(b));
  }
  return B;
}

function multiTaskProblem(seed: number, [M, F, k, d, A]: number[]) {
  const rng = createRng(seed, 'problem');
  const representations = Array.from({ length: F }, () => {
    const B = frame(d, k, rng);
    return (x: ArrayLike<number>) => B.map((b) => dot(b, x));
  });
  const heads = Array.from({ length: M }, () => unit(vector(k, rng)));
  const actions = (t: number) => {
    const draws = createRng(seed, 'actions', t);
    return Array.from({ length: M }, () => Array.from({ length: A }, () => unit(vector(d, draws))));
  };
  const environment = multiTaskBandit({ representation: representations[0], heads, actions, noise: 0.5 });
  return { representations, environment };
}

describe('gfucb', () => {
  const sizes = [8, 10, 2, 10, 10];
  const [M, F, k, d, A] = sizes;
  const streams = (s: number, name: string) => ({
    policy: createRng(s, name, 'policy'),
    environment: createRng(s, name, 'noise'),
  });

  it('keeps the true representation in every run, and with betaScale 0.1 and split has at most 0.7 of the regret of tasks learned alone', () => {
    const T = 400;
    const one = linUcb({ arms: A, dimension: d, noise: 0.5 });
    const alone: MultiTaskPolicy<LinUcbState[]> = {
      name: 'alone',
      tasks: M,
      init: () => Array.from({ length: M }, () => one.init()),
      select: (state, actions, rng) =>
        Int32Array.from(state, (s, m) => one.select(s, (actions[m] as number[][]).flat(), rng)),
      update: (state, actions, chosen, rewards) =>
        state.map((s, m) => one.update(s, (actions[m] as number[][]).flat(), chosen[m], rewards[m], s)),
    };
    let [shared, separate] = [0, 0];
    for (let s = 0; s < 4; s++) {
      const { representations, environment } = multiTaskProblem(s, sizes);
      const options = { tasks: M, representations, dimension: k, horizon: T, betaScale: 0.1, split: true };
      const policy = gfucb(options);
      const beta = gfucbRadius({ ...options, representations: F });
      // The loop by hand: the truth is checked in all rounds.
      let state = policy.init();
      const { policy: rng, environment: noise } = streams(s, 'gfucb');
      let regret = 0;
      for (let t = 0; t < T; t++) {
        const actions = environment.actions(t);
        const chosen = policy.select(state, actions, rng);
        const rewards = actions.map((list, m) => environment.pull(m, list[chosen[m]], noise));
        actions.forEach((list, m) => {
          regret += Math.max(...list.map((x) => environment.mean(m, x))) - environment.mean(m, list[chosen[m]]);
        });
        state = policy.update(state, actions, chosen, rewards, state);
        const fits = gfucbFits(state, F);
        expect(fits[0]).toBeLessThanOrEqual(Math.min(...fits) + beta);
      }
      shared += regret;
      separate += simulateMultiTask(alone, environment, T, streams(s, 'alone')).regret[T - 1];
    }
    expect(shared).toBeLessThan(0.7 * separate);
  });

  it('Fit is the least penalized sum of squares', () => {
    const { representations, environment } = multiTaskProblem(7, [2, 3, 2, 4, 3]);
    const policy = gfucb({ tasks: 2, representations, dimension: 2, horizon: 30 });
    let state = policy.init();
    const history: { x: number[]; r: number; m: number }[] = [];
    const rng = createRng('fit');
    for (let t = 0; t < 30; t++) {
      const actions = environment.actions(t);
      const chosen = policy.select(state, actions, rng);
      const rewards = actions.map((list, m) => environment.pull(m, list[chosen[m]], rng));
      actions.forEach((list, m) => history.push({ x: Array.from(list[chosen[m]]), r: rewards[m], m }));
      state = policy.update(state, actions, chosen, rewards, state);
    }
    const fits = gfucbFits(state, 3);
    representations.forEach((phi, f) => {
      let total = 0;
      for (const m of [0, 1]) {
        const { theta } = state.models[f * 2 + m];
        total += dot(theta, theta);
        for (const { x, r } of history.filter((h) => h.m === m)) total += (r - dot(theta, phi(x))) ** 2;
      }
      expect(fits[f]).toBeCloseTo(total, 9);
    });
  });

  it('joint optimism is at most the decoupled one, and equal for one task', () => {
    const { representations, environment } = multiTaskProblem(3, [1, 4, 2, 5, 6]);
    const options = { tasks: 1, representations, dimension: 2, horizon: 50 };
    const [a, b] = [gfucb(options), gfucb({ ...options, mode: 'joint' })];
    const [s, t] = [a, b].map((policy) => simulateMultiTask(policy, environment, 50, streams(3, 'same')));
    expect(s).toEqual(t);
    const two = multiTaskProblem(4, [3, 4, 2, 5, 6]);
    const joint = gfucb({ tasks: 3, representations: two.representations, dimension: 2, horizon: 40, mode: 'joint' });
    expect(simulateMultiTask(joint, two.environment, 40, streams(4, 'joint')).regret[39]).toBeGreaterThan(0);
    const many = multiTaskProblem(5, [5, 2, 2, 5, 6]);
    const refused = gfucb({ tasks: 5, representations: many.representations, dimension: 2, horizon: 9, mode: 'joint' });
    expect(() => refused.select(refused.init(), many.environment.actions(0), Math.random)).toThrow(/^actions/);
  });

  it('has the three forms of out, and states that survive a checkpoint', () => {
    const { representations, environment } = multiTaskProblem(6, [2, 3, 2, 4, 3]);
    const policy = gfucb({ tasks: 2, representations, dimension: 2, horizon: 20 });
    let [fresh, inPlace, spare] = [policy.init(), policy.init(), policy.init()];
    const rng = createRng('forms');
    for (let t = 0; t < 20; t++) {
      const actions = environment.actions(t);
      const chosen = policy.select(fresh, actions, rng);
      const rewards = [rng(), rng()];
      const before = structuredClone(fresh);
      const next = policy.update(fresh, actions, chosen, rewards);
      expect(fresh).toEqual(before);
      spare = policy.update(fresh, actions, chosen, rewards, spare);
      inPlace = policy.update(inPlace, actions, chosen, rewards, inPlace);
      fresh = next;
      expect(spare).toEqual(fresh);
      expect(inPlace).toEqual(fresh);
    }
    expect(decodeState(encodeState(fresh))).toEqual(fresh);
    expect(structuredClone(fresh)).toEqual(fresh);
  });

  it('β is that of the formula', () => {
    const radius = gfucbRadius({
      tasks: 3,
      representations: 7,
      dimension: 2,
      horizon: 100,
      noise: 0.4,
      delta: 0.1,
      lambda: 2,
    });
    expect(radius).toBeCloseTo(8 * 0.16 * (6 * Math.log(26) + Math.log(70)) + 24, 10);
  });
});

const heads = fc.record({
  k: fc.integer({ min: 1, max: 6 }),
  extra: fc.integer({ min: 0, max: 20 }),
  seed: fc.string(),
});

describe('relevance', () => {
  it('both norms solve W ν = w; L1 has the least L1 norm and at most k nonzeros; ||ν1||_1² <= s ||ν2||_2²', () => {
    fc.assert(
      fc.property(heads, ({ k, extra, seed }) => {
        const rng = createRng(seed);
        const T = k + extra;
        const W = Array.from({ length: k }, () => vector(T, rng));
        const w = vector(k, rng);
        const [l1, l2] = (['l1', 'l2'] as const).map((norm) => sourceRelevance(W, w, { norm }));
        for (const { nu } of [l1, l2]) W.forEach((row, i) => expect(dot(row, nu)).toBeCloseTo(w[i], 7));
        expect(l1.l1Norm).toBeLessThanOrEqual(l2.l1Norm + 1e-8);
        expect(l2.l2Norm).toBeLessThanOrEqual(l1.l2Norm + 1e-8);
        expect(l1.nu.filter((v) => v !== 0).length).toBeLessThanOrEqual(k);
        const [a, b] = [
          samplingFactor(l1.nu, { strategy: 'l1', total: 1 }),
          samplingFactor(l2.nu, { strategy: 'l2', total: 1 }),
        ];
        expect(a).toBeLessThanOrEqual(b * (1 + 1e-7));
      }),
    );
  });

  it('the optimum has a dual certificate: y with ||Wᵀy||_∞ <= 1 and yᵀw = ||ν||_1', () => {
    // From complementary slackness: (Wᵀy)_t = sign(ν_t) on the support, which is k equations for k unknowns in general position.
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 4 }), fc.integer({ min: 1, max: 12 }), fc.string(), (k, extra, seed) => {
        const rng = createRng(seed);
        const T = k + extra;
        const W = Array.from({ length: k }, () => vector(T, rng));
        const w = vector(k, rng);
        const { nu, l1Norm } = sourceRelevance(W, w, { norm: 'l1' });
        const support = Array.from(nu.keys()).filter((t) => nu[t] !== 0);
        if (support.length < k) return;
        // Gauss-Jordan on [W_S^T | sign].
        const A = support.map((t) => [...W.map((row) => row[t]), Math.sign(nu[t])]);
        for (let i = 0; i < k; i++) {
          let p = i;
          for (let r = i; r < k; r++) if (Math.abs(A[r][i]) > Math.abs(A[p][i])) p = r;
          [A[i], A[p]] = [A[p], A[i]];
          for (let r = 0; r < k; r++) {
            if (r === i) continue;
            const f = A[r][i] / A[i][i];
            A[r] = A[r].map((v, c) => v - f * A[i][c]);
          }
        }
        const y = A.map((row, i) => row[k] / row[i]);
        for (let t = 0; t < T; t++)
          expect(
            Math.abs(
              dot(
                y,
                W.map((row) => row[t]),
              ),
            ),
          ).toBeLessThan(1 + 1e-6);
        expect(dot(y, w)).toBeCloseTo(l1Norm, 6);
      }),
    );
  });

  it('30 unit heads in k = 5, target the sum of two: the L1 factor is a third of the L2 factor, and at most k/T of uniform sampling', () => {
    let ratio = 0;
    let even = 0;
    for (let s = 0; s < 40; s++) {
      const rng = createRng(s, 'heads');
      const columns = Array.from({ length: 30 }, () => unit(vector(5, rng)));
      const W = Array.from({ length: 5 }, (_, i) => columns.map((h) => h[i]));
      const w = columns[0].map((v, i) => v + columns[1][i]);
      const [l1, l2] = (['l1', 'l2'] as const).map((norm) => sourceRelevance(W, w, { norm }));
      const factor = samplingFactor(l1.nu, { strategy: 'l1', total: 1 });
      ratio += factor / samplingFactor(l2.nu, { strategy: 'l2', total: 1 }) / 40;
      const uniform = transferRisk(l1.nu, new Float64Array(30).fill(1 / 30));
      expect(factor / uniform).toBeLessThanOrEqual(5 / 30 + 1e-9);
      even += factor / uniform / 40;
    }
    expect(ratio).toBeLessThanOrEqual(0.4);
    expect(even).toBeLessThan(0.12);
  });

  it('zero target has zero relevance; a target out of reach is refused by L1 and projected by L2', () => {
    expect(sourceRelevance([[1, 2]], [0], { norm: 'l1' }).l1Norm).toBe(0);
    const W = [
      [1, 2],
      [0, 0],
    ];
    expect(() => sourceRelevance(W, [1, 1], { norm: 'l1' })).toThrow(/^targetHead/);
    expect(sourceRelevance(W, [1, 1], { norm: 'l2' }).nu[0]).toBeCloseTo(0.2, 12);
    // A redundant equation is no obstacle.
    expect(
      sourceRelevance(
        [
          [1, 2],
          [2, 4],
        ],
        [2, 4],
        { norm: 'l1' },
      ).nu,
    ).toEqual(Float64Array.of(0, 1));
  });
});

describe('sampling', () => {
  it('each strategy has the factor it says, and the L1 shares have the least Σ ν²/n of all with that total', () => {
    const nus = fc.array(fc.double({ min: -3, max: 3, noNaN: true }), { minLength: 1, maxLength: 12 });
    fc.assert(
      fc.property(nus, fc.string(), (nu, seed) => {
        fc.pre(nu.some((v) => Math.abs(v) > 1e-3));
        const clean = nu.map((v) => (Math.abs(v) > 1e-3 ? v : 0));
        for (const strategy of ['l1', 'l2'] as const) {
          const n = sourceAllocation(clean, { strategy, total: 100 });
          const factor = samplingFactor(clean, { strategy, total: 100 });
          expect(transferRisk(clean, n) / factor).toBeCloseTo(1, 9);
        }
        const rng = createRng(seed);
        const other = clean.map(() => 0.01 + rng());
        const total = other.reduce((a, b) => a + b, 0);
        const l1 = samplingFactor(clean, { strategy: 'l1', total });
        expect(l1).toBeLessThanOrEqual(transferRisk(clean, other) * (1 + 1e-12));
        // With costs: the least Σ ν²/n of all allocations of the same cost.
        const costs = clean.map(() => 0.1 + rng());
        const spent = other.reduce((a, n, t) => a + costs[t] * n, 0);
        const best = sourceAllocation(clean, { total: spent, costs });
        expect(best.reduce((a, n, t) => a + costs[t] * n, 0)).toBeCloseTo(spent, 9);
        expect(transferRisk(clean, best)).toBeLessThanOrEqual(transferRisk(clean, other) * (1 + 1e-12));
      }),
    );
  });

  it('a relevant source without samples has infinite risk, and the minimum holds', () => {
    expect(transferRisk([1, 0], [0, 0])).toBe(Infinity);
    expect(sourceAllocation([1, 0], { total: 10, minimum: 3 })).toEqual(Float64Array.of(10, 3));
    expect(sourceAllocation([1, 0], { total: 10, strategy: 'uniform' })).toEqual(Float64Array.of(5, 5));
  });
});

describe('lassoRelevance', () => {
  it('satisfies the conditions of the optimum, with a gap that bounds its error', () => {
    fc.assert(
      fc.property(heads, fc.double({ min: 0.01, max: 1, noNaN: true }), ({ k, extra, seed }, lambda) => {
        const rng = createRng(seed);
        const T = k + extra;
        const W = Array.from({ length: k }, () => vector(T, rng));
        const w = vector(k, rng);
        const { nu, objective, gap, converged } = lassoRelevance(W, w, lambda);
        expect(converged).toBe(true);
        expect(gap).toBeLessThanOrEqual(1e-10 * Math.max(1, dot(w, w) / 2));
        const residual = W.map((row, i) => w[i] - dot(row, nu));
        expect(objective).toBeCloseTo(
          dot(residual, residual) / 2 + lambda * nu.reduce((a, v) => a + Math.abs(v), 0),
          10,
        );
        for (let t = 0; t < T; t++) {
          const slope = dot(
            W.map((row) => row[t]),
            residual,
          );
          expect(Math.abs(slope)).toBeLessThan(lambda + 1e-3);
        }
        // No other point is better by more than the gap.
        const other = Array.from(nu, (v) => v + 0.01 * sampleNormal(rng));
        const r = W.map((row, i) => w[i] - dot(row, other));
        expect(dot(r, r) / 2 + lambda * other.reduce((a, v) => a + Math.abs(v), 0)).toBeGreaterThanOrEqual(
          objective - gap,
        );
      }),
    );
  });

  it('is 0 from λ = ||Wᵀw||_∞ on, the L1 solution in the limit λ -> 0', () => {
    const rng = createRng('limits');
    const W = Array.from({ length: 3 }, () => vector(8, rng));
    const w = vector(3, rng);
    const largest = Math.max(
      ...Array.from({ length: 8 }, (_, t) =>
        Math.abs(
          dot(
            W.map((row) => row[t]),
            w,
          ),
        ),
      ),
    );
    expect(lassoRelevance(W, w, largest).nu.every((v) => v === 0)).toBe(true);
    const exact = sourceRelevance(W, w, { norm: 'l1' });
    const near = lassoRelevance(W, w, 1e-5, { tolerance: 1e-13 });
    near.nu.forEach((v, t) => expect(v).toBeCloseTo(exact.nu[t], 3));
  });
});

describe('activeMultiTask', () => {
  const [T, d, k] = [12, 8, 3];
  function tasks(seed: number, sd: number) {
    const rng = createRng(seed, 'tasks');
    const B = frame(d, k, rng);
    const heads = Array.from({ length: T }, () => unit(vector(k, rng)));
    const lift = (h: number[]) => Array.from({ length: d }, (_, i) => h.reduce((a, v, j) => a + v * B[j][i], 0));
    const w = heads[0].map((v, i) => v + heads[1][i]);
    const sampler = (coefficients: number[], draws: Rng) => (n: number) => {
      const inputs = Array.from({ length: n }, () => vector(d, draws));
      return { inputs, outputs: inputs.map((x) => dot(x, coefficients) + sd * sampleNormal(draws)) };
    };
    const sources = heads.map((h, t) => sampler(lift(h), createRng(seed, 'source', t)));
    return {
      target: lift(w),
      drawSource: (t: number, n: number) => sources[t](n),
      drawTarget: sampler(lift(w), createRng(seed, 't')),
    };
  }

  it('recovers everything from data without noise', () => {
    const { target, drawSource, drawTarget } = tasks(1, 0);
    const result = activeMultiTask(drawSource, drawTarget, {
      sources: T,
      dimension: d,
      rank: k,
      budgets: [T * 20, 100],
      targetSamples: 20,
      alternations: 60,
    });
    result.target.forEach((v, i) => expect(v).toBeCloseTo(target[i], 6));
    // The target is w_0 + w_1, so the least L1 norm is 2 at most, and that of the Lasso is below it.
    expect(result.nu.reduce((a, v) => a + Math.abs(v), 0)).toBeLessThan(2 + 1e-3);
    expect(result.samples[0]).toEqual(new Int32Array(T).fill(20));
    expect(result.samples[1].reduce((a, b) => a + b, 0)).toBeGreaterThanOrEqual(100);
    expect(result.samples[1].filter((n) => n > 1).length).toBeLessThanOrEqual(k);
  });

  it('samples where it matters: target error below that of uniform sampling over 12 problems', () => {
    let [active, even] = [0, 0];
    for (let s = 0; s < 12; s++) {
      for (const strategy of ['l1', 'uniform'] as const) {
        const { target, drawSource, drawTarget } = tasks(s, 0.5);
        const result = activeMultiTask(drawSource, drawTarget, {
          sources: T,
          dimension: d,
          rank: k,
          budgets: [T * 40, T * 80],
          targetSamples: 600,
          strategy,
        });
        const error = result.target.reduce((a, v, i) => a + (v - target[i]) ** 2, 0);
        if (strategy === 'l1') active += error;
        else even += error;
      }
    }
    expect(active).toBeLessThan(even);
  });
});

const noTask = () => ({ inputs: [[1]], outputs: [1] });
const oneSource = { sources: 1, dimension: 1, rank: 1, budgets: [1], targetSamples: 1 };
it.each([
  [() => gfucb({ tasks: 1, representations: [], dimension: 1, horizon: 1 }), /^representations/],
  [() => gfucb({ tasks: 0, representations: [(x) => x], dimension: 1, horizon: 1 }), /^tasks/],
  [() => gfucb({ tasks: 1, representations: [(x) => x], dimension: 1, horizon: 0 }), /^horizon/],
  [() => gfucb({ tasks: 1, representations: [(x) => x], dimension: 1, horizon: 1, delta: 1 }), /^delta/],
  [() => gfucb({ tasks: 1, representations: [(x) => x], dimension: 1, horizon: 1, betaScale: 0 }), /^betaScale/],
  [() => multiTaskBandit({ representation: (x) => x, heads: [], actions: () => [] }), /^heads/],
  [() => sourceRelevance([], [1], { norm: 'l1' }), /^sourceHeads/],
  [() => sourceRelevance([[1]], [1, 2], { norm: 'l1' }), /^targetHead/],
  [() => sourceRelevance([[NaN]], [1], { norm: 'l2' }), /^sourceHeads/],
  [() => sourceRelevance([[1]], [1], { norm: 'x' as 'l1' }), /^norm/],
  [() => samplingFactor([NaN], { strategy: 'l1', total: 1 }), /^nu/],
  [() => samplingFactor([1], { strategy: 'l1', total: 0 }), /^total/],
  [() => sourceAllocation([0, 0], { total: 1 }), /^nu/],
  [() => sourceAllocation([1], { total: 1, costs: [0] }), /^costs/],
  [() => sourceAllocation([1], { total: 1, costs: [1], strategy: 'l2' }), /^costs/],
  [() => transferRisk([1], [1, 2]), /^samples/],
  [() => lassoRelevance([[1]], [1], -1), /^lambda/],
  [() => lassoRelevance([[1]], [NaN], 1), /^targetHead/],
  [() => activeMultiTask(noTask, noTask, { ...oneSource, rank: 2 }), /^rank/],
  [() => activeMultiTask(noTask, noTask, { ...oneSource, budgets: [] }), /^budgets/],
  [() => activeMultiTask(noTask, noTask, { ...oneSource, dimension: 2 }), /^inputs/],
])('names the argument it refuses %#', (call, message) => {
  expect(call).toThrow(RangeError);
  expect(call).toThrow(message);
});
