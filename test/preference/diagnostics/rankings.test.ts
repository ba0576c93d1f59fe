import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  alignmentGap,
  dpoLoss,
  idealizedRankingAccuracy,
  idealizedRankingAccuracyRange,
  ipoLoss,
  preferenceMetrics,
  rankingAccuracyK,
  rankingDifficulty,
  rankingTransitions,
  rewardMargins,
} from '../../../src/preference/index.js';

const finite = (low: number, high: number) => fc.double({ min: low, max: high, noNaN: true });
const logProbs = (n: number) => fc.array(finite(-60, 0), { minLength: n, maxLength: n });

describe('preferenceMetrics', () => {
  it('reward accuracy and margins are those of DPO', () => {
    fc.assert(
      fc.property(logProbs(5), logProbs(5), logProbs(5), logProbs(5), finite(0.01, 2), (pw, pl, rw, rl, beta) => {
        const batch = { policyChosen: pw, policyRejected: pl, refChosen: rw, refRejected: rl };
        const metrics = preferenceMetrics(batch, { beta });
        const loss = dpoLoss(batch, { beta });
        expect(metrics.rewardAccuracy).toBe(loss.accuracy);
        metrics.chosenRewards.forEach((r, i) => expect(r).toBeCloseTo(loss.chosenRewards[i], 12));
        expect(metrics.meanMargin).toBeCloseTo(loss.margin, 10);
      }),
      { numRuns: 100 },
    );
  });

  it('a tie counts as ranked correctly and not as rewarded', () => {
    const batch = { policyChosen: [-3], policyRejected: [-3], refChosen: [-2], refRejected: [-2] };
    expect(preferenceMetrics(batch)).toMatchObject({ rewardAccuracy: 0, rankingAccuracy: 1, refRankingAccuracy: 1 });
  });

  it('per token a longer response can be the likelier one', () => {
    const batch = { policyChosen: [-10], policyRejected: [-6], chosenLengths: [10], rejectedLengths: [3] };
    expect(preferenceMetrics(batch)).toMatchObject({ rankingAccuracy: 0, rankingAccuracyNormalized: 1 });
    expect(preferenceMetrics(batch).refRankingAccuracy).toBeUndefined();
  });

  it.each([
    [{ policyChosen: [], policyRejected: [] }, 'policyChosen must not be empty'],
    [{ policyChosen: [-1], policyRejected: [-1, -2] }, 'policyRejected must have length 1'],
    [{ policyChosen: [NaN], policyRejected: [-1] }, 'policyChosen[0] is NaN'],
    [{ policyChosen: [-1], policyRejected: [-1], refChosen: [-1] }, 'refChosen and refRejected'],
    [{ policyChosen: [-1], policyRejected: [-1], chosenLengths: [1] }, 'chosenLengths and rejectedLengths'],
    [{ policyChosen: [-1], policyRejected: [-1], chosenLengths: [0], rejectedLengths: [1] }, 'chosenLengths[0]'],
    [{ policyChosen: [-Infinity], policyRejected: [-Infinity] }, 'pair 0'],
  ])('bad argument %#', (batch, message) => {
    expect(() => preferenceMetrics(batch)).toThrow(message);
  });

  it('rankingAccuracyK is the fraction of concordant pairs, ties among the correct', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: -5, max: 0 }), { minLength: 2, maxLength: 6 }), (values) => {
        const n = values.length;
        let correct = 0;
        for (let i = 0; i < n; i++) for (let j = i + 1; j < n; j++) if (values[i] >= values[j]) correct += 1;
        expect(rankingAccuracyK([values], [values.map((_, i) => i)])).toBeCloseTo((2 * correct) / (n * (n - 1)), 14);
      }),
    );
    // Two responses: the ranking accuracy of pairs.
    expect(
      rankingAccuracyK(
        [
          [-1, -2],
          [-2, -1],
        ],
        [
          [0, 1],
          [0, 1],
        ],
      ),
    ).toBe(0.5);
    expect(() => rankingAccuracyK([[-1, -2]], [[0, 0]])).toThrow('rankings[0][1] must be a new index');
    expect(() => rankingAccuracyK([[-1]], [[0]])).toThrow('at least one pair');
    expect(() => rankingAccuracyK([[-1]], [])).toThrow('rankings must have length 1');
  });

  it('rewardMargins summarizes the differences', () => {
    expect(rewardMargins([3, 1, 0], [1, 1, 4])).toEqual({
      margins: Float64Array.of(2, 0, -4),
      mean: (2 + 0 - 4) / 3,
      min: -4,
      max: 2,
      accuracy: 1 / 3,
    });
    expect(() => rewardMargins([], [])).toThrow('chosen must not be empty');
    expect(() => rewardMargins([1], [NaN])).toThrow('rejected[0]');
  });
});

