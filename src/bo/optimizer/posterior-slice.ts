import { checkInteger, checkOptionNames } from '../../internal/check.js';
import { decodeParameter, encodeParameter, parameterCount, parameterValue, type Choice } from '../space/parameter.js';
import type { Config } from '../space/search-space.js';
import type { BayesianOptimizer } from './bayesian-optimizer.js';
import type { BayesianOptimizerState } from './optimizer-state.js';
import type { ConfigPrediction } from './predict-objective.js';

export interface SlicePoint extends ConfigPrediction {
  /** Values of the parameters that vary, in the order asked for. */
  values: Choice[];
  config: Config;
}

export interface PosteriorSliceOptions {
  /** The config that the slice goes through. Default: the best; needed with several objectives. */
  at?: Config;
  /** Points in each direction. Default 50, or 20 for two parameters; discrete parameters show all of at most so many values. */
  points?: number;
  /** Of several objectives, the one that is shown. Default 0. */
  objective?: number;
}

const NAMES = { at: true, points: true, objective: true } satisfies Record<keyof PosteriorSliceOptions, true>;

/**
 * The model along one parameter, or over the grid of two, through a config: what a plot of it needs.
 *
 * Points are evenly spaced on the parameter's scale. Where a value makes other parameters active or inactive, these stand at
 * their default.
 *
 * @throws RangeError if a name is not of the space, or the state has no result in its present run
 */
export function posteriorSlice(
  optimizer: BayesianOptimizer,
  state: BayesianOptimizerState,
  names: string | readonly [string] | readonly [string, string],
  options: PosteriorSliceOptions = {},
): SlicePoint[] {
  checkOptionNames('options', options, NAMES);
  const { space } = optimizer;
  const list = typeof names === 'string' ? [names] : [...names];
  for (const name of list) {
    if (!Object.hasOwn(space.parameters, name)) throw new RangeError(`names: ${name} is not a parameter of the space`);
  }
  const points = checkInteger('points', options.points ?? (list.length === 1 ? 50 : 20), 2);
  const through = options.at ?? optimizer.best(state)?.config;
  if (through === undefined) throw new RangeError('state must hold a result');
  const start = space.encode(through);
  const grids = list.map((name) => gridOf(optimizer, name, points));
  const rows: Choice[][] =
    grids.length === 1 ? grids[0].map((a) => [a]) : grids[0].flatMap((a) => grids[1].map((b) => [a, b]));
  const configs = rows.map((values) => {
    const x = start.slice();
    values.forEach((value, i) => encodeParameter(space.parameters[list[i]], value, x, space.columns[list[i]].at));
    return space.decode(x);
  });
  const { objective = 0 } = options;
  return optimizer
    .predict(state, configs, { objective })
    .map((at, i) => ({ ...at, values: rows[i], config: configs[i] }));
}

function gridOf({ space }: BayesianOptimizer, name: string, points: number): Choice[] {
  const parameter = space.parameters[name];
  const count = parameterCount(parameter);
  if (count <= points) return Array.from({ length: count }, (_, i) => parameterValue(parameter, i));
  if (parameter.type === 'categorical') return parameter.choices.slice(0, points);
  const cell = new Float64Array(1);
  const values = Array.from({ length: points }, (_, i) => {
    cell[0] = i / (points - 1);
    return decodeParameter(parameter, cell, 0);
  });
  return [...new Set(values)];
}
