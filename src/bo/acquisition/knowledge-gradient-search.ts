/**
 * The knowledge gradient over a continuous domain: its maximum must be found inside its value.
 *
 * One-shot form: M. Balandat et al., arXiv:1910.06403, section 4.2. Stochastic gradients: P. I. Frazier, arXiv:1807.02811,
 * Algorithms 2 to 4, with the envelope theorem of section 4.2. Hybrid: M. Pearce, J. Klaise, M. Groves, arXiv:2006.10508.
 *
 *   paper                here                meaning
 *   Z, z_m               z                   standard normal, or fixed quantiles of it
 *   x'_m                 maximizers          where μ_{n+1} is largest after outcome m
 *   R, T, J              starts, steps, replications
 *   a_t = a/(a + t)      offset a            step sizes
 */
import { checkInteger, checkNumber, checkPositive, checkVector } from '../../internal/check.js';
import { minimizeLbfgsb } from '../../optimize/lbfgsb.js';
import { sampleNormal } from '../../random/normal.js';
import type { Rng } from '../../random/create-rng.js';
import { sobol } from '../../random/sobol.js';
import { normalQuantile } from '../../special/normal.js';
import { queryPoint, trainingPoints, type GpState } from '../gp/gp-state.js';
import { averageNoise, predict } from '../gp/predict.js';
import type { Points } from '../kernels/kernel.js';
import type { Acquisition } from './acquisition.js';
import { checkBounds, type Bounds } from './bounds.js';
import { expectedMaxAffine } from './expected-max-affine.js';
import { knowledgeGradientAcquisition } from './knowledge-gradient.js';
import { optimizeAcquisition } from './optimize-acquisition.js';
import { gpPosterior } from './posterior.js';
import { posteriorCovariance } from './posterior-covariance.js';

export interface KnowledgeGradientSearchOptions {
  rng: Rng;
  /** Fantasies M. Default 16. */
  fantasies?: number;
  /** Noise variance of the observation. Default: the model's. */
  noise?: number;
  /** Whether larger is better. Default true. */
  maximize?: boolean;
  /** Starts of the search. Default 4. */
  restarts?: number;
}

export interface KnowledgeGradientResult {
  x: Float64Array;
  /** Its knowledge gradient, by the finite set of maximizers that was found for it: a lower bound of the true one. */
  value: number;
}

/**
 * One-shot objective of x and the maximizers x'_1..x'_M, as one point of d (M + 1) coordinates:
 * (1/M) Σ_m [μ(x'_m) + σ̃(x'_m, x) z_m] - max μ, with z_m = Φ⁻¹((m - ½)/M) fixed. Its maximum over the x'_m is the
 * knowledge gradient of x, with the expectation replaced by M quantiles.
 *
 * @param bestMean max μ_n over the domain, sign included
 */
export function oneShotKnowledgeGradient(
  gp: GpState,
  {
    fantasies = 16,
    noise = averageNoise(gp),
    maximize = true,
    bestMean,
  }: Omit<KnowledgeGradientSearchOptions, 'rng' | 'restarts'> & { bestMean: number },
): Acquisition {
  const M = checkInteger('fantasies', fantasies, 1);
  checkNumber('noise', noise, 0);
  checkNumber('bestMean', bestMean);
  const d = gp.d;
  const sign = maximize ? 1 : -1;
  // Two of them, as a pullback is good until the next point only.
  const posterior = gpPosterior(gp);
  const atMaximizers = gpPosterior(gp);
  const covariance = posteriorCovariance(gp);
  const z = Float64Array.from({ length: M }, (_, m) => normalQuantile((m + 0.5) / M));
  return {
    value(joint, gradient) {
      const x = joint.slice(0, d);
      gradient?.fill(0);
      const at = posterior.at(x, gradient !== undefined);
      const scale = Math.sqrt(at.std * at.std + noise);
      const slopeX = new Float64Array(d);
      const slopePrime = new Float64Array(d);
      const own = new Float64Array(d);
      let total = 0;
      let shrink = 0;
      for (let m = 0; m < M; m++) {
        const from = d * (m + 1);
        const prime = joint.slice(from, from + d);
        const atPrime = atMaximizers.at(prime, gradient !== undefined);
        slopeX.fill(0);
        slopePrime.fill(0);
        const shared = covariance(prime, x, gradient === undefined ? undefined : [slopePrime, slopeX]);
        total += sign * atPrime.mean + (shared / scale) * z[m];
        if (gradient === undefined) continue;
        own.fill(0);
        atPrime.pullback(sign / M, 0, own);
        for (let k = 0; k < d; k++) {
          gradient[from + k] = own[k] + (z[m] * slopePrime[k]) / (scale * M);
          gradient[k] += (z[m] * slopeX[k]) / (scale * M);
        }
        shrink += (z[m] * shared) / M;
      }
      if (gradient !== undefined) {
        own.fill(0);
        at.pullback(0, (-shrink * at.std) / (scale * scale * scale), own);
        for (let k = 0; k < d; k++) gradient[k] += own[k];
      }
      return total / M - bestMean;
    },
  };
}

