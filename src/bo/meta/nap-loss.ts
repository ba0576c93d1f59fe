/**
 * The loss by which a neural process learns to choose: proximal policy optimization on the regret's decrease, with the
 * likelihood of held-out values as an auxiliary loss against the sparsity of that reward.
 *
 * A. Maraval, M. Zimmer, A. Grosnit, H. Bou Ammar, arXiv:2305.15930, sections 4.2 and 4.3.
 *
 *   loss = PPO clip (ε 0.15) + ½ (value - return)² + cross-entropy of the buckets, each a mean over steps
 */
import { checkInteger, checkNumber, checkVector } from '../../internal/check.js';
import { ppoClipLoss } from '../../policy-gradient/ppo.js';
import { logSoftmax, softmax } from '../../special/softmax.js';
import { bucketOf } from './bar-distribution.js';
import { type NeuralProcess, pullBack, record } from './transformer-neural-process.js';

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
      const bucket = bucketOf(process.borders, step.heldOutY[j]);
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
