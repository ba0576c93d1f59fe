// Generalized advantage estimation.
//
// J. Schulman, P. Moritz, S. Levine, M. Jordan, P. Abbeel, "High-dimensional continuous control using generalized
// advantage estimation", ICLR 2016, arXiv:1506.02438, equation 16.
//
//   r_t reward, V_t value, γ discount, λ mix of the horizons, δ_t = r_t + γ V_{t+1} - V_t

import { checkNumber, checkVector } from '../internal/check.js';
import { reuse } from './tokens.js';

export interface Trajectory {
  /** r_0..r_{T-1}. */
  rewards: ArrayLike<number>;
  /** V_0..V_{T-1}. */
  values: ArrayLike<number>;
  /** V_T: 0 after the end, the estimate where the trajectory was cut. Default 0. */
  lastValue?: number;
  /** 1 where an episode ends with this step: nothing flows back over it. Default none. */
  ends?: ArrayLike<number | boolean>;
}

export interface GaeOptions {
  /** γ in [0, 1]. Default 1, for episodes with an end. */
  gamma?: number;
  /** λ in [0, 1]. Default 0.95. */
  lambda?: number;
}

export interface GaeResult {
  /** A_t = Σ_l (γλ)^l δ_{t+l}. */
  advantages: Float64Array;
  /** A_t + V_t: the targets of the value function. */
  returns: Float64Array;
}

/**
 * Advantages by the reverse recursion A_t = δ_t + γ λ A_{t+1}. λ = 0 is the one-step residual, λ = 1 the return minus V_t.
 *
 * O(T); with `out` of the same length nothing is allocated.
 *
 * @throws RangeError if the lengths differ or γ, λ are outside [0, 1]
 *
 * @example
 * gae({ rewards: [0, 1], values: [0.5, 0.5] }, { lambda: 1 }).advantages; //=> Float64Array.of(0.5, 0.5)
 * gae({ rewards: [0, 1], values: [0.5, 0.5] }, { lambda: 0 }).advantages; //=> Float64Array.of(0, 0.5)
 */
export function gae(
  { rewards, values, lastValue = 0, ends }: Trajectory,
  options: GaeOptions = {},
  out?: GaeResult,
): GaeResult {
  checkVector('rewards', rewards);
  const T = rewards.length;
  checkVector('values', values, T);
  checkNumber('lastValue', lastValue);
  if (ends !== undefined && ends.length !== T) throw new RangeError(`ends must have length ${T}, got ${ends.length}`);
  const gamma = checkNumber('gamma', options.gamma ?? 1, 0, 1);
  const lambda = checkNumber('lambda', options.lambda ?? 0.95, 0, 1);
  const advantages = reuse(out?.advantages, T);
  const returns = reuse(out?.returns, T);
  let next = lastValue;
  let advantage = 0;
  for (let t = T - 1; t >= 0; t--) {
    const alive = ends !== undefined && ends[t] ? 0 : 1;
    const value = values[t];
    const delta = rewards[t] + gamma * next * alive - value;
    advantage = delta + gamma * lambda * alive * advantage;
    advantages[t] = advantage;
    returns[t] = advantage + value;
    next = value;
  }
  return { advantages, returns };
}
