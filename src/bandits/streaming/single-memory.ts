/**
 * An ε-best arm of a stream with one stored arm and O(K ln(1/δ) / ε²) pulls: the king's estimate is fixed once, and a newcomer must stay
 * above it through rounds whose number grows with its position.
 *
 * After T. Jin, K. Huang, J. Tang, X. Xiao, "Optimal Streaming Algorithms for Multi-Armed Bandits", ICML 2021, and
 * C. Wang, arXiv:2306.02208; sizes derived here, from Hoeffding's inequality:
 *
 *   c = 32 / (9 ε²)                                       c = 8 / ε² with a random threshold
 *   king j:  estimate m from ceil((32/ε²) ln(16 j²/δ)) fresh pulls, off by more than ε/8 with probability <= δ / (8 j²)
 *   arm i:   threshold m + ε/2 (or m + ε U, U uniform on [3/8, 5/8], drawn once);
 *            after n_r = ceil(c (ln(4/δ) + r ln 2)) pulls, r = 1 .. R, R = 1 + ceil(2 log2(i+1)), it is out if its mean is below;
 *            out at none: king j + 1
 *
 * An arm better than the king by ε has mean at least threshold + 3ε/8 (ε/4): it is rejected with probability <= Σ_r δ / (4 2^r) <= δ/4.
 * An arm no better than the king has mean at most threshold - 3ε/8 (ε/4): it is promoted with probability <= δ / (8 i²). With the kings'
 * estimates all fails with probability at most δ (1/4 + π²/48 + π²/48) < δ, else the last king is ε-best.
 */
import { checkNumber, checkOption } from '../../internal/check.js';
import type { Rng } from '../../random/create-rng.js';
import { log } from '../../special/log.js';
import { log2 } from '../../special/log2.js';
import { type ArmMemory, commit, type StreamingRun } from './arm-memory.js';
import { ceilSamples, epsilonOf } from './sample-sizes.js';

export interface SingleMemoryOptions {
  /** Accuracy ε. Default (K/T)^(1/3). */
  epsilon?: number;
  /** Probability δ in (0, 1) that the arm found is not ε-best. Default 0.1. */
  delta?: number;
  /** Threshold m + ε U with U uniform on [3/8, 5/8], one draw a run, against arms placed exactly at it. Default false. */
  randomThreshold?: boolean;
  /**
   * Sizes as in the proof (default), or a tenth of those of the fixed threshold (also with `randomThreshold`), which no proof covers.
   */
  constants?: 'proof' | 'practical';
}

/**
 * Finds an ε-best arm with probability 1 - δ, then commits to it: regret O(K^(1/3) T^(2/3)) at the default ε with that probability.
 * Stores one arm.
 *
 * @param rng read once, and only for `randomThreshold`
 * @throws RangeError if an option is out of range
 *
 * @example
 * const memory = armMemory(armStream([0.1, 0.9, 0.2]), createRng(1), { horizon: 1e6, capacity: 2 });
 * streamingSingleMemoryEpsBest(memory, createRng(2)).arm; //=> 1
 */
export function streamingSingleMemoryEpsBest(
  memory: ArmMemory,
  rng: Rng,
  options: SingleMemoryOptions = {},
): StreamingRun {
  const epsilon = epsilonOf(memory.arms, memory.horizon, options);
  const delta = checkDelta(options.delta ?? 0.1);
  const scale = constantsScale(options.constants) / (epsilon * epsilon);
  const randomized = options.randomThreshold ?? false;
  const share = randomized ? 0.375 + 0.25 * rng() : 0.5;
  const c = scale * (randomized && options.constants !== 'practical' ? 8 : 32 / 9);

  let king = -1;
  let kings = 0;
  let threshold = -Infinity;
  for (let arm = memory.read(); arm !== undefined; arm = memory.read()) {
    if (king >= 0) {
      const verdict = duel(memory, arm, threshold, delta, c);
      if (verdict === 'out of trials') return commit(memory, king, true);
      if (verdict === 'below') {
        memory.discard(arm);
        continue;
      }
      memory.discard(king);
    }
    king = arm;
    kings += 1;
    const n = ceilSamples(scale * 32 * log((16 * kings * kings) / delta));
    if (n > memory.remaining()) return commit(memory, king, true);
    threshold = memory.pull(king, n) + share * epsilon;
  }
  return commit(memory, king, false);
}

/** The rounds of one newcomer; its position is i. */
function duel(
  memory: ArmMemory,
  arm: number,
  threshold: number,
  delta: number,
  c: number,
): 'below' | 'above' | 'out of trials' {
  const R = 1 + Math.ceil(2 * log2(arm + 1));
  let pulled = 0;
  let total = 0;
  for (let r = 1; r <= R; r++) {
    const n = ceilSamples(c * (log(4 / delta) + r * Math.LN2));
    if (n - pulled > memory.remaining()) return 'out of trials';
    if (n > pulled) total += (n - pulled) * memory.pull(arm, n - pulled);
    pulled = n;
    if (total / n < threshold) return 'below';
  }
  return 'above';
}

export function checkDelta(delta: number): number {
  checkNumber('delta', delta, 0, 1);
  if (delta === 0 || delta === 1) throw new RangeError(`delta must be in (0, 1), got ${delta}`);
  return delta;
}

/** 1 for 'proof', 1/10 for 'practical'. */
export function constantsScale(constants: 'proof' | 'practical' = 'proof'): number {
  return checkOption('constants', constants, ['proof', 'practical']) === 'proof' ? 1 : 0.1;
}
