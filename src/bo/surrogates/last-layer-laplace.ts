/**
 * Bayesian linear regression on features: the Laplace approximation of a network's last layer, exact for that layer.
 *
 * C. M. Bishop, "Pattern Recognition and Machine Learning" (2006), section 3.3; evidence by the fixed point of D. J. C.
 * MacKay, Neural Computation 4 (1992) 415-447; on the features of a trained network: J. Snoek et al., "Scalable Bayesian
 * Optimization Using Deep Neural Networks", arXiv:1502.05700 (DNGO).
 *
 *   Φ features (n x p), w weights ~ N(0, v I), y = Φ w + N(0, s);  A = I/v + ΦᵀΦ/s,  Σ = A^-1,  μ = Σ Φᵀ y / s
 */
import { checkInteger, checkOptionNames, checkPositive, checkVector } from '../../internal/check.js';
import { choleskyJittered } from '../../linalg/cholesky.js';
import type { MatrixLike } from '../../linalg/to-row-major.js';
import { choleskyInverse, choleskyLogDet, choleskySolve, solveLower } from '../../linalg/triangular.js';
import { sampleNormal } from '../../random/normal.js';
import { log } from '../../special/log.js';
import type { Points } from '../kernels/kernel.js';
import { toPoints } from '../kernels/kernel-matrix.js';
import { MAP_NETWORK_NAMES, mapNetwork, type MapNetworkOptions } from './map-network.js';
import { backwardFromFeatures, forward, type Mlp, recordTape } from './mlp.js';
import { checkMapOptions } from './mlp-posterior.js';
import { type Surrogate, type SurrogatePrediction, trainingData } from './surrogate.js';

const LOG_2PI = 1.8378770664093453;

export interface LastLayerOptions {
  /** v > 0. Default 1; the start of the fixed point when the evidence is maximized. */
  priorVariance?: number;
  /** s > 0. Default 0.1. */
  noise?: number;
  /** Rounds of MacKay's fixed point on v and s; 0 keeps them. Default 0. */
  evidenceRounds?: number;
}

const LAST_LAYER_NAMES = { priorVariance: true, noise: true, evidenceRounds: true } satisfies Record<
  keyof LastLayerOptions,
  true
>;

/** The posterior of the weights: plain data. */
export interface LastLayerState {
  /** μ, length p. */
  weights: Float64Array;
  /** Lower Cholesky factor of A, p x p. */
  L: Float64Array;
  priorVariance: number;
  noise: number;
  /** ln N(y; 0, s I + v Φ Φᵀ). */
  logEvidence: number;
}

/**
 * The posterior of the weights given features and targets. With `evidenceRounds`, v and s move to the maximum of the
 * evidence by γ = p - tr Σ / v, v = |μ|²/γ, s = |y - Φμ|²/(n - γ), within [1e-8, 1e8].
 *
 * O(n p² + p³) a round.
 *
 * @throws RangeError if lengths differ, a number is not finite, or a variance is not positive
 *
 * @example
 * const state = lastLayerLaplace([[1], [1]], [2, 4], { priorVariance: 1, noise: 1 });
 * state.weights[0].toFixed(12); //=> '2.000000000000'
 */
export function lastLayerLaplace(
  features: MatrixLike,
  y: ArrayLike<number>,
  options: LastLayerOptions = {},
): LastLayerState {
  checkOptionNames('options', options, LAST_LAYER_NAMES);
  const points = toPoints('features', features);
  checkVector('y', y, points.rows);
  let v = checkPositive('priorVariance', options.priorVariance ?? 1);
  let s = checkPositive('noise', options.noise ?? 0.1);
  const rounds = checkInteger('evidenceRounds', options.evidenceRounds ?? 0, 0);
  const { rows: n, columns: p } = points;
  const moments = sufficientStatistics(points, y);
  let state = posteriorOfWeights(moments, n, p, v, s);
  for (let round = 0; round < rounds; round++) {
    const inverse = choleskyInverse(state.L, p);
    let trace = 0;
    for (let k = 0; k < p; k++) trace += inverse[k * p + k];
    const gamma = p - trace / v;
    const squares = residualSquares(points, y, state.weights);
    let norm = 0;
    for (let k = 0; k < p; k++) norm += state.weights[k] * state.weights[k];
    if (gamma > 0) v = Math.min(1e8, Math.max(1e-8, norm / gamma));
    if (n > gamma) s = Math.min(1e8, Math.max(1e-8, squares / (n - gamma)));
    state = posteriorOfWeights(moments, n, p, v, s);
  }
  return state;
}

