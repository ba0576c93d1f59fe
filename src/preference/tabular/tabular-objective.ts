// The losses that a tabular policy can be trained on, each with its exact gradient in the logits.
//
// For p = softmax(logits) and any loss of log-probabilities, ∂/∂logits = Σ_k c_k (e_{a_k} - p), c_k the derivative in
// log p(a_k). The pair losses come from `losses`, the surrogates of sampled groups from the policy-gradient folder.

import { checkNumber, checkOption, checkPositive } from '../../internal/check.js';
import { dot, sum } from '../../linalg/sum.js';
import { grpoAdvantages, rlooAdvantages } from '../../policy-gradient/group-advantages.js';
import { ppoClipLoss, type PpoClipOptions } from '../../policy-gradient/ppo.js';
import { reinforceLoss } from '../../policy-gradient/reinforce.js';
import { exp } from '../../special/exp.js';
import { pairLosses, preferenceLoss, type PairLossKind, type PairLossOptionsOf } from '../losses/dispatch.js';
import { ktoLoss, type KtoLossOptions } from '../losses/kto.js';
import type { PairBatch, PairLossResult } from '../losses/pair-batch.js';
import type { TabularBatch } from './tabular-batch.js';
import type { TabularTables } from './tabular-problem.js';

/** Losses on sampled groups and exact ones, beside the pair losses. */
const OTHER_LOSSES = [
  'nll',
  'bestOfN',
  'bestOfNNegative',
  'awr',
  'kto',
  'reinforce',
  'rloo',
  'grpo',
  'ppo',
  'exactPolicyGradient',
] as const;

export type TabularLoss = PairLossKind | (typeof OTHER_LOSSES)[number];

export interface TabularLossOptions {
  /** Factor of the mean log-probability of the other samples in 'bestOfNNegative'. Default 0.5. */
  negativeCoef?: number;
  /** Temperature of the weights e^{r/temperature} of 'awr'. Default 1. */
  temperature?: number;
  /** Price of KL(p || ref) in 'exactPolicyGradient'. Default 0. */
  klCoef?: number;
}

/** Options of the loss of that name; lengths are 1 and the reduction is the mean. */
export type TabularLossOptionsOf<Loss extends TabularLoss> = Loss extends PairLossKind
  ? Omit<PairLossOptionsOf<Loss>, 'reduction'>
  : Loss extends 'kto'
    ? Omit<KtoLossOptions, 'reduction' | 'kl'>
    : Loss extends 'ppo'
      ? PpoClipOptions
      : TabularLossOptions;

export interface ObjectiveValue {
  loss: number;
  /** Means of log p over the winners and the losers, where the loss has such; NaN for a batch without pairs. */
  chosenLogProb?: number;
  rejectedLogProb?: number;
  /** Mean difference of the implicit rewards. */
  margin?: number;
}

/** Value of the loss at log-probabilities logP (S × A), the gradient in the logits into `grad`. */
export type Objective = (batch: TabularBatch, logP: Float64Array, grad: Float64Array) => ObjectiveValue;

/** What the loss of that name looks at. */
export function lossNeeds(loss: TabularLoss): 'pairs' | 'samples' | 'nothing' {
  if (loss === 'exactPolicyGradient') return 'nothing';
  return loss === 'nll' || Object.hasOwn(pairLosses, loss) ? 'pairs' : 'samples';
}

