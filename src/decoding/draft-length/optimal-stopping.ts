// When to stop drafting, solved exactly: the dynamic program whose optimum SpecDec++ shows to be a threshold.
//
// K. Huang, X. Guo, M. Wang, arXiv:2405.19715, section 3.1 and Theorem 3.1. Acceptance probabilities a_1, a_2, ... of the
// drafted tokens are drawn independently from a finite law and are seen as soon as the token is drafted.
//
//   A        Π a_i, the probability that all tokens drafted so far pass
//   c        time of a draft step, `draftCost`; a round also takes one target call, `targetCost`
//   λ        long-run rate E[tokens of a round] / E[time of a round], to be maximized
//   W(A)     max(0, -λ c + E_a[A a + W(A a)]), what drafting on is worth; at the optimum 1 + W(1) = λ · targetCost
//
// As A never grows, looking one token ahead is optimal: go on iff A E[a] > λ c. So the optimal rule is a threshold on A, which
// is Theorem 3.1 with its constants worked out for this model.

import { checkInteger, checkNumber, checkPositive, checkProbabilities } from '../../internal/check.js';

export interface StoppingProblem {
  /** Values of the acceptance probability of a token, each in [0, 1]. */
  values: ArrayLike<number>;
  /** Their probabilities. */
  probs: ArrayLike<number>;
  /** c: time of a draft step, above 0. */
  draftCost: number;
  /** Time of a target call, above 0. Default 1. */
  targetCost?: number;
  /** Most tokens in a round, an integer >= 1. */
  maxLength: number;
}

export interface OptimalStopping {
  /** The largest rate that any rule attains, tokens per unit of time. */
  rate: number;
  /** Every state with A >= this drafts on (before `maxLength`); Infinity if none does. */
  survivalContinueMin: number;
  /** Every state with A <= this stops; 0 if none does. */
  survivalStopMax: number;
  /** The best constant length, the smallest on ties, and its rate. */
  bestFixedLength: number;
  bestFixedRate: number;
}

/**
 * The optimal rule for stopping to draft, by dynamic programming over the multisets of acceptance values seen, and the best
 * constant length beside it.
 *
 * λ by Dinkelbach's iteration: the rule that is optimal for the present λ has a rate of its own, which is the next λ; it rises
 * to the optimum in finitely many steps. O(iterations · C(maxLength + m, m) · m) for m values; RangeError above 10^6 states.
 *
 * @throws RangeError if a value is outside [0, 1], `probs` is no law, a cost is not positive, or there are too many states
 *
 * @example
 * optimalStoppingPolicy({ values: [0.5], probs: [1], draftCost: 0.1, maxLength: 4 }).bestFixedLength; //=> 2
 */
export function optimalStoppingPolicy(problem: StoppingProblem): OptimalStopping {
  const { values, probs, c, targetCost, maxLength } = checkProblem(problem);
  const layers = multisetLayers(values, maxLength);
  let mean = 0;
  for (let j = 0; j < values.length; j++) mean += probs[j] * values[j];

  let bestFixedLength = 0;
  let bestFixedRate = 1 / targetCost;
  for (let gamma = 1, tokens = 1, power = 1; gamma <= maxLength; gamma++) {
    power *= mean;
    tokens += power;
    const rate = tokens / (targetCost + c * gamma);
    if (rate > bestFixedRate) [bestFixedLength, bestFixedRate] = [gamma, rate];
  }

  let lambda = bestFixedRate;
  for (;;) {
    const { tokens, drafts } = optimalRound(layers, probs, lambda, c);
    const rate = tokens / (targetCost + c * drafts);
    if (!(rate > lambda)) break;
    lambda = rate;
  }
  let survivalContinueMin = Infinity;
  let survivalStopMax = 0;
  const goesOn = optimalRound(layers, probs, lambda, c).goesOn;
  for (let depth = 0; depth < maxLength; depth++) {
    layers[depth].survival.forEach((A, s) => {
      if (goesOn[depth][s] === 1) survivalContinueMin = Math.min(survivalContinueMin, A);
      else survivalStopMax = Math.max(survivalStopMax, A);
    });
  }
  return { rate: lambda, survivalContinueMin, survivalStopMax, bestFixedLength, bestFixedRate };
}

export interface ThresholdValue {
  /** Expected tokens of a round, the target's own included. */
  expectedTokens: number;
  expectedDrafts: number;
  /** expectedTokens / (targetCost + draftCost · expectedDrafts). */
  rate: number;
}

/**
 * What the rule of SpecDec++ attains: stop when 1 - A > threshold, after at least one token, or at `maxLength`.
 *
 * Exact, over the multisets of values; RangeError above 10^6 states.
 *
 * @throws RangeError as `optimalStoppingPolicy`, or if the threshold is outside [0, 1]
 *
 * @example
 * thresholdPolicyValue({ values: [0.5], probs: [1], draftCost: 0.1, maxLength: 4 }, 0.6).expectedDrafts; //=> 2
 */
