// Error-free products: a b = p + e with both parts doubles.
//
// T. J. Dekker, "A floating-point technique for extending the available precision", Numer. Math. 18 (1971).

/** 2^27 + 1 splits a double into halves of 26 bits. */
const SPLIT = 134217729;

/** a b - product exactly, where product is a b rounded; |a| and |b| below 2^990, the product not subnormal. */
export function productLow(a: number, b: number, product: number): number {
  const aHigh = a * SPLIT - (a * SPLIT - a);
  const aLow = a - aHigh;
  const bHigh = b * SPLIT - (b * SPLIT - b);
  const bLow = b - bHigh;
  return aHigh * bHigh - product + aHigh * bLow + aLow * bHigh + aLow * bLow;
}
