/**
 * Win-rate rewards: the practical form of self-play, in which a sampled candidate is paid its share of wins against the
 * other candidates.
 *
 * G. Swamy et al., arXiv:2401.04056 (the practical algorithm, with a queue of earlier trajectories).
 */
import { checkInteger, checkNumber } from '../internal/check.js';
import { type MatrixLike, toRowMajor } from '../linalg/index.js';

/**
 * Mean of each row over j != i of a table of comparisons; the diagonal is ignored.
 *
 * @param comparisons m × m outcomes in [0, 1]: entry (i, j) is 1 when i beat j
 * @throws RangeError if the table is not square, m < 2, or an outcome is outside [0, 1]
 *
 * @example
 * winRateRewards([[0, 1, 1], [0, 0, 1], [0, 0, 0]]); //=> Float64Array.of(1, 0.5, 0)
 */
export function winRateRewards(comparisons: MatrixLike): Float64Array {
  const { data, rows: m, columns } = toRowMajor(comparisons, 'comparisons');
  if (m !== columns || m < 2)
    throw new RangeError(`comparisons must be square, 2 × 2 or larger, got ${m} × ${columns}`);
  const rewards = new Float64Array(m);
  for (let i = 0; i < m; i++) {
    let wins = 0;
    for (let j = 0; j < m; j++) if (j !== i) wins += checkNumber(`comparisons[${i}][${j}]`, data[i * m + j], 0, 1);
    rewards[i] = wins / (m - 1);
  }
  return rewards;
}

/** The last items, oldest first. Plain data when the items are. */
export interface WinRateQueueState<Item> {
  items: Item[];
}

export interface WinRateQueue<Item> {
  init(): WinRateQueueState<Item>;
  /**
   * Compares the new item with all stored ones, then stores it in place of the oldest.
   *
   * @param compare outcome in [0, 1] of (new item, stored item), called oldest first
   * @returns the reward, the mean outcome (1/2 while nothing is stored), and the state; with `out === state` in place
   */
  push(
    state: WinRateQueueState<Item>,
    item: Item,
    compare: (item: Item, other: Item) => number,
    out?: WinRateQueueState<Item>,
  ): { reward: number; state: WinRateQueueState<Item> };
}

/**
 * The queue of the last `capacity` items: a stream is rewarded by win rates against its own recent past.
 *
 * @throws RangeError if `capacity` is not an integer >= 1
 *
 * @example
 * const queue = winRateQueue({ capacity: 2 });
 * const { state } = queue.push(queue.init(), 3, () => 0);
 * queue.push(state, 5, (a, b) => (a > b ? 1 : 0)).reward; //=> 1
 */
export function winRateQueue<Item>(options: { capacity: number }): WinRateQueue<Item> {
  const capacity = checkInteger('capacity', options.capacity, 1);
  return {
    init() {
      return { items: [] };
    },
    push(state, item, compare, out) {
      const { items } = state;
      let wins = 0;
      for (let i = 0; i < items.length; i++) wins += checkNumber('compare', compare(item, items[i]), 0, 1);
      const reward = items.length === 0 ? 0.5 : wins / items.length;
      if (out === state) {
        if (items.length === capacity) items.shift();
        items.push(item);
        return { reward, state };
      }
      const next = out ?? { items: [] };
      next.items = [...items.slice(items.length === capacity ? 1 : 0), item];
      return { reward, state: next };
    },
  };
}
