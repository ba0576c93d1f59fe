/**
 * Meta-training a neural process to choose: proximal policy optimization on the regret's decrease, with the likelihood of
 * held-out values as an auxiliary loss against the sparsity of that reward.
 *
 * A. Maraval, M. Zimmer, A. Grosnit, H. Bou Ammar, arXiv:2305.15930, sections 4.2 and 4.3, Algorithm 1 and Appendix.
 *
 *   state (history, t), action = a candidate of the task's pool, reward r_t = max(y_t - best so far, 0)
 *   loss = PPO clip (ε 0.15) + value loss + cross-entropy of the buckets;  γ = λ = 0.98
 */
import { checkInteger, checkNumber, checkVector } from '../../internal/check.js';
import type { MatrixLike } from '../../linalg/to-row-major.js';
import { adam, type LearningRate } from '../../optimize/gradient-steps.js';
import { gae } from '../../policy-gradient/gae.js';
import { ppoClipLoss } from '../../policy-gradient/ppo.js';
import type { Rng } from '../../random/create-rng.js';
import { sampleCategorical } from '../../random/categorical.js';
import { sampleWithoutReplacement } from '../../random/permutation.js';
import { logSoftmax, softmax } from '../../special/softmax.js';
import type { Points } from '../kernels/kernel.js';
import { toPoints } from '../kernels/kernel-matrix.js';
import { type Surrogate, trainingData } from '../surrogates/surrogate.js';
import { barBucket, barMean, barQuantile, barVariance } from './bar-distribution.js';
import { type NeuralProcess, neuralProcessForward, pullBack, record } from './transformer-neural-process.js';

/** A task to learn from: a pool of points with their values, larger is better, on the scale of the borders. */
export interface NapTask {
  X: MatrixLike;
  y: ArrayLike<number>;
}

/** One decision, with all that the loss needs. */
export interface NapStep {
  historyX: Float64Array[];
  historyY: Float64Array;
  /** The points to choose from. */
  candidates: Float64Array[];
  /** Index of the chosen one. */
  action: number;
  /** ln of its probability when it was chosen. */
  oldLogp: number;
  advantage: number;
  /** Target of the value. */
  return: number;
  best: number;
  time: number;
  /** Points of the task with their values, for the auxiliary loss. May be empty. */
  heldOutX: Float64Array[];
  heldOutY: Float64Array;
}

export interface NapLossOptions {
  /** ε of the clip. Default 0.15. */
  epsilon?: number;
  /** Weight of ½ (value - return)². Default 1. */
  valueCoefficient?: number;
  /** Weight of the cross-entropy. Default 1. */
  auxiliaryCoefficient?: number;
}

export interface NapLoss {
  loss: number;
  policyLoss: number;
  valueLoss: number;
  /** Mean of -ln p(bucket of y) over the held-out points of the steps that have some. */
  auxiliaryLoss: number;
  gradient: Float64Array;
}

/**
 * The loss of some steps and its gradient. Each step costs one forward and one backward pass over history, candidates and
 * held-out points together: held-out points are candidates that nobody may choose.
 *
 * @throws RangeError if there is no step, an action is not a candidate, or sizes differ
 */
export function napLoss(
  process: NeuralProcess,
  parameters: ArrayLike<number>,
  steps: readonly NapStep[],
  options: NapLossOptions = {},
): NapLoss {
  if (steps.length === 0) throw new RangeError('steps must not be empty');
  const epsilon = options.epsilon ?? 0.15;
  const valueCoefficient = checkNumber('valueCoefficient', options.valueCoefficient ?? 1, 0);
  const auxiliaryCoefficient = checkNumber('auxiliaryCoefficient', options.auxiliaryCoefficient ?? 1, 0);
  const B = process.borders.length - 1;
  const N = steps.length;
  const tapes = steps.map((step, s) => {
    checkInteger(`steps[${s}].action`, step.action, 0, step.candidates.length - 1);
    checkVector(`steps[${s}].heldOutY`, step.heldOutY, step.heldOutX.length);
    const { historyX, historyY, best, time } = step;
    return record(process, parameters, {
      historyX,
      historyY,
      candidates: [...step.candidates, ...step.heldOutX],
      best,
      time,
    });
  });
  const logps = steps.map((step, s) => logSoftmax(tapes[s].acquisitionLogits.subarray(0, step.candidates.length)));
  const ppo = ppoClipLoss(
    {
      logp: steps.map((step, s) => logps[s][step.action]),
      oldLogp: steps.map(({ oldLogp }) => oldLogp),
      advantages: steps.map(({ advantage }) => advantage),
    },
    { epsilon },
  );
  const gradient = new Float64Array(process.parameterCount);
  const withHeldOut = steps.filter(({ heldOutX }) => heldOutX.length > 0).length;
  let valueLoss = 0;
  let auxiliaryLoss = 0;
  steps.forEach((step, s) => {
    const tape = tapes[s];
    const count = step.candidates.length;
    const byAcquisition = new Float64Array(tape.c);
    const chances = softmax(tape.acquisitionLogits.subarray(0, count));
    for (let j = 0; j < count; j++) byAcquisition[j] = ppo.grad[s] * ((j === step.action ? 1 : 0) - chances[j]);
    const error = tape.value - step.return;
    valueLoss += (0.5 * error * error) / N;
    const byBuckets = new Float64Array(tape.c * B);
    const held = step.heldOutX.length;
    for (let j = 0; j < held; j++) {
      const row = (count + j) * B;
      const logProbabilities = logSoftmax(tape.bucketLogits.subarray(row, row + B));
      const bucket = barBucket(process.borders, step.heldOutY[j]);
      const weight = 1 / (held * withHeldOut);
      auxiliaryLoss -= weight * logProbabilities[bucket];
      for (let b = 0; b < B; b++) {
        byBuckets[row + b] = auxiliaryCoefficient * weight * (tape.probabilities[row + b] - (b === bucket ? 1 : 0));
      }
    }
    const by = { acquisitionLogits: byAcquisition, bucketLogits: byBuckets, value: (valueCoefficient * error) / N };
    pullBack(process, tape, by, gradient);
  });
  const loss = ppo.loss + valueCoefficient * valueLoss + auxiliaryCoefficient * auxiliaryLoss;
  return { loss, policyLoss: ppo.loss, valueLoss, auxiliaryLoss, gradient };
}

