/**
 * Deep kernel learning: a Gaussian process on the features of a network, both trained by the marginal likelihood.
 *
 * A. G. Wilson, Z. Hu, R. Salakhutdinov, E. P. Xing, arXiv:1511.02222, equations 3 to 6; settings of Y. L. Li, T. G. J. Rudner,
 * A. G. Wilson, arXiv:2305.20028, section 3.6: ARD Matérn 5/2 with Gamma priors on length-scales, scale and noise.
 *
 *   φ_θ(x) features, K_ij = k(φ_i, φ_j), K_y = K + noise I, α = K_y^-1 (y - m)
 *   ∂L/∂K = S = ½ (α αᵀ - K_y^-1);  ∂L/∂φ_i = Σ_j 2 S_ij ∂k(φ_i, φ_j)/∂φ_i
 *
 * In the first phase the network and a linear layer on top minimize squared error; here one network is evaluated and the
 * same one is stepped.
 */
import { checkInteger, checkOptionNames, checkVector } from '../../internal/check.js';
import { choleskyJittered } from '../../linalg/cholesky.js';
import type { MatrixLike } from '../../linalg/to-row-major.js';
import { choleskyInverse, choleskyLogDet, choleskySolve } from '../../linalg/triangular.js';
import { adam, type LearningRate, type Optimizer } from '../../optimize/gradient-steps.js';
import { exp } from '../../special/exp.js';
import { log } from '../../special/log.js';
import { condition, noisyGram, residuals, type GpState } from '../gp/gp-state.js';
import { profiledMean } from '../gp/log-marginal-likelihood.js';
import { gpPredictGradient, predict } from '../gp/predict.js';
import { gammaPrior, priorLogDensity, priorLogSlope, type Prior } from '../gp/priors.js';
import { gpSample } from '../gp/sample.js';
import type { Kernel, Points } from '../kernels/kernel.js';
import { contractLower } from '../kernels/kernel-hyperparameters.js';
import { matern52 } from '../kernels/matern.js';
import { kernelRules } from '../kernels/rules.js';
import { scaleKernel } from '../kernels/scale.js';
import { backwardFromFeatures, forward, type Mlp, mlpInit, newTape, recordTape, type Tape } from './mlp.js';
import { negativeLogLikelihood } from './mlp-posterior.js';
import { networkFor, type NetworkOptions } from './network-samplers.js';
import { type Surrogate, trainingData } from './surrogate.js';

const LOG_2PI = 1.8378770664093453;
const LENGTHSCALE: Prior = gammaPrior(3, 6);
const SCALE: Prior = gammaPrior(2, 0.15);
const NOISE: Prior = gammaPrior(1.1, 0.05);
/** The noise variance is at least this, on standardized targets. */
const LEAST_NOISE = 1e-4;

export interface DeepKernelOptions extends Pick<NetworkOptions, 'hidden' | 'activation'> {
  /** Steps on squared error. Default 1000. */
  pretrainSteps?: number;
  /** Joint steps on the marginal likelihood. Default 5000. */
  steps?: number;
  /** Default 1e-3. */
  learningRate?: LearningRate;
  /** Noise-free observations: the noise variance is fixed at 1e-6. Default false: it is learned, 1e-4 at least. */
  deterministic?: boolean;
}

const NAMES = {
  hidden: true,
  activation: true,
  pretrainSteps: true,
  steps: true,
  learningRate: true,
  deterministic: true,
} satisfies Record<keyof DeepKernelOptions, true>;

export interface DeepKernelState {
  net: Mlp;
  parameters: Float64Array;
  /** The process on the features. */
  gp: GpState;
  /** Log marginal likelihood plus log priors at the end of training. */
  objective: number;
}

/**
 * The features are the last hidden layer of the network. O((pretrainSteps P + steps (P + n² + n p)) n) for a fit,
 * O(P + n p + n²) for a point.
 *
 * @throws RangeError if an option is out of range
 *
 * @example
 * const model = deepKernel({ hidden: [8, 2], pretrainSteps: 100, steps: 200, learningRate: 0.01 });
 * const state = model.fit([[0], [0.3], [0.6], [1]], [1, -1, 0.5, 0], createRng(1));
 * model.predict(state, [[0.3]]).mean[0] < 0; //=> true
 */
