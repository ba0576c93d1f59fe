/**
 * What a batch of q values is worth, as an average over joint samples, with derivatives in the samples.
 *
 * J. T. Wilson, F. Hutter, M. P. Deisenroth, arXiv:1805.10196, table 1 (the reparametrized forms); the logarithmic one
 * S. Ament et al., arXiv:2310.20708, equations 10 to 12. Samples are on a scale where the deviation of the objective is
 * about 1; larger is better; the first q columns are the batch, further ones (pending points, the data) are in the sample too.
 */
import { checkNumber, checkPositive } from '../../internal/check.js';
import { exp } from '../../special/exp.js';
import { log } from '../../special/log.js';
import { sigmoid } from '../../special/logistic.js';
import { fatmaxWithGradient, logFatplusWithSlope } from './smooth-max.js';

export interface UtilityShape {
  /** Samples. */
  S: number;
  /** Columns in all. */
  m: number;
  /** Columns that count: the batch and what is pending. */
  batch: number;
}

/**
 * The utility of samples y, S x m. `byY` and `byMean`, when given, receive the derivatives; means enter only where the utility
 * looks at deviations from them.
 */
export type SampleUtility = (
  y: Float64Array,
  mean: Float64Array,
  shape: UtilityShape,
  byY?: Float64Array,
  byMean?: Float64Array,
) => number;

/** Mean of (max_j y_j - best)⁺. */
export function expectedImprovementUtility(best: number): SampleUtility {
  checkNumber('best', best);
  return (y, _mean, { S, m, batch }, byY) => {
    byY?.fill(0);
    let total = 0;
    for (let s = 0; s < S; s++) {
      const top = largest(y, s * m, batch);
      if (!(y[s * m + top] > best)) continue;
      total += y[s * m + top] - best;
      if (byY !== undefined) byY[s * m + top] = 1 / S;
    }
    return total / S;
  };
}

/** ln mean of a smooth (max_j y_j - best)⁺: `logFatplus` of each, `fatmax` over the batch, log-mean-exp over samples. */
export function logExpectedImprovementUtility(best: number, { tauPlus = 1e-6, tauMax = 1e-2 } = {}): SampleUtility {
  checkNumber('best', best);
  checkPositive('tauPlus', tauPlus);
  checkPositive('tauMax', tauMax);
  return smoothImprovement(() => best, undefined, tauPlus, tauMax);
}

/** Improvement over the best of the data in the same sample, columns `batch` to m: noisy expected improvement. */
export function noisyImprovementUtility(): SampleUtility {
  return (y, _mean, { S, m, batch }, byY) => {
    byY?.fill(0);
    let total = 0;
    for (let s = 0; s < S; s++) {
      const top = largest(y, s * m, batch);
      const incumbent = batch + largest(y, s * m + batch, m - batch);
      const gain = y[s * m + top] - y[s * m + incumbent];
      if (!(gain > 0)) continue;
      total += gain;
      if (byY === undefined) continue;
      byY[s * m + top] += 1 / S;
      byY[s * m + incumbent] -= 1 / S;
    }
    return total / S;
  };
}

/** The smooth logarithm of `noisyImprovementUtility`. */
export function logNoisyImprovementUtility({ tauPlus = 1e-6, tauMax = 1e-2 } = {}): SampleUtility {
  checkPositive('tauPlus', tauPlus);
  checkPositive('tauMax', tauMax);
  const incumbent = (y: Float64Array, from: number, { m, batch }: UtilityShape) =>
    from + batch + largest(y, from + batch, m - batch);
  return smoothImprovement((y, from, shape) => y[incumbent(y, from, shape)], incumbent, tauPlus, tauMax);
}