/** The objective of that name, its options checked as far as they are its own. */
export function tabularObjective(
  tables: TabularTables,
  loss: TabularLoss,
  options: object,
  groupSize: number,
): Objective {
  checkOption('loss', loss, [...(Object.keys(pairLosses) as PairLossKind[]), ...OTHER_LOSSES]);
  const { actions: A, refLogP } = tables;
  if (loss === 'nll' || lossNeeds(loss) === 'pairs')
    return pairObjective(tables, loss as PairLossKind | 'nll', options);
  const rewards = tables.rewards;
  if (rewards === undefined) throw new TypeError(`rewards are required by ${loss}`);
  const { negativeCoef = 0.5, temperature = 1, klCoef = 0 } = options as TabularLossOptions;
  checkNumber('lossOptions.negativeCoef', negativeCoef);
  checkPositive('lossOptions.temperature', temperature);
  checkNumber('lossOptions.klCoef', klCoef, 0);
  if (loss === 'exactPolicyGradient') return (_batch, logP, grad) => exactPolicyGradient(tables, klCoef, logP, grad);

  return (batch, logP, grad) => {
    const { samples, contexts } = batch;
    const n = samples.length;
    const rows = new Int32Array(n);
    const places = new Int32Array(n);
    for (let k = 0; k < n; k++) {
      rows[k] = contexts[Math.floor(k / groupSize)];
      places[k] = rows[k] * A + samples[k];
    }
    const { grad: slopes, ...value } = sampledLoss(pick(logP, places), pick(rewards, places));
    scatter(A, logP, grad, rows, { places, slopes });
    return value;

    function sampledLoss(logp: Float64Array, r: Float64Array): ObjectiveValue & { grad: Float64Array } {
      switch (loss) {
        case 'reinforce':
          return reinforceLoss({ logp, advantages: grpoAdvantages(r, n) });
        case 'rloo':
          return reinforceLoss({ logp, advantages: rlooAdvantages(r, groupSize) });
        case 'grpo':
          return reinforceLoss({ logp, advantages: grpoAdvantages(r, groupSize) });
        case 'ppo': {
          const advantages = grpoAdvantages(r, groupSize);
          return ppoClipLoss({ logp, oldLogp: batch.sampleLogProbs, advantages }, options);
        }
        case 'awr': {
          // Weights of mean 1, the largest reward taken out before the exponential.
          const top = r.reduce((a, b) => Math.max(a, b), -Infinity);
          const advantages = r.map((x) => exp((x - top) / temperature));
          const mean = sum(advantages) / n;
          return reinforceLoss({ logp, advantages: advantages.map((w) => w / mean) });
        }
        case 'kto': {
          const desirable = Array.from(r, (x, k) => x > groupMean(r, k, groupSize));
          const kl = meanKl(tables, logP);
          const ref = pick(refLogP, places);
          const value = ktoLoss({ policy: logp, ref, desirable }, { ...options, kl, reduction: 'mean' });
          return { loss: value.loss as number, grad: value.grad };
        }
        default:
          return bestOfN(logp, r, groupSize, loss === 'bestOfN' ? 0 : negativeCoef);
      }
    }
  };
}

/** Mean over the contexts of KL(p || ref). */
export function meanKl({ contexts, refLogP }: TabularTables, logP: Float64Array): number {
  let kl = 0;
  for (let i = 0; i < logP.length; i++) if (logP[i] > -Infinity) kl += exp(logP[i]) * (logP[i] - refLogP[i]);
  return kl / contexts;
}

