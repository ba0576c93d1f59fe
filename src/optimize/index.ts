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
