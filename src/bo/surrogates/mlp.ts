/**
 * Fully connected networks over one flat vector of parameters, forwards and backwards, on batches.
 *
 * The function space of Y. L. Li, T. G. J. Rudner, A. G. Wilson, arXiv:2305.20028. With a⁰ = x and layers l = 1..L,
 *
 *   z^l = W^l a^(l-1) + b^l,   a^l = φ(z^l) for l < L,   f(x) = z^L;   W^l is (width l) x (width l - 1)
 *
 *   parameters   W^1 row by row, b^1, W^2, b^2, ...
 */
import { checkInteger, checkOption, checkPositive, checkVector } from '../../internal/check.js';
import type { MatrixLike } from '../../linalg/to-row-major.js';
import type { Rng } from '../../random/create-rng.js';
import { sampleNormal } from '../../random/normal.js';
import { erf } from '../../special/error-function.js';
import { tanh } from '../../special/hyperbolic.js';
import { normalCdf, normalPdf } from '../../special/normal.js';
import { toPoints } from '../kernels/kernel-matrix.js';
import { addOuterProducts, affine, pullThroughWeights } from './dense-layer.js';

export type Activation = 'tanh' | 'relu' | 'gelu' | 'erf';

export interface MlpOptions {
  /** Dimension d of the input. */
  inputs: number;
  /** Widths of the hidden layers; may be empty (a linear model). Default [128, 128, 128], the study's. */
  hidden?: readonly number[];
  /** Dimension of the output. Default 1. */
  outputs?: number;
  /** Default 'tanh', the study's. */
  activation?: Activation;
}

export interface Mlp {
  /** Widths from the input to the output. */
  readonly widths: readonly number[];
  readonly activation: Activation;
  readonly parameterCount: number;
}

/**
 * The shape of a network; parameters live outside.
 *
 * @throws RangeError if a width is not a positive integer or the activation is not known
 *
 * @example
 * mlp({ inputs: 2, hidden: [3] }).parameterCount; //=> 13
 */
export function mlp(options: MlpOptions): Mlp {
  const activation = checkOption('activation', options.activation ?? 'tanh', ['tanh', 'relu', 'gelu', 'erf']);
  const hidden = options.hidden ?? [128, 128, 128];
  const widths = [
    checkInteger('inputs', options.inputs, 1),
    ...hidden.map((width, l) => checkInteger(`hidden[${l}]`, width, 1)),
    checkInteger('outputs', options.outputs ?? 1, 1),
  ];
  let parameterCount = 0;
  for (let l = 1; l < widths.length; l++) parameterCount += widths[l] * (widths[l - 1] + 1);
  return { widths, activation, parameterCount };
}

/**
 * Parameters to train from: uniform on ±1/√(fan in) for weights and biases, one uniform each in their order; with
 * `priorVariance` a draw of N(0, priorVariance) instead, one normal each.
 *
 * @throws RangeError if priorVariance is not positive
 */
export function mlpInit(net: Mlp, rng: Rng, options: { priorVariance?: number } = {}): Float64Array {
  const parameters = new Float64Array(net.parameterCount);
  if (options.priorVariance !== undefined) {
    const sigma = Math.sqrt(checkPositive('priorVariance', options.priorVariance));
    for (let p = 0; p < parameters.length; p++) parameters[p] = sigma * sampleNormal(rng);
    return parameters;
  }
  let at = 0;
  for (let l = 1; l < net.widths.length; l++) {
    const bound = 1 / Math.sqrt(net.widths[l - 1]);
    const end = at + net.widths[l] * (net.widths[l - 1] + 1);
    for (; at < end; at++) parameters[at] = bound * (2 * rng() - 1);
  }
  return parameters;
}

/**
 * f at n points, n x outputs row-major. O(n parameterCount).
 *
 * @example
 * const net = mlp({ inputs: 1, hidden: [1], activation: 'relu' });
 * mlpForward(net, [2, 1, 3, 0.5], [[1], [-1]]); //=> Float64Array.of(9.5, 0.5)
 */
