// A small neural language model with exact gradients: enough to train on a book in seconds, align with any preference loss,
// and look inside.
//
// A. Mnih, G. Hinton, "Three New Graphical Models for Statistical Language Modelling", ICML 2007, equations 8-9, with diagonal
// context matrices; training by noise-contrastive estimation: A. Mnih, Y. W. Teh, arXiv:1206.6426.
//
//   paper      here          meaning
//   r_w        embedding     V × d, row of a word in the context
//   C_i        position      n × d, weights of the word i places back (1 the nearest)
//   r̂          hidden        h = Σ_i C_i ∘ r_{w_{t-i}}
//   q_w, b_w   output        logits_w = ⟨q_w, h⟩ + b_w; stored as d × V, so that sums over the vocabulary run along rows
//
// Words before the start of a text are left out of the sum. The order of every sum is stated: over d in fours as matMul does,
// over the vocabulary as logSumExp does.

import { checkInteger } from '../../internal/check.js';
import { sampleCategorical } from '../../random/categorical.js';
import type { Rng } from '../../random/create-rng.js';
import { sampleNormal } from '../../random/normal.js';
import { exp } from '../../special/exp.js';
import { logSumExp } from '../../special/log-sum-exp.js';
import { softmax } from '../../special/softmax.js';
import { nceLoss } from '../unnormalized/nce.js';

export interface LogBilinearOptions {
  /** Words V; tokens are 0 .. V-1. */
  vocab: number;
  /** Dimensions d of the embeddings. */
  dimension: number;
  /** Words n of the context. */
  context: number;
}

/** A text and the response to it that is scored. */
export interface PromptResponse {
  prompt: ArrayLike<number>;
  /** At least one token. */
  response: ArrayLike<number>;
}

export interface LogBilinearModel extends LogBilinearOptions {
  /** Length of the flat parameter vector: embedding, position, output, bias. */
  size: number;
  /** Normal embeddings of variance 1/d, positions 1/n, zero output and bias: every word equally likely. V d normals. */
  init(rng: Rng): Float64Array;
  /** h of the words before place t of a text. */
  hidden(parameters: Float64Array, text: ArrayLike<number>, t?: number, out?: Float64Array): Float64Array;
  /** The V logits of the word at place t, by default the next one after the text. O(V d). */
  logits(parameters: Float64Array, text: ArrayLike<number>, t?: number, out?: Float64Array): Float64Array;
  /** The output layer as V rows of d numbers, the unembedding W that diagnostics ask for. */
  unembedding(parameters: Float64Array): Float64Array;
  /** Embeddings before each token of the response, T × d: the rows that `chesScore` takes. */
  hiddenRows(parameters: Float64Array, example: PromptResponse): { data: Float64Array; rows: number; columns: number };
  /** Σ log π of each response. O(V d) a token. */
  logProbs(parameters: Float64Array, examples: readonly PromptResponse[]): Float64Array;
  /**
   * Log-probabilities of the responses, and the gradient of a loss of them: `upstream` gets the sums and returns the
   * derivative of the loss in each. One forward and one backward pass; the derivatives are added into `gradient`.
   */
  backward(
    parameters: Float64Array,
    examples: readonly PromptResponse[],
    upstream: (logProbs: Float64Array) => ArrayLike<number>,
    gradient: Float64Array,
  ): Float64Array;
  /**
   * NCE on the words at some places of a text, all against the same noise words; gradient added into `gradient`. The
   * model is taken to be normalized, which NCE makes it nearly. O((1 + K) d) a place. @returns the loss
   */
  nce(
    parameters: Float64Array,
    text: ArrayLike<number>,
    places: ArrayLike<number>,
    noise: { words: ArrayLike<number>; logProbs: ArrayLike<number> },
    gradient: Float64Array,
  ): number;
  /** Draws `length` words after the prompt, one uniform each. Words in `forbidden` are never drawn. */
  generate(
    parameters: Float64Array,
    prompt: ArrayLike<number>,
    length: number,
    rng: Rng,
    options?: { forbidden?: readonly number[] },
  ): Int32Array;
}

/**
 * The log-bilinear model as pure functions over a flat parameter vector, for any optimizer of `lemmata/optimize`.
 *
 * @throws RangeError for an option below 1; the methods throw for tokens outside the vocabulary and empty responses
 *
 * @example
 * const model = logBilinearModel({ vocab: 4, dimension: 2, context: 3 });
 * const parameters = model.init(createRng(1));
 * model.logProbs(parameters, [{ prompt: [0, 1], response: [2, 3] }])[0].toFixed(12); //=> (-2 * Math.log(4)).toFixed(12)
 */
