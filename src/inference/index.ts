export {
  trice,
  type Trice,
  type TriceBatch,
  triceGradient,
  type TriceGradient,
  type TriceOptions,
  type TriceState,
} from './trice.js';
export {
  leapfrog,
  type LeapfrogOptions,
  type LeapfrogResult,
  type LogDensityGradient,
  type PhasePoint,
} from './leapfrog.js';
export {
  dualAveraging,
  type DualAveraging,
  type DualAveragingOptions,
  type DualAveragingState,
} from './dual-averaging.js';
export { hmc, type HmcOptions, type HmcResult } from './hmc.js';
export { nuts, type NutsOptions, type NutsResult } from './nuts.js';
export { sghmc, type SghmcOptions, type SghmcResult, sghmcStep, type StochasticGradient } from './sghmc.js';
export { sliceSample, type SliceSampleOptions, type SliceSampleResult } from './slice-sample.js';
export { effectiveSampleSize } from './effective-sample-size.js';
export { mcmcDiagnostics, type McmcDiagnostics, mcmcQuantile, type McmcQuantile } from './mcmc-diagnostics.js';
