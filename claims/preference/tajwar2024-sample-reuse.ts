import type { Claim } from '../claim.js';
import { summary } from './summary.js';
import { finalReward, train, type Method } from './tajwar2024.js';

const NAMES: Method[] = ['REINFORCE', 'bestOfN', 'IPO'];
const INNER = [1, 5, 20, 100];

export const claim: Claim = {
  id: 'tajwar2024-sample-reuse',
  seed: 'Preference Fine-Tuning Should Leverage Suboptimal, On-Policy Data',
  reference: 'arXiv:2404.14367',
  statement:
    'With a fixed number of gradient steps, moderate reuse of a batch of samples costs little, while training on one stale batch throughout loses most of the gain.',
  source: 'the didactic bandit; sample reuse',
  expected:
    'R4, 100 steps, 1/5/20/100 steps a batch: REINFORCE 0.905/0.884/0.866/0.419, bestOfN 0.835/0.855/0.807/0.287, IPO 0.800/0.816/0.773/0.353; verdict on means over 5 seeds: one batch is worse than fresh ones by more than 0.15 for all three, 5 steps a batch within 0.12 of 1',
  run({ scale, seed, onProgress }) {
    const seeds = scale === 'full' ? 40 : 5;
    let done = 0;
    const rows = NAMES.map((name) => ({
      name,
      results: INNER.map((innerSteps) => {
        const runs = Array.from({ length: seeds }, (_, replicate) => {
          const sampling = { mode: 'onPolicy', groups: 10, innerSteps } as const;
          const run = train('misaligned', name, sampling, { steps: 100, seed, replicate });
          onProgress((done += 1) / (NAMES.length * INNER.length * seeds));
          return finalReward(run);
        });
        return summary(runs);
      }),
    }));
    const reproduced = rows.every(
      ({ results: [fresh, five, , stale] }) =>
        fresh.mean - stale.mean > 0.15 && Math.abs(fresh.mean - five.mean) < 0.12,
    );
    return {
      measured: rows
        .map(({ name, results }) => `${name} ${results.map(({ mean }) => mean.toFixed(3)).join('/')}`)
        .join(', '),
      standardError: Math.max(...rows.flatMap(({ results }) => results.map(({ error }) => error))),
      verdict: reproduced ? 'reproduced' : 'not reproduced',
      note: `${seeds} seeds; batches of 10 groups of 10 samples, Adam at 0.05.`,
      figure: {
        title: 'Expected reward on R4 after 100 gradient steps',
        x: { label: 'gradient steps on a batch', type: 'log' },
        y: { label: 'expected reward' },
        marks: [
          {
            kind: 'line',
            points: rows.flatMap(({ name, results }) =>
              results.map(({ mean }, i) => ({ x: INNER[i], y: mean, series: name })),
            ),
          },
        ],
      },
    };
  },
};
