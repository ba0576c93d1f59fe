import { constantRules, whiteRules } from './constant.js';
import { exponentialDecayRules, linearTruncatedFidelityRules } from './fidelity.js';
import { hammingRules } from './hamming.js';
import { indexRules } from './index-kernel.js';
import type { Kernel, KernelRules } from './kernel.js';
import { linearRules } from './linear.js';
import { matern12Rules, matern32Rules, matern52Rules } from './matern.js';
import { nngpRules } from './nngp.js';
import { periodicRules } from './periodic.js';
import { polynomialRules } from './polynomial.js';
import { rationalQuadraticRules } from './rational-quadratic.js';
import { rbfRules } from './rbf.js';
import { scaleRules } from './scale.js';
import { productRules, sumRules } from './sum-product.js';
import { tanimotoRules } from './tanimoto.js';
import { taskNoiseRules } from './task-noise.js';
import { warpedRules } from './warped.js';

/**
 * The rules of a kernel's type.
 *
 * @throws TypeError if the type is not known
 */
export function kernelRules(kernel: Kernel): KernelRules<Kernel> {
  // A switch rather than a table: kernels that contain kernels import this file, and a table would be read too early.
  switch (kernel.type) {
    case 'rbf':
      return rbfRules;
    case 'matern12':
      return matern12Rules;
    case 'matern32':
      return matern32Rules;
    case 'matern52':
      return matern52Rules;
    case 'rationalQuadratic':
      return rationalQuadraticRules;
    case 'periodic':
      return periodicRules;
    case 'linear':
      return linearRules;
    case 'polynomial':
      return polynomialRules;
    case 'constant':
      return constantRules;
    case 'white':
      return whiteRules;
    case 'scale':
      return scaleRules;
    case 'sum':
      return sumRules;
    case 'product':
      return productRules;
    case 'hamming':
      return hammingRules;
    case 'tanimoto':
      return tanimotoRules;
    case 'nngpRelu':
    case 'nngpErf':
      return nngpRules;
    case 'index':
      return indexRules;
    case 'linearTruncatedFidelity':
      return linearTruncatedFidelityRules;
    case 'exponentialDecay':
      return exponentialDecayRules;
    case 'warped':
      return warpedRules;
    case 'taskNoise':
      return taskNoiseRules;
    default:
      throw new TypeError(`kernel.type is not known, got ${String((kernel as { type?: unknown } | null)?.type)}`);
  }
}
