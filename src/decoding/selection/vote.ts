// Choosing among several finished answers: votes, rewards, and both.
//
// X. Wang et al., "Self-Consistency Improves Chain of Thought Reasoning in Language Models", arXiv:2203.11171 (votes).
// K. Cobbe et al., "Training Verifiers to Solve Math Word Problems", arXiv:2110.14168 (best of n, top candidates then a vote).
// Y. Li et al., "Making Large Language Models Better Reasoners with Step-Aware Verifier", arXiv:2206.02336 (rewards summed by answer).

import { checkInteger, checkNumber, checkProbabilities } from '../../internal/check.js';
import type { Rng } from '../../random/create-rng.js';

export interface BestOfNChoice<Candidate> {
  candidate: Candidate;
  index: number;
  score: number;
  scores: Float64Array;
}

/**
 * The candidate of the highest score, the first on ties. `bestOfNDistribution` has the law of its value.
 *
 * @throws RangeError if there is no candidate or a score is NaN
 *
 * @example
 * bestOfN(['a', 'bb', 'cc'], (text) => text.length).candidate; //=> 'bb'
 */
export function bestOfN<Candidate>(
  candidates: readonly Candidate[],
  score: (candidate: Candidate, index: number) => number,
): BestOfNChoice<Candidate> {
  if (candidates.length === 0) throw new RangeError('candidates must not be empty');
  const scores = Float64Array.from(candidates, (candidate, i) => score(candidate, i));
  const index = firstLargest('score(candidates', scores);
  return { candidate: candidates[index], index, score: scores[index], scores };
}

export interface VoteOptions<Answer> {
  /** Weight of each answer, at least 0. Default 1. */
  weights?: ArrayLike<number>;
  /** Answers with the same text count as one. Default `String`. */
  normalize?: (answer: Answer) => string;
  /** 'first': the answer that was given first; 'random': one of the tied answers by `rng`, one uniform. Default 'first'. */
  tie?: 'first' | 'random';
  rng?: Rng;
}

export interface Vote<Answer> {
  /** The winning answer as it was first given. */
  answer: Answer;
  /** Where it was first given. */
  index: number;
  /** Its weight, and its part of the whole. */
  votes: number;
  share: number;
  /** Weight of every distinct answer, in the order of first appearance. */
  counts: Map<string, number>;
}

/**
 * The answer with the most votes.
 *
 * Weights are summed by answer in order of appearance. No uniform is drawn unless there is a tie to break at random.
 *
 * @throws RangeError if there is no answer, the number of weights differs, a weight is negative or NaN, or all are 0;
 * TypeError if ties are broken at random without an `rng`
 *
 * @example
 * majorityVote([7, 9, 7]).answer; //=> 7
 * majorityVote(['a', 'b', 'c'], { weights: [1, 3, 1] }).share; //=> 0.6
 */
export function majorityVote<Answer>(answers: readonly Answer[], options: VoteOptions<Answer> = {}): Vote<Answer> {
  const n = answers.length;
  if (n === 0) throw new RangeError('answers must not be empty');
  const { weights, normalize = String, tie = 'first', rng } = options;
  if (weights !== undefined && weights.length !== n) {
    throw new RangeError(`weights must have length ${n}, got ${weights.length}`);
  }
  if (tie !== 'first' && tie !== 'random') throw new RangeError(`tie must be 'first' or 'random', got ${String(tie)}`);
  if (tie === 'random' && rng === undefined) throw new TypeError("rng must be a function for tie 'random'");
  const counts = new Map<string, number>();
  const first = new Map<string, number>();
  let total = 0;
  answers.forEach((answer, i) => {
    const weight = weights === undefined ? 1 : checkNumber(`weights[${i}]`, weights[i], 0);
    const key = normalize(answer);
    if (!first.has(key)) first.set(key, i);
    counts.set(key, (counts.get(key) ?? 0) + weight);
    total += weight;
  });
  if (total === 0) throw new RangeError('weights must not all be 0');
  let votes = 0;
  for (const count of counts.values()) votes = Math.max(votes, count);
  const tied = [...counts.keys()].filter((key) => counts.get(key) === votes);
  const key = tie === 'random' && tied.length > 1 ? tied[Math.floor((rng as Rng)() * tied.length)] : tied[0];
  const index = first.get(key) as number;
  return { answer: answers[index], index, votes, share: votes / total, counts };
}

export interface SelfConsistency<Answer> extends Vote<Answer> {
  /** Samples that gave an answer. */
  answered: number;
}

/**
 * Self-consistency: extracts the answer of every sampled chain of thought and takes the majority; `share` estimates the
 * confidence. Samples without an answer (`undefined`) do not vote.
 *
 * @throws RangeError if no sample gives an answer
 *
 * @example
 * selfConsistency(['so 4', 'so 5', 'so 4', '?'], (text) => text.match(/\d/)?.[0]).answer; //=> '4'
 */
export function selfConsistency<Sample, Answer>(
  samples: readonly Sample[],
  extract: (sample: Sample) => Answer | undefined,
  options: Omit<VoteOptions<Answer>, 'weights'> = {},
): SelfConsistency<Answer> {
  const answers: Answer[] = [];
  const positions: number[] = [];
  samples.forEach((sample, i) => {
    const answer = extract(sample);
    if (answer === undefined) return;
    answers.push(answer);
    positions.push(i);
  });
  if (answers.length === 0) throw new RangeError('samples must hold an answer');
  const vote = majorityVote(answers, options);
  return { ...vote, index: positions[vote.index], answered: answers.length };
}

