/**
 * Maximization of an acquisition function over a box, with discrete coordinates, fixed coordinates and constraints.
 *
 * The scheme of botorch (M. Balandat et al., arXiv:1910.06403, appendix F): many quasi-random points, from which starts are
 * drawn by a softmax of their values, then quasi-Newton steps with analytic gradients from each start. Discrete coordinates
 * alternate with the continuous ones. Constraints are met by rejection of raw points and by a logarithmic barrier during
 * the steps, so that every point on the way is strictly feasible.
 */
import { checkInteger, checkNumber, checkPositive, checkVector } from '../../internal/check.js';
import { minimizeLbfgsb } from '../../optimize/lbfgsb.js';
import type { Rng } from '../../random/create-rng.js';
import { sampleIndex } from '../../random/categorical.js';
import { sampleNormal } from '../../random/normal.js';
import { sobol } from '../../random/sobol.js';
import { sampleTruncatedNormal } from '../../random/truncated-normal.js';
import { exp } from '../../special/exp.js';
import { log } from '../../special/log.js';
import type { Acquisition } from './acquisition.js';
import { checkBounds } from './bounds.js';
import { evaluateMany } from './constrained-expected-improvement.js';
import { searchBlocks, snapToBlocks, type DiscreteBlock } from './discrete-search.js';

export interface OptimizeAcquisitionOptions {
  rng: Rng;
  /** Quasi-random points to begin with. Default 512, or 1024 above 6 dimensions. */
  rawSamples?: number;
  /** Starts that are refined. Default 8. */
  restarts?: number;
  /** Of each quasi-Newton run. Default 100. */
  maxIterations?: number;
  /** Points already evaluated, row-major, best first: a tenth more raw points is drawn around the best 5% of them. */
  evaluated?: Float64Array;
  /** Further raw points, row-major. */
  candidates?: Float64Array;
  /** Units in which the steps are taken, one per coordinate; a model's length-scales serve. Default: all 1. */
  lengthscales?: ArrayLike<number>;
  /** Coordinates held at a value: NaN marks the free ones. */
  fixed?: ArrayLike<number>;
  /** Coordinates that take finitely many values. */
  blocks?: readonly DiscreteBlock[];
  /** Feasible where every entry is at most 0. */
  constraints?: readonly InequalityConstraint[];
  /** Points closer than this to an evaluated one, in the maximum norm relative to the box, are not returned. Default 1e-9. */
  duplicateTolerance?: number;
  /** The one code of all codes that mean the same as x: what is compared with evaluated points, and returned. */
  canonical?: (x: Float64Array) => Float64Array;
  /** Whether the acquisition has no gradient: starts are then refined by random steps that shrink. Default false. */
  gradientFree?: boolean;
}

/** c(x) <= 0; `gradient`, when given, is overwritten. Linear constraints: `linearConstraint`. */
export type InequalityConstraint = (x: Float64Array, gradient?: Float64Array) => number;

export interface OptimizeAcquisitionResult {
  x: Float64Array;
  value: number;
  /** Evaluations of the acquisition function. */
  evaluations: number;
  /** Whether every refined and raw point was a duplicate, so that x was drawn at random. */
  exhausted: boolean;
}

/** a·x - upper as a constraint. */
export function linearConstraint(a: ArrayLike<number>, upper: number): InequalityConstraint {
  checkVector('a', a);
  checkNumber('upper', upper);
  return (x, gradient) => {
    let value = -upper;
    for (let k = 0; k < x.length; k++) value += a[k] * x[k];
    if (gradient !== undefined) for (let k = 0; k < x.length; k++) gradient[k] = a[k];
    return value;
  };
}

/**
 * The best point found: the argmax over raw and refined points, of those that are not duplicates of evaluated ones.
 *
 * Raw points: scrambled Sobol points (uniform ones above 64 dimensions), truncated normal perturbations of the best evaluated
 * points with deviations from 1e-3 to 1e-1 of the box (of a random subset of coordinates from 20 dimensions on), and
 * `candidates`. Starts: the best raw point, and others drawn without replacement with probability proportional to
 * exp((a - mean a)/std a); values of -Infinity have no chance, equal values an equal one.
 *
 * @throws RangeError if the acquisition is NaN somewhere, naming the point; if no feasible raw point is found
 *
 * @example
 * const bowl = { value: (x, g) => { g?.set([-2 * (x[0] - 0.3)]); return -(x[0] - 0.3) * (x[0] - 0.3); } };
 * const { x } = optimizeAcquisition(bowl, [[0, 1]], { rng: createRng(1) });
 * Math.abs(x[0] - 0.3) < 1e-6; //=> true
 */
