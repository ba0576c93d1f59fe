import { createRng } from 'lemmata/random';
import { processAdvantage, proverQuality } from 'lemmata/search';
import { softmax } from 'lemmata/special';
import type { Claim } from '../claim.js';

const KS = [1, 2, 3, 4, 6, 8, 12, 16, 24, 32, 64, 128, 256];
const STEP = 2;
const ALPHA = 5;

export const claim: Claim = {
  id: 'setlur2024-rewarding-progress',
  seed: 'Rewarding Progress',
  reference: 'arXiv:2410.08146',
  statement:
    'Rewarding progress under a best-of-k prover improves the base policy more than outcome values do, most for a k that is neither 1 nor large.',
  source: 'Theorem 4.1, Figures 2 and 5',
  expected:
    'mean improvement of one natural-gradient step above that by outcome values alone (3 standard errors) at k = 4; the best k and the largest prover variance strictly inside 1..256; the gain vanishes as k grows',
  run({ scale, seed, onProgress }) {
    const states = scale === 'full' ? 20_000 : 2_000;
    const rng = createRng(seed, 'states');
    const gain = new Float64Array(KS.length);
    const gain2 = new Float64Array(KS.length);
    const variance = new Float64Array(KS.length);
    for (let s = 0; s < states; s++) {
      // A hard problem: six steps whose chances of success are mostly small.
      const qBase = Float64Array.from({ length: 6 }, () => 0.4 * rng() * rng());
      const logits = Float64Array.from({ length: 6 }, () => 2 * rng());
      const probs = softmax(logits);
      const mean = (p: ArrayLike<number>) => qBase.reduce((sum, q, i) => sum + p[i] * q, 0);
      const vBase = mean(probs);
      const improved = (rewards: ArrayLike<number>) =>
        mean(softmax(logits.map((x, i) => x + STEP * rewards[i]))) - vBase;
      const byOutcome = improved(qBase);
      KS.forEach((k, i) => {
        const more = improved(processAdvantage(qBase, vBase, { k, alpha: ALPHA }).effectiveReward) - byOutcome;
        gain[i] += more / states;
        gain2[i] += (more * more) / states;
        variance[i] += proverQuality(probs, qBase, { k }).variance / states;
      });
      if (s % 100 === 0) onProgress(s / states);
    }
    const best = gain.indexOf(Math.max(...gain));
    const widest = variance.indexOf(Math.max(...variance));
    const inside = (index: number) => index > 0 && index < KS.length - 1;
    const at4 = KS.indexOf(4);
    const error = Math.sqrt((gain2[at4] - gain[at4] * gain[at4]) / states);
    const reproduced =
      gain[at4] > 3 * error && inside(best) && inside(widest) && gain[KS.length - 1] < 0.5 * gain[best];
    return {
      measured: `gain at k = 4: ${gain[at4].toFixed(4)}; best k ${KS[best]} (${gain[best].toFixed(4)}), k = 256: ${gain[KS.length - 1].toFixed(4)}; variance peaks at k = ${KS[widest]}`,
      standardError: error,
      verdict: reproduced ? 'reproduced' : 'not reproduced',
      note: `Random states with six steps, α = ${ALPHA}; success probabilities after one step against V of the base policy.`,
      figure: {
        title: 'Gain over outcome values, and the variance of the prover’s advantages',
        x: { label: 'k of the best-of-k prover', type: 'log' },
        y: { label: 'gain in success probability; variance' },
        marks: [
          {
            kind: 'line',
            points: KS.flatMap((x, i) => [
              { x, y: gain[i], series: 'gain' },
              { x, y: variance[i], series: 'variance' },
            ]),
          },
        ],
      },
    };
  },
};
