// Optimal transport with membership cost: the best that any verifier of several drafts can do.

import { checkInteger } from '../../internal/check.js';
import type { Rng } from '../../random/create-rng.js';
import { categoricalIndex } from '../../special/categorical-index.js';
import { checkLengths } from './rows.js';
import { bipartiteFlow } from './bipartite-flow.js';
import { lyingDraft } from './verification.js';
import { normalizedCopy, type PositionVerification } from './verify-multi-draft.js';

export interface OtmOptions {
  /** Number of drafts K, at least 1. */
  k: number;
  /** Whether the drafts are independent; otherwise drawn without replacement. Default true. */
  replacement?: boolean;
}

/** How many sets of drafts a plan may have. */
const MAX_SETS = 5000;

/**
 * The largest probability with which a token distributed as t can be among the K drafts: the value of the transport problem
 * with marginals Π d and t and cost 1{y not among the drafts}.
 *
 * Independent drafts: min over sets H of t(H) + 1 - d(H)^K, attained by a prefix of the tokens ordered by t/d, so
 * O(V log V) and no linear program. Without replacement: maximum flow over the sets of drafts, for few sets. Z. Sun et al.,
 * arXiv:2310.15141, section 4 (the linear program); the reduction to prefixes is by max-flow min-cut.
 *
 * @throws RangeError if a row is not a distribution, lengths differ, k is not an integer >= 1, or there are more than 5000
 * sets of drafts without replacement
 *
 * @example
 * otmAcceptance([0.5, 0.5], [0.75, 0.25], { k: 1 }); //=> 0.75
 */
export function otmAcceptance(target: ArrayLike<number>, draft: ArrayLike<number>, options: OtmOptions): number {
  const k = checkInteger('k', options.k, 1);
  if (options.replacement === false) return otmPlan(target, draft, options).acceptance;
  checkLengths('draft', draft, target.length);
  const t = normalizedCopy('target', target);
  const d = normalizedCopy('draft', draft);
  const ratio = t.map((ty, y) => (d[y] > 0 ? ty / d[y] : Infinity));
  const order = Array.from(ratio.keys()).sort((a, b) => (ratio[a] === ratio[b] ? a - b : ratio[a] - ratio[b]));
  let best = 1;
  let massT = 0;
  let massD = 0;
  for (const y of order) {
    massT += t[y];
    massD += d[y];
    let power = 1;
    for (let j = 0; j < k; j++) power *= massD;
    best = Math.min(best, massT + 1 - power);
  }
  return Math.max(0, best);
}

export interface OtmPlan {
  /** The value of the transport problem. */
  acceptance: number;
  /** The sets of tokens that the drafts can form, each sorted. */
  sets: Int32Array[];
  /** P(the drafts form the set). */
  probabilities: Float64Array;
  /** flow[s][j]: mass with which token sets[s][j] comes out when the drafts form set s. */
  flow: Float64Array[];
  /** What the token is drawn from otherwise; null if there is no otherwise. */
  residual: Float64Array | null;
  k: number;
  replacement: boolean;
}

/**
 * An optimal verifier for a small vocabulary, by maximum flow from sets of drafts to tokens.
 *
 * @throws RangeError if a row is not a distribution, lengths differ, k is not an integer >= 1, or there are more than 5000
 * sets of drafts
 *
 * @example
 * otmPlan([0.5, 0.5], [0.75, 0.25], { k: 1 }).acceptance; //=> 0.75
 */
export function otmPlan(target: ArrayLike<number>, draft: ArrayLike<number>, options: OtmOptions): OtmPlan {
  const k = checkInteger('k', options.k, 1);
  const { replacement = true } = options;
  checkLengths('draft', draft, target.length);
  const t = normalizedCopy('target', target);
  const d = normalizedCopy('draft', draft);
  const { sets, probabilities } = draftSets(d, k, replacement);
  const { flow, total } = bipartiteFlow(probabilities, sets, t);
  const acceptance = Math.min(1, total);

  const residual = t.slice();
  sets.forEach((set, s) => set.forEach((y, j) => void (residual[y] -= flow[s][j])));
  let left = 0;
  for (let y = 0; y < t.length; y++) {
    // What is left of a token that is used up is rounding.
    residual[y] = residual[y] > 1e-15 ? residual[y] : 0;
    left += residual[y];
  }
  for (let y = 0; y < t.length; y++) residual[y] /= left;
  return { acceptance, sets, probabilities, flow, residual: left > 1e-13 ? residual : null, k, replacement };
}

