/**
 * The knowledge gradient of q observations at once.
 *
 * J. Wu, P. I. Frazier, arXiv:1606.04414, equation 3.2, and section 3.3 for its gradient. With Σ the posterior covariance of the
 * batch X plus the noise, L its Cholesky factor and z standard normal in q dimensions, over a finite domain A
 *
 *   qKG(X) = E max_a (μ_n(a) + σ̃(a)·z) - max_a μ_n(a),     σ̃(a) = L^-1 Cov_n(f(X), f(a))
 *
 * By the envelope theorem its gradient is the mean of those of σ̃(a*)·z, a* the maximizer for that z.
 */
import { checkInteger, checkNumber, checkVector } from '../../internal/check.js';
import { cholesky } from '../../linalg/cholesky.js';
import type { MatrixLike } from '../../linalg/to-row-major.js';
import { solveLower, solveUpperTMany } from '../../linalg/triangular.js';
import type { Rng } from '../../random/create-rng.js';
import { sobolNormal } from '../../random/sobol.js';
import { queryPoints, type GpState } from '../gp/gp-state.js';
import { averageNoise, predict } from '../gp/predict.js';
import type { Acquisition } from './acquisition.js';
import { choleskyPullback, jointMoments } from './joint-posterior.js';
import { knowledgeGradientAcquisition } from './knowledge-gradient.js';
import { posteriorCovariance } from './posterior-covariance.js';

export interface QKnowledgeGradientOptions {
  /** The points whose best mean counts, m x d. */
  domain: MatrixLike;
  /** Noise variance of an observation. Default: the model's. */
  noise?: number;
  /** Whether larger is better. Default true. */
  maximize?: boolean;
  /** Quasi-random z. Default 512. */
  samples?: number;
  rng: Rng;
}

/**
 * The knowledge gradient of q observations at once, over a finite domain: by quasi-random z; exact lines for q = 1.
 * O(q m n² + S q m) for S samples.
 *
 * @param X q x d
 * @throws RangeError if the domain is empty, noise is negative, or points of X coincide without noise
 */
export function qKnowledgeGradient(gp: GpState, X: MatrixLike, options: QKnowledgeGradientOptions): number {
  const { data, rows } = queryPoints(gp, X, 'X');
  return qKnowledgeGradientAcquisition(gp, rows, options).value(data);
}

/**
 * `qKnowledgeGradient` as a function of the q points, row-major, with its gradient. The samples are drawn once, here, so that
 * the function is deterministic; it is differentiable but where two points of the domain tie for some sample. The gradient
 * costs O((q + w) n²) more, w the number of points of the domain that are best for some sample.
 *
 * @throws RangeError if q or samples is not a positive integer, the domain is empty, or noise is negative
 */
export function qKnowledgeGradientAcquisition(
  gp: GpState,
  q: number,
  { domain, noise = averageNoise(gp), maximize = true, samples = 512, rng }: QKnowledgeGradientOptions,
): Acquisition {
  checkInteger('q', q, 1);
  checkInteger('samples', samples, 1);
  checkNumber('noise', noise, 0);
  const A = queryPoints(gp, domain, 'domain');
  if (A.rows === 0) throw new RangeError('domain must not be empty');
  if (q === 1) {
    return knowledgeGradientAcquisition(gp, { domain: A, noise, maximize, includeX: false, log: false });
  }
  const d = A.columns;
  const sign = maximize ? 1 : -1;
  const mean = predict(gp, A, { variance: false }).mean.map((value) => sign * value);
  let best = -Infinity;
  for (let a = 0; a < A.rows; a++) best = Math.max(best, mean[a]);
  const covariance = posteriorCovariance(gp);
  const withDomain = covariance.withMany(A);
  const z = sobolNormal(samples, q, rng);

  return {
    value(x, gradient) {
      checkVector('x', x, q * d);
      const S = new Float64Array(q * q);
      const slopes = new Float64Array(A.rows * q);
      for (let i = 0; i < q; i++) {
        const point = x.slice(i * d, (i + 1) * d);
        for (let j = 0; j <= i; j++) S[i * q + j] = covariance(point, x.slice(j * d, (j + 1) * d));
        S[i * q + i] += noise + 1e-10;
        withDomain(point).forEach((shared, a) => (slopes[a * q + i] = shared));
      }
      if (cholesky(S, q) >= 0) throw new RangeError('X must hold distinct points');
      for (let a = 0; a < A.rows; a++) {
        slopes.set(solveLower(S, slopes.slice(a * q, (a + 1) * q), q), a * q);
      }
      // Of every winner the sum of the z that it wins.
      const won = new Map<number, Float64Array>();
      let total = 0;
      for (let s = 0; s < samples; s++) {
        let top = -Infinity;
        let winner = 0;
        for (let a = 0; a < A.rows; a++) {
          let value = mean[a];
          for (let i = 0; i < q; i++) value += slopes[a * q + i] * z[s * q + i];
          if (value > top) [top, winner] = [value, a];
        }
        total += top;
        if (gradient === undefined) continue;
        const sum = won.get(winner) ?? new Float64Array(q);
        for (let i = 0; i < q; i++) sum[i] += z[s * q + i];
        won.set(winner, sum);
      }
      if (gradient !== undefined) pullback(x, S, slopes, won, gradient);
      return total / samples - best;
    },
  };

  /** g·L^-1 c has the derivatives w = L^-T g in c and -w (L^-1 c)ᵀ in L. */
  function pullback(
    x: Float64Array,
    L: Float64Array,
    slopes: Float64Array,
    won: Map<number, Float64Array>,
    gradient: Float64Array,
  ): void {
    const size = q + won.size;
    const points = new Float64Array(size * d);
    points.set(x);
    const byCovariance = new Float64Array(size * size);
    const byL = new Float64Array(q * q);
    let column = q;
    for (const [a, sum] of won) {
      points.set(A.data.subarray(a * d, (a + 1) * d), column * d);
      const w = solveUpperTMany(L, sum, q, 1);
      for (let i = 0; i < q; i++) {
        byCovariance[i * size + column] = w[i] / samples;
        for (let j = 0; j <= i; j++) byL[i * q + j] -= (w[i] * slopes[a * q + j]) / samples;
      }
      column += 1;
    }
    const byS = choleskyPullback(L, byL, q);
    for (let i = 0; i < q; i++) for (let j = 0; j < q; j++) byCovariance[i * size + j] = byS[i * q + j];
    gradient.fill(0);
    const moments = jointMoments(gp, { data: points, rows: size, columns: d });
    moments.pullback(new Float64Array(size), byCovariance, q, gradient);
  }
}
