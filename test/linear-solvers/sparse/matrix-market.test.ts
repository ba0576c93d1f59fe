import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  csrFromDense,
  csrToDense,
  formatMatrixMarket,
  parseMatrixMarket,
  poisson2d,
  validateCsr,
} from '../../../src/linear-solvers/index.js';
import { denseMatrices } from '../matrices.js';

const HEADER = '%%MatrixMarket matrix';
const dense = (text: string) => csrToDense(parseMatrixMarket(text), { nested: true });

describe('reading', () => {
  it('mirrors, adds duplicates, and takes 1 for a pattern', () => {
    expect(dense(`${HEADER} coordinate real general\n2 3 3\n1 3 2.5\n2 1 -1e2\n1 3 0.5\n`)).toEqual([
      [0, 0, 3],
      [-100, 0, 0],
    ]);
    expect(dense(`${HEADER} coordinate integer symmetric\n2 2 2\n1 1 4\n2 1 7`)).toEqual([
      [4, 7],
      [7, 0],
    ]);
    expect(dense(`${HEADER} coordinate real skew-symmetric\n2 2 1\n2 1 3`)).toEqual([
      [0, -3],
      [3, 0],
    ]);
    expect(dense(`${HEADER} coordinate pattern symmetric\n2 2 2\n1 1\n2 1`)).toEqual([
      [1, 1],
      [1, 0],
    ]);
  });

  it('an array lists columns; its lower triangle when symmetric, the strict one when skew', () => {
    expect(dense(`${HEADER} array real general\n2 3\n1\n2\n3\n4\n5\n6\n`)).toEqual([
      [1, 3, 5],
      [2, 4, 6],
    ]);
    expect(dense(`${HEADER} array real symmetric\n3 3\n1\n2\n3\n4\n5\n6`)).toEqual([
      [1, 2, 3],
      [2, 4, 5],
      [3, 5, 6],
    ]);
    expect(dense(`${HEADER} array real skew-symmetric\n3 3\n1\n2\n3`)).toEqual([
      [0, -1, -2],
      [1, 0, -3],
      [2, 3, 0],
    ]);
  });

  it('takes any case, carriage returns, comments and blank lines', () => {
    const text =
      '%%matrixMARKET Matrix COORDINATE Real General\r\n% one\r\n\r\n%two\n 2   2\t1 \r\n\r\n 2 1 \t 5 \r\n\n';
    expect(dense(text)).toEqual([
      [0, 0],
      [5, 0],
    ]);
    expect(parseMatrixMarket(`${HEADER} coordinate real general\n0 0 0\n`).rows).toBe(0);
  });

  it.each([
    ['', SyntaxError, /line 1.*header/],
    ['2 2 1\n1 1 1\n', SyntaxError, /line 1.*header/],
    [`${HEADER} coordinate real\n1 1 0\n`, SyntaxError, /line 1.*five words/],
    [`${HEADER} coordinate complex general\n1 1 1\n1 1 2 3\n`, SyntaxError, /line 1.*complex is unsupported/],
    [`${HEADER} coordinate complex hermitian\n1 1 1\n1 1 2 0\n`, SyntaxError, /unsupported/],
    [`${HEADER} coordinate real hermitian\n1 1 1\n1 1 2\n`, SyntaxError, /hermitian symmetry is unsupported/],
    ['%%MatrixMarket vector coordinate real general\n1 1\n1 1\n', SyntaxError, /object must be matrix/],
    [`${HEADER} sparse real general\n1 1 1\n1 1 1\n`, SyntaxError, /format must be/],
    [`${HEADER} coordinate quaternion general\n1 1 0\n`, SyntaxError, /field must be/],
    [`${HEADER} coordinate real lower\n1 1 0\n`, SyntaxError, /symmetry must be/],
    [`${HEADER} array pattern general\n1 1\n1\n`, SyntaxError, /pattern must be in coordinate/],
    [`${HEADER} coordinate real general\n% only a comment\n`, SyntaxError, /line 3.*size line is missing/],
    [`${HEADER} coordinate real general\n2 2\n`, SyntaxError, /number of entries/],
    [`${HEADER} coordinate real general\n2 2 2\n1 1 1\n`, SyntaxError, /1 entries, fewer than the 2/],
    [`${HEADER} coordinate real general\n2 2 1\n1 1 1\n2 2 1\n`, SyntaxError, /line 4.*more entries than the 1/],
    [`${HEADER} coordinate real general\n2 2 1\n3 1 1\n`, RangeError, /line 3.*row index must be in \[1, 2\], got 3/],
    [`${HEADER} coordinate real general\n2 2 1\n1 0 1\n`, RangeError, /column index must be in \[1, 2\], got 0/],
    [`${HEADER} coordinate real general\n2 2 1\n1 x 1\n`, SyntaxError, /line 3.*"x"/],
    [`${HEADER} coordinate real general\n2 2 1\n1 1 one\n`, SyntaxError, /a value must be a number, got "one"/],
    [`${HEADER} coordinate real general\n2 2 1\n1 1 0x10\n`, SyntaxError, /must be a number/],
    [`${HEADER} coordinate real general\n2 2 1\n1 1 1e999\n`, RangeError, /must be finite/],
    [`${HEADER} coordinate real general\n2 2 1\n1 1 1 1\n`, SyntaxError, /unexpected "1"/],
    [`${HEADER} coordinate real general\n2 2 1\n1.5 1 1\n`, SyntaxError, /row index/],
    [`${HEADER} coordinate real skew-symmetric\n2 2 1\n1 1 1\n`, RangeError, /line 3.*no diagonal entries/],
    [`${HEADER} coordinate real skew-symmetric\n2 2 1\n1 1 1`, RangeError, /^line 3.*no diagonal entries/],
    [`${HEADER} coordinate real symmetric\n2 3 1\n1 1 1\n`, RangeError, /symmetric matrix must be square, got 2 x 3/],
    [`${HEADER} coordinate real general\n999999999 2 0\n`, RangeError, /at most 2\^27/],
    [`${HEADER} coordinate real general\n2 2 99999999\n1 1 1`, SyntaxError, /fewer entries than the 99999999/],
  ])('refuses %j', (text, error, message) => {
    expect(() => parseMatrixMarket(text)).toThrow(error);
    expect(() => parseMatrixMarket(text)).toThrow(message);
  });

  it('text of any kind gives a valid matrix or an error, soon', () => {
    const pieces = fc.array(
      fc.constantFrom(
        HEADER,
        ' coordinate',
        ' array',
        ' real',
        ' general',
        ' symmetric',
        '\n',
        '2 2 1',
        '1 1 4',
        '%',
        ' ',
        '-3e',
        '\r',
        '2 1',
        'é',
      ),
      { maxLength: 14 },
    );
    const corrupted = fc.tuple(fc.nat(400), fc.string({ maxLength: 3 })).map(([at, put]) => {
      const text = formatMatrixMarket(poisson2d(3, 3));
      return text.slice(0, at % text.length) + put + text.slice((at % text.length) + 1);
    });
    fc.assert(
      fc.property(
        fc.oneof(
          pieces.map((p) => p.join('')),
          corrupted,
          fc.string({ maxLength: 60 }),
        ),
        (text) => {
          try {
            validateCsr(parseMatrixMarket(text));
          } catch (error) {
            expect(error instanceof SyntaxError || error instanceof RangeError).toBe(true);
            expect((error as Error).message).not.toMatch(/^(rowPtr|colIdx|values)/);
          }
        },
      ),
      { numRuns: 500 },
    );
  });

  it('a hundred thousand entries take a moment', () => {
    const A = poisson2d(150, 150);
    expect(parseMatrixMarket(formatMatrixMarket(A))).toEqual(A);
  });
});

