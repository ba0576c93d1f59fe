import {
  bayesianOptimizer,
  type Config,
  hartmann6,
  type Proposer,
  proposerOptimizer,
  real,
  recordProposer,
  replayProposer,
  searchSpace,
} from 'lemmata/bo';
import { createRng, sampleNormal } from 'lemmata/random';
import type { Claim } from '../claim.js';
import { bestSoFar, meanAndError, pairedDifference } from './paired.js';

export const claim: Claim = {
  id: 'liu2024-llambo-early',
  seed: 'Large Language Models to Enhance Bayesian Optimization (LLAMBO)',
  reference: 'arXiv:2402.03921',
  statement:
    'A proposer with partial knowledge of the problem helps most at the beginning, when there are few observations.',
  source: 'Section 5.2, Figure 3',
  expected:
    'on Hartmann-6, with a synthetic proposer that knows the optimum within ±0.3 a coordinate, the mean regret over the first 10 evaluations is lower than that of a Sobol start by more than 3 standard errors of the paired differences; the advantage is larger at 5 evaluations than at 25 by more than 3 standard errors of the paired differences of advantages; a replay of the recorded answers makes the same run',
  headline: true,
  async run({ scale, seed, onProgress }) {
    const seeds = scale === 'full' ? 100 : 30;
    const rounds = 25;
    const names = Array.from({ length: 6 }, (_, k) => `x${k}`);
    const space = searchSpace(Object.fromEntries(names.map((name) => [name, real(0, 1)])));
    const optimum = -3.3223680114155147;
    const search = { rawSamples: 128, restarts: 2, maxIterations: 30 };
    const fallback = () => bayesianOptimizer(space, { search, model: { deterministic: true, restarts: 0 } });
    const evaluate = (config: Config) => hartmann6.evaluate(names.map((name) => config[name] as number));
    const traces: Record<'proposer' | 'sobol', number[][]> = { proposer: [], sobol: [] };
    let replayed = true;
    for (let s = 0; s < seeds; s++) {
      const knowledge = createRng(seed, 'knowledge', s);
      // What it believes, and the best it was told: it proposes around both, more narrowly as the history grows.
      const belief = HARTMANN6_MINIMIZER.map((v) => clip(v + 0.6 * (knowledge() - 0.5)));
      const around = (center: number[], width: number): Config =>
        Object.fromEntries(names.map((name, k) => [name, clip(center[k] + width * sampleNormal(knowledge))]));
      const synthetic: Proposer = {
        warmstart: async (_context, n) => Array.from({ length: n }, () => around(belief, 0.1)),
        propose: async ({ history, nCandidates }) => {
          const best = history.reduce((a, b) => (b.value < a.value ? b : a));
          const center = names.map((name) => best.config[name] as number);
          return Array.from({ length: nCandidates }, (_, i) =>
            i % 2 === 0 ? around(center, 0.12 / Math.sqrt(1 + history.length / 5)) : around(belief, 0.12),
          );
        },
      };
      const { proposer, calls } = recordProposer(synthetic);
      const play = async (by: Proposer) => {
        const optimizer = proposerOptimizer(space, by, { fallback: fallback() });
        const rng = createRng(seed, 'run', s);
        let state = optimizer.init();
        const values: number[] = [];
        for (let t = 0; t < rounds; t++) {
          const [[suggestion], asked] = await optimizer.ask(state, 1, rng);
          values.push(evaluate(suggestion.config));
          state = optimizer.tell(asked, [{ id: suggestion.id, value: values[t] }]);
        }
        return values;
      };
      const values = await play(proposer);
      traces.proposer.push(bestSoFar(values).map((v) => v - optimum));
      if (s === 0) replayed = (await play(replayProposer(calls))).every((v, t) => v === values[t]);
      const plain = fallback();
      const rng = createRng(seed, 'sobol', s);
      let state = plain.init();
      const sobol: number[] = [];
      for (let t = 0; t < rounds; t++) {
        const [[suggestion], asked] = plain.ask(state, 1, rng);
        sobol.push(evaluate(suggestion.config));
        state = plain.tell(asked, [{ id: suggestion.id, value: sobol[t] }]);
      }
      traces.sobol.push(bestSoFar(sobol).map((v) => v - optimum));
      onProgress((s + 1) / seeds);
    }
    const average = (trace: number[]) => trace.slice(0, 10).reduce((a, b) => a + b, 0) / 10;
    const early = pairedDifference(traces.sobol.map(average), traces.proposer.map(average));
    const advantage = (t: number) => traces.sobol.map((v, s) => v[t - 1] - traces.proposer[s][t - 1]);
    const fades = pairedDifference(advantage(5), advantage(25));
    const at = (t: number) => meanAndError(advantage(t)).mean;
    const holds = early.mean > 3 * early.standardError && fades.mean > 3 * fades.standardError && replayed;
    const curve = (series: 'proposer' | 'sobol') =>
      Array.from({ length: rounds }, (_, t) => ({
        x: t + 1,
        y: meanAndError(traces[series].map((v) => v[t])).mean,
        series,
      }));
    return {
      measured: `mean regret over 10 evaluations lower by ${early.mean.toFixed(2)} ± ${early.standardError.toFixed(2)}; advantage ${at(5).toFixed(2)} after 5, ${at(25).toFixed(2)} after 25, less by ${fades.mean.toFixed(2)} ± ${fades.standardError.toFixed(2)}; replay ${replayed ? 'equal' : 'different'}`,
      standardError: early.standardError,
      verdict: holds ? 'reproduced' : 'not reproduced',
      note: `${seeds} seeds. The proposer is synthetic: it stands for a language model that has seen similar problems, and no language model was asked.`,
      figure: {
        title: 'Mean regret on Hartmann-6',
        x: { label: 'evaluations' },
        y: { label: 'regret' },
        marks: [{ kind: 'line', points: [...curve('proposer'), ...curve('sobol')] }],
      },
    };
  },
};

/** The global minimizer, S. Surjanovic, D. Bingham, "Virtual Library of Simulation Experiments". */
const HARTMANN6_MINIMIZER = [0.20169, 0.150011, 0.476874, 0.275332, 0.311652, 0.6573];

function clip(v: number): number {
  return Math.min(1, Math.max(0, v));
}