/**
 * The point of largest knowledge gradient in a box, by the one-shot form: starts from the best points of the discrete
 * knowledge gradient, with every x'_m at the best point of its own line, then one joint quasi-Newton search.
 *
 * @example
 * const gp = gpCondition(rbf({ lengthscale: 0.3 }), [[0.1], [0.9]], [0, 1], { noise: 0.01 });
 * knowledgeGradient(gp, [[0, 1]], { rng: createRng(1) }).value > 0; //=> true
 */
export function knowledgeGradient(
  gp: GpState,
  bounds: Bounds,
  options: KnowledgeGradientSearchOptions,
): KnowledgeGradientResult {
  const { rng, fantasies = 16, maximize = true, restarts = 4 } = options;
  checkInteger('restarts', restarts, 1);
  const noise = options.noise ?? averageNoise(gp);
  const d = bounds.length;
  const sign = maximize ? 1 : -1;
  const domain = candidates(gp, bounds, 256, rng);
  const bestMean = bestOfMean(gp, bounds, sign, domain);
  const objective = oneShotKnowledgeGradient(gp, { fantasies, noise, maximize, bestMean });
  const discrete = knowledgeGradientAcquisition(gp, { domain, noise, maximize });
  const starts: Float64Array[] = [];
  for (let r = 0; r < restarts; r++) {
    starts.push(optimizeAcquisition(discrete, bounds, { rng, rawSamples: 32, restarts: 1, maxIterations: 20 }).x);
  }
  const lower = new Float64Array(d * (fantasies + 1));
  const upper = lower.slice();
  for (let p = 0; p < lower.length; p++) [lower[p], upper[p]] = bounds[p % d];
  let best: KnowledgeGradientResult | undefined;
  for (const x of starts) {
    const joint = new Float64Array(lower.length);
    joint.set(x);
    lineMaximizers(gp, x, domain, noise, sign, fantasies).forEach((prime, m) => joint.set(prime, d * (m + 1)));
    const { x: end } = minimizeLbfgsb(
      (point, gradient) => {
        const value = objective.value(point, gradient);
        for (let p = 0; p < gradient.length; p++) gradient[p] = -gradient[p];
        return -value;
      },
      joint,
      { lower, upper, maxIterations: 60 },
    );
    const found = end.slice(0, d);
    const maximizers = Array.from({ length: fantasies }, (_, m) => end.slice(d * (m + 1), d * (m + 2)));
    const value = valueOnSet(gp, found, [...maximizers, ...rowsOf(domain)], noise, maximize, bestMean);
    if (best === undefined || value > best.value) best = { x: found, value };
  }
  return best!;
}

/**
 * The knowledge gradient of x with the maximizer of each of M quantiles found by search, then valued exactly on the set of
 * these maximizers: a lower bound that is tight when they are right.
 */
