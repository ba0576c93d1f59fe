// Environments: what they pay has the law they say, means() are the true means, arguments are checked.
import { describe, expect, it } from 'vitest';
import {
  adversarialArms,
  type BanditEnvironment,
  bernoulliArms,
  betaArms,
  exponentialArms,
  gaussianArms,
  heavyTailedArms,
  laiRobbinsConstant,
  piecewiseStationaryArms,
  poissonArms,
  restlessArms,
  stochasticallyConstrainedArms,
  truncatedNormalArms,
  truncatedNormalMean,
  uniformArms,
} from '../../../src/bandits/index.js';
import { createRng } from '../../../src/random/index.js';
import { normalTolerance } from '../../support/statistics.js';

/** Deviation of the mean of n pulls, in standard errors taken from the pulls themselves. */
function zScore(environment: BanditEnvironment, arm: number, n: number, t = 0): number {
  const rng = createRng('environments', arm);
  const values = Float64Array.from({ length: n }, () => environment.pull(arm, t, rng));
  const mean = values.reduce((a, b) => a + b, 0) / n;
  const variance = values.reduce((a, b) => a + (b - mean) ** 2, 0) / (n - 1);
  return (mean - environment.means(t)[arm]) / Math.sqrt(variance / n);
}

describe('what an arm pays has the mean that the environment says', () => {
  // The mean of 40 000 pulls is normal to good accuracy (finite fourth moments); 7 standard errors leave room for
  // skewness, and a mean off by 4 % of a standard deviation is caught.
  it.each<[string, BanditEnvironment]>([
    ['bernoulli', bernoulliArms([0.01, 0.3, 0.999])],
    ['gaussian', gaussianArms([-3, 0.5], [0.1, 10])],
    ['truncated normal', truncatedNormalArms([0.5, 0.9, -2, 6], 0.3, { low: 0, high: 1 })],
    ['truncated normal, one end', truncatedNormalArms([0, 3], 1, { high: 0.5 })],
    ['beta', betaArms([0.5, 2, 30], [0.5, 5, 1])],
    ['exponential', exponentialArms([0.1, 4])],
    ['poisson', poissonArms([0.2, 30])],
    ['uniform', uniformArms([-1, 3], [1, 3.5])],
    ['student', heavyTailedArms([0, -2], { law: 'student-t', df: 6, scale: 0.5 })],
    ['pareto', heavyTailedArms([1, 3], { law: 'pareto', shape: 6 })],
    ['stochastically constrained', stochasticallyConstrainedArms(3, 0.25)],
    ['piecewise', piecewiseStationaryArms([1], [[0.8, 0.5], gaussianArms([1, 2])])],
  ])('%s', (_name, environment) => {
    for (let arm = 0; arm < environment.arms; arm++) {
      const z = zScore(environment, arm, 40_000);
      if (Number.isFinite(z)) expect(Math.abs(z)).toBeLessThan(7);
      else expect(environment.means(0)[arm] % 1).toBe(0); // constant rewards: arms 1, 2 of the adversary pay 0
    }
  });

  it('a constant environment hands out one array of means', () => {
    for (const environment of [bernoulliArms([0.5]), poissonArms([1]), stochasticallyConstrainedArms(2, 0.1)]) {
      expect(environment.means(0)).toBe(environment.means(1));
    }
  });
});

describe('truncatedNormalMean', () => {
  it('agrees with values computed by quadrature to 30 digits', () => {
    // mpmath: quad(x pdf)/quad(pdf) at 40 digits; see the docstring's formula for the first two by hand.
    expect(truncatedNormalMean(0, 1, { low: -1, high: 1 })).toBe(0);
    expect(truncatedNormalMean(0, 1, { low: 0 })).toBeCloseTo(0.7978845608028654, 14);
    // far tail: between 40 and 41 the law is exponential with rate about 40: 40 + 1/40 - 2/40³ + ...
    const tail = truncatedNormalMean(0, 1, { low: 40, high: 41 });
    expect(tail).toBeGreaterThan(40.0249);
    expect(tail).toBeLessThan(40.025);
    expect(truncatedNormalMean(0, 1, { low: -41, high: -40 })).toBe(-tail);
  });

  it('agrees with Simpson quadrature', () => {
    for (const [mean, sd, low, high] of [
      [0.5, 0.1, 0, 0.8],
      [2, 1, 0, 1],
      [-1, 0.5, 0, 3],
      [0.1, 3, -1, 1],
    ]) {
      const n = 20_000;
      let numerator = 0;
      let denominator = 0;
      for (let k = 0; k <= n; k++) {
        const x = low + ((high - low) * k) / n;
        const w = (k === 0 || k === n ? 1 : k % 2 === 1 ? 4 : 2) * Math.exp(-0.5 * ((x - mean) / sd) ** 2);
        numerator += w * x;
        denominator += w;
      }
      expect(truncatedNormalMean(mean, sd, { low, high })).toBeCloseTo(numerator / denominator, 11);
    }
  });
});

