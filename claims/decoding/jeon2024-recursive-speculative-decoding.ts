import {
  fixedLength,
  kSeqPlan,
  type LogitsFn,
  memoryBoundSpeedup,
  multiDraftAcceptance,
  speculativeDecoder,
  type SpeculativeOptions,
  summarizeSpeculativeStats,
} from 'lemmata/decoding';
import { createRng } from 'lemmata/random';
import type { Claim } from '../claim.js';
import { type Corpus, logitsOf, mobyDickCorpus, promptsOf, stateOfTheUnionCorpus } from './texts.js';

/** Trees and chains by the number of nodes that the target scores: the budget of the paper's Table 2. */
const SHAPES: Record<number, [string, SpeculativeOptions][]> = {
  6: [
    ['chain', { verifier: 'token', length: fixedLength({ gamma: 6 }) }],
    ['chain, block', { verifier: 'block', length: fixedLength({ gamma: 6 }) }],
    ['SpecTr (k-SEQ)', { verifier: 'kseq', branching: [2, 1, 1] }],
    ['multi-draft', { verifier: 'multidraft', branching: [2, 1, 1] }],
    ['RSD-C', { verifier: 'tree', branching: [2, 1, 1] }],
    ['RSD-S', { verifier: 'tree', beam: { width: 2, depth: 3 } }],
  ],
  14: [
    ['chain', { verifier: 'token', length: fixedLength({ gamma: 14 }) }],
    ['chain, block', { verifier: 'block', length: fixedLength({ gamma: 14 }) }],
    ['SpecTr (k-SEQ)', { verifier: 'kseq', branching: [2, 2, 2] }],
    ['multi-draft', { verifier: 'multidraft', branching: [2, 2, 2] }],
    ['RSD-C', { verifier: 'tree', branching: [2, 2, 2] }],
    ['RSD-S', { verifier: 'tree', beam: { width: 4, depth: 4 } }],
  ],
};

/** Tokens a target call with standard error, over prompts of the text. */
function efficiency(
  models: { target: LogitsFn; draft: LogitsFn },
  options: SpeculativeOptions,
  prompts: number[][],
  rng: () => number,
) {
  const decoder = speculativeDecoder(models, options);
  const perPrompt = prompts.map((prompt) => {
    let state = decoder.init(prompt);
    for (let round = 0; round < 20; round++) state = decoder.round(state, rng, state);
    return summarizeSpeculativeStats(state.stats).blockEfficiency;
  });
  return meanOf(perPrompt);
}

function meanOf(x: number[]) {
  const mean = x.reduce((a, b) => a + b, 0) / x.length;
  const variance = x.reduce((a, b) => a + (b - mean) * (b - mean), 0) / (x.length - 1);
  return { mean, standardError: Math.sqrt(variance / x.length) };
}

