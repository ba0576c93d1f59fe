/**
 * Geometric multigrid V-cycles for the 5-point matrix on a square grid of 2^k - 1 interior points a side.
 *
 * W. L. Briggs, V. E. Henson, S. F. McCormick, "A Multigrid Tutorial", 2nd ed., SIAM 2000, chapter 3.
 *
 * The matrix is A = scale (P + shift I) with P = poisson2d(size, size). On the grid with twice the spacing the same problem is
 * P_c + 4 shift I with the restricted residual times 4. Red-black Gauss-Seidel smooths, red points ((ix + iy) even) first; full
 * weighting restricts; bilinear interpolation prolongs; one point is solved exactly. A V(1,1) cycle lowers the residual of
 * Poisson's equation by about 0.1, V(2,1) by about 0.08, whatever the size.
 */
import { checkInteger, checkNumber, checkPositive, checkVector, checkOptionNames } from '../../internal/check.js';
import { SOLVE_OPTIONS, type SolveOptions, type SolveResult } from '../solve.js';
import { beginSolve, endSolve, observe } from '../solve-run.js';
import { solverWorkspace, workspaceVector } from '../workspace.js';

export interface MultigridOptions {
  /** Smoothing sweeps before going down. Default 1. */
  preSmooth?: number;
  /** Smoothing sweeps after coming up. Default 1. */
  postSmooth?: number;
  /** c of A = scale (P + c I), at least 0. Default 0. */
  shift?: number;
  /** Factor of A, positive. Default 1. */
  scale?: number;
}

const NAMES = { preSmooth: true, postSmooth: true, shift: true, scale: true } satisfies Record<
  keyof MultigridOptions,
  true
>;

export interface GeometricMultigrid2d {
  /** Points per side, 2^k - 1. */
  readonly size: number;
  /** Unknowns, size². */
  readonly n: number;
  /** One V-cycle from x, in place; returns x. About 20 times n flops a sweep and 2.7 sweeps of work a cycle. */
  cycle(b: Float64Array, x: Float64Array): Float64Array;
  /**
   * z = M⁻¹ r by one cycle from 0 whose post-smoothing runs black points first, and as often as the pre-smoothing, so that M is
   * symmetric positive definite, as CG needs.
   */
  apply(r: Float64Array, out: Float64Array): void;
  /** Cycles until the residual is small. `iterations` counts cycles, and so does `matvecs`, with the residuals added. */
  solve(b: ArrayLike<number>, options?: SolveOptions, out?: Float64Array): SolveResult;
}

/** A grid of m x m points inside a ring of zeros, so that neighbours need no tests. */
interface Level {
  m: number;
  inverseDiagonal: number;
  diagonal: number;
  x: Float64Array;
  b: Float64Array;
  r: Float64Array;
}

/**
 * Multigrid for A = scale (P + shift I) on size x size points. Memory about 4 n; a cycle is O(n).
 *
 * @throws RangeError if size is not 2^k - 1, or an option is out of range
 *
 * @example
 * const grid = geometricMultigrid2d(31);
 * const result = grid.solve(new Float64Array(31 * 31).fill(1));
 * [result.iterations, result.status]; //=> [9, 'converged-rtol']
 */
export function geometricMultigrid2d(size: number, options: MultigridOptions = {}): GeometricMultigrid2d {
  checkOptionNames('options', options, NAMES);
  checkInteger('size', size, 1, 16383);
  if (((size + 1) & size) !== 0) throw new RangeError(`size must be 2^k - 1, got ${size}`);
  const pre = checkInteger('preSmooth', options.preSmooth ?? 1, 0);
  const post = checkInteger('postSmooth', options.postSmooth ?? 1, 0);
  if (pre + post === 0) throw new RangeError('preSmooth + postSmooth must be at least 1, got 0');
  const shift = checkNumber('shift', options.shift ?? 0, 0);
  const scale = checkPositive('scale', options.scale ?? 1);
  const levels: Level[] = [];
  for (let m = size, c = shift; m >= 1; m = (m - 1) / 2, c *= 4) {
    const points = (m + 2) * (m + 2);
    const [x, b, r] = [0, 0, 0].map(() => new Float64Array(points));
    levels.push({ m, diagonal: 4 + c, inverseDiagonal: 1 / (4 + c), x, b, r });
  }
  const finest = levels[0];
  const n = size * size;

  const cycle = (b: Float64Array, x: Float64Array) => {
    load(finest.b, b, size, 1 / scale);
    load(finest.x, x, size, 1);
    vCycle(levels, 0, pre, post, 0);
    store(x, finest.x, size);
    return x;
  };
  return {
    size,
    n,
    cycle(b, x) {
      checkVector('b', b, n);
      checkVector('x', x, n);
      return cycle(b, x);
    },
    apply(r, out) {
      load(finest.b, r, size, 1 / scale);
      finest.x.fill(0);
      const sweeps = Math.max(pre, 1);
      vCycle(levels, 0, sweeps, sweeps, 1);
      store(out, finest.x, size);
    },
    solve(b, solveOptions = {}, out) {
      checkOptionNames('options', solveOptions, SOLVE_OPTIONS);
      const workspace = solveOptions.workspace ?? solverWorkspace();
      const run = beginSolve(n, b, solveOptions, out, workspace);
      if (run.status !== undefined) return endSolve(run, 0, 0, 0);
      const rhs = workspaceVector(workspace, 'multigrid b', finest.b.length).fill(0);
      load(rhs, run.b, size, 1 / scale);
      finest.b.set(rhs);
      load(finest.x, run.x, size, 1);
      let k = 0;
      while (observe(run, k, scale * residualOf(finest)) === undefined) {
        vCycle(levels, 0, pre, post, 0);
        k += 1;
      }
      store(run.x, finest.x, size);
      return endSolve(run, k, 2 * k + 1, n * (k * (17 + 8 * (pre + post)) + 7));
    },
  };
}

