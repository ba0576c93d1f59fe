// Choices by the sign of a number that no processor can predict, made by multiplication.

/** x < 0 ? below : above for two finite numbers, without a branch. */
export function sidePicked(x: number, above: number, below: number): number {
  const negative = Number(x < 0);
  return below * negative + above * (1 - negative);
}

/** max(x, 0), without a branch that depends on the sign of a finite x. */
export function positivePart(x: number): number {
  const size = Math.abs(x);
  return size < Infinity ? 0.5 * size + 0.5 * x : x > 0 || x !== x ? x : 0;
}
