// Tolerances for statistical tests, derived from a false-alarm rate rather than tuned. A correct program fails a test
// that uses one of these at most once in 1/falseAlarm streams; then the seed is fixed.

/** |mean of n independent draws in a range of that width - expectation| stays below this (Hoeffding). */
export function hoeffdingTolerance(n: number, range = 1, falseAlarm = 1e-9): number {
  return range * Math.sqrt(Math.log(2 / falseAlarm) / (2 * n));
}

/** |frequency of an event of probability p in n draws - p| stays below this (Bernstein, so also for small p). */
export function binomialTolerance(n: number, p: number, falseAlarm = 1e-9): number {
  const L = Math.log(2 / falseAlarm);
  return Math.sqrt((2 * p * (1 - p) * L) / n) + L / (3 * n);
}

/** Standard normal deviate that is exceeded in absolute value with probability falseAlarm at most (6.11 for 1e-9). */
export function normalTolerance(falseAlarm = 1e-9): number {
  // P(|Z| > z) <= 2 exp(-z²/2) / (z sqrt(2π)); solved by fixed-point iteration.
  let z = 6;
  for (let i = 0; i < 50; i++) z = Math.sqrt(2 * Math.log(2 / (falseAlarm * z * Math.sqrt(2 * Math.PI))));
  return z;
}

/** A chi-square variable with `df` degrees of freedom exceeds this with probability falseAlarm at most (Laurent-Massart). */
export function chiSquareThreshold(df: number, falseAlarm = 1e-9): number {
  const L = Math.log(1 / falseAlarm);
  return df + 2 * Math.sqrt(df * L) + 2 * L;
}

/** Pearson's statistic of counts against expected counts; cells expected below 5 are pooled into one. */
export function chiSquareStatistic(
  counts: ArrayLike<number>,
  expected: ArrayLike<number>,
): { statistic: number; degreesOfFreedom: number } {
  let statistic = 0;
  let cells = 0;
  let pooledCount = 0;
  let pooledExpected = 0;
  for (let i = 0; i < counts.length; i++) {
    if (expected[i] < 5) {
      pooledCount += counts[i];
      pooledExpected += expected[i];
    } else {
      statistic += (counts[i] - expected[i]) ** 2 / expected[i];
      cells += 1;
    }
  }
  if (pooledExpected > 0) {
    statistic += (pooledCount - pooledExpected) ** 2 / pooledExpected;
    cells += 1;
  } else if (pooledCount > 0) statistic = Infinity;
  return { statistic, degreesOfFreedom: Math.max(1, cells - 1) };
}
