import {
  expectedImprovementCount,
  hartmann6,
  improvementCountDistribution,
  napEpisode,
  neuralProcess,
  neuralProcessInit,
} from 'lemmata/bo';
import { createRng } from 'lemmata/random';
import type { Claim } from '../claim.js';

export const claim: Claim = {
  id: 'maraval2023-sparse-rewards',
  seed: 'End-to-End Meta-Bayesian Optimisation with Transformer Neural Processes',
  reference: 'arXiv:2305.15930',
  statement:
    'Rewards by the regret’s decrease are logarithmically sparse: a policy without knowledge sees about ln T of them in T steps.',
  source: 'Section 4.2',
  expected:
    'over random evaluations of Hartmann-6 the mean number of new bests in T = 8, 24, 100 steps is within 5 standard errors of H_T (2.72, 3.78, 5.19), its distribution passes a chi-square test at 1e-6, and an untrained policy of the neural process sees H_T too',
  headline: true,
  run({ scale, seed, onProgress }) {
    const runs = scale === 'full' ? 20000 : 3000;
    const horizons = [8, 24, 100];
    const parts: string[] = [];
    const points: { x: number; y: number; series: string }[] = [];
    let worst = 0;
    let chi = 0;
    const count = (values: number[]) => {
      let best = -Infinity;
      let bests = 0;
      for (const value of values) {
        if (value > best) {
          best = value;
          bests += 1;
        }
      }
      return bests;
    };
    horizons.forEach((T, h) => {
      const rng = createRng(seed, 'random search', T);
      const counts = new Float64Array(T + 1);
      for (let s = 0; s < runs; s++) {
        const values = Array.from({ length: T }, () => -hartmann6.evaluate(Array.from({ length: 6 }, rng)));
        counts[count(values)] += 1;
      }
      const p = improvementCountDistribution(T);
      const exact = expectedImprovementCount(T);
      let [mean, variance] = [0, 0];
      p.forEach((v, m) => (variance += v * (m - exact) ** 2));
      counts.forEach((c, m) => (mean += (c * m) / runs));
      worst = Math.max(worst, Math.abs(mean - exact) / Math.sqrt(variance / runs));
      // Cells expected below 5 are pooled.
      let [statistic, cells, seen, expected] = [0, -1, 0, 0];
      p.forEach((v, m) => {
        if (v * runs < 5) {
          seen += counts[m];
          expected += v * runs;
        } else {
          statistic += (counts[m] - v * runs) ** 2 / (v * runs);
          cells += 1;
        }
      });
      if (expected > 0.5) {
        statistic += (seen - expected) ** 2 / expected;
        cells += 1;
      }
      // Laurent and Massart: exceeded with probability 1e-6 at most
      const L = Math.log(1e6);
      chi = Math.max(chi, statistic / (cells + 2 * Math.sqrt(cells * L) + 2 * L));
      parts.push(`T = ${T}: ${mean.toFixed(3)} (${exact.toFixed(3)})`);
      if (T === 24) {
        p.forEach((v, m) => {
          if (v > 1e-4)
            points.push({ x: m, y: v, series: 'exact' }, { x: m, y: counts[m] / runs, series: 'simulated' });
        });
      }
      onProgress((h + 1) / 4);
    });
    // The policy before training: it chooses from a pool of exchangeable values, without knowing them.
    const process = neuralProcess({ inputs: 2, embed: 8, layers: 1, heads: 2, feedForward: 8, buckets: 10 });
    const theta = neuralProcessInit(process, createRng(seed, 'process'));
    const rng = createRng(seed, 'policy');
    const episodes = scale === 'full' ? 2000 : 300;
    const T = 8;
    let total = 0;
    for (let s = 0; s < episodes; s++) {
      const task = {
        X: Array.from({ length: T }, () => [rng(), rng()]),
        y: Array.from({ length: T }, () => 0.001 + 0.9 * rng()),
      };
      const { rewards } = napEpisode(process, theta, task, rng, { horizon: T, heldOut: 0 });
      total += rewards.filter((r) => r > 0).length / episodes;
    }
    const exact = expectedImprovementCount(T);
    const spread = improvementCountDistribution(T).reduce((s, v, m) => s + v * (m - exact) ** 2, 0);
    const policy = Math.abs(total - exact) / Math.sqrt(spread / episodes);
    onProgress(1);
    return {
      measured: `${parts.join(', ')}; policy of an untrained process, T = 8: ${total.toFixed(3)} (${exact.toFixed(3)})`,
      verdict: worst < 5 && chi < 1 && policy < 5 ? 'reproduced' : 'not reproduced',
      note: `${runs} random searches, ${episodes} episodes.`,
      figure: {
        title: 'Number of new bests in 24 random evaluations',
        x: { label: 'new bests' },
        y: { label: 'probability' },
        marks: [{ kind: 'line', points }],
      },
    };
  },
};
