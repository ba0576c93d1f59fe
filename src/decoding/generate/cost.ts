// What speculative decoding gains: expected tokens, speed-up and time as functions of the acceptance.

import { checkInteger, checkNumber } from '../../internal/check.js';

/**
 * Expected tokens of a round of γ drafted tokens, each accepted with probability α independently:
 * (1 - α^(γ+1)) / (1 - α) = Σ_{k=0}^{γ} α^k.
 *
 * Y. Leviathan, M. Kalman, Y. Matias, arXiv:2211.17192, equation 1. Summed term by term: no cancellation near α = 1.
 *
 * @throws RangeError if alpha is outside [0, 1] or gamma is not an integer >= 0
 *
 * @example
 * expectedTokensPerRound(0.5, 2); //=> 1.75
 */
export function expectedTokensPerRound(alpha: number, gamma: number): number {
  checkNumber('alpha', alpha, 0, 1);
  checkInteger('gamma', gamma, 0);
  let total = 1;
  for (let k = 0; k < gamma; k++) total = 1 + alpha * total;
  return total;
}

/**
 * Expected tokens when drafted token i passes with probability a_i given that those before passed: 1 + Σ_k Π_{i<=k} a_i.
 *
 * @throws RangeError if an entry is outside [0, 1]
 *
 * @example
 * expectedTokensFromAcceptances([0.5, 0.5]); //=> 1.75
 */
export function expectedTokensFromAcceptances(acceptance: ArrayLike<number>): number {
  let total = 1;
  let survival = 1;
  for (let k = 0; k < acceptance.length; k++) {
    survival *= checkNumber(`acceptance[${k}]`, acceptance[k], 0, 1);
    total += survival;
  }
  return total;
}

/**
 * Speed-up over decoding with the target alone: `expectedTokensPerRound` / (γ c + 1), c = time of a draft step / target step.
 *
 * arXiv:2211.17192, Theorem 3.8. Above 1 for some γ iff α > c, and then γ = 1 gives (1 + α) / (1 + c).
 *
 * @throws RangeError if alpha is outside [0, 1], gamma is not an integer >= 0 or c is negative
 *
 * @example
 * speculativeSpeedup(0.8, 1, 0); //=> 1.8
 */
export function speculativeSpeedup(alpha: number, gamma: number, c: number): number {
  checkNumber('c', c, 0);
  return expectedTokensPerRound(alpha, gamma) / (gamma * c + 1);
}

/**
 * Arithmetic operations relative to decoding with the target alone: (γ ĉ + γ + 1) / `expectedTokensPerRound`, ĉ = operations
 * of a draft step / target step.
 *
 * arXiv:2211.17192, Theorem 3.11.
 *
 * @example
 * operationsFactor(1, 3, 0); //=> 1
 */
export function operationsFactor(alpha: number, gamma: number, cOps: number): number {
  checkNumber('cOps', cOps, 0);
  return (gamma * cOps + gamma + 1) / expectedTokensPerRound(alpha, gamma);
}

export interface OptimalGammaOptions {
  /** Largest γ considered. Default 64. */
  maxGamma?: number;
}

/**
 * The γ in 0..maxGamma of the largest `speculativeSpeedup`, the smallest on ties.
 *
 * @throws RangeError if alpha is outside [0, 1], c is negative or maxGamma is not an integer >= 0
 *
 * @example
 * optimalGamma(0.8, 0.05).gamma; //=> 8
 */
export function optimalGamma(
  alpha: number,
  c: number,
  options: OptimalGammaOptions = {},
): { gamma: number; speedup: number } {
  const maxGamma = checkInteger('maxGamma', options.maxGamma ?? 64, 0);
  let gamma = 0;
  let speedup = 1;
  for (let g = 1; g <= maxGamma; g++) {
    const value = speculativeSpeedup(alpha, g, c);
    if (value > speedup) {
      gamma = g;
      speedup = value;
    }
  }
  return { gamma, speedup };
}

export interface SpeculativeRun {
  /** Tokens emitted, N. */
  tokens: number;
  /** Tokens drafted but not accepted. */
  discarded: number;
  /** Rounds, one target call each. */
  targetCalls: number;
  /** Time of a draft step. */
  tDraft: number;
  /** Time of a target call. */
  tTarget: number;
}

/**
 * Time of a run: tDraft (N + discarded - targetCalls) + tTarget targetCalls, as each round emits one token more than it accepts.
 *
 * K. Huang, X. Guo, M. Wang (SpecDec++), arXiv:2405.19715, section 3: a discarded token costs tDraft, a target call
 * tTarget - tDraft.
 *
 * @example
 * speculativeTime({ tokens: 10, discarded: 2, targetCalls: 4, tDraft: 0.5, tTarget: 1 }); //=> 8
 */
export function speculativeTime({ tokens, discarded, targetCalls, tDraft, tTarget }: SpeculativeRun): number {
  checkNumber('tokens', tokens, 0);
  checkNumber('discarded', discarded, 0);
  checkNumber('targetCalls', targetCalls, 0);
  checkNumber('tDraft', tDraft, 0);
  checkNumber('tTarget', tTarget, 0);
  return tDraft * (tokens + discarded - targetCalls) + tTarget * targetCalls;
}

/**
 * Speed-up when time is memory traffic: blockEfficiency / (depth · ratio + 1), ratio = size of the draft model / target model,
 * depth = draft steps a round.
 *
 * W. Jeon et al., arXiv:2402.14160, section 4 (memory-bound speed-up).
 *
 * @example
 * memoryBoundSpeedup(3, 4, 0.125); //=> 2
 */
export function memoryBoundSpeedup(blockEfficiency: number, depth: number, ratio: number): number {
  checkNumber('blockEfficiency', blockEfficiency, 0);
  checkNumber('depth', depth, 0);
  checkNumber('ratio', ratio, 0);
  return blockEfficiency / (depth * ratio + 1);
}
