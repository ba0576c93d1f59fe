// The best deterministic encoder by trying every partition: what the greedy and the improved one are measured against.
import { type BottleneckEncoder, checkBottleneck, RATE_SLACK } from './partition.js';
import { atomBits } from './entropy-bits.js';

/** Bell(10) = 115 975 partitions is where enumeration stays instant. */
const LARGEST = 10;

/**
 * max I(X; T) = H(T) over all deterministic T = f(X) with H(T) <= R, by enumeration of the set partitions in the
 * order of their restricted growth strings; the first of several optima within 1e-12. Non-decreasing in R.
 *
 * O(Bell(n)).
 *
 * @param probs distribution of X, at most 10 symbols
 * @throws RangeError if probs is not a distribution or longer than 10, or rateBits is negative
 *
 * @example
 * ebimExact([0.5, 0.25, 0.25], { rateBits: 1.2 }).informationBits; //=> 1
 */
export function ebimExact(probs: ArrayLike<number>, { rateBits }: { rateBits: number }): BottleneckEncoder {
  checkBottleneck(probs, rateBits);
  const n = probs.length;
  if (n > LARGEST) throw new RangeError(`probs must have at most ${LARGEST} symbols, got ${n}`);
  const codes = new Int32Array(n);
  const masses = new Float64Array(n);
  let best: Int32Array | undefined;
  let bestBits = -Infinity;

  assign(0, 0);

  const groups: number[][] = [];
  best?.forEach((code, i) => (groups[code] ??= []).push(i));
  return { groups, informationBits: bestBits };

  function assign(i: number, used: number): void {
    if (i === n) {
      let bits = 0;
      for (let code = 0; code < used; code++) bits += atomBits(masses[code]);
      if (bits <= rateBits + RATE_SLACK && bits > bestBits + RATE_SLACK) {
        bestBits = bits;
        best = codes.slice();
      }
      return;
    }
    for (let code = 0; code <= used; code++) {
      const before = masses[code];
      codes[i] = code;
      masses[code] = before + probs[i];
      assign(i + 1, Math.max(used, code + 1));
      masses[code] = before;
    }
  }
}
