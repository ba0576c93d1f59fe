// Soft values on the tree of all texts: what a KL-regularized policy over tokens knows about the reward.
//
// R. Rafailov, J. Hejna, R. Park, C. Finn, "From r to Q*: Your Language Model is Secretly a Q-Function", arXiv:2404.12358.
//
//   paper        here       meaning
//   s, a         -          prefix, next token
//   π_ref(a|s)   ref        reference
//   r(s, a)      rewards    reward of the token
//   β            beta       temperature
//   V*, Q*, π*   values, q, policy
//
//   Q(s,a) = r(s,a) + β log π_ref(a|s) + V(s'),  V(s) = β log Σ_a e^{Q(s,a)/β},  π*(a|s) = e^{(Q-V)/β},  V(leaf) = 0.

import { checkInteger, checkMatrix, checkPositive, checkProbabilities } from '../../internal/check.js';
import { toRowMajor, type MatrixLike } from '../../linalg/to-row-major.js';
import { exp } from '../../special/exp.js';
import { log } from '../../special/log.js';
import { logSumExp } from '../../special/log-sum-exp.js';
import { arraySize } from '../losses/pair-batch.js';

/** A complete tree of all sequences of T tokens out of V. Row k of a table belongs to prefix k, in order of length, then lexicographic. */
export interface TokenRewardTree {
  /** V. */
  vocab: number;
  /** T. */
  depth: number;
  /** (1 + V + ... + V^{T-1}) × V probabilities. */
  ref: MatrixLike;
  /** Rewards of the same shape. */
  rewards: MatrixLike;
}

export interface SoftTree {
  /** V*(empty prefix). */
  rootValue: number;
  /** V* of every prefix. */
  values: Float64Array;
  /** π* and Q*, prefixes × V. */
  policy: Float64Array;
  q: Float64Array;
  /** The sequence of the largest total reward, and the likeliest under π*; lexicographically first on ties. */
  maxRewardSequence: Int32Array;
  mostLikelySequence: Int32Array;
}

/**
 * Soft values, the optimal policy and the two best sequences of a complete token tree, from the leaves up. A token of
 * reference probability 0 has Q = -Infinity and stays out of both sequences. O(V^T).
 *
 * @throws RangeError if a table has the wrong shape, a row of ref is no distribution, a reward is not finite, or β <= 0
 *
 * @example
 * const tree = { vocab: 2, depth: 1, ref: [[0.5, 0.5]], rewards: [[0, 1]] };
 * softTreeSolve(tree, { beta: 1 }).rootValue.toFixed(12); //=> Math.log((1 + Math.E) / 2).toFixed(12)
 */
export function softTreeSolve(tree: TokenRewardTree, options: { beta: number }): SoftTree {
  const V = checkInteger('vocab', tree.vocab, 1);
  const T = checkInteger('depth', tree.depth, 1);
  const beta = checkPositive('beta', options.beta);
  let nodes = 0;
  for (let t = 0, width = 1; t < T; t++, width *= V) nodes += width;
  if (!(nodes * V <= 0x7fffffff))
    throw new RangeError(`depth must leave a tree that fits memory, got ${nodes} prefixes`);
  const ref = tableOf('ref', tree.ref, nodes, V);
  const rewards = tableOf('rewards', tree.rewards, nodes, V);
  for (let k = 0; k < nodes; k++) checkProbabilities(`ref[${k}]`, ref.subarray(k * V, (k + 1) * V));

  const values = new Float64Array(nodes);
  const q = new Float64Array(nodes * V);
  const policy = new Float64Array(nodes * V);
  const bestReward = new Float64Array(nodes);
  const bestLogP = new Float64Array(nodes);
  const rewardChoice = new Int32Array(nodes);
  const likelyChoice = new Int32Array(nodes);
  const scaled = new Float64Array(V);
  for (let k = nodes - 1; k >= 0; k--) {
    // Children of prefix k are k V + 1 .. k V + V in this order; past the last prefix they are leaves.
    const row = k * V;
    for (let a = 0; a < V; a++) {
      const child = row + 1 + a;
      q[row + a] =
        ref[row + a] === 0
          ? -Infinity
          : rewards[row + a] + beta * log(ref[row + a]) + (child < nodes ? values[child] : 0);
      scaled[a] = q[row + a] / beta;
    }
    const logZ = logSumExp(scaled);
    values[k] = beta * logZ;
    bestReward[k] = -Infinity;
    bestLogP[k] = -Infinity;
    for (let a = 0; a < V; a++) {
      if (ref[row + a] === 0) continue;
      const child = row + 1 + a;
      const logP = scaled[a] - logZ;
      policy[row + a] = exp(logP);
      const reward = rewards[row + a] + (child < nodes ? bestReward[child] : 0);
      const likelihood = logP + (child < nodes ? bestLogP[child] : 0);
      if (reward > bestReward[k]) {
        bestReward[k] = reward;
        rewardChoice[k] = a;
      }
      if (likelihood > bestLogP[k]) {
        bestLogP[k] = likelihood;
        likelyChoice[k] = a;
      }
    }
  }
  const follow = (choice: Int32Array) => {
    const sequence = new Int32Array(T);
    for (let t = 0, k = 0; t < T; t++, k = k * V + 1 + sequence[t - 1]) sequence[t] = choice[k];
    return sequence;
  };
  return {
    rootValue: values[0],
    values,
    policy,
    q,
    maxRewardSequence: follow(rewardChoice),
    mostLikelySequence: follow(likelyChoice),
  };
}