export function optimizeAcquisition(
  acquisition: Acquisition,
  bounds: readonly (readonly [number, number])[],
  options: OptimizeAcquisitionOptions,
): OptimizeAcquisitionResult {
  const problem = checkProblem(acquisition, bounds, options);
  const { d } = problem;
  const raw = feasible(problem, rawPoints(problem, options));
  const rows = raw.length / d;
  if (rows === 0) throw new RangeError('constraints must hold at some raw point: none of them is feasible');
  const values = evaluateMany(acquisition, raw, rows);
  problem.evaluations += rows;
  for (let j = 0; j < rows; j++) if (Number.isNaN(values[j])) throw nanAt(raw.subarray(j * d, j * d + d));

  const found: { x: Float64Array; value: number }[] = [];
  for (let j = 0; j < rows; j++) found.push({ x: raw.slice(j * d, j * d + d), value: values[j] });
  const restarts = checkInteger('restarts', options.restarts ?? 8, 0);
  for (const j of chooseStarts(values, restarts, options.rng)) found.push(refine(problem, found[j], options));
  // Stable: equal values keep the order of the raw points, so ties do not depend on the sort.
  found.sort((a, b) => (a.value === b.value ? 0 : b.value - a.value));
  for (const { x, value } of found) {
    const code = problem.canonical(x);
    if (!isDuplicate(problem, code)) return { x: code, value, evaluations: problem.evaluations, exhausted: false };
  }
  const x = randomPoint(problem, options.rng);
  const value = acquisition.value(x);
  return { x, value, evaluations: problem.evaluations + 1, exhausted: true };
}

interface Problem {
  acquisition: Acquisition;
  d: number;
  low: Float64Array;
  high: Float64Array;
  /** Units of the steps. */
  unit: Float64Array;
  /** Value of a fixed coordinate, NaN for a free one. */
  fixed: Float64Array;
  blocks: readonly DiscreteBlock[];
  /** Coordinates that quasi-Newton steps may move. */
  continuous: boolean[];
  constraints: readonly InequalityConstraint[];
  evaluated: Float64Array;
  tolerance: number;
  canonical: (x: Float64Array) => Float64Array;
  evaluations: number;
}

function checkProblem(
  acquisition: Acquisition,
  bounds: readonly (readonly [number, number])[],
  options: OptimizeAcquisitionOptions,
): Problem {
  const d = bounds.length;
  checkBounds(bounds);
  const low = new Float64Array(d);
  const high = new Float64Array(d);
  bounds.forEach(([a, b], k) => {
    low[k] = a;
    high[k] = b;
  });
  const unit = new Float64Array(d).fill(1);
  if (options.lengthscales !== undefined) unit.set(Array.from(checkVector('lengthscales', options.lengthscales, d)));
  for (let k = 0; k < d; k++) checkPositive(`lengthscales[${k}]`, unit[k]);
  const fixed = new Float64Array(d).fill(NaN);
  if (options.fixed !== undefined) {
    if (options.fixed.length !== d) throw new RangeError(`fixed must have length ${d}, got ${options.fixed.length}`);
    for (let k = 0; k < d; k++) {
      const value = options.fixed[k];
      fixed[k] = Number.isNaN(value) ? NaN : checkNumber(`fixed[${k}]`, value, low[k], high[k]);
    }
  }
  const allBlocks = options.blocks ?? [];
  const discrete = new Set(allBlocks.flatMap(({ dims }) => dims));
  const blocks = allBlocks.filter(({ dims }) => dims.some((k) => Number.isNaN(fixed[k])));
  return {
    acquisition,
    d,
    low,
    high,
    unit,
    fixed,
    blocks,
    continuous: Array.from({ length: d }, (_, k) => !discrete.has(k) && Number.isNaN(fixed[k])),
    constraints: options.constraints ?? [],
    evaluated: flatPoints('evaluated', options.evaluated, d),
    tolerance: checkNumber('duplicateTolerance', options.duplicateTolerance ?? 1e-9, 0),
    canonical: options.canonical ?? ((x) => x),
    evaluations: 0,
  };
}

function flatPoints(name: string, points: Float64Array | undefined, d: number): Float64Array {
  if (points === undefined) return new Float64Array(0);
  checkVector(name, points);
  if (points.length % d !== 0)
    throw new RangeError(`${name} must have a multiple of ${d} entries, got ${points.length}`);
  return points;
}

