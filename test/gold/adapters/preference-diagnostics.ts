// Diagnostics of preference.json.
import {
  alignmentGap,
  chesScore,
  distinctNgrams,
  idealizedRankingAccuracy,
  likelihoodDisplacement,
  logProbRates,
  preferenceMetrics,
  rankingDifficulty,
  rankingTransitions,
  sequenceTangentKernel,
  topKDiagnostics,
} from '../../../src/preference/index.js';
import type { GoldAdapters } from '../adapter.js';

export const adapters: GoldAdapters['adapters'] = {
  preferenceMetrics: ({ batch, options }) => preferenceMetrics(batch, options),
  idealizedRankingAccuracy: ({ options, ...data }) => idealizedRankingAccuracy(data as never, options),
  rankingDifficulty: ({ refChosen, refRejected, options }) => rankingDifficulty(refChosen, refRejected, options),
  alignmentGap: ({ batch, agreement, options }) => alignmentGap(batch, agreement, options),
  rankingTransitions: ({ before, after }) => rankingTransitions(before, after),
  likelihoodDisplacement: (input) => likelihoodDisplacement(input as never),
  chesScore: ({ preferred, dispreferred, options }) => chesScore(preferred, dispreferred, options),
  logProbRates: ({ options, ...pair }) => logProbRates(pair as never, options),
  sequenceTangentKernel: ({ unembedding, a, b }) => sequenceTangentKernel(unembedding, a, b),
  topKDiagnostics: ({ logits, options }) => topKDiagnostics(logits, options),
  distinctNgrams: ({ sequences, options }) => distinctNgrams(sequences, options),
};
