// The Cholesky factorization against ml-matrix (npm) and against the plain triple loop in C++ (g++ -O3 -march=native). Matrices are
// Gram matrices of random vectors plus a multiple of the identity; copying the input is inside every clock. Outputs are compared first.
import { cholesky } from 'lemmata/linalg';
import { createRng } from 'lemmata/random';
import { CholeskyDecomposition, Matrix } from 'ml-matrix';
import { race, report } from '../harness.js';
import { cppContender, doublesFile } from '../processes.js';

for (const n of [20, 50, 100, 200, 500]) {
  const rng = createRng('cholesky', n);
  const points = Float64Array.from({ length: 3 * n }, rng);
  const a = new Float64Array(n * n);
  for (let i = 0; i < n; i++) {
    for (let j = 0; j < n; j++) {
      let square = 0;
      for (let k = 0; k < 3; k++) square += (points[3 * i + k] - points[3 * j + k]) ** 2;
      a[i * n + j] = Math.exp(-square) + (i === j ? 0.01 : 0);
    }
  }
  const matrix = Matrix.from1DArray(n, n, a);
  const L = new Float64Array(n * n);
  if (cholesky(a, n, L) !== -1) throw new Error('not positive definite');
  const lower = new CholeskyDecomposition(matrix).lowerTriangularMatrix;
  for (let i = 0; i < n; i++) {
    for (let j = 0; j <= i; j++) {
      if (!(Math.abs(lower.get(i, j) - L[i * n + j]) < 1e-9)) throw new Error(`outputs differ at ${i}, ${j}`);
    }
  }
  const repeat = Math.max(1, Math.round(2e6 / n ** 3));
  const own = () => {
    for (let r = 0; r < repeat; r++) cholesky(a, n, L);
    return L[n * n - 1];
  };
  const rounds = { rounds: n === 500 ? 9 : 21, warmup: 3 };
  report(
    `Cholesky, n = ${n}, ${repeat} times`,
    race(
      [
        {
          name: 'ml-matrix',
          run: () => {
            let last = 0;
            for (let r = 0; r < repeat; r++)
              last += new CholeskyDecomposition(matrix).lowerTriangularMatrix.get(n - 1, n - 1);
            return last;
          },
        },
        { name: 'lemmata', run: own },
      ],
      rounds,
    ),
  );
  const native = cppContender('C++ -O3, plain loop', 'cholesky', [n, doublesFile(`cholesky-${n}`, a)]);
  if (native === undefined) continue;
  const once = { name: 'lemmata', run: () => (cholesky(a, n, L), L[n * n - 1]) };
  report(`Cholesky, n = ${n}, once`, race([native, once], rounds));
}
