// Adapters rename and reshape; they never compute. Comparison: |a - b| <= tol.abs + tol.rel |b|, the fields of `expected`
// only; booleans, integers and null exactly.
import { agrees } from '../agrees.js';
import type { GoldAdapters } from '../adapter.js';
import { adapters as losses } from './preference-losses.js';
import { adapters as rewardModels } from './preference-reward-models.js';
import { adapters as data } from './preference-data.js';
import { adapters as sequences } from './preference-sequences.js';
import { adapters as games } from './preference-games.js';
import { adapters as diagnostics } from './preference-diagnostics.js';
import { adapters as softQ } from './preference-soft-q.js';
import { adapters as tabular } from './preference-tabular.js';
import { adapters as policyGradient } from './preference-policy-gradient.js';

export const adapters: GoldAdapters['adapters'] = {
  ...games,
  ...tabular,
  ...diagnostics,
  ...softQ,
  ...losses,
  ...sequences,
  ...data,
  ...rewardModels,
  ...policyGradient,
};

export const matches: GoldAdapters['matches'] = (actual, expected, tol) => {
  const { abs, rel } = tol as { abs: number; rel: number };
  return agrees(actual, expected, (a, e) => Math.abs(a - e) <= abs + rel * Math.abs(e));
};