export const claim: Claim = {
  id: 'jeon2024-recursive-speculative-decoding',
  seed: 'Recursive Speculative Decoding',
  reference: 'arXiv:2402.14160',
  statement:
    'Drawing the drafts of a tree without replacement and verifying them recursively emits more tokens a target call than independent drafts of the same shape, and trees beat chains of the same size.',
  source: 'Theorem 3.1 (lossless), Section 4.2, Figure 4 and Table 2',
  expected:
    'two drafts after contexts of both texts, exact acceptance: without replacement above independent drafts (paired, 5 standard errors) and above k-SEQ (2); characters a call: RSD-S above the chain of the same size (mean over texts and sizes, 5 standard errors)',
  run({ scale, seed, onProgress }) {
    const prompts = scale === 'full' ? 1500 : 40;
    const contexts = scale === 'full' ? 5000 : 700;
    const corpora: [string, Corpus][] = [
      ['Moby-Dick', mobyDickCorpus()],
      ['State of the Union', stateOfTheUnionCorpus(scale === 'full' ? 1900 : 2000)],
    ];
    const budgets = scale === 'full' ? [6, 14] : [14];
    const points: { x: string; y: number; series: string }[] = [];
    const found = new Map<string, { mean: number; standardError: number }>();
    const leads: { text: string; independent: number; kseq: number; sure: boolean }[] = [];
    let done = 0;
    for (const [text, corpus] of corpora) {
      const [target, draft] = [corpus.ngram(5), corpus.ngram(2)];
      const models = { target: logitsOf(target), draft: logitsOf(draft) };
      // Exactly: the acceptance of two drafts at one position.
      const differences = promptsOf(corpus, contexts, 12).map((context) => {
        const [t, d] = [target.probs(context), draft.probs(context)];
        const without = multiDraftAcceptance(t, d, { k: 2, replacement: false }).acceptance;
        const independent = multiDraftAcceptance(t, d, { k: 2, replacement: true }).acceptance;
        return [without - independent, without - kSeqPlan(t, d, 2).acceptance];
      });
      const [independent, kseq] = [0, 1].map((c) => meanOf(differences.map((d) => d[c])));
      const sure = independent.mean > 5 * independent.standardError && kseq.mean > 2 * kseq.standardError;
      leads.push({ text, independent: independent.mean, kseq: kseq.mean, sure });
      for (const budget of budgets) {
        for (const [shape, options] of SHAPES[budget]) {
          const rng = createRng(seed, text, budget, shape);
          const result = efficiency(models, options, promptsOf(corpus, prompts), rng);
          found.set(`${text}/${budget}/${shape}`, result);
          points.push({ x: `${shape} (${budget})`, y: result.mean, series: text });
          onProgress(++done / (12 * budgets.length));
        }
      }
    }
    const keys = corpora.flatMap(([text]) => budgets.map((budget) => `${text}/${budget}`));
    let [lead, variance] = [0, 0]; // of RSD-S over the chain, summed over texts and budgets
    for (const key of keys) {
      const [a, b] = [found.get(`${key}/RSD-S`), found.get(`${key}/chain`)];
      if (a === undefined || b === undefined) throw new Error(`no result for ${key}`);
      lead += a.mean - b.mean;
      variance += a.standardError * a.standardError + b.standardError * b.standardError;
    }
    const at = (key: string) => found.get(key)?.mean.toFixed(2) ?? '';
    return {
      measured: `exact acceptance of two drafts without replacement: ${leads.map((l) => `${l.text} +${l.independent.toFixed(4)} over independent, ${l.kseq >= 0 ? '+' : ''}${l.kseq.toFixed(4)} over k-SEQ`).join('; ')}. Characters a call, 14 nodes, Moby-Dick: chain ${at('Moby-Dick/14/chain')}, independent ${at('Moby-Dick/14/multi-draft')}, k-SEQ ${at('Moby-Dick/14/SpecTr (k-SEQ)')}, RSD-C ${at('Moby-Dick/14/RSD-C')}, RSD-S ${at('Moby-Dick/14/RSD-S')}; memory-bound speed-up of RSD-C at ratio 1/20: ${memoryBoundSpeedup(found.get('Moby-Dick/14/RSD-C')?.mean ?? 0, 3, 0.05).toFixed(2)}`,
      verdict: leads.every(({ sure }) => sure) && lead > 5 * Math.sqrt(variance) ? 'reproduced' : 'not reproduced',
      note: `Characters, draft 2-gram, target 5-gram; ${contexts} contexts and ${prompts} prompts of 20 rounds a text; RSD-S leads the chain by ${(lead / keys.length).toFixed(2)} ± ${(Math.sqrt(variance) / keys.length).toFixed(2)} on average.`,
      figure: {
        title: 'Characters a target call, by verifier and shape (nodes scored)',
        x: { label: 'shape', type: 'band' },
        y: { label: 'characters a call' },
        marks: [{ kind: 'bar', points }],
      },
    };
  },
};