function pairObjective({ actions: A, refLogP }: TabularTables, loss: PairLossKind | 'nll', options: object): Objective {
  let out: PairLossResult | undefined;
  // What depends on the batch alone; most batches serve many steps.
  let last: TabularBatch | undefined;
  let rows: Int32Array = new Int32Array(0);
  let chosen: Int32Array = new Int32Array(0);
  let rejected: Int32Array = new Int32Array(0);
  // How often each pair occurs, where equal pairs are taken together.
  let counts: Float64Array | undefined;
  const wins = new Float64Array(refLogP.length);
  const defeats = new Float64Array(refLogP.length);
  let pairs: PairBatch = { policyChosen: [], policyRejected: [] };
  let nllSlopes = new Float64Array(0);
  const open = (batch: TabularBatch) => {
    const { winners, losers, groups, contexts, weights } = batch;
    rows = groups.map((group) => contexts[group]);
    chosen = winners.map((w, i) => rows[i] * A + w);
    rejected = losers.map((l, i) => rows[i] * A + l);
    countPlaces(chosen, wins);
    countPlaces(rejected, defeats);
    const merged = UNMERGED.includes(loss) ? undefined : mergePairs(chosen, rejected, A, refLogP, weights);
    counts = merged?.counts;
    if (merged !== undefined) ({ chosen, rejected, rows } = merged);
    const n = chosen.length;
    const lengths = new Uint8Array(n).fill(1);
    const shares = merged?.shares ?? (weights.length > 0 ? weights : undefined);
    pairs = {
      policyChosen: new Float64Array(n),
      policyRejected: new Float64Array(n),
      refChosen: pick(refLogP, chosen),
      refRejected: pick(refLogP, rejected),
      chosenLengths: lengths,
      rejectedLengths: lengths,
      ...(shares === undefined ? {} : { weights: shares }),
    };
    if (loss === 'nll') nllSlopes = Float64Array.from(chosen, (_, i) => -(weights.length > 0 ? weights[i] : 1) / n);
    last = batch;
  };
  return (batch, logP, grad) => {
    const B = batch.winners.length;
    if (B === 0) {
      grad.fill(0);
      return { loss: 0, chosenLogProb: NaN, rejectedLogProb: NaN, ...(loss === 'nll' ? {} : { margin: NaN }) };
    }
    if (batch !== last) open(batch);
    const policyChosen = pick(logP, chosen, pairs.policyChosen as Float64Array);
    pick(logP, rejected, pairs.policyRejected as Float64Array);
    const chosenLogProb = meanOver(logP, wins, B);
    const rejectedLogProb = meanOver(logP, defeats, B);
    if (loss === 'nll') {
      scatter(A, logP, grad, rows, { places: chosen, slopes: nllSlopes });
      return { loss: dot(nllSlopes, policyChosen), chosenLogProb, rejectedLogProb };
    }
    const reduction = counts === undefined ? 'mean' : 'sum';
    out = preferenceLoss(loss, pairs, { ...options, reduction } as PairLossOptionsOf<typeof loss>, out);
    const margin = counts === undefined ? out.margin : meanGap(out, counts, B);
    const other = { places: rejected, slopes: out.gradRejected };
    scatter(A, logP, grad, rows, { places: chosen, slopes: out.gradChosen }, other);
    return { loss: out.loss as number, chosenLogProb, rejectedLogProb, margin };
  };
}

/** Losses of ranks, and those whose rewards may overflow, take their pairs as they come; 'nll' needs no pairs. */
const UNMERGED: readonly string[] = ['aot', 'fdpo', 'alphaPo', 'nll'];
/** Entries of the largest table in which equal pairs are looked for. */
const PAIR_TABLE = 1 << 20;

/**
 * Equal pairs as one, in the order of their first occurrence, with the share of the mean loss that falls on it: the sum of
 * its weights over the number of pairs. A table of K actions has at most K(K - 1) pairs, however large the batch is.
 *
 * @returns undefined if fewer than one pair in eight repeats another, the table is too large, or an action is impossible
 *   (so that the error of such a pair has its place in the batch)
 */
function mergePairs(
  chosen: Int32Array,
  rejected: Int32Array,
  A: number,
  refLogP: Float64Array,
  weights: Float64Array,
):
  | { chosen: Int32Array; rejected: Int32Array; rows: Int32Array; counts: Float64Array; shares: Float64Array }
  | undefined {
  const B = chosen.length;
  if (refLogP.length * A > PAIR_TABLE) return undefined;
  const seen = new Int32Array(refLogP.length * A); // 1 + the index among the distinct pairs
  const first = new Int32Array(B);
  const index = new Int32Array(B);
  let n = 0;
  for (let i = 0; i < B; i++) {
    if (refLogP[chosen[i]] === -Infinity || refLogP[rejected[i]] === -Infinity) return undefined;
    const key = chosen[i] * A + (rejected[i] % A);
    if (seen[key] === 0) {
      first[n] = i;
      n += 1;
      seen[key] = n;
    }
    index[i] = seen[key] - 1;
  }
  if (8 * n > 7 * B) return undefined;
  const counts = new Float64Array(n);
  const shares = new Float64Array(n);
  for (let i = 0; i < B; i++) {
    counts[index[i]] += 1;
    shares[index[i]] += weights.length > 0 ? weights[i] : 1;
  }
  const distinct = first.subarray(0, n);
  return {
    chosen: distinct.map((i) => chosen[i]),
    rejected: distinct.map((i) => rejected[i]),
    rows: distinct.map((i) => Math.floor(chosen[i] / A)),
    counts,
    shares: shares.map((share) => share / B),
  };
}

/** Mean over all pairs of the gap between the rewards of a pair. */
function meanGap({ chosenRewards, rejectedRewards }: PairLossResult, counts: Float64Array, B: number): number {
  let total = 0;
  for (let k = 0; k < counts.length; k++) total += counts[k] * (chosenRewards[k] - rejectedRewards[k]);
  return total / B;
}