/** Mean and variance of φᵀw at m points: φᵀμ and φᵀΣφ, without noise. O(m p²). */
export function lastLayerPredict(state: LastLayerState, features: MatrixLike): SurrogatePrediction {
  const p = state.weights.length;
  const { data, rows } = toPoints('features', features, p);
  const mean = new Float64Array(rows);
  const variance = new Float64Array(rows);
  for (let j = 0; j < rows; j++) {
    const phi = data.subarray(j * p, (j + 1) * p);
    const half = solveLower(state.L, phi, p);
    for (let k = 0; k < p; k++) {
      mean[j] += phi[k] * state.weights[k];
      variance[j] += half[k] * half[k];
    }
  }
  return { mean, variance };
}

interface Moments {
  /** ΦᵀΦ, p x p. */
  gram: Float64Array;
  /** Φᵀ y. */
  cross: Float64Array;
  /** yᵀ y. */
  squares: number;
}

function sufficientStatistics({ data, rows, columns: p }: Points, y: ArrayLike<number>): Moments {
  const gram = new Float64Array(p * p);
  const cross = new Float64Array(p);
  let squares = 0;
  for (let i = 0; i < rows; i++) {
    squares += y[i] * y[i];
    for (let k = 0; k < p; k++) {
      const value = data[i * p + k];
      cross[k] += value * y[i];
      for (let j = 0; j <= k; j++) gram[k * p + j] += value * data[i * p + j];
    }
  }
  for (let k = 0; k < p; k++) for (let j = 0; j < k; j++) gram[j * p + k] = gram[k * p + j];
  return { gram, cross, squares };
}

/** ln det(s I + v ΦΦᵀ) = n ln s + p ln v + ln det A; yᵀ(..)^-1 y = (yᵀy - yᵀΦμ)/s. */
function posteriorOfWeights(moments: Moments, n: number, p: number, v: number, s: number): LastLayerState {
  const A = moments.gram.map((value) => value / s);
  for (let k = 0; k < p; k++) A[k * p + k] += 1 / v;
  const { L } = choleskyJittered(A, p);
  const weights = choleskySolve(
    L,
    moments.cross.map((value) => value / s),
    p,
  );
  let explained = 0;
  for (let k = 0; k < p; k++) explained += moments.cross[k] * weights[k];
  const logDet = n * log(s) + p * log(v) + choleskyLogDet(L, p);
  const logEvidence = -0.5 * (n * LOG_2PI + logDet + (moments.squares - explained) / s);
  return { weights, L, priorVariance: v, noise: s, logEvidence };
}

function residualSquares({ data, rows, columns: p }: Points, y: ArrayLike<number>, weights: Float64Array): number {
  let total = 0;
  for (let i = 0; i < rows; i++) {
    let residual = y[i];
    for (let k = 0; k < p; k++) residual -= data[i * p + k] * weights[k];
    total += residual * residual;
  }
  return total;
}

export interface AdaptiveBasisOptions extends MapNetworkOptions {
  /** Rounds of the evidence's fixed point. Default 50. */
  evidenceRounds?: number;
}

const ADAPTIVE_NAMES = { ...MAP_NETWORK_NAMES, evidenceRounds: true } satisfies Record<
  keyof AdaptiveBasisOptions,
  true
>;

export interface AdaptiveBasisState {
  net: Mlp;
  parameters: Float64Array;
  lastLayer: LastLayerState;
}

/**
 * Deep networks for global optimization: a network trained to the maximum of its posterior, whose last hidden layer, with a
 * constant beside it, becomes the features of a Bayesian linear regression. Prior and noise variance of that layer maximize
 * the evidence.
 *
 * O(steps n P) for a fit, O(P + p²) for a point.
 *
 * @throws RangeError if an option is out of range
 *
 * @example
 * const model = adaptiveBasisNetwork({ hidden: [10], steps: 300, noiseVariance: 0.01 });
 * const X = Array.from({ length: 9 }, (_, i) => [i / 8]);
 * const state = model.fit(X, X.map(([x]) => x * (1 - x) * 8 - 1), createRng(1));
 * Math.abs(model.predict(state, [[0.5]]).mean[0] - 1) < 0.2; //=> true
 */
