// Interpolated n-gram models: small exact language models to test decoding with.

import { checkInteger, checkNumber } from '../../internal/check.js';
import { log } from '../../special/log.js';
import { receiveRow } from '../logits/workspace.js';
import { pairTable } from './pair-table.js';

export interface NgramOptions {
  /** Vocabulary size V. */
  vocab: number;
  /** n: the model looks at the last n - 1 tokens; at least 1. */
  order: number;
  /** Weight λ of the counts against the next shorter context, in [0, 1). Default 0.9. */
  lambda?: number;
}

export interface NgramModel {
  vocab: number;
  order: number;
  /** Number of contexts that were seen followed by a token. */
  contexts: number;
  /** Probabilities of the next token, all positive. O(n V). */
  probs(prefix: ArrayLike<number>, out?: Float64Array): Float64Array;
  /** Their logarithms: logits whose softmax is `probs`. */
  logits(prefix: ArrayLike<number>, out?: Float64Array): Float64Array;
}

/**
 * Counts the n-grams of a corpus: P_0 = 1/V and, for the last k - 1 tokens h of the prefix,
 * P_k(x | h) = λ c(hx) / c(h) + (1 - λ) P_{k-1}(x | h') if c(h) > 0, else P_{k-1}, where h' drops the oldest token and
 * c(h) = Σ_x c(hx). The model is P_n; a prefix shorter than n - 1 stops at the last level it can fill.
 *
 * F. Jelinek, R. L. Mercer, "Interpolated estimation of Markov source parameters from sparse data" (1980), with one λ for all
 * levels. No probability is 0. Training takes O(n · corpus length).
 *
 * @throws RangeError if a token is not an integer in [0, vocab), order < 1 or lambda is outside [0, 1)
 *
 * @example
 * const model = trainNgram([0, 1, 0, 1], { vocab: 2, order: 2, lambda: 0.5 });
 * model.probs([0]); //=> Float64Array.of(0.25, 0.75)
 */
export function trainNgram(tokens: ArrayLike<number>, options: NgramOptions): NgramModel {
  const vocab = checkInteger('vocab', options.vocab, 1);
  const order = checkInteger('order', options.order, 1, 1000);
  const lambda = checkNumber('lambda', options.lambda ?? 0.9, 0, 1);
  if (lambda === 1) throw new RangeError('lambda must be below 1');
  const n = tokens.length;
  for (let i = 0; i < n; i++) {
    if (!(tokens[i] >= 0 && tokens[i] < vocab && Number.isInteger(tokens[i]))) {
      throw new RangeError(`tokens[${i}] must be an integer in [0, ${vocab - 1}], got ${tokens[i]}`);
    }
  }

  // Contexts are nodes of a tree, newest token first: node 0 is the empty one, a child adds an older token.
  const children = pairTable(vocab);
  const followers = pairTable(vocab);
  let occurrences = new Int32Array(1024);
  for (let i = 0; i < n; i++) {
    let node = 0;
    const deepest = Math.min(i, order - 1);
    for (let j = 0; ; j++) {
      const pair = followers.add(node, tokens[i]);
      if (pair === occurrences.length) {
        const larger = new Int32Array(2 * pair);
        larger.set(occurrences);
        occurrences = larger;
      }
      occurrences[pair] += 1;
      if (j === deepest) break;
      node = children.add(node, tokens[i - j - 1]) + 1;
    }
  }
  const nodes = children.size() + 1;

  // Followers of each node, in one list by node.
  const start = new Int32Array(nodes + 1);
  const total = new Int32Array(nodes);
  const pairs = followers.size();
  for (let pair = 0; pair < pairs; pair++) {
    start[followers.first(pair) + 1] += 1;
    total[followers.first(pair)] += occurrences[pair];
  }
  for (let node = 0; node < nodes; node++) start[node + 1] += start[node];
  const token = new Int32Array(pairs);
  const count = new Int32Array(pairs);
  const next = start.slice(0, nodes);
  for (let pair = 0; pair < pairs; pair++) {
    const at = next[followers.first(pair)]++;
    token[at] = followers.second(pair);
    count[at] = occurrences[pair];
  }

  const probs = (prefix: ArrayLike<number>, out?: Float64Array): Float64Array => {
    const row = receiveRow(vocab, out);
    row.fill(1 / vocab);
    let node = 0;
    for (let j = 0; ; j++) {
      if (total[node] > 0) {
        for (let x = 0; x < vocab; x++) row[x] *= 1 - lambda;
        const weight = lambda / total[node];
        for (let at = start[node]; at < start[node + 1]; at++) row[token[at]] += weight * count[at];
      }
      if (j === order - 1 || j === prefix.length) return row;
      const child = children.find(node, prefix[prefix.length - 1 - j]);
      if (child < 0) return row;
      node = child + 1;
    }
  };
  return {
    vocab,
    order,
    contexts: nodes,
    probs,
    logits(prefix, out) {
      const row = probs(prefix, out);
      for (let x = 0; x < vocab; x++) row[x] = log(row[x]);
      return row;
    },
  };
}