/** Mean of max_j (μ_j + √(βπ/2) |y_j - μ_j|): for one point it is μ + √β σ. */
export function confidenceBoundUtility(beta: number): SampleUtility {
  const width = Math.sqrt((checkNumber('beta', beta, 0) * Math.PI) / 2);
  return (y, mean, { S, m, batch }, byY, byMean) => {
    byY?.fill(0);
    byMean?.fill(0);
    let total = 0;
    for (let s = 0; s < S; s++) {
      let top = 0;
      let best = -Infinity;
      for (let j = 0; j < batch; j++) {
        const value = mean[j] + width * Math.abs(y[s * m + j] - mean[j]);
        if (value > best) {
          best = value;
          top = j;
        }
      }
      total += best;
      const side = (width * Math.sign(y[s * m + top] - mean[top])) / S;
      if (byY !== undefined) byY[s * m + top] = side;
      if (byMean !== undefined) byMean[top] += 1 / S - side;
    }
    return total / S;
  };
}

/** Mean of sigmoid((max_j y_j - best)/τ): a smooth probability of improvement. Default τ 1e-3. */
export function probabilityOfImprovementUtility(best: number, { tau = 1e-3 } = {}): SampleUtility {
  checkNumber('best', best);
  checkPositive('tau', tau);
  return (y, _mean, { S, m, batch }, byY) => {
    byY?.fill(0);
    let total = 0;
    for (let s = 0; s < S; s++) {
      const top = largest(y, s * m, batch);
      const p = sigmoid((y[s * m + top] - best) / tau);
      total += p;
      if (byY !== undefined) byY[s * m + top] = (p * (1 - p)) / (tau * S);
    }
    return total / S;
  };
}

/** Mean of max_j y_j. */
export function simpleRegretUtility(): SampleUtility {
  return (y, _mean, { S, m, batch }, byY) => {
    byY?.fill(0);
    let total = 0;
    for (let s = 0; s < S; s++) {
      const top = largest(y, s * m, batch);
      total += y[s * m + top];
      if (byY !== undefined) byY[s * m + top] = 1 / S;
    }
    return total / S;
  };
}

function smoothImprovement(
  bestOf: (y: Float64Array, from: number, shape: UtilityShape) => number,
  incumbentOf: ((y: Float64Array, from: number, shape: UtilityShape) => number) | undefined,
  tauPlus: number,
  tauMax: number,
): SampleUtility {
  return (y, _mean, shape, byY) => {
    const { S, m, batch } = shape;
    const logs = new Float64Array(batch);
    const slopes = new Float64Array(batch);
    const shares = new Float64Array(batch);
    const perSample = new Float64Array(S);
    byY?.fill(0);
    let top = -Infinity;
    for (let s = 0; s < S; s++) {
      const best = bestOf(y, s * m, shape);
      for (let j = 0; j < batch; j++) {
        const { value, slope } = logFatplusWithSlope(y[s * m + j] - best, tauPlus);
        logs[j] = value;
        slopes[j] = slope;
      }
      perSample[s] = fatmaxWithGradient(logs, 0, batch, tauMax, shares, 0);
      top = Math.max(top, perSample[s]);
      if (byY !== undefined) for (let j = 0; j < batch; j++) byY[s * m + j] = shares[j] * slopes[j];
    }
    let total = 0;
    for (let s = 0; s < S; s++) {
      perSample[s] = exp(perSample[s] - top);
      total += perSample[s];
    }
    if (byY !== undefined) {
      for (let s = 0; s < S; s++) {
        const weight = perSample[s] / total;
        let sum = 0;
        for (let j = 0; j < batch; j++) {
          byY[s * m + j] *= weight;
          sum += byY[s * m + j];
        }
        if (incumbentOf !== undefined) byY[incumbentOf(y, s * m, shape)] -= sum;
      }
    }
    return top + log(total / S);
  };
}

/** Index within `count` entries from `from` of the first largest. */
function largest(y: Float64Array, from: number, count: number): number {
  let top = 0;
  for (let j = 1; j < count; j++) if (y[from + j] > y[from + top]) top = j;
  return top;
}
