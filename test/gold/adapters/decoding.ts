// Adapters rename and reshape; they never compute. Comparison: |a - b| <= tol max(1, |b|) for every number; integers,
// booleans, strings and index lists exactly.
import {
  acceptanceHeadLoss,
  attentiveness,
  b4Select,
  choiceScores,
  codeTSelect,
  majorityAccuracy,
  optimalStoppingPolicy,
  specDecStop,
  thresholdPolicyValue,
  type ChoiceLogProbs,
  type StopRuleOptions,
  type StoppingProblem,
  exactTreeRound,
  expectedTokensFromAcceptances,
  expectedTokensPerRound,
  heuristicLength,
  optimalGamma,
  optimalTreeShape,
  speculativeSpeedup,
  speculativeTime,
  type ExactTreeOptions,
  type SpeculativeRun,
  acceptanceRate,
  acceptedLengthDistribution,
  exactRound,
  kSeqBeta,
  kSeqPlan,
  matchAcceptanceRate,
  multiDraftAcceptance,
  otmAcceptance,
  residualDistribution,
  trainNgram,
  typicalAcceptance,
  type BlockMethod,
  type ContextRows,
  type DraftedBlock,
  type ExactRoundOptions,
  applyDry,
  applyEpsilonCutoff,
  applyEtaCutoff,
  applyFrequencyPresencePenalty,
  applyMinP,
  applyRepetitionPenalty,
  applyTopA,
  applyTopK,
  applyTopNSigma,
  applyTopP,
  applyTypicalP,
  applyXtc,
  inclusionProbability,
  keptIndices,
  mirostat,
  orderedSampleProbability,
  sbsInclusion,
} from '../../../src/decoding/index.js';
import { softmax } from '../../../src/special/index.js';
import type { GoldAdapters, GoldInput } from '../adapter.js';
import { adapters as searchAdapters } from './decoding-search.js';

/** The inputs of every case as the functions take them: strings for infinities become numbers. */
function read<T>(input: GoldInput): T {
  return JSON.parse(JSON.stringify(input), (_key, value: unknown) =>
    value === '-Infinity' ? -Infinity : value === 'Infinity' ? Infinity : value,
  ) as T;
}

function filtered(filter: (logits: number[], options: never) => Float64Array) {
  return (input: GoldInput) => {
    const { logits, ...options } = read<{ logits: number[] }>(input);
    const kept = filter(logits, options as never);
    return { kept: Array.from(keptIndices(kept)), probs: softmax(kept) };
  };
}

function twoRows(f: (target: number[], draft: number[], options: never) => unknown) {
  return (input: GoldInput) => {
    const { target, draft, ...options } = read<{ target: number[]; draft: number[] }>(input);
    return f(target, draft, options as never);
  };
}

/** Rows by the comma-joined context. */
type Table = Record<string, number[]>;

function rowsOf(table: Table): ContextRows {
  return (context) => table[context.join()];
}

const noDraws = () => {
  throw new Error('no uniform is to be drawn');
};

