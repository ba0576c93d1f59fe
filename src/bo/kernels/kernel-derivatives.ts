/**
 * Partial derivatives of k(x, z), up to second order in each point: the covariances of a process with its own gradient and
 * Hessian, Cov(∂^a f(x), ∂^b f(z)) = ∂_x^a ∂_z^b k(x, z). Rasmussen and Williams (2006), section 9.4.
 *
 * A derivative is asked for as two lists of coordinates, `[0, 2]` in x meaning ∂²/∂x_0 ∂x_2. For k = φ(r²), r² = Σ u_i²,
 * u_i = (x_i - z_i)/ℓ_i, it is a sum over the ways to pair some equal members of the joint list, with φ differentiated once
 * for each pair and each member left alone:
 *
 *   Π 1/ℓ · (-1)^|z-list| · Σ_pairings φ^(m - p) 2^(m - p) Π_{alone} u_i,       m members, p pairs
 *
 * The Hessian of the process has a variance where φ'' is finite at 0. That holds for Matérn 5/2, whose paths are twice
 * differentiable (φ''(0) = 25/12), and fails for Matérn 3/2 and 1/2.
 */
import { exp } from '../../special/exp.js';
import { log1p } from '../../special/log1p.js';
import { cos, sin } from '../../special/trigonometric.js';
import type { Kernel } from './kernel.js';
import { perDimension } from './positive-field.js';

/** ∂_x^byX ∂_z^byZ k at one pair of points; the lists name coordinates, and hold at most two each. */
export type PairDerivatives = (byX: readonly number[], byZ: readonly number[]) => number;

/** Whether the paths of a process with this kernel have a Hessian whose covariances `kernelDerivatives` knows. */
export function isTwiceDifferentiable(kernel: Kernel): boolean {
  switch (kernel.type) {
    case 'rbf':
    case 'matern52':
    case 'rationalQuadratic':
    case 'periodic':
    case 'linear':
    case 'constant':
    case 'white':
      return true;
    case 'scale':
      return isTwiceDifferentiable(kernel.kernel);
    case 'sum':
    case 'product':
      return kernel.kernels.every(isTwiceDifferentiable);
    default:
      return false;
  }
}

/**
 * The derivatives of k at the pair (x, z), for a kernel that `isTwiceDifferentiable`. White noise is no part of the process.
 * O(d) once; then O(1) for each derivative and each kernel of a sum, O(2^(m + 1)) for each factor of a product.
 */
export function kernelDerivatives(kernel: Kernel, x: Float64Array, z: Float64Array): PairDerivatives {
  switch (kernel.type) {
    case 'rbf':
    case 'matern52':
    case 'rationalQuadratic':
      return radial(kernel, x, z);
    case 'periodic':
      return periodic(kernel, x, z);
    case 'linear':
      return linear(kernel, x, z);
    case 'constant':
      return (byX, byZ) => (byX.length + byZ.length === 0 ? kernel.value : 0);
    case 'white':
      return () => 0;
    case 'scale': {
      const inner = kernelDerivatives(kernel.kernel, x, z);
      return (byX, byZ) => kernel.variance * inner(byX, byZ);
    }
    case 'sum': {
      const parts = kernel.kernels.map((part) => kernelDerivatives(part, x, z));
      return (byX, byZ) => parts.reduce((total, part) => total + part(byX, byZ), 0);
    }
    case 'product':
      return kernel.kernels.map((part) => kernelDerivatives(part, x, z)).reduce(leibniz);
    default:
      throw new RangeError(`kernel must be twice differentiable, got '${kernel.type}'`);
  }
}

/** The product rule: each member of the lists goes to one of the two factors. */
function leibniz(left: PairDerivatives, right: PairDerivatives): PairDerivatives {
  return (byX, byZ) => {
    let total = 0;
    for (let a = 0; a < 1 << byX.length; a++) {
      for (let b = 0; b < 1 << byZ.length; b++) {
        total +=
          left(
            byX.filter((_, i) => (a >> i) & 1),
            byZ.filter((_, i) => (b >> i) & 1),
          ) *
          right(
            byX.filter((_, i) => !((a >> i) & 1)),
            byZ.filter((_, i) => !((b >> i) & 1)),
          );
      }
    }
    return total;
  };
}

type RadialKernel = Extract<Kernel, { type: 'rbf' | 'matern52' | 'rationalQuadratic' }>;

function radial(kernel: RadialKernel, x: Float64Array, z: Float64Array): PairDerivatives {
  const { place, count } = placesOf(kernel.activeDims, x.length);
  const lengthscale = perDimension(kernel.lengthscale, count);
  const u = new Float64Array(count);
  let r2 = 0;
  for (let k = 0; k < x.length; k++) {
    const i = place[k];
    if (i === -1) continue;
    u[i] = (x[k] - z[k]) / lengthscale[i];
    r2 += u[i] * u[i];
  }
  const phi = radialDerivatives(kernel, Math.min(r2, 1e300));
  return (byX, byZ) => {
    let factor = byZ.length % 2 === 1 ? -1 : 1;
    const list: number[] = [];
    for (const coordinates of [byX, byZ]) {
      for (const k of coordinates) {
        if (place[k] === -1) return 0;
        factor /= lengthscale[place[k]];
        list.push(place[k]);
      }
    }
    return factor * pairings(phi, u, list, 0);
  };
}

