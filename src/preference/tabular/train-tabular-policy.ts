// Training a softmax policy on a finite set with any loss of this library: the laboratory in which claims about preference
// optimization can be checked exactly, since every expectation is a sum.
//
// The protocol of F. Tajwar et al., "Preference Fine-Tuning of LLMs Should Leverage Suboptimal, On-Policy Data",
// arXiv:2404.14367 (on-policy sampling, sample reuse), on a table instead of a network.
//
//   paper      here                 meaning
//   π_ref      refLogits            frozen reference, the start as well unless initLogits is given
//   B / C      sampling.groups      groups (prompts) in a batch
//   C          sampling.groupSize   responses to a prompt
//   M          sampling.innerSteps  gradient steps on a batch

import { checkInteger, checkOption, checkPositive } from '../../internal/check.js';
import {
  adam,
  adamW,
  rmsProp,
  sgd,
  type LearningRate,
  type Optimizer,
  type OptimizerState,
} from '../../optimize/gradient-steps.js';
import type { Rng } from '../../random/create-rng.js';
import { exp } from '../../special/exp.js';
import {
  checkSampling,
  fixedBatch,
  NO_SAMPLES,
  populationBatch,
  sampledBatch,
  subBatch,
  type TabularBatch,
  type TabularSampling,
} from './tabular-batch.js';
import {
  lossNeeds,
  meanKl,
  tabularObjective,
  type ObjectiveValue,
  type TabularLoss,
  type TabularLossOptionsOf,
} from './tabular-objective.js';
import { logSoftmaxRows, tableOf, tabularTables, type Table, type TabularProblem } from './tabular-problem.js';

export interface TabularTrainerOptions<Loss extends TabularLoss = TabularLoss> {
  /** A pair loss by its short name, or 'nll', 'bestOfN', 'bestOfNNegative', 'awr', 'kto', 'reinforce', 'rloo', 'grpo', 'ppo', 'exactPolicyGradient'. */
  loss: Loss;
  lossOptions?: TabularLossOptionsOf<Loss>;
  /** Default 'adam', with its own defaults (β₁ 0.9, β₂ 0.999, ε 1e-8). */
  optimizer?: 'sgd' | 'adam' | 'adamW' | 'rmsProp';
  /** η > 0. */
  learningRate: LearningRate;
  /** The start. Default the reference's logits. */
  initLogits?: Table;
  /** Where the data come from. Default the problem's pairs, `{ mode: 'fixed' }`. */
  sampling?: TabularSampling;
  /** A longer gradient is scaled to this length. Default none. */
  clipGradNorm?: number;
}

/** Plain data. */
export interface TabularState {
  /** Gradient steps so far. */
  step: number;
  /** S × A. */
  logits: Float64Array;
  optimizer: OptimizerState;
  /** The batch in use, null before the first draw; replaced by the next, never changed. */
  batch: TabularBatch | null;
  /** The part of it that this step uses. */
  current: TabularBatch | null;
  /** Step at which `batch` was drawn. */
  drawnAt: number;
  /** Rewards asked for so far, one for each sampled action. */
  rewardQueries: number;
}

/** What there is to know about the policy at a step. */
export interface TabularRecord extends ObjectiveValue {
  step: number;
  /** Length of the gradient before clipping. */
  gradNorm: number;
  /** Means over the contexts: entropy in nats, KL(p || ref), and E_p[r] where the problem has rewards. */
  entropy: number;
  kl: number;
  expectedReward?: number;
  /** S × A, copies. */
  logits: Float64Array;
  probs: Float64Array;
}

export interface TabularTrainer {
  init(): TabularState;
  /** Draws a fresh batch if one is due at this step, else returns an equal state. */
  draw(state: TabularState, rng?: Rng, out?: TabularState): TabularState;
  /** `draw`, then one gradient step. With `out = state` in place. */
  step(state: TabularState, rng?: Rng, out?: TabularState): TabularState;
  /** Loss, gradient norm and the rest on the batch in use; the state is left alone. */
  evaluate(state: TabularState): TabularRecord;
}

/**
 * The training loop as pure steps over a plain state, for loops of one's own, checkpoints and pauses.
 *
 * Draws: none for 'fixed', 'population' and 'exactPolicyGradient'; for the others groups × groupSize uniforms a batch, one
 * for each kept pair with label noise, and `batchSize` a step when that is less than all groups.
 *
 * @throws RangeError, TypeError for a bad problem or option, before any work
 */
export function tabularTrainer<Loss extends TabularLoss>(
  problem: TabularProblem,
  options: TabularTrainerOptions<Loss>,
): TabularTrainer {
  const kernel = tabularKernel(problem, options);
  const trainer: TabularTrainer = {
    init: kernel.init,
    draw(state, rng, out) {
      const next = copyState(state, out);
      kernel.draw(next, rng);
      return next;
    },
    step(state, rng, out) {
      const next = trainer.draw(state, rng, out);
      kernel.measure(next);
      kernel.advance(next);
      return next;
    },
    evaluate(state) {
      if (state.current === null) throw new RangeError('state must have a batch: call draw or step first');
      return kernel.record(state, kernel.measure(state));
    },
  };
  return trainer;
}

