/**
 * Two-class Gaussian process classification with the logistic likelihood and Laplace's approximation; it learns from failed
 * evaluations where a problem can be evaluated at all.
 *
 * C. K. I. Williams, D. Barber, IEEE PAMI 20 (1998); Rasmussen and Williams (2006), Algorithms 3.1, 3.2 and 5.1.
 */
import { checkNumber, checkOptionNames, checkVector } from '../../internal/check.js';
import type { MatrixLike } from '../../linalg/to-row-major.js';
import { solveLowerMany } from '../../linalg/triangular.js';
import { minimizeLbfgsb } from '../../optimize/lbfgsb.js';
import { exp } from '../../special/exp.js';
import { log1p } from '../../special/log1p.js';
import type { Kernel, Points } from '../kernels/kernel.js';
import { contractLower, withHyperparameters } from '../kernels/kernel-hyperparameters.js';
import { checkKernel, toPoints } from '../kernels/kernel-matrix.js';
import { matern52 } from '../kernels/matern.js';
import { kernelRules } from '../kernels/rules.js';
import { scaleKernel } from '../kernels/scale.js';
import { noisyGram } from './gp-state.js';
import { laplaceContraction, laplaceMode, type LaplaceMode } from './laplace.js';
import { logisticGaussian } from './logistic-gaussian.js';
import { fitParameters, MODEL_PRIOR_NAMES, type ModelPriorOptions } from './model-priors.js';
import { priorLogDensity, priorLogSlope } from './priors.js';

/** A classifier: plain data. */
export interface GpClassifier {
  kernel: Kernel;
  X: Float64Array;
  labels: Float64Array;
  n: number;
  d: number;
  /** Prior mean of the latent function. */
  mean: number;
  /** Mode of the latent values given the labels. */
  latentMode: Float64Array;
  /** ∂ ln p/∂f at the mode: the weights of latent predictions. */
  gradient: Float64Array;
  /** √W and the factor of I + W^½ K W^½. */
  sqrtW: Float64Array;
  L: Float64Array;
  logMarginalLikelihood: number;
  iterations: number;
  status: 'converged' | 'max-iterations';
}

/**
 * The classifier that labels 0 and 1 at the points X give. Newton steps until the latent values change by less than 1e-12,
 * 100 at most; O(n³) each.
 *
 * @param options.mean prior mean of the latent function. Default 0: both classes as likely
 * @throws RangeError if a label is not 0 or 1, sizes differ, or an entry is not finite
 *
 * @example
 * const model = gpClassifyLaplace(scaleKernel(4, rbf({ lengthscale: 0.5 })), [[0], [1]], [0, 1]);
 * gpClassPredict(model, [[0.5]]).probability[0].toFixed(6); //=> '0.500000'
 */
export function gpClassifyLaplace(
  kernel: Kernel,
  X: MatrixLike,
  labels: ArrayLike<number>,
  options: { mean?: number } = {},
): GpClassifier {
  const { mean = 0 } = checkOptionNames('options', options, { mean: true });
  const points = toPoints('X', X);
  checkKernel(kernel, points.columns);
  checkNumber('mean', mean);
  return classify(kernel, { ...points, data: points.data.slice() }, checkLabels(labels, points.rows), mean).model;
}

export interface GpClassPrediction {
  latentMean: Float64Array;
  latentVariance: Float64Array;
  /** P(label = 1) = E σ(f). */
  probability: Float64Array;
}

/**
 * Class probabilities at m points: `logisticGaussian` of the latent mean and variance. O(m n²).
 *
 * @param options.method 'exact' (default) or 'probit', the way the latent value is integrated out
 */
export function gpClassPredict(
  model: GpClassifier,
  Xs: MatrixLike,
  options: { method?: 'exact' | 'probit' } = {},
): GpClassPrediction {
  const { method = 'exact' } = checkOptionNames('options', options, { method: true });
  const { n, d, kernel, gradient, sqrtW, L, mean } = model;
  const points = toPoints('Xs', Xs, n > 0 ? d : undefined);
  const m = points.rows;
  const rules = kernelRules(kernel);
  const Ks = new Float64Array(n * m);
  rules.fill(kernel, { data: model.X, rows: n, columns: d }, points, false, Ks);
  const latentMean = new Float64Array(m).fill(mean);
  const latentVariance = new Float64Array(m);
  rules.diagonal(kernel, points, latentVariance);
  for (let i = 0; i < n; i++) {
    for (let j = 0; j < m; j++) {
      latentMean[j] += Ks[i * m + j] * gradient[i];
      Ks[i * m + j] *= sqrtW[i];
    }
  }
  const V = solveLowerMany(L, Ks, n, m, Ks);
  for (let i = 0; i < n; i++) for (let j = 0; j < m; j++) latentVariance[j] -= V[i * m + j] * V[i * m + j];
  const probability = new Float64Array(m);
  for (let j = 0; j < m; j++) {
    if (!(latentVariance[j] > 0)) latentVariance[j] = 0;
    probability[j] = logisticGaussian(latentMean[j], latentVariance[j], { method });
  }
  return { latentMean, latentVariance, probability };
}

export interface FitGpClassifierOptions extends ModelPriorOptions {
  /** Default: a scaled ARD Matérn 5/2. */
  kernel?: Kernel;
  mean?: number;
  /** Default 50. */
  maxIterations?: number;
}

export interface GpClassifierFit {
  model: GpClassifier;
  logPosterior: number;
  hyperparameters: Float64Array;
  names: string[];
  evaluations: number;
  status: 'fitted' | 'fallback';
}

