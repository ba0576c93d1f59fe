/**
 * Kernels of the scaled distance alone: k(x, z) = f(r²), r² = Σ_i u_i², u_i = (x_i - z_i)/ℓ_i.
 *
 * With the slope s(r²) = -2 f'(r²), every derivative has one form: ∂k/∂log ℓ_i = s u_i² and ∂k/∂x_i = -s u_i/ℓ_i.
 * A kernel of this family gives f and s on a row of squared distances; the loops over pairs are here, once. r² is summed
 * from scaled differences (never |x|² + |z|² - 2 x·z, whose cancellation spoils interpolation at close points).
 */
import { checkOptionNames } from '../../internal/check.js';
import type { ActiveDims } from './active-dims.js';
import { onActiveDims } from './active-dims.js';
import type { KernelHyperparameter, KernelRules, Points } from './kernel.js';
import {
  checkPerDimension,
  countPerDimension,
  listPerDimension,
  reciprocals,
  replacePerDimension,
  type PerDimension,
} from './positive-field.js';

export interface StationaryFields extends ActiveDims {
  /** Length-scale ℓ: one number for all active dimensions, or one for each. Positive. */
  lengthscale: PerDimension;
}

/** The names of `StationaryFields`. */
export const STATIONARY_NAMES = { lengthscale: true, activeDims: true } satisfies Record<keyof StationaryFields, true>;

/** What the constructors of the family check; that the length-scales fit the points is checked with the points. */
export function checkStationary<Fields extends StationaryFields>(
  fields: Fields,
  names: Record<keyof Fields & string, true>,
): Fields {
  checkOptionNames('fields', fields, names);
  checkPerDimension('lengthscale', fields.lengthscale);
  return fields;
}

export interface RadialProfile<K> {
  /** Overwrites r²[from..to) by f(r²). */
  values(kernel: K, r2: Float64Array, from: number, to: number): void;
  /** Overwrites r²[from..to) by s(r²) = -2 f'(r²); 0 where the kernel has a kink at r = 0. */
  slopes(kernel: K, r2: Float64Array, from: number, to: number): void;
  /** Overwrites r²[from..to) by s(r²), and values[from..to) by f(r²): both for the price of one exponential. */
  both(kernel: K, r2: Float64Array, values: Float64Array, from: number, to: number): void;
  /** One further hyper-parameter, after the length-scales. */
  extra?: {
    check(kernel: K, path: string): void;
    list(kernel: K, path: string, list: KernelHyperparameter[]): void;
    replace(kernel: K, value: number): K;
    /** Overwrites r²[from..to) by the derivative in the logarithm of the hyper-parameter. */
    derivatives(kernel: K, r2: Float64Array, from: number, to: number): void;
  };
}

export function stationaryRules<K extends StationaryFields>(profile: RadialProfile<K>): KernelRules<K> {
  const { values, slopes, extra } = profile;
  return onActiveDims<K>({
    check(kernel, columns, path) {
      checkPerDimension(`${path}lengthscale`, kernel.lengthscale, columns);
      extra?.check(kernel, path);
    },

    fill(kernel, X, Z, lower, out) {
      const { rows: n, columns: d } = X;
      const m = Z.rows;
      const inverse = reciprocals(kernel.lengthscale, d);
      for (let i = 0; i < n; i++) {
        const end = lower ? i + 1 : m;
        squaredDistances(X.data, i * d, Z.data, end, d, inverse, out, i * m);
        values(kernel, out, i * m, i * m + end);
      }
    },

    diagonal(kernel, X, out) {
      out.fill(0, 0, X.rows);
      values(kernel, out, 0, X.rows);
    },

    contract: (kernel, X, Z, lower, S, out, at) => void contract(profile, kernel, X, Z, lower, S, out, at, false),
    contractWithTotal: (kernel, X, Z, lower, S, out, at) => contract(profile, kernel, X, Z, lower, S, out, at, true),

    inputContract(kernel, x, Z, weights, out) {
      const d = x.length;
      const m = Z.rows;
      const z = Z.data;
      const inverse = reciprocals(kernel.lengthscale, d);
      const row = new Float64Array(m);
      squaredDistances(x, 0, z, m, d, inverse, row, 0);
      slopes(kernel, row, 0, m);
      const total = new Float64Array(d);
      for (let j = 0; j < m; j++) {
        const w = weights[j] * row[j];
        for (let k = 0; k < d; k++) total[k] += w * (x[k] - z[j * d + k]);
      }
      for (let k = 0; k < d; k++) out[k] -= total[k] * inverse[k] * inverse[k];
    },

    diagonalInput() {},

    count: (kernel) => countPerDimension(kernel.lengthscale) + (extra === undefined ? 0 : 1),

    list(kernel, path, list) {
      listPerDimension(`${path}lengthscale`, kernel.lengthscale, list);
      extra?.list(kernel, path, list);
    },

    replace(kernel, theta, at) {
      const next = { ...kernel, lengthscale: replacePerDimension(kernel.lengthscale, theta, at) };
      return extra === undefined ? next : extra.replace(next, theta[at + countPerDimension(kernel.lengthscale)]);
    },
  });
}

