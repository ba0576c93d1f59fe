// Random distributions over small vocabularies: smooth, with zeros, point masses, disjoint supports, equal pairs.
import { createRng, type Rng } from '../../src/random/index.js';
import type { ContextRows } from '../../src/decoding/index.js';

export function randomRow(V: number, rng: Rng): number[] {
  const kind = rng();
  if (kind < 0.1) {
    const point = Math.floor(V * rng());
    return Array.from({ length: V }, (_, i) => Number(i === point));
  }
  const weights = Array.from({ length: V }, () => (kind < 0.4 && rng() < 0.4 ? 0 : rng() ** 2));
  if (!weights.some((w) => w > 0)) weights[Math.floor(V * rng())] = 1;
  return normalized(weights);
}

/** A target and a draft row. */
export function randomPair(V: number, rng: Rng): [number[], number[]] {
  const kind = rng();
  const target = randomRow(V, rng);
  if (kind < 0.1) return [target, target];
  if (kind < 0.2 && V > 1) {
    const left = target.map((p, i) => (2 * i < V ? p + 1e-3 : 0));
    const right = target.map((p, i) => (2 * i < V ? 0 : p + 1e-3));
    return [normalized(left), normalized(right)];
  }
  return [target, randomRow(V, rng)];
}

/** A model of rows that depend on the whole context, drawn once for every context. */
export function randomModels(V: number, ...seed: (string | number)[]): { target: ContextRows; draft: ContextRows } {
  const rows = new Map<string, [number[], number[]]>();
  const pair = (context: readonly number[]) => {
    const key = context.join();
    let found = rows.get(key);
    if (found === undefined) {
      found = randomPair(V, createRng(seed.join('/'), key));
      rows.set(key, found);
    }
    return found;
  };
  return { target: (context) => pair(context)[0], draft: (context) => pair(context)[1] };
}

export function normalized(weights: readonly number[]): number[] {
  const total = weights.reduce((a, b) => a + b, 0);
  return weights.map((w) => w / total);
}

export function largestDifference(a: ArrayLike<number>, b: ArrayLike<number>): number {
  let largest = Math.abs(a.length - b.length);
  for (let i = 0; i < a.length; i++) largest = Math.max(largest, Math.abs(a[i] - b[i]));
  return largest;
}
