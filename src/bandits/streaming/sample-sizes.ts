/**
 * How many pulls an arm of a stream gets, and the order of the regret that no single-pass algorithm beats.
 *
 * C. Wang, "Tight Regret Bounds for Single-pass Streaming Multi-armed Bandits", ICML 2023, arXiv:2306.02208.
 *
 *   paper   here       meaning
 *   K, T    arms, horizon
 *   ε       epsilon    (K/T)^(1/3): an ε-best arm after O(K/ε²) pulls gives regret O(K^(1/3) T^(2/3))
 *   log*    logStar    times that log2 must be applied until the result is at most 1
 */
import { checkInteger, checkNumber, checkPositive } from '../../internal/check.js';
import { log } from '../../special/log.js';
import { log2 } from '../../special/log2.js';
import { pow } from '../../special/pow.js';

/** ceil(x - 1e-6), at least 1: an integer number of pulls, also where rounding left a whole number a little too large. */
export function ceilSamples(x: number): number {
  return Math.max(1, Math.ceil(x - 1e-6));
}

/**
 * log* x, the iterated binary logarithm.
 *
 * @throws RangeError if x is not positive
 *
 * @example
 * [logStar(1), logStar(2), logStar(16), logStar(65536)]; //=> [0, 1, 3, 4]
 */
export function logStar(x: number): number {
  checkPositive('x', x);
  let times = 0;
  for (let y = x; y > 1; y = log2(y)) times += 1;
  return times;
}

/**
 * ε = (K/T)^(1/3), the accuracy at which exploring K arms costs as much as the arm it finds.
 *
 * @example
 * streamingEpsilon(1, 8); //=> 0.5
 */
export function streamingEpsilon(arms: number, horizon: number): number {
  checkInteger('arms', arms, 1);
  checkInteger('horizon', horizon, 1);
  return pow(arms / horizon, 1 / 3);
}

/**
 * K^(1/3) T^(2/3): the order of the regret of the algorithms below, and by Theorem 1 of the paper the least order of any single-pass
 * algorithm that stores o(K) arms.
 *
 * @example
 * streamingRegretOrder(8, 27).toFixed(9); //=> '18.000000000'
 */
export function streamingRegretOrder(arms: number, horizon: number): number {
  checkInteger('arms', arms, 1);
  checkInteger('horizon', horizon, 1);
  return pow(arms, 1 / 3) * pow(horizon, 2 / 3);
}

/** Pulls an arm in three algorithms that keep one arm, and log* K. */
export interface StreamingSampleSizes {
  epsilon: number;
  /** (T/K)^(2/3) (ln T)^(1/3). */
  uniform: number;
  /** ln K / ε². */
  naiveLogK: number;
  /** 1 / ε². */
  constant: number;
  logStar: number;
}

/**
 * The sizes of `streamingUniformExploration`, `streamingNaiveElimination` and `streamingConstantChampion`.
 *
 * @throws RangeError if an argument is out of range
 *
 * @example
 * streamingSampleSizes(500, 500_000).constant; //=> 100
 */
export function streamingSampleSizes(
  arms: number,
  horizon: number,
  options: { epsilon?: number } = {},
): StreamingSampleSizes {
  const epsilon = epsilonOf(arms, horizon, options);
  const inverse = 1 / (epsilon * epsilon);
  return {
    epsilon,
    uniform: ceilSamples(pow(horizon / arms, 2 / 3) * pow(log(horizon), 1 / 3)),
    naiveLogK: ceilSamples(log(arms) * inverse),
    constant: ceilSamples(inverse),
    logStar: logStar(arms),
  };
}

/** The option `epsilon`, by default `streamingEpsilon`. */
export function epsilonOf(arms: number, horizon: number, options: { epsilon?: number }): number {
  const standard = streamingEpsilon(arms, horizon);
  if (options.epsilon === undefined) return standard;
  checkNumber('epsilon', options.epsilon);
  return checkPositive('epsilon', options.epsilon);
}
