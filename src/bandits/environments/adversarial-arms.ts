/** Losses fixed before the game, by a table or by a rule: the oblivious adversary. */
import { checkInteger, checkNumber } from '../../internal/check.js';
import { type MatrixLike, toRowMajor } from '../../linalg/to-row-major.js';
import type { BanditEnvironment } from '../bandit.js';

export interface AdversarialArms extends BanditEnvironment {
  /** The arm with the least total loss in rounds 0 .. horizon - 1, the lowest of several. Default: the whole table. */
  bestFixedArm(horizon?: number): number;
}

/**
 * Arms whose losses an oblivious adversary has chosen; the reward of a pull is 1 - loss, and draws nothing.
 *
 * @param losses a T x K table with numbers in [0, 1]; or the losses of round t = 0, 1, ... as a function, with `arms`
 * @throws RangeError if the table is empty or holds a number outside [0, 1]; from `pull` and `means` for a round beyond the table
 *
 * @example
 * const adversary = adversarialArms([[0, 1], [1, 0], [1, 0.5]]);
 * adversary.pull(1, 2, createRng(1)); //=> 0.5
 * adversary.bestFixedArm(); //=> 1
 */
export function adversarialArms(
  losses: MatrixLike | ((t: number) => ArrayLike<number>),
  arms?: number,
): AdversarialArms {
  if (typeof losses === 'function') {
    const K = checkInteger('arms', arms as number, 1);
    const lossOf = (t: number, i: number) => checkNumber(`losses[${i}]`, losses(t)[i], 0, 1);
    return {
      arms: K,
      means: (t) => Float64Array.from({ length: K }, (_, i) => 1 - lossOf(t, i)),
      pull: (arm, t) => 1 - lossOf(t, arm),
      bestFixedArm: (horizon) => leastTotal(checkInteger('horizon', horizon as number, 0), K, lossOf),
    };
  }
  const { rows: T, columns: K, data } = toRowMajor(losses, 'losses');
  if (T === 0 || K === 0) throw new RangeError('losses must not be empty');
  if (arms !== undefined && arms !== K) throw new RangeError(`arms must be ${K}, the width of the table, got ${arms}`);
  const rewards = Array.from({ length: T }, (_, t) =>
    Float64Array.from({ length: K }, (_x, i) => 1 - checkNumber(`losses[${t}][${i}]`, data[t * K + i], 0, 1)),
  );
  const row = (t: number): Float64Array => {
    if (!(t < T)) throw new RangeError(`t must be below ${T}, the rounds of the table, got ${t}`);
    return rewards[t];
  };
  return {
    arms: K,
    means: row,
    pull: (arm, t) => row(t)[arm],
    bestFixedArm: (horizon = T) => leastTotal(checkInteger('horizon', horizon, 0, T), K, (t, i) => data[t * K + i]),
  };
}

function leastTotal(horizon: number, K: number, lossOf: (t: number, i: number) => number): number {
  const totals = new Float64Array(K);
  for (let t = 0; t < horizon; t++) for (let i = 0; i < K; i++) totals[i] += lossOf(t, i);
  let best = 0;
  for (let i = 1; i < K; i++) if (totals[i] < totals[best]) best = i;
  return best;
}