/**
 * Row of a prefix in the tables of a tree with V tokens: 0 for the empty one, then by length, then lexicographic.
 *
 * @throws RangeError if a token is not in 0..V-1
 *
 * @example
 * prefixIndex([1, 0], 2); //=> 5
 */
export function prefixIndex(prefix: ArrayLike<number>, vocab: number): number {
  checkInteger('vocab', vocab, 1);
  const length = arraySize('prefix', prefix);
  let k = 0;
  for (let t = 0; t < length; t++) k = k * vocab + 1 + checkInteger(`prefix[${t}]`, prefix[t], 0, vocab - 1);
  return k;
}

/**
 * The two sides of the telescoping identity for a prefix a_0 .. a_{k-1} of any length up to T:
 *
 *   Σ_t β log(π*(a_t|s_t)/π_ref(a_t|s_t)) = Σ_t r(s_t, a_t) - V*(s_0) + V*(s_k).
 *
 * So among full responses to one prompt the log-ratio ranks as the reward does, and among prefixes it is the score of
 * value-guided search: decoding by likelihood ratio is search with the model's own value function.
 *
 * @returns the log-ratio, times β, and the right-hand side; equal up to rounding where π* solves the tree
 * @throws RangeError as `softTreeSolve`, or if the prefix is too long
 */
export function telescopedReward(
  tree: TokenRewardTree,
  prefix: ArrayLike<number>,
  options: { beta: number },
): { logRatio: number; rewardPlusValue: number } {
  const { values, policy } = softTreeSolve(tree, options);
  const V = tree.vocab;
  if (arraySize('prefix', prefix) > tree.depth) {
    throw new RangeError(`prefix must have at most ${tree.depth} tokens, got ${prefix.length}`);
  }
  const ref = toRowMajor(tree.ref).data;
  const rewards = toRowMajor(tree.rewards).data;
  let logRatio = 0;
  let total = -values[0];
  let k = 0;
  for (let t = 0; t < prefix.length; t++) {
    const place = k * V + checkInteger(`prefix[${t}]`, prefix[t], 0, V - 1);
    logRatio += options.beta * (log(policy[place]) - log(ref[place]));
    total += rewards[place];
    k = place + 1;
  }
  return { logRatio, rewardPlusValue: k < values.length ? total + values[k] : total };
}

function tableOf(name: string, table: MatrixLike, rows: number, columns: number): Float64Array {
  const matrix = checkMatrix(name, toRowMajor(table, name));
  if (matrix.rows !== rows || matrix.columns !== columns) {
    throw new RangeError(`${name} must be ${rows} × ${columns}, got ${matrix.rows} × ${matrix.columns}`);
  }
  return matrix.data;
}
