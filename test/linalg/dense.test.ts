import fc from 'fast-check';
import { Matrix } from 'ml-matrix';
import { describe, expect, test } from 'vitest';
import {
  cholesky,
  choleskyAppend,
  choleskyAppendMany,
  choleskyDelete,
  choleskyInverse,
  choleskyJittered,
  choleskyLogDet,
  choleskyRankOne,
  choleskySolve,
  dot,
  leastSquares,
  matMul,
  matTVec,
  matVec,
  norm2,
  normInf,
  pseudoInverse,
  solveLower,
  solveLowerMany,
  solveUpperT,
  solveUpperTMany,
  sum,
  svd,
  symmetricEigen,
  toRowMajor,
  transpose,
} from '../../src/linalg/index.js';
import { gramOfRows } from '../../src/linalg/row-products.js';
import { solveLowerTwo } from '../../src/linalg/triangular.js';
import { createRng } from '../../src/random/create-rng.js';

const EPS = 2 ** -52;

function randomMatrix(rows: number, columns: number, ...name: (string | number)[]): Float64Array {
  const rng = createRng('dense', ...name);
  return Float64Array.from({ length: rows * columns }, () => 2 * rng() - 1);
}

/** M Mᵀ + I: positive definite, condition number about n. */
function definite(n: number, ...name: (string | number)[]): Float64Array {
  const m = randomMatrix(n, n, ...name);
  const a = matMul(m, transpose(m, n, n), n, n, n);
  for (let i = 0; i < n; i++) a[i * n + i] += 1;
  return a;
}

const largest = (a: ArrayLike<number>, b: ArrayLike<number>) =>
  Array.from(a, (x, i) => Math.abs(x - b[i])).reduce((m, x) => Math.max(m, x), 0);

// The plain loops, with the order of operations that the docstrings fix: one accumulator an entry, increasing inner index.
const plain = {
  matMul(a: Float64Array, b: Float64Array, n: number, k: number, m: number): Float64Array {
    const out = new Float64Array(n * m);
    for (let i = 0; i < n; i++)
      for (let j = 0; j < m; j++) for (let p = 0; p < k; p++) out[i * m + j] += a[i * k + p] * b[p * m + j];
    return out;
  },
  cholesky(a: Float64Array, n: number): Float64Array {
    const L = new Float64Array(n * n);
    for (let i = 0; i < n; i++) {
      for (let j = 0; j <= i; j++) {
        let s = a[i * n + j];
        for (let k = 0; k < j; k++) s -= L[i * n + k] * L[j * n + k];
        L[i * n + j] = i === j ? Math.sqrt(s) : s / L[j * n + j];
      }
    }
    return L;
  },
  lowerInverse(L: Float64Array, n: number): Float64Array {
    const M = new Float64Array(n * n);
    for (let i = 0; i < n; i++) {
      for (let j = 0; j < i; j++) {
        let s = 0;
        for (let k = 0; k < i; k++) s -= L[i * n + k] * M[k * n + j];
        M[i * n + j] = s / L[i * n + i];
      }
      M[i * n + i] = 1 / L[i * n + i];
    }
    return M;
  },
};

