// Adapters rename and reshape; they never compute. Comparison: |a - b| <= tol max(1, |b|) for every number; null is no answer.
import { agrees } from '../agrees.js';
import type { GoldAdapters } from '../adapter.js';
import { adapters as foundations } from './beyond-foundations.js';

export const adapters: GoldAdapters['adapters'] = {
  ...foundations,
};

export const matches: GoldAdapters['matches'] = (actual, expected, tol) =>
  agrees(actual, expected, (a, e) => Math.abs(a - e) <= Number(tol) * Math.max(1, Math.abs(e)));
