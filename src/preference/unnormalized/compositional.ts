// Maximum likelihood of an unnormalized model, its normalizer estimated from noise as the inner function of a composition.
//
// W. Jiang, J. Qin, L. Wu, C. Chen, T. Yang, L. Zhang, "Learning Unnormalized Statistical Models via Compositional
// Optimization", arXiv:2306.07485 (MECO).
//
//   paper         here      meaning
//   p⁰_θ          e^f       unnormalized model
//   q             noise     known density to draw from
//   g(θ)          -         E_q[p⁰_θ(y)/q(y)] = Z(θ)
//   u_t           logU      moving average that follows g, kept as a logarithm
//   γ             gamma     its weight of the new batch

import { checkNumber, checkVector } from '../../internal/check.js';
import { exp } from '../../special/exp.js';
import { log } from '../../special/log.js';
import { log1p } from '../../special/log1p.js';
import { logAddExp, logSumExp } from '../../special/log-sum-exp.js';
import type { NceResult } from './nce.js';

export interface CompositionalData {
  /** f at the n data points. */
  dataLogModel: ArrayLike<number>;
  /** f at the m noise points. */
  noiseLogModel: ArrayLike<number>;
  /** log q at the noise points. */
  noiseLogNoise: ArrayLike<number>;
}

/**
 * -mean f(x_i) + log mean e^{f(y_j)} / q(y_j), y ~ q: the negative log-likelihood with an importance estimate of log Z.
 *
 * A constant added to f does not count. Gradients -1/n at the data and the normalized importance weights at the noise. For
 * a batch the estimate of log Z is biased down; `compositionalEstimator` lets it converge. O(n + m).
 *
 * @throws RangeError if lengths differ, a side is empty or a value is not finite
 *
 * @example
 * compositionalNllLoss({ dataLogModel: [1], noiseLogModel: [0, 0], noiseLogNoise: [0, 0] }).loss; //=> -1
 */
export function compositionalNllLoss(data: CompositionalData): NceResult {
  const { ratios, logMean, dataMean } = logRatios(data);
  const m = ratios.length;
  return {
    loss: logMean - dataMean,
    gradData: new Float64Array(data.dataLogModel.length).fill(-1 / data.dataLogModel.length),
    gradNoise: ratios.map((x) => exp(x - logMean) / m),
  };
}

export interface CompositionalState {
  /** Batches so far. */
  t: number;
  /** log u_t, -Infinity before the first batch. */
  logU: number;
}

export interface CompositionalStep extends NceResult {
  state: CompositionalState;
}

export interface CompositionalEstimator {
  init(): CompositionalState;
  /**
   * One batch: u ← (1-γ) u + γ mean e^f/q, loss log u - mean f, gradients -1/n and e^{f - log q - log u}/m.
   * With `out = state` the state is updated in place.
   */
  update(state: CompositionalState, data: CompositionalData, out?: CompositionalState): CompositionalStep;
}

/**
 * The inner estimator of MECO as pure steps: give its gradients, through the model, to an optimizer (`sgd` with momentum is
 * the paper's algorithm). u starts at the first batch's mean; γ = 1 is the plain mini-batch estimator with its bias.
 *
 * @param options.gamma in (0, 1]. Default 0.1
 * @throws RangeError if gamma is out of range
 *
 * @example
 * const estimator = compositionalEstimator({ gamma: 0.5 });
 * const batch = (y) => ({ dataLogModel: [0], noiseLogModel: [y], noiseLogNoise: [0] });
 * const first = estimator.update(estimator.init(), batch(0));
 * estimator.update(first.state, batch(Math.log(3))).state.logU.toFixed(12); //=> Math.LN2.toFixed(12)
 */
export function compositionalEstimator(options: { gamma?: number } = {}): CompositionalEstimator {
  const gamma = checkNumber('gamma', options.gamma ?? 0.1, Number.MIN_VALUE, 1);
  return {
    init: () => ({ t: 0, logU: -Infinity }),
    update(state, data, out) {
      const { ratios, logMean, dataMean } = logRatios(data);
      const logU = state.t === 0 ? logMean : logAddExp(log1p(-gamma) + state.logU, log(gamma) + logMean);
      const next = Object.assign(out ?? {}, { t: state.t + 1, logU });
      const n = data.dataLogModel.length;
      return {
        state: next,
        loss: logU - dataMean,
        gradData: new Float64Array(n).fill(-1 / n),
        gradNoise: ratios.map((x) => exp(x - logU) / ratios.length),
      };
    },
  };
}

function logRatios({ dataLogModel, noiseLogModel, noiseLogNoise }: CompositionalData): {
  ratios: Float64Array;
  logMean: number;
  dataMean: number;
} {
  checkVector('dataLogModel', dataLogModel);
  checkVector('noiseLogModel', noiseLogModel);
  if (dataLogModel.length === 0) throw new RangeError('dataLogModel must not be empty');
  if (noiseLogModel.length === 0) throw new RangeError('noiseLogModel must not be empty');
  checkVector('noiseLogNoise', noiseLogNoise, noiseLogModel.length);
  const ratios = Float64Array.from(noiseLogModel, (f, j) => f - noiseLogNoise[j]);
  let total = 0;
  for (let i = 0; i < dataLogModel.length; i++) total += dataLogModel[i];
  return { ratios, logMean: logSumExp(ratios) - log(ratios.length), dataMean: total / dataLogModel.length };
}
