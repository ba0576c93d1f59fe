// Noise-contrastive estimation: learning an unnormalized model by telling its data from noise.
//
// M. Gutmann, A. Hyvärinen, "Noise-Contrastive Estimation of Unnormalized Statistical Models", JMLR 13 (2012) 307-361,
// equation 8. Ranking form: R. Jozefowicz et al., arXiv:1602.02410; A. van den Oord et al., arXiv:1807.03748 (InfoNCE).
//
//   paper             here              meaning
//   log p⁰_m + c      dataLogModel      log of the model, its learned normalizer included
//   p_n               dataLogNoise      log density of the noise
//   ν                 nu                noise points per data point

import { checkMatrix, checkPositive, checkVector } from '../../internal/check.js';
import { toRowMajor, type MatrixLike } from '../../linalg/to-row-major.js';
import { log } from '../../special/log.js';
import { sigmoid, softplus } from '../../special/logistic.js';
import { logSumExp } from '../../special/log-sum-exp.js';
import { exp } from '../../special/exp.js';

export interface NceData {
  /** log model at the n data points, the learned -log Z included. */
  dataLogModel: ArrayLike<number>;
  /** log noise density at the data points. */
  dataLogNoise: ArrayLike<number>;
  /** log model at the m noise points. */
  noiseLogModel: ArrayLike<number>;
  noiseLogNoise: ArrayLike<number>;
}

export interface NceResult {
  loss: number;
  /** Derivatives in the values of the log model. */
  gradData: Float64Array;
  gradNoise: Float64Array;
}

/**
 * -mean_data log σ(u) - ν mean_noise log σ(-u), u = log model - log noise - log ν.
 *
 * Its minimum over all functions is the log density itself, normalized. O(n + m).
 *
 * @param options.nu > 0. Default 1
 * @throws RangeError if lengths differ, a side is empty, a value is not finite, or ν <= 0
 *
 * @example
 * const data = { dataLogModel: [0], dataLogNoise: [0], noiseLogModel: [0], noiseLogNoise: [0] };
 * nceLoss(data).loss; //=> 2 * Math.LN2
 */
export function nceLoss(data: NceData, options: { nu?: number } = {}): NceResult {
  const nu = checkPositive('nu', options.nu ?? 1);
  const { dataLogModel, dataLogNoise, noiseLogModel, noiseLogNoise } = data;
  const n = checkSide('dataLogModel', dataLogModel);
  checkVector('dataLogNoise', dataLogNoise, n);
  const m = checkSide('noiseLogModel', noiseLogModel);
  checkVector('noiseLogNoise', noiseLogNoise, m);
  const logNu = log(nu);
  const gradData = new Float64Array(n);
  const gradNoise = new Float64Array(m);
  let missed = 0;
  let accepted = 0;
  for (let i = 0; i < n; i++) {
    const u = dataLogModel[i] - dataLogNoise[i] - logNu;
    missed += softplus(-u);
    gradData[i] = -sigmoid(-u) / n;
  }
  for (let j = 0; j < m; j++) {
    const u = noiseLogModel[j] - noiseLogNoise[j] - logNu;
    accepted += softplus(u);
    gradNoise[j] = (nu * sigmoid(u)) / m;
  }
  return { loss: missed / n + (nu * accepted) / m, gradData, gradNoise };
}

/**
 * Ranking NCE (InfoNCE): the mean over data points of log(e^s + Σ_k e^{s_k}) - s, the cross-entropy of finding the data
 * among its K noise points. A constant added to all scores of a row does not count, so no normalizer is learned. O(n K).
 *
 * @param dataScores length n
 * @param noiseScores n × K
 * @returns loss, gradData of length n, gradNoise n × K row-major
 * @throws RangeError if the shapes do not fit, there is no data, or a score is not finite
 *
 * @example
 * rankingNceLoss([0], [[0, 0, 0]]).loss; //=> 2 * Math.LN2
 */
export function rankingNceLoss(dataScores: ArrayLike<number>, noiseScores: MatrixLike): NceResult {
  const n = checkSide('dataScores', dataScores);
  const { data: noise, rows, columns: K } = checkMatrix('noiseScores', toRowMajor(noiseScores, 'noiseScores'));
  if (rows !== n || K === 0) throw new RangeError(`noiseScores must be ${n} × K, got ${rows} × ${K}`);
  const gradData = new Float64Array(n);
  const gradNoise = new Float64Array(n * K);
  const row = new Float64Array(K + 1);
  let loss = 0;
  for (let i = 0; i < n; i++) {
    row[0] = dataScores[i];
    for (let k = 0; k < K; k++) row[k + 1] = noise[i * K + k];
    const logZ = logSumExp(row);
    loss += (logZ - row[0]) / n;
    let others = 0;
    for (let k = 0; k < K; k++) {
      const p = exp(row[k + 1] - logZ);
      others += p;
      gradNoise[i * K + k] = p / n;
    }
    gradData[i] = -others / n;
  }
  return { loss, gradData, gradNoise };
}

function checkSide(name: string, values: ArrayLike<number>): number {
  checkVector(name, values);
  if (values.length === 0) throw new RangeError(`${name} must not be empty`);
  return values.length;
}
