import {
  ackley,
  branin,
  deepEnsemble,
  hartmann6,
  hmcNetwork,
  logPredictiveDensity,
  sghmcNetwork,
  type Surrogate,
  type TestFunction,
} from 'lemmata/bo';
import { createRng } from 'lemmata/random';
import type { Claim } from '../claim.js';
import { pairedDifference } from './paired.js';

export const claim: Claim = {
  id: 'li2024-hmc-best-inference',
  seed: 'A Study of Bayesian Neural Network Surrogates',
  reference: 'arXiv:2305.20028',
  statement:
    'Of the ways to infer a fully stochastic network, Hamiltonian Monte Carlo is the best; a later revision adds that ensembles are relatively poor.',
  source: 'Sections 4 and 5.1',
  expected:
    'the mean log predictive density on unseen points of Branin, Hartmann-6 and Ackley-10 is higher for HMC than for SGHMC and than for deep ensembles, by more than 2 standard errors of the paired differences over problems and seeds',
  headline: true,
  run({ scale, seed, onProgress }) {
    const full = scale === 'full';
    const seeds = full ? 10 : 8;
    const settings = { hidden: full ? [64, 64] : [24], noiseVariance: 0.1 };
    // A wider prior than the study's unit one for one hidden layer, which has less weight to spread.
    const priorVariance = full ? 1 : 4;
    const models: Record<string, Surrogate<never>> = {
      HMC: hmcNetwork({
        ...settings,
        priorVariance,
        mapSteps: 300,
        hmc: {
          samples: full ? 500 : 150,
          burnIn: full ? 500 : 150,
          stepSize: 0.005,
          pathLength: full ? 0.6 : 0.3,
          maxLeapfrog: full ? 200 : 40,
        },
      }) as never,
      SGHMC: sghmcNetwork({
        ...settings,
        priorVariance,
        sghmc: { steps: full ? 20000 : 4000, burnIn: full ? 10000 : 2000 },
      }) as never,
      ensemble: deepEnsemble({ ...settings, priorVariance, members: full ? 10 : 5, steps: 600 }) as never,
    };
    const problems: TestFunction[] = [branin, hartmann6, ackley(10)];
    const scores: Record<string, number[]> = { HMC: [], SGHMC: [], ensemble: [] };
    const bars: { x: string; y: number; series: string }[] = [];
    const parts: string[] = [];
    problems.forEach((problem, p) => {
      const means: Record<string, number> = {};
      for (let s = 0; s < seeds; s++) {
        const data = createRng(seed, 'data', p, s);
        const points = (n: number) => Array.from({ length: n }, () => Array.from({ length: problem.dim }, data));
        const [X, Xs] = [points(30), points(200)];
        const value = (u: number[]) =>
          problem.evaluate(u.map((v, k) => problem.bounds[k][0] + v * (problem.bounds[k][1] - problem.bounds[k][0])));
        const raw = X.map(value);
        const mean = raw.reduce((a, b) => a + b, 0) / raw.length;
        const sd = Math.sqrt(raw.reduce((a, b) => a + (b - mean) ** 2, 0) / (raw.length - 1));
        const [y, ys] = [raw, Xs.map(value)].map((values) => values.map((v) => (v - mean) / sd));
        Object.entries(models).forEach(([name, model], m) => {
          const state = model.fit(X, y, createRng(seed, name, p, s));
          const score = logPredictiveDensity(model.predict(state, Xs), ys, settings.noiseVariance);
          scores[name].push(score);
          means[name] = (means[name] ?? 0) + score / seeds;
          onProgress((p * seeds + s + (m + 1) / 3) / (problems.length * seeds));
        });
      }
      for (const [name, y] of Object.entries(means)) bars.push({ x: problem.name, y, series: name });
      const own = (name: string) => scores[name].slice(p * seeds);
      const [sampler, ensemble] = ['SGHMC', 'ensemble'].map((name) => show(pairedDifference(own('HMC'), own(name))));
      parts.push(`${problem.name} ${sampler} and ${ensemble}`);
    });
    const over = ['SGHMC', 'ensemble'].map((name) => pairedDifference(scores.HMC, scores[name]));
    const holds = over.every(({ mean, standardError }) => mean > 2 * standardError);
    return {
      measured: `HMC ahead of SGHMC by ${show(over[0])} and of ensembles by ${show(over[1])} nats a point (${parts.join(', ')})`,
      verdict: holds ? 'reproduced' : 'not reproduced',
      note: `30 points to learn from, 200 to judge by, ${seeds} seeds; one prior and noise variance for all three.${full ? '' : ' Quick: one hidden layer of 24.'}`,
      figure: {
        title: 'Mean log predictive density on unseen points',
        x: { label: 'problem', type: 'band' },
        y: { label: 'nats a point' },
        marks: [{ kind: 'bar', points: bars }],
      },
    };
  },
};

function show({ mean, standardError }: { mean: number; standardError: number }): string {
  return `${mean.toFixed(2)} ± ${standardError.toFixed(2)}`;
}
