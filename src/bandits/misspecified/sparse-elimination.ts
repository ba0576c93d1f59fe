/**
 * A near-best action of a sparse linear model that is wrong by ε, found by elimination of hypotheses: the loss is O(ε), without the factor
 * sqrt(d) of dense models, after O((d/ε)^s) queries at most.
 *
 * J. Dong, L. F. Yang, "Does Sparsity Help in Learning Misspecified Linear Bandits?", ICML 2023, arXiv:2303.16998.
 *
 *   paper   here          meaning
 *   φ_a     actions       ||φ_a|| <= 1
 *   θ*      -             ||θ*|| <= 1, ||θ*||_0 <= s, |r(a) - <φ_a, θ*>| <= ε
 *   s, ε    sparsity, epsilon
 *   C       candidates    over every support of size s the grid of step 2ε/√s inside the ball of radius 1 + ε
 *
 * The point of C nearest to θ* is within ε of it, so it is wrong by 2ε at most on every action and is never dropped. An action whose
 * reward is within 2ε of the largest prediction of any survivor is therefore within 4ε of the best.
 */
import { checkInteger, checkNumber, checkPositive, checkVector } from '../../internal/check.js';
import { type MatrixLike, toRowMajor } from '../../linalg/index.js';
import { log } from '../../special/log.js';
import { pow } from '../../special/pow.js';

export interface SparseEliminationOptions {
  /** Sparsity s, from 1 to d. */
  sparsity: number;
  /** Misspecification ε > 0. */
  epsilon: number;
  /**
   * δ in (0, 1), with noise: each query asks for the mean of n = ceil((2/ε²) ln(2|C|/δ)) rewards that are 1-subgaussian, within ε of the
   * truth in all queries with probability 1 - δ; the tolerance is 3ε then. Absent: exact rewards.
   */
  delta?: number;
}

export interface SparseElimination {
  /** The action returned: within 4ε of the best, 6ε with noise. */
  action: number;
  /** Its reward as it was observed. */
  reward: number;
  /** Queries made. */
  queries: number;
  /** Pulls of each query, 1 without noise. */
  pulls: number;
  /** |C|. */
  candidates: number;
  /** The surviving hypothesis whose prediction was kept: length d. */
  theta: Float64Array;
}

/**
 * Runs the elimination: the largest prediction <φ_a, θ> of the surviving hypotheses is put to the test at its action; if the reward is
 * further than 2ε (3ε with noise) below or above, all hypotheses that are as wrong there go.
 *
 * Deterministic. Hypotheses are enumerated afresh for every query and never stored: O(|C| K s) a query.
 *
 * @param actions φ, K × d, rows of norm 1 at most
 * @param query reward of an action; with noise the mean of `n` of them
 * @throws RangeError if an argument is out of range or |C| exceeds 10^7
 * @throws Error "model ..." if no hypothesis is left: the assumptions do not hold
 *
 * @example
 * const actions = [[1, 0], [0, 1], [0.6, 0.8]];
 * sparseMisspecifiedElimination(actions, (a) => [0.05, 0.9, 0.7][a], { sparsity: 1, epsilon: 0.1 }).action; //=> 1
 */
