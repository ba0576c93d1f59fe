// Each search is written once, as a generator that yields whatever the problem's functions return and is given their
// values back. One driver passes values straight on, the other waits for promises: same algorithm, same draws.

/** A search in progress: yields values or promises, receives values, returns its result. */
export type Search<Result> = Generator<unknown, Result, never>;

/** Runs a search whose problem answers at once. */
export function driveSync<Result>(search: Search<Result>): Result {
  let step = search.next();
  while (step.done !== true) {
    if (isPromise(step.value)) {
      throw new TypeError('problem must answer at once, got a promise; use the Async form of this search');
    }
    step = search.next(step.value as never);
  }
  return step.value;
}

/** Runs a search whose problem may answer later. */
export async function driveAsync<Result>(search: Search<Result>): Promise<Result> {
  let step = search.next();
  while (step.done !== true) step = search.next((await step.value) as never);
  return step.value;
}

function isPromise(value: unknown): boolean {
  return typeof value === 'object' && value !== null && 'then' in value && typeof value.then === 'function';
}
