import { checkInteger, checkNumber, checkOptionNames, checkVector } from '../../internal/check.js';
import { choleskyDelete } from '../../linalg/cholesky-update.js';
import type { MatrixLike } from '../../linalg/to-row-major.js';
import { choleskySolve, solveLower, solveLowerTwo, solveUpperT } from '../../linalg/triangular.js';
import type { Points } from '../kernels/kernel.js';
import { kernelRules } from '../kernels/rules.js';
import { condition, queryPoint, queryPoints, residuals, trainingPoints, type GpState } from './gp-state.js';

export interface GpAppendOptions {
  /** Noise variance of the new observations. Default the model's own; required when that has one per point. */
  noise?: number | undefined;
}

const APPEND_NAMES = { noise: true } satisfies Record<keyof GpAppendOptions, true>;

/**
 * The process conditioned on one more observation. O(n² + n d): one more row of the Cholesky factor.
 *
 * Equal to `gpCondition` on all data, bit for bit while no jitter is needed: each entry of the factor is the same sum.
 *
 * @param out `gp` itself: it is changed in place; another state: overwritten. Either way its buffers are used, and grow by
 *   doubling, so that a sequence of observations allocates O(log n) times: at n = 1000 fresh memory for the factor costs
 *   more than the arithmetic. Arrays that a third state shares (see `gpFantasize`, `gpReplaceTargets`) must not be there
 *
 * @example
 * const gp = gpAppend(gpCondition(rbf({ lengthscale: 1 }), [[0]], [1]), [1], 2);
 * gp.n; //=> 2
 */
export function gpAppend(
  gp: GpState,
  x: ArrayLike<number>,
  y: number,
  options: GpAppendOptions = {},
  out?: GpState,
): GpState {
  checkOptionNames('options', options, APPEND_NAMES);
  const point = queryPoint(gp, x);
  const added: Points = { data: point, rows: 1, columns: point.length };
  return append(gp, added, Float64Array.of(checkNumber('y', y)), options.noise, out);
}

/** The process conditioned on k more observations. O(k n²). */
export function gpAppendMany(
  gp: GpState,
  X: MatrixLike,
  y: ArrayLike<number>,
  options: GpAppendOptions = {},
  out?: GpState,
): GpState {
  checkOptionNames('options', options, APPEND_NAMES);
  const points = queryPoints(gp, X, 'X');
  checkVector('y', y, points.rows);
  return append(gp, points, Float64Array.from(y), options.noise, out);
}

/**
 * The process without observation i: undoes an append. O((n - i)² + n²). A jittered factor is made anew.
 *
 * @throws RangeError if i is not an index of an observation
 *
 * @example
 * gpDelete(gpCondition(rbf({ lengthscale: 1 }), [[0], [1]], [1, 2]), 0).y; //=> Float64Array.of(2)
 */
export function gpDelete(gp: GpState, i: number): GpState {
  const { n, d, kernel, mean } = gp;
  checkInteger('i', i, 0, n - 1);
  const without = (values: Float64Array, width: number) => {
    const out = new Float64Array((n - 1) * width);
    out.set(values.subarray(0, i * width));
    out.set(values.subarray((i + 1) * width, n * width), i * width);
    return out;
  };
  const X: Points = { data: without(gp.X, d), rows: n - 1, columns: d };
  const y = without(gp.y, 1);
  const noise = typeof gp.noise === 'number' ? gp.noise : without(gp.noise, 1);
  if (gp.jitter > 0) return condition(kernel, X, y, noise, mean);
  const L = choleskyDelete(gp.L, i, n);
  const alpha = choleskySolve(L, residuals(X, y, mean), n - 1);
  return { kernel, X: X.data, y, n: n - 1, d, noise, mean, L, alpha, jitter: 0 };
}

/**
 * The process after observing each of several possible values at x: one state per value. They share all arrays but the
 * targets and α, so they must not be changed in place. Where the model has one noise variance per point, the new one gets the
 * mean of them.
 */
export function gpFantasize(gp: GpState, x: ArrayLike<number>, ySamples: ArrayLike<number>): GpState[] {
  checkVector('ySamples', ySamples);
  if (ySamples.length === 0) return [];
  const first = gpAppend(gp, x, ySamples[0], typeof gp.noise === 'number' ? {} : { noise: averageNoise(gp.noise) });
  return Array.from(ySamples as ArrayLike<number>, (value, s) => {
    if (s === 0) return first;
    const y = first.y.slice();
    y[gp.n] = value;
    return gpReplaceTargets(first, y);
  });
}

/** The process with other targets at the same points. O(n²). */
export function gpReplaceTargets(gp: GpState, y: ArrayLike<number>): GpState {
  checkVector('y', y, gp.n);
  const targets = Float64Array.from(y);
  const alpha = choleskySolve(gp.L, residuals(trainingPoints(gp), targets, gp.mean), gp.n);
  return { ...gp, y: targets, alpha };
}

