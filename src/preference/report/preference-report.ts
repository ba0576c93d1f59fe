// One look at a training run on pairs: what it learned, what it moved, and what should worry.
//
//   quantity                      from
//   rewards, margins, loss        R. Rafailov et al., arXiv:2305.18290
//   ranking, idealized, hard      A. Chen et al., arXiv:2405.19534
//   displacement                  N. Razin et al., arXiv:2410.08847
//   entropy and mass of top k     Z. Shi et al., arXiv:2410.11677

import { checkInteger, checkOptionNames, checkPositive } from '../../internal/check.js';
import { spearman } from '../../stats/correlation.js';
import { quantile } from '../../stats/moments.js';
import { toPairBatch, type PreferenceBatch } from '../data/convert-records.js';
import type { PairwiseRecord, PreferenceRecord } from '../data/preference-records.js';
import { alignmentGap, idealizedRankingAccuracyRange } from '../diagnostics/idealized-ranking.js';
import { likelihoodDisplacement } from '../diagnostics/likelihood-displacement.js';
import { overOptimizationMonitor, type TopKDiagnostics } from '../diagnostics/over-optimization.js';
import { preferenceMetrics } from '../diagnostics/preference-metrics.js';
import { rankingDifficulty, rankingTransitions, type RankingTransitions } from '../diagnostics/ranking-difficulty.js';
import { dpoLoss } from '../losses/dpo.js';
import { arraySize } from '../losses/pair-batch.js';

export interface PreferenceReportOptions {
  /** β of the implicit rewards. Default 0.1. */
  beta?: number;
  /** Agreement of raters where the data have none, in (0.5, 1]. Default 1. */
  agreement?: number;
  /** Hard pairs to list. Default 10. */
  hardest?: number;
  /** Entropy and mass over the most likely tokens at every checkpoint, oldest first, as `topKDiagnostics` gives them. */
  history?: readonly TopKDiagnostics[];
  /** Checkpoints in a row below the maximum that raise a signal. Default 3. */
  patience?: number;
}

const NAMES = { beta: true, agreement: true, hardest: true, history: true, patience: true } satisfies Record<
  keyof PreferenceReportOptions,
  true
>;

/** A pair that the reference ranks wrongly. */
export interface HardPair {
  /** Index among the pairs of the data, and line of the file where known. */
  pair: number;
  line?: number;
  /** c = log π_ref(y_l) - log π_ref(y_w), and the DPO loss at which the ranking turns right, -log σ(βc). */
  refLogRatio: number;
  lossThreshold: number;
  /** The DPO loss now, and whether the policy ranks the pair correctly, which it does iff loss <= lossThreshold. */
  loss: number;
  learned: boolean;
}

export interface PreferenceReport {
  beta: number;
  /** Pairs that entered the figures. */
  pairs: number;
  /** Indices of pairs left out, as one of their log-probabilities is -Infinity. */
  excluded: number[];
  /** Mean DPO loss. */
  loss: number;
  /** Share with a higher implicit reward for the chosen response. */
  rewardAccuracy: number;
  /** Mean and quartiles of the margins of the implicit rewards. */
  margin: { mean: number; quartiles: [number, number, number] };
  /** Share whose chosen response is at least as likely, which is not the reward accuracy. */
  rankingAccuracy: number;
  rankingAccuracyNormalized?: number;
  /** What follows needs reference log-probabilities. */
  refRankingAccuracy?: number;
  /** Ranking accuracy of the perfect minimizer at this β, the gap to it, and its range over β from 0.01 to 10. */
  idealized?: { accuracy: number; gap: number; min: number; median: number; max: number };
  /** How the rankings changed from the reference to the policy. */
  transitions?: RankingTransitions;
  /** From the reference to the policy: pairs whose chosen response fell although the margin grew, and the mean changes. */
  displacement?: { fraction: number; meanDeltaChosen: number; meanDeltaRejected: number };
  /** How many pairs the reference ranks right, wrongly by less than 1/β ('easy'), or by more; and the hardest of them. */
  difficulty?: { right: number; easy: number; hard: number; hardest: HardPair[] };
  /** With lengths: mean of chosen less rejected, its rank correlation with the margin, reward accuracy by longer side. */
  length?: {
    meanDifference: number;
    /** Absent where all differences or all margins are equal. */
    correlation?: number;
    accuracyChosenLonger?: number;
    accuracyChosenShorter?: number;
  };
  /** With a history: the two signals of over-optimization, and where the curves had their maxima. */
  overOptimization?: { entropyTurned: boolean; massFalling: boolean; maxEntropyAt: number; maxMassAt: number };
  /** Sentences about what should be looked at. */
  warnings: string[];
}

