/** From the models of a run to its next point: build the acquisition, and search it. */
import type { Rng } from '../../random/create-rng.js';
import { log } from '../../special/log.js';
import { logSigmoid, sigmoid } from '../../special/logistic.js';
import { momentAcquisition, type Acquisition, type MomentRule } from '../acquisition/acquisition.js';
import {
  constrainedAcquisition,
  evaluateMany,
  sumOfAcquisitions,
} from '../acquisition/constrained-expected-improvement.js';
import { acquisitionPerCost } from '../acquisition/improvement-per-cost.js';
import { optimizeAcquisition, type OptimizeAcquisitionOptions } from '../acquisition/optimize-acquisition.js';
import { gpPosterior, type Posterior } from '../acquisition/posterior.js';
import { gpAppendMany } from '../gp/append.js';
import type { GpState } from '../gp/gp-state.js';
import { predict } from '../gp/predict.js';
import type { Points } from '../kernels/kernel.js';
import { expectedHypervolumeAcquisition } from '../multi-objective/expected-hypervolume-improvement.js';
import { defaultReference } from '../multi-objective/pareto.js';
import { quasiUniform } from '../quasi-random.js';
import { spaceAcquisition } from '../space/space-acquisition.js';
import { featureRows, isContinuous } from '../space/space-kernel.js';
import { applyOutput } from '../transforms/output-transform.js';
import { chooseAcquisition } from './acquisition-choice.js';
import { fidelityAcquisition } from './fidelity.js';
import { kernelLengthscales } from './model.js';
import type { OptimizerSetup } from './optimizer-options.js';
import type { BayesianOptimizerState } from './optimizer-state.js';
import { featuresOf, type SearchModel } from './search-model.js';
import { isFeasible } from './trial.js';

export type SearchOptions = Pick<
  OptimizeAcquisitionOptions,
  'rawSamples' | 'restarts' | 'maxIterations' | 'constraints' | 'duplicateTolerance'
>;

/** Spaces with at most this many configs are searched by trying them all. */
const ENUMERATED = 2048;

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
      ...(model.objectives.length === 0 ? {} : { lengthscales: kernelLengthscales(model.objectives[0].gp.kernel, d) }),
    },
  );
  return count < Infinity && isTaken(x) ? null : x;
}

/** The acquisition on features: the choice, times feasibility and success, per cost. */
function searchAcquisition(
  setup: OptimizerSetup,
  state: BayesianOptimizerState,
  model: SearchModel,
  rng: Rng,
): Acquisition {
  const { space, options } = setup;
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
  const exact = model.objectives.length > 0;

  // Lost points are as if they had come out as expected: nothing is gained by going there again.
  const processes = model.objectives.map(({ gp }) => believe(gp, lost));
  const feasible = results.flatMap((trial, i) => (isFeasible(trial) ? [i] : []));
  let acquisition: Acquisition | null = null;
  if (feasible.length > 0 && processes.length > 1) {
    acquisition = hypervolumeSearch(
      setup,
      model,
      feasible,
      processes.map((gp) => believe(gp, pending)),
    );
  } else if (feasible.length > 0 && options.fidelity !== undefined && exact) {
    const groups = [randomFeatures(setup, 128, rng), featuresOf(space, results)];
    acquisition = fidelityAcquisition(space, options.fidelity, believe(processes[0], pending), groups);
  } else if (feasible.length > 0) {
    const gp = exact ? processes[0] : null;
    const posterior = gp === null ? model.posterior : gpPosterior(believe(gp, pending));
    const order = results.map((_, i) => i).sort((a, b) => model.scale.y[b] - model.scale.y[a]);
    acquisition = chooseAcquisition(options.acquisition ?? 'logExpectedImprovement', {
      posterior,
      gp,
      best: incumbent(
        setup,
        rng,
        model,
        feasible,
        featuresOf(
          space,
          feasible.map((i) => results[i]),
        ),
      ),
      evaluated: featuresOf(
        space,
        order.map((i) => results[i]),
      ),
      pending,
      bounds: isContinuous(space) ? Array.from({ length: space.dimension }, () => [0, 1] as const) : null,
      candidates: (count) => randomFeatures(setup, count, rng),
      rng,
    });
    if (!exact && pending.rows + lost.rows > 0) acquisition = awayFrom(acquisition, [pending, lost]);
  }
  if (model.constraints.length > 0) {
    const limits = model.constraints.map(({ gp, scale }) => ({
      posterior: gpPosterior(gp),
      upper: applyOutput(scale.transform, [0])[0],
    }));
    acquisition = constrainedAcquisition(acquisition, limits);
  }
  if (model.success !== null && acquisition !== null) {
    acquisition = sumOfAcquisitions([acquisition, momentAcquisition(gpPosterior(model.success), logSuccessRule)]);
  }
  if (model.logCost !== null && acquisition !== null && feasible.length > 0) {
    const { gp, scale } = model.logCost;
    acquisition = acquisitionPerCost(acquisition, gpPosterior(gp), scale.transform.std * scale.transform.unit);
  }
  return acquisition!;
}

