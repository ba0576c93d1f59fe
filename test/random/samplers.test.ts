// Continuous samplers against their distribution functions, at the ends of the uniforms, and by the count of draws.
import { describe, expect, it } from 'vitest';
import {
  createRng,
  sampleBeta,
  sampleCategorical,
  sampleDirichlet,
  sampleExponential,
  sampleGamma,
  sampleGumbel,
  sampleIndex,
  sampleLaplace,
  sampleLogGamma,
  sampleNormal,
  sampleNormalInBall,
  samplePermutation,
  sampleStudentT,
  sampleTruncatedNormal,
  sampleWithoutReplacement,
} from '../../src/random/index.js';
import { betaInc, gammaP, normalCdf } from '../../src/special/index.js';
import { counted, expectCounts, expectFit, scripted } from '../support/fit.js';
import { hoeffdingTolerance } from '../support/statistics.js';

const N = 60_000;
const LAST = 1 - 2 ** -53;

describe('sampleNormal', () => {
  it('has the normal distribution function', () => {
    const rng = createRng('normal');
    const edges = [-3, -2, -1.5, -1, -0.6, -0.3, 0, 0.3, 0.6, 1, 1.5, 2, 3];
    expectFit(() => sampleNormal(rng), N, edges, normalCdf);
  });

  it('takes an even number of uniforms, 8/π on average', () => {
    const { rng, calls } = counted(createRng('normal count'));
    for (let i = 0; i < N; i++) sampleNormal(rng);
    expect(calls() % 2).toBe(0);
    // Pairs are geometric with success π/4: mean 4/π, variance (1 - π/4)/(π/4)² = 0.348; six sigma.
    expect(Math.abs(calls() / (2 * N) - 4 / Math.PI)).toBeLessThan(6.2 * Math.sqrt(0.348 / N));
  });

  it('survives the ends of the uniforms and the centre of the square', () => {
    // (0, 0) maps to (-1, -1), (1/2, 1/2) to the centre, both outside the open ring; then (3/4, 1/2): s = 1/4.
    expect(sampleNormal(scripted([0, 0, 0.5, 0.5, LAST, LAST, 0.75, 0.5]))).toBeCloseTo(
      0.5 * Math.sqrt(-2 * Math.log(0.25) * 4),
      14,
    );
  });
});

describe('sampleNormalInBall', () => {
  it('is the normal vector given that its norm is at most the radius: χ² below the cut', () => {
    const rng = createRng('ball');
    const n = 3;
    const cut = gammaP(n / 2, n / 2);
    expectFit(
      () => sampleNormalInBall(n, rng).reduce((s, z) => s + z * z, 0),
      20_000,
      [0.3, 0.6, 1, 1.4, 1.8, 2.2, 2.6],
      (x) => gammaP(n / 2, x / 2) / cut,
    );
  });

  it('rejects a radius that is not positive', () => {
    expect(() => sampleNormalInBall(2, createRng(1), { radius: 0 })).toThrow(RangeError);
    expect(() => sampleNormalInBall(0, createRng(1))).toThrow(/^n must/);
  });
});

describe('exponential, Gumbel, Laplace', () => {
  it('are the inverses of their distribution functions', () => {
    for (const u of [2 ** -53, 1e-9, 0.1, 0.5, 0.9, LAST]) {
      expect(1 - Math.exp(-sampleExponential(() => u))).toBeCloseTo(u, 15);
      expect(Math.exp(-Math.exp(-sampleGumbel(() => u)))).toBeCloseTo(u, 15);
      const x = sampleLaplace(2, () => u);
      expect(x < 0 ? Math.exp(x / 2) / 2 : 1 - Math.exp(-x / 2) / 2).toBeCloseTo(u, 15);
    }
  });

  it('stay finite at both ends of the uniforms', () => {
    expect(sampleExponential(() => 0)).toBe(0);
    expect(
      Object.is(
        sampleExponential(() => 0),
        0,
      ),
    ).toBe(true);
    expect(sampleExponential(() => LAST)).toBeCloseTo(53 * Math.LN2, 12);
    expect(sampleGumbel(() => 0)).toBeCloseTo(-Math.log(53 * Math.LN2), 12);
    expect(sampleGumbel(() => LAST)).toBeCloseTo(53 * Math.LN2, 12);
    expect(Number.isFinite(sampleLaplace(1, () => 0))).toBe(true);
    expect(Number.isFinite(sampleLaplace(1, () => LAST))).toBe(true);
  });
});

