import { checkOptionNames } from '../../internal/check.js';
import { onActiveDims, type ActiveDims } from './active-dims.js';

/** x·z / (x·x + z·z - x·z), for bit or count vectors. */
export interface TanimotoKernel extends ActiveDims {
  type: 'tanimoto';
}

/**
 * The Tanimoto (Jaccard) kernel x·z / (x·x + z·z - x·z) on non-negative vectors; 1 if both are zero. No hyper-parameter.
 *
 * L. Ralaivola et al., "Graph kernels for chemical informatics", Neural Networks 18 (2005), section 4.
 *
 * @example
 * kernelValue(tanimoto(), [1, 1, 0], [1, 0, 1]).toFixed(6); //=> '0.333333'
 */
export function tanimoto(fields: ActiveDims = {}): TanimotoKernel {
  checkOptionNames('fields', fields, { activeDims: true } satisfies Record<keyof typeof fields, true>);
  return { type: 'tanimoto', ...fields };
}

export const tanimotoRules = /* @__PURE__ */ onActiveDims<TanimotoKernel>({
  check() {},
  fill(_kernel, X, Z, lower, out) {
    const d = X.columns;
    const m = Z.rows;
    for (let i = 0; i < X.rows; i++) {
      const end = lower ? i + 1 : m;
      for (let j = 0; j < end; j++) {
        const { xz, xx, zz } = products(X.data, i, Z.data, j, d);
        out[i * m + j] = xx + zz === 0 ? 1 : xz / (xx + zz - xz);
      }
    }
  },
  diagonal: (_kernel, X, out) => void out.fill(1, 0, X.rows),
  contract() {},
  inputContract(_kernel, x, Z, weights, out) {
    const d = x.length;
    for (let j = 0; j < Z.rows; j++) {
      const { xz, xx, zz } = products(x, 0, Z.data, j, d);
      const D = xx + zz - xz;
      if (xx + zz === 0) continue;
      for (let k = 0; k < d; k++) {
        const z = Z.data[j * d + k];
        out[k] += (weights[j] * (z * D - xz * (2 * x[k] - z))) / (D * D);
      }
    }
  },
  diagonalInput() {},
  count: () => 0,
  list() {},
  replace: (kernel) => kernel,
});

function products(x: Float64Array, i: number, z: Float64Array, j: number, d: number) {
  let xz = 0;
  let xx = 0;
  let zz = 0;
  for (let k = 0; k < d; k++) {
    const a = x[i * d + k];
    const b = z[j * d + k];
    xz += a * b;
    xx += a * a;
    zz += b * b;
  }
  return { xz, xx, zz };
}
