// Linear, hybrid and logistic policies: laws, oracles by dense solves, the confidence ellipsoid, regret bounds, environments.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  binnedContext,
  chebCb,
  fixedLinUcb,
  glmBandit,
  glmUcb,
  glmUcbWidth,
  hybridLinUcb,
  linearBandit,
  linTs,
  linTsWidth,
  linUcb,
  linUcbRadius,
  linUcbRegretBound,
  logisticCurvature,
  logisticTs,
  pseudoRegret,
  simulateBandit,
  simulateContextualBandit,
  ucb1,
} from '../../../src/bandits/index.js';
import { cholesky, choleskyLogDet, choleskySolve } from '../../../src/linalg/index.js';
import { createRng, type Rng, sampleNormal } from '../../../src/random/index.js';
import { contextualPolicyLaws } from '../../laws/contextual-policy-laws.js';
import { policyLaws } from '../../laws/policy-laws.js';
import { binomialTolerance, normalTolerance } from '../../support/statistics.js';

const features = (d: number) => (K: number, rng: Rng) => Float64Array.from({ length: K * d }, () => 2 * rng() - 1);
const streams = (name: string, seed: number) => ({
  policy: createRng(seed, name, 'policy'),
  environment: createRng(seed, name, 'environment'),
});

contextualPolicyLaws('linUcb', (arms) => linUcb({ arms, dimension: 3 }), features(3));
contextualPolicyLaws('linUcb, cholesky', (arms) => linUcb({ arms, dimension: 3, engine: 'cholesky' }), features(3));
contextualPolicyLaws('linUcb, disjoint', (arms) => linUcb({ arms, dimension: 2, variant: 'disjoint' }), features(2));
contextualPolicyLaws('linUcb, random ties', (arms) => linUcb({ arms, dimension: 2, ties: 'random' }), features(2));
contextualPolicyLaws(
  'hybridLinUcb',
  (arms) => hybridLinUcb({ arms, sharedDimension: 3, dimension: 2 }),
  (K, rng) => ({ shared: features(3)(K, rng), own: features(2)(K, rng) }),
);
contextualPolicyLaws('linTs', (arms) => linTs({ arms, dimension: 3 }), features(3));
contextualPolicyLaws('linTs, disjoint', (arms) => linTs({ arms, dimension: 3, variant: 'disjoint' }), features(3));
contextualPolicyLaws('glmUcb', (arms) => glmUcb({ arms, dimension: 2, kappa: 0.1 }), features(2), { maxLength: 12 });
contextualPolicyLaws('logisticTs', (arms) => logisticTs({ arms, dimension: 2, refitEvery: 2 }), features(2), {
  maxLength: 12,
});
contextualPolicyLaws(
  'chebCb',
  (arms) => chebCb({ arms, low: 0, high: 1, features: 3 }),
  (_K, rng) => rng(),
);
contextualPolicyLaws(
  'binnedContext',
  (arms) => binnedContext(ucb1({ arms }), { bins: 3, low: 0, high: 1 }),
  (_K, rng) => rng(),
);
policyLaws(
  'fixedLinUcb',
  // Symmetric actions, so that permuted arms are permuted actions: unit vectors.
  (arms) => {
    const actions = Array.from({ length: Number.isInteger(arms) && arms > 0 ? arms : 0 }, (_, i) =>
      Array.from({ length: arms }, (_x, j) => (i === j ? 1 : 0)),
    );
    if (actions.length === 0) throw new RangeError(`arms must be one or more, got ${arms}`);
    return fixedLinUcb({ actions });
  },
  // ln det V is a sum over the plays in the order of their arms' pivots.
  { symmetric: false },
);

