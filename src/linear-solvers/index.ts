export {
  csrFromDense,
  csrFromTriplets,
  csrSortRows,
  csrToDense,
  validateCsr,
  type CsrMatrix,
  type Triplets,
} from './sparse/csr.js';
export { residual, spmv, spmvTranspose } from './sparse/csr-products.js';
export {
  csrAdd,
  csrDiagonal,
  csrIsSymmetric,
  csrLower,
  csrPermute,
  csrScaleRowsCols,
  csrShiftDiagonal,
  csrTranspose,
  csrUpper,
  type TriangleOptions,
} from './sparse/csr-algebra.js';
export { greedyTwoColoring, isConsistentlyOrdered } from './sparse/graph-order.js';
export { prepareCsr, type PreparedCsr } from './sparse/prepared-csr.js';
export { toCsr, type DenseMatrix, type LinearOperator, type MatrixInput } from './sparse/to-csr.js';
export { formatMatrixMarket, parseMatrixMarket, type MatrixMarketOptions } from './sparse/matrix-market.js';
export { lShape2d, poisson1d, poisson2d, poisson3d, poissonMasked2d, type PoissonOptions } from './sparse/poisson.js';
export { convectionDiffusion2d, graphLaplacian, heatStep2d, type HeatStepOptions } from './sparse/model-problems.js';
export { solverWorkspace, type SolverWorkspace } from './workspace.js';
export { type SolveOptions, type SolveResult, type SolveStatus } from './solve.js';
export { jacobiSweep, redBlackSorSweep, sorSweep, ssorSweep, type SorSweepOptions } from './stationary/sweeps.js';
export { gaussSeidel, sor, type SorOptions } from './stationary/sor.js';
export { ssor, type SsorOptions } from './stationary/ssor.js';
export { jacobi, type JacobiOptions } from './stationary/jacobi.js';
export { redBlackSor, type RedBlackSorOptions } from './stationary/red-black-sor.js';
export {
  stencil2d,
  stencil3d,
  stencilResidual,
  stencilSorSweep,
  type Stencil,
  type Stencil2dOptions,
  type Stencil3dOptions,
  type StencilSorOptions,
} from './stationary/stencil.js';
export { richardson, type RichardsonOptions } from './krylov/richardson.js';
export { chebyshevIteration, type ChebyshevOptions } from './krylov/chebyshev-iteration.js';
export { cg, type CgOptions } from './krylov/cg.js';
export { eisenstatSsorCg, type EisenstatOptions } from './krylov/eisenstat.js';
export { minres } from './krylov/minres.js';
export { gmres, type GmresOptions } from './krylov/gmres.js';
export { bicgstab, type BicgstabOptions } from './krylov/bicgstab.js';
export { type Preconditioner, type PreconditionerChoice } from './preconditioners/preconditioner.js';
export { jacobiPreconditioner } from './preconditioners/jacobi-preconditioner.js';
export { ssorPreconditioner, type SsorPreconditionerOptions } from './preconditioners/ssor-preconditioner.js';
export {
  incompleteCholesky0,
  type IncompleteCholesky,
  type IncompleteCholeskyOptions,
} from './preconditioners/incomplete-cholesky.js';
export { incompleteLu0, type IncompleteLu } from './preconditioners/incomplete-lu.js';
export {
  geometricMultigrid2d,
  type GeometricMultigrid2d,
  type MultigridOptions,
} from './multigrid/geometric-multigrid.js';
export { multigridPreconditioner, type MultigridPreconditionerOptions } from './multigrid/multigrid-preconditioner.js';
