/**
 * Matrix Market exchange format: from text to a matrix.
 *
 * R. F. Boisvert, R. Pozo, K. A. Remington, "The Matrix Market Exchange Formats: Initial Design", NISTIR 5935 (1996).
 */
import { csrFromTriplets, type CsrMatrix } from './csr.js';

type Symmetry = 'general' | 'symmetric' | 'skew-symmetric';

interface Header {
  layout: 'coordinate' | 'array';
  pattern: boolean;
  symmetry: Symmetry;
}

interface Cursor {
  readonly text: string;
  at: number;
}

const NEWLINE = 10;

/**
 * Reads a real matrix. Duplicates are added, pattern entries are 1, symmetric and skew-symmetric entries are mirrored.
 *
 * The header is read whatever its case; comments and blank lines may stand before the size line, blank lines after it.
 * Indices are 1-based in the text; an array lists its columns one after the other (its lower triangle when symmetric,
 * the strict one when skew-symmetric). The text is scanned once by character codes: 10⁶ entries take well below a second.
 *
 * @throws SyntaxError if the text is not of this format; RangeError if an index or a value is out of range. Complex
 *   and hermitian matrices are unsupported. The message gives the number of the line.
 *
 * @example
 * const A = parseMatrixMarket('%%MatrixMarket matrix coordinate real symmetric\n2 2 2\n1 1 4\n2 1 -1\n');
 * csrToDense(A); //=> Float64Array.of(4, -1, -1, 0)
 */
export function parseMatrixMarket(text: string): CsrMatrix {
  if (typeof text !== 'string') throw new TypeError(`text must be a string, got ${typeof text}`);
  const cursor: Cursor = { text, at: 0 };
  const header = parseHeader(cursor);
  skipComments(cursor);
  if (cursor.at >= text.length) throw syntax(cursor, 'the size line is missing');
  const rows = readInteger(cursor, 'the number of rows');
  const cols = readInteger(cursor, 'the number of columns');
  const { layout, symmetry } = header;
  if (symmetry !== 'general' && rows !== cols) {
    throw new RangeError(`${place(cursor)}: a ${symmetry} matrix must be square, got ${rows} x ${cols}`);
  }
  const diagonal = symmetry === 'skew-symmetric' ? 0 : 1;
  const triangular = (rows * (rows - 1)) / 2 + diagonal * rows;
  const count =
    layout === 'coordinate'
      ? readInteger(cursor, 'the number of entries')
      : symmetry === 'general'
        ? rows * cols
        : triangular;
  endLine(cursor);
  // An entry takes at least two characters, so a size that the text cannot hold is refused before memory is taken.
  if (count > text.length) throw syntax(cursor, `fewer entries than the ${count} announced`);
  const entries = layout === 'coordinate' ? readCoordinates : readColumns;
  const matrix = entries(cursor, header, rows, cols, count);
  skipSpace(cursor, true);
  if (cursor.at < text.length) throw syntax(cursor, `more entries than the ${count} announced`);
  return csrFromTriplets(matrix);
}

function parseHeader(cursor: Cursor): Header {
  const { text } = cursor;
  let end = text.indexOf('\n');
  if (end < 0) end = text.length;
  const words = text
    .slice(0, end)
    .trim()
    .toLowerCase()
    .split(/[ \t]+/);
  if (words[0] !== '%%matrixmarket') throw syntax(cursor, 'the header %%MatrixMarket is missing');
  const [, object, layout, field, symmetry] = words;
  if (words.length !== 5) throw syntax(cursor, `the header must have five words, got ${words.length}`);
  if (object !== 'matrix') throw syntax(cursor, `the object must be matrix, got ${object}`);
  if (layout !== 'coordinate' && layout !== 'array') {
    throw syntax(cursor, `the format must be coordinate or array, got ${layout}`);
  }
  if (field === 'complex') throw syntax(cursor, 'the field complex is unsupported');
  if (field !== 'real' && field !== 'double' && field !== 'integer' && field !== 'pattern') {
    throw syntax(cursor, `the field must be real, integer or pattern, got ${field}`);
  }
  if (field === 'pattern' && layout === 'array') throw syntax(cursor, 'a pattern must be in coordinate format');
  if (symmetry === 'hermitian') throw syntax(cursor, 'hermitian symmetry is unsupported');
  if (symmetry !== 'general' && symmetry !== 'symmetric' && symmetry !== 'skew-symmetric') {
    throw syntax(cursor, `the symmetry must be general, symmetric or skew-symmetric, got ${symmetry}`);
  }
  cursor.at = Math.min(end + 1, text.length);
  return { layout, pattern: field === 'pattern', symmetry };
}

