// Goodness of fit of a sampler to a distribution function or to a table of probabilities.
import { expect } from 'vitest';
import { chiSquareStatistic, chiSquareThreshold } from './statistics.js';

/**
 * Draws n numbers and compares the counts between the edges with the probabilities that `cdf` gives. Pearson's statistic
 * of a right sampler passes the threshold once in 1e9 streams; cells hold hundreds of draws, so its law is χ².
 */
export function expectFit(draw: () => number, n: number, edges: number[], cdf: (x: number) => number): void {
  const counts = new Float64Array(edges.length + 1);
  for (let i = 0; i < n; i++) {
    const x = draw();
    let cell = 0;
    while (cell < edges.length && x > edges[cell]) cell++;
    counts[cell] += 1;
  }
  const below = [0, ...edges.map(cdf), 1];
  const expected = Float64Array.from(counts, (_, i) => n * (below[i + 1] - below[i]));
  expectCounts(counts, expected);
}

/** Counts against expected counts. */
export function expectCounts(counts: ArrayLike<number>, expected: ArrayLike<number>): void {
  const { statistic, degreesOfFreedom } = chiSquareStatistic(counts, expected);
  expect(statistic).toBeLessThan(chiSquareThreshold(degreesOfFreedom));
}

/** A source that gives the listed numbers and then complains. */
export function scripted(values: number[]): () => number {
  let i = 0;
  return () => {
    if (i >= values.length) throw new Error(`asked for more than ${values.length} uniforms`);
    return values[i++];
  };
}

/** A source that counts its calls. */
export function counted(rng: () => number): { rng: () => number; calls(): number } {
  let calls = 0;
  return {
    rng: () => {
      calls += 1;
      return rng();
    },
    calls: () => calls,
  };
}