/** V, θ̂ and ln det V from the whole history, by a dense solve. */
function ridgeOracle(X: number[][], r: number[], lambda: number) {
  const d = X[0].length;
  const V = Float64Array.from({ length: d * d }, (_, i) => (i % (d + 1) === 0 ? lambda : 0));
  const b = new Float64Array(d);
  X.forEach((x, t) => {
    for (let i = 0; i < d; i++) {
      b[i] += r[t] * x[i];
      for (let j = 0; j < d; j++) V[i * d + j] += x[i] * x[j];
    }
  });
  const L = V.slice();
  cholesky(L, d, L);
  return { V, L, theta: choleskySolve(L, b, d), logDet: choleskyLogDet(L, d) };
}

const histories = fc.record({
  d: fc.integer({ min: 1, max: 5 }),
  n: fc.integer({ min: 1, max: 60 }),
  lambda: fc.double({ min: 0.1, max: 10, noNaN: true }),
  seed: fc.string(),
});

describe('the regression', () => {
  it.each(['inverse', 'cholesky'] as const)('%s: θ̂, widths and ln det V are those of the dense solve', (engine) => {
    fc.assert(
      fc.property(histories, ({ d, n, lambda, seed }) => {
        const rng = createRng(seed);
        const X = Array.from({ length: n }, () => Array.from({ length: d }, () => sampleNormal(rng)));
        const r = X.map(() => sampleNormal(rng));
        const policy = linUcb({ arms: 1, dimension: d, lambda, engine });
        let state = policy.init();
        X.forEach((x, t) => (state = policy.update(state, x, 0, r[t], state)));
        const [model] = state.models;
        const { theta, L, logDet } = ridgeOracle(X, r, lambda);
        for (let j = 0; j < d; j++) expect(Math.abs(model.theta[j] - theta[j])).toBeLessThan(1e-9);
        expect(Math.abs(model.logDet - logDet)).toBeLessThan(1e-9);
        const x = Array.from({ length: d }, () => sampleNormal(rng));
        const width2 = choleskySolve(L, x, d).reduce((s, v, j) => s + v * x[j], 0);
        expect(Math.abs(policy.widths(state, x)[0] ** 2 - width2)).toBeLessThan(1e-9);
        const radius = linUcbRadius(model, { dimension: d, lambda });
        expect(policy.scores(state, x)[0]).toBeCloseTo(
          theta.reduce((s, v, j) => s + v * x[j], 0) + radius * Math.sqrt(width2),
          9,
        );
      }),
    );
  });

  it('V^-1 V = I to 1e-8 after 10 000 updates, and widths stay at least 0', () => {
    const d = 6;
    const rng = createRng('long run');
    const policy = linUcb({ arms: 1, dimension: d });
    let state = policy.init();
    for (let t = 0; t < 10_000; t++) {
      // Nearly collinear features, the hard case of Sherman-Morrison.
      const c = sampleNormal(rng);
      state = policy.update(
        state,
        Float64Array.from({ length: d }, () => c + 1e-3 * sampleNormal(rng)),
        0,
        c,
        state,
      );
    }
    const { V, factor, logDet } = state.models[0];
    for (let i = 0; i < d; i++) {
      for (let j = 0; j < d; j++) {
        let s = 0;
        for (let k = 0; k < d; k++) s += factor[i * d + k] * V[k * d + j];
        expect(Math.abs(s - (i === j ? 1 : 0))).toBeLessThan(1e-8);
      }
    }
    const L = V.slice();
    expect(cholesky(L, d, L)).toBe(-1);
    expect(Math.abs(logDet - choleskyLogDet(L, d))).toBeLessThan(1e-9 * Math.abs(logDet));
    for (let i = 0; i < 100; i++) expect(policy.widths(state, features(d)(1, rng))[0]).toBeGreaterThanOrEqual(0);
  });

  it('survives a feature vector that loses eight digits at once, and one that loses them all', () => {
    // V = [[1 + c², c], [c, 3]], b = [c, 2]: θ = (c, 2 + c²) / (3 + 2 c²).
    for (const [c, tolerance] of [
      [1e5, 1e-12],
      [1e9, 0.5],
    ]) {
      const policy = linUcb({ arms: 1, dimension: 2 });
      let state = policy.update(policy.init(), [c, 1], 0, 1);
      state = policy.update(state, [0, 1], 0, 1);
      const { theta } = state.models[0];
      expect(Math.abs(theta[0] - c / (3 + 2 * c * c))).toBeLessThan(tolerance);
      expect(Math.abs(theta[1] - (2 + c * c) / (3 + 2 * c * c))).toBeLessThan(tolerance);
    }
  });

  it('a zero feature vector has width 0 and teaches nothing; duplicate actions score alike', () => {
    const policy = linUcb({ arms: 3, dimension: 2 });
    const x = [0, 0, 1, 2, 1, 2];
    let state = policy.update(policy.init(), x, 0, 1);
    expect(policy.widths(state, x)[0]).toBe(0);
    expect(state.models[0].theta).toEqual(new Float64Array(2));
    state = policy.update(state, x, 1, 1);
    expect(policy.scores(state, x)[1]).toBe(policy.scores(state, x)[2]);
    expect(policy.select(state, x, createRng(1))).toBe(1);
  });

  it('takes δ down to 1e-12 and a constant width of 0', () => {
    const policy = linUcb({ arms: 1, dimension: 1, delta: 1e-12 });
    const radius = linUcbRadius(policy.init().models[0], { dimension: 1, delta: 1e-12 });
    expect(radius).toBeCloseTo(0.5 * Math.sqrt(24 * Math.log(10)) + 1, 10);
    const greedy = linUcb({ arms: 2, dimension: 1, alpha: 0 });
    expect(greedy.scores(greedy.update(greedy.init(), [1, 2], 0, 1), [1, 2])).toEqual(Float64Array.of(0.5, 1));
  });

  it('an own prior precision for each feature is that of the scaled features', () => {
    // Features x_j / sqrt(λ_j) with λ = 1 have the same scores.
    const lambda = [0.5, 4];
    const [own, unit] = [
      linUcb({ arms: 1, dimension: 2, lambda, alpha: 1 }),
      linUcb({ arms: 1, dimension: 2, alpha: 1 }),
    ];
    const scaled = (x: number[]) => x.map((v, j) => v / Math.sqrt(lambda[j]));
    let [a, b] = [own.init(), unit.init()];
    const rng = createRng('precisions');
    for (let t = 0; t < 20; t++) {
      const x = [sampleNormal(rng), sampleNormal(rng)];
      a = own.update(a, x, 0, t % 3);
      b = unit.update(b, scaled(x), 0, t % 3);
      expect(own.scores(a, x)[0]).toBeCloseTo(unit.scores(b, scaled(x))[0], 10);
    }
  });
});

