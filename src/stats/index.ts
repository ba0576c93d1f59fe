export {
  mean,
  median,
  momentsInit,
  momentsMerge,
  momentsPush,
  momentsVariance,
  quantile,
  standardDeviation,
  variance,
  type MomentsState,
} from './moments.js';
export {
  bernoulliKl,
  categoricalKl,
  entropy,
  klDivergence,
  totalVariation,
  type KlFamily,
  type KlOptions,
} from './divergence.js';
export { klInverseLower, klInverseUpper } from './kl-inverse.js';
export {
  azumaRadius,
  bernsteinRadius,
  chernoffTail,
  empiricalBernsteinRadius,
  hoeffdingRadius,
  hoeffdingTail,
  mcDiarmidTail,
  serflingRadius,
  type BernsteinOptions,
} from './concentration.js';
export {
  bootstrapInterval,
  clopperPearsonInterval,
  normalInterval,
  wilsonInterval,
  type BootstrapOptions,
  type Interval,
  type IntervalOptions,
} from './intervals.js';
export { ranks, rocAuc } from './ranks.js';
export { correlations, kendall, pearson, spearman } from './correlation.js';
export { bestOfNDistribution, expectedMaxOfK, passAtK, type BestOfN } from './best-of-n.js';
export { chiSquareTest, type ChiSquareTest } from './chi-square.js';
export { logisticRegression, type LogisticFit, type LogisticRegressionOptions } from './logistic-regression.js';
