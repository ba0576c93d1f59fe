/** The models of a run, fitted or conditioned as its state says, ready for acquisition functions. */
import { createRng, type Rng } from '../../random/create-rng.js';
import { log } from '../../special/log.js';
import { gpPosterior, type Posterior } from '../acquisition/posterior.js';
import { condition, type GpState } from '../gp/gp-state.js';
import { fitGpClassifier } from '../gp/classify.js';
import { scaleKernel } from '../kernels/scale.js';
import type { Points } from '../kernels/kernel.js';
import { augmentedChebyshev, simplexWeights } from '../multi-objective/scalarization.js';
import { featureCount, featureRows, spaceKernel } from '../space/space-kernel.js';
import type { SearchSpace } from '../space/search-space.js';
import { surrogatePosterior } from '../surrogates/surrogate.js';
import { fidelityKernel } from './fidelity.js';
import {
  conditionOutput,
  fitOutput,
  observations,
  outputScale,
  type Observations,
  type OutputModel,
  type OutputScale,
} from './model.js';
import { isSurrogate, type OptimizerSetup } from './optimizer-options.js';
import { resultsOf, type BayesianOptimizerState } from './optimizer-state.js';
import type { Trial } from './trial.js';

/** Models on transformed scales, where larger is better for objectives. */
export interface SearchModel {
  memory: Pick<BayesianOptimizerState, 'models' | 'fittedAt' | 'modelSeed'>;
  /** One per objective; empty when a surrogate stands in. */
  objectives: OutputModel[];
  /** Of the first objective. */
  posterior: Posterior;
  scale: OutputScale;
  constraints: OutputModel[];
  logCost: OutputModel | null;
  /** Latent process of the classifier of failures; null without one, or without a failure. */
  success: GpState | null;
  /** Whether the posterior has gradients. */
  differentiable: boolean;
}

/** Fits what is due, and conditions the rest on the results of the present run. Without `rng` no start is random. */
export function modelForSearch(setup: OptimizerSetup, state: BayesianOptimizerState, rng: Rng | null): SearchModel {
  const { space, options } = setup;
  const results = resultsOf(state);
  const n = results.length;
  const custom = isSurrogate(options.model) ? options.model : null;
  const fitOptions = isSurrogate(options.model) ? {} : (options.model ?? {});
  const outputs = outputsOf(setup, results, custom !== null, rng);
  const period = n <= 100 ? 1 : Math.ceil(n / 50);
  // A custom model leaves no room for the objective's entry: what is stored may be of another number of outputs.
  const stored = state.models?.length === outputs.length ? state.models : null;
  const due = stored === null || n - state.fittedAt >= period || options.acquisition === 'augmentedChebyshev';
  const models = due
    ? outputs.map((data, i) => fitOutput(space, data, fitOptions, stored?.[i] ?? null, rng, setup.exactLimit))
    : stored;
  const modelSeed = custom === null || rng === null ? state.modelSeed : rng();
  const conditioned = outputs.map((data, i) => conditionOutput(data, models[i], setup.exactLimit));
  const count = outputs.length - (options.constraints ?? 0) - (options.costAware === true ? 1 : 0);
  const objectives = conditioned.slice(0, count);
  const shared = {
    memory: { models, fittedAt: due ? n : state.fittedAt, modelSeed },
    objectives,
    constraints: conditioned.slice(count, count + (options.constraints ?? 0)),
    logCost: options.costAware === true ? conditioned[conditioned.length - 1] : null,
    success: options.failureModel === true ? successProcess(space, state) : null,
  };
  if (custom !== null) {
    const [data] = objectiveOutputs(setup, results, rng);
    const scale = outputScale(data);
    const fitted = custom.fit(data.X, scale.y, createRng(modelSeed, 'surrogate'));
    const posterior = surrogatePosterior(custom, fitted, featureCount(space));
    return { ...shared, posterior, scale, differentiable: custom.predictGradient !== undefined };
  }
  const [{ gp, scale }] = objectives;
  return { ...shared, posterior: gpPosterior(gp), scale, differentiable: true };
}

/**
 * The models of a state without fitting anew: those that it holds, or those at the mode of the prior. With several objectives
 * there is one for each, also where the search is by random weights.
 */
