import { checkVector } from '../../internal/check.js';

/** A benchmark problem with a known optimum, within its box. */
export interface TestFunction {
  name: string;
  dim: number;
  /** [low, high] of every coordinate. */
  bounds: readonly (readonly [number, number])[];
  direction: 'minimize' | 'maximize';
  /** Value at x, length `dim`. */
  evaluate(x: ArrayLike<number>): number;
  /** Gradient at x, where it is provided. */
  gradient?(x: ArrayLike<number>): Float64Array;
  /** Best value in the box and the points that attain it in ascending order; null where it is not known. */
  optimum: { value: number; minimizers: number[][] } | null;
  /** Feasible where every entry is at most 0. */
  constraints?: readonly ((x: ArrayLike<number>) => number)[];
}

/** Fills in the direction and guards `evaluate` against a wrong length. */
export function testFunction(fields: Omit<TestFunction, 'direction'> & { direction?: 'maximize' }): TestFunction {
  const { evaluate, dim } = fields;
  return {
    direction: 'minimize',
    ...fields,
    evaluate(x) {
      checkVector('x', x, dim);
      return evaluate(x);
    },
  };
}

/** The same interval in every coordinate. */
export function box(dim: number, low: number, high: number): [number, number][] {
  return Array.from({ length: dim }, () => [low, high]);
}