/** Σ over the pairings of the list: its first member stays alone, or pairs with an equal one. */
function pairings(phi: readonly number[], u: Float64Array, list: readonly number[], order: number): number {
  if (list.length === 0) return phi[order];
  const [first, ...rest] = list;
  let total = 0;
  // At u = 0 the derivative of φ beside it may be infinite (Matérn, third order on); its limit there is 0.
  if (u[first] !== 0) total += 2 * u[first] * pairings(phi, u, rest, order + 1);
  rest.forEach((other, j) => {
    if (other === first) {
      total +=
        2 *
        pairings(
          phi,
          u,
          rest.filter((_, i) => i !== j),
          order + 1,
        );
    }
  });
  return total;
}

/** φ and its first four derivatives in r². */
function radialDerivatives(kernel: RadialKernel, r2: number): number[] {
  switch (kernel.type) {
    case 'rbf': {
      const e = exp(-0.5 * r2);
      return [e, -e / 2, e / 4, -e / 8, e / 16];
    }
    case 'matern52': {
      const s = Math.sqrt(5 * r2);
      const e = exp(-s);
      const inverse = s > 1e-60 ? 1 / s : 0;
      return [
        (1 + s + (5 / 3) * r2) * e,
        (-5 / 6) * (1 + s) * e,
        (25 / 12) * e,
        (-125 / 24) * e * inverse,
        (625 / 48) * e * (1 + s) * inverse * inverse * inverse,
      ];
    }
    case 'rationalQuadratic': {
      const { alpha } = kernel;
      const b = 1 + r2 / (2 * alpha);
      const out = [exp(-alpha * log1p(r2 / (2 * alpha)))];
      for (let j = 0; j < 4; j++) out.push((-out[j] * (alpha + j)) / (2 * alpha * b));
      return out;
    }
  }
}

/** A product of functions g(x_i - z_i) = e^E, E = (cos(ω(x_i - z_i)) - 1)/ℓ²: each coordinate by how often it is asked for. */
function periodic(kernel: Extract<Kernel, { type: 'periodic' }>, x: Float64Array, z: Float64Array): PairDerivatives {
  const { place, count } = placesOf(kernel.activeDims, x.length);
  const lengthscale = perDimension(kernel.lengthscale, count);
  const period = perDimension(kernel.period, count);
  const tables: number[][] = [];
  for (let k = 0; k < x.length; k++) {
    const i = place[k];
    if (i === -1) continue;
    const omega = (2 * Math.PI) / period[i];
    const c = 1 / (lengthscale[i] * lengthscale[i]);
    const sine = sin(0.5 * omega * (x[k] - z[k]));
    const E1 = -c * omega * sin(omega * (x[k] - z[k]));
    const E2 = -c * omega * omega * cos(omega * (x[k] - z[k]));
    const E3 = -omega * omega * E1;
    const E4 = -omega * omega * E2;
    const g = exp(-2 * c * sine * sine);
    tables[i] = [
      g,
      g * E1,
      g * (E2 + E1 * E1),
      g * (E3 + 3 * E1 * E2 + E1 * E1 * E1),
      g * (E4 + 4 * E1 * E3 + 3 * E2 * E2 + 6 * E1 * E1 * E2 + E1 * E1 * E1 * E1),
    ];
  }
  return (byX, byZ) => {
    const orders = new Array<number>(count).fill(0);
    for (const coordinates of [byX, byZ]) {
      for (const k of coordinates) {
        if (place[k] === -1) return 0;
        orders[place[k]] += 1;
      }
    }
    return orders.reduce((product, order, i) => product * tables[i][order], byZ.length % 2 === 1 ? -1 : 1);
  };
}

function linear(kernel: Extract<Kernel, { type: 'linear' }>, x: Float64Array, z: Float64Array): PairDerivatives {
  const { place, count } = placesOf(kernel.activeDims, x.length);
  const v = perDimension(kernel.variance, count);
  return (byX, byZ) => {
    if (byX.length > 1 || byZ.length > 1) return 0;
    const [k] = byX;
    const [l] = byZ;
    if (k === undefined && l === undefined) {
      let total = kernel.bias ?? 0;
      for (let i = 0; i < x.length; i++) if (place[i] !== -1) total += v[place[i]] * (x[i] * z[i]);
      return total;
    }
    if ((k !== undefined && place[k] === -1) || (l !== undefined && place[l] === -1)) return 0;
    if (l === undefined) return v[place[k]] * z[k];
    if (k === undefined) return v[place[l]] * x[l];
    return k === l ? v[place[k]] : 0;
  };
}

/** Position of each coordinate among the active ones, -1 for those that the kernel does not see. */
function placesOf(activeDims: readonly number[] | undefined, d: number): { place: number[]; count: number } {
  if (activeDims === undefined) return { place: Array.from({ length: d }, (_, k) => k), count: d };
  const place = new Array<number>(d).fill(-1);
  activeDims.forEach((k, i) => (place[k] = i));
  return { place, count: activeDims.length };
}
