// Order statistics of a row without sorting it: radix selection on the bits of the doubles, 16 bits at a time.
//
// The bits of a double, with the sign bit flipped for positive numbers and all bits flipped for negative ones, are in
// the order of the numbers. A histogram on the first 16 of them leaves one bucket to look into; at most four passes.

const BUCKETS = 65536;

let littleEndian: boolean | undefined;
let counts: Int32Array | undefined;
let masses: Float64Array | undefined;
const edge = new Float64Array(1);
const edgeDigits = new Uint16Array(edge.buffer);
const lists: Int32Array[] = [];

/** Scratch for n indices; what it holds is lost when the next function of this file takes the slot. */
export function indexScratch(n: number, slot: 0 | 1 | 2): Int32Array {
  if (!(lists[slot]?.length >= n)) lists[slot] = new Int32Array(n);
  return lists[slot];
}

/** Where the digit of this level (0 the most significant) stands among the four of a double. */
function offsetOf(level: number): number {
  littleEndian ??= new Uint8Array(new Uint16Array([1]).buffer)[0] === 1;
  return littleEndian ? 3 - level : level;
}

/**
 * The k-th largest of the values, 1 <= k <= n, no NaN among them; -0 counts below 0. O(n) time, no allocation once warm.
 */
export function kthLargest(values: Float64Array, k: number): number {
  const n = values.length;
  const digits = new Uint16Array(values.buffer, values.byteOffset, 4 * n);
  const count = (counts ??= new Int32Array(BUCKETS));
  const high = offsetOf(0);
  for (let i = 0; i < n; i++) {
    const digit = digits[4 * i + high];
    count[digit >= 0x8000 ? 0xffff - digit : digit + 0x8000] += 1;
  }
  let rank = k;
  let bucket = BUCKETS - 1;
  while (count[bucket] < rank) rank -= count[bucket--];
  count.fill(0);
  const list = indexScratch(n, 0);
  const negative = bucket < 0x8000;
  const wanted = negative ? 0xffff - bucket : bucket - 0x8000;
  let size = 0;
  for (let i = 0; i < n; i++) if (digits[4 * i + high] === wanted) list[size++] = i;
  for (let level = 1; level < 4 && size > 1; level++) {
    const offset = offsetOf(level);
    const flip = negative ? 0xffff : 0;
    for (let c = 0; c < size; c++) count[digits[4 * list[c] + offset] ^ flip] += 1;
    bucket = BUCKETS - 1;
    while (count[bucket] < rank) rank -= count[bucket--];
    count.fill(0);
    let kept = 0;
    for (let c = 0; c < size; c++) if ((digits[4 * list[c] + offset] ^ flip) === bucket) list[kept++] = list[c];
    size = kept;
  }
  return values[list[0]];
}

/** What `massCut` found: the last element kept, in the order of the keys with ties by index. */
export interface MassCut {
  key: number;
  index: number;
}

/** Elements that come before the candidates of a `massCut`. */
export interface Ahead {
  mass: number;
  count: number;
}

/**
 * The last element kept when candidates are taken in the order of their keys (ties: lower index first) while the mass of
 * those before is below p, or fewer than `minKeep` have been taken.
 *
 * The masses before are added bucket by bucket, so they differ from sums in sorted order by rounding. O(n) time.
 *
 * @param keys non-negative numbers
 * @param mass the weight of every element, positive for candidates
 * @param size number of candidates, at least 1: their indices, ascending, are in `indexScratch(n, 1)` and stay there
 * @param descending whether the largest key comes first
 */
