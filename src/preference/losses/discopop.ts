// DiscoPOP, a loss found by a language model's search over programs.

import { positivePart, sidePicked } from '../../special/branchless.js';
import { exp } from '../../special/exp.js';
import { expUnit } from '../../special/exp-unit.js';
import { log1p } from '../../special/log1p.js';
import { log1pUnit } from '../../special/log1p-unit.js';
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
 * C. Lu et al., arXiv:2406.08414, equation 5. The loss is not convex. Where e^{-x} or m leaves the range of the numbers
 * their product is formed in logarithms: it is Infinity times 0 for strongly negative x otherwise, where other programs
 * return NaN.
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
    const y = x / tau;
    const t = expUnit(-Math.abs(x));
    const u = expUnit(-Math.abs(y));
    const bulk = 1 / (1 + u);
    const blend = sidePicked(x, 1, u) * bulk; // m
    const rest = sidePicked(x, u, 1) * bulk;
    const softplusX = log1pUnit(t) + positivePart(-x); // -log σ(x)
    const missed = sidePicked(x, t, 1) / (1 + t); // σ(-x)
    const near = Math.abs(x) < 700 && Math.abs(y) < 700;
    const term = near ? sidePicked(x, t, 1 / t) * blend : farTerm(x, tau);
    const mixed = rest === 0 ? 0 : term * rest;
    losses[i] = (rest === 0 ? 0 : softplusX * rest) + term;
    const turning = blend === 0 || rest === 0 ? 0 : (softplusX * blend * rest) / tau;
    const slope = -missed * rest - turning - (term === Infinity ? term : term - mixed / tau);
    gradChosen[i] = beta * slope;
    gradRejected[i] = -beta * slope;
  }
  return closePairs(result, batch, options, beta);
}

/** e^{-x} σ(x/τ) through its logarithm. */
function farTerm(x: number, tau: number): number {
  // x = -Infinity: log m - x is -Infinity + Infinity; for τ < 1 the first wins, for τ = 1 it is 0.
  if (x === -Infinity) return tau < 1 ? 0 : tau === 1 ? 1 : Infinity;
  const y = x / tau;
  return exp((y < 0 ? y : 0) - log1p(expUnit(-Math.abs(y))) - x);
}
