// Mirostat: sampling with feedback that holds the surprise at a target.

import { checkInteger, checkNumber, checkOption, checkOptionNames, checkPositive } from '../../internal/check.js';
import type { Rng } from '../../random/create-rng.js';
import { categoricalIndex } from '../../special/categorical-index.js';
import { log } from '../../special/log.js';
import { log2 } from '../../special/log2.js';
import { expm1 } from '../../special/expm1.js';
import { pow } from '../../special/pow.js';
import { softmax } from '../../special/softmax.js';
import { applyTopK, keptIndices } from '../logits/top-k.js';
import { probabilityScratch, receiveRow } from '../logits/workspace.js';

export interface MirostatState {
  /** Largest surprise, in bits, of a token that may be sampled. */
  mu: number;
}

export interface MirostatOptions {
  /** 2 truncates by surprise, 1 by a Zipf fit. Default 2. */
  version?: 1 | 2;
  /** Target surprise in bits, positive. Default 5. */
  tau?: number;
  /** Learning rate, positive. Default 0.1. */
  eta?: number;
  /** Version 1: how many of the largest probabilities the Zipf exponent is fitted to, at least 2. Default 100. */
  m?: number;
}

const NAMES = { version: true, tau: true, eta: true, m: true } satisfies Record<keyof MirostatOptions, true>;

export interface MirostatStep {
  token: number;
  /** Surprise of the token in bits, under the truncated distribution. */
  surprise: number;
  /** The truncated distribution. */
  probabilities: Float64Array;
  state: MirostatState;
}

export interface Mirostat {
  init(): MirostatState;
  /** Samples a token and moves mu. Takes one uniform. `out` receives the probabilities. */
  step(state: MirostatState, logits: ArrayLike<number>, rng: Rng, out?: Float64Array): MirostatStep;
}

/**
 * Mirostat, versions 1 and 2: the surprise of the sampled tokens is steered to tau by mu ← mu - eta (surprise - tau).
 *
 * Version 2 keeps the tokens with -log2 pr <= mu, at least one. Version 1 fits a Zipf exponent s to the m largest
 * probabilities and keeps the k = round((ε 2^mu / (1 - V^-ε))^(1/s)) largest, ε = s - 1. The surprise is that under the
 * truncated distribution, after renormalising. S. Basu, G. S. Ramachandran, N. S. Keskar, L. R. Varshney,
 * arXiv:2007.14966, Algorithm 1 (version 1); version 2 is the authors' later simplification. Starts at mu = 2 tau.
 *
 * @throws RangeError if an option is out of range
 *
 * @example
 * const sampler = mirostat({ tau: 3 });
 * sampler.step(sampler.init(), [0, 0], () => 0.9).token; //=> 1
 */
export function mirostat(options: MirostatOptions = {}): Mirostat {
  checkOptionNames('options', options, NAMES);
  const version = options.version ?? 2;
  checkOption('version', String(version), ['1', '2']);
  const tau = checkPositive('tau', options.tau ?? 5);
  const eta = checkPositive('eta', options.eta ?? 0.1);
  const m = checkInteger('m', options.m ?? 100, 2);

  return {
    init() {
      return { mu: 2 * tau };
    },

    step({ mu }, logits, rng, out) {
      checkNumber('state.mu', mu);
      const probabilities = receiveRow(logits.length, out);
      if (version === 2) truncateBySurprise(softmax(logits, {}, probabilities), mu);
      else {
        const k = mirostatK(softmax(logits, {}, probabilityScratch(logits.length)), mu, m);
        softmax(applyTopK(logits, { k }, probabilities), {}, probabilities);
      }
      const token = categoricalIndex(probabilities, rng());
      const surprise = -log2(probabilities[token]);
      return {
        token,
        surprise: surprise === 0 ? 0 : surprise,
        probabilities,
        state: { mu: mu - eta * (surprise - tau) },
      };
    },
  };
}

/** The tokens with -log2 pr <= mu, or the first of the most probable ones if there are none, renormalised, in place. */
function truncateBySurprise(pr: Float64Array, mu: number): Float64Array {
  let best = 0;
  for (let i = 1; i < pr.length; i++) if (pr[i] > pr[best]) best = i;
  let total = 0;
  const largest = pr[best];
  for (let i = 0; i < pr.length; i++) {
    if (!(pr[i] > 0 && -log2(pr[i]) <= mu)) pr[i] = 0;
    total += pr[i];
  }
  if (total === 0) pr[best] = total = largest;
  for (let i = 0; i < pr.length; i++) pr[i] /= total;
  return pr;
}

/** The k of version 1, from the probabilities of the whole vocabulary. */
function mirostatK(pr: Float64Array, mu: number, m: number): number {
  const V = pr.length;
  const sorted = topDescending(pr, Math.min(m, V));
  let numerator = 0;
  let denominator = 0;
  for (let i = 0; i + 1 < sorted.length && sorted[i + 1] > 0; i++) {
    const b = log((i + 2) / (i + 1));
    numerator += b * log(sorted[i] / sorted[i + 1]);
    denominator += b * b;
  }
  if (denominator === 0) return 1;
  const s = numerator / denominator;
  if (s <= 0) return V;
  const epsilon = s - 1;
  // 1 - V^-ε = -expm1(-ε log V); the quotient tends to 1 / log V.
  const quotient = Math.abs(epsilon) < 1e-9 ? 1 / log(V) : epsilon / -expm1(-epsilon * log(V));
  const k = Math.round(pow(quotient * pow(2, mu), 1 / s));
  return Math.min(V, Math.max(1, k));
}

function topDescending(pr: Float64Array, count: number): Float64Array {
  const kept = keptIndices(applyTopK(pr, { k: count }));
  const values = new Float64Array(kept.length);
  for (let j = 0; j < kept.length; j++) values[j] = pr[kept[j]];
  return values.sort().reverse().subarray(0, count);
}