export function mlpForward(net: Mlp, parameters: ArrayLike<number>, X: MatrixLike): Float64Array {
  const tape = recordTape(net, X);
  return forward(net, checkParameters(net, parameters), tape).slice();
}

/** a^(L-1) at n points, n x width: the features that the last layer weighs. */
export function mlpFeatures(net: Mlp, parameters: ArrayLike<number>, X: MatrixLike): Float64Array {
  const tape = recordTape(net, X);
  forward(net, checkParameters(net, parameters), tape);
  return tape.a[net.widths.length - 2].slice();
}

export interface MlpGradients {
  /** Σ_i outputGradient_i · ∂f(x_i)/∂θ. */
  parameters: Float64Array;
  /** outputGradient_i · ∂f(x_i)/∂x_i, n x inputs. */
  inputs: Float64Array;
}

/**
 * The gradients of a scalar of the outputs, given its gradient in them (n x outputs, row-major), by reverse mode.
 * O(n parameterCount).
 *
 * @throws RangeError if a length does not fit
 *
 * @example
 * const net = mlp({ inputs: 1, hidden: [1], activation: 'relu' });
 * mlpBackward(net, [2, 1, 3, 0.5], [[1]], [1]).inputs; //=> Float64Array.of(6)
 */
export function mlpBackward(
  net: Mlp,
  parameters: ArrayLike<number>,
  X: MatrixLike,
  outputGradient: ArrayLike<number>,
): MlpGradients {
  const tape = recordTape(net, X);
  const theta = checkParameters(net, parameters);
  checkVector('outputGradient', outputGradient, tape.n * net.widths[net.widths.length - 1]);
  forward(net, theta, tape);
  tape.delta[net.widths.length - 1].set(Float64Array.from(outputGradient));
  const gradient = new Float64Array(net.parameterCount);
  backward(net, theta, tape, gradient, true);
  return { parameters: gradient, inputs: tape.delta[0].slice() };
}

/** Room for one batch: activations on the way there, derivatives on the way back. Reused from call to call. */
export interface Tape {
  n: number;
  /** a[l], n x widths[l]; a[0] is the input and a[L] the output. */
  a: Float64Array[];
  /** Pre-activations z[l] of hidden layers. */
  z: Float64Array[];
  /** ∂/∂z[l], and ∂/∂x at 0. */
  delta: Float64Array[];
}

export function newTape(net: Mlp, n: number): Tape {
  const room = () => net.widths.map((width) => new Float64Array(n * width));
  return { n, a: room(), z: room(), delta: room() };
}

/** Fills a[1..L] from a[0]; returns a[L], which the next call overwrites. */
export function forward(net: Mlp, theta: Float64Array, tape: Tape): Float64Array {
  const { widths, activation } = net;
  const L = widths.length - 1;
  let at = 0;
  for (let l = 1; l <= L; l++) {
    const z = l < L ? tape.z[l] : tape.a[l];
    affine(tape.a[l - 1], tape.n, widths[l - 1], theta, at, widths[l], z);
    if (l < L) activate(activation, z, tape.a[l]);
    at += widths[l] * (widths[l - 1] + 1);
  }
  return tape.a[L];
}

/**
 * From delta[L], set by the caller, to ∂/∂θ (overwritten) and, when asked for, ∂/∂x in delta[0]. With `gradient` null only
 * the inputs are differentiated. `from` below L starts at delta[from] = ∂/∂z[from] instead; the layers above get 0.
 */
