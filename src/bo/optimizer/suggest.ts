/** From the trials of a run to the next point: fit or condition the models, build the acquisition, search it. */
import { createRng, type Rng } from '../../random/create-rng.js';
import type { Acquisition } from '../acquisition/acquisition.js';
import { constrainedAcquisition, evaluateMany } from '../acquisition/constrained-expected-improvement.js';
import { acquisitionPerCost } from '../acquisition/improvement-per-cost.js';
import { optimizeAcquisition, type OptimizeAcquisitionOptions } from '../acquisition/optimize-acquisition.js';
import { gpPosterior, type Posterior } from '../acquisition/posterior.js';
import { gpAppendMany } from '../gp/append.js';
import type { GpState } from '../gp/gp-state.js';
import { predict } from '../gp/predict.js';
import { standardize, type Standardization } from '../gp/standardize.js';
import type { Points } from '../kernels/kernel.js';
import { log } from '../../special/log.js';
import { spaceAcquisition } from '../space/space-acquisition.js';
import { featureCount, spaceFeatures } from '../space/space-kernel.js';
import type { SearchSpace } from '../space/search-space.js';
import { chooseAcquisition } from './acquisition-choice.js';
import type { BayesianOptimizerOptions, BayesianOptimizerState } from './bayesian-optimizer.js';
import {
  conditionOutput,
  fitOutput,
  kernelLengthscales,
  observations,
  type ModelOptions,
  type Observations,
  type OutputModel,
} from './model.js';
import { surrogatePosterior, type Surrogate } from '../surrogates/surrogate.js';
import { isFeasible, type Trial } from './trial.js';

export type SearchOptions = Pick<
  OptimizeAcquisitionOptions,
  'rawSamples' | 'restarts' | 'maxIterations' | 'constraints' | 'duplicateTolerance'
>;

/** The parts of an optimizer's setup that a search needs. */
export interface OptimizerSetup {
  space: SearchSpace;
  /** 1 to maximize, -1 to minimize. */
  sign: 1 | -1;
  options: BayesianOptimizerOptions;
}

/** The models of a run, ready for acquisitions: objectives larger is better, all on standardized scales. */
export interface SearchModel {
  memory: Pick<BayesianOptimizerState, 'models' | 'fittedAt' | 'modelSeed'>;
  /** Null when a surrogate of the caller's is used. */
  objective: OutputModel | null;
  posterior: Posterior;
  scale: Standardization & { y: Float64Array };
  constraints: OutputModel[];
  logCost: OutputModel | null;
  /** Whether the posterior has gradients. */
  differentiable: boolean;
}

/** Spaces with at most this many configs are searched by trying them all. */
const ENUMERATED = 2048;

export function isSurrogate(model: ModelOptions | Surrogate | undefined): model is Surrogate {
  return model !== undefined && 'fit' in model && typeof model.fit === 'function';
}

/** The results of a run. */
export function resultsOf({ trials, run }: BayesianOptimizerState): Trial[] {
  return trials.filter((trial) => trial.run === run && trial.status === 'ok');
}

/** Fits what is due, and conditions the rest on the results of the present run. Without `rng` no start is random. */
export function modelForSearch(setup: OptimizerSetup, state: BayesianOptimizerState, rng: Rng | null): SearchModel {
  const { space, sign, options } = setup;
  const results = resultsOf(state);
  const n = results.length;
  const outputs = outputsOf(setup, results);
  const custom = isSurrogate(options.model) ? options.model : null;
  const fitOptions = isSurrogate(options.model) ? {} : (options.model ?? {});
  const period = n <= 100 ? 1 : Math.ceil(n / 50);
  const due = state.models === null || n - state.fittedAt >= period;
  const modelSeed = custom === null || rng === null ? state.modelSeed : rng();
  const models = due
    ? outputs.map((data, i) => fitOutput(space, data, fitOptions, state.models?.[i] ?? null, rng))
    : state.models!;
  const memory = { models, fittedAt: due ? n : state.fittedAt, modelSeed };
  const conditioned = outputs.map((data, i) => conditionOutput(data, models[i]));
  const constraintsAt = custom === null ? 1 : 0;
  const constraints = conditioned.slice(constraintsAt, constraintsAt + (options.constraints ?? 0));
  const logCost = options.costAware === true ? conditioned[conditioned.length - 1] : null;
  if (custom !== null) {
    const data = observations(space, results, (trial) => sign * trial.values[0]);
    const scale = standardize(data.y);
    const fitted = custom.fit(data.X, scale.y, createRng(modelSeed, 'surrogate'));
    const posterior = surrogatePosterior(custom, fitted, featureCount(space));
    return {
      memory,
      objective: null,
      posterior,
      scale,
      constraints,
      logCost,
      differentiable: custom.predictGradient !== undefined,
    };
  }
  const [objective] = conditioned;
  const posterior = gpPosterior(objective.gp);
  return { memory, objective, posterior, scale: objective.scale, constraints, logCost, differentiable: true };
}

