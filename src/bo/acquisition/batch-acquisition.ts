/**
 * Monte-Carlo acquisition functions of q points at once.
 *
 * M. Balandat et al., arXiv:1910.06403, section 4: sample average approximation. The base samples z are quasi-normal and part of
 * the acquisition, so that it is a deterministic, differentiable function of the q points.
 */
import { checkInteger, checkNumber, checkVector } from '../../internal/check.js';
import { toRowMajor, type MatrixLike } from '../../linalg/to-row-major.js';
import type { Rng } from '../../random/create-rng.js';
import { queryPoints, trainingPoints, type GpState } from '../gp/gp-state.js';
import { predict } from '../gp/predict.js';
import type { Points } from '../kernels/kernel.js';
import { quasiNormal } from '../quasi-random.js';
import type { Acquisition } from './acquisition.js';
import { jointMoments, reparametrize } from './joint-posterior.js';
import {
  confidenceBoundUtility,
  expectedImprovementUtility,
  logExpectedImprovementUtility,
  logNoisyImprovementUtility,
  noisyImprovementUtility,
  probabilityOfImprovementUtility,
  simpleRegretUtility,
  type SampleUtility,
} from './sample-utilities.js';

export interface BatchOptions {
  /** Points q that are chosen together. */
  q: number;
  /** Points without a result that count as part of the batch. Default none. */
  pending?: MatrixLike;
  /** Base samples; a power of two keeps the balance of the Sobol points. Default 512. */
  samples?: number;
  /** Whether larger is better. Default true. */
  maximize?: boolean;
  rng: Rng;
}

/** Moments of a joint normal law: m means and the m x m covariance. */
export interface JointNormal {
  mean: ArrayLike<number>;
  covariance: MatrixLike;
}

/**
 * E[(max_j f_j - best)⁺] of a joint normal law by quasi-Monte Carlo, on given base samples.
 *
 * @param baseSamples S rows of m standard normal numbers, row-major, as `sobolNormal` makes them
 * @throws RangeError if the sizes do not agree, or best is not finite
 *
 * @example
 * const z = sobolNormal(1024, 2, createRng(1));
 * const law = { mean: [0, 0], covariance: [[1, 0], [0, 1]] };
 * qExpectedImprovement(law, z, { best: 0 }).toFixed(2); //=> '0.68'
 */
export function qExpectedImprovement(
  { mean, covariance }: JointNormal,
  baseSamples: Float64Array,
  { best, maximize = true }: { best: number; maximize?: boolean },
): number {
  checkVector('mean', mean);
  checkNumber('best', best);
  const m = mean.length;
  const matrix = toRowMajor(covariance, 'covariance');
  if (matrix.rows !== m || matrix.columns !== m) throw new RangeError(`covariance must be ${m} x ${m}`);
  checkVector('covariance', matrix.data);
  checkVector('baseSamples', baseSamples);
  if (m === 0 || baseSamples.length % m !== 0 || baseSamples.length === 0) {
    throw new RangeError(`baseSamples must hold rows of ${m} numbers, got ${baseSamples.length} in all`);
  }
  const sign = maximize ? 1 : -1;
  const signed = Float64Array.from(mean, (value) => sign * value);
  const { y } = reparametrize(signed, Float64Array.from(matrix.data), baseSamples);
  const shape = { S: baseSamples.length / m, m, batch: m };
  return expectedImprovementUtility(sign * best)(y, signed, shape);
}

/** Batch expected improvement over `best` as a function of q points. Its gradient is 0 where no sample improves. */
export function qExpectedImprovementAcquisition(gp: GpState, options: BatchOptions & { best: number }): Acquisition {
  checkNumber('best', options.best);
  return batchAcquisition(gp, options, (sign) => expectedImprovementUtility(sign * options.best));
}

/** The smooth logarithm of batch expected improvement: the default for batches. */
export function qLogExpectedImprovement(gp: GpState, options: BatchOptions & { best: number }): Acquisition {
  checkNumber('best', options.best);
  return batchAcquisition(gp, options, (sign) => logExpectedImprovementUtility(sign * options.best));
}

