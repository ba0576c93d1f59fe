// Exponential weights and Tsallis-INF: estimators are unbiased, laws do not move with a constant, bounds hold.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  adversarialArms,
  type BanditEnvironment,
  type BanditPolicy,
  bernoulliArms,
  boltzmann,
  exp3,
  exp3Ix,
  exp3IxLossEstimate,
  exp3IxRegretBound,
  exp3P,
  exp3PGainEstimate,
  exp3PRegretBound,
  exp3Probabilities,
  exp3RegretBound,
  fixedArmRegret,
  inverseGapWeights,
  simulateBandit,
  simulateReplications,
  stochasticallyConstrainedArms,
  tsallisInf,
  tsallisInfLossEstimate,
  tsallisInfRegretBound,
  tsallisInfStochasticRegretBound,
  tsallisInfWeights,
} from '../../../src/bandits/index.js';
import { createRng } from '../../../src/random/index.js';

type AnyPolicy = BanditPolicy<never>;
const streams = (i: number) => ({
  policy: createRng('adversarial', 'policy', i),
  environment: createRng('adversarial', 'environment', i),
});
const losses = (maxLength = 12, max = 100) =>
  fc.array(fc.double({ min: 0, max, noNaN: true }), { minLength: 1, maxLength });

describe('laws of the weights', () => {
  it('a constant added to all losses changes no probability by 1e-12', () => {
    fc.assert(
      fc.property(
        losses(),
        fc.double({ min: -1, max: 1, noNaN: true }),
        fc.double({ min: 0.01, max: 1, noNaN: true }),
        (L, c, eta) => {
          const moved = L.map((loss) => loss + c);
          const gains = (x: number[]) => x.map((loss) => -loss);
          const pairs = [
            [exp3Probabilities(gains(L), { eta }), exp3Probabilities(gains(moved), { eta })],
            [tsallisInfWeights(L, eta).weights, tsallisInfWeights(moved, eta).weights],
          ];
          for (const [p, q] of pairs)
            for (let i = 0; i < L.length; i++) expect(Math.abs(p[i] - q[i])).toBeLessThan(1e-12);
        },
      ),
    );
  });

  it('losses spread over 1e300 give probabilities and no NaN', () => {
    for (const L of [
      [0, 1e300],
      [1e300, -1e300, 0],
      [1e12, 1e12 + 1, 1e300],
    ]) {
      for (const p of [exp3Probabilities(L, { eta: 1 }), tsallisInfWeights(L, 0.1).weights]) {
        for (const x of p) expect(x >= 0 && x <= 1).toBe(true);
        expect(p.reduce((a, b) => a + b)).toBeCloseTo(1, 12);
      }
    }
  });

  it('a rate of 0 is the uniform law and a rate beyond the doubles the law on the best, for any spread', () => {
    expect(exp3Probabilities([1e308, -1e308], { eta: 0 })).toEqual(Float64Array.of(0.5, 0.5));
    const cold = boltzmann({ arms: 3, temperature: 1e-320 });
    let state = cold.init();
    [0.5, 0.25, 0.5].forEach((reward, arm) => (state = cold.update(state, arm, reward)));
    expect(cold.probabilities(state)).toEqual(Float64Array.of(0.5, 0, 0.5));
  });

  it('Tsallis weights solve w_i = 4 / (η (L_i - x))² and minimize <L, w> - (4/η) Σ sqrt(w_i)', () => {
    fc.assert(
      fc.property(losses(), fc.double({ min: 0.01, max: 2, noNaN: true }), (L, eta) => {
        const { weights, normalizer } = tsallisInfWeights(L, eta);
        L.forEach((loss, i) => {
          const w = 4 / (eta * (loss - normalizer)) ** 2;
          expect(Math.abs(w - weights[i])).toBeLessThan(1e-10);
        });
        const objective = (w: Float64Array) => w.reduce((a, x, i) => a + x * L[i] - (4 / eta) * Math.sqrt(x), 0);
        const least = objective(weights);
        for (let i = 0; i < L.length; i++) {
          const other = weights.map((w, j) => 0.99 * w + (i === j ? 0.01 : 0));
          expect(objective(other)).toBeGreaterThanOrEqual(least - 1e-9 * Math.abs(least));
        }
      }),
    );
  });

  it('inverse gap weights: the cheapest arm gets at least 1/d, others less the dearer they are', () => {
    fc.assert(
      fc.property(losses(8, 10), fc.double({ min: 0, max: 1e4, noNaN: true }), (costs, gamma) => {
        const p = inverseGapWeights(costs, gamma);
        expect(p.reduce((a, b) => a + b)).toBeCloseTo(1, 12);
        const best = costs.indexOf(Math.min(...costs));
        expect(p[best]).toBeGreaterThanOrEqual(1 / costs.length - 1e-12);
        costs.forEach((cost, i) =>
          costs.forEach((other, j) => {
            if (i !== best && j !== best && cost <= other) expect(p[i]).toBeGreaterThanOrEqual(p[j]);
          }),
        );
      }),
    );
  });
});

