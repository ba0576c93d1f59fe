/**
 * One parameter of a search space, as plain data, and its map to the unit interval.
 *
 * A real value maps by its scale. An integer maps to the middle of one of equal cells of [0, 1] (equal in the logarithm for
 * a log scale), so that uniform points of the cube decode to every integer with its due share. A category maps to a code of
 * the same kind ('hamming', 'ordinal'), or to one coordinate per choice ('onehot').
 */
import { checkInteger, checkNumber, checkOption, checkOptionNames, checkPositive } from '../../internal/check.js';
import { exp } from '../../special/exp.js';
import { log } from '../../special/log.js';
import { logit, sigmoid } from '../../special/logistic.js';

export type Choice = string | number | boolean;

/** Makes a parameter conditional: active when every named parameter is active and has one of the values. */
export type Condition = Readonly<Record<string, readonly Choice[]>>;

export interface RealParameter {
  type: 'real';
  low: number;
  high: number;
  scale: 'linear' | 'log' | 'logit';
  /** Values are low + i q; absent: all of the interval. */
  q?: number;
  when?: Condition;
  default?: number;
}

export interface IntegerParameter {
  type: 'integer';
  low: number;
  high: number;
  scale: 'linear' | 'log';
  when?: Condition;
  default?: number;
}

export interface CategoricalParameter {
  type: 'categorical';
  choices: readonly Choice[];
  encoding: 'onehot' | 'hamming' | 'ordinal';
  when?: Condition;
  default?: Choice;
}

export type Parameter = RealParameter | IntegerParameter | CategoricalParameter;

export interface RealOptions {
  /** Default 'linear'. 'log' needs low > 0, 'logit' needs 0 < low and high < 1. */
  scale?: 'linear' | 'log' | 'logit';
  q?: number;
  when?: Condition;
  /** Where the parameter stands while it is inactive. Default: the middle of its range. */
  default?: number;
}

const REAL = { scale: true, q: true, when: true, default: true } satisfies Record<keyof RealOptions, true>;

/**
 * A real parameter in [low, high].
 *
 * @throws TypeError if there is no option of that name; RangeError if low >= high, the scale does not fit the range, or q is
 * not positive
 *
 * @example
 * real(1e-4, 1, { scale: 'log' }).scale; //=> 'log'
 */
export function real(low: number, high: number, options: RealOptions = {}): RealParameter {
  checkOptionNames('options', options, REAL);
  checkNumber('low', low);
  checkNumber('high', high, low);
  if (!(low < high)) throw new RangeError(`high must be above low = ${low}, got ${high}`);
  const scale = checkOption('scale', options.scale ?? 'linear', ['linear', 'log', 'logit']);
  if (scale !== 'linear' && !(low > 0))
    throw new RangeError(`low must be positive for the scale '${scale}', got ${low}`);
  if (scale === 'logit' && !(high < 1)) throw new RangeError(`high must be below 1 for the scale 'logit', got ${high}`);
  if (options.q !== undefined) checkPositive('q', options.q);
  if (options.default !== undefined) checkNumber('default', options.default, low, high);
  return { type: 'real', low, high, ...defined(options), scale };
}

export interface IntegerOptions {
  /** Default 'linear'. 'log' needs low >= 1. */
  scale?: 'linear' | 'log';
  when?: Condition;
  /** Where the parameter stands while it is inactive. Default: the middle of its range. */
  default?: number;
}

const INTEGER = { scale: true, when: true, default: true } satisfies Record<keyof IntegerOptions, true>;

/**
 * An integer parameter in {low, ..., high}.
 *
 * @throws TypeError if there is no option of that name; RangeError if low > high or the scale does not fit the range
 */
export function integer(low: number, high: number, options: IntegerOptions = {}): IntegerParameter {
  checkOptionNames('options', options, INTEGER);
  checkInteger('low', low, -Number.MAX_SAFE_INTEGER);
  checkInteger('high', high, low);
  const scale = checkOption('scale', options.scale ?? 'linear', ['linear', 'log']);
  if (scale === 'log' && low < 1) throw new RangeError(`low must be at least 1 for the scale 'log', got ${low}`);
  if (options.default !== undefined) checkInteger('default', options.default, low, high);
  return { type: 'integer', low, high, ...defined(options), scale };
}

export interface CategoricalOptions {
  /** Default 'hamming'. */
  encoding?: 'onehot' | 'hamming' | 'ordinal';
  when?: Condition;
  /** Where the parameter stands while it is inactive. */
  default?: Choice;
}

const CATEGORICAL = { encoding: true, when: true, default: true } satisfies Record<keyof CategoricalOptions, true>;

/**
 * A parameter with one of finitely many values. Default encoding 'hamming': equal or not is all that counts.
 *
 * @throws TypeError if there is no option of that name; RangeError if choices are empty or repeat
 */
export function categorical(choices: readonly Choice[], options: CategoricalOptions = {}): CategoricalParameter {
  checkOptionNames('options', options, CATEGORICAL);
  if (!Array.isArray(choices)) throw new TypeError('choices must be an array');
  if (choices.length === 0) throw new RangeError('choices must not be empty');
  if (new Set(choices).size !== choices.length) throw new RangeError('choices must not repeat');
  const encoding = checkOption('encoding', options.encoding ?? 'hamming', ['onehot', 'hamming', 'ordinal']);
  if (options.default !== undefined && !choices.includes(options.default)) {
    throw new RangeError(`default must be one of the choices, got ${String(options.default)}`);
  }
  return { type: 'categorical', choices: [...choices], ...defined(options), encoding };
}

