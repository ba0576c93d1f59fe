export { createRng, resumeRng, type Rng, type RngState, type SeededRng } from './create-rng.js';
export { sampleNormal, sampleNormalInBall, type NormalInBallOptions } from './normal.js';
export { sampleExponential, sampleGumbel } from './exponential.js';
export { sampleLaplace } from './laplace.js';
export { sampleTruncatedNormal, type TruncationOptions } from './truncated-normal.js';
export { sampleBeta, sampleDirichlet, sampleGamma, sampleLogGamma, sampleStudentT } from './gamma.js';
export { sampleBatchMean, sampleBinomial, samplePoisson } from './binomial.js';
export { sampleCategorical, sampleIndex } from './categorical.js';
export { samplePermutation, sampleWithoutReplacement } from './permutation.js';
export {
  sobol,
  sobolNormal,
  sobolSequence,
  type SobolOptions,
  type SobolScramble,
  type SobolSequence,
  type SobolState,
} from './sobol.js';
export { sobolDirections1024 } from './sobol-directions-1024.js';
export { halton, type HaltonOptions } from './halton.js';
export { gridDesign, l2StarDiscrepancy, latinHypercube, uniformDesign, type LatinHypercubeOptions } from './designs.js';
