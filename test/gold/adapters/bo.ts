// Adapters rename and reshape; they never compute. Comparison: |a - b| <= tol.abs + tol.rel |b| for every number.
import { agrees } from '../agrees.js';
import type { GoldAdapters } from '../adapter.js';
import { adapters as foundations } from './bo-foundations.js';
import { adapters as gp } from './bo-gp.js';

export const adapters: GoldAdapters['adapters'] = {
  ...foundations,
  ...gp,
};

export const matches: GoldAdapters['matches'] = (actual, expected, tol) => {
  const { abs, rel } = tol as { abs: number; rel: number };
  return agrees(actual, expected, (a, e) => Math.abs(a - e) <= abs + rel * Math.abs(e));
};
