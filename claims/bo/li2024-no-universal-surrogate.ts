import {
  ackley,
  branin,
  gpSurrogate,
  hartmann6,
  infiniteWidthNetwork,
  logPredictiveDensity,
  networkDrawProblem,
  type Surrogate,
} from 'lemmata/bo';
import { createRng, type Rng } from 'lemmata/random';
import type { Claim } from '../claim.js';
import { meanAndError } from './paired.js';

export const claim: Claim = {
  id: 'li2024-no-universal-surrogate',
  seed: 'A Study of Bayesian Neural Network Surrogates',
  reference: 'arXiv:2305.20028',
  statement: 'No surrogate is best everywhere: the ranking depends on the problem.',
  source: 'Section 5, conclusion',
  expected:
    'by mean log predictive density over seeds, the Gaussian process is best on at least one problem and the infinitely wide network on another, each by more than 3 standard errors of the paired difference (Student with 7 degrees of freedom: a false alarm of 1 % a problem)',
  run({ scale, seed, onProgress }) {
    const full = scale === 'full';
    const seeds = full ? 12 : 8;
    const problems: { name: string; dimension: number; n: number; make(rng: Rng): (u: ArrayLike<number>) => number }[] =
      [
        ...[branin, hartmann6, ackley(10)].map((f) => ({
          name: f.name,
          dimension: f.dim,
          n: 40,
          make: () => (u: ArrayLike<number>) =>
            f.evaluate(Array.from(u, (v, k) => f.bounds[k][0] + v * (f.bounds[k][1] - f.bounds[k][0]))),
        })),
        {
          name: 'network draw, d = 100',
          dimension: 100,
          n: 200,
          make: (rng) => networkDrawProblem(100, rng, { hidden: [64, 64] }).evaluate,
        },
      ];
    const models: Record<string, Surrogate<never>> = {
      process: gpSurrogate({ outputScale: true, restarts: 0, maxIterations: 40 }) as never,
      'infinite width': infiniteWidthNetwork() as never,
    };
    const bars: { x: string; y: number; series: string }[] = [];
    const edge: Record<string, { mean: number; standardError: number }> = {};
    problems.forEach(({ name, dimension, n, make }, p) => {
      const scores: Record<string, number[]> = {};
      for (let s = 0; s < seeds; s++) {
        const rng = createRng(seed, 'data', p, s);
        const f = make(rng);
        const points = (count: number) => Array.from({ length: count }, () => Array.from({ length: dimension }, rng));
        const [X, Xs] = [points(n), points(150)];
        const raw = X.map(f);
        const mean = raw.reduce((a, b) => a + b, 0) / n;
        const sd = Math.sqrt(raw.reduce((a, b) => a + (b - mean) ** 2, 0) / (n - 1));
        const [y, ys] = [raw, Xs.map(f)].map((values) => values.map((v) => (v - mean) / sd));
        Object.entries(models).forEach(([model, surrogate], m) => {
          const state = surrogate.fit(X, y, createRng(seed, model, p, s)) as { noise?: number; gp?: { noise: number } };
          const noise = Number(state.gp?.noise ?? state.noise ?? 0);
          (scores[model] ??= []).push(logPredictiveDensity(surrogate.predict(state as never, Xs), ys, noise));
          onProgress((p * seeds + s + (m + 1) / 2) / (problems.length * seeds));
        });
      }
      const means = Object.fromEntries(Object.entries(scores).map(([model, list]) => [model, meanAndError(list).mean]));
      for (const [model, y] of Object.entries(means)) bars.push({ x: name, y, series: model });
      edge[name] = meanAndError(scores.process.map((v, s) => v - scores['infinite width'][s]));
    });
    const clear = Object.values(edge).map(({ mean, standardError }) => mean / standardError);
    const holds = clear.some((z) => z > 3) && clear.some((z) => z < -3);
    return {
      measured: `process minus infinite width, nats a point: ${Object.entries(edge)
        .map(([name, { mean, standardError }]) => `${name} ${mean.toFixed(2)} ± ${standardError.toFixed(2)}`)
        .join(', ')}`,
      verdict: holds ? 'reproduced' : 'not reproduced',
      note: `${seeds} seeds. Deep kernels were tried too: with few points they fit them by overconfident features, and their predictive density is far below both.`,
      figure: {
        title: 'Mean log predictive density on unseen points',
        x: { label: 'problem', type: 'band' },
        y: { label: 'nats a point' },
        marks: [{ kind: 'bar', points: bars }],
      },
    };
  },
};
