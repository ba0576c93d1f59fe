// Language models as decoding sees them: logits for prefixes.

/** One row of logits for every prefix, in order, at once or later. Float32Array rows are fine. */
export type LogitsFn = (
  prefixes: readonly (readonly number[])[],
) => readonly ArrayLike<number>[] | Promise<readonly ArrayLike<number>[]>;

/** A model with a cache that can be cropped. */
export interface IncrementalModel<State> {
  /** A cache that holds nothing. */
  init(): State | Promise<State>;
  /** Reads more tokens: the grown cache, and a row of logits after each of them. */
  extend(
    state: State,
    tokens: readonly number[],
  ):
    | { state: State; rows: readonly ArrayLike<number>[] }
    | Promise<{ state: State; rows: readonly ArrayLike<number>[] }>;
  /** The cache cropped to its first `length` tokens. */
  rollback(state: State, length: number): State | Promise<State>;
}

/**
 * A `LogitsFn` over a model with a cache: prefixes that prolong one another take one call of `extend`, and the cache is
 * cropped to the longest common prefix before each.
 *
 * Answers with a promise if the model does. Calls must not overlap. An empty prefix is refused, as no token precedes its row.
 *
 * @example
 * const count = { init: () => 0, extend: (n, xs) => ({ state: n + xs.length, rows: xs.map((x) => [x, 0]) }), rollback: (_, n) => n };
 * cachedModel(count)([[7], [7, 8]]); //=> [[7, 0], [8, 0]]
 */
export function cachedModel<State>(model: IncrementalModel<State>): LogitsFn {
  let read: number[] = [];
  let state: State;
  let started = false;

  function* rows(prefixes: readonly (readonly number[])[]): Generator<unknown, ArrayLike<number>[], never> {
    if (!started) {
      state = yield model.init();
      started = true;
    }
    const result: ArrayLike<number>[] = [];
    for (let first = 0; first < prefixes.length;) {
      // A chain of prefixes, each one token longer than the one before.
      let last = first;
      while (last + 1 < prefixes.length && prolongs(prefixes[last], prefixes[last + 1])) last += 1;
      const start = prefixes[first];
      const end = prefixes[last];
      if (start.length === 0) throw new RangeError('prefixes must not be empty');
      let common = 0;
      while (common < read.length && common < start.length - 1 && read[common] === start[common]) common += 1;
      if (common < read.length) {
        state = yield model.rollback(state, common);
        read = read.slice(0, common);
      }
      const more = end.slice(common);
      const extended: { state: State; rows: readonly ArrayLike<number>[] } = yield model.extend(state, more);
      if (extended.rows.length !== more.length) {
        throw new RangeError(`rows must have length ${more.length}, got ${extended.rows.length}`);
      }
      state = extended.state;
      read = end.slice();
      for (let i = first; i <= last; i++) result.push(extended.rows[prefixes[i].length - 1 - common]);
      first = last + 1;
    }
    return result;
  }
  return (prefixes) => driveEither(rows(prefixes));
}

function prolongs(shorter: readonly number[], longer: readonly number[]): boolean {
  if (longer.length !== shorter.length + 1) return false;
  for (let i = shorter.length - 1; i >= 0; i--) if (shorter[i] !== longer[i]) return false;
  return true;
}

/** Steps that yield values or promises and are given the values back: one text for the synchronous and the other form. */
export type Steps<Result> = Generator<unknown, Result, never>;

/** Runs steps whose models answer at once. */
export function driveSync<Result>(steps: Steps<Result>): Result {
  let step = steps.next();
  while (step.done !== true) {
    if (isPromise(step.value))
      throw new TypeError('model must answer at once, got a promise; use the asynchronous form');
    step = steps.next(step.value as never);
  }
  return step.value;
}

/** Runs steps whose models may answer later. */
export async function driveAsync<Result>(steps: Steps<Result>): Promise<Result> {
  let step = steps.next();
  while (step.done !== true) {
    let value: unknown;
    try {
      value = await step.value;
    } catch (error) {
      step = steps.throw(error);
      continue;
    }
    step = steps.next(value as never);
  }
  return step.value;
}

function driveEither<Result>(steps: Steps<Result>): Result | Promise<Result> {
  let step = steps.next();
  while (step.done !== true) {
    if (isPromise(step.value)) return continueLater(steps, step.value);
    step = steps.next(step.value as never);
  }
  return step.value;
}

async function continueLater<Result>(steps: Steps<Result>, first: unknown): Promise<Result> {
  let step = steps.next((await first) as never);
  while (step.done !== true) step = steps.next((await step.value) as never);
  return step.value;
}

function isPromise(value: unknown): boolean {
  return typeof value === 'object' && value !== null && 'then' in value && typeof value.then === 'function';
}
