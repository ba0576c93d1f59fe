// First-order optimizers as pure steps over plain states: gradient descent with momentum, RMSProp, Adam, AdamW.
//
// D. P. Kingma, J. Ba, "Adam: A Method for Stochastic Optimization", arXiv:1412.6980, Algorithm 1. I. Loshchilov, F. Hutter,
// "Decoupled Weight Decay Regularization", arXiv:1711.05101, Algorithm 2 (AdamW). T. Tieleman, G. Hinton, Coursera lecture
// 6.5 (2012), RMSProp.
//
//   paper        here            meaning
//   α, η         learningRate    step
//   β₁, β₂       beta1, beta2    memories of the first and second moment
//   m_t, v_t     first, second   moving averages of g and g²
//   ε            epsilon         added to √v̂, outside the root
//   λ            weightDecay     decoupled decay, η λ θ a step

import { checkNumber, checkPositive } from '../internal/check.js';
import { cos } from '../special/trigonometric.js';
import { pow } from '../special/pow.js';

/** A constant step, or the step as a function of the number of updates done before it. */
export type LearningRate = number | ((step: number) => number);

/** All that an optimizer remembers. Arrays that a method does not use are empty. */
export interface OptimizerState {
  /** Updates so far. */
  t: number;
  first: Float64Array;
  second: Float64Array;
}

/** What an update gives: the state after it and the parameters after it. */
export interface OptimizerStep {
  state: OptimizerState;
  parameters: Float64Array;
}

export interface Optimizer {
  /** The state before the first update of n parameters. */
  init(n: number): OptimizerState;
  /**
   * One descent step against the gradient. O(n); with `out = { state, parameters }` in place and without allocation.
   *
   * @throws RangeError if lengths differ
   */
  update(
    state: OptimizerState,
    gradient: ArrayLike<number>,
    parameters: Float64Array,
    out?: OptimizerStep,
  ): OptimizerStep;
}

export interface SgdOptions {
  /** η > 0. */
  learningRate: LearningRate;
  /** Memory μ of the velocity u = μ u + g, in [0, 1). Default 0. */
  momentum?: number;
}

/**
 * Gradient descent: θ - η u with u = μ u + g.
 *
 * @throws RangeError if an option is out of range
 *
 * @example
 * const step = sgd({ learningRate: 0.5 });
 * step.update(step.init(1), [2], Float64Array.of(3)).parameters; //=> Float64Array.of(2)
 */
export function sgd({ learningRate, momentum = 0 }: SgdOptions): Optimizer {
  checkRate(learningRate);
  checkBelowOne('momentum', momentum);
  return optimizer(momentum > 0, false, (state, gradient, parameters) => {
    const rate = rateAt(learningRate, state.t - 1);
    const { first } = state;
    for (let i = 0; i < parameters.length; i++) {
      const direction = momentum > 0 ? (first[i] = momentum * first[i] + gradient[i]) : gradient[i];
      parameters[i] -= rate * direction;
    }
  });
}

export interface AdamOptions {
  /** η > 0. Default 1e-3. */
  learningRate?: LearningRate;
  /** In [0, 1). Default 0.9. */
  beta1?: number;
  /** In [0, 1). Default 0.999. */
  beta2?: number;
  /** Default 1e-8. */
  epsilon?: number;
}

/**
 * Adam: θ - η m̂ / (√v̂ + ε), m̂ = m/(1 - β₁ᵗ) and v̂ = v/(1 - β₂ᵗ). Defaults of Algorithm 1.
 *
 * The step does not depend on the size of the gradient: rounding noise where the true gradient is 0 becomes a step of
 * about η, so give it exact zeros there.
 *
 * @throws RangeError if an option is out of range
 *
 * @example
 * const step = adam({ learningRate: 0.25, epsilon: 0 });
 * step.update(step.init(2), [1e-9, -7], Float64Array.of(0, 0)).parameters; //=> Float64Array.of(-0.25, 0.25)
 */
export function adam(options: AdamOptions = {}): Optimizer {
  return adamW({ ...options, weightDecay: 0 });
}

export interface AdamWOptions extends AdamOptions {
  /** λ >= 0. Default 0.01. */
  weightDecay?: number;
}

/**
 * AdamW: Adam's step after θ has shrunk by the factor 1 - η λ.
 *
 * @throws RangeError if an option is out of range
 */
