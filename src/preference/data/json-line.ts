// Lines of JSON as training programs write it: strict JSON, or with the bare NaN, Infinity and -Infinity of Python's
// json module. Errors carry the column, which engines' own messages do not all have.

/** What is wrong, and where: the column of the first character that no JSON text could go on with, from 1. */
export class JsonLineError extends Error {
  constructor(readonly column: number) {
    super(`invalid JSON at column ${column}`);
  }
}

/** The lines of a file, blank ones too, without a byte order mark. */
export function jsonLines(text: string): string[] {
  return text.replace(/^\ufeff/, '').split(/\r\n|\n|\r/);
}

/**
 * The value of a line. The engine's parser goes first; only what it refuses is read here.
 *
 * @throws JsonLineError
 */
export function parseJsonLine(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return slowParse(text);
  }
}

/** RFC 8259 and the three words, by recursive descent. */
function slowParse(text: string): unknown {
  let at = 0;
  const value = readValue(0);
  skipSpace();
  if (at < text.length) throw new JsonLineError(at + 1);
  return value;

  function skipSpace(): void {
    while (at < text.length && ' \t\n\r'.includes(text[at])) at += 1;
  }

  function expect(word: string): void {
    for (const letter of word) {
      if (text[at] !== letter) throw new JsonLineError(at + 1);
      at += 1;
    }
  }

  function readWord<T>(word: string, value: T): T {
    expect(word);
    return value;
  }

  function readValue(depth: number): unknown {
    skipSpace();
    if (depth > 500) throw new JsonLineError(at + 1);
    switch (text[at]) {
      case '{':
        return readObject(depth);
      case '[':
        return readArray(depth);
      case '"':
        return readString();
      case 't':
        return readWord('true', true);
      case 'f':
        return readWord('false', false);
      case 'n':
        return readWord('null', null);
      case 'N':
        return readWord('NaN', NaN);
      case 'I':
        return readWord('Infinity', Infinity);
      default:
        return readNumber();
    }
  }

  function readObject(depth: number): Record<string, unknown> {
    const object: Record<string, unknown> = {};
    at += 1;
    skipSpace();
    if (text[at] === '}') at += 1;
    else {
      for (;;) {
        skipSpace();
        if (text[at] !== '"') throw new JsonLineError(at + 1);
        const key = readString();
        skipSpace();
        expect(':');
        // as JSON.parse does, __proto__ is a key like any other
        Object.defineProperty(object, key, {
          value: readValue(depth + 1),
          enumerable: true,
          writable: true,
          configurable: true,
        });
        skipSpace();
        if (text[at] === '}') break;
        expect(',');
      }
      at += 1;
    }
    return object;
  }

  function readArray(depth: number): unknown[] {
    const array: unknown[] = [];
    at += 1;
    skipSpace();
    if (text[at] === ']') at += 1;
    else {
      for (;;) {
        array.push(readValue(depth + 1));
        skipSpace();
        if (text[at] === ']') break;
        expect(',');
      }
      at += 1;
    }
    return array;
  }

  function readString(): string {
    const start = at;
    at += 1;
    for (;;) {
      const letter = text[at];
      if (letter === undefined || letter < ' ') throw new JsonLineError(at + 1);
      at += 1;
      if (letter === '"') return JSON.parse(text.slice(start, at)) as string;
      if (letter !== '\\') continue;
      const escape = text[at];
      if (escape === undefined || !'"\\/bfnrtu'.includes(escape)) throw new JsonLineError(at + 1);
      at += 1;
      if (escape !== 'u') continue;
      for (let k = 0; k < 4; k++) {
        if (!/[0-9a-fA-F]/.test(text[at] ?? '')) throw new JsonLineError(at + 1);
        at += 1;
      }
    }
  }

  function readNumber(): number {
    const start = at;
    if (text[at] === '-') at += 1;
    if (text[at] === 'I') return readWord('Infinity', -Infinity);
    if (text[at] === '0') at += 1;
    else readDigits();
    if (text[at] === '.') {
      at += 1;
      readDigits();
    }
    if (text[at] === 'e' || text[at] === 'E') {
      at += 1;
      if (text[at] === '+' || text[at] === '-') at += 1;
      readDigits();
    }
    return Number(text.slice(start, at));
  }

  function readDigits(): void {
    if (!isDigit(text[at])) throw new JsonLineError(at + 1);
    while (isDigit(text[at])) at += 1;
  }
}

function isDigit(letter: string | undefined): boolean {
  return letter !== undefined && letter >= '0' && letter <= '9';
}
