// What a tabular policy trains on at a step: fixed pairs, groups of sampled actions with labelled pairs, or every pair.

import { checkInteger, checkNumber, checkOption } from '../../internal/check.js';
import { sampleCategorical } from '../../random/categorical.js';
import type { Rng } from '../../random/create-rng.js';
import { sampleWithoutReplacement } from '../../random/permutation.js';
import { exp } from '../../special/exp.js';
import { sigmoid } from '../../special/logistic.js';
import { rowOf, type TabularTables } from './tabular-problem.js';

export interface TabularSampling {
  /**
   * 'fixed': the problem's pairs, no randomness. 'offline': one batch of groups drawn from the reference, kept. 'onPolicy':
   * a fresh batch from the current policy every `innerSteps` steps. 'population': the expectation over all ordered pairs
   * (i, j), each labelled with its probability, no randomness.
   */
  mode: 'fixed' | 'offline' | 'onPolicy' | 'population';
  /** Groups (prompts) in a batch; group g belongs to context g mod S. Default 1. */
  groups?: number;
  /** Actions N drawn in a group. Default 10. */
  groupSize?: number;
  /** Gradient steps on a batch of 'onPolicy'. Default 1. */
  innerSteps?: number;
  /** Groups used by a step, drawn anew each step without replacement. Default all. */
  batchSize?: number;
  /** Pairs whose rewards differ by less are dropped, as are pairs of equal reward. Default 0. */
  minRewardGap?: number;
  /**
   * 'none': the larger reward wins. 'bradleyTerry': i beats j with probability σ(r_i - r_j). 'preference': with the
   * probability in the problem's matrix; rewards may then be absent and the gap does not count. Default 'none', and for
   * 'population' 'bradleyTerry'.
   */
  labelNoise?: 'none' | 'bradleyTerry' | 'preference';
  /** Weights of pairs in 'population': 'uniform', the mean over all A² ordered pairs, or 'reference', ref_i ref_j. Default 'uniform'. */
  pairWeighting?: 'uniform' | 'reference';
}

/** Plain data; never changed once made. */
export interface TabularBatch {
  /** Actions, group after group; empty for 'fixed' and 'population'. */
  samples: Int32Array;
  /** Their log-probabilities under the policy that drew them. */
  sampleLogProbs: Float64Array;
  /** Labelled pairs. */
  winners: Int32Array;
  losers: Int32Array;
  /** Group of each pair. */
  groups: Int32Array;
  /** Context of each group. */
  contexts: Int32Array;
  /** Weight of each pair; empty means 1. */
  weights: Float64Array;
}

/** The sampling options with their defaults, checked against the problem. */
export function checkSampling(sampling: TabularSampling, tables: TabularTables): Required<TabularSampling> {
  const mode = checkOption('sampling.mode', sampling.mode, ['fixed', 'offline', 'onPolicy', 'population']);
  const groups = checkInteger('sampling.groups', sampling.groups ?? 1, 1);
  const full = {
    mode,
    groups,
    groupSize: checkInteger('sampling.groupSize', sampling.groupSize ?? 10, 2),
    innerSteps: checkInteger('sampling.innerSteps', sampling.innerSteps ?? 1, 1),
    batchSize: checkInteger('sampling.batchSize', sampling.batchSize ?? groups, 1, groups),
    minRewardGap: checkNumber('sampling.minRewardGap', sampling.minRewardGap ?? 0, 0),
    labelNoise: checkOption(
      'sampling.labelNoise',
      sampling.labelNoise ?? (mode === 'population' ? 'bradleyTerry' : 'none'),
      ['none', 'bradleyTerry', 'preference'],
    ),
    pairWeighting: checkOption('sampling.pairWeighting', sampling.pairWeighting ?? 'uniform', ['uniform', 'reference']),
  };
  if (mode === 'fixed') return full;
  if (full.labelNoise === 'preference') {
    if (tables.preference === undefined) throw new TypeError("preference is required by labelNoise 'preference'");
  } else if (tables.rewards === undefined) throw new TypeError('rewards are required by sampling');
  return full;
}

/** The problem's own pairs. */
export function fixedBatch({ contexts, pairs, pairWeights }: TabularTables): TabularBatch {
  if (pairs === undefined) throw new TypeError('pairs are required without sampling');
  return { ...NO_SAMPLES, ...pairs, contexts: indices(contexts), weights: pairWeights ?? new Float64Array(0) };
}

/** No samples and no pairs, for objectives that are exact. */
export const NO_SAMPLES: TabularBatch = {
  samples: new Int32Array(0),
  sampleLogProbs: new Float64Array(0),
  winners: new Int32Array(0),
  losers: new Int32Array(0),
  groups: new Int32Array(0),
  contexts: new Int32Array(0),
  weights: new Float64Array(0),
};

/**
 * Every ordered pair (i, j) of the reference's support with the weight A² w_i w_j P(i beats j), so that the mean over the A²
 * pairs is the expectation; i = j included, whose gradient is 0. Pairs of weight 0 are left in.
 */