describe('the tiled kernels have the bits of the plain loops', () => {
  const sizes = [0, 1, 2, 3, 4, 5, 7, 8, 9, 15, 16, 17, 33, 64, 67];
  test.each(sizes)('Cholesky, solves and inverse of size %i', (n) => {
    const a = definite(n, 'bits', n);
    const L = new Float64Array(n * n);
    expect(cholesky(a, n, L)).toBe(-1);
    expect(L).toEqual(plain.cholesky(a, n));
    const m = 5;
    const B = randomMatrix(n, m, 'right', n);
    const lower = solveLowerMany(L, B, n, m);
    const upper = solveUpperTMany(L, B, n, m);
    for (let j = 0; j < m; j++) {
      const column = Float64Array.from({ length: n }, (_, i) => B[i * m + j]);
      expect(lower.filter((_, k) => k % m === j)).toEqual(solveLower(L, column, n));
      expect(upper.filter((_, k) => k % m === j)).toEqual(solveUpperT(L, column, n));
    }
    const M = plain.lowerInverse(L, n);
    const inverse = new Float64Array(n * n);
    for (let k = 0; k < n; k++)
      for (let i = 0; i <= k; i++) for (let j = 0; j <= k; j++) inverse[i * n + j] += M[k * n + i] * M[k * n + j];
    expect(choleskyInverse(L, n)).toEqual(inverse);
  });

  test('products of shapes that tiles do not fit, from plain arrays as well', () => {
    for (const [n, k, m] of [
      [17, 13, 11],
      [64, 64, 64],
      [5, 100, 3],
      [3, 2, 33],
    ]) {
      const a = randomMatrix(n, k, 'a', n, k);
      const b = randomMatrix(k, m, 'b', k, m);
      const expected = plain.matMul(a, b, n, k, m);
      expect(matMul(a, b, n, k, m, new Float64Array(n * m).fill(NaN))).toEqual(expected);
      expect(matMul(Array.from(a), Array.from(b), n, k, m)).toEqual(expected);
    }
  });

  test('products of every shape up to 9', () => {
    fc.assert(
      fc.property(fc.nat(9), fc.nat(9), fc.nat(9), (n, k, m) => {
        const a = randomMatrix(n, k, 'a', n, k);
        const b = randomMatrix(k, m, 'b', k, m);
        expect(matMul(a, b, n, k, m)).toEqual(plain.matMul(a, b, n, k, m));
        const x = randomMatrix(k, 1, 'x', k);
        expect(matVec(a, x, n, k)).toEqual(plain.matMul(a, x, n, k, 1));
        expect(matTVec(a, b.subarray(0, 0), 0, k)).toEqual(new Float64Array(k));
      }),
    );
  });
});

describe('laws of the Cholesky factor', () => {
  test.each([1, 4, 30, 100])('L Lᵀ = A, L⁻¹, the solution and the determinant, n = %i', (n) => {
    const a = definite(n, 'laws', n);
    const L = new Float64Array(n * n);
    cholesky(a, n, L);
    const scale = normInf(a);
    // |L Lᵀ - A| <= (n + 1) u max A, Golub and Van Loan (4.2)
    expect(largest(matMul(L, transpose(L, n, n), n, n, n), a)).toBeLessThanOrEqual((n + 1) * EPS * scale);
    const x = randomMatrix(n, 1, 'x', n);
    const b = matVec(a, x, n, n);
    const condition = n * n;
    expect(largest(choleskySolve(L, b, n), x)).toBeLessThanOrEqual(condition * n * EPS);
    const identity = matMul(a, choleskyInverse(L, n), n, n, n);
    for (let i = 0; i < n; i++) identity[i * n + i] -= 1;
    expect(normInf(identity)).toBeLessThanOrEqual(condition * n * EPS);
    let logarithms = 0;
    for (const value of symmetricEigen(a, n).values) logarithms += Math.log(value);
    expect(choleskyLogDet(L, n)).toBeCloseTo(logarithms, 8);
  });

  test('only the lower half is read, the upper half of the factor is zero, and A may be overwritten', () => {
    const a = definite(6, 'half');
    const L = new Float64Array(36);
    cholesky(a, 6, L);
    const spoiled = a.map((x, k) => (k % 6 > Math.floor(k / 6) ? NaN : x));
    expect(cholesky(spoiled, 6)).toBe(-1);
    expect(spoiled).toEqual(L);
  });

  test.each([0, 1, 5, 17, 30])('the index of the first pivot that is not positive is told: %i', (bad) => {
    const n = 31;
    const a = definite(n, 'bad', bad);
    a[bad * n + bad] = -1;
    expect(cholesky(a, n, new Float64Array(n * n))).toBe(bad);
  });

  test('NaN and Infinity on the diagonal are bad pivots', () => {
    for (const x of [NaN, Infinity, -Infinity]) expect(cholesky(Float64Array.of(1, 0, 0, x), 2)).not.toBe(-1);
  });

  test('two identical points fail rather than leave a factor of rounding errors', () => {
    const k = Float64Array.of(1, 1, 1, 1);
    expect(cholesky(k.slice(), 2)).toBe(1);
    const { L, jitter } = choleskyJittered(k, 2);
    expect(jitter).toBe(1e-10);
    expect(largest(matMul(L, transpose(L, 2, 2), 2, 2, 2), [1 + 1e-10, 1, 1, 1 + 1e-10])).toBeLessThanOrEqual(3 * EPS);
    expect(k).toEqual(Float64Array.of(1, 1, 1, 1));
  });

  test('jitter grows by tens until the matrix is definite, and no further than 1e-4', () => {
    // eigenvalues 2 + δ and -δ: jitter s must exceed δ, s the mean of the diagonal, 1
    for (const [delta, expected] of [
      [3e-9, 1e-8],
      [3e-7, 1e-6],
      [3e-5, 1e-4],
    ]) {
      const { jitter } = choleskyJittered(Float64Array.of(1, 1 + delta, 1 + delta, 1), 2);
      expect(Math.abs(jitter / expected - 1)).toBeLessThan(1e-12);
    }
    const bad = Float64Array.of(1, 2, 2, 1);
    expect(() => choleskyJittered(bad, 2)).toThrow('matrix not positive definite after jitter 1e-4: size 2');
    expect(() => choleskyJittered(Float64Array.of(1, 0, NaN, 1), 2)).toThrow(RangeError);
  });
});

