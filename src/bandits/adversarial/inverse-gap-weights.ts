/**
 * Inverse gap weighting: from predicted costs to probabilities.
 *
 * N. Abe, P. M. Long, "Associative Reinforcement Learning using Linear Probabilistic Concepts", ICML 1999; D. Foster,
 * A. Rakhlin, "Beyond UCB: Optimal and Efficient Contextual Bandits with Regression Oracles", arXiv:2002.04926,
 * Algorithm 1 (SquareCB).
 */
import { checkNumber, checkVector } from '../../internal/check.js';

/**
 * p_i = 1 / (d + γ (cost_i - min cost)) for every action but the first cheapest, which takes the rest; d actions.
 *
 * γ = 0 is uniform. The cheapest action gets at least 1/d.
 *
 * @param costs predicted costs, finite, at least one
 * @param gamma at least 0 and finite
 * @throws RangeError if there is no cost, one is not finite, or gamma is negative
 *
 * @example
 * inverseGapWeights([0.5, 0.25], 8); //=> new Float64Array([0.25, 0.75])
 */
export function inverseGapWeights(
  costs: ArrayLike<number>,
  gamma: number,
  out: Float64Array = new Float64Array(costs.length),
): Float64Array {
  checkVector('costs', costs);
  const d = costs.length;
  if (d === 0) throw new RangeError('costs must not be empty');
  checkNumber('gamma', gamma, 0);
  let best = 0;
  for (let i = 1; i < d; i++) if (costs[i] < costs[best]) best = i;
  const least = costs[best];
  let rest = 1;
  for (let i = 0; i < d; i++) {
    if (i === best) continue;
    const p = 1 / (d + gamma * (costs[i] - least));
    out[i] = p;
    rest -= p;
  }
  out[best] = rest;
  return out;
}