export function adamW({
  learningRate = 1e-3,
  beta1 = 0.9,
  beta2 = 0.999,
  epsilon = 1e-8,
  weightDecay = 0.01,
}: AdamWOptions = {}): Optimizer {
  checkRate(learningRate);
  checkBelowOne('beta1', beta1);
  checkBelowOne('beta2', beta2);
  checkNumber('epsilon', epsilon, 0);
  checkNumber('weightDecay', weightDecay, 0);
  return optimizer(true, true, ({ t, first, second }, gradient, parameters) => {
    const rate = rateAt(learningRate, t - 1);
    const shrink = 1 - rate * weightDecay;
    const correction1 = 1 - pow(beta1, t);
    const correction2 = 1 - pow(beta2, t);
    for (let i = 0; i < parameters.length; i++) {
      const g = gradient[i];
      first[i] = beta1 * first[i] + (1 - beta1) * g;
      second[i] = beta2 * second[i] + (1 - beta2) * (g * g);
      const denominator = Math.sqrt(second[i] / correction2) + epsilon;
      const step = denominator > 0 ? first[i] / correction1 / denominator : 0;
      parameters[i] = shrink * parameters[i] - rate * step;
    }
  });
}

export interface RmsPropOptions {
  /** η > 0. Default 1e-2. */
  learningRate?: LearningRate;
  /** Memory of the second moment, in [0, 1). Default 0.99. */
  decay?: number;
  /** Default 1e-8. */
  epsilon?: number;
}

/**
 * RMSProp: θ - η g / (√v + ε), v = decay v + (1 - decay) g², without correction of the bias.
 *
 * @throws RangeError if an option is out of range
 */
export function rmsProp({ learningRate = 1e-2, decay = 0.99, epsilon = 1e-8 }: RmsPropOptions = {}): Optimizer {
  checkRate(learningRate);
  checkBelowOne('decay', decay);
  checkNumber('epsilon', epsilon, 0);
  return optimizer(false, true, ({ t, second }, gradient, parameters) => {
    const rate = rateAt(learningRate, t - 1);
    for (let i = 0; i < parameters.length; i++) {
      const g = gradient[i];
      second[i] = decay * second[i] + (1 - decay) * (g * g);
      const denominator = Math.sqrt(second[i]) + epsilon;
      if (denominator > 0) parameters[i] -= (rate * g) / denominator;
    }
  });
}

/**
 * Cosine schedule from `learningRate` to `final` over `steps` updates, constant afterwards:
 * final + (learningRate - final) (1 + cos(π t / steps)) / 2.
 *
 * I. Loshchilov, F. Hutter, arXiv:1608.03983, equation 5, without restarts.
 *
 * @example
 * cosineSchedule({ learningRate: 2, steps: 10 })(10); //=> 0
 */
export function cosineSchedule({
  learningRate,
  steps,
  final = 0,
}: {
  learningRate: number;
  steps: number;
  final?: number;
}): (step: number) => number {
  checkPositive('learningRate', learningRate);
  checkPositive('steps', steps);
  checkNumber('final', final, 0);
  return (step) => (step >= steps ? final : final + (learningRate - final) * 0.5 * (1 + cos((Math.PI * step) / steps)));
}

/** The frame that the methods share: checks, the three forms of `out`, the count; `move` changes its arguments in place. */
function optimizer(
  usesFirst: boolean,
  usesSecond: boolean,
  move: (state: OptimizerState, gradient: ArrayLike<number>, parameters: Float64Array) => void,
): Optimizer {
  return {
    init: (n) => ({
      t: 0,
      first: new Float64Array(usesFirst ? n : 0),
      second: new Float64Array(usesSecond ? n : 0),
    }),
    update(state, gradient, parameters, out) {
      const n = parameters.length;
      if (gradient.length !== n) throw new RangeError(`gradient must have length ${n}, got ${gradient.length}`);
      if (usesSecond && state.second.length !== n) {
        throw new RangeError(`state must be of ${n} parameters, got ${state.second.length}`);
      }
      const next = out ?? { state: structuredClone(state), parameters: parameters.slice() };
      if (out !== undefined) {
        if (next.state !== state) {
          next.state.first.set(state.first);
          next.state.second.set(state.second);
        }
        if (next.parameters !== parameters) next.parameters.set(parameters);
      }
      next.state.t = state.t + 1;
      move(next.state, gradient, next.parameters);
      return next;
    },
  };
}

function rateAt(learningRate: LearningRate, step: number): number {
  return typeof learningRate === 'number' ? learningRate : learningRate(step);
}

function checkRate(learningRate: LearningRate): void {
  if (typeof learningRate !== 'function') checkPositive('learningRate', learningRate);
}

function checkBelowOne(name: string, value: number): void {
  checkNumber(name, value, 0);
  if (!(value < 1)) throw new RangeError(`${name} must be below 1, got ${value}`);
}