describe('changing a factor', () => {
  const matrices = fc.record({ n: fc.integer({ min: 1, max: 12 }), seed: fc.nat(1000) });
  const tolerance = (n: number) => 200 * n * EPS * (n + 1);

  test('rank-one up, then down again, is where it began', () => {
    fc.assert(
      fc.property(matrices, ({ n, seed }) => {
        const a = definite(n, 'rank', n, seed);
        const v = randomMatrix(n, 1, 'v', seed);
        const L = new Float64Array(n * n);
        cholesky(a, n, L);
        const updated = L.slice();
        expect(choleskyRankOne(updated, v.slice(), n, 1)).toBe(true);
        const sumOf = a.map((x, k) => x + v[Math.floor(k / n)] * v[k % n]);
        expect(largest(matMul(updated, transpose(updated, n, n), n, n, n), sumOf)).toBeLessThanOrEqual(tolerance(n));
        expect(choleskyRankOne(updated, v.slice(), n, -1)).toBe(true);
        expect(largest(updated, L)).toBeLessThanOrEqual(tolerance(n));
      }),
    );
  });

  test('a downdate that leaves no definite matrix is refused', () => {
    expect(choleskyRankOne(Float64Array.of(1), Float64Array.of(1), 1, -1)).toBe(false);
    expect(choleskyRankOne(Float64Array.of(1, 0, 0, 1), Float64Array.of(0.6, 0.9), 2, -1)).toBe(false);
  });

  test('appending rows one by one or together gives the factor of the larger matrix', () => {
    fc.assert(
      fc.property(matrices, fc.integer({ min: 1, max: 5 }), ({ n, seed }, m) => {
        const size = n + m;
        const a = definite(size, 'append', size, seed);
        const whole = new Float64Array(size * size);
        cholesky(a, size, whole);
        const corner = (r: number) =>
          Float64Array.from({ length: r * r }, (_, k) => a[Math.floor(k / r) * size + (k % r)]);
        const L = new Float64Array(n * n);
        cholesky(corner(n), n, L);
        let grown: Float64Array | undefined = L;
        for (let k = n; k < size; k++) {
          grown = choleskyAppend(grown!, a.subarray(k * size, k * size + k), a[k * size + k], k);
        }
        const rows = Float64Array.from({ length: m * n }, (_, k) => a[(n + Math.floor(k / n)) * size + (k % n)]);
        const rest = Float64Array.from({ length: m * m }, (_, k) => a[(n + Math.floor(k / m)) * size + n + (k % m)]);
        expect(largest(grown!, whole)).toBeLessThanOrEqual(tolerance(size));
        expect(largest(choleskyAppendMany(L, rows, rest, n, m)!, whole)).toBeLessThanOrEqual(tolerance(size));
      }),
    );
    expect(choleskyAppend(Float64Array.of(1), [1], 1, 1)).toBeUndefined();
  });

  test('deleting a row is factoring without it', () => {
    fc.assert(
      fc.property(matrices, fc.nat(11), ({ n, seed }, at) => {
        const index = at % n;
        const a = definite(n, 'delete', n, seed);
        const kept = Array.from({ length: n }, (_, i) => i).filter((i) => i !== index);
        const small = Float64Array.from(kept.flatMap((i) => kept.map((j) => a[i * n + j])));
        const expected = new Float64Array((n - 1) * (n - 1));
        cholesky(small, n - 1, expected);
        const L = new Float64Array(n * n);
        cholesky(a, n, L);
        expect(largest(choleskyDelete(L, index, n), expected)).toBeLessThanOrEqual(tolerance(n));
      }),
    );
  });
});

