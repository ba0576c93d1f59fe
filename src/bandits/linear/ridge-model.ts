/**
 * Ridge regression that is told one observation at a time: what linear bandits know.
 *
 *   V = Λ + Σ x xᵀ, b = Σ r x, θ̂ = V^-1 b, ln det V;   Λ = diag(prior precisions), λ I by default
 *
 * The engine 'inverse' keeps V^-1 by the Sherman-Morrison formula, u = V^-1 x: V^-1 -= u uᵀ / (1 + xᵀu), ln det V += ln(1 + xᵀu). V
 * is kept too, and V^-1, θ̂ and ln det V are made afresh from its Cholesky factor after every 1000 updates and when 1 + xᵀu loses eight
 * digits. The engine 'cholesky' keeps the factor of V by rank-one updates instead; solves cost twice as much, and samples need it.
 */
import { checkInteger, checkOption, checkPositive } from '../../internal/check.js';
import {
  cholesky,
  choleskyInverse,
  choleskyLogDet,
  choleskyRankOne,
  choleskySolve,
  matVec,
  solveLower,
} from '../../linalg/index.js';
import { log } from '../../special/log.js';
import { log1p } from '../../special/log1p.js';

export type RidgeEngine = 'inverse' | 'cholesky';

/** Plain data. */
export interface RidgeState {
  /** Observations. */
  n: number;
  /** Observations since V^-1 was last made from V. */
  age: number;
  /** V, d × d row-major. */
  V: Float64Array;
  /** V^-1, or its lower Cholesky factor, as the engine says. */
  factor: Float64Array;
  b: Float64Array;
  /** θ̂. */
  theta: Float64Array;
  /** ln det V. */
  logDet: number;
}

export interface RidgeOptions {
  /** Dimension d of the features, at least 1. */
  dimension: number;
  /** Prior precision λ > 0: one number (default 1), or one for each feature. */
  lambda?: number | ArrayLike<number>;
  /** How V is inverted. Default 'inverse'; policies that sample use 'cholesky' always. */
  engine?: RidgeEngine;
}

/** Checked options. */
export interface Ridge {
  d: number;
  lambda: Float64Array;
  engine: RidgeEngine;
  /** ln det Λ. */
  logDet0: number;
  /** max λ. */
  largest: number;
  /** Work vectors of length d. */
  u: Float64Array;
  x: Float64Array;
}

export function ridgeOf(options: RidgeOptions, fallback: RidgeEngine = 'inverse'): Ridge {
  const d = checkInteger('dimension', options.dimension, 1);
  const given = options.lambda ?? 1;
  const lambda = new Float64Array(d);
  if (typeof given === 'number') lambda.fill(checkPositive('lambda', given));
  else {
    if (given.length !== d) throw new RangeError(`lambda must have length ${d}, got ${given.length}`);
    for (let j = 0; j < d; j++) lambda[j] = checkPositive(`lambda[${j}]`, given[j]);
  }
  const engine = checkOption('engine', options.engine ?? fallback, ['inverse', 'cholesky']);
  let logDet0 = 0;
  let largest = 0;
  for (let j = 0; j < d; j++) {
    logDet0 += log(lambda[j]);
    if (lambda[j] > largest) largest = lambda[j];
  }
  return { d, lambda, engine, logDet0, largest, u: new Float64Array(d), x: new Float64Array(d) };
}

export function initRidge({ d, lambda, engine, logDet0 }: Ridge): RidgeState {
  const V = new Float64Array(d * d);
  const factor = new Float64Array(d * d);
  for (let j = 0; j < d; j++) {
    V[j * d + j] = lambda[j];
    factor[j * d + j] = engine === 'inverse' ? 1 / lambda[j] : Math.sqrt(lambda[j]);
  }
  return { n: 0, age: 0, V, factor, b: new Float64Array(d), theta: new Float64Array(d), logDet: logDet0 };
}

export function copyRidge(state: RidgeState, out: RidgeState | undefined): RidgeState {
  if (out === state) return state;
  const { n, age, V, factor, b, theta, logDet } = state;
  if (out === undefined) {
    return { n, age, V: V.slice(), factor: factor.slice(), b: b.slice(), theta: theta.slice(), logDet };
  }
  out.n = n;
  out.age = age;
  out.logDet = logDet;
  out.V.set(V);
  out.factor.set(factor);
  out.b.set(b);
  out.theta.set(theta);
  return out;
}