export function thresholdPolicyValue(problem: StoppingProblem, threshold: number): ThresholdValue {
  const { values, probs, c, targetCost, maxLength } = checkProblem(problem);
  checkNumber('threshold', threshold, 0, 1);
  const layers = multisetLayers(values, maxLength);
  let mass = Float64Array.of(1);
  let expectedTokens = 1;
  let expectedDrafts = 0;
  for (let depth = 0; depth < maxLength; depth++) {
    const { survival, children } = layers[depth];
    const next = new Float64Array(layers[depth + 1].survival.length);
    for (let s = 0; s < survival.length; s++) {
      const stopped = depth > 0 && 1 - survival[s] > threshold;
      if (mass[s] === 0 || stopped) continue;
      expectedDrafts += mass[s];
      for (let j = 0; j < values.length; j++) {
        const child = children[s * values.length + j];
        const reached = mass[s] * probs[j];
        next[child] += reached;
        expectedTokens += reached * layers[depth + 1].survival[child];
      }
    }
    mass = next;
  }
  return { expectedTokens, expectedDrafts, rate: expectedTokens / (targetCost + c * expectedDrafts) };
}

/** The states after some number of tokens: multisets of values, and the states that each leads to. */
interface Layer {
  survival: Float64Array;
  /** Child of state s by value j, at s · m + j. */
  children: Int32Array;
}

function multisetLayers(values: ArrayLike<number>, maxLength: number): Layer[] {
  const m = values.length;
  let states = 1; // C(maxLength + m, m)
  for (let i = 1; i <= m; i++) states = (states * (maxLength + i)) / i;
  if (!(states <= 1e6)) throw new RangeError(`maxLength must leave at most 1e6 states, got ${Math.round(states)}`);
  const layers: Layer[] = [];
  let counts: number[][] = [new Array<number>(m).fill(0)];
  let survival: number[] = [1];
  for (let depth = 0; depth <= maxLength; depth++) {
    const index = new Map<string, number>();
    const nextCounts: number[][] = [];
    const nextSurvival: number[] = [];
    const children = new Int32Array(depth === maxLength ? 0 : counts.length * m);
    if (depth < maxLength) {
      for (let s = 0; s < counts.length; s++) {
        for (let j = 0; j < m; j++) {
          const child = counts[s].slice();
          child[j] += 1;
          const key = child.join();
          let at = index.get(key);
          if (at === undefined) {
            at = nextCounts.length;
            index.set(key, at);
            nextCounts.push(child);
            nextSurvival.push(survival[s] * values[j]);
          }
          children[s * m + j] = at;
        }
      }
    }
    layers.push({ survival: Float64Array.from(survival), children });
    counts = nextCounts;
    survival = nextSurvival;
  }
  return layers;
}

/** The optimal rule for a given λ, and the expected tokens and drafts of its round. */
function optimalRound(
  layers: Layer[],
  probs: ArrayLike<number>,
  lambda: number,
  c: number,
): { goesOn: Uint8Array[]; tokens: number; drafts: number } {
  const m = probs.length;
  const maxLength = layers.length - 1;
  const goesOn: Uint8Array[] = [];
  let worth = new Float64Array(layers[maxLength].survival.length);
  let tokens = new Float64Array(worth.length);
  let drafts = new Float64Array(worth.length);
  for (let depth = maxLength - 1; depth >= 0; depth--) {
    const { survival, children } = layers[depth];
    const below = layers[depth + 1].survival;
    const on = new Uint8Array(survival.length);
    const [W, T, D] = [0, 1, 2].map(() => new Float64Array(survival.length));
    for (let s = 0; s < survival.length; s++) {
      let [value, accepted, drafted] = [-lambda * c, 0, 1];
      for (let j = 0; j < m; j++) {
        const child = children[s * m + j];
        value += probs[j] * (below[child] + worth[child]);
        accepted += probs[j] * (below[child] + tokens[child]);
        drafted += probs[j] * drafts[child];
      }
      if (value > 1e-12) [on[s], W[s], T[s], D[s]] = [1, value, accepted, drafted];
    }
    goesOn[depth] = on;
    [worth, tokens, drafts] = [W, T, D];
  }
  return { goesOn, tokens: 1 + tokens[0], drafts: drafts[0] };
}

function checkProblem(problem: StoppingProblem) {
  const { values, probs } = problem;
  if (!(values.length >= 1)) throw new RangeError('values must not be empty');
  for (let i = 0; i < values.length; i++) checkNumber(`values[${i}]`, values[i], 0, 1);
  if (probs.length !== values.length)
    throw new RangeError(`probs must have length ${values.length}, got ${probs.length}`);
  checkProbabilities('probs', probs);
  const c = checkPositive('draftCost', problem.draftCost);
  const targetCost = checkPositive('targetCost', problem.targetCost ?? 1);
  const maxLength = checkInteger('maxLength', problem.maxLength, 1);
  return { values, probs, c, targetCost, maxLength };
}
