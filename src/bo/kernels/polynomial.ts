import { checkInteger, checkOptionNames, checkPositive } from '../../internal/check.js';
import { exp } from '../../special/exp.js';
import { log } from '../../special/log.js';
import { onActiveDims, type ActiveDims } from './active-dims.js';
import { logHyperparameter } from './kernel.js';

/** (gamma x·z + offset)^degree. */
export interface PolynomialKernel extends ActiveDims {
  type: 'polynomial';
  gamma: number;
  offset: number;
  /** Integer, at least 1; not a hyper-parameter. */
  degree: number;
}

/** The polynomial kernel (γ x·z + c)^p. Rasmussen and Williams (2006), section 4.2.2. */
export function polynomialKernel(fields: Omit<PolynomialKernel, 'type'>): PolynomialKernel {
  checkOptionNames('fields', fields, { gamma: true, offset: true, degree: true, activeDims: true } satisfies Record<
    keyof typeof fields,
    true
  >);
  checkFields(fields, '');
  return { type: 'polynomial', ...fields };
}

export const polynomialRules = /* @__PURE__ */ onActiveDims<PolynomialKernel>({
  check: (kernel, _columns, path) => checkFields(kernel, path),
  fill({ gamma, offset, degree }, X, Z, lower, out) {
    const d = X.columns;
    const m = Z.rows;
    for (let i = 0; i < X.rows; i++) {
      const end = lower ? i + 1 : m;
      for (let j = 0; j < end; j++) {
        out[i * m + j] = power(gamma * inner(X.data, i, Z.data, j, d) + offset, degree);
      }
    }
  },
  diagonal({ gamma, offset, degree }, X, out) {
    for (let i = 0; i < X.rows; i++) {
      out[i] = power(gamma * inner(X.data, i, X.data, i, X.columns) + offset, degree);
    }
  },
  contract({ gamma, offset, degree }, X, Z, lower, S, out, at) {
    const d = X.columns;
    const m = Z.rows;
    for (let i = 0; i < X.rows; i++) {
      const end = lower ? i + 1 : m;
      for (let j = 0; j < end; j++) {
        const xz = inner(X.data, i, Z.data, j, d);
        const w = S[i * m + j] * degree * power(gamma * xz + offset, degree - 1);
        out[at] += w * gamma * xz;
        out[at + 1] += w * offset;
      }
    }
  },
  inputContract({ gamma, offset, degree }, x, Z, weights, out) {
    const d = x.length;
    for (let j = 0; j < Z.rows; j++) {
      const w = weights[j] * degree * gamma * power(gamma * inner(x, 0, Z.data, j, d) + offset, degree - 1);
      for (let k = 0; k < d; k++) out[k] += w * Z.data[j * d + k];
    }
  },
  diagonalInput({ gamma, offset, degree }, x, weight, out) {
    const w = weight * degree * gamma * power(gamma * inner(x, 0, x, 0, x.length) + offset, degree - 1);
    for (let k = 0; k < x.length; k++) out[k] += 2 * w * x[k];
  },
  count: () => 2,
  list({ gamma, offset }, path, list) {
    list.push(logHyperparameter(`${path}gamma`, gamma, log(gamma)));
    list.push(logHyperparameter(`${path}offset`, offset, log(offset)));
  },
  replace: (kernel, theta, at) => ({ ...kernel, gamma: exp(theta[at]), offset: exp(theta[at + 1]) }),
});

function checkFields({ gamma, offset, degree }: Omit<PolynomialKernel, 'type'>, path: string): void {
  checkPositive(`${path}gamma`, gamma);
  checkPositive(`${path}offset`, offset);
  checkInteger(`${path}degree`, degree, 1);
}

function inner(x: Float64Array, i: number, z: Float64Array, j: number, d: number): number {
  let total = 0;
  for (let k = 0; k < d; k++) total += x[i * d + k] * z[j * d + k];
  return total;
}

function power(base: number, exponent: number): number {
  let result = 1;
  for (let e = 0; e < exponent; e++) result *= base;
  return result;
}
