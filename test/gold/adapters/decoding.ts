// Adapters rename and reshape; they never compute. Comparison: |a - b| <= tol max(1, |b|) for every number; integers,
// booleans, strings and index lists exactly.
import type { GoldAdapters } from '../adapter.js';
import { adapters as searchAdapters } from './decoding-search.js';

export const adapters: GoldAdapters['adapters'] = {
  ...searchAdapters,
};

export const matches: GoldAdapters['matches'] = (actual, expected, tol) => agrees(actual, expected, Number(tol));

function agrees(actual: unknown, expected: unknown, tol: number): boolean {
  if (expected === 'Infinity' || expected === '-Infinity') return actual === Number(expected);
  if (typeof expected === 'number') {
    if (typeof actual !== 'number') return false;
    return Object.is(actual, expected) || Math.abs(actual - expected) <= tol * Math.max(1, Math.abs(expected));
  }
  if (Array.isArray(expected)) {
    const list = actual as ArrayLike<unknown> | undefined;
    return list?.length === expected.length && expected.every((entry, i) => agrees(list[i], entry, tol));
  }
  if (expected !== null && typeof expected === 'object') {
    if (actual === null || typeof actual !== 'object' || actual instanceof Error) return false;
    const fields = actual as Record<string, unknown>;
    return Object.entries(expected).every(([name, value]) => agrees(fields[name], value, tol));
  }
  return actual === expected;
}
