// Matrix Market exchange format (see `parse-matrix-market.ts`): from a matrix to text.
import { checkInteger, checkOptionNames } from '../../internal/check.js';
import type { CsrMatrix } from './csr.js';
import { csrIsSymmetric } from './csr-algebra.js';

export interface MatrixMarketOptions {
  /** Write the lower triangle only, under the header `symmetric`. Default false. */
  symmetric?: boolean;
  /** Comment lines after the header. */
  comment?: string;
  /** Significant digits, 1 to 17. Default 17: the text reads back to the same bits (and is no longer than it must be). */
  precision?: number;
}

const NAMES = { symmetric: true, comment: true, precision: true } satisfies Record<keyof MatrixMarketOptions, true>;

/**
 * Writes a matrix as coordinates; `parseMatrixMarket` reads it back bit for bit at the default precision.
 *
 * @throws RangeError if `symmetric` is asked of a matrix that is not, or precision is not an integer in [1, 17]
 *
 * @example
 * formatMatrixMarket(poisson1d(2), { symmetric: true }).split('\n')[1]; //=> '2 2 3'
 */
export function formatMatrixMarket(A: CsrMatrix, options: MatrixMarketOptions = {}): string {
  checkOptionNames('options', options, NAMES);
  const { symmetric = false, comment, precision = 17 } = options;
  checkInteger('precision', precision, 1, 17);
  if (symmetric && !csrIsSymmetric(A)) throw new RangeError('A must be symmetric when symmetric is true');
  const { rows, cols, rowPtr, colIdx, values } = A;
  const lines = [`%%MatrixMarket matrix coordinate real ${symmetric ? 'symmetric' : 'general'}`];
  if (comment !== undefined) for (const line of comment.split(/\r?\n/)) lines.push(`% ${line}`);
  const sizeLine = lines.push('') - 1;
  for (let i = 0, k = 0; i < rows; i++) {
    for (; k < rowPtr[i + 1]; k++) {
      if (symmetric && colIdx[k] > i) continue;
      lines.push(`${i + 1} ${colIdx[k] + 1} ${formatNumber(values[k], precision)}`);
    }
  }
  lines[sizeLine] = `${rows} ${cols} ${lines.length - sizeLine - 1}`;
  lines.push('');
  return lines.join('\n');
}

function formatNumber(x: number, precision: number): string {
  if (Object.is(x, -0)) return '-0';
  return String(precision === 17 ? x : Number(x.toPrecision(precision)));
}