export function logBilinearModel(options: LogBilinearOptions): LogBilinearModel {
  const V = checkInteger('vocab', options.vocab, 1);
  const d = checkInteger('dimension', options.dimension, 1);
  const n = checkInteger('context', options.context, 1);
  const position = V * d;
  const output = position + n * d;
  const bias = output + d * V;
  const size = bias + V;

  const hidden: LogBilinearModel['hidden'] = (parameters, text, t = text.length, out = new Float64Array(d)) => {
    out.fill(0);
    for (let i = 1; i <= n && i <= t; i++) {
      const row = checkToken(text[t - i], V) * d;
      const weights = position + (i - 1) * d;
      for (let j = 0; j < d; j++) out[j] += parameters[weights + j] * parameters[row + j];
    }
    return out;
  };

  /** logits = b + Σ_j h_j output_j, four rows of the output at a time. */
  const readOut = (parameters: Float64Array, h: Float64Array, out: Float64Array): Float64Array => {
    for (let w = 0; w < V; w++) out[w] = parameters[bias + w];
    let j = 0;
    for (; j + 3 < d; j += 4) {
      const [h0, h1, h2, h3] = [h[j], h[j + 1], h[j + 2], h[j + 3]];
      const r0 = output + j * V;
      const [r1, r2, r3] = [r0 + V, r0 + 2 * V, r0 + 3 * V];
      for (let w = 0; w < V; w++) {
        out[w] =
          out[w] +
          h0 * parameters[r0 + w] +
          h1 * parameters[r1 + w] +
          h2 * parameters[r2 + w] +
          h3 * parameters[r3 + w];
      }
    }
    for (; j < d; j++) {
      const hj = h[j];
      const row = output + j * V;
      for (let w = 0; w < V; w++) out[w] += hj * parameters[row + w];
    }
    return out;
  };

  /** Adds the derivatives in embeddings and positions, given those in h. */
  const backHidden = (
    parameters: Float64Array,
    text: ArrayLike<number>,
    t: number,
    dh: Float64Array,
    gradient: Float64Array,
  ): void => {
    for (let i = 1; i <= n && i <= t; i++) {
      const row = text[t - i] * d;
      const weights = position + (i - 1) * d;
      for (let j = 0; j < d; j++) {
        gradient[row + j] += dh[j] * parameters[weights + j];
        gradient[weights + j] += dh[j] * parameters[row + j];
      }
    }
  };

  const logits: LogBilinearModel['logits'] = (parameters, text, t = text.length, out = new Float64Array(V)) =>
    readOut(parameters, hidden(parameters, text, t), out);

  const forEachToken = (
    examples: readonly PromptResponse[],
    visit: (text: ArrayLike<number>, t: number, example: number) => void,
  ): void => {
    examples.forEach(({ prompt, response }, e) => {
      if (!(response.length >= 1)) throw new RangeError(`examples[${e}].response must not be empty`);
      const text = [...Array.from(prompt), ...Array.from(response)];
      for (let t = prompt.length; t < text.length; t++) {
        checkToken(text[t], V);
        visit(text, t, e);
      }
    });
  };

  return {
    vocab: V,
    dimension: d,
    context: n,
    size,
    hidden,
    logits,
    init(rng) {
      const parameters = new Float64Array(size);
      for (let i = 0; i < V * d; i++) parameters[i] = sampleNormal(rng) / Math.sqrt(d);
      parameters.fill(1 / n, position, output);
      return parameters;
    },
    unembedding(parameters) {
      const rows = new Float64Array(V * d);
      for (let w = 0; w < V; w++) for (let j = 0; j < d; j++) rows[w * d + j] = parameters[output + j * V + w];
      return rows;
    },
    hiddenRows(parameters, example) {
      const T = example.response.length;
      const data = new Float64Array(T * d);
      let k = 0;
      forEachToken([example], (text, t) => hidden(parameters, text, t, data.subarray(k++ * d, k * d)));
      return { data, rows: T, columns: d };
    },
    logProbs(parameters, examples) {
      const sums = new Float64Array(examples.length);
      const row = new Float64Array(V);
      forEachToken(examples, (text, t, e) => {
        logits(parameters, text, t, row);
        sums[e] += row[text[t]] - logSumExp(row);
      });
      return sums;
    },
    backward(parameters, examples, upstream, gradient) {
      const sums = new Float64Array(examples.length);
      const tape: { text: ArrayLike<number>; t: number; e: number; h: Float64Array; p: Float64Array }[] = [];
      forEachToken(examples, (text, t, e) => {
        const h = hidden(parameters, text, t);
        const p = readOut(parameters, h, new Float64Array(V));
        const logZ = logSumExp(p);
        sums[e] += p[text[t]] - logZ;
        for (let w = 0; w < V; w++) p[w] = exp(p[w] - logZ);
        tape.push({ text, t, e, h, p });
      });
      const slopes = upstream(sums);
      if (slopes.length !== examples.length) {
        throw new RangeError(`upstream must return ${examples.length} derivatives, got ${slopes.length}`);
      }
      const dh = new Float64Array(d);
      for (const { text, t, e, h, p } of tape) {
        if (slopes[e] === 0) continue;
        // d logits = slope (1[w = token] - p)
        for (let w = 0; w < V; w++) p[w] *= -slopes[e];
        p[text[t]] += slopes[e];
        for (let w = 0; w < V; w++) gradient[bias + w] += p[w];
        for (let j = 0; j < d; j++) {
          const row = output + j * V;
          const hj = h[j];
          let s0 = 0;
          let s1 = 0;
          let w = 0;
          for (; w + 1 < V; w += 2) {
            s0 += p[w] * parameters[row + w];
            s1 += p[w + 1] * parameters[row + w + 1];
            gradient[row + w] += hj * p[w];
            gradient[row + w + 1] += hj * p[w + 1];
          }
          if (w < V) {
            s0 += p[w] * parameters[row + w];
            gradient[row + w] += hj * p[w];
          }
          dh[j] = s0 + s1;
        }
        backHidden(parameters, text, t, dh, gradient);
      }
      return sums;
    },
    nce(parameters, text, places, noise, gradient) {
      const { words, logProbs } = noise;
      const K = words.length;
      const B = places.length;
      // The columns of the output that are used, gathered as rows: noise words first, then the word at each place.
      const used = Int32Array.from({ length: K + B }, (_, i) => checkToken(i < K ? words[i] : text[places[i - K]], V));
      const columns = new Float64Array((K + B) * d);
      for (let j = 0; j < d; j++) {
        for (let i = 0; i < K + B; i++) columns[i * d + j] = parameters[output + j * V + used[i]];
      }
      const h = new Float64Array(B * d);
      const scoreAt = (k: number, i: number) => {
        let score = parameters[bias + used[i]];
        for (let j = 0; j < d; j++) score += h[k * d + j] * columns[i * d + j];
        return score;
      };
      const dataLogModel = new Float64Array(B);
      const dataLogNoise = new Float64Array(B);
      const noiseLogModel = new Float64Array(B * K);
      const noiseLogNoise = new Float64Array(B * K);
      for (let k = 0; k < B; k++) {
        hidden(parameters, text, places[k], h.subarray(k * d, (k + 1) * d));
        dataLogModel[k] = scoreAt(k, K + k);
        dataLogNoise[k] = logProbs[used[K + k]];
        for (let i = 0; i < K; i++) {
          noiseLogModel[k * K + i] = scoreAt(k, i);
          noiseLogNoise[k * K + i] = logProbs[used[i]];
        }
      }
      const data = { dataLogModel, dataLogNoise, noiseLogModel, noiseLogNoise };
      const { loss, gradData, gradNoise } = nceLoss(data, { nu: K });
      const dColumns = new Float64Array((K + B) * d);
      const dh = new Float64Array(d);
      const pull = (k: number, i: number, slope: number) => {
        gradient[bias + used[i]] += slope;
        for (let j = 0; j < d; j++) {
          dh[j] += slope * columns[i * d + j];
          dColumns[i * d + j] += slope * h[k * d + j];
        }
      };
      for (let k = 0; k < B; k++) {
        dh.fill(0);
        pull(k, K + k, gradData[k]);
        for (let i = 0; i < K; i++) pull(k, i, gradNoise[k * K + i]);
        backHidden(parameters, text, places[k], dh, gradient);
      }
      for (let j = 0; j < d; j++) {
        for (let i = 0; i < K + B; i++) gradient[output + j * V + used[i]] += dColumns[i * d + j];
      }
      return loss;
    },
    generate(parameters, prompt, length, rng, { forbidden = [] } = {}) {
      checkInteger('length', length, 0);
      const text = Array.from(prompt);
      const row = new Float64Array(V);
      for (let k = 0; k < length; k++) {
        logits(parameters, text, text.length, row);
        for (const w of forbidden) row[w] = -Infinity;
        text.push(sampleCategorical(softmax(row, {}, row), rng));
      }
      return Int32Array.from(text.slice(prompt.length));
    },
  };
}

function checkToken(token: number, V: number): number {
  if (!(token >= 0 && token < V && Number.isInteger(token))) {
    throw new RangeError(`token must be an integer in [0, ${V - 1}], got ${token}`);
  }
  return token;
}
