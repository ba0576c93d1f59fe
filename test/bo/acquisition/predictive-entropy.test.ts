import { describe, expect, it } from 'vitest';
import * as bo from '../../../src/bo/index.js';
import { cholesky } from '../../../src/linalg/index.js';
import { createRng, sampleNormal } from '../../../src/random/index.js';

const box = [
  [0, 1],
  [0, 1],
] as const;
const data = { X: [[0.1], [0.45], [0.8]], y: [0.2, 0.5, -0.3] };

describe('a process given where its optimum is', () => {
  it('has the moments of draws that meet the same conditions, by rejection', () => {
    const l = 0.25;
    const noise = 0.01;
    const gp = bo.gpCondition(bo.rbf({ lengthscale: l }), data.X, data.y, { noise });
    const place = 0.6;
    const yMax = 0.5;
    const S = 200000;
    // Derivatives of k(a, b) = exp(-(a - b)²/(2ℓ²)) by Hermite polynomials: ∂_a^i ∂_b^j k = (-1)^i ℓ^-(i+j) He_(i+j)(u) k.
    const he = [
      () => 1,
      (u: number) => u,
      (u: number) => u * u - 1,
      (u: number) => u ** 3 - 3 * u,
      (u: number) => u ** 4 - 6 * u * u + 3,
    ];
    const k = (a: number, i: number, b: number, j: number) => {
      const u = (a - b) / l;
      return ((-1) ** i * he[i + j](u) * Math.exp(-0.5 * u * u)) / l ** (i + j);
    };
    for (const x of [0.52, 0.7, 0.95]) {
      // Observations first, then f′(x*), f(x*), f″(x*), f(x): conditioning is a partial Cholesky factorization.
      const at: [number, number][] = [[0.1, 0], [0.45, 0], [0.8, 0], [place, 1], [place, 0], [place, 2], [x, 0]]; // prettier-ignore
      const K = Float64Array.from(
        at.flatMap(([a, i], r) => at.map(([b, j], c) => k(a, i, b, j) + (r === c && r < 3 ? noise : 0))),
      );
      expect(cholesky(K, 7)).toBe(-1);
      const e = new Float64Array(7);
      const known = [...data.y, 0];
      for (let r = 0; r < 4; r++) {
        e[r] = known[r];
        for (let c = 0; c < r; c++) e[r] -= K[r * 7 + c] * e[c];
        e[r] /= K[r * 7 + r];
      }
      const rng = createRng('rejection', x);
      let [n, first, second] = [0, 0, 0];
      for (let s = 0; s < S; s++) {
        for (let r = 4; r < 7; r++) e[r] = sampleNormal(rng);
        const [fStar, curvature, fx] = [4, 5, 6].map((r) => {
          let value = 0;
          for (let c = 0; c <= r; c++) value += K[r * 7 + c] * e[c];
          return value;
        });
        if (curvature > 0 || fx > fStar || fStar < yMax + Math.sqrt(noise) * sampleNormal(rng)) continue;
        n += 1;
        first += fx;
        second += fx * fx;
      }
      const mean = first / n;
      const variance = second / n - mean * mean;
      const given = bo.momentsGivenOptimum(gp, [x], [place]);
      expect(given.converged).toBe(true);
      // Sampling at a false alarm of 1e-9: variance to 6.1 √(2/n) < 6.1%, mean to 6.1/√n < 4.4% of a deviation. The
      // approximation's own error is what is left of 10%.
      expect(n).toBeGreaterThan(20000);
      expect(Math.abs(given.variance / variance - 1)).toBeLessThan(0.1);
      expect(Math.abs(given.mean - mean)).toBeLessThan(0.1 * Math.sqrt(variance));
    }
  }, 20000);

  /** Root mean square error over the grid, in nats, of E[½ ln Var(f(x) | x*)] against draws grouped by their argmax. */
  function errors(gp: bo.GpState, grid: number[][], S: number, least: number, variants: bo.OptimumConditionOptions[]) {
    const noise = 0.01;
    const G = grid.length;
    const draws = bo.gpSample(gp, grid, S, createRng('argmax'));
    const groups: number[][] = grid.map(() => []);
    for (let s = 0; s < S; s++) {
      let top = 0;
      for (let j = 1; j < G; j++) if (draws[s * G + j] > draws[s * G + top]) top = j;
      groups[top].push(s);
    }
    const kept = groups.flatMap((members, i) => (members.length >= least ? [{ members, place: grid[i] }] : []));
    const total = kept.reduce((sum, { members }) => sum + members.length, 0);
    const squares = variants.map(() => 0);
    const step = Math.ceil(G / 40);
    for (let j = 0; j < G; j += step) {
      let exact = 0;
      const found = variants.map(() => 0);
      for (const { members, place } of kept) {
        const weight = members.length / total;
        const mean = members.reduce((sum, s) => sum + draws[s * G + j], 0) / members.length;
        const spread = members.reduce((sum, s) => sum + (draws[s * G + j] - mean) ** 2, 0);
        exact += 0.5 * weight * Math.log(spread / (members.length - 1) + noise);
        variants.forEach((options, v) => {
          const { variance } = bo.momentsGivenOptimum(gp, grid[j], place, options);
          found[v] += 0.5 * weight * Math.log(variance + noise);
        });
      }
      found.forEach((value, v) => (squares[v] += (value - exact) ** 2 / Math.ceil(G / step)));
    }
    expect(total).toBeGreaterThan(0.8 * S);
    return squares.map(Math.sqrt);
  }

  it.each([
    ['rbf', bo.rbf({ lengthscale: 0.2 })],
    ['matern52', bo.matern52({ lengthscale: 0.3 })],
  ])(
    'what it says about entropies is near that of whole draws by their argmax, for %s',
    (_, kernel) => {
      const gp = bo.gpCondition(kernel, data.X, data.y, { noise: 0.01 });
      const grid = Array.from({ length: 31 }, (__, i) => [i / 30]);
      const [local, values] = errors(gp, grid, 20000, 300, [
        { bounds: [[0, 1]] },
        { bounds: [[0, 1]], conditions: 'values' },
      ]);
      // Of 0.3 to 0.6 nats at stake.
      expect(local).toBeLessThan(0.06);
      expect(local).toBeLessThan(0.5 * values);
    },
    20000,
  );

  it('in the plane, where most optima are on a side of the box, it needs the box', () => {
    const rng = createRng('d', 1);
    const X = Array.from({ length: 6 }, () => [rng(), rng()]);
    const y = X.map(() => 1.5 * (rng() - 0.5));
    const gp = bo.gpCondition(bo.matern52({ lengthscale: 0.5 }), X, y, { noise: 0.01 });
    const grid = Array.from({ length: 121 }, (_, i) => [Math.floor(i / 11) / 10, (i % 11) / 10]);
    const [inBox, free, anywhere, values] = errors(gp, grid, 12000, 100, [
      { bounds: box },
      { bounds: box, offDiagonal: 'free' },
      {},
      { conditions: 'values' },
    ]);
    // Of 0.4 nats at stake.
    expect(inBox).toBeLessThan(0.03);
    expect(free).toBeLessThan(0.03);
    expect(inBox).toBeLessThan(0.7 * anywhere);
    expect(inBox).toBeLessThan(0.8 * values);
  }, 20000);

  it('is level at an interior optimum, and falls away from one on a side of the box', () => {
    const gp = bo.gpCondition(bo.rbf({ lengthscale: 0.3 }), data.X, data.y, { noise: 1e-4 });
    const slope = (at: number, place: number, bounds?: [[number, number]]) => {
      const mean = (x: number) => bo.momentsGivenOptimum(gp, [x], [place], bounds && { bounds }).mean;
      return (mean(at + 1e-3) - mean(at - 1e-3)) / 2e-3;
    };
    // Up to the rounding of f(x) - f(x*), of which the truncation takes the square root.
    expect(Math.abs(slope(0.6, 0.6))).toBeLessThan(0.03);
    expect(Math.abs(slope(1, 1))).toBeLessThan(0.03);
    expect(slope(0.99, 1, [[0, 1]])).toBeGreaterThan(0.1);
    expect(slope(0.01, 0, [[0, 1]])).toBeLessThan(-0.1);
  });

  it('without data knows that x* is level and curved, and no more', () => {
    const gp = bo.gpCondition(bo.rbf({ lengthscale: 0.3 }), [], []);
    const { mean, variance } = bo.momentsGivenOptimum(gp, [0.5], [0.5]);
    expect(mean).toBeGreaterThan(0);
    expect(variance).toBeLessThan(1);
    // Far away only C3 is felt: f(x) < f(x*) for two independent values.
    expect(bo.momentsGivenOptimum(gp, [50], [0.5]).mean).toBeLessThan(0);
  });
});

