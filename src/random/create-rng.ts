// Seeded streams of uniform numbers: J. Baagøe's Alea, a multiply-with-carry generator of period about 2^116, as the package
// seedrandom has it. The one file that loads seedrandom.

import alea from 'seedrandom/lib/alea.js';

/** A source of uniform numbers in [0, 1). */
export type Rng = () => number;

/** A seeded source whose place in its stream can be read, so that a checkpoint can hold it beside the state. */
export interface SeededRng extends Rng {
  state(): RngState;
}

/** A place in a stream: plain data, written by `encodeState` or `JSON.stringify` without loss. */
export interface RngState {
  c: number;
  s0: number;
  s1: number;
  s2: number;
}

/**
 * A seeded source of uniform numbers in [0, 1), with 53 random bits in each.
 *
 * Give each role in an experiment its own stream by naming it: adding a draw to one role then leaves the
 * numbers of every other role as they were. The seed and the names are joined by an injective encoding,
 * so 1 and '1' are different seeds and ('a', 'bc') is not ('ab', 'c').
 *
 * @throws TypeError if the seed or a name is not a string or a finite number
 *
 * @example
 * const environment = createRng(2024, 'environment');
 * const policy = createRng(2024, 'policy');
 */
export function createRng(seed: number | string, ...stream: (number | string)[]): SeededRng {
  for (const part of [seed, ...stream]) {
    if (typeof part !== 'string' && !Number.isFinite(part)) {
      throw new TypeError(`seed and stream names must be strings or finite numbers, got ${String(part)}`);
    }
  }
  return seeded(alea(JSON.stringify([seed, ...stream]), { state: true }));
}

/**
 * The source that goes on where `state` was read.
 *
 * @example
 * const rng = createRng(2024);
 * const again = resumeRng(rng.state());
 * again() === rng(); //=> true
 */
export function resumeRng(state: RngState): SeededRng {
  return seeded(alea('', { state }));
}

function seeded({ double, state }: ReturnType<typeof alea>): SeededRng {
  return Object.assign(() => double(), { state });
}
