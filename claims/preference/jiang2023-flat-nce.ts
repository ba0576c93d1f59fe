import { gaussianMeanLandscape } from 'lemmata/preference';
import type { Claim } from '../claim.js';

const MEANS = [1, 2, 4, 8, 16];
const CURVATURES = [0.427861, 0.357844, 0.148023, 7.9168e-4, 6.24e-14];
const NCE_STEPS = [4, 8, 22];
const COMPOSITIONAL_STEPS = [4, 5, 6, 7, 8];

export const claim: Claim = {
  id: 'jiang2023-flat-nce',
  seed: 'Learning Unnormalized Statistical Models via Compositional Optimization',
  reference: 'arXiv:2306.07485',
  statement:
    'For the mean of a Gaussian, the noise-contrastive objective becomes exponentially flat as the noise moves away from the data and gradient descent stalls, while the compositional likelihood keeps curvature 1 and needs a handful of steps.',
  source: 'the landscapes of the two objectives for a Gaussian mean',
  expected:
    'curvature of NCE at its optimum for means 1, 2, 4, 8, 16: .427861, .357844, .148023, 7.9168e-4, 6.24e-14; steps of gradient descent to within 0.1: NCE (step 1) 4, 8, 22, more than 3000, more than 3000 (stopped at 7.89 and 8.39), compositional (step 1/2) 4, 5, 6, 7, 8; verdict: the same numbers',
  run({ scale, onProgress }) {
    const limit = scale === 'full' ? 100_000 : 3000;
    const rows = MEANS.map((mean, k) => {
      const curvature = gaussianMeanLandscape(mean, mean).nceCurvature;
      let theta = 0;
      let steps = 0;
      let at3000 = NaN;
      while (Math.abs(theta - mean) >= 0.1 && steps < limit) {
        theta -= gaussianMeanLandscape(theta, mean).nceGradient;
        steps += 1;
        if (steps === 3000) at3000 = theta;
      }
      const reached = Math.abs(theta - mean) < 0.1;
      let other = 0;
      let compositional = 0;
      while (Math.abs(other - mean) >= 0.1) {
        other -= 0.5 * gaussianMeanLandscape(other, mean).compositionalGradient;
        compositional += 1;
      }
      onProgress((k + 1) / MEANS.length);
      return { mean, curvature, steps, reached, theta, at3000, compositional };
    });
    const reproduced = rows.every(
      ({ curvature, steps, at3000, compositional }, k) =>
        Math.abs(curvature / CURVATURES[k] - 1) < (k === 4 ? 1e-3 : 1e-5) &&
        compositional === COMPOSITIONAL_STEPS[k] &&
        (k < 3 ? steps === NCE_STEPS[k] : steps >= 3000 && Math.abs(at3000 - [7.89, 8.39][k - 3]) < 5.1e-3),
    );
    const grid = Array.from({ length: 241 }, (_, i) => -4 + i * 0.1);
    return {
      measured: rows
        .map(
          ({ mean, curvature, steps, reached, theta, compositional }) =>
            `mean ${mean}: curvature ${curvature.toPrecision(5)}, NCE ${reached ? `${steps} steps` : `at ${theta.toFixed(2)} after ${steps}`}, compositional ${compositional}`,
        )
        .join('; '),
      verdict: reproduced ? 'reproduced' : 'not reproduced',
      note: 'Deterministic: expectations by quadrature. Noise N(0, 1), data N(mean, 1), ν = 1, normalized model.',
      figure: {
        title: 'Objectives for data with mean 16 and noise with mean 0, less their minima',
        x: { label: 'mean of the model' },
        y: { label: 'objective' },
        marks: [
          {
            kind: 'line',
            points: grid.flatMap((x) => {
              const point = gaussianMeanLandscape(x, 16);
              return [
                { x, y: point.nce - gaussianMeanLandscape(16, 16).nce, series: 'NCE' },
                { x, y: point.compositional - gaussianMeanLandscape(16, 16).compositional, series: 'compositional' },
              ];
            }),
          },
        ],
      },
    };
  },
};