describe('heavyTailedArms', () => {
  it('momentBound bounds the moments of samples and is exact where it says so', () => {
    // Pareto with shape 5: E X^1.5 exists with a finite variance, so 200 000 pulls give it to well within 5 %.
    const arms = heavyTailedArms([2], { law: 'pareto', shape: 5 });
    const rng = createRng('moments');
    const n = 200_000;
    let raw = 0;
    let central = 0;
    for (let i = 0; i < n; i++) {
      const x = arms.pull(0, 0, rng);
      raw += x ** 1.5 / n;
      central += Math.abs(x - 2) ** 1.5 / n;
    }
    expect(raw / arms.momentBound(0.5)).toBeGreaterThan(0.98);
    expect(raw / arms.momentBound(0.5)).toBeLessThan(1.02);
    expect(central).toBeLessThan(arms.momentBound(0.5, 'central'));
    // Student with 4 degrees of freedom: E t² = df / (df - 2) = 2; times scale² = 9.
    expect(heavyTailedArms([0], { law: 'student-t', df: 4, scale: 3 }).momentBound(1)).toBeCloseTo(18, 10);
    expect(heavyTailedArms([1], { law: 'student-t', df: 4, scale: 3 }).momentBound(1)).toBeCloseTo(2 * 19, 10);
  });

  it('moments of the order of the tail index and above are infinite', () => {
    expect(heavyTailedArms([1], { law: 'pareto', shape: 2 }).momentBound(1)).toBe(Infinity);
    expect(heavyTailedArms([1], { law: 'student-t', df: 1.5 }).momentBound(0.5, 'central')).toBe(Infinity);
  });
});

describe('adversaries', () => {
  it('a table pays 1 - loss and knows its best fixed arm', () => {
    const table = [
      [0, 1, 0.5],
      [1, 0, 0.5],
      [1, 1, 0.25],
    ];
    const adversary = adversarialArms(table);
    const rule = adversarialArms((t) => table[t], 3);
    for (let t = 0; t < 3; t++) {
      expect(adversary.means(t)).toEqual(Float64Array.from(table[t], (loss) => 1 - loss));
      expect(rule.means(t)).toEqual(adversary.means(t));
      for (let arm = 0; arm < 3; arm++) expect(rule.pull(arm, t, () => 0)).toBe(1 - table[t][arm]);
    }
    expect([1, 2, 3].map((T) => adversary.bestFixedArm(T))).toEqual([0, 0, 2]);
    expect(rule.bestFixedArm(3)).toBe(2);
    expect(() => adversary.pull(0, 3, () => 0)).toThrow(/^t must be below 3/);
    expect(() => rule.bestFixedArm()).toThrow(/^horizon/);
  });

  it('the phases of the stochastically constrained adversary last floor(1.6^(n+1)) rounds', () => {
    const { means } = stochasticallyConstrainedArms(2, 0.25);
    let t = 0;
    for (let n = 1; n <= 20; n++) {
      const length = Math.floor(1.6 ** (n + 1));
      const expected = n % 2 === 1 ? [0.25, 0] : [1, 0.75];
      for (const s of [t, t + length - 1]) expect(Array.from(means(s))).toEqual(expected);
      t += length;
    }
    expect([2, 4, 6, 10].map((_, i) => Math.floor(1.6 ** (i + 2)))).toEqual([2, 4, 6, 10]);
  });

  it('restless means walk inside [0, 1], by the same path for every policy', () => {
    const path = (seed: string) => restlessArms([0.05, 0.95], createRng(seed), { horizon: 2000, sd: 0.1 });
    const [a, b] = [path('path'), path('path')];
    let moved = 0;
    for (let t = 0; t < 2000; t++) {
      expect(a.means(t)).toEqual(b.means(t));
      for (const mean of a.means(t)) expect(mean >= 0 && mean <= 1).toBe(true);
      if (t > 0) moved += Math.abs(a.means(t)[0] - a.means(t - 1)[0]);
    }
    // E |step| = 0.1 sqrt(2/π) = 0.0798, reflection takes a little of it
    expect(moved / 1999).toBeGreaterThan(0.06);
    expect(moved / 1999).toBeLessThan(0.085);
    expect(Array.from(restlessArms([0.3], createRng(1), { horizon: 5, sd: 0 }).means(4))).toEqual([0.3]);
    expect(() => a.pull(0, 2000, () => 0)).toThrow(/^t must/);
  });
});

