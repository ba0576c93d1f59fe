import { expectedImprovement, gpCondition, matern52, noisyExpectedImprovement, scaleKernel } from 'lemmata/bo';
import { createRng, sampleNormal } from 'lemmata/random';
import type { Claim } from '../claim.js';

export const claim: Claim = {
  id: 'frazier2018-noise-free-limit',
  seed: 'A Tutorial on Bayesian Optimization',
  reference: 'arXiv:1807.02811',
  statement:
    'The decision-theoretic expected improvement for noisy observations becomes the usual expected improvement as the noise vanishes.',
  source: 'Sections 4.1 and 5',
  expected: 'largest difference over random processes and points below 1e-6 at noise 1e-12, and falling with the noise',
  run({ scale, seed, onProgress }) {
    const processes = scale === 'full' ? 400 : 60;
    const noises = [1e-2, 1e-4, 1e-6, 1e-8, 1e-10, 1e-12];
    const largest = noises.map(() => 0);
    for (let p = 0; p < processes; p++) {
      const rng = createRng(seed, p);
      const X = Array.from({ length: 8 }, () => [rng(), rng()]);
      const y = X.map(() => sampleNormal(rng));
      const kernel = scaleKernel(1.5, matern52({ lengthscale: [0.2 + 0.5 * rng(), 0.2 + 0.5 * rng()] }));
      const points = Array.from({ length: 10 }, () => [rng(), rng()]);
      noises.forEach((noise, i) => {
        const gp = gpCondition(kernel, X, y, { noise });
        for (const x of points) {
          const noisy = noisyExpectedImprovement(gp, x).value;
          const plain = expectedImprovement(gp, x, { best: Math.max(...y) }).value;
          largest[i] = Math.max(largest[i], Math.abs(noisy - plain));
        }
      });
      onProgress((p + 1) / processes);
    }
    const falls = largest.slice(0, 4).every((value, i) => value > largest[i + 1]);
    return {
      measured: noises.map((noise, i) => `${noise}: ${largest[i].toExponential(1)}`).join(', '),
      verdict: largest[5] < 1e-6 && falls ? 'reproduced' : 'not reproduced',
      note: `largest |noisy EI - EI| over ${processes} processes on 8 points in two dimensions, 10 query points each`,
      figure: {
        title: 'Noisy expected improvement tends to expected improvement',
        x: { label: 'noise variance', type: 'log' },
        y: { label: 'largest difference', type: 'log' },
        marks: [{ kind: 'line', points: noises.map((x, i) => ({ x, y: Math.max(largest[i], 1e-16) })) }],
      },
    };
  },
};
