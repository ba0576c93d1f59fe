/**
 * Infinitely wide fully connected networks: the neural-network Gaussian process.
 *
 * J. Lee et al., arXiv:1711.00165, equations 4 and 5; Y. Cho, L. K. Saul, NIPS 2009 (ReLU); C. K. I. Williams, NIPS 1996 (erf).
 * With w the weight variance, b the bias variance and K⁰(x, z) = b + w x·z/d, each of the `depth` hidden layers maps
 *
 *   ReLU: K_xz <- b + (w/2π) √(K_xx K_zz) (sin t + (π - t) cos t),   cos t = K_xz/√(K_xx K_zz);   K_xx <- b + w K_xx/2
 *   erf:  K_xz <- b + (2w/π) asin(2 K_xz/√((1 + 2K_xx)(1 + 2K_zz)));  K_xx <- b + (2w/π) asin(2K_xx/(1 + 2K_xx))
 *
 * The cosine is clamped at exactly ±1: the derivatives below are in closed form and have no singularity there, and a
 * clamp at 1 - 1e-7, which public implementations have, would spoil near-identical points. sin t is taken from the
 * rounded cosine, not from K_xx K_zz - K_xz²: sin t + (π - t) cos t is flat at t = 0, so an error of the cosine, which t
 * magnifies, cancels as long as both terms share it.
 */
import { checkInteger, checkOptionNames, checkPositive } from '../../internal/check.js';
import { exp } from '../../special/exp.js';
import { acos, asin } from '../../special/inverse-trigonometric.js';
import { log } from '../../special/log.js';
import { onActiveDims, type ActiveDims } from './active-dims.js';
import { logHyperparameter, type Points } from './kernel.js';

export interface NngpFields extends ActiveDims {
  /** Variance w of the weights, before the division by the width. */
  weightVariance: number;
  /** Variance b of the biases. */
  biasVariance: number;
  /** Number of hidden layers, at least 1. */
  depth: number;
}

const NNGP_NAMES = {
  weightVariance: true,
  biasVariance: true,
  depth: true,
  activeDims: true,
} satisfies Record<keyof NngpFields, true>;

export interface NngpKernel extends NngpFields {
  type: 'nngpRelu' | 'nngpErf';
}

/**
 * The kernel of infinitely wide ReLU networks.
 *
 * @example
 * kernelValue(nngpRelu({ weightVariance: 2, biasVariance: 0.1, depth: 3 }), [0.3, 0.7], [0.3, 0.7]).toFixed(6); //=> '0.980000'
 */
export function nngpRelu(fields: NngpFields): NngpKernel {
  checkOptionNames('fields', fields, NNGP_NAMES);
  checkFields(fields, '');
  return { type: 'nngpRelu', ...fields };
}

/** The kernel of infinitely wide networks with the error function as activation. */
export function nngpErf(fields: NngpFields): NngpKernel {
  checkOptionNames('fields', fields, NNGP_NAMES);
  checkFields(fields, '');
  return { type: 'nngpErf', ...fields };
}

/**
 * Settings of Y. L. Li, T. G. J. Rudner, A. G. Wilson, arXiv:2305.20028: ReLU, depth 3, w = 10, b = 1.3, and b = 1.6 from
 * 100 dimensions on; for inputs in the unit cube and standardized outputs.
 */
export function ibnnDefaults(dimension: number): NngpKernel {
  checkInteger('dimension', dimension, 1);
  return nngpRelu({ weightVariance: 10, biasVariance: dimension >= 100 ? 1.6 : 1.3, depth: 3 });
}

