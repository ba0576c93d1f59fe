/**
 * Variance-based sensitivity: which inputs a function depends on.
 *
 * I. M. Sobol', Mathematics and Computers in Simulation 55 (2001) 271-280. For f of independent uniform inputs and a group g of
 * them, the first-order index S_g = Var E[f | x_g]/Var f is the share of the variance that x_g explains alone, the total
 * index T_g = E Var[f | x_-g]/Var f the share that is lost when x_g is known last; S_g <= T_g, equal when g does not interact.
 *
 * Estimators: first order by A. Saltelli et al., Computer Physics Communications 181 (2010) 259-270, table 2 (b); total by
 * M. J. W. Jansen, Computer Physics Communications 117 (1999) 35-43. Both on two halves of one Sobol design.
 */
import { checkInteger } from '../../internal/check.js';
import { createRng } from '../../random/create-rng.js';
import { sobol } from '../../random/sobol.js';

export interface SobolIndices {
  /** One per group. */
  first: Float64Array;
  total: Float64Array;
  variance: number;
}

/**
 * Sobol indices of a function on the unit cube, by quasi-Monte Carlo without random numbers (beyond 32 dimensions by a fixed
 * pseudo-random design). `samples` (groups + 2) evaluations; error about samples^-0.9 for smooth functions.
 *
 * @param f values at `rows` points, row-major
 * @param groups coordinates of each group
 * @throws RangeError if `samples` is below 2, or a coordinate is out of range
 *
 * @example
 * const plane = (X, rows) => Float64Array.from({ length: rows }, (_, i) => 2 * X[2 * i] + X[2 * i + 1]);
 * const { total } = sobolIndices(plane, 2, [[0], [1]]);
 * total[0].toFixed(2); //=> '0.80'
 */
export function sobolIndices(
  f: (X: Float64Array, rows: number) => Float64Array,
  dimension: number,
  groups: readonly (readonly number[])[],
  { samples = 1024 }: { samples?: number } = {},
): SobolIndices {
  const d = checkInteger('dimension', dimension, 1);
  const n = checkInteger('samples', samples, 2);
  groups.forEach((group, g) => group.forEach((k, i) => checkInteger(`groups[${g}][${i}]`, k, 0, d - 1)));
  // The origin of the design is left out; an odd start keeps the halves different.
  const rng = createRng('sobolIndices');
  const both =
    2 * d <= 64 ? sobol(n, 2 * d, { scramble: 'none', start: 1 }) : Float64Array.from({ length: 2 * n * d }, rng);
  const A = new Float64Array(n * d);
  const B = new Float64Array(n * d);
  for (let i = 0; i < n; i++) {
    for (let k = 0; k < d; k++) {
      A[i * d + k] = both[2 * i * d + k];
      B[i * d + k] = both[2 * i * d + d + k];
    }
  }
  const fA = f(A, n);
  const fB = f(B, n);
  let mean = 0;
  for (let i = 0; i < n; i++) mean += (fA[i] + fB[i]) / (2 * n);
  let variance = 0;
  for (let i = 0; i < n; i++) {
    variance += ((fA[i] - mean) * (fA[i] - mean) + (fB[i] - mean) * (fB[i] - mean)) / (2 * n);
  }
  const first = new Float64Array(groups.length);
  const total = new Float64Array(groups.length);
  groups.forEach((group, g) => {
    if (!(variance > 0)) return;
    const mixed = A.slice();
    for (let i = 0; i < n; i++) for (const k of group) mixed[i * d + k] = B[i * d + k];
    const fMixed = f(mixed, n);
    let alone = 0;
    let lost = 0;
    for (let i = 0; i < n; i++) {
      alone += ((fB[i] - mean) * (fMixed[i] - fA[i])) / n;
      lost += ((fA[i] - fMixed[i]) * (fA[i] - fMixed[i])) / (2 * n);
    }
    first[g] = alone / variance;
    total[g] = lost / variance;
  });
  return { first, total, variance };
}