export interface TrainTabularOptions<Loss extends TabularLoss = TabularLoss> extends TabularTrainerOptions<Loss> {
  /** Gradient steps, at least 0. */
  steps: number;
  /** Required when samples are drawn. */
  rng?: Rng;
  /** Keep the figures of steps 0, k, 2k, ... and of the last. Default 1. */
  recordEvery?: number;
  /** Keep the whole records too. Default false. */
  keepSnapshots?: boolean;
  /** Asked at every recorded step; true ends the training there. */
  stop?: (record: TabularRecord) => boolean;
}

export interface TabularTraining {
  /** Of the last step, S × A. */
  logits: Float64Array;
  probs: Float64Array;
  /** The steps that the trajectories tell of; each figure is taken before its step, the last after all. */
  recordedSteps: Int32Array;
  lossTrajectory: Float64Array;
  entropyTrajectory: Float64Array;
  klTrajectory: Float64Array;
  gradNormTrajectory: Float64Array;
  /** For problems with rewards. */
  expectedRewardTrajectory?: Float64Array;
  /** For losses that have winners and losers; NaN at a batch without pairs. */
  chosenLogProbTrajectory?: Float64Array;
  rejectedLogProbTrajectory?: Float64Array;
  /** For the pair losses: mean difference of the implicit rewards. */
  marginTrajectory?: Float64Array;
  rewardQueries: number;
  snapshots?: TabularRecord[];
  state: TabularState;
}

/**
 * Trains a tabular softmax policy by gradient descent on a loss and keeps its exact figures along the way.
 *
 * A loss of differences (DPO, IPO, hinge, ...) moves only the logits of each pair, others all of them; a step left without
 * pairs has loss 0 and gradient 0, and the optimizer still steps. O(pairs + S A) a step. Same seed, same bits.
 *
 * @throws RangeError, TypeError for a bad problem or option, a missing rng included, before any work
 *
 * @example
 * const run = trainTabularPolicy(
 *   { refLogits: [0, 0, 0], pairs: [[0, 1]] },
 *   { loss: 'dpo', lossOptions: { beta: 1 }, optimizer: 'sgd', learningRate: 1, steps: 1 },
 * );
 * run.logits; //=> Float64Array.of(0.5, -0.5, 0)
 */
export function trainTabularPolicy<Loss extends TabularLoss>(
  problem: TabularProblem,
  options: TrainTabularOptions<Loss>,
): TabularTraining {
  const steps = checkInteger('steps', options.steps, 0);
  const recordEvery = checkInteger('recordEvery', options.recordEvery ?? 1, 1);
  const kernel = tabularKernel(problem, options);
  const { rng, stop } = options;
  if (kernel.random && typeof rng !== 'function') throw new TypeError('rng is required when samples are drawn');
  const records: TabularRecord[] = [];
  const state = kernel.init();
  for (;;) {
    if (state.step < steps || state.current === null) kernel.draw(state, rng);
    const value = kernel.measure(state);
    if (state.step % recordEvery === 0 || state.step === steps) {
      const record = kernel.record(state, value);
      records.push(record);
      if (stop?.(record) === true) break;
    }
    if (state.step === steps) break;
    kernel.advance(state);
  }
  const last = kernel.record(state, {} as ObjectiveValue);
  const trajectory = (field: 'loss' | 'entropy' | 'kl' | 'gradNorm') =>
    Float64Array.from(records, (record) => record[field]);
  const optional = (field: 'expectedReward' | 'chosenLogProb' | 'rejectedLogProb' | 'margin') =>
    records[0][field] === undefined ? undefined : Float64Array.from(records, (record) => record[field] as number);
  const trajectories = {
    expectedRewardTrajectory: optional('expectedReward'),
    chosenLogProbTrajectory: optional('chosenLogProb'),
    rejectedLogProbTrajectory: optional('rejectedLogProb'),
    marginTrajectory: optional('margin'),
    snapshots: options.keepSnapshots === true ? records : undefined,
  };
  return {
    logits: last.logits,
    probs: last.probs,
    recordedSteps: Int32Array.from(records, ({ step }) => step),
    lossTrajectory: trajectory('loss'),
    entropyTrajectory: trajectory('entropy'),
    klTrajectory: trajectory('kl'),
    gradNormTrajectory: trajectory('gradNorm'),
    ...withoutUndefined(trajectories),
    rewardQueries: state.rewardQueries,
    state,
  };
}