/** One cycle on level l, from x to x; `black` is the colour that post-smoothing starts with. */
function vCycle(levels: Level[], l: number, pre: number, post: number, black: 0 | 1): void {
  const level = levels[l];
  if (l === levels.length - 1) {
    level.x[4] = level.b[4] * level.inverseDiagonal; // the one point of a 1 x 1 grid in its ring
    return;
  }
  for (let sweep = 0; sweep < pre; sweep++) {
    relaxColor(level, 0);
    relaxColor(level, 1);
  }
  residualOf(level);
  const coarse = levels[l + 1];
  restrict(level, coarse);
  coarse.x.fill(0);
  vCycle(levels, l + 1, pre, post, black);
  prolong(coarse, level);
  for (let sweep = 0; sweep < post; sweep++) {
    relaxColor(level, black);
    relaxColor(level, black ^ 1);
  }
}

/** Gauss-Seidel on the points with (ix + iy) mod 2 = color, ix and iy counted from 0. */
function relaxColor({ m, inverseDiagonal, x, b }: Level, color: number): void {
  const w = m + 2;
  for (let iy = 1; iy <= m; iy++) {
    const end = iy * w + m;
    for (let p = iy * w + 1 + ((iy - 1 + color) & 1); p <= end; p += 2) {
      x[p] = (b[p] + x[p - w] + x[p - 1] + x[p + 1] + x[p + w]) * inverseDiagonal;
    }
  }
}

/** r <- b - (P + c I) x; returns its norm. */
function residualOf({ m, diagonal, x, b, r }: Level): number {
  const w = m + 2;
  let squares = 0;
  for (let iy = 1; iy <= m; iy++) {
    const end = iy * w + m;
    for (let p = iy * w + 1; p <= end; p++) {
      const rp = b[p] + x[p - w] + x[p - 1] + x[p + 1] + x[p + w] - diagonal * x[p];
      r[p] = rp;
      squares += rp * rp;
    }
  }
  return Math.sqrt(squares);
}

/** coarse.b <- 4 times the full weighting of r: 4 at the point, 2 at its neighbours, 1 at the corners, over 16. */
function restrict({ m, r }: Level, coarse: Level): void {
  const w = m + 2;
  const wc = coarse.m + 2;
  for (let jy = 1; jy <= coarse.m; jy++) {
    for (let jx = 1; jx <= coarse.m; jx++) {
      const p = 2 * jy * w + 2 * jx;
      const sides = r[p - w] + r[p - 1] + r[p + 1] + r[p + w];
      const corners = r[p - w - 1] + r[p - w + 1] + r[p + w - 1] + r[p + w + 1];
      coarse.b[jy * wc + jx] = r[p] + 0.5 * sides + 0.25 * corners;
    }
  }
}

/** fine.x <- fine.x + the bilinear interpolation of coarse.x. */
function prolong(coarse: Level, fine: Level): void {
  const w = fine.m + 2;
  const wc = coarse.m + 2;
  const { x } = fine;
  const e = coarse.x;
  for (let jy = 0; jy <= coarse.m; jy++) {
    for (let jx = 0; jx <= coarse.m; jx++) {
      const q = jy * wc + jx; // the square with corners q, q + 1, q + wc, q + wc + 1
      const p = 2 * jy * w + 2 * jx;
      if (jx > 0 && jy > 0) x[p] += e[q];
      if (jy > 0) x[p + 1] += 0.5 * (e[q] + e[q + 1]);
      if (jx > 0) x[p + w] += 0.5 * (e[q] + e[q + wc]);
      x[p + w + 1] += 0.25 * (e[q] + e[q + 1] + e[q + wc] + e[q + wc + 1]);
    }
  }
}

function load(to: Float64Array, from: ArrayLike<number>, m: number, factor: number): void {
  for (let iy = 0; iy < m; iy++) {
    const p = (iy + 1) * (m + 2) + 1;
    for (let ix = 0; ix < m; ix++) to[p + ix] = from[iy * m + ix] * factor;
  }
}

function store(to: Float64Array, from: Float64Array, m: number): void {
  for (let iy = 0; iy < m; iy++) {
    const p = (iy + 1) * (m + 2) + 1;
    for (let ix = 0; ix < m; ix++) to[iy * m + ix] = from[p + ix];
  }
}