export interface NapEpisodeOptions {
  /** T, choices in an episode; at most the size of the pool. Default 24. */
  horizon?: number;
  /** Best value before the first choice. Default 0. */
  initialBest?: number;
  /** γ. Default 0.98. */
  gamma?: number;
  /** λ of the advantages. Default 0.98. */
  lambda?: number;
  /** Points of the pool that each step holds out for the auxiliary loss, at most those not yet chosen. Default 8. */
  heldOut?: number;
}

export interface NapEpisode {
  steps: NapStep[];
  /** r_t. */
  rewards: Float64Array;
  /** Best value after each choice. */
  trace: Float64Array;
}

/**
 * One episode of the policy softmax(acquisition logits) on a task: choose from what is left of the pool, observe, repeat.
 * Advantages by `gae`. One uniform and `heldOut` uniforms a step; horizon forward passes over the pool.
 *
 * @throws RangeError if the horizon exceeds the pool or an option is out of range
 */
export function napEpisode(
  process: NeuralProcess,
  parameters: ArrayLike<number>,
  task: NapTask,
  rng: Rng,
  options: NapEpisodeOptions = {},
): NapEpisode {
  const { pool, y } = poolOf(task);
  const n = pool.rows;
  const T = checkInteger('horizon', options.horizon ?? Math.min(24, n), 1, n);
  const heldOut = checkInteger('heldOut', options.heldOut ?? 8, 0);
  let best = checkNumber('initialBest', options.initialBest ?? 0);
  const row = (i: number) => pool.data.slice(i * pool.columns, (i + 1) * pool.columns);
  const left = Array.from({ length: n }, (_, i) => i);
  const chosen: number[] = [];
  const rewards = new Float64Array(T);
  const values = new Float64Array(T);
  const trace = new Float64Array(T);
  const steps: NapStep[] = [];
  for (let t = 0; t < T; t++) {
    const historyX = chosen.map(row);
    const historyY = Float64Array.from(chosen, (i) => y[i]);
    const candidates = left.map(row);
    const time = t / T;
    const out = neuralProcessForward(process, parameters, { historyX, historyY, candidates, best, time });
    const logp = logSoftmax(out.acquisitionLogits);
    const action = sampleCategorical(softmax(out.acquisitionLogits), rng);
    const held = sampleWithoutReplacement(left.length, Math.min(heldOut, left.length), rng);
    const heldIndices = Array.from(held, (k) => left[k]);
    const [index] = left.splice(action, 1);
    rewards[t] = Math.max(y[index] - best, 0);
    values[t] = out.value;
    steps.push({
      historyX,
      historyY,
      candidates,
      action,
      oldLogp: logp[action],
      advantage: 0,
      return: 0,
      best,
      time,
      heldOutX: heldIndices.map(row),
      heldOutY: Float64Array.from(heldIndices, (i) => y[i]),
    });
    best = Math.max(best, y[index]);
    trace[t] = best;
    chosen.push(index);
  }
  const { advantages, returns } = gae(
    { rewards, values },
    { gamma: options.gamma ?? 0.98, lambda: options.lambda ?? 0.98 },
  );
  steps.forEach((step, t) => {
    step.advantage = advantages[t];
    step.return = returns[t];
  });
  return { steps, rewards, trace };
}

export interface NapTrainOptions extends NapLossOptions, NapEpisodeOptions {
  /** Default 100. The paper: 2000. */
  iterations?: number;
  /** Episodes an iteration, each on a new task. Default 4. */
  episodes?: number;
  /** Gradient steps on the episodes of an iteration. Default 2. */
  epochs?: number;
  /** Of Adam. Default 3e-4; the paper, for its size, 3e-5. */
  learningRate?: LearningRate;
  /** Scale the advantages of an iteration to mean 0 and deviation 1. Default true. */
  standardizeAdvantages?: boolean;
  /** Called after every iteration; returning false stops. */
  onIteration?: (iteration: number, report: NapReport) => boolean | void;
}