export function massCut(
  keys: Float64Array,
  mass: Float64Array,
  size: number,
  ahead: Ahead,
  p: number,
  minKeep: number,
  descending: boolean,
): MassCut {
  const n = keys.length;
  const digits = new Uint16Array(keys.buffer, keys.byteOffset, 4 * n);
  const bytes = new Uint8Array(keys.buffer, keys.byteOffset, 8 * n);
  const count = (counts ??= new Int32Array(BUCKETS));
  const total = (masses ??= new Float64Array(BUCKETS));
  const candidates = indexScratch(n, 1);
  const list = indexScratch(n, 0);
  let before = ahead.mass;
  let taken = ahead.count;

  /** The last of the buckets low..high, in the order of the keys, whose first element is still taken. */
  const cutBucket = (low: number, high: number): number => {
    const step = descending ? -1 : 1;
    const end = descending ? low - 1 : high + 1;
    let bucket = -1;
    let beforeBucket = before;
    let takenBucket = taken;
    for (let b = descending ? high : low; b !== end; b += step) {
      if (count[b] === 0) continue;
      if (bucket >= 0 && !(before < p || taken < minKeep)) break;
      bucket = b;
      beforeBucket = before;
      takenBucket = taken;
      before += total[b];
      taken += count[b];
    }
    before = beforeBucket;
    taken = takenBucket;
    return bucket;
  };

  // The first 16 bits of all candidates. The tables are clean between calls: only the range in use is cleared.
  const first = offsetOf(0);
  let low = BUCKETS;
  let high = -1;
  for (let c = 0; c < size; c++) {
    const i = candidates[c];
    const digit = digits[4 * i + first];
    count[digit] += 1;
    total[digit] += mass[i];
    if (digit < low) low = digit;
    if (digit > high) high = digit;
  }
  const wanted = cutBucket(low, high);
  count.fill(0, low, high + 1);
  total.fill(0, low, high + 1);
  let left = 0;
  for (let c = 0; c < size; c++) if (digits[4 * candidates[c] + first] === wanted) list[left++] = candidates[c];

  // Then the other bits of those in one bucket, eight at a time.
  for (let level = 2; level < 8 && left > 1; level++) {
    const offset = littleEndian ? 7 - level : level;
    for (let c = 0; c < left; c++) {
      const byte = bytes[8 * list[c] + offset];
      count[byte] += 1;
      total[byte] += mass[list[c]];
    }
    const bucket = cutBucket(0, 255);
    count.fill(0, 0, 256);
    total.fill(0, 0, 256);
    let kept = 0;
    for (let c = 0; c < left; c++) if (bytes[8 * list[c] + offset] === bucket) list[kept++] = list[c];
    left = kept;
  }
  let last = list[0];
  for (let c = 0; c < left; c++) {
    if (c > 0 && !(before < p || taken < minKeep)) break;
    last = list[c];
    before += mass[last];
    taken += 1;
  }
  return { key: keys[last], index: last };
}

/**
 * Two masses between which, by a sample of every `stride`-th element, the elements below hold about this mass: they hold
 * `light` / 1.5 below the first and 1.5 `light` below the second, Infinity where the sample has no more than that in all. A guess.
 *
 * The light elements are many, so the sample knows them well; the heavy ones it may miss.
 *
 * @param mass numbers >= 0
 */
export function lightTail(mass: Float64Array, light: number, stride: number): [low: number, high: number] {
  const n = mass.length;
  const digits = new Uint16Array(mass.buffer, mass.byteOffset, 4 * n);
  const total = (masses ??= new Float64Array(BUCKETS));
  const first = offsetOf(0);
  let least = BUCKETS;
  let most = -1;
  for (let i = 0; i < n; i += stride) {
    const digit = digits[4 * i + first];
    total[digit] += mass[i];
    if (digit < least) least = digit;
    if (digit > most) most = digit;
  }
  let low = -1;
  let high = -1;
  let below = 0;
  for (let digit = least; digit <= most; digit++) {
    below += stride * total[digit];
    if (low < 0 && below > light / 1.5) low = digit;
    if (high < 0 && below > light * 1.5) high = digit + 1;
  }
  total.fill(0, least, most + 1);
  return [low < 0 ? 0 : lowerEdge(low), high < 0 ? Infinity : lowerEdge(high)];
}

/** The least number >= 0 with these first 16 bits. */
function lowerEdge(digit: number): number {
  edge[0] = 0;
  edgeDigits[offsetOf(0)] = digit;
  return edge[0];
}