/**
 * Accuracy, margins, ranking accuracy against the idealized one, displacement, hard pairs, length bias and signals of
 * over-optimization, from the records of a log or from arrays.
 *
 * Records that are not pairwise are skipped. What the data cannot tell (no reference, no lengths) is absent. O(B log B).
 *
 * @throws RangeError naming the line and key of a missing log-probability, or if no pair is left; TypeError for an unknown option
 *
 * @example
 * const report = preferenceReport({ policyChosen: [-9], policyRejected: [-8], refChosen: [-12], refRejected: [-10] });
 * [report.rewardAccuracy, report.rankingAccuracy, report.difficulty.easy]; //=> [1, 0, 1]
 */
export function preferenceReport(
  data: readonly PreferenceRecord[] | PreferenceBatch,
  options: PreferenceReportOptions = {},
): PreferenceReport {
  checkOptionNames('options', options, NAMES);
  const beta = checkPositive('beta', options.beta ?? 0.1);
  const hardest = checkInteger('hardest', options.hardest ?? 10, 0);
  const fallback = options.agreement ?? 1;
  if (!(fallback > 0.5 && fallback <= 1)) throw new RangeError(`agreement must be in (0.5, 1], got ${fallback}`);
  const records = isRecords(data) ? data.filter((r): r is PairwiseRecord => r.type === 'pairwise') : undefined;
  const whole: PreferenceBatch = records === undefined ? (data as PreferenceBatch) : toPairBatch(records);
  const { batch, kept, excluded } = finitePairs(whole);
  const n = kept.length;
  const metrics = preferenceMetrics(batch, { beta });
  const { losses, loss } = dpoLoss(batch, { beta });
  const report: PreferenceReport = {
    beta,
    pairs: n,
    excluded,
    loss: loss as number,
    rewardAccuracy: metrics.rewardAccuracy,
    margin: {
      mean: metrics.meanMargin,
      quartiles: [quantile(metrics.margins, 0.25), quantile(metrics.margins, 0.5), quantile(metrics.margins, 0.75)],
    },
    rankingAccuracy: metrics.rankingAccuracy,
    warnings: [],
  };
  if (metrics.rankingAccuracyNormalized !== undefined) {
    report.rankingAccuracyNormalized = metrics.rankingAccuracyNormalized;
  }
  const { policyChosen, policyRejected, refChosen, refRejected, chosenLengths, rejectedLengths } = batch;
  if (refChosen !== undefined && refRejected !== undefined) {
    report.refRankingAccuracy = metrics.refRankingAccuracy as number;
    const agreement = batch.agreement ?? new Float64Array(n).fill(fallback);
    const { idealized, gap } = alignmentGap(batch, agreement, { beta });
    const { min, median, max } = idealizedRankingAccuracyRange({ refChosen, refRejected, agreement });
    report.idealized = { accuracy: idealized, gap, min, median, max };
    report.transitions = rankingTransitions(
      { chosen: refChosen, rejected: refRejected },
      { chosen: policyChosen, rejected: policyRejected },
    );
    const moved = likelihoodDisplacement({
      chosenBefore: refChosen,
      chosenAfter: policyChosen,
      rejectedBefore: refRejected,
      rejectedAfter: policyRejected,
    });
    report.displacement = {
      fraction: moved.displacedFraction,
      meanDeltaChosen: moved.meanDeltaChosen,
      meanDeltaRejected: moved.meanDeltaRejected,
    };
    const { classes, refLogRatio, lossThreshold } = rankingDifficulty(refChosen, refRejected, { beta });
    const wrong = kept.map((_, i) => i).filter((i) => classes[i] !== 'right');
    wrong.sort((a, b) => refLogRatio[b] - refLogRatio[a] || a - b);
    report.difficulty = {
      right: n - wrong.length,
      easy: wrong.filter((i) => classes[i] === 'easy').length,
      hard: wrong.filter((i) => classes[i] === 'hard').length,
      hardest: wrong.slice(0, hardest).map((i) => {
        const line = records?.[kept[i]].line;
        return {
          pair: kept[i],
          ...(line === undefined ? {} : { line }),
          refLogRatio: refLogRatio[i],
          lossThreshold: lossThreshold[i],
          loss: losses[i],
          learned: policyChosen[i] >= policyRejected[i],
        };
      }),
    };
  }
  if (chosenLengths !== undefined && rejectedLengths !== undefined) {
    report.length = lengthBias(chosenLengths, rejectedLengths, metrics.margins);
  }
  const { history } = options;
  if (history !== undefined) {
    const monitor = overOptimizationMonitor({ patience: options.patience ?? 3 });
    const state = history.reduce((before, record) => monitor.update(before, record), monitor.init());
    const { entropyTurned, massFalling, maxEntropyAt, maxMassAt } = state;
    report.overOptimization = { entropyTurned, massFalling, maxEntropyAt, maxMassAt };
  }
  report.warnings = warningsOf(report);
  return report;
}

