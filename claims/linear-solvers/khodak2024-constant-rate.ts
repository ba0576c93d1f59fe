import { omegaGrid, omegaLearner, tsallisRegretBound } from 'lemmata/linear-solvers';
import { createRng } from 'lemmata/random';
import type { Claim } from '../claim.js';

export const claim: Claim = {
  id: 'khodak2024-constant-rate',
  seed: 'Learning to Relax',
  reference: 'arXiv:2310.02246',
  statement: 'Tsallis-INF with the constant learning rate 1/sqrt(T) has regret at most 2 K sqrt(2 d T).',
  source: 'Algorithm 1 and Theorem 2.1',
  expected:
    'mean regret below 2 K sqrt(2 d T) (894.4 K for d = 20, T = 5000) when one value costs 1 and the others K + 1; tested at 4 standard errors',
  listed: 'not reproduced',
  run({ scale, seed, onProgress }) {
    const [d, T] = [20, 5000];
    const seeds = scale === 'full' ? 200 : 30;
    const play = (schedule: 'paper' | 'fixed', part: number) => {
      const learner = omegaLearner({
        grid: omegaGrid({ size: d }),
        schedule,
        horizon: T,
        costScale: 'fixed',
        scale: 1,
      });
      return Array.from({ length: seeds }, (_, s) => {
        const rng = createRng(seed, schedule, s);
        let state = learner.init();
        let regret = 0;
        for (let t = 0; t < T; t++) {
          const selection = learner.select(state, rng);
          const cost = selection.index === 0 ? 1 : 2;
          regret += cost - 1;
          state = learner.update(state, selection, cost, state);
        }
        onProgress(part + (0.5 * (s + 1)) / seeds);
        return regret;
      });
    };
    const summary = (regrets: number[]) => {
      const mean = regrets.reduce((a, b) => a + b, 0) / seeds;
      const error = Math.sqrt(regrets.reduce((s, r) => s + (r - mean) ** 2, 0) / (seeds - 1) / seeds);
      return { mean, error };
    };
    const paper = summary(play('paper', 0));
    const tuned = summary(play('fixed', 0.5));
    const printed = tsallisRegretBound({ arms: d, T, K: 1, schedule: 'fixed' });
    const corrected = tsallisRegretBound({ arms: d, T, K: 1, schedule: 'paper' });
    return {
      measured: `mean regret ${paper.mean.toFixed(1)} K (${paper.error.toFixed(1)}) against ${printed.toFixed(1)} K; with the rate sqrt(8/T), for which the bound is proved, ${tuned.mean.toFixed(1)} K (${tuned.error.toFixed(1)})`,
      standardError: paper.error,
      verdict: paper.mean > printed + 4 * paper.error ? 'not reproduced' : 'reproduced',
      note: `The bound that holds for 1/sqrt(T) is K (4 (sqrt d - 1) sqrt T + sqrt(d T)/2) = ${corrected.toFixed(0)} K.`,
    };
  },
};
