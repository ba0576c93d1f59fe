/**
 * Least squares in a box, from the normal equations: a small convex quadratic program.
 *
 * J. Nocedal, S. J. Wright, "Numerical Optimization", 2nd ed., Springer 2006, Algorithm 16.3 (primal active set).
 */
import { checkVector } from '../internal/check.js';
import { toRowMajor, type MatrixLike } from '../linalg/to-row-major.js';

/** Changes of the active set before coordinate descent takes over. */
const MAX_CHANGES = 50;
const MAX_ROUNDS = 100_000;

/** Work vectors for systems of order m. */
export interface BoxScratch {
  /** Ridged matrix, m x m. */
  H: Float64Array;
  /** Factor of its free part. */
  L: Float64Array;
  step: Float64Array;
  /** -1 or 1: held at that bound; 0: free. */
  held: Int8Array;
  free: Int32Array;
}

export function boxScratch(m: number): BoxScratch {
  return {
    H: new Float64Array(m * m),
    L: new Float64Array(m * m),
    step: new Float64Array(m),
    held: new Int8Array(m),
    free: new Int32Array(m),
  };
}

/**
 * The minimizer of θᵀ(G + λI)θ/2 - hᵀθ subject to |θ_j| <= u_j, with λ = 1e-8 trace(G)/m: least squares on a design X with
 * G = XᵀX and h = Xᵀy, in a box. The ridge λ makes the answer unique and stands for the one of least norm when samples are
 * fewer than features. G = 0 gives 0.
 *
 * Cholesky if the box does not bind, O(m³); else a primal active set, O(m³) for each change.
 *
 * @param gram G, symmetric positive semidefinite, m x m
 * @param bound u, at least 0
 * @throws RangeError if the sizes differ, a bound is negative or anything is not finite
 *
 * @example
 * boxLeastSquares([[2, 0], [0, 2]], [2, 8], [3, 3]).map((x) => Math.round(x * 1e6) / 1e6); //=> Float64Array.of(1, 3)
 */
export function boxLeastSquares(
  gram: MatrixLike,
  rhs: ArrayLike<number>,
  bound: ArrayLike<number>,
  out: Float64Array = new Float64Array(rhs.length),
): Float64Array {
  const { data, rows, columns } = toRowMajor(gram);
  checkVector('rhs', rhs, rows);
  if (columns !== rows) throw new RangeError(`gram must be square, got ${rows} x ${columns}`);
  checkVector('gram', data);
  checkVector('bound', bound, rows);
  for (let j = 0; j < rows; j++)
    if (!(bound[j] >= 0)) throw new RangeError(`bound[${j}] must be at least 0, got ${bound[j]}`);
  boxLeastSquaresInto(data, 0, rhs, 0, 1, bound, rows, out, 0, boxScratch(rows));
  return out;
}

