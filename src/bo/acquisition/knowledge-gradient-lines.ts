/**
 * What an observation at x does to the posterior mean of a box: at every point it moves along a line μ_n + σ̃ Z. The search
 * for the tops of these lines is what the knowledge gradients over continuous domains share.
 */
import { checkVector } from '../../internal/check.js';
import { minimizeLbfgsb } from '../../optimize/lbfgsb.js';
import type { Rng } from '../../random/create-rng.js';
import { normalQuantile } from '../../special/normal.js';
import { trainingPoints, type GpState } from '../gp/gp-state.js';
import { predict } from '../gp/predict.js';
import type { Points } from '../kernels/kernel.js';
import { quasiUniform } from '../quasi-random.js';
import { checkBounds, type Bounds } from './bounds.js';
import { expectedMaxAffine } from './expected-max-affine.js';
import { gpPosterior } from './posterior.js';
import { posteriorCovariance } from './posterior-covariance.js';

/** Quasi-random points of the box and the data. */
export function candidates(gp: GpState, bounds: Bounds, count: number, rng: Rng): Points {
  const d = bounds.length;
  checkBounds(bounds, gp.n > 0 ? gp.d : undefined);
  const data = new Float64Array((count + gp.n) * d);
  const unit = quasiUniform(count, d, rng);
  for (let p = 0; p < count * d; p++) {
    const [low, high] = bounds[p % d];
    data[p] = low + unit[p] * (high - low);
  }
  data.set(trainingPoints(gp).data, count * d);
  return { data, rows: count + gp.n, columns: d };
}

/** The largest mean of the box, sign included: the best candidate, climbed from. */
export function bestOfMean(gp: GpState, bounds: Bounds, sign: 1 | -1, domain: Points): number {
  const { mean } = predict(gp, domain, { variance: false });
  let top = 0;
  for (let j = 1; j < domain.rows; j++) if (sign * mean[j] > sign * mean[top]) top = j;
  const posterior = gpPosterior(gp);
  const { value } = minimizeLbfgsb(
    (x, gradient) => {
      const at = posterior.at(x, true);
      gradient.fill(0);
      at.pullback(-sign, 0, gradient);
      return -sign * at.mean;
    },
    row(domain, top),
    boxOf(bounds),
  );
  return -value;
}

/** The lines of a set of points for one x: value[j] = mean[j] + slope[j] Z. */
export interface Lines {
  /** μ_n. */
  mean: Float64Array;
  /** σ̃(·, x). */
  slope: Float64Array;
}

/** The lines of the domain for any x; what is the same for all x is computed here. O(m n), and O(n² + m n) for an x. */
export function linesOn(gp: GpState, domain: Points, noise: number): (x: Float64Array) => Lines {
  const { mean } = predict(gp, domain, { variance: false });
  const posterior = gpPosterior(gp);
  const covariance = posteriorCovariance(gp).withMany(domain);
  return (x) => {
    const { std } = posterior.at(x, false);
    const scale = Math.sqrt(std * std + noise);
    return { mean, slope: covariance(x).map((value) => value / scale) };
  };
}

/** argmax over the domain of μ + σ̃ z for the M quantiles z. */
export function lineMaximizers(domain: Points, lines: Lines, sign: 1 | -1, M: number): Float64Array[] {
  return Array.from({ length: M }, (_, m) => bestOnLine(domain, lines, sign, normalQuantile((m + 0.5) / M)));
}

export function bestOnLine(domain: Points, { mean, slope }: Lines, sign: 1 | -1, z: number): Float64Array {
  let top = 0;
  const value = (j: number) => sign * mean[j] + slope[j] * z;
  for (let j = 1; j < domain.rows; j++) if (value(j) > value(top)) top = j;
  return row(domain, top);
}

/** Quasi-Newton ascent of μ(x') + σ̃(x', x) z in x'. */
export function polish(
  gp: GpState,
  x: Float64Array,
  start: Float64Array,
  z: number,
  noise: number,
  sign: 1 | -1,
  bounds: Bounds,
): Float64Array {
  const posterior = gpPosterior(gp);
  const covariance = posteriorCovariance(gp);
  const { std } = posterior.at(x, false);
  const scale = Math.sqrt(std * std + noise);
  const unused = new Float64Array(x.length);
  const slope = new Float64Array(x.length);
  return minimizeLbfgsb(
    (prime, gradient) => {
      gradient.fill(0);
      slope.fill(0);
      const at = posterior.at(prime, true);
      at.pullback(-sign, 0, gradient);
      const shared = covariance(prime, x, [slope, unused]);
      for (let k = 0; k < gradient.length; k++) gradient[k] -= (slope[k] * z) / scale;
      return -sign * at.mean - (shared * z) / scale;
    },
    start,
    { ...boxOf(bounds), maxIterations: 20 },
  ).x;
}

/** E[max over the set] - bestMean, exact for the set; sets that miss the best mean of the box are charged for it. */
export function valueOnSet(
  gp: GpState,
  x: Float64Array,
  set: Float64Array[],
  noise: number,
  maximize: boolean,
  bestMean: number,
): number {
  const sign = maximize ? 1 : -1;
  const { mean, slope } = linesOn(gp, setOf(set, x.length), noise)(x);
  const a = mean.map((value) => sign * value);
  let top = -Infinity;
  for (let i = 0; i < a.length; i++) top = Math.max(top, a[i]);
  return Math.max(0, expectedMaxAffine(a, slope) + top - bestMean);
}

/** Points as the rows of a matrix. */
export function setOf(set: readonly Float64Array[], d: number): Points {
  const data = new Float64Array(set.length * d);
  set.forEach((point, i) => data.set(point, i * d));
  return { data, rows: set.length, columns: d };
}

function boxOf(bounds: Bounds): { lower: number[]; upper: number[] } {
  checkVector('bounds', bounds.flat());
  return { lower: bounds.map(([low]) => low), upper: bounds.map(([, high]) => high) };
}

function row({ data, columns }: Points, i: number): Float64Array {
  return data.slice(i * columns, (i + 1) * columns);
}

export function rowsOf(points: Points): Float64Array[] {
  return Array.from({ length: points.rows }, (_, i) => row(points, i));
}
