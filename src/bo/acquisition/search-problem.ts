/** The search for an acquisition's maximum as a checked problem, and what every part of the search does with it. */
import { checkInteger, checkNumber, checkOptionNames, checkPositive, checkVector } from '../../internal/check.js';
import type { Rng } from '../../random/create-rng.js';
import type { Acquisition } from './acquisition.js';
import { checkBounds, type Bounds } from './bounds.js';
import { snapToBlocks, type DiscreteBlock } from './discrete-search.js';
import type { InequalityConstraint } from './inequality-constraint.js';
import type { OptimizeAcquisitionOptions } from './optimize-acquisition.js';

/** The search with its options checked and filled in; `evaluations` counts. */
export interface SearchProblem {
  acquisition: Acquisition;
  d: number;
  low: Float64Array;
  high: Float64Array;
  /** Units of the steps. */
  unit: Float64Array;
  /** Value of a fixed coordinate, NaN for a free one. */
  fixed: Float64Array;
  blocks: readonly DiscreteBlock[];
  /** Coordinates that quasi-Newton steps may move. */
  continuous: boolean[];
  constraints: readonly InequalityConstraint[];
  evaluated: Float64Array;
  tolerance: number;
  canonical: (x: Float64Array) => Float64Array;
  rng: Rng;
  rawSamples: number;
  restarts: number;
  maxIterations: number;
  candidates: Float64Array;
  gradientFree: boolean;
  evaluations: number;
}

const NAMES = {
  rng: true,
  rawSamples: true,
  restarts: true,
  maxIterations: true,
  evaluated: true,
  candidates: true,
  lengthscales: true,
  fixed: true,
  blocks: true,
  constraints: true,
  duplicateTolerance: true,
  canonical: true,
  gradientFree: true,
} satisfies Record<keyof OptimizeAcquisitionOptions, true>;

export function searchProblem(
  acquisition: Acquisition,
  bounds: Bounds,
  options: OptimizeAcquisitionOptions,
): SearchProblem {
  checkOptionNames('options', options, NAMES);
  const d = bounds.length;
  checkBounds(bounds);
  const low = new Float64Array(d);
  const high = new Float64Array(d);
  bounds.forEach(([a, b], k) => {
    low[k] = a;
    high[k] = b;
  });
  const unit = new Float64Array(d).fill(1);
  if (options.lengthscales !== undefined) unit.set(Array.from(checkVector('lengthscales', options.lengthscales, d)));
  for (let k = 0; k < d; k++) checkPositive(`lengthscales[${k}]`, unit[k]);
  const fixed = new Float64Array(d).fill(NaN);
  if (options.fixed !== undefined) {
    if (options.fixed.length !== d) throw new RangeError(`fixed must have length ${d}, got ${options.fixed.length}`);
    for (let k = 0; k < d; k++) {
      const value = options.fixed[k];
      fixed[k] = Number.isNaN(value) ? NaN : checkNumber(`fixed[${k}]`, value, low[k], high[k]);
    }
  }
  const allBlocks = options.blocks ?? [];
  const discrete = new Set(allBlocks.flatMap(({ dims }) => dims));
  const blocks = allBlocks.filter(({ dims }) => dims.some((k) => Number.isNaN(fixed[k])));
  return {
    acquisition,
    d,
    low,
    high,
    unit,
    fixed,
    blocks,
    continuous: Array.from({ length: d }, (_, k) => !discrete.has(k) && Number.isNaN(fixed[k])),
    constraints: options.constraints ?? [],
    evaluated: flatPoints('evaluated', options.evaluated, d),
    tolerance: checkNumber('duplicateTolerance', options.duplicateTolerance ?? 1e-9, 0),
    canonical: options.canonical ?? ((x) => x),
    rng: options.rng,
    rawSamples: checkInteger('rawSamples', options.rawSamples ?? (d > 6 ? 1024 : 512), 1),
    restarts: checkInteger('restarts', options.restarts ?? 8, 0),
    maxIterations: checkInteger('maxIterations', options.maxIterations ?? 100, 1),
    candidates: flatPoints('candidates', options.candidates, d),
    gradientFree: options.gradientFree ?? false,
    evaluations: 0,
  };
}

/** The acquisition at x, counted. */
export function evaluate(problem: SearchProblem, x: Float64Array, gradient?: Float64Array): number {
  problem.evaluations += 1;
  return checkValue(problem.acquisition.value(x, gradient), x);
}

/** @throws RangeError if the value is NaN, naming the point */
export function checkValue(value: number, x: Float64Array): number {
  if (Number.isNaN(value))
    throw new RangeError(`acquisition must not be NaN, got NaN at [${Array.from(x).join(', ')}]`);
  return value;
}

export function isFeasible({ constraints }: SearchProblem, x: Float64Array): boolean {
  return constraints.every((constraint) => constraint(x) <= 0);
}

/** Snaps the discrete coordinates, sets the fixed ones, clips to the box. */
export function settle({ d, low, high, fixed, blocks }: SearchProblem, x: Float64Array): void {
  snapToBlocks(blocks, x, low, high);
  for (let k = 0; k < d; k++) {
    x[k] = Number.isNaN(fixed[k]) ? Math.min(high[k], Math.max(low[k], x[k])) : fixed[k];
  }
}

export function clip(value: number, low: number, high: number): number {
  return value < low ? low : value > high ? high : value;
}

function flatPoints(name: string, points: Float64Array | undefined, d: number): Float64Array {
  if (points === undefined) return new Float64Array(0);
  checkVector(name, points);
  if (points.length % d !== 0)
    throw new RangeError(`${name} must have a multiple of ${d} entries, got ${points.length}`);
  return points;
}
