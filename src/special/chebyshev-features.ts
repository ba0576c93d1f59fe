// Chebyshev polynomials of a scalar context, as features for linear models.

/**
 * T_0(u), ..., T_{count-1}(u) at u = 2 (context - low)/(high - low) - 1, by T_{j+1} = 2 u T_j - T_{j-1}.
 *
 * A context outside [low, high] is clamped to the nearer end. O(count).
 *
 * @param out receives the features, length count
 * @throws RangeError if context is NaN, low is not below high, count is not a positive integer, or out has another length
 *
 * @example
 * chebyshevFeatures(0.75, { low: 0, high: 1, count: 3 }); //=> Float64Array.of(1, 0.5, -0.5)
 */
export function chebyshevFeatures(
  context: number,
  { low, high, count }: { low: number; high: number; count: number },
  out: Float64Array = new Float64Array(count),
): Float64Array {
  if (Number.isNaN(context)) throw new RangeError('context must be a number, got NaN');
  if (!(low < high && high - low < Infinity)) throw new RangeError(`low must be below high, got ${low} and ${high}`);
  if (!(count >= 1) || out.length !== count) throw new RangeError(`out must have length ${count}, got ${out.length}`);
  const u = Math.max(-1, Math.min(1, (2 * (context - low)) / (high - low) - 1));
  out[0] = 1;
  if (count > 1) out[1] = u;
  for (let j = 2; j < count; j++) out[j] = 2 * u * out[j - 1] - out[j - 2];
  return out;
}