/** The outputs that have a Gaussian process each: the objective (unless it has a surrogate), constraints, log cost. */
export function outputsOf({ space, sign, options }: OptimizerSetup, results: readonly Trial[]): Observations[] {
  const outputs: Observations[] = [];
  if (!isSurrogate(options.model)) outputs.push(observations(space, results, (trial) => sign * trial.values[0]));
  for (let c = 0; c < (options.constraints ?? 0); c++) {
    outputs.push({ ...observations(space, results, (trial) => trial.constraints[c]), noise: null });
  }
  if (options.costAware === true) {
    outputs.push({ ...observations(space, results, (trial) => log(trial.cost!)), noise: null });
  }
  return outputs;
}

/** The next code, or null when the space has no config left. */
export function suggest(
  setup: OptimizerSetup,
  state: BayesianOptimizerState,
  model: SearchModel,
  held: Float64Array,
  rng: Rng,
): Float64Array | null {
  const { space, sign, options } = setup;
  const acquisition = spaceAcquisition(space, searchAcquisition(setup, state, model, rng));
  const taken = state.trials.filter(({ status }) => status !== 'cancelled');
  const ranked = [
    ...taken
      .filter(({ run, status }) => run === state.run && status === 'ok')
      .sort((a, b) => sign * (b.values[0] - a.values[0])),
    ...taken.filter(({ run, status }) => run !== state.run || status !== 'ok'),
  ];
  const d = space.dimension;
  const codes = new Float64Array(ranked.length * d);
  ranked.forEach(({ x }, i) => codes.set(x, i * d));
  const isTaken = (x: Float64Array) => taken.some((trial) => trial.x.every((value, k) => value === x[k]));

  const count = space.cardinality();
  if (count <= ENUMERATED) {
    const left = space
      .configs()
      .map((config) => space.encode(config))
      .filter((x) => !isTaken(x) && x.every((value, k) => Number.isNaN(held[k]) || value === held[k]));
    if (left.length === 0) return null;
    const X = new Float64Array(left.length * d);
    left.forEach((x, i) => X.set(x, i * d));
    const values = evaluateMany(acquisition, X, left.length);
    let best = 0;
    for (let i = 1; i < left.length; i++) if (values[i] > values[best]) best = i;
    return left[best];
  }
  const { x } = optimizeAcquisition(
    acquisition,
    Array.from({ length: d }, () => [0, 1] as const),
    {
      ...options.search,
      rng,
      evaluated: codes,
      fixed: held,
      blocks: space.blocks,
      canonical: (code) => space.canonical(code),
      gradientFree: !model.differentiable,
      ...(model.objective === null ? {} : { lengthscales: kernelLengthscales(model.objective.gp.kernel, d) }),
    },
  );
  return count < Infinity && isTaken(x) ? null : x;
}

/** The acquisition on features: the choice, times feasibility, per cost. */
function searchAcquisition(
  { space, options }: OptimizerSetup,
  state: BayesianOptimizerState,
  model: SearchModel,
  rng: Rng,
): Acquisition {
  const present = state.trials.filter(({ run }) => run === state.run);
  const results = present.filter(({ status }) => status === 'ok');
  const pending = featuresOf(
    space,
    present.filter(({ status }) => status === 'pending'),
  );
  const lost = featuresOf(
    space,
    present.filter(({ status }) => status === 'failed' || status === 'pruned'),
  );
  const choice = options.acquisition ?? 'logExpectedImprovement';

  // Lost points are as if they had come out as expected: nothing is gained by going there again.
  const gp = model.objective === null ? null : believe(model.objective.gp, lost);
  const posterior = gp === null ? model.posterior : gpPosterior(believe(gp, pending));
  const feasible = results.filter(isFeasible);
  const best = feasible.length === 0 ? null : incumbent(options, model, featuresOf(space, feasible));
  const order = results.map((_, i) => i).sort((a, b) => value(model, b) - value(model, a));
  const evaluated = featuresOf(
    space,
    order.map((i) => results[i]),
  );
  let acquisition: Acquisition | null = null;
  if (best !== null) acquisition = chooseAcquisition(choice, { posterior, gp, best, evaluated, pending, rng });
  if (model.objective === null && acquisition !== null && pending.rows + lost.rows > 0) {
    acquisition = awayFrom(acquisition, [pending, lost]);
  }
  if (model.constraints.length > 0) {
    const limits = model.constraints.map(({ gp: process, scale }) => ({
      posterior: gpPosterior(process),
      upper: -scale.mean / scale.std,
    }));
    acquisition = constrainedAcquisition(acquisition, limits);
  }
  if (model.logCost !== null && acquisition !== null && best !== null) {
    acquisition = acquisitionPerCost(acquisition, gpPosterior(model.logCost.gp), model.logCost.scale.std);
  }
  return acquisition!;
}

