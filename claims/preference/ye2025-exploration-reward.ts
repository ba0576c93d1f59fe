import { expectedPolicyGradient, rlspReward } from 'lemmata/preference';
import { softmax } from 'lemmata/special';
import type { Claim } from '../claim.js';

export const claim: Claim = {
  id: 'ye2025-exploration-reward',
  seed: 'On the Emergence of Thinking in LLMs I',
  reference: 'arXiv:2502.06773',
  statement:
    'A reward for exploring, decoupled from being right, makes long reasoning emerge sooner than the outcome reward alone, and being right rises with it and stays when the exploration reward is taken away.',
  source: 'exploration reward beside the outcome verifier, and the search behavior that emerges',
  expected:
    'exact policy gradient on the number of search steps 0..12, start with mass 2^-k on k, probability of a right answer 0.2 below 8 steps and 0.9 from there; updates until 85 % right with weight 0 and 0.2 of the exploration reward, then as many more without it; verdict: fewer than half the updates with exploration, and at least 85 % right after it is taken away',
  headline: true,
  listed: 'not reproduced',
  run({ scale, onProgress }) {
    const K = 12;
    const right = (k: number) => (k >= 8 ? 0.9 : 0.2);
    const reward = (k: number, explorationWeight: number) => {
      const at = (correct: boolean) =>
        rlspReward({ correct, hasFinalAnswer: true, exploration: k / K, reasoningLength: k + 1 }, { explorationWeight })
          .reward;
      return right(k) * at(true) + (1 - right(k)) * at(false);
    };
    const limit = scale === 'full' ? 20_000 : 6000;
    const points: { x: number; y: number; series: string }[] = [];
    const uniform = new Float64Array(K + 1).fill(1 / (K + 1));
    const figures = (logits: Float64Array) => {
      const p = softmax(logits);
      const mean = (value: (k: number) => number) => p.reduce((sum, x, k) => sum + x * value(k), 0);
      return { depth: mean((k) => k), accuracy: mean(right) };
    };
    /** Trains until the accuracy is reached, or for the given number of updates; returns the updates made. */
    const train = (logits: Float64Array, weight: number, series: string, from: number, updates?: number): number => {
      const rewards = uniform.map((_, k) => reward(k, weight));
      for (let t = 0; ; t++) {
        const { depth, accuracy } = figures(logits);
        if (t % 20 === 0) points.push({ x: from + t, y: depth, series });
        if (t === (updates ?? limit) || (updates === undefined && accuracy >= 0.85)) return t;
        const { grad } = expectedPolicyGradient(logits, rewards, uniform);
        for (let k = 0; k <= K; k++) logits[k] += 0.5 * grad[k];
      }
    };
    const start = uniform.map((_, k) => -k * Math.LN2);
    const alone = train(start.slice(), 0, 'outcome alone', 0);
    onProgress(0.4);
    const explored = start.slice();
    const exploring = train(explored, 0.2, 'with exploration', 0);
    onProgress(0.8);
    const thinking = figures(explored);
    train(explored, 0, 'exploration taken away', exploring, exploring);
    const after = figures(explored);
    const cell = ({ depth, accuracy }: { depth: number; accuracy: number }) =>
      `${depth.toFixed(1)} steps, ${(100 * accuracy).toFixed(0)} % right`;
    const holds = exploring < alone / 2 && thinking.accuracy >= 0.85 && after.accuracy >= 0.85;
    return {
      measured: `85 % right after ${alone} updates with the outcome alone, ${exploring} with exploration (${cell(thinking)}); then without it ${cell(after)}`,
      verdict: holds ? 'reproduced' : 'not reproduced',
      note: 'Sooner, and the accuracy stays, but by a fifth rather than by half: with exact gradients the outcome alone climbs as well, and weight 0.2 also takes a fifth off its slope. What it does to sampled gradients, which rarely see a long search, is not asked here. A table in place of a language model: the policy chooses how long to search.',
      figure: {
        title: 'Steps of search during training',
        x: { label: 'update' },
        y: { label: 'mean number of steps' },
        marks: [{ kind: 'line', points }],
      },
    };
  },
};