export function backward(
  net: Mlp,
  theta: Float64Array,
  tape: Tape,
  gradient: Float64Array | null,
  inputs: boolean,
  from = net.widths.length - 1,
): void {
  const { widths, activation } = net;
  let end = net.parameterCount;
  for (let l = widths.length - 1; l >= 1; l--) {
    const [width, fanIn] = [widths[l], widths[l - 1]];
    const start = end - width * (fanIn + 1);
    gradient?.fill(0, start, end);
    if (l <= from) {
      if (gradient !== null) addOuterProducts(tape.delta[l], tape.a[l - 1], tape.n, width, fanIn, gradient, start);
      if (l > 1 || inputs) {
        pullThroughWeights(tape.delta[l], theta, start, tape.n, width, fanIn, tape.delta[l - 1]);
        if (l > 1) multiplyBySlope(activation, tape.z[l - 1], tape.a[l - 1], tape.delta[l - 1]);
      }
    }
    end = start;
  }
}

/** The same from the features: delta[L - 1], set by the caller, is ∂/∂a[L - 1]. The network must have a hidden layer. */
export function backwardFromFeatures(
  net: Mlp,
  theta: Float64Array,
  tape: Tape,
  gradient: Float64Array | null,
  inputs: boolean,
): void {
  const l = net.widths.length - 2;
  multiplyBySlope(net.activation, tape.z[l], tape.a[l], tape.delta[l]);
  backward(net, theta, tape, gradient, inputs, l);
}

/** A tape with the points as its input. */
export function recordTape(net: Mlp, X: MatrixLike): Tape {
  const points = toPoints('X', X, net.widths[0]);
  const tape = newTape(net, points.rows);
  tape.a[0].set(points.data);
  return tape;
}

export function checkParameters(net: Mlp, parameters: ArrayLike<number>): Float64Array {
  checkVector('parameters', parameters, net.parameterCount);
  return parameters instanceof Float64Array ? parameters : Float64Array.from(parameters);
}

function activate(activation: Activation, z: Float64Array, a: Float64Array): void {
  const n = z.length;
  if (activation === 'tanh') for (let p = 0; p < n; p++) a[p] = tanh(z[p]);
  else if (activation === 'relu') for (let p = 0; p < n; p++) a[p] = z[p] > 0 ? z[p] : 0;
  else if (activation === 'erf') for (let p = 0; p < n; p++) a[p] = erf(z[p]);
  else for (let p = 0; p < n; p++) a[p] = z[p] * normalCdf(z[p]);
}

/** delta *= φ'(z). The slope of erf at z is 2/√π e^(-z²) = 2√2 times the normal density at √2 z. */
export function multiplyBySlope(activation: Activation, z: Float64Array, a: Float64Array, delta: Float64Array): void {
  const n = z.length;
  if (activation === 'tanh') for (let p = 0; p < n; p++) delta[p] *= 1 - a[p] * a[p];
  else if (activation === 'relu') for (let p = 0; p < n; p++) delta[p] = z[p] > 0 ? delta[p] : 0;
  else if (activation === 'erf') {
    for (let p = 0; p < n; p++) delta[p] *= 2 * Math.SQRT2 * normalPdf(Math.SQRT2 * z[p]);
  } else for (let p = 0; p < n; p++) delta[p] *= normalCdf(z[p]) + z[p] * normalPdf(z[p]);
}

/** delta *= φ''(z); 0 for relu, whose slope jumps. That of gelu, z Φ(z), is φ(z) (2 - z²). */
export function multiplyByCurvature(
  activation: Activation,
  z: Float64Array,
  a: Float64Array,
  delta: Float64Array,
): void {
  const n = z.length;
  if (activation === 'tanh') for (let p = 0; p < n; p++) delta[p] *= -2 * a[p] * (1 - a[p] * a[p]);
  else if (activation === 'relu') delta.fill(0);
  else if (activation === 'erf') {
    for (let p = 0; p < n; p++) delta[p] *= -4 * Math.SQRT2 * z[p] * normalPdf(Math.SQRT2 * z[p]);
  } else for (let p = 0; p < n; p++) delta[p] *= normalPdf(z[p]) * (2 - z[p] * z[p]);
}
