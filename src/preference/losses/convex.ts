// Any loss of the margin: one function for losses not invented yet, and the presets of generalized preference optimization.

import { exp } from '../../special/exp.js';
import { sigmoid, softplus } from '../../special/logistic.js';
import {
  checkBeta,
  closePairs,
  openPairs,
  undefinedPair,
  type PairBatch,
  type PairLossOptions,
  type PairLossResult,
} from './pair-batch.js';

/** A loss of one margin and its derivative. */
export interface MarginLoss {
  f(x: number): number;
  df(x: number): number;
}

export interface ConvexPairLossOptions extends PairLossOptions, MarginLoss {}

/**
 * f(x) of x = β h, for any f with derivative df.
 *
 * Y. Tang et al., "Generalized Preference Optimization", arXiv:2402.05749. The reward bounds there need f
 * convex with f'(0) < 0; the computation does not.
 *
 * @example
 * convexPairLoss({ policyChosen: [-3], policyRejected: [-4] }, { ...gpoSquared, beta: 1 }).loss; //=> 0
 */
export function convexPairLoss(batch: PairBatch, options: ConvexPairLossOptions, out?: PairLossResult): PairLossResult {
  const beta = checkBeta(options.beta ?? 0.1);
  const { f, df } = options;
  if (typeof f !== 'function') throw new TypeError(`f must be a function, got ${typeof f}`);
  if (typeof df !== 'function') throw new TypeError(`df must be a function, got ${typeof df}`);
  const result = openPairs(batch, options, out);
  const { losses, gradChosen, gradRejected, chosenRewards, rejectedRewards } = result;
  for (let i = 0; i < losses.length; i++) {
    const x = beta * (chosenRewards[i] - rejectedRewards[i]);
    if (x !== x) throw undefinedPair(i);
    const slope = beta * df(x);
    losses[i] = f(x);
    if (losses[i] !== losses[i]) throw new RangeError(`f gave NaN at ${x}, pair ${i}`);
    if (slope !== slope) throw new RangeError(`df gave NaN at ${x}, pair ${i}`);
    gradChosen[i] = slope;
    gradRejected[i] = -slope;
  }
  return closePairs(result, batch, options, beta);
}

/** -log σ(x): DPO. */
export const gpoLogistic: MarginLoss = { f: (x) => softplus(-x), df: (x) => -sigmoid(-x) };

/** max(0, 1 - x): SLiC. */
export const gpoHinge: MarginLoss = { f: (x) => Math.max(0, 1 - x), df: (x) => (x < 1 ? -1 : 0) };

/** (x - 1)²: IPO up to scale. */
export const gpoSquared: MarginLoss = { f: (x) => (x - 1) * (x - 1), df: (x) => 2 * (x - 1) };

/** e^{-x}. */
export const gpoExponential: MarginLoss = { f: (x) => exp(-x), df: (x) => -exp(-x) };

/** max(0, 1 - x)². */
export const gpoTruncatedQuadratic: MarginLoss = {
  f: (x) => (x < 1 ? (1 - x) * (1 - x) : 0),
  df: (x) => (x < 1 ? 2 * (x - 1) : 0),
};

/** Savage loss 1/(1 + e^x)² = σ(-x)²; bounded, not convex. */
export const gpoSavage: MarginLoss = {
  f: (x) => sigmoid(-x) * sigmoid(-x),
  df: (x) => -2 * sigmoid(-x) * sigmoid(-x) * sigmoid(x),
};