export function deepKernel(options: DeepKernelOptions = {}): Surrogate<DeepKernelState> {
  checkOptionNames('options', options, NAMES);
  const pretrainSteps = checkInteger('pretrainSteps', options.pretrainSteps ?? 1000, 0);
  const steps = checkInteger('steps', options.steps ?? 5000, 0);
  const optimizer = adam({ learningRate: options.learningRate ?? 1e-3 });
  const fixedNoise = options.deterministic === true ? log(1e-6) : null;
  if (options.hidden?.length === 0) throw new RangeError('hidden must not be empty');
  return {
    fit(X, y, rng) {
      const { points, targets } = trainingData(X, y);
      const net = networkFor(points.columns, options);
      const parameters = mlpInit(net, rng);
      const tape = newTape(net, points.rows);
      tape.a[0].set(points.data);
      pretrain(net, parameters, tape, targets, pretrainSteps, optimizer);

      // Length-scales, scale and noise by their logarithms after the network's parameters.
      const p = net.widths[net.widths.length - 2];
      const theta = new Float64Array(net.parameterCount + p + 2);
      theta.set(parameters);
      theta.fill(log(0.5), net.parameterCount, net.parameterCount + p);
      theta[net.parameterCount + p + 1] = fixedNoise ?? log(0.01);
      const gradient = new Float64Array(theta.length);
      const out = { state: optimizer.init(theta.length), parameters: theta };
      for (let t = 0; t < steps; t++) {
        evaluate(net, tape, targets, theta, gradient);
        for (let i = 0; i < gradient.length; i++) gradient[i] = -gradient[i];
        optimizer.update(out.state, gradient, theta, out);
        theta[theta.length - 1] = fixedNoise ?? Math.max(log(LEAST_NOISE), theta[theta.length - 1]);
      }
      const { value, mean } = evaluate(net, tape, targets, theta, gradient);
      const { kernel, noise } = kernelAt(theta, net.parameterCount, p);
      const features = { data: tape.a[net.widths.length - 2].slice(), rows: points.rows, columns: p };
      return {
        net,
        parameters: theta.slice(0, net.parameterCount),
        gp: condition(kernel, features, targets, noise, mean),
        objective: value,
      };
    },
    predict(state, Xs) {
      const { mean, variance } = predict(state.gp, featuresOf(state, Xs), {});
      return { mean, variance };
    },
    sample: (state, Xs, n, rng) => gpSample(state.gp, featuresOf(state, Xs), n, rng),
    predictGradient(state, x) {
      const features = featuresOf(state, [x]);
      const at = gpPredictGradient(state.gp, features.data);
      return {
        mean: at.mean,
        variance: at.variance,
        dMean: pullFeatures(state, x, at.dMean),
        dVariance: pullFeatures(state, x, at.dVariance),
      };
    },
  };
}

/**
 * ln p(y | φ_θ(X)) + log priors, and its gradient in the network's parameters and the logarithms of length-scales, scale
 * and noise: what `deepKernel` maximizes. The constant mean is profiled. O(n (P + n² + n p)).
 *
 * @param theta network parameters, then p log length-scales, log scale, log noise
 */
export function deepKernelObjective(
  net: Mlp,
  X: MatrixLike,
  y: ArrayLike<number>,
  theta: ArrayLike<number>,
): { value: number; gradient: Float64Array } {
  const { points, targets } = trainingData(X, y);
  const p = net.widths[net.widths.length - 2];
  checkVector('theta', theta, net.parameterCount + p + 2);
  const tape = newTape(net, points.rows);
  tape.a[0].set(points.data);
  const gradient = new Float64Array(theta.length);
  return { value: evaluate(net, tape, targets, Float64Array.from(theta), gradient).value, gradient };
}

