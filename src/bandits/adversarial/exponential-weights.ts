/** The law of every exponential-weights policy: a softmax of cumulative estimates, mixed with the uniform law. */
import { exp } from '../../special/exp.js';

/** out_i = (1 - γ) e^(rate x_i) / Σ_j e^(rate x_j) + γ / K, the largest exponent taken out first. */
export function exponentialWeights(x: ArrayLike<number>, rate: number, gamma: number, out: Float64Array): void {
  const K = x.length;
  let extreme = x[0];
  for (let i = 1; i < K; i++) if (rate > 0 ? x[i] > extreme : x[i] < extreme) extreme = x[i];
  let total = 0;
  for (let i = 0; i < K; i++) {
    const w = exp(rate * (x[i] - extreme));
    out[i] = w;
    total += w;
  }
  for (let i = 0; i < K; i++) out[i] = (1 - gamma) * (out[i] / total) + gamma / K;
}