const plane = {
  X: [
    [0.1, 0.3],
    [0.5, 0.8],
    [0.9, 0.2],
    [0.4, 0.4],
  ],
  y: [0.2, -0.6, 0.7, 0.4],
};
const optima = [{ x: [0.8, 0.35] }, { x: [0.2, 0.6] }, { x: [1, 0.45] }];

const models: Record<string, bo.GpState> = {
  'matern52, ARD': bo.gpCondition(bo.matern52({ lengthscale: [0.4, 0.6] }), plane.X, plane.y, { noise: 0.01 }),
  'scaled rbf, linear mean': bo.gpCondition(bo.scaleKernel(2, bo.rbf({ lengthscale: 0.5 })), plane.X, plane.y, {
    noise: 0.02,
    mean: { type: 'linear', coefficients: [0.1, 0.5, -0.4] },
  }),
  'product and sum': bo.gpCondition(
    bo.sumKernel(
      bo.productKernel(
        bo.matern52({ lengthscale: 0.5, activeDims: [0] }),
        bo.rationalQuadratic({ lengthscale: 0.6, alpha: 2, activeDims: [1] }),
      ),
      bo.linearKernel({ variance: 0.3 }),
    ),
    plane.X,
    plane.y,
    { noise: [0.01, 0.02, 0.03, 0.04] },
  ),
  'without data': bo.gpCondition(bo.rbf({ lengthscale: 0.4 }), [], []),
};