export const nngpRules = /* @__PURE__ */ onActiveDims<NngpKernel>({
  check: (kernel, _columns, path) => checkFields(kernel, path),
  fill(kernel, X, Z, lower, out) {
    const { weightVariance: w, biasVariance: b, depth, type } = kernel;
    const relu = type === 'nngpRelu';
    const d = X.columns;
    const n = X.rows;
    const m = Z.rows;
    // The diagonals depend on one point: depth · (n + m) of them, shared by all pairs.
    const dx = layerDiagonals(kernel, X);
    const dz = lower ? dx : layerDiagonals(kernel, Z);
    for (let i = 0; i < n; i++) {
      const end = lower ? i + 1 : m;
      for (let j = 0; j < end; j++) {
        let k = b + (w * inner(X.data, i, Z.data, j, d)) / d;
        for (let l = 0; l < depth; l++) {
          const xx = dx[l * n + i];
          const zz = dz[l * m + j];
          k = b + w * (relu ? reluMap(xx, zz, k) : erfMap(xx, zz, k));
        }
        out[i * m + j] = k;
      }
    }
  },
  diagonal(kernel, X, out) {
    const all = layerDiagonals(kernel, X);
    for (let i = 0; i < X.rows; i++) out[i] = all[kernel.depth * X.rows + i];
  },
  contract(kernel, X, Z, lower, S, out, at) {
    const { weightVariance: w, biasVariance: b, depth } = kernel;
    const d = X.columns;
    const m = Z.rows;
    const jet = new Float64Array(9); // value, d/dlog w, d/dlog b of K_xx, K_zz, K_xz
    for (let i = 0; i < X.rows; i++) {
      const end = lower ? i + 1 : m;
      for (let j = 0; j < end; j++) {
        start(jet, 0, w, b, inner(X.data, i, X.data, i, d) / d);
        start(jet, 3, w, b, inner(Z.data, j, Z.data, j, d) / d);
        start(jet, 6, w, b, inner(X.data, i, Z.data, j, d) / d);
        for (let l = 0; l < depth; l++) layerJet(kernel, jet);
        out[at] += S[i * m + j] * jet[7];
        out[at + 1] += S[i * m + j] * jet[8];
      }
    }
  },
  inputContract(kernel, x, Z, weights, out) {
    // K_L depends on x through K⁰_xz = b + w x·z/d and K⁰_xx = b + w x·x/d: two chain factors per pair.
    const { weightVariance: w, biasVariance: b, depth, type } = kernel;
    const relu = type === 'nngpRelu';
    const d = x.length;
    for (let j = 0; j < Z.rows; j++) {
      let xx = b + (w * inner(x, 0, x, 0, d)) / d;
      let zz = b + (w * inner(Z.data, j, Z.data, j, d)) / d;
      let xz = b + (w * inner(x, 0, Z.data, j, d)) / d;
      let byXz = 1;
      let byXx = 0;
      let chainXx = 1;
      for (let l = 0; l < depth; l++) {
        const fXz = w * (relu ? reluByXz(xx, zz, xz) : erfByXz(xx, zz, xz));
        const fXx = w * (relu ? reluByXx(xx, zz, xz) : erfByXx(xx, zz, xz));
        byXx = fXz * byXx + fXx * chainXx;
        byXz = fXz * byXz;
        chainXx *= w * (relu ? 0.5 : erfDiagonalSlope(xx));
        xz = b + w * (relu ? reluMap(xx, zz, xz) : erfMap(xx, zz, xz));
        xx = b + w * (relu ? xx / 2 : erfMap(xx, xx, xx));
        zz = b + w * (relu ? zz / 2 : erfMap(zz, zz, zz));
      }
      const wz = (weights[j] * byXz * w) / d;
      const wx = (weights[j] * byXx * 2 * w) / d;
      for (let k = 0; k < d; k++) out[k] += wz * Z.data[j * d + k] + wx * x[k];
    }
  },
  diagonalInput({ weightVariance: w, biasVariance: b, depth, type }, x, weight, out) {
    const d = x.length;
    let xx = b + (w * inner(x, 0, x, 0, d)) / d;
    let chain = 1;
    for (let l = 0; l < depth; l++) {
      chain *= w * (type === 'nngpRelu' ? 0.5 : erfDiagonalSlope(xx));
      xx = b + w * (type === 'nngpRelu' ? xx / 2 : erfMap(xx, xx, xx));
    }
    for (let k = 0; k < d; k++) out[k] += (weight * chain * 2 * w * x[k]) / d;
  },
  count: () => 2,
  list({ weightVariance, biasVariance }, path, list) {
    list.push(logHyperparameter(`${path}weightVariance`, weightVariance, log(weightVariance)));
    list.push(logHyperparameter(`${path}biasVariance`, biasVariance, log(biasVariance)));
  },
  replace: (kernel, theta, at) => ({ ...kernel, weightVariance: exp(theta[at]), biasVariance: exp(theta[at + 1]) }),
});