export function modelOfState(setup: OptimizerSetup, state: BayesianOptimizerState): SearchModel {
  const known = remembered.get(setup);
  if (known?.state === state) return known.model;
  const { models } = state;
  // With as many results as `fittedAt` nothing is due.
  const settled = { ...state, fittedAt: models === null ? 0 : resultsOf(state).length };
  const byObjective: OptimizerSetup = isScalarized(setup)
    ? { ...setup, options: { ...setup.options, acquisition: 'expectedHypervolumeImprovement' } }
    : setup;
  const model = modelForSearch(byObjective, settled, null);
  remembered.set(setup, { state, model });
  return model;
}

/** Keeps the model that a search has made of a state for `modelOfState`. */
export function rememberModel(setup: OptimizerSetup, state: BayesianOptimizerState, model: SearchModel): void {
  if (!isScalarized(setup)) remembered.set(setup, { state, model });
}

/** The last model of each optimizer, by the identity of the state that it belongs to: states are not changed in place. */
const remembered = new WeakMap<OptimizerSetup, { state: BayesianOptimizerState; model: SearchModel }>();

/** Whether the search is for a random scalarization, anew each time. */
function isScalarized({ options }: OptimizerSetup): boolean {
  return options.acquisition === 'augmentedChebyshev';
}

/** The outputs that have a Gaussian process each: objectives (unless a surrogate stands in), constraints, log cost. */
function outputsOf(
  setup: OptimizerSetup,
  results: readonly Trial[],
  withoutObjectives: boolean,
  rng: Rng | null,
): Observations[] {
  const { space, options } = setup;
  const outputs = withoutObjectives ? [] : objectiveOutputs(setup, results, rng);
  for (let c = 0; c < (options.constraints ?? 0); c++) {
    outputs.push({ ...observations(space, results, (trial) => trial.constraints[c]), noise: null });
  }
  if (options.costAware === true) {
    outputs.push({ ...observations(space, results, (trial) => log(trial.cost!)), noise: null });
  }
  return outputs;
}

/** One output per objective; with 'augmentedChebyshev' a single one, by weights drawn for this search. */
function objectiveOutputs(
  { space, sign, options }: OptimizerSetup,
  results: readonly Trial[],
  rng: Rng | null,
): Observations[] {
  const transform = isSurrogate(options.model) ? 'standardize' : (options.model?.outputTransform ?? 'standardize');
  const m = options.objectives ?? 1;
  if (options.acquisition === 'augmentedChebyshev') {
    const weights = rng === null ? new Float64Array(m).fill(1 / m) : simplexWeights(m, rng);
    const values = augmentedChebyshev(
      results.map((trial) => trial.values),
      weights,
      { maximize: sign === 1 },
    );
    const index = new Map(results.map((trial, i) => [trial, i]));
    return [observations(space, results, (trial) => values[index.get(trial)!], { sign: -1, transform })];
  }
  const { fidelity } = options;
  return Array.from({ length: m }, (_, o) => ({
    ...observations(space, results, (trial) => trial.values[o], { sign, transform }),
    ...(fidelity === undefined ? {} : { kernel: (base: 'matern52' | 'rbf') => fidelityKernel(space, fidelity, base) }),
  }));
}

/**
 * A Gaussian process with the latent posterior of the classifier of successes: Laplace's approximation is the process that
 * observed m + W^-1 ∇ with noise W^-1 (Rasmussen and Williams, section 3.4.2).
 */
function successProcess(space: SearchSpace, state: BayesianOptimizerState): GpState | null {
  const present = state.trials.filter(
    ({ run, status }) => run === state.run && (status === 'ok' || status === 'failed'),
  );
  const labels = present.map(({ status }) => (status === 'ok' ? 1 : 0));
  if (!labels.includes(0) || !labels.includes(1)) return null;
  const X = featuresOf(space, present);
  const kernel = scaleKernel(1, spaceKernel(space));
  const { model } = fitGpClassifier(X, labels, { kernel });
  const W = model.sqrtW.map((value) => Math.max(1e-10, value * value));
  const y = model.latentMode.map((f, i) => f + model.gradient[i] / W[i]);
  return condition(
    model.kernel,
    X,
    y,
    W.map((value) => 1 / value),
    model.mean,
  );
}

export function featuresOf(space: SearchSpace, trials: readonly Trial[]): Points {
  return featureRows(space, trials.length, (i) => trials[i].x);
}
