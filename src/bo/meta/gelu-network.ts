/**
 * A network with one hidden layer, GELU and one output, with its derivative: the heads of a neural process.
 *
 * D. Hendrycks, K. Gimpel, "Gaussian Error Linear Units", arXiv:1606.08415: gelu(z) = z Φ(z), slope Φ(z) + z φ(z).
 *
 *   out = w·gelu(W u + b) + c for each of n inputs u
 */
import { normalCdf, normalPdf } from '../../special/normal.js';
import { addOuterProducts, affine, pullThroughWeights } from '../surrogates/dense-layer.js';

/** What the way back needs: inputs, pre-activations and activations. */
export interface GeluNetworkTape {
  u: Float64Array;
  z: Float64Array;
  a: Float64Array;
}

/** Outputs at n inputs of length fanIn, row-major. */
export function geluNetwork(
  u: Float64Array,
  n: number,
  fanIn: number,
  F: number,
  theta: Float64Array,
  first: number,
  second: number,
): GeluNetworkTape & { out: Float64Array } {
  const z = new Float64Array(n * F);
  affine(u, n, fanIn, theta, first, F, z);
  const a = gelu(z);
  const out = new Float64Array(n);
  affine(a, n, F, theta, second, 1, out);
  return { u, z, a, out };
}

/** From ∂out: adds to the gradient in the parameters, returns ∂u. */
export function geluNetworkBackward(
  { u, z, a }: GeluNetworkTape,
  delta: Float64Array,
  n: number,
  fanIn: number,
  F: number,
  theta: Float64Array,
  first: number,
  second: number,
  gradient: Float64Array,
): Float64Array {
  addOuterProducts(delta, a, n, 1, F, gradient, second);
  const dz = new Float64Array(n * F);
  pullThroughWeights(delta, theta, second, n, 1, F, dz);
  for (let p = 0; p < n * F; p++) dz[p] *= geluSlope(z[p]);
  addOuterProducts(dz, u, n, F, fanIn, gradient, first);
  const du = new Float64Array(n * fanIn);
  pullThroughWeights(dz, theta, first, n, F, fanIn, du);
  return du;
}

export function gelu(z: Float64Array): Float64Array {
  return z.map((v) => v * normalCdf(v));
}

export function geluSlope(z: number): number {
  return normalCdf(z) + z * normalPdf(z);
}