/** All raw points, discrete coordinates snapped and fixed ones set. */
function rawPoints(problem: Problem, options: OptimizeAcquisitionOptions): Float64Array {
  const { d, low, high, evaluated } = problem;
  const { rng } = options;
  const n = checkInteger('rawSamples', options.rawSamples ?? (d > 6 ? 1024 : 512), 1);
  const unit = d <= 64 ? sobol(n, d, { rng }) : Float64Array.from({ length: n * d }, rng);
  const local = evaluated.length > 0 ? Math.ceil(n / 10) : 0;
  const candidates = flatPoints('candidates', options.candidates, d);
  const points = new Float64Array((n + local) * d + candidates.length);
  for (let p = 0; p < n * d; p++) points[p] = low[p % d] + unit[p] * (high[p % d] - low[p % d]);
  const best = Math.max(1, Math.ceil(0.05 * (evaluated.length / d)));
  for (let i = 0; i < local; i++) {
    const at = (n + i) * d;
    perturb(problem, evaluated.subarray((i % best) * d, (i % best) * d + d), points.subarray(at, at + d), rng);
  }
  points.set(candidates, (n + local) * d);
  for (let at = 0; at < points.length; at += d) settle(problem, points.subarray(at, at + d));
  return points;
}

function perturb({ d, low, high }: Problem, center: Float64Array, out: Float64Array, rng: Rng): void {
  const sigma = exp(log(1e-3) + rng() * log(100));
  const probability = d >= 20 ? 20 / d : 1;
  for (let k = 0; k < d; k++) {
    out[k] = center[k];
    if (high[k] > low[k] && (probability === 1 || rng() < probability)) {
      out[k] = sampleTruncatedNormal(center[k], sigma * (high[k] - low[k]), rng, { low: low[k], high: high[k] });
    }
  }
}

/** Snaps the discrete coordinates, sets the fixed ones, clips to the box. */
function settle({ d, low, high, fixed, blocks }: Problem, x: Float64Array): void {
  snapToBlocks(blocks, x, low, high);
  for (let k = 0; k < d; k++) {
    x[k] = Number.isNaN(fixed[k]) ? Math.min(high[k], Math.max(low[k], x[k])) : fixed[k];
  }
}

function feasible({ d, constraints }: Problem, points: Float64Array): Float64Array {
  if (constraints.length === 0) return points;
  const kept: Float64Array[] = [];
  for (let at = 0; at < points.length; at += d) {
    const x = points.subarray(at, at + d);
    if (constraints.every((constraint) => constraint(x) <= 0)) kept.push(x);
  }
  const out = new Float64Array(kept.length * d);
  kept.forEach((x, j) => out.set(x, j * d));
  return out;
}

