import { categorical, integer, minimizeBayesian, real, searchSpace, type Config } from 'lemmata/bo';
import { createRng } from 'lemmata/random';
import type { Claim } from '../claim.js';
import { bestSoFar, meanAndError, pairedDifference } from './paired.js';
import { treeParzenSuggestion, type Observed } from './tree-parzen.js';
import { crossValidatedError, type RidgeSettings } from './wage-survey.js';

export const claim: Claim = {
  id: 'bergstra2011-mixed-wage-tuning',
  seed: 'A Tutorial on Bayesian Optimization',
  reference: 'arXiv:1807.02811',
  statement:
    'On a mixed space (kernel choice, log-scaled regularization, integer degree and length-scales that exist for some kernels only) the Gaussian process optimizer beats random search and is no worse than a tree-structured Parzen estimator.',
  source: 'the 1985 Current Population Survey; baseline of Bergstra et al. 2011, section 4',
  expected:
    'random search minus optimizer above 0 by at least 2 standard errors (at quick scale, with few seeds, 1), Parzen estimator minus optimizer at least -2 standard errors',
  run({ scale, seed, onProgress }) {
    const seeds = scale === 'full' ? 20 : 4;
    const evaluations = scale === 'full' ? 50 : 35;
    const withLengthscale = { kernel: ['rbf', 'matern52', 'laplace'] };
    const space = searchSpace({
      kernel: categorical(['rbf', 'matern52', 'laplace', 'polynomial']),
      regularization: real(1e-4, 1e2, { scale: 'log' }),
      lengthscale: real(0.1, 100, { scale: 'log', when: withLengthscale }),
      indicatorLengthscale: real(0.1, 100, { scale: 'log', when: withLengthscale }),
      degree: integer(1, 6, { when: { kernel: ['polynomial'] } }),
    });
    const error = (config: Config) => crossValidatedError(config as unknown as RidgeSettings);
    const methods = {
      optimizer: (s: number) => [
        ...minimizeBayesian(error, space, {
          evaluations,
          rng: createRng(seed, 'optimizer', s),
          model: { deterministic: true, outputTransform: 'hebo' },
        }).trace,
      ],
      parzen(s: number) {
        const rng = createRng(seed, 'parzen', s);
        const history: Observed[] = [];
        for (let t = 0; t < evaluations; t++) {
          const config = treeParzenSuggestion(space, history, rng);
          history.push({ config, value: error(config) });
        }
        return bestSoFar(history.map(({ value }) => value));
      },
      random(s: number) {
        const rng = createRng(seed, 'random search', s);
        return bestSoFar(Array.from({ length: evaluations }, () => error(space.sample(rng))));
      },
    };
    const finals: Record<string, number[]> = {};
    const points: { x: number; y: number; series: string }[] = [];
    Object.entries(methods).forEach(([series, method], m) => {
      const traces = Array.from({ length: seeds }, (_, s) => {
        const trace = method(s);
        onProgress((m * seeds + s + 1) / (3 * seeds));
        return trace;
      });
      finals[series] = traces.map((trace) => trace[evaluations - 1]);
      for (let t = 4; t < evaluations; t++) {
        points.push({ x: t + 1, y: meanAndError(traces.map((trace) => trace[t])).mean, series });
      }
    });
    const overRandom = pairedDifference(finals.random, finals.optimizer);
    const overParzen = pairedDifference(finals.parzen, finals.optimizer);
    const errors = scale === 'full' ? 2 : 1;
    const holds =
      overRandom.mean > 0 &&
      overRandom.mean >= errors * overRandom.standardError &&
      overParzen.mean >= -2 * overParzen.standardError;
    return {
      measured: Object.entries(finals)
        .map(([series, values]) => `${series} ${meanAndError(values).mean.toFixed(4)}`)
        .concat(
          `over random ${overRandom.mean.toFixed(4)} ± ${overRandom.standardError.toFixed(4)}`,
          `over Parzen ${overParzen.mean.toFixed(4)} ± ${overParzen.standardError.toFixed(4)}`,
        )
        .join(', '),
      standardError: overRandom.standardError,
      verdict: holds ? 'reproduced' : 'not reproduced',
      note: `${seeds} seeds, ${evaluations} evaluations each; five-fold error of log wage, seen by the model through the output transform of HEBO, as bad settings err by far more than good ones differ`,
      figure: {
        title: 'A mixed space: best five-fold error so far',
        x: { label: 'evaluations' },
        y: { label: 'root mean squared error of log wage' },
        marks: [{ kind: 'line', points }],
      },
    };
  },
};
