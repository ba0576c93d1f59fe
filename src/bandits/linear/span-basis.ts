/** An orthonormal basis of the span of some vectors: modified Gram-Schmidt with pivoting, twice over, the same on every machine. */

export interface SpanBasis {
  /** Dimension of the span. */
  rank: number;
  /** Coordinates of the vectors in the basis, K × rank row-major. */
  coordinates: Float64Array;
  /** Basis, rank × d row-major. */
  basis: Float64Array;
  /** Indices of `rank` of the vectors that span it: the pivots, longest remainder first. */
  pivots: Int32Array;
}

/**
 * Vectors count as dependent when what is left of them is below 1e-10 of the longest vector.
 *
 * @param rows K × d row-major
 */
export function spanBasis(rows: Float64Array, K: number, d: number): SpanBasis {
  const rest = rows.slice();
  const basis = new Float64Array(Math.min(K, d) * d);
  const pivots: number[] = [];
  let longest = 0;
  for (let r = 0; r < Math.min(K, d); r++) {
    let pivot = -1;
    let most = 0;
    for (let i = 0; i < K; i++) {
      const norm2 = inner(rest, i * d, rest, i * d, d);
      if (norm2 > most) {
        most = norm2;
        pivot = i;
      }
    }
    if (r === 0) longest = most;
    if (pivot < 0 || !(most > 1e-20 * longest)) break;
    const at = r * d;
    for (let j = 0; j < d; j++) basis[at + j] = rest[pivot * d + j];
    for (let q = 0; q < r; q++) {
      const overlap = inner(basis, q * d, basis, at, d);
      for (let j = 0; j < d; j++) basis[at + j] -= overlap * basis[q * d + j];
    }
    const length = Math.sqrt(inner(basis, at, basis, at, d));
    for (let j = 0; j < d; j++) basis[at + j] /= length;
    for (let i = 0; i < K; i++) {
      const overlap = inner(basis, at, rest, i * d, d);
      for (let j = 0; j < d; j++) rest[i * d + j] -= overlap * basis[at + j];
    }
    pivots.push(pivot);
  }
  const rank = pivots.length;
  const coordinates = new Float64Array(K * rank);
  for (let i = 0; i < K; i++) {
    for (let q = 0; q < rank; q++) coordinates[i * rank + q] = inner(basis, q * d, rows, i * d, d);
  }
  return { rank, coordinates, basis: basis.slice(0, rank * d), pivots: Int32Array.from(pivots) };
}

function inner(a: Float64Array, i: number, b: Float64Array, j: number, d: number): number {
  let total = 0;
  for (let k = 0; k < d; k++) total += a[i + k] * b[j + k];
  return total;
}
