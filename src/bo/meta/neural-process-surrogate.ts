/**
 * A trained neural process at work: as a surrogate, by its buckets, and as an acquisition, by its policy.
 *
 * A. Maraval, M. Zimmer, A. Grosnit, H. Bou Ammar, arXiv:2305.15930, section 4: at test time the history grows and the
 * candidate with the largest acquisition logit is tried; nothing is fitted.
 */
import { checkInteger, checkNumber, checkOptionNames, checkVector } from '../../internal/check.js';
import type { MatrixLike } from '../../linalg/to-row-major.js';
import { softmax } from '../../special/softmax.js';
import type { Acquisition } from '../acquisition/acquisition.js';
import type { Points } from '../kernels/kernel.js';
import { toPoints } from '../kernels/kernel-matrix.js';
import { type Surrogate, trainingData } from '../surrogates/surrogate.js';
import { barMean, barQuantile, barVariance } from './bar-distribution.js';
import { type NeuralProcess, neuralProcessForward } from './transformer-neural-process.js';

/** What a process has been told: plain data. */
export interface NeuralProcessState {
  historyX: Points;
  /** On the scale of the borders. */
  historyY: Float64Array;
}

export interface NeuralProcessScale {
  /**
   * The targets that the process knows as 0 and 1 from its training. Default [0, 1]; for the standardized targets of an
   * optimizer [-3, 3], say.
   */
  scale?: readonly [zero: number, one: number];
}

/**
 * A trained process as a surrogate: fitting is remembering, predicting is one forward pass. Mean and variance are those of
 * the buckets; samples at several points are drawn point by point, without their correlation, one uniform each.
 *
 * @throws RangeError if parameters do not fit the process or scale[1] is not above scale[0]
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
  options: NeuralProcessScale = {},
): Surrogate<NeuralProcessState> {
  checkOptionNames('options', options, { scale: true });
  checkVector('parameters', parameters, process.parameterCount);
  const { zero, unit } = checkScale(options);
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
    fit: (X, y) => remember(X, y, zero, unit),
    predict(state, Xs) {
      const bars = distributions(state, Xs);
      return {
        mean: Float64Array.from(bars, (bar) => zero + unit * barMean(bar)),
        variance: Float64Array.from(bars, (bar) => unit * unit * barVariance(bar)),
      };
    },
    sample(state, Xs, n, rng) {
      checkInteger('n', n, 0);
      const bars = distributions(state, Xs);
      return Float64Array.from(
        { length: n * bars.length },
        (_, p) => zero + unit * barQuantile(bars[p % bars.length], rng()),
      );
    },
  };
}

/**
 * The policy of a trained process as an acquisition: the logit of trying x after this history. Its largest value over some
 * candidates is what the process would choose among them; it has no gradient. One forward pass for all points asked at once.
 *
 * @param X points tried so far; may be empty
 * @param y their values, larger is better
 * @param options.time t/T in [0, 1], how much of the budget is spent. Default 0
 * @throws RangeError if a size does not fit, a number is not finite or time is outside [0, 1]
 *
 * @example
 * const process = neuralProcess({ inputs: 1, embed: 8, layers: 1, heads: 2, feedForward: 8, buckets: 20 });
 * const policy = neuralProcessAcquisition(process, neuralProcessInit(process, createRng(1)), [[0], [1]], [0.2, 0.4]);
 * const { x } = optimizeAcquisition(policy, [[0, 1]], { rng: createRng(2), gradientFree: true });
 * x[0] >= 0 && x[0] <= 1; //=> true
 */
export function neuralProcessAcquisition(
  process: NeuralProcess,
  parameters: ArrayLike<number>,
  X: MatrixLike,
  y: ArrayLike<number>,
  options: NeuralProcessScale & { time?: number } = {},
): Acquisition {
  checkVector('parameters', parameters, process.parameterCount);
  const { zero, unit } = checkScale(options);
  const time = checkNumber('time', options.time ?? 0, 0, 1);
  const historyX = toPoints('X', X);
  const historyY = Float64Array.from(checkVector('y', y, historyX.rows), (v) => (v - zero) / unit);
  const logits = (candidates: MatrixLike) =>
    neuralProcessForward(process, parameters, { historyX, historyY, candidates, time }).acquisitionLogits;
  return {
    value(x, gradient) {
      if (gradient !== undefined) throw new RangeError('gradient is not available: search with gradientFree');
      return logits([x])[0];
    },
    values: (data, rows) => logits({ data, rows, columns: process.inputs }),
  };
}

function checkScale({ scale = [0, 1] }: NeuralProcessScale): { zero: number; unit: number } {
  const zero = checkNumber('scale[0]', scale[0]);
  const one = checkNumber('scale[1]', scale[1]);
  if (!(one > zero)) throw new RangeError(`scale must increase, got ${zero} and ${one}`);
  return { zero, unit: one - zero };
}

function remember(X: MatrixLike, y: ArrayLike<number>, zero: number, unit: number): NeuralProcessState {
  const { points, targets } = trainingData(X, y);
  return {
    historyX: { ...points, data: points.data.slice() },
    historyY: targets.map((v) => (v - zero) / unit),
  };
}
