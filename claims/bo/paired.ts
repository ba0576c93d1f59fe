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

/**
 * Wilcoxon's signed-rank test, exact: the probability of a sum of ranks of positive differences at least as large as the one found,
 * if each difference were as likely positive as negative. Zeros are dropped; equal sizes share their mean rank.
 */
export function signedRankPValue(differences: readonly number[]): number {
  const signed = differences.filter((value) => value !== 0);
  // Twice the mean rank, a whole number also for ties.
  const ranks = signed.map((value) => {
    const smaller = signed.filter((other) => Math.abs(other) < Math.abs(value)).length;
    const equal = signed.filter((other) => Math.abs(other) === Math.abs(value)).length;
    return 2 * smaller + equal + 1;
  });
  const total = ranks.reduce((a, b) => a + b, 0);
  let ways = new Float64Array(total + 1);
  ways[0] = 1;
  for (const rank of ranks) {
    ways = ways.map((count, sum) => (count + (sum >= rank ? ways[sum - rank] : 0)) / 2);
  }
  const found = ranks.reduce((sum, rank, i) => (signed[i] > 0 ? sum + rank : sum), 0);
  return ways.slice(found).reduce((a, b) => a + b, 0);
}
