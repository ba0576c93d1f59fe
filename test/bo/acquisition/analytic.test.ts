import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import * as bo from '../../../src/bo/index.js';
import { createRng } from '../../../src/random/index.js';
import { logNormalCdf, normalCdf } from '../../../src/special/index.js';

const moments = {
  mean: fc.double({ min: -5, max: 5, noNaN: true }),
  std: fc.double({ min: 0.05, max: 3, noNaN: true }),
};
const best = fc.double({ min: -3, max: 3, noNaN: true });
const maximize = fc.boolean();

/** Every rule of the moments, made for the same best value. */
const rules: [string, (best: number, maximize: boolean) => bo.MomentRule][] = [
  ['expectedImprovement', (b, m) => bo.expectedImprovementRule({ best: b, maximize: m })],
  ['logExpectedImprovement', (b, m) => bo.logExpectedImprovementRule({ best: b, maximize: m })],
  ['probabilityOfImprovement', (b, m) => bo.probabilityOfImprovementRule({ best: b, maximize: m })],
  ['logProbabilityOfImprovement', (b, m) => bo.logProbabilityOfImprovementRule({ best: b, maximize: m })],
  ['upperConfidenceBound', (_b, m) => bo.confidenceBoundRule({ beta: 2.5, maximize: m })],
  ['maxValueEntropySearch', (b, m) => bo.maxValueEntropyRule({ optimumSamples: [b, b + 1, b - 0.5], maximize: m })],
  ['gibbon', (b, m) => bo.gibbonRule({ optimumSamples: [b, b + 1, b - 0.5], rhoSquared: 0.7, maximize: m })],
  ['gibbon with noise', (b, m) => bo.gibbonRule({ optimumSamples: [b, b + 1], noise: 0.3, maximize: m })],
  ['feasibility', (b) => (mean, std) => bo.logFeasibility(mean, std, { lower: b - 1, upper: b + 0.5 })],
];

describe.each(rules)('%s', (_name, make) => {
  it('has the derivatives of its value', () => {
    fc.assert(
      fc.property(moments.mean, moments.std, best, maximize, (mean, std, b, m) => {
        const rule = make(b, m);
        const { dMean, dStd } = rule(mean, std);
        const h = 1e-5;
        const byMean = (rule(mean + h, std).value - rule(mean - h, std).value) / (2 * h);
        const byStd = (rule(mean, std + h).value - rule(mean, std - h).value) / (2 * h);
        // Third derivatives grow like std^-3, and so does the error of the difference quotient.
        const tolerance = 1e-8 * (1 + Math.abs(mean - b) ** 3) * std ** -5 + 1e-6;
        expect(Math.abs(dMean - byMean)).toBeLessThanOrEqual(tolerance + 1e-6 * Math.abs(byMean));
        expect(Math.abs(dStd - byStd)).toBeLessThanOrEqual(tolerance + 1e-6 * Math.abs(byStd));
      }),
    );
  });

  it('is a number at deviation 0, without slope', () => {
    for (const mean of [-1, 0, 1]) {
      const { value, dMean, dStd } = make(0, true)(mean, 0);
      expect(value).not.toBeNaN();
      if (_name !== 'upperConfidenceBound') expect([dMean, dStd]).toEqual([0, 0]);
    }
  });
});

it('maximizing f and minimizing -f have the same value, wherever a best value is involved', () => {
  fc.assert(
    fc.property(moments.mean, moments.std, best, (mean, std, b) => {
      for (const [name, make] of rules.slice(0, 4)) {
        expect(make(b, true)(mean, std).value, name).toBe(make(-b, false)(-mean, std).value);
      }
    }),
  );
});