function evaluate(
  net: Mlp,
  tape: Tape,
  targets: Float64Array,
  theta: Float64Array,
  gradient: Float64Array,
): { value: number; mean: number } {
  const P = net.parameterCount;
  const L = net.widths.length - 1;
  const p = net.widths[L - 1];
  const n = tape.n;
  forward(net, theta.subarray(0, P), tape);
  const features: Points = { data: tape.a[L - 1], rows: n, columns: p };
  const { kernel, noise } = kernelAt(theta, P, p);
  const factor = choleskyJittered(noisyGram(kernel, features, noise), n).L;
  const mean = profiledMean(factor, targets, n);
  const r = residuals(features, targets, mean);
  const alpha = choleskySolve(factor, r, n);
  let quadratic = 0;
  for (let i = 0; i < n; i++) quadratic += r[i] * alpha[i];
  let value = -0.5 * (quadratic + choleskyLogDet(factor, n) + n * LOG_2PI);

  const S = choleskyInverse(factor, n); // becomes ½ (α αᵀ - K_y^-1), both triangles
  let trace = 0;
  for (let i = 0; i < n; i++) {
    for (let j = 0; j <= i; j++) {
      const s = 0.5 * (alpha[i] * alpha[j] - S[i * n + j]);
      S[i * n + j] = s;
      S[j * n + i] = s;
    }
    trace += S[i * n + i];
  }
  gradient.fill(0);
  const rules = kernelRules(kernel);
  const delta = tape.delta[L - 1].fill(0);
  const weights = new Float64Array(n);
  for (let i = 0; i < n; i++) {
    for (let j = 0; j < n; j++) weights[j] = j === i ? 0 : 2 * S[i * n + j];
    const row = features.data.slice(i * p, (i + 1) * p);
    rules.inputContract(kernel, row, features, weights, delta.subarray(i * p, (i + 1) * p));
  }
  backwardFromFeatures(net, theta.subarray(0, P), tape, gradient.subarray(0, P), false);

  for (let i = 0; i < n; i++) for (let j = 0; j < i; j++) S[i * n + j] *= 2;
  const byKernel = contractLower(kernel, features, S); // scale first, then length-scales
  gradient[P + p] = byKernel[0];
  for (let k = 0; k < p; k++) gradient[P + k] = byKernel[1 + k];
  gradient[P + p + 1] = noise * trace;
  for (let k = 0; k < p + 2; k++) {
    const prior = k < p ? LENGTHSCALE : k === p ? SCALE : NOISE;
    const x = exp(theta[P + k]);
    value += priorLogDensity(prior, x);
    gradient[P + k] += priorLogSlope(prior, x);
  }
  return { value, mean };
}

function kernelAt(theta: Float64Array, P: number, p: number): { kernel: Kernel; noise: number } {
  const lengthscale = Array.from({ length: p }, (_, k) => exp(theta[P + k]));
  return { kernel: scaleKernel(exp(theta[P + p]), matern52({ lengthscale })), noise: exp(theta[P + p + 1]) };
}

function pretrain(
  net: Mlp,
  parameters: Float64Array,
  tape: Tape,
  targets: Float64Array,
  steps: number,
  optimizer: Optimizer,
): void {
  const gradient = new Float64Array(net.parameterCount);
  const out = { state: optimizer.init(net.parameterCount), parameters };
  for (let t = 0; t < steps; t++) {
    negativeLogLikelihood(net, parameters, tape, targets, 2 / targets.length, gradient);
    optimizer.update(out.state, gradient, parameters, out);
  }
}

function featuresOf({ net, parameters }: DeepKernelState, Xs: MatrixLike): Points {
  const tape = recordTape(net, Xs);
  forward(net, parameters, tape);
  const l = net.widths.length - 2;
  return { data: tape.a[l], rows: tape.n, columns: net.widths[l] };
}

function pullFeatures({ net, parameters }: DeepKernelState, x: ArrayLike<number>, weights: Float64Array): Float64Array {
  const tape = recordTape(net, [x]);
  forward(net, parameters, tape);
  tape.delta[net.widths.length - 2].set(weights);
  backwardFromFeatures(net, parameters, tape, null, true);
  return tape.delta[0].slice();
}
