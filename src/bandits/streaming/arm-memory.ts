/**
 * The memory of a single-pass algorithm, with a meter on it: an algorithm that sees the stream through this interface alone cannot
 * read an arm twice, pull one that it let go, keep more than it may, or pull more often than it may.
 *
 * Model of S. Assadi, C. Wang, arXiv:2004.04666, Section 2. The arm that has just arrived counts as stored while it is examined, so the
 * "single-arm memory" of the papers, one stored arm and the arriving one, is a peak of 2 here, `peakStored` 1.
 */
import { checkInteger } from '../../internal/check.js';
import { sampleBatchMean } from '../../random/binomial.js';
import type { Rng } from '../../random/create-rng.js';
import type { ArmStream } from './arm-stream.js';

/**
 * What a streaming algorithm may do. `armMemory` makes one of a stream with known means; for arms in the field write your own.
 */
export interface ArmMemory {
  /** Length K of the stream. */
  readonly arms: number;
  /** Trials T. */
  readonly horizon: number;
  /** Trials left. */
  remaining(): number;
  /** Position of the next arm of the stream, which is stored from now on; undefined after the last. */
  read(): number | undefined;
  /** Mean reward of n fresh pulls of a stored arm. */
  pull(position: number, n: number): number;
  /** Lets a stored arm go, for good. */
  discard(position: number): void;
  /** What was used so far. */
  meter(): ArmMeter;
}

/** What a run used and what it lost. */
export interface ArmMeter {
  /** Arms read. */
  reads: number;
  /** Pulls made. */
  pulls: number;
  /** Σ over pulls of (best mean of the stream - mean of the arm pulled). */
  regret: number;
  /** Most arms stored at one time, the arriving one included. */
  peak: number;
  /** Most arms kept beside the arriving one. */
  peakStored: number;
}

export interface ArmMemoryOptions {
  /** Trials T, an integer from 1 to 2^53 - 1. */
  horizon: number;
  /** Arms that may be stored at one time, the arriving one included. Default Infinity. */
  capacity?: number;
}

/**
 * A memory over a stream of Bernoulli arms. `pull(position, n)` is one binomial number, so 10^14 trials cost no more than a few.
 *
 * Mutable, unlike the policies of this library: it is the world, not the algorithm. O(K) bytes.
 *
 * @param rng source of the rewards; about 2.3 uniforms a batch
 * @throws TypeError if there is no horizon
 * @throws RangeError if an option is out of range; by `read` when the memory is full ("arm memory ..."); by `pull` when fewer than n
 *   trials are left
 * @throws Error by `pull` and `discard` of an arm that is not stored ("arm not in memory ...")
 *
 * @example
 * const memory = armMemory(armStream([1, 0]), createRng(1), { horizon: 10, capacity: 2 });
 * memory.pull(memory.read(), 4); //=> 1
 * memory.pull(memory.read(), 6); //=> 0
 * memory.meter(); //=> { reads: 2, pulls: 10, regret: 6, peak: 2, peakStored: 1 }
 */
export function armMemory(stream: ArmStream, rng: Rng, options: ArmMemoryOptions): ArmMemory {
  const { means, bestMean } = stream;
  const K = means.length;
  if (options.horizon === undefined) throw new TypeError('horizon must be given');
  const T = checkInteger('horizon', options.horizon, 1);
  const capacity = options.capacity ?? Infinity;
  if (capacity !== Infinity) checkInteger('capacity', capacity, 1);
  const inMemory = new Uint8Array(K);
  const used: ArmMeter = { reads: 0, pulls: 0, regret: 0, peak: 0, peakStored: 0 };
  let stored = 0;
  return {
    arms: K,
    horizon: T,
    remaining: () => T - used.pulls,
    read() {
      if (used.reads === K) return undefined;
      if (stored >= capacity) throw new RangeError(`arm memory must hold ${capacity} arms at most, got one more`);
      const position = used.reads++;
      used.peakStored = Math.max(used.peakStored, stored);
      inMemory[position] = 1;
      stored += 1;
      used.peak = Math.max(used.peak, stored);
      return position;
    },
    pull(position, n) {
      if (inMemory[position] !== 1) throw missing(position);
      checkInteger('n', n, 1);
      if (n > T - used.pulls) throw new RangeError(`n must be at most the ${T - used.pulls} trials left, got ${n}`);
      used.pulls += n;
      used.regret += n * (bestMean - means[position]);
      return sampleBatchMean(n, means[position], rng);
    },
    discard(position) {
      if (inMemory[position] !== 1) throw missing(position);
      inMemory[position] = 0;
      stored -= 1;
    },
    meter: () => ({ ...used }),
  };
}

/** What every streaming algorithm returns. */
export interface StreamingRun extends ArmMeter {
  /** Position of the arm that the last trials went to. */
  arm: number;
  /** Trials spent before that. */
  explorationPulls: number;
  /** The trials ran out before the stream was explored as planned. */
  budgetExhausted: boolean;
}

/** Gives all trials that are left to one arm. */
export function commit(memory: ArmMemory, arm: number, budgetExhausted: boolean): StreamingRun {
  const explorationPulls = memory.meter().pulls;
  const left = memory.remaining();
  if (left > 0) memory.pull(arm, left);
  return { arm, explorationPulls, budgetExhausted, ...memory.meter() };
}

function missing(position: number): Error {
  return new Error(`arm not in memory: position ${position}`);
}
