import { describe, expect, it } from 'vitest';
import {
  dpoLoss,
  formatPreferenceReport,
  idealizedRankingAccuracy,
  likelihoodDisplacement,
  parsePreferenceJsonl,
  preferenceMetrics,
  preferenceReport,
  rankingDifficulty,
  type PreferenceBatch,
  type RankingTransitions,
} from '../../../src/preference/index.js';
import { createRng } from '../../../src/random/index.js';

const rng = createRng('report');
const B = 200;
const draw = (low: number, high: number) => Float64Array.from({ length: B }, () => low + (high - low) * rng());
const refChosen = draw(-60, -20);
const refRejected = draw(-60, -20);
const batch: PreferenceBatch = {
  refChosen,
  refRejected,
  policyChosen: refChosen.map((x) => x - 4 * rng()),
  policyRejected: refRejected.map((x) => x - 8 * rng()),
  chosenLengths: draw(5, 50).map(Math.round),
  rejectedLengths: draw(5, 50).map(Math.round),
  agreement: draw(0.3, 1),
};
const report = preferenceReport(batch, { beta: 0.2, hardest: 5 });

describe('preferenceReport', () => {
  it('says what the functions of the module say', () => {
    const metrics = preferenceMetrics(batch, { beta: 0.2 });
    expect(report.pairs).toBe(B);
    expect(report.loss).toBe(dpoLoss(batch, { beta: 0.2 }).loss);
    expect(report.rewardAccuracy).toBe(metrics.rewardAccuracy);
    expect(report.rankingAccuracy).toBe(metrics.rankingAccuracy);
    expect(report.rankingAccuracyNormalized).toBe(metrics.rankingAccuracyNormalized);
    expect(report.refRankingAccuracy).toBe(metrics.refRankingAccuracy);
    const agreement = batch.agreement as Float64Array;
    const ideal = idealizedRankingAccuracy({ refChosen, refRejected, agreement }, { beta: 0.2 }).accuracy;
    expect(report.idealized?.accuracy).toBe(ideal);
    expect(report.idealized?.gap).toBe(ideal - report.rankingAccuracy);
    const moved = likelihoodDisplacement({
      chosenBefore: refChosen,
      chosenAfter: batch.policyChosen,
      rejectedBefore: refRejected,
      rejectedAfter: batch.policyRejected,
    });
    expect(report.displacement?.fraction).toBe(moved.displacedFraction);
    expect(report.margin.mean).toBeCloseTo(metrics.meanMargin, 14);
    expect(report.margin.quartiles.slice().sort((a, b) => a - b)).toEqual(report.margin.quartiles);
    const { correctToCorrect, correctToIncorrect, incorrectToCorrect, incorrectToIncorrect } =
      report.transitions as RankingTransitions;
    expect(correctToCorrect + correctToIncorrect + incorrectToCorrect + incorrectToIncorrect).toBe(B);
    expect((correctToCorrect + incorrectToCorrect) / B).toBeCloseTo(report.rankingAccuracy, 14);
  });

  it('a hard pair is learned iff its loss is at most the threshold; the hardest come first', () => {
    const { hardest, right, easy, hard } = report.difficulty as NonNullable<typeof report.difficulty>;
    expect(right + easy + hard).toBe(B);
    expect(hardest).toHaveLength(5);
    const { refLogRatio } = rankingDifficulty(refChosen, refRejected, { beta: 0.2 });
    expect(hardest[0].refLogRatio).toBe(Math.max(...refLogRatio));
    const all = preferenceReport(batch, { beta: 0.2, hardest: B }).difficulty?.hardest ?? [];
    for (const { loss, lossThreshold, learned, pair } of all) {
      expect(learned).toBe(loss <= lossThreshold);
      expect(refRejected[pair]).toBeGreaterThan(refChosen[pair]);
    }
  });

  it('length: margins that are the difference of lengths have rank correlation 1, and a warning', () => {
    const chosenLengths = [4, 9, 2, 7];
    const rejectedLengths = [5, 5, 5, 5];
    const policyChosen = chosenLengths.map((x) => x - 20);
    const { length, warnings } = preferenceReport({
      policyChosen,
      policyRejected: [-15, -15, -15, -15],
      chosenLengths,
      rejectedLengths,
    });
    expect(length?.correlation).toBeCloseTo(1, 14);
    expect(length?.meanDifference).toBe(0.5);
    expect([length?.accuracyChosenLonger, length?.accuracyChosenShorter]).toEqual([1, 0]);
    expect(warnings.join()).toContain('margins follow length');
    const flat = preferenceReport({
      policyChosen: [-1],
      policyRejected: [-2],
      chosenLengths: [3],
      rejectedLengths: [3],
    });
    expect(flat.length).toEqual({ meanDifference: 0 });
  });

  it('what the data cannot tell is absent', () => {
    const bare = preferenceReport({ policyChosen: [-1, -5], policyRejected: [-2, -3] });
    for (const part of [
      'refRankingAccuracy',
      'idealized',
      'transitions',
      'displacement',
      'difficulty',
      'length',
      'overOptimization',
    ]) {
      expect(part in bare, part).toBe(false);
    }
    expect([bare.rewardAccuracy, bare.warnings]).toEqual([0.5, []]);
  });

  it('warns of displacement, of reward accuracy that hides rankings, and of the signals of over-optimization', () => {
    const history = [1, 2, 3, 2.5, 2, 1.5].map((entropy, i) => ({ entropy, mass: 0.9 - i / 20 }));
    const { warnings, overOptimization } = preferenceReport(
      { refChosen: [-30, -30], refRejected: [-20, -21], policyChosen: [-31, -31], policyRejected: [-24, -25] },
      { history },
    );
    expect(overOptimization).toEqual({ entropyTurned: true, massFalling: true, maxEntropyAt: 2, maxMassAt: 0 });
    expect(warnings).toHaveLength(4);
    expect(warnings[0]).toBe('100.0 % of the chosen responses became less likely while their margin grew');
    expect(warnings[1]).toBe(
      'reward accuracy 100.0 % hides a ranking accuracy of 0.0 % (the perfect minimizer: 100.0 %)',
    );
  });

  it('leaves out pairs of probability 0, and lists them', () => {
    const infinite = {
      ...batch,
      policyRejected: Float64Array.from(batch.policyRejected, (x, i) => (i === 3 ? -Infinity : x)),
    };
    const partial = preferenceReport(infinite);
    expect([partial.pairs, partial.excluded]).toEqual([B - 1, [3]]);
    expect(partial.warnings[0]).toContain('1 pairs');
    expect(() => preferenceReport({ policyChosen: [-Infinity], policyRejected: [-1] })).toThrow(/^data hold no pair/);
  });

  it('reads a log: lines are named, other records are skipped', () => {
    const row = (n: number) => ({
      prompt: `p${n}`,
      chosen: 'a',
      rejected: 'b',
      chosen_logps: -9,
      rejected_logps: -8 - n,
      ref_chosen_logps: -12,
      ref_rejected_logps: -10,
      chosen_len: 3 + n,
      rejected_len: 4,
    });
    const text = [row(0), { prompt: 'p', completion: 'c', label: true }, row(1)]
      .map((x) => JSON.stringify(x))
      .join('\n\n');
    const { difficulty, pairs } = preferenceReport(parsePreferenceJsonl(text).records);
    expect(pairs).toBe(2);
    expect(difficulty?.hardest.map(({ line, pair }) => [line, pair])).toEqual([
      [1, 0],
      [5, 1],
    ]);
    expect(() => preferenceReport(parsePreferenceJsonl('{"chosen":"a","rejected":"b"}').records)).toThrow(
      'line 1: "chosen_logps" is missing',
    );
    expect(() => preferenceReport([])).toThrow(/^records must not be empty/);
    expect(() => preferenceReport(batch, { agreement: 0.5 })).toThrow(/^agreement/);
    expect(() => preferenceReport(batch, { beta: 0 })).toThrow(/^beta/);
  });

  it('prints as text', () => {
    const text = formatPreferenceReport(preferenceReport(batch, { hardest: 1, history: [{ entropy: 1, mass: 1 }] }));
    for (const word of [
      '200 pairs, beta 0.1',
      'reward accuracy',
      'idealized',
      'flipped',
      'displaced',
      'wrong by',
      'length difference',
      'entropy not turned',
    ]) {
      expect(text).toContain(word);
    }
    expect(text).not.toMatch(/NaN|undefined/);
    expect(
      formatPreferenceReport(preferenceReport({ policyChosen: [-1], policyRejected: [-2] })).split('\n'),
    ).toHaveLength(5);
  });
});
