/**
 * The knowledge gradient over a continuous domain by stochastic gradients.
 *
 * P. I. Frazier, arXiv:1807.02811, Algorithms 2 to 4, with the envelope theorem of section 4.2.
 *
 *   paper            here                          meaning
 *   Z                z                             standard normal: the outcome of the observation
 *   R, T, J          starts, steps, replications
 *   a_t = a/(a + t)  offset a                      step sizes
 */
import { checkInteger, checkNumber, checkPositive } from '../../internal/check.js';
import { sampleNormal } from '../../random/normal.js';
import type { GpState } from '../gp/gp-state.js';
import { averageNoise } from '../gp/predict.js';
import type { Bounds } from './bounds.js';
import { bestOfMean, bestOnLine, candidates, type Lines, linesOn, polish } from './knowledge-gradient-lines.js';
import type { KnowledgeGradientResult, KnowledgeGradientSearchOptions } from './one-shot-knowledge-gradient.js';
import { gpPosterior } from './posterior.js';
import { posteriorCovariance } from './posterior-covariance.js';

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
  const lines = linesOn(gp, domain, noise);
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
      const prime = polish(gp, x, bestOnLine(domain, lines(x), sign, z), z, noise, sign, bounds);
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
    const value = replicate(lines(average), sign, common) - bestMean;
    if (best === undefined || value > best.value) best = { x: average, value };
  }
  return best!;
}

/** Mean over common draws of max_a μ + σ̃ z. */
function replicate({ mean, slope }: Lines, sign: 1 | -1, draws: Float64Array): number {
  let total = 0;
  for (let s = 0; s < draws.length; s++) {
    let top = -Infinity;
    for (let j = 0; j < mean.length; j++) top = Math.max(top, sign * mean[j] + slope[j] * draws[s]);
    total += top;
  }
  return total / draws.length;
}