describe('idealizedRankingAccuracy', () => {
  const data = fc.record({
    refChosen: logProbs(6),
    refRejected: logProbs(6),
    agreement: fc.array(finite(0.5, 1), { minLength: 6, maxLength: 6 }),
  });

  it('with split raters it is the strict ranking accuracy of the reference, for every β', () => {
    fc.assert(
      fc.property(logProbs(6), logProbs(6), finite(0.001, 20), (refChosen, refRejected, beta) => {
        const agreement = refChosen.map(() => 0.5);
        const strict = refChosen.filter((x, i) => x > refRejected[i]).length / 6;
        expect(idealizedRankingAccuracy({ refChosen, refRejected, agreement }, { beta }).accuracy).toBe(strict);
      }),
      { numRuns: 100 },
    );
  });

  it('does not fall as β falls when the raters lean to the chosen one, and tends to 1', () => {
    fc.assert(
      fc.property(data, (pairs) => {
        const { perBeta, min, max, median } = idealizedRankingAccuracyRange(pairs, [10, 1, 0.1, 0.01, 1e-3]);
        for (let i = 1; i < 5; i++) expect(perBeta[i]).toBeGreaterThanOrEqual(perBeta[i - 1]);
        expect([min, median, max]).toEqual([perBeta[0], perBeta[2], perBeta[4]]);
        const sure = { ...pairs, agreement: pairs.agreement.map((a) => Math.max(a, 0.6)) };
        expect(idealizedRankingAccuracy(sure, { beta: 1e-3 }).accuracy).toBe(1);
      }),
      { numRuns: 100 },
    );
  });

  it('is what the DPO loss with those labels is minimized by', () => {
    // -α log σ(β h) - (1-α) log σ(-β h) is least where β h = logit(α).
    const [alpha, beta, ref] = [0.7, 0.3, { refChosen: [-4], refRejected: [-2] }];
    const { logRatios } = idealizedRankingAccuracy({ ...ref, agreement: [alpha] }, { beta });
    const loss = (ratio: number) =>
      dpoLoss({ policyChosen: [ratio], policyRejected: [0], ...ref }, { beta, labelSmoothing: 1 - alpha }).loss!;
    const best = loss(logRatios[0]);
    for (const step of [-0.1, -1e-3, 1e-3, 0.1]) expect(loss(logRatios[0] + step)).toBeGreaterThan(best);
  });

  it('unanimity is replaced by 1 - eps, and 0 by eps', () => {
    const at = (agreement: number) =>
      idealizedRankingAccuracy({ refChosen: [-1], refRejected: [-1], agreement: [agreement] }, { beta: 1, eps: 0.01 })
        .logRatios[0];
    expect(at(1)).toBeCloseTo(Math.log(99), 12);
    expect(at(0)).toBeCloseTo(-Math.log(99), 12);
  });

  it('the alignment gap is the difference from the observed accuracy', () => {
    const batch = {
      policyChosen: [-5, -5, -5, -5],
      policyRejected: [-6, -4, -4, -4],
      refChosen: [-5, -5, -5, -5],
      refRejected: [-6, -6, -4, -30],
    };
    const gap = alignmentGap(batch, [0.9, 0.9, 0.5, 0.5], { beta: 1 });
    expect(gap).toEqual({ idealized: 0.75, observed: 0.25, gap: 0.5 });
    const { refChosen: _, refRejected: __, ...bare } = batch;
    expect(() => alignmentGap(bare, [1, 1, 1, 1])).toThrow('refChosen and refRejected are required');
  });

  it.each([
    [{ refChosen: [-1], refRejected: [-1], agreement: [1.1] }, {}, 'agreement[0]'],
    [{ refChosen: [-1], refRejected: [-1], agreement: [-0.1] }, {}, 'agreement[0]'],
    [{ refChosen: [-1], refRejected: [-1], agreement: [] }, {}, 'agreement must have length 1'],
    [{ refChosen: [], refRejected: [], agreement: [] }, {}, 'refChosen must not be empty'],
    [{ refChosen: [-1], refRejected: [-Infinity], agreement: [1] }, {}, 'refRejected[0]'],
    [{ refChosen: [-1], refRejected: [-1], agreement: [1] }, { beta: 0 }, 'beta'],
    [{ refChosen: [-1], refRejected: [-1], agreement: [1] }, { eps: 0.5 }, 'eps must be below 0.5'],
    [{ refChosen: [-1], refRejected: [-1], agreement: [1] }, { lengthNormalize: true }, 'chosenLengths is required'],
  ])('bad argument %#', (pairs, options, message) => {
    expect(() => idealizedRankingAccuracy(pairs, options)).toThrow(message);
  });
});

