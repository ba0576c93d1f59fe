// DiscoPOP, a loss found by a language model's search over programs.

import { exp } from '../../special/exp.js';
import { log1p } from '../../special/log1p.js';
import { checkPositive } from '../../internal/check.js';
import {
  checkBeta,
  closePairs,
  openPairs,
  undefinedPair,
  type PairBatch,
  type PairLossOptions,
  type PairLossResult,
} from './pair-batch.js';

export interface DiscopopLossOptions extends PairLossOptions {
  /** Temperature τ of the blend. Default 0.05. */
  tau?: number;
}

/**
 * DiscoPOP, the log-ratio modulated loss: (1 - m) (-log σ(x)) + m e^{-x} with m = σ(x/τ), x = β h.
 *
 * C. Lu et al., arXiv:2406.08414, equation 5. The loss is not convex. Both pieces are formed in logarithms: e^{-x} m
 * is Infinity times 0 for strongly negative x otherwise, where other programs return NaN.
 */
export function discopopLoss(
  batch: PairBatch,
  options: DiscopopLossOptions = {},
  out?: PairLossResult,
): PairLossResult {
  const beta = checkBeta(options.beta ?? 0.1);
  const tau = checkPositive('tau', options.tau ?? 0.05);
  const result = openPairs(batch, options, out);
  const { losses, gradChosen, gradRejected, chosenRewards, rejectedRewards } = result;
  for (let i = 0; i < losses.length; i++) {
    const x = beta * (chosenRewards[i] - rejectedRewards[i]);
    if (x !== x) throw undefinedPair(i);
    const t = exp(-Math.abs(x));
    const softplusX = (x < 0 ? -x : 0) + log1p(t); // -log σ(x)
    const missed = (x < 0 ? 1 : t) / (1 + t); // σ(-x)
    const y = x / tau;
    const u = exp(-Math.abs(y));
    const flat = log1p(u);
    const logBlend = (y < 0 ? y : 0) - flat; // log m
    const blend = (y < 0 ? u : 1) / (1 + u);
    const rest = (y < 0 ? 1 : u) / (1 + u);
    // x = -Infinity: log m - x is -Infinity + Infinity; for τ < 1 the first wins, for τ = 1 it is 0.
    const logTerm = x === -Infinity ? (tau < 1 ? -Infinity : tau === 1 ? 0 : Infinity) : logBlend - x;
    const term = x === Infinity ? 0 : exp(logTerm);
    const mixed = rest === 0 ? 0 : term * rest;
    losses[i] = (rest === 0 ? 0 : softplusX * rest) + term;
    const turning = blend === 0 || rest === 0 ? 0 : (softplusX * blend * rest) / tau;
    const slope = -missed * rest - turning - (term === Infinity ? term : term - mixed / tau);
    gradChosen[i] = beta * slope;
    gradRejected[i] = -beta * slope;
  }
  return closePairs(result, batch, options, beta);
}