/** How often each place occurs. */
function countPlaces(places: Int32Array, counts: Float64Array): void {
  counts.fill(0);
  for (let i = 0; i < places.length; i++) counts[places[i]] += 1;
}

/** Mean of logP over n actions by their counts, place by place: a table is shorter than a batch. */
function meanOver(logP: Float64Array, counts: Float64Array, n: number): number {
  let total = 0;
  for (let i = 0; i < counts.length; i++) if (counts[i] > 0) total += counts[i] * logP[i];
  return total / n;
}

function pick(
  table: Float64Array,
  places: Int32Array,
  out: Float64Array = new Float64Array(places.length),
): Float64Array {
  for (let i = 0; i < out.length; i++) out[i] = table[places[i]];
  return out;
}

/**
 * grad = Σ_k slope_k (e_{a_k} - p), over samples or over the two sides of pairs.
 *
 * The factor of p is collected pair by pair, so for a loss of differences it is exactly 0 and only the two logits of a pair
 * move (`pairLogitGradient`): Adam would blow rounding noise on the others up to a step.
 */
function scatter(
  A: number,
  logP: Float64Array,
  grad: Float64Array,
  rows: Int32Array,
  { places, slopes }: Side,
  other?: Side,
): void {
  const totals = new Float64Array(logP.length / A);
  grad.fill(0);
  if (other === undefined) {
    for (let k = 0; k < places.length; k++) {
      grad[places[k]] += slopes[k];
      totals[rows[k]] += slopes[k];
    }
  } else {
    const { places: otherPlaces, slopes: otherSlopes } = other;
    for (let k = 0; k < places.length; k++) {
      const slope = slopes[k];
      const otherSlope = otherSlopes[k];
      grad[places[k]] += slope;
      grad[otherPlaces[k]] += otherSlope;
      totals[rows[k]] += otherSlope + slope;
    }
  }
  for (let s = 0; s < totals.length; s++) {
    if (totals[s] === 0) continue;
    for (let i = s * A; i < (s + 1) * A; i++) grad[i] -= totals[s] * exp(logP[i]);
  }
}

/** Actions by their place in the S × A table, and ∂loss/∂ log p of each. */
interface Side {
  places: Int32Array;
  slopes: Float64Array;
}

function exactPolicyGradient(
  { actions: A, contexts: S, refLogP, rewards }: TabularTables,
  klCoef: number,
  logP: Float64Array,
  grad: Float64Array,
): ObjectiveValue {
  let loss = 0;
  for (let s = 0; s < S; s++) {
    let objective = 0;
    for (let i = s * A; i < (s + 1) * A; i++) {
      const possible = logP[i] > -Infinity;
      grad[i] = possible ? (rewards as Float64Array)[i] - (klCoef > 0 ? klCoef * (logP[i] - refLogP[i]) : 0) : 0;
      if (possible) objective += exp(logP[i]) * grad[i];
    }
    for (let i = s * A; i < (s + 1) * A; i++) grad[i] = (-exp(logP[i]) * (grad[i] - objective)) / S;
    loss -= objective / S;
  }
  return { loss };
}

/** Mean over groups of -log p(best), plus coef times the mean of log p over all other samples. */
function bestOfN(
  logp: Float64Array,
  r: Float64Array,
  N: number,
  coef: number,
): ObjectiveValue & { grad: Float64Array } {
  const n = logp.length;
  const groups = n / N;
  const grad = new Float64Array(n).fill(coef / (n - groups));
  let chosen = 0;
  let others = 0;
  for (let start = 0; start < n; start += N) {
    let best = start;
    for (let k = start + 1; k < start + N; k++) if (r[k] > r[best]) best = k;
    grad[best] = -1 / groups;
    for (let k = start; k < start + N; k++) {
      if (k === best) chosen += logp[k];
      else others += logp[k];
    }
  }
  chosen /= groups;
  others /= n - groups;
  return { loss: coef === 0 ? -chosen : coef * others - chosen, grad, chosenLogProb: chosen, rejectedLogProb: others };
}

function groupMean(r: Float64Array, k: number, N: number): number {
  const start = k - (k % N);
  let total = 0;
  for (let i = start; i < start + N; i++) total += r[i];
  return total / N;
}