describe('estimators have the mean they promise, by enumeration of the draw', () => {
  const law = fc
    .array(fc.double({ min: 0.01, max: 1, noNaN: true }), { minLength: 2, maxLength: 6 })
    .map((w) => w.map((x) => x / w.reduce((a, b) => a + b)));

  it('Tsallis: both variants are unbiased', () => {
    fc.assert(
      fc.property(law, fc.infiniteStream(fc.double({ min: 0, max: 1, noNaN: true })), (p, stream) => {
        const loss = Float64Array.from(p, () => stream.next().value as number);
        for (const variant of ['iw', 'rv'] as const) {
          const mean = new Float64Array(p.length);
          p.forEach((probability, arm) =>
            tsallisInfLossEstimate(p, { arm, loss: loss[arm], eta: 0.4, variant }).forEach(
              (estimate, i) => (mean[i] += probability * estimate),
            ),
          );
          for (let i = 0; i < p.length; i++) expect(Math.abs(mean[i] - loss[i])).toBeLessThan(1e-12);
        }
      }),
    );
  });

  it('Exp3-IX is below the loss on average, by loss γ/(p + γ); Exp3.P above the gain by β/p', () => {
    fc.assert(
      fc.property(law, fc.double({ min: 0, max: 1, noNaN: true }), (p, x) => {
        p.forEach((probability, arm) => {
          const ix = probability * exp3IxLossEstimate(p, { arm, loss: x, gamma: 0.1 })[arm];
          expect(x - ix).toBeCloseTo((x * 0.1) / (probability + 0.1), 12);
          let gain = 0;
          p.forEach((q, drawn) => (gain += q * exp3PGainEstimate(p, { arm: drawn, gain: x, beta: 0.2 })[arm]));
          expect(gain).toBeCloseTo(x + 0.2 / probability, 10);
        });
      }),
    );
  });
});

describe('states follow the estimators', () => {
  it('exp3P and exp3Ix add up what exp3PGainEstimate and exp3IxLossEstimate say', () => {
    const rng = createRng('follow');
    const p = exp3P({ arms: 3, horizon: 50, delta: 0.1 });
    const ix = exp3Ix({ arms: 3, horizon: 50 });
    const [beta, gamma] = [Math.sqrt(Math.log(30) / 150), Math.sqrt(Math.log(3) / (2 * 3 * 50))];
    let [a, b] = [p.init(), ix.init()];
    const [gains, sums] = [new Float64Array(3), new Float64Array(3)];
    for (let t = 0; t < 50; t++) {
      const [i, j] = [p.select(a, rng), ix.select(b, rng)];
      const reward = rng();
      exp3PGainEstimate(p.probabilities(a), { arm: i, gain: reward, beta }).forEach((g, k) => (gains[k] += g));
      exp3IxLossEstimate(ix.probabilities(b), { arm: j, loss: 1 - reward, gamma }).forEach((l, k) => (sums[k] += l));
      a = p.update(a, i, reward, a);
      b = ix.update(b, j, reward, b);
      for (let k = 0; k < 3; k++) {
        expect(a.losses[k]).toBeCloseTo(gains[k], 9);
        expect(b.losses[k]).toBeCloseTo(sums[k], 9);
      }
    }
  });

  it('a probability of the draw outside (0, 1] is refused, and a schedule that is not positive', () => {
    for (const policy of [
      exp3({ arms: 2 }),
      exp3Ix({ arms: 2 }),
      exp3P({ arms: 2, horizon: 9, delta: 0.1 }),
      tsallisInf({ arms: 2 }),
    ]) {
      const { init, update } = policy as AnyPolicy;
      for (const probability of [0, -0.1, 1.1, NaN]) {
        expect(() => update(init(), 0, 1, undefined, { probability })).toThrow(/^probability/);
      }
    }
    const falling = exp3({ arms: 2, eta: (round) => 2 - round });
    expect(() => falling.update(falling.init(), 0, 0)).toThrow(/^eta/);
  });

  it('losses given as losses are rewards given as rewards', () => {
    for (const make of [exp3, exp3Ix, tsallisInf]) {
      const [byReward, byLoss] = [make({ arms: 2 }), make({ arms: 2, feedback: 'loss' })] as AnyPolicy[];
      expect(byLoss.update(byLoss.init(), 0, 0.25)).toEqual(byReward.update(byReward.init(), 0, 0.75));
    }
  });
});

