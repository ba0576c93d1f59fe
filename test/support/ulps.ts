/** Distance in units in the last place between two finite numbers; numbers of different sign are counted through zero. */
export function ulps(a: number, b: number): number {
  const [x, y] = new BigInt64Array(Float64Array.of(a, b).buffer).map(ordered);
  return Number(x > y ? x - y : y - x);
}

function ordered(bits: bigint): bigint {
  return bits < 0n ? -(bits & 0x7fffffffffffffffn) : bits;
}