export function adaptiveBasisNetwork(options: AdaptiveBasisOptions = {}): Surrogate<AdaptiveBasisState> {
  checkOptionNames('options', options, ADAPTIVE_NAMES);
  const { priorVariance, noiseVariance } = checkMapOptions(options);
  const evidenceRounds = checkInteger('evidenceRounds', options.evidenceRounds ?? 50, 0);
  if (options.hidden?.length === 0) throw new RangeError('hidden must not be empty');
  return {
    fit(X, y, rng) {
      const { points, targets } = trainingData(X, y);
      const { net, parameters } = mapNetwork(points, targets, rng, options);
      const lastLayer = lastLayerLaplace(featuresWithOne(net, parameters, points), targets, {
        priorVariance,
        noise: noiseVariance,
        evidenceRounds,
      });
      return { net, parameters, lastLayer };
    },
    predict: ({ net, parameters, lastLayer }, Xs) => lastLayerPredict(lastLayer, featuresWithOne(net, parameters, Xs)),
    sample({ net, parameters, lastLayer }, Xs, n, rng) {
      checkInteger('n', n, 0);
      const { data, rows, columns: p } = featuresWithOne(net, parameters, Xs);
      const out = new Float64Array(n * rows);
      for (let draw = 0; draw < n; draw++) {
        const weights = sampleWeights(lastLayer, () => sampleNormal(rng));
        for (let j = 0; j < rows; j++) {
          let value = 0;
          for (let k = 0; k < p; k++) value += data[j * p + k] * weights[k];
          out[draw * rows + j] = value;
        }
      }
      return out;
    },
    predictGradient({ net, parameters, lastLayer }, x) {
      const tape = recordTape(net, [x]);
      forward(net, parameters, tape);
      const L = net.widths.length - 1;
      const p = net.widths[L - 1];
      const phi = Float64Array.from({ length: p + 1 }, (_, k) => (k < p ? tape.a[L - 1][k] : 1));
      const { mean, variance } = lastLayerPredict(lastLayer, [phi]);
      const byVariance = choleskySolve(lastLayer.L, phi, p + 1); // Σφ
      return {
        mean: mean[0],
        variance: variance[0],
        dMean: pullFeatures(net, parameters, x, lastLayer.weights.subarray(0, p)),
        dVariance: pullFeatures(
          net,
          parameters,
          x,
          byVariance.subarray(0, p).map((b) => 2 * b),
        ),
      };
    },
  };
}

/** μ + L^-T z. */
function sampleWeights({ weights, L }: LastLayerState, normal: () => number): Float64Array {
  const p = weights.length;
  const out = new Float64Array(p);
  for (let k = 0; k < p; k++) out[k] = normal();
  for (let k = p - 1; k >= 0; k--) {
    let value = out[k];
    for (let j = k + 1; j < p; j++) value -= L[j * p + k] * out[j];
    out[k] = value / L[k * p + k];
  }
  for (let k = 0; k < p; k++) out[k] += weights[k];
  return out;
}

/** The last hidden layer with a constant 1, n x (p + 1). */
function featuresWithOne(net: Mlp, parameters: Float64Array, X: MatrixLike): Points {
  const tape = recordTape(net, X);
  forward(net, parameters, tape);
  const L = net.widths.length - 1;
  const p = net.widths[L - 1];
  const data = new Float64Array(tape.n * (p + 1)).fill(1);
  for (let i = 0; i < tape.n; i++) data.set(tape.a[L - 1].subarray(i * p, (i + 1) * p), i * (p + 1));
  return { data, rows: tape.n, columns: p + 1 };
}

/** Σ_k weights_k ∂φ_k/∂x. */
function pullFeatures(net: Mlp, parameters: Float64Array, x: ArrayLike<number>, weights: Float64Array): Float64Array {
  const tape = recordTape(net, [x]);
  forward(net, parameters, tape);
  tape.delta[net.widths.length - 2].set(weights);
  backwardFromFeatures(net, parameters, tape, null, true);
  return tape.delta[0].slice();
}
