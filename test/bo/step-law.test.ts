// The Step Law: its range, its fit on tables whose law is known, and what following it costs there.
import fc from 'fast-check';
import { describe, expect, it, test } from 'vitest';
import {
  deepSeekLaw,
  fitStepLaw,
  kaplanLaw,
  optimalPlateau,
  stepLaw,
  stepLawRegret,
  stepLawUncertainty,
  type TrainingRun,
} from '../../src/bo/index.js';
import { createRng, sampleNormal } from '../../src/random/index.js';

const SIZES = [1e8, 2e8, 5e8, 1e9];
const TOKENS = [2e9, 1e10, 1e11];

/** A grid of runs whose loss is a bowl in (ln η, ln B) about the law's point, with `shift` added to ln η. */
function table(shift = 0, steps = [-1, -0.5, 0, 0.5, 1]): TrainingRun[] {
  const runs: TrainingRun[] = [];
  for (const parameters of SIZES) {
    for (const tokens of TOKENS) {
      const law = stepLaw({ nonEmbeddingParams: parameters, tokens });
      for (const u of steps) {
        for (const v of steps) {
          runs.push({
            parameters,
            tokens,
            learningRate: law.learningRate * Math.exp(u + shift),
            batchTokens: law.batchSizeTokens * Math.exp(v),
            loss: 2 + 0.1 * (u * u + (u * v) / 2 + v * v),
          });
        }
      }
    }
  }
  return runs;
}

test('the law is a power law: doubling N or D multiplies by powers of two', () => {
  fc.assert(
    fc.property(
      fc.double({ min: 1e7, max: 1e11, noNaN: true }),
      fc.double({ min: 1e9, max: 1e13, noNaN: true }),
      (N, D) => {
        for (const constants of ['published', 'bootstrapMean'] as const) {
          const [a, b] = constants === 'published' ? [-0.713, 0.307] : [-0.7129221, 0.3074907];
          const at = stepLaw({ nonEmbeddingParams: N, tokens: D }, { constants });
          const wider = stepLaw({ nonEmbeddingParams: 2 * N, tokens: D }, { constants });
          const longer = stepLaw({ nonEmbeddingParams: N, tokens: 2 * D }, { constants });
          expect(wider.learningRate / at.learningRate).toBeCloseTo(2 ** a, 10);
          expect(longer.learningRate / at.learningRate).toBeCloseTo(2 ** b, 10);
          expect(wider.batchSizeTokens).toBe(at.batchSizeTokens);
          expect(at.batchSizeSequences).toBe(at.batchSizeTokens / 2048);
        }
      },
    ),
  );
});

test('outside the fitted range it says so', () => {
  const at = (nonEmbeddingParams: number, tokens: number) => stepLaw({ nonEmbeddingParams, tokens }).extrapolated;
  expect(at(1e9, 1e11)).toBe(false);
  expect(at(1073741824, 1e11)).toBe(false); // the largest released model
  expect(at(6e7, 2e9)).toBe(false);
  expect(at(7e9, 1e11)).toBe(true);
  expect(at(1e9, 1e12)).toBe(true);
  expect(at(5e7, 1e10)).toBe(true);
});

test('bands hold the value, widen away from the middle and with z', () => {
  const band = (N: number, D: number, z = 1.96) => stepLawUncertainty({ nonEmbeddingParams: N, tokens: D }, { z });
  for (const [N, D] of [
    [1e8, 1e10],
    [1e9, 1e11],
    [7e10, 1e13],
  ]) {
    const { learningRate, batchSizeTokens } = band(N, D);
    for (const b of [learningRate, batchSizeTokens]) {
      expect(b.low).toBeLessThan(b.value);
      expect(b.high).toBeGreaterThan(b.value);
      expect(b.high / b.value).toBeCloseTo(b.value / b.low, 10);
    }
    expect(band(N, D, 3).learningRate.high).toBeGreaterThan(learningRate.high);
  }
  const width = (N: number, D: number) => band(N, D).learningRate.high / band(N, D).learningRate.low;
  expect(width(1e11, 1e13)).toBeGreaterThan(width(1e9, 1e11));
  expect(width(4.8e8, 2e10)).toBe(1);
});

