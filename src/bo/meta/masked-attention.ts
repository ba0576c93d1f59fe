/**
 * Attention under the mask of a neural process, with its derivative.
 *
 * A. Vaswani et al., "Attention Is All You Need", arXiv:1706.03762, equation 1, head by head: with size = E/heads,
 *
 *   s_ij = q_i·k_j / √size,   p_ij = softmax over the j that i may see,   context_i = Σ_j p_ij v_j
 *
 *   mask   token i sees the h tokens of the history and, if it is a candidate (i >= h), itself: nothing else
 *
 *   ∂v_j = Σ_i p_ij ∂context_i,   ∂s_ij = p_ij (∂context_i·v_j - Σ_k p_ik ∂context_i·v_k)
 *
 * Arguments are trusted; q, k, v and the context are n x E with the heads side by side.
 */
import { exp } from '../../special/exp.js';

/**
 * Adds the context into `context` and returns the attention p, [head][token][h + 1]; its last column is a candidate's attention
 * to itself. O(n h E).
 */
export function attend(
  q: Float64Array,
  k: Float64Array,
  v: Float64Array,
  h: number,
  n: number,
  E: number,
  heads: number,
  context: Float64Array,
): Float64Array {
  const size = E / heads;
  const scale = 1 / Math.sqrt(size);
  const attention = new Float64Array(heads * n * (h + 1));
  for (let head = 0; head < heads; head++) {
    for (let i = 0; i < n; i++) {
      const row = (head * n + i) * (h + 1);
      const own = i >= h;
      const m = own ? h + 1 : h;
      let largest = -Infinity;
      for (let j = 0; j < m; j++) {
        const other = j < h ? j : i;
        let score = 0;
        for (let e = head * size; e < (head + 1) * size; e++) score += q[i * E + e] * k[other * E + e];
        score *= scale;
        attention[row + j] = score;
        if (score > largest) largest = score;
      }
      let total = 0;
      for (let j = 0; j < m; j++) {
        attention[row + j] = exp(attention[row + j] - largest);
        total += attention[row + j];
      }
      for (let j = 0; j < m; j++) {
        const weight = attention[row + j] / total;
        attention[row + j] = weight;
        const other = j < h ? j : i;
        for (let e = head * size; e < (head + 1) * size; e++) context[i * E + e] += weight * v[other * E + e];
      }
    }
  }
  return attention;
}

/** The gradients in q, k and v, given that in the context. O(n h E). */
export function attendBackward(
  { q, k, v, attention }: { q: Float64Array; k: Float64Array; v: Float64Array; attention: Float64Array },
  dContext: Float64Array,
  h: number,
  n: number,
  E: number,
  heads: number,
): { dq: Float64Array; dk: Float64Array; dv: Float64Array } {
  const size = E / heads;
  const scale = 1 / Math.sqrt(size);
  const [dq, dk, dv] = [0, 0, 0].map(() => new Float64Array(n * E));
  const slope = new Float64Array(h + 1);
  for (let head = 0; head < heads; head++) {
    const [first, end] = [head * size, (head + 1) * size];
    for (let i = 0; i < n; i++) {
      const row = (head * n + i) * (h + 1);
      const m = i >= h ? h + 1 : h;
      let mean = 0;
      for (let j = 0; j < m; j++) {
        const other = j < h ? j : i;
        const weight = attention[row + j];
        let s = 0;
        for (let e = first; e < end; e++) {
          s += dContext[i * E + e] * v[other * E + e];
          dv[other * E + e] += weight * dContext[i * E + e];
        }
        slope[j] = s;
        mean += weight * s;
      }
      for (let j = 0; j < m; j++) {
        const other = j < h ? j : i;
        const s = scale * attention[row + j] * (slope[j] - mean);
        for (let e = first; e < end; e++) {
          dq[i * E + e] += s * k[other * E + e];
          dk[other * E + e] += s * q[i * E + e];
        }
      }
    }
  }
  return { dq, dk, dv };
}
