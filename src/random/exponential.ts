/** Exponential and Gumbel numbers by inversion. */
import { log } from '../special/log.js';
import { log1p } from '../special/log1p.js';
import type { Rng } from './create-rng.js';

/**
 * One exponential number with mean 1, -ln(1 - u). Takes one uniform; between 0 (at u = 0) and 53 ln 2 = 36.7.
 *
 * @example
 * sampleExponential(() => 0.5).toFixed(6); //=> '0.693147'
 */
export function sampleExponential(rng: Rng): number {
  return Math.abs(log1p(-rng()));
}

/**
 * One standard Gumbel number, -ln(-ln u), always finite: a uniform that is exactly 0 stands for 2^-53.
 *
 * Takes one uniform. Adding one to every logit and taking the largest draws from the softmax of the logits.
 *
 * @example
 * sampleGumbel(() => 0.5).toFixed(6); //=> '0.366513'
 */
export function sampleGumbel(rng: Rng): number {
  return -log(-log(rng() || TINY));
}

/** 2^-53, the least positive number that `createRng` gives. */
const TINY = 1.1102230246251565e-16;
