// Stochastic beam search: sequences drawn without replacement from an autoregressive model.

import { checkInteger } from '../../internal/check.js';
import type { Rng } from '../../random/create-rng.js';
import { sampleGumbel } from '../../random/exponential.js';
import { exp } from '../../special/exp.js';
import { expm1 } from '../../special/expm1.js';
import { log1mExp } from '../../special/log1m-exp.js';
import { log1p } from '../../special/log1p.js';
import { logSoftmax } from '../../special/softmax.js';

export interface StochasticBeamEntry {
  tokens: Int32Array;
  /** log p of the sequence. */
  logProb: number;
  /** Its Gumbel-perturbed log-probability, G. */
  perturbed: number;
}

export interface StochasticBeam {
  /** By decreasing perturbed log-probability: in the order drawn. */
  entries: StochasticBeamEntry[];
  /** The largest perturbed log-probability discarded at any depth; -Infinity if nothing was. */
  kappa: number;
}

export interface StochasticBeamOptions {
  /** Number of sequences, at least 1. */
  width: number;
  /** Length of the sequences, at least 1. */
  depth: number;
  /** A sequence that ends with this token is not prolonged. Default none. */
  eos?: number;
  /** G of the root. Default: one standard Gumbel draw; a fixed value leaves the law of the sequences as it is. */
  rootPerturbed?: number;
}

/**
 * Draws `width` sequences without replacement from the model, top-down over the tree of prefixes.
 *
 * A child of an entry (φ, G) has φ_c = φ + log p(c | prefix) and g_c = φ_c + Gumbel; with Z = max_c g_c,
 * v = G - g_c + log(1 - e^(g_c - Z)), its perturbed value is G_c = G - max(0, v) - log(1 + e^(-|v|)), so that max_c G_c = G.
 * W. Kool, H. van Hoof, M. Welling, arXiv:1903.06059, Algorithm 1 and appendix B. The threshold κ is the (width+1)-th largest
 * value over all sequences of the tree, hence the largest discarded at any depth, not at the last one alone; with it
 * Σ p / `sbsInclusion` f is an unbiased estimate of E f, provided the root is perturbed too.
 *
 * One uniform for the root (unless `rootPerturbed` is given), then one for every child of positive probability, in order.
 *
 * @param logits the model: logits of the next token after a prefix
 * @throws RangeError if an option is out of range
 *
 * @example
 * stochasticBeamSearch(() => [0, 0], createRng('demo'), { width: 8, depth: 2 }).entries.length; //=> 4
 */
export function stochasticBeamSearch(
  logits: (prefix: Int32Array) => ArrayLike<number>,
  rng: Rng,
  options: StochasticBeamOptions,
): StochasticBeam {
  const width = checkInteger('width', options.width, 1);
  const depth = checkInteger('depth', options.depth, 1);
  const { eos = -1 } = options;
  const root = options.rootPerturbed ?? sampleGumbel(rng);
  let kappa = -Infinity;
  let entries: StochasticBeamEntry[] = [{ tokens: new Int32Array(0), logProb: 0, perturbed: root }];

  for (let level = 0; level < depth; level++) {
    const candidates: { parent: StochasticBeamEntry; token: number; logProb: number; perturbed: number }[] = [];
    for (const parent of entries) {
      if (level > 0 && parent.tokens[parent.tokens.length - 1] === eos) {
        candidates.push({ parent, token: -1, logProb: parent.logProb, perturbed: parent.perturbed });
        continue;
      }
      const children = perturbedChildren(logSoftmax(logits(parent.tokens)), parent, rng);
      for (const child of children) candidates.push({ parent, ...child });
    }
    candidates.sort((a, b) => b.perturbed - a.perturbed);
    if (candidates.length > width) kappa = Math.max(kappa, candidates[width].perturbed);
    entries = candidates.slice(0, width).map(({ parent, token, logProb, perturbed }) => ({
      tokens: token < 0 ? parent.tokens : Int32Array.of(...parent.tokens, token),
      logProb,
      perturbed,
    }));
  }
  return { entries, kappa };
}

/** Children of an entry with their perturbed values, whose largest is the entry's own. One uniform for each of them. */
export function perturbedChildren(
  logProbs: ArrayLike<number>,
  { logProb, perturbed: G }: { logProb: number; perturbed: number },
  rng: Rng,
): { token: number; logProb: number; perturbed: number }[] {
  const children: { token: number; logProb: number; perturbed: number }[] = [];
  let Z = -Infinity;
  for (let token = 0; token < logProbs.length; token++) {
    if (logProbs[token] === -Infinity) continue;
    const phi = logProb + logProbs[token];
    const g = phi + sampleGumbel(rng);
    if (g > Z) Z = g;
    children.push({ token, logProb: phi, perturbed: g });
  }
  for (const child of children) {
    if (child.perturbed === Z) {
      child.perturbed = G; // v = -Infinity
      continue;
    }
    const v = G - child.perturbed + log1mExp(child.perturbed - Z);
    child.perturbed = G - Math.max(0, v) - log1p(exp(-Math.abs(v)));
  }
  return children;
}

/**
 * P(a sequence is above the threshold κ) = 1 - exp(-exp(log p - κ)), the inclusion probability given κ.
 *
 * @example
 * sbsInclusion(-3, -Infinity); //=> 1
 */
export function sbsInclusion(logProb: number, kappa: number): number {
  return -expm1(-exp(logProb - kappa));
}
