// A hash table that numbers pairs of integers in the order they are first seen.

export interface PairTable {
  /** The number of the pair, a new one if it was not seen before. */
  add(first: number, second: number): number;
  /** The number of the pair, -1 if it was not seen. */
  find(first: number, second: number): number;
  first(pair: number): number;
  second(pair: number): number;
  size(): number;
}

/** Open addressing, at most half full; `second` is below `width`, and first · width + second must stay below 2^53. */
export function pairTable(width: number): PairTable {
  let mask = 1023;
  let slots = new Int32Array(mask + 1).fill(-1);
  let keys = new Float64Array((mask + 1) >> 1);
  let size = 0;

  const slotOf = (key: number): number => {
    const high = Math.floor(key / 4294967296);
    let hash = Math.imul((key >>> 0) ^ Math.imul(high, 0x9e3779b1), 0x85ebca6b);
    hash ^= hash >>> 15;
    hash = Math.imul(hash, 0xc2b2ae35);
    hash ^= hash >>> 13;
    let slot = hash & mask;
    while (slots[slot] >= 0 && keys[slots[slot]] !== key) slot = (slot + 1) & mask;
    return slot;
  };
  const grow = () => {
    mask = 2 * mask + 1;
    slots = new Int32Array(mask + 1).fill(-1);
    const larger = new Float64Array((mask + 1) >> 1);
    larger.set(keys);
    keys = larger;
    for (let pair = 0; pair < size; pair++) slots[slotOf(keys[pair])] = pair;
  };

  return {
    add(first, second) {
      const key = first * width + second;
      const slot = slotOf(key);
      if (slots[slot] >= 0) return slots[slot];
      const pair = size++;
      keys[pair] = key;
      slots[slot] = pair;
      if (size === keys.length) grow();
      return pair;
    },
    find(first, second) {
      return slots[slotOf(first * width + second)];
    },
    first: (pair) => Math.floor(keys[pair] / width),
    second: (pair) => keys[pair] % width,
    size: () => size,
  };
}
