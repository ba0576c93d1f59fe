// Losses over single responses, and the token and sequence level, of preference.json.
import {
  apoZeroUnpairedLoss,
  bcoLoss,
  ktoLoss,
  ktoWeightRange,
  ldDpoLogProbs,
  sequenceLogProbs,
  sequenceLogProbsBackward,
  sequentialKL,
  tdpoLoss,
  tokenCredit,
  wpoWeights,
} from '../../../src/preference/index.js';
import type { GoldAdapters } from '../adapter.js';

export const adapters: GoldAdapters['adapters'] = {
  ktoLoss: ({ batch, options }) => ktoLoss(batch, options),
  apoZeroUnpairedLoss: ({ batch, options }) => apoZeroUnpairedLoss(batch, options),
  bcoLoss: ({ batch, state, options }) => bcoLoss(batch, state, options),
  ktoWeightRange: ({ desirable, undesirable, options }) => ktoWeightRange(desirable, undesirable, options),
  tdpoLoss: ({ batch, options }) => tdpoLoss(batch, options),
  sequenceLogProbs: ({ options, ...inputs }) => sequenceLogProbs(inputs as never, options),
  sequenceLogProbsBackward: ({ upstream, options, ...inputs }) => ({
    gradLogits: sequenceLogProbsBackward(inputs as never, upstream, options),
  }),
  sequentialKL: (input) => sequentialKL(input as never),
  ldDpoLogProbs: ({ chosenTokenLogps, rejectedTokenLogps, options }) =>
    ldDpoLogProbs(chosenTokenLogps, rejectedTokenLogps, options),
  wpoWeights: (input) => wpoWeights(input as never),
  tokenCredit: ({ policyLogps, refLogps, options }) => tokenCredit(policyLogps, refLogps, options),
};