/**
 * The answer with the largest sum of rewards.
 *
 * @param rewards of the answers, each at least 0
 * @throws RangeError as `majorityVote`
 *
 * @example
 * weightedVote(['a', 'b', 'b'], [0.9, 0.5, 0.5]).answer; //=> 'b'
 */
export function weightedVote<Answer>(
  answers: readonly Answer[],
  rewards: ArrayLike<number>,
  options: Omit<VoteOptions<Answer>, 'weights'> = {},
): Vote<Answer> {
  return majorityVote(answers, { ...options, weights: rewards });
}

/**
 * Best of n, weighted: the answer of the largest sum of rewards, and among the candidates that give it the one of the highest
 * reward (the first on ties). Returns its index.
 *
 * @example
 * bestOfNWeighted(['a', 'b', 'b'], [0.9, 0.4, 0.6]); //=> 2
 */
export function bestOfNWeighted<Answer>(
  answers: readonly Answer[],
  rewards: ArrayLike<number>,
  options: Pick<VoteOptions<Answer>, 'normalize'> = {},
): number {
  const { normalize = String } = options;
  const winner = normalize(weightedVote(answers, rewards, { normalize }).answer);
  let best = -1;
  answers.forEach((answer, i) => {
    if (normalize(answer) === winner && (best < 0 || rewards[i] > rewards[best])) best = i;
  });
  return best;
}

/**
 * Keeps the `top` candidates of the highest rewards (earlier ones on ties) and takes the vote among them.
 *
 * @param top how many may vote, an integer in [1, n]; 1 is best of n, n the plain majority
 * @throws RangeError if `top` is out of range, lengths differ, or a reward is NaN
 *
 * @example
 * rankByRewardThenVote(['a', 'b', 'b', 'a'], [0.1, 0.8, 0.7, 0.9], 3).answer; //=> 'b'
 */
export function rankByRewardThenVote<Answer>(
  answers: readonly Answer[],
  rewards: ArrayLike<number>,
  top: number,
  options: Omit<VoteOptions<Answer>, 'weights'> = {},
): Vote<Answer> {
  const n = answers.length;
  if (rewards.length !== n) throw new RangeError(`rewards must have length ${n}, got ${rewards.length}`);
  checkInteger('top', top, 1, n);
  for (let i = 0; i < n; i++) if (Number.isNaN(rewards[i])) throw new RangeError(`rewards[${i}] is NaN`);
  const kept = Array.from({ length: n }, (_, i) => i)
    .sort((i, j) => (rewards[i] === rewards[j] ? i - j : rewards[j] > rewards[i] ? 1 : -1))
    .slice(0, top);
  const vote = majorityVote(
    kept.map((i) => answers[i]),
    options,
  );
  return { ...vote, index: kept[vote.index] };
}

/**
 * Probability that the majority of n independent answers is the correct one, ties broken evenly.
 *
 *   Σ_c Σ_s P(N_correct = c, s others also have c, the rest fewer) / (s + 1),   N multinomial(n, p).
 *
 * Exact, by adding the answers one at a time to the law of (votes given out, ties) for each c: O(K² n³), no enumeration.
 *
 * @param probs probabilities of the K answers
 * @param correct index of the correct one
 * @param n votes, an integer in [1, 1000]
 * @throws RangeError if an argument is out of range
 *
 * @example
 * majorityAccuracy([0.5, 0.5], 0, 2); //=> 0.5
 */
export function majorityAccuracy(probs: ArrayLike<number>, correct: number, n: number): number {
  checkProbabilities('probs', probs);
  const K = probs.length;
  checkInteger('correct', correct, 0, K - 1);
  checkInteger('n', n, 1, 1000);
  const choose = pascal(n);
  let accuracy = 0;
  let power = 1; // p^c of the correct answer
  for (let c = 0; c <= n; c++, power *= probs[correct]) {
    // weight[s][m]: n!-free mass of m votes given to the others seen so far, s of which have exactly c.
    let weight = [new Float64Array(n - c + 1)];
    weight[0][0] = 1;
    for (let j = 0; j < K; j++) {
      if (j === correct) continue;
      const next = Array.from({ length: weight.length + 1 }, () => new Float64Array(n - c + 1));
      for (let s = 0; s < weight.length; s++) {
        for (let m = 0; m <= n - c; m++) {
          if (weight[s][m] === 0) continue;
          let pk = 1;
          for (let k = 0; k <= Math.min(c, n - c - m); k++, pk *= probs[j]) {
            next[k === c ? s + 1 : s][m + k] += weight[s][m] * (choose[m + k][k] * pk);
          }
        }
      }
      weight = next;
    }
    for (let s = 0; s < weight.length; s++) accuracy += (weight[s][n - c] * (choose[n][c] * power)) / (s + 1);
  }
  return accuracy;
}

function pascal(n: number): Float64Array[] {
  const rows = [Float64Array.of(1)];
  for (let i = 1; i <= n; i++) {
    const row = new Float64Array(i + 1);
    row[0] = row[i] = 1;
    for (let k = 1; k < i; k++) row[k] = rows[i - 1][k - 1] + rows[i - 1][k];
    rows.push(row);
  }
  return rows;
}

function firstLargest(name: string, scores: Float64Array): number {
  let best = 0;
  for (let i = 0; i < scores.length; i++) {
    if (Number.isNaN(scores[i])) throw new RangeError(`${name}[${i}]) must be a number, got NaN`);
    if (scores[i] > scores[best]) best = i;
  }
  return best;
}
