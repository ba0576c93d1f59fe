// A predictor of acceptance: the probability that the target lets a drafted token pass, from what the draft shows at its step.
//
// K. Huang, X. Guo, M. Wang (SpecDec++), arXiv:2405.19715, section 3.2 and appendix A: soft labels min(1, t/d) (`acceptanceDataset`)
// and a cross-entropy that weighs rejections. The paper's head reads hidden states; this one reads the draft's distribution.
//
//   y      label: acceptance probability min(1, t(x) / d(x)) of the drafted token x
//   p      predicted acceptance
//   w      `rejectWeight`

import { checkNumber, checkPositive } from '../../internal/check.js';
import { type MatrixLike, toRowMajor } from '../../linalg/to-row-major.js';
import { log } from '../../special/log.js';
import { sigmoid } from '../../special/logistic.js';
import { log1p } from '../../special/log1p.js';
import { logisticRegression } from '../../stats/logistic-regression.js';

export interface AcceptanceLossOptions {
  /** Weight of the rejection half of the loss, above 0. The paper tries 1, 3, 6, 12. Default 6. */
  rejectWeight?: number;
  /** Rows that count: 1 or 0 each. Default all. */
  mask?: ArrayLike<number>;
}

/**
 * Weighted cross-entropy of predictions against soft labels:
 *
 *   Σ_mask [w (1-y) (-ln(1-p)) + y (-ln p)] / Σ_mask [w (1-y) + y].
 *
 * Infinite if a prediction is 0 or 1 where the label rules that out. O(n).
 *
 * @param predicted p in [0, 1]
 * @param labels y in [0, 1]
 * @throws RangeError if lengths differ, a number is out of range, or the mask leaves nothing
 *
 * @example
 * acceptanceHeadLoss([0.5], [1]); //=> Math.log(2)
 */
export function acceptanceHeadLoss(
  predicted: ArrayLike<number>,
  labels: ArrayLike<number>,
  options: AcceptanceLossOptions = {},
): number {
  const n = labels.length;
  if (predicted.length !== n) throw new RangeError(`predicted must have length ${n}, got ${predicted.length}`);
  const { weights, soft } = lossWeights(labels, options);
  let total = 0;
  let weight = 0;
  for (let i = 0; i < n; i++) {
    const p = checkNumber(`predicted[${i}]`, predicted[i], 0, 1);
    if (weights[i] === 0) continue;
    weight += weights[i];
    if (soft[i] < 1) total -= weights[i] * (1 - soft[i]) * log1p(-p);
    if (soft[i] > 0) total -= weights[i] * soft[i] * log(p);
  }
  if (weight === 0) throw new RangeError('mask must leave a row');
  return total / weight;
}

export interface AcceptanceHeadOptions extends AcceptanceLossOptions {
  /** Ridge on the coefficients of the standardized features, relative to the mean loss, at least 0. Default 1e-4. */
  l2?: number;
}

/** A fitted head, plain data. */
export interface AcceptanceHead {
  /** Mean and standard deviation (1 where a feature is constant) that the features are standardized with. */
  mean: Float64Array;
  scale: Float64Array;
  /** Intercept, then one coefficient a feature. */
  coefficients: Float64Array;
  /** `acceptanceHeadLoss` on the data. */
  loss: number;
  status: 'converged' | 'max-iterations' | 'breakdown';
}

/**
 * Fits p = σ(b + β·x) to soft labels by Newton's method on `acceptanceHeadLoss` plus ½ l2 |β|².
 *
 * That loss is a logistic regression with row weight w (1-y) + y and label y / (w (1-y) + y). The ridge keeps separable data
 * finite. O(n d²) an iteration.
 *
 * @param features n × d, for example rows of `draftStepFeatures`
 * @param labels y in [0, 1]
 * @throws RangeError if lengths differ, a label is outside [0, 1], or nothing is left to fit
 *
 * @example
 * const head = fitAcceptanceHead([[0], [1], [2], [3]], [0, 0, 1, 1]);
 * predictAcceptance(head, [3]) > 0.9 && predictAcceptance(head, [0]) < 0.1; //=> true
 */
