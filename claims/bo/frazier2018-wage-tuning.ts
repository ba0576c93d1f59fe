import { minimizeBayesian, real, searchSpace, type Config } from 'lemmata/bo';
import { createRng } from 'lemmata/random';
import type { Claim } from '../claim.js';
import { bestSoFar, meanAndError, pairedDifference } from './paired.js';
import { crossValidatedError } from './wage-survey.js';

export const claim: Claim = {
  id: 'frazier2018-wage-tuning',
  seed: 'A Tutorial on Bayesian Optimization',
  reference: 'arXiv:1807.02811',
  statement:
    'On a real tuning job, three continuous parameters of a kernel ridge regression of wages, Bayesian optimization finds a lower cross-validated error than random search with as many evaluations.',
  source: 'Sections 1 and 6; the 1985 Current Population Survey',
  expected:
    'the mean over seeds of (best error of random search - best error of the optimizer) is above 0 by at least 2 standard errors',
  headline: true,
  run({ scale, seed, onProgress }) {
    const seeds = scale === 'full' ? 20 : 5;
    const evaluations = scale === 'full' ? 40 : 24;
    const space = searchSpace({
      regularization: real(1e-4, 1e2, { scale: 'log' }),
      lengthscale: real(0.1, 100, { scale: 'log' }),
      indicatorLengthscale: real(0.1, 100, { scale: 'log' }),
    });
    const error = ({ regularization, lengthscale, indicatorLengthscale }: Config) =>
      crossValidatedError({
        kernel: 'rbf',
        regularization: Number(regularization),
        lengthscale: Number(lengthscale),
        indicatorLengthscale: Number(indicatorLengthscale),
      });
    const traces: { optimizer: number[]; random: number[] } = { optimizer: [], random: [] };
    const lines: { x: number; y: number; series: string }[] = [];
    const sums = { optimizer: new Float64Array(evaluations), random: new Float64Array(evaluations) };
    for (let s = 0; s < seeds; s++) {
      // The folds are fixed, so the error is a function without noise.
      const { trace } = minimizeBayesian(error, space, {
        evaluations,
        rng: createRng(seed, 'optimizer', s),
        model: { deterministic: true },
      });
      const rng = createRng(seed, 'random search', s);
      const random = bestSoFar(Array.from({ length: evaluations }, () => error(space.sample(rng))));
      traces.optimizer.push(trace[evaluations - 1]);
      traces.random.push(random[evaluations - 1]);
      for (let t = 0; t < evaluations; t++) {
        sums.optimizer[t] += trace[t] / seeds;
        sums.random[t] += random[t] / seeds;
      }
      onProgress((s + 1) / seeds);
    }
    for (const series of ['optimizer', 'random'] as const) {
      for (let t = 4; t < evaluations; t++) lines.push({ x: t + 1, y: sums[series][t], series });
    }
    const { mean, standardError } = pairedDifference(traces.random, traces.optimizer);
    const wins = traces.random.filter((value, s) => traces.optimizer[s] < value).length;
    return {
      measured: `error of log wage after ${evaluations} evaluations: optimizer ${meanAndError(traces.optimizer).mean.toFixed(4)}, random ${meanAndError(traces.random).mean.toFixed(4)}; difference ${mean.toFixed(4)} ± ${standardError.toFixed(4)}; better in ${wins} of ${seeds} seeds`,
      standardError,
      verdict: mean >= 2 * standardError && mean > 0 ? 'reproduced' : 'not reproduced',
      note: `${seeds} seeds; 534 workers, five folds, Gaussian kernel with two length-scales and a ridge, all on a log scale`,
      figure: {
        title: 'Tuning a wage regression: best five-fold error so far',
        x: { label: 'evaluations' },
        y: { label: 'root mean squared error of log wage' },
        marks: [{ kind: 'line', points: lines }],
      },
    };
  },
};
