export { createRng, resumeRng, type Rng, type RngState, type SeededRng } from './create-rng.js';
