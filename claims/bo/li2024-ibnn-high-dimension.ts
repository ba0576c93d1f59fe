import {
  gpSurrogate,
  infiniteWidthNetwork,
  logExpectedImprovementRule,
  momentAcquisition,
  networkDrawProblem,
  optimizeAcquisition,
  polynomialProblem,
  type RandomProblem,
  standardize,
  type Surrogate,
  surrogatePosterior,
} from 'lemmata/bo';
import { createRng, type Rng } from 'lemmata/random';
import type { Claim } from '../claim.js';
import { pairedDifference } from './paired.js';

export const claim: Claim = {
  id: 'li2024-ibnn-high-dimension',
  seed: 'A Study of Bayesian Neural Network Surrogates',
  reference: 'arXiv:2305.20028',
  statement:
    'In hundreds of dimensions the infinitely wide network is a better surrogate than the Gaussian process of the study, with Gamma priors on ARD length-scales.',
  source: 'Section 5.4, Figure 6',
  expected:
    'from the same 100 random points, the best value of the infinitely wide network is above that of the process by more than 3 standard errors of the paired differences on the polynomial in 200 dimensions; at full scale, with the networks of the paper, also on the network draw in 400, which quick runs report',
  run({ scale, seed, onProgress }) {
    const full = scale === 'full';
    const seeds = 5;
    const [rounds, batch] = full ? [25, 10] : [3, 5];
    const problems: [string, (rng: Rng) => RandomProblem][] = [
      ['polynomial, d = 200', (rng) => polynomialProblem(200, rng)],
      ['network draw, d = 400', (rng) => networkDrawProblem(400, rng, full ? {} : { hidden: [64, 64] })],
    ];
    const search = { restarts: 0, maxIterations: full ? 100 : 15 };
    const models: [string, Surrogate<never>][] = [
      ['ibnn', infiniteWidthNetwork() as Surrogate<never>],
      ['gp', gpSurrogate({ priors: 'gamma', outputScale: true, ...search }) as Surrogate<never>],
    ];
    if (full) models.push(['gp, dimension-scaled prior', gpSurrogate(search) as Surrogate<never>]);
    let wins = 0;
    const leads: boolean[] = [];
    const parts: string[] = [];
    const points: { x: number; y: number; series: string }[] = [];
    problems.forEach(([name, make], p) => {
      const finals: Record<string, number[]> = {};
      for (let s = 0; s < seeds; s++) {
        const problem = make(createRng(seed, 'problem', p, s));
        for (const [model, surrogate] of models) {
          const trace = run(problem, surrogate, rounds, batch, createRng(seed, 'optimizer', p, s));
          (finals[model] ??= []).push(trace[trace.length - 1]);
          if (s === 0 && p === 0) trace.forEach((y, t) => points.push({ x: t + 1, y, series: model }));
        }
        if (finals.ibnn[s] > finals.gp[s]) wins += 1;
        onProgress((p * seeds + s + 1) / (problems.length * seeds));
      }
      const gain = pairedDifference(finals.ibnn, finals.gp);
      leads.push(gain.mean > 3 * gain.standardError);
      const [, ...others] = models.map(([model]) => model);
      parts.push(
        `${name}: ${others
          .map((other) => {
            const { mean, standardError } = pairedDifference(finals.ibnn, finals[other]);
            return `gain ${mean.toFixed(1)} ± ${standardError.toFixed(1)} over ${other}`;
          })
          .join(', ')}`,
      );
    });
    return {
      measured: `${wins} of 10 runs won; ${parts.join('; ')}`,
      verdict: (full ? leads.every(Boolean) : leads[0]) ? 'reproduced' : 'not reproduced',
      note: `100 random points, then ${rounds} rounds of ${batch}, each point a maximum of log expected improvement found from starts of its own.${full ? '' : ' Quick: the drawn network is 64 wide, the paper’s 256.'}`,
      figure: {
        title: 'Best value on the polynomial in 200 dimensions, one seed',
        x: { label: 'evaluations' },
        y: { label: 'best value' },
        marks: [{ kind: 'line', points }],
      },
    };
  },
};

/** Best value after each evaluation. */
function run(problem: RandomProblem, model: Surrogate<never>, rounds: number, batch: number, rng: Rng): number[] {
  const d = problem.dimension;
  const X: Float64Array[] = Array.from({ length: 100 }, () => Float64Array.from({ length: d }, rng));
  const y = X.map((x) => problem.evaluate(x));
  const bounds = Array.from({ length: d }, () => [0, 1] as const);
  for (let round = 0; round < rounds; round++) {
    const targets = standardize(y).y;
    const state = model.fit(X, targets, rng);
    const posterior = surrogatePosterior(model, state, d);
    const best = Math.max(...model.predict(state, X).mean);
    const acquisition = momentAcquisition(posterior, logExpectedImprovementRule({ best }));
    for (let q = 0; q < batch; q++) {
      const { x } = optimizeAcquisition(acquisition, bounds, { rng, rawSamples: 64, restarts: 1, maxIterations: 20 });
      X.push(x);
      y.push(problem.evaluate(x));
    }
  }
  let best = -Infinity;
  return y.map((value) => (best = Math.max(best, value)));
}
