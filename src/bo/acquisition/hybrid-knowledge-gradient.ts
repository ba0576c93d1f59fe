import { checkInteger, checkNumber } from '../../internal/check.js';
import { normalQuantile } from '../../special/normal.js';
import { queryPoint, type GpState } from '../gp/gp-state.js';
import { averageNoise } from '../gp/predict.js';
import type { Bounds } from './bounds.js';
import { bestOfMean, candidates, lineMaximizers, polish, rowsOf, valueOnSet } from './knowledge-gradient-lines.js';
import type { KnowledgeGradientSearchOptions } from './one-shot-knowledge-gradient.js';

/**
 * The knowledge gradient of x with the maximizer of each of M quantiles found by search, then valued exactly on the set of
 * these maximizers: a lower bound that is tight when they are right. M. Pearce, J. Klaise, M. Groves, arXiv:2006.10508.
 */
export function hybridKnowledgeGradient(
  gp: GpState,
  x: ArrayLike<number>,
  bounds: Bounds,
  { rng, fantasies = 8, noise = averageNoise(gp), maximize = true }: KnowledgeGradientSearchOptions,
): number {
  const point = queryPoint(gp, x);
  checkNumber('noise', noise, 0);
  const sign = maximize ? 1 : -1;
  const domain = candidates(gp, bounds, 256, rng);
  const bestMean = bestOfMean(gp, bounds, sign, domain);
  const maximizers = lineMaximizers(gp, point, domain, noise, sign, checkInteger('fantasies', fantasies, 1)).map(
    (start, m) => polish(gp, point, start, normalQuantile((m + 0.5) / fantasies), noise, sign, bounds),
  );
  return valueOnSet(gp, point, [...maximizers, ...rowsOf(domain)], noise, maximize, bestMean);
}