export function populationBatch(tables: TabularTables, sampling: Required<TabularSampling>): TabularBatch {
  const { contexts: S, actions: A, refLogP, rewards, preference } = tables;
  const winners: number[] = [];
  const losers: number[] = [];
  const groups: number[] = [];
  const weights: number[] = [];
  for (let s = 0; s < S; s++) {
    const support = Array.from({ length: A }, (_, a) => a).filter((a) => refLogP[s * A + a] > -Infinity);
    const k = support.length;
    for (const i of support) {
      for (const j of support) {
        const wins =
          sampling.labelNoise === 'preference'
            ? (preference as Float64Array)[i * A + j]
            : winProbability(
                (rewards as Float64Array)[s * A + i] - (rewards as Float64Array)[s * A + j],
                sampling.labelNoise,
              );
        winners.push(i);
        losers.push(j);
        groups.push(s);
        weights.push(
          sampling.pairWeighting === 'uniform' ? wins : k * k * exp(refLogP[s * A + i] + refLogP[s * A + j]) * wins,
        );
      }
    }
  }
  return {
    ...NO_SAMPLES,
    winners: Int32Array.from(winners),
    losers: Int32Array.from(losers),
    groups: Int32Array.from(groups),
    contexts: indices(S),
    weights: Float64Array.from(weights),
  };
}

/**
 * Draws `groups` groups of N actions from the policy and labels the pairs i < j of each group. One uniform a sample, group
 * after group; then, with label noise, one for each pair that is kept.
 */
export function sampledBatch(
  tables: TabularTables,
  sampling: Required<TabularSampling>,
  logP: Float64Array,
  rng: Rng,
): TabularBatch {
  const { contexts: S, actions: A, rewards, preference } = tables;
  const { groups: G, groupSize: N, minRewardGap, labelNoise } = sampling;
  const probs = logP.map(exp);
  const samples = new Int32Array(G * N);
  const sampleLogProbs = new Float64Array(G * N);
  for (let g = 0; g < G; g++) {
    const s = g % S;
    const row = rowOf(probs, s, A);
    for (let k = g * N; k < (g + 1) * N; k++) {
      samples[k] = sampleCategorical(row, rng);
      sampleLogProbs[k] = logP[s * A + samples[k]];
    }
  }
  const winners: number[] = [];
  const losers: number[] = [];
  const groups: number[] = [];
  for (let g = 0; g < G; g++) {
    const base = (g % S) * A;
    for (let i = g * N; i < (g + 1) * N; i++) {
      for (let j = i + 1; j < (g + 1) * N; j++) {
        const a = samples[i];
        const b = samples[j];
        if (a === b) continue;
        let firstWins: boolean;
        if (labelNoise === 'preference') firstWins = rng() < (preference as Float64Array)[a * A + b];
        else {
          const gap = (rewards as Float64Array)[base + a] - (rewards as Float64Array)[base + b];
          if (gap === 0 || Math.abs(gap) < minRewardGap) continue;
          firstWins = labelNoise === 'none' ? gap > 0 : rng() < sigmoid(gap);
        }
        winners.push(firstWins ? a : b);
        losers.push(firstWins ? b : a);
        groups.push(g);
      }
    }
  }
  return {
    ...NO_SAMPLES,
    samples,
    sampleLogProbs,
    winners: Int32Array.from(winners),
    losers: Int32Array.from(losers),
    groups: Int32Array.from(groups),
    contexts: indices(G).map((g) => g % S),
  };
}

/** The batch reduced to `batchSize` of its groups. Draws what `sampleWithoutReplacement` draws. */
export function subBatch(batch: TabularBatch, sampling: Required<TabularSampling>, rng: Rng): TabularBatch {
  const { groups: G, groupSize: N, batchSize } = sampling;
  const chosen = sampleWithoutReplacement(G, batchSize, rng).sort();
  const place = new Int32Array(G).fill(-1);
  chosen.forEach((g, k) => (place[g] = k));
  const kept = indices(batch.winners.length).filter((i) => place[batch.groups[i]] >= 0);
  const samples = indices(batch.samples.length).filter((k) => place[Math.floor(k / N)] >= 0);
  return {
    samples: samples.map((k) => batch.samples[k]),
    sampleLogProbs: Float64Array.from(samples, (k) => batch.sampleLogProbs[k]),
    winners: kept.map((i) => batch.winners[i]),
    losers: kept.map((i) => batch.losers[i]),
    groups: kept.map((i) => place[batch.groups[i]]),
    contexts: chosen.map((g) => batch.contexts[g]),
    weights: batch.weights,
  };
}

function indices(n: number): Int32Array {
  return Int32Array.from({ length: n }, (_, i) => i);
}

function winProbability(gap: number, labelNoise: 'none' | 'bradleyTerry' | 'preference'): number {
  if (labelNoise === 'bradleyTerry') return sigmoid(gap);
  return gap > 0 ? 1 : gap < 0 ? 0 : 0.5;
}
