/**
 * A kernel of warped inputs, k(w(x), w(z)), with the Kumaraswamy warp of each named coordinate learned like any other
 * hyper-parameter.
 *
 * J. Snoek, K. Swersky, R. Zemel, R. P. Adams, arXiv:1402.0929. Coordinates are squeezed into [1e-7, 1 - 1e-7] first, so that
 * slopes are finite at the ends of the interval.
 */
import { checkInteger, checkOptionNames, checkPositive, checkVector } from '../../internal/check.js';
import { exp } from '../../special/exp.js';
import { log } from '../../special/log.js';
import { warp, warpDerivatives } from '../transforms/kumaraswamy.js';
import { logHyperparameter, type Kernel, type KernelRules, type Points } from './kernel.js';
import { kernelRules } from './rules.js';

export interface WarpedKernel {
  type: 'warped';
  /** Coordinates that are warped, indices into the full input; they must be in [0, 1]. */
  dims: readonly number[];
  /** Exponents a and b of each, positive; 1 and 1 is no warp. */
  warpA: readonly number[];
  warpB: readonly number[];
  kernel: Kernel;
}

/**
 * The kernel k(w(x), w(z)), all warps at the identity unless given.
 *
 * In a fit, ln a and ln b have the prior N(0, 0.75²).
 *
 * @example
 * kernelValue(warpedKernel(rbf({ lengthscale: 1 }), { dims: [0] }), [0.25], [0.5]).toFixed(6); //=> '0.969233'
 */
export function warpedKernel(
  kernel: Kernel,
  fields: { dims: readonly number[]; warpA?: readonly number[]; warpB?: readonly number[] },
): WarpedKernel {
  checkOptionNames('fields', fields, { dims: true, warpA: true, warpB: true } satisfies Record<
    keyof typeof fields,
    true
  >);
  const { dims, warpA, warpB } = fields;
  kernelRules(kernel);
  checkVector('dims', dims);
  const warp = { dims, warpA: warpA ?? dims.map(() => 1), warpB: warpB ?? dims.map(() => 1) };
  checkWarp(warp, '', Infinity);
  return { type: 'warped', ...warp, kernel };
}

const MARGIN = 1e-7;

