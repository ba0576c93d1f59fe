// Texts as sequences of token numbers.

export interface Vocabulary {
  /** Number of tokens V. */
  size: number;
  /** @throws RangeError if the text holds what the vocabulary has no token for */
  encode(text: string): Int32Array;
  decode(tokens: ArrayLike<number>): string;
}

/**
 * The UTF-8 bytes of a text, V = 256.
 *
 * A lone surrogate is written as U+FFFD; bytes that are no UTF-8 are read as U+FFFD, one for each.
 *
 * @example
 * byteVocabulary().encode('é'); //=> Int32Array.of(0xc3, 0xa9)
 */
export function byteVocabulary(): Vocabulary {
  return {
    size: 256,
    encode(text) {
      const bytes: number[] = [];
      for (const character of text) {
        const point = character.codePointAt(0)!;
        const code = point >= 0xd800 && point < 0xe000 ? 0xfffd : point;
        if (code < 0x80) bytes.push(code);
        else if (code < 0x800) bytes.push(0xc0 | (code >> 6), continuation(code));
        else if (code < 0x10000) bytes.push(0xe0 | (code >> 12), continuation(code >> 6), continuation(code));
        else bytes.push(0xf0 | (code >> 18), continuation(code >> 12), continuation(code >> 6), continuation(code));
      }
      return Int32Array.from(bytes);
    },
    decode(tokens) {
      let text = '';
      for (let i = 0; i < tokens.length;) {
        const lead = tokens[i];
        const length = lead < 0x80 ? 1 : lead >= 0xc2 && lead < 0xe0 ? 2 : lead < 0xf0 ? 3 : 4;
        let code = length === 1 ? lead : lead & (0xff >> (length + 1));
        let valid = lead < 0x80 || (lead >= 0xc2 && lead < 0xf5);
        for (let j = 1; j < length && valid; j++) {
          const next = tokens[i + j];
          valid = next >= 0x80 && next < 0xc0;
          code = (code << 6) | (next & 0x3f);
        }
        const least = [0, 0, 0x80, 0x800, 0x10000][length];
        valid &&= code >= least && code < 0x110000 && !(code >= 0xd800 && code < 0xe000);
        text += valid ? String.fromCodePoint(code) : '\ufffd';
        i += valid ? length : 1;
      }
      return text;
    },
  };
}

function continuation(code: number): number {
  return 0x80 | (code & 0x3f);
}

/**
 * The distinct characters (code points) of a text, numbered in the order of their code points.
 *
 * @example
 * characterVocabulary('banana').encode('nab'); //=> Int32Array.of(2, 0, 1)
 */
export function characterVocabulary(text: string): Vocabulary {
  const characters = [...new Set(text)].sort((a, b) => a.codePointAt(0)! - b.codePointAt(0)!);
  return listedVocabulary(characters, (s) => [...s], '');
}

/**
 * The distinct words of a text, most frequent first (ties: first seen). A word is a run of letters, digits, apostrophes and
 * hyphens, lower-cased; everything else separates. `decode` joins with spaces.
 *
 * @example
 * wordVocabulary('the whale, The sea').encode('the sea'); //=> Int32Array.of(0, 2)
 */
export function wordVocabulary(text: string): Vocabulary {
  const counts = new Map<string, number>();
  for (const word of words(text)) counts.set(word, (counts.get(word) ?? 0) + 1);
  const sorted = [...counts].sort((a, b) => b[1] - a[1]).map(([word]) => word);
  return listedVocabulary(sorted, words, ' ');
}

function words(text: string): string[] {
  return text.toLowerCase().match(/[\p{L}\p{N}'’-]+/gu) ?? [];
}

function listedVocabulary(tokens: readonly string[], split: (text: string) => string[], separator: string): Vocabulary {
  const numbers = new Map(tokens.map((token, i) => [token, i]));
  return {
    size: tokens.length,
    encode(text) {
      return Int32Array.from(split(text), (token) => {
        const number = numbers.get(token);
        if (number === undefined) throw new RangeError(`text holds '${token}', which the vocabulary does not know`);
        return number;
      });
    },
    decode(sequence) {
      return Array.from(sequence, (i) => tokens[i]).join(separator);
    },
  };
}
