/**
 * Deep ensembles: networks that differ in their start and in the data they saw.
 *
 * B. Lakshminarayanan, A. Pritzel, C. Blundell, arXiv:1612.01474; settings of Y. L. Li, T. G. J. Rudner, A. G. Wilson,
 * arXiv:2305.20028, section 3.3.
 */
import { checkInteger, checkNumber, checkOptionNames } from '../../internal/check.js';
import { sampleWithoutReplacement } from '../../random/permutation.js';
import { MAP_NETWORK_NAMES, type MapNetworkOptions } from './map-network.js';
import { mlpInit } from './mlp.js';
import { checkMapOptions, mlpMap } from './mlp-posterior.js';
import { ensembleQuestions, type NetworkEnsembleState } from './network-ensemble.js';
import { networkFor } from './network-samplers.js';
import { type Surrogate, trainingData } from './surrogate.js';

export interface DeepEnsembleOptions extends MapNetworkOptions {
  /** M. Default 10. */
  members?: number;
  /** Share of the data that each member sees, in (0, 1]; at least one point. Default 0.8. */
  subset?: number;
}

const NAMES = { ...MAP_NETWORK_NAMES, members: true, subset: true } satisfies Record<keyof DeepEnsembleOptions, true>;

/**
 * M networks trained to the maximum of their posteriors, each on a random subset from a random start. The latent variance
 * is the variance of their outputs; predictive densities add the noise once.
 *
 * O(M steps n P) for a fit.
 *
 * @throws RangeError if an option is out of range
 *
 * @example
 * const model = deepEnsemble({ hidden: [8], members: 4, steps: 200, noiseVariance: 0.01 });
 * const state = model.fit([[0], [0.5], [1]], [1, -1, 0.5], createRng(1));
 * model.predict(state, [[0.5]]).mean[0] < 0; //=> true
 */
export function deepEnsemble(options: DeepEnsembleOptions = {}): Surrogate<NetworkEnsembleState> {
  checkOptionNames('options', options, NAMES);
  const members = checkInteger('members', options.members ?? 10, 1);
  const share = checkNumber('subset', options.subset ?? 0.8, Number.MIN_VALUE, 1);
  const training = checkMapOptions(options);
  return {
    ...ensembleQuestions,
    fit(X, y, rng) {
      const { points, targets } = trainingData(X, y);
      const { rows: n, columns: d, data } = points;
      const net = networkFor(d, options);
      const size = Math.max(1, Math.round(share * n));
      const parameters = new Float64Array(members * net.parameterCount);
      for (let m = 0; m < members; m++) {
        const chosen = sampleWithoutReplacement(n, size, rng).sort();
        const rows = Array.from(chosen, (i) => data.subarray(i * d, (i + 1) * d));
        const start = mlpInit(net, rng);
        const subset = Float64Array.from(chosen, (i) => targets[i]);
        parameters.set(mlpMap(net, rows, subset, start, training), m * net.parameterCount);
      }
      return { net, parameters, members, noiseVariance: training.noiseVariance };
    },
  };
}
