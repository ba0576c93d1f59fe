import { chesScore, likelihoodDisplacement, type PromptResponse } from 'lemmata/preference';
import { correlations } from 'lemmata/stats';
import type { Claim } from '../claim.js';
import { align, initialRates, setUp } from './moby-dick.js';

export const claim: Claim = {
  id: 'razin2024-moby-dick-ches',
  seed: 'Unintentional Unalignment',
  reference: 'arXiv:2410.08847',
  statement:
    'The CHES score, read off the hidden embeddings before training, tells which pairs will displace likelihood under DPO: here a language model of Moby-Dick and pairs of true against sampled continuations.',
  source: 'Section 5 and Figure 2',
  expected:
    'larger CHES score, less likelihood of the preferred response after training; verdict: Spearman correlation of the score with the fall of log-probability above 0 by more than 3 standard errors, 1/sqrt(n - 1)',
  run({ scale, seed, onProgress }) {
    const full = scale === 'full';
    const size = full
      ? { vocab: 3000, epochs: 3, pairs: 1000, length: 6 }
      : { vocab: 2000, epochs: 1, pairs: 200, length: 4 };
    const steps = full ? 20 : 8;
    const { trained, pairs } = setUp(seed, size, (fraction) => onProgress(0.5 * fraction));
    const { model, parameters } = trained;
    const rows = (text: PromptResponse) => model.hiddenRows(parameters, text);
    const scores = pairs.map(({ chosen, rejected }) => chesScore(rows(chosen), rows(rejected)).score);
    const rates = initialRates(trained, pairs.slice(0, 100)).both;
    onProgress(0.6);
    let done = 0;
    const result = align(
      trained,
      pairs,
      'dpo',
      { beta: 0.1 },
      {
        steps,
        learningRate: 0.002,
        onStep: () => onProgress(0.6 + (0.4 * (done += 1)) / steps),
      },
    );
    const { deltaChosen, displacedFraction } = likelihoodDisplacement(result);
    const fall = Array.from(deltaChosen, (x) => -x);
    const { spearman, kendall } = correlations(scores, fall);
    const alone = correlations(
      scores.slice(0, rates.length),
      rates.map((x) => -x),
    ).spearman;
    const error = 1 / Math.sqrt(pairs.length - 1);
    return {
      measured: `Spearman ${spearman.toFixed(3)} (${error.toFixed(3)}), Kendall ${kendall.toFixed(3)}; with the exact initial rate of each pair trained alone ${alone.toFixed(3)}; ${(100 * displacedFraction).toFixed(1)} % of the pairs displaced, ${((100 * rates.filter((x) => x < 0).length) / rates.length).toFixed(0)} % with a negative initial rate`,
      standardError: error,
      verdict: spearman > 3 * error ? 'reproduced' : 'not reproduced',
      note: `${pairs.length} pairs of ${size.length} words, ${steps} full-batch Adam steps of DPO (β = 0.1). All responses of one length, so the length-normalized score ranks the same. No pair of this shallow model is displaced outright; the score orders how little the preferred response gains.`,
      figure: {
        title: 'CHES score before training against the fall of the preferred response',
        x: { label: 'CHES score' },
        y: { label: 'fall of log-probability, nats' },
        marks: [{ kind: 'dot', points: scores.map((x, i) => ({ x, y: fall[i] })) }],
      },
    };
  },
};