describe('expected improvement', () => {
  it('is at least max(mean - best, 0), increases in mean and deviation, and its logarithm is its logarithm', () => {
    fc.assert(
      fc.property(moments.mean, moments.std, best, (mean, std, b) => {
        const rule = bo.expectedImprovementRule({ best: b });
        const { value } = rule(mean, std);
        expect(value).toBeGreaterThanOrEqual(Math.max(mean - b, 0) * (1 - 1e-14));
        expect(rule(mean + 0.1, std).value).toBeGreaterThanOrEqual(value);
        expect(rule(mean, std * 1.1).value).toBeGreaterThanOrEqual(value * (1 - 1e-14));
        const log = bo.logExpectedImprovement(mean, std, { best: b }).value;
        if (value > 1e-300) expect(Math.abs(log - Math.log(value))).toBeLessThanOrEqual(1e-12 * (1 + Math.abs(log)));
      }),
    );
  });

  it('is max(mean - best, 0) at deviation 0', () => {
    expect(bo.expectedImprovement(3, 0, { best: 1 }).value).toBe(2);
    expect(bo.expectedImprovement(0, 0, { best: 1 }).value).toBe(0);
    expect(bo.logExpectedImprovement(0, 0, { best: 1 }).value).toBe(-Infinity);
  });

  it('has a logarithm with a slope where it underflows itself', () => {
    expect(bo.expectedImprovement(-100, 1, { best: 0 })).toEqual({ value: 0, dMean: 0, dStd: 0 });
    const { value, dMean } = bo.logExpectedImprovement(-100, 1, { best: 0 });
    expect(value).toBeLessThan(-5000);
    expect(dMean).toBeGreaterThan(100);
  });
});

describe('probability of improvement', () => {
  it('lies in [0, 1]', () => {
    fc.assert(
      fc.property(moments.mean, moments.std, best, (mean, std, b) => {
        const { value } = bo.probabilityOfImprovement(mean, std, { best: b });
        expect(value).toBeGreaterThanOrEqual(0);
        expect(value).toBeLessThanOrEqual(1);
      }),
    );
  });
});

describe('confidence bounds', () => {
  it('increase in beta', () => {
    fc.assert(
      fc.property(moments.mean, moments.std, fc.double({ min: 0, max: 9, noNaN: true }), (mean, std, beta) => {
        const at = (b: number) => bo.upperConfidenceBound(mean, std, { beta: b }).value;
        expect(at(beta + 1)).toBeGreaterThan(at(beta));
        expect(bo.lowerConfidenceBound(mean, std, { beta }).value).toBeLessThanOrEqual(mean);
      }),
    );
  });

  it('has schedules that grow with the round and with the size of the set', () => {
    expect(bo.gpUcbBeta(10, 3, 0.1)).toBeGreaterThan(bo.gpUcbBeta(9, 3, 0.1));
    // Theorem 1 with |D| = 1: 2 ln(π²/(6 δ)).
    expect(bo.gpUcbBetaFinite(1, 1, 0.5)).toBeCloseTo(2 * Math.log(Math.PI ** 2 / 3), 14);
    expect(bo.gpUcbBetaFinite(5, 100, 0.1)).toBeGreaterThan(bo.gpUcbBetaFinite(5, 10, 0.1));
    expect(bo.heboBeta(4, 2)).toBeCloseTo(3 * Math.log(4) + Math.log(Math.PI ** 2 / 0.01), 12);
  });
});

