// Bad arguments by mutation: one valid call of a function, and every way of spoiling one of its arguments that its shape suggests.
//
//   a number            'x' (wrong kind), NaN; -1 or 0 where the table says that it must not be
//   a string            one that means nothing
//   numbers in a row    null, a first entry NaN, a first entry 'x', one entry fewer
//   rows of numbers     the same, and a first row that is shorter than the others
//   an object           each of its fields
//   a function          null
//
// A spoilt call must throw a TypeError (wrong kind) or a RangeError (wrong value or length) whose message names the argument; what
// the table says a function accepts must give a result without NaN.

/** What the shape of a valid call does not say. Paths are those of the arguments: 'options.noise', 'data.X'. */
export interface Spoilage {
  /** Numbers, or rows of them, that may not be below 0. */
  nonNegative?: string[];
  /** Numbers, or rows of them, that may not be 0 or below. */
  positive?: string[];
  /** Rows that may have any length, or one shorter than in the valid call. */
  free?: string[];
  /** Mutations that give a result, 'options.best:NaN'. */
  accepts?: string[];
  /** Fields that are not looked at for this call. */
  ignored?: string[];
  /** Calls the result, where the export is a factory. */
  use?: (result: never) => unknown;
}

export interface Call extends Spoilage {
  args: Record<string, unknown>;
}

/** A valid call: arguments by name, in the order of the call. */
export function call(args: Record<string, unknown>, spoilage: Spoilage = {}): Call {
  return { args, ...spoilage };
}

/** An argument that the library made (a fitted state, a problem): only null is tried in its place. */
export function made<T>(value: T): Made {
  return new Made(value);
}

class Made {
  constructor(readonly value: unknown) {}
}

type Function = (...args: unknown[]) => unknown;

/** The complaints about one function: empty if the call works and every spoilt call is refused by name. */
export async function complaintsOf(f: Function, { args, use, ...spoilage }: Call): Promise<string[]> {
  const complaints: string[] = [];
  const run = async (values: Record<string, unknown>) => {
    const result = await f(...Object.values(values).map(unwrapped));
    return use === undefined ? result : use(result as never);
  };
  try {
    const at = findNaN(await run(args));
    if (at !== undefined) complaints.push(`the valid call returns NaN at ${at}`);
  } catch (error) {
    return [`the valid call throws ${String(error)}`];
  }
  for (const { path, kind, value, wanted } of mutations(args, spoilage)) {
    const name = `${path}:${kind}`;
    try {
      const at = findNaN(await run(replaced(args, path.split('.'), value) as Record<string, unknown>));
      if (spoilage.accepts?.includes(name) !== true) complaints.push(`${name} is accepted`);
      else if (at !== undefined) complaints.push(`${name} returns NaN at ${at}`);
    } catch (error) {
      const { message } = error as Error;
      if (spoilage.accepts?.includes(name) === true) complaints.push(`${name} throws ${message}`);
      else if (!isWanted(error, wanted)) {
        complaints.push(`${name} throws ${(error as Error).name}: ${message}`);
      } else if (!names(message, path, kind, args)) complaints.push(`${name} is not named: ${message}`);
    }
  }
  return complaints;
}

/** The arguments with what was made in the place of its wrapper. */
function unwrapped(tree: unknown): unknown {
  if (tree instanceof Made) return tree.value;
  if (tree === null || typeof tree !== 'object' || Object.getPrototypeOf(tree) !== Object.prototype) return tree;
  return Object.fromEntries(Object.entries(tree).map(([key, value]) => [key, unwrapped(value)]));
}

interface Mutation {
  path: string;
  kind: string;
  value: unknown;
  wanted: 'type' | 'range' | 'either';
}

