import { checkPositive } from '../../internal/check.js';
import { exp } from '../../special/exp.js';
import { log } from '../../special/log.js';
import { log1p } from '../../special/log1p.js';
import { logHyperparameter } from './kernel.js';
import { checkStationary, STATIONARY_NAMES, stationaryRules, type StationaryFields } from './stationary.js';

/** Scale mixture of RBF kernels: (1 + r²/(2α))^-α. */
export interface RationalQuadraticKernel extends StationaryFields {
  type: 'rationalQuadratic';
  /** Shape α > 0 of the gamma mixture of inverse squared length-scales; α -> ∞ gives the RBF kernel. */
  alpha: number;
}

/**
 * The rational quadratic kernel (1 + r²/(2α))^-α. Rasmussen and Williams (2006), equation 4.19.
 *
 * @example
 * kernelValue(rationalQuadratic({ lengthscale: 1, alpha: 1 }), [0], [Math.SQRT2]).toFixed(12); //=> '0.500000000000'
 */
export function rationalQuadratic(fields: Omit<RationalQuadraticKernel, 'type'>): RationalQuadraticKernel {
  checkStationary(fields, { ...STATIONARY_NAMES, alpha: true });
  checkPositive('alpha', fields.alpha);
  return { type: 'rationalQuadratic', ...fields };
}

export const rationalQuadraticRules = /* @__PURE__ */ stationaryRules<RationalQuadraticKernel>({
  values({ alpha }, r2, from, to) {
    for (let j = from; j < to; j++) r2[j] = exp(-alpha * log1p(r2[j] / (2 * alpha)));
  },
  slopes({ alpha }, r2, from, to) {
    for (let j = from; j < to; j++) r2[j] = exp((-alpha - 1) * log1p(r2[j] / (2 * alpha)));
  },
  both({ alpha }, r2, values, from, to) {
    for (let j = from; j < to; j++) {
      const logB = log1p(r2[j] / (2 * alpha));
      values[j] = exp(-alpha * logB);
      r2[j] = exp((-alpha - 1) * logB);
    }
  },
  extra: {
    check: ({ alpha }, path) => void checkPositive(`${path}alpha`, alpha),
    list: ({ alpha }, path, list) => void list.push(logHyperparameter(`${path}alpha`, alpha, log(alpha))),
    replace: (kernel, value) => ({ ...kernel, alpha: exp(value) }),
    derivatives({ alpha }, r2, from, to) {
      for (let j = from; j < to; j++) {
        const q = r2[j] / (2 * alpha);
        const logB = log1p(q);
        r2[j] = exp(-alpha * logB) * alpha * (q / (1 + q) - logB);
      }
    },
  },
});