describe('laiRobbinsConstant', () => {
  it('is infinite for a sure best arm of which the others are not sure, and 0 without a gap', () => {
    expect(laiRobbinsConstant([0.5, 0.5])).toBe(0);
    expect(laiRobbinsConstant([1, 0.5])).toBe(0); // kl(0.5, 1) is infinite: one failure tells the arms apart
    expect(laiRobbinsConstant([0.7])).toBe(0);
  });

  it('is at most Σ 1 / (2 Δ), by Pinsker', () => {
    const means = [0.9, 0.4, 0.75, 0.1];
    const pinsker = means.slice(1).reduce((total, mean) => total + 1 / (2 * (0.9 - mean)), 0);
    expect(laiRobbinsConstant(means)).toBeLessThan(pinsker);
  });
});

it.each<[string, () => unknown, RegExp]>([
  ['bernoulliArms', () => bernoulliArms([]), /^means must not be empty/],
  ['bernoulliArms', () => bernoulliArms([1.1]), /^means\[0\]/],
  ['gaussianArms', () => gaussianArms([0, NaN]), /^means\[1\]/],
  ['gaussianArms', () => gaussianArms([0], [1, 2]), /^sds/],
  ['gaussianArms', () => gaussianArms([0], -1), /^sds\[0\]/],
  ['truncatedNormalArms', () => truncatedNormalArms([0], 0), /^sd/],
  ['truncatedNormalArms', () => truncatedNormalArms([0], 1, { low: 1, high: 1 }), /^low/],
  ['betaArms', () => betaArms([0], [1]), /^a\[0\]/],
  ['betaArms', () => betaArms([1], [1, 2]), /^b must have length 1/],
  ['exponentialArms', () => exponentialArms([-1]), /^means\[0\]/],
  ['poissonArms', () => poissonArms([Infinity]), /^means\[0\]/],
  ['uniformArms', () => uniformArms([1], [0]), /^high\[0\]/],
  ['heavyTailedArms', () => heavyTailedArms([1], { law: 'pareto', shape: 1 }), /^shape/],
  ['heavyTailedArms', () => heavyTailedArms([0], { law: 'pareto', shape: 2 }), /^means\[0\]/],
  ['heavyTailedArms', () => heavyTailedArms([0], { law: 'student-t', df: 1 }), /^df/],
  ['heavyTailedArms', () => heavyTailedArms([0], { law: 'cauchy' as 'pareto', shape: 2 }), /^law/],
  ['momentBound', () => heavyTailedArms([1], { law: 'pareto', shape: 2 }).momentBound(0), /^epsilon/],
  ['adversarialArms', () => adversarialArms([[0, 2]]), /^losses\[0\]\[1\]/],
  ['adversarialArms', () => adversarialArms([]), /^losses must not be empty/],
  ['adversarialArms', () => adversarialArms([[0, 1]], 3), /^arms/],
  ['adversarialArms', () => adversarialArms(() => [0]), /^arms/],
  ['stochasticallyConstrainedArms', () => stochasticallyConstrainedArms(0, 0.1), /^arms/],
  ['stochasticallyConstrainedArms', () => stochasticallyConstrainedArms(2, 1.1), /^gap/],
  ['piecewiseStationaryArms', () => piecewiseStationaryArms([5, 5], [[0], [1], [0]]), /^breakpoints\[1\]/],
  ['piecewiseStationaryArms', () => piecewiseStationaryArms([5], [[0]]), /^segments/],
  ['piecewiseStationaryArms', () => piecewiseStationaryArms([5], [[0], [0, 1]]), /^segments/],
  ['restlessArms', () => restlessArms([0.5], () => 0.5, { horizon: 0, sd: 1 }), /^horizon/],
  ['restlessArms', () => restlessArms([1.5], () => 0.5, { horizon: 1, sd: 1 }), /^means\[0\]/],
  ['laiRobbinsConstant', () => laiRobbinsConstant([2]), /^means\[0\]/],
])('%s names what it refuses: %#', (_name, make, message) => {
  expect(make).toThrow(message);
});

it('normalTolerance is the scale of these tests', () => {
  expect(normalTolerance()).toBeLessThan(7);
});
