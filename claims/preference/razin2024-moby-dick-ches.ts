import { chesRank, chesScore, likelihoodDisplacement, type PromptResponse } from 'lemmata/preference';
import { spearman } from 'lemmata/stats';
import type { Claim } from '../claim.js';
import { align, initialRates, setUp } from './moby-dick.js';
import { summary } from './summary.js';

const GROUPS = 6;

export const claim: Claim = {
  id: 'razin2024-moby-dick-ches',
  seed: 'Unintentional Unalignment',
  reference: 'arXiv:2410.08847',
  statement:
    'The CHES score, read off the hidden embeddings before training, tells on which pairs DPO will cost the preferred response likelihood: here a language model of Moby-Dick and pairs of true against sampled continuations.',
  source: 'sets of pairs by their CHES score',
  expected:
    'sets of pairs of higher score lose more likelihood of the preferred response when trained on; verdict: trained on each sixth of the pairs by itself, the preferred responses of the sixth of highest score end below those of the lowest, relative to their start, by more than 3 standard errors',
  run({ scale, seed, onProgress }) {
    const full = scale === 'full';
    const size = full
      ? { vocab: 3000, epochs: 3, pairs: 1200, length: 6 }
      : { vocab: 2000, epochs: 1, pairs: 480, length: 4 };
    const steps = full ? 20 : 4;
    const { trained, pairs } = setUp(seed, size, (fraction) => onProgress(0.4 * fraction));
    const { model, parameters } = trained;
    const rows = (text: PromptResponse) => model.hiddenRows(parameters, text);
    const scores = pairs.map(({ chosen, rejected }) => chesScore(rows(chosen), rows(rejected)).score);
    const rank = chesRank(scores);

    let done = 0;
    const train = (indices: number[]) => {
      const group = indices.map((i) => pairs[i]);
      const onStep = () => onProgress(0.4 + (0.5 * (done += 1)) / ((GROUPS + 1) * steps));
      return likelihoodDisplacement(
        align(trained, group, 'dpo', { beta: 0.1 }, { steps, learningRate: 0.002, onStep }),
      );
    };
    const fallApart = new Float64Array(pairs.length);
    let displaced = 0;
    // From the highest scores to the lowest.
    const groups = Array.from({ length: GROUPS }, (_, g) => {
      const share = pairs.length / GROUPS;
      const indices = Array.from(rank.subarray(g * share, (g + 1) * share));
      const { deltaChosen, displaced: down } = train(indices);
      displaced += down.filter(Boolean).length;
      indices.forEach((i, k) => (fallApart[i] = -deltaChosen[k]));
      const score = summary(indices.map((i) => scores[i])).mean;
      return { score, ...summary(Array.from(deltaChosen)) };
    });
    const [highest, lowest] = [groups[0], groups[GROUPS - 1]];
    const difference = lowest.mean - highest.mean;
    const error = Math.sqrt(lowest.error ** 2 + highest.error ** 2);
    const every = Math.ceil(pairs.length / 80);
    const some = Array.from({ length: Math.floor(pairs.length / every) }, (_, k) => k * every);
    const together = train(some);
    const jointly = spearman(
      some.map((i) => scores[i]),
      together.deltaChosen.map((x) => -x),
    );
    const rates = initialRates(trained, pairs.slice(0, 300)).both;
    const alone = spearman(
      scores.slice(0, rates.length),
      rates.map((x) => -x),
    );
    return {
      measured: `change of log-probability by sixths, highest score first: ${groups.map(({ mean }) => mean.toFixed(2)).join(', ')}; lowest less highest ${difference.toFixed(2)} (${error.toFixed(2)}); Spearman of score and fall over pairs ${spearman(scores, fallApart).toFixed(2)} trained by sixths, ${jointly.toFixed(2)} on a mixed sixth, ${alone.toFixed(2)} for the exact initial rate of each pair alone; ${displaced} of ${pairs.length} displaced outright`,
      standardError: error,
      verdict: difference > 3 * error ? 'reproduced' : 'not reproduced',
      note: `${pairs.length} pairs of ${size.length} words, ${steps} full-batch Adam steps of DPO (β = 0.1) on each sixth. In this shallow model the preferred response mostly gains; the score orders by how little. Trained together on a mixed set, pairs help and hinder one another and the order is weaker.`,
      figure: {
        title: 'Trained on a sixth of the pairs: CHES score and change of the preferred responses',
        x: { label: 'mean CHES score of the sixth' },
        y: { label: 'mean change of log-probability, nats' },
        marks: [{ kind: 'dot', points: groups.map(({ score, mean }) => ({ x: score, y: mean })) }],
      },
    };
  },
};
