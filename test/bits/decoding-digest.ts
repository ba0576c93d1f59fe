import {
  applyDry,
  applyTopP,
  applyTypicalP,
  b4Select,
  blockAcceptance,
  exactTreeRound,
  fitAcceptanceHead,
  fixedLength,
  gumbelTopK,
  inclusionProbability,
  kSeqPlan,
  majorityAccuracy,
  mirostat,
  optimalStoppingPolicy,
  optimalTreeShape,
  otmAcceptance,
  simulateCodeSelection,
  speculativeDecoder,
  type SpeculativeOptions,
  thresholdLength,
  trainNgram,
  verifyTokensFromLogits,
} from '../../src/decoding/index.js';
import { createRng } from '../../src/random/create-rng.js';
import { sampleNormal } from '../../src/random/normal.js';
import { softmax } from '../../src/special/softmax.js';
import { bitsOf } from './bits-of.js';

/** Filters, samplers, verifiers, exact laws, and short runs of the decoder with every verifier. */
export function decodingDigest(): string {
  const values: number[] = [];
  const add = (...numbers: ArrayLike<number>[]) => numbers.forEach((list) => values.push(...Array.from(list)));
  const rng = createRng('decoding-digest');
  const V = 12;
  const row = () => Float64Array.from({ length: V }, () => 2 * sampleNormal(rng));
  const [l, m] = [row(), row()];
  const [t, d] = [softmax(l), softmax(m)];
  add(applyTopP(l, { p: 0.8 }), applyTypicalP(l, { p: 0.7 }), applyDry(l, [1, 2, 1, 2, 1], { multiplier: 0.7 }));
  const sampler = mirostat({ tau: 2 });
  let mu = sampler.init();
  for (let i = 0; i < 5; i++) mu = sampler.step(mu, l, rng).state;
  add([mu.mu], gumbelTopK(l, 4, rng), inclusionProbability(t, 3));
  const plan = kSeqPlan(t, d, 3);
  add([plan.rho, plan.acceptance, otmAcceptance(t, d, { k: 3 })], plan.residual ?? []);
  const block = { target: [l, m, l], draft: [m, l], tokens: [3, 5] };
  for (let i = 0; i < 20; i++) add(verifyTokensFromLogits(block, rng).tokens);
  add(blockAcceptance({ target: [t, d, t], draft: [d, t], tokens: [3, 5] }).keep);
  const small = (context: readonly number[]) => softmax([context.length, 0.5 * (context[0] ?? 0), 1]);
  const other = (context: readonly number[]) => softmax([0.3, context.length, 0.1]);
  add(exactTreeRound(small, other, { vocab: 3, branching: [2, 2], replacement: false }).joint);
  const shape = optimalTreeShape([0.6, 0.2, 0.1], { budget: 12, maxDepth: 5 });
  add([shape.expectedTokens], shape.parent);
  const stopping = optimalStoppingPolicy({ values: [0.9, 0.5], probs: [0.7, 0.3], draftCost: 0.1, maxLength: 8 });
  add([stopping.rate, stopping.survivalContinueMin, majorityAccuracy([0.4, 0.35, 0.25], 0, 9)]);
  const rows = Array.from({ length: 30 }, () => [sampleNormal(rng), sampleNormal(rng)]);
  add(
    fitAcceptanceHead(
      rows,
      rows.map(([x]) => Number(x > 0)),
    ).coefficients,
  );
  const model = { solutions: 6, tests: 9, thetaX: 0.4, thetaY: 0.5, theta0: 0.1, theta1: 0.5 };
  add(b4Select(simulateCodeSelection(model, rng).passMatrix).map(({ logScore }) => logScore));

  const corpus = Array.from({ length: 600 }, (_, i) => (i * i + 3 * (i >> 3)) % 7);
  const [target, draft] = [4, 2].map((order) => {
    const ngram = trainNgram(corpus, { vocab: 7, order });
    return (prefixes: readonly (readonly number[])[]) => prefixes.map((prefix) => ngram.logits(prefix));
  });
  const runs: SpeculativeOptions[] = [
    { verifier: 'token' },
    { verifier: 'block', length: fixedLength({ gamma: 3 }) },
    { verifier: 'greedy' },
    { verifier: 'match' },
    { verifier: 'typical' },
    { verifier: 'multidraft', branching: [2, 2] },
    { verifier: 'kseq', branching: [3] },
    { verifier: 'tree', branching: [2, 1] },
    { verifier: 'tree', beam: { width: 2, depth: 3 } },
    { verifier: 'token', length: thresholdLength(), sampling: { temperature: 0.8, topP: 0.95 } },
  ];
  for (const options of runs) {
    const decoder = speculativeDecoder({ target, draft }, options);
    let state = decoder.init([0, 1, 4]);
    for (let round = 0; round < 12; round++) state = decoder.round(state, rng, state);
    add(state.tokens, state.stats.acceptedAt);
  }
  return bitsOf(values);
}
