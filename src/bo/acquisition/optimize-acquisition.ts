/**
 * Maximization of an acquisition function over a box, with discrete coordinates, fixed coordinates and constraints.
 *
 * The scheme of botorch (M. Balandat et al., arXiv:1910.06403, appendix F): many quasi-random points, from which starts are
 * drawn by a softmax of their values, then quasi-Newton steps with analytic gradients from each start. Discrete coordinates
 * alternate with the continuous ones. Constraints are met by rejection of raw points and by a logarithmic barrier during
 * the steps, so that every point on the way is strictly feasible.
 */
import type { Rng } from '../../random/create-rng.js';
import { sampleIndex } from '../../random/categorical.js';
import type { Acquisition } from './acquisition.js';
import type { Bounds } from './bounds.js';
import { evaluateMany } from './constrained-expected-improvement.js';
import type { DiscreteBlock } from './discrete-search.js';
import type { InequalityConstraint } from './inequality-constraint.js';
import { checkValue, evaluate, isFeasible, searchProblem, settle, type SearchProblem } from './search-problem.js';
import { chooseStarts, rawPoints } from './search-starts.js';
import { refine, type ScoredPoint } from './search-steps.js';

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

export interface OptimizeAcquisitionResult {
  x: Float64Array;
  value: number;
  /** Evaluations of the acquisition function. */
  evaluations: number;
  /** Whether every refined and raw point was a duplicate, so that x was drawn at random. */
  exhausted: boolean;
}

/**
 * The best point found: the argmax over raw and refined points, of those that are not duplicates of evaluated ones.
 *
 * Raw points: scrambled Sobol points (uniform ones above 64 dimensions), truncated normal perturbations of the best evaluated
 * points with deviations from 1e-3 to 1e-1 of the box (of a random subset of coordinates from 20 dimensions on), and
 * `candidates`. Starts: the best raw point, and others drawn without replacement with probability proportional to
 * exp((a - mean a)/std a); values of -Infinity have no chance, equal values an equal one.
 *
 * @throws TypeError if there is no option of that name; RangeError if the acquisition is NaN somewhere, naming the point; if no feasible raw point is found
 *
 * @example
 * const bowl = { value: (x, g) => { g?.set([-2 * (x[0] - 0.3)]); return -(x[0] - 0.3) * (x[0] - 0.3); } };
 * const { x } = optimizeAcquisition(bowl, [[0, 1]], { rng: createRng(1) });
 * Math.abs(x[0] - 0.3) < 1e-6; //=> true
 */
export function optimizeAcquisition(
  acquisition: Acquisition,
  bounds: Bounds,
  options: OptimizeAcquisitionOptions,
): OptimizeAcquisitionResult {
  const problem = searchProblem(acquisition, bounds, options);
  const { d } = problem;
  const raw = rawPoints(problem);
  const rows = raw.length / d;
  if (rows === 0) throw new RangeError('constraints must hold at some raw point: none of them is feasible');
  const values = evaluateMany(acquisition, raw, rows);
  problem.evaluations += rows;
  const found: ScoredPoint[] = [];
  for (let j = 0; j < rows; j++) {
    const x = raw.slice(j * d, j * d + d);
    found.push({ x, value: checkValue(values[j], x) });
  }
  for (const j of chooseStarts(values, problem.restarts, problem.rng)) found.push(refine(problem, found[j]));
  // Stable: equal values keep the order of the raw points, so ties do not depend on the sort.
  found.sort((a, b) => (a.value === b.value ? 0 : b.value - a.value));
  for (const { x, value } of found) {
    const code = problem.canonical(x);
    if (!isDuplicate(problem, code)) return { x: code, value, evaluations: problem.evaluations, exhausted: false };
  }
  const x = randomPoint(problem);
  const value = evaluate(problem, x);
  return { x, value, evaluations: problem.evaluations, exhausted: true };
}

function isDuplicate({ evaluated, d, low, high, tolerance }: SearchProblem, x: Float64Array): boolean {
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
function randomPoint(problem: SearchProblem): Float64Array {
  const { d, low, high, blocks, rng } = problem;
  let x = new Float64Array(d);
  for (let attempt = 0; attempt < 1000; attempt++) {
    x = new Float64Array(d);
    for (let k = 0; k < d; k++) x[k] = low[k] + rng() * (high[k] - low[k]);
    for (const block of blocks) block.write(sampleIndex(block.count, rng), x);
    settle(problem, x);
    x = problem.canonical(x) as Float64Array<ArrayBuffer>;
    if (isFeasible(problem, x) && !isDuplicate(problem, x)) break;
  }
  return x;
}
