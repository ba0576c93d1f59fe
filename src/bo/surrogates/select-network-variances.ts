/**
 * Prior and noise variance of a network by held-out predictive density.
 *
 * Y. L. Li, T. G. J. Rudner, A. G. Wilson, arXiv:2305.20028, Appendix: an 80/20 split, each variance in {0.1, 1, 10}.
 */
import { checkNumber, checkOptionNames, checkPositive, checkVector } from '../../internal/check.js';
import type { MatrixLike } from '../../linalg/to-row-major.js';
import type { Rng } from '../../random/create-rng.js';
import { samplePermutation } from '../../random/permutation.js';
import type { NetworkVariances } from './mlp-posterior.js';
import { logPredictiveDensity } from './predictive-metrics.js';
import { type Surrogate, trainingData } from './surrogate.js';

export interface SelectVariancesOptions {
  /** Share of the data that is held out; at least one point each. Default 0.2. */
  heldOut?: number;
  /** Default [0.1, 1, 10]. */
  priorVariances?: readonly number[];
  /** Default [0.1, 1, 10]. */
  noiseVariances?: readonly number[];
}

const NAMES = { heldOut: true, priorVariances: true, noiseVariances: true } satisfies Record<
  keyof SelectVariancesOptions,
  true
>;

export interface SelectedVariances extends Required<NetworkVariances> {
  /** Mean held-out log density of each pair, in the order they were tried. */
  scores: { priorVariance: number; noiseVariance: number; score: number }[];
}

/**
 * The pair of variances whose surrogate gives held-out targets the highest mean log density N(y; mean, variance + noise):
 * the noise enters once. Ties go to the first pair, prior variances varying slowest.
 *
 * @param surrogate makes the surrogate of a pair
 * @throws RangeError if there are fewer than two points
 *
 * @example
 * const make = ({ priorVariance, noiseVariance }) => deepEnsemble({ hidden: [4], members: 2, steps: 50, priorVariance, noiseVariance });
 * const X = [[0], [0.2], [0.4], [0.6], [0.8]];
 * selectNetworkVariances(make, X, [0, 1, 0, -1, 0], createRng(1)).scores.length; //=> 9
 */
export function selectNetworkVariances<State>(
  surrogate: (variances: Required<NetworkVariances>) => Surrogate<State>,
  X: MatrixLike,
  y: ArrayLike<number>,
  rng: Rng,
  options: SelectVariancesOptions = {},
): SelectedVariances {
  checkOptionNames('options', options, NAMES);
  const { points, targets } = trainingData(X, y);
  const n = points.rows;
  if (n < 2) throw new RangeError(`X must hold at least 2 points, got ${n}`);
  const heldOut = checkNumber('heldOut', options.heldOut ?? 0.2, 0, 1);
  const { priorVariances = [0.1, 1, 10], noiseVariances = [0.1, 1, 10] } = options;
  for (const [name, list] of Object.entries({ priorVariances, noiseVariances })) {
    checkVector(name, list);
    list.forEach((variance, i) => checkPositive(`${name}[${i}]`, variance));
  }
  const held = Math.min(n - 1, Math.max(1, Math.round(heldOut * n)));
  const order = samplePermutation(n, rng);
  const part = (rows: Int32Array) => ({
    X: Array.from(rows, (i) => points.data.subarray(i * points.columns, (i + 1) * points.columns)),
    y: Float64Array.from(rows, (i) => targets[i]),
  });
  const test = part(order.slice(0, held));
  const train = part(order.slice(held).sort());
  const scores: SelectedVariances['scores'] = [];
  let best = -1;
  for (const priorVariance of priorVariances) {
    for (const noiseVariance of noiseVariances) {
      const model = surrogate({ priorVariance, noiseVariance });
      const prediction = model.predict(model.fit(train.X, train.y, rng), test.X);
      const score = logPredictiveDensity(prediction, test.y, noiseVariance);
      scores.push({ priorVariance, noiseVariance, score });
      if (best < 0 || score > scores[best].score) best = scores.length - 1;
    }
  }
  if (best < 0) throw new RangeError('priorVariances and noiseVariances must not be empty');
  const { priorVariance, noiseVariance } = scores[best];
  return { priorVariance, noiseVariance, scores };
}
