// The didactic bandit of Tajwar et al.: one hundred bins, a heavy-tailed reference, a reward bump near or far from its mass.
//
// F. Tajwar et al., arXiv:2404.14367. The paper's policy is a small network over contexts and its
// reference a histogram of samples; here the policy is a table and the reference exact.

import { checkOption } from '../../internal/check.js';
import { atan } from '../../special/inverse-trigonometric.js';
import { exp } from '../../special/exp.js';
import { log1p } from '../../special/log1p.js';

const BINS = 100;
/** Z ~ Cauchy(-0.7, 0.4). */
const LOCATION = -0.7;
const SCALE = 0.4;

export interface OnPolicyBandit {
  /** Probability that tanh(Z), Z ~ Cauchy(-0.7, 0.4), falls into each of 100 equal bins of [-1, 1]. */
  refProbs: Float64Array;
  /** exp(-((a - best)/10)²). */
  rewards: Float64Array;
  /** The bin of the largest reward. */
  best: number;
}

/**
 * The bandit with its reward's peak at bin 70, where the reference has little mass ('misaligned', R₄ of the paper), or at
 * bin 20 near the reference's mode ('aligned', R₅).
 *
 * A problem for `trainTabularPolicy`. Deterministic.
 *
 * @throws RangeError for another kind
 *
 * @example
 * onPolicyBandit('misaligned').rewards[70]; //=> 1
 */
export function onPolicyBandit(kind: 'misaligned' | 'aligned'): OnPolicyBandit {
  const best = checkOption('kind', kind, ['misaligned', 'aligned']) === 'misaligned' ? 70 : 20;
  const refProbs = new Float64Array(BINS);
  let below = 0;
  for (let i = 0; i < BINS; i++) {
    const upTo = i === BINS - 1 ? 1 : cumulative((2 * (i + 1)) / BINS - 1);
    refProbs[i] = upTo - below;
    below = upTo;
  }
  const rewards = new Float64Array(BINS);
  for (let a = 0; a < BINS; a++) {
    const z = (a - best) / 10;
    rewards[a] = exp(-z * z);
  }
  return { refProbs, rewards, best };
}

/** P(tanh Z <= x) = 1/2 + arctan((artanh x - location)/scale)/π. */
function cumulative(x: number): number {
  const z = 0.5 * (log1p(x) - log1p(-x));
  return 0.5 + atan((z - LOCATION) / SCALE) / Math.PI;
}
