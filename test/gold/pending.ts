// Gold functions that are not built yet, per gold file; nothing else is ever skipped.
import { pending as bandits } from './pending/bandits.js';
import { pending as beyond } from './pending/beyond.js';
import { pending as bo } from './pending/bo.js';
import { pending as decoding } from './pending/decoding.js';
import { pending as linearSolvers } from './pending/linear-solvers.js';
import { pending as preference } from './pending/preference.js';

export const pending: Record<string, string[]> = {
  bandits,
  beyond,
  bo,
  decoding,
  'linear-solvers': linearSolvers,
  preference,
};