describe('max-value entropy search', () => {
  it('is at least 0 and decreases as the optimum moves away', () => {
    fc.assert(
      fc.property(moments.mean, moments.std, fc.double({ min: -20, max: 20, noNaN: true }), (mean, std, y) => {
        const at = (value: number) => bo.maxValueEntropySearch(mean, std, { optimumSamples: [value] }).value;
        expect(at(y)).toBeGreaterThanOrEqual(0);
        expect(at(y + 0.5)).toBeLessThanOrEqual(at(y) + 1e-12);
      }),
    );
  });

  it('is the entropy that truncation takes away, by quadrature', () => {
    for (const [mean, std, top] of [
      [0, 1, 0.5],
      [0.3, 0.7, -0.4],
      [1, 2, 4],
    ]) {
      // H[N] - H[N truncated at top], the truncated density integrated by the midpoint rule.
      const mass = normalCdf((top - mean) / std);
      let entropy = 0;
      const low = mean - 12 * std;
      const step = (top - low) / 400_000;
      for (let i = 0; i < 400_000; i++) {
        const u = (low + (i + 0.5) * step - mean) / std;
        const density = Math.exp((-u * u) / 2) / (Math.sqrt(2 * Math.PI) * std * mass);
        if (density > 0) entropy -= density * Math.log(density) * step;
      }
      const expected = 0.5 * Math.log(2 * Math.PI * Math.E * std * std) - entropy;
      const { value } = bo.maxValueEntropySearch(mean, std, { optimumSamples: [top] });
      expect(Math.abs(value - expected)).toBeLessThan(1e-8);
    }
  });

  it('with GIBBON agrees in value where there is little to learn, and GIBBON is at least 0', () => {
    fc.assert(
      fc.property(moments.mean, moments.std, fc.double({ min: -20, max: 20, noNaN: true }), (mean, std, y) => {
        const bound = bo.gibbon(mean, std, { optimumSamples: [y] }).value;
        expect(bound).toBeGreaterThanOrEqual(0);
        // The variance of the truncated law bounds its entropy from above, hence the information from below.
        expect(bound).toBeLessThanOrEqual(bo.maxValueEntropySearch(mean, std, { optimumSamples: [y] }).value + 1e-12);
      }),
    );
  });
});

describe('the Gumbel law of the maximum', () => {
  it('has the quartiles of the maximum, and its samples have them too', () => {
    const mean = [0, 0.5, -1];
    const std = [1, 0.3, 2];
    const fit = bo.gumbelFromMarginals(mean, std);
    const logCdf = (y: number) => mean.reduce((sum, m, i) => sum + logNormalCdf((y - m) / std[i]), 0);
    expect(Math.exp(logCdf(fit.q25))).toBeCloseTo(0.25, 12);
    expect(Math.exp(logCdf(fit.q75))).toBeCloseTo(0.75, 12);
    const draws = bo.sampleGumbelFit(fit, 20_000, createRng(1));
    const below = draws.filter((y) => y < fit.q50).length / 20_000;
    // Hoeffding at 1e-9: sqrt(ln(2e9)/(2 · 20000)) = 0.0232. The fit has the median by construction.
    expect(Math.abs(below - 0.5)).toBeLessThan(0.0232);
  });
});

describe('constrained expected improvement', () => {
  const constraint = { mean: 0.4, std: 0.5 };

  it('is EI times the probability that the constraint holds, one-sided and two-sided', () => {
    const ei = bo.expectedImprovement(0.2, 0.7, { best: 0.1 }).value;
    for (const bounds of [{ upper: 0.6 }, { lower: 0 }, { lower: 0.1, upper: 0.9 }, { lower: 2, upper: 2.5 }, {}]) {
      const low = (bounds as { lower?: number }).lower ?? -Infinity;
      const high = (bounds as { upper?: number }).upper ?? Infinity;
      const p = normalCdf((high - 0.4) / 0.5) - normalCdf((low - 0.4) / 0.5);
      const value = bo.constrainedExpectedImprovement(0.2, 0.7, [{ ...constraint, ...bounds }], { best: 0.1 }).value;
      expect(Math.abs(value - ei * p)).toBeLessThan(1e-14);
      const log = bo.logConstrainedExpectedImprovement(0.2, 0.7, [{ ...constraint, ...bounds }], { best: 0.1 }).value;
      expect(Math.abs(log - Math.log(ei * p))).toBeLessThan(1e-9);
    }
  });

  it('is the probability of feasibility alone when nothing is feasible yet', () => {
    const value = bo.constrainedExpectedImprovement(9, 1, [{ ...constraint, upper: 0.4 }], { best: null });
    expect(value.value).toBeCloseTo(0.5, 15);
    expect([value.dMean, value.dStd]).toEqual([0, 0]);
  });

  it.each([
    ['constrainedExpectedImprovement', bo.constrainedExpectedImprovement],
    ['logConstrainedExpectedImprovement', bo.logConstrainedExpectedImprovement],
  ] as const)('%s has its derivatives in every moment', (_name, f) => {
    for (const maximize of [true, false]) {
      for (const best of [0.1, null]) {
        const at = (m: readonly number[]) =>
          f(
            m[0],
            m[1],
            [
              { mean: m[2], std: m[3], upper: 0.6 },
              { mean: m[4], std: m[5], lower: -0.2, upper: 0.9 },
            ],
            { best, maximize },
          );
        const point = [0.2, 0.7, 0.4, 0.5, -0.3, 0.8];
        const { dMean, dStd, constraints } = at(point);
        const slopes = [dMean, dStd, ...constraints.flatMap((part) => [part.dMean, part.dStd])];
        expect(slopes.length).toBe(6);
        const h = 1e-5;
        slopes.forEach((slope, i) => {
          const moved = (by: number) => at(point.map((value, j) => (i === j ? value + by : value))).value;
          expect(Math.abs(slope - (moved(h) - moved(-h)) / (2 * h))).toBeLessThan(1e-8);
        });
        // Feasibility moves the value, whatever the objective does.
        expect(slopes.slice(2).every((slope) => Math.abs(slope) > 1e-3)).toBe(true);
      }
    }
  });

  it('has slopes without NaN where a probability underflows', () => {
    const { value, constraints } = bo.constrainedExpectedImprovement(0, 1, [{ mean: 1, std: 1e-3, upper: 0 }], {
      best: 0,
    });
    expect([value, constraints]).toEqual([0, [{ dMean: 0, dStd: 0 }]]);
  });

  it('keeps its logarithm where both tails are small on either side', () => {
    const far = bo.logFeasibility(0, 1, { lower: 30, upper: 31 }).value;
    expect(Math.abs(far - bo.logFeasibility(0, 1, { lower: -31, upper: -30 }).value)).toBeLessThan(1e-10);
    expect(far).toBeGreaterThan(-456);
    expect(far).toBeLessThan(-453);
  });
});

