/** 64-bit FNV-1a hash of the bytes of some numbers, as hex; every NaN counts as the same. Runs in any engine. */
export function bitsOf(values: ArrayLike<number>): string {
  const view = new DataView(new ArrayBuffer(8));
  let hash = 0xcbf29ce484222325n;
  for (let i = 0; i < values.length; i++) {
    view.setFloat64(0, values[i]);
    const bits = Number.isNaN(values[i]) ? 0x7ff8000000000000n : view.getBigUint64(0);
    hash = ((hash ^ (bits >> 32n)) * 0x100000001b3n) & 0xffffffffffffffffn;
    hash = ((hash ^ (bits & 0xffffffffn)) * 0x100000001b3n) & 0xffffffffffffffffn;
  }
  return hash.toString(16).padStart(16, '0');
}