describe('writing', () => {
  it('reads back bit for bit', () => {
    fc.assert(
      fc.property(denseMatrices(), (rows) => {
        const A = csrFromDense(rows);
        expect(parseMatrixMarket(formatMatrixMarket(A, { comment: 'two\nlines' }))).toEqual(A);
        const S = csrFromDense(rows.map((row, i) => row.map((v, j) => (i < rows.length && j < rows.length ? v : 0))));
        expect(parseMatrixMarket(formatMatrixMarket(S))).toEqual(S);
      }),
    );
    const odd = csrFromDense([
      [5e-324, 0.1, 1 / 3],
      [1e308, -7e-300, 2 ** 53 + 2],
      [1, 1, 1],
    ]);
    expect(parseMatrixMarket(formatMatrixMarket(odd))).toEqual(odd);
  });

  it('a symmetric matrix takes its lower triangle, and others are refused', () => {
    const A = poisson2d(4, 3);
    const text = formatMatrixMarket(A, { symmetric: true });
    expect(text.split('\n')[0]).toContain('symmetric');
    expect(parseMatrixMarket(text)).toEqual(A);
    expect(() =>
      formatMatrixMarket(
        csrFromDense([
          [1, 2],
          [0, 1],
        ]),
        { symmetric: true },
      ),
    ).toThrow(/^A must be symmetric/);
  });

  it('precision is a number of significant digits', () => {
    expect(formatMatrixMarket(csrFromDense([[1 / 3]]), { precision: 3 })).toContain('1 1 0.333\n');
    expect(() => formatMatrixMarket(poisson2d(2, 2), { precision: 18 })).toThrow(/^precision must/);
  });
});
