// What could have been had: the costs of all values on all systems, the best fixed value, the best value of each system.
import { checkInteger, checkNumber, checkVector, checkOptionNames } from '../../internal/check.js';
import { sum } from '../../linalg/sum.js';
import type { SolveResult } from '../solve.js';
import type { MatrixInput } from '../sparse/to-csr.js';
import { sor } from '../stationary/sor.js';
import { solverWorkspace } from '../workspace.js';
import { checkedCost, iterationsOf, systemsOf, type SolveWith, type SystemSource } from './solve-sequence.js';
import type { LinearSystem } from './systems.js';

export interface CostTable {
  /** Number of systems T. */
  systems: number;
  /** Number of values d. */
  values: number;
  /** T x d, row-major: entry t d + i is the cost of value i on system t. */
  costs: Float64Array;
}

/**
 * Solves every system with every value. In a sequence where a system depends on the last solution, that of the cheapest value is
 * handed on. T d solves.
 *
 * @throws RangeError if there is no value or a cost is negative or not finite
 */
export function costTable<Value, System extends LinearSystem = LinearSystem>(
  systems: SystemSource<System>,
  values: ArrayLike<Value>,
  options: { solve: SolveWith<Value, System>; cost?: (result: SolveResult) => number },
): CostTable {
  checkOptionNames('options', options, { solve: true, cost: true });
  const { solve, cost = iterationsOf } = options;
  const d = checkInteger('values.length', values.length, 1);
  const workspace = solverWorkspace();
  const next = systemsOf(systems);
  const costs: number[] = [];
  let x: Float64Array | undefined;
  let t = 0;
  for (; ; t++) {
    const system = next(x, t);
    if (system === undefined) break;
    let least = Infinity;
    for (let i = 0; i < d; i++) {
      const result = solve(system, values[i], workspace);
      const paid = checkedCost(cost(result));
      costs.push(paid);
      if (paid < least) {
        least = paid;
        x = result.x;
      }
    }
  }
  return { systems: t, values: d, costs: Float64Array.from(costs) };
}

/**
 * The value with the least total cost, ties to the first.
 *
 * @example
 * bestFixedInHindsight({ systems: 2, values: 2, costs: [3, 4, 5, 3] }); //=> { index: 1, totalCost: 7 }
 */
export function bestFixedInHindsight({ systems, values, costs }: CostTableLike): { index: number; totalCost: number } {
  checkVector('costs', costs, systems * values);
  let index = -1;
  let totalCost = Infinity;
  for (let i = 0; i < values; i++) {
    const total = sum(Float64Array.from({ length: systems }, (_, t) => costs[t * values + i]));
    if (total < totalCost) {
      totalCost = total;
      index = i;
    }
  }
  return { index, totalCost };
}

/**
 * The cheapest value of each system, ties to the first.
 *
 * @example
 * instanceOptimal({ systems: 2, values: 2, costs: [3, 4, 5, 3] }).totalCost; //=> 6
 */
export function instanceOptimal({ systems, values, costs }: CostTableLike): { indices: Int32Array; totalCost: number } {
  checkVector('costs', costs, systems * values);
  const indices = new Int32Array(systems);
  const least = new Float64Array(systems);
  for (let t = 0; t < systems; t++) {
    for (let i = 1; i < values; i++) {
      if (costs[t * values + i] < costs[t * values + indices[t]]) indices[t] = i;
    }
    least[t] = costs[t * values + indices[t]];
  }
  return { indices, totalCost: sum(least) };
}

type CostTableLike = Omit<CostTable, 'costs'> & { costs: ArrayLike<number> };

export interface GoldenSectionOmegaOptions {
  low?: number;
  high?: number;
  /** Default 22. */
  evaluations?: number;
}

const GOLDEN_NAMES = { low: true, high: true, evaluations: true } satisfies Record<
  keyof GoldenSectionOmegaOptions,
  true
>;

/**
 * The minimizer of a cost that takes whole values, by golden section search. Such a cost is flat around its minimum: the answer is
 * the middle between the first and the last of the points tried that are best, as in the authors' program of
 * arXiv:2310.02246.
 *
 * @throws RangeError if low is not below high or there are fewer than 2 evaluations
 *
 * @example
 * goldenSectionOmega((omega) => Math.ceil(100 * Math.abs(omega - 1.3))).toFixed(2); //=> '1.30'
 */
export function goldenSectionOmega(costOf: (omega: number) => number, options: GoldenSectionOmegaOptions = {}): number {
  checkOptionNames('options', options, GOLDEN_NAMES);
  const { evaluations = 22 } = options;
  let { low = 1, high = 1.95 } = options;
  checkNumber('low', low);
  if (!(high > low && high < Infinity)) throw new RangeError(`high must be above low ${low}, got ${high}`);
  checkInteger('evaluations', evaluations, 2);
  const golden = (Math.sqrt(5) - 1) / 2;
  let best = Infinity;
  let first = low;
  let last = low;
  const at = (omega: number) => {
    const cost = costOf(omega);
    if (cost < best) {
      best = cost;
      first = omega;
      last = omega;
    } else if (cost === best) {
      first = Math.min(first, omega);
      last = Math.max(last, omega);
    }
    return cost;
  };
  let left = high - golden * (high - low);
  let right = low + golden * (high - low);
  let atLeft = at(left);
  let atRight = at(right);
  for (let used = 2; used < evaluations; used++) {
    if (atLeft <= atRight) {
      high = right;
      right = left;
      atRight = atLeft;
      left = high - golden * (high - low);
      atLeft = at(left);
    } else {
      low = left;
      left = right;
      atLeft = atRight;
      right = low + golden * (high - low);
      atRight = at(right);
    }
  }
  return 0.5 * (first + last);
}

/**
 * The iterations of SOR at each ω, for a plot of cost against ω.
 *
 * Where b is an eigenvector of C_ω = I - A (D/ω + L)⁻¹ with a small eigenvalue, the profile has a false minimum at that ω.
 *
 * @example
 * omegaProfile(poisson2d(10, 10), new Float64Array(100).fill(1), [1, 1.5, 1.9]); //=> Float64Array.of(223, 62, 187)
 */
export function omegaProfile(
  A: MatrixInput,
  b: ArrayLike<number>,
  omegas: ArrayLike<number>,
  options: { rtol?: number; maxIterations?: number } = {},
): Float64Array {
  checkOptionNames('options', options, { rtol: true, maxIterations: true });
  const { rtol = 1e-8, maxIterations = 10_000 } = options;
  const workspace = solverWorkspace();
  return Float64Array.from(omegas, (omega) => sor(A, b, { omega, rtol, maxIterations, workspace }).iterations);
}
