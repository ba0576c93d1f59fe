import * as linalg from '../../src/linalg/index.js';
import { createRng } from '../../src/random/index.js';
import { bitsOf } from './bits-of.js';

/** Factors, solves, updates and decompositions of seeded matrices. */
export function linalgDigest(): string {
  const values: number[] = [];
  const keep = (x: ArrayLike<number> | undefined) => {
    for (const value of Array.from(x ?? [])) values.push(value);
  };
  for (const n of [1, 6, 45]) {
    const rng = createRng('bits', 'matrix', n);
    const m = Float64Array.from({ length: n * n }, () => rng() - 0.5);
    const a = linalg.matMul(m, linalg.transpose(m, n, n), n, n, n);
    for (let i = 0; i < n; i++) a[i * n + i] += 1;
    const { L, jitter } = linalg.choleskyJittered(a, n);
    keep(L);
    values.push(
      jitter,
      linalg.choleskyLogDet(L, n),
      linalg.sum(m),
      linalg.norm2(m),
      linalg.normInf(m),
      linalg.dot(m, a),
    );
    keep(linalg.choleskySolve(L, m.subarray(0, n), n));
    keep(linalg.choleskyInverse(L, n));
    keep(linalg.solveLowerMany(L, m, n, n));
    keep(linalg.solveUpperTMany(L, m, n, n));
    keep(linalg.choleskyAppend(L, m.subarray(0, n), n, n));
    keep(linalg.choleskyDelete(L, n >> 1, n));
    const updated = L.slice();
    linalg.choleskyRankOne(updated, m.slice(0, n), n, 1);
    keep(updated);
    keep(linalg.matVec(a, m, n, n));
    keep(linalg.matTVec(m, a, n, n));
    const { values: spectrum, vectors } = linalg.symmetricEigen(a, n);
    keep(spectrum);
    keep(vectors);
    const { u, s, v } = linalg.svd(m, n, n);
    for (const part of [u, s, v]) keep(part);
    const { real, imaginary } = linalg.eigenvalues(m, n);
    keep(real);
    keep(imaginary);
    keep(linalg.leastSquares(m, m.subarray(0, n), n, n));
  }
  return bitsOf(values);
}
