/**
 * Linearized Laplace: a network trained to its maximum, and a Gaussian over all of its weights from the generalized
 * Gauss-Newton matrix there; predictions through the network's linearization.
 *
 * A. Immer, M. Korzepa, M. Bauer, arXiv:2008.08400, equations 5 to 9; E. Daxberger et al., arXiv:2106.14806. For squared loss
 * Σ = (I/v + JᵀJ/s)^-1 with J = ∂f/∂θ (n x P), and the predictive variance is j Σ jᵀ. By Woodbury's identity it is the
 * posterior variance of a Gaussian process whose kernel is v j(x)·j(z): no P x P matrix is formed.
 */
import { checkInteger, checkOptionNames } from '../../internal/check.js';
import { choleskyJittered } from '../../linalg/cholesky.js';
import type { MatrixLike } from '../../linalg/to-row-major.js';
import { solveLower, solveLowerMany, solveUpperT } from '../../linalg/triangular.js';
import { sampleNormal } from '../../random/normal.js';
import { MAP_NETWORK_NAMES, mapNetwork, type MapNetworkOptions } from './map-network.js';
import { backward, checkParameters, forward, type Mlp, newTape, recordTape } from './mlp.js';
import { checkMapOptions, checkScalar } from './mlp-posterior.js';
import { differentiatedTape, directionOf, inputGradientTangent } from './mlp-tangent.js';
import { type Surrogate, type SurrogatePrediction, trainingData } from './surrogate.js';

/**
 * J: the gradients of the output in the parameters at n points, n x P. O(n P).
 *
 * @throws RangeError if the network has more than one output or a length does not fit
 */
export function mlpJacobian(net: Mlp, parameters: ArrayLike<number>, X: MatrixLike): Float64Array {
  checkScalar(net);
  const theta = checkParameters(net, parameters);
  const all = recordTape(net, X);
  const d = net.widths[0];
  const P = net.parameterCount;
  const one = newTape(net, 1);
  const J = new Float64Array(all.n * P);
  for (let i = 0; i < all.n; i++) {
    one.a[0].set(all.a[0].subarray(i * d, (i + 1) * d));
    forward(net, theta, one);
    one.delta[net.widths.length - 1][0] = 1;
    backward(net, theta, one, J.subarray(i * P, (i + 1) * P), false);
  }
  return J;
}

export type LinearizedLaplaceOptions = MapNetworkOptions;

export interface LinearizedLaplaceState {
  net: Mlp;
  parameters: Float64Array;
  /** J at the data, n x P. */
  jacobian: Float64Array;
  n: number;
  /** Lower Cholesky factor of v J Jᵀ + s I. */
  L: Float64Array;
  priorVariance: number;
  noiseVariance: number;
}

/**
 * Predictive mean f(x) at the maximum, predictive variance v (j·j - v kᵀ (v J Jᵀ + s I)^-1 k) with k = J j.
 *
 * O(steps n P + n² P + n³) for a fit, O(n P + n²) for a point, with its gradient too. Joint samples are of that Gaussian process.
 *
 * @throws RangeError if an option is out of range
 *
 * @example
 * const model = linearizedLaplace({ hidden: [8], steps: 300, noiseVariance: 0.01 });
 * const state = model.fit([[0], [0.5], [1]], [1, -1, 0.5], createRng(1));
 * const prediction = model.predict(state, [[0.5], [2]]);
 * prediction.variance[1] > prediction.variance[0]; //=> true
 */
