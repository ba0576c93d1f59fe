/**
 * Random Fourier features of stationary kernels: E φ(x)·φ(z) = k(x, z).
 *
 * A. Rahimi, B. Recht, NIPS 2007. Pairs φ = √(v/P) [sin ω·x, cos ω·x] over P frequencies ω from the spectral density: normal for
 * RBF; for Matérn ν and the rational quadratic a scale mixture of normals, ω = z √(1/g) with g ~ Gamma(ν, rate ν), and
 * z √g with g ~ Gamma(α, rate α). A product of kernels adds independent frequencies; a sum shares the pairs out.
 */
import { checkInteger, checkVector } from '../../internal/check.js';
import type { Rng } from '../../random/create-rng.js';
import { sampleGamma } from '../../random/gamma.js';
import { sampleNormal } from '../../random/normal.js';
import { cos, sin } from '../../special/trigonometric.js';
import type { Kernel } from '../kernels/kernel.js';
import { checkKernel } from '../kernels/kernel-matrix.js';
import { perDimension } from '../kernels/positive-field.js';
import type { SumKernel } from '../kernels/sum-product.js';

/** Plain data: P frequencies and amplitudes. */
export interface RandomFourierFeatures {
  /** P x d. */
  omega: Float64Array;
  /** One per pair of features. */
  amplitude: Float64Array;
  dimension: number;
}

/**
 * Frequencies of `features` (rounded up to even) features of a kernel on `dimension` coordinates.
 *
 * @throws RangeError if the kernel has a part that is not stationary: only rbf, matern*, rationalQuadratic and their scales,
 *   sums (white noise beside them is left out) and products have a spectral density that is sampled here
 */
export function randomFourierFeatures(
  kernel: Kernel,
  dimension: number,
  features: number,
  rng: Rng,
): RandomFourierFeatures {
  checkInteger('features', features, 2);
  checkInteger('dimension', dimension, 1);
  checkKernel(kernel, dimension);
  const pairs = Math.ceil(features / 2);
  const omega = new Float64Array(pairs * dimension);
  const amplitude = new Float64Array(pairs);
  fill(kernel, 1, omega, amplitude, 0, pairs, dimension, rng);
  return { omega, amplitude, dimension };
}

/** Whether `randomFourierFeatures` knows the spectral density of a kernel. */
export function hasSpectralDensity(kernel: Kernel): boolean {
  switch (kernel.type) {
    case 'rbf':
    case 'matern12':
    case 'matern32':
    case 'matern52':
    case 'rationalQuadratic':
      return true;
    case 'scale':
      return hasSpectralDensity(kernel.kernel);
    case 'sum':
      return latentParts(kernel).length > 0 && latentParts(kernel).every(hasSpectralDensity);
    case 'product':
      return kernel.kernels.every(hasSpectralDensity);
    default:
      return false;
  }
}

/** φ(x): sines, then cosines, length 2P. */
export function fourierFeatures(
  { omega, amplitude, dimension }: RandomFourierFeatures,
  x: ArrayLike<number>,
): Float64Array {
  checkVector('x', x, dimension);
  const pairs = amplitude.length;
  const out = new Float64Array(2 * pairs);
  for (let p = 0; p < pairs; p++) {
    let angle = 0;
    for (let k = 0; k < dimension; k++) angle += omega[p * dimension + k] * x[k];
    out[p] = amplitude[p] * sin(angle);
    out[pairs + p] = amplitude[p] * cos(angle);
  }
  return out;
}

/** The parts of a sum that are not observation noise: white noise has no part in a latent function. */
function latentParts({ kernels }: SumKernel): Kernel[] {
  return kernels.filter(({ type }) => type !== 'white' && type !== 'taskNoise');
}

/** Writes pairs from..to with total variance `variance` of the kernel. */
function fill(
  kernel: Kernel,
  variance: number,
  omega: Float64Array,
  amplitude: Float64Array,
  from: number,
  to: number,
  d: number,
  rng: Rng,
): void {
  if (kernel.type === 'scale') {
    fill(kernel.kernel, variance * kernel.variance, omega, amplitude, from, to, d, rng);
    return;
  }
  if (kernel.type === 'sum') {
    const kernels = latentParts(kernel);
    const parts = kernels.length;
    if (to - from < parts) throw new RangeError(`features must be at least ${2 * parts} for a sum of ${parts} kernels`);
    kernels.forEach((part, i) => {
      const start = from + Math.floor(((to - from) * i) / parts);
      const end = from + Math.floor(((to - from) * (i + 1)) / parts);
      fill(part, variance, omega, amplitude, start, end, d, rng);
    });
    return;
  }
  for (let p = from; p < to; p++) {
    const scale = addFrequency(kernel, omega, p * d, d, rng);
    amplitude[p] = Math.sqrt((variance * scale) / (to - from));
  }
}

/** Adds one frequency of the kernel to omega[at..at+d); returns the kernel's variance. */
function addFrequency(kernel: Kernel, omega: Float64Array, at: number, d: number, rng: Rng): number {
  switch (kernel.type) {
    case 'scale':
      return kernel.variance * addFrequency(kernel.kernel, omega, at, d, rng);
    case 'product': {
      let variance = 1;
      for (const part of kernel.kernels) variance *= addFrequency(part, omega, at, d, rng);
      return variance;
    }
    case 'rbf':
    case 'matern12':
    case 'matern32':
    case 'matern52':
    case 'rationalQuadratic': {
      let spread = 1;
      if (kernel.type === 'rationalQuadratic') spread = Math.sqrt(sampleGamma(kernel.alpha, rng) / kernel.alpha);
      else if (kernel.type !== 'rbf') {
        const nu = kernel.type === 'matern12' ? 0.5 : kernel.type === 'matern32' ? 1.5 : 2.5;
        spread = 1 / Math.sqrt(sampleGamma(nu, rng) / nu);
      }
      const dims = kernel.activeDims ?? Array.from({ length: d }, (_, k) => k);
      const lengthscale = perDimension(kernel.lengthscale, dims.length);
      for (let k = 0; k < dims.length; k++) omega[at + dims[k]] += (spread * sampleNormal(rng)) / lengthscale[k];
      return 1;
    }
    default:
      throw new RangeError(`kernel must be stationary for random Fourier features, got '${kernel.type}'`);
  }
}