function readCoordinates(cursor: Cursor, { pattern, symmetry }: Header, rows: number, cols: number, count: number) {
  const mirrored = symmetry !== 'general';
  const sign = symmetry === 'skew-symmetric' ? -1 : 1;
  const capacity = mirrored ? 2 * count : count;
  const i = new Int32Array(capacity);
  const j = new Int32Array(capacity);
  const v = new Float64Array(capacity);
  let to = 0;
  for (let k = 0; k < count; k++) {
    skipSpace(cursor, true);
    if (cursor.at >= cursor.text.length) throw syntax(cursor, `${k} entries, fewer than the ${count} announced`);
    const row = readInteger(cursor, 'a row index') - 1;
    const col = readInteger(cursor, 'a column index') - 1;
    if (!(row >= 0 && row < rows)) throw outside(cursor, 'row', row + 1, rows);
    if (!(col >= 0 && col < cols)) throw outside(cursor, 'column', col + 1, cols);
    if (row === col && sign < 0)
      throw new RangeError(`${place(cursor)}: a skew-symmetric matrix has no diagonal entries`);
    const value = pattern ? 1 : readNumber(cursor);
    endLine(cursor);
    i[to] = row;
    j[to] = col;
    v[to++] = value;
    if (mirrored && row !== col) {
      i[to] = col;
      j[to] = row;
      v[to++] = sign * value;
    }
  }
  return { rows, cols, i: i.subarray(0, to), j: j.subarray(0, to), v: v.subarray(0, to) };
}

function readColumns(cursor: Cursor, { symmetry }: Header, rows: number, cols: number, count: number) {
  const sign = symmetry === 'skew-symmetric' ? -1 : 1;
  const i: number[] = [];
  const j: number[] = [];
  const v: number[] = [];
  for (let col = 0, k = 0; col < cols; col++) {
    const first = symmetry === 'general' ? 0 : sign < 0 ? col + 1 : col;
    for (let row = first; row < rows; row++, k++) {
      skipSpace(cursor, true);
      if (cursor.at >= cursor.text.length) throw syntax(cursor, `${k} entries, fewer than the ${count} announced`);
      const value = readNumber(cursor);
      endLine(cursor);
      i.push(row);
      j.push(col);
      v.push(value);
      if (symmetry !== 'general' && row !== col) {
        i.push(col);
        j.push(row);
        v.push(sign * value);
      }
    }
  }
  return { rows, cols, i, j, v };
}

function skipComments(cursor: Cursor): void {
  for (;;) {
    skipSpace(cursor, true);
    if (cursor.text.charCodeAt(cursor.at) !== 37) return; // '%'
    const end = cursor.text.indexOf('\n', cursor.at);
    cursor.at = end < 0 ? cursor.text.length : end + 1;
  }
}

/** Skips spaces, tabs and carriage returns, and newlines too when asked. */
function skipSpace(cursor: Cursor, newlines: boolean): void {
  const { text } = cursor;
  let at = cursor.at;
  for (; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (code !== 32 && code !== 9 && code !== 13 && !(newlines && code === NEWLINE)) break;
  }
  cursor.at = at;
}

/** The rest of a line must be blank. */
function endLine(cursor: Cursor): void {
  skipSpace(cursor, false);
  if (cursor.at >= cursor.text.length) return;
  if (cursor.text.charCodeAt(cursor.at) !== NEWLINE)
    throw syntax(cursor, `unexpected ${JSON.stringify(token(cursor))}`);
  cursor.at += 1;
}

function readInteger(cursor: Cursor, what: string): number {
  skipSpace(cursor, false);
  const { text } = cursor;
  const start = cursor.at;
  let value = 0;
  let at = start;
  for (; at < text.length; at++) {
    const digit = text.charCodeAt(at) - 48;
    if (!(digit >= 0 && digit <= 9)) break;
    value = 10 * value + digit;
  }
  const after = text.charCodeAt(at); // NaN at the end of the text
  if (at === start || (at < text.length && after !== 32 && after !== 9 && after !== 13 && after !== NEWLINE)) {
    throw syntax(cursor, `${what} must be a non-negative integer, got ${JSON.stringify(token(cursor))}`);
  }
  // A string holds fewer than 2^29 characters, so no text can fill more rows or entries than this.
  if (value > 134217728) throw new RangeError(`${place(cursor)}: ${what} must be at most 2^27, got ${value}`);
  cursor.at = at;
  return value;
}

function readNumber(cursor: Cursor): number {
  skipSpace(cursor, false);
  const { text } = cursor;
  const start = cursor.at;
  let at = start;
  for (; at < text.length; at++) {
    const code = text.charCodeAt(at);
    // digits + - . e E: what a decimal number is made of, so that 0x10 and Infinity are not taken for one
    if (!((code >= 48 && code <= 57) || code === 43 || code === 45 || code === 46 || code === 69 || code === 101))
      break;
  }
  const word = text.slice(start, at);
  const after = text.charCodeAt(at);
  const ended = at >= text.length || after === 32 || after === 9 || after === 13 || after === NEWLINE;
  const value = word === '' || !ended ? NaN : Number(word);
  if (Number.isNaN(value)) throw syntax(cursor, `a value must be a number, got ${JSON.stringify(token(cursor))}`);
  if (!Number.isFinite(value)) throw new RangeError(`${place(cursor)}: a value must be finite, got ${word}`);
  cursor.at = at;
  return value;
}

function token({ text, at }: Cursor): string {
  return /^[^ \t\r\n]{0,40}/.exec(text.slice(at, at + 40))?.[0] ?? '';
}

function outside(cursor: Cursor, what: string, index: number, size: number): RangeError {
  return new RangeError(`${place(cursor)}: a ${what} index must be in [1, ${size}], got ${index}`);
}

function syntax(cursor: Cursor, message: string): SyntaxError {
  return new SyntaxError(`${place(cursor)}: ${message}`);
}

function place({ text, at }: Cursor): string {
  let line = 1;
  for (let k = 0; k < at && k < text.length; k++) if (text.charCodeAt(k) === NEWLINE) line += 1;
  return `line ${line}`;
}
