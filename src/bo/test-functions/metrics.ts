// How far a run got. Values are those that the objective returned, in the order of the calls.
import { checkNumber, checkOption, checkVector } from '../../internal/check.js';
import type { TestFunction } from './test-function.js';

export type Direction = 'minimize' | 'maximize';

/**
 * Best value so far minus the optimum, after every call; at least 0 when the optimum is right.
 *
 * @example
 * Array.from(simpleRegret([3, 1, 2], 0.5)); //=> [2.5, 0.5, 0.5]
 */
export function simpleRegret(
  values: ArrayLike<number>,
  optimum: number,
  direction: Direction = 'minimize',
): Float64Array {
  checkVector('values', values);
  checkNumber('optimum', optimum);
  const sign = checkDirection(direction) === 'maximize' ? -1 : 1;
  const out = new Float64Array(values.length);
  let best = Infinity;
  for (let t = 0; t < values.length; t++) {
    best = Math.min(best, sign * values[t]);
    out[t] = best - sign * optimum;
  }
  return out;
}

/** True value at the point that the model holds to be best, minus the optimum. */
export function inferenceRegret(problem: TestFunction, recommended: ArrayLike<number>): number {
  if (problem.optimum === null) throw new RangeError('problem.optimum must be known');
  checkVector('recommended', recommended, problem.dim);
  const difference = problem.evaluate(recommended) - problem.optimum.value;
  return problem.direction === 'maximize' ? -difference : difference;
}

/** Running sum of the regret of every call. */
export function cumulativeRegret(
  values: ArrayLike<number>,
  optimum: number,
  direction: Direction = 'minimize',
): Float64Array {
  checkVector('values', values);
  checkNumber('optimum', optimum);
  const sign = checkDirection(direction) === 'maximize' ? -1 : 1;
  const out = new Float64Array(values.length);
  let total = 0;
  for (let t = 0; t < values.length; t++) {
    total += sign * (values[t] - optimum);
    out[t] = total;
  }
  return out;
}

/**
 * The share of the possible improvement over the first value that was made, (first - best)/(first - optimum): 0 to 1; 1 if
 * the first value was the optimum. D. Huang et al., Journal of Global Optimization 34 (2006) 441-466.
 */
export function optimizationGap(values: ArrayLike<number>, optimum: number, direction: Direction = 'minimize'): number {
  const regret = simpleRegret(values, optimum, direction);
  if (regret.length === 0) return 0;
  return regret[0] === 0 ? 1 : (regret[0] - regret[regret.length - 1]) / regret[0];
}

/** Number of calls until a value is at least as good as the target; Infinity if none is. */
export function evaluationsToTarget(
  values: ArrayLike<number>,
  target: number,
  direction: Direction = 'minimize',
): number {
  checkVector('values', values);
  checkNumber('target', target);
  checkDirection(direction);
  for (let t = 0; t < values.length; t++) {
    if (direction === 'minimize' ? values[t] <= target : values[t] >= target) return t + 1;
  }
  return Infinity;
}

/**
 * For each solver and each factor τ, the fraction of problems on which its cost is at most τ times the least cost of any
 * solver; a problem that no solver solves counts for none.
 *
 * E. D. Dolan, J. J. Moré, arXiv:cs/0102001, equation 2.1.
 *
 * @param costs costs[solver][problem], positive; Infinity for not solved
 *
 * @example
 * performanceProfile([[1, 4], [2, 2]], [1, 2]); //=> [[0.5, 1], [0.5, 1]]
 */
export function performanceProfile(costs: readonly ArrayLike<number>[], factors: readonly number[]): number[][] {
  checkVector('factors', factors);
  const problems = costs[0]?.length ?? 0;
  const least = new Float64Array(problems).fill(Infinity);
  costs.forEach((row, s) => {
    if (row.length !== problems) throw new RangeError(`costs[${s}] must have length ${problems}, got ${row.length}`);
    for (let p = 0; p < problems; p++) {
      if (typeof row[p] !== 'number') throw new TypeError(`costs[${s}][${p}] must be a number, got ${typeof row[p]}`);
      if (!(row[p] > 0)) throw new RangeError(`costs[${s}][${p}] must be positive, got ${row[p]}`);
      least[p] = Math.min(least[p], row[p]);
    }
  });
  return costs.map((row) =>
    factors.map((factor) => {
      let solved = 0;
      for (let p = 0; p < problems; p++) if (Number.isFinite(row[p]) && row[p] <= factor * least[p]) solved += 1;
      return problems > 0 ? solved / problems : 0;
    }),
  );
}

function checkDirection(direction: Direction): Direction {
  return checkOption('direction', direction, ['minimize', 'maximize']);
}
