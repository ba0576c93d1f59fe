/**
 * MINRES for symmetric A, definite or not: the iterate of least residual norm in the Krylov space.
 *
 * C. C. Paige, M. A. Saunders, "Solution of sparse indefinite systems of linear equations", SIAM J. Numer. Anal. 12 (1975)
 * 617-629.
 *
 *   paper              here
 *   α_k, β_k           alpha, betaNext     Lanczos coefficients
 *   δ_k, γ_k, ε_k      delta, gamma, epsilon   the QR factorization of the tridiagonal matrix, by rotations (c, s)
 *   φ_k                |phi|               residual norm
 */
import { checkOptionNames } from '../../internal/check.js';
import { SOLVE_OPTIONS, type SolveOptions, type SolveResult } from '../solve.js';
import { beginSolve, endSolve, observe } from '../solve-run.js';
import type { LinearOperator, MatrixInput } from '../sparse/to-csr.js';
import { solverWorkspace, workspaceVector } from '../workspace.js';
import { closeRun, testIterate } from './restarts.js';
import { firstResidual, inner, squareSystem } from './system.js';

/**
 * Solves A x = b for symmetric A. The residual norms never increase.
 *
 * One product and 5 vectors; flops 2 nnz + 14 n an iteration. When the recursive residual norm meets the tolerance the true
 * one is computed, and if it does not the process starts again from it.
 *
 * @throws RangeError if A is not square, a length is wrong, or anything is not finite
 *
 * @example
 * minres([[1, 0], [0, -1]], [1, 1]).x.map(Math.round); //=> Float64Array.of(1, -1)
 */
export function minres(
  A: MatrixInput | LinearOperator,
  b: ArrayLike<number>,
  options: SolveOptions = {},
  out?: Float64Array,
): SolveResult {
  checkOptionNames('options', options, SOLVE_OPTIONS);
  const workspace = options.workspace ?? solverWorkspace();
  const system = squareSystem(workspace, A);
  const { n } = system;
  const run = beginSolve(n, b, options, out, workspace);
  if (run.status !== undefined) return endSolve(run, 0, 0, 0);
  const { x } = run;
  let v = workspaceVector(workspace, 'r', n);
  let vOld = workspaceVector(workspace, 'z', n);
  let product = workspaceVector(workspace, 'q', n);
  let w = workspaceVector(workspace, 'p', n);
  let wOld = workspaceVector(workspace, 't', n);
  const first = firstResidual(system, run.b, x, run.zeroStart, v);
  let matvecs = first.products;
  let k = 0;
  const restarts = { norm: Infinity, products: 0 };
  let fresh = true;
  let [beta, phi, c, s, deltaNext, epsilonNext] = [0, 0, -1, 0, 0, 0];
  let scaleOfA = 0;
  observe(run, 0, first.norm);
  while (run.status === undefined) {
    if (fresh) {
      beta = restarts.products === 0 ? first.norm : restarts.norm; // v holds the residual
      for (let i = 0; i < n; i++) v[i] /= beta;
      vOld.fill(0);
      w.fill(0);
      wOld.fill(0);
      phi = beta;
      c = -1;
      s = deltaNext = epsilonNext = 0;
      beta = 0;
      fresh = false;
    }
    system.apply(v, product);
    matvecs += 1;
    const alpha = inner(v, product, n);
    let squares = 0;
    for (let i = 0; i < n; i++) {
      const next = product[i] - alpha * v[i] - beta * vOld[i];
      product[i] = next;
      squares += next * next;
    }
    const betaNext = Math.sqrt(squares);
    scaleOfA = Math.max(scaleOfA, Math.abs(alpha) + beta + betaNext);
    // Last rotation applied to the new column, then the rotation that removes betaNext.
    const delta = c * deltaNext + s * alpha;
    const gammaBar = s * deltaNext - c * alpha;
    const epsilon = epsilonNext;
    epsilonNext = s * betaNext;
    deltaNext = -c * betaNext;
    const gamma = Math.sqrt(gammaBar * gammaBar + betaNext * betaNext);
    if (!(gamma > 0)) {
      run.status = gamma === 0 ? 'breakdown' : 'non-finite'; // the Krylov space is exhausted and A is singular on it
      break;
    }
    c = gammaBar / gamma;
    s = betaNext / gamma;
    const tau = c * phi;
    phi = s * phi;
    const done = betaNext <= 1e-15 * scaleOfA;
    for (let i = 0; i < n; i++) {
      const direction = (v[i] - delta * w[i] - epsilon * wOld[i]) / gamma;
      wOld[i] = direction;
      x[i] += tau * direction;
      vOld[i] = done ? 0 : product[i] / betaNext;
    }
    const swapW = w;
    w = wOld;
    wOld = swapW;
    const swapV = v;
    v = vOld;
    vOld = swapV;
    beta = betaNext;
    k += 1;
    fresh = testIterate(run, system, k, Math.abs(phi), v, restarts, done);
  }
  matvecs += restarts.products + closeRun(run, system, product);
  return endSolve(run, k, matvecs, matvecs * system.productFlops + 14 * n * k);
}