export const warpedRules: KernelRules<WarpedKernel> = {
  check(warped, columns, path) {
    checkWarp(warped, path, columns);
    kernelRules(warped.kernel).check(warped.kernel, columns, `${path}kernel.`);
  },
  fill(warped, X, Z, lower, out) {
    const A = warpPoints(warped, X);
    kernelRules(warped.kernel).fill(warped.kernel, A, lower ? A : warpPoints(warped, Z), lower, out);
  },
  diagonal: (warped, X, out) => kernelRules(warped.kernel).diagonal(warped.kernel, warpPoints(warped, X), out),
  contract(warped, X, Z, lower, S, out, at) {
    // ∂k(w(x), w(z))/∂ln a of coordinate k = ∂_1k w'(x_k) + ∂_2k w'(z_k), and ∂_2k(w, v) = ∂_1k(v, w).
    const { kernel, dims } = warped;
    const rules = kernelRules(kernel);
    const A = warpPoints(warped, X);
    const B = lower ? A : warpPoints(warped, Z);
    const parameters = dims.length;
    const n = X.rows;
    const m = Z.rows;
    const side = (
      points: Points,
      source: Points,
      others: Points,
      weightsOf: (i: number, weights: Float64Array) => void,
    ) => {
      const weights = new Float64Array(others.rows);
      const slopes = new Float64Array(3);
      for (let i = 0; i < points.rows; i++) {
        weightsOf(i, weights);
        const gradient = new Float64Array(points.columns);
        const point = points.data.subarray(i * points.columns, (i + 1) * points.columns);
        rules.inputContract(kernel, point, others, weights, gradient);
        for (let p = 0; p < parameters; p++) {
          warpDerivatives(squeeze(source.data[i * source.columns + dims[p]]), warped.warpA[p], warped.warpB[p], slopes);
          out[at + p] += gradient[dims[p]] * slopes[1];
          out[at + parameters + p] += gradient[dims[p]] * slopes[2];
        }
      }
    };
    if (lower) {
      side(A, X, A, (i, weights) => {
        for (let j = 0; j < i; j++) weights[j] = S[i * n + j];
        weights[i] = 2 * S[i * n + i];
        for (let j = i + 1; j < n; j++) weights[j] = S[j * n + i];
      });
    } else {
      side(A, X, B, (i, weights) => weights.set(S.subarray(i * m, (i + 1) * m)));
      side(B, Z, A, (j, weights) => {
        for (let i = 0; i < n; i++) weights[i] = S[i * m + j];
      });
    }
    rules.contract(kernel, A, B, lower, S, out, at + 2 * parameters);
  },
  inputContract(warped, x, Z, weights, out) {
    const inner = new Float64Array(x.length);
    const { data } = warpPoints(warped, { data: x, rows: 1, columns: x.length });
    kernelRules(warped.kernel).inputContract(warped.kernel, data, warpPoints(warped, Z), weights, inner);
    addInputGradient(warped, x, inner, out);
  },
  diagonalInput(warped, x, weight, out) {
    const inner = new Float64Array(x.length);
    const { data } = warpPoints(warped, { data: x, rows: 1, columns: x.length });
    kernelRules(warped.kernel).diagonalInput(warped.kernel, data, weight, inner);
    addInputGradient(warped, x, inner, out);
  },
  count: ({ dims, kernel }) => 2 * dims.length + kernelRules(kernel).count(kernel),
  list({ dims, warpA, warpB, kernel }, path, list) {
    dims.forEach((_, i) => list.push(logHyperparameter(`${path}warpA.${i}`, warpA[i], log(warpA[i]))));
    dims.forEach((_, i) => list.push(logHyperparameter(`${path}warpB.${i}`, warpB[i], log(warpB[i]))));
    kernelRules(kernel).list(kernel, `${path}kernel.`, list);
  },
  replace: (warped, theta, at) => ({
    ...warped,
    warpA: warped.dims.map((_, i) => exp(theta[at + i])),
    warpB: warped.dims.map((_, i) => exp(theta[at + warped.dims.length + i])),
    kernel: kernelRules(warped.kernel).replace(warped.kernel, theta, at + 2 * warped.dims.length),
  }),
};

function checkWarp(
  { dims, warpA, warpB }: Pick<WarpedKernel, 'dims' | 'warpA' | 'warpB'>,
  path: string,
  columns: number,
): void {
  dims.forEach((dim, i) => {
    checkInteger(`${path}dims[${i}]`, dim, 0, columns - 1);
    if (dims.indexOf(dim) !== i) throw new RangeError(`${path}dims[${i}] must not repeat, got ${dim}`);
  });
  checkVector(`${path}warpA`, warpA, dims.length);
  checkVector(`${path}warpB`, warpB, dims.length);
  dims.forEach((_, i) => {
    checkPositive(`${path}warpA[${i}]`, warpA[i]);
    checkPositive(`${path}warpB[${i}]`, warpB[i]);
  });
}

function warpPoints({ dims, warpA, warpB }: WarpedKernel, { data, rows, columns }: Points): Points {
  const out = data.slice(0, rows * columns);
  for (let i = 0; i < rows; i++) {
    for (let p = 0; p < dims.length; p++) {
      const entry = i * columns + dims[p];
      out[entry] = warp(squeeze(out[entry]), warpA[p], warpB[p]);
    }
  }
  return { data: out, rows, columns };
}

function squeeze(x: number): number {
  if (!(x >= 0 && x <= 1)) throw new RangeError(`x must be in [0, 1] to be warped, got ${x}`);
  return MARGIN + (1 - 2 * MARGIN) * x;
}

function addInputGradient(
  { dims, warpA, warpB }: WarpedKernel,
  x: Float64Array,
  inner: Float64Array,
  out: Float64Array,
): void {
  const slopes = new Float64Array(3);
  for (let p = 0; p < dims.length; p++) {
    warpDerivatives(squeeze(x[dims[p]]), warpA[p], warpB[p], slopes);
    inner[dims[p]] *= slopes[0] * (1 - 2 * MARGIN);
  }
  for (let k = 0; k < x.length; k++) out[k] += inner[k];
}
