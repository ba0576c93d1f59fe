// Drafts copied from the context.

import { checkInteger } from '../../internal/check.js';

/** A draft without chance: a list of tokens for a context. Their draft rows are null. */
export interface ProposalDraft {
  /** At most `limit` tokens that may follow the context; none is a legal answer. */
  propose(context: readonly number[], limit: number): ArrayLike<number>;
}

export interface PromptLookupOptions {
  /** Longest n-gram that is looked up, at least 1. Default 3. */
  maxNgram?: number;
  /** Most tokens copied, at least 1. Default 10. */
  tokens?: number;
}

/**
 * Prompt lookup: the continuation of the last earlier occurrence of the context's final n-gram, the longest n <= maxNgram that
 * occurs.
 *
 * A. Saxena, "Prompt Lookup Decoding" (2023); the defaults are its. O(maxNgram · context length).
 *
 * @throws RangeError if an option is not an integer >= 1
 *
 * @example
 * promptLookupDraft({ tokens: 2 }).propose([1, 2, 3, 9, 2], 8); //=> [3, 9]
 */
export function promptLookupDraft(options: PromptLookupOptions = {}): ProposalDraft {
  const maxNgram = checkInteger('maxNgram', options.maxNgram ?? 3, 1);
  const tokens = checkInteger('tokens', options.tokens ?? 10, 1);
  return {
    propose(context, limit) {
      const n = context.length;
      for (let size = Math.min(maxNgram, n - 1); size >= 1; size--) {
        for (let start = n - size - 1; start >= 0; start--) {
          let same = 0;
          while (same < size && context[start + same] === context[n - size + same]) same += 1;
          if (same === size) return context.slice(start + size, start + size + Math.min(limit, tokens));
        }
      }
      return [];
    },
  };
}
