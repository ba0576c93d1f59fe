// Slice sampling, one coordinate at a time.
//
// R. M. Neal, "Slice sampling", Ann. Statist. 31 (2003), section 4: stepping out (Figure 3) and shrinkage (Figure 5).

import { checkInteger, checkPositive, checkVector } from '../internal/check.js';
import type { Rng } from '../random/create-rng.js';
import { log } from '../special/log.js';

export interface SliceSampleOptions {
  /** Samples kept. Default 500. */
  samples?: number;
  /** Sweeps before. Default 100. */
  burnIn?: number;
  /** w: width of the first interval, one for all coordinates or one each. Default 1. */
  width?: number | ArrayLike<number>;
  /** The interval grows at most this many times. Default 50. */
  maxStepsOut?: number;
}

export interface SliceSampleResult {
  /** One row a sample, flat. */
  samples: Float64Array;
  logDensities: Float64Array;
  dimension: number;
  count: number;
  /** Densities evaluated. */
  evaluations: number;
}

/**
 * Samples from a density known up to a constant, without a gradient or a step to tune. One sweep updates every
 * coordinate in order; a coordinate takes about 2 + expansions + rejections uniforms.
 *
 * @param logDensity may return -Infinity outside the support; NaN counts as outside
 * @throws RangeError if an option is out of range or the density at start is not finite
 *
 * @example
 * const exponential = (x) => (x[0] < 0 ? -Infinity : -x[0]);
 * const run = sliceSample(exponential, [1], createRng(1), { samples: 2000 });
 * Math.abs(run.samples.reduce((total, x) => total + x, 0) / 2000 - 1) < 0.2; //=> true
 */
export function sliceSample(
  logDensity: (theta: Float64Array) => number,
  start: ArrayLike<number>,
  rng: Rng,
  options: SliceSampleOptions = {},
): SliceSampleResult {
  checkVector('start', start);
  const d = start.length;
  const samples = checkInteger('samples', options.samples ?? 500, 1);
  const burnIn = checkInteger('burnIn', options.burnIn ?? 100, 0);
  const maxStepsOut = checkInteger('maxStepsOut', options.maxStepsOut ?? 50, 0);
  const given = options.width ?? 1;
  if (typeof given === 'number') checkPositive('width', given);
  else {
    checkVector('width', given, d);
    for (let i = 0; i < d; i++) checkPositive(`width[${i}]`, given[i]);
  }
  const widths = typeof given === 'number' ? new Float64Array(d).fill(given) : Float64Array.from(given);

  const theta = Float64Array.from(start);
  let evaluations = 0;
  const density = () => {
    evaluations += 1;
    const value = logDensity(theta);
    return Number.isNaN(value) ? -Infinity : value;
  };
  let current = density();
  if (!Number.isFinite(current)) throw new RangeError(`start must have a finite log density, got ${current}`);
  const kept = new Float64Array(samples * d);
  const logDensities = new Float64Array(samples);
  for (let t = -burnIn; t < samples; t++) {
    for (let i = 0; i < d; i++) current = updateCoordinate(i);
    if (t >= 0) {
      kept.set(theta, t * d);
      logDensities[t] = current;
    }
  }
  return { samples: kept, logDensities, dimension: d, count: samples, evaluations };

  function updateCoordinate(i: number): number {
    const x = theta[i];
    const level = current + log(1 - rng()); // the slice: log density above this
    const at = (value: number) => {
      theta[i] = value;
      return density();
    };
    let left = x - widths[i] * rng();
    let right = left + widths[i];
    let stepsLeft = Math.floor((maxStepsOut + 1) * rng());
    let stepsRight = maxStepsOut - stepsLeft;
    while (stepsLeft-- > 0 && at(left) > level) left -= widths[i];
    while (stepsRight-- > 0 && at(right) > level) right += widths[i];
    for (;;) {
      const candidate = left + (right - left) * rng();
      const value = at(candidate);
      if (value > level) return value;
      if (candidate < x) left = candidate;
      else right = candidate;
      if (!(left < right) || candidate === x) {
        theta[i] = x; // the slice is narrower than rounding: stay
        return current;
      }
    }
  }
}