function mutations(args: Record<string, unknown>, spoilage: Spoilage): Mutation[] {
  const list: Mutation[] = [];
  const has = (paths: string[] | undefined, path: string) => paths?.includes(path) === true;
  const add = (path: string, kind: string, value: unknown, wanted: Mutation['wanted']) => {
    // In the place of an option null is the default, as undefined is.
    if (kind === 'null' && /^options|^fields/.test(path)) return;
    list.push({ path, kind, value, wanted });
  };
  const numbers = (path: string, wrap: (value: unknown) => unknown) => {
    add(path, 'NaN', wrap(NaN), 'range');
    if (has(spoilage.nonNegative, path) || has(spoilage.positive, path)) add(path, '-1', wrap(-1), 'range');
    if (has(spoilage.positive, path)) add(path, '0', wrap(0), 'range');
  };
  const visit = (path: string, value: unknown): void => {
    if (has(spoilage.ignored, path) || value === undefined || typeof value === 'boolean') return;
    if (typeof value === 'number') {
      add(path, 'x', 'x', 'type');
      numbers(path, (bad) => bad);
    } else if (typeof value === 'string') {
      add(path, 'string', 'no such', 'either');
    } else if (isRow(value)) {
      add(path, 'null', null, 'type');
      if (value.length === 0) return;
      const rest = Array.from(value).slice(1);
      numbers(path, (bad) => [bad, ...rest]);
      add(path, 'x', ['x', ...rest], 'type');
      if (!has(spoilage.free, path)) add(path, 'short', rest, 'range');
    } else if (isMatrix(value)) {
      add(path, 'null', null, 'type');
      const [first, ...rest] = value;
      const tail = first.slice(1);
      numbers(path, (bad) => [[bad, ...tail], ...rest]);
      add(path, 'x', [['x', ...tail], ...rest], 'type');
      if (rest.length > 0) add(path, 'ragged', [...value.slice(0, -1), rest[rest.length - 1].slice(1)], 'either');
      if (!has(spoilage.free, path)) add(path, 'short', rest, 'range');
    } else if (value instanceof Made || typeof value === 'function') {
      add(path, 'null', null, 'type');
    } else if (value !== null) {
      if (path !== '') add(path, 'null', null, 'type');
      for (const [key, field] of Object.entries(value)) visit(path === '' ? key : `${path}.${key}`, field);
    }
  };
  visit('', args);
  return list;
}

/** An unknown string may be either: the type of a kernel is a kind, a method is a value. */
function isWanted(error: unknown, wanted: Mutation['wanted']): boolean {
  return (wanted !== 'range' && error instanceof TypeError) || (wanted !== 'type' && error instanceof RangeError);
}

function names(message: string, path: string, kind: string, args: Record<string, unknown>): boolean {
  if (kind === 'null') return true; // the engine's own words for a missing object name what it looked for
  const words = path.split('.').filter((word) => !/^\d+$/.test(word));
  const last = words[words.length - 1];
  // Where two lengths differ either argument may be the one that is named.
  const all = kind === 'short' ? [last, ...fieldNames(args)] : [last];
  return all.some((word) => new RegExp(`(^|[^a-zA-Z])${word}($|[^a-zA-Z])`, 'i').test(message));
}

function fieldNames(tree: unknown): string[] {
  if (tree === null || typeof tree !== 'object' || Array.isArray(tree) || tree instanceof Made) return [];
  return Object.entries(tree).flatMap(([key, value]) => [key, ...fieldNames(value)]);
}

function isRow(value: unknown): value is number[] | Float64Array {
  if (ArrayBuffer.isView(value)) return true;
  return Array.isArray(value) && value.every((entry) => typeof entry === 'number');
}

function isMatrix(value: unknown): value is number[][] {
  return Array.isArray(value) && value.length > 0 && value.every((row) => isRow(row) && row.length > 0);
}

function replaced(tree: unknown, path: string[], value: unknown): unknown {
  if (path.length === 0) return value;
  const [key, ...rest] = path;
  const copy = Array.isArray(tree) ? tree.slice() : { ...(tree as object) };
  (copy as Record<string, unknown>)[key] = replaced((tree as Record<string, unknown>)[key], rest, value);
  return copy;
}

/** The path of the first NaN in a result, functions not called. */
function findNaN(value: unknown, path = 'result'): string | undefined {
  if (typeof value === 'number') return Number.isNaN(value) ? path : undefined;
  if (value === null || typeof value !== 'object') return undefined;
  if (ArrayBuffer.isView(value) && !(value instanceof DataView)) {
    const at = Array.from(value as Float64Array).findIndex(Number.isNaN);
    return at === -1 ? undefined : `${path}[${at}]`;
  }
  for (const [key, field] of Object.entries(value)) {
    const at = findNaN(field, `${path}.${key}`);
    if (at !== undefined) return at;
  }
  return undefined;
}
