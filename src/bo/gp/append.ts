import { checkNumber, checkVector } from '../../internal/check.js';
import type { MatrixLike } from '../../linalg/to-row-major.js';
import { choleskySolve, solveLower } from '../../linalg/triangular.js';
import type { Points } from '../kernels/kernel.js';
import { toPoints } from '../kernels/kernel-matrix.js';
import { kernelRules } from '../kernels/rules.js';
import { condition, queryPoint, residuals, trainingPoints, type GpState } from './gp-state.js';

/**
 * The process conditioned on one more observation. O(n² + n d): one more row of the Cholesky factor.
 *
 * Equal to `gpCondition` on all data, bit for bit while no jitter is needed: each entry of the factor is the same sum.
 *
 * @param noise noise variance of the new observation, for a model with one per point; else the model's own is used
 *
 * @example
 * const gp = gpAppend(gpCondition(rbf({ lengthscale: 1 }), [[0]], [1]), [1], 2);
 * gp.n; //=> 2
 */
export function gpAppend(gp: GpState, x: ArrayLike<number>, y: number, noise?: number): GpState {
  const point = gp.n > 0 ? queryPoint(gp, x) : Float64Array.from(checkVector('x', x));
  return append(gp, { data: point, rows: 1, columns: point.length }, Float64Array.of(checkNumber('y', y)), noise);
}

/** The process conditioned on k more observations. O(k n²). */
export function gpAppendMany(gp: GpState, X: MatrixLike, y: ArrayLike<number>, noise?: number): GpState {
  const points = toPoints('X', X, gp.n > 0 ? gp.d : undefined);
  checkVector('y', y, points.rows);
  return append(gp, points, Float64Array.from(y), noise);
}

/**
 * The process after observing each of several possible values at x: one state per value. They share all arrays but the
 * targets and α, so they must not be changed in place.
 */
export function gpFantasize(gp: GpState, x: ArrayLike<number>, ySamples: ArrayLike<number>): GpState[] {
  checkVector('ySamples', ySamples);
  if (ySamples.length === 0) return [];
  const first = gpAppend(gp, x, ySamples[0]);
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

function append(gp: GpState, added: Points, yAdded: Float64Array, noiseAdded: number | undefined): GpState {
  const { n, kernel } = gp;
  const k = added.rows;
  const d = n > 0 ? gp.d : added.columns;
  const N = n + k;
  const data = new Float64Array(N * d);
  data.set(gp.X);
  data.set(added.data, n * d);
  const X: Points = { data, rows: N, columns: d };
  const y = new Float64Array(N);
  y.set(gp.y);
  y.set(yAdded, n);
  const noise = extendNoise(gp, N, noiseAdded);
  // A jittered factor belongs to the jittered matrix, whose jitter depends on all points: start again.
  if (gp.jitter > 0) return condition(kernel, X, y, noise, gp.mean);

  const rules = kernelRules(kernel);
  const cross = new Float64Array(n * k);
  if (n > 0) rules.fill(kernel, trainingPoints(gp), added, false, cross);
  const corner = new Float64Array(k * k);
  rules.fill(kernel, added, added, true, corner);
  const L = new Float64Array(N * N);
  for (let i = 0; i < n; i++) L.set(gp.L.subarray(i * n, i * n + i + 1), i * N);
  const column = new Float64Array(n);
  for (let s = 0; s < k; s++) {
    const row = (n + s) * N;
    for (let i = 0; i < n; i++) column[i] = cross[i * k + s];
    L.set(solveLower(gp.L, column, n, column), row);
    for (let t = 0; t <= s; t++) {
      let value = corner[s * k + t];
      if (t === s) value += typeof noise === 'number' ? noise : noise[n + s];
      const other = (n + t) * N;
      const scale = value;
      for (let p = 0; p < n + t; p++) value -= L[row + p] * L[other + p];
      if (t < s) L[row + n + t] = value / L[other + n + t];
      else if (value > N * 2.3e-16 * scale) L[row + n + t] = Math.sqrt(value);
      else return condition(kernel, X, y, noise, gp.mean);
    }
  }
  const alpha = choleskySolve(L, residuals(X, y, gp.mean), N);
  return { kernel, X: data, y, n: N, d, noise, mean: gp.mean, L, alpha, jitter: 0 };
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
