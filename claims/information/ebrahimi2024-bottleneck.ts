import { ebimExact, ebimGreedy, ebimImproved, entropyBits, mecBottleneck } from 'lemmata/information';
import { createRng, sampleDirichlet } from 'lemmata/random';
import type { Claim } from '../claim.js';

export const claim: Claim = {
  id: 'ebrahimi2024-bottleneck',
  seed: 'Minimum Entropy Coupling with Bottleneck',
  reference: 'arXiv:2410.21666',
  statement: 'The greedy deterministic encoder stays within h(p_(2)) of the rate limit.',
  source: 'Theorem 2',
  expected:
    'R - H(T) <= h(p_(2)) in every case; local search never below greedy, equal to the optimum in at least 65 % of cases with 3 to 8 symbols',
  run({ scale, seed, onProgress }) {
    const cases = scale === 'full' ? 2000 : 300;
    const rng = createRng(seed, 'bottleneck');
    let violations = 0;
    let belowGreedy = 0;
    let equal = 0;
    let greedyEqual = 0;
    let meanGap = 0;
    for (let i = 0; i < cases; i++) {
      const n = 3 + Math.floor(6 * rng());
      const probs = sampleDirichlet(new Float64Array(n).fill(1), rng);
      const rateBits = (0.1 + 0.9 * rng()) * entropyBits(probs);
      const greedy = ebimGreedy(probs, { rateBits });
      const improved = ebimImproved(probs, { rateBits });
      const exact = ebimExact(probs, { rateBits });
      if (rateBits - greedy.informationBits > greedy.gapBoundBits + 1e-9) violations += 1;
      if (improved.informationBits < greedy.informationBits - 1e-12) belowGreedy += 1;
      if (exact.informationBits - improved.informationBits < 1e-9) equal += 1;
      if (exact.informationBits - greedy.informationBits < 1e-9) greedyEqual += 1;
      meanGap += (exact.informationBits - improved.informationBits) / cases;
      if (i % 20 === 0) onProgress(i / cases);
    }
    const pX = sampleDirichlet(new Float64Array(8).fill(1), rng);
    const pY = sampleDirichlet(new Float64Array(5).fill(1), rng);
    const curve = Array.from({ length: 41 }, (_, step) => {
      const rateBits = (step / 40) * entropyBits(pX);
      return (['greedy', 'improved', 'exact'] as const).map((encoder) => ({
        x: rateBits,
        y: mecBottleneck(pX, pY, { rateBits, encoder }).informationBits,
        series: encoder,
      }));
    }).flat();
    const reproduced = violations === 0 && belowGreedy === 0 && equal >= 0.65 * cases;
    const percent = (count: number) => `${((100 * count) / cases).toFixed(0)} %`;
    return {
      measured: `${violations} violations of the gap in ${cases} cases; optimal: greedy ${percent(greedyEqual)}, local search ${percent(equal)}, mean gap ${meanGap.toFixed(4)} bit`,
      verdict: reproduced ? 'reproduced' : 'not reproduced',
      figure: {
        title: 'Information kept about X against the rate limit, |X| = 8, |Y| = 5',
        x: { label: 'rate limit R, bits' },
        y: { label: 'I(X; Y), bits' },
        marks: [{ kind: 'line', points: curve }],
      },
    };
  },
};