describe('improvement per cost', () => {
  it('divides by the expected cost, and cools', () => {
    const ei = bo.expectedImprovement(0, 1, { best: 0 }).value;
    const value = bo.expectedImprovementPerCost(0, 1, { best: 0, logCostMean: 1, logCostStd: 0.5 });
    expect(value.value).toBeCloseTo(ei * Math.exp(-1 + 0.125), 14);
    expect(bo.expectedImprovementPerCost(0, 1, { best: 0, logCostMean: 1, exponent: 0 }).value).toBe(ei);
    expect(bo.logExpectedImprovementPerCost(0, 1, { best: 0, logCostMean: 2 }).value).toBeCloseTo(Math.log(ei) - 2, 14);
    expect([0, 5, 10, 12].map((spent) => bo.costCooling(10, spent))).toEqual([1, 0.5, 0, 0]);
  });

  it.each([
    ['expectedImprovementPerCost', bo.expectedImprovementPerCost],
    ['logExpectedImprovementPerCost', bo.logExpectedImprovementPerCost],
  ] as const)('%s has its derivatives in every moment', (_name, f) => {
    for (const exponent of [0, 0.6, 1]) {
      const at = ([mean, std, logCostMean, logCostStd]: number[]) =>
        f(mean, std, { best: 0.1, logCostMean, logCostStd, exponent });
      const point = [0.2, 0.7, 0.4, 0.5];
      const { dMean, dStd, dLogCostMean, dLogCostStd } = at(point);
      const h = 1e-5;
      [dMean, dStd, dLogCostMean, dLogCostStd].forEach((slope, i) => {
        const moved = (by: number) => at(point.map((value, j) => (i === j ? value + by : value))).value;
        expect(Math.abs(slope - (moved(h) - moved(-h)) / (2 * h))).toBeLessThan(1e-8);
      });
    }
  });

  it('is 0 without improvement, whatever the cost', () => {
    const options = { best: 0, logCostMean: -1e4 };
    expect(bo.expectedImprovementPerCost(-1, 0, options)).toEqual({
      value: 0,
      dMean: 0,
      dStd: 0,
      dLogCostMean: 0,
      dLogCostStd: 0,
    });
  });
});

