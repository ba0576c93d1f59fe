/**
 * Problems of the study of network surrogates that need no simulator: two in hundreds of dimensions and one of choices.
 *
 * Y. L. Li, T. G. J. Rudner, A. G. Wilson, arXiv:2305.20028, Appendix; pest control: C. Oh, J. M. Tomczak, E. Gavves,
 * M. Welling, "Combinatorial Bayesian Optimization using the Graph Cartesian Product", arXiv:1902.00448, Appendix.
 */
import { checkInteger } from '../../internal/check.js';
import type { Rng } from '../../random/create-rng.js';
import { sampleBeta } from '../../random/gamma.js';
import { sampleNormal } from '../../random/normal.js';
import { mlp, mlpForward, mlpInit } from './mlp.js';

/** A random function on the unit cube, to be maximized. */
export interface RandomProblem {
  dimension: number;
  evaluate(x: ArrayLike<number>): number;
}

/**
 * Σ over d/4 groups of Π of 4 terms (x_i - c_i), c ~ N(0, 1): group j holds i = j, j + d/4, j + d/2, j + 3d/4. d normal draws.
 *
 * @throws RangeError if d is not a positive multiple of 4
 *
 * @example
 * polynomialProblem(200, createRng(1)).dimension; //=> 200
 */
export function polynomialProblem(dimension: number, rng: Rng): RandomProblem {
  checkInteger('dimension', dimension, 4);
  if (dimension % 4 !== 0) throw new RangeError(`dimension must be a multiple of 4, got ${dimension}`);
  const c = Float64Array.from({ length: dimension }, () => sampleNormal(rng));
  const groups = dimension / 4;
  return {
    dimension,
    evaluate(x) {
      let total = 0;
      for (let j = 0; j < groups; j++) {
        let product = 1;
        for (let row = 0; row < 4; row++) product *= x[row * groups + j] - c[row * groups + j];
        total += product;
      }
      return total;
    },
  };
}

/**
 * A draw from the prior of a tanh network with weights and biases N(0, 1): a function that a network can represent and
 * no stationary kernel suits. One normal draw a parameter.
 *
 * @param options.hidden default [256, 256]
 */
export function networkDrawProblem(
  dimension: number,
  rng: Rng,
  options: { hidden?: readonly number[] } = {},
): RandomProblem {
  checkInteger('dimension', dimension, 1);
  const net = mlp({ inputs: dimension, hidden: options.hidden ?? [256, 256], activation: 'tanh' });
  const parameters = mlpInit(net, rng, { priorVariance: 1 });
  return { dimension, evaluate: (x) => mlpForward(net, parameters, [x])[0] };
}

/** Price, greatest discount, tolerance gained over the season and first β of the control rate, of pesticides 1 to 4. */
const PESTICIDES = [
  { price: 1, discount: 0.2, tolerance: 1 / 7, beta: 2 / 7 },
  { price: 0.8, discount: 0.3, tolerance: 2.5 / 7, beta: 3 / 7 },
  { price: 0.7, discount: 0.3, tolerance: 2 / 7, beta: 3 / 7 },
  { price: 0.5, discount: 0, tolerance: 0.5 / 7, beta: 5 / 7 },
];

/**
 * Pest control: at each stage use pesticide 1 to 4 or none (0). A pest spreads at a random rate where nothing is done; a
 * pesticide removes a random share of it, gets cheaper the more often it is bought and weaker the more often it is used.
 * Cost, to be minimized: prices paid plus, over the stages, the share of simulated fields with more than 10 % pest.
 *
 * @param choices one of 0..4 a stage; 25 stages in the study
 * @param rng of the simulation: an equal stream makes the cost a fixed function. 1 + 2 beta draws a stage and field at most
 * @param options.fields simulated fields. Default 100
 * @throws RangeError if a choice is not 0, 1, 2, 3 or 4
 *
 * @example
 * pestControl([4, 0, 4], createRng(1)) > 1; //=> true
 */
export function pestControl(choices: ArrayLike<number>, rng: Rng, options: { fields?: number } = {}): number {
  const fields = checkInteger('fields', options.fields ?? 100, 1);
  const stages = choices.length;
  const uses = new Float64Array(5);
  for (let i = 0; i < stages; i++) uses[checkInteger(`choices[${i}]`, choices[i], 0, 4)] += 1;
  const beta = PESTICIDES.map((pesticide) => pesticide.beta);
  const pest = Float64Array.from({ length: fields }, () => sampleBeta(1, 30, rng));
  let cost = 0;
  for (let i = 0; i < stages; i++) {
    let above = 0;
    for (let s = 0; s < fields; s++) if (pest[s] > 0.1) above += 1;
    cost += above / fields;
    const kind = choices[i] - 1;
    for (let s = 0; s < fields; s++) {
      // Drawn whether it is used or not, so that a choice leaves the weather of later stages alone.
      const spread = sampleBeta(1, 17 / 3, rng);
      if (kind >= 0) pest[s] *= 1 - sampleBeta(1, beta[kind], rng);
      else pest[s] += spread * (1 - pest[s]);
    }
    if (kind < 0) continue;
    const { price, discount, tolerance } = PESTICIDES[kind];
    cost += price * (1 - (discount * uses[kind + 1]) / stages);
    beta[kind] += tolerance / stages;
  }
  return cost;
}
