/**
 * Matérn kernels of order 1/2, 3/2 and 5/2: samples with 0, 1 and 2 derivatives.
 *
 * Rasmussen and Williams (2006), equations 4.16 and 4.17. With s = √(2ν) r:
 *   1/2: e^-r                  slope e^-r / r
 *   3/2: (1 + s) e^-s          slope 3 e^-s
 *   5/2: (1 + s + s²/3) e^-s   slope (5/3)(1 + s) e^-s
 */
import { exp } from '../../special/exp.js';
import { checkStationary, STATIONARY_NAMES, stationaryRules, type StationaryFields } from './stationary.js';

const SQRT3 = Math.sqrt(3);
const SQRT5 = Math.sqrt(5);

export interface Matern12Kernel extends StationaryFields {
  type: 'matern12';
}
export interface Matern32Kernel extends StationaryFields {
  type: 'matern32';
}
export interface Matern52Kernel extends StationaryFields {
  type: 'matern52';
}

/** The exponential kernel e^-r. Its input gradient at r = 0, a kink, is returned as 0. */
export function matern12(fields: StationaryFields): Matern12Kernel {
  return { type: 'matern12', ...checkStationary(fields, STATIONARY_NAMES) };
}

/** The Matérn kernel of order 3/2, (1 + √3 r) e^(-√3 r). */
export function matern32(fields: StationaryFields): Matern32Kernel {
  return { type: 'matern32', ...checkStationary(fields, STATIONARY_NAMES) };
}

/**
 * The Matérn kernel of order 5/2, (1 + √5 r + 5r²/3) e^(-√5 r): the default of this library.
 *
 * @example
 * kernelValue(matern52({ lengthscale: [1, 3] }), [0, 0], [1, 0]).toFixed(6); //=> '0.523994'
 */
export function matern52(fields: StationaryFields): Matern52Kernel {
  return { type: 'matern52', ...checkStationary(fields, STATIONARY_NAMES) };
}

export const matern12Rules = /* @__PURE__ */ stationaryRules<Matern12Kernel>({
  values(_kernel, r2, from, to) {
    for (let j = from; j < to; j++) r2[j] = exp(-Math.sqrt(r2[j]));
  },
  slopes(_kernel, r2, from, to) {
    for (let j = from; j < to; j++) {
      const r = Math.sqrt(r2[j]);
      r2[j] = r > 0 ? exp(-r) / r : 0;
    }
  },
  both(_kernel, r2, values, from, to) {
    for (let j = from; j < to; j++) {
      const r = Math.sqrt(r2[j]);
      values[j] = exp(-r);
      r2[j] = r > 0 ? values[j] / r : 0;
    }
  },
});

export const matern32Rules = /* @__PURE__ */ stationaryRules<Matern32Kernel>({
  values(_kernel, r2, from, to) {
    for (let j = from; j < to; j++) {
      const s = SQRT3 * Math.sqrt(r2[j]);
      r2[j] = (1 + s) * exp(-s);
    }
  },
  slopes(_kernel, r2, from, to) {
    for (let j = from; j < to; j++) r2[j] = 3 * exp(-SQRT3 * Math.sqrt(r2[j]));
  },
  both(_kernel, r2, values, from, to) {
    for (let j = from; j < to; j++) {
      const s = SQRT3 * Math.sqrt(r2[j]);
      const e = exp(-s);
      values[j] = (1 + s) * e;
      r2[j] = 3 * e;
    }
  },
});

export const matern52Rules = /* @__PURE__ */ stationaryRules<Matern52Kernel>({
  values(_kernel, r2, from, to) {
    for (let j = from; j < to; j++) {
      const q = r2[j];
      const s = SQRT5 * Math.sqrt(q);
      r2[j] = (1 + s + (5 / 3) * q) * exp(-s);
    }
  },
  slopes(_kernel, r2, from, to) {
    for (let j = from; j < to; j++) {
      const s = SQRT5 * Math.sqrt(r2[j]);
      r2[j] = (5 / 3) * (1 + s) * exp(-s);
    }
  },
  both(_kernel, r2, values, from, to) {
    for (let j = from; j < to; j++) {
      const q = r2[j];
      const s = SQRT5 * Math.sqrt(q);
      const e = exp(-s);
      values[j] = (1 + s + (5 / 3) * q) * e;
      r2[j] = (5 / 3) * (1 + s) * e;
    }
  },
});
