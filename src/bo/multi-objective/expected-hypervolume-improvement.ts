/**
 * Expected hypervolume improvement.
 *
 * M. Emmerich, J.-W. Klinkenberg, LIACS technical report (2008); two objectives in O(n log n): K. Yang, M. Emmerich, A. Deutz,
 * T. Bäck, Journal of Global Optimization 75 (2019) 3-34. With independent normal objectives, larger is better,
 * ψ(b; m, s) = E(Y - b)⁺ = s h((m - b)/s), and disjoint boxes (l, u] of what the front does not dominate,
 *
 *   EHVI = Σ_boxes Π_k [ψ(l_k; m_k, s_k) - ψ(u_k; m_k, s_k)]
 *
 * Many points at once: S. Daulton, M. Balandat, E. Bakshy, arXiv:2006.05078, equation 3 (inclusion and exclusion).
 */
import { checkInteger, checkNumber, checkVector } from '../../internal/check.js';
import type { MatrixLike } from '../../linalg/to-row-major.js';
import { exp } from '../../special/exp.js';
import { log } from '../../special/log.js';
import { log1mExp } from '../../special/log1m-exp.js';
import { logEiStandard, logEiStandardDerivative } from '../../special/log-ei.js';
import { logNormalCdf, normalCdf, normalLogPdf, normalPdf } from '../../special/normal.js';
import { standardImprovement } from '../acquisition/expected-improvement.js';
import type { Acquisition } from '../acquisition/acquisition.js';
import { gpPosterior } from '../acquisition/posterior.js';
import type { GpState } from '../gp/gp-state.js';
import { nonDominatedBoxes, type Boxes } from './box-decomposition.js';
import { checkPoints } from './pareto.js';

export interface HypervolumeImprovementOptions {
  /** Points of the front, n x m; dominated ones and those that do not beat the reference are ignored. */
  front: MatrixLike;
  /** Length m. */
  reference: ArrayLike<number>;
  /** Whether larger is better, in every objective. Default true. */
  maximize?: boolean;
}

export interface HypervolumeImprovement {
  value: number;
  /** Derivatives in the means and in the deviations, length m each. */
  byMean: Float64Array;
  byStd: Float64Array;
}

/**
 * Expected growth of the hypervolume by a point whose objectives are independent normals; at least 0. Deviations of 0 give the
 * growth itself.
 *
 * @param mean length m
 * @param std length m, at least 0
 *
 * @example
 * const { value } = expectedHypervolumeImprovement([2, 2], [0, 0], { front: [[1, 1]], reference: [0, 0] });
 * value; //=> 3
 */
export function expectedHypervolumeImprovement(
  mean: ArrayLike<number>,
  std: ArrayLike<number>,
  { front, reference, maximize = true }: HypervolumeImprovementOptions,
): HypervolumeImprovement {
  const m = reference.length;
  checkVector('mean', mean, m);
  checkVector('std', std, m);
  for (let k = 0; k < m; k++) checkNumber(`std[${k}]`, std[k], 0);
  return improvementOver(nonDominatedBoxes(front, reference, { maximize }), mean, std, maximize ? 1 : -1);
}

/**
 * The logarithm of expected hypervolume improvement and its derivatives, finite where the value underflows; -Infinity, with
 * derivatives 0, where it is 0.
 */
export function logExpectedHypervolumeImprovement(
  mean: ArrayLike<number>,
  std: ArrayLike<number>,
  { front, reference, maximize = true }: HypervolumeImprovementOptions,
): HypervolumeImprovement {
  const m = reference.length;
  checkVector('mean', mean, m);
  checkVector('std', std, m);
  for (let k = 0; k < m; k++) checkNumber(`std[${k}]`, std[k], 0);
  return logImprovementOver(nonDominatedBoxes(front, reference, { maximize }), mean, std, maximize ? 1 : -1);
}

/**
 * Expected hypervolume improvement as a function of a point, by one Gaussian process for each objective; `log` (default true)
 * for its logarithm.
 */
