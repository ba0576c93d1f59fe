import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import * as bo from '../../../src/bo/index.js';
import { createRng, sampleNormal } from '../../../src/random/index.js';

const number = fc.double({ min: -3, max: 3, noNaN: true });
const lines = fc.array(fc.tuple(number, number), { minLength: 1, maxLength: 8 });

/** E max(a + b Z) - max a by the midpoint rule on [-9, 9]. */
function quadrature(a: number[], b: number[], cells = 40_000): number {
  let total = 0;
  for (let i = 0; i < cells; i++) {
    const z = -9 + (18 * (i + 0.5)) / cells;
    const top = Math.max(...a.map((value, k) => value + b[k] * z));
    total += ((top * Math.exp((-z * z) / 2)) / Math.sqrt(2 * Math.PI)) * (18 / cells);
  }
  return total - Math.max(...a);
}

describe('expectedMaxAffine', () => {
  it('is the integral that it stands for', () => {
    fc.assert(
      fc.property(lines, (list) => {
        const a = list.map(([x]) => x);
        const b = list.map(([, x]) => x);
        // Kinks cost the midpoint rule O(cells^-2) each: below 1e-6 here.
        expect(Math.abs(bo.expectedMaxAffine(a, b) - quadrature(a, b))).toBeLessThan(2e-6);
      }),
      { numRuns: 25 },
    );
  });

  it('is at least 0, does not depend on the order, nor on adding the same to every slope', () => {
    fc.assert(
      fc.property(lines, number, (list, shift) => {
        const a = list.map(([x]) => x);
        const b = list.map(([, x]) => x);
        const value = bo.expectedMaxAffine(a, b);
        expect(value).toBeGreaterThanOrEqual(0);
        expect(bo.expectedMaxAffine([...a].reverse(), [...b].reverse())).toBeCloseTo(value, 12);
        expect(
          bo.expectedMaxAffine(
            a,
            b.map((x) => x + shift),
          ),
        ).toBeCloseTo(value, 10);
      }),
    );
  });

  it('never falls when a line is added below the best intercept', () => {
    fc.assert(
      fc.property(lines, number, (list, slope) => {
        const a = list.map(([x]) => x);
        const b = list.map(([, x]) => x);
        const more = bo.expectedMaxAffine([...a, Math.max(...a) - 0.5], [...b, slope]);
        expect(more).toBeGreaterThanOrEqual(bo.expectedMaxAffine(a, b) - 1e-12);
      }),
    );
  });

  it('has the logarithm of its value and the gradients of both', () => {
    // Multiples of 1/4, no two slopes alike and one largest intercept: away from kinks, so that differences are gradients.
    const quarter = fc.integer({ min: -12, max: 12 });
    const apart = fc.uniqueArray(fc.tuple(quarter, quarter), {
      minLength: 1,
      maxLength: 8,
      selector: ([, slope]) => slope,
    });
    fc.assert(
      fc.property(apart, (list) => {
        const a = list.map(([x]) => x / 4);
        const b = list.map(([, x]) => x / 4);
        const value = bo.expectedMaxAffine(a, b);
        const log = bo.logExpectedMaxAffine(a, b);
        if (value > 1e-290) expect(Math.abs(log - Math.log(value))).toBeLessThan(1e-10 * (1 + Math.abs(log)));
        const exact = bo.expectedMaxAffineGradient(a, b);
        expect(exact.value).toBe(value);
        const ofLog = bo.logExpectedMaxAffineGradient(a, b);
        expect(ofLog.value).toBe(log);
        if (value < 1e-6 || a.filter((x) => x === Math.max(...a)).length > 1) return;
        for (let i = 0; i < a.length; i++) {
          expect(ofLog.byIntercept[i] * value).toBeCloseTo(exact.byIntercept[i], 8);
          expect(ofLog.bySlope[i] * value).toBeCloseTo(exact.bySlope[i], 8);
          const h = 1e-5;
          const moved = (list2: number[], k: number, by: number) => list2.map((x, j) => (j === k ? x + by : x));
          const byA = (bo.expectedMaxAffine(moved(a, i, h), b) - bo.expectedMaxAffine(moved(a, i, -h), b)) / (2 * h);
          const byB = (bo.expectedMaxAffine(a, moved(b, i, h)) - bo.expectedMaxAffine(a, moved(b, i, -h))) / (2 * h);
          expect(Math.abs(exact.byIntercept[i] - byA)).toBeLessThan(1e-5);
          expect(Math.abs(exact.bySlope[i] - byB)).toBeLessThan(1e-5);
        }
      }),
    );
  });

  it('has finite gradients where slopes almost agree', () => {
    const { byIntercept, bySlope } = bo.logExpectedMaxAffineGradient([1e-4, 0, 0], [0, 5e-324, -5.8e-5]);
    expect([...byIntercept, ...bySlope].every((value) => Number.isFinite(value))).toBe(true);
  });

  it('of one line, or of parallel ones, is 0, and its logarithm -Infinity', () => {
    expect(bo.expectedMaxAffine([3], [2])).toBe(0);
    expect(bo.expectedMaxAffine([3, 1, 2], [2, 2, 2])).toBe(0);
    expect(bo.logExpectedMaxAffine([3], [2])).toBe(-Infinity);
    expect([...bo.logExpectedMaxAffineGradient([3], [2]).bySlope]).toEqual([0]);
  });

  it.each([
    ['lengths that differ', () => bo.expectedMaxAffine([1], [1, 2]), /slopes/],
    ['no line', () => bo.expectedMaxAffine([], []), /intercepts/],
    ['an infinite slope', () => bo.logExpectedMaxAffine([1], [Infinity]), /slopes\[0\]/],
  ])('refuses %s', (_name, call, message) => {
    expect(call).toThrow(RangeError);
    expect(call).toThrow(message);
  });
});

