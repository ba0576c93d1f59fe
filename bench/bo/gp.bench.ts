// Exact Gaussian processes: conditioning, prediction, likelihood with gradient, fits, appends, and the Cholesky factorization
// below them all. d = 6, Matern 5/2 with one length-scale per dimension, output scale and noise.
//
// Peers: the same process written on ml-matrix (one n x n matrix of derivatives per hyper-parameter, as such code does), plain
// blocked C++ without BLAS (g++ -O3 -march=native), scikit-learn where there is one. Inputs are fixed by seed and made outside the
// clock. Bars that need scikit-learn (conditioning and gradients at n <= 200 faster than it, full fits at n <= 200 faster) are
// reported as absent with it; its times on another machine stand in the titles, as information only.
import { CholeskyDecomposition, Matrix } from 'ml-matrix';
import { fitGp, gpAppend, gpCondition, gpLogMarginalLikelihood, gpPredict, matern52, scaleKernel } from 'lemmata/bo';
import { cholesky } from 'lemmata/linalg';
import { minimizeLbfgsb } from 'lemmata/optimize';
import { createRng } from 'lemmata/random';
import { race, report } from '../harness.js';
import { cppContender, doublesFile, pythonContender } from '../processes.js';

const D = 6;
const NOISE = 0.01;
const SCALES = Array.from({ length: D }, (_, k) => 0.5 + 0.1 * k);
const kernel = scaleKernel(1.3, matern52({ lengthscale: SCALES }));

/** Milliseconds of scikit-learn 1.2 with OpenBLAS on another 2-core machine. */
const ELSEWHERE: Record<string, Record<number, string>> = {
  condition: { 50: '0.95', 200: '2.4', 500: '10', 1000: '46', 2000: '289' },
  predict: { 50: '2.4', 200: '14', 500: '38', 1000: '70', 2000: '176' },
  gradient: { 50: '0.96', 200: '15', 500: '61', 1000: '314', 2000: '1760' },
  fit: { 50: '65', 200: '720', 500: '3500', 1000: '16800', 2000: '116000' },
};

