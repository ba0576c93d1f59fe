/**
 * Networks trained to the maximum of their posterior: where deep ensembles, Laplace approximations and adaptive bases begin.
 *
 * Y. L. Li, T. G. J. Rudner, A. G. Wilson, arXiv:2305.20028, section 3.
 */
import type { Rng } from '../../random/create-rng.js';
import type { Points } from '../kernels/kernel.js';
import { type Mlp, mlpInit } from './mlp.js';
import { type MapOptions, mlpMap } from './mlp-posterior.js';
import { NETWORK_NAMES, networkFor, type NetworkOptions } from './network-samplers.js';

/** The network, and its training from a random start. */
export type MapNetworkOptions = NetworkOptions & MapOptions;

/** The names of `MapNetworkOptions`. */
export const MAP_NETWORK_NAMES = { ...NETWORK_NAMES, steps: true, learningRate: true } satisfies Record<
  keyof MapNetworkOptions,
  true
>;

/** A network and its parameters at the maximum. Arguments are trusted. O(steps n P). */
export function mapNetwork(
  points: Points,
  targets: Float64Array,
  rng: Rng,
  options: MapNetworkOptions,
): { net: Mlp; parameters: Float64Array } {
  const net = networkFor(points.columns, options);
  return { net, parameters: mlpMap(net, points, targets, mlpInit(net, rng), options) };
}