const kernel = bo.scaleKernel(1.2, bo.matern52({ lengthscale: 0.3 }));
const X = [[0.1], [0.4], [0.75]];
const noisy = bo.gpCondition(kernel, X, [0.3, -0.4, 0.9], { noise: 0.05 });
const domain = Array.from({ length: 21 }, (_, i) => [i / 20]);
const at = (x: number) => Float64Array.of(x);

function expectGradient(acquisition: bo.Acquisition, x: Float64Array, tolerance = 1e-5): void {
  const gradient = new Float64Array(x.length);
  acquisition.value(x, gradient);
  for (let k = 0; k < x.length; k++) {
    const h = 1e-6;
    const plus = x.slice();
    const minus = x.slice();
    plus[k] += h;
    minus[k] -= h;
    const numeric = (acquisition.value(plus) - acquisition.value(minus)) / (2 * h);
    expect(Math.abs(gradient[k] - numeric)).toBeLessThanOrEqual(tolerance * (1 + Math.abs(numeric)));
  }
}

describe('the discrete knowledge gradient', () => {
  it('is what an observation raises the best mean by, on average', () => {
    const x = 0.55;
    const { mean, variance } = bo.gpPredict(noisy, [[x]]);
    const spread = Math.sqrt(variance[0] + 0.05);
    const before = Math.max(...bo.gpPredict(noisy, domain).mean);
    // One dimension, smooth outside kinks: 400 cells of the midpoint rule.
    let total = 0;
    for (let i = 0; i < 400; i++) {
      const z = -6 + (12 * (i + 0.5)) / 400;
      const after = bo.gpAppend(noisy, [x], mean[0] + spread * z);
      total +=
        ((Math.max(...bo.gpPredict(after, domain).mean) * Math.exp((-z * z) / 2)) / Math.sqrt(2 * Math.PI)) *
        (12 / 400);
    }
    const { value } = bo.knowledgeGradientDiscrete(noisy, [x], { domain, includeX: false });
    expect(Math.abs(value - (total - before))).toBeLessThan(1e-4);
  });

  it.each([true, false])('is at least 0 with the right gradient, includeX %s', (includeX) => {
    for (const maximize of [true, false]) {
      for (const log of [true, false]) {
        const acquisition = bo.knowledgeGradientAcquisition(noisy, {
          domain: domain.slice(3, 15),
          includeX,
          maximize,
          log,
        });
        for (const x of [0.02, 0.33, 0.52, 0.71, 0.98]) {
          if (!log) expect(acquisition.value(at(x))).toBeGreaterThanOrEqual(0);
          expectGradient(acquisition, at(x), 1e-4);
        }
      }
    }
  });

  it('is 0 where an observation moves the whole domain alike', () => {
    const shift = bo.gpCondition(bo.constantKernel(2), [[0], [1]], [0, 1], { noise: 0.3 });
    expect(bo.knowledgeGradientDiscrete(shift, [0.5], { domain, includeX: false }).value).toBeCloseTo(0, 12);
  });
});