describe('sampleGamma', () => {
  it.each([0.1, 0.5, 0.999, 1, 2.5, 30, 1e4, 1e12])(
    'with shape %d has the regularized incomplete gamma function',
    (a) => {
      const rng = createRng('gamma', a);
      // Edges near the deciles, from the Wilson-Hilferty cube; below shape 1 by powers.
      const z = [-1.3, -0.8, -0.5, -0.25, 0, 0.25, 0.5, 0.8, 1.3];
      const edges =
        a < 1
          ? [0.05, 0.2, 0.35, 0.5, 0.65, 0.8, 0.9].map((p) => (p * a) ** (1 / a))
          : z.map((t) => a * (1 - 1 / (9 * a) + t / (3 * Math.sqrt(a))) ** 3);
      expectFit(
        () => sampleGamma(a, rng),
        30_000,
        edges,
        a > 1e6 ? (x) => normalCdf(3 * Math.sqrt(a) * (Math.cbrt(x / a) - 1 + 1 / (9 * a))) : (x) => gammaP(a, x),
      );
    },
  );

  it('at shape 1e-3 underflows to 0 as often as the law says, while its logarithm stays finite', () => {
    const rng = createRng('tiny gamma');
    // P(X < x) = x^a / Γ(1 + a) to first order: ln X below -L has probability exp(-a L) / Γ(1 + a).
    const scale = 1 / 0.9994237724845954; // 1/Γ(1.001), from a table at 40 digits
    expectFit(
      () => sampleLogGamma(1e-3, rng),
      N,
      [-3000, -2000, -1500, -1000, -700, -400, -200, -100],
      (x) => scale * Math.exp(1e-3 * x),
    );
    expect(sampleGamma(1e-3, createRng(5))).toBe(Math.exp(sampleLogGamma(1e-3, createRng(5))));
  });

  it('takes about 3.6 uniforms for shape >= 1', () => {
    const { rng, calls } = counted(createRng('gamma count'));
    for (let i = 0; i < 20_000; i++) sampleGamma(2, rng);
    expect(calls() / 20_000).toBeGreaterThan(3.5);
    expect(calls() / 20_000).toBeLessThan(3.8);
  });

  it.each([0, -1, NaN, Infinity])('rejects shape %d', (shape) => {
    expect(() => sampleGamma(shape, createRng(1))).toThrow(RangeError);
    expect(() => sampleLogGamma(shape, createRng(1))).toThrow(/^shape must/);
  });
});

describe('sampleBeta', () => {
  it.each([
    [1, 1],
    [2, 6],
    [0.5, 1.5],
    [0.3, 0.4],
    [200, 3],
  ])('with (%d, %d) has the regularized incomplete beta function', (a, b) => {
    const rng = createRng('beta', a, b);
    const m = a / (a + b);
    const s = Math.sqrt((m * (1 - m)) / (a + b + 1));
    const edges = [-1.2, -0.7, -0.3, 0, 0.3, 0.7, 1.2].map((t) => m + t * s).filter((x) => x > 0 && x < 1);
    expectFit(
      () => sampleBeta(a, b, rng),
      30_000,
      edges,
      (x) => betaInc(x, a, b),
    );
  });

  it('at (1e-3, 1e-3) splits between the ends and never divides 0 by 0', () => {
    const rng = createRng('tiny beta');
    const draws = Float64Array.from({ length: 20_000 }, () => sampleBeta(1e-3, 1e-3, rng));
    expect(draws.every((x) => x >= 0 && x <= 1)).toBe(true);
    const above = draws.filter((x) => x > 0.5).length / draws.length;
    expect(Math.abs(above - 0.5)).toBeLessThan(hoeffdingTolerance(draws.length));
    const inner = draws.filter((x) => x > 1e-100 && x < 0.5).length / draws.length;
    expect(Math.abs(inner - (0.5 - betaInc(1e-100, 1e-3, 1e-3)))).toBeLessThan(hoeffdingTolerance(draws.length));
  });

  it('names the bad shape', () => {
    expect(() => sampleBeta(0, 1, createRng(1))).toThrow(/^a must/);
    expect(() => sampleBeta(1, Infinity, createRng(1))).toThrow(/^b must/);
  });
});