/** Batch noisy expected improvement: over the best of the evaluated points in the same joint sample. */
export function qNoisyExpectedImprovement(gp: GpState, options: BatchOptions): Acquisition {
  return batchAcquisition(gp, options, () => noisyImprovementUtility(), true);
}

/** The smooth logarithm of batch noisy expected improvement. */
export function qLogNoisyExpectedImprovement(gp: GpState, options: BatchOptions): Acquisition {
  return batchAcquisition(gp, options, () => logNoisyImprovementUtility(), true);
}

/** Batch upper confidence bound. */
export function qUpperConfidenceBound(gp: GpState, options: BatchOptions & { beta: number }): Acquisition {
  return batchAcquisition(gp, options, () => confidenceBoundUtility(options.beta));
}

/** Batch probability of improvement, smoothed by a sigmoid of width `tau` (default 1e-3). */
export function qProbabilityOfImprovement(
  gp: GpState,
  options: BatchOptions & { best: number; tau?: number },
): Acquisition {
  const { best, tau = 1e-3 } = options;
  checkNumber('best', best);
  return batchAcquisition(gp, options, (sign) => probabilityOfImprovementUtility(sign * best, { tau }));
}

/** The expected best of the batch. */
export function qSimpleRegret(gp: GpState, options: BatchOptions): Acquisition {
  return batchAcquisition(gp, options, () => simpleRegretUtility());
}

/**
 * An acquisition of q d coordinates, point after point, from a utility of joint samples.
 *
 * @param withData whether the evaluated points are columns of the samples after the batch; those with no chance of being
 *   the best are left out
 */
export function batchAcquisition(
  gp: GpState,
  { q, pending = [], samples = 512, maximize = true, rng }: BatchOptions,
  utilityOf: (sign: 1 | -1) => SampleUtility,
  withData = false,
): Acquisition {
  checkInteger('q', q, 1);
  const S = checkInteger('samples', samples, 1);
  if (withData && gp.n === 0) throw new RangeError('gp must have observations');
  const sign = maximize ? 1 : -1;
  const waiting = queryPoints(gp, pending, 'pending');
  const data = withData ? contenders(gp, sign, rng) : { data: new Float64Array(0), rows: 0, columns: gp.d };
  const batch = q + waiting.rows;
  const m = batch + data.rows;
  const z = quasiNormal(S, m, rng);
  const utility = utilityOf(sign);
  const shape = { S, m, batch };
  const byY = new Float64Array(S * m);
  const direct = new Float64Array(m);
  return {
    value(x, gradient) {
      const d = x.length / q;
      const all = new Float64Array(m * d);
      all.set(x);
      all.set(waiting.data, q * d);
      all.set(data.data, batch * d);
      const moments = jointMoments(gp, { data: all, rows: m, columns: d });
      const mean = sign === 1 ? moments.mean : moments.mean.map((value) => -value);
      const joint = reparametrize(mean, moments.covariance, z);
      if (gradient === undefined) return utility(joint.y, mean, shape);
      direct.fill(0);
      const value = utility(joint.y, mean, shape, byY, direct);
      const { byMean, byCovariance } = joint.pullback(byY);
      for (let i = 0; i < m; i++) byMean[i] = sign * (byMean[i] + direct[i]);
      gradient.fill(0);
      moments.pullback(byMean, byCovariance, q, gradient);
      return value;
    },
  };
}

/** The evaluated points that are the best in at least one of 512 joint samples. */
function contenders(gp: GpState, sign: 1 | -1, rng: Rng): Points {
  const train = trainingPoints(gp);
  const n = gp.n;
  const { mean, covariance } = predict(gp, train, { covariance: true });
  const { y } = reparametrize(
    mean.map((value) => sign * value),
    covariance,
    quasiNormal(512, n, rng),
  );
  const wins = new Set<number>();
  for (let s = 0; s < 512; s++) {
    let top = 0;
    for (let i = 1; i < n; i++) if (y[s * n + i] > y[s * n + top]) top = i;
    wins.add(top);
  }
  const kept = [...wins].sort((a, b) => a - b);
  const data = new Float64Array(kept.length * gp.d);
  kept.forEach((i, j) => data.set(gp.X.subarray(i * gp.d, (i + 1) * gp.d), j * gp.d));
  return { data, rows: kept.length, columns: gp.d };
}
