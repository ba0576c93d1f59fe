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
export { formatMatrixMarket, type MatrixMarketOptions } from './sparse/format-matrix-market.js';
export { parseMatrixMarket } from './sparse/parse-matrix-market.js';
export { lShape2d, poisson1d, poisson2d, poisson3d, poissonMasked2d, type PoissonOptions } from './sparse/poisson.js';
export { convectionDiffusion2d, graphLaplacian, heatStep2d, type HeatStepOptions } from './sparse/model-problems.js';
export { randomSpd, type RandomSpdOptions } from './sparse/random-spd.js';
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
  type Stencil,
  type Stencil2dOptions,
  type Stencil3dOptions,
} from './stationary/stencil.js';
export { stencilSorSweep, type StencilSorOptions } from './stationary/stencil-sor.js';
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
export {
  estimateRate,
  jacobiRadiusFromRate,
  optimalOmega,
  sorIterationSpectralRadius,
  sorSpectralRadius,
} from './omega/sor-theory.js';
export { jacobiRadiusPoisson, jacobiSpectralRadius, type JacobiSpectralRadiusOptions } from './omega/jacobi-radius.js';
export {
  nearAsymptoticTau,
  surrogateConstants,
  surrogateIterationBound,
  type NearAsymptoticTau,
  type SurrogateConstants,
  type SurrogateOptions,
} from './omega/surrogate.js';
export {
  sorEnergyIterationBound,
  sorEnergyNorm,
  sorEnergyNormBound,
  ssorEnergyIterationBound,
  type EnergyBoundOptions,
  type EnergyIterationBoundOptions,
} from './omega/energy.js';
export {
  ssorPcgConstants,
  ssorPcgIterationBound,
  ssorPreconditionedConditionBound,
  type SsorPcgBoundOptions,
  type SsorPcgConstants,
} from './omega/ssor-pcg-theory.js';
export {
  binnedContextRegret,
  chebyshevApproximationError,
  doublingFactor,
  shiftLipschitz,
  tsallisConstantRateRegret,
  tsallisOmegaCostBound,
  tsallisOmegaRegret,
  tsallisRegretBound,
  type TsallisOmegaRegret,
  type TsallisRegretOptions,
} from './omega/regret-bounds.js';
export { omegaGrid, type OmegaGridOptions } from './omega/omega-grid.js';
export {
  banditLearner,
  contextualLearner,
  type OmegaLearner,
  type OmegaSelection,
  type SolveObservation,
} from './omega/learner.js';
export { fixedOmega, uniformOmega, type FixedOmegaState } from './omega/fixed-omega.js';
export {
  binnedTsallisInf,
  type BinnedTsallisInfOptions,
  type BinnedTsallisInfState,
} from './omega/binned-tsallis-inf.js';
export { calibratedYoung, type CalibratedYoungOptions, type CalibratedYoungState } from './omega/calibrated-young.js';
export { doublingLearner, type DoublingOptions, type DoublingState } from './omega/doubling-learner.js';
export { shiftedSequence, type LinearSystem, type ShiftedSequenceOptions } from './omega/systems.js';
export {
  heatSimulation2d,
  type HeatSimulation,
  type HeatSimulationOptions,
  type HeatState,
} from './omega/heat-simulation.js';
export {
  solveSequence,
  type SolveSequenceOptions,
  type SolveSequenceResult,
  type SolveWith,
  type SystemSource,
} from './omega/solve-sequence.js';
export {
  bestFixedInHindsight,
  costTable,
  goldenSectionOmega,
  instanceOptimal,
  omegaProfile,
  type CostTable,
  type GoldenSectionOmegaOptions,
} from './omega/hindsight.js';
export {
  compareOmegaPolicies,
  type CompareOmegaOptions,
  type OmegaBaselines,
  type OmegaComparison,
} from './omega/compare-omega-policies.js';
export { omegaLearner, type OmegaLearnerOptions, type OmegaMethod } from './omega/omega-learner.js';
export { logCostLearner, type LogCostOptions, type LogCostState } from './omega/log-cost-learner.js';