/** The best value's index, and others without replacement by a softmax of the standardized values. */
function chooseStarts(values: Float64Array, count: number, rng: Rng): number[] {
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

/** Continuous and discrete steps in turn until neither moves the point. */
function refine(
  problem: Problem,
  start: { x: Float64Array; value: number },
  options: OptimizeAcquisitionOptions,
): { x: Float64Array; value: number } {
  const { blocks, continuous, acquisition, constraints } = problem;
  const maxIterations = checkInteger('maxIterations', options.maxIterations ?? 100, 1);
  let current: { x: Float64Array; value: number } = { x: start.x.slice(), value: start.value };
  const moves = continuous.some((free) => free);
  for (let round = 0; round < 20; round++) {
    if (moves) {
      current = options.gradientFree
        ? shrinkingSteps(problem, current, maxIterations, options.rng)
        : climb(problem, current, maxIterations);
    }
    if (blocks.length === 0) break;
    const score = (x: Float64Array) => {
      if (!constraints.every((constraint) => constraint(x) <= 0)) return -Infinity;
      problem.evaluations += 1;
      return acquisition.value(x);
    };
    const found = searchBlocks(blocks, current, score, options.rng);
    // What the steps gained is theirs to keep; another round is worth it only when a block has moved.
    if (!(found.value > current.value)) break;
    current = found;
  }
  return current;
}

/** Quasi-Newton steps over the continuous coordinates, through a vanishing barrier when there are constraints. */
function climb(
  problem: Problem,
  start: { x: Float64Array; value: number },
  maxIterations: number,
): { x: Float64Array; value: number } {
  const { constraints } = problem;
  if (constraints.length === 0) return quasiNewton(problem, start, maxIterations, 0);
  let current = start;
  if (constraints.some((constraint) => !(constraint(start.x) < 0))) return start; // no interior to move in
  for (const barrier of [1e-2, 1e-4, 1e-6]) {
    const next = quasiNewton(problem, current, maxIterations, barrier);
    if (next.value > current.value) current = next;
  }
  return current;
}

function quasiNewton(
  problem: Problem,
  start: { x: Float64Array; value: number },
  maxIterations: number,
  barrier: number,
): { x: Float64Array; value: number } {
  const { acquisition, d, low, high, unit, continuous, constraints } = problem;
  const x = start.x.slice();
  const slope = new Float64Array(d);
  const constraintSlope = new Float64Array(d);
  const lower = Float64Array.from(low, (value, k) => (continuous[k] ? value : x[k]) / unit[k]);
  const upper = Float64Array.from(high, (value, k) => (continuous[k] ? value : x[k]) / unit[k]);
  const objective = (scaled: Float64Array, gradient: Float64Array): number => {
    for (let k = 0; k < d; k++) if (continuous[k]) x[k] = clip(scaled[k] * unit[k], low[k], high[k]);
    gradient.fill(0);
    let penalty = 0;
    if (barrier > 0) {
      for (const constraint of constraints) {
        const slack = -constraint(x, constraintSlope);
        if (!(slack > 0)) return Infinity;
        penalty -= barrier * log(slack);
        for (let k = 0; k < d; k++) gradient[k] += (barrier * constraintSlope[k]) / slack;
      }
    }
    problem.evaluations += 1;
    const value = acquisition.value(x, slope);
    if (Number.isNaN(value)) throw nanAt(x);
    for (let k = 0; k < d; k++) gradient[k] = continuous[k] ? (gradient[k] - slope[k]) * unit[k] : 0;
    return penalty - value;
  };
  if (!Number.isFinite(start.value)) return start;
  const from = Float64Array.from(x, (value, k) => value / unit[k]);
  const result = minimizeLbfgsb(objective, from, { lower, upper, maxIterations });
  const end = start.x.slice();
  for (let k = 0; k < d; k++) if (continuous[k]) end[k] = clip(result.x[k] * unit[k], low[k], high[k]);
  const value = acquisition.value(end);
  problem.evaluations += 1;
  return value >= start.value ? { x: end, value } : start;
}

/** Random normal steps of all free coordinates from a tenth of the box down to 1e-5 of it, kept when they help. */
function shrinkingSteps(
  problem: Problem,
  start: { x: Float64Array; value: number },
  steps: number,
  rng: Rng,
): { x: Float64Array; value: number } {
  const { d, low, high, continuous, constraints, acquisition } = problem;
  let current = start;
  for (let step = 0; step < steps; step++) {
    const sigma = 0.1 * exp((step / steps) * log(1e-4));
    const x = current.x.slice();
    for (let k = 0; k < d; k++) {
      if (continuous[k]) x[k] = clip(x[k] + sigma * (high[k] - low[k]) * sampleNormal(rng), low[k], high[k]);
    }
    if (!constraints.every((constraint) => constraint(x) <= 0)) continue;
    problem.evaluations += 1;
    const value = acquisition.value(x);
    if (Number.isNaN(value)) throw nanAt(x);
    if (value > current.value) current = { x, value };
  }
  return current;
}

function isDuplicate({ evaluated, d, low, high, tolerance }: Problem, x: Float64Array): boolean {
  for (let at = 0; at < evaluated.length; at += d) {
    let distance = 0;
    for (let k = 0; k < d; k++) {
      const width = high[k] > low[k] ? high[k] - low[k] : 1;
      distance = Math.max(distance, Math.abs(evaluated[at + k] - x[k]) / width);
    }
    if (distance < tolerance) return true;
  }
  return false;
}

/** A random feasible point that is not a duplicate, as far as 1000 tries find one. */
function randomPoint(problem: Problem, rng: Rng): Float64Array {
  const { d, low, high, blocks, constraints } = problem;
  let x = new Float64Array(d);
  for (let attempt = 0; attempt < 1000; attempt++) {
    x = new Float64Array(d);
    for (let k = 0; k < d; k++) x[k] = low[k] + rng() * (high[k] - low[k]);
    for (const block of blocks) block.write(sampleIndex(block.count, rng), x);
    settle(problem, x);
    x = problem.canonical(x) as Float64Array<ArrayBuffer>;
    if (constraints.every((constraint) => constraint(x) <= 0) && !isDuplicate(problem, x)) break;
  }
  return x;
}

function clip(value: number, low: number, high: number): number {
  return value < low ? low : value > high ? high : value;
}

function nanAt(x: Float64Array): RangeError {
  return new RangeError(`acquisition must not be NaN, got NaN at [${Array.from(x).join(', ')}]`);
}