/** Adds the derivatives to out[at..]; returns Σ S k if it is wanted. */
function contract<K extends StationaryFields>(
  profile: RadialProfile<K>,
  kernel: K,
  X: Points,
  Z: Points,
  lower: boolean,
  S: Float64Array,
  out: Float64Array,
  at: number,
  withTotal: boolean,
): number {
  const { slopes, both, extra } = profile;
  const { rows: n, columns: d } = X;
  const m = Z.rows;
  const inverse = reciprocals(kernel.lengthscale, d);
  const row = new Float64Array(m);
  const second = new Float64Array(withTotal || extra !== undefined ? m : 0);
  const total = new Float64Array(d);
  let extraTotal = 0;
  let valueTotal = 0;
  for (let i = 0; i < n; i++) {
    const end = lower ? i + 1 : m;
    const at0 = i * m;
    squaredDistances(X.data, i * d, Z.data, end, d, inverse, row, 0);
    if (extra !== undefined) {
      for (let j = 0; j < end; j++) second[j] = row[j];
      extra.derivatives(kernel, second, 0, end);
      for (let j = 0; j < end; j++) extraTotal += S[at0 + j] * second[j];
    }
    if (withTotal) {
      both(kernel, row, second, 0, end);
      for (let j = 0; j < end; j++) {
        valueTotal += S[at0 + j] * second[j];
        row[j] *= S[at0 + j];
      }
    } else {
      slopes(kernel, row, 0, end);
      for (let j = 0; j < end; j++) row[j] *= S[at0 + j];
    }
    weightedSquares(X.data, i * d, Z.data, end, d, row, total);
  }
  const shared = typeof kernel.lengthscale === 'number';
  for (let k = 0; k < d; k++) out[shared ? at : at + k] += total[k] * inverse[k] * inverse[k];
  if (extra !== undefined) out[at + countPerDimension(kernel.lengthscale)] += extraTotal;
  return valueTotal;
}

/** out[at + j] = Σ_k ((x_k - z_jk) inverse_k)² for the first m rows of z. */
function squaredDistances(
  x: Float64Array,
  xAt: number,
  z: Float64Array,
  m: number,
  d: number,
  inverse: Float64Array,
  out: Float64Array,
  at: number,
): void {
  for (let j = 0, p = 0; j < m; j++) {
    let r2 = 0;
    for (let k = 0; k < d; k++, p++) {
      const u = (x[xAt + k] - z[p]) * inverse[k];
      r2 += u * u;
    }
    // Beyond 1e300 every kernel of the family is 0, and ∞ · 0 must not appear.
    out[at + j] = r2 < 1e300 ? r2 : 1e300;
  }
}

/** total_k += Σ_j w_j (x_k - z_jk)² for the first m rows of z. */
function weightedSquares(
  x: Float64Array,
  xAt: number,
  z: Float64Array,
  m: number,
  d: number,
  w: Float64Array,
  total: Float64Array,
): void {
  for (let j = 0, p = 0; j < m; j++) {
    const weight = w[j];
    for (let k = 0; k < d; k++, p++) {
      const difference = x[xAt + k] - z[p];
      total[k] += weight * difference * difference;
    }
  }
}
