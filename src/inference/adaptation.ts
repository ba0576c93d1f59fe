// What the burn-in of a Hamiltonian sampler learns: its step, by dual averaging, and if wanted one mass a coordinate.
//
// M. D. Hoffman, A. Gelman, "The No-U-Turn Sampler", JMLR 15 (2014), Algorithms 4 and 5; masses 1/variance after Stan.
//
//   ε step, m masses, δ acceptance aimed at

import type { Rng } from '../random/create-rng.js';
import { sampleNormal } from '../random/normal.js';
import { dualAveraging } from './dual-averaging.js';
import { integrate, kineticEnergy, type LogDensityGradient } from './leapfrog.js';

export interface Adaptation {
  /** ε of the next iteration; after the burn-in the averaged one. */
  stepSize: number;
  /** Takes in the acceptance probability and the position of iteration t of the burn-in; may change the masses in place. */
  observe(t: number, acceptProbability: number, position: Float64Array): void;
}

/**
 * Adaptation over `burnIn` iterations. With `adaptMass` the variance of the second quarter of them sets the masses halfway
 * through, after which the averaging of the step begins again.
 */
export function adaptation(options: {
  burnIn: number;
  stepSize: number;
  targetAccept: number;
  adaptMass: boolean;
  mass: Float64Array;
}): Adaptation {
  const { burnIn, targetAccept, adaptMass, mass } = options;
  const d = mass.length;
  let averaging = dualAveraging({ initialStep: options.stepSize, targetAccept });
  let state = averaging.init();
  const quarter = Math.floor(burnIn / 4);
  const moments = { n: 0, mean: new Float64Array(d), squares: new Float64Array(d) };
  const self: Adaptation = {
    stepSize: options.stepSize,
    observe(t, acceptProbability, position) {
      state = averaging.update(state, acceptProbability, state);
      self.stepSize = averaging.step(state);
      if (adaptMass && t >= quarter && t < 2 * quarter) {
        accumulate(moments, position);
        if (t === 2 * quarter - 1 && moments.n > 1) {
          for (let i = 0; i < d; i++) {
            const variance = moments.squares[i] / (moments.n - 1);
            if (variance > 0) mass[i] = 1 / variance;
          }
          averaging = dualAveraging({ initialStep: self.stepSize, targetAccept });
          state = averaging.init();
        }
      }
      if (t === burnIn - 1) self.stepSize = averaging.averagedStep(state);
    },
  };
  return self;
}

/** Welford's running mean and sum of squared deviations. */
function accumulate(moments: { n: number; mean: Float64Array; squares: Float64Array }, x: Float64Array): void {
  moments.n += 1;
  for (let i = 0; i < x.length; i++) {
    const delta = x[i] - moments.mean[i];
    moments.mean[i] += delta / moments.n;
    moments.squares[i] += delta * (x[i] - moments.mean[i]);
  }
}

/** Hoffman and Gelman (2014), Algorithm 4: double or halve ε until the acceptance of one step crosses 1/2. d normal draws. */
export function reasonableStep(
  logDensityGradient: LogDensityGradient,
  start: Float64Array,
  rng: Rng,
  initial: number,
  mass: Float64Array,
): number {
  const d = start.length;
  const impulse = mass.map((m) => Math.sqrt(m) * sampleNormal(rng));
  const gradient = new Float64Array(d);
  const logRatio = (step: number) => {
    const position = start.slice();
    const momentum = impulse.slice();
    const before = logDensityGradient(position, gradient) - kineticEnergy(momentum, mass);
    const logDensity = integrate(logDensityGradient, position, momentum, gradient, step, 1, mass);
    const ratio = logDensity - kineticEnergy(momentum, mass) - before;
    return Number.isFinite(ratio) ? ratio : -Infinity;
  };
  let step = initial;
  const up = logRatio(step) > -Math.LN2;
  for (let i = 0; i < 60; i++) {
    const next = up ? step * 2 : step / 2;
    if (logRatio(next) > -Math.LN2 !== up) return up ? step : next;
    step = next;
  }
  return step;
}
