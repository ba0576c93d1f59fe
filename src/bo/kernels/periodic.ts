import { checkOptionNames } from '../../internal/check.js';
import { exp } from '../../special/exp.js';
import { cos, sin } from '../../special/trigonometric.js';
import { onActiveDims, type ActiveDims } from './active-dims.js';
import type { KernelRules } from './kernel.js';
import {
  checkPerDimension,
  countPerDimension,
  listPerDimension,
  perDimension,
  replacePerDimension,
  type PerDimension,
} from './positive-field.js';

/** exp(-2 Σ_i sin²(π(x_i - z_i)/p_i)/ℓ_i²). */
export interface PeriodicKernel extends ActiveDims {
  type: 'periodic';
  lengthscale: PerDimension;
  /** Period p, shared or one per active dimension. */
  period: PerDimension;
}

/**
 * The periodic kernel, a product over the dimensions: exp(-2 Σ_i sin²(π(x_i - z_i)/p_i)/ℓ_i²).
 *
 * D. J. C. MacKay, "Introduction to Gaussian processes" (1998); Rasmussen and Williams (2006), equation 4.31. ℓ is squared,
 * which not every library does.
 *
 * @example
 * kernelValue(periodicKernel({ lengthscale: 1, period: 0.5 }), [0.1], [0.6]).toFixed(12); //=> '1.000000000000'
 */
export function periodicKernel(fields: Omit<PeriodicKernel, 'type'>): PeriodicKernel {
  checkOptionNames('fields', fields, { lengthscale: true, period: true, activeDims: true } satisfies Record<
    keyof typeof fields,
    true
  >);
  checkPerDimension('lengthscale', fields.lengthscale);
  checkPerDimension('period', fields.period);
  return { type: 'periodic', ...fields };
}

export const periodicRules = /* @__PURE__ */ onActiveDims<PeriodicKernel>({
  check(kernel, columns, path) {
    checkPerDimension(`${path}lengthscale`, kernel.lengthscale, columns);
    checkPerDimension(`${path}period`, kernel.period, columns);
  },
  fill(kernel, X, Z, lower, out) {
    const { lengthscale, period } = fields(kernel, X.columns);
    const m = Z.rows;
    for (let i = 0; i < X.rows; i++) {
      const end = lower ? i + 1 : m;
      for (let j = 0; j < end; j++) out[i * m + j] = value(X.data, i, Z.data, j, lengthscale, period);
    }
  },
  diagonal: (_kernel, X, out) => void out.fill(1, 0, X.rows),
  contract(kernel, X, Z, lower, S, out, at) {
    const { lengthscale, period } = fields(kernel, X.columns);
    const d = X.columns;
    const m = Z.rows;
    const scales = countPerDimension(kernel.lengthscale);
    const sharedScale = typeof kernel.lengthscale === 'number';
    const sharedPeriod = typeof kernel.period === 'number';
    for (let i = 0; i < X.rows; i++) {
      const end = lower ? i + 1 : m;
      for (let j = 0; j < end; j++) {
        const w = S[i * m + j] * value(X.data, i, Z.data, j, lengthscale, period);
        for (let k = 0; k < d; k++) {
          const angle = (Math.PI * (X.data[i * d + k] - Z.data[j * d + k])) / period[k];
          const sine = sin(angle) / lengthscale[k];
          out[sharedScale ? at : at + k] += w * 4 * sine * sine;
          out[at + scales + (sharedPeriod ? 0 : k)] += (w * 4 * sine * cos(angle) * angle) / lengthscale[k];
        }
      }
    }
  },
  inputContract(kernel, x, Z, weights, out) {
    const { lengthscale, period } = fields(kernel, x.length);
    const d = x.length;
    for (let j = 0; j < Z.rows; j++) {
      const w = weights[j] * value(x, 0, Z.data, j, lengthscale, period);
      for (let k = 0; k < d; k++) {
        const angle = (2 * Math.PI * (x[k] - Z.data[j * d + k])) / period[k];
        out[k] -= (w * 2 * Math.PI * sin(angle)) / (period[k] * lengthscale[k] * lengthscale[k]);
      }
    }
  },
  diagonalInput() {},
  count: (kernel) => countPerDimension(kernel.lengthscale) + countPerDimension(kernel.period),
  list(kernel, path, list) {
    listPerDimension(`${path}lengthscale`, kernel.lengthscale, list);
    listPerDimension(`${path}period`, kernel.period, list);
  },
  replace: (kernel, theta, at) => ({
    ...kernel,
    lengthscale: replacePerDimension(kernel.lengthscale, theta, at),
    period: replacePerDimension(kernel.period, theta, at + countPerDimension(kernel.lengthscale)),
  }),
} satisfies KernelRules<PeriodicKernel>);

function fields(kernel: PeriodicKernel, d: number): { lengthscale: Float64Array; period: Float64Array } {
  return { lengthscale: perDimension(kernel.lengthscale, d), period: perDimension(kernel.period, d) };
}

function value(
  x: Float64Array,
  i: number,
  z: Float64Array,
  j: number,
  lengthscale: Float64Array,
  period: Float64Array,
): number {
  const d = period.length;
  let total = 0;
  for (let k = 0; k < d; k++) {
    const s = sin((Math.PI * (x[i * d + k] - z[j * d + k])) / period[k]) / lengthscale[k];
    total += s * s;
  }
  return exp(-2 * total);
}
