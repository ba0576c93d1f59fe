/**
 * What a Gaussian process sees of a search space: features of a code, and a kernel that suits them.
 *
 * Features are the canonical code, so that the model is constant between integers, and one flag per conditional parameter
 * for whether it is active. Numeric coordinates and one-hot categories share an ARD kernel; codes of categories and the flags
 * enter a product with a Hamming kernel. B. Ru et al., arXiv:1906.08878 (categories); R. Jenatton et al., ICML 2017 (flags).
 */
import { checkOption, checkVector } from '../../internal/check.js';
import { hammingKernel } from '../kernels/hamming.js';
import type { Kernel, Points } from '../kernels/kernel.js';
import { matern52 } from '../kernels/matern.js';
import { rbf } from '../kernels/rbf.js';
import { productKernel } from '../kernels/sum-product.js';
import type { SearchSpace } from './search-space.js';

/** The features of a code: its canonical form and the flags of activity. */
export function spaceFeatures(space: SearchSpace, x: ArrayLike<number>): Float64Array {
  checkVector('x', x, space.dimension);
  if (isContinuous(space)) return Float64Array.from(x);
  const code = space.canonical(x);
  if (space.conditional.length === 0) return code;
  const out = new Float64Array(code.length + space.conditional.length);
  out.set(code);
  space.activity(x).forEach((isActive, i) => (out[code.length + i] = isActive ? 1 : 0));
  return out;
}

/** Whether every coordinate is free to move: then a code is its own canonical form, and the only feature. */
export function isContinuous(space: SearchSpace): boolean {
  return space.blocks.length === 0 && space.conditional.length === 0;
}

/** Number of features. */
export function featureCount(space: SearchSpace): number {
  return space.dimension + space.conditional.length;
}

/** The features of `rows` codes, as points. */
export function featureRows(space: SearchSpace, rows: number, code: (i: number) => ArrayLike<number>): Points {
  const columns = featureCount(space);
  const data = new Float64Array(rows * columns);
  for (let i = 0; i < rows; i++) data.set(spaceFeatures(space, code(i)), i * columns);
  return { data, rows, columns };
}

/** A kernel on the features of a space, with all length-scales at 1. */
export function spaceKernel(space: SearchSpace, base: 'matern52' | 'rbf' = 'matern52'): Kernel {
  checkOption('base', base, ['matern52', 'rbf']);
  const numeric: number[] = [];
  const codes: number[] = [];
  for (const name of space.names) {
    const parameter = space.parameters[name];
    const { at, width } = space.columns[name];
    const list = parameter.type === 'categorical' && parameter.encoding === 'hamming' ? codes : numeric;
    for (let k = at; k < at + width; k++) list.push(k);
  }
  for (let i = 0; i < space.conditional.length; i++) codes.push(space.dimension + i);
  const whole = codes.length === 0;
  const parts: Kernel[] = [];
  if (numeric.length > 0) {
    const fields = { lengthscale: numeric.map(() => 1), ...(whole ? {} : { activeDims: numeric }) };
    parts.push(base === 'rbf' ? rbf(fields) : matern52(fields));
  }
  if (codes.length > 0) parts.push(hammingKernel({ lengthscale: codes.map(() => 1), activeDims: codes }));
  return parts.length === 1 ? parts[0] : productKernel(...parts);
}
