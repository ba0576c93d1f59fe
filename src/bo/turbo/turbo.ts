/**
 * Trust region Bayesian optimization: local models in boxes that grow and shrink, for many dimensions and many evaluations.
 *
 * D. Eriksson et al., arXiv:1910.01739, Algorithm 1 (TuRBO-m): in each of m regions a Gaussian process on the region's own data,
 * candidates in its box, and the next batch by Thompson sampling over the candidates of all regions, so that regions share the
 * budget as arms of a bandit. The released code never forces the last coordinate to move; all are eligible here.
 */
import { checkInteger, checkNumber, checkOption, checkOptionNames } from '../../internal/check.js';
import { latinHypercube } from '../../random/designs.js';
import { sampleIndex } from '../../random/categorical.js';
import type { Rng } from '../../random/create-rng.js';
import { median } from '../../stats/moments.js';
import { fitGp, type FitGpOptions } from '../gp/fit.js';
import { gpSamplePaths, pathValue } from '../gp/paths.js';
import { gpSample } from '../gp/sample.js';
import { standardize } from '../gp/standardize.js';
import { kernelLengthscales } from '../optimizer/model.js';
import { quasiUniform } from '../quasi-random.js';
import type { Direction } from '../test-functions/metrics.js';
import {
  failureTolerance,
  initialTrustRegion,
  isTrustRegionSuccess,
  trustRegionBox,
  TRUST_REGION,
  updateTrustRegion,
  type TrustRegion,
} from './trust-region.js';

export interface TurboOptions {
  /** [low, high] of every coordinate. */
  bounds: readonly (readonly [number, number])[];
  /** Points of a batch, q. Default 1. */
  batch?: number;
  /** Regions, m. Default 1. */
  regions?: number;
  /** Points of a region's design. Default 2d. */
  nInitial?: number;
  /** Default 'minimize'. */
  direction?: Direction;
  /** Candidates of a region. Default min(100 d, 5000). */
  candidates?: number;
  /** Of the local models. Default: Matérn 5/2 with an output scale, priors and noise as in `fitGp`. */
  model?: TurboModelOptions;
}

export type TurboModelOptions = Pick<
  FitGpOptions,
  'kernel' | 'outputScale' | 'deterministic' | 'priors' | 'priorOverrides' | 'bounds' | 'maxIterations'
>;

const NAMES = {
  bounds: true,
  batch: true,
  regions: true,
  nInitial: true,
  direction: true,
  candidates: true,
  model: true,
} satisfies Record<keyof TurboOptions, true>;

const MODEL_NAMES = {
  kernel: true,
  outputScale: true,
  deterministic: true,
  priors: true,
  priorOverrides: true,
  bounds: true,
  maxIterations: true,
} satisfies Record<keyof TurboModelOptions, true>;

/** One region: its size and the data since its last restart, in the unit cube; smaller is better. */
export interface TurboRegion extends TrustRegion {
  /** n x d. */
  X: Float64Array;
  y: Float64Array;
  restarts: number;
  /** Design points not handed out yet, row-major. */
  design: Float64Array;
  /** Logarithms of the hyper-parameters of the last fit. */
  hyperparameters: Float64Array | null;
}

export interface TurboState {
  regions: TurboRegion[];
  /** The batch under way: its region and its point in the unit cube. */
  pending: { region: number; x: Float64Array }[];
  evaluations: number;
  /** Best point in the caller's coordinates, and its value. */
  bestX: Float64Array | null;
  bestValue: number;
}

export interface Turbo {
  init(): TurboState;
  /** The next batch, in the caller's coordinates. A batch must be told before the next is asked for. */
  ask(state: TurboState, rng: Rng): [Float64Array[], TurboState];
  /** The state after the values of the batch, in its order. Values that are not finite count as failures. */
  tell(state: TurboState, values: readonly number[]): TurboState;
}