export function expectedHypervolumeAcquisition(
  processes: readonly GpState[],
  { front, reference, maximize = true, log: logarithm = true }: HypervolumeImprovementOptions & { log?: boolean },
): Acquisition {
  if (processes.length !== reference.length) {
    throw new RangeError(`processes must have length ${reference.length}, got ${processes.length}`);
  }
  const posteriors = processes.map((gp) => gpPosterior(gp));
  const boxes = nonDominatedBoxes(front, reference, { maximize });
  const sign = maximize ? 1 : -1;
  return {
    value(x, gradient) {
      const at = posteriors.map((posterior) => posterior.at(x, gradient !== undefined));
      const found = (logarithm ? logImprovementOver : improvementOver)(
        boxes,
        at.map(({ mean }) => mean),
        at.map(({ std }) => std),
        sign,
      );
      if (gradient !== undefined) {
        gradient.fill(0);
        at.forEach(({ pullback }, k) => pullback(found.byMean[k], found.byStd[k], gradient));
      }
      return found.value;
    },
  };
}

/** In logarithms: ln of a sum of boxes, each a sum of ln(ψ(l) - ψ(u)) over the objectives. */
function logImprovementOver(
  { lower, upper, count, m }: Boxes,
  mean: ArrayLike<number>,
  std: ArrayLike<number>,
  sign: 1 | -1,
): HypervolumeImprovement {
  const byMean = new Float64Array(m);
  const byStd = new Float64Array(m);
  const logs = new Float64Array(count);
  const slopes = new Float64Array(2 * count * m);
  let largest = -Infinity;
  for (let i = 0; i < count; i++) {
    for (let k = 0; k < m; k++) {
      const side = logSide(lower[i * m + k], upper[i * m + k], sign * mean[k], std[k]);
      logs[i] += side.value;
      slopes[2 * (i * m + k)] = side.byMean;
      slopes[2 * (i * m + k) + 1] = side.byStd;
    }
    largest = Math.max(largest, logs[i]);
  }
  if (largest === -Infinity) return { value: -Infinity, byMean, byStd };
  let total = 0;
  for (let i = 0; i < count; i++) {
    const weight = exp(logs[i] - largest);
    total += weight;
    if (weight === 0) continue;
    for (let k = 0; k < m; k++) {
      byMean[k] += sign * weight * slopes[2 * (i * m + k)];
      byStd[k] += weight * slopes[2 * (i * m + k) + 1];
    }
  }
  for (let k = 0; k < m; k++) {
    byMean[k] /= total;
    byStd[k] /= total;
  }
  return { value: largest + log(total), byMean, byStd };
}

/** ln(ψ(a) - ψ(b)) for a < b, and its derivatives: differences of Φ and of φ, over the difference of ψ. */
function logSide(a: number, b: number, m: number, s: number): { value: number; byMean: number; byStd: number } {
  if (s === 0) {
    const width = Math.min(m, b) - a;
    if (!(width > 0)) return { value: -Infinity, byMean: 0, byStd: 0 };
    return { value: log(width), byMean: m < b ? 1 / width : 0, byStd: 0 };
  }
  const u = (m - a) / s;
  const logScale = log(s);
  const first = logScale + logEiStandard(u);
  if (b === Infinity) {
    const ratio = logEiStandardDerivative(u) / s;
    return { value: first, byMean: ratio, byStd: exp(normalLogPdf(u) - first) };
  }
  const v = (m - b) / s;
  const second = logScale + logEiStandard(v);
  const value = second < first ? first + log1mExp(second - first) : -Infinity;
  if (value === -Infinity) return { value, byMean: 0, byStd: 0 };
  return {
    value,
    byMean: exp(logNormalCdf(u) - value) - exp(logNormalCdf(v) - value),
    byStd: exp(normalLogPdf(u) - value) - exp(normalLogPdf(v) - value),
  };
}