function append(
  gp: GpState,
  added: Points,
  yAdded: Float64Array,
  noiseAdded: number | undefined,
  out: GpState | undefined,
): GpState {
  const { n, kernel, mean } = gp;
  const k = added.rows;
  const d = n > 0 ? gp.d : added.columns;
  const N = n + k;
  const noise = extendNoise(gp, N, noiseAdded);
  // The covariances come first: in place, the buffers below are those of gp.
  const rules = kernelRules(kernel);
  const cross = new Float64Array(n * k);
  if (n > 0) rules.fill(kernel, trainingPoints(gp), added, false, cross);
  const corner = new Float64Array(k * k);
  rules.fill(kernel, added, added, true, corner);

  // Buffers that may be written: those of out, unless another state than gp shares them with it.
  const spare = out !== gp && out?.L.buffer === gp.L.buffer ? undefined : out;
  const data = extended(gp.X, n * d, N * d, spare?.X);
  data.set(added.data, n * d);
  const X: Points = { data, rows: N, columns: d };
  const y = extended(gp.y, n, N, spare?.y);
  y.set(yAdded, n);
  // A jittered factor belongs to the jittered matrix, whose jitter depends on all points: start again.
  if (gp.jitter > 0) return keep(condition(kernel, X, y, noise, mean), out);

  // L^-1 of the new columns and of the residuals, in one pass over the old factor.
  const r = residuals(X, y, mean);
  const columns = Array.from({ length: k }, (_, s) => Float64Array.from({ length: n }, (_v, i) => cross[i * k + s]));
  if (k === 1) solveLowerTwo(gp.L, columns[0], r, n);
  else for (const column of [...columns, r]) solveLower(gp.L, column, n, column);
  const L = restrided(gp.L, n, N, spare?.L);
  for (let s = 0; s < k; s++) {
    const row = (n + s) * N;
    L.set(columns[s], row);
    for (let t = 0; t <= s; t++) {
      let value = corner[s * k + t];
      if (t === s) value += typeof noise === 'number' ? noise : noise[n + s];
      const other = (n + t) * N;
      const scale = value;
      for (let p = 0; p < n + t; p++) value -= L[row + p] * L[other + p];
      if (t < s) L[row + n + t] = value / L[other + n + t];
      else if (value > N * 2.3e-16 * scale) L[row + n + t] = Math.sqrt(value);
      else return keep(condition(kernel, X, y, noise, mean), out);
    }
    for (let p = 0; p < n + s; p++) r[n + s] -= L[row + p] * r[p];
    r[n + s] /= L[row + n + s];
  }
  const alpha = solveUpperT(L, r, N, extended(gp.alpha, 0, N, spare?.alpha));
  return keep({ kernel, X: data, y, n: N, d, noise, mean, L, alpha, jitter: 0 }, out);
}

function keep(next: GpState, out: GpState | undefined): GpState {
  return out === undefined ? next : Object.assign(out, next);
}

/**
 * The first `from` entries in an array of length `to`: in the buffer of `spare` while it has room, else in a new one, twice as
 * large where there is a spare, since more is to come.
 */
function extended(values: Float64Array, from: number, to: number, spare: Float64Array | undefined): Float64Array {
  const out = room(to, spare);
  if (out.buffer !== values.buffer || out.byteOffset !== values.byteOffset) out.set(values.subarray(0, from));
  return out;
}

function room(length: number, spare: Float64Array | undefined): Float64Array {
  if (spare === undefined) return new Float64Array(length);
  const at = spare.byteOffset;
  if (spare.buffer.byteLength - at >= 8 * length) return new Float64Array(spare.buffer, at, length);
  return new Float64Array(2 * length).subarray(0, length);
}

/** The n x n factor with rows N apart, zeros elsewhere. Twice the entries hold √2 times the rows. */
function restrided(L: Float64Array, n: number, N: number, spare: Float64Array | undefined): Float64Array {
  const out = room(N * N, spare);
  if (out.buffer === L.buffer && out.byteOffset === L.byteOffset) {
    // From the last row on: a row moves to the right, over rows that have moved already.
    for (let i = n - 1; i >= 0; i--) {
      out.copyWithin(i * N, i * n, i * n + i + 1);
      out.fill(0, i * N + i + 1, (i + 1) * N);
    }
    out.fill(0, n * N);
    return out;
  }
  for (let i = 0; i < n; i++) out.set(L.subarray(i * n, i * n + i + 1), i * N);
  // A used buffer has something above the diagonal.
  if (spare !== undefined && out.buffer === spare.buffer) {
    for (let i = 0; i < n; i++) out.fill(0, i * N + i + 1, (i + 1) * N);
    out.fill(0, n * N);
  }
  return out;
}

function averageNoise(noise: Float64Array): number {
  let total = 0;
  for (let i = 0; i < noise.length; i++) total += noise[i];
  return total / noise.length;
}

function extendNoise({ noise, n }: GpState, N: number, added: number | undefined): number | Float64Array {
  if (typeof noise === 'number') {
    if (added === undefined || added === noise) return noise;
    const all = new Float64Array(N).fill(checkNumber('noise', added, 0));
    return all.fill(noise, 0, n);
  }
  if (added === undefined) throw new RangeError('noise must be given: this model has one noise variance per point');
  const all = new Float64Array(N).fill(checkNumber('noise', added, 0));
  all.set(noise);
  return all;
}