for (const n of [50, 200, 500, 1000, 2000]) {
  const rng = createRng(1, 'bench', n);
  const X = { data: Float64Array.from({ length: n * D }, () => rng()), rows: n, columns: D };
  const y = Float64Array.from({ length: n }, (_, i) => {
    const [a, b, c] = X.data.subarray(i * D, i * D + 3);
    return 2 * (a - 0.5) * (a - 0.5) + b * c + 0.1 * (rng() - 0.5);
  });
  const Xs = { data: Float64Array.from({ length: 1000 * D }, () => rng()), rows: 1000, columns: D };
  const file = doublesFile('gp', Float64Array.of(...X.data, ...y, ...Xs.data));
  const rounds = n <= 200 ? { rounds: 25, warmup: 5 } : { rounds: 5, warmup: 1 };
  const rows = Array.from({ length: n }, (_, i) => Array.from(X.data.subarray(i * D, (i + 1) * D)));
  const sklearn = (mode: string) => pythonContender('scikit-learn', 'gp_sklearn', ['sklearn'], [mode, n, D, file]);
  const cpp = (mode: string) => cppContender('C++, no BLAS', 'gp-dense', [mode, n, D, file]);
  const elsewhere = (mode: string) => `; scikit-learn on another machine ${ELSEWHERE[mode][n]} ms`;
  const same = (name: string, a: number, b: number) => {
    if (!(Math.abs(a - b) <= 1e-6 * Math.max(1, Math.abs(b)))) throw new Error(`${name}: ${a} against ${b}`);
  };

  const theta = [Math.log(1.3), ...SCALES.map(Math.log), Math.log(NOISE)];
  const ours = () => {
    const { value, gradient } = gpLogMarginalLikelihood(kernel, X, y, { noise: NOISE, gradient: true });
    return Object.entries(gradient).reduce((total, [name, g]) => (name === 'mean' ? total : total + g), value);
  };
  const theirs = () => {
    const { value, gradient } = naiveEvidence(rows, y, theta);
    return gradient.reduce((total, g) => total + g, value);
  };
  if (n <= 500) same('likelihood and gradient', ours(), theirs());
  report(
    `likelihood with gradient, n = ${n}${elsewhere('gradient')}`,
    race(
      [
        n <= 500 ? { name: 'ml-matrix', run: theirs } : undefined,
        cpp('gradient'),
        sklearn('gradient'),
        { name: 'lemmata gpLogMarginalLikelihood', run: ours },
      ],
      n <= 200 ? { rounds: 9, warmup: 3 } : { rounds: 3, warmup: 1 },
    ),
  );
  if (n > 1000) continue;

  const dense = naiveCovariance(rows, 1.3, SCALES);
  const flat = Float64Array.from(dense.to1DArray());
  const L = new Float64Array(n * n);
  cholesky(flat, n, L);
  same('factor', L[n * n - 1], new CholeskyDecomposition(dense).lowerTriangularMatrix.get(n - 1, n - 1));
  report(
    `Cholesky, n = ${n} (bar: 5 x ml-matrix from n = 200 on)`,
    race(
      [
        { name: 'ml-matrix', run: () => new CholeskyDecomposition(dense).lowerTriangularMatrix.get(n - 1, n - 1) },
        cpp('cholesky'),
        { name: 'lemmata cholesky', run: () => (cholesky(flat, n, L), L[n * n - 1]) },
      ],
      rounds,
    ),
  );

  same('weights', gpCondition(kernel, X, y, { noise: NOISE }).alpha[0], naiveCondition(rows, y).alpha[0]);
  report(
    `gpCondition, n = ${n}${elsewhere('condition')}`,
    race(
      [
        { name: 'ml-matrix', run: () => naiveCondition(rows, y).alpha[0] },
        cpp('condition'),
        sklearn('condition'),
        { name: 'lemmata gpCondition', run: () => gpCondition(kernel, X, y, { noise: NOISE }).alpha[0] },
      ],
      rounds,
    ),
  );

  const gp = gpCondition(kernel, X, y, { noise: NOISE });
  const naive = naiveCondition(rows, y);
  const probes = Array.from({ length: 1000 }, (_, i) => Array.from(Xs.data.subarray(i * D, (i + 1) * D)));
  const few = naivePredict(naive, rows, probes.slice(0, 8));
  same('mean', gpPredict(gp, Xs).mean[7], few.mean[7]);
  same('variance', gpPredict(gp, Xs).variance[7], few.variance[7]);
  report(
    `gpPredict at 1000 points with variance, n = ${n}${elsewhere('predict')}`,
    race(
      [
        n <= 500 ? { name: 'ml-matrix', run: () => naivePredict(naive, rows, probes).variance[7] } : undefined,
        sklearn('predict'),
        { name: 'lemmata gpPredict', run: () => gpPredict(gp, Xs).variance[7] },
      ],
      n <= 200 ? { rounds: 9, warmup: 2 } : { rounds: 3, warmup: 1 },
    ),
  );

  const fit = () => fitGp(X, y, { outputScale: true, restarts: 0, maxIterations: 50 });
  const { evaluations } = fit();
  report(
    `full fit from one start, n = ${n}, ${evaluations} evaluations${elsewhere('fit')}`,
    race(
      [
        n <= 200 ? { name: 'ml-matrix and our minimizeLbfgsb', run: () => naiveFit(rows, y) } : undefined,
        sklearn('fit'),
        { name: 'lemmata fitGp', run: () => fit().logPosterior },
      ],
      n <= 200 ? { rounds: 5, warmup: 2 } : { rounds: 1, warmup: n === 500 ? 1 : 0 },
    ),
  );

  const point = Xs.data.slice(0, D);
  const growing = structuredClone(gp);
  report(
    `one more observation, n = ${n} (bar: 5 ms at n = 1000)`,
    race(
      [
        { name: 'gpCondition anew', run: () => gpCondition(kernel, { data: Float64Array.of(...X.data, ...point), rows: n + 1, columns: D }, Float64Array.of(...y, 0), { noise: NOISE }).alpha[0] }, // prettier-ignore
        { name: 'lemmata gpAppend', run: () => gpAppend(gp, point, 0).alpha[0] },
        {
          name: 'lemmata gpAppend, in place',
          run() {
            const i = growing.n % 1000;
            return gpAppend(growing, Xs.data.subarray(i * D, (i + 1) * D), 0, {}, growing).alpha[0];
          },
        },
      ],
      rounds,
    ),
  );
}

