/**
 * A ranking-weighted ensemble: what earlier tasks taught helps as far as it orders the present results rightly.
 *
 * M. Feurer, B. Letham, F. Hutter, E. Bakshy, "Practical Transfer Learning for Bayesian Optimization", arXiv:1802.02219,
 * sections 4.1 and 4.2 (RGPE). With posteriors (μ_i, σ_i²) of the earlier tasks and of the present one,
 *
 *   μ = Σ_i w_i μ_i,   σ² = Σ_i w_i² σ_i²,   w_i = P(task i has the least ranking loss)
 *
 * where the loss of a draw of task i counts the pairs of present results that it orders wrongly; the present task's own draws
 * are leave-one-out. Tasks whose median loss is above the 95% quantile of the present task's are left out.
 */
import { checkInteger } from '../../internal/check.js';
import type { MatrixLike } from '../../linalg/to-row-major.js';
import type { Rng } from '../../random/create-rng.js';
import { sampleNormal } from '../../random/normal.js';
import { quantile } from '../../stats/moments.js';
import { fitGp, type FitGpOptions } from '../gp/fit.js';
import type { GpState } from '../gp/gp-state.js';
import { gpLeaveOneOut } from '../gp/leave-one-out.js';
import { gpPredict, gpPredictGradient } from '../gp/predict.js';
import { gpSample } from '../gp/sample.js';
import { standardize } from '../gp/standardize.js';
import { toPoints } from '../kernels/kernel-matrix.js';
import { trainingData, type Surrogate } from './surrogate.js';

/** Results of an earlier task: points as the surrogate sees them, values larger is better. */
export interface EarlierTask {
  X: MatrixLike;
  y: ArrayLike<number>;
}

export interface RankingEnsembleOptions {
  /** Draws behind the weights. Default 256. */
  samples?: number;
  /** Options of the fits. */
  gp?: Omit<FitGpOptions, 'rng' | 'start'>;
}

/** The models of all tasks, the present one last, and their weights. */
export interface RankingEnsemble {
  models: GpState[];
  weights: Float64Array;
}

/**
 * A surrogate for `bayesianOptimizer` that starts from earlier tasks on the same space. In an optimizer points are features of
 * the unit cube (`spaceFeatures`), and values are turned so that larger is better.
 *
 * @throws RangeError if a task's sizes do not agree
 *
 * @example
 * const X = [[0], [0.25], [0.5], [0.75], [1]];
 * const earlier = { X, y: X.map(([x]) => -(x - 0.6) * (x - 0.6)) };
 * const model = rankingWeightedEnsemble([earlier]);
 * const state = model.fit([[0.1], [0.5], [0.9]], [-0.25, -0.01, -0.09], createRng(1));
 * state.weights.length; //=> 2
 */
export function rankingWeightedEnsemble(
  tasks: readonly EarlierTask[],
  { samples = 256, gp: gpOptions = {} }: RankingEnsembleOptions = {},
): Surrogate<RankingEnsemble> {
  checkInteger('samples', samples, 1);
  const data = tasks.map(({ X, y }, i) => {
    const points = toPoints(`tasks[${i}].X`, X);
    if (y.length !== points.rows)
      throw new RangeError(`tasks[${i}].y must have length ${points.rows}, got ${y.length}`);
    return { points, targets: standardize(y).y };
  });
  const used = ({ models, weights }: RankingEnsemble) => models.flatMap((_, i) => (weights[i] > 0 ? [i] : []));
  return {
    fit(X, y, rng) {
      const { points, targets } = trainingData(X, y);
      const options = { ...gpOptions, restarts: gpOptions.restarts ?? 1, rng };
      const earlier = data.map((task) => fitGp(task.points, task.targets, options).gp);
      const present = fitGp(points, targets, options).gp;
      return { models: [...earlier, present], weights: rankingWeights(earlier, present, samples, rng) };
    },
    predict(state, Xs) {
      const { rows } = toPoints('Xs', Xs);
      const mean = new Float64Array(rows);
      const variance = new Float64Array(rows);
      for (const i of used(state)) {
        const w = state.weights[i];
        const part = gpPredict(state.models[i], Xs);
        for (let j = 0; j < rows; j++) {
          mean[j] += w * part.mean[j];
          variance[j] += w * w * part.variance[j];
        }
      }
      return { mean, variance };
    },
    predictGradient(state, x) {
      const out = { mean: 0, variance: 0, dMean: new Float64Array(x.length), dVariance: new Float64Array(x.length) };
      for (const i of used(state)) {
        const w = state.weights[i];
        const part = gpPredictGradient(state.models[i], x);
        out.mean += w * part.mean;
        out.variance += w * w * part.variance;
        for (let k = 0; k < x.length; k++) {
          out.dMean[k] += w * part.dMean[k];
          out.dVariance[k] += w * w * part.dVariance[k];
        }
      }
      return out;
    },
    sample(state, Xs, n, rng) {
      const { rows } = toPoints('Xs', Xs);
      const out = new Float64Array(n * rows);
      for (const i of used(state)) {
        const draws = gpSample(state.models[i], Xs, n, rng);
        for (let p = 0; p < out.length; p++) out[p] += state.weights[i] * draws[p];
      }
      return out;
    },
  };
}

/** The share of draws in which each model has the least ranking loss; ties are shared, the present task takes part in them. */
function rankingWeights(earlier: readonly GpState[], present: GpState, samples: number, rng: Rng): Float64Array {
  const n = present.n;
  const K = earlier.length + 1;
  const weights = new Float64Array(K);
  // Fewer than three results order nothing reliably: the present model alone, as in the authors' code.
  if (n < 3) {
    weights[K - 1] = 1;
    return weights;
  }
  const X = { data: present.X, rows: n, columns: present.d };
  const losses = earlier.map((model) => {
    const draws = gpSample(model, X, samples, rng);
    return Float64Array.from({ length: samples }, (_, s) => misordered(draws.subarray(s * n, (s + 1) * n), present.y));
  });
  const { mean, variance } = gpLeaveOneOut(present);
  losses.push(
    Float64Array.from({ length: samples }, () => {
      const draw = mean.map((m, i) => m + Math.sqrt(variance[i]) * sampleNormal(rng));
      // Leave-one-out: draw i is compared with the other results, not with their draws.
      let wrong = 0;
      for (let i = 0; i < n; i++)
        for (let j = 0; j < n; j++) if (draw[i] < present.y[j] !== present.y[i] < present.y[j]) wrong += 1;
      return wrong;
    }),
  );
  const limit = quantile(losses[K - 1], 0.95);
  const kept = losses.map((loss, i) => i === K - 1 || quantile(loss, 0.5) <= limit);
  for (let s = 0; s < samples; s++) {
    let least = Infinity;
    for (let i = 0; i < K; i++) if (kept[i]) least = Math.min(least, losses[i][s]);
    const best = losses.flatMap((loss, i) => (kept[i] && loss[s] === least ? [i] : []));
    for (const i of best) weights[i] += 1 / (samples * best.length);
  }
  return weights;
}

/** Ordered pairs (i, j) of results that a draw orders otherwise. */
function misordered(draw: Float64Array, y: Float64Array): number {
  const n = y.length;
  let wrong = 0;
  for (let i = 0; i < n; i++) for (let j = 0; j < n; j++) if (draw[i] < draw[j] !== y[i] < y[j]) wrong += 1;
  return wrong;
}
