/**
 * Information about where the optimum is and how high together, and by brute force about where it is.
 *
 * Joint entropy search: C. Hvarfner, F. Hutter, L. Nardi, arXiv:2206.04771, equation 11 (the lower bound by moments, also
 * B. Tu et al., arXiv:2206.02767). For a sampled optimum (x*, y*), with γ = (y* - mean')/std' of the process conditioned on it,
 *
 *   JES = ½ ln(var + noise) - average of ½ ln(var' (1 - q (γ + q)) + noise),    q = φ(γ)/Φ(γ)
 */
import { checkInteger, checkNumber } from '../../internal/check.js';
import type { MatrixLike } from '../../linalg/to-row-major.js';
import type { Rng } from '../../random/create-rng.js';
import { log } from '../../special/log.js';
import { normalQuantile } from '../../special/normal.js';
import { xlogy } from '../../special/xlogy.js';
import { gpAppend, gpFantasize } from '../gp/append.js';
import { queryPoint, queryPoints, type GpState } from '../gp/gp-state.js';
import { averageNoise, predict } from '../gp/predict.js';
import { kernelValue } from '../kernels/kernel-matrix.js';
import { quasiNormal } from '../quasi-random.js';
import type { Acquisition } from './acquisition.js';
import { reparametrize } from './joint-posterior.js';
import { gpPosterior } from './posterior.js';
import type { SampledOptimum } from './thompson.js';
import { lowerTruncation } from './truncated-normal.js';

export interface EntropySearchOptions {
  /** Samples of the optimum, as `sampleOptima` draws them. */
  optima: readonly SampledOptimum[];
  /** Noise variance of an observation. Default: the model's. */
  noise?: number;
  /** Whether larger is better. Default true. */
  maximize?: boolean;
}

/**
 * Joint entropy search, in nats: what an observation tells about the optimum's place and value together. Each sample is a
 * noiseless observation of its optimum (1e-8 of the prior variance), beyond which the objective is truncated. O(n²) a point
 * for each of the samples.
 *
 * @throws RangeError if there are no samples
 */
export function jointEntropySearch(gp: GpState, options: EntropySearchOptions): Acquisition {
  const { optima, noise = averageNoise(gp), maximize = true } = options;
  if (optima.length === 0) throw new RangeError('optima must not be empty');
  checkNumber('noise', noise, 0);
  const sign = maximize ? 1 : -1;
  const before = gpPosterior(gp);
  const after = optima.map(({ x, value }) =>
    gpPosterior(gpAppend(gp, x, value, { noise: 1e-8 * kernelValue(gp.kernel, x, x) })),
  );
  const S = optima.length;
  return {
    value(x, gradient) {
      gradient?.fill(0);
      const at = before.at(x, gradient !== undefined);
      const total = at.std * at.std + noise;
      let value = 0.5 * log(total);
      if (gradient !== undefined) at.pullback(0, at.std / total, gradient);
      for (let s = 0; s < S; s++) {
        const then = after[s].at(x, gradient !== undefined);
        const gamma = (sign * (optima[s].value - then.mean)) / then.std;
        const { q, c, variance } = lowerTruncation(gamma);
        const left = then.std * then.std * variance + noise;
        value -= (0.5 * log(left)) / S;
        if (gradient === undefined) continue;
        // ∂(std² v)/∂γ = std² q (c² - v), γ falls with the mean and with the deviation.
        const byGamma = then.std * then.std * q * (c * c - variance);
        const byMean = (-sign * byGamma) / then.std;
        const byStd = 2 * then.std * variance - (byGamma * gamma) / then.std;
        then.pullback(-byMean / (2 * left * S), -byStd / (2 * left * S), gradient);
      }
      return value;
    },
  };
}

export interface ArgmaxOptions {
  /** Joint draws. Default 1024. */
  samples?: number;
  /** Whether larger is better. Default true. */
  maximize?: boolean;
  rng: Rng;
}

/** The probability of every candidate to be the best of them, by quasi-Monte Carlo. O(m³ + S m²). */
export function argmaxDistribution(gp: GpState, candidates: MatrixLike, options: ArgmaxOptions): Float64Array {
  const points = queryPoints(gp, candidates, 'candidates');
  const z = quasiNormal(checkInteger('samples', options.samples ?? 1024, 1), Math.max(1, points.rows), options.rng);
  return argmaxOf(gp, points, z, options.maximize ?? true);
}

/**
 * Entropy search on a finite set, by brute force: the expected drop of the entropy of the best candidate after an observation
 * at x, in nats. P. Hennig, C. J. Schuler, Journal of Machine Learning Research 13 (2012) 1809-1837, without their
 * approximations; for small sets, and to check what other acquisitions prefer.
 *
 * The observation is integrated over 9 quantiles, and all entropies share their base samples. The value is a number without a
 * gradient, since counts of samples are constant between jumps: `jointEntropySearch` and `predictiveEntropySearch` have one.
 */
export function entropySearchDiscrete(
  gp: GpState,
  x: ArrayLike<number>,
  candidates: MatrixLike,
  options: ArgmaxOptions,
): number {
  const points = queryPoints(gp, candidates, 'candidates');
  const point = queryPoint(gp, x);
  const maximize = options.maximize ?? true;
  const z = quasiNormal(checkInteger('samples', options.samples ?? 1024, 1), Math.max(1, points.rows), options.rng);
  const now = entropyOf(argmaxOf(gp, points, z, maximize));
  const at = gpPosterior(gp).at(point, false);
  const spread = Math.sqrt(at.std * at.std + averageNoise(gp));
  const outcomes = Array.from({ length: 9 }, (_, i) => at.mean + spread * normalQuantile((i + 0.5) / 9));
  let later = 0;
  for (const state of gpFantasize(gp, point, outcomes)) later += entropyOf(argmaxOf(state, points, z, maximize)) / 9;
  return now - later;
}

function argmaxOf(
  gp: GpState,
  points: ReturnType<typeof queryPoints>,
  z: Float64Array,
  maximize: boolean,
): Float64Array {
  const m = points.rows;
  if (m === 0) throw new RangeError('candidates must not be empty');
  const { mean, covariance } = predict(gp, points, { covariance: true });
  for (let i = 0; i < m; i++) covariance[i * m + i] += 1e-12;
  const { y } = reparametrize(mean, covariance, z);
  const S = z.length / m;
  const counts = new Float64Array(m);
  for (let s = 0; s < S; s++) {
    let best = 0;
    for (let j = 1; j < m; j++)
      if (maximize ? y[s * m + j] > y[s * m + best] : y[s * m + j] < y[s * m + best]) best = j;
    counts[best] += 1 / S;
  }
  return counts;
}

function entropyOf(p: Float64Array): number {
  let total = 0;
  for (let i = 0; i < p.length; i++) total -= xlogy(p[i], p[i]);
  return total;
}