describe('variants', () => {
  it('fixedLinUcb plays as linUcb with the same features in all rounds', () => {
    const K = 12;
    const d = 4;
    const X = features(d)(K, createRng('actions'));
    const fixed = fixedLinUcb({ actions: { data: X, rows: K, columns: d }, noise: 0.1 });
    const free = linUcb({ arms: K, dimension: d, noise: 0.1 });
    const environment = linearBandit({ theta: [0.5, -0.3, 0.2, 0.1], actions: { data: X, rows: K, columns: d } });
    let [a, b] = [fixed.init(), free.init()];
    const rng = createRng('fixed');
    for (let t = 0; t < 2500; t++) {
      const arm = fixed.select(a, rng);
      const reward = environment.pull(arm, t, rng);
      a = fixed.update(a, arm, reward, a);
      b = free.update(b, X, arm, reward, b);
      if (t % 100 === 0) {
        const [s, u] = [fixed.scores(a), free.scores(b, X)];
        for (let i = 0; i < K; i++) expect(Math.abs(s[i] - u[i])).toBeLessThan(1e-10);
      }
    }
  });

  it('disjoint models are one linUcb an arm, and take one context for all', () => {
    const policy = linUcb({ arms: 2, dimension: 2, variant: 'disjoint', alpha: 0.7 });
    const single = linUcb({ arms: 1, dimension: 2, alpha: 0.7 });
    const rng = createRng('disjoint');
    let state = policy.init();
    const own = [single.init(), single.init()];
    for (let t = 0; t < 30; t++) {
      const x = features(2)(1, rng);
      const arm = t % 3 === 0 ? 0 : 1;
      const reward = rng();
      state = policy.update(state, x, arm, reward, state);
      own[arm] = single.update(own[arm], x, 0, reward, own[arm]);
      expect(policy.scores(state, x)).toEqual(Float64Array.from([0, 1], (i) => single.scores(own[i], x)[0]));
      expect(policy.scores(state, [...x, ...x])).toEqual(policy.scores(state, x));
    }
    expect(state.models.map(({ n }) => n)).toEqual([10, 20]);
  });

  it('hybridLinUcb is ridge regression on the features in blocks', () => {
    const [K, k, d] = [3, 2, 2];
    const hybrid = hybridLinUcb({ arms: K, sharedDimension: k, dimension: d, alpha: 0.8 });
    const joint = linUcb({ arms: K, dimension: k + K * d, alpha: 0.8 });
    const embed = ({ shared, own }: { shared: Float64Array; own: Float64Array }) => {
      const D = k + K * d;
      const out = new Float64Array(K * D);
      for (let a = 0; a < K; a++) {
        out.set(shared.subarray(a * k, (a + 1) * k), a * D);
        out.set(own.subarray(a * d, (a + 1) * d), a * D + k + a * d);
      }
      return out;
    };
    const rng = createRng('hybrid');
    let [a, b] = [hybrid.init(), joint.init()];
    for (let t = 0; t < 200; t++) {
      const x = { shared: features(k)(K, rng), own: features(d)(K, rng) };
      const [s, u] = [hybrid.scores(a, x), joint.scores(b, embed(x))];
      for (let i = 0; i < K; i++) expect(Math.abs(s[i] - u[i])).toBeLessThan(1e-9);
      const arm = Math.floor(K * rng());
      const reward = rng();
      a = hybrid.update(a, x, arm, reward, a);
      b = joint.update(b, embed(x), arm, reward, b);
    }
  });

  it('linTs samples N(θ̂, v² V^-1)', () => {
    // Two arms x and -x: arm 0 wins when xᵀθ̃ > 0, with probability Φ(xᵀθ̂ / (v ||x||_{V^-1})).
    const policy = linTs({ arms: 2, dimension: 2, noise: 0.7 });
    let state = policy.init();
    for (const [x, r] of [
      [[1, 0.5], 1],
      [[0.2, 1], -0.5],
      [[1, 1], 0.4],
    ] as const) {
      state = policy.update(state, [...x, -x[0], -x[1]], 0, r);
    }
    const x = [0.3, -0.8];
    const ucb = linUcb({ arms: 1, dimension: 2, engine: 'cholesky' });
    const width = ucb.widths(state, x)[0];
    const { theta } = state.models[0];
    const z = (theta[0] * x[0] + theta[1] * x[1]) / (0.7 * width);
    const n = 20_000;
    const rng = createRng('samples');
    let first = 0;
    for (let i = 0; i < n; i++) if (policy.select(state, [...x, -x[0], -x[1]], rng) === 0) first += 1;
    expect(Math.abs(first / n - Phi(z))).toBeLessThan(binomialTolerance(n, Phi(z)));
  });

  it('disjoint linTs plays an arm with the probability that its own sample is the larger', () => {
    // Independent models: arm 0 wins with probability Φ((m_0 - m_1) / (v sqrt(w_0² + w_1²))).
    const options = { arms: 2, dimension: 2, variant: 'disjoint', lambda: [0.5, 2] } as const;
    const policy = linTs({ ...options, noise: 0.7 });
    const ucb = linUcb({ ...options, engine: 'cholesky' });
    let state = policy.init();
    [0.9, -0.2, 0.6, 0.1].forEach((r, t) => {
      state = policy.update(state, [1, t / 2 - 1], t % 2, r);
    });
    const x = [0.8, -0.3];
    const [m0, m1] = policy.scores(state, x);
    const [w0, w1] = ucb.widths(state, x);
    const z = (m0 - m1) / (0.7 * Math.sqrt(w0 * w0 + w1 * w1));
    const n = 20_000;
    const rng = createRng('disjoint samples');
    let first = 0;
    for (let i = 0; i < n; i++) if (policy.select(state, x, rng) === 0) first += 1;
    expect(Math.abs(first / n - Phi(z))).toBeLessThan(binomialTolerance(n, Phi(z)));
    expect(Array.from(state.models, ({ n: pulls }) => pulls)).toEqual([2, 2]);
  });

  it('binnedContext sends a context to the bin of the nearest centre', () => {
    const policy = binnedContext(ucb1({ arms: 2 }), { bins: 5, low: -1, high: 1 });
    fc.assert(
      fc.property(fc.double({ min: -2, max: 2, noNaN: true }), (context) => {
        const { bins } = policy.update(policy.init(), context, 1, 1);
        const used = bins.findIndex(({ t }) => t === 1);
        const centers = bins.map((_, i) => -1 + (2 * (i + 0.5)) / 5);
        const nearest = Math.min(...centers.map((c) => Math.abs(c - context)));
        expect(Math.abs(centers[used] - context)).toBeLessThanOrEqual(nearest + 1e-12);
      }),
    );
  });
});

