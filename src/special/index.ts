export { exp } from './exp.js';
export { expm1 } from './expm1.js';
export { log } from './log.js';
export { log1p } from './log1p.js';
export { log2 } from './log2.js';
export { log10 } from './log10.js';
export { pow } from './pow.js';
export { cos, sin, tan } from './trigonometric.js';
export { acos, asin, atan, atan2 } from './inverse-trigonometric.js';
export { cosh, sinh, tanh } from './hyperbolic.js';
export { xMinusLog1p } from './log-one-plus-minus.js';
export { logit, logSigmoid, sigmoid, softplus } from './logistic.js';
export { log1mExp } from './log1m-exp.js';
export { xlogy } from './xlogy.js';
export { logAddExp, logSumExp } from './log-sum-exp.js';
export { logSoftmax, softmax, type SoftmaxOptions } from './softmax.js';
export { categoricalIndex } from './categorical-index.js';
export { laplaceQuantile } from './laplace-quantile.js';
export { chebyshevFeatures } from './chebyshev-features.js';
export { erf, erfc, erfcx } from './error-function.js';
export {
  logNormalCdf,
  normalCdf,
  normalLogPdf,
  normalPdf,
  normalQuantile,
  type NormalQuantileOptions,
} from './normal.js';
export { digamma, logGamma, trigamma } from './gamma.js';
export { betaInc, betaQuantile, logBeta } from './beta.js';
export { chiSquareSurvival, gammaP, gammaQ } from './incomplete-gamma.js';
export { logBesselI0 } from './bessel.js';
export { logEiStandard, logEiStandardDerivative } from './log-ei.js';
