import type { MatrixLike } from '../../linalg/to-row-major.js';
import { checkVector } from '../../internal/check.js';
import { checkPoints, paretoFront, type ParetoOptions } from './pareto.js';

/** Disjoint boxes (lower, upper], larger is better; upper ends may be Infinity. */
export interface Boxes {
  /** count x m. */
  lower: Float64Array;
  upper: Float64Array;
  count: number;
  m: number;
}

/**
 * The part of objective space above the reference that no point of the front dominates, as disjoint boxes; for `maximize: false`
 * everything is mirrored first.
 *
 * Dominated and repeated points are dropped. For two objectives these are the n + 1 strips between neighbours of the front, in
 * O(n log n). For more, the region is cut along the last objective at the values of the front, and each slab is decomposed for
 * the points above it: O(n^(m-1)) boxes. R. Lacour, K. Klamroth, C. M. Fonseca, Computers & Operations Research 79 (2017) has fewer.
 */
export function nonDominatedBoxes(
  front: MatrixLike,
  reference: ArrayLike<number>,
  { maximize = true }: ParetoOptions = {},
): Boxes {
  checkVector('reference', reference);
  const m = reference.length;
  const sign = maximize ? 1 : -1;
  const { data, rows } = checkPoints(front, m, 'front');
  const ref = Float64Array.from(reference, (value) => sign * value);
  const points: number[][] = [];
  for (let i = 0; i < rows; i++) {
    const point = Array.from({ length: m }, (_, k) => sign * data[i * m + k]);
    if (point.every((value, k) => value > ref[k])) points.push(point);
  }
  const boxes = decompose(points, ref, m);
  const lower = new Float64Array(boxes.length * m);
  const upper = new Float64Array(boxes.length * m);
  boxes.forEach((box, i) => {
    lower.set(box.lower, i * m);
    upper.set(box.upper, i * m);
  });
  return { lower, upper, count: boxes.length, m };
}

interface Box {
  lower: number[];
  upper: number[];
}

function decompose(points: number[][], ref: Float64Array, m: number): Box[] {
  if (m === 1) {
    const low = points.reduce((best, [value]) => Math.max(best, value), ref[0]);
    return [{ lower: [low], upper: [Infinity] }];
  }
  const front = points.length === 0 ? [] : paretoFront(points);
  if (m === 2) return strips(front, ref);
  const cuts = [...new Set([ref[m - 1], ...front.map((point) => point[m - 1])])].sort((a, b) => a - b);
  const boxes: Box[] = [];
  for (let c = 0; c < cuts.length; c++) {
    const low = cuts[c];
    const high = c + 1 < cuts.length ? cuts[c + 1] : Infinity;
    // Inside (low, high] a point dominates iff its last coordinate is at least high.
    const above = front.filter((point) => point[m - 1] >= high).map((point) => point.slice(0, m - 1));
    for (const { lower, upper } of decompose(above, ref, m - 1)) {
      boxes.push({ lower: [...lower, low], upper: [...upper, high] });
    }
  }
  return boxes;
}

/** Two objectives: as the second one rises along the front, the first one falls. */
function strips(front: number[][], ref: Float64Array): Box[] {
  const sorted = [...front].sort((a, b) => a[1] - b[1]);
  return Array.from({ length: sorted.length + 1 }, (_, i) => ({
    lower: [i < sorted.length ? sorted[i][0] : ref[0], i > 0 ? sorted[i - 1][1] : ref[1]],
    upper: [Infinity, i < sorted.length ? sorted[i][1] : Infinity],
  }));
}
