// Random symmetric positive definite matrices with a given condition number, for tests and experiments.
import { checkInteger, checkNumber, checkOptionNames } from '../../internal/check.js';
import { sampleNormal } from '../../random/normal.js';
import type { Rng } from '../../random/create-rng.js';
import { exp } from '../../special/exp.js';
import { log } from '../../special/log.js';
import { csrFromTriplets, type CsrMatrix } from './csr.js';
import { csrShiftDiagonal } from './csr-algebra.js';
import { spmvInto } from './csr-products.js';
import { extremeEigenvalues } from './lanczos.js';

export interface RandomSpdOptions {
  /** Chance in (0, 1] that an entry off the diagonal is stored. 1 (default): dense, Q diag(λ) Qᵀ. */
  density?: number;
  /** λ_max / λ_min, at least 1. Default 100. */
  conditionNumber?: number;
}

const NAMES = { density: true, conditionNumber: true } satisfies Record<keyof RandomSpdOptions, true>;

/**
 * A random symmetric positive definite matrix of order n.
 *
 * Dense: eigenvalues spaced evenly on the logarithmic scale from 1 to the condition number, eigenvectors from n random
 * reflections; O(n³). Sparse: normal entries at random places, and the diagonal shift c = (λ_max - κ λ_min)/(κ - 1) that makes the
 * condition number κ; the eigenvalues come from Lanczos, so κ holds to about 1e-10.
 *
 * @throws RangeError if n is not a positive integer, density is not in (0, 1] or conditionNumber is below 1
 *
 * @example
 * csrIsSymmetric(randomSpd(6, { density: 0.3, conditionNumber: 10 }, createRng(1))); //=> true
 */
export function randomSpd(n: number, options: RandomSpdOptions, rng: Rng): CsrMatrix {
  checkOptionNames('options', options, NAMES);
  const { density = 1, conditionNumber = 100 } = options;
  checkInteger('n', n, 1);
  checkNumber('conditionNumber', conditionNumber, 1);
  if (!(density > 0 && density <= 1)) throw new RangeError(`density must be in (0, 1], got ${density}`);
  return density === 1 ? dense(n, conditionNumber, rng) : sparse(n, density, conditionNumber, rng);
}

function dense(n: number, condition: number, rng: Rng): CsrMatrix {
  const A = new Float64Array(n * n);
  for (let i = 0; i < n; i++) A[i * n + i] = n === 1 ? 1 : exp((log(condition) * i) / (n - 1));
  const u = new Float64Array(n);
  const w = new Float64Array(n);
  for (let round = 0; round < n; round++) {
    let squares = 0;
    for (let i = 0; i < n; i++) {
      u[i] = sampleNormal(rng);
      squares += u[i] * u[i];
    }
    // (I - τuuᵀ) A (I - τuuᵀ) = A - uwᵀ - wuᵀ with w = τ A u - (τ²/2)(uᵀA u) u.
    const tau = 2 / squares;
    let uAu = 0;
    for (let i = 0; i < n; i++) {
      let product = 0;
      for (let j = 0; j < n; j++) product += A[i * n + j] * u[j];
      w[i] = product;
      uAu += u[i] * product;
    }
    for (let i = 0; i < n; i++) w[i] = tau * w[i] - 0.5 * tau * tau * uAu * u[i];
    for (let i = 0; i < n; i++) {
      for (let j = 0; j <= i; j++) {
        A[i * n + j] -= u[i] * w[j] + w[i] * u[j];
        A[j * n + i] = A[i * n + j];
      }
    }
  }
  const rowPtr = Int32Array.from({ length: n + 1 }, (_, i) => i * n);
  const colIdx = Int32Array.from({ length: n * n }, (_, k) => k % n);
  return { rows: n, cols: n, rowPtr, colIdx, values: A };
}

function sparse(n: number, density: number, condition: number, rng: Rng): CsrMatrix {
  const i: number[] = [];
  const j: number[] = [];
  const v: number[] = [];
  for (let row = 0; row < n; row++) {
    i.push(row);
    j.push(row);
    v.push(0);
    for (let col = 0; col < row; col++) {
      if (!(rng() < density)) continue;
      const value = sampleNormal(rng);
      i.push(row, col);
      j.push(col, row);
      v.push(value, value);
    }
  }
  const S = csrFromTriplets({ rows: n, cols: n, i, j, v });
  const { min, max } = extremeEigenvalues(n, (x, out) => spmvInto(S, x, out));
  if (!(max > min) || condition === 1) return identity(n);
  return csrShiftDiagonal(S, (max - condition * min) / (condition - 1), S);
}

function identity(n: number): CsrMatrix {
  const rowPtr = Int32Array.from({ length: n + 1 }, (_, i) => i);
  return { rows: n, cols: n, rowPtr, colIdx: rowPtr.slice(0, n), values: new Float64Array(n).fill(1) };
}
