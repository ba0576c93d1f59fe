/**
 * Hybrid LinUCB: rewards z_aᵀβ + x_aᵀθ_a, a part shared by the arms and a part of each arm's own.
 *
 * L. Li et al., arXiv:1003.0146, Algorithm 2. The same scores as ridge regression (λ = 1) on the vectors that hold z_a and, in block a, x_a,
 * without matrices of that size: with v = A_a^-1 x and y = z - B_aᵀ v
 *
 *   mean = zᵀβ̂ + xᵀθ̂_a,   width² = yᵀ A_0^-1 y + xᵀ v
 *
 *   paper   here                       meaning
 *   A_0,b_0 state.shared, state.b      k × k: I + Σ (z zᵀ - ..), k
 *   A_a     state.own[a]               d × d: I + Σ x xᵀ over the plays of a
 *   B_a     state.cross[a]             d × k: Σ x zᵀ
 *   β̂      state.beta
 */
import { checkInteger, checkNumber } from '../../internal/check.js';
import { cholesky, choleskySolve, matTVec, solveLower } from '../../linalg/index.js';
import { checkArm } from '../arm-sums.js';
import type { ContextualPolicy } from '../bandit.js';
import { checkTies, selectLargest, type TieOptions } from '../ties.js';
import { checkFeatures, checkReward, innerProduct } from './ridge-model.js';

export interface HybridLinUcbState {
  /** A_0 and b_0. */
  shared: Float64Array;
  b: Float64Array;
  beta: Float64Array;
  /** A_a, B_a and b_a of every arm. */
  own: Float64Array[];
  cross: Float64Array[];
  bOwn: Float64Array[];
}

/** Features of a round, row by row: K × k shared ones and K × d own ones. */
export interface HybridFeatures {
  shared: ArrayLike<number>;
  own: ArrayLike<number>;
}

export interface HybridLinUcbOptions extends TieOptions {
  arms: number;
  /** k, dimension of the shared features. */
  sharedDimension: number;
  /** d, dimension of an arm's own features. */
  dimension: number;
  /** Width α. Default 1. */
  alpha?: number;
}

/**
 * The policy. O(k³ + K (d³ + d k)) a step.
 *
 * @throws RangeError if an option is out of range; by `select` and `update` if features are
 */
export function hybridLinUcb(options: HybridLinUcbOptions): ContextualPolicy<HybridLinUcbState, HybridFeatures> & {
  scores(state: HybridLinUcbState, features: HybridFeatures, out?: Float64Array): Float64Array;
} {
  const K = checkInteger('arms', options.arms, 1);
  const k = checkInteger('sharedDimension', options.sharedDimension, 1);
  const d = checkInteger('dimension', options.dimension, 1);
  const alpha = checkNumber('alpha', options.alpha ?? 1, 0);
  const ties = checkTies(options);
  const values = new Float64Array(K);
  const check = ({ shared, own }: HybridFeatures) => {
    checkFeatures(shared, K * k);
    checkFeatures(own, K * d);
  };
  const identity = (n: number) => Float64Array.from({ length: n * n }, (_, i) => (i % (n + 1) === 0 ? 1 : 0));
  const factorOf = (A: Float64Array, n: number) => {
    const L = A.slice();
    cholesky(L, n, L);
    return L;
  };
  const score = (state: HybridLinUcbState, features: HybridFeatures, out: Float64Array) => {
    check(features);
    const L0 = factorOf(state.shared, k);
    for (let a = 0; a < K; a++) {
      const L = factorOf(state.own[a], d);
      const x = Array.prototype.slice.call(features.own, a * d, (a + 1) * d) as number[];
      const v = choleskySolve(L, x, d);
      const y = matTVec(state.cross[a], v, d, k);
      for (let j = 0; j < k; j++) y[j] = features.shared[a * k + j] - y[j];
      // θ̂_a = A_a^-1 (b_a - B_a β̂), so xᵀθ̂_a = vᵀ b_a - vᵀ B_a β̂ and the mean is yᵀβ̂ + vᵀ b_a.
      const mean = innerProduct(state.beta, y, 0) + innerProduct(state.bOwn[a], v, 0);
      solveLower(L0, y, k, y);
      const width2 = innerProduct(y, y, 0) + innerProduct(v, x, 0);
      out[a] = mean + alpha * Math.sqrt(Math.max(0, width2));
    }
    return out;
  };
  return {
    name: 'hybridLinUcb',
    arms: K,
    init() {
      const each = <T>(make: () => T) => Array.from({ length: K }, make);
      return {
        shared: identity(k),
        b: new Float64Array(k),
        beta: new Float64Array(k),
        own: each(() => identity(d)),
        cross: each(() => new Float64Array(d * k)),
        bOwn: each(() => new Float64Array(d)),
      };
    },
    select(state, features, rng) {
      return selectLargest(score(state, features, values), ties, rng);
    },
    update(state, features, arm, reward, out) {
      checkArm(arm, K);
      check(features);
      checkReward(reward);
      const next = copyHybrid(state, out);
      const { shared, b, beta, own, cross, bOwn } = next;
      const [A, B, bA] = [own[arm], cross[arm], bOwn[arm]];
      schur(1);
      for (let i = 0; i < d; i++) {
        const x = features.own[arm * d + i];
        for (let j = 0; j < d; j++) A[i * d + j] += x * features.own[arm * d + j];
        for (let j = 0; j < k; j++) B[i * k + j] += x * features.shared[arm * k + j];
        bA[i] += reward * x;
      }
      for (let i = 0; i < k; i++) {
        const z = features.shared[arm * k + i];
        for (let j = 0; j < k; j++) shared[i * k + j] += z * features.shared[arm * k + j];
        b[i] += reward * z;
      }
      schur(-1);
      choleskySolve(factorOf(shared, k), b, k, beta);
      return next;

      /** A_0 += sign B_aᵀ A_a^-1 B_a and b_0 += sign B_aᵀ A_a^-1 b_a. */
      function schur(sign: 1 | -1): void {
        const L = factorOf(A, d);
        const column = new Float64Array(d);
        for (let j = 0; j < k; j++) {
          for (let i = 0; i < d; i++) column[i] = B[i * k + j];
          const solved = matTVec(B, choleskySolve(L, column, d), d, k);
          for (let i = 0; i < k; i++) shared[i * k + j] += sign * solved[i];
        }
        const solved = matTVec(B, choleskySolve(L, bA, d), d, k);
        for (let i = 0; i < k; i++) b[i] += sign * solved[i];
      }
    },
    scores: (state, features, out = new Float64Array(K)) => score(state, features, out),
  };
}

function copyHybrid(state: HybridLinUcbState, out: HybridLinUcbState | undefined): HybridLinUcbState {
  if (out === state) return state;
  if (out === undefined) {
    const all = (list: Float64Array[]) => list.map((x) => x.slice());
    return {
      shared: state.shared.slice(),
      b: state.b.slice(),
      beta: state.beta.slice(),
      own: all(state.own),
      cross: all(state.cross),
      bOwn: all(state.bOwn),
    };
  }
  out.shared.set(state.shared);
  out.b.set(state.b);
  out.beta.set(state.beta);
  for (let a = 0; a < state.own.length; a++) {
    out.own[a].set(state.own[a]);
    out.cross[a].set(state.cross[a]);
    out.bOwn[a].set(state.bOwn[a]);
  }
  return out;
}
