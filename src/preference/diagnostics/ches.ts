// The CHES score: which pairs of a data set will displace likelihood, told from the model's hidden embeddings.
//
// N. Razin et al., "Unintentional Unalignment: Likelihood Displacement in Direct Preference Optimization",
// arXiv:2410.08847, the CHES score and its length-normalized variant.
//
//   paper            here           meaning
//   h_{x, y_<k}      rows           hidden embedding before token k of the response: from the last prompt token up to, and
//                                   without, the last response token
//   S⁺, S⁻           -              sums of the rows of the preferred and of the dispreferred response
//   |y|              -              number of rows

import { checkMatrix, checkNumber, checkVector } from '../../internal/check.js';
import { toRowMajor, type MatrixLike } from '../../linalg/to-row-major.js';

export interface ChesScore {
  /** ⟨S⁺, S⁻⟩ - |S⁺|²; larger (less negative) means that more displacement is to be expected. */
  score: number;
  /** ⟨S⁺, S⁻⟩ and |S⁺|², never divided by lengths. */
  innerProduct: number;
  preferredNormSq: number;
}

/**
 * Centered hidden embedding similarity ⟨S⁺, S⁻⟩ - |S⁺|², or with lengthNormalize ⟨S⁺, S⁻⟩/(|y⁺||y⁻|) - |S⁺|²/|y⁺|².
 *
 * O((T⁺ + T⁻) d).
 *
 * @param preferred T⁺ × d embeddings
 * @param dispreferred T⁻ × d embeddings
 * @throws RangeError if a response has no rows, the dimensions differ, or an entry is not finite
 *
 * @example
 * chesScore([[1, 0]], [[2, 5]]).score; //=> 1
 */
export function chesScore(
  preferred: MatrixLike,
  dispreferred: MatrixLike,
  options: { lengthNormalize?: boolean } = {},
): ChesScore {
  const plus = columnSums('preferred', preferred);
  const minus = columnSums('dispreferred', dispreferred);
  const d = plus.sums.length;
  if (minus.sums.length !== d) {
    throw new RangeError(`dispreferred must have ${d} columns, got ${minus.sums.length}`);
  }
  let innerProduct = 0;
  let preferredNormSq = 0;
  for (let j = 0; j < d; j++) {
    innerProduct += plus.sums[j] * minus.sums[j];
    preferredNormSq += plus.sums[j] * plus.sums[j];
  }
  const score =
    options.lengthNormalize === true
      ? innerProduct / (plus.rows * minus.rows) - preferredNormSq / (plus.rows * plus.rows)
      : innerProduct - preferredNormSq;
  return { score, innerProduct, preferredNormSq };
}

/**
 * Indices of a data set from the pair most prone to displacement to the least: descending scores, ties by lower index.
 *
 * @throws RangeError if a score is not finite
 *
 * @example
 * chesRank([-3, 2, -3]); //=> Int32Array.of(1, 0, 2)
 */
export function chesRank(scores: ArrayLike<number>): Int32Array {
  checkVector('scores', scores);
  const order = Array.from({ length: scores.length }, (_, i) => i);
  return Int32Array.from(order.sort((a, b) => scores[b] - scores[a] || a - b));
}

/**
 * The pairs to keep when those most prone to displacement are filtered out: the lowest scores, in the order of the data.
 *
 * The paper keeps 5%. At least one pair is kept.
 *
 * @param keepFraction in (0, 1]
 * @throws RangeError if a score is not finite, there are none, or keepFraction is out of range
 *
 * @example
 * chesFilter([-3, 2, -1, 5], 0.5); //=> Int32Array.of(0, 2)
 */
export function chesFilter(scores: ArrayLike<number>, keepFraction: number): Int32Array {
  checkNumber('keepFraction', keepFraction, Number.MIN_VALUE, 1);
  const rank = chesRank(scores);
  if (rank.length === 0) throw new RangeError('scores must not be empty');
  const keep = Math.max(1, Math.round(keepFraction * rank.length));
  return rank.slice(rank.length - keep).sort();
}

function columnSums(name: string, matrix: MatrixLike): { sums: Float64Array; rows: number } {
  const { data, rows, columns } = checkMatrix(name, toRowMajor(matrix, name));
  if (rows === 0 || columns === 0) throw new RangeError(`${name} must not be empty, got ${rows} × ${columns}`);
  const sums = new Float64Array(columns);
  for (let i = 0; i < rows; i++) for (let j = 0; j < columns; j++) sums[j] += data[i * columns + j];
  return { sums, rows };
}