describe('noisy expected improvement of decision theory', () => {
  it('without noise is expected improvement over the observed best', () => {
    const exact = bo.gpCondition(kernel, X, [0.3, -0.4, 0.9], { noise: 1e-12 });
    for (const x of [0.2, 0.5, 0.68, 0.9]) {
      const ei = bo.expectedImprovement(exact, [x], { best: 0.9 }).value;
      expect(bo.noisyExpectedImprovement(exact, [x]).value).toBeCloseTo(ei, 7);
    }
  });

  it('has the gradient of its value, for either direction', () => {
    for (const maximize of [true, false]) {
      for (const x of [0.05, 0.3, 0.6, 0.9]) {
        const numeric =
          (bo.noisyExpectedImprovement(noisy, [x + 1e-6], { maximize }).value -
            bo.noisyExpectedImprovement(noisy, [x - 1e-6], { maximize }).value) /
          2e-6;
        const { gradient } = bo.noisyExpectedImprovement(noisy, [x], { maximize });
        expect(Math.abs(gradient[0] - numeric)).toBeLessThan(1e-5);
      }
    }
  });
});

describe('augmented expected improvement', () => {
  it('discounts known points, has the gradient of its value, and is EI without noise', () => {
    for (const maximize of [true, false]) {
      for (const x of [0.05, 0.3, 0.6, 0.9]) {
        const f = (y: number) => bo.augmentedExpectedImprovement(noisy, [y], { maximize });
        const numeric = (f(x + 1e-6).value - f(x - 1e-6).value) / 2e-6;
        expect(Math.abs(f(x).gradient[0] - numeric)).toBeLessThan(1e-5);
      }
    }
    const exact = bo.gpCondition(kernel, X, [0.3, -0.4, 0.9], { noise: 0 });
    const ei = bo.expectedImprovement(exact, [0.6], { best: 0.9 }).value;
    expect(bo.augmentedExpectedImprovement(exact, [0.6]).value).toBeCloseTo(ei, 9);
  });
});

