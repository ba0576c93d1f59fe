// The acceptance head as a small residual network.
//
// K. Huang, X. Guo, M. Wang (SpecDec++), arXiv:2405.19715, appendix A: a head of residual blocks on the draft model, with the loss of
// `acceptanceHeadLoss`.
//
//   h_0     features, standardized, length d
//   h_l     h_{l-1} + silu(W_l h_{l-1} + b_l), silu(x) = x σ(x), l = 1..L
//   z       A h_L + c: two logits, of rejection and of acceptance
//   p       softmax(z)_1 = σ(z_1 - z_0)

import { checkInteger, checkNumber } from '../../internal/check.js';
import { type MatrixLike, toRowMajor } from '../../linalg/to-row-major.js';
import { type LbfgsbResult, minimizeLbfgsb } from '../../optimize/lbfgsb.js';
import { sigmoid, softplus } from '../../special/logistic.js';
import { type AcceptanceHeadOptions, acceptanceHeadLoss, lossWeights, weightedMoments } from './acceptance-head.js';

export interface ResidualHeadOptions extends AcceptanceHeadOptions {
  /** Residual blocks L, at least 1. Default 1; the paper's network has 3 layers. */
  blocks?: number;
  /** Most iterations of L-BFGS from each of its three starts. Default 500. */
  maxIterations?: number;
}

/** A fitted head, plain data. */
export interface ResidualHead {
  /** Mean and standard deviation (1 where a feature is constant) that the features are standardized with. */
  mean: Float64Array;
  scale: Float64Array;
  blocks: number;
  /** W_1, b_1, ..., W_L, b_L, A, c, matrices row-major: L (d² + d) + 2 d + 2 numbers. */
  parameters: Float64Array;
  /** `acceptanceHeadLoss` on the data. */
  loss: number;
  /** As `minimizeLbfgsb`. */
  status: LbfgsbResult['status'];
}

/**
 * Fits the network to soft labels by L-BFGS on `acceptanceHeadLoss` plus ½ l2 (Σ |W_l|² + |A|²): the best of the local minima reached
 * from b = A = c = 0 and W_l = I, -I and -2I, where a block is about 3x/2, silu(x) and x tanh(x).
 *
 * Deterministic. O(n L d²) an evaluation. On features on which acceptance depends by a monotone combination `fitAcceptanceHead`
 * does as well, exactly and faster.
 *
 * @param features n × d, for example rows of `draftStepFeatures`
 * @param labels y in [0, 1]
 * @throws RangeError if lengths differ, a label is outside [0, 1], an option is out of range, or nothing is left to fit
 *
 * @example
 * const head = fitResidualHead([[-2], [-1], [0], [1], [2]], [0, 0, 1, 0, 0], { l2: 1e-6 }); // accepted in the middle
 * predictResidualAcceptance(head, [0]) > 2 * predictResidualAcceptance(head, [2]); //=> true
 */
export function fitResidualHead(
  features: MatrixLike,
  labels: ArrayLike<number>,
  options: ResidualHeadOptions = {},
): ResidualHead {
  const { data, rows: n, columns: d } = toRowMajor(features, 'features');
  if (labels.length !== n) throw new RangeError(`labels must have length ${n}, got ${labels.length}`);
  const l2 = checkNumber('l2', options.l2 ?? 1e-4, 0);
  const blocks = checkInteger('blocks', options.blocks ?? 1, 1);
  const maxIterations = checkInteger('maxIterations', options.maxIterations ?? 500, 1);
  const { weights, soft } = lossWeights(labels, options);
  if (!weights.some((w) => w > 0)) throw new RangeError('mask must leave a row');
  const { mean, scale } = weightedMoments(data, d, weights);
  const X = data.map((x, k) => (x - mean[k % d]) / scale[k % d]);
  const problem = { X, weights, soft, d, blocks, l2 };
  let best: LbfgsbResult | undefined;
  for (const diagonal of [1, -1, -2]) {
    const start = new Float64Array(blocks * (d * d + d) + 2 * d + 2);
    for (let l = 0; l < blocks; l++) for (let j = 0; j < d; j++) start[l * (d * d + d) + j * (d + 1)] = diagonal;
    const found = minimizeLbfgsb((theta, gradient) => residualLoss(problem, theta, gradient), start, {
      maxIterations,
      functionTolerance: 1e-12,
    });
    if (best === undefined || found.value < best.value) best = found;
  }
  const { x, status } = best as LbfgsbResult;
  const head: ResidualHead = { mean, scale, blocks, parameters: x, loss: 0, status };
  const predicted = Float64Array.from({ length: n }, (_, i) =>
    predictResidualAcceptance(head, data.subarray(i * d, (i + 1) * d)),
  );
  head.loss = acceptanceHeadLoss(predicted, labels, options);
  return head;
}