describe('decompositions', () => {
  test('A V = V Λ with ascending values and orthonormal columns', () => {
    const n = 20;
    const a = definite(n, 'eigen');
    const { values, vectors } = symmetricEigen(a, n);
    const product = matMul(a, vectors, n, n, n);
    expect(
      largest(
        product,
        vectors.map((x, k) => x * values[k % n]),
      ),
    ).toBeLessThan(1e-12 * values[n - 1]);
    const gram = matMul(transpose(vectors, n, n), vectors, n, n, n);
    expect(
      largest(
        gram,
        Float64Array.from(gram, (_, k) => (k % (n + 1) === 0 ? 1 : 0)),
      ),
    ).toBeLessThan(1e-13);
    for (let j = 1; j < n; j++) expect(values[j]).toBeGreaterThanOrEqual(values[j - 1]);
  });

  test.each([
    [3, 7],
    [7, 3],
    [5, 5],
  ])('U S Vᵀ = A and the four conditions of Penrose, %i x %i', (rows, columns) => {
    const a = randomMatrix(rows, columns, 'svd', rows);
    const r = Math.min(rows, columns);
    const { u, s, v } = svd(a, rows, columns);
    const us = u.map((x, k) => x * s[k % r]);
    expect(largest(matMul(us, transpose(v, columns, r), rows, r, columns), a)).toBeLessThan(1e-13);
    const p = pseudoInverse(a, rows, columns);
    const ap = matMul(a, p, rows, columns, rows);
    const pa = matMul(p, a, columns, rows, columns);
    expect(largest(matMul(ap, a, rows, rows, columns), a)).toBeLessThan(1e-12);
    expect(largest(matMul(pa, p, columns, columns, rows), p)).toBeLessThan(1e-12);
    expect(largest(ap, transpose(ap, rows, rows))).toBeLessThan(1e-12);
    expect(largest(pa, transpose(pa, columns, columns))).toBeLessThan(1e-12);
  });

  test('least squares is orthogonal to the columns, and of least norm when they are dependent', () => {
    const a = [1, 1, 1, 1, 1, 2, 1, 1, 3];
    const x = leastSquares(a, [1, 2, 2], 3, 3);
    expect(x[0]).toBeCloseTo(x[1], 12); // equal columns share
    const residual = matVec(a, x, 3, 3).map((value, i) => value - [1, 2, 2][i]);
    expect(normInf(matTVec(a, residual, 3, 3))).toBeLessThan(1e-13);
    expect(x[2]).toBeCloseTo(0.5, 12);
  });
});