/**
 * Adds the observation (x, reward) to `state`, in place; x = features[at .. at + d - 1]. Returns whether V^-1 was made afresh. Leaves
 * u = V^-1 x, of V before the update, in `ridge.u`. O(d²).
 */
export function observe(
  ridge: Ridge,
  state: RidgeState,
  features: ArrayLike<number>,
  at: number,
  reward: number,
): boolean {
  const { d, engine, u } = ridge;
  const { V, factor, b, theta } = state;
  for (let i = 0; i < d; i++) {
    const xi = features[at + i];
    b[i] += reward * xi;
    for (let j = 0; j < d; j++) V[i * d + j] += xi * features[at + j];
  }
  state.n += 1;
  if (engine === 'cholesky') {
    for (let i = 0; i < d; i++) u[i] = features[at + i];
    choleskyRankOne(factor, u, d, 1);
    choleskySolve(factor, b, d, theta);
    state.logDet = choleskyLogDet(factor, d);
    return true;
  }
  const { x } = ridge;
  for (let i = 0; i < d; i++) x[i] = features[at + i];
  matVec(factor, x, d, d, u);
  let gain = 0;
  let predicted = 0;
  for (let i = 0; i < d; i++) {
    gain += x[i] * u[i];
    predicted += x[i] * theta[i];
  }
  state.age += 1;
  if ((state.age >= REFRESH || gain > 1e8) && refresh(state, d)) return true;
  const scale = 1 / (1 + gain);
  for (let i = 0; i < d; i++) {
    theta[i] += u[i] * ((reward - predicted) * scale);
    const ui = u[i] * scale;
    for (let j = 0; j <= i; j++) {
      const entry = factor[i * d + j] - ui * u[j];
      factor[i * d + j] = entry;
      factor[j * d + i] = entry;
    }
  }
  state.logDet += log1p(gain);
  return false;
}

const REFRESH = 1000;

/** V^-1, θ̂ and ln det V from V; false, and nothing done, where V is singular by rounding (condition above 1e15 or so). */
function refresh(state: RidgeState, d: number): boolean {
  const L = state.V.slice();
  if (cholesky(L, d, L) !== -1) return false;
  choleskyInverse(L, d, state.factor);
  choleskySolve(L, state.b, d, state.theta);
  state.logDet = choleskyLogDet(L, d);
  state.age = 0;
  return true;
}

/** xᵀ V^-1 x, at least 0. O(d²). */
export function squaredWidth(ridge: Ridge, state: RidgeState, features: ArrayLike<number>, at: number): number {
  const { d, engine, u } = ridge;
  const { factor } = state;
  let total = 0;
  if (engine === 'cholesky') {
    for (let i = 0; i < d; i++) u[i] = features[at + i];
    solveLower(factor, u, d, u);
    for (let i = 0; i < d; i++) total += u[i] * u[i];
    return total;
  }
  const { x } = ridge;
  for (let i = 0; i < d; i++) x[i] = features[at + i];
  matVec(factor, x, d, d, u);
  for (let i = 0; i < d; i++) total += x[i] * u[i];
  return Math.max(0, total);
}

/** xᵀ θ. */
export function innerProduct(theta: Float64Array, features: ArrayLike<number>, at: number): number {
  let total = 0;
  for (let i = 0; i < theta.length; i++) total += features[at + i] * theta[i];
  return total;
}

/** One check a step: `features` has `length` finite numbers. */
export function checkFeatures(features: ArrayLike<number>, length: number): void {
  if (features.length !== length) throw new RangeError(`features must have length ${length}, got ${features.length}`);
  let total = 0;
  for (let i = 0; i < length; i++) total += features[i] - features[i];
  if (total !== 0) throw badFeatures(features);
}

function badFeatures(features: ArrayLike<number>): RangeError {
  const at = Array.from(features).findIndex((x) => !Number.isFinite(x));
  return new RangeError(`features[${at}] must be finite, got ${features[at]}`);
}

export function checkReward(reward: number): void {
  if (!Number.isFinite(reward)) throw new RangeError(`reward must be a finite number, got ${reward}`);
}
