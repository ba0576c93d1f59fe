/**
 * Where the search for an acquisition's maximum begins: raw points, and a choice of them by their values.
 *
 * M. Balandat et al., arXiv:1910.06403, appendix F. The steps around evaluated points for high dimensions: R. G. Regis,
 * C. A. Shoemaker, Engineering Optimization 45 (2013) 529-555.
 */
import type { Rng } from '../../random/create-rng.js';
import { sampleTruncatedNormal } from '../../random/truncated-normal.js';
import { exp } from '../../special/exp.js';
import { log } from '../../special/log.js';
import { quasiUniform } from '../quasi-random.js';
import { isFeasible, settle, type SearchProblem } from './search-problem.js';

/**
 * All feasible raw points, discrete coordinates snapped and fixed ones set: scrambled Sobol points (uniform ones above 64
 * dimensions), a tenth more around the best 5% of the evaluated points, and the user's.
 */
export function rawPoints(problem: SearchProblem): Float64Array {
  const { d, low, high, evaluated, candidates, rng, rawSamples: n } = problem;
  const unit = quasiUniform(n, d, rng);
  const local = evaluated.length > 0 ? Math.ceil(n / 10) : 0;
  const points = new Float64Array((n + local) * d + candidates.length);
  for (let p = 0; p < n * d; p++) points[p] = low[p % d] + unit[p] * (high[p % d] - low[p % d]);
  const best = Math.max(1, Math.ceil(0.05 * (evaluated.length / d)));
  for (let i = 0; i < local; i++) {
    const at = (n + i) * d;
    perturb(problem, evaluated.subarray((i % best) * d, (i % best) * d + d), points.subarray(at, at + d));
  }
  points.set(candidates, (n + local) * d);
  for (let at = 0; at < points.length; at += d) settle(problem, points.subarray(at, at + d));
  return problem.constraints.length === 0 ? points : feasible(problem, points);
}

/** The best value's index, and others without replacement by a softmax of the standardized values. */
export function chooseStarts(values: Float64Array, count: number, rng: Rng): number[] {
  const n = values.length;
  let mean = 0;
  let finite = 0;
  let best = 0;
  for (let j = 0; j < n; j++) {
    if (values[j] > values[best]) best = j;
    if (!Number.isFinite(values[j])) continue;
    mean += values[j];
    finite += 1;
  }
  if (count === 0) return [];
  if (finite === 0) return [best];
  mean /= finite;
  let squares = 0;
  for (let j = 0; j < n; j++) if (Number.isFinite(values[j])) squares += (values[j] - mean) * (values[j] - mean);
  const std = Math.sqrt(squares / finite);
  const weights = new Float64Array(n);
  for (let j = 0; j < n; j++) {
    if (!Number.isFinite(values[j])) continue;
    weights[j] = std > 0 ? exp(Math.min(700, (values[j] - mean) / std)) : 1;
  }
  const starts: number[] = [];
  const take = (j: number) => {
    starts.push(j);
    weights[j] = 0;
  };
  take(best);
  while (starts.length < count) {
    let total = 0;
    for (let j = 0; j < n; j++) total += weights[j];
    if (!(total > 0)) break;
    const target = rng() * total;
    let running = 0;
    let chosen = -1;
    for (let j = 0; j < n; j++) {
      if (weights[j] === 0) continue;
      running += weights[j];
      chosen = j;
      if (running > target) break;
    }
    take(chosen);
  }
  return starts;
}

/** Truncated normal steps with a deviation from 1e-3 to 1e-1 of the box; from 20 dimensions on, of about 20 of them. */
function perturb({ d, low, high, rng }: SearchProblem, center: Float64Array, out: Float64Array): void {
  const sigma = exp(log(1e-3) + rng() * log(100));
  const probability = d >= 20 ? 20 / d : 1;
  for (let k = 0; k < d; k++) {
    out[k] = center[k];
    if (high[k] > low[k] && (probability === 1 || rng() < probability)) {
      out[k] = sampleTruncatedNormal(center[k], sigma * (high[k] - low[k]), rng, { low: low[k], high: high[k] });
    }
  }
}

function feasible(problem: SearchProblem, points: Float64Array): Float64Array {
  const { d } = problem;
  const kept: Float64Array[] = [];
  for (let at = 0; at < points.length; at += d) {
    const x = points.subarray(at, at + d);
    if (isFeasible(problem, x)) kept.push(x);
  }
  const out = new Float64Array(kept.length * d);
  kept.forEach((x, j) => out.set(x, j * d));
  return out;
}
