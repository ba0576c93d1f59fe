/**
 * Meta-training a neural process to choose: episodes on tasks, and steps on the loss of what was played.
 *
 * A. Maraval, M. Zimmer, A. Grosnit, H. Bou Ammar, arXiv:2305.15930, section 4, Algorithm 1 and Appendix; the loss is `napLoss`.
 *
 *   state (history, t), action = a candidate of the task's pool, reward r_t = max(y_t - best so far, 0);  γ = λ = 0.98
 *
 * The paper trains for 2000 iterations of 1440 steps with learning rate 3e-5 and T = 24. The defaults here are for a CPU.
 */
import { checkInteger, checkNumber, checkVector } from '../../internal/check.js';
import type { MatrixLike } from '../../linalg/to-row-major.js';
import { adam, type LearningRate } from '../../optimize/gradient-steps.js';
import { gae } from '../../policy-gradient/gae.js';
import type { Rng } from '../../random/create-rng.js';
import { sampleCategorical } from '../../random/categorical.js';
import { sampleWithoutReplacement } from '../../random/permutation.js';
import { logSoftmax, softmax } from '../../special/softmax.js';
import type { Points } from '../kernels/kernel.js';
import { trainingData } from '../surrogates/surrogate.js';
import { type NapLoss, napLoss, type NapLossOptions, type NapStep } from './nap-loss.js';
import { type NeuralProcess, neuralProcessForward } from './transformer-neural-process.js';

/** A task to learn from: a pool of points with their values, larger is better, on the scale of the borders. */
export interface NapTask {
  X: MatrixLike;
  y: ArrayLike<number>;
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

function poolOf({ X, y }: NapTask): { pool: Points; y: Float64Array } {
  const { points, targets } = trainingData(X, y);
  return { pool: points, y: targets };
}