export interface NapReport {
  /** Mean over episodes of the best value at the end. */
  best: number;
  /** Of the last epoch, before its step. */
  loss: number;
  auxiliaryLoss: number;
}

export interface NapRun {
  parameters: Float64Array;
  reports: NapReport[];
}

/**
 * Trains a process on tasks from a sampler: episodes with the present parameters, then `epochs` steps of Adam on `napLoss` of
 * them all.
 *
 * @param task draws a task
 * @throws RangeError if an option is out of range
 */
export function trainNap(
  process: NeuralProcess,
  start: ArrayLike<number>,
  task: (rng: Rng) => NapTask,
  rng: Rng,
  options: NapTrainOptions = {},
): NapRun {
  checkVector('start', start, process.parameterCount);
  const iterations = checkInteger('iterations', options.iterations ?? 100, 0);
  const episodes = checkInteger('episodes', options.episodes ?? 4, 1);
  const epochs = checkInteger('epochs', options.epochs ?? 2, 1);
  const optimizer = adam({ learningRate: options.learningRate ?? 3e-4 });
  const out = { state: optimizer.init(process.parameterCount), parameters: Float64Array.from(start) };
  const reports: NapReport[] = [];
  for (let iteration = 0; iteration < iterations; iteration++) {
    const played = Array.from({ length: episodes }, () => napEpisode(process, out.parameters, task(rng), rng, options));
    const steps = played.flatMap((episode) => episode.steps);
    if (options.standardizeAdvantages ?? true) standardizeAdvantages(steps);
    let last: NapLoss | undefined;
    for (let epoch = 0; epoch < epochs; epoch++) {
      last = napLoss(process, out.parameters, steps, options);
      optimizer.update(out.state, last.gradient, out.parameters, out);
    }
    const best = played.reduce((total, { trace }) => total + trace[trace.length - 1], 0) / episodes;
    const report = { best, loss: last!.loss, auxiliaryLoss: last!.auxiliaryLoss };
    reports.push(report);
    if (options.onIteration?.(iteration, report) === false) break;
  }
  return { parameters: out.parameters, reports };
}

function standardizeAdvantages(steps: NapStep[]): void {
  let mean = 0;
  for (const { advantage } of steps) mean += advantage / steps.length;
  let squares = 0;
  for (const { advantage } of steps) squares += (advantage - mean) * (advantage - mean);
  const deviation = Math.sqrt(squares / steps.length);
  for (const step of steps) step.advantage = (step.advantage - mean) / (deviation + 1e-8);
}

/** What a process has been told: plain data. */
export interface NeuralProcessState {
  historyX: Points;
  historyY: Float64Array;
}

/**
 * A trained process as a surrogate: fitting is remembering, predicting is one forward pass. Mean and variance are those of
 * the buckets; samples at several points are drawn point by point, without their correlation.
 *
 * @example
 * const process = neuralProcess({ inputs: 1, embed: 8, layers: 1, heads: 2, feedForward: 8, buckets: 20 });
 * const model = neuralProcessSurrogate(process, neuralProcessInit(process, createRng(1)));
 * const state = model.fit([[0], [1]], [0.2, 0.4], createRng(2));
 * model.predict(state, [[0.5]]).mean[0] > -0.1; //=> true
 */
export function neuralProcessSurrogate(
  process: NeuralProcess,
  parameters: ArrayLike<number>,
): Surrogate<NeuralProcessState> {
  checkVector('parameters', parameters, process.parameterCount);
  const B = process.borders.length - 1;
  const distributions = ({ historyX, historyY }: NeuralProcessState, Xs: MatrixLike) => {
    const points = toPoints('Xs', Xs, process.inputs);
    const { bucketLogits } = neuralProcessForward(process, parameters, { historyX, historyY, candidates: points });
    return Array.from({ length: points.rows }, (_, j) => ({
      borders: process.borders,
      probabilities: softmax(bucketLogits.subarray(j * B, (j + 1) * B)),
    }));
  };
  return {
    fit(X, y) {
      const { points, targets } = trainingData(X, y);
      return { historyX: { ...points, data: points.data.slice() }, historyY: targets };
    },
    predict(state, Xs) {
      const bars = distributions(state, Xs);
      return { mean: Float64Array.from(bars, barMean), variance: Float64Array.from(bars, barVariance) };
    },
    sample(state, Xs, n, rng) {
      checkInteger('n', n, 0);
      const bars = distributions(state, Xs);
      return Float64Array.from({ length: n * bars.length }, (_, p) => barQuantile(bars[p % bars.length], rng()));
    },
  };
}

function poolOf({ X, y }: NapTask): { pool: Points; y: Float64Array } {
  const { points, targets } = trainingData(X, y);
  return { pool: points, y: targets };
}
