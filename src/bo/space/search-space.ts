/**
 * A search space: named parameters, their codes in the unit cube, and what a model and a search have to know of them.
 */
import type { Rng } from '../../random/create-rng.js';
import type { DiscreteBlock } from '../acquisition/discrete-search.js';
import {
  checkParameter,
  decodeParameter,
  encodeParameter,
  parameterContains,
  parameterCount,
  parameterValue,
  parameterWidth,
  type Choice,
  type Parameter,
} from './parameter.js';

/** A point of a space: the values of its active parameters. */
export type Config = Record<string, Choice>;

export interface SearchSpace {
  readonly parameters: Readonly<Record<string, Parameter>>;
  readonly names: readonly string[];
  /** Number of coordinates of a code. */
  readonly dimension: number;
  /** First coordinate of each parameter, and its number of coordinates. */
  readonly columns: Readonly<Record<string, { at: number; width: number }>>;
  /** Coordinates that take finitely many values. */
  readonly blocks: readonly DiscreteBlock[];
  /** Names of the conditional parameters. */
  readonly conditional: readonly string[];
  /** Code of a config in the unit cube; inactive parameters stand at their default. */
  encode(config: Config): Float64Array;
  /** Coordinates of one parameter's value. @throws RangeError if the value is not in its range */
  encodeValue(name: string, value: Choice): Float64Array;
  /** The config whose code is nearest to x; inactive parameters are left out. */
  decode(x: ArrayLike<number>): Config;
  /** The code of decode(x): discrete coordinates snapped, inactive ones at their default. */
  canonical(x: ArrayLike<number>): Float64Array;
  /** Whether each conditional parameter is active at the code x. */
  activity(x: ArrayLike<number>): boolean[];
  contains(config: Config): boolean;
  /** A random config: every parameter uniform on its scale. One uniform per coordinate. */
  sample(rng: Rng): Config;
  /** Number of distinct configs; Infinity if a real parameter without steps can be active. */
  cardinality(): number;
  /** Every config of a finite space. @throws RangeError if `cardinality()` is above `limit`, default 1e5 */
  configs(limit?: number): Config[];
}

/**
 * A search space from named parameters.
 *
 * A parameter with `when` is active only while the parameters that it names have one of the listed values, and is absent from
 * configs otherwise.
 *
 * @throws TypeError if an entry is no parameter, or has a field that no parameter has; RangeError if there is none, or a condition names an unknown parameter, an unknown value, or itself
 *
 * @example
 * const space = searchSpace({ rate: real(1e-3, 1, { scale: 'log' }), depth: integer(1, 4) });
 * space.decode(space.encode({ rate: 1, depth: 3 })); //=> { rate: 1, depth: 3 }
 * space.contains({ rate: 2, depth: 3 }); //=> false
 */
export function searchSpace(parameters: Readonly<Record<string, Parameter>>): SearchSpace {
  if (parameters === null || typeof parameters !== 'object') throw new TypeError('parameters must be an object');
  const names = Object.keys(parameters);
  if (names.length === 0) throw new RangeError('parameters must not be empty');
  for (const name of names) checkParameter(name, parameters[name]);
  const order = conditionOrder(parameters);
  const columns: Record<string, { at: number; width: number }> = {};
  let dimension = 0;
  for (const name of names) {
    const width = parameterWidth(parameters[name]);
    columns[name] = { at: dimension, width };
    dimension += width;
  }
  const defaults = defaultCode();
  const conditional = names.filter((name) => parameters[name].when !== undefined);

  function defaultCode(): Float64Array {
    const x = new Float64Array(dimension).fill(0.5);
    for (const name of names) {
      const parameter = parameters[name];
      const { at } = columns[name];
      const value = parameter.default ?? decodeParameter(parameter, x, at);
      encodeParameter(parameter, value, x, at);
    }
    return x;
  }

  /** The active parameters at x and their values, parents before children. */
  function active(x: Float64Array): Map<string, Choice> {
    const values = new Map<string, Choice>();
    for (const name of order) {
      const { when } = parameters[name];
      const holds =
        when === undefined ||
        Object.entries(when).every(([parent, allowed]) => values.has(parent) && allowed.includes(values.get(parent)!));
      if (holds) values.set(name, decodeParameter(parameters[name], x, columns[name].at));
    }
    return values;
  }

  function write(values: Map<string, Choice>): Float64Array {
    const x = defaults.slice();
    for (const [name, value] of values) encodeParameter(parameters[name], value, x, columns[name].at);
    return x;
  }

  function checkLength(x: ArrayLike<number>): Float64Array {
    if (x.length !== dimension) throw new RangeError(`x must have length ${dimension}, got ${x.length}`);
    return x instanceof Float64Array ? x : Float64Array.from(x);
  }

  const space: SearchSpace = {
    parameters,
    names,
    dimension,
    columns,
    blocks: names.flatMap((name) => discreteBlock(parameters[name], columns[name].at)),
    conditional,

    encode(config) {
      explainConfig(space, config);
      return write(new Map(Object.entries(config)));
    },

    encodeValue(name, value) {
      if (!Object.hasOwn(parameters, name)) throw new RangeError(`${name} is not a parameter of the space`);
      if (!parameterContains(parameters[name], value)) {
        throw new RangeError(`${name} is not in its range, got ${String(value)}`);
      }
      const out = new Float64Array(columns[name].width);
      encodeParameter(parameters[name], value, out, 0);
      return out;
    },

    decode(x) {
      const values = active(checkLength(x));
      return Object.fromEntries(names.filter((name) => values.has(name)).map((name) => [name, values.get(name)!]));
    },

    canonical(x) {
      const code = checkLength(x);
      const values = active(code);
      const out = write(values);
      // A real value without steps keeps its own coordinate: decoding and encoding again would round it.
      for (const name of values.keys()) {
        if (parameterCount(parameters[name]) !== Infinity) continue;
        const { at } = columns[name];
        out[at] = Math.min(1, Math.max(0, code[at]));
      }
      return out;
    },

    activity(x) {
      const values = active(checkLength(x));
      return conditional.map((name) => values.has(name));
    },

    contains(config) {
      try {
        explainConfig(space, config);
        return true;
      } catch {
        return false;
      }
    },

    sample(rng) {
      const x = new Float64Array(dimension);
      for (let k = 0; k < dimension; k++) x[k] = rng();
      return space.decode(x);
    },

    cardinality: () => countConfigs(parameters, order),

    configs(limit = 1e5) {
      const count = space.cardinality();
      if (!(count <= limit))
        throw new RangeError(`limit must be at least the number of configs, ${count}, got ${limit}`);
      let partial: Config[] = [{}];
      for (const name of order) {
        const values = Array.from({ length: parameterCount(parameters[name]) }, (_, i) =>
          parameterValue(parameters[name], i),
        );
        partial = partial.flatMap((config) =>
          conditionHolds(parameters, name, config) ? values.map((value) => ({ ...config, [name]: value })) : [config],
        );
      }
      return partial;
    },
  };
  return space;
}

