// Adapters rename and reshape; they never compute. Comparison: |a - b| <= tol.abs + tol.rel |b| for every number.
import { agrees } from '../agrees.js';
import type { GoldAdapters } from '../adapter.js';
import { adapters as acquisition } from './bo-acquisition.js';
import { adapters as foundations } from './bo-foundations.js';
import { adapters as gp } from './bo-gp.js';
import { adapters as inference } from './bo-inference.js';
import { adapters as stepLaw } from './bo-step-law.js';
import { adapters as surrogates } from './bo-surrogates.js';
import { adapters as dkm } from './bo-dkm.js';
import { adapters as meta } from './bo-meta.js';

export const adapters: GoldAdapters['adapters'] = {
  ...foundations,
  ...acquisition,
  ...gp,
  ...inference,
  ...stepLaw,
  ...surrogates,
  ...dkm,
  ...meta,
};

/** A field of an expected object may have a tolerance of its own, under its name. */
export const matches: GoldAdapters['matches'] = (actual, expected, tol, gold) => {
  const { abs, rel, ...own } = tol as { abs: number; rel: number } & Record<string, unknown>;
  const parts = Object.keys(own).filter((name) => name in (expected as object));
  if (parts.length > 0) {
    const { [parts[0]]: first, ...rest } = expected as Record<string, unknown>;
    const { [parts[0]]: itsTol, ...others } = tol as Record<string, unknown>;
    const field = (actual as Record<string, unknown> | undefined)?.[parts[0]];
    return matches(field, first, itsTol, gold) && matches(actual, rest, others, gold);
  }
  return agrees(actual, expected, (a, e) => Math.abs(a - e) <= abs + rel * Math.abs(e));
};
