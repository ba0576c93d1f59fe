import { chiSquareTest } from 'lemmata/stats';

/** Pearson's test with the cells that expect fewer than 5 counts pooled into one. */
export function pooledChiSquare(counts: ArrayLike<number>, probabilities: ArrayLike<number>): number {
  let n = 0;
  for (let i = 0; i < counts.length; i++) n += counts[i];
  const observed: number[] = [0];
  const expected: number[] = [0];
  for (let i = 0; i < counts.length; i++) {
    if (n * probabilities[i] >= 5) {
      observed.push(counts[i]);
      expected.push(probabilities[i]);
    } else {
      observed[0] += counts[i];
      expected[0] += probabilities[i];
    }
  }
  const total = expected.reduce((a, b) => a + b, 0);
  return chiSquareTest(
    observed,
    expected.map((p) => p / total),
  ).pValue;
}
