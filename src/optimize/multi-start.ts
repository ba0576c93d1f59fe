// A local minimiser from several starts.

import { minimizeLbfgsb, type LbfgsbOptions, type LbfgsbResult, type ValueAndGradient } from './lbfgsb.js';

export interface MultiStartResult {
  /** The result of least value; ties go to the earliest start. */
  best: LbfgsbResult;
  /** One result a start, in their order. */
  all: LbfgsbResult[];
}

/**
 * `minimizeLbfgsb` from every start; a start that ends non-finite never wins over one that does not.
 *
 * @throws RangeError if there is no start
 *
 * @example
 * minimizeMultiStart((x, g) => ((g[0] = 2 * x[0]), x[0] * x[0]), [[1], [0]]).best.value; //=> 0
 */
export function minimizeMultiStart(
  f: ValueAndGradient,
  starts: ArrayLike<number>[],
  options: LbfgsbOptions = {},
): MultiStartResult {
  if (starts.length === 0) throw new RangeError('starts must not be empty');
  const all = starts.map((start) => minimizeLbfgsb(f, start, options));
  let best = all[0];
  for (const result of all) {
    if (Number.isFinite(result.value) && !(result.value >= best.value)) best = result;
  }
  return { best, all };
}