/** Shares at which a warning is given. */
const DISPLACED = 0.5;
const LENGTH_CORRELATION = 0.3;

function warningsOf(report: PreferenceReport): string[] {
  const { excluded, displacement, length, overOptimization, rewardAccuracy, rankingAccuracy, idealized } = report;
  const warnings: string[] = [];
  if (excluded.length > 0)
    warnings.push(`${excluded.length} pairs have a log-probability of -Infinity and were left out`);
  if (displacement !== undefined && displacement.fraction > DISPLACED) {
    warnings.push(
      `${percent(displacement.fraction)} of the chosen responses became less likely while their margin grew`,
    );
  }
  if (idealized !== undefined && rewardAccuracy - rankingAccuracy > 0.1) {
    warnings.push(
      `reward accuracy ${percent(rewardAccuracy)} hides a ranking accuracy of ${percent(rankingAccuracy)} (the perfect minimizer: ${percent(idealized.accuracy)})`,
    );
  }
  if (length?.correlation !== undefined && length.correlation > LENGTH_CORRELATION) {
    warnings.push(
      `margins follow length: rank correlation ${length.correlation.toFixed(2)} with the difference in length`,
    );
  }
  if (overOptimization?.entropyTurned === true) warnings.push('entropy over the most likely tokens has turned down');
  if (overOptimization?.massFalling === true) warnings.push('the mass of the most likely tokens is falling');
  return warnings;
}

function isRecords(data: readonly PreferenceRecord[] | PreferenceBatch): data is readonly PreferenceRecord[] {
  return Array.isArray(data);
}

/** The pairs whose log-probabilities are all above -Infinity, and the indices of both parts. */
function finitePairs(whole: PreferenceBatch): { batch: PreferenceBatch; kept: number[]; excluded: number[] } {
  const n = arraySize('policyChosen', whole.policyChosen);
  const kept: number[] = [];
  const excluded: number[] = [];
  for (let i = 0; i < n; i++) {
    const { policyChosen, policyRejected, refChosen, refRejected } = whole;
    const zero = [policyChosen, policyRejected, refChosen, refRejected].some((x) => x?.[i] === -Infinity);
    (zero ? excluded : kept).push(i);
  }
  if (excluded.length === 0) return { batch: whole, kept, excluded };
  if (kept.length === 0) throw new RangeError('data hold no pair whose log-probabilities are finite');
  const batch = Object.fromEntries(
    Object.entries(whole as unknown as Record<string, ArrayLike<number> | undefined>)
      .filter(([, values]) => values !== undefined)
      .map(([name, values]) => [name, Float64Array.from(kept, (i) => (values as ArrayLike<number>)[i])]),
  ) as unknown as PreferenceBatch;
  return { batch, kept, excluded };
}

function lengthBias(
  chosen: ArrayLike<number>,
  rejected: ArrayLike<number>,
  margins: Float64Array,
): NonNullable<PreferenceReport['length']> {
  const n = margins.length;
  const differences = Float64Array.from({ length: n }, (_, i) => chosen[i] - rejected[i]);
  let total = 0;
  const right = [0, 0];
  const count = [0, 0];
  for (let i = 0; i < n; i++) {
    total += differences[i];
    if (differences[i] === 0) continue;
    const side = differences[i] > 0 ? 0 : 1;
    count[side] += 1;
    if (margins[i] > 0) right[side] += 1;
  }
  const length: NonNullable<PreferenceReport['length']> = { meanDifference: total / n };
  const varies = (x: Float64Array) => x.some((value) => value !== x[0]);
  if (varies(differences) && varies(margins)) length.correlation = spearman(differences, margins);
  if (count[0] > 0) length.accuracyChosenLonger = right[0] / count[0];
  if (count[1] > 0) length.accuracyChosenShorter = right[1] / count[1];
  return length;
}

/** A share as a percentage. */
export function percent(x: number): string {
  return `${(100 * x).toFixed(1)} %`;
}
