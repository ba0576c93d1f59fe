import { checkInteger, checkVector } from '../../internal/check.js';
import type { KernelRules, Points } from './kernel.js';

/** A kernel that looks at some coordinates only: indices into the full input, one or more; absent means all of them. */
export interface ActiveDims {
  activeDims?: readonly number[];
}

/** The rules of a kernel restricted to its `activeDims`: inputs are gathered, input gradients scattered. */
export function onActiveDims<K extends ActiveDims>(rules: KernelRules<K>): KernelRules<K> {
  return {
    ...rules,
    check(kernel, columns, path) {
      const dims = kernel.activeDims;
      if (dims === undefined) return rules.check(kernel, columns, path);
      checkVector(`${path}activeDims`, dims);
      if (dims.length === 0) throw new RangeError(`${path}activeDims must name a column or more, got none`);
      const seen = new Set<number>();
      dims.forEach((dim, i) => {
        checkInteger(`${path}activeDims[${i}]`, dim, 0, columns - 1);
        if (seen.has(dim)) throw new RangeError(`${path}activeDims[${i}] must not repeat, got ${dim}`);
        seen.add(dim);
      });
      rules.check(kernel, dims.length, path);
    },
    fill(kernel, X, Z, lower, out) {
      const dims = kernel.activeDims;
      if (dims === undefined) return rules.fill(kernel, X, Z, lower, out);
      const A = gather(X, dims);
      rules.fill(kernel, A, lower ? A : gather(Z, dims), lower, out);
    },
    diagonal(kernel, X, out) {
      rules.diagonal(kernel, kernel.activeDims === undefined ? X : gather(X, kernel.activeDims), out);
    },
    contract(kernel, X, Z, lower, S, out, at) {
      const dims = kernel.activeDims;
      if (dims === undefined) return rules.contract(kernel, X, Z, lower, S, out, at);
      const A = gather(X, dims);
      rules.contract(kernel, A, lower ? A : gather(Z, dims), lower, S, out, at);
    },
    ...(rules.contractWithTotal !== undefined && {
      contractWithTotal(kernel, X, Z, lower, S, out, at) {
        const dims = kernel.activeDims;
        if (dims === undefined) return rules.contractWithTotal!(kernel, X, Z, lower, S, out, at);
        const A = gather(X, dims);
        return rules.contractWithTotal!(kernel, A, lower ? A : gather(Z, dims), lower, S, out, at);
      },
    }),
    inputContract(kernel, x, Z, weights, out) {
      const dims = kernel.activeDims;
      if (dims === undefined) return rules.inputContract(kernel, x, Z, weights, out);
      const part = new Float64Array(dims.length);
      rules.inputContract(kernel, gatherPoint(x, dims), gather(Z, dims), weights, part);
      for (let k = 0; k < dims.length; k++) out[dims[k]] += part[k];
    },
    diagonalInput(kernel, x, weight, out) {
      const dims = kernel.activeDims;
      if (dims === undefined) return rules.diagonalInput(kernel, x, weight, out);
      const part = new Float64Array(dims.length);
      rules.diagonalInput(kernel, gatherPoint(x, dims), weight, part);
      for (let k = 0; k < dims.length; k++) out[dims[k]] += part[k];
    },
  };
}

function gather({ data, rows, columns }: Points, dims: readonly number[]): Points {
  const a = dims.length;
  const out = new Float64Array(rows * a);
  for (let i = 0; i < rows; i++) for (let k = 0; k < a; k++) out[i * a + k] = data[i * columns + dims[k]];
  return { data: out, rows, columns: a };
}

function gatherPoint(x: Float64Array, dims: readonly number[]): Float64Array {
  const out = new Float64Array(dims.length);
  for (let k = 0; k < dims.length; k++) out[k] = x[dims[k]];
  return out;
}