describe.each(Object.entries(models))('predictive entropy search, %s', (_, gp) => {
  it.each([
    {},
    { maximize: false },
    { bounds: box },
    { offDiagonal: 'free' as const },
    { conditions: 'values' as const },
    { noise: 0 },
  ])('gradient is that of central differences, and the value positive: %o', (options) => {
    const acquisition = bo.predictiveEntropyAcquisition(gp, { optima, ...options });
    const rng = createRng('points');
    for (let t = 0; t < 6; t++) {
      const x = Float64Array.of(rng(), rng());
      const gradient = new Float64Array(2);
      const value = acquisition.value(x, gradient);
      expect(value).toBeGreaterThanOrEqual(-1e-12);
      expect(acquisition.value(x)).toBe(value);
      for (let k = 0; k < 2; k++) {
        const [up, down] = [1e-5, -1e-5].map((h) => acquisition.value(x.map((v, i) => (i === k ? v + h : v))));
        expect(Math.abs((up - down) / 2e-5 - gradient[k])).toBeLessThan(2e-5 * (1 + Math.abs(gradient[k])));
      }
    }
  });

  it('a minimum is the maximum of the negative', () => {
    const mean =
      typeof gp.mean === 'number' ? -gp.mean : { ...gp.mean, coefficients: gp.mean.coefficients.map((c) => -c) };
    const X = Array.from({ length: gp.n }, (__, i) => [...gp.X.slice(i * gp.d, (i + 1) * gp.d)]);
    const turned = bo.gpCondition(gp.kernel, X, gp.y.map((v) => -v), { noise: gp.noise, mean }); // prettier-ignore
    const up = bo.predictiveEntropySearch(gp, [0.6, 0.5], { optima });
    const down = bo.predictiveEntropySearch(turned, [0.6, 0.5], { optima, maximize: false });
    expect(down.value).toBeCloseTo(up.value, 12);
    expect(down.gradient[0]).toBeCloseTo(up.gradient[0], 10);
  });
});

