import { checkInteger, checkNumber } from '../../internal/check.js';
import { normalQuantile } from '../../special/normal.js';
import { queryPoint, type GpState } from '../gp/gp-state.js';
import { averageNoise } from '../gp/predict.js';
import type { PointValue } from './acquisition.js';
import type { Bounds } from './bounds.js';
import {
  bestOfMean,
  candidates,
  lineMaximizers,
  linesOn,
  polish,
  rowsOf,
  setOf,
  valueOnSet,
} from './knowledge-gradient-lines.js';
import { knowledgeGradientDiscrete } from './knowledge-gradient.js';
import type { KnowledgeGradientSearchOptions } from './one-shot-knowledge-gradient.js';

/**
 * The knowledge gradient of x with the maximizer of each of M quantiles found by search, then valued exactly on the set of
 * these maximizers: a lower bound that is tight when they are right. M. Pearce, J. Klaise, M. Groves, arXiv:2006.10508.
 *
 * The gradient in x holds the maximizers where they are, as theirs does: by the envelope theorem what their motion adds
 * vanishes as M grows, each being the top of its line. It is 0 where the value is.
 *
 * O(M) short searches of O(n²) a step.
 *
 * @throws RangeError if x or bounds do not fit the model, or an option is out of range
 *
 * @example
 * const gp = gpCondition(rbf({ lengthscale: 0.3 }), [[0.1], [0.9]], [0, 1], { noise: 0.01 });
 * hybridKnowledgeGradient(gp, [0.6], [[0, 1]], { rng: createRng(1) }).value > 0; //=> true
 */
export function hybridKnowledgeGradient(
  gp: GpState,
  x: ArrayLike<number>,
  bounds: Bounds,
  { rng, fantasies = 8, noise = averageNoise(gp), maximize = true }: KnowledgeGradientSearchOptions,
): PointValue {
  const point = queryPoint(gp, x);
  checkNumber('noise', noise, 0);
  checkInteger('fantasies', fantasies, 1);
  const sign = maximize ? 1 : -1;
  const domain = candidates(gp, bounds, 256, rng);
  const bestMean = bestOfMean(gp, bounds, sign, domain);
  const lines = linesOn(gp, domain, noise)(point);
  const maximizers = lineMaximizers(domain, lines, sign, fantasies).map((start, m) =>
    polish(gp, point, start, normalQuantile((m + 0.5) / fantasies), noise, sign, bounds),
  );
  const set = [...maximizers, ...rowsOf(domain)];
  const value = valueOnSet(gp, point, set, noise, maximize, bestMean);
  if (value === 0) return { value, gradient: new Float64Array(point.length) };
  // The value is that of the finite set less a constant.
  const options = { domain: setOf(set, point.length), includeX: false, noise, maximize };
  return { value, gradient: knowledgeGradientDiscrete(gp, point, options).gradient };
}
