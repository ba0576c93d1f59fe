import { omegaProfile, poisson2d, sorSpectralRadius, spmv } from 'lemmata/linear-solvers';
import { createRng, sampleNormalInBall } from 'lemmata/random';
import type { Claim } from '../claim.js';

export const claim: Claim = {
  id: 'khodak2024-degenerate-rhs',
  seed: 'Learning to Relax',
  reference: 'arXiv:2310.02246',
  statement:
    'A right-hand side can be chosen for which a poor omega looks best, so that nothing can be learned from counts alone unless right-hand sides are random.',
  source: 'Figure 2 (right) and Section 2.3',
  expected:
    'with b an eigenvector of C at omega = 1.4 to the eigenvalue 0.16/rho the count at 1.4 is log(eps)/log of it, less than half of any other; with random b the best omega of the grid is next to 1.56',
  run({ seed, onProgress }) {
    const A = poisson2d(10, 10);
    const omegas = Array.from({ length: 19 }, (_, i) => 1 + i * 0.05);
    // Young 1954: for the eigenvector of Jacobi's iteration to β, the errors λ^((ix + iy)/2) sin sin are multiplied by λ in each
    // sweep, (λ + ω - 1)² = λ ω² β². The roots have the product (ω - 1)²; this is the smaller one.
    const lambda = 0.16 / sorSpectralRadius({ omega: 1.4, beta: Math.cos(Math.PI / 11) });
    const error = Float64Array.from({ length: 100 }, (_, k) => {
      const [ix, iy] = [(k % 10) + 1, Math.floor(k / 10) + 1];
      return Math.sqrt(lambda) ** (ix + iy) * Math.sin((Math.PI * ix) / 11) * Math.sin((Math.PI * iy) / 11);
    });
    const special = omegaProfile(A, spmv(A, error), omegas);
    const rng = createRng(seed, 'right-hand sides');
    const random = Array.from({ length: 20 }, () => omegaProfile(A, sampleNormalInBall(100, rng), omegas));
    onProgress(1);
    const mean = omegas.map((_, i) => random.reduce((sum, profile) => sum + profile[i], 0) / random.length);
    const best = omegas[mean.indexOf(Math.min(...mean))];
    const predicted = Math.ceil(Math.log(1e-8) / Math.log(lambda));
    const at = omegas.findIndex((omega) => Math.abs(omega - 1.4) < 1e-9);
    const alone = special.every((count, i) => i === at || count > 2 * special[at]);
    return {
      measured: `at 1.4: ${special[at]} iterations (theory ${predicted}), next best ${Math.min(...special.filter((_, i) => i !== at))}; random b: best omega ${best.toFixed(2)} with ${Math.min(...mean).toFixed(1)}`,
      verdict: special[at] === predicted && alone && Math.abs(best - 1.55) < 0.051 ? 'reproduced' : 'not reproduced',
      figure: {
        title: 'A right-hand side that misleads',
        x: { label: 'omega' },
        y: { label: 'iterations', type: 'log' },
        marks: [
          {
            kind: 'line',
            points: omegas.flatMap((x, i) => [
              { x, y: special[i], series: 'b an eigenvector at 1.4' },
              { x, y: mean[i], series: 'random b' },
            ]),
          },
        ],
      },
    };
  },
};
