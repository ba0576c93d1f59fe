/** Pearson's test of counts against given probabilities. */
import { checkNumber, checkProbabilities } from '../internal/check.js';
import { chiSquareSurvival } from '../special/incomplete-gamma.js';

export interface ChiSquareTest {
  /** Σ (O_i - E_i)² / E_i. */
  statistic: number;
  /** Cells of positive probability, less one. */
  degreesOfFreedom: number;
  /** P(χ² >= statistic); 0 if a cell of probability 0 was hit. */
  pValue: number;
}

/**
 * Pearson's goodness-of-fit test. The χ² law is a good approximation when every expected count is 5 or more.
 *
 * K. Pearson, Philosophical Magazine 50 (1900) 157-175.
 *
 * @param observed counts
 * @param expectedProbs probabilities under the hypothesis, same length
 * @throws RangeError if the lengths differ, a count is negative, all are 0, or `expectedProbs` is no probability vector
 *
 * @example
 * chiSquareTest([50, 50], [0.5, 0.5]).pValue; //=> 1
 */
export function chiSquareTest(observed: ArrayLike<number>, expectedProbs: ArrayLike<number>): ChiSquareTest {
  checkProbabilities('expectedProbs', expectedProbs);
  if (observed.length !== expectedProbs.length) {
    throw new RangeError(`observed must have length ${expectedProbs.length}, got ${observed.length}`);
  }
  let n = 0;
  for (let i = 0; i < observed.length; i++) n += checkNumber(`observed[${i}]`, observed[i], 0);
  if (n === 0) throw new RangeError('observed must hold a positive count');
  let statistic = 0;
  let cells = 0;
  for (let i = 0; i < observed.length; i++) {
    const expected = n * expectedProbs[i];
    if (expected > 0) {
      cells += 1;
      statistic += ((observed[i] - expected) * (observed[i] - expected)) / expected;
    } else if (observed[i] > 0) statistic = Infinity;
  }
  const degreesOfFreedom = cells - 1;
  if (statistic === Infinity) return { statistic, degreesOfFreedom, pValue: 0 };
  return {
    statistic,
    degreesOfFreedom,
    pValue: degreesOfFreedom === 0 ? 1 : chiSquareSurvival(statistic, degreesOfFreedom),
  };
}