describe('the continuous knowledge gradient', () => {
  const bounds = [[0, 1]] as const;

  it('one-shot: the gradient is that of the joint objective', () => {
    for (const maximize of [true, false]) {
      const objective = bo.oneShotKnowledgeGradient(noisy, { fantasies: 4, bestMean: 0.8, maximize });
      expectGradient(objective, Float64Array.of(0.5, 0.7, 0.72, 0.74, 0.2), 1e-5);
    }
  });

  it('finds a point as good as the best of a fine grid', () => {
    const rng = createRng(1);
    const { x, value } = bo.knowledgeGradient(noisy, bounds, { rng, fantasies: 8, restarts: 2 });
    const fine = Array.from({ length: 101 }, (_, i) => [i / 100]);
    const onGrid = fine.map(
      (point) => bo.knowledgeGradientDiscrete(noisy, point, { domain: fine, includeX: false }).value,
    );
    expect(value).toBeGreaterThan(0.95 * Math.max(...onGrid));
    expect(bo.knowledgeGradientDiscrete(noisy, x, { domain: fine, includeX: false }).value).toBeGreaterThan(
      0.9 * Math.max(...onGrid),
    );
    // The hybrid form is exact on its set and the set holds a grid: close from below.
    const hybrid = bo.hybridKnowledgeGradient(noisy, x, bounds, { rng }).value;
    expect(hybrid).toBeGreaterThan(0.97 * value);
    expect(hybrid).toBeLessThan(1.03 * value);
  });

  it.each([0.15, 0.4, 0.55, 0.72])('the hybrid form has the gradient of its value at %s', (x) => {
    for (const maximize of [true, false]) {
      const at = (u: number) =>
        bo.hybridKnowledgeGradient(noisy, [u], bounds, { rng: createRng(3), fantasies: 32, maximize });
      const { gradient, value } = at(x);
      const h = 1e-4;
      const quotient = (at(x + h).value - at(x - h).value) / (2 * h);
      // The maximizers move too; with 32 of them what that adds is below a hundredth of the value per length-scale.
      expect(Math.abs(gradient[0] - quotient)).toBeLessThan(0.05 * value + 0.02 * Math.abs(quotient));
    }
  });

  it('by stochastic gradients comes near it', () => {
    const { value } = bo.knowledgeGradientSgd(noisy, bounds, {
      rng: createRng(2),
      starts: 4,
      steps: 30,
      replications: 500,
    });
    const fine = Array.from({ length: 41 }, (_, i) => [i / 40]);
    const best = Math.max(
      ...fine.map((point) => bo.knowledgeGradientDiscrete(noisy, point, { domain: fine, includeX: false }).value),
    );
    // 500 draws of a value with deviation below 0.5: standard error 0.022 at most.
    expect(value).toBeGreaterThan(best - 0.1);
  });

  it('of q points is at least that of each, and exact for one', () => {
    const one = bo.qKnowledgeGradient(noisy, [[0.5]], { domain, rng: createRng(3) });
    expect(one).toBe(bo.knowledgeGradientDiscrete(noisy, [0.5], { domain, includeX: false }).value);
    const two = bo.qKnowledgeGradient(noisy, [[0.5], [0.9]], { domain, rng: createRng(3), samples: 2048 });
    const other = bo.qKnowledgeGradient(noisy, [[0.9]], { domain, rng: createRng(3) });
    expect(two).toBeGreaterThan(Math.max(one, other) - 0.003);
    expect(two).toBeLessThan(one + other + 0.05);
  });

  it('of q points has the gradient of its value, which is that of fixed samples', () => {
    for (const maximize of [true, false]) {
      for (const q of [1, 2, 3]) {
        const options = { domain, maximize, samples: 64 };
        const batch = bo.qKnowledgeGradientAcquisition(noisy, q, { ...options, rng: createRng(4) });
        const x = Float64Array.of(0.43, 0.71, 0.18).slice(0, q);
        expect(batch.value(x)).toBe(
          bo.qKnowledgeGradient(
            noisy,
            Array.from(x, (u) => [u]),
            { ...options, rng: createRng(4) },
          ),
        );
        expect(batch.value(x)).toBe(batch.value(x));
        expectGradient(batch, x, 1e-5);
      }
    }
  });

  it('of q points refuses bad arguments', () => {
    const make = (q: number, more: object) => () =>
      bo.qKnowledgeGradientAcquisition(noisy, q, { domain, rng: createRng(4), ...more });
    expect(make(0, {})).toThrow(/q/);
    expect(make(2, { samples: 0 })).toThrow(/samples/);
    expect(make(2, { noise: -1 })).toThrow(/noise/);
    expect(make(2, { domain: [] })).toThrow(/domain/);
    expect(() => make(2, {})().value(Float64Array.of(0.1))).toThrow(/x/);
  });

  it('of a cheap fidelity is divided by its cost', () => {
    const two = bo.gpCondition(
      bo.linearTruncatedFidelity({
        fidelityDim: 1,
        unbiased: bo.matern52({ lengthscale: 0.3 }),
        biased: bo.matern52({ lengthscale: 0.5 }),
      }),
      [
        [0.2, 1],
        [0.7, 0.3],
      ],
      [0, 1],
      { noise: 0.01 },
    );
    const target = domain.map(([x]) => [x, 1]);
    const cheap = bo.multiFidelityKnowledgeGradient(two, [0.5, 0.4], { domain: target, cost: 1 });
    const dear = bo.multiFidelityKnowledgeGradient(two, [0.5, 0.4], { domain: target, cost: 4 });
    expect(dear.value).toBeCloseTo(cheap.value / 4, 14);
    expect(cheap.value).toBeGreaterThan(0);
    expect(() => bo.multiFidelityKnowledgeGradient(two, [0.5, 0.4], { domain: target, cost: 0 })).toThrow(/cost/);
  });
});

describe('posteriorCovariance', () => {
  it('is that of gpPredict, with its gradients', () => {
    const rng = createRng(4);
    const gp = bo.gpCondition(
      bo.rbf({ lengthscale: [0.4, 0.6] }),
      Array.from({ length: 6 }, () => [rng(), rng()]),
      Array.from({ length: 6 }, () => sampleNormal(rng)),
      { noise: 0.01 },
    );
    const covariance = bo.posteriorCovariance(gp);
    const [x, z] = [Float64Array.of(0.2, 0.9), Float64Array.of(0.5, 0.4)];
    const joint = bo.gpPredict(gp, [[...x], [...z]], { covariance: true }).covariance;
    const slopes = [new Float64Array(2), new Float64Array(2)] as const;
    expect(covariance(x, z, slopes)).toBeCloseTo(joint[1], 12);
    expect(covariance.withMany({ data: x, rows: 1, columns: 2 })(z)[0]).toBeCloseTo(joint[1], 12);
    for (let k = 0; k < 2; k++) {
      const moved = (p: Float64Array, by: number) => p.map((value, j) => (j === k ? value + by : value));
      const h = 1e-6;
      expect(slopes[0][k]).toBeCloseTo((covariance(moved(x, h), z) - covariance(moved(x, -h), z)) / (2 * h), 7);
      expect(slopes[1][k]).toBeCloseTo((covariance(x, moved(z, h)) - covariance(x, moved(z, -h))) / (2 * h), 7);
    }
  });
});
