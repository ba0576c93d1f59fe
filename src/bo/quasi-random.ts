/** Scrambled Sobol points as far as their short table of directions goes, independent ones in more dimensions. */
import type { Rng } from '../random/create-rng.js';
import { sampleNormal } from '../random/normal.js';
import { sobol, sobolNormal } from '../random/sobol.js';

const MOST_DIMENSIONS = 64;

/** n points of the unit cube, n x d. */
export function quasiUniform(n: number, d: number, rng: Rng): Float64Array {
  return d <= MOST_DIMENSIONS ? sobol(n, d, { rng }) : Float64Array.from({ length: n * d }, rng);
}

/** n standard normal vectors, n x d. */
export function quasiNormal(n: number, d: number, rng: Rng): Float64Array {
  return d <= MOST_DIMENSIONS ? sobolNormal(n, d, rng) : Float64Array.from({ length: n * d }, () => sampleNormal(rng));
}
