/** Mean and standard error of the differences of paired results. */
export function pairedDifference(a: readonly number[], b: readonly number[]): { mean: number; standardError: number } {
  const differences = a.map((value, i) => value - b[i]);
  return meanAndError(differences);
}

export function meanAndError(values: readonly number[]): { mean: number; standardError: number } {
  const n = values.length;
  const mean = values.reduce((total, value) => total + value, 0) / n;
  const variance = values.reduce((total, value) => total + (value - mean) ** 2, 0) / Math.max(1, n - 1);
  return { mean, standardError: Math.sqrt(variance / n) };
}

/** The running minimum. */
export function bestSoFar(values: readonly number[]): number[] {
  let best = Infinity;
  return values.map((value) => (best = Math.min(best, value)));
}
