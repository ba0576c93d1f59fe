export { type LbfgsbOptions, type LbfgsbResult, minimizeLbfgsb, type ValueAndGradient } from './lbfgsb.js';
export { minimizeMultiStart, type MultiStartResult } from './multi-start.js';
export { boxLeastSquares } from './box-least-squares.js';
export {
  adam,
  adamW,
  cosineSchedule,
  rmsProp,
  sgd,
  type AdamOptions,
  type AdamWOptions,
  type LearningRate,
  type Optimizer,
  type OptimizerState,
  type OptimizerStep,
  type RmsPropOptions,
  type SgdOptions,
} from './gradient-steps.js';
export {
  brentMinimize,
  type BrentMinimum,
  goldenSectionMinimize,
  type GoldenSectionResult,
} from './minimize-scalar.js';
export { bisect, brentRoot, type RootOptions, type RootResult } from './root.js';
export { projectBall, projectBallMahalanobis, projectSimplex } from './projections.js';
export {
  minimizeNewton,
  newtonRoot,
  type NewtonOptions,
  type NewtonResult,
  type ValueGradientHessian,
} from './newton.js';
export {
  linearProgram,
  type LinearConstraints,
  type LinearProgramOptions,
  type LinearProgramResult,
} from './linear-program.js';
export { type Assignment, minCostAssignment } from './assignment.js';