function improvementOver(
  { lower, upper, count, m }: Boxes,
  mean: ArrayLike<number>,
  std: ArrayLike<number>,
  sign: 1 | -1,
): HypervolumeImprovement {
  const byMean = new Float64Array(m);
  const byStd = new Float64Array(m);
  const length = new Float64Array(m);
  const slopeMean = new Float64Array(m);
  const slopeStd = new Float64Array(m);
  let value = 0;
  for (let i = 0; i < count; i++) {
    let product = 1;
    for (let k = 0; k < m; k++) {
      const center = sign * mean[k];
      const a = excess(lower[i * m + k], center, std[k]);
      const b = excess(upper[i * m + k], center, std[k]);
      // ψ is convex and falls with b: the difference is at least 0 up to rounding.
      length[k] = Math.max(0, a.value - b.value);
      slopeMean[k] = a.byMean - b.byMean;
      slopeStd[k] = a.byStd - b.byStd;
      product *= length[k];
    }
    value += product;
    for (let k = 0; k < m; k++) {
      let others = 1;
      for (let j = 0; j < m; j++) if (j !== k) others *= length[j];
      byMean[k] += sign * others * slopeMean[k];
      byStd[k] += others * slopeStd[k];
    }
  }
  return { value, byMean, byStd };
}

/** ψ(b; m, s) = E(Y - b)⁺ with ∂ψ/∂m = Φ and ∂ψ/∂s = φ. */
function excess(b: number, m: number, s: number): { value: number; byMean: number; byStd: number } {
  if (b === Infinity) return { value: 0, byMean: 0, byStd: 0 };
  if (s === 0) return { value: Math.max(0, m - b), byMean: m > b ? 1 : 0, byStd: 0 };
  const u = (m - b) / s;
  return { value: s * standardImprovement(u), byMean: normalCdf(u), byStd: normalPdf(u) };
}

/**
 * Expected growth of the hypervolume by q points together, averaged over joint samples of their objectives; exact for each
 * sample, by inclusion and exclusion over subsets of the q points on the boxes. O(S 2^q boxes m).
 *
 * @param samples S x q x m values, row-major
 * @param q at most 8
 *
 * @example
 * const options = { front: [[1, 1]], reference: [0, 0] };
 * qExpectedHypervolumeImprovement([2, 1, 1, 2], 2, options); //=> 2
 */
export function qExpectedHypervolumeImprovement(
  samples: ArrayLike<number>,
  q: number,
  { front, reference, maximize = true }: HypervolumeImprovementOptions,
): number {
  const m = reference.length;
  checkVector('samples', samples);
  checkInteger('q', q, 1, 8);
  if (samples.length === 0 || samples.length % (q * m) !== 0) {
    throw new RangeError(`samples must hold blocks of ${q * m} numbers, got ${samples.length} in all`);
  }
  const sign = maximize ? 1 : -1;
  const { lower, upper, count } = nonDominatedBoxes(front, reference, { maximize });
  const S = samples.length / (q * m);
  const corner = new Float64Array(m);
  let total = 0;
  for (let s = 0; s < S; s++) {
    for (let subset = 1; subset < 1 << q; subset++) {
      // What all points of the subset dominate is what the least of them does in each objective.
      corner.fill(Infinity);
      let size = 0;
      for (let j = 0; j < q; j++) {
        if (((subset >> j) & 1) === 0) continue;
        size += 1;
        for (let k = 0; k < m; k++) corner[k] = Math.min(corner[k], sign * samples[(s * q + j) * m + k]);
      }
      let shared = 0;
      for (let i = 0; i < count; i++) {
        let product = 1;
        for (let k = 0; k < m && product > 0; k++) {
          product *= Math.max(0, Math.min(corner[k], upper[i * m + k]) - lower[i * m + k]);
        }
        shared += product;
      }
      total += size % 2 === 1 ? shared : -shared;
    }
  }
  return total / S;
}

/** Growth of the hypervolume by known points: `qExpectedHypervolumeImprovement` of one sample. */
export function hypervolumeImprovement(points: MatrixLike, options: HypervolumeImprovementOptions): number {
  const { data, rows } = checkPoints(points, checkVector('reference', options.reference).length);
  return rows === 0 ? 0 : qExpectedHypervolumeImprovement(data, rows, options);
}
