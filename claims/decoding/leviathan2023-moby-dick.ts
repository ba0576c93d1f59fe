import { exactRound, fixedLength, speculativeDecoder, type SpeculativeOptions } from 'lemmata/decoding';
import { createRng } from 'lemmata/random';
import type { Claim } from '../claim.js';
import { pooledChiSquare } from './pooled-chi-square.js';
import { logitsOf, mobyDickCorpus, promptsOf } from './texts.js';

export const claim: Claim = {
  id: 'leviathan2023-moby-dick',
  seed: 'Fast Inference from Transformers via Speculative Decoding; Block Verification',
  reference: 'arXiv:2211.17192; arXiv:2403.10444',
  statement:
    'Speculative decoding emits exactly what the target alone would, and block verification emits at least as many tokens a call.',
  source: 'arXiv:2211.17192, Theorem 3.5 and Appendix A.1; arXiv:2403.10444, Theorems 1 and 2',
  expected:
    'chi-square of the first character and of the first bigram, p > 1e-7 for each verifier; mean tokens a round within 5 standard errors of the enumerated value; block >= token exactly at every prompt',
  headline: true,
  run({ scale, seed, onProgress }) {
    const rounds = scale === 'full' ? 200_000 : 24_000;
    const corpus = mobyDickCorpus();
    const vocab = corpus.vocabulary.size;
    const target = corpus.ngram(5);
    const draft = corpus.ngram(2);
    const prompts = promptsOf(corpus, scale === 'full' ? 12 : 3);
    const prompt = prompts[1];
    const first = target.probs(prompt);
    const bigram = new Float64Array(vocab * vocab);
    first.forEach((p, x) => target.probs([...prompt, x]).forEach((q, y) => (bigram[x * vocab + y] = p * q)));

    const verifiers: ['token' | 'block' | 'tree', SpeculativeOptions][] = [
      ['token', { verifier: 'token', length: fixedLength({ gamma: 2 }) }],
      ['block', { verifier: 'block', length: fixedLength({ gamma: 2 }) }],
      ['tree', { verifier: 'tree', branching: [2, 1] }],
    ];
    const pValues: number[] = [];
    const means: Record<string, { mean: number; standardError: number }> = {};
    verifiers.forEach(([name, options], v) => {
      const decoder = speculativeDecoder({ target: logitsOf(target), draft: logitsOf(draft) }, options);
      const rng = createRng(seed, 'moby-dick', name);
      const counts = new Float64Array(vocab);
      const pairs = new Float64Array(vocab * vocab);
      let [sum, squares] = [0, 0];
      for (let i = 0; i < rounds; i++) {
        const state = decoder.round(decoder.init(prompt), rng);
        const { tokens } = state.round;
        sum += tokens.length;
        squares += tokens.length * tokens.length;
        counts[tokens[0]] += 1;
        // Where the round emitted one token, the next round gives the second.
        const second = tokens.length > 1 ? tokens[1] : decoder.round(state, rng).round.tokens[0];
        pairs[tokens[0] * vocab + second] += 1;
        if (i % 2000 === 0) onProgress((v + i / rounds) / 4);
      }
      pValues.push(pooledChiSquare(counts, first), pooledChiSquare(pairs, bigram));
      const mean = sum / rounds;
      means[name] = { mean, standardError: Math.sqrt((squares / rounds - mean * mean) / rounds) };
    });

    const exact = prompts.map((context) =>
      (['token', 'block'] as const).map(
        (method) =>
          exactRound(
            (more) => target.probs([...context, ...more]),
            (more) => draft.probs([...context, ...more]),
            { method, vocab, gamma: 2 },
          ).expectedTokens,
      ),
    );
    onProgress(1);
    const lossless = Math.min(...pValues) > 1e-7;
    const agrees = (['token', 'block'] as const).every(
      (name, m) => Math.abs(means[name].mean - exact[1][m]) < 5 * means[name].standardError,
    );
    const ordered = exact.every(([token, block]) => block >= token - 1e-12);
    const show = (name: string) => `${means[name].mean.toFixed(3)} ± ${means[name].standardError.toFixed(3)}`;
    return {
      measured: `smallest p ${Math.min(...pValues).toPrecision(2)}; tokens a call: token ${show('token')} (enumerated ${exact[1][0].toFixed(3)}), block ${show('block')} (${exact[1][1].toFixed(3)}), tree ${show('tree')}`,
      standardError: means.token.standardError,
      verdict: lossless && agrees && ordered ? 'reproduced' : 'not reproduced',
      note: `Characters of Moby-Dick (${vocab} symbols), draft 2-gram, target 5-gram, two drafted characters; ${rounds} rounds for each verifier, ${prompts.length} prompts enumerated.`,
      figure: {
        title: 'Expected characters a target call, by prompt',
        x: { label: 'token verification' },
        y: { label: 'block verification' },
        marks: [
          { kind: 'dot', points: exact.map(([x, y]) => ({ x, y })) },
          { kind: 'line', points: exact.map(([x]) => ({ x, y: x })).sort((a, b) => a.x - b.x) },
        ],
      },
    };
  },
};