describe('the fit', () => {
  test('gives a law back from runs that obey it', () => {
    const fit = fitStepLaw(table(), { bootstrap: 0 });
    expect(fit.rows).toBe(SIZES.length * TOKENS.length);
    [Math.log(1.79), -0.713, 0.307].forEach((c, k) => expect(fit.logLearningRate[k]).toBeCloseTo(c, 8));
    [Math.log(0.58), 0.571].forEach((c, k) => expect(fit.logBatchTokens[k]).toBeCloseTo(c, 8));
    expect(fit.bootstrap).toBeNull();
  });

  test('keeps all runs below the threshold, which a symmetric bowl averages back to the law', () => {
    const fit = fitStepLaw(table(), { bootstrap: 0, threshold: 0.02 });
    expect(fit.rows).toBeGreaterThan(SIZES.length * TOKENS.length);
    expect(fit.logLearningRate[1]).toBeCloseTo(-0.713, 8);
  });

  test('the bootstrap covers the truth under noise, and its spread is that of the regression', () => {
    const rng = createRng('step law');
    const noisy = table().map((run) => ({
      ...run,
      learningRate: run.learningRate * Math.exp(0.2 * sampleNormal(rng)),
    }));
    // thresholds on the loss keep the rows that the noise-free table would keep
    const fit = fitStepLaw(noisy, { bootstrap: 200, threshold: 0.01, rng });
    const { mean, std } = fit.bootstrap!.logLearningRate;
    expect(Math.abs(mean[1] + 0.713)).toBeLessThan(6 * std[1]);
    expect(Math.abs(fit.logLearningRate[1] + 0.713)).toBeLessThan(6 * std[1]);
    // σ² (XᵀX)^-1 with 60 rows of residual deviation about 0.2 to 0.4 in ln N of deviation 0.86
    expect(std[1]).toBeGreaterThan(0.01);
    expect(std[1]).toBeLessThan(0.2);
  });

  test('does not depend on the order of the groups', () => {
    const runs = table();
    const fit = fitStepLaw([...runs].reverse(), { bootstrap: 0 });
    expect(fit.logLearningRate[2]).toBeCloseTo(0.307, 8);
  });
});

describe('the regret of a law', () => {
  test('is zero on the law itself and known off it', () => {
    expect(stepLawRegret(table()).mean).toBe(0);
    // shifted by exactly one step of the grid in ln η: the nearest run has u = -0.5, loss 2 + 0.1 (0.25)
    const { mean, max, groups } = stepLawRegret(table(0.5));
    expect(mean).toBeCloseTo(0.0125, 12);
    expect(max).toBeCloseTo(0.0125, 12);
    expect(groups.length).toBe(SIZES.length * TOKENS.length);
    expect(groups[0].slice(0, 2)).toEqual([1e8, 2e9]);
    expect(groups[1].slice(0, 2)).toEqual([1e8, 1e10]);
  });

  test('takes any law, and the earlier of two runs that are equally near', () => {
    const runs: TrainingRun[] = [
      { parameters: 1, tokens: 1, learningRate: 2, batchTokens: 1, loss: 3 },
      { parameters: 1, tokens: 1, learningRate: 0.5, batchTokens: 1, loss: 2 },
    ];
    expect(stepLawRegret(runs, () => ({ learningRate: 1, batchSizeTokens: 1 })).mean).toBe(0.5);
    expect(stepLawRegret([...runs].reverse(), () => ({ learningRate: 1, batchSizeTokens: 1 })).mean).toBe(0);
  });
});

