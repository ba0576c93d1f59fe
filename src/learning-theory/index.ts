export { goodTuring, type GoodTuring, missingMassHalfWidth, missingMassInterval } from './good-turing.js';
export {
  hallucinationLowerBound,
  type HallucinationLowerBoundOptions,
  miscalibration,
  type MiscalibrationOptions,
  type MonofactOptions,
  type MonofactSimulation,
  simulateMonofacts,
} from './hallucination.js';
