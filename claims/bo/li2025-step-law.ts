import { fitStepLaw, stepLaw, stepLawRegret, type TrainingRun } from 'lemmata/bo';
import { createRng, sampleNormal } from 'lemmata/random';
import type { Claim } from '../claim.js';

export const claim: Claim = {
  id: 'li2025-step-law',
  seed: 'Predictable Scale: Part I, Step Law',
  reference: 'arXiv:2503.04715',
  statement:
    'Learning rate 1.79 N^-0.713 D^0.307 and batch size 0.58 D^0.571 come within about 0.1 % of the best loss of a grid of runs.',
  source: 'Equation 1, abstract',
  expected:
    'the released runs are not part of this project, so: the published constants agree with the exponential of the published bootstrap means to 2 % over the fitted range; on synthetic grids that obey the law with noise of 0.1 % in the loss the fit finds the exponents within 4 bootstrap deviations and following the law costs less than 0.3 % on average',
  headline: true,
  run({ scale, seed, onProgress }) {
    // The constants, against each other.
    let apart = 0;
    for (const N of [6e7, 2e8, 1.07e9]) {
      for (const D of [2e9, 2e10, 1e11]) {
        const published = stepLaw({ nonEmbeddingParams: N, tokens: D });
        const mean = stepLaw({ nonEmbeddingParams: N, tokens: D }, { constants: 'bootstrapMean' });
        apart = Math.max(
          apart,
          Math.abs(Math.log(published.learningRate / mean.learningRate)),
          Math.abs(Math.log(published.batchSizeTokens / mean.batchSizeTokens)),
        );
      }
    }
    onProgress(0.1);
    // A grid in powers of √2 about the law's point, with the curvature that a plateau of 0.25 % within a factor of 2 has.
    const rng = createRng(seed, 'runs');
    const runs: TrainingRun[] = [];
    const sizes = [214663680, 268304384, 429260800, 536872960, 1073741824];
    for (const parameters of sizes) {
      for (const tokens of [4e9, 1.14e10, 2e10, 5e10, 1e11]) {
        const law = stepLaw({ nonEmbeddingParams: parameters, tokens });
        for (let i = -4; i <= 4; i++) {
          for (let j = -4; j <= 4; j++) {
            const [u, v] = [(i * Math.LN2) / 2, (j * Math.LN2) / 2];
            runs.push({
              parameters,
              tokens,
              learningRate: law.learningRate * Math.exp(u),
              batchTokens: law.batchSizeTokens * Math.exp(v),
              loss: 2.5 * (1 + 0.0052 * (u * u + v * v - 0.5 * u * v)) * (1 + 0.001 * sampleNormal(rng)),
            });
          }
        }
      }
    }
    const fit = fitStepLaw(runs, { bootstrap: scale === 'full' ? 1000 : 100, rng: createRng(seed, 'bootstrap') });
    onProgress(0.8);
    const deviations = [
      [fit.logLearningRate[1], -0.713, fit.bootstrap!.logLearningRate.std[1]],
      [fit.logLearningRate[2], 0.307, fit.bootstrap!.logLearningRate.std[2]],
      [fit.logBatchTokens[1], 0.571, fit.bootstrap!.logBatchTokens.std[1]],
    ].map(([found, truth, std]) => Math.abs(found - truth) / std);
    const { mean, max, groups } = stepLawRegret(runs);
    onProgress(1);
    const holds = apart < 0.02 && Math.max(...deviations) < 4 && mean < 0.003;
    return {
      measured: `constants within ${(100 * apart).toFixed(2)} % of each other; exponents ${fit.logLearningRate[1].toFixed(3)}, ${fit.logLearningRate[2].toFixed(3)}, ${fit.logBatchTokens[1].toFixed(3)} (${deviations.map((z) => z.toFixed(1)).join(', ')} deviations off); regret of the law ${(100 * mean).toFixed(3)} %, worst ${(100 * max).toFixed(3)} %`,
      verdict: holds ? 'reproduced' : 'not reproduced',
      note: 'Verified without the released table: the constants and the machinery, not the law’s truth. On the 1911 released dense runs (no licence stated, so not included) the functions here give 0.096 % on average and 0.31 % at worst with the published constants, and the published recipe does not give the published exponents (gold cases stepLawRegret and fitStepLaw).',
      figure: {
        title: 'Cost of following the law, by group of the synthetic grid',
        x: { label: 'tokens', type: 'log' },
        y: { label: 'loss over the least, minus 1' },
        marks: [{ kind: 'dot', points: groups.map(([N, D, y]) => ({ x: D, y, series: `${(N / 1e6).toFixed(0)} M` })) }],
      },
    };
  },
};
