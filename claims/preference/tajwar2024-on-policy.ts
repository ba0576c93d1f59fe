import type { Claim } from '../claim.js';
import { summary } from './summary.js';
import { finalReward, train, type Method } from './tajwar2024.js';

const NAMES: Method[] = ['REINFORCE', 'RLOO', 'bestOfN', 'DPO', 'IPO'];

export const claim: Claim = {
  id: 'tajwar2024-on-policy',
  seed: 'Preference Fine-Tuning Should Leverage Suboptimal, On-Policy Data',
  reference: 'arXiv:2404.14367',
  statement:
    'On-policy sampling lifts every method when the reward peaks where the reference has little mass, maximum likelihood on the best samples most of all.',
  source: 'the didactic bandit; takeaway on on-policy sampling',
  expected:
    'R4 after 100 rounds: REINFORCE 0.905, RLOO 0.893, bestOfN 0.823, DPO 0.827, IPO 0.800, and bestOfN offline 0.31; verdict on means over 5 seeds: each above 0.7, bestOfN more than 0.4 above its offline run',
  run({ scale, seed, onProgress }) {
    const seeds = scale === 'full' ? 40 : 5;
    const total = (2 * NAMES.length + 1) * seeds;
    let done = 0;
    const learn = (kind: 'misaligned' | 'aligned', name: Method, offline = false) => {
      const sampling = offline
        ? ({ mode: 'offline', groups: 100 } as const)
        : ({ mode: 'onPolicy', groups: 10 } as const);
      const runs = Array.from({ length: seeds }, (_, replicate) => {
        const run = train(kind, name, sampling, { steps: offline ? 200 : 100, seed, replicate });
        onProgress((done += 1) / total);
        return run;
      });
      return { name, first: runs[0], ...summary(runs.map(finalReward)) };
    };
    const far = NAMES.map((name) => learn('misaligned', name));
    const near = NAMES.map((name) => learn('aligned', name));
    const offline = learn('misaligned', 'bestOfN', true);
    const reproduced = far.every(({ mean }) => mean > 0.7) && far[2].mean - offline.mean > 0.4;
    const show = (rows: typeof far) => rows.map(({ name, mean }) => `${name} ${mean.toFixed(3)}`).join(', ');
    return {
      measured: `R4: ${show(far)}; bestOfN offline ${offline.mean.toFixed(3)}; R5: ${show(near)}`,
      standardError: Math.max(...far.map(({ error }) => error)),
      verdict: reproduced ? 'reproduced' : 'not reproduced',
      note: `${seeds} seeds; 100 rounds of 10 groups of 10 samples, one Adam step of 0.05 each; offline 100 groups and 200 steps.`,
      figure: {
        title: 'Expected reward on R4 with fresh samples at every step',
        x: { label: 'round' },
        y: { label: 'expected reward' },
        marks: [
          {
            kind: 'line',
            points: far.flatMap(({ name, first }) =>
              Array.from(first.expectedRewardTrajectory ?? [], (y, x) => ({ x, y, series: name })),
            ),
          },
          { kind: 'rule', y: offline.mean, label: 'bestOfN offline' },
        ],
      },
    };
  },
};
