// Joint laws of the first tokens, by enumeration of all sequences of a small vocabulary.

import { checkInteger, checkProbabilities } from '../../internal/check.js';

/** Probabilities of the next token after a context: a row of length V. */
export type ContextRows = (context: readonly number[]) => ArrayLike<number>;

/** How many terms an enumeration may have. */
export const MAX_TERMS = 1e6;

export interface JointOptions {
  /** Vocabulary size V, at least 1. */
  vocab: number;
  /** How many tokens, at least 1. */
  length: number;
}

/**
 * The law of the first `length` tokens sampled from the model alone, entry Σ_i x_i V^(length - i) for x_1..x_length.
 *
 * O(V^length).
 *
 * @throws RangeError if V^length exceeds 10^6 or a row is not a distribution
 *
 * @example
 * autoregressiveJoint(() => [0.25, 0.75], { vocab: 2, length: 2 }); //=> Float64Array.of(0.0625, 0.1875, 0.1875, 0.5625)
 */
export function autoregressiveJoint(model: ContextRows, options: JointOptions): Float64Array {
  const vocab = checkInteger('vocab', options.vocab, 1);
  const length = checkInteger('length', options.length, 1);
  return continueToLength([], vocab, length, model, 1);
}

/**
 * The law of the first `length` tokens when `ended[l]` holds the mass of the rounds that emitted exactly a sequence of l
 * tokens, and decoding goes on from the model alone. `start` is the mass of the empty sequence.
 */
export function continueToLength(
  ended: (Float64Array | undefined)[],
  vocab: number,
  length: number,
  model: ContextRows,
  start = 0,
): Float64Array {
  checkTerms(vocab, length);
  let law: Float64Array = Float64Array.of(start);
  for (let l = 0; l < length; l++) {
    const next = new Float64Array(law.length * vocab);
    for (let s = 0; s < law.length; s++) {
      if (law[s] === 0) continue;
      const row = modelRow('target', model, decodeSequence(s, l, vocab), vocab);
      for (let y = 0; y < vocab; y++) next[s * vocab + y] = law[s] * row[y];
    }
    const more = ended[l + 1];
    if (more !== undefined) for (let s = 0; s < next.length; s++) next[s] += more[s];
    law = next;
  }
  return law;
}

/** A row of a model, checked. */
export function modelRow(
  name: string,
  model: ContextRows,
  context: readonly number[],
  vocab: number,
): ArrayLike<number> {
  const row = model(context);
  const label = `${name}(${context.join(',')})`;
  if (row.length !== vocab) throw new RangeError(`${label} must have length ${vocab}, got ${row.length}`);
  return checkProbabilities(label, row, 1e-6);
}

export function encodeSequence(tokens: readonly number[], vocab: number): number {
  let code = 0;
  for (const token of tokens) code = code * vocab + token;
  return code;
}

function decodeSequence(code: number, length: number, vocab: number): number[] {
  const tokens = new Array<number>(length);
  for (let i = length - 1; i >= 0; i--) {
    tokens[i] = code % vocab;
    code = Math.floor(code / vocab);
  }
  return tokens;
}

/** V^length, refused beyond `MAX_TERMS`. */
export function checkTerms(vocab: number, length: number): number {
  let terms = 1;
  for (let i = 0; i < length; i++) terms *= vocab;
  if (terms > MAX_TERMS) throw new RangeError(`vocab and length give ${terms} sequences, more than ${MAX_TERMS}`);
  return terms;
}
