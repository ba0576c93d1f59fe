// A report on a training run as text.

import { percent, type PreferenceReport } from './preference-report.js';

/**
 * The report as lines of text.
 *
 * @example
 * formatPreferenceReport(preferenceReport({ policyChosen: [-1], policyRejected: [-2] })).split('\n')[0]; //=> '1 pairs, beta 0.1'
 */
export function formatPreferenceReport(report: PreferenceReport): string {
  const lines: string[] = [];
  const add = (name: string, text: string) => lines.push(`${name.padEnd(22)}${text}`);
  const [low, middle, high] = report.margin.quartiles;
  lines.push(`${report.pairs} pairs, beta ${report.beta}`);
  add('DPO loss', report.loss.toFixed(4));
  add('reward accuracy', percent(report.rewardAccuracy));
  add(
    'margin',
    `mean ${report.margin.mean.toFixed(3)}, quartiles ${[low, middle, high].map((x) => x.toFixed(3)).join(', ')}`,
  );
  const perToken = report.rankingAccuracyNormalized;
  add(
    'ranking accuracy',
    percent(report.rankingAccuracy) + (perToken === undefined ? '' : `, per token ${percent(perToken)}`),
  );
  if (report.refRankingAccuracy !== undefined) add('  of the reference', percent(report.refRankingAccuracy));
  const { idealized, transitions, displacement, difficulty, length, overOptimization } = report;
  if (idealized !== undefined) {
    const { accuracy, gap, min, max } = idealized;
    add('  idealized', `${percent(accuracy)} (gap ${percent(gap)}; over beta ${percent(min)} to ${percent(max)})`);
  }
  if (transitions !== undefined) {
    const { incorrectToCorrect, correctToIncorrect } = transitions;
    add('  flipped', `${incorrectToCorrect} to right, ${correctToIncorrect} to wrong`);
  }
  if (displacement !== undefined) {
    const { fraction, meanDeltaChosen, meanDeltaRejected } = displacement;
    add(
      'displaced',
      `${percent(fraction)} (log-probability: chosen ${signed(meanDeltaChosen)}, rejected ${signed(meanDeltaRejected)})`,
    );
  }
  if (difficulty !== undefined) {
    add(
      'reference is',
      `right on ${difficulty.right}, wrong on ${difficulty.easy} easy and ${difficulty.hard} hard pairs`,
    );
    for (const { pair, line, refLogRatio, loss, lossThreshold, learned } of difficulty.hardest) {
      const place = line === undefined ? `pair ${pair}` : `line ${line}`;
      add(
        `  ${place}`,
        `wrong by ${refLogRatio.toFixed(2)}; loss ${loss.toFixed(4)}, needs ${lossThreshold.toFixed(4)}${learned ? ', learned' : ''}`,
      );
    }
  }
  if (length !== undefined) {
    const correlation = length.correlation === undefined ? 'undefined' : length.correlation.toFixed(2);
    add('length difference', `mean ${signed(length.meanDifference)}; rank correlation with the margin ${correlation}`);
  }
  if (overOptimization !== undefined) {
    const { entropyTurned, massFalling } = overOptimization;
    add(
      'over-optimization',
      `entropy ${entropyTurned ? 'turned down' : 'not turned'}, mass ${massFalling ? 'falling' : 'not falling'}`,
    );
  }
  for (const warning of report.warnings) lines.push(`! ${warning}`);
  return lines.join('\n');
}

function signed(x: number): string {
  return `${x < 0 ? '' : '+'}${x.toFixed(3)}`;
}
