import { kSeqPlan, multiDraftAcceptance, otmAcceptance } from 'lemmata/decoding';
import { createRng, sampleExponential } from 'lemmata/random';
import type { Claim } from '../claim.js';

export const claim: Claim = {
  id: 'sun2023-spectr',
  seed: 'SpecTr',
  reference: 'arXiv:2310.15141',
  statement:
    'k-SEQ accepts at least (1 - (1 - 1/k)^k) times what the optimal transport could, and more on average than testing independent drafts one after another.',
  source: 'Theorem 2 (k-SEQ), Section 3 (optimal transport with membership cost)',
  expected:
    'no violation of the guarantee on any pair; every method at most the optimum; mean acceptance of k-SEQ above recursive rejection for k = 2, 3, 4 (paired, 5 standard errors)',
  run({ scale, seed, onProgress }) {
    const pairs = scale === 'full' ? 6000 : 1500;
    const rng = createRng(seed, 'spectr');
    const dirichlet = () => {
      const w = Array.from({ length: 8 }, () => sampleExponential(rng));
      const total = w.reduce((a, b) => a + b, 0);
      return w.map((x) => x / total);
    };
    const sums = [1, 2, 3, 4].map(() => ({ recursive: 0, without: 0, kseq: 0, optimum: 0, gain: 0, gain2: 0 }));
    let violations = 0;
    let above = 0;
    for (let i = 0; i < pairs; i++) {
      const [t, d] = [dirichlet(), dirichlet()];
      for (let k = 1; k <= 4; k++) {
        const kseq = kSeqPlan(t, d, k).acceptance;
        const optimum = otmAcceptance(t, d, { k });
        const recursive = multiDraftAcceptance(t, d, { k, replacement: true }).acceptance;
        let miss = 1;
        for (let j = 0; j < k; j++) miss *= 1 - 1 / k;
        if (kseq < (1 - miss) * optimum - 1e-12) violations += 1;
        if (Math.max(kseq, recursive) > optimum + 1e-12) above += 1;
        const s = sums[k - 1];
        s.recursive += recursive / pairs;
        s.kseq += kseq / pairs;
        s.optimum += optimum / pairs;
        s.without += multiDraftAcceptance(t, d, { k, replacement: false }).acceptance / pairs;
        s.gain += (kseq - recursive) / pairs;
        s.gain2 += ((kseq - recursive) * (kseq - recursive)) / pairs;
      }
      if (i % 100 === 0) onProgress(i / pairs);
    }
    onProgress(1);
    const better = sums.slice(1).every(({ gain, gain2 }) => gain > 5 * Math.sqrt((gain2 - gain * gain) / pairs));
    const row = (name: 'recursive' | 'without' | 'kseq' | 'optimum') => sums.map((s) => s[name].toFixed(3)).join(' ');
    return {
      measured: `k = 1..4: recursive ${row('recursive')}; k-SEQ ${row('kseq')}; optimum ${row('optimum')}; without replacement ${row('without')}; ${violations} violations`,
      verdict: violations === 0 && above === 0 && better ? 'reproduced' : 'not reproduced',
      note: `${pairs} pairs of Dirichlet(1) laws on eight tokens; acceptance computed exactly.`,
      figure: {
        title: 'Mean acceptance of eight-token laws',
        x: { label: 'drafts' },
        y: { label: 'acceptance' },
        marks: [
          {
            kind: 'line',
            points: sums.flatMap((s, i) =>
              (
                [
                  ['recursive', s.recursive],
                  ['k-SEQ', s.kseq],
                  ['independent optimum', s.optimum],
                  ['without replacement', s.without],
                ] as const
              ).map(([series, y]) => ({ x: i + 1, y, series })),
            ),
          },
        ],
      },
    };
  },
};
