import { dpoLoss, idealizedRankingAccuracyRange, rankingDifficulty, trainTabularPolicy } from 'lemmata/preference';
import { createRng, sampleNormal } from 'lemmata/random';
import type { Claim } from '../claim.js';

const C = [-10, 0, 10, 50, 100];
const THRESHOLDS = [1.313262, 0.693147, 0.313262, 0.006715, 0.0000454];

export const claim: Claim = {
  id: 'chen2024-ranking-thresholds',
  seed: 'Preference Learning Algorithms Do Not Learn Preference Rankings',
  reference: 'arXiv:2405.19534',
  statement:
    'A pair is ranked correctly exactly when its DPO loss is below a threshold set by the reference, so that pairs which the reference ranks wrongly by a wide margin stay wrong though the loss falls on all of them, while the ideal policy would rank most correctly.',
  source: 'the loss at which a ranking turns, and how few turn in training',
  expected:
    'thresholds at β = 0.1 for c = -10, 0, 10, 50, 100: 1.313262, 0.693147, 0.313262, 0.006715, 0.0000454; language models: less than 10 % of the wrong pairs flipped; verdict: the thresholds to the digits given, no pair on the wrong side of its threshold, and after training to half the initial loss fewer than 10 % of the wrong pairs with c > 15 flipped while every ideal margin is positive',
  run({ scale, seed, onProgress }) {
    const pairs = scale === 'full' ? 20_000 : 2000;
    const beta = 0.1;
    const { lossThreshold } = rankingDifficulty(
      C.map(() => -200),
      C.map((c) => c - 200),
      { beta },
    );
    const digits = C.every((_, i) => Math.abs(lossThreshold[i] - THRESHOLDS[i]) < 5.1e-7);

    // Each pair a context of its own with two responses: a table learns every pair, and only time stands in the way.
    const rng = createRng(seed, 'references');
    const c = Float64Array.from({ length: pairs }, () => 20 * sampleNormal(rng));
    const refLogits = Array.from(c, (x) => [-x / 2, x / 2]);
    const run = trainTabularPolicy(
      { refLogits, pairs: Array.from(c, (_, i) => [0, 1, i]) },
      {
        loss: 'dpo',
        lossOptions: { beta },
        optimizer: 'sgd',
        learningRate: 2 * pairs,
        steps: 5000,
        recordEvery: 5,
        stop: ({ loss }) => loss <= Math.LN2 / 2,
      },
    );
    onProgress(0.7);
    const log = (i: number, side: number) => Math.log(run.probs[2 * i + side]);
    const index = Array.from(c, (_, i) => i);
    const ratio = index.map((i) => run.logits[2 * i] - run.logits[2 * i + 1]);
    const { losses } = dpoLoss(
      {
        policyChosen: ratio,
        policyRejected: ratio.map(() => 0),
        refChosen: Array.from(c, (x) => -x),
        refRejected: ratio.map(() => 0),
      },
      { beta },
    );
    const difficulty = rankingDifficulty(
      Array.from(c, (x) => -x),
      ratio.map(() => 0),
      { beta },
    );
    const contradictions = index.filter((i) => losses[i] <= difficulty.lossThreshold[i] !== ratio[i] >= 0).length;
    const hard = index.filter((i) => c[i] > 15);
    const flipped = hard.filter((i) => log(i, 0) >= log(i, 1)).length / hard.length;
    const wrong = index.filter((i) => c[i] > 0);
    const flippedAll = wrong.filter((i) => ratio[i] >= 0).length / wrong.length;
    const { perBeta } = idealizedRankingAccuracyRange(
      { refChosen: Array.from(c, (x) => -x), refRejected: ratio.map(() => 0), agreement: ratio.map(() => 1) },
      [0.01, 0.1, 1, 5, 10],
    );
    const reproduced = digits && contradictions === 0 && flipped < 0.1 && perBeta[0] === 1;
    const loss = run.lossTrajectory[run.lossTrajectory.length - 1];
    return {
      measured: `thresholds ${Array.from(lossThreshold, (x) => x.toFixed(7)).join(', ')}; ${contradictions} contradictions in ${pairs} pairs; at a mean loss of ${loss.toFixed(3)} ${(100 * flipped).toFixed(1)} % of the pairs with c > 15 flipped (${(100 * flippedAll).toFixed(1)} % of all wrong ones); ideal accuracy ${Array.from(perBeta, (x) => x.toFixed(3)).join(', ')} at β = 0.01, 0.1, 1, 5, 10`,
      verdict: reproduced ? 'reproduced' : 'not reproduced',
      note: 'A table of two-response contexts with reference log-ratios of deviation 20 instead of language models. All margins grow at nearly one rate, so the loss halves when the margins reach about 9 nats, whatever c is.',
      figure: {
        title: 'DPO loss against the threshold below which the pair is ranked correctly',
        x: { label: 'c = log π_ref(rejected) - log π_ref(chosen)' },
        y: { label: 'DPO loss' },
        marks: [
          {
            kind: 'dot',
            points: index
              .slice(0, 400)
              .map((i) => ({ x: c[i], y: losses[i], series: ratio[i] >= 0 ? 'right' : 'wrong' })),
          },
          {
            kind: 'line',
            points: Array.from({ length: 121 }, (_, k) => k - 60).map((x) => ({
              x,
              y: rankingDifficulty([-x], [0], { beta }).lossThreshold[0],
              series: 'threshold',
            })),
          },
        ],
      },
    };
  },
};
