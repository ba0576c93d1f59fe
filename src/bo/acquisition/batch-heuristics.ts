/**
 * Batches chosen one point after the other: each choice is taken for an evaluation with a made-up outcome.
 *
 * Liar and believer: D. Ginsbourger, R. Le Riche, L. Carraro, "Kriging Is Well-Suited to Parallelize Optimization", Springer
 * (2010), section 4. Local penalization: J. González, Z. Dai, P. Hennig, N. Lawrence, arXiv:1505.08052, equations 5 to 8.
 * GIBBON's batch term: H. B. Moss et al., arXiv:2102.03324, equation 8.
 */
import { checkInteger, checkNumber, checkOption, checkPositive } from '../../internal/check.js';
import type { MatrixLike } from '../../linalg/to-row-major.js';
import type { Rng } from '../../random/create-rng.js';
import { log } from '../../special/log.js';
import { logNormalCdf } from '../../special/normal.js';
import { gpAppend, gpAppendMany } from '../gp/append.js';
import { queryPoints, type GpState } from '../gp/gp-state.js';
import { averageNoise, predict } from '../gp/predict.js';
import { quasiUniform } from '../quasi-random.js';
import { momentAcquisition, type Acquisition } from './acquisition.js';
import { checkBounds, type Bounds } from './bounds.js';
import { sumOfAcquisitions } from './constrained-expected-improvement.js';
import { logExpectedImprovementRule } from './expected-improvement.js';
import { gibbonRule, type GibbonOptions } from './max-value-entropy.js';
import { optimizeAcquisition, type OptimizeAcquisitionOptions } from './optimize-acquisition.js';
import { gpPosterior } from './posterior.js';
import { sampleOptima } from './thompson.js';
import { lowerTruncation } from './truncated-normal.js';

export interface BatchSearchOptions extends Omit<OptimizeAcquisitionOptions, 'evaluated'> {
  /** Value to improve on. */
  best: number;
  /** Whether larger is better. Default true. */
  maximize?: boolean;
}

/**
 * q points by expected improvement, each taken for an evaluation that came out as the least, largest or mean target: 'min'
 * spreads the batch most when larger is better.
 */
export function constantLiar(
  gp: GpState,
  q: number,
  bounds: Bounds,
  { lie = 'min', ...options }: BatchSearchOptions & { lie?: 'min' | 'max' | 'mean' },
): Float64Array[] {
  checkOption('lie', lie, ['min', 'max', 'mean']);
  if (gp.n === 0) throw new RangeError('gp must have observations');
  let value = lie === 'min' ? Infinity : lie === 'max' ? -Infinity : 0;
  for (const y of gp.y)
    value = lie === 'min' ? Math.min(value, y) : lie === 'max' ? Math.max(value, y) : value + y / gp.n;
  return greedyBatch(gp, q, bounds, options, () => value);
}

/** q points by expected improvement, each taken for an evaluation that came out as its mean. */
export function krigingBeliever(gp: GpState, q: number, bounds: Bounds, options: BatchSearchOptions): Float64Array[] {
  return greedyBatch(gp, q, bounds, options, (state, x) => {
    const { mean } = predict(state, { data: x, rows: 1, columns: x.length }, { variance: false });
    return mean[0];
  });
}

function greedyBatch(
  gp: GpState,
  q: number,
  bounds: Bounds,
  { best, maximize = true, ...options }: BatchSearchOptions,
  outcome: (gp: GpState, x: Float64Array) => number,
): Float64Array[] {
  checkInteger('q', q, 1);
  checkNumber('best', best);
  checkBounds(bounds, gp.n > 0 ? gp.d : undefined);
  let state = gp;
  let incumbent = best;
  const points: Float64Array[] = [];
  for (let j = 0; j < q; j++) {
    const acquisition = momentAcquisition(
      gpPosterior(state),
      logExpectedImprovementRule({ best: incumbent, maximize }),
    );
    const { x } = optimizeAcquisition(acquisition, bounds, { ...options, evaluated: state.X });
    points.push(x);
    const value = outcome(state, x);
    incumbent = maximize ? Math.max(incumbent, value) : Math.min(incumbent, value);
    state = gpAppend(state, x, value, typeof gp.noise === 'number' ? {} : { noise: averageNoise(gp) });
  }
  return points;
}

export interface LocalPenalizationOptions {
  /** Points without a result. */
  pending: MatrixLike;
  /** Estimate M of the optimum's value; the incumbent serves. */
  optimum: number;
  /** Lipschitz constant L of the objective; default: the largest gradient norm of the mean at 500 points of `bounds`. */
  lipschitz?: number;
  bounds: Bounds;
  rng: Rng;
  /** Whether larger is better. Default true. */
  maximize?: boolean;
}

/**
 * A log acquisition plus ln Φ((L |x - x_j| - M + μ_j)/σ_j) for every pending point: the probability that x is outside the ball
 * around x_j in which the optimum cannot be.
 */
