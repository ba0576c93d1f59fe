export {
  fixedArmRegret,
  pseudoRegret,
  simulateBandit,
  simulateContextualBandit,
  type BanditEnvironment,
  type BanditFeedback,
  type BanditGame,
  type BanditPolicy,
  type BanditStreams,
  type ContextualEnvironment,
  type ContextualPolicy,
} from './bandit.js';
export { type ArmSums } from './arm-sums.js';
export { type RewardRangeOptions } from './reward-scale.js';
export { type TieOptions, type Ties } from './ties.js';
export { bernoulliArms } from './environments/bernoulli-arms.js';
export { gaussianArms } from './environments/gaussian-arms.js';
export { stochasticallyConstrainedArms } from './environments/stochastically-constrained-arms.js';
export { laiRobbinsConstant } from './environments/lai-robbins.js';
export { type LineIndexOptions, type LineIndexState } from './stochastic/line-index-policy.js';
export { ucb1, ucb1Index, ucb1RegretBound, type Ucb1Options, type Ucb1State } from './stochastic/ucb1.js';
export { klUcb, klUcbPlus, type KlUcbOptions, type KlUcbState } from './stochastic/kl-ucb.js';
export { thompsonBeta, type ThompsonBetaOptions } from './stochastic/thompson-beta.js';
export { type LossOptions } from './adversarial/importance-weights.js';
export {
  exp3,
  exp3Probabilities,
  exp3RegretBound,
  type Exp3Options,
  type ExponentialWeightsState,
} from './adversarial/exp3.js';
export { tsallisInfWeights, type TsallisInfWeights } from './adversarial/tsallis-inf-weights.js';
export {
  tsallisInf,
  tsallisInfLossEstimate,
  tsallisInfRegretBound,
  tsallisInfStochasticRegretBound,
  type TsallisInfOptions,
  type TsallisInfState,
  type TsallisVariant,
} from './adversarial/tsallis-inf.js';
export { inverseGapWeights } from './adversarial/inverse-gap-weights.js';
export { chebCb, type ChebCbOptions, type ChebCbState } from './contextual/cheb-cb.js';
