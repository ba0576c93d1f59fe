/**
 * Orderings of the graph of a matrix, on which the theory of SOR rests: vertices are the rows, and {i, j} is an edge
 * when a_ij or a_ji is not zero.
 *
 * D. M. Young, "Iterative Solution of Large Linear Systems", Academic Press 1971, chapter 5.
 */
import type { CsrMatrix } from './csr.js';
import { csrTranspose } from './csr-algebra.js';

/**
 * Colours 0 and 1 such that no edge joins two rows of one colour, or null when the graph is not bipartite.
 *
 * Breadth first; the lowest row of each connected component gets colour 0, so a 5-point grid is coloured by
 * (ix + iy) mod 2. O(nnz).
 *
 * @throws RangeError if A is not square
 *
 * @example
 * greedyTwoColoring(poisson1d(4)); //=> Uint8Array.of(0, 1, 0, 1)
 */
export function greedyTwoColoring(A: CsrMatrix): Uint8Array | null {
  const levels = breadthFirst(A, (_i, _j, level) => level ^ 1);
  return levels === null ? null : Uint8Array.from(levels);
}

/**
 * Whether A is consistently ordered: there are integers g with g(j) - g(i) = 1 for every edge i < j.
 *
 * Under this condition the eigenvalues of the SOR and Jacobi iterations are tied by (λ + ω - 1)² = λ ω² μ²
 * (Young, theorem 5-2.2), which is what `sorSpectralRadius` and `optimalOmega` stand on. O(nnz).
 *
 * @throws RangeError if A is not square
 *
 * @example
 * isConsistentlyOrdered(poisson2d(4, 3)); //=> true
 */
export function isConsistentlyOrdered(A: CsrMatrix): boolean {
  return breadthFirst(A, (i, j, level) => (j > i ? level + 1 : level - 1)) !== null;
}

/** Numbers the vertices from 0 on along edges by `step`; null when two ways to a vertex disagree. */
function breadthFirst(A: CsrMatrix, step: (i: number, j: number, level: number) => number): Int32Array | null {
  const n = A.rows;
  if (A.cols !== n) throw new RangeError(`A must be square, got ${n} x ${A.cols}`);
  const both = [A, csrTranspose(A)];
  const level = new Int32Array(n);
  const seen = new Uint8Array(n);
  const queue = new Int32Array(n);
  let tail = 0;
  for (let root = 0; root < n; root++) {
    if (seen[root] === 1) continue;
    seen[root] = 1;
    let head = tail;
    queue[tail++] = root;
    for (; head < tail; head++) {
      const i = queue[head];
      for (const { rowPtr, colIdx, values } of both) {
        for (let k = rowPtr[i]; k < rowPtr[i + 1]; k++) {
          const j = colIdx[k];
          if (j === i || values[k] === 0) continue;
          const wanted = step(i, j, level[i]);
          if (seen[j] === 0) {
            seen[j] = 1;
            level[j] = wanted;
            queue[tail++] = j;
          } else if (level[j] !== wanted) {
            return null;
          }
        }
      }
    }
  }
  return level;
}
