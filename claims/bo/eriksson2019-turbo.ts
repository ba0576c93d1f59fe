import { ackley, levy, type TestFunction, turbo } from 'lemmata/bo';
import { createRng } from 'lemmata/random';
import type { Claim } from '../claim.js';
import { bestSoFar, meanAndError, pairedDifference } from './paired.js';

export const claim: Claim = {
  id: 'eriksson2019-turbo',
  seed: 'A Tutorial on Bayesian Optimization',
  reference: 'arXiv:1910.01739',
  statement:
    'Trust regions make Bayesian optimization work in tens of dimensions: on Ackley in 20 and Levy in 10 dimensions TuRBO in batches of 10 comes far below random search.',
  source: 'Section 4, in the authors’ settings: batches of 10, designs of 2d, boxes [-5, 10] and [-5, 10]',
  expected:
    'on both problems the mean best value at most 0.7 times that of random search, by at least 2 standard errors',
  run({ scale, seed, onProgress }) {
    const seeds = scale === 'full' ? 10 : 5;
    const problems: [TestFunction, number][] = [
      [ackley(20), scale === 'full' ? 500 : 130],
      [levy(10), scale === 'full' ? 500 : 100],
    ];
    const lines: { x: number; y: number; series: string }[] = [];
    const measured: string[] = [];
    let holds = true;
    problems.forEach(([problem, evaluations], p) => {
      const traces: { turbo: number[][]; random: number[][] } = { turbo: [], random: [] };
      for (let s = 0; s < seeds; s++) {
        const bounds = problem.bounds.map(() => [-5, 10] as const);
        const optimizer = turbo({ bounds, batch: 10, candidates: scale === 'full' ? 2000 : 400 });
        const rng = createRng(seed, problem.name, 'turbo', s);
        let state = optimizer.init();
        const values: number[] = [];
        while (values.length < evaluations) {
          const [batch, asked] = optimizer.ask(state, rng);
          const told = batch.map((x) => problem.evaluate(x));
          values.push(...told);
          state = optimizer.tell(asked, told);
          onProgress((p + (s + values.length / evaluations) / seeds) / 2);
        }
        traces.turbo.push(bestSoFar(values.slice(0, evaluations)));
        const plain = createRng(seed, problem.name, 'random', s);
        const draws = Array.from({ length: evaluations }, () => problem.evaluate(bounds.map(() => -5 + 15 * plain())));
        traces.random.push(bestSoFar(draws));
      }
      const last = (runs: number[][]) => runs.map((trace) => trace[evaluations - 1]);
      const gain = pairedDifference(last(traces.random), last(traces.turbo));
      const [ours, theirs] = [meanAndError(last(traces.turbo)), meanAndError(last(traces.random))];
      holds &&= ours.mean <= 0.7 * theirs.mean && gain.mean >= 2 * gain.standardError;
      measured.push(
        `${problem.name}-${problem.dim}, ${evaluations} calls: ${ours.mean.toFixed(2)} against ${theirs.mean.toFixed(2)}, gain ${gain.mean.toFixed(2)} ± ${gain.standardError.toFixed(2)}`,
      );
      for (const series of ['turbo', 'random'] as const) {
        for (let t = 19; t < evaluations; t += 5) {
          const { mean } = meanAndError(traces[series].map((trace) => trace[t]));
          lines.push({ x: t + 1, y: Math.max(1e-3, mean), series: `${problem.name}, ${series}` });
        }
      }
    });
    return {
      measured: measured.join('; '),
      verdict: holds ? 'reproduced' : 'not reproduced',
      note: `${seeds} seeds`,
      figure: {
        title: 'TuRBO and random search in 20 and 10 dimensions',
        x: { label: 'calls' },
        y: { label: 'best value', type: 'log' },
        marks: [{ kind: 'line', points: lines }],
      },
    };
  },
};
