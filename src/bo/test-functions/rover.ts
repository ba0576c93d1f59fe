// Planning a path around obstacles: many dimensions, a discontinuous cost, many local minima.
import { checkInteger, checkNumber, checkVector } from '../../internal/check.js';
import { box, testFunction, type TestFunction } from './test-function.js';

export interface RoverOptions {
  /** Control points of the path, at least 4 and at most 100: half the dimension. Default 30. */
  points?: number;
  /** Lower left corners of the squares to avoid, [x, y] each. Default: a grid of 16 with its rows shifted. */
  obstacles?: readonly (readonly [number, number])[];
  /** Side of a square, positive. Default 0.1. */
  side?: number;
}

const START = [0.05, 0.05];
const GOAL = [0.95, 0.95];
const STEPS = 1000;

/**
 * The rover problem: the cost of a path through the unit square, to be minimized over its control points (x_1, y_1, x_2, ...) in
 * [0, 1]^2p. Along the uniform cubic B-spline of the control points, clamped at its ends, in 1000 chords of length |Δ|,
 *
 *   cost = Σ |Δ| c(middle) + 10 (|first point - start|_1 + |last point - goal|_1) - 5,   c = 0.05, 20 more inside an obstacle,
 *
 * with start (0.05, 0.05) and goal (0.95, 0.95). At least 0.05 · 0.9 √2 - 5 = -4.936..., the straight way, which obstacles bar.
 *
 * After Z. Wang, C. Gehring, P. Kohli, S. Jegelka, arXiv:1706.01445, section 4.3, which rewards what is here a cost. The obstacles
 * are our own, on a grid, so that figures are not those of the paper's landscape.
 *
 * @throws RangeError if points is not an integer in [4, 100], an obstacle is not a pair of numbers, or side is not positive
 *
 * @example
 * rover().dim; //=> 60
 */
export function rover({ points = 30, obstacles = GRID, side = 0.1 }: RoverOptions = {}): TestFunction {
  checkInteger('points', points, 4, 100);
  obstacles.forEach((corner, i) => checkVector(`obstacles[${i}]`, corner, 2));
  if (!(checkNumber('side', side) > 0)) throw new RangeError(`side must be positive, got ${side}`);
  const inside = (x: number, y: number) =>
    obstacles.some(([left, low]) => x >= left && x <= left + side && y >= low && y <= low + side);
  return testFunction({
    name: 'rover',
    dim: 2 * points,
    bounds: box(2 * points, 0, 1),
    optimum: null,
    evaluate(control) {
      let cost = -5;
      for (let c = 0; c < 2; c++) {
        cost += 10 * Math.abs(control[c] - START[c]);
        cost += 10 * Math.abs(control[2 * points - 2 + c] - GOAL[c]);
      }
      let [x, y] = splinePoint(control, points, 0);
      for (let s = 1; s <= STEPS; s++) {
        const [nextX, nextY] = splinePoint(control, points, s / STEPS);
        const length = Math.sqrt((nextX - x) * (nextX - x) + (nextY - y) * (nextY - y));
        cost += length * (inside((x + nextX) / 2, (y + nextY) / 2) ? 20.05 : 0.05);
        [x, y] = [nextX, nextY];
      }
      return cost;
    },
  });
}

/** The corners: columns 0.25 apart, every other row half a column further; start and goal are free. */
const GRID: [number, number][] = Array.from({ length: 16 }, (_, i) => {
  const rank = i >> 2;
  return [0.05 + 0.25 * (i & 3) + (rank & 1 ? 0 : 0.125), 0.2 + 0.18 * rank];
});

/** de Boor's algorithm on the knots 0, 0, 0, 0, 1, 2, ..., n - 3, n - 3, n - 3, n - 3, at t in [0, 1] of their range. */
function splinePoint(control: ArrayLike<number>, n: number, t: number): [number, number] {
  const spans = n - 3;
  const u = t * spans;
  const span = Math.min(Math.floor(u), spans - 1);
  const knot = (i: number) => Math.min(Math.max(i - 3, 0), spans);
  const px = [0, 1, 2, 3].map((j) => control[2 * (span + j)]);
  const py = [0, 1, 2, 3].map((j) => control[2 * (span + j) + 1]);
  for (let r = 1; r <= 3; r++) {
    for (let j = 3; j >= r; j--) {
      const low = knot(span + j);
      const weight = (u - low) / (knot(span + j + 4 - r) - low);
      px[j] += (1 - weight) * (px[j - 1] - px[j]);
      py[j] += (1 - weight) * (py[j - 1] - py[j]);
    }
  }
  return [px[3], py[3]];
}
