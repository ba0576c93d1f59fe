/** What an optimizer remembers of one evaluation: plain data. */
import { checkOptionNames } from '../../internal/check.js';
import type { SearchSpace, Config } from '../space/search-space.js';

/**
 * 'pending': suggested, no result yet. 'ok': a result. 'failed': no value (an exception, a timeout, NaN). 'pruned': stopped
 * early, so that its value is not comparable. 'cancelled': will not be evaluated.
 */
export type TrialStatus = 'pending' | 'ok' | 'failed' | 'pruned' | 'cancelled';

export interface Trial {
  id: number;
  config: Config;
  /** Canonical code of the config in the unit cube. */
  x: Float64Array;
  /** Number of the run that it belongs to; restarts begin a new one. */
  run: number;
  status: TrialStatus;
  /** Where it came from: the initial design, the model, a random draw, or the caller. */
  origin: 'design' | 'model' | 'random' | 'told';
  /** Objective values, one per objective; empty while there is no result. */
  values: number[];
  /** Known variance of the noise of `values`, or null. */
  noise: number | null;
  /** Cost of the evaluation, positive, or null. */
  cost: number | null;
  /** Constraint values, feasible where at most 0. */
  constraints: number[];
}

/** The outcome of an evaluation, as it is told: of a suggestion by its id, or of any config. */
export interface TrialResult {
  id?: number;
  config?: Config;
  /** Value of the objective, or one per objective; NaN or infinite counts as failed. */
  value?: number | readonly number[];
  /** Known variance of the noise of the value. */
  noise?: number;
  /** What the evaluation cost, positive. */
  cost?: number;
  /** Constraint values, feasible where at most 0. */
  constraints?: readonly number[];
  /** Default: 'ok' if the value is finite, else 'failed'. */
  status?: 'ok' | 'failed' | 'pruned';
}

const RESULT = {
  id: true,
  config: true,
  value: true,
  noise: true,
  cost: true,
  constraints: true,
  status: true,
} satisfies Record<keyof TrialResult, true>;

/** @throws TypeError if a result is no object, or has a field that no result has */
export function checkResult(result: TrialResult): TrialResult {
  return checkOptionNames('result', result, RESULT);
}

/** How many numbers of each kind a result has. */
export interface TrialShape {
  objectives: number;
  constraints: number;
  costs: boolean;
}

/**
 * The trial after its result.
 *
 * @throws RangeError if the number of values or constraints is wrong, noise is negative, or the cost is not positive
 */
export function withResult(trial: Trial, result: TrialResult, shape: TrialShape): Trial {
  const values =
    result.value === undefined ? [] : typeof result.value === 'number' ? [result.value] : [...result.value];
  const constraints = [...(result.constraints ?? [])];
  const finite = values.length > 0 && [...values, ...constraints].every((value) => Number.isFinite(value));
  const status = result.status ?? (finite ? 'ok' : 'failed');
  if (status !== 'ok' && status !== 'failed' && status !== 'pruned') {
    throw new RangeError(`status must be one of 'ok', 'failed', 'pruned', got ${String(status)}`);
  }
  if (status === 'ok') {
    if (values.length !== shape.objectives) {
      throw new RangeError(`value must have ${shape.objectives} entries, got ${values.length}`);
    }
    if (constraints.length !== shape.constraints) {
      throw new RangeError(`constraints must have ${shape.constraints} entries, got ${constraints.length}`);
    }
  }
  if (result.noise !== undefined && !(result.noise >= 0 && result.noise < Infinity)) {
    throw new RangeError(`noise must be a finite number of at least 0, got ${result.noise}`);
  }
  const { cost } = result;
  if (cost !== undefined && !(cost > 0 && cost < Infinity)) {
    throw new RangeError(`cost must be a positive finite number, got ${cost}`);
  }
  if (shape.costs && status === 'ok' && cost === undefined) throw new RangeError('cost must be given');
  return {
    ...trial,
    // A value that is not a number is a failure, whatever the caller calls it.
    status: status === 'ok' && !finite ? 'failed' : status,
    values: finite ? values : [],
    constraints: finite ? constraints : [],
    noise: result.noise ?? null,
    cost: cost ?? null,
  };
}

/** Whether a trial has a value and all constraints hold. */
export function isFeasible({ status, constraints }: Trial): boolean {
  return status === 'ok' && constraints.every((value) => value <= 0);
}

/** A trial for a config that nobody has evaluated yet. */
export function newTrial(space: SearchSpace, id: number, run: number, x: Float64Array, origin: Trial['origin']): Trial {
  const config = space.decode(x);
  return { id, config, x, run, origin, status: 'pending', values: [], noise: null, cost: null, constraints: [] };
}