describe('theorems', () => {
  const d = 4;
  const K = 8;
  const theta = Float64Array.of(0.5, -0.4, 0.3, 0.2);
  const norm = Math.sqrt(theta.reduce((s, v) => s + v * v, 0));
  const unit = (seed: number, t: number) => {
    const rng = createRng(seed, 'actions', t);
    return Array.from({ length: K }, () => {
      const x = Array.from({ length: d }, () => sampleNormal(rng));
      const length = Math.sqrt(x.reduce((s, v) => s + v * v, 0));
      return x.map((v) => v / length);
    });
  };

  it('θ* stays in the confidence ellipsoid in all rounds with probability 1 - δ', () => {
    const delta = 0.2;
    const runs = 200;
    const options = { dimension: d, delta, noise: 0.5, normBound: norm };
    let failures = 0;
    for (let s = 0; s < runs; s++) {
      const environment = linearBandit({ theta, arms: K, actions: (t) => unit(s, t) });
      const policy = linUcb({ arms: K, ...options });
      let state = policy.init();
      const { policy: rng, environment: noise } = streams('ellipsoid', s);
      let out = false;
      for (let t = 0; t < 100 && !out; t++) {
        const x = environment.context(t);
        const arm = policy.select(state, x, rng);
        state = policy.update(state, x, arm, environment.pull(arm, t, noise), state);
        const { V, theta: hat } = state.models[0];
        let distance2 = 0;
        for (let i = 0; i < d; i++) {
          for (let j = 0; j < d; j++) distance2 += (hat[i] - theta[i]) * V[i * d + j] * (hat[j] - theta[j]);
        }
        out = Math.sqrt(distance2) > linUcbRadius(state.models[0], options);
      }
      if (out) failures += 1;
    }
    expect(failures / runs).toBeLessThanOrEqual(delta + binomialTolerance(runs, delta));
  });

  it('linUcb, fixedLinUcb and linTs are below the regret bound and far below uniform play', () => {
    const T = 1000;
    const bound = linUcbRegretBound({
      horizon: T,
      dimension: d,
      featureBound: 1,
      delta: 0.05,
      noise: 0.5,
      normBound: norm,
    });
    for (let s = 0; s < 5; s++) {
      const actions = unit(s, 0);
      const environment = linearBandit({ theta, actions });
      const means = environment.means(0);
      const uniform = T * (Math.max(...means) - means.reduce((a, b) => a + b, 0) / K);
      const options = { dimension: d, delta: 0.05, noise: 0.5, normBound: norm };
      const regrets = [
        simulateContextualBandit(linUcb({ arms: K, ...options }), environment, T, streams('ucb', s)),
        simulateContextualBandit(linTs({ arms: K, dimension: d }), environment, T, streams('ts', s)),
        simulateBandit(fixedLinUcb({ actions, ...options }), environment, T, streams('fixed', s)),
      ].map(({ arms }) => pseudoRegret(arms, environment)[T - 1]);
      expect(regrets[0]).toBeLessThan(bound);
      expect(regrets[2]).toBeLessThan(bound);
      for (const regret of regrets) expect(regret).toBeLessThan(0.5 * uniform);
    }
  });

  it('logistic policies learn: regret over 400 rounds below a third of that of uniform play', () => {
    const actions = unit(9, 0);
    const environment = glmBandit({ theta: theta.map((v) => 4 * v), actions });
    const means = environment.means(0);
    const uniform = 400 * (Math.max(...means) - means.reduce((a, b) => a + b, 0) / K);
    for (const policy of [
      logisticTs({ arms: K, dimension: d, refitEvery: 5 }),
      glmUcb({ arms: K, dimension: d, alpha: 0.5, refitEvery: 5 }),
    ]) {
      let total = 0;
      for (let s = 0; s < 5; s++) {
        const { arms } = simulateContextualBandit(policy, environment, 400, streams(policy.name, s));
        total += pseudoRegret(arms, environment)[399] / 5;
      }
      expect(total).toBeLessThan(uniform / 3);
    }
  });

  it('the widths of the papers', () => {
    expect(linTsWidth({ dimension: 4, noise: 2, inflate: { horizon: 100, delta: 0.1 } })).toBeCloseTo(
      2 * Math.sqrt(36 * Math.log(1000)),
      12,
    );
    expect(glmUcbWidth(30, { dimension: 3, kappa: 0.1, delta: 0.05 })).toBeCloseTo(
      5 * Math.sqrt(1.5 * Math.log(21) + Math.log(20)),
      12,
    );
    expect(logisticCurvature(2)).toBeCloseTo(1 / (1 + Math.exp(2)) / (1 + Math.exp(-2)), 15);
  });
});

