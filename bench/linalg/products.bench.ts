// Dense products and triangular solves against ml-matrix (npm), products also against the loops i, k, j in C++ (g++ -O3
// -march=native). Outputs are compared first.
import { cholesky, choleskySolve, matMul } from 'lemmata/linalg';
import { createRng } from 'lemmata/random';
import { CholeskyDecomposition, Matrix } from 'ml-matrix';
import { race, report } from '../harness.js';
import { cppContender, doublesFile } from '../processes.js';

for (const n of [50, 200, 500]) {
  const rng = createRng('products', n);
  const both = Float64Array.from({ length: 2 * n * n }, () => rng() - 0.5);
  const a = both.slice(0, n * n);
  const b = both.slice(n * n);
  const out = new Float64Array(n * n);
  const left = Matrix.from1DArray(n, n, a);
  const right = Matrix.from1DArray(n, n, b);
  const expected = left.mmul(right);
  matMul(a, b, n, n, n, out);
  for (let k = 0; k < n * n; k++) {
    if (!(Math.abs(out[k] - expected.get(Math.floor(k / n), k % n)) < 1e-11)) throw new Error(`outputs differ at ${k}`);
  }
  const rounds = { rounds: n === 500 ? 7 : 21, warmup: 2 };
  const own = { name: 'lemmata', run: () => matMul(a, b, n, n, n, out)[n * n - 1] };
  report(
    `product, n = ${n}`,
    race([{ name: 'ml-matrix', run: () => left.mmul(right).get(n - 1, n - 1) }, own], rounds),
  );
  const native = cppContender('C++ -O3, loops i k j', 'matmul', [n, doublesFile(`matmul-${n}`, both)]);
  if (native !== undefined) report(`product, n = ${n}`, race([native, own], rounds));

  const gram = matMul(a, a.slice(), n, n, n);
  for (let i = 0; i < n; i++) {
    for (let j = 0; j <= i; j++) {
      let s = i === j ? 1 : 0;
      for (let k = 0; k < n; k++) s += a[i * n + k] * a[j * n + k];
      gram[i * n + j] = gram[j * n + i] = s;
    }
  }
  const decomposition = new CholeskyDecomposition(Matrix.from1DArray(n, n, gram));
  const L = new Float64Array(n * n);
  if (cholesky(gram, n, L) !== -1) throw new Error('not positive definite');
  const v = b.subarray(0, n);
  const column = Matrix.columnVector(Array.from(v));
  const x = choleskySolve(L, v, n);
  const peer = decomposition.solve(column);
  for (let i = 0; i < n; i++)
    if (!(Math.abs(x[i] - peer.get(i, 0)) < 1e-9)) throw new Error(`solutions differ at ${i}`);
  const repeat = Math.ceil(2e6 / (n * n));
  report(
    `solve with L and Lᵀ, n = ${n}, ${repeat} times`,
    race(
      [
        {
          name: 'ml-matrix',
          run: () => {
            let last = 0;
            for (let r = 0; r < repeat; r++) last += decomposition.solve(column).get(0, 0);
            return last;
          },
        },
        {
          name: 'lemmata',
          run: () => {
            for (let r = 0; r < repeat; r++) choleskySolve(L, v, n, x);
            return x[0];
          },
        },
      ],
      rounds,
    ),
  );
}
