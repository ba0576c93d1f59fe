/**
 * From one start uphill: quasi-Newton steps over the continuous coordinates in turn with a search over the discrete ones.
 *
 * Steps are taken in units of the length-scales. Constraints are met by a logarithmic barrier that vanishes, so that every
 * point on the way is strictly feasible.
 */
import { minimizeLbfgsb } from '../../optimize/lbfgsb.js';
import { sampleNormal } from '../../random/normal.js';
import { exp } from '../../special/exp.js';
import { log } from '../../special/log.js';
import { searchBlocks } from './discrete-search.js';
import { clip, evaluate, isFeasible, type SearchProblem } from './search-problem.js';

/** A point and the acquisition there. */
export interface ScoredPoint {
  x: Float64Array;
  value: number;
}

/** Continuous and discrete steps in turn until neither moves the point. */
export function refine(problem: SearchProblem, start: ScoredPoint): ScoredPoint {
  const { blocks, continuous, gradientFree, rng } = problem;
  let current: ScoredPoint = { x: start.x.slice(), value: start.value };
  const moves = continuous.some((free) => free);
  for (let round = 0; round < 20; round++) {
    if (moves) {
      current = gradientFree ? shrinkingSteps(problem, current) : climb(problem, current);
    }
    if (blocks.length === 0) break;
    const score = (x: Float64Array) => (isFeasible(problem, x) ? evaluate(problem, x) : -Infinity);
    const found = searchBlocks(blocks, current, score, rng);
    // What the steps gained is theirs to keep; another round is worth it only when a block has moved.
    if (!(found.value > current.value)) break;
    current = found;
  }
  return current;
}

/** Quasi-Newton steps over the continuous coordinates, through a vanishing barrier when there are constraints. */
function climb(problem: SearchProblem, start: ScoredPoint): ScoredPoint {
  const { constraints } = problem;
  if (constraints.length === 0) return quasiNewton(problem, start, 0);
  let current = start;
  if (constraints.some((constraint) => !(constraint(start.x) < 0))) return start; // no interior to move in
  for (const barrier of [1e-2, 1e-4, 1e-6]) {
    const next = quasiNewton(problem, current, barrier);
    if (next.value > current.value) current = next;
  }
  return current;
}

function quasiNewton(problem: SearchProblem, start: ScoredPoint, barrier: number): ScoredPoint {
  const { d, low, high, unit, continuous, constraints, maxIterations } = problem;
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
    const value = evaluate(problem, x, slope);
    for (let k = 0; k < d; k++) gradient[k] = continuous[k] ? (gradient[k] - slope[k]) * unit[k] : 0;
    return penalty - value;
  };
  if (!Number.isFinite(start.value)) return start;
  const from = Float64Array.from(x, (value, k) => value / unit[k]);
  const result = minimizeLbfgsb(objective, from, { lower, upper, maxIterations });
  const end = start.x.slice();
  for (let k = 0; k < d; k++) if (continuous[k]) end[k] = clip(result.x[k] * unit[k], low[k], high[k]);
  const value = evaluate(problem, end);
  return value >= start.value ? { x: end, value } : start;
}

/** Random normal steps of all free coordinates from a tenth of the box down to 1e-5 of it, kept when they help. */
function shrinkingSteps(problem: SearchProblem, start: ScoredPoint): ScoredPoint {
  const { d, low, high, continuous, rng, maxIterations: steps } = problem;
  let current = start;
  for (let step = 0; step < steps; step++) {
    const sigma = 0.1 * exp((step / steps) * log(1e-4));
    const x = current.x.slice();
    for (let k = 0; k < d; k++) {
      if (continuous[k]) x[k] = clip(x[k] + sigma * (high[k] - low[k]) * sampleNormal(rng), low[k], high[k]);
    }
    if (!isFeasible(problem, x)) continue;
    const value = evaluate(problem, x);
    if (value > current.value) current = { x, value };
  }
  return current;
}