export const adapters: GoldAdapters['adapters'] = {
  ...searchAdapters,
  applyTopK: filtered(applyTopK),
  applyTopP: filtered(applyTopP),
  applyMinP: filtered(applyMinP),
  applyTypicalP: filtered(applyTypicalP),
  applyEpsilonCutoff: filtered(applyEpsilonCutoff),
  applyEtaCutoff: filtered(applyEtaCutoff),
  applyTopA: filtered(applyTopA),
  applyTopNSigma: filtered(applyTopNSigma),
  applyXtc: filtered((logits, options) => applyXtc(logits, noDraws, options)),
  applyRepetitionPenalty: (input) => {
    const { logits, tokens, penalty } = read<{ logits: number[]; tokens: number[]; penalty: number }>(input);
    return applyRepetitionPenalty(logits, tokens, penalty);
  },
  applyFrequencyPresencePenalty: (input) => {
    const { logits, tokens, ...options } = read<{ logits: number[]; tokens: number[] }>(input);
    return applyFrequencyPresencePenalty(logits, tokens, options);
  },
  applyDry: (input) => {
    const { logits, tokens, ...options } = read<{ logits: number[]; tokens: number[]; multiplier: number }>(input);
    return applyDry(logits, tokens, options);
  },
  mirostatV2Step: (input) => {
    const { logits, mu, tau, eta, token } = read<{
      logits: number[];
      mu: number;
      tau: number;
      eta: number;
      token: number;
    }>(input);
    const sampler = mirostat({ tau, eta });
    // The uniform that inversion turns into the token named.
    const { probabilities } = sampler.step({ mu }, logits, () => 0);
    let before = 0;
    for (let i = 0; i < token; i++) before += probabilities[i];
    const step = sampler.step({ mu }, logits, () => before + probabilities[token] / 2);
    const kept: number[] = [];
    probabilities.forEach((p, i) => void (p > 0 && kept.push(i)));
    return { kept, probs: step.probabilities, surprise: step.surprise, nextMu: step.state.mu };
  },
  orderedSampleProbability: (input) => {
    const { probs, order } = read<{ probs: number[]; order: number[] }>(input);
    return orderedSampleProbability(probs, order);
  },
  inclusionProbability: (input) => {
    const { probs, k } = read<{ probs: number[]; k: number }>(input);
    return inclusionProbability(probs, k);
  },
  sbsInclusion: (input) => {
    const { logProb, kappa } = read<{ logProb: number; kappa: number }>(input);
    return sbsInclusion(logProb, kappa);
  },
  acceptanceRate: twoRows(acceptanceRate),
  matchAcceptanceRate: twoRows(matchAcceptanceRate),
  residualDistribution: twoRows((target, draft) => residualDistribution(target, draft)),
  exactRound: (input) => {
    const { target, draft, ...options } = read<{ target: Table; draft: Table } & ExactRoundOptions>(input);
    return exactRound(rowsOf(target), rowsOf(draft), options);
  },
  acceptedLengthDistribution: (input) => {
    const { method, ...block } = read<{ method: BlockMethod } & DraftedBlock>(input);
    return acceptedLengthDistribution(method, block);
  },
  kSeqBeta: (input) => {
    const { target, draft, rho } = read<{ target: number[]; draft: number[]; rho: number }>(input);
    return kSeqBeta(target, draft, rho);
  },
  kSeqPlan: (input) => {
    const { target, draft, k } = read<{ target: number[]; draft: number[]; k: number }>(input);
    return kSeqPlan(target, draft, k);
  },
  otmAcceptance: twoRows(otmAcceptance),
  multiDraftAcceptance: twoRows(multiDraftAcceptance),
  typicalAcceptance: (input) => {
    const { target, tokens, ...options } = read<{ target: number[][]; tokens: number[] }>(input);
    return typicalAcceptance(target, tokens, options);
  },
  ngramProbs: (input) => {
    const { corpus, vocab, order, lambda_, context } = read<{
      corpus: number[];
      vocab: number;
      order: number;
      lambda_: number;
      context: number[];
    }>(input);
    return trainNgram(corpus, { vocab, order, lambda: lambda_ }).probs(context);
  },
  exactTreeRound: (input) => {
    const { target, draft, ...options } = read<{ target: Table; draft: Table } & ExactTreeOptions>(input);
    return exactTreeRound(rowsOf(target), rowsOf(draft), options);
  },
  optimalTreeShape: (input) => {
    const { acceptance, ...options } = read<{ acceptance: number[]; budget: number; maxDepth: number }>(input);
    return optimalTreeShape(acceptance, options);
  },
  expectedTokensPerRound: (input) => {
    const { alpha, gamma } = read<{ alpha: number; gamma: number }>(input);
    return expectedTokensPerRound(alpha, gamma);
  },
  expectedTokensFromAcceptances: (input) =>
    expectedTokensFromAcceptances(read<{ acceptance: number[] }>(input).acceptance),
  speculativeSpeedup: (input) => {
    const { alpha, gamma, c } = read<{ alpha: number; gamma: number; c: number }>(input);
    return speculativeSpeedup(alpha, gamma, c);
  },
  optimalGamma: (input) => {
    const { alpha, c, maxGamma } = read<{ alpha: number; c: number; maxGamma: number }>(input);
    return optimalGamma(alpha, c, { maxGamma });
  },
  specDecStop: (input) => {
    const { predicted, ...options } = read<{ predicted: number[] } & StopRuleOptions>(input);
    return specDecStop(predicted, options);
  },
  optimalStoppingPolicy: (input) => optimalStoppingPolicy(read<StoppingProblem>(input)),
  thresholdPolicyValue: (input) => {
    const { threshold, ...problem } = read<StoppingProblem & { threshold: number }>(input);
    return thresholdPolicyValue(problem, threshold);
  },
  acceptanceHeadLoss: (input) => {
    const { predicted, labels, mask, rejectWeight } = read<{
      predicted: number[];
      labels: number[];
      mask: number[];
      rejectWeight: number;
    }>(input);
    return acceptanceHeadLoss(predicted, labels, { mask, rejectWeight });
  },
  majorityAccuracy: (input) => {
    const { probs, correct, n } = read<{ probs: number[]; correct: number; n: number }>(input);
    return majorityAccuracy(probs, correct, n);
  },
  b4Scores: (input) => {
    const { passMatrix, ...options } = read<{ passMatrix: number[][]; alphaXY: number; beta0: number }>(input);
    return b4Select(passMatrix, options);
  },
  codeTScores: (input) => codeTSelect(read<{ passMatrix: number[][] }>(input).passMatrix),
  choiceScores: (input) => {
    const { lengthNormalized, argmaxLengthNormalized, ...scores } = choiceScores(read<ChoiceLogProbs>(input));
    return { ...scores, lengthNormalised: lengthNormalized, argmaxLengthNormalised: argmaxLengthNormalized };
  },
  attentiveness: (input) => attentiveness(read<{ choiceProbs: number[] }>(input).choiceProbs),
  totalTime: (input) => speculativeTime(read<SpeculativeRun>(input)),
  heuristicSchedule: (input) => {
    const { initial, rounds } = read<{ initial: number; rounds: [number, number][] }>(input);
    const policy = heuristicLength({ initial });
    let state = policy.init();
    return rounds.map(([drafted, accepted]) => {
      state = policy.update(state, { limit: drafted, drafted, accepted, emitted: accepted + 1, confidences: [] });
      return state.length;
    });
  },
};

export const matches: GoldAdapters['matches'] = (actual, expected, tol) => agrees(actual, expected, Number(tol));

function agrees(actual: unknown, expected: unknown, tol: number): boolean {
  if (expected === 'Infinity' || expected === '-Infinity') return actual === Number(expected);
  if (typeof expected === 'number') {
    if (typeof actual !== 'number') return false;
    return Object.is(actual, expected) || Math.abs(actual - expected) <= tol * Math.max(1, Math.abs(expected));
  }
  if (Array.isArray(expected)) {
    const list = actual as ArrayLike<unknown> | undefined;
    return list?.length === expected.length && expected.every((entry, i) => agrees(list[i], entry, tol));
  }
  if (expected !== null && typeof expected === 'object') {
    if (actual === null || typeof actual !== 'object' || actual instanceof Error) return false;
    const fields = actual as Record<string, unknown>;
    return Object.entries(expected).every(([name, value]) => agrees(fields[name], value, tol));
  }
  return actual === expected;
}
