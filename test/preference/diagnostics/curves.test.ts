import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  bcoPairLoss,
  distinctNgrams,
  dpoLoss,
  gradientNormRatio,
  overOptimizationMonitor,
  polyfit2,
  rewardKLFrontier,
  rpoLoss,
  topKDiagnostics,
  topKDiagnosticsRows,
} from '../../../src/preference/index.js';
import { decodeState, encodeState } from '../../../src/state/index.js';

const finite = (low: number, high: number) => fc.double({ min: low, max: high, noNaN: true });

describe('topKDiagnostics', () => {
  it('agrees with sorting the probabilities', () => {
    fc.assert(
      fc.property(fc.array(finite(-8, 8), { minLength: 1, maxLength: 30 }), fc.integer({ min: 1, max: 12 }), (x, k) => {
        const total = x.reduce((sum, v) => sum + Math.exp(v), 0);
        const p = x
          .map((v) => Math.exp(v) / total)
          .sort((a, b) => b - a)
          .slice(0, k);
        const mass = p.reduce((a, b) => a + b, 0);
        const raw = -p.reduce((sum, q) => sum + q * Math.log2(q), 0);
        const shared = -p.reduce((sum, q) => sum + (q / mass) * Math.log2(q / mass), 0);
        expect(topKDiagnostics(x, { k }).mass).toBeCloseTo(mass, 12);
        expect(topKDiagnostics(x, { k }).entropy).toBeCloseTo(shared, 11);
        expect(topKDiagnostics(x, { k, renormalize: false }).entropy).toBeCloseTo(raw, 11);
        expect(topKDiagnostics(x, { k, base: Math.E }).entropy).toBeCloseTo(shared * Math.LN2, 11);
      }),
      { numRuns: 200 },
    );
  });

  it('a certain token has entropy 0, equal ones log₂ k, and -Infinity is a token that cannot come', () => {
    expect(topKDiagnostics([0, -Infinity, -Infinity])).toEqual({ entropy: 0, mass: 1 });
    expect(topKDiagnostics(new Float64Array(64)).entropy).toBeCloseTo(Math.log2(10), 14);
    expect(topKDiagnostics([1000, -1000])).toEqual({ entropy: 0, mass: 1 });
  });

  it('rows: masked positions count for nothing', () => {
    const rows = [
      [0, 0, 3],
      [9, 9, 9],
      [1, 2, 0],
    ];
    const { meanEntropy, meanMass, entropies } = topKDiagnosticsRows(rows, { k: 2, mask: [true, false, true] });
    const single = [rows[0], rows[2]].map((row) => topKDiagnostics(row, { k: 2 }));
    expect(meanEntropy).toBeCloseTo((single[0].entropy + single[1].entropy) / 2, 15);
    expect(meanMass).toBeCloseTo((single[0].mass + single[1].mass) / 2, 15);
    expect(entropies[1]).toBe(0);
  });

  it.each([
    [() => topKDiagnostics([]), 'logits must not be empty'],
    [() => topKDiagnostics([0, NaN]), 'logits[1]'],
    [() => topKDiagnostics([-Infinity]), 'must not all be -Infinity'],
    [() => topKDiagnostics([0], { k: 0 }), 'k must be'],
    [() => topKDiagnostics([0], { base: 1 }), 'base must be above 1'],
    [() => topKDiagnosticsRows([[0]], { mask: [0] }), 'mask must leave'],
    [() => topKDiagnosticsRows([[0]], { mask: [1, 1] }), 'mask must have length 1'],
  ])('bad argument %#', (call, message) => {
    expect(call).toThrow(message);
  });
});

describe('overOptimizationMonitor', () => {
  const play = (values: number[], options = {}) => {
    const monitor = overOptimizationMonitor(options);
    let state = monitor.init();
    return values.map((x) => (state = monitor.update(state, { entropy: x, mass: 1 - x / 10 })).entropyTurned);
  };

  it('fires after `patience` records below the running maximum, and a new maximum takes the signal back', () => {
    expect(play([1, 2, 1.9, 1.8, 1.7, 3], { patience: 2 })).toEqual([false, false, false, true, true, false]);
    expect(play([1, 2, 1.9, 1.8, 1.7], { patience: 2, minDelta: 0.25 })).toEqual([false, false, false, false, false]);
    expect(play([1, 1, 1], { patience: 1 })).toEqual([false, false, false]);
  });

  it('watches the mass by the same rule', () => {
    const monitor = overOptimizationMonitor({ patience: 1 });
    let state = monitor.update(monitor.init(), { entropy: 1, mass: 0.9 });
    state = monitor.update(state, { entropy: 2, mass: 0.8 });
    expect([state.massFalling, state.entropyTurned, state.maxMassAt]).toEqual([true, false, 0]);
  });

  it('leaves its state alone, works in place, and resumes', () => {
    const monitor = overOptimizationMonitor({ patience: 2 });
    let fresh = monitor.init();
    const inPlace = monitor.init();
    let resumed = monitor.init();
    for (const entropy of [1, 3, 2, 1]) {
      const before = { ...fresh };
      const next = monitor.update(fresh, { entropy, mass: 0.5 });
      expect(fresh).toEqual(before);
      fresh = next;
      expect(monitor.update(inPlace, { entropy, mass: 0.5 }, inPlace)).toBe(inPlace);
      resumed = monitor.update(decodeState(encodeState(resumed)), { entropy, mass: 0.5 });
    }
    expect(inPlace).toEqual(fresh);
    expect(resumed).toEqual(fresh);
    expect(fresh.entropyTurned).toBe(true);
    expect(() => monitor.update(fresh, { entropy: NaN, mass: 1 })).toThrow('entropy');
    expect(() => overOptimizationMonitor({ patience: 0 })).toThrow('patience');
  });
});

