import { trice } from 'lemmata/inference';
import { createRng } from 'lemmata/random';
import type { Claim } from '../claim.js';

export const claim: Claim = {
  id: 'hoffman2023-trice',
  seed: 'Training Chain-of-Thought via Latent-Variable Inference',
  reference: 'arXiv:2312.02179',
  statement:
    'MCMC-EM raises the marginal likelihood of right answers, and the control variate steadies it as proposals become right.',
  source: 'Section 2.2, Figure 2',
  expected:
    'both estimators reach a mean likelihood above 0.95; over the last half the control variate moves the likelihood less from step to step than the basic estimate does (paired over seeds, 3 standard errors)',
  run({ scale, seed, onProgress }) {
    const seeds = scale === 'full' ? 40 : 12;
    const [questions, rationales, steps] = [40, 16, 400];
    const points: { x: number; y: number; series: string }[] = [];
    const movements = { basic: new Float64Array(seeds), 'control-variate': new Float64Array(seeds) };
    const final = { basic: 0, 'control-variate': 0 };
    for (let s = 0; s < seeds; s++) {
      const world = createRng(seed, 'world', s);
      const correct = Array.from({ length: questions }, (_, m) =>
        Array.from({ length: rationales }, (_z, z) => world() < 0.2 || z === m % rationales),
      );
      for (const estimator of ['basic', 'control-variate'] as const) {
        const model = trice({ correct, learningRate: 8, estimator });
        const rng = createRng(seed, 'draws', s);
        let state = model.init(rng);
        let previous = model.logLikelihood(state);
        for (let t = 0; t < steps; t++) {
          state = model.update(state, rng, state);
          const value = model.logLikelihood(state);
          if (t >= steps / 2) movements[estimator][s] += Math.abs(value - previous);
          if (s === 0 && t % 4 === 0) points.push({ x: t, y: Math.exp(value), series: estimator });
          previous = value;
        }
        final[estimator] += Math.exp(previous) / seeds;
      }
      onProgress((s + 1) / seeds);
    }
    const mean = (x: Float64Array) => x.reduce((a, b) => a + b, 0) / seeds;
    const saved = movements.basic.map((x, s) => x - movements['control-variate'][s]);
    const standardError = Math.sqrt(mean(saved.map((x) => (x - mean(saved)) * (x - mean(saved)))) / (seeds - 1));
    const reproduced = Math.min(final.basic, final['control-variate']) > 0.95 && mean(saved) > 3 * standardError;
    return {
      measured: `final likelihood ${final.basic.toFixed(3)} and ${final['control-variate'].toFixed(3)}; movement over the last half ${mean(movements.basic).toFixed(4)} basic, ${mean(movements['control-variate']).toFixed(4)} with the control variate`,
      standardError,
      verdict: reproduced ? 'reproduced' : 'not reproduced',
      note: 'On a table of rationales in place of a language model; geometric mean over questions.',
      figure: {
        title: 'Likelihood of the right answer during training, one seed',
        x: { label: 'step' },
        y: { label: 'geometric mean of p(y | x)' },
        marks: [{ kind: 'line', points }],
      },
    };
  },
};