test('a bowl is convex, a saddle half convex, and holes are left out', () => {
  const axis = [1, 2, 4, 8];
  const grid = (f: (u: number, v: number) => number) => axis.map((_, i) => axis.map((_v, j) => f(i, j)));
  const share = (losses: number[][]) => optimalPlateau({ learningRates: axis, batchSizes: axis, losses });
  expect(share(grid((u, v) => u * u + v * v))).toEqual({ convexShare: 1, differences: 16 });
  expect(share(grid((u, v) => u * u - v * v))).toEqual({ convexShare: 0.5, differences: 16 });
  const hole = grid((u, v) => u * u + v * v);
  hole[1][1] = NaN;
  expect(share(hole).differences).toBe(12);
  expect(optimalPlateau({ learningRates: [1], batchSizes: [1], losses: [[2]] })).toEqual({
    convexShare: 1,
    differences: 0,
  });
});

test('the other laws fall with compute and with size', () => {
  const input = { nonEmbeddingParams: 1e9, tokens: 2e10 };
  const more = { nonEmbeddingParams: 2e9, tokens: 2e10 };
  expect(deepSeekLaw(more).learningRate / deepSeekLaw(input).learningRate).toBeCloseTo(2 ** -0.125, 12);
  expect(deepSeekLaw(more).batchSizeTokens / deepSeekLaw(input).batchSizeTokens).toBeCloseTo(2 ** 0.3271, 12);
  expect(kaplanLaw(input, 3).learningRate - kaplanLaw(more, 3).learningRate).toBeCloseTo(1.395e-4 * Math.LN2, 12);
  expect(kaplanLaw(input, 1).batchSizeTokens).toBe(2e18);
});

const run = table()[0];
it.each<[RegExp, () => unknown]>([
  [/^nonEmbeddingParams must be positive/, () => stepLaw({ nonEmbeddingParams: 0, tokens: 1 })],
  [/^tokens must/, () => stepLaw({ nonEmbeddingParams: 1, tokens: NaN })],
  [/^constants must/, () => stepLaw({ nonEmbeddingParams: 1, tokens: 1 }, { constants: 'mine' as never })],
  [/^sequenceLength must/, () => stepLaw({ nonEmbeddingParams: 1, tokens: 1 }, { sequenceLength: 0 })],
  [/^z must/, () => stepLawUncertainty({ nonEmbeddingParams: 1, tokens: 1 }, { z: -1 })],
  [/^runs must not be empty/, () => fitStepLaw([], { bootstrap: 0 })],
  [/^runs\[0\]\.loss must be positive/, () => fitStepLaw([{ ...run, loss: 0 }], { bootstrap: 0 })],
  [/^runs must hold near-optimal runs/, () => fitStepLaw([run, run], { bootstrap: 0 })],
  [
    /^runs must hold near-optimal runs/,
    () =>
      fitStepLaw(
        table().filter(({ tokens }) => tokens === 2e9),
        { bootstrap: 0 },
      ),
  ],
  [/^rng is required/, () => fitStepLaw(table())],
  [/^threshold must/, () => fitStepLaw(table(), { threshold: -1, bootstrap: 0 })],
  [/^runs must not be empty/, () => stepLawRegret([])],
  [
    /^learningRates must be increasing/,
    () => optimalPlateau({ learningRates: [2, 1], batchSizes: [1], losses: [[1], [1]] }),
  ],
  [/^losses must have length 1/, () => optimalPlateau({ learningRates: [1], batchSizes: [1], losses: [] })],
  [/^losses\[0\] must have length 2/, () => optimalPlateau({ learningRates: [1], batchSizes: [1, 2], losses: [[1]] })],
  [/^loss must be positive/, () => kaplanLaw({ nonEmbeddingParams: 1 }, 0)],
])('a bad argument is refused: %s', (message, call) => {
  expect(call).toThrow(RangeError);
  expect(call).toThrow(message);
});