describe('sums and norms', () => {
  test('the compensated sum keeps what cancels', () => {
    expect(sum([1, 1e100, 1, -1e100])).toBe(2);
    expect(sum([])).toBe(0);
    expect(sum(Array(1e5).fill(0.1))).toBe(1e4);
    expect(sum([1e308, 1e308, -1e308])).toBe(Infinity);
  });

  test('the norm neither overflows nor underflows', () => {
    expect(norm2([3e200, 4e200]) / 5e200).toBeCloseTo(1, 14);
    expect(norm2([3e-200, 4e-200]) / 5e-200).toBeCloseTo(1, 14);
    expect(norm2([])).toBe(0);
    expect(norm2([Infinity, 1])).toBe(Infinity);
    expect(norm2([NaN, 1])).toBeNaN();
    expect(normInf([1, NaN, 3])).toBeNaN();
    expect(dot([1, 2, 3], [4, 5, 6])).toBe(32);
  });
});

describe('a matrix in any of its forms', () => {
  const flat = { data: Float64Array.of(1, 2, 3, 4, 5, 6), rows: 2, columns: 3 };
  test.each<[string, Parameters<typeof toRowMajor>[0]]>([
    [
      'rows of numbers',
      [
        [1, 2, 3],
        [4, 5, 6],
      ],
    ],
    ['rows of typed arrays', [Float64Array.of(1, 2, 3), Float32Array.of(4, 5, 6)]],
    ['flat with columns', flat],
    ['flat with cols', { data: [1, 2, 3, 4, 5, 6], rows: 2, cols: 3 }],
    [
      'ml-matrix',
      new Matrix([
        [1, 2, 3],
        [4, 5, 6],
      ]),
    ],
  ])('%s', (_, matrix) => expect(toRowMajor(matrix)).toEqual(flat));

  test('a flat Float64Array is not copied', () => expect(toRowMajor(flat).data).toBe(flat.data));

  test.each<[string, unknown, ErrorConstructor]>([
    ['null', null, TypeError],
    ['a number', 3, TypeError],
    ['an object without a shape', {}, TypeError],
    ['a list of numbers', [1, 2], TypeError],
    ['rows of different lengths', [[1, 2], [3]], RangeError],
    ['data that do not fit', { data: [1, 2, 3], rows: 2, columns: 2 }, RangeError],
    ['a fractional shape', { data: [1, 2, 3], rows: 1.5, columns: 2 }, RangeError],
  ])('%s is refused', (_, matrix, kind) => {
    expect(() => toRowMajor(matrix as number[][], 'A')).toThrow(kind);
    expect(() => toRowMajor(matrix as number[][], 'A')).toThrow(/^A/);
  });
});

test('A Aᵀ in tiles has the bits of the plain sums', () => {
  for (const [m, n] of [
    [1, 3],
    [4, 5],
    [7, 6],
    [9, 1],
    [8, 0],
  ]) {
    // prettier-ignore
    const A = randomMatrix(m, n, 'gram', m);
    const G = gramOfRows(A, m, n);
    for (let i = 0; i < m; i++) {
      for (let j = 0; j < m; j++) {
        let total = 0;
        for (let k = 0; k < n; k++) total += A[i * n + k] * A[j * n + k];
        expect(G[i * m + j]).toBe(j <= i ? total : 0);
      }
    }
  }
});

test('two solves in one pass have the bits of one each', () => {
  for (const n of [0, 1, 3, 4, 9, 32]) {
    const L = randomMatrix(n, n, 'two', n);
    for (let i = 0; i < n; i++) L[i * n + i] += 3;
    const [b, c] = [randomMatrix(n + 2, 1, 'b', n), randomMatrix(n, 1, 'c', n)];
    const [x, y] = [b.slice(), c.slice()];
    solveLowerTwo(L, x, y, n);
    expect(x.subarray(0, n)).toEqual(solveLower(L, b.subarray(0, n), n));
    expect(x.subarray(n)).toEqual(b.subarray(n));
    expect(y).toEqual(solveLower(L, c, n));
  }
});
