import { minimaxWinner, selfPlay, selfPlayExploitabilityBound } from 'lemmata/games';
import { createRng } from 'lemmata/random';
import type { Claim } from '../claim.js';

const K = 10;

export const claim: Claim = {
  id: 'swamy2024-self-play-rates',
  seed: 'A Minimaximalist Approach to RLHF',
  reference: 'arXiv:2401.04056',
  statement:
    'One player against itself converges to the minimax winner of any preference, intransitive ones included: at rate sqrt(ln n / T) by Hedge and 1/T with optimism.',
  source: 'Theorem 2.3 and Section 2; rate with optimism from arXiv:1507.00407',
  expected:
    'random preferences of 10 items, T = 1e4: gap of the average in margins 5e-3 to 7.5e-3 by Hedge at sqrt(2 ln n / T), 2.8e-4 to 5.8e-4 with optimism at 1/4 (theorems: 2.1e-2, 9.2e-4). Verdict: both theorems in every run, the optimistic gap below 2e-3, and log-log slopes below -0.4 (Hedge) and -0.85 (optimistic)',
  run({ scale, seed, onProgress }) {
    const runs = scale === 'full' ? 50 : 10;
    const horizons = scale === 'full' ? [100, 1000, 10_000, 100_000] : [100, 1000, 10_000];
    const gaps = { hedge: horizons.map(() => [] as number[]), optimistic: horizons.map(() => [] as number[]) };
    let theorems = true;
    let certificate = 0;
    let lastHedge = 0;
    for (let s = 0; s < runs; s++) {
      const rng = createRng(seed, 'preference', s);
      const P = Array.from({ length: K }, () => new Array<number>(K).fill(0.5));
      for (let i = 0; i < K; i++) {
        for (let j = 0; j < i; j++) {
          P[i][j] = rng();
          P[j][i] = 1 - P[i][j];
        }
      }
      certificate = Math.max(certificate, minimaxWinner(P).exploitability);
      horizons.forEach((T, h) => {
        for (const algorithm of ['hedge', 'optimistic'] as const) {
          const learningRate = algorithm === 'hedge' ? Math.sqrt((2 * Math.log(K)) / T) : 0.25;
          const { exploitability, lastExploitability } = selfPlay(P, { steps: T, learningRate, algorithm });
          gaps[algorithm][h].push(2 * exploitability);
          theorems &&= exploitability <= selfPlayExploitabilityBound(K, T, { algorithm, learningRate }) + 1e-12;
          if (algorithm === 'hedge' && T === 10_000) lastHedge += (2 * lastExploitability) / runs;
        }
      });
      onProgress((s + 1) / runs);
    }
    const mean = (x: number[]) => x.reduce((a, b) => a + b, 0) / x.length;
    const last = horizons.indexOf(10_000);
    const slope = (x: number[][]) => Math.log10(mean(x[last]) / mean(x[0])) / 2;
    const slopes = { hedge: slope(gaps.hedge), optimistic: slope(gaps.optimistic) };
    const range = (x: number[]) => `${Math.min(...x).toExponential(1)} to ${Math.max(...x).toExponential(1)}`;
    const holds =
      theorems && Math.max(...gaps.optimistic[last]) < 2e-3 && slopes.hedge < -0.4 && slopes.optimistic < -0.85;
    return {
      measured: `T = 1e4: Hedge ${range(gaps.hedge[last])}, optimistic ${range(gaps.optimistic[last])}; slopes ${slopes.hedge.toFixed(2)}, ${slopes.optimistic.toFixed(2)}`,
      verdict: holds ? 'reproduced' : 'not reproduced',
      note: `${runs} random preferences of ${K} items; gaps in margins, twice the exploitability. The last iterate of Hedge does not converge: mean gap ${lastHedge.toFixed(2)} at T = 1e4. Linear program: exploitability ${certificate.toExponential(1)} at most.`,
      figure: {
        title: 'Gap of the average policy of self-play',
        x: { label: 'rounds T', type: 'log' },
        y: { label: 'max_i (A p)_i', type: 'log' },
        marks: [
          {
            kind: 'line',
            points: horizons.flatMap((T, h) => [
              { x: T, y: mean(gaps.hedge[h]), series: 'Hedge' },
              { x: T, y: mean(gaps.optimistic[h]), series: 'optimistic' },
              { x: T, y: 2 * selfPlayExploitabilityBound(K, T), series: 'theorem, Hedge' },
              {
                x: T,
                y: 2 * selfPlayExploitabilityBound(K, T, { algorithm: 'optimistic' }),
                series: 'theorem, optimistic',
              },
            ]),
          },
        ],
      },
    };
  },
};