function checkFields({ weightVariance, biasVariance, depth }: NngpFields, path: string): void {
  checkPositive(`${path}weightVariance`, weightVariance);
  checkPositive(`${path}biasVariance`, biasVariance);
  checkInteger(`${path}depth`, depth, 1);
}

/** K_xx of layer l = 0..depth at [l n + i]. */
function layerDiagonals({ weightVariance: w, biasVariance: b, depth, type }: NngpKernel, X: Points): Float64Array {
  const { data, rows: n, columns: d } = X;
  const out = new Float64Array((depth + 1) * n);
  for (let i = 0; i < n; i++) {
    let k = b + (w * inner(data, i, data, i, d)) / d;
    out[i] = k;
    for (let l = 1; l <= depth; l++) {
      k = b + w * (type === 'nngpRelu' ? k / 2 : erfMap(k, k, k));
      out[l * n + i] = k;
    }
  }
  return out;
}

function reluMap(xx: number, zz: number, xz: number): number {
  const size = Math.sqrt(xx * zz);
  const c = clamp(xz / size);
  return (size * (Math.sqrt((1 - c) * (1 + c)) + (Math.PI - acos(c)) * c)) / (2 * Math.PI);
}

function reluByXz(xx: number, zz: number, xz: number): number {
  return (Math.PI - acos(clamp(xz / Math.sqrt(xx * zz)))) / (2 * Math.PI);
}

/** (1/4π) sin t √(K_zz/K_xx). */
function reluByXx(xx: number, zz: number, xz: number): number {
  const c = clamp(xz / Math.sqrt(xx * zz));
  return (Math.sqrt((1 - c) * (1 + c)) * Math.sqrt(zz / xx)) / (4 * Math.PI);
}

function erfMap(xx: number, zz: number, xz: number): number {
  return (2 / Math.PI) * asin(clamp((2 * xz) / Math.sqrt((1 + 2 * xx) * (1 + 2 * zz))));
}

function erfByXz(xx: number, zz: number, xz: number): number {
  return 4 / Math.PI / Math.sqrt((1 + 2 * xx) * (1 + 2 * zz) - 4 * xz * xz);
}

function erfByXx(xx: number, zz: number, xz: number): number {
  return (-xz * erfByXz(xx, zz, xz)) / (1 + 2 * xx);
}

/** Derivative of (2/π) asin(2k/(1 + 2k)). */
function erfDiagonalSlope(k: number): number {
  return 4 / Math.PI / ((1 + 2 * k) * Math.sqrt(1 + 4 * k));
}

function clamp(c: number): number {
  return c > 1 ? 1 : c < -1 ? -1 : c;
}

function start(jet: Float64Array, at: number, w: number, b: number, product: number): void {
  jet[at] = b + w * product;
  jet[at + 1] = w * product;
  jet[at + 2] = b;
}

/** One layer, values and derivatives; K_xz first, as it needs the old diagonals. */
function layerJet({ weightVariance: w, biasVariance: b, type }: NngpKernel, jet: Float64Array): void {
  const relu = type === 'nngpRelu';
  const xx = jet[0];
  const zz = jet[3];
  const xz = jet[6];
  const map = w * (relu ? reluMap(xx, zz, xz) : erfMap(xx, zz, xz));
  const byXz = w * (relu ? reluByXz(xx, zz, xz) : erfByXz(xx, zz, xz));
  const byXx = w * (relu ? reluByXx(xx, zz, xz) : erfByXx(xx, zz, xz));
  const byZz = w * (relu ? reluByXx(zz, xx, xz) : erfByXx(zz, xx, xz));
  jet[7] = map + byXz * jet[7] + byXx * jet[1] + byZz * jet[4];
  jet[8] = b + byXz * jet[8] + byXx * jet[2] + byZz * jet[5];
  jet[6] = b + map;
  for (const at of [0, 3]) {
    const k = jet[at];
    const slope = w * (relu ? 0.5 : erfDiagonalSlope(k));
    const value = w * (relu ? k / 2 : erfMap(k, k, k));
    jet[at + 1] = value + slope * jet[at + 1];
    jet[at + 2] = b + slope * jet[at + 2];
    jet[at] = b + value;
  }
}

function inner(x: Float64Array, i: number, z: Float64Array, j: number, d: number): number {
  let total = 0;
  for (let k = 0; k < d; k++) total += x[i * d + k] * z[j * d + k];
  return total;
}
