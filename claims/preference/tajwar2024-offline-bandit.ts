import type { Claim } from '../claim.js';
import { summary } from './summary.js';
import { finalReward, train, type Method } from './tajwar2024.js';

const NAMES: Method[] = ['bestOfN', 'bestOfNNegative', 'DPO', 'IPO'];

export const claim: Claim = {
  id: 'tajwar2024-offline-bandit',
  seed: 'Preference Fine-Tuning Should Leverage Suboptimal, On-Policy Data',
  reference: 'arXiv:2404.14367',
  statement:
    'Trained offline on samples of the reference, contrastive losses (DPO, IPO) reach a far higher reward than maximum likelihood on the best samples when the reward peaks where the reference has little mass; when it peaks near the mode all methods do alike.',
  source: 'the didactic bandit; takeaway on negative gradients',
  expected:
    'R4: bestOfN 0.31, with negatives 0.29, DPO 0.67, IPO 0.69; R5: all near 0.92; verdict on means over 5 seeds: DPO and IPO beat bestOfN by more than 0.25 on R4 (false alarm below 1e-8), all four within 0.08 on R5',
  headline: true,
  run({ scale, seed, onProgress }) {
    const seeds = scale === 'full' ? 50 : 5;
    const sampling = { mode: 'offline', groups: 100 } as const;
    let done = 0;
    const learn = (kind: 'misaligned' | 'aligned') =>
      NAMES.map((name) => {
        const runs = Array.from({ length: seeds }, (_, replicate) => {
          const run = train(kind, name, sampling, { steps: 200, seed, replicate });
          onProgress((done += 1) / (2 * NAMES.length * seeds));
          return run;
        });
        return { name, first: runs[0], ...summary(runs.map(finalReward)) };
      });
    const far = learn('misaligned');
    const near = learn('aligned');
    const [bestOfN, , dpo, ipo] = far;
    const means = near.map(({ mean }) => mean);
    const reproduced =
      Math.min(dpo.mean, ipo.mean) - bestOfN.mean > 0.25 && Math.max(...means) - Math.min(...means) < 0.08;
    const show = (rows: typeof far) => rows.map(({ name, mean }) => `${name} ${mean.toFixed(3)}`).join(', ');
    return {
      measured: `R4: ${show(far)}; R5: ${show(near)}`,
      standardError: Math.max(dpo.error, ipo.error, bestOfN.error),
      verdict: reproduced ? 'reproduced' : 'not reproduced',
      note: `${seeds} seeds of 100 groups of 10 samples, 200 full-batch Adam steps at 0.05. The policy is a table of 100 logits where the paper has a small network, and every expected reward is exact.`,
      figure: [
        {
          title: 'Expected reward on R4, whose peak lies where the reference has little mass',
          x: { label: 'gradient step' },
          y: { label: 'expected reward' },
          marks: [
            {
              kind: 'line',
              points: far.flatMap(({ name, first }) =>
                Array.from(first.expectedRewardTrajectory ?? [], (y, x) => ({ x, y, series: name })),
              ),
            },
          ],
        },
        {
          title: 'Policies on R4 after 200 steps',
          x: { label: 'bin' },
          y: { label: 'probability' },
          marks: [
            {
              kind: 'line',
              points: far.flatMap(({ name, first }) => Array.from(first.probs, (y, x) => ({ x, y, series: name }))),
            },
          ],
        },
      ],
    };
  },
};
