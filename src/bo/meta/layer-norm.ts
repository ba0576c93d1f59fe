/**
 * Layer norm, token by token, with its derivative.
 *
 * J. L. Ba, J. R. Kiros, G. E. Hinton, "Layer Normalization", arXiv:1607.06450:
 *
 *   x̂ = (x - mean)/√(variance + ε),   y = g x̂ + b;   g and b side by side in the parameters, ε = 1e-5
 *
 * Arguments are trusted; x is n x E.
 */

const NORM_EPSILON = 1e-5;

/** y, and what the way back needs: x̂ and 1/√(variance + ε). */
export function layerNorm(
  x: Float64Array,
  n: number,
  E: number,
  theta: Float64Array,
  at: number,
): { out: Float64Array<ArrayBuffer>; normal: Float64Array; scale: Float64Array } {
  const out = new Float64Array(n * E);
  const normal = new Float64Array(n * E);
  const scale = new Float64Array(n);
  for (let i = 0; i < n; i++) {
    let mean = 0;
    for (let e = 0; e < E; e++) mean += x[i * E + e];
    mean /= E;
    let variance = 0;
    for (let e = 0; e < E; e++) variance += (x[i * E + e] - mean) * (x[i * E + e] - mean);
    scale[i] = 1 / Math.sqrt(variance / E + NORM_EPSILON);
    for (let e = 0; e < E; e++) {
      normal[i * E + e] = (x[i * E + e] - mean) * scale[i];
      out[i * E + e] = theta[at + e] * normal[i * E + e] + theta[at + E + e];
    }
  }
  return { out, normal, scale };
}

/** ∂x = (∂x̂ - mean ∂x̂ - x̂ mean(∂x̂ x̂)) / √(variance + ε) with ∂x̂ = g ∂y; adds the gradients of g and b. */
export function layerNormBackward(
  dy: Float64Array,
  normal: Float64Array,
  scale: Float64Array,
  n: number,
  E: number,
  theta: Float64Array,
  at: number,
  gradient: Float64Array,
): Float64Array<ArrayBuffer> {
  const dx = new Float64Array(n * E);
  for (let i = 0; i < n; i++) {
    let mean = 0;
    let product = 0;
    for (let e = 0; e < E; e++) {
      const p = i * E + e;
      gradient[at + e] += dy[p] * normal[p];
      gradient[at + E + e] += dy[p];
      const d = dy[p] * theta[at + e];
      mean += d;
      product += d * normal[p];
    }
    mean /= E;
    product /= E;
    for (let e = 0; e < E; e++) {
      const p = i * E + e;
      dx[p] = scale[i] * (dy[p] * theta[at + e] - mean - normal[p] * product);
    }
  }
  return dx;
}
