/**
 * Solving one system after another while a learner chooses the solver's parameter.
 *
 * M. Khodak, E. Chow, M.-F. Balcan, A. Talwalkar, "Learning to Relax", arXiv:2310.02246, Algorithms 1 and 2.
 */
import { checkOptionNames } from '../../internal/check.js';
import type { Rng } from '../../random/create-rng.js';
import type { SolveResult } from '../solve.js';
import { solverWorkspace, type SolverWorkspace } from '../workspace.js';
import type { OmegaLearner } from './learner.js';
import type { LinearSystem } from './systems.js';

/**
 * Systems known beforehand or made on the way; or a function of the last solution (undefined at the start) and the number t of the
 * system, which ends the sequence by returning undefined.
 */
export type SystemSource<System extends LinearSystem = LinearSystem> =
  Iterable<System> | ((previous: Float64Array | undefined, t: number) => System | undefined);

/** Solves a system with a value of the parameter; give `workspace` on to the solver. */
export type SolveWith<Value, System extends LinearSystem = LinearSystem> = (
  system: System,
  value: Value,
  workspace: SolverWorkspace,
) => SolveResult;

export interface SolveSequenceOptions<State, Value, System extends LinearSystem = LinearSystem> {
  learner: OmegaLearner<State, Value>;
  rng: Rng;
  solve: SolveWith<Value, System>;
  /** Default: iterations. A solve that did not converge costs what it used. */
  cost?: (result: SolveResult) => number;
  /** The value to solve again with after a failure; both solves are charged. Default: no second solve. */
  retry?: { omega: Value };
  /** State to go on from, left as it is. Default `learner.init()`. */
  start?: State;
  /** Told each solve; the sequence stops after it when the answer is false. */
  onSystem?: (t: number, value: Value, result: SolveResult) => boolean | void;
  /** Ends the sequence between two solves. Give it to the solver too to end a solve. */
  signal?: AbortSignal;
}

const NAMES = {
  learner: true,
  rng: true,
  solve: true,
  cost: true,
  retry: true,
  start: true,
  onSystem: true,
  signal: true,
} satisfies Record<keyof SolveSequenceOptions<unknown, unknown>, true>;

export interface SolveSequenceResult<State, Value = number> {
  /** Σ costs. */
  totalCost: number;
  /** Cost of every system, retries included. */
  costs: Float64Array;
  /** The value chosen for every system. */
  omegas: Value[];
  /** Context of every system; NaN where it has none. */
  contexts: Float64Array;
  /** The learner's last state. */
  state: State;
  /** Solves that did not converge, before any retry. */
  failures: number;
  /** The last solution; undefined when there was no system. */
  x: Float64Array | undefined;
  /** 'completed', or why the sequence ended early. */
  status: 'completed' | 'stopped-by-callback' | 'aborted';
}

/**
 * For each system: the learner chooses, the solver solves, the learner is told the cost.
 *
 * One workspace serves all solves, and the learner's state is updated in place. The learner draws one uniform for a system at most. A
 * failed solve is told to the learner at its full cost, without the retry's.
 *
 * @throws RangeError if a cost is negative or not finite
 *
 * @example
 * const systems = shiftedSequence({ A: poisson2d(5, 5), betaA: 2, betaB: 6, length: 3, rng: createRng(1) });
 * const solve = (system, omega, workspace) => sor(system.A, system.b, { omega, workspace });
 * const { omegas, failures } = solveSequence(systems, { learner: fixedOmega(1.3), rng: createRng(2), solve });
 * [omegas, failures]; //=> [[1.3, 1.3, 1.3], 0]
 */
export function solveSequence<State, Value = number, System extends LinearSystem = LinearSystem>(
  systems: SystemSource<System>,
  options: SolveSequenceOptions<State, Value, System>,
): SolveSequenceResult<State, Value> {
  checkOptionNames('options', options, NAMES);
  const { learner, rng, solve, cost = iterationsOf, retry, start, onSystem, signal } = options;
  if (retry !== undefined) checkOptionNames('retry', retry, { omega: true });
  const workspace = solverWorkspace();
  const next = systemsOf(systems);
  const costs: number[] = [];
  const omegas: Value[] = [];
  const contexts: number[] = [];
  let state = start ?? learner.init();
  let owned = start === undefined;
  let totalCost = 0;
  let failures = 0;
  let x: Float64Array | undefined;
  let status: SolveSequenceResult<State, Value>['status'] = 'completed';
  for (let t = 0; ; t++) {
    if (signal?.aborted === true) {
      status = 'aborted';
      break;
    }
    const system = next(x, t);
    if (system === undefined) break;
    const selection = learner.select(state, rng, system.context);
    let result = solve(system, selection.value, workspace);
    let paid = checkedCost(cost(result));
    state = learner.update(state, selection, paid, owned ? state : undefined, result);
    owned = true;
    if (!result.converged) {
      failures += 1;
      if (retry !== undefined) {
        result = solve(system, retry.omega, workspace);
        paid += checkedCost(cost(result));
      }
    }
    x = result.x;
    totalCost += paid;
    costs.push(paid);
    omegas.push(selection.value);
    contexts.push(system.context ?? NaN);
    if (onSystem?.(t, selection.value, result) === false) {
      status = 'stopped-by-callback';
      break;
    }
  }
  return {
    totalCost,
    costs: Float64Array.from(costs),
    omegas,
    contexts: Float64Array.from(contexts),
    state,
    failures,
    x,
    status,
  };
}

export function iterationsOf(result: SolveResult): number {
  return result.iterations;
}

/** The source as a function of the last solution. */
export function systemsOf<System extends LinearSystem>(
  systems: SystemSource<System>,
): (previous: Float64Array | undefined, t: number) => System | undefined {
  if (typeof systems === 'function') return systems;
  const iterator = systems[Symbol.iterator]();
  return () => {
    const step = iterator.next();
    return step.done === true ? undefined : step.value;
  };
}

export function checkedCost(cost: number): number {
  if (!(cost >= 0 && cost < Infinity)) throw new RangeError(`cost must be finite and at least 0, got ${cost}`);
  return cost;
}
