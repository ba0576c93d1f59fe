/**
 * Relevance of sources when heads are estimates: the Lasso, by coordinate descent with a certificate.
 *
 * R. Tibshirani (1996); J. Friedman, T. Hastie, R. Tibshirani, Journal of Statistical Software 33 (2010); use: Y. Wang et al.,
 * arXiv:2306.02556, Algorithm 1.
 *
 *   P(ν) = ½ ||W ν - w||² + λ ||ν||_1;   gap: P(ν) - D(u) with the dual point u = s (w - W ν), s = min(1, λ / ||Wᵀ(w - W ν)||_∞),
 *   D(u) = ½ ||w||² - ½ ||u - w||²
 */
import { checkInteger, checkNumber, checkVector } from '../../internal/check.js';
import { type MatrixLike, toRowMajor } from '../../linalg/index.js';

export interface LassoRelevance {
  nu: Float64Array;
  /** P(ν). */
  objective: number;
  /** Proved upper bound of P(ν) - min P. */
  gap: number;
  iterations: number;
  converged: boolean;
  status: 'converged' | 'max-iterations';
}

/**
 * argmin P. Converged when the gap is at most tolerance · max(1, ½ ||w||²). O(k T) a sweep; the gap is computed after every tenth. At λ = 0 the
 * certificate is void and a relative change of 1e-14 in a sweep stops.
 *
 * @param sourceHeads W, k × T
 * @param targetHead w, length k
 * @param lambda λ >= 0
 * @param options.tolerance default 1e-10
 * @param options.maxIterations sweeps, default 100000
 * @throws RangeError if shapes do not fit or an argument is out of range
 *
 * @example
 * lassoRelevance([[1]], [3], 1).nu; //=> Float64Array.of(2)
 */
export function lassoRelevance(
  sourceHeads: MatrixLike,
  targetHead: ArrayLike<number>,
  lambda: number,
  options: { tolerance?: number; maxIterations?: number } = {},
): LassoRelevance {
  const { data: W, rows: k, columns: T } = toRowMajor(sourceHeads, 'sourceHeads');
  if (k === 0 || T === 0) throw new RangeError('sourceHeads must not be empty');
  checkVector('sourceHeads', W);
  checkVector('targetHead', targetHead, k);
  checkNumber('lambda', lambda, 0);
  const tolerance = checkNumber('tolerance', options.tolerance ?? 1e-10, 0);
  const maxIterations = checkInteger('maxIterations', options.maxIterations ?? 100_000, 0);
  const nu = new Float64Array(T);
  const residual = Float64Array.from(targetHead);
  const squares = new Float64Array(T);
  let norm2 = 0;
  for (let i = 0; i < k; i++) norm2 += residual[i] * residual[i];
  for (let t = 0; t < T; t++) for (let i = 0; i < k; i++) squares[t] += W[i * T + t] * W[i * T + t];
  const enough = tolerance * Math.max(1, norm2 / 2);

  let iterations = 0;
  let { objective, gap } = certificate();
  let status: LassoRelevance['status'] = gap <= enough ? 'converged' : 'max-iterations';
  while (status !== 'converged' && iterations < maxIterations) {
    const change = sweep();
    iterations += 1;
    if (iterations % 10 !== 0 && change > 0 && iterations < maxIterations) continue;
    ({ objective, gap } = certificate());
    if (gap <= enough || change <= 1e-14) status = 'converged';
  }
  return { nu, objective, gap, iterations, converged: status === 'converged', status };

  /** One pass over the coordinates; the largest change. */
  function sweep(): number {
    let change = 0;
    for (let t = 0; t < T; t++) {
      if (squares[t] === 0) continue;
      let slope = 0;
      for (let i = 0; i < k; i++) slope += W[i * T + t] * residual[i];
      const z = slope + squares[t] * nu[t];
      const next = (Math.sign(z) * Math.max(0, Math.abs(z) - lambda)) / squares[t];
      const step = next - nu[t];
      if (step === 0) continue;
      for (let i = 0; i < k; i++) residual[i] -= step * W[i * T + t];
      nu[t] = next;
      change = Math.max(change, Math.abs(step) / Math.max(1, Math.abs(next)));
    }
    return change;
  }

  function certificate(): { objective: number; gap: number } {
    let loss = 0;
    let l1 = 0;
    let slope = 0;
    for (let i = 0; i < k; i++) loss += residual[i] * residual[i];
    for (let t = 0; t < T; t++) {
      l1 += Math.abs(nu[t]);
      let s = 0;
      for (let i = 0; i < k; i++) s += W[i * T + t] * residual[i];
      slope = Math.max(slope, Math.abs(s));
    }
    const scale = slope > lambda ? lambda / slope : 1;
    let distance = 0;
    for (let i = 0; i < k; i++) {
      const u = scale * residual[i] - targetHead[i];
      distance += u * u;
    }
    const value = loss / 2 + lambda * l1;
    return { objective: value, gap: Math.max(0, value - (norm2 - distance) / 2) };
  }
}
