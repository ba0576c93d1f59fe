/**
 * The volume between a set of points and a reference point: the size of what the set dominates.
 *
 * E. Zitzler, L. Thiele, IEEE Transactions on Evolutionary Computation 3 (1999) 257-271. Two objectives by a sweep, three by a
 * sweep with a staircase (N. Beume et al., IEEE Transactions on Evolutionary Computation 13 (2009)), more by the WFG recursion
 * (L. While, L. Bradstreet, L. Barone, IEEE Transactions on Evolutionary Computation 16 (2012) 86-95, Algorithm 3).
 */
import { checkVector } from '../../internal/check.js';
import type { MatrixLike } from '../../linalg/to-row-major.js';
import { checkPoints, type ParetoOptions } from './pareto.js';

/**
 * Volume dominated by the points and above the reference (below it for `maximize: false`). Points that do not beat the reference
 * in every objective add nothing. O(n log n) for m = 2 and 3, exponential in m at worst beyond.
 *
 * @param points n x m
 * @param reference length m
 *
 * @example
 * hypervolume([[1, 3], [2, 2], [3, 1]], [0, 0]); //=> 6
 */
export function hypervolume(points: MatrixLike, reference: ArrayLike<number>, options: ParetoOptions = {}): number {
  return volume(aboveReference(points, reference, options), reference.length);
}

/**
 * What each point adds: the volume of all minus that of all others. 0 for dominated and for repeated points.
 *
 * @example
 * hypervolumeContributions([[1, 3], [2, 2], [3, 1]], [0, 0]); //=> Float64Array.of(1, 1, 1)
 */
export function hypervolumeContributions(
  points: MatrixLike,
  reference: ArrayLike<number>,
  options: ParetoOptions = {},
): Float64Array {
  const m = reference.length;
  const { rows } = checkPoints(points, m);
  const all = aboveReference(points, reference, options, true);
  const total = volume(
    all.filter((point) => point.every((value) => value > 0)),
    m,
  );
  return Float64Array.from({ length: rows }, (_, i) => {
    if (!all[i].every((value) => value > 0)) return 0;
    const others = all.filter((point, j) => j !== i && point.every((value) => value > 0));
    return Math.max(0, total - volume(others, m));
  });
}

/** Hypervolume after each of the points in turn. */
export function hypervolumeTrace(
  points: MatrixLike,
  reference: ArrayLike<number>,
  options: ParetoOptions = {},
): Float64Array {
  const all = aboveReference(points, reference, options, true);
  const m = reference.length;
  let front: number[][] = [];
  return Float64Array.from(all, (point) => {
    if (point.every((value) => value > 0)) front = nonDominated([...front, point]);
    return volume(front, m);
  });
}

/** Points relative to the reference, larger is better. */
function aboveReference(
  points: MatrixLike,
  reference: ArrayLike<number>,
  { maximize = true }: ParetoOptions,
  keepAll = false,
): number[][] {
  checkVector('reference', reference);
  const m = reference.length;
  if (m === 0) throw new RangeError('reference must not be empty');
  const { data, rows } = checkPoints(points, m);
  const sign = maximize ? 1 : -1;
  const out: number[][] = [];
  for (let i = 0; i < rows; i++) {
    const point = Array.from({ length: m }, (_, k) => sign * (data[i * m + k] - reference[k]));
    if (keepAll || point.every((value) => value > 0)) out.push(point);
  }
  return out;
}

/** Volume of the union of the boxes [0, p], all p positive. */
function volume(points: number[][], m: number): number {
  if (points.length === 0) return 0;
  if (m === 1) return Math.max(...points.map(([value]) => value));
  if (m === 2) return area(points);
  if (m === 3) return staircaseVolume(points);
  return wfg(nonDominated(points), m);
}

function area(points: number[][]): number {
  const sorted = [...points].sort((a, b) => b[0] - a[0] || b[1] - a[1]);
  let total = 0;
  let height = 0;
  for (const [x, y] of sorted) {
    if (y <= height) continue;
    total += x * (y - height);
    height = y;
  }
  return total;
}

/**
 * Slices between consecutive third coordinates, from the top: the staircase of the first two only grows. Its steps are kept in
 * order, so that the place of a point is found by bisection and every step leaves at most once: O(n log n) comparisons.
 */
function staircaseVolume(points: number[][]): number {
  const sorted = [...points].sort((a, b) => b[2] - a[2]);
  // First coordinates fall, second ones rise.
  const stairs: number[][] = [];
  let ground = 0;
  let total = 0;
  for (let i = 0; i < sorted.length; i++) {
    ground += climb(stairs, sorted[i]);
    const below = i + 1 < sorted.length ? sorted[i + 1][2] : 0;
    if (sorted[i][2] > below) total += ground * (sorted[i][2] - below);
  }
  return total;
}

/** Adds the corner (x, y) to a staircase; the area that is gained. */
function climb(stairs: number[][], [x, y]: number[]): number {
  // The first step that is not to the right of x.
  let at = 0;
  let end = stairs.length;
  while (at < end) {
    const middle = (at + end) >> 1;
    if (stairs[middle][0] > x) at = middle + 1;
    else end = middle;
  }
  let height = at > 0 ? stairs[at - 1][1] : 0;
  if (height >= y) return 0;
  let gained = 0;
  let last = at;
  for (; last < stairs.length && stairs[last][1] <= y; last++) {
    gained += (x - stairs[last][0]) * (stairs[last][1] - height);
    height = stairs[last][1];
  }
  // What is left up to y is as wide as the next step, which may be as wide as the new one.
  const next = last < stairs.length ? stairs[last][0] : 0;
  gained += (x - next) * (y - height);
  if (next < x) stairs.splice(at, last - at, [x, y]);
  return gained;
}

/** Algorithm 3: the sum of exclusive volumes, each a box minus the volume of the others limited to it. */
function wfg(front: number[][], m: number): number {
  const sorted = [...front].sort((a, b) => b[m - 1] - a[m - 1]);
  let total = 0;
  sorted.forEach((point, i) => {
    const limited = sorted.slice(i + 1).map((other) => other.map((value, k) => Math.min(value, point[k])));
    let box = 1;
    for (const value of point) box *= value;
    total += box - volume(nonDominated(limited), m);
  });
  return total;
}

function nonDominated(points: number[][]): number[][] {
  return points.filter((point, i) => {
    for (let j = 0; j < points.length; j++) {
      if (j === i) continue;
      const other = points[j];
      let atLeast = true;
      let equal = true;
      for (let k = 0; k < point.length; k++) {
        if (other[k] < point[k]) {
          atLeast = false;
          break;
        }
        if (other[k] !== point[k]) equal = false;
      }
      if (atLeast && (!equal || j < i)) return false;
    }
    return true;
  });
}
