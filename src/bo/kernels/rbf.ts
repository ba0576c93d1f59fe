import { exp } from '../../special/exp.js';
import { checkStationary, STATIONARY_NAMES, stationaryRules, type StationaryFields } from './stationary.js';

/** Squared exponential (Gaussian) kernel k = exp(-r²/2). */
export interface RbfKernel extends StationaryFields {
  type: 'rbf';
}

/**
 * The squared exponential kernel, k(x, z) = exp(-½ Σ_i (x_i - z_i)²/ℓ_i²); infinitely differentiable samples.
 *
 * @example
 * kernelValue(rbf({ lengthscale: 2 }), [0], [2]).toFixed(6); //=> '0.606531'
 */
export function rbf(fields: StationaryFields): RbfKernel {
  return { type: 'rbf', ...checkStationary(fields, STATIONARY_NAMES) };
}

export const rbfRules = /* @__PURE__ */ stationaryRules<RbfKernel>({ values, slopes: values, both });

function values(_kernel: RbfKernel, r2: Float64Array, from: number, to: number): void {
  for (let j = from; j < to; j++) r2[j] = exp(-0.5 * r2[j]);
}

function both(_kernel: RbfKernel, r2: Float64Array, out: Float64Array, from: number, to: number): void {
  for (let j = from; j < to; j++) out[j] = r2[j] = exp(-0.5 * r2[j]);
}
