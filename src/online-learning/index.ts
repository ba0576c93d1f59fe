export {
  simulateExperts,
  simulateOnline,
  type ExpertGame,
  type OnlineLearner,
  type OptimisticLearner,
} from './learner.js';
export { ballSet, boxSet, simplexSet, type ConvexSet } from './convex-sets.js';
export { hedge, hedgeRegretBound, hedgeWeights, type HedgeOptions, type HedgeState } from './hedge.js';
export { adaHedge, adaHedgeGapBound, adaHedgeRate, adaHedgeRegretBound, type AdaHedgeState } from './ada-hedge.js';
export {
  optimisticHedge,
  optimisticHedgeRegretBound,
  optimisticHedgeWeights,
  type OptimisticHedgeGame,
  type OptimisticHedgeState,
} from './optimistic-hedge.js';
export {
  ogd,
  ogdRegretBound,
  ogdStronglyConvex,
  ogdStronglyConvexRegretBound,
  type GradientDescentOptions,
  type GradientDescentState,
} from './gradient-descent.js';
export {
  ftrl,
  ftrlRegretBound,
  optimisticFtrl,
  type FtrlOptions,
  type FtrlRegularizer,
  type FtrlState,
  type OptimisticFtrlState,
} from './ftrl.js';
export {
  optimisticOmd,
  optimisticOmdRegretBound,
  type OptimisticOmdOptions,
  type OptimisticOmdState,
} from './optimistic-omd.js';
export { seaConvexRegretBound, seaStatistics, type SeaProblem, type SeaStatistics } from './sea.js';
export { ader, aderRegretBound, aderSteps, type AderOptions, type AderState } from './ader.js';
export { optimisticAder, type OptimisticAderState } from './optimistic-ader.js';
