import {
  expectedImprovement,
  gpCondition,
  gpPredict,
  knowledgeGradientDiscrete,
  matern52,
  noisyExpectedImprovement,
  scaleKernel,
} from 'lemmata/bo';
import type { Claim } from '../claim.js';

/** Two noisy data sets of five points in one dimension, each with a point to measure next. */
const EXAMPLES = [
  { X: [[0.5], [0.501], [0.99], [0.892], [0.605]], y: [0.5985, 0.5945, -0.9719, -0.9683, 0.1163], x: 0.609 },
  { X: [[0.303], [0.706], [0.469], [0.649], [0.992]], y: [0.9984, -0.3787, 0.715, -0.1032, -0.9695], x: 0.585 },
];

export const claim: Claim = {
  id: 'frazier2018-knowledge-gradient-elsewhere',
  seed: 'A Tutorial on Bayesian Optimization',
  reference: 'arXiv:1807.02811',
  statement:
    'The knowledge gradient values a measurement for moving the maximizer of the posterior mean elsewhere, where expected improvement, which looks at the measured point alone, sees nothing.',
  source: 'Section 4.2',
  expected:
    'at both points the knowledge gradient is above 1e-4, at least 10 times expected improvement over the best mean, and at least 50 times the noisy expected improvement',
  run({ onProgress }) {
    const kernel = scaleKernel(1, matern52({ lengthscale: 0.3 }));
    const domain = Array.from({ length: 10 }, (_, i) => [0.05 + 0.1 * i]);
    const rows = EXAMPLES.map(({ X, y, x }) => {
      const gp = gpCondition(kernel, X, y, { noise: 0.05 });
      const best = Math.max(...gpPredict(gp, X).mean);
      return {
        gradient: knowledgeGradientDiscrete(gp, [x], { domain, includeX: false }).value,
        noisy: noisyExpectedImprovement(gp, [x]).value,
        improvement: expectedImprovement(gp, [x], { best }).value,
      };
    });
    onProgress(1);
    const holds = rows.every(
      ({ gradient, noisy, improvement }) => gradient > 1e-4 && gradient > 50 * noisy && gradient > 10 * improvement,
    );
    const [{ X, y }] = EXAMPLES;
    const gp = gpCondition(kernel, X, y, { noise: 0.05 });
    const best = Math.max(...gpPredict(gp, X).mean);
    const grid = Array.from({ length: 101 }, (_, i) => i / 100);
    return {
      measured: rows
        .map(
          ({ gradient, noisy, improvement }) =>
            `KG ${gradient.toExponential(2)}, noisy EI ${noisy.toExponential(2)}, EI over the best mean ${improvement.toExponential(2)}`,
        )
        .join('; '),
      verdict: holds ? 'reproduced' : 'not reproduced',
      figure: {
        title: 'What a measurement at x is worth',
        x: { label: 'x' },
        y: { label: 'value' },
        marks: [
          {
            kind: 'line',
            points: grid.flatMap((x) => [
              {
                x,
                y: knowledgeGradientDiscrete(gp, [x], { domain, includeX: false }).value,
                series: 'knowledge gradient',
              },
              { x, y: expectedImprovement(gp, [x], { best }).value, series: 'expected improvement' },
            ]),
          },
        ],
      },
    };
  },
};
