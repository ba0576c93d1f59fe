import { preferenceLoss, type PairLossKind } from 'lemmata/preference';
import { createRng, sampleIndex } from 'lemmata/random';
import { spearman } from 'lemmata/stats';
import type { Claim } from '../claim.js';
import { setUp, spell, type TextPair } from './moby-dick.js';
import { summary } from './summary.js';

const WAYS = [
  { name: 'DPO', kind: 'dpo', options: { beta: 0.1 }, frozen: false },
  { name: 'DPO, output layer frozen', kind: 'dpo', options: { beta: 0.1 }, frozen: true },
  { name: 'DPO + NLL', kind: 'rpo', options: { beta: 0.1, nllCoef: 0.1 }, frozen: false },
] as const satisfies { name: string; kind: PairLossKind; options: object; frozen: boolean }[];

export const claim: Claim = {
  id: 'razin2024-similar-words',
  seed: 'Unintentional Unalignment',
  reference: 'arXiv:2410.08847',
  statement:
    'The more alike the output embeddings of two one-word responses, the less DPO raises the preferred one; through the hidden state it lowers it outright for many alike pairs and for hardly any unrelated ones; a likelihood term makes up for it.',
  source:
    'the theory of responses of one token (preference similarity ⟨W_y⁺, W_y⁻⟩), on the embeddings of a trained model',
  expected:
    'the preferred response is the true next word of Moby-Dick, the other the word of the largest inner product with it, or a word at random; gradient descent on each pair by itself; verdict: change of the preferred log-probability less for alike pairs than for unrelated ones by 3 paired standard errors, with the output layer trained and frozen; frozen, more of the alike pairs displaced (McNemar, one-sided, 1e-3); with NLL more than without by 3 paired standard errors',
  run({ scale, seed, onProgress }) {
    const full = scale === 'full';
    const size = full
      ? { vocab: 3000, epochs: 3, pairs: 400, length: 1 }
      : { vocab: 2000, epochs: 1, pairs: 100, length: 1 };
    const [steps, learningRate] = full ? [25, 0.2] : [5, 0.2];
    const { book, trained, pairs } = setUp(seed, size, (fraction) => onProgress(0.5 * fraction));
    const { model, parameters: start } = trained;
    const W = model.unembedding(start);
    const d = model.dimension;
    const product = (a: number, b: number) => {
      let total = 0;
      for (let j = 0; j < d; j++) total += W[a * d + j] * W[b * d + j];
      return total;
    };
    const words = Array.from({ length: model.vocab - 1 }, (_, w) => w + 1); // without the unknown word
    const rng = createRng(seed, 'unrelated');
    const arms = [
      pairs.map(({ chosen }) => against(chosen, alike(chosen.response[0]))),
      pairs.map(({ chosen }) => {
        let word = chosen.response[0];
        while (word === chosen.response[0]) word = words[sampleIndex(words.length, rng)];
        return against(chosen, word);
      }),
    ];
    let done = 0;
    // changes[way][arm][pair] of the preferred and of the other response
    const changes = WAYS.map((way) =>
      arms.map((arm) =>
        arm.map((pair) => {
          onProgress(0.5 + (0.5 * (done += 1)) / (WAYS.length * arms.length * arm.length));
          return train(pair, way);
        }),
      ),
    );
    const chosen = changes.map((way) => way.map((arm) => arm.map(([plus]) => plus)));
    const displaced = changes.map((way) => way.map((arm) => arm.map(([plus, minus]) => plus < 0 && plus > minus)));
    const less = (a: number[], b: number[]) => {
      const { mean, error } = summary(a.map((x, i) => x - b[i]));
      return { mean, error, holds: mean < -3 * error };
    };
    const whole = less(chosen[0][0], chosen[0][1]);
    const trunk = less(chosen[1][0], chosen[1][1]);
    const nll = less([...chosen[0][0], ...chosen[0][1]], [...chosen[2][0], ...chosen[2][1]]);
    const only = (a: boolean[], b: boolean[]) => a.filter((x, i) => x && !b[i]).length;
    const [won, lost] = [only(displaced[1][0], displaced[1][1]), only(displaced[1][1], displaced[1][0])];
    const holds = whole.holds && trunk.holds && nll.holds && (won - lost) / Math.sqrt(Math.max(1, won + lost)) > 3.09;
    const products = arms.flatMap((arm) =>
      arm.map((pair) => product(pair.chosen.response[0], pair.rejected.response[0])),
    );
    const share = (x: boolean[]) => `${((100 * x.filter(Boolean).length) / x.length).toFixed(0)} %`;
    const example = arms[0]
      .slice(0, 4)
      .map((pair) => `${spell(book, pair.chosen.response)}/${spell(book, pair.rejected.response)}`);
    return {
      measured: `${WAYS.map(({ name }, k) => `${name}: alike ${summary(chosen[k][0]).mean.toFixed(3)}, unrelated ${summary(chosen[k][1]).mean.toFixed(3)}, displaced ${share(displaced[k][0])} and ${share(displaced[k][1])}`).join('; ')}; alike less unrelated ${whole.mean.toFixed(3)} (${whole.error.toFixed(3)}), frozen ${trunk.mean.toFixed(3)} (${trunk.error.toFixed(3)}); Spearman of inner product and change ${spearman(products, chosen[0].flat()).toFixed(2)}, frozen ${spearman(products, chosen[1].flat()).toFixed(2)}`,
      standardError: whole.error,
      verdict: holds ? 'reproduced' : 'not reproduced',
      note: `Nats; ${pairs.length} prompts of four words, ${steps} gradient steps of ${learningRate} on each pair by itself, β = 0.1, NLL weight 0.1; model of ${model.vocab} words, 32 dimensions, ${trained.heldOut.toFixed(2)} nats a word on held-out text. The output layer's own part of the rate, |h|² (1 - p⁺ + p⁻), is positive, and in a model this shallow it outweighs the part through the hidden state, where a deep network has nearly all its parameters: hence the second way. Alike pairs: ${example.join(', ')}.`,
      figure: {
        title: 'Inner product of the two words and change of the preferred one, output layer frozen',
        x: { label: '⟨W_y⁺, W_y⁻⟩' },
        y: { label: 'change of log-probability, nats' },
        marks: [
          {
            kind: 'dot',
            points: ['alike', 'unrelated'].flatMap((series, a) =>
              chosen[1][a].map((y, i) => ({ x: products[a * pairs.length + i], y, series })),
            ),
          },
        ],
      },
    };

    function alike(word: number): number {
      let best = -1;
      for (const other of words) {
        if (other !== word && (best === -1 || product(word, other) > product(word, best))) best = other;
      }
      return best;
    }

    function against(response: TextPair['chosen'], word: number): TextPair {
      return { chosen: response, rejected: { prompt: response.prompt, response: [word] } };
    }

    /** Changes of the two log-probabilities after gradient descent on one pair. */
    function train(
      { chosen: plus, rejected: minus }: TextPair,
      { kind, options, frozen }: (typeof WAYS)[number],
    ): [number, number] {
      const parameters = start.slice();
      const gradient = new Float64Array(model.size);
      const moved = frozen ? (model.vocab + model.context) * d : model.size;
      const before = model.logProbs(start, [plus, minus]);
      for (let step = 0; step < steps; step++) {
        gradient.fill(0);
        model.backward(
          parameters,
          [plus, minus],
          ([policyChosen, policyRejected]) => {
            const batch = {
              policyChosen: [policyChosen],
              policyRejected: [policyRejected],
              refChosen: [before[0]],
              refRejected: [before[1]],
              chosenLengths: [1],
              rejectedLengths: [1],
            };
            const { gradChosen, gradRejected } = preferenceLoss(kind, batch, options);
            return [gradChosen[0], gradRejected[0]];
          },
          gradient,
        );
        for (let i = 0; i < moved; i++) parameters[i] -= learningRate * gradient[i];
      }
      const after = model.logProbs(parameters, [plus, minus]);
      return [after[0] - before[0], after[1] - before[1]];
    }
  },
};