describe('predictive entropy search', () => {
  const gp = models['matern52, ARD'];

  it('does not depend on the units of the values, nor of the coordinates', () => {
    const value = bo.predictiveEntropySearch(gp, [0.6, 0.5], { optima }).value;
    const tall = bo.gpCondition(
      bo.scaleKernel(1e6, gp.kernel),
      plane.X,
      plane.y.map((v) => 1e3 * v),
      { noise: 1e4 },
    );
    expect(bo.predictiveEntropySearch(tall, [0.6, 0.5], { optima }).value).toBeCloseTo(value, 8);
    const wide = bo.gpCondition(
      bo.matern52({ lengthscale: [400, 6e-4] }),
      plane.X.map(([a, b]) => [1e3 * a, 1e-3 * b]),
      plane.y,
      { noise: 0.01 },
    );
    const moved = optima.map(({ x: [a, b] }) => ({ x: [1e3 * a, 1e-3 * b] }));
    expect(bo.predictiveEntropySearch(wide, [600, 5e-4], { optima: moved }).value).toBeCloseTo(value, 8);
  });

  it('is less far from everything than beside the optima', () => {
    const far = bo.predictiveEntropySearch(gp, [40, 40], { optima }).value;
    expect(far).toBeLessThan(bo.predictiveEntropySearch(gp, [0.7, 0.4], { optima }).value);
  });

  it('is next to nothing where the value is known, and finite at the optimum itself', () => {
    const exact = bo.gpCondition(bo.matern52({ lengthscale: 0.4 }), plane.X, plane.y, { noise: 1e-10 });
    const at = (x: number[]) => bo.predictiveEntropySearch(exact, x, { optima, noise: 1e-3 });
    expect(at(plane.X[0]).value).toBeLessThan(1e-6);
    for (const h of [0, 1e-9, 1e-7, 1e-5, 1e-3]) {
      const { value, gradient } = at([0.8 + h, 0.35]);
      expect(Number.isFinite(value) && gradient.every(Number.isFinite)).toBe(true);
      expect(Math.abs(value - at([0.8, 0.35]).value)).toBeLessThan(0.3);
    }
  });

  it('drives an optimizer to the minimum of a valley', () => {
    const unit = [[0, 1]] as const;
    const { best, state } = bo.minimizeBayesian(
      ({ x }) => Math.sin(5 * (x as number)) + (x as number),
      bo.searchSpace({ x: bo.real(0, 2) }),
      {
        evaluations: 12,
        nInitial: 4,
        rng: createRng('valley'),
        model: { deterministic: true },
        search: { rawSamples: 32, restarts: 2, maxIterations: 15 },
        acquisition: ({ gp: process, rng }) => {
          const gp = process as bo.GpState;
          const optima = bo.sampleOptima(gp, unit, 8, rng);
          return bo.predictiveEntropyAcquisition(gp, { optima, bounds: unit, noise: 1e-4 });
        },
      },
    );
    expect(state.trials.length).toBe(12);
    // 5 cos 5x = -1 at x = (2π - arccos(-1/5))/5 = 0.9022.
    expect(best!.config.x as number).toBeCloseTo((2 * Math.PI - Math.acos(-0.2)) / 5, 1);
  });

  it('rough kernels are told so, and do without derivatives on request', () => {
    const rough = bo.gpCondition(bo.matern32({ lengthscale: 0.4 }), plane.X, plane.y, { noise: 0.01 });
    expect(() => bo.predictiveEntropySearch(rough, [0.5, 0.5], { optima })).toThrow(/kernel.*matern32.*'values'/);
    expect(bo.predictiveEntropySearch(rough, [0.5, 0.5], { optima, conditions: 'values' }).value).toBeGreaterThan(0);
  });

  it.each([
    ['optima', { optima: [] }],
    ['optima\\[1\\].x', { optima: [{ x: [0, 0] }, { x: [0] }] }],
    ['optima\\[0\\].x', { optima: [{ x: [NaN, 0] }] }],
    ['noise', { optima, noise: -1 }],
    ['conditions', { optima, conditions: 'all' as 'local' }],
    ['offDiagonal', { optima, offDiagonal: 'one' as 'zero' }],
    ['bounds', { optima, bounds: [[0, 1]] as [number, number][] }],
    ['bounds\\[1\\]', { optima, bounds: [[0, 1], [1, 0]] as [number, number][] }], // prettier-ignore
  ])('refuses bad %s', (name, options) => {
    expect(() => bo.predictiveEntropySearch(gp, [0.5, 0.5], options)).toThrow(new RegExp(`^${name}`));
  });

  it('refuses a point of another dimension', () => {
    expect(() => bo.predictiveEntropySearch(gp, [0.5], { optima })).toThrow(/^x/);
  });
});