describe('environments', () => {
  it('rewards have the mean g(xᵀθ)', () => {
    const actions = [
      [1, 0],
      [0.5, -1],
    ];
    const theta = [0.4, 0.3];
    const n = 4000;
    const z = normalTolerance();
    const check = (environment: ReturnType<typeof linearBandit>, means: number[], deviations: number[]) => {
      means.forEach((mean, arm) => {
        expect(environment.means(0)[arm]).toBeCloseTo(mean, 12);
        const rng = createRng('rewards', arm);
        let total = 0;
        for (let i = 0; i < n; i++) total += environment.pull(arm, i, rng);
        expect(Math.abs(total / n - mean)).toBeLessThan((z * deviations[arm]) / Math.sqrt(n));
      });
    };
    check(linearBandit({ theta, actions, noise: 0.3 }), [0.4, -0.1], [0.3, 0.3]);
    check(
      linearBandit({ theta, actions, epsilon: 0.1, deviation: ([x]) => (x > 0.7 ? 0.1 : -0.05) }),
      [0.5, -0.15],
      [0.5, 0.5],
    );
    const logistic = [0.4, -0.1].map((v) => 1 / (1 + Math.exp(-v)));
    check(
      glmBandit({ theta, actions }),
      logistic,
      logistic.map((p) => Math.sqrt(p * (1 - p))),
    );
    const poisson = [0.4, -0.1].map(Math.exp);
    check(glmBandit({ theta, actions, link: 'poisson' }), poisson, poisson.map(Math.sqrt));
    check(glmBandit({ theta, actions, link: 'probit' }), [0.6554217416103242, 0.460172162722971], [0.48, 0.5]);
  });
});