/**
 * One that `real`, `integer` or `categorical` made, or its like from a file.
 *
 * @throws TypeError if it has fields that no parameter of its type has; RangeError if its type is none
 */
export function checkParameter(name: string, parameter: Parameter): Parameter {
  if (parameter === null || typeof parameter !== 'object') {
    throw new TypeError(`${name} must be a parameter, of real, integer or categorical, got ${String(parameter)}`);
  }
  checkOption(`${name}.type`, parameter.type, ['real', 'integer', 'categorical']);
  checkOptionNames(name, parameter, FIELDS[parameter.type]);
  return parameter;
}

const FIELDS = {
  real: { type: true, low: true, high: true, ...REAL } satisfies Record<keyof RealParameter, true>,
  integer: { type: true, low: true, high: true, ...INTEGER } satisfies Record<keyof IntegerParameter, true>,
  categorical: { type: true, choices: true, ...CATEGORICAL } satisfies Record<keyof CategoricalParameter, true>,
};

/** Number of coordinates that the parameter takes in the cube. */
export function parameterWidth(parameter: Parameter): number {
  return parameter.type === 'categorical' && parameter.encoding === 'onehot' ? parameter.choices.length : 1;
}

/** Number of values; Infinity for a real parameter without steps. */
export function parameterCount(parameter: Parameter): number {
  switch (parameter.type) {
    case 'real':
      return parameter.q === undefined
        ? Infinity
        : Math.floor((parameter.high - parameter.low) / parameter.q + 1e-9) + 1;
    case 'integer':
      return parameter.high - parameter.low + 1;
    case 'categorical':
      return parameter.choices.length;
  }
}

/** Value number `index` of a parameter with finitely many. */
export function parameterValue(parameter: Parameter, index: number): Choice {
  switch (parameter.type) {
    case 'real':
      return Math.min(parameter.high, parameter.low + index * (parameter.q ?? 0));
    case 'integer':
      return parameter.low + index;
    case 'categorical':
      return parameter.choices[index];
  }
}

/** Whether `value` is one of the parameter's. */
export function parameterContains(parameter: Parameter, value: unknown): boolean {
  if (parameter.type === 'categorical') return parameter.choices.includes(value as Choice);
  if (typeof value !== 'number' || !(value >= parameter.low && value <= parameter.high)) return false;
  if (parameter.type === 'integer') return Number.isInteger(value);
  if (parameter.q === undefined) return true;
  const steps = (value - parameter.low) / parameter.q;
  return Math.abs(steps - Math.round(steps)) < 1e-6;
}

/** Writes the code of a value that the parameter contains into x[at..]. */
export function encodeParameter(parameter: Parameter, value: Choice, x: Float64Array, at: number): void {
  if (parameter.type === 'real') {
    x[at] = toUnit(parameter, value as number);
    return;
  }
  if (parameter.type === 'integer') {
    x[at] = integerToUnit(parameter, value as number);
    return;
  }
  const index = parameter.choices.indexOf(value);
  if (parameter.encoding !== 'onehot') {
    x[at] = (index + 0.5) / parameter.choices.length;
    return;
  }
  for (let i = 0; i < parameter.choices.length; i++) x[at + i] = i === index ? 1 : 0;
}

/** The value whose code is x[at..], or is nearest to it. */
export function decodeParameter(parameter: Parameter, x: Float64Array, at: number): Choice {
  switch (parameter.type) {
    case 'real': {
      const value = fromUnit(parameter, x[at]);
      if (parameter.q === undefined) return value;
      const last = parameterCount(parameter) - 1;
      const index = Math.min(last, Math.max(0, Math.round((value - parameter.low) / parameter.q)));
      return parameterValue(parameter, index);
    }
    case 'integer':
      return integerFromUnit(parameter, x[at]);
    case 'categorical': {
      const count = parameter.choices.length;
      if (parameter.encoding !== 'onehot') {
        return parameter.choices[Math.min(count - 1, Math.max(0, Math.floor(x[at] * count)))];
      }
      let best = 0;
      for (let i = 1; i < count; i++) if (x[at + i] > x[at + best]) best = i;
      return parameter.choices[best];
    }
  }
}

function toUnit({ low, high, scale }: RealParameter, value: number): number {
  if (value === low) return 0;
  if (value === high) return 1;
  if (scale === 'linear') return (value - low) / (high - low);
  const map = scale === 'log' ? log : logit;
  return Math.min(1, Math.max(0, (map(value) - map(low)) / (map(high) - map(low))));
}

function fromUnit({ low, high, scale }: RealParameter, u: number): number {
  if (!(u > 0)) return low;
  if (!(u < 1)) return high;
  let value: number;
  if (scale === 'linear') value = low + u * (high - low);
  else if (scale === 'log') value = exp(log(low) + u * (log(high) - log(low)));
  else value = sigmoid(logit(low) + u * (logit(high) - logit(low)));
  return Math.min(high, Math.max(low, value));
}

function integerToUnit({ low, high, scale }: IntegerParameter, value: number): number {
  if (scale === 'linear') return (value - low + 0.5) / (high - low + 1);
  const first = log(low - 0.5);
  return (log(value) - first) / (log(high + 0.5) - first);
}

function integerFromUnit({ low, high, scale }: IntegerParameter, u: number): number {
  let value: number;
  if (scale === 'linear') value = low + Math.floor(u * (high - low + 1));
  else {
    const first = log(low - 0.5);
    value = Math.round(exp(first + u * (log(high + 0.5) - first)));
  }
  return Math.min(high, Math.max(low, value));
}

/** Drops absent options, which exactOptionalPropertyTypes keeps apart from undefined ones. */
function defined<T extends object>(options: T): T {
  return Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined)) as T;
}