/** The parts of the loop, in place: `measure` leaves the gradient behind, `advance` steps along it. */
function tabularKernel<Loss extends TabularLoss>(problem: TabularProblem, options: TabularTrainerOptions<Loss>) {
  const tables = tabularTables(problem);
  const { contexts: S, actions: A } = tables;
  const { loss, clipGradNorm } = options;
  if (clipGradNorm !== undefined) checkPositive('clipGradNorm', clipGradNorm);
  const sampling = checkSampling(options.sampling ?? { mode: 'fixed' }, tables);
  const objective = tabularObjective(tables, loss, options.lossOptions ?? {}, sampling.groupSize);
  const needs = lossNeeds(loss);
  if (needs === 'samples' && sampling.mode !== 'offline' && sampling.mode !== 'onPolicy') {
    throw new RangeError(`sampling.mode must be 'offline' or 'onPolicy' for ${loss}, got '${sampling.mode}'`);
  }
  const random = needs !== 'nothing' && (sampling.mode === 'offline' || sampling.mode === 'onPolicy');
  const method = optimizerOf(options);
  const start = options.initLogits === undefined ? tables.refLogits : startOf(options.initLogits, S, A);
  const steady =
    needs === 'nothing'
      ? NO_SAMPLES
      : sampling.mode === 'fixed'
        ? fixedBatch(tables)
        : sampling.mode === 'population'
          ? populationBatch(tables, sampling)
          : null;
  const logP = new Float64Array(S * A);
  const grad = new Float64Array(S * A);
  return {
    random,
    init(): TabularState {
      const optimizer = method.init(S * A);
      const logits = start.slice();
      return { step: 0, logits, optimizer, batch: steady, current: steady, drawnAt: 0, rewardQueries: 0 };
    },
    draw(state: TabularState, rng: Rng | undefined): void {
      if (!random) return;
      if (typeof rng !== 'function') throw new TypeError('rng is required when samples are drawn');
      const fresh = sampling.mode === 'onPolicy' && state.step - state.drawnAt >= sampling.innerSteps;
      if (state.batch === null || fresh) {
        const policy = sampling.mode === 'offline' ? tables.refLogP : logSoftmaxRows(state.logits, A, logP);
        state.batch = sampledBatch(tables, sampling, policy, rng);
        state.drawnAt = state.step;
        state.rewardQueries += sampling.groups * sampling.groupSize;
        state.current = state.batch;
      }
      if (sampling.batchSize < sampling.groups) state.current = subBatch(state.batch, sampling, rng);
    },
    measure(state: TabularState): ObjectiveValue {
      return objective(state.current as TabularBatch, logSoftmaxRows(state.logits, A, logP), grad);
    },
    advance(state: TabularState): void {
      const norm = length(grad);
      if (clipGradNorm !== undefined && norm > clipGradNorm) {
        for (let i = 0; i < grad.length; i++) grad[i] *= clipGradNorm / norm;
      }
      method.update(state.optimizer, grad, state.logits, { state: state.optimizer, parameters: state.logits });
      state.step += 1;
    },
    record(state: TabularState, value: ObjectiveValue): TabularRecord {
      const logits = state.logits.slice();
      logSoftmaxRows(logits, A, logP);
      const probs = logP.map(exp);
      let entropy = 0;
      let expectedReward = 0;
      for (let i = 0; i < probs.length; i++) {
        if (probs[i] > 0) entropy -= probs[i] * logP[i];
        if (tables.rewards !== undefined) expectedReward += probs[i] * tables.rewards[i];
      }
      return {
        ...value,
        step: state.step,
        gradNorm: length(grad),
        entropy: entropy / S,
        kl: meanKl(tables, logP),
        ...(tables.rewards === undefined ? {} : { expectedReward: expectedReward / S }),
        logits,
        probs,
      };
    },
  };
}

function optimizerOf({ optimizer = 'adam', learningRate }: TabularTrainerOptions): Optimizer {
  checkOption('optimizer', optimizer, ['sgd', 'adam', 'adamW', 'rmsProp']);
  return { sgd, adam, adamW, rmsProp }[optimizer]({ learningRate });
}

function startOf(initLogits: Table, S: number, A: number): Float64Array {
  const { data, rows, columns } = tableOf('initLogits', initLogits);
  if (rows !== S || columns !== A) {
    throw new RangeError(`initLogits must be ${S} × ${A} like the reference, got ${rows} × ${columns}`);
  }
  for (let i = 0; i < data.length; i++) {
    if (!(data[i] < Infinity)) throw new RangeError(`initLogits[${i}] must be below Infinity, got ${data[i]}`);
  }
  return data;
}

function copyState(state: TabularState, out: TabularState | undefined): TabularState {
  if (out === state) return state;
  const optimizer = out?.optimizer ?? structuredClone(state.optimizer);
  const logits = out?.logits ?? state.logits.slice();
  if (out !== undefined) {
    logits.set(state.logits);
    optimizer.t = state.optimizer.t;
    optimizer.first.set(state.optimizer.first);
    optimizer.second.set(state.optimizer.second);
  }
  return Object.assign(out ?? {}, state, { logits, optimizer });
}

function length(x: Float64Array): number {
  let squares = 0;
  for (let i = 0; i < x.length; i++) squares += x[i] * x[i];
  return Math.sqrt(squares);
}

function withoutUndefined<T extends object>(fields: T): { [K in keyof T]?: Exclude<T[K], undefined> } {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as never;
}
