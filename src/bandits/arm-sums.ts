/**
 * The state of every policy that remembers counts and sums: how often each arm was played and what it paid in all.
 *
 * Sums, not running means: equal histories then give equal means to the last bit, in whatever order they came.
 */
import type { RewardScale } from './reward-scale.js';
import { scaledReward } from './reward-scale.js';

/** Plain data: survives structuredClone and a JSON round trip with encodeState. */
export interface ArmSums {
  /** Plays so far. */
  t: number;
  /** Plays of each arm. */
  counts: Int32Array;
  /** Sum of the rewards of each arm. */
  sums: Float64Array;
}

export function initArmSums(K: number): ArmSums {
  return { t: 0, counts: new Int32Array(K), sums: new Float64Array(K) };
}

/** The `update` of a policy whose state is `ArmSums`. */
export function updateArmSums(
  state: ArmSums,
  arm: number,
  reward: number,
  out: ArmSums | undefined,
  K: number,
  scale: RewardScale,
): ArmSums {
  checkArm(arm, K);
  const r = scaledReward(scale, reward);
  const next = copyArmSums(state, out);
  next.t += 1;
  next.counts[arm] += 1;
  next.sums[arm] += r;
  return next;
}

export function copyArmSums(state: ArmSums, out: ArmSums | undefined): ArmSums {
  if (out === state) return state;
  if (out === undefined) return { t: state.t, counts: state.counts.slice(), sums: state.sums.slice() };
  out.t = state.t;
  out.counts.set(state.counts);
  out.sums.set(state.sums);
  return out;
}

/** Mean reward of every arm, Infinity for an arm never played. */
export function meansOf({ counts, sums }: ArmSums, out = new Float64Array(counts.length)): Float64Array {
  // Two stores rather than one of a conditional expression, whose value the engine boxes.
  for (let i = 0; i < counts.length; i++) {
    const n = counts[i];
    if (n === 0) out[i] = Infinity;
    else out[i] = sums[i] / n;
  }
  return out;
}

/** One comparison in the loop that runs a million times; the error is built out of line. */
export function checkArm(arm: number, K: number): void {
  if (!(arm >= 0 && arm < K && Number.isInteger(arm))) throw badArm(arm, K);
}

function badArm(arm: number, K: number): RangeError {
  return new RangeError(`arm must be an integer in [0, ${K - 1}], got ${arm}`);
}
