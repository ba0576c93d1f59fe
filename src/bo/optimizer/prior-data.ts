/**
 * What earlier tasks taught, as the model of a new one: a process for each of them in a ranking-weighted ensemble.
 *
 * M. Feurer, B. Letham, F. Hutter, E. Bakshy, "Practical Transfer Learning for Bayesian Optimization", arXiv:1802.02219.
 */
import { checkVector } from '../../internal/check.js';
import { createRng } from '../../random/create-rng.js';
import { fitGp } from '../gp/fit.js';
import { rgpe } from '../meta/rgpe.js';
import { featureRows, spaceKernel } from '../space/space-kernel.js';
import type { Config, SearchSpace } from '../space/search-space.js';
import type { Surrogate } from '../surrogates/surrogate.js';
import { outputScale } from './model.js';

/** Results of an earlier task: other data, another machine, but the same space and the same direction. */
export interface PriorTask {
  /** Configs that were tried, at least one. */
  X: readonly Config[];
  /** Their values, finite. */
  y: readonly number[];
}

/**
 * `rgpe` over processes fitted to the standardized results of each task, larger better. O(n³) a task, once.
 *
 * @throws RangeError if a task is empty, sizes differ, a value is not finite or a config is not in the space
 */
export function priorEnsemble(space: SearchSpace, tasks: readonly PriorTask[], sign: 1 | -1): Surrogate {
  const kernel = spaceKernel(space);
  const base = tasks.map(({ X, y }, t) => {
    if (X.length === 0) throw new RangeError(`priorData[${t}].X must hold at least one config`);
    checkVector(`priorData[${t}].y`, y, X.length);
    const points = featureRows(space, X.length, (i) => space.encode(X[i]));
    const { y: targets } = outputScale({ y: Float64Array.from(y), sign, transform: 'standardize' });
    const rng = createRng('priorData', t);
    return fitGp(points, targets, { kernel, rng }).gp;
  });
  return rgpe(base, { gp: { kernel } }) as Surrogate;
}
