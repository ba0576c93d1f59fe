/**
 * The extreme eigenvalues of a symmetric operator by the Lanczos process.
 *
 * C. Lanczos, J. Res. NBS 45 (1950) 255-282; G. H. Golub, C. F. Van Loan, "Matrix Computations", 4th ed., chapter 10. Vectors
 * are re-orthogonalized for the first 200 steps. After that the three-term recurrence goes on alone: lost orthogonality
 * brings copies of eigenvalues already found, not wrong ones (C. C. Paige, J. Inst. Math. Appl. 18 (1976) 341-349).
 */

const REORTHOGONALIZED = 200;

export interface ExtremeEigenvalues {
  min: number;
  max: number;
  /** Lanczos steps taken. */
  steps: number;
}

/**
 * λ_min and λ_max of the symmetric operator `apply` of order n, both to a relative change below `tolerance` of the larger
 * modulus. Deterministic: the starting vector is fixed and has no symmetry that a grid could share.
 */
export function extremeEigenvalues(
  n: number,
  apply: (x: Float64Array, out: Float64Array) => void,
  { tolerance = 1e-13, maxSteps = 5000 }: { tolerance?: number; maxSteps?: number } = {},
): ExtremeEigenvalues {
  const basis: Float64Array[] = [];
  const alphas: number[] = [];
  const betas: number[] = [];
  let previous: Float64Array = new Float64Array(n);
  let v = startVector(n);
  let beta = 0;
  let scale = 0;
  let found: ExtremeEigenvalues = { min: NaN, max: NaN, steps: 0 };
  let calm = 0;
  for (let step = 1; step <= Math.max(maxSteps, 1); step++) {
    const w = new Float64Array(n);
    apply(v, w);
    const alpha = dotProduct(v, w);
    for (let i = 0; i < n; i++) w[i] -= alpha * v[i] + beta * previous[i];
    if (basis.length < REORTHOGONALIZED) basis.push(v);
    if (step <= REORTHOGONALIZED) {
      for (let pass = 0; pass < 2; pass++) {
        for (const u of basis) {
          const t = dotProduct(u, w);
          for (let i = 0; i < n; i++) w[i] -= t * u[i];
        }
      }
    }
    alphas.push(alpha);
    beta = Math.sqrt(dotProduct(w, w));
    scale = Math.max(scale, Math.abs(alpha) + beta);
    const exhausted = beta <= 1e-14 * scale || step === n;
    if (exhausted || step % 10 === 0 || step === maxSteps) {
      const next = tridiagonalExtremes(alphas, betas);
      const size = Math.max(Math.abs(next.min), Math.abs(next.max));
      const change = Math.max(Math.abs(next.min - found.min), Math.abs(next.max - found.max));
      calm = change <= tolerance * size ? calm + 1 : 0;
      found = { ...next, steps: step };
      if (exhausted || calm >= 2) break;
    }
    betas.push(beta);
    for (let i = 0; i < n; i++) w[i] /= beta;
    previous = v;
    v = w;
  }
  return found;
}

/** Entries between 0.5 and 1.5 from the golden ratio, of norm 1. */
export function startVector(n: number): Float64Array {
  const v = new Float64Array(n);
  for (let i = 0; i < n; i++) {
    const t = (i + 1) * 0.6180339887498949;
    v[i] = 0.5 + (t - Math.floor(t));
  }
  const norm = Math.sqrt(dotProduct(v, v));
  for (let i = 0; i < n; i++) v[i] /= norm;
  return v;
}

/** The least and the largest eigenvalue of a symmetric tridiagonal matrix, by bisection on the Sturm count. */
function tridiagonalExtremes(alphas: number[], betas: number[]): { min: number; max: number } {
  const k = alphas.length;
  let low = Infinity;
  let high = -Infinity;
  for (let i = 0; i < k; i++) {
    const radius = (i > 0 ? betas[i - 1] : 0) + (i < k - 1 ? betas[i] : 0);
    low = Math.min(low, alphas[i] - radius);
    high = Math.max(high, alphas[i] + radius);
  }
  return { min: bisect(alphas, betas, low, high, 1), max: bisect(alphas, betas, low, high, k) };
}

/** The point where the number of eigenvalues below reaches `count`. */
function bisect(alphas: number[], betas: number[], low: number, high: number, count: number): number {
  for (let round = 0; round < 200; round++) {
    const middle = 0.5 * (low + high);
    if (!(middle > low && middle < high)) break;
    if (eigenvaluesBelow(alphas, betas, middle) >= count) high = middle;
    else low = middle;
  }
  return 0.5 * (low + high);
}

function eigenvaluesBelow(alphas: number[], betas: number[], x: number): number {
  let count = 0;
  let d = 1;
  for (let i = 0; i < alphas.length; i++) {
    const off = i > 0 ? betas[i - 1] : 0;
    d = alphas[i] - x - (off * off) / d;
    if (d === 0) d = 1e-300;
    if (d < 0) count += 1;
  }
  return count;
}

function dotProduct(x: Float64Array, y: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < x.length; i++) sum += x[i] * y[i];
  return sum;
}