/**
 * TuRBO-m over a box. Every region keeps at most its own data, so that the cost of a step is that of fits of a few hundred
 * points; a region whose length falls below 2^-7 starts again elsewhere.
 *
 * Targets are standardized by median and deviation. Candidates are Sobol points of the region's box of which only some
 * coordinates differ from the center (each with probability min(20/d, 1), at least one). Up to 400 candidates are sampled
 * jointly and exactly, more of them along random-feature paths.
 *
 * @throws TypeError if there is no option of that name; RangeError if an option is out of range
 *
 * @example
 * const turbo10 = turbo({ bounds: [[0, 1], [0, 1]], nInitial: 4 });
 * const [batch] = turbo10.ask(turbo10.init(), createRng(1));
 * batch[0].length; //=> 2
 */
export function turbo(options: TurboOptions): Turbo {
  checkOptionNames('options', options, NAMES);
  if (options.model !== undefined) checkOptionNames('options.model', options.model, MODEL_NAMES);
  const { bounds } = options;
  const d = checkInteger('bounds.length', bounds.length, 1);
  bounds.forEach(([low, high], k) => {
    checkNumber(`bounds[${k}][0]`, low);
    if (!(checkNumber(`bounds[${k}][1]`, high) > low))
      throw new RangeError(`bounds[${k}][1] must be above ${low}, got ${high}`);
  });
  const q = checkInteger('batch', options.batch ?? 1, 1);
  const m = checkInteger('regions', options.regions ?? 1, 1);
  const nInitial = checkInteger('nInitial', options.nInitial ?? 2 * d, 2);
  const count = checkInteger('candidates', options.candidates ?? Math.min(100 * d, 5000), 2);
  const direction = checkOption('direction', options.direction ?? 'minimize', ['minimize', 'maximize']);
  const sign = direction === 'minimize' ? 1 : -1;
  const tolerance = failureTolerance(d, q);

  return {
    init: () => ({
      regions: Array.from({ length: m }, () => newRegion(0)),
      pending: [],
      evaluations: 0,
      bestX: null,
      bestValue: sign * Infinity,
    }),

    ask(state, rng) {
      if (state.pending.length > 0) throw new RangeError('state must have no batch under way: tell its values first');
      const regions = state.regions.map((region) => ({ ...region }));
      const pending: TurboState['pending'] = [];
      for (let r = 0; r < m && pending.length < q; r++) {
        const region = regions[r];
        // A design lost to failures is drawn again.
        if (region.y.length < 2 && region.design.length === 0) region.design = latinHypercube(nInitial, d, rng);
        while (region.design.length > 0 && pending.length < q) {
          pending.push({ region: r, x: region.design.slice(0, d) });
          region.design = region.design.slice(d);
        }
      }
      const ready = regions.flatMap((region, r) => (region.y.length >= 2 && region.design.length === 0 ? [r] : []));
      if (pending.length === 0) pending.push(...thompsonBatch(regions, ready, rng));
      const next = { ...state, regions, pending };
      return [pending.map(({ x }) => x.map((u, k) => bounds[k][0] + u * (bounds[k][1] - bounds[k][0]))), next];
    },

    tell(state, values) {
      if (values.length !== state.pending.length) {
        throw new RangeError(`values must have length ${state.pending.length}, got ${values.length}`);
      }
      let { bestX, bestValue } = state;
      values.forEach((value, i) => {
        if (!Number.isFinite(value) || !(sign * value < sign * bestValue)) return;
        bestValue = value;
        bestX = state.pending[i].x.map((u, k) => bounds[k][0] + u * (bounds[k][1] - bounds[k][0]));
      });
      const regions = state.regions.map((region, r) => {
        const mine = state.pending.flatMap((point, i) => (point.region === r ? [i] : []));
        return mine.length === 0
          ? region
          : afterBatch(
              region,
              mine.map((i) => state.pending[i].x),
              mine.map((i) => sign * values[i]),
              values.length,
            );
      });
      return { regions, pending: [], evaluations: state.evaluations + values.length, bestX, bestValue };
    },
  };

  function newRegion(restarts: number): TurboRegion {
    const none = new Float64Array(0);
    return { ...initialTrustRegion(), X: none, y: none, restarts, design: none, hyperparameters: null };
  }

  /** The region after its `points` of a batch of `asked`. */
  function afterBatch(region: TurboRegion, points: Float64Array[], values: number[], asked: number): TurboRegion {
    const kept = values.flatMap((value, i) => (Number.isFinite(value) ? [i] : []));
    const X = new Float64Array(region.X.length + kept.length * d);
    X.set(region.X);
    kept.forEach((i, j) => X.set(points[i], region.X.length + j * d));
    const y = Float64Array.of(...region.y, ...kept.map((i) => values[i]));
    // The size changes by what the model proposed, not by the design.
    if (region.y.length < nInitial) return { ...region, X, y };
    const best = least(region.y);
    const improved = kept.some((i) => isTrustRegionSuccess(values[i], best));
    const size = updateTrustRegion(region, improved, tolerance, points.length / asked);
    if (size.length < TRUST_REGION.least) return newRegion(region.restarts + 1);
    return { ...region, ...size, X, y };
  }

  /** The q candidates at which as many draws are least, over all regions that are ready. */
  function thompsonBatch(regions: TurboRegion[], ready: number[], rng: Rng): TurboState['pending'] {
    const draws = ready.map((r) => {
      const region = regions[r];
      const n = region.y.length;
      const { std } = standardize(region.y);
      const center = median(region.y);
      const fit = fitGp(
        { data: region.X, rows: n, columns: d },
        region.y.map((value) => (value - center) / std),
        {
          outputScale: true,
          maxIterations: 50,
          ...options.model,
          rng,
          restarts: region.hyperparameters === null ? 1 : 0,
          ...(region.hyperparameters === null ? {} : { start: region.hyperparameters }),
        },
      );
      region.hyperparameters = fit.hyperparameters;
      const X = candidatesOf(region, kernelLengthscales(fit.gp.kernel, d), rng);
      const rows = X.length / d;
      let values: Float64Array;
      if (rows <= 400) values = gpSample(fit.gp, { data: X, rows, columns: d }, q, rng);
      else {
        values = new Float64Array(q * rows);
        gpSamplePaths(fit.gp, q, rng).forEach((path, s) => {
          for (let j = 0; j < rows; j++) values[s * rows + j] = pathValue(path, X.subarray(j * d, (j + 1) * d));
        });
      }
      return { r, X, rows, values: values.map((value) => center + std * value) };
    });
    const batch: TurboState['pending'] = [];
    const taken = new Set<string>();
    for (let s = 0; s < q; s++) {
      let best: { region: number; j: number; value: number; X: Float64Array } | undefined;
      for (const { r, X, rows, values } of draws) {
        for (let j = 0; j < rows; j++) {
          const value = values[s * rows + j];
          if ((best === undefined || value < best.value) && !taken.has(`${r}:${j}`)) best = { region: r, j, value, X };
        }
      }
      if (best === undefined) break;
      taken.add(`${best.region}:${best.j}`);
      batch.push({ region: best.region, x: best.X.slice(best.j * d, (best.j + 1) * d) });
    }
    return batch;
  }

  function candidatesOf({ X, y, length }: TurboRegion, lengthscales: Float64Array, rng: Rng): Float64Array {
    let at = 0;
    for (let i = 1; i < y.length; i++) if (y[i] < y[at]) at = i;
    const center = X.subarray(at * d, (at + 1) * d);
    const { lower, upper } = trustRegionBox(center, lengthscales, length);
    const unit = quasiUniform(count, d, rng);
    const probability = Math.min(20 / d, 1);
    const out = new Float64Array(count * d);
    for (let j = 0; j < count; j++) {
      const forced = sampleIndex(d, rng);
      for (let k = 0; k < d; k++) {
        const p = j * d + k;
        const moves = probability === 1 || rng() < probability || k === forced;
        out[p] = moves ? lower[k] + unit[p] * (upper[k] - lower[k]) : center[k];
      }
    }
    return out;
  }
}

function least(y: Float64Array): number {
  let best = Infinity;
  for (const value of y) best = Math.min(best, value);
  return best;
}
