/**
 * The posterior of a network's parameters under a Gaussian prior and Gaussian noise, and its maximum.
 *
 * Y. L. Li, T. G. J. Rudner, A. G. Wilson, arXiv:2305.20028, section 3:  θ ~ N(0, v I),  y ~ N(f_θ(x), s).
 *
 *   v priorVariance, s noiseVariance: both are variances, never deviations
 */
import { checkInteger, checkPositive, checkVector } from '../../internal/check.js';
import type { LogDensityGradient } from '../../inference/leapfrog.js';
import type { MatrixLike } from '../../linalg/to-row-major.js';
import { adam, type LearningRate } from '../../optimize/gradient-steps.js';
import { log } from '../../special/log.js';
import { backward, checkParameters, forward, type Mlp, newTape, type Tape } from './mlp.js';
import { trainingData } from './surrogate.js';

const LOG_2PI = 1.8378770664093453;

export interface NetworkVariances {
  /** v of the prior of every weight and bias. Default 1. */
  priorVariance?: number;
  /** s of the observations. Default 0.1. */
  noiseVariance?: number;
}

/**
 * ln p(θ) + ln p(y | X, θ) with all constants, so that settings can be compared:
 * -|θ|²/(2v) - (P/2) ln 2πv - Σ (y_i - f(x_i))²/(2s) - (n/2) ln 2πs. The function writes the gradient and returns the value;
 * it keeps its working memory between calls. O(n P) a call.
 *
 * @throws RangeError if the data do not fit the network or a variance is not positive
 *
 * @example
 * const net = mlp({ inputs: 1, hidden: [] });
 * const density = mlpLogPosterior(net, [[1]], [0], { priorVariance: 1, noiseVariance: 1 });
 * density(Float64Array.of(0, 0), new Float64Array(2)).toFixed(6); //=> '-2.756816'
 */
export function mlpLogPosterior(
  net: Mlp,
  X: MatrixLike,
  y: ArrayLike<number>,
  options: NetworkVariances = {},
): LogDensityGradient {
  const { points, targets } = trainingData(X, y);
  checkScalar(net);
  if (points.columns !== net.widths[0]) {
    throw new RangeError(`X must have ${net.widths[0]} columns, got ${points.columns}`);
  }
  const { priorVariance: v, noiseVariance: s } = checkVariances(options);
  const n = points.rows;
  const tape = newTape(net, n);
  tape.a[0].set(points.data);
  const constant = -0.5 * (net.parameterCount * (LOG_2PI + log(v)) + n * (LOG_2PI + log(s)));
  return (theta, gradient) => {
    const squares = negativeLogLikelihood(net, theta, tape, targets, 1 / s, gradient);
    let norm = 0;
    for (let p = 0; p < theta.length; p++) {
      norm += theta[p] * theta[p];
      gradient[p] = -gradient[p] - theta[p] / v;
    }
    return constant - norm / (2 * v) - squares;
  };
}

export function checkVariances(options: NetworkVariances): Required<NetworkVariances> {
  return {
    priorVariance: checkPositive('priorVariance', options.priorVariance ?? 1),
    noiseVariance: checkPositive('noiseVariance', options.noiseVariance ?? 0.1),
  };
}

/** scale/2 Σ (f - y)² over the tape's points, and its gradient (overwritten). */
export function negativeLogLikelihood(
  net: Mlp,
  theta: Float64Array,
  tape: Tape,
  targets: Float64Array,
  scale: number,
  gradient: Float64Array,
): number {
  const f = forward(net, theta, tape);
  const delta = tape.delta[net.widths.length - 1];
  let squares = 0;
  for (let i = 0; i < tape.n; i++) {
    const residual = f[i] - targets[i];
    squares += residual * residual;
    delta[i] = scale * residual;
  }
  backward(net, theta, tape, gradient, false);
  return 0.5 * scale * squares;
}

export interface MapOptions extends NetworkVariances {
  /** Full-batch steps of Adam. Default 1000, the study's. */
  steps?: number;
  /** Default 0.01, this library's choice for full batches; Adam's own default is 1e-3. */
  learningRate?: LearningRate;
}

/**
 * Parameters after that many steps of Adam on the negative log posterior from `start`. O(steps n P).
 *
 * @throws RangeError as `mlpLogPosterior`
 */
export function mlpMap(
  net: Mlp,
  X: MatrixLike,
  y: ArrayLike<number>,
  start: ArrayLike<number>,
  options: MapOptions = {},
): Float64Array {
  const { steps, learningRate, ...variances } = checkMapOptions(options);
  const density = mlpLogPosterior(net, X, y, variances);
  const optimizer = adam({ learningRate });
  const out = {
    state: optimizer.init(net.parameterCount),
    parameters: checkParameters(net, checkVector('start', start, net.parameterCount)).slice(),
  };
  const gradient = new Float64Array(net.parameterCount);
  for (let t = 0; t < steps; t++) {
    density(out.parameters, gradient);
    for (let p = 0; p < gradient.length; p++) gradient[p] = -gradient[p];
    optimizer.update(out.state, gradient, out.parameters, out);
  }
  return out.parameters;
}

export function checkMapOptions(options: MapOptions): Required<MapOptions> {
  return {
    ...checkVariances(options),
    steps: checkInteger('steps', options.steps ?? 1000, 0),
    learningRate: options.learningRate ?? 0.01,
  };
}

export function checkScalar(net: Mlp): void {
  const outputs = net.widths[net.widths.length - 1];
  if (outputs !== 1) throw new RangeError(`net must have one output, got ${outputs}`);
}
