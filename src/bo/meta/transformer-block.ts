/**
 * One layer of the encoder of a neural process, with its derivative.
 *
 * A. Vaswani et al., "Attention Is All You Need", arXiv:1706.03762, section 3.1, with layer norm after each sum and GELU; the
 * mask is that of `masked-attention.ts`. For tokens x, n x E:
 *
 *   y = LN1(x + W_o attend(W_q x, W_k x, W_v x)),   out = LN2(y + W_down gelu(W_up y))
 *
 * Every affine map has biases. Arguments are trusted.
 */
import { addOuterProducts, affine, pullThroughWeights } from '../surrogates/dense-layer.js';
import { gelu, geluSlope } from './gelu-network.js';
import { layerNorm, layerNormBackward } from './layer-norm.js';
import { attend, attendBackward } from './masked-attention.js';

export interface BlockShape {
  embed: number;
  heads: number;
  feedForward: number;
}

/** Where the parameters of a block start. */
export interface BlockLayout {
  q: number;
  k: number;
  v: number;
  o: number;
  norm1: number;
  up: number;
  down: number;
  norm2: number;
}

/** What the way back needs. */
export interface BlockTape {
  x: Float64Array;
  q: Float64Array;
  k: Float64Array;
  v: Float64Array;
  attention: Float64Array;
  context: Float64Array;
  normal1: Float64Array;
  scale1: Float64Array;
  y: Float64Array;
  z: Float64Array;
  a: Float64Array;
  normal2: Float64Array;
  scale2: Float64Array;
}

/** The layer's output for n tokens, of which the first h are the history. O(n E (E + F + h)). */
export function blockForward(
  { embed: E, heads, feedForward: F }: BlockShape,
  theta: Float64Array,
  at: BlockLayout,
  x: Float64Array,
  h: number,
  n: number,
): { out: Float64Array; tape: BlockTape } {
  const [q, k, v, context, mixed] = [0, 0, 0, 0, 0].map(() => new Float64Array(n * E));
  affine(x, n, E, theta, at.q, E, q);
  affine(x, n, E, theta, at.k, E, k);
  affine(x, n, E, theta, at.v, E, v);
  const attention = attend(q, k, v, h, n, E, heads, context);
  affine(context, n, E, theta, at.o, E, mixed);
  for (let p = 0; p < n * E; p++) mixed[p] += x[p];
  const { out: y, normal: normal1, scale: scale1 } = layerNorm(mixed, n, E, theta, at.norm1);
  const z = new Float64Array(n * F);
  affine(y, n, E, theta, at.up, F, z);
  const a = gelu(z);
  const sum = new Float64Array(n * E);
  affine(a, n, F, theta, at.down, E, sum);
  for (let p = 0; p < n * E; p++) sum[p] += y[p];
  const { out, normal: normal2, scale: scale2 } = layerNorm(sum, n, E, theta, at.norm2);
  return { out, tape: { x, q, k, v, attention, context, normal1, scale1, y, z, a, normal2, scale2 } };
}

/** From ∂out: adds to the gradient in the parameters, returns ∂x. */
export function blockBackward(
  { embed: E, heads, feedForward: F }: BlockShape,
  theta: Float64Array,
  at: BlockLayout,
  tape: BlockTape,
  h: number,
  n: number,
  dOut: Float64Array,
  gradient: Float64Array,
): Float64Array {
  const dSum = layerNormBackward(dOut, tape.normal2, tape.scale2, n, E, theta, at.norm2, gradient);
  addOuterProducts(dSum, tape.a, n, E, F, gradient, at.down);
  const dz = new Float64Array(n * F);
  pullThroughWeights(dSum, theta, at.down, n, E, F, dz);
  for (let p = 0; p < n * F; p++) dz[p] *= geluSlope(tape.z[p]);
  addOuterProducts(dz, tape.y, n, F, E, gradient, at.up);
  const dy = new Float64Array(n * E);
  pullThroughWeights(dz, theta, at.up, n, F, E, dy);
  for (let p = 0; p < n * E; p++) dy[p] += dSum[p];

  const dMixed = layerNormBackward(dy, tape.normal1, tape.scale1, n, E, theta, at.norm1, gradient);
  addOuterProducts(dMixed, tape.context, n, E, E, gradient, at.o);
  const dContext = new Float64Array(n * E);
  pullThroughWeights(dMixed, theta, at.o, n, E, E, dContext);
  const { dq, dk, dv } = attendBackward(tape, dContext, h, n, E, heads);
  const dx = dMixed;
  const part = new Float64Array(n * E);
  for (const [start, d] of [
    [at.q, dq],
    [at.k, dk],
    [at.v, dv],
  ] as const) {
    addOuterProducts(d, tape.x, n, E, E, gradient, start);
    pullThroughWeights(d, theta, start, n, E, E, part);
    for (let p = 0; p < n * E; p++) dx[p] += part[p];
  }
  return dx;
}