/** The kernel: G from `gramAt` on, h = rhs[rhsAt + j] · rhsFactor, θ to out[outAt + j]. No checks, no allocation. */
export function boxLeastSquaresInto(
  gram: ArrayLike<number>,
  gramAt: number,
  rhs: ArrayLike<number>,
  rhsAt: number,
  rhsFactor: number,
  bound: ArrayLike<number>,
  m: number,
  out: Float64Array,
  outAt: number,
  scratch: BoxScratch,
): void {
  const { H, step, held, free } = scratch;
  let trace = 0;
  for (let j = 0; j < m; j++) trace += gram[gramAt + j * m + j];
  for (let j = 0; j < m; j++) out[outAt + j] = 0;
  if (!(trace > 0)) return;
  const ridge = (1e-8 * trace) / m;
  for (let k = 0; k < m * m; k++) H[k] = gram[gramAt + k];
  for (let j = 0; j < m; j++) H[j * m + j] += ridge;
  held.fill(0);

  for (let change = 0; change < MAX_CHANGES; change++) {
    let count = 0;
    for (let j = 0; j < m; j++) if (held[j] === 0) free[count++] = j;
    if (!freeStep(scratch, count, m, rhs, rhsAt, rhsFactor, out, outAt)) break;
    // As far towards the minimizer over the free variables as the box allows.
    let length = 1;
    let hit = -1;
    for (let s = 0; s < count; s++) {
      const j = free[s];
      const x = out[outAt + j];
      const target = x + step[s];
      const side = target > bound[j] ? bound[j] : target < -bound[j] ? -bound[j] : NaN;
      if (side === side) {
        const ratio = step[s] === 0 ? 0 : (side - x) / step[s];
        if (ratio < length || hit < 0) {
          length = Math.max(0, Math.min(1, ratio));
          hit = s;
        }
      }
    }
    for (let s = 0; s < count; s++) out[outAt + free[s]] += length * step[s];
    if (hit >= 0) {
      const j = free[hit];
      held[j] = step[hit] > 0 ? 1 : -1;
      out[outAt + j] = held[j] * bound[j];
      continue;
    }
    // At the minimizer: a held variable whose gradient points inwards is released, the worst first.
    let worst = 0;
    let release = -1;
    for (let j = 0; j < m; j++) {
      if (held[j] === 0 || bound[j] === 0) continue;
      let gradient = -rhs[rhsAt + j] * rhsFactor;
      let size = Math.abs(gradient);
      for (let k = 0; k < m; k++) {
        const term = H[j * m + k] * out[outAt + k];
        gradient += term;
        size += Math.abs(term);
      }
      const inwards = held[j] * gradient;
      if (inwards > 1e-14 * size && inwards > worst) {
        worst = inwards;
        release = j;
      }
    }
    if (release < 0) return;
    held[release] = 0;
  }
  descend(H, rhs, rhsAt, rhsFactor, bound, m, out, outAt);
}

/** The step of the free variables to their minimizer with the others held; false if rounding spoils the factor. */
function freeStep(
  { H, L, step, free }: BoxScratch,
  count: number,
  m: number,
  rhs: ArrayLike<number>,
  rhsAt: number,
  rhsFactor: number,
  x: Float64Array,
  xAt: number,
): boolean {
  for (let s = 0; s < count; s++) {
    const j = free[s];
    let residual = rhs[rhsAt + j] * rhsFactor;
    for (let k = 0; k < m; k++) residual -= H[j * m + k] * x[xAt + k];
    for (let r = 0; r <= s; r++) {
      let value = H[j * m + free[r]];
      for (let q = 0; q < r; q++) value -= L[s * m + q] * L[r * m + q];
      if (r < s) L[s * m + r] = value / L[r * m + r];
      else if (value > 0) L[s * m + s] = Math.sqrt(value);
      else return false;
    }
    for (let q = 0; q < s; q++) residual -= L[s * m + q] * step[q];
    step[s] = residual / L[s * m + s];
  }
  for (let s = count - 1; s >= 0; s--) {
    let value = step[s];
    for (let q = s + 1; q < count; q++) value -= L[q * m + s] * step[q];
    step[s] = value / L[s * m + s];
  }
  return true;
}

/** Cyclic coordinate descent inside the box until no coordinate moves by more than 1e-12 of its bound. */
function descend(
  H: Float64Array,
  rhs: ArrayLike<number>,
  rhsAt: number,
  rhsFactor: number,
  bound: ArrayLike<number>,
  m: number,
  x: Float64Array,
  xAt: number,
): void {
  for (let round = 0; round < MAX_ROUNDS; round++) {
    let moved = false;
    for (let j = 0; j < m; j++) {
      let residual = rhs[rhsAt + j] * rhsFactor;
      for (let k = 0; k < m; k++) if (k !== j) residual -= H[j * m + k] * x[xAt + k];
      const next = Math.max(-bound[j], Math.min(bound[j], residual / H[j * m + j]));
      if (Math.abs(next - x[xAt + j]) > 1e-12 * bound[j]) moved = true;
      x[xAt + j] = next;
    }
    if (!moved) return;
  }
}