// The process as one writes it on ml-matrix.

function naiveCovariance(rows: number[][], variance: number, scales: number[], noise = NOISE): Matrix {
  const n = rows.length;
  const K = Matrix.zeros(n, n);
  for (let i = 0; i < n; i++) {
    for (let j = 0; j <= i; j++) {
      const k = variance * naiveMatern(rows[i], rows[j], scales) + (i === j ? noise : 0);
      K.set(i, j, k);
      K.set(j, i, k);
    }
  }
  return K;
}

function naiveMatern(x: number[], z: number[], scales: number[]): number {
  let r2 = 0;
  for (let k = 0; k < x.length; k++) r2 += ((x[k] - z[k]) / scales[k]) ** 2;
  const s = Math.sqrt(5 * r2);
  return (1 + s + (5 / 3) * r2) * Math.exp(-s);
}

function naiveCondition(rows: number[][], y: Float64Array): { factor: CholeskyDecomposition; alpha: number[] } {
  const factor = new CholeskyDecomposition(naiveCovariance(rows, 1.3, SCALES));
  return { factor, alpha: factor.solve(Matrix.columnVector(y)).to1DArray() };
}

function naivePredict(
  { factor, alpha }: { factor: CholeskyDecomposition; alpha: number[] },
  rows: number[][],
  probes: number[][],
): { mean: number[]; variance: number[] } {
  const Ks = Matrix.zeros(rows.length, probes.length);
  rows.forEach((x, i) => probes.forEach((z, j) => Ks.set(i, j, 1.3 * naiveMatern(x, z, SCALES))));
  const solved = factor.solve(Ks);
  const mean = probes.map((_, j) => alpha.reduce((total, a, i) => total + a * Ks.get(i, j), 0));
  const variance = probes.map((_, j) => rows.reduce((total, _x, i) => total - Ks.get(i, j) * solved.get(i, j), 1.3));
  return { mean, variance };
}

function naiveEvidence(rows: number[][], y: Float64Array, theta: number[]): { value: number; gradient: number[] } {
  const n = rows.length;
  const [variance, ...rest] = theta.map(Math.exp);
  const scales = rest.slice(0, D);
  const noise = rest[D];
  const factor = new CholeskyDecomposition(naiveCovariance(rows, variance, scales, noise));
  const alpha = factor.solve(Matrix.columnVector(y));
  const inverse = factor.solve(Matrix.eye(n, n));
  const L = factor.lowerTriangularMatrix;
  let value = (-n / 2) * Math.log(2 * Math.PI);
  for (let i = 0; i < n; i++) value -= 0.5 * y[i] * alpha.get(i, 0) + Math.log(L.get(i, i));
  const outer = alpha.mmul(alpha.transpose()).sub(inverse);
  const derivatives = Array.from({ length: D + 2 }, () => Matrix.zeros(n, n));
  for (let i = 0; i < n; i++) {
    for (let j = 0; j < n; j++) {
      const k = variance * naiveMatern(rows[i], rows[j], scales);
      derivatives[0].set(i, j, k);
      let r2 = 0;
      for (let d = 0; d < D; d++) r2 += ((rows[i][d] - rows[j][d]) / scales[d]) ** 2;
      const s = Math.sqrt(5 * r2);
      for (let d = 0; d < D; d++) {
        const u = (rows[i][d] - rows[j][d]) / scales[d];
        derivatives[1 + d].set(i, j, variance * (5 / 3) * (1 + s) * Math.exp(-s) * u * u);
      }
    }
    derivatives[D + 1].set(i, i, noise);
  }
  return { value, gradient: derivatives.map((dK) => 0.5 * Matrix.mul(outer, dK).sum()) };
}

function naiveFit(rows: number[][], y: Float64Array): number {
  const x0 = [-1, ...SCALES.map(() => Math.SQRT2 - 3 + Math.log(D) / 2), -5];
  return minimizeLbfgsb(
    (x, g) => {
      const { value, gradient } = naiveEvidence(rows, y, Array.from(x));
      g.set(gradient.map((v) => -v));
      return -value;
    },
    x0,
    { lower: x0.map(() => -9), upper: x0.map(() => 7), maxIterations: 50 },
  ).value;
}