/**
 * Why a config is not one of the space's, as an error; nothing if it is.
 *
 * @throws TypeError if config is not an object; RangeError naming the parameter that is unknown, missing, inactive or out of
 *   range
 */
function explainConfig({ parameters, names }: SearchSpace, config: Config): void {
  if (config === null || typeof config !== 'object') throw new TypeError('config must be an object');
  for (const name of Object.keys(config)) {
    if (!Object.hasOwn(parameters, name)) throw new RangeError(`config.${name} is not a parameter of the space`);
  }
  for (const name of names) {
    const isActive = conditionHolds(parameters, name, config);
    if (!Object.hasOwn(config, name)) {
      if (isActive) throw new RangeError(`config.${name} must be given`);
      continue;
    }
    if (!isActive) throw new RangeError(`config.${name} must be absent: its condition does not hold`);
    if (!parameterContains(parameters[name], config[name])) {
      throw new RangeError(`config.${name} is not in its range, got ${String(config[name])}`);
    }
  }
}

function conditionHolds(parameters: Readonly<Record<string, Parameter>>, name: string, config: Config): boolean {
  return Object.entries(parameters[name].when ?? {}).every(
    ([parent, allowed]) =>
      Object.hasOwn(config, parent) && allowed.includes(config[parent]) && conditionHolds(parameters, parent, config),
  );
}

/** Names with parents before children. */
function conditionOrder(parameters: Readonly<Record<string, Parameter>>): string[] {
  const order: string[] = [];
  const visiting = new Set<string>();
  const visit = (name: string): void => {
    if (order.includes(name)) return;
    if (visiting.has(name)) throw new RangeError(`${name}.when must not lead back to itself`);
    visiting.add(name);
    for (const [parent, values] of Object.entries(parameters[name].when ?? {})) {
      if (!Object.hasOwn(parameters, parent))
        throw new RangeError(`${name}.when names ${parent}, which is not a parameter`);
      for (const value of values) {
        if (!parameterContains(parameters[parent], value)) {
          throw new RangeError(`${name}.when.${parent} lists ${String(value)}, which is not a value of it`);
        }
      }
      visit(parent);
    }
    order.push(name);
  };
  for (const name of Object.keys(parameters)) visit(name);
  return order;
}

/** Configs are counted by assigning the parents of conditions in turn; the rest multiply. */
function countConfigs(parameters: Readonly<Record<string, Parameter>>, order: string[]): number {
  const parents = new Set(Object.values(parameters).flatMap(({ when }) => Object.keys(when ?? {})));
  const count = (at: number, chosen: Config): number => {
    if (at === order.length) return 1;
    const name = order[at];
    if (!conditionHolds(parameters, name, chosen)) return count(at + 1, chosen);
    const values = parameterCount(parameters[name]);
    if (!parents.has(name) || values === Infinity) return values * count(at + 1, chosen);
    let total = 0;
    for (let i = 0; i < values; i++) {
      total += count(at + 1, { ...chosen, [name]: parameterValue(parameters[name], i) });
    }
    return total;
  };
  return count(0, {});
}

function discreteBlock(parameter: Parameter, at: number): DiscreteBlock[] {
  const count = parameterCount(parameter);
  if (count === Infinity) return [];
  const width = parameterWidth(parameter);
  return [
    {
      dims: Array.from({ length: width }, (_, i) => at + i),
      count,
      ordered: parameter.type !== 'categorical' || parameter.encoding === 'ordinal',
      write: (index, x) => encodeParameter(parameter, parameterValue(parameter, index), x, at),
      read(x) {
        const value = decodeParameter(parameter, x, at);
        if (parameter.type === 'categorical') return parameter.choices.indexOf(value);
        return Math.round(((value as number) - parameter.low) / (parameter.type === 'real' ? parameter.q! : 1));
      },
    },
  ];
}
