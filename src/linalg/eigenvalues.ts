/**
 * Eigenvalues of a general real matrix: balancing, reduction to Hessenberg form by elimination, and the QR algorithm with implicit
 * double shifts.
 *
 * J. G. F. Francis, "The QR transformation", Comput. J. 4 (1961-62); J. H. Wilkinson, C. Reinsch, "Handbook for Automatic
 * Computation II: Linear Algebra", Springer 1971, contributions II/11 (balance), II/13 (elmhes), II/14 (hqr).
 */
import { checkInteger } from '../internal/check.js';

/** Eigenvalues real[k] + i imaginary[k]; complex ones come in conjugate pairs. */
export interface Eigenvalues {
  real: Float64Array;
  imaginary: Float64Array;
  /** False if an eigenvalue took more than 60 QR steps; the entries not found are NaN. */
  converged: boolean;
}

/**
 * All eigenvalues of a row-major n x n matrix, which is not changed. O(n³), about 10 n³ flops.
 *
 * Backward stable: they are those of A + E with ‖E‖ a small multiple of 1e-16 ‖A‖; defective ones move by its root.
 *
 * @throws RangeError if A does not have n² finite entries
 *
 * @example
 * eigenvalues([0, -1, 1, 0], 2).imaginary; //=> Float64Array.of(1, -1)
 */
export function eigenvalues(A: ArrayLike<number>, n: number): Eigenvalues {
  checkInteger('n', n, 0);
  if (A.length !== n * n) throw new RangeError(`A must have length ${n * n}, got ${A.length}`);
  const a = Float64Array.from(A);
  for (let k = 0; k < a.length; k++) {
    if (!Number.isFinite(a[k])) throw new RangeError(`A[${k}] must be finite, got ${a[k]}`);
  }
  balance(a, n);
  reduceToHessenberg(a, n);
  return hessenbergQr(a, n);
}

/** Scales rows and columns by powers of two until their norms are alike. */
function balance(a: Float64Array, n: number): void {
  for (let done = false; !done;) {
    done = true;
    for (let i = 0; i < n; i++) {
      let row = 0;
      let column = 0;
      for (let j = 0; j < n; j++) {
        if (j === i) continue;
        column += Math.abs(a[j * n + i]);
        row += Math.abs(a[i * n + j]);
      }
      if (row === 0 || column === 0) continue;
      let factor = 1;
      const total = row + column;
      for (; column < row / 2; column *= 4) factor *= 2;
      for (; column > row * 2; column /= 4) factor /= 2;
      if ((column + row) / factor >= 0.95 * total) continue;
      done = false;
      for (let j = 0; j < n; j++) a[i * n + j] /= factor;
      for (let j = 0; j < n; j++) a[j * n + i] *= factor;
    }
  }
}

/** Similarity by elimination with pivoting; entries below the subdiagonal are set to 0. */
function reduceToHessenberg(a: Float64Array, n: number): void {
  for (let m = 1; m < n - 1; m++) {
    let pivot = m;
    for (let i = m + 1; i < n; i++) {
      if (Math.abs(a[i * n + m - 1]) > Math.abs(a[pivot * n + m - 1])) pivot = i;
    }
    const x = a[pivot * n + m - 1];
    if (x === 0) continue;
    if (pivot !== m) {
      for (let j = m - 1; j < n; j++) swap(a, pivot * n + j, m * n + j);
      for (let i = 0; i < n; i++) swap(a, i * n + pivot, i * n + m);
    }
    for (let i = m + 1; i < n; i++) {
      const y = a[i * n + m - 1] / x;
      if (y === 0) continue;
      a[i * n + m - 1] = 0;
      for (let j = m; j < n; j++) a[i * n + j] -= y * a[m * n + j];
      for (let k = 0; k < n; k++) a[k * n + m] += y * a[k * n + i];
    }
  }
}

function hessenbergQr(a: Float64Array, n: number): Eigenvalues {
  const real = new Float64Array(n).fill(NaN);
  const imaginary = new Float64Array(n).fill(NaN);
  let norm = 0;
  for (let i = 0; i < n; i++) for (let j = Math.max(i - 1, 0); j < n; j++) norm += Math.abs(a[i * n + j]);
  let shifts = 0; // the sum of the exceptional shifts
  let last = n - 1;
  let steps = 0;
  while (last >= 0) {
    // A single small subdiagonal entry splits the matrix.
    let l = last;
    for (; l > 0; l--) {
      let scale = Math.abs(a[(l - 1) * n + l - 1]) + Math.abs(a[l * n + l]);
      if (scale === 0) scale = norm;
      if (Math.abs(a[l * n + l - 1]) + scale === scale) {
        a[l * n + l - 1] = 0;
        break;
      }
    }
    const x = a[last * n + last];
    if (l === last) {
      real[last] = x + shifts;
      imaginary[last] = 0;
      last -= 1;
      steps = 0;
      continue;
    }
    const y = a[(last - 1) * n + last - 1];
    const w = a[last * n + last - 1] * a[(last - 1) * n + last];
    if (l === last - 1) {
      pair(x, y, w, shifts, last, real, imaginary);
      last -= 2;
      steps = 0;
      continue;
    }
    if (steps === 60) return { real, imaginary, converged: false };
    let [sx, sy, sw] = [x, y, w];
    if (steps === 10 || steps === 20) {
      shifts += x;
      for (let i = 0; i <= last; i++) a[i * n + i] -= x;
      const s = Math.abs(a[last * n + last - 1]) + Math.abs(a[(last - 1) * n + last - 2]);
      sx = sy = 0.75 * s;
      sw = -0.4375 * s * s;
    }
    steps += 1;
    doubleShiftStep(a, n, l, last, sx, sy, sw);
  }
  return { real, imaginary, converged: true };
}

