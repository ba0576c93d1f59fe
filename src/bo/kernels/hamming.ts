import { checkOptionNames } from '../../internal/check.js';
import { exp } from '../../special/exp.js';
import { onActiveDims, type ActiveDims } from './active-dims.js';
import {
  checkPerDimension,
  countPerDimension,
  listPerDimension,
  reciprocals,
  replacePerDimension,
  type PerDimension,
} from './positive-field.js';

/** exp(-(1/d) Σ_i [x_i ≠ z_i]/ℓ_i), for categories coded by numbers. */
export interface HammingKernel extends ActiveDims {
  type: 'hamming';
  lengthscale: PerDimension;
}

/** The categorical kernel exp(-(1/d) Σ_i [x_i ≠ z_i]/ℓ_i): equal or not is all that counts. No input gradient. */
export function hammingKernel(fields: Omit<HammingKernel, 'type'>): HammingKernel {
  checkOptionNames('fields', fields, { lengthscale: true, activeDims: true } satisfies Record<
    keyof typeof fields,
    true
  >);
  checkPerDimension('lengthscale', fields.lengthscale);
  return { type: 'hamming', ...fields };
}

export const hammingRules = /* @__PURE__ */ onActiveDims<HammingKernel>({
  check: (kernel, columns, path) => checkPerDimension(`${path}lengthscale`, kernel.lengthscale, columns),
  fill(kernel, X, Z, lower, out) {
    const d = X.columns;
    const m = Z.rows;
    const inverse = reciprocals(kernel.lengthscale, d);
    for (let i = 0; i < X.rows; i++) {
      const end = lower ? i + 1 : m;
      for (let j = 0; j < end; j++) out[i * m + j] = value(X.data, i, Z.data, j, inverse);
    }
  },
  diagonal: (_kernel, X, out) => void out.fill(1, 0, X.rows),
  contract(kernel, X, Z, lower, S, out, at) {
    const d = X.columns;
    const m = Z.rows;
    const inverse = reciprocals(kernel.lengthscale, d);
    const shared = typeof kernel.lengthscale === 'number';
    for (let i = 0; i < X.rows; i++) {
      const end = lower ? i + 1 : m;
      for (let j = 0; j < end; j++) {
        const w = (S[i * m + j] * value(X.data, i, Z.data, j, inverse)) / d;
        for (let k = 0; k < d; k++) {
          if (X.data[i * d + k] !== Z.data[j * d + k]) out[shared ? at : at + k] += w * inverse[k];
        }
      }
    }
  },
  inputContract() {},
  diagonalInput() {},
  count: (kernel) => countPerDimension(kernel.lengthscale),
  list: (kernel, path, list) => listPerDimension(`${path}lengthscale`, kernel.lengthscale, list),
  replace: (kernel, theta, at) => ({
    ...kernel,
    lengthscale: replacePerDimension(kernel.lengthscale, theta, at),
  }),
});

function value(x: Float64Array, i: number, z: Float64Array, j: number, inverse: Float64Array): number {
  const d = inverse.length;
  let total = 0;
  for (let k = 0; k < d; k++) if (x[i * d + k] !== z[j * d + k]) total += inverse[k];
  return exp(-total / d);
}