export function hybridKnowledgeGradient(
  gp: GpState,
  x: ArrayLike<number>,
  bounds: Bounds,
  { rng, fantasies = 8, noise = averageNoise(gp), maximize = true }: KnowledgeGradientSearchOptions,
): number {
  const point = queryPoint(gp, x);
  checkNumber('noise', noise, 0);
  const sign = maximize ? 1 : -1;
  const domain = candidates(gp, bounds, 256, rng);
  const bestMean = bestOfMean(gp, bounds, sign, domain);
  const maximizers = lineMaximizers(gp, point, domain, noise, sign, checkInteger('fantasies', fantasies, 1)).map(
    (start, m) => polish(gp, point, start, normalQuantile((m + 0.5) / fantasies), noise, sign, bounds),
  );
  return valueOnSet(gp, point, [...maximizers, ...rowsOf(domain)], noise, maximize, bestMean);
}

export interface KnowledgeGradientSgdOptions extends Omit<KnowledgeGradientSearchOptions, 'fantasies' | 'restarts'> {
  /** R. Default 10. */
  starts?: number;
  /** T. Default 100. */
  steps?: number;
  /** J: draws of Z by which the ends of the starts are compared. Default 1000. */
  replications?: number;
  /** a of the step sizes a/(a + t), relative to the box. Default 4. */
  offset?: number;
}

/**
 * Tutorial, Algorithms 2 to 4: multi-start stochastic gradient ascent on the knowledge gradient.
 *
 * A gradient is that of μ_{n+1}(x'; x, Z) in x at the maximizer x' for one Z, by the envelope theorem; x' is the best of the
 * candidates for that Z, polished by quasi-Newton steps. Ends are compared by J common draws of Z over the candidates. Steps
 * are in units of the box; the average over the second half of the steps is the end of a start.
 */
export function knowledgeGradientSgd(
  gp: GpState,
  bounds: Bounds,
  options: KnowledgeGradientSgdOptions,
): KnowledgeGradientResult {
  const { rng, starts = 10, steps = 100, replications = 1000, offset = 4, maximize = true } = options;
  checkInteger('starts', starts, 1);
  checkInteger('steps', steps, 1);
  checkInteger('replications', replications, 1);
  checkPositive('offset', offset);
  const noise = checkNumber('noise', options.noise ?? averageNoise(gp), 0);
  const d = bounds.length;
  const sign = maximize ? 1 : -1;
  const domain = candidates(gp, bounds, 128, rng);
  const posterior = gpPosterior(gp);
  const covariance = posteriorCovariance(gp);
  const bestMean = bestOfMean(gp, bounds, sign, domain);
  const common = Float64Array.from({ length: replications }, () => sampleNormal(rng));
  let best: KnowledgeGradientResult | undefined;
  for (let r = 0; r < starts; r++) {
    const x = Float64Array.from(bounds, ([low, high]) => low + rng() * (high - low));
    const average = new Float64Array(d);
    let averaged = 0;
    for (let t = 1; t <= steps; t++) {
      const z = sampleNormal(rng);
      const prime = polish(gp, x, bestOnLine(gp, x, domain, noise, sign, z), z, noise, sign, bounds);
      const at = posterior.at(x, true);
      const scale = Math.sqrt(at.std * at.std + noise);
      const gradient = new Float64Array(d);
      const shared = covariance(prime, x, [new Float64Array(d), gradient]);
      for (let k = 0; k < d; k++) gradient[k] *= z / scale;
      at.pullback(0, (-z * shared * at.std) / (scale * scale * scale), gradient);
      const step = offset / (offset + t);
      for (let k = 0; k < d; k++) {
        const [low, high] = bounds[k];
        const width = high - low;
        x[k] = Math.min(high, Math.max(low, x[k] + step * width * width * gradient[k]));
      }
      if (2 * t > steps) {
        averaged += 1;
        for (let k = 0; k < d; k++) average[k] += (x[k] - average[k]) / averaged;
      }
    }
    const value = replicate(gp, average, domain, noise, sign, common) - bestMean;
    if (best === undefined || value > best.value) best = { x: average, value };
  }
  return best!;
}