describe('sampleStudentT', () => {
  it.each([1, 3, 0.7])('with %d degrees of freedom has the incomplete beta distribution function', (df) => {
    const rng = createRng('student', df);
    const cdf = (x: number) => {
      const tail = betaInc(df / (df + x * x), df / 2, 0.5) / 2;
      return x > 0 ? 1 - tail : tail;
    };
    expectFit(() => sampleStudentT(df, rng), 30_000, [-5, -2, -1, -0.4, 0, 0.4, 1, 2, 5], cdf);
  });
});

describe('sampleDirichlet', () => {
  it('has beta margins and sums to one', () => {
    const rng = createRng('dirichlet');
    const alpha = [0.5, 2, 1.5];
    const draws = Array.from({ length: 20_000 }, () => sampleDirichlet(alpha, rng));
    for (const p of draws) expect(Math.abs(p[0] + p[1] + p[2] - 1)).toBeLessThan(1e-15);
    let i = 0;
    expectFit(
      () => draws[i++][1],
      draws.length,
      [0.2, 0.35, 0.5, 0.65, 0.8],
      (x) => betaInc(x, 2, 2),
    );
  });

  it('with shapes 1e-4 is a one-hot vector, uniform over the places', () => {
    const rng = createRng('sparse dirichlet');
    const counts = [0, 0, 0, 0];
    for (let i = 0; i < 4000; i++) {
      const p = sampleDirichlet([1e-4, 1e-4, 1e-4, 1e-4], rng);
      expect(Math.abs(p.reduce((a, b) => a + b) - 1)).toBeLessThan(1e-15);
      counts[p.indexOf(Math.max(...p))] += 1;
    }
    expectCounts(counts, [1000, 1000, 1000, 1000]);
  });

  it('rejects an empty vector and a shape that is not positive', () => {
    expect(() => sampleDirichlet([], createRng(1))).toThrow(/^alpha must/);
    expect(() => sampleDirichlet([1, 0], createRng(1))).toThrow(/^alpha\[1\]/);
  });
});

describe('sampleTruncatedNormal', () => {
  it.each([
    [0, 1, -1, 2],
    [0.5, 0.1, 0, 0.8],
    [0, 1, 3, Infinity],
    [0, 1, -Infinity, -6],
    [2, 0.5, -10, 10],
    [0, 1, -8, -7],
  ])('N(%d, %d²) on [%d, %d] has the truncated distribution function', (mean, sd, low, high) => {
    const rng = createRng('truncated', String(mean), String(low), String(high));
    const mirror = low > mean ? -1 : 1; // distribution functions of the right tail lose their digits
    const a = mirror > 0 ? (low - mean) / sd : -(high - mean) / sd;
    const b = mirror > 0 ? (high - mean) / sd : -(low - mean) / sd;
    const [A, B] = [normalCdf(a), normalCdf(b)];
    const cdf = (x: number) => (normalCdf(x) - A) / (B - A);
    const edges: number[] = [];
    for (let p = 0.1; p < 0.95; p += 0.1) {
      let [l, r] = [Math.max(a, -40), Math.min(b, 40)];
      for (let i = 0; i < 100; i++) {
        const middle = (l + r) / 2;
        if (cdf(middle) < p) l = middle;
        else r = middle;
      }
      edges.push(l);
    }
    expectFit(() => (mirror * (sampleTruncatedNormal(mean, sd, rng, { low, high }) - mean)) / sd, 20_000, edges, cdf);
  });

  it('stays inside and finite at the ends of the uniforms, also forty deviations out', () => {
    for (const [low, high] of [
      [-1, 1],
      [40, 41],
      [-41, -40],
      [38, Infinity],
      [-Infinity, Infinity],
      [-Infinity, -39],
    ]) {
      for (const u of [0, 2 ** -53, 0.5, LAST]) {
        const x = sampleTruncatedNormal(0, 1, () => u, { low, high });
        expect(Number.isFinite(x)).toBe(true);
        expect(x).toBeGreaterThanOrEqual(low);
        expect(x).toBeLessThanOrEqual(high);
      }
    }
    // Given X > 40, X - 40 is close to an exponential of rate 40: the median is near 40 + ln 2 / 40.05.
    expect(sampleTruncatedNormal(0, 1, () => 0.5, { low: 40 })).toBeCloseTo(40 + Math.LN2 / 40.05, 4);
  });

  it('refuses an empty interval', () => {
    expect(() => sampleTruncatedNormal(0, 1, createRng(1), { low: 1, high: 0 })).toThrow(/^low must/);
    expect(() => sampleTruncatedNormal(0, 0, createRng(1))).toThrow(/^sd must/);
    expect(sampleTruncatedNormal(0, 1, createRng(1), { low: 1, high: 1 })).toBe(1);
  });
});

