import { fixedLength, nestedDraft, speculativeDecoder, type SpeculativeModels } from 'lemmata/decoding';
import { createRng } from 'lemmata/random';
import type { Claim } from '../claim.js';
import { pooledChiSquare } from './pooled-chi-square.js';
import { logitsOf, mobyDickCorpus, promptsOf } from './texts.js';

export const claim: Claim = {
  id: 'kavehzadeh2024-s2d',
  seed: 'S2D: Sorted Speculative Decoding',
  reference: 'arXiv:2407.01955',
  statement:
    'One nested draft whose sub-models take over by confidence serves better than any of its sub-models alone, and changes nothing in the output.',
  source: 'Section 3, Tables 1 and 2',
  expected:
    'characters per unit of time of the nested draft above each sub-model alone (paired over prompts, 2 standard errors); first character by chi-square, p > 1e-7',
  listed: 'not reproduced',
  run({ scale, seed, onProgress }) {
    const corpus = mobyDickCorpus();
    const target = logitsOf(corpus.ngram(6));
    const orders = [2, 3, 4];
    // Of a step in target calls. Sub-models are nested: a larger one goes on from what the smaller has computed.
    const wholeCosts = [0.01, 0.04, 0.16];
    const costs = wholeCosts.map((cost, m) => cost - (wholeCosts[m - 1] ?? 0));
    const models = orders.map((order) => logitsOf(corpus.ngram(order)));
    const prompts = promptsOf(corpus, scale === 'full' ? 3000 : 240);
    const held = prompts.filter((_, i) => i % 2 !== 0);
    const tuning = prompts.filter((_, i) => i % 2 === 0);

    /** Characters per time of a target call, by prompt; the streams are shared, so that differences are paired. */
    const ratesOf = (draft: SpeculativeModels['draft'], cost: number[], on: number[][], rounds: number) => {
      const decoder = speculativeDecoder({ target, draft }, { length: fixedLength({ gamma: 4 }) });
      return on.map((prompt, i) => {
        const rng = createRng(seed, 's2d', i);
        let state = decoder.init(prompt);
        for (let round = 0; round < rounds; round++) state = decoder.round(state, rng, state);
        const drafting = state.stats.draftCalls.reduce((time, calls, m) => time + calls * cost[m], 0);
        return state.stats.emitted / (state.stats.targetCalls + drafting);
      });
    };
    const grid = [0.4, 0.5, 0.6, 0.7, 0.8].flatMap((a) => [0, 0.15].map((b) => [a, b, 0]));
    let thresholds = grid[0];
    let best = 0;
    grid.forEach((candidate, i) => {
      const draft = nestedDraft({ models, costs, thresholds: candidate });
      const rate = ratesOf(draft, costs, tuning, 10).reduce((a, b) => a + b, 0) / tuning.length;
      if (rate > best) [best, thresholds] = [rate, candidate];
      onProgress((0.5 * (i + 1)) / grid.length);
    });

    const drafts: [string, SpeculativeModels['draft'], number[]][] = [
      ...orders.map((order, m): [string, SpeculativeModels['draft'], number[]] => [
        `${order}-gram`,
        models[m],
        [wholeCosts[m]],
      ]),
      ['nested', nestedDraft({ models, costs, thresholds }), costs],
    ];
    const rates = drafts.map(([, draft, cost]) => ratesOf(draft, cost, held, 20));
    const mean = (x: number[]) => x.reduce((a, b) => a + b, 0) / x.length;
    const means = rates.map(mean);
    const nested = rates[rates.length - 1];
    const beats = rates.slice(0, -1).every((single) => {
      const difference = nested.map((x, i) => x - single[i]);
      const lead = mean(difference);
      return lead > 2 * Math.sqrt(mean(difference.map((x) => (x - lead) * (x - lead))) / difference.length);
    });

    const decoder = speculativeDecoder({ target, draft: drafts[3][1] }, { length: fixedLength({ gamma: 2 }) });
    const rng = createRng(seed, 's2d', 'law');
    const counts = new Float64Array(corpus.vocabulary.size);
    const rounds = scale === 'full' ? 100_000 : 8000;
    for (let i = 0; i < rounds; i++) counts[decoder.round(decoder.init(prompts[3]), rng).round.tokens[0]] += 1;
    const pValue = pooledChiSquare(counts, corpus.ngram(6).probs(prompts[3]));
    onProgress(1);
    return {
      measured: `${drafts.map(([name], i) => `${name} ${means[i].toFixed(3)}`).join(', ')} characters per time of a target call; p = ${pValue.toPrecision(2)}`,
      verdict: beats && pValue > 1e-7 ? 'reproduced' : 'not reproduced',
      note: `Characters of Moby-Dick, target 6-gram, sub-models of orders 2, 3, 4 at ${wholeCosts.join(', ')} target calls a step, four drafted characters; ${held.length} prompts of 20 rounds; thresholds ${thresholds.join(', ')} chosen on ${tuning.length} others. n-grams of several orders are no sorted sub-networks: a confident short context is no sign that the long one agrees, so the nest ends level with its best member.`,
      figure: {
        title: 'Characters per time of a target call',
        x: { label: 'draft', type: 'band' },
        y: { label: 'characters' },
        marks: [{ kind: 'bar', points: drafts.map(([x], i) => ({ x, y: means[i] })) }],
      },
    };
  },
};