/**
 * A classifier whose kernel maximizes the approximate log marginal likelihood plus the log priors, from the prior's mode, with
 * the gradient of Algorithm 5.1.
 *
 * @example
 * const { model } = fitGpClassifier([[0], [0.1], [0.2], [0.8], [0.9], [1]], [0, 0, 0, 1, 1, 1]);
 * gpClassPredict(model, [[1]]).probability[0] > 0.6; //=> true
 */
export function fitGpClassifier(
  X: MatrixLike,
  labels: ArrayLike<number>,
  options: FitGpClassifierOptions = {},
): GpClassifierFit {
  const names = { ...MODEL_PRIOR_NAMES, kernel: true, mean: true, maxIterations: true } as const;
  checkOptionNames('options', options, names satisfies Record<keyof FitGpClassifierOptions, true>);
  const raw = toPoints('X', X);
  const points: Points = { ...raw, data: raw.data.slice() };
  const y = checkLabels(labels, points.rows);
  const mean = checkNumber('mean', options.mean ?? 0);
  const d = points.columns;
  const kernel = options.kernel ?? scaleKernel(1, matern52({ lengthscale: new Array<number>(d).fill(1) }));
  checkKernel(kernel, d);
  const evidence = (theta: Float64Array, gradient: Float64Array) => {
    const candidate = withHyperparameters(kernel, theta);
    const { model, K, laplace } = classify(candidate, points, y, mean);
    gradient.set(contractLower(candidate, points, foldLower(laplaceContraction(K, laplace, points.rows), points.rows)));
    return model.logMarginalLikelihood;
  };
  const fit = maximizeEvidence(kernel, d, options, evidence);
  return {
    ...fit,
    model: classify(withHyperparameters(kernel, fit.hyperparameters), points, y, mean).model,
  };
}

/**
 * Maximizes a log evidence of a kernel's hyper-parameters plus their log priors, from the prior's mode; all must be positive.
 * Shared by the models that have no noise to fit.
 */
export function maximizeEvidence(
  kernel: Kernel,
  dimension: number,
  options: ModelPriorOptions & { maxIterations?: number },
  evidence: (theta: Float64Array, gradient: Float64Array) => number,
): Omit<GpClassifierFit, 'model'> {
  const parameters = fitParameters(kernel, dimension, false, options);
  const start = Float64Array.from(parameters, (parameter) => parameter.start);
  const objective = (theta: Float64Array, gradient: Float64Array) => {
    let value = evidence(theta, gradient);
    parameters.forEach(({ prior }, p) => {
      if (prior === undefined) return;
      value += priorLogDensity(prior, exp(theta[p]));
      gradient[p] += priorLogSlope(prior, exp(theta[p]));
    });
    for (let p = 0; p < gradient.length; p++) gradient[p] = -gradient[p];
    return Number.isNaN(value) ? Infinity : -value;
  };
  const result = minimizeLbfgsb(objective, start, {
    lower: parameters.map(({ lower }) => lower),
    upper: parameters.map(({ upper }) => upper),
    maxIterations: options.maxIterations ?? 50,
  });
  const found = Number.isFinite(result.value);
  return {
    hyperparameters: found ? Float64Array.from(result.x) : start,
    logPosterior: found ? -result.value : -Infinity,
    names: parameters.map(({ name }) => name),
    evaluations: result.evaluations,
    status: found ? 'fitted' : 'fallback',
  };
}

/** A symmetric S as `contractLower` wants it: off-diagonal entries of the lower triangle doubled. */
export function foldLower(S: Float64Array, n: number): Float64Array {
  for (let i = 0; i < n; i++) for (let j = 0; j < i; j++) S[i * n + j] *= 2;
  return S;
}

function classify(
  kernel: Kernel,
  X: Points,
  labels: Float64Array,
  mean: number,
): { model: GpClassifier; K: Float64Array; laplace: LaplaceMode } {
  const n = X.rows;
  const K = noisyGram(kernel, X, 0);
  const laplace = laplaceMode(K, mean, n, (f, gradient, W, third) => {
    let total = 0;
    for (let i = 0; i < n; i++) {
      const e = exp(-Math.abs(f[i]));
      const p = f[i] >= 0 ? 1 / (1 + e) : e / (1 + e); // σ(f)
      const q = f[i] >= 0 ? e / (1 + e) : 1 / (1 + e); // 1 - σ(f), without cancellation
      const toward = labels[i] === 1 ? f[i] : -f[i];
      total += (toward < 0 ? toward : 0) - log1p(e); // ln σ(±f)
      gradient[i] = labels[i] === 1 ? q : -p;
      W[i] = p * q;
      third[i] = -p * q * (q - p);
    }
    return total;
  });
  const { mode, gradient, sqrtW, L, logMarginalLikelihood, iterations, status } = laplace;
  const model: GpClassifier = {
    kernel,
    X: X.data,
    labels,
    n,
    d: X.columns,
    mean,
    latentMode: mode,
    gradient,
    sqrtW,
    L,
    logMarginalLikelihood,
    iterations,
    status,
  };
  return { model, K, laplace };
}

function checkLabels(labels: ArrayLike<number>, n: number): Float64Array {
  checkVector('labels', labels, n);
  for (let i = 0; i < n; i++) {
    if (labels[i] !== 0 && labels[i] !== 1) throw new RangeError(`labels[${i}] must be 0 or 1, got ${labels[i]}`);
  }
  return Float64Array.from(labels);
}
