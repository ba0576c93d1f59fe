/**
 * Linearized Laplace with a Kronecker-factored curvature: a Gaussian over all weights of a network that costs two small
 * eigendecompositions a layer, whatever the number of points.
 *
 * H. Ritter, A. Botev, D. Barber, "A Scalable Laplace Approximation for Neural Networks", ICLR 2018; J. Martens, R. Grosse,
 * "Optimizing Neural Networks with Kronecker-factored Approximate Curvature", arXiv:1503.05671, section 3; predictions through the
 * linearization as in A. Immer, M. Korzepa, M. Bauer, arXiv:2008.08400.
 *
 *   a_i inputs of a layer at point i with a 1 beside them, g_i = ∂f/∂z its slopes, so that the layer's part of j(x_i) is g_i ⊗ a_i
 *   A = Σ a aᵀ, G = Σ g gᵀ; the layer's block of the Gauss-Newton matrix, Σ_i (g gᵀ) ⊗ (a aᵀ)/s, is taken to be G ⊗ A/(n s)
 *   Σ = (G ⊗ A/(n s) + I/v)^-1, layer by layer; in the eigenvectors of G and A it is diagonal:
 *
 *   variance(x) = Σ_layers Σ_(o,k) (U_Gᵀ g)_o² (U_Aᵀ a)_k² / (λ_o μ_k/(n s) + 1/v)
 *
 * Exact up to the blocks where g or a is the same at all points: for one point, and for the last layer, where g = 1. The matrix
 * without any approximation is `linearizedLaplace`.
 */
import { checkInteger, checkOptionNames } from '../../internal/check.js';
import { symmetricEigen } from '../../linalg/eigen.js';
import { matMul, matVec, transpose } from '../../linalg/mat-mul.js';
import type { MatrixLike } from '../../linalg/to-row-major.js';
import { sampleNormal } from '../../random/normal.js';
import { MAP_NETWORK_NAMES, mapNetwork, type MapNetworkOptions } from './map-network.js';
import { backward, forward, type Mlp, recordTape, type Tape } from './mlp.js';
import { checkMapOptions } from './mlp-posterior.js';
import { differentiatedTape, inputGradientTangent } from './mlp-tangent.js';
import { type Surrogate, trainingData } from './surrogate.js';

export type KroneckerLaplaceOptions = MapNetworkOptions;

/** Eigenvalues, at least 0, and eigenvectors as columns, row-major. */
export interface SymmetricFactor {
  values: Float64Array;
  vectors: Float64Array;
}

export interface KroneckerLaplaceState {
  net: Mlp;
  parameters: Float64Array;
  /** Of layers 1..L: A, of order fan in + 1, and G, of order width. */
  layers: { inputs: SymmetricFactor; slopes: SymmetricFactor }[];
  n: number;
  priorVariance: number;
  noiseVariance: number;
}

/**
 * Predictive mean f(x) at the maximum, predictive variance as above. Joint samples are of the linearized
 * network with weights drawn from N(θ, Σ), P normal draws each.
 *
 * O(steps n P + Σ width³) for a fit, O(Σ width²) for a point, with its gradient too: use it where there are too many points for `linearizedLaplace`.
 *
 * @throws RangeError if an option is out of range
 *
 * @example
 * const model = kroneckerLaplace({ hidden: [8], steps: 300, noiseVariance: 0.01 });
 * const state = model.fit([[0], [0.5], [1]], [1, -1, 0.5], createRng(1));
 * const prediction = model.predict(state, [[0.5], [2]]);
 * prediction.variance[1] > prediction.variance[0]; //=> true
 */
