export type { SearchProblem, SearchStep } from './problem.js';
export {
  mcts,
  mctsAsync,
  type MctsNode,
  type MctsOptions,
  mctsQ,
  type MctsResult,
  mctsValueTargets,
  puctScores,
} from './mcts.js';
export {
  type BeamPath,
  type BeamResult,
  beamSearchWithProgress,
  type ProgressBeamOptions,
  type StepBeamOptions,
  stepBeamSearch,
  stepBeamSearchAsync,
} from './step-beam-search.js';
export {
  bestOfKValue,
  bestProverK,
  processAdvantage,
  type ProcessAdvantage,
  proverQuality,
} from './process-advantage.js';
export {
  bestFirstSearch,
  bestFirstSearchAsync,
  type BestFirstOptions,
  type BestFirstResult,
} from './best-first-search.js';
export {
  breadthFirstSearch,
  breadthFirstSearchAsync,
  depthFirstSearch,
  depthFirstSearchAsync,
  type GraphSearchOptions,
  type GraphSearchResult,
} from './graph-search.js';
export {
  type ArchiveEntry,
  goExplore,
  goExploreAsync,
  type GoExploreJudge,
  type GoExploreOptions,
  type GoExploreResult,
} from './go-explore.js';
export {
  type Game24Action,
  game24Problem,
  game24Solution,
  game24Solvable,
  type Game24Options,
  type Game24State,
  type Game24Term,
} from './game-of-24.js';
export {
  refinementTreeSearch,
  refinementTreeSearchAsync,
  type RefinementNode,
  type RefinementProblem,
  type RefinementTree,
  type RefinementTreeOptions,
} from './refinement-tree-search.js';
