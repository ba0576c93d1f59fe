/**
 * Sparse axis-aligned subspaces: a prior under which few coordinates matter, for functions of many variables.
 *
 * D. Eriksson, M. Jankowiak, "High-Dimensional Bayesian Optimization with Sparse Axis-Aligned Subspaces", arXiv:2103.00229,
 * equation 9:
 *
 *   τ ~ HalfCauchy(0.1),   ρ_i ~ HalfCauchy(1),   1/ℓ_i² = τ ρ_i,   variance ~ LogNormal(0, 1)
 *
 * Most ρ_i stay near 0 (length-scale ∞, a coordinate that does not matter) unless the data speak for them, since the
 * half-Cauchy density is largest at 0 and still has heavy tails. In logarithms the map to length-scales is linear:
 * ln ℓ_i = -½ (ln ρ_i + ln τ).
 */
import {
  checkParameterNames,
  familyDefaults,
  logParameter,
  type FitParameter,
  type ModelPriorOptions,
} from './model-priors.js';
import { halfCauchyPrior } from './priors.js';

const RHO_BOUNDS = [1e-6, 1e4] as const;
const TAU_BOUNDS = [1e-4, 1e2] as const;

/** Free numbers of the model: ρ_0..ρ_{d-1}, τ, the output variance, and the noise where it is fitted. */
export function saasParameters(
  dimension: number,
  noiseFitted: boolean,
  { priorOverrides = {}, bounds = {} }: ModelPriorOptions,
): FitParameter[] {
  const parameters: FitParameter[] = [];
  const paths = [...Array.from({ length: dimension }, (_, i) => `rho.${i}`), 'tau', 'variance'];
  checkParameterNames(paths, priorOverrides, bounds);
  for (let i = 0; i < dimension; i++) {
    const defaults = { prior: halfCauchyPrior(1), bounds: RHO_BOUNDS };
    parameters.push(logParameter(`rho.${i}`, 'rho', defaults, priorOverrides, bounds, 1));
  }
  parameters.push(
    logParameter('tau', 'tau', { prior: halfCauchyPrior(0.1), bounds: TAU_BOUNDS }, priorOverrides, bounds, 0.1),
  );
  parameters.push(
    logParameter('variance', 'variance', familyDefaults('saas', 'variance', dimension), priorOverrides, bounds, 1),
  );
  if (noiseFitted) {
    const defaults = familyDefaults('saas', 'noise', dimension);
    parameters.push(logParameter('noise', 'noise', defaults, priorOverrides, bounds, 1e-2));
  }
  return parameters;
}

/** The kernel's logarithms (variance, then length-scales) at θ = (ln ρ, ln τ, ln variance, ...). */
export function saasExpand(theta: Float64Array, dimension: number): Float64Array {
  const out = new Float64Array(dimension + 1);
  out[0] = theta[dimension + 1];
  for (let i = 0; i < dimension; i++) out[1 + i] = -0.5 * (theta[i] + theta[dimension]);
  return out;
}

/** The gradient in θ of a function whose gradient in the kernel's logarithms is given: the transpose of `saasExpand`. */
export function saasPull(byKernel: Float64Array, dimension: number): Float64Array {
  const out = new Float64Array(dimension + 2);
  out[dimension + 1] = byKernel[0];
  for (let i = 0; i < dimension; i++) {
    out[i] = -0.5 * byKernel[1 + i];
    out[dimension] -= 0.5 * byKernel[1 + i];
  }
  return out;
}
