export { entropyBits } from './entropy-bits.js';
export {
  type Coupling,
  type CouplingAtom,
  couplingLowerBound,
  couplingMatrix,
  greedyMinEntropyCoupling,
} from './min-entropy-coupling.js';
export type { BottleneckEncoder } from './partition.js';
export { ebimGapBound, ebimGreedy, type EbimGreedyEncoder } from './ebim-greedy.js';
export { ebimExact } from './ebim-exact.js';
export { ebimImproved } from './ebim-improved.js';
export { mecBottleneck, type MecBottleneck, type MecBottleneckOptions } from './mec-bottleneck.js';