/** ln P(success) of a latent N(m, v) by the probit approximation 1/(1 + exp(-m/√(1 + πv/8))). */
const logSuccessRule: MomentRule = (mean, std) => {
  const shrink = 1 / Math.sqrt(1 + (Math.PI / 8) * std * std);
  const slope = sigmoid(-mean * shrink);
  return {
    value: logSigmoid(mean * shrink),
    dMean: slope * shrink,
    dStd: -slope * mean * shrink * shrink * shrink * (Math.PI / 8) * std,
  };
};

/** Expected hypervolume improvement over the feasible results, on the models' scales. */
function hypervolumeSearch(
  { sign, options }: OptimizerSetup,
  { objectives }: SearchModel,
  feasible: readonly number[],
  processes: readonly GpState[],
): Acquisition {
  const front = feasible.map((i) => objectives.map(({ scale }) => scale.y[i]));
  const reference =
    options.reference === undefined
      ? defaultReference(front)
      : objectives.map(({ scale }, o) => sign * applyOutput(scale.transform, [options.reference![o]])[0]);
  return expectedHypervolumeAcquisition(processes, { front, reference });
}

/** The value to improve on, transformed. */
function incumbent(
  setup: OptimizerSetup,
  rng: Rng,
  { objectives, posterior, scale }: SearchModel,
  feasible: readonly number[],
  points: Points,
): number {
  const { options } = setup;
  const noise = objectives.length === 0 ? 1 : objectives[0].gp.noise;
  const exact = typeof noise === 'number' ? noise < 1e-5 : noise.every((variance) => variance < 1e-5);
  const kind = options.incumbent ?? (exact ? 'observed' : 'mean');
  let best = -Infinity;
  if (kind === 'optimum') return optimumOfMean(setup, posterior, rng);
  if (kind === 'observed') for (const i of feasible) best = Math.max(best, scale.y[i]);
  else for (const mean of posterior.many(points.data, points.rows).mean) best = Math.max(best, mean);
  return best;
}

/** The largest posterior mean over the space. */
function optimumOfMean({ space }: OptimizerSetup, posterior: Posterior, rng: Rng): number {
  const mean = momentAcquisition(posterior, (value) => ({ value, dMean: 1, dStd: 0 }));
  const box = Array.from({ length: space.dimension }, () => [0, 1] as const);
  return optimizeAcquisition(spaceAcquisition(space, mean), box, {
    rng,
    blocks: space.blocks,
    rawSamples: 256,
    restarts: 2,
  }).value;
}

/** Features of random configs. */
function randomFeatures({ space }: OptimizerSetup, count: number, rng: Rng): Points {
  const d = space.dimension;
  const codes = quasiUniform(count, d, rng);
  return featureRows(space, count, (j) => codes.subarray(j * d, (j + 1) * d));
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
