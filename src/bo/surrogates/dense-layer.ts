/**
 * The affine layer z = W a + b on batches, forwards and backwards, with W (width x fanIn, row-major) and b side by side in
 * a flat vector of parameters from `at` on. Arguments are trusted.
 */

/** z[i, o] = b_o + Σ_k W[o, k] a[i, k], each with one accumulator in increasing k; four outputs at a time. */
export function affine(
  a: Float64Array,
  n: number,
  fanIn: number,
  theta: Float64Array,
  at: number,
  width: number,
  z: Float64Array,
): void {
  const bias = at + width * fanIn;
  for (let i = 0; i < n; i++) {
    const row = i * fanIn;
    const out = i * width;
    let o = 0;
    for (; o + 3 < width; o += 4) {
      const w0 = at + o * fanIn;
      const w1 = w0 + fanIn;
      const w2 = w1 + fanIn;
      const w3 = w2 + fanIn;
      let s0 = theta[bias + o];
      let s1 = theta[bias + o + 1];
      let s2 = theta[bias + o + 2];
      let s3 = theta[bias + o + 3];
      for (let k = 0; k < fanIn; k++) {
        const v = a[row + k];
        s0 += theta[w0 + k] * v;
        s1 += theta[w1 + k] * v;
        s2 += theta[w2 + k] * v;
        s3 += theta[w3 + k] * v;
      }
      z[out + o] = s0;
      z[out + o + 1] = s1;
      z[out + o + 2] = s2;
      z[out + o + 3] = s3;
    }
    for (; o < width; o++) {
      const w = at + o * fanIn;
      let s = theta[bias + o];
      for (let k = 0; k < fanIn; k++) s += theta[w + k] * a[row + k];
      z[out + o] = s;
    }
  }
}

/** gradient += Σ_i δ_i a_iᵀ for the weights, Σ_i δ_i for the biases, in increasing i. */
export function addOuterProducts(
  delta: Float64Array,
  a: Float64Array,
  n: number,
  width: number,
  fanIn: number,
  gradient: Float64Array,
  at: number,
): void {
  const bias = at + width * fanIn;
  let i = 0;
  // Four points at a time: the sums keep their order, the gradient is read and written a quarter as often.
  for (; i + 3 < n; i += 4) {
    const r0 = i * fanIn;
    const r1 = r0 + fanIn;
    const r2 = r1 + fanIn;
    const r3 = r2 + fanIn;
    for (let o = 0; o < width; o++) {
      const d0 = delta[i * width + o];
      const d1 = delta[(i + 1) * width + o];
      const d2 = delta[(i + 2) * width + o];
      const d3 = delta[(i + 3) * width + o];
      gradient[bias + o] = gradient[bias + o] + d0 + d1 + d2 + d3;
      const w = at + o * fanIn;
      for (let k = 0; k < fanIn; k++) {
        gradient[w + k] = gradient[w + k] + d0 * a[r0 + k] + d1 * a[r1 + k] + d2 * a[r2 + k] + d3 * a[r3 + k];
      }
    }
  }
  for (; i < n; i++) {
    const row = i * fanIn;
    for (let o = 0; o < width; o++) {
      const d = delta[i * width + o];
      gradient[bias + o] += d;
      const w = at + o * fanIn;
      for (let k = 0; k < fanIn; k++) gradient[w + k] += d * a[row + k];
    }
  }
}

/** out[i, k] = Σ_o δ[i, o] W[o, k], in increasing o. */
export function pullThroughWeights(
  delta: Float64Array,
  theta: Float64Array,
  at: number,
  n: number,
  width: number,
  fanIn: number,
  out: Float64Array,
): void {
  out.fill(0);
  for (let i = 0; i < n; i++) {
    const row = i * fanIn;
    let o = 0;
    for (; o + 3 < width; o += 4) {
      const d0 = delta[i * width + o];
      const d1 = delta[i * width + o + 1];
      const d2 = delta[i * width + o + 2];
      const d3 = delta[i * width + o + 3];
      const w0 = at + o * fanIn;
      const w1 = w0 + fanIn;
      const w2 = w1 + fanIn;
      const w3 = w2 + fanIn;
      for (let k = 0; k < fanIn; k++) {
        out[row + k] = out[row + k] + d0 * theta[w0 + k] + d1 * theta[w1 + k] + d2 * theta[w2 + k] + d3 * theta[w3 + k];
      }
    }
    for (; o < width; o++) {
      const d = delta[i * width + o];
      const w = at + o * fanIn;
      for (let k = 0; k < fanIn; k++) out[row + k] += d * theta[w + k];
    }
  }
}
