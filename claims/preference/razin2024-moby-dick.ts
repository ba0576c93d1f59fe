import {
  distinctNgrams,
  likelihoodDisplacement,
  preferenceMetrics,
  topKDiagnosticsRows,
  type PairLossKind,
  type PairLossOptionsOf,
} from 'lemmata/preference';
import { createRng } from 'lemmata/random';
import type { Claim } from '../claim.js';
import { align, initialRates, setUp, spell, textPairs } from './moby-dick.js';
import { summary } from './tajwar2024.js';

const LOSSES: { name: string; kind: PairLossKind; options: PairLossOptionsOf<PairLossKind> }[] = [
  { name: 'DPO', kind: 'dpo', options: { beta: 0.1 } },
  { name: 'IPO', kind: 'ipo', options: { beta: 0.1, normalize: 'sum' } as PairLossOptionsOf<'ipo'> },
  { name: 'DPO + NLL', kind: 'rpo', options: { beta: 0.1, nllCoef: 1 } as PairLossOptionsOf<'rpo'> },
];

export const claim: Claim = {
  id: 'razin2024-moby-dick',
  seed: 'Unintentional Unalignment',
  reference: 'arXiv:2410.08847',
  statement:
    'DPO and IPO lower the likelihood of the preferred responses while the margin grows, which an added likelihood term prevents: here a language model of Moby-Dick, aligned to prefer what Melville wrote to what it would write itself.',
  source: 'Section 4 and Table 1 (there with OLMo-1B, Gemma-2B and Llama-3-8B)',
  expected:
    'mean log-probability of the preferred response down under DPO and IPO, up with NLL; verdict: the mean change over pairs below 0 by more than 3 standard errors for DPO and IPO, above 0 by as much with NLL',
  listed: 'not reproduced',
  run({ scale, seed, onProgress }) {
    const full = scale === 'full';
    const size = full
      ? { vocab: 3000, epochs: 3, pairs: 400, length: 6 }
      : { vocab: 2000, epochs: 1, pairs: 64, length: 4 };
    const steps = full ? 40 : 12;
    const { book, trained, pairs } = setUp(seed, size, (fraction) => onProgress(0.4 * fraction));
    const { model } = trained;
    const unknown = { forbidden: [0] };
    const look = (parameters: Float64Array) => {
      const rng = createRng(seed, 'look');
      const prompts = pairs.slice(0, 16).map(({ chosen }) => chosen.prompt);
      const texts = prompts.map((prompt) => model.generate(parameters, prompt, size.length, rng, unknown));
      const logits = prompts.map((prompt) => model.logits(parameters, prompt));
      return {
        distinct: distinctNgrams(texts, { maxN: 2 }).distinctMean,
        entropy: topKDiagnosticsRows(logits).meanEntropy,
      };
    };
    // Pairs that the alignment does not see.
    const fresh = textPairs(book, trained, createRng(seed, 'fresh'), { count: 2 * size.pairs, length: size.length });
    const elsewhere = (parameters: Float64Array) => {
      const of = (p: Float64Array, side: 'chosen' | 'rejected') =>
        model.logProbs(
          p,
          fresh.map((pair) => pair[side]),
        );
      return likelihoodDisplacement({
        chosenBefore: of(trained.parameters, 'chosen'),
        chosenAfter: of(parameters, 'chosen'),
        rejectedBefore: of(trained.parameters, 'rejected'),
        rejectedAfter: of(parameters, 'rejected'),
      });
    };
    let done = 0;
    const rows = LOSSES.map(({ name, kind, options }) => {
      const result = align(trained, pairs, kind, options, {
        steps,
        learningRate: 0.002,
        onStep: () => onProgress(0.4 + (0.6 * (done += 1)) / (LOSSES.length * steps)),
      });
      const { deltaChosen, displacedFraction, meanDeltaRejected } = likelihoodDisplacement(result);
      const metrics = preferenceMetrics({
        policyChosen: result.chosenAfter,
        policyRejected: result.rejectedAfter,
        refChosen: result.chosenBefore,
        refRejected: result.rejectedBefore,
      });
      return {
        name,
        curve: result.curve,
        chosen: summary(Array.from(deltaChosen)),
        meanDeltaRejected,
        displacedFraction,
        metrics,
        after: look(result.parameters),
        fresh: elsewhere(result.parameters),
      };
    });
    const before = look(trained.parameters);
    const rates = initialRates(trained, pairs);
    const [output, hidden] = [summary(rates.output), summary(rates.hidden)];
    const negative = (x: number[]) => `${((100 * x.filter((v) => v < 0).length) / x.length).toFixed(0)} %`;
    const [dpo, ipo, nll] = rows.map(({ chosen }) => chosen.mean / chosen.error);
    const sign = (x: number) => `${x > 0 ? '+' : ''}${x.toFixed(2)}`;
    const sample = pairs[0];
    return {
      measured: rows
        .map(
          ({ name, chosen, meanDeltaRejected, displacedFraction, metrics, after, fresh: unseen }) =>
            `${name}: chosen ${sign(chosen.mean)} (${chosen.error.toFixed(2)}), rejected ${sign(meanDeltaRejected)}, ${(100 * displacedFraction).toFixed(0)} % displaced (unseen pairs: chosen ${sign(unseen.meanDeltaChosen)}, rejected ${sign(unseen.meanDeltaRejected)}, ${(100 * unseen.displacedFraction).toFixed(0)} % displaced), ranking accuracy ${metrics.refRankingAccuracy?.toFixed(2)} to ${metrics.rankingAccuracy.toFixed(2)}, reward accuracy ${metrics.rewardAccuracy.toFixed(2)}, top-10 entropy ${before.entropy.toFixed(2)} to ${after.entropy.toFixed(2)} bits, distinct-1,2 ${before.distinct.toFixed(2)} to ${after.distinct.toFixed(2)}`,
        )
        .concat(
          `initial rate of the chosen side, each pair alone: ${output.mean.toFixed(2)} through the output layer (${negative(rates.output)} negative), ${hidden.mean.toFixed(2)} through the hidden state (${negative(rates.hidden)} negative)`,
        )
        .join('; '),
      standardError: rows[0].chosen.error,
      verdict: dpo < -3 && ipo < -3 && nll > 3 ? 'reproduced' : 'not reproduced',
      note: `Nats over ${size.length} words, ${pairs.length} pairs, ${steps} full-batch Adam steps at 0.002; model of ${book.words.length} words, ${trained.heldOut.toFixed(2)} nats a word on held-out text against ${trained.unigram.toFixed(2)} of word frequencies. The chosen side rises here, and gradient flow says so beforehand: both parts of its initial rate are positive for nearly every pair. Displacement needs embeddings that lie as in razin2024-displacement, which deep language models were found to have and this shallow one has not; what remains of the effect is the order, razin2024-moby-dick-ches. A pair: "${spell(book, sample.chosen.prompt)}" / "${spell(book, sample.chosen.response)}" over "${spell(book, sample.rejected.response)}".`,
      figure: {
        title: 'Mean change of log-probability during alignment',
        x: { label: 'gradient step' },
        y: { label: 'nats' },
        marks: [
          {
            kind: 'line',
            points: rows.flatMap(({ name, curve }) =>
              curve.flatMap(({ chosen, rejected }, x) => [
                { x, y: chosen, series: `${name}, chosen` },
                { x, y: rejected, series: `${name}, rejected` },
              ]),
            ),
          },
        ],
      },
    };
  },
};