describe('bounds', () => {
  const K = 5;
  const T = 3000;
  /** Arms that take turns at being good, and one that is a little better on the whole. */
  const turns = adversarialArms(
    Array.from({ length: T }, (_, t) =>
      Array.from({ length: K }, (_x, i) => ((t >> 7) % K === i ? 0.2 : 0.6) - (i === 2 ? 0.1 : 0)),
    ),
  );
  const ENVIRONMENTS: [string, BanditEnvironment][] = [
    ['stochastic arms', bernoulliArms([0.5, 0.55, 0.4, 0.3, 0.6])],
    ['a stochastically constrained adversary', stochasticallyConstrainedArms(K, 0.2)],
    ['arms that take turns', turns],
  ];
  const regret = (policy: AnyPolicy, environment: BanditEnvironment) =>
    simulateReplications(policy, environment, { horizon: T, replications: 20, streams, regret: 'fixed-arm' }).mean[0];

  it.each(ENVIRONMENTS)('pseudo-regret over 20 games against %s is below the bounds', (_name, environment) => {
    const sizes = { arms: K, horizon: T };
    expect(regret(exp3({ ...sizes }) as AnyPolicy, environment)).toBeLessThan(exp3RegretBound(sizes));
    expect(regret(exp3({ arms: K }) as AnyPolicy, environment)).toBeLessThan(
      exp3RegretBound({ ...sizes, anytime: true }),
    );
    for (const variant of ['iw', 'rv'] as const) {
      const policy = tsallisInf({ arms: K, variant }) as AnyPolicy;
      expect(regret(policy, environment)).toBeLessThan(tsallisInfRegretBound({ ...sizes, variant }));
    }
  });

  it('Tsallis-INF in the stochastic regime is below its logarithmic bound', () => {
    for (const means of [
      [0.5, 0.6],
      [0.5, 0.7, 0.2, 0.6],
    ]) {
      const gaps = means.map((mean) => Math.max(...means) - mean);
      const { mean } = simulateReplications(tsallisInf({ arms: means.length }), bernoulliArms(means), {
        horizon: 20_000,
        replications: 20,
        streams,
      });
      expect(mean[0]).toBeLessThan(tsallisInfStochasticRegretBound(gaps, 20_000));
    }
  });

  it.each(ENVIRONMENTS)('high-probability bounds hold in each of 40 games against %s', (_name, environment) => {
    // The bounds fail with probability at most 0.001 each; 80 games fail more than 4 times with probability below 1e-9.
    const delta = 1e-3;
    let failures = 0;
    for (let i = 0; i < 40; i++) {
      const p = simulateBandit(exp3P({ arms: K, horizon: T, delta }), environment, T, streams(i));
      const ix = simulateBandit(exp3Ix({ arms: K, horizon: T }), environment, T, streams(i));
      if (fixedArmRegret(p.arms, environment)[T - 1] > exp3PRegretBound({ arms: K, horizon: T, delta })) failures += 1;
      if (fixedArmRegret(ix.arms, environment)[T - 1] > exp3IxRegretBound({ arms: K, horizon: T, delta }))
        failures += 1;
    }
    expect(failures).toBeLessThanOrEqual(4);
  });

  it('bounds are evaluated as printed', () => {
    expect(exp3PRegretBound({ arms: 10, horizon: 1000, delta: 0.1 })).toBeCloseTo(
      5.15 * Math.sqrt(1e4 * Math.log(100)),
      8,
    );
    const product = 2e4;
    expect(exp3IxRegretBound({ arms: 10, horizon: 1000, delta: 0.1 })).toBeCloseTo(
      2 * Math.sqrt(product * Math.log(10)) + (Math.sqrt(product / Math.log(10)) + 1) * Math.log(20),
      8,
    );
    expect(() => exp3PRegretBound({ arms: 2, horizon: 9, delta: 0 })).toThrow(/^delta/);
  });
});
