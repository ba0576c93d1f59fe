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
import { summary } from './summary.js';

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
    'A likelihood term added to the loss keeps the preferred responses likelier than DPO and IPO leave them, on the pairs trained on and on others: here a language model of Moby-Dick, aligned to prefer what Melville wrote to what it would write itself.',
  source: 'the remedy of a supervised term, beside the filtering of pairs',
  expected:
    'the change of log-probability of the preferred responses with NLL above that under DPO and under IPO; verdict: by 3 paired standard errors each, on the pairs trained on and on fresh ones; whether pairs are displaced outright depends on how alike their sides are and is reported only',
  run({ scale, seed, onProgress }) {
    const full = scale === 'full';
    const size = full
      ? { vocab: 3000, epochs: 3, pairs: 400, length: 6 }
      : { vocab: 2000, epochs: 1, pairs: 64, length: 4 };
    const steps = full ? 40 : 10;
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
    const fresh = textPairs(book, trained, createRng(seed, 'fresh'), { count: 8 * size.pairs, length: size.length });
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
        chosen: { ...summary(Array.from(deltaChosen)), changes: Array.from(deltaChosen) },
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
    const nll = rows[2];
    const kept = rows
      .slice(0, 2)
      .flatMap((row) => [
        summary(nll.chosen.changes.map((x, i) => x - row.chosen.changes[i])),
        summary(Array.from(nll.fresh.deltaChosen, (x, i) => x - row.fresh.deltaChosen[i])),
      ]);
    const sign = (x: number) => `${x > 0 ? '+' : ''}${x.toFixed(2)}`;
    const sample = pairs[0];
    return {
      measured: rows
        .map(
          ({ name, chosen, meanDeltaRejected, displacedFraction, metrics, after, fresh: unseen }) =>
            `${name}: chosen ${sign(chosen.mean)} (${chosen.error.toFixed(2)}), rejected ${sign(meanDeltaRejected)}, ${(100 * displacedFraction).toFixed(0)} % displaced (unseen pairs: chosen ${sign(unseen.meanDeltaChosen)}, rejected ${sign(unseen.meanDeltaRejected)}, ${(100 * unseen.displacedFraction).toFixed(0)} % displaced), ranking accuracy ${metrics.refRankingAccuracy?.toFixed(2)} to ${metrics.rankingAccuracy.toFixed(2)}, reward accuracy ${metrics.rewardAccuracy.toFixed(2)}, top-10 entropy ${before.entropy.toFixed(2)} to ${after.entropy.toFixed(2)} bits, distinct-1,2 ${before.distinct.toFixed(2)} to ${after.distinct.toFixed(2)}`,
        )
        .concat(
          `with NLL above DPO by ${kept[0].mean.toFixed(2)} (${kept[0].error.toFixed(2)}), on unseen pairs ${kept[1].mean.toFixed(3)} (${kept[1].error.toFixed(3)}), above IPO by ${kept[2].mean.toFixed(2)} (${kept[2].error.toFixed(2)}) and ${kept[3].mean.toFixed(3)} (${kept[3].error.toFixed(3)})`,
          `initial rate of the chosen side, each pair alone: ${output.mean.toFixed(2)} through the output layer (${negative(rates.output)} negative), ${hidden.mean.toFixed(2)} through the hidden state (${negative(rates.hidden)} negative)`,
        )
        .join('; '),
      standardError: rows[0].chosen.error,
      verdict: kept.every(({ mean, error }) => mean > 3 * error) ? 'reproduced' : 'not reproduced',
      note: `Nats over ${size.length} words, ${pairs.length} pairs, ${steps} full-batch Adam steps at 0.002; model of ${book.words.length} words, ${trained.heldOut.toFixed(2)} nats a word on held-out text against ${trained.unigram.toFixed(2)} of word frequencies. The chosen side of trained pairs rises here under every loss, and gradient flow says so beforehand: both parts of its initial rate are positive for nearly every pair. A true and a sampled continuation are not alike; on alike responses the effect is there, razin2024-similar-words, and its order over pairs, razin2024-moby-dick-ches. A pair: "${spell(book, sample.chosen.prompt)}" / "${spell(book, sample.chosen.response)}" over "${spell(book, sample.rejected.response)}".`,
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
