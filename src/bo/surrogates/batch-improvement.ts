/**
 * Batch acquisition from samples, for any surrogate: the networks' posteriors have no covariance matrix to factor, but they
 * can be sampled jointly.
 *
 * Y. L. Li, T. G. J. Rudner, A. G. Wilson, arXiv:2305.20028, section 5: qEI with 128 samples.
 */
import { checkInteger, checkNumber, checkOptionNames } from '../../internal/check.js';
import { createRng, type Rng } from '../../random/create-rng.js';
import type { Acquisition } from '../acquisition/acquisition.js';
import type { Surrogate } from './surrogate.js';

export interface BatchImprovementOptions {
  /** Value to improve on; larger is better. */
  best: number;
  /** Draws of the posterior. Default 128, the study's. */
  samples?: number;
  rng: Rng;
}

const NAMES = { best: true, samples: true, rng: true } satisfies Record<keyof BatchImprovementOptions, true>;

/**
 * qEI by samples: the mean over draws of max(max_j f(x_j) - best, 0) over the q points of a batch. Every evaluation uses the
 * same stream of draws, whose seed is one uniform of `rng`, so that the value is a fixed function of the batch.
 *
 * The `Acquisition` takes the q points as one vector of length q d, for `optimizeAcquisition` over the box repeated q times;
 * it has no gradient. O(samples) predictions of q points.
 *
 * @param dimension d
 * @throws RangeError if best is not finite or samples is not a positive integer
 *
 * @example
 * const model = deepEnsemble({ hidden: [4], members: 3, steps: 50 });
 * const state = model.fit([[0], [0.5], [1]], [0, 1, -1], createRng(1));
 * const batch = surrogateBatchImprovement(model, state, 1, { best: 0, rng: createRng(2) });
 * batch.value(Float64Array.of(0.3, 0.4)) >= batch.value(Float64Array.of(0.4)); //=> true
 */
export function surrogateBatchImprovement<State>(
  surrogate: Surrogate<State>,
  state: State,
  dimension: number,
  options: BatchImprovementOptions,
): Acquisition {
  if (typeof surrogate?.sample !== 'function') throw new TypeError('surrogate must be a surrogate, with sample');
  checkOptionNames('options', options, NAMES);
  const d = checkInteger('dimension', dimension, 1);
  const best = checkNumber('best', options.best);
  const samples = checkInteger('samples', options.samples ?? 128, 1);
  const seed = options.rng();
  return {
    value(x, gradient) {
      if (x.length === 0 || x.length % d !== 0) {
        throw new RangeError(`x must have a length that is a positive multiple of ${d}, got ${x.length}`);
      }
      if (gradient !== undefined) throw new RangeError('gradient is not available: search with gradientFree');
      const q = x.length / d;
      const draws = surrogate.sample(state, { data: x, rows: q, columns: d }, samples, createRng(seed, 'batch'));
      let total = 0;
      for (let s = 0; s < samples; s++) {
        let most = -Infinity;
        for (let j = 0; j < q; j++) most = Math.max(most, draws[s * q + j]);
        total += Math.max(0, most - best);
      }
      return total / samples;
    },
  };
}