describe('rankingDifficulty', () => {
  it('a pair is ranked correctly exactly when its DPO loss is at most the threshold', () => {
    fc.assert(
      fc.property(finite(-30, 30), finite(-30, 30), finite(0.01, 1), (c, gap, beta) => {
        fc.pre(Math.abs(gap) >= 1e-6 && Math.abs(beta * c) <= 30);
        const ref = { refChosen: [-50], refRejected: [-50 + c] };
        const { lossThreshold } = rankingDifficulty(ref.refChosen, ref.refRejected, { beta });
        const { losses } = dpoLoss({ policyChosen: [-60 + gap], policyRejected: [-60], ...ref }, { beta });
        expect(losses[0] <= lossThreshold[0]).toBe(gap > 0);
      }),
      { numRuns: 500 },
    );
  });

  it('the thresholds of the paper at β = 0.1', () => {
    const c = [-10, 0, 10, 50, 100];
    const { lossThreshold } = rankingDifficulty(
      c.map(() => -200),
      c.map((x) => x - 200),
      { beta: 0.1 },
    );
    [1.313262, 0.693147, 0.313262, 0.006715, 0.0000454].forEach((expected, i) =>
      expect(Math.abs(lossThreshold[i] - expected)).toBeLessThan(5e-7),
    );
  });

  it('where the reference is right a DPO loss of ln 2 or less means a right ranking', () => {
    fc.assert(
      fc.property(
        logProbs(1),
        logProbs(1),
        finite(-60, 0),
        finite(0, 40),
        finite(0.01, 1),
        (pw, pl, rw, lead, beta) => {
          const ref = { refChosen: [rw], refRejected: [rw - lead] };
          const { losses } = dpoLoss({ policyChosen: pw, policyRejected: pl, ...ref }, { beta });
          fc.pre(losses[0] <= 0.6);
          expect(pw[0]).toBeGreaterThanOrEqual(pl[0]);
        },
      ),
      { numRuns: 300 },
    );
  });

  it('IPO at its threshold has equal likelihoods, and zero loss beyond reach means a wrong ranking', () => {
    const beta = 0.2;
    const refRejected = [-10 + 1, -10 + 2.5, -10 + 4];
    const refChosen = [-10, -10, -10];
    const { ipoLossThreshold, ipoReachable } = rankingDifficulty(refChosen, refRejected, { beta });
    expect(ipoReachable).toEqual([true, true, false]);
    const equal = ipoLoss(
      { policyChosen: [-7, -7, -7], policyRejected: [-7, -7, -7], refChosen, refRejected },
      { beta, normalize: 'sum' },
    );
    expect(equal.losses[0]).toBeCloseTo(ipoLossThreshold[0], 12);
    expect(Array.from(ipoLossThreshold.subarray(1))).toEqual([0, 0]);
    // h = 1/(2β) = 2.5 is the minimum; with c = 4 the chosen response is then less likely by 1.5.
    const minimum = ipoLoss(
      { policyChosen: [-7], policyRejected: [-5.5], refChosen: [-10], refRejected: [-6] },
      { beta, normalize: 'sum' },
    );
    expect(minimum.losses[0]).toBe(0);
  });

  it('classifies by the distance to flip, and gamma scales the reference', () => {
    const { classes, refLogRatio } = rankingDifficulty([-5, -5, -5], [-9, -2, 20 - 5], { beta: 0.1, gamma: 0.5 });
    expect(Array.from(refLogRatio)).toEqual([-2, 1.5, 10]);
    expect(classes).toEqual(['right', 'easy', 'hard']);
    expect(rankingDifficulty([-5], [-Infinity], { gamma: 0 }).refLogRatio[0]).toBe(0);
  });

  it.each([
    [() => rankingDifficulty([], []), 'refChosen must not be empty'],
    [() => rankingDifficulty([-1], [-1, -1]), 'refRejected must have length 1'],
    [() => rankingDifficulty([-Infinity], [-Infinity]), 'both -Infinity'],
    [() => rankingDifficulty([-1], [-1], { beta: NaN }), 'beta'],
    [() => rankingTransitions({ chosen: [-1], rejected: [-1] }, { chosen: [-1], rejected: [] }), 'after.rejected'],
  ])('bad argument %#', (call, message) => {
    expect(call).toThrow(message);
  });

  it('transitions count every pair once', () => {
    fc.assert(
      fc.property(logProbs(7), logProbs(7), logProbs(7), logProbs(7), (a, b, c, d) => {
        const t = rankingTransitions({ chosen: a, rejected: b }, { chosen: c, rejected: d });
        expect(t.correctToCorrect + t.correctToIncorrect + t.incorrectToCorrect + t.incorrectToIncorrect).toBe(7);
        const right = (x: number[], y: number[]) => x.filter((v, i) => v >= y[i]).length;
        expect(t.correctToCorrect + t.correctToIncorrect).toBe(right(a, b));
        expect(t.correctToCorrect + t.incorrectToCorrect).toBe(right(c, d));
      }),
      { numRuns: 100 },
    );
  });
});