describe('distinctNgrams', () => {
  it('counts n-grams over all sequences together', () => {
    const { distinct, distinctMean } = distinctNgrams([['a', 'b', 'a'], ['a', 'b'], ['c']], { maxN: 4 });
    expect(Array.from(distinct)).toEqual([3 / 6, 2 / 3, 1, 0]);
    expect(distinctMean).toBeCloseTo((0.5 + 2 / 3 + 1) / 3, 15);
  });

  it('tokens that would join to the same text stay apart', () => {
    expect(
      distinctNgrams(
        [
          ['a b', 'c'],
          ['a', 'b c'],
        ],
        { maxN: 2 },
      ).distinct[1],
    ).toBe(1);
    expect(
      distinctNgrams(
        [
          [1, 11],
          [11, 1],
        ],
        { maxN: 2 },
      ).distinct[1],
    ).toBe(1);
  });

  it('the adjusted form tends to the plain one for a large vocabulary, and is near 1 for uniform tokens', () => {
    const text = Array.from({ length: 400 }, (_, i) => (i * 7919 + ((i * i) % 97)) % 50);
    const huge = distinctNgrams([text], { vocabSize: 2 ** 40, maxN: 30 });
    huge.ead!.forEach((x, n) => expect(x).toBeCloseTo(huge.distinct[n], 6));
    expect(distinctNgrams([text], { vocabSize: 50, maxN: 1 }).ead![0]).toBeCloseTo(1, 2);
    expect(distinctNgrams([[0, 0, 0]], { vocabSize: 1, maxN: 2 }).ead).toEqual(Float64Array.of(1, 1));
  });

  it.each([
    [() => distinctNgrams([[]]), 'at least one token'],
    [() => distinctNgrams([[1]], { maxN: 0 }), 'maxN'],
    [() => distinctNgrams([[1, 2]], { vocabSize: 1 }), 'vocabSize must be at least the 2'],
  ])('bad argument %#', (call, message) => {
    expect(call).toThrow(message);
  });
});

describe('training curves', () => {
  it('no point of a run dominates a point of the frontier', () => {
    fc.assert(
      fc.property(
        fc.array(fc.tuple(fc.integer({ min: 0, max: 6 }), fc.integer({ min: 0, max: 6 })), { minLength: 1 }),
        (points) => {
          const [kl, rewards] = [points.map(([x]) => x), points.map(([, y]) => y)];
          const frontier = Array.from(rewardKLFrontier(kl, rewards));
          const beats = (i: number, j: number) =>
            kl[i] <= kl[j] && rewards[i] >= rewards[j] && (kl[i] < kl[j] || rewards[i] > rewards[j]);
          points.forEach((_, j) => {
            const beaten = points.some((__, i) => beats(i, j));
            const twin = points.findIndex(([x, y]) => x === kl[j] && y === rewards[j]) < j;
            expect(frontier.includes(j)).toBe(!beaten && !twin);
          });
        },
      ),
      { numRuns: 200 },
    );
  });

  it('polyfit2 leaves residuals that are orthogonal to 1, x and x²', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(finite(-0.1, 0.1), finite(-3, 3)), { minLength: 3, maxLength: 20 }), (points) => {
        const [x, y] = [points.map(([a], i) => a + 0.3 * i - 2), points.map(([, b]) => b)];
        const { coefficients: c, rSquared } = polyfit2(x, y);
        const e = x.map((v, i) => y[i] - c[0] - c[1] * v - c[2] * v * v);
        for (const power of [0, 1, 2]) {
          expect(Math.abs(e.reduce((sum, r, i) => sum + r * x[i] ** power, 0))).toBeLessThan(1e-9);
        }
        expect(rSquared).toBeGreaterThan(-1e-12);
        expect(rSquared).toBeLessThan(1 + 1e-12);
      }),
      { numRuns: 100 },
    );
  });

  it('polyfit2 finds the turning point, far from the origin too', () => {
    const x = [0, 1, 2, 3, 4].map((v) => v + 1e4);
    const { vertex, rSquared, coefficients } = polyfit2(
      x,
      x.map((v) => 3 - (v - 1e4 - 2.5) ** 2),
    );
    expect(vertex).toBeCloseTo(1e4 + 2.5, 8);
    expect(coefficients[2]).toBeCloseTo(-1, 10);
    expect(rSquared).toBeCloseTo(1, 12);
    expect(polyfit2([0, 1, 2], [5, 5, 5])).toEqual({ coefficients: [5, 0, 0], rSquared: 1 });
    expect(() => polyfit2([0, 1, 1], [0, 1, 2])).toThrow('three different');
    expect(() => polyfit2([0, 1, 2], [0, 1])).toThrow('y must have length 3');
  });

  it('gradientNormRatio is 1 for DPO, above 1 where NLL is added, and below 1 past the anchor', () => {
    const batch = { policyChosen: [-3, -9], policyRejected: [-4, -2], chosenLengths: [3, 3], rejectedLengths: [4, 4] };
    expect(Array.from(gradientNormRatio(dpoLoss(batch)))).toEqual([1, 1]);
    gradientNormRatio(rpoLoss(batch)).forEach((x) => expect(x).toBeGreaterThan(1));
    const bco = bcoPairLoss({ policyChosen: [5], policyRejected: [-1] }, { beta: 1 });
    expect(gradientNormRatio(bco)[0]).toBeLessThan(1);
    expect(Array.from(gradientNormRatio(dpoLoss({ policyChosen: [0], policyRejected: [-Infinity] })))).toEqual([1]);
    expect(gradientNormRatio({ gradChosen: Float64Array.of(1), gradRejected: Float64Array.of(0) })[0]).toBe(Infinity);
  });
});
