import { minimaxWinner, selfPlay, selfPlayExploitabilityBound } from 'lemmata/games';
import type { Claim } from '../claim.js';

const P = [
  [0.5, 0.9, 0.2],
  [0.1, 0.5, 0.7],
  [0.8, 0.3, 0.5],
];
const ROUNDS = [100, 1000, 10_000];

export const claim: Claim = {
  id: 'swamy2024-self-play',
  seed: 'A Minimaximalist Approach to RLHF',
  reference: 'arXiv:2401.04056',
  statement:
    'One player against itself is enough: the average of no-regret self-play converges to the minimax winner of an intransitive preference at the rate of its regret, while the iterates cycle around it.',
  source: 'self-play preference optimization with a no-regret learner',
  expected:
    'Hedge from uniform with η = sqrt(2 ln 3/T): twice the exploitability of the average .0254, .0125, .00376 at T = 100, 1000, 10000, below the bounds .1482, .0469, .0148; average at 10000 (.22474, .32771, .44756) near (2/9, 3/9, 4/9); no iterate within .18 of the winner in L1; verdict: these to the digits given',
  run({ onProgress }) {
    const winner = minimaxWinner(P).policy;
    const runs = ROUNDS.map((T, i) => {
      const result = selfPlay(P, { steps: T, learningRate: Math.sqrt((2 * Math.log(3)) / T), recordEvery: 1 });
      onProgress((i + 1) / ROUNDS.length);
      return { T, ...result, doubled: 2 * result.exploitability, bound: Math.sqrt((2 * Math.log(3)) / T) };
    });
    const last = runs[2];
    let nearest = Infinity;
    for (let t = 0; t < last.T; t++) {
      let distance = 0;
      for (let i = 0; i < 3; i++) distance += Math.abs(last.trajectory[3 * t + i] - winner[i]);
      nearest = Math.min(nearest, distance);
    }
    const expected = [0.0254, 0.0125, 0.00376];
    const reproduced =
      runs.every(
        ({ doubled, bound }, i) => Math.abs(doubled - expected[i]) < (i === 2 ? 5.1e-6 : 5.1e-5) && doubled <= bound,
      ) &&
      [0.22474, 0.32771, 0.44756].every((x, i) => Math.abs(last.average[i] - x) < 5.1e-6) &&
      [2 / 9, 3 / 9, 4 / 9].every((x, i) => Math.abs(winner[i] - x) < 1e-12) &&
      nearest > 0.18;
    const optimistic = selfPlay(P, { steps: 4000, learningRate: 0.5, algorithm: 'optimistic' });
    const error = Math.max(...Array.from(optimistic.last, (x, i) => Math.abs(x - winner[i])));
    return {
      measured: `doubled exploitability ${runs.map(({ doubled }) => doubled.toPrecision(3)).join(', ')} (bounds ${runs.map(({ bound }) => bound.toFixed(4)).join(', ')}); average (${Array.from(last.average, (x) => x.toFixed(5)).join(', ')}); nearest iterate ${nearest.toFixed(3)}; last iterate of the optimistic player off by ${error.toExponential(1)}`,
      verdict: reproduced && error < 1e-12 ? 'reproduced' : 'not reproduced',
      note: `Deterministic. The bound with payoffs in [-1, 1] is sqrt(2 ln n/T), ${selfPlayExploitabilityBound(3, 10_000).toFixed(4)} in the library's units at T = 10000.`,
      figure: {
        title: 'Self-play on an intransitive preference: the probability of each candidate',
        x: { label: 'round' },
        y: { label: 'probability' },
        marks: [
          {
            kind: 'line',
            points: Array.from({ length: 400 }, (_, k) => k * 25).flatMap((t) =>
              [0, 1, 2].map((i) => ({ x: t, y: last.trajectory[3 * t + i], series: `candidate ${i}` })),
            ),
          },
          ...[2 / 9, 3 / 9, 4 / 9].map((y, i) => ({ kind: 'rule' as const, y, label: `winner ${i}` })),
        ],
      },
    };
  },
};