/** Quasi-random points of the box and the data. */
function candidates(gp: GpState, bounds: Bounds, count: number, rng: Rng): Points {
  const d = bounds.length;
  checkBounds(bounds, gp.n > 0 ? gp.d : undefined);
  const data = new Float64Array((count + gp.n) * d);
  const unit = d <= 64 ? sobol(count, d, { rng }) : Float64Array.from({ length: count * d }, rng);
  for (let p = 0; p < count * d; p++) {
    const [low, high] = bounds[p % d];
    data[p] = low + unit[p] * (high - low);
  }
  data.set(trainingPoints(gp).data, count * d);
  return { data, rows: count + gp.n, columns: d };
}

/** The largest mean of the box, sign included: the best candidate, climbed from. */
function bestOfMean(gp: GpState, bounds: Bounds, sign: 1 | -1, domain: Points): number {
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

/** argmax over the domain of μ + σ̃ z for the M quantiles z. */
function lineMaximizers(
  gp: GpState,
  x: Float64Array,
  domain: Points,
  noise: number,
  sign: 1 | -1,
  M: number,
): Float64Array[] {
  return Array.from({ length: M }, (_, m) => bestOnLine(gp, x, domain, noise, sign, normalQuantile((m + 0.5) / M)));
}

function bestOnLine(
  gp: GpState,
  x: Float64Array,
  domain: Points,
  noise: number,
  sign: 1 | -1,
  z: number,
): Float64Array {
  const { mean, slope } = linesOf(gp, x, domain, noise);
  let top = 0;
  const value = (j: number) => sign * mean[j] + slope[j] * z;
  for (let j = 1; j < domain.rows; j++) if (value(j) > value(top)) top = j;
  return row(domain, top);
}

/** μ_n and σ̃(·, x) on the domain. O(m n). */
function linesOf(
  gp: GpState,
  x: Float64Array,
  domain: Points,
  noise: number,
): { mean: Float64Array; slope: Float64Array } {
  const { mean } = predict(gp, domain, { variance: false });
  const covariance = posteriorCovariance(gp).withMany(domain, x);
  const { std } = gpPosterior(gp).at(x, false);
  const scale = Math.sqrt(std * std + noise);
  return { mean, slope: covariance.map((value) => value / scale) };
}

/** Quasi-Newton ascent of μ(x') + σ̃(x', x) z in x'. */
function polish(
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
function valueOnSet(
  gp: GpState,
  x: Float64Array,
  set: Float64Array[],
  noise: number,
  maximize: boolean,
  bestMean: number,
): number {
  const d = x.length;
  const data = new Float64Array(set.length * d);
  set.forEach((point, i) => data.set(point, i * d));
  const sign = maximize ? 1 : -1;
  const { mean, slope } = linesOf(gp, x, { data, rows: set.length, columns: d }, noise);
  const a = mean.map((value) => sign * value);
  let top = -Infinity;
  for (let i = 0; i < a.length; i++) top = Math.max(top, a[i]);
  return Math.max(0, expectedMaxAffine(a, slope) + top - bestMean);
}

/** Mean over common draws of max_a μ + σ̃ z. */
function replicate(
  gp: GpState,
  x: Float64Array,
  domain: Points,
  noise: number,
  sign: 1 | -1,
  draws: Float64Array,
): number {
  const { mean, slope } = linesOf(gp, x, domain, noise);
  let total = 0;
  for (let s = 0; s < draws.length; s++) {
    let top = -Infinity;
    for (let j = 0; j < domain.rows; j++) top = Math.max(top, sign * mean[j] + slope[j] * draws[s]);
    total += top;
  }
  return total / draws.length;
}

function boxOf(bounds: Bounds): { lower: number[]; upper: number[] } {
  checkVector('bounds', bounds.flat());
  return { lower: bounds.map(([low]) => low), upper: bounds.map(([, high]) => high) };
}

function row({ data, columns }: Points, i: number): Float64Array {
  return data.slice(i * columns, (i + 1) * columns);
}

function rowsOf(points: Points): Float64Array[] {
  return Array.from({ length: points.rows }, (_, i) => row(points, i));
}
