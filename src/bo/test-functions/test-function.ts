import { checkInteger, checkVector } from '../../internal/check.js';

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

/**
 * A problem in every dimension from `least` on that is a multiple of `multiple`, both 1 by default, on the box [low, high]^dim.
 *
 * @param member value, optimum and, where it is provided, gradient in that dimension
 */
export function family(
  name: string,
  [low, high]: readonly [number, number],
  member: (dim: number) => Pick<TestFunction, 'evaluate' | 'gradient' | 'optimum'>,
  { least = 1, multiple = 1 }: { least?: number; multiple?: number } = {},
): (dim: number) => TestFunction {
  return (dim) => {
    checkInteger('dim', dim, least);
    if (dim % multiple !== 0) throw new RangeError(`dim must be a multiple of ${multiple}, got ${dim}`);
    return testFunction({ name, dim, bounds: box(dim, low, high), ...member(dim) });
  };
}

/** The optimum of a family whose only minimizer has equal coordinates. */
export function minimumAt(coordinate: number, dim: number, value = 0): NonNullable<TestFunction['optimum']> {
  return { value, minimizers: [new Array<number>(dim).fill(coordinate)] };
}