/** P(the drafts form the set), for every set of positive probability: one draw after another, no inclusion-exclusion. */
function draftSets(d: Float64Array, k: number, replacement: boolean) {
  let law = new Map<string, { tokens: number[]; mass: number }>([['', { tokens: [], mass: 1 }]]);
  const add = (into: typeof law, tokens: number[], mass: number) => {
    const key = tokens.join();
    const entry = into.get(key);
    if (entry !== undefined) entry.mass += mass;
    else if (into.size < MAX_SETS) into.set(key, { tokens, mass });
    else throw new RangeError(`k gives more than ${MAX_SETS} sets of drafts`);
  };
  for (let j = 0; j < k; j++) {
    const next: typeof law = new Map();
    for (const { tokens, mass } of law.values()) {
      let inside = 0;
      let outside = 0;
      for (let x = 0; x < d.length; x++) {
        if (tokens.includes(x)) inside += d[x];
        else outside += d[x];
      }
      if (replacement && inside > 0) add(next, tokens, mass * inside);
      if (!replacement && outside === 0) add(next, tokens, mass);
      for (let x = 0; x < d.length; x++) {
        if (d[x] === 0 || tokens.includes(x)) continue;
        const grown = [...tokens, x].sort((a, b) => a - b);
        add(next, grown, replacement ? mass * d[x] : (mass * d[x]) / outside);
      }
    }
    law = next;
  }
  const entries = [...law.values()];
  return {
    sets: entries.map(({ tokens }) => Int32Array.from(tokens)),
    probabilities: Float64Array.from(entries, ({ mass }) => mass),
  };
}

/**
 * Verifies K drafts by an optimal plan: token y of the drafts' set S comes out with probability flow(S, y) / P(S), else one is
 * drawn from the residual. Lossless, and no verifier accepts more often.
 *
 * One uniform, and one more if no draft comes out.
 *
 * @param tokens the K drafts, drawn as the plan says
 * @throws RangeError if the number of drafts is not the plan's, or the plan has no such set of drafts
 *
 * @example
 * verifyOtm(otmPlan([0.5, 0.5], [0.75, 0.25], { k: 1 }), [0], () => 0.1).token; //=> 0
 */
export function verifyOtm(plan: OtmPlan, tokens: ArrayLike<number>, rng: Rng): PositionVerification {
  const K = tokens.length;
  const size = plan.replacement ? K : Math.max(...plan.sets.map((set) => set.length));
  if (plan.replacement ? K !== plan.k : K !== Math.min(plan.k, size)) {
    throw new RangeError(`tokens must have length ${plan.k}, got ${K}`);
  }
  const key = [...new Set(Array.from(tokens))].sort((a, b) => a - b).join();
  const s = plan.sets.findIndex((set) => set.join() === key);
  if (s < 0) throw lyingDraft(0);
  const mark = rng() * plan.probabilities[s];
  let running = 0;
  for (let j = 0; j < plan.sets[s].length; j++) {
    running += plan.flow[s][j];
    if (mark < running) {
      const token = plan.sets[s][j];
      return { token, accepted: Array.from(tokens).indexOf(token), tested: K };
    }
  }
  if (plan.residual === null) {
    const token = plan.sets[s][categoricalIndex(plan.flow[s], rng())];
    return { token, accepted: Array.from(tokens).indexOf(token), tested: K };
  }
  return { token: categoricalIndex(plan.residual, rng()), accepted: -1, tested: K };
}