/** Standardized value of result number i, larger is better. */
function value({ objective, scale }: SearchModel, i: number): number {
  return objective === null ? scale.y[i] : objective.gp.y[i];
}

/** The value to improve on, standardized. */
function incumbent(options: BayesianOptimizerOptions, model: SearchModel, feasible: Points): number {
  const { objective, posterior } = model;
  const noise = objective?.gp.noise ?? 1;
  const exact = typeof noise === 'number' ? noise < 1e-5 : noise.every((variance) => variance < 1e-5);
  const kind = options.incumbent ?? (exact ? 'observed' : 'mean');
  const source = kind === 'observed' ? observedAt(model, feasible) : posterior.many(feasible.data, feasible.rows).mean;
  let best = -Infinity;
  for (let i = 0; i < feasible.rows; i++) best = Math.max(best, source[i]);
  return best;
}

/** Observed values at points that have been observed: found by their features. */
function observedAt({ objective, scale }: SearchModel, feasible: Points): Float64Array {
  const all = objective === null ? null : objective.gp;
  if (all === null) return scale.y;
  const d = feasible.columns;
  return Float64Array.from({ length: feasible.rows }, (_, i) => {
    let best = -Infinity;
    for (let j = 0; j < all.n; j++) {
      let same = true;
      for (let k = 0; k < d && same; k++) same = all.X[j * d + k] === feasible.data[i * d + k];
      if (same) best = Math.max(best, all.y[j]);
    }
    return best;
  });
}

/** The process that takes its own mean at some points for their outcome: the mean stays, the deviation shrinks. */
function believe(gp: GpState, points: Points): GpState {
  if (points.rows === 0) return gp;
  const { mean } = predict(gp, points, { variance: false });
  const noise = typeof gp.noise === 'number' ? undefined : 1e-6;
  return gpAppendMany(gp, points, mean, { noise });
}

/** Minus infinity at the given points and little less than nothing a tenth of the cube away: for models that cannot condition. */
function awayFrom(acquisition: Acquisition, groups: readonly Points[]): Acquisition {
  const width = 0.05;
  return {
    value(x, gradient) {
      let total = acquisition.value(x, gradient);
      for (const { data, rows, columns } of groups) {
        for (let i = 0; i < rows; i++) {
          let r2 = 0;
          for (let k = 0; k < columns; k++) {
            const u = (x[k] - data[i * columns + k]) / width;
            r2 += u * u;
          }
          // ln(r²/(1 + r²)): no length-scale is known, so the shape is kept simple.
          if (r2 === 0) return -Infinity;
          total += log(r2 / (1 + r2));
          if (gradient === undefined) continue;
          for (let k = 0; k < columns; k++) {
            gradient[k] += (2 * (x[k] - data[i * columns + k])) / (width * width * r2 * (1 + r2));
          }
        }
      }
      return total;
    },
  };
}

export function featuresOf(space: SearchSpace, trials: readonly Trial[]): Points {
  const columns = featureCount(space);
  const data = new Float64Array(trials.length * columns);
  trials.forEach(({ x }, i) => data.set(spaceFeatures(space, x), i * columns));
  return { data, rows: trials.length, columns };
}

/** The models of a state without fitting anew: those that it holds, or those at the mode of the prior. */
export function modelOfState(setup: OptimizerSetup, state: BayesianOptimizerState): SearchModel {
  const { models } = state;
  // With as many results as `fittedAt` nothing is due.
  return modelForSearch(setup, { ...state, fittedAt: models === null ? 0 : resultsOf(state).length }, null);
}
