// Rewards composed of parts that can be checked: relevance with length and repetition, and reasoning with exploration.

import { checkNumber, checkOption, checkPositive } from '../../internal/check.js';
import { arraySize } from '../losses/pair-batch.js';

export interface RelevanceRewardInputs {
  /** Tokens or words of the response, anything that compares by ===. */
  tokens: ArrayLike<number | string>;
  /**
   * Relevance of the response, in the encoder's units: to the query for an open question, to a reference answer for a
   * closed one.
   */
  relevance: number;
  questionType: 'open' | 'closed';
}

export interface RelevanceRewardOptions {
  /** Largest length of a response, in tokens. Default 512. */
  maxLength?: number;
  /** Relevance that earns a closed question the reward of a response of that length. Default 3.5. */
  relevanceMax?: number;
  /** Tokens that earn one unit. Default 100. */
  lengthUnit?: number;
}

export interface RelevanceReward {
  reward: number;
  /** |tokens| / lengthUnit. */
  lengthIncentive: number;
  /** Different trigrams over trigrams; 1 when there is none. */
  repetitionPenalty: number;
}

/**
 * Regularized relevance reward: open questions earn length × relevance × repetition penalty; closed ones relevance, mapped
 * from [0, relevanceMax] to [0, maxLength/lengthUnit], × repetition penalty. Nothing is clamped.
 *
 * S. Kim, M. Seo, "Rethinking the Role of Proxy Rewards in Language Model Alignment", EMNLP 2024, arXiv:2402.03469.
 * O(|tokens|) expected.
 *
 * @throws RangeError if there are no tokens or relevance is not finite
 *
 * @example
 * regularizedRelevanceReward({ tokens: ['a', 'b', 'a', 'b'], relevance: 2, questionType: 'open' }).reward; //=> 0.08
 */
export function regularizedRelevanceReward(
  { tokens, relevance, questionType }: RelevanceRewardInputs,
  options: RelevanceRewardOptions = {},
): RelevanceReward {
  const maxLength = checkPositive('maxLength', options.maxLength ?? 512);
  const relevanceMax = checkPositive('relevanceMax', options.relevanceMax ?? 3.5);
  const lengthUnit = checkPositive('lengthUnit', options.lengthUnit ?? 100);
  checkNumber('relevance', relevance);
  checkOption('questionType', questionType, ['open', 'closed']);
  if (arraySize('tokens', tokens) === 0) throw new RangeError('tokens must not be empty');
  const lengthIncentive = tokens.length / lengthUnit;
  const repetitionPenalty = distinctTrigrams(tokens);
  const worth =
    questionType === 'open' ? lengthIncentive * relevance : (relevance / relevanceMax) * (maxLength / lengthUnit);
  return { reward: worth * repetitionPenalty, lengthIncentive, repetitionPenalty };
}

export interface ReasoningRewardInputs {
  correct: boolean;
  /** Whether the response states a final answer. */
  hasFinalAnswer: boolean;
  /** Score in [0, 1] of how much the reasoning explored (tried, checked, went back), whatever the answer. */
  exploration?: number;
  /** Tokens of reasoning, at least 1; only `lengthPenalty` looks at it. */
  reasoningLength: number;
}

export interface ReasoningRewardOptions {
  /** Weight w of the exploration score, in [0, 1]. Default 0.2. */
  explorationWeight?: number;
  /** Taken off when there is no final answer. Default 0.5. */
  missingAnswerPenalty?: number;
  /** c of the term -c/reasoningLength, so that longer reasoning is dearer to stop short of. Default 0. */
  lengthPenalty?: number;
}

/**
 * Reward of reinforcement learning via self-play with exploration: b = [correct] - p [no final answer] - c/length, and
 * (1-w) b + w·exploration where an exploration score is given: exploring is paid for apart from being right.
 *
 * G. Ye et al., "On the Emergence of Thinking in LLMs I: Searching for the Right Intuition", arXiv:2502.06773 (RLSP). Weights and signs are those of this library.
 *
 * @throws RangeError if exploration is outside [0, 1] or reasoningLength below 1
 *
 * @example
 * rlspReward({ correct: true, hasFinalAnswer: true, exploration: 0.5, reasoningLength: 300 }).reward; //=> 0.9
 */
export function rlspReward(
  { correct, hasFinalAnswer, exploration, reasoningLength }: ReasoningRewardInputs,
  options: ReasoningRewardOptions = {},
): { reward: number; base: number } {
  const weight = checkNumber('explorationWeight', options.explorationWeight ?? 0.2, 0, 1);
  const missing = checkNumber('missingAnswerPenalty', options.missingAnswerPenalty ?? 0.5, 0);
  const penalty = checkNumber('lengthPenalty', options.lengthPenalty ?? 0);
  checkNumber('reasoningLength', reasoningLength, 1);
  const base = (correct ? 1 : 0) - (hasFinalAnswer ? 0 : missing) - penalty / reasoningLength;
  if (exploration === undefined) return { reward: base, base };
  checkNumber('exploration', exploration, 0, 1);
  return { reward: (1 - weight) * base + weight * exploration, base };
}

/** Share of the trigrams that are different. */
function distinctTrigrams(tokens: ArrayLike<number | string>): number {
  const total = tokens.length - 2;
  if (total < 1) return 1;
  const numbers = new Map<number | string, number>();
  const ids = Int32Array.from(tokens as ArrayLike<unknown>, (token) => {
    const known = numbers.get(token as number | string);
    if (known !== undefined) return known;
    numbers.set(token as number | string, numbers.size);
    return numbers.size - 1;
  });
  const seen = new Set<string>();
  for (let i = 0; i < total; i++) seen.add(`${ids[i]},${ids[i + 1]},${ids[i + 2]}`);
  return seen.size / total;
}