it.each([
  [() => linUcb({ arms: 0, dimension: 1 }), RangeError, /^arms/],
  [() => linUcb({ arms: 1, dimension: 0 }), RangeError, /^dimension/],
  [() => linUcb({ arms: 1, dimension: 1, lambda: 0 }), RangeError, /^lambda/],
  [() => linUcb({ arms: 1, dimension: 2, lambda: [1] }), RangeError, /^lambda/],
  [() => linUcb({ arms: 1, dimension: 1, delta: 1 }), RangeError, /^delta/],
  [() => linUcb({ arms: 1, dimension: 1, noise: 0 }), RangeError, /^noise/],
  [() => linUcb({ arms: 1, dimension: 1, alpha: -1 }), RangeError, /^alpha/],
  [() => linUcb({ arms: 1, dimension: 1, variant: 'x' as 'shared' }), RangeError, /^variant/],
  [() => linUcb({ arms: 1, dimension: 1, engine: 'x' as 'inverse' }), RangeError, /^engine/],
  [() => linUcbRegretBound({ horizon: 10, dimension: 1, featureBound: 0 }), RangeError, /^featureBound/],
  [() => linTs({ arms: 1, dimension: 1, variant: 'hybrid' as never }), RangeError, /^variant/],
  [() => linTs({ arms: 1, dimension: 1, noise: 0 }), RangeError, /^noise/],
  [() => linTs({ arms: 1, dimension: 1, inflate: { horizon: 10, delta: 0 } }), RangeError, /^delta/],
  [() => glmUcb({ arms: 1, dimension: 1 }), TypeError, /^kappa/],
  [() => glmUcb({ arms: 1, dimension: 1, kappa: 0.3 }), RangeError, /^kappa/],
  [() => glmUcb({ arms: 1, dimension: 1, kappa: 0.1, delta: 0 }), RangeError, /^delta/],
  [() => glmUcb({ arms: 1, dimension: 1, alpha: 1, link: 'probit' as 'logistic' }), RangeError, /^link/],
  [() => logisticTs({ arms: 1, dimension: 1, lambda: 0 }), RangeError, /^lambda/],
  [() => hybridLinUcb({ arms: 1, dimension: 1, sharedDimension: 0 }), RangeError, /^sharedDimension/],
  [() => fixedLinUcb({ actions: [] }), RangeError, /^actions/],
  [() => fixedLinUcb({ actions: [[NaN]] }), RangeError, /^features/],
  [() => linearBandit({ theta: [1], actions: [[1, 2]] }), RangeError, /^actions/],
  [() => linearBandit({ theta: [NaN], actions: [[1]] }), RangeError, /^theta/],
  [() => linearBandit({ theta: [1], actions: () => [[1]] }), TypeError, /^arms/],
  [() => linearBandit({ theta: [1], actions: [[1]], deviation: () => 1, epsilon: 0.5 }), RangeError, /^deviation/],
  [() => glmBandit({ theta: [1], actions: [[1]], link: 'x' as 'probit' }), RangeError, /^link/],
  [() => binnedContext(ucb1({ arms: 2 }), { bins: 2, low: 1, high: 1 }), RangeError, /^low/],
  [
    () => binnedContext(ucb1({ arms: 2 }), { bins: 2, low: 0, high: 1 }).select({ bins: [] }, NaN, Math.random),
    RangeError,
    /^context/,
  ],
  [() => linUcb({ arms: 2, dimension: 2 }).select({ models: [] }, [1, 2], Math.random), RangeError, /^features/],
  [() => linUcb({ arms: 1, dimension: 2 }).select({ models: [] }, [1, Infinity], Math.random), RangeError, /^features/],
])('names the argument it refuses %#', (call, kind, message) => {
  expect(call).toThrow(kind);
  expect(call).toThrow(message);
});

/** The normal distribution function by its series. */
function Phi(v: number): number {
  let [sum, term] = [v, v];
  for (let i = 1; i < 60; i++) sum += term *= (v * v) / (2 * i + 1);
  return 0.5 + (sum * Math.exp((-v * v) / 2)) / Math.sqrt(2 * Math.PI);
}