/**
 * Predicted acceptance of a step with the given features. O(L d²).
 *
 * `thresholdLength({ predictor: (info) => predictResidualAcceptance(head, draftStepFeatures(info)) })` drafts by it.
 *
 * @throws RangeError if the number of features is not the fitted one
 */
export function predictResidualAcceptance(head: ResidualHead, features: ArrayLike<number>): number {
  const { mean, scale, blocks, parameters } = head;
  const d = mean.length;
  if (features.length !== d) throw new RangeError(`features must have length ${d}, got ${features.length}`);
  const h = new Float64Array((blocks + 1) * d);
  for (let j = 0; j < d; j++) h[j] = (features[j] - mean[j]) / scale[j];
  return sigmoid(forward(parameters, blocks, d, h, new Float64Array(blocks * d)));
}

/** Standardized rows, with the weights and labels of the loss as a logistic regression. */
export interface ResidualProblem {
  X: Float64Array;
  weights: Float64Array;
  soft: Float64Array;
  d: number;
  blocks: number;
  l2: number;
}

/** The loss with its penalty, and its gradient by back-propagation. */
export function residualLoss(problem: ResidualProblem, theta: Float64Array, gradient: Float64Array): number {
  const { X, weights, soft, d, blocks, l2 } = problem;
  const block = d * d + d;
  const A = blocks * block;
  const h = new Float64Array((blocks + 1) * d);
  const pre = new Float64Array(blocks * d);
  const back = new Float64Array(d);
  const slope = new Float64Array(d);
  gradient.fill(0);
  let total = 0;
  for (let i = 0; i < weights.length; i++) total += weights[i];
  let loss = 0;
  for (let i = 0; i < weights.length; i++) {
    if (weights[i] === 0) continue;
    for (let j = 0; j < d; j++) h[j] = X[i * d + j];
    const z = forward(theta, blocks, d, h, pre);
    const weight = weights[i] / total;
    loss += weight * (softplus(z) - soft[i] * z);
    const dz = weight * (sigmoid(z) - soft[i]); // of z_1, and its opposite of z_0
    for (let j = 0; j < d; j++) {
      gradient[A + j] -= dz * h[blocks * d + j];
      gradient[A + d + j] += dz * h[blocks * d + j];
      back[j] = dz * (theta[A + d + j] - theta[A + j]);
    }
    gradient[A + 2 * d] -= dz;
    gradient[A + 2 * d + 1] += dz;
    for (let l = blocks - 1; l >= 0; l--) {
      const W = l * block;
      for (let r = 0; r < d; r++) {
        const s = sigmoid(pre[l * d + r]);
        slope[r] = back[r] * s * (1 + pre[l * d + r] * (1 - s));
      }
      for (let r = 0; r < d; r++) {
        for (let j = 0; j < d; j++) {
          gradient[W + r * d + j] += slope[r] * h[l * d + j];
          back[j] += slope[r] * theta[W + r * d + j];
        }
        gradient[W + d * d + r] += slope[r];
      }
    }
  }
  let squares = 0;
  for (let k = 0; k < A + 2 * d; k++) {
    if (k < A && k % block >= d * d) continue; // biases are free
    squares += theta[k] * theta[k];
    gradient[k] += l2 * theta[k];
  }
  return loss + 0.5 * l2 * squares;
}

/** z_1 - z_0 for the features in the first d places of h; fills the others with h_1..h_L, and `pre` with W_l h_{l-1} + b_l. */
function forward(theta: Float64Array, blocks: number, d: number, h: Float64Array, pre: Float64Array): number {
  const block = d * d + d;
  for (let l = 0; l < blocks; l++) {
    const W = l * block;
    for (let r = 0; r < d; r++) {
      let a = theta[W + d * d + r];
      for (let j = 0; j < d; j++) a += theta[W + r * d + j] * h[l * d + j];
      pre[l * d + r] = a;
      h[(l + 1) * d + r] = h[l * d + r] + a * sigmoid(a);
    }
  }
  const A = blocks * block;
  let z = theta[A + 2 * d + 1] - theta[A + 2 * d];
  for (let j = 0; j < d; j++) z += (theta[A + d + j] - theta[A + j]) * h[blocks * d + j];
  return z;
}
