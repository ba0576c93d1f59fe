/**
 * Transfer between tasks by rankings: a weighted ensemble of processes, each fitted to one earlier task.
 *
 * M. Feurer, B. Letham, F. Hutter, E. Bakshy, "Practical Transfer Learning for Bayesian Optimization", arXiv:1802.02219 (RGPE).
 * A model's loss is the number of pairs of the new task's observations that it puts in the wrong order; its weight is the
 * probability that its loss is the smallest, by samples of the models at the observations, the new task's own model by
 * leaving each one out.
 */
import { checkInteger, checkOptionNames, checkVector } from '../../internal/check.js';
import type { MatrixLike } from '../../linalg/to-row-major.js';
import type { Rng } from '../../random/create-rng.js';
import { sampleNormal } from '../../random/normal.js';
import { kendall } from '../../stats/correlation.js';
import { fitGp } from '../gp/fit.js';
import type { GpState } from '../gp/gp-state.js';
import { toPoints } from '../kernels/kernel-matrix.js';
import { gpLeaveOneOut } from '../gp/leave-one-out.js';
import { gpPredict, gpPredictGradient } from '../gp/predict.js';
import { gpSample } from '../gp/sample.js';
import type { GpSurrogateOptions } from '../surrogates/gp-surrogate.js';
import { type Surrogate, trainingData } from '../surrogates/surrogate.js';

export interface RgpeOptions {
  /** Samples of the losses. Default 256. */
  samples?: number;
}

/**
 * Weights of the earlier tasks' models and, last, of the new task's own; they sum to 1. A sample whose smallest loss is shared
 * shares its vote.
 *
 * O(samples n² models) after sampling. Normal draws: n a model and sample.
 *
 * @param base processes of earlier tasks, on standardized targets
 * @param target process of the new task: its data are the pairs that are ranked
 * @throws RangeError if a base model has another dimension
 */
export function rgpeWeights(
  base: readonly GpState[],
  target: GpState,
  rng: Rng,
  options: RgpeOptions = {},
): Float64Array {
  const samples = checkInteger('samples', options.samples ?? 256, 1);
  const { X, y, n, d } = target;
  base.forEach((gp, i) => {
    if (gp.n > 0 && gp.d !== d) throw new RangeError(`base[${i}] must have dimension ${d}, got ${gp.d}`);
  });
  const weights = new Float64Array(base.length + 1);
  if (n < 2) return weights.fill(1 / weights.length); // no pair, no ranking
  const draws = base.map((gp) => gpSample(gp, { data: X, rows: n, columns: d }, samples, rng));
  const { mean, variance } = gpLeaveOneOut(target);
  const losses = new Float64Array(weights.length);
  const own = new Float64Array(n);
  for (let s = 0; s < samples; s++) {
    draws.forEach((f, m) => (losses[m] = misrankedPairs(f.subarray(s * n, (s + 1) * n), y)));
    for (let i = 0; i < n; i++) own[i] = mean[i] + Math.sqrt(variance[i]) * sampleNormal(rng);
    losses[base.length] = leftOutMisrankings(own, y);
    const least = Math.min(...losses);
    const ties = losses.reduce((count, loss) => count + (loss === least ? 1 : 0), 0);
    for (let m = 0; m < weights.length; m++) if (losses[m] === least) weights[m] += 1 / (ties * samples);
  }
  return weights;
}

/** Ordered pairs (i, j) with f_i < f_j but not y_i < y_j, or the reverse. */
function misrankedPairs(f: Float64Array, y: Float64Array): number {
  let loss = 0;
  for (let i = 0; i < y.length; i++) for (let j = 0; j < y.length; j++) if (f[i] < f[j] !== y[i] < y[j]) loss += 1;
  return loss;
}

/** The same with each prediction against the observations of the others. */
function leftOutMisrankings(f: Float64Array, y: Float64Array): number {
  let loss = 0;
  for (let i = 0; i < y.length; i++) for (let j = 0; j < y.length; j++) if (f[i] < y[j] !== y[i] < y[j]) loss += 1;
  return loss;
}

/** Plain data. */
export interface RgpeState {
  /** The base models, then the new task's. */
  models: GpState[];
  weights: Float64Array;
}

/**
 * The ensemble as a surrogate: mean Σ w_m μ_m, variance Σ w_m² σ_m².
 *
 * @param base processes of earlier tasks, fitted to standardized targets in the same sense (larger is better)
 *
 * @example
 * const grid = Array.from({ length: 9 }, (_, i) => [i / 8]);
 * const earlier = fitGp(grid, grid.map(([x]) => 3 * Math.sin(6 * x)), { rng: createRng(1) }).gp;
 * const model = rgpe([earlier]);
 * const state = model.fit([[0.1], [0.5], [0.9]], [0.6, 0.1, -0.8].map((v) => v), createRng(2));
 * state.weights.length; //=> 2
 */
export function rgpe(
  base: readonly GpState[],
  options: RgpeOptions & { gp?: GpSurrogateOptions } = {},
): Surrogate<RgpeState> {
  if (!Array.isArray(base)) throw new TypeError('base must be an array of processes');
  checkOptionNames('options', options, { samples: true, gp: true });
  checkInteger('samples', options.samples ?? 256, 1);
  return {
    fit(X, y, rng) {
      const { points, targets } = trainingData(X, y);
      const own = fitGp(points, targets, { ...options.gp, rng }).gp;
      return { models: [...base, own], weights: rgpeWeights(base, own, rng, options) };
    },
    predict({ models, weights }, Xs) {
      const parts = models.map((gp) => gpPredict(gp, Xs));
      const mean = new Float64Array(parts[0].mean.length);
      const variance = new Float64Array(mean.length);
      parts.forEach((part, m) => {
        for (let j = 0; j < mean.length; j++) {
          mean[j] += weights[m] * part.mean[j];
          variance[j] += weights[m] * weights[m] * part.variance[j];
        }
      });
      return { mean, variance };
    },
    sample({ models, weights }, Xs, n, rng) {
      let out: Float64Array | undefined;
      models.forEach((gp, m) => {
        const part = gpSample(gp, Xs, n, rng);
        out ??= new Float64Array(part.length);
        for (let p = 0; p < part.length; p++) out[p] += weights[m] * part[p];
      });
      return out!;
    },
    predictGradient({ models, weights }, x) {
      const total = { mean: 0, variance: 0, dMean: new Float64Array(x.length), dVariance: new Float64Array(x.length) };
      models.forEach((gp, m) => {
        const part = gpPredictGradient(gp, x);
        const w = weights[m];
        total.mean += w * part.mean;
        total.variance += w * w * part.variance;
        for (let k = 0; k < x.length; k++) {
          total.dMean[k] += w * part.dMean[k];
          total.dVariance[k] += w * w * part.dVariance[k];
        }
      });
      return total;
    },
  };
}

/**
 * How alike an earlier task ranks the points of a new one: Kendall's τ between the earlier model's means and the new
 * values, in [-1, 1]. 0 when either does not vary. O(n²).
 *
 * @throws RangeError if there are fewer than two points or sizes differ
 */
export function taskSimilarity(earlier: GpState, X: MatrixLike, y: ArrayLike<number>): number {
  const { mean } = gpPredict(earlier, toPoints('X', X), { variance: false });
  checkVector('y', y, mean.length);
  if (y.length < 2) throw new RangeError(`y must hold at least 2 values, got ${y.length}`);
  const varies = (values: ArrayLike<number>) => Array.from(values).some((v) => v !== values[0]);
  return varies(mean) && varies(y) ? kendall(mean, y) : 0;
}
