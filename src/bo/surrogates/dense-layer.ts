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
  for (let i = 0; i < n; i++) {
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
    for (let o = 0; o < width; o++) {
      const d = delta[i * width + o];
      if (d === 0) continue;
      const w = at + o * fanIn;
      for (let k = 0; k < fanIn; k++) out[row + k] += d * theta[w + k];
    }
  }
}