export function sparseMisspecifiedElimination(
  actions: MatrixLike,
  query: (action: number, n: number) => number,
  options: SparseEliminationOptions,
): SparseElimination {
  const { data: phi, rows: K, columns: d } = toRowMajor(actions, 'actions');
  if (K === 0 || d === 0) throw new RangeError('actions must not be empty');
  checkVector('actions', phi);
  for (let a = 0; a < K; a++) {
    let norm2 = 0;
    for (let j = 0; j < d; j++) norm2 += phi[a * d + j] * phi[a * d + j];
    if (norm2 > 1 + 1e-9) throw new RangeError(`actions[${a}] must have norm at most 1, got ${Math.sqrt(norm2)}`);
  }
  const s = checkInteger('sparsity', options.sparsity, 1, d);
  const epsilon = checkPositive('epsilon', options.epsilon);
  const grid = gridPoints(s, epsilon, MOST / binomial(d, s));
  const candidates = (grid.length / s) * binomial(d, s);
  let pulls = 1;
  let tolerance = 2 * epsilon;
  if (options.delta !== undefined) {
    const delta = checkNumber('delta', options.delta, 0, 1);
    if (delta === 0 || delta === 1) throw new RangeError(`delta must be in (0, 1), got ${delta}`);
    pulls = Math.ceil((2 / (epsilon * epsilon)) * log((2 * candidates) / delta));
    tolerance = 3 * epsilon;
  }

  const asked: number[] = [];
  const rewards: number[] = [];
  for (;;) {
    let best = -Infinity;
    let bestAction = -1;
    let bestSupport: Int32Array = new Int32Array(s);
    let bestPoint = -1;
    const support = Int32Array.from({ length: s }, (_, i) => i);
    do {
      for (let g = 0; g < grid.length; g += s) {
        let alive = true;
        for (let q = 0; q < asked.length && alive; q++) {
          alive = Math.abs(predict(asked[q], g, support) - rewards[q]) <= tolerance;
        }
        if (!alive) continue;
        for (let a = 0; a < K; a++) {
          const value = predict(a, g, support);
          if (value > best) {
            best = value;
            bestAction = a;
            bestPoint = g;
            bestSupport = support.slice();
          }
        }
      }
    } while (nextSubset(support, d));
    if (bestAction < 0)
      throw new Error('model has no hypothesis left: rewards are not within epsilon of a sparse model');
    const reward = query(bestAction, pulls);
    if (!Number.isFinite(reward)) throw new RangeError(`query must return a finite number, got ${reward}`);
    asked.push(bestAction);
    rewards.push(reward);
    if (Math.abs(best - reward) <= tolerance) {
      const theta = new Float64Array(d);
      for (let i = 0; i < s; i++) theta[bestSupport[i]] = grid[bestPoint + i];
      return { action: bestAction, reward, queries: asked.length, pulls, candidates, theta };
    }
  }

  function predict(a: number, g: number, support: Int32Array): number {
    let total = 0;
    for (let i = 0; i < s; i++) total += phi[a * d + support[i]] * grid[g + i];
    return total;
  }
}

const MOST = 1e7;

/** The grid of step 2ε/√s in the closed ball of radius 1 + ε in R^s, point by point in lexicographic order. */
function gridPoints(s: number, epsilon: number, most: number): Float64Array {
  const step = (2 * epsilon) / Math.sqrt(s);
  const radius = (1 + epsilon) * (1 + 1e-12);
  const reach = Math.floor(radius / step);
  const points: number[] = [];
  const point = new Float64Array(s);
  const visit = (i: number, squares: number): void => {
    if (i === s) {
      if (points.length / s >= most) throw new RangeError(`epsilon must leave at most ${MOST} candidates`);
      points.push(...point);
      return;
    }
    for (let k = -reach; k <= reach; k++) {
      point[i] = k * step;
      const next = squares + point[i] * point[i];
      if (next <= radius * radius) visit(i + 1, next);
    }
  };
  visit(0, 0);
  return Float64Array.from(points);
}

/** The next subset of {0 .. d-1} of its size in lexicographic order; false after the last. */
function nextSubset(subset: Int32Array, d: number): boolean {
  const s = subset.length;
  let i = s - 1;
  while (i >= 0 && subset[i] === d - s + i) i -= 1;
  if (i < 0) return false;
  subset[i] += 1;
  for (let j = i + 1; j < s; j++) subset[j] = subset[j - 1] + 1;
  return true;
}

function binomial(n: number, k: number): number {
  let value = 1;
  for (let i = 1; i <= k; i++) value = (value * (n - k + i)) / i;
  return Math.round(value);
}

/**
 * |C|, the number of hypotheses of `sparseMisspecifiedElimination`, points that lie in several supports counted in each.
 *
 * @throws RangeError if an argument is out of range or |C| exceeds 10^7
 *
 * @example
 * sparseNetSize({ dimension: 6, sparsity: 2, epsilon: 0.2 }); //=> 915
 */
export function sparseNetSize(options: { dimension: number; sparsity: number; epsilon: number }): number {
  const { d, s, epsilon } = checkNet(options);
  const supports = binomial(d, s);
  return (gridPoints(s, epsilon, MOST / supports).length / s) * supports;
}

/**
 * C(d, s) (1 + 2/ε)^s = O((d/ε)^s): size of an ε-net by the textbook cover, and so a bound of the queries. The grid above stays below it for
 * s <= 5 and ε <= 1/2.
 *
 * @throws RangeError if an argument is out of range
 *
 * @example
 * sparseNetBound({ dimension: 5, sparsity: 1, epsilon: 0.5 }); //=> 25
 */
export function sparseNetBound(options: { dimension: number; sparsity: number; epsilon: number }): number {
  const { d, s, epsilon } = checkNet(options);
  return binomial(d, s) * pow(1 + 2 / epsilon, s);
}

function checkNet(options: { dimension: number; sparsity: number; epsilon: number }) {
  const d = checkInteger('dimension', options.dimension, 1);
  const s = checkInteger('sparsity', options.sparsity, 1, d);
  return { d, s, epsilon: checkPositive('epsilon', options.epsilon) };
}