describe('sampleCategorical and sampleIndex', () => {
  it('never draws an index of weight zero, at any uniform', () => {
    for (const u of [0, 2 ** -53, 0.5, LAST]) {
      expect(sampleCategorical([0, 1, 0], () => u)).toBe(1);
      expect([1, 3]).toContain(sampleCategorical([0, 0.1, 0, 0.7, 0], () => u));
    }
  });

  it('draws in proportion to the weights', () => {
    const rng = createRng('categorical');
    const counts = [0, 0, 0, 0];
    for (let i = 0; i < N; i++) counts[sampleCategorical([1, 0, 3, 4], rng)] += 1;
    expectCounts(counts, [N / 8, 0, (3 * N) / 8, N / 2]);
  });

  it('gives integers below n', () => {
    expect(sampleIndex(1, () => LAST)).toBe(0);
    expect(sampleIndex(7, () => LAST)).toBe(6);
    expect(sampleIndex(2 ** 53 - 1, () => LAST)).toBeLessThan(2 ** 53 - 1);
    expect(() => sampleIndex(0, () => 0)).toThrow(/^n must/);
  });
});

describe('samplePermutation and sampleWithoutReplacement', () => {
  it('reach each order of four exactly once over the grid of their uniforms', () => {
    // The shuffle is a bijection between (j_3, j_2, j_1) and the 24 orders: enumeration, not statistics.
    const seen = new Set<string>();
    const seenPairs = new Map<string, number>();
    for (let a = 0; a < 4; a++) {
      for (let b = 0; b < 3; b++) {
        for (let c = 0; c < 2; c++) {
          seen.add(samplePermutation(4, scripted([(a + 0.5) / 4, (b + 0.5) / 3, (c + 0.5) / 2])).join());
        }
        const pair = sampleWithoutReplacement(4, 2, scripted([(a + 0.5) / 4, (b + 0.5) / 3])).join();
        seenPairs.set(pair, (seenPairs.get(pair) ?? 0) + 1);
      }
    }
    expect(seen.size).toBe(24);
    expect(seenPairs.size).toBe(12);
    expect([...seenPairs.keys()].every((pair) => pair[0] !== pair[2])).toBe(true);
  });

  it('draws the same subset by the dense and by the sparse way', () => {
    // n = 16 k is dense, n = 16 k + 1 sparse; the uniforms are scaled so that both touch the same places.
    for (let seed = 0; seed < 50; seed++) {
      const k = 5;
      const places = Array.from({ length: k }, (_, i) => i + Math.floor(createRng(seed, i)() * (16 * k - i)));
      const uniforms = (n: number) => scripted(places.map((j, i) => (j - i + 0.5) / (n - i)));
      expect(sampleWithoutReplacement(16 * k, k, uniforms(16 * k))).toEqual(
        sampleWithoutReplacement(16 * k + 1, k, uniforms(16 * k + 1)),
      );
    }
  });

  it('handles nothing and everything', () => {
    expect(samplePermutation(0, scripted([]))).toEqual(new Int32Array(0));
    expect(samplePermutation(1, scripted([]))).toEqual(Int32Array.of(0));
    expect(sampleWithoutReplacement(3, 0, scripted([]))).toEqual(new Int32Array(0));
    expect(sampleWithoutReplacement(5, 5, createRng(1)).sort()).toEqual(Int32Array.of(0, 1, 2, 3, 4));
    expect(() => sampleWithoutReplacement(3, 4, createRng(1))).toThrow(/^k must/);
  });
});
