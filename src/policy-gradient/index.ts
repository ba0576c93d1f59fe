export { type TokenMask } from './tokens.js';
export { gae, type GaeOptions, type GaeResult, type Trajectory } from './gae.js';
export { grpoAdvantages, rlooAdvantages, type GroupOptions, type GrpoAdvantageOptions } from './group-advantages.js';
export {
  ppoClipLoss,
  valueClipLoss,
  type PolicyBatch,
  type PpoClipOptions,
  type PpoClipResult,
  type ValueBatch,
  type ValueClipOptions,
} from './ppo.js';
export { grpoLoss, type GrpoBatch, type GrpoOptions, type GrpoResult } from './grpo.js';
export { cispoLoss, reinforceLoss, type SurrogateResult } from './reinforce.js';
export {
  klEstimates,
  klShapedRewards,
  type KlEstimates,
  type KlEstimator,
  type ShapedRewardsInput,
  type ShapedRewardsOptions,
} from './kl-estimates.js';
export { nashMdSurrogate, xpoLoss, type XpoBatch, type XpoOptions, type XpoResult } from './online-preference.js';