/** The two eigenvalues of the last 2 x 2 block. */
function pair(
  x: number,
  y: number,
  w: number,
  shifts: number,
  last: number,
  real: Float64Array,
  imaginary: Float64Array,
): void {
  const p = 0.5 * (y - x);
  const q = p * p + w;
  const z = Math.sqrt(Math.abs(q));
  const base = x + shifts;
  if (q >= 0) {
    const t = p + (p >= 0 ? z : -z);
    real[last - 1] = base + t;
    real[last] = t === 0 ? base : base - w / t;
    imaginary[last - 1] = imaginary[last] = 0;
  } else {
    real[last - 1] = real[last] = base + p;
    imaginary[last - 1] = z;
    imaginary[last] = -z;
  }
}

/** One Francis step on rows and columns l .. last, with shifts of sum x + y and product x y - w. */
function doubleShiftStep(a: Float64Array, n: number, l: number, last: number, x: number, y: number, w: number): void {
  let [p, q, r] = [0, 0, 0];
  let m = last - 2;
  for (; m >= l; m--) {
    // Two consecutive small subdiagonal entries let the step start further down.
    const z = a[m * n + m];
    const rr = x - z;
    const ss = y - z;
    p = (rr * ss - w) / a[(m + 1) * n + m] + a[m * n + m + 1];
    q = a[(m + 1) * n + m + 1] - z - rr - ss;
    r = a[(m + 2) * n + m + 1];
    const s = Math.abs(p) + Math.abs(q) + Math.abs(r);
    p /= s;
    q /= s;
    r /= s;
    if (m === l) break;
    const u = Math.abs(a[m * n + m - 1]) * (Math.abs(q) + Math.abs(r));
    const v = Math.abs(p) * (Math.abs(a[(m - 1) * n + m - 1]) + Math.abs(z) + Math.abs(a[(m + 1) * n + m + 1]));
    if (u + v === v) break;
  }
  for (let i = m + 2; i <= last; i++) {
    a[i * n + i - 2] = 0;
    if (i !== m + 2) a[i * n + i - 3] = 0;
  }
  for (let k = m; k < last; k++) {
    let scale = 1;
    if (k !== m) {
      p = a[k * n + k - 1];
      q = a[(k + 1) * n + k - 1];
      r = k !== last - 1 ? a[(k + 2) * n + k - 1] : 0;
      scale = Math.abs(p) + Math.abs(q) + Math.abs(r);
      if (scale === 0) continue;
      p /= scale;
      q /= scale;
      r /= scale;
    }
    const root = Math.sqrt(p * p + q * q + r * r);
    const s = p >= 0 ? root : -root;
    if (s === 0) continue;
    if (k === m) {
      if (l !== m) a[k * n + k - 1] = -a[k * n + k - 1];
    } else {
      a[k * n + k - 1] = -s * scale;
    }
    p += s;
    const [hx, hy, hz] = [p / s, q / s, r / s];
    q /= p;
    r /= p;
    for (let j = k; j < n; j++) {
      let t = a[k * n + j] + q * a[(k + 1) * n + j];
      if (k !== last - 1) {
        t += r * a[(k + 2) * n + j];
        a[(k + 2) * n + j] -= t * hz;
      }
      a[(k + 1) * n + j] -= t * hy;
      a[k * n + j] -= t * hx;
    }
    const bottom = Math.min(last, k + 3);
    for (let i = 0; i <= bottom; i++) {
      let t = hx * a[i * n + k] + hy * a[i * n + k + 1];
      if (k !== last - 1) {
        t += hz * a[i * n + k + 2];
        a[i * n + k + 2] -= t * r;
      }
      a[i * n + k + 1] -= t * q;
      a[i * n + k] -= t;
    }
  }
}

function swap(a: Float64Array, i: number, j: number): void {
  const t = a[i];
  a[i] = a[j];
  a[j] = t;
}