export function linearizedLaplace(options: LinearizedLaplaceOptions = {}): Surrogate<LinearizedLaplaceState> {
  checkOptionNames('options', options, MAP_NETWORK_NAMES);
  const { priorVariance: v, noiseVariance: s } = checkMapOptions(options);
  return {
    fit(X, y, rng) {
      const { points, targets } = trainingData(X, y);
      const n = points.rows;
      const { net, parameters } = mapNetwork(points, targets, rng, options);
      const jacobian = mlpJacobian(net, parameters, points);
      const K = products(jacobian, n, jacobian, n, net.parameterCount, v);
      for (let i = 0; i < n; i++) K[i * n + i] += s;
      const { L } = choleskyJittered(K, n);
      return { net, parameters, jacobian, n, L, priorVariance: v, noiseVariance: s };
    },
    predict(state, Xs) {
      const { mean, V, prior, m } = project(state, Xs);
      const variance = prior;
      for (let i = 0; i < state.n; i++) for (let j = 0; j < m; j++) variance[j] -= V[i * m + j] * V[i * m + j];
      return { mean, variance: variance.map((value) => Math.max(0, value)) };
    },
    sample(state, Xs, count, rng) {
      checkInteger('n', count, 0);
      const { mean, V, J, m } = project(state, Xs);
      const C = products(J, m, J, m, state.net.parameterCount, v);
      for (let i = 0; i < state.n; i++) {
        for (let a = 0; a < m; a++) for (let b = 0; b < m; b++) C[a * m + b] -= V[i * m + a] * V[i * m + b];
      }
      const L = m > 0 ? choleskyJittered(C, m).L : C;
      const out = new Float64Array(count * m);
      const z = new Float64Array(m);
      for (let draw = 0; draw < count; draw++) {
        for (let j = 0; j < m; j++) z[j] = sampleNormal(rng);
        for (let a = 0; a < m; a++) {
          let value = mean[a];
          for (let b = 0; b <= a; b++) value += L[a * m + b] * z[b];
          out[draw * m + a] = value;
        }
      }
      return out;
    },
    predictGradient(state, x) {
      const { net, parameters, jacobian, n, L, priorVariance } = state;
      const { mean, V, J, prior } = project(state, [x]);
      const u = solveUpperT(L, V, n);
      let variance = prior[0];
      for (let i = 0; i < n; i++) variance -= V[i] * V[i];
      // Σ j = v (j - J_dataᵀ u), u = (v J Jᵀ + s I)^-1 v J_data j
      const P = net.parameterCount;
      const w = J.slice();
      for (let i = 0; i < n; i++) for (let p = 0; p < P; p++) w[p] -= u[i] * jacobian[i * P + p];
      for (let p = 0; p < P; p++) w[p] *= priorVariance;
      const tape = differentiatedTape(net, parameters, x);
      const slope = inputGradientTangent(net, parameters, tape, directionOf(net, w, tape));
      return {
        mean: mean[0],
        variance: Math.max(0, variance),
        dMean: tape.delta[0],
        dVariance: variance > 0 ? slope.map((value) => 2 * value) : new Float64Array(slope.length),
      };
    },
  };
}

/** Mean, J at the points, V = L^-1 (v J_data Jᵀ) and prior variances v |j|². */
function project(
  state: LinearizedLaplaceState,
  Xs: MatrixLike,
): SurrogatePrediction & { V: Float64Array; J: Float64Array; prior: Float64Array; m: number } {
  const { net, parameters, jacobian, n, L, priorVariance: v } = state;
  const tape = recordTape(net, Xs);
  const m = tape.n;
  const mean = forward(net, parameters, tape).slice();
  const J = mlpJacobian(net, parameters, Xs);
  const P = net.parameterCount;
  const K = products(jacobian, n, J, m, P, v);
  const V = m === 1 ? solveLower(L, K, n) : solveLowerMany(L, K, n, m);
  const prior = new Float64Array(m);
  for (let j = 0; j < m; j++) {
    let squares = 0;
    for (let p = 0; p < P; p++) squares += J[j * P + p] * J[j * P + p];
    prior[j] = v * squares;
  }
  return { mean, variance: prior, V, J, prior, m };
}

/** scale A Bᵀ, a x b. */
function products(A: Float64Array, a: number, B: Float64Array, b: number, P: number, scale: number): Float64Array {
  const out = new Float64Array(a * b);
  for (let i = 0; i < a; i++) {
    for (let j = 0; j < b; j++) {
      let total = 0;
      for (let p = 0; p < P; p++) total += A[i * P + p] * B[j * P + p];
      out[i * b + j] = scale * total;
    }
  }
  return out;
}