export function kroneckerLaplace(options: KroneckerLaplaceOptions = {}): Surrogate<KroneckerLaplaceState> {
  checkOptionNames('options', options, MAP_NETWORK_NAMES);
  const { priorVariance: v, noiseVariance: s } = checkMapOptions(options);
  return {
    fit(X, y, rng) {
      const { points, targets } = trainingData(X, y);
      const { net, parameters } = mapNetwork(points, targets, rng, options);
      const tape = slopesAt(net, parameters, points);
      const layers = net.widths.slice(1).map((width, l) => ({
        inputs: secondMoment(withOne(tape.a[l], tape.n, net.widths[l]), tape.n, net.widths[l] + 1),
        slopes: secondMoment(tape.delta[l + 1], tape.n, width),
      }));
      return { net, parameters, layers, n: points.rows, priorVariance: v, noiseVariance: s };
    },
    predict(state, Xs) {
      const { mean, projections, m } = project(state, Xs);
      const variance = new Float64Array(m);
      for (const { a, g, p, q, variances } of projections) {
        for (let j = 0; j < m; j++) {
          for (let o = 0; o < q; o++) {
            let total = 0;
            for (let k = 0; k < p; k++) total += a[j * p + k] * a[j * p + k] * variances[o * p + k];
            variance[j] += g[j * q + o] * g[j * q + o] * total;
          }
        }
      }
      return { mean, variance };
    },
    sample(state, Xs, count, rng) {
      checkInteger('n', count, 0);
      const { mean, projections, m } = project(state, Xs);
      const out = new Float64Array(count * m);
      for (let draw = 0; draw < count; draw++) {
        const f = out.subarray(draw * m, (draw + 1) * m);
        f.set(mean);
        for (const { a, g, p, q, variances } of projections) {
          const weights = variances.map((variance) => Math.sqrt(variance) * sampleNormal(rng));
          for (let j = 0; j < m; j++) {
            for (let o = 0; o < q; o++) {
              let total = 0;
              for (let k = 0; k < p; k++) total += a[j * p + k] * weights[o * p + k];
              f[j] += g[j * q + o] * total;
            }
          }
        }
      }
      return out;
    },
    predictGradient(state, x) {
      const { net, parameters, layers } = state;
      const { mean, projections } = project(state, [x]);
      let variance = 0;
      // Σ j of a layer is U_G T U_Aᵀ with T = variances ∘ (g aᵀ) in the eigenvectors: it meets a and g again, where it is cheap.
      const pushes: Float64Array[] = [];
      const pulls: Float64Array[] = [];
      projections.forEach(({ a, g, p, q, variances }, l) => {
        const forth = new Float64Array(q);
        const back = new Float64Array(p);
        for (let o = 0; o < q; o++) {
          for (let k = 0; k < p; k++) {
            forth[o] += variances[o * p + k] * g[o] * a[k] * a[k];
            back[k] += variances[o * p + k] * g[o] * g[o] * a[k];
          }
          variance += g[o] * forth[o];
        }
        pushes.push(matVec(layers[l].slopes.vectors, forth, q, q));
        pulls.push(matVec(layers[l].inputs.vectors, back, p, p).subarray(0, p - 1)); // the last is the bias
      });
      const tape = differentiatedTape(net, parameters, x);
      const slope = inputGradientTangent(net, parameters, tape, { pushes, pulls });
      return { mean: mean[0], variance, dMean: tape.delta[0], dVariance: slope.map((value) => 2 * value) };
    },
  };
}

/** One layer at m points in the eigenvectors of its factors. */
interface Projection {
  /** U_Aᵀ a, m x p, and U_Gᵀ g, m x q. */
  a: Float64Array;
  g: Float64Array;
  p: number;
  q: number;
  /** The diagonal of Σ, q x p. */
  variances: Float64Array;
}

function project(
  { net, parameters, layers, n, priorVariance: v, noiseVariance: s }: KroneckerLaplaceState,
  Xs: MatrixLike,
): { mean: Float64Array; projections: Projection[]; m: number } {
  const tape = slopesAt(net, parameters, Xs);
  const m = tape.n;
  const projections = layers.map(({ inputs, slopes }, l) => {
    const [p, q] = [net.widths[l] + 1, net.widths[l + 1]];
    const variances = new Float64Array(q * p);
    for (let o = 0; o < q; o++) {
      for (let k = 0; k < p; k++) {
        variances[o * p + k] = 1 / ((slopes.values[o] * inputs.values[k]) / (n * s) + 1 / v);
      }
    }
    const a = matMul(withOne(tape.a[l], m, p - 1), inputs.vectors, m, p, p);
    return { a, g: matMul(tape.delta[l + 1], slopes.vectors, m, q, q), p, q, variances };
  });
  return { mean: tape.a[net.widths.length - 1].slice(), projections, m };
}

/** Activations and, in delta, ∂f/∂z of every layer at some points. */
function slopesAt(net: Mlp, parameters: Float64Array, X: MatrixLike): Tape {
  const tape = recordTape(net, X);
  forward(net, parameters, tape);
  tape.delta[net.widths.length - 1].fill(1);
  backward(net, parameters, tape, null, false);
  return tape;
}

/** Rows of length `width` with a 1 beside them. */
function withOne(rows: Float64Array, n: number, width: number): Float64Array {
  const out = new Float64Array(n * (width + 1)).fill(1);
  for (let i = 0; i < n; i++) out.set(rows.subarray(i * width, (i + 1) * width), i * (width + 1));
  return out;
}

/** Eigendecomposition of Σ_i x_i x_iᵀ. */
function secondMoment(rows: Float64Array, n: number, p: number): SymmetricFactor {
  const moment = matMul(transpose(rows, n, p), rows, p, n, p);
  const { values, vectors } = symmetricEigen(moment, p);
  return { values: values.map((value) => Math.max(0, value)), vectors };
}