describe('on a Gaussian process', () => {
  const gp = bo.gpCondition(
    bo.scaleKernel(1.3, bo.matern52({ lengthscale: [0.4, 0.7] })),
    [
      [0.1, 0.2],
      [0.5, 0.9],
      [0.8, 0.3],
    ],
    [0.3, -1, 0.8],
    { noise: 1e-3, mean: { type: 'linear', coefficients: [0.1, -0.4, 0.2] } },
  );

  it.each(rules)('%s has the gradient of its value', (_name, make) => {
    const acquisition = bo.momentAcquisition(bo.gpPosterior(gp), make(0.8, true));
    fc.assert(
      fc.property(fc.double({ min: 0, max: 1, noNaN: true }), fc.double({ min: 0, max: 1, noNaN: true }), (a, b) => {
        const x = Float64Array.of(a, b);
        const gradient = new Float64Array(2);
        acquisition.value(x, gradient);
        for (let k = 0; k < 2; k++) {
          const h = 1e-6;
          const plus = x.slice();
          const minus = x.slice();
          plus[k] += h;
          minus[k] -= h;
          const numeric = (acquisition.value(plus) - acquisition.value(minus)) / (2 * h);
          expect(Math.abs(gradient[k] - numeric)).toBeLessThanOrEqual(1e-4 * (1 + Math.abs(numeric)));
        }
      }),
      { numRuns: 30 },
    );
  });

  it('gives at many points what it gives at each', () => {
    const acquisition = bo.momentAcquisition(bo.gpPosterior(gp), bo.logExpectedImprovementRule({ best: 0.8 }));
    const X = Float64Array.of(0.2, 0.4, 0.9, 0.1, 0.5, 0.9);
    const many = acquisition.values!(X, 3);
    for (let j = 0; j < 3; j++) expect(many[j]).toBeCloseTo(acquisition.value(X.slice(2 * j, 2 * j + 2)), 10);
  });

  it('stays finite on the data', () => {
    const { value, gradient } = bo.logExpectedImprovement(gp, [0.1, 0.2], { best: 0.8 });
    expect(value).not.toBeNaN();
    expect([...gradient].every((g) => Number.isFinite(g))).toBe(true);
  });
});

describe('bad arguments', () => {
  const gp = bo.gpCondition(bo.rbf({ lengthscale: 1 }), [[0, 0]], [0]);
  it.each([
    ['an infinite best', () => bo.expectedImprovement(0, 1, { best: -Infinity }), RangeError, /best/],
    ['no best', () => bo.logExpectedImprovement(0, 1, { best: NaN }), RangeError, /best/],
    ['a negative std', () => bo.expectedImprovement(0, -1, { best: 0 }), RangeError, /std/],
    ['a mean that is not a number', () => bo.probabilityOfImprovement(NaN, 1, { best: 0 }), RangeError, /mean/],
    ['a negative beta', () => bo.upperConfidenceBound(0, 1, { beta: -1 }), RangeError, /beta/],
    ['no samples', () => bo.maxValueEntropySearch(0, 1, { optimumSamples: [] }), RangeError, /optimumSamples/],
    ['a correlation above 1', () => bo.gibbon(0, 1, { optimumSamples: [1], rhoSquared: 2 }), RangeError, /rhoSquared/],
    ['bounds in the wrong order', () => bo.logFeasibility(0, 1, { lower: 1, upper: 0 }), RangeError, /lower/],
    ['a point of the wrong length', () => bo.expectedImprovement(gp, [0], { best: 0 }), RangeError, /x/],
    ['a number for a point', () => bo.expectedImprovement(gp, 3 as never, { best: 0 }), TypeError, /x/],
    ['a std of 0 for a marginal', () => bo.gumbelFromMarginals([0], [0]), RangeError, /std\[0\]/],
    ['no marginals', () => bo.gumbelFromMarginals([], []), RangeError, /mean/],
    ['delta 0', () => bo.gpUcbBeta(1, 1, 0), RangeError, /delta/],
  ])('%s', (_name, call, type, message) => {
    expect(call).toThrow(type);
    expect(call).toThrow(message);
  });
});
