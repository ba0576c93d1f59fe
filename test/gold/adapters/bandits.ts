// Adapters rename and reshape; they never compute. Comparison by the case's mode: 'abs' |x - e| <= tol (default), 'rel'
// |x - e| <= tol max(1e-300, |e|), 'exact'; the mixed modes say which numbers are absolute, relative or exact.
import { agrees } from '../agrees.js';
import type { GoldAdapters } from '../adapter.js';
import { adapters as foundations } from './bandits-foundations.js';
import { adapters as policies } from './bandits-policies.js';
import { adapters as structured } from './bandits-structured.js';

export const adapters: GoldAdapters['adapters'] = {
  ...foundations,
  ...policies,
  ...structured,
};

export const matches: GoldAdapters['matches'] = (actual, expected, tolerance, { mode = 'abs' }) => {
  const tol = Number(tolerance);
  const absolute = (x: number, e: number) => Math.abs(x - e) <= tol;
  const relative = (x: number, e: number) => Math.abs(x - e) <= tol * Math.max(1e-300, Math.abs(e));
  switch (mode) {
    case 'rel':
      return agrees(actual, expected, relative);
    case 'exact':
      return agrees(actual, expected, (x, e) => x === e);
    case 'rel-reals-exact-integers':
      return agrees(actual, expected, (x, e) => !Number.isInteger(e) && relative(x, e));
    case 'abs-weights-rel-normalizer':
    case 'abs-weights-rel-time': {
      // Arrays absolutely, the scalar relative to max(1, |e|).
      const fields = actual as Record<string, unknown>;
      return Object.entries(expected as Record<string, unknown>).every(([name, value]) =>
        agrees(fields[name], value, (x, e) =>
          typeof value === 'number' ? Math.abs(x - e) <= tol * Math.max(1, Math.abs(e)) : absolute(x, e),
        ),
      );
    }
    default:
      return agrees(actual, expected, absolute);
  }
};