export function localPenalization(
  gp: GpState,
  acquisition: Acquisition,
  options: LocalPenalizationOptions,
): Acquisition {
  const { optimum, bounds, rng, maximize = true } = options;
  checkNumber('optimum', optimum);
  checkBounds(bounds, gp.n > 0 ? gp.d : undefined);
  const sign = maximize ? 1 : -1;
  const points = queryPoints(gp, options.pending, 'pending');
  const L = options.lipschitz === undefined ? steepest(gp, bounds, rng) : checkPositive('lipschitz', options.lipschitz);
  const posterior = gpPosterior(gp);
  const d = points.columns;
  const balls = Array.from({ length: points.rows }, (_, j) => {
    const center = points.data.slice(j * d, (j + 1) * d);
    const { mean, std } = posterior.at(center, false);
    return { center, offset: sign * (mean - optimum), std };
  });
  const penalty: Acquisition = {
    value(x, gradient) {
      gradient?.fill(0);
      let total = 0;
      for (const { center, offset, std } of balls) {
        let r2 = 0;
        for (let k = 0; k < x.length; k++) r2 += (x[k] - center[k]) * (x[k] - center[k]);
        const r = Math.sqrt(r2);
        const z = (L * r + offset) / std;
        const value = logNormalCdf(z);
        total += value;
        if (gradient === undefined || r === 0) continue;
        const slope = (lowerTruncation(z).q * L) / (std * r);
        for (let k = 0; k < x.length; k++) gradient[k] += slope * (x[k] - center[k]);
      }
      return total;
    },
  };
  return sumOfAcquisitions([acquisition, penalty]);
}

function steepest(gp: GpState, bounds: Bounds, rng: Rng): number {
  const d = bounds.length;
  const unit = quasiUniform(500, d, rng);
  const posterior = gpPosterior(gp);
  let largest = 0;
  const slope = new Float64Array(d);
  for (let i = 0; i < 500; i++) {
    const x = Float64Array.from(bounds, ([low, high], k) => low + unit[i * d + k] * (high - low));
    slope.fill(0);
    posterior.at(x, true).pullback(1, 0, slope);
    let norm = 0;
    for (let k = 0; k < d; k++) norm += slope[k] * slope[k];
    largest = Math.max(largest, Math.sqrt(norm));
  }
  // A flat mean has no ball; the smallest slope keeps the penalty defined.
  return Math.max(largest, 1e-7);
}

/**
 * GIBBON for the next point of a batch: its own bound plus what it adds to ½ ln det of the batch's predictive correlations,
 * ½ ln((var(x | pending) + noise)/(var(x) + noise)).
 */
export function gibbonPending(gp: GpState, pending: MatrixLike, options: GibbonOptions): Acquisition {
  const points = queryPoints(gp, pending, 'pending');
  const noise = options.noise ?? averageNoise(gp);
  const own = momentAcquisition(gpPosterior(gp), gibbonRule(options));
  if (points.rows === 0) return own;
  const { mean } = predict(gp, points, { variance: false });
  const later = gpAppendMany(gp, points, mean, typeof gp.noise === 'number' ? {} : { noise });
  const logDeviation = (state: GpState, factor: number) =>
    momentAcquisition(gpPosterior(state), (_mean, std) => ({
      value: 0.5 * factor * log(std * std + noise),
      dMean: 0,
      dStd: (factor * std) / (std * std + noise),
    }));
  return sumOfAcquisitions([own, logDeviation(later, 1), logDeviation(gp, -1)]);
}

export interface QMaxValueEntropyOptions extends Omit<OptimizeAcquisitionOptions, 'evaluated'> {
  /** Paths whose optima are the samples of the optimum's value. Default 16. */
  optima?: number;
  /** Noise variance of an observation, positive. Default: the model's. */
  noise?: number;
  /** Whether larger is better. Default true. */
  maximize?: boolean;
}

/**
 * Max-value entropy search for a batch: q points chosen one after the other, each to add most to GIBBON's lower bound on what
 * the batch tells about the optimum's value,
 *
 *   Σ_j average over y* of -½ ln(1 - ρ_j² q_j (γ_j + q_j)) + ½ ln det of the batch's predictive correlations.
 *
 * The samples y* are the optima of joint posterior paths over `bounds`, drawn once for the batch.
 *
 * @throws RangeError if q or optima is not a positive integer, or noise is not positive (a noise-free model needs it given:
 * without noise the determinant is 0 for a batch that repeats a point)
 */
export function qMaxValueEntropy(
  gp: GpState,
  q: number,
  bounds: Bounds,
  { optima = 16, noise = averageNoise(gp), maximize = true, ...options }: QMaxValueEntropyOptions,
): Float64Array[] {
  checkInteger('q', q, 1);
  checkInteger('optima', optima, 1);
  checkPositive('noise', noise);
  const sampled = sampleOptima(gp, bounds, optima, options.rng, { maximize });
  const optimumSamples = sampled.map(({ value }) => value);
  const points: Float64Array[] = [];
  for (let j = 0; j < q; j++) {
    const acquisition = gibbonPending(gp, points, { optimumSamples, noise, maximize });
    points.push(optimizeAcquisition(acquisition, bounds, { ...options, evaluated: gp.X }).x);
  }
  return points;
}
