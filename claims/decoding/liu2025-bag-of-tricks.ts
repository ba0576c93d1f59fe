import { bestOfN, majorityAccuracy, majorityVote, rankByRewardThenVote, weightedVote } from 'lemmata/decoding';
import { createRng, sampleCategorical, sampleNormal } from 'lemmata/random';
import { sigmoid } from 'lemmata/special';
import type { Claim } from '../claim.js';

const METHODS = ['one sample', 'best of n', 'self-consistency', 'weighted vote', 'reward, then vote'] as const;

export const claim: Claim = {
  id: 'liu2025-bag-of-tricks',
  seed: 'Bag of Tricks for Inference-time Computation of LLM Reasoning',
  reference: 'arXiv:2502.07191',
  statement:
    'With a reward model as noisy as real ones, votes weighted by its rewards are the best use of a fixed number of samples; best of n falls behind plain self-consistency when the reward is weak.',
  source: 'Sections 4.2 and 4.3, Figures 3 to 5',
  expected:
    'at noise 2, 4, 8 the weighted vote is at least level with every other method (less 2 standard errors); at noise 8 best of n is below self-consistency by more than 2; self-consistency agrees with its exact accuracy within 5',
  run({ scale, seed, onProgress }) {
    // A question: five answers, the right one drawn with probability `skill`, wrong ones sharing the rest unevenly.
    const questions = scale === 'full' ? 40_000 : 4000;
    const n = 16;
    const rows: { noise: number; accuracy: number[]; errors: number[] }[] = [];
    let exactError = 0;
    for (const noise of [1, 2, 4, 8]) {
      const rng = createRng(seed, 'questions', noise);
      const right = METHODS.map(() => 0);
      let [exact, exactVariance] = [0, 0];
      for (let q = 0; q < questions; q++) {
        const skill = 0.15 + 0.45 * rng();
        const wrong = Array.from({ length: 4 }, () => rng());
        const total = wrong.reduce((a, b) => a + b, 0);
        const law = [skill, ...wrong.map((w) => ((1 - skill) * w) / total)];
        const answers = Array.from({ length: n }, () => sampleCategorical(law, rng));
        // A verifier's logit: +1 for a right answer, -1 for a wrong one, and noise; the reward is its sigmoid.
        const rewards = answers.map((answer) => sigmoid((answer === 0 ? 1 : -1) + noise * sampleNormal(rng)));
        const chosen = [
          answers[0],
          bestOfN(answers, (_, i) => rewards[i]).candidate,
          majorityVote(answers, { tie: 'random', rng }).answer,
          weightedVote(answers, rewards).answer,
          rankByRewardThenVote(answers, rewards, n / 2).answer,
        ];
        chosen.forEach((answer, m) => (right[m] += Number(answer === 0)));
        const p = majorityAccuracy(law, 0, n);
        exact += p;
        exactVariance += p * (1 - p);
      }
      exactError = Math.max(exactError, Math.abs(right[2] - exact) / Math.sqrt(exactVariance));
      const accuracy = right.map((r) => r / questions);
      rows.push({ noise, accuracy, errors: accuracy.map((a) => Math.sqrt((a * (1 - a)) / questions)) });
      onProgress(rows.length / 4);
    }
    const margin = (row: (typeof rows)[number], a: number, b: number) =>
      (row.accuracy[a] - row.accuracy[b]) / Math.sqrt(row.errors[a] * row.errors[a] + row.errors[b] * row.errors[b]);
    const weightedBest = rows.slice(1).every((row) => METHODS.every((_, m) => m === 3 || margin(row, 3, m) > -2));
    const weakFails = margin(rows[3], 2, 1) > 2;
    const show = (row: (typeof rows)[number]) =>
      `noise ${row.noise}: ${METHODS.map((name, m) => `${name} ${(100 * row.accuracy[m]).toFixed(1)}`).join(', ')}`;
    return {
      measured: `${show(rows[0])}; ${show(rows[3])}`,
      verdict: weightedBest && weakFails && exactError < 5 ? 'reproduced' : 'not reproduced',
      note: `${questions} simulated questions of five answers, ${n} samples each; the reward is the sigmoid of ±1 plus normal noise. A model of answers and rewards, not a language model.`,
      figure: {
        title: `Accuracy of ${n} samples against the noise of the reward`,
        x: { label: 'noise of the reward' },
        y: { label: 'accuracy' },
        marks: [
          {
            kind: 'line',
            points: rows.flatMap(({ noise, accuracy }) =>
              METHODS.map((series, m) => ({ x: noise, y: accuracy[m], series })),
            ),
          },
        ],
      },
    };
  },
};
