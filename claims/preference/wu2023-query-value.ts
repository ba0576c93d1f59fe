import { fitRewardModel, preferenceQueryValue, sampleRewardPosterior } from 'lemmata/preference';
import { createRng, type Rng, sampleNormal } from 'lemmata/random';
import type { Claim } from '../claim.js';

const D = 6;
const THRESHOLD = 0.55;

export const claim: Claim = {
  id: 'wu2023-query-value',
  seed: 'RL with Preference Feedback via Randomization',
  reference: 'arXiv:2310.14554',
  statement:
    'Asking only where posterior draws of the reward disagree buys more knowledge with the same number of labels than asking at random.',
  source: 'query only when the disagreement of posterior draws is above a threshold',
  expected:
    'linear reward in 6 features of unequal scale, 600 candidate pairs, logistic labels; the active learner asks when the expected disagreement is above 0.55, the passive one asks about as many pairs at random; verdict: the active learner asks about fewer than half of the pairs, and a posterior draw of its reward ranks fresh pairs as the true reward does more often, by 3 paired standard errors',
  run({ scale, seed, onProgress }) {
    const replicates = scale === 'full' ? 300 : 60;
    const pool = 600;
    const gains = new Float64Array(replicates);
    const accuracy = [0, 0];
    let asked = 0;
    for (let r = 0; r < replicates; r++) {
      const rng = createRng(seed, 'replicate', r);
      // few pairs say anything about the last features
      const scales = Array.from({ length: D }, (_, j) => (rng() < 0.5 + 0.1 * j ? 1 : 0.3));
      const theta = Array.from({ length: D }, () => 1.5 * sampleNormal(rng));
      const features = Array.from({ length: 2 * pool }, () =>
        scales.map((s, j) => (j >= D / 2 && rng() < 0.85 ? 0 : s * sampleNormal(rng))),
      );
      const value = (x: number[], w: ArrayLike<number>) => x.reduce((sum, xj, j) => sum + xj * w[j], 0);
      const labels = Array.from({ length: pool }, (_, k) => {
        const gap = value(features[2 * k], theta) - value(features[2 * k + 1], theta);
        return rng() < 1 / (1 + Math.exp(-gap));
      });
      const precision = Array.from({ length: D }, (_, i) => Array.from({ length: D }, (_, j) => (i === j ? 1 : 0)));
      const queried: number[] = [];
      for (let k = 0; k < pool; k++) {
        const [a, b] = [features[2 * k], features[2 * k + 1]];
        if (!preferenceQueryValue(precision, a, b, { threshold: THRESHOLD }).query) continue;
        queried.push(k);
        // a logistic label is worth at most 1/4 of the outer product of the gap
        for (let i = 0; i < D; i++) for (let j = 0; j < D; j++) precision[i][j] += ((a[i] - b[i]) * (a[j] - b[j])) / 4;
      }
      asked += queried.length / pool / replicates;
      const random = Array.from({ length: pool }, (_, k) => ({ k, key: rng() }))
        .sort((x, y) => x.key - y.key)
        .slice(0, queried.length)
        .map(({ k }) => k);
      const tests = Array.from({ length: 400 }, () => scales.map((s) => s * (sampleNormal(rng) - sampleNormal(rng))));
      const scores = [queried, random].map((chosen) => accuracyOf(chosen, features, labels, tests, theta, rng));
      accuracy[0] += scores[0] / replicates;
      accuracy[1] += scores[1] / replicates;
      gains[r] = scores[0] - scores[1];
      onProgress((r + 1) / replicates);
    }
    const mean = gains.reduce((a, b) => a + b, 0) / replicates;
    const error = Math.sqrt(gains.reduce((sum, x) => sum + (x - mean) * (x - mean), 0) / (replicates - 1) / replicates);
    const percent = (x: number) => `${(100 * x).toFixed(1)} %`;
    return {
      measured: `asked about ${percent(asked)} of the pairs; accuracy ${percent(accuracy[0])} against ${percent(accuracy[1])} at random, gain ${percent(mean)} ± ${percent(error)}`,
      standardError: error,
      verdict: asked < 0.5 && mean > 3 * error ? 'reproduced' : 'not reproduced',
      note: 'A linear reward over given pairs; the paper’s setting is episodes of a Markov decision process.',
    };
  },
};

/** How often a posterior draw of the fitted reward ranks a fresh pair as the true reward does. */
function accuracyOf(
  chosen: number[],
  features: number[][],
  labels: boolean[],
  tests: number[][],
  theta: number[],
  rng: Rng,
): number {
  const pairs = chosen.map((k) => (labels[k] ? ([2 * k, 2 * k + 1] as const) : ([2 * k + 1, 2 * k] as const)));
  const { weights } = fitRewardModel(features, pairs, { l2: 1 });
  const precision = Array.from({ length: D }, (_, i) => Array.from({ length: D }, (_, j) => (i === j ? 1 : 0)));
  for (const [w, l] of pairs) {
    const gap = features[w].map((x, j) => x - features[l][j]);
    const s = 1 / (1 + Math.exp(-gap.reduce((sum, x, j) => sum + x * weights[j], 0)));
    for (let i = 0; i < D; i++) for (let j = 0; j < D; j++) precision[i][j] += s * (1 - s) * gap[i] * gap[j];
  }
  let correct = 0;
  for (const gap of tests) {
    const draw = sampleRewardPosterior(weights, precision, rng);
    const dot = (w: ArrayLike<number>) => gap.reduce((sum, x, j) => sum + x * w[j], 0);
    if (dot(draw) > 0 === dot(theta) > 0) correct += 1;
  }
  return correct / tests.length;
}
