// What a run costs and gains: closed forms, brute force, and the counts of runs.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  emptySpeculativeStats,
  expectedTokensFromAcceptances,
  expectedTokensPerRound,
  memoryBoundSpeedup,
  mergeSpeculativeStats,
  operationsFactor,
  optimalGamma,
  type LogitsFn,
  speculativeDecoder,
  speculativeSpeedup,
  speculativeTime,
  summarizeSpeculativeStats,
} from '../../src/decoding/index.js';
import { createRng } from '../../src/random/index.js';

const unit = fc.double({ min: 0, max: 1, noNaN: true });
const gammas = fc.integer({ min: 0, max: 40 });

describe('expected tokens', () => {
  it('is (1 - α^(γ+1)) / (1 - α), γ + 1 at α = 1, and the same from a list of equal acceptances', () => {
    fc.assert(
      fc.property(unit, gammas, (alpha, gamma) => {
        const tokens = expectedTokensPerRound(alpha, gamma);
        expect(expectedTokensFromAcceptances(new Float64Array(gamma).fill(alpha))).toBeCloseTo(tokens, 12);
        if (alpha < 0.99) expect(tokens).toBeCloseTo((1 - alpha ** (gamma + 1)) / (1 - alpha), 10);
      }),
    );
    expect(expectedTokensPerRound(1, 7)).toBe(8);
    // 1 + α + α² + α³ at α = 1 - ε is 4 - 6 ε + O(ε²): the closed form has lost all digits here.
    expect(4 - expectedTokensPerRound(1 - 2 ** -50, 3)).toBe(6 * 2 ** -50);
  });
});

describe('speed-up', () => {
  it('optimalGamma is the first best by trying all', () => {
    fc.assert(
      fc.property(
        unit,
        fc.double({ min: 0, max: 1.5, noNaN: true }),
        fc.integer({ min: 0, max: 20 }),
        (alpha, c, maxGamma) => {
          const all = Array.from({ length: maxGamma + 1 }, (_, gamma) => speculativeSpeedup(alpha, gamma, c));
          const { gamma, speedup } = optimalGamma(alpha, c, { maxGamma });
          expect(speedup).toBe(Math.max(...all));
          expect(gamma).toBe(all.indexOf(speedup));
        },
      ),
    );
  });

  it('some length gains iff α > c, and then one token already gives (1 + α) / (1 + c)', () => {
    fc.assert(
      fc.property(unit, unit, (alpha, c) => {
        fc.pre(Math.abs(alpha - c) > 1e-9);
        expect(optimalGamma(alpha, c).speedup > 1).toBe(alpha > c);
        expect(speculativeSpeedup(alpha, 1, c)).toBeCloseTo((1 + alpha) / (1 + c), 12);
      }),
    );
  });

  it('operations are (γ ĉ + γ + 1) (1 - α) / (1 - α^(γ+1)), and memory-bound time is the draft depth times its size', () => {
    expect(operationsFactor(0.5, 2, 0.1)).toBeCloseTo((0.2 + 3) * (0.5 / (1 - 0.125)), 12);
    expect(memoryBoundSpeedup(2.5, 4, 0)).toBe(2.5);
    expect(memoryBoundSpeedup(2.5, 5, 0.05)).toBeCloseTo(2, 12);
  });

  it('names what is wrong', () => {
    const cases: [() => unknown, string][] = [
      [() => expectedTokensPerRound(1.1, 2), 'alpha must'],
      [() => expectedTokensPerRound(NaN, 2), 'alpha must'],
      [() => expectedTokensPerRound(0.5, -1), 'gamma must'],
      [() => expectedTokensPerRound(0.5, 1.5), 'gamma must'],
      [() => expectedTokensFromAcceptances([0.5, 2]), 'acceptance[1] must'],
      [() => speculativeSpeedup(0.5, 1, -1), 'c must'],
      [() => operationsFactor(0.5, 1, NaN), 'cOps must'],
      [() => optimalGamma(0.5, 0.1, { maxGamma: -1 }), 'maxGamma must'],
      [() => memoryBoundSpeedup(1, 1, -0.1), 'ratio must'],
      [() => speculativeTime({ tokens: 1, discarded: -1, targetCalls: 1, tDraft: 1, tTarget: 1 }), 'discarded must'],
    ];
    for (const [run, message] of cases) {
      expect(run).toThrow(RangeError);
      expect(run).toThrow(message);
    }
  });
});

describe('counts of runs', () => {
  const model =
    (...logits: number[]): LogitsFn =>
    (prefixes) =>
      prefixes.map((prefix) => logits.map((l, i) => l * Math.cos(prefix.length + i)));

  it('the time of a run is that of its draft steps and target calls', () => {
    const decoder = speculativeDecoder({ target: model(1, 2, 3), draft: model(2, 1, 2) });
    const rng = createRng('time');
    let state = decoder.init([0]);
    for (let round = 0; round < 40; round++) state = decoder.round(state, rng, state);
    const { emitted, discarded, targetCalls, drafted } = state.stats;
    const times = { tDraft: 0.25, tTarget: 2 };
    const time = speculativeTime({ tokens: emitted, discarded, targetCalls, ...times });
    expect(time).toBeCloseTo(drafted * times.tDraft + targetCalls * times.tTarget, 12);
    // Also as a cost for each discarded token and each target call, over the time that drafting alone would take.
    expect(time).toBeCloseTo(emitted * 0.25 + discarded * 0.25 + targetCalls * (2 - 0.25), 12);
    expect(summarizeSpeculativeStats(state.stats, times).simulatedSpeedup).toBeCloseTo((emitted * 2) / time, 12);
  });

  it('merging two runs is counting both', () => {
    const decoder = speculativeDecoder({ target: model(1, 2, 3), draft: model(2, 1, 2) });
    const rng = createRng('merge');
    let state = decoder.init([0]);
    let merged = emptySpeculativeStats();
    for (let round = 0; round < 20; round++) {
      state = decoder.round(state, rng, state);
      const alone = decoder.round({ ...decoder.init(state.tokens) }, rng);
      merged = mergeSpeculativeStats(merged, alone.stats);
      expect(merged.rounds).toBe(round + 1);
      expect(merged.testedAt.reduce((a, b) => a + b)).toBe(merged.tested);
    }
    const empty = emptySpeculativeStats();
    expect(mergeSpeculativeStats(merged, empty)).toEqual(merged);
    expect(mergeSpeculativeStats(empty, merged)).toEqual(merged);
    expect(mergeSpeculativeStats(merged, state.stats)).toEqual(mergeSpeculativeStats(state.stats, merged));
    expect(summarizeSpeculativeStats(empty)).toMatchObject({ acceptanceRate: 0, blockEfficiency: 0 });
  });
});