export function fitAcceptanceHead(
  features: MatrixLike,
  labels: ArrayLike<number>,
  options: AcceptanceHeadOptions = {},
): AcceptanceHead {
  const { data, rows: n, columns: d } = toRowMajor(features, 'features');
  if (labels.length !== n) throw new RangeError(`labels must have length ${n}, got ${labels.length}`);
  const l2 = checkNumber('l2', options.l2 ?? 1e-4, 0);
  const { weights, soft } = lossWeights(labels, options);
  let total = 0;
  for (let i = 0; i < n; i++) total += weights[i];
  if (total === 0) throw new RangeError('mask must leave a row');

  const { mean, scale } = weightedMoments(data, d, weights);
  const standardized = new Float64Array(n * (d + 1));
  for (let i = 0; i < n; i++) {
    standardized[i * (d + 1)] = 1;
    for (let j = 0; j < d; j++) standardized[i * (d + 1) + 1 + j] = (data[i * d + j] - mean[j]) / scale[j];
  }
  const ridge = new Float64Array(d + 1).fill(l2 * total);
  ridge[0] = l2 * total * 1e-6; // labels that are all 0 or all 1 would send the intercept to infinity
  const { coefficients, status } = logisticRegression({ data: standardized, rows: n, columns: d + 1 }, soft, {
    weights,
    ridge,
  });
  const head: AcceptanceHead = { mean, scale, coefficients, loss: 0, status };
  const predicted = Float64Array.from({ length: n }, (_, i) =>
    predictAcceptance(head, data.subarray(i * d, (i + 1) * d)),
  );
  head.loss = acceptanceHeadLoss(predicted, labels, options);
  return head;
}

/**
 * Predicted acceptance σ(b + β·x) of a step with the given features.
 *
 * `thresholdLength({ predictor: (info) => predictAcceptance(head, draftStepFeatures(info)) })` drafts by it.
 *
 * @throws RangeError if the number of features is not the fitted one
 *
 * @example
 * const head = { mean: Float64Array.of(0), scale: Float64Array.of(1), coefficients: Float64Array.of(0, 1), loss: 0, status: 'converged' };
 * predictAcceptance(head, [0]); //=> 0.5
 */
export function predictAcceptance({ mean, scale, coefficients }: AcceptanceHead, features: ArrayLike<number>): number {
  const d = mean.length;
  if (features.length !== d) throw new RangeError(`features must have length ${d}, got ${features.length}`);
  let z = coefficients[0];
  for (let j = 0; j < d; j++) z += coefficients[1 + j] * ((features[j] - mean[j]) / scale[j]);
  return sigmoid(z);
}

/** Row weights w (1-y) + y, zero where masked, and labels y / weight: the loss as a weighted logistic regression. */
export function lossWeights(labels: ArrayLike<number>, options: AcceptanceLossOptions) {
  const n = labels.length;
  const rejectWeight = checkPositive('rejectWeight', options.rejectWeight ?? 6);
  const { mask } = options;
  if (mask !== undefined && mask.length !== n) throw new RangeError(`mask must have length ${n}, got ${mask.length}`);
  const weights = new Float64Array(n);
  const soft = new Float64Array(n);
  for (let i = 0; i < n; i++) {
    const y = checkNumber(`labels[${i}]`, labels[i], 0, 1);
    const weight = rejectWeight * (1 - y) + y;
    soft[i] = y / weight;
    weights[i] = mask === undefined || mask[i] !== 0 ? weight : 0;
  }
  return { weights, soft };
}

/** Weighted mean and standard deviation of every column of n × d numbers; 1 for the deviation of a constant one. */
export function weightedMoments(
  data: Float64Array,
  d: number,
  weights: Float64Array,
): { mean: Float64Array; scale: Float64Array } {
  const n = weights.length;
  let total = 0;
  for (let i = 0; i < n; i++) total += weights[i];
  const mean = new Float64Array(d);
  const scale = new Float64Array(d);
  for (let j = 0; j < d; j++) {
    let sum = 0;
    for (let i = 0; i < n; i++) sum += weights[i] * data[i * d + j];
    mean[j] = sum / total;
    let squares = 0;
    for (let i = 0; i < n; i++) squares += weights[i] * (data[i * d + j] - mean[j]) * (data[i * d + j] - mean[j]);
    scale[j] = squares > 0 ? Math.sqrt(squares / total) : 1;
  }
  return { mean, scale };
}
