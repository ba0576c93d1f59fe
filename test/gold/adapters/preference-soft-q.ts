// Soft Q-functions and unnormalized models of preference.json.
import {
  compositionalNllLoss,
  gaussianMeanLandscape,
  inverseSoftQLoss,
  mleUtilityStep,
  nceLoss,
  rankingNceLoss,
  softTreeSolve,
} from '../../../src/preference/index.js';
import { rowsOf } from '../agrees.js';
import type { GoldAdapters } from '../adapter.js';

export const adapters: GoldAdapters['adapters'] = {
  softTreeSolve: ({ vocab, depth, ref, rewards, options }) => {
    const { policy, ...rest } = softTreeSolve({ vocab, depth, ref, rewards }, options);
    return { ...rest, policy: rowsOf(policy, vocab) };
  },
  inverseSoftQLoss: ({ logits, actions, options }) => inverseSoftQLoss(logits, actions, options),
  mleUtilityStep: ({ logits, label, options }) => ({ logits: mleUtilityStep(logits, label, options) }),
  nceLoss: ({ options, ...data }) => nceLoss(data as never, options),
  compositionalNllLoss: (input) => compositionalNllLoss(input as never),
  rankingNceLoss: ({ dataScores, noiseScores }) => {
    const { loss, gradData, gradNoise } = rankingNceLoss(dataScores, noiseScores);
    return { loss, gradData, gradNoise: rowsOf(gradNoise, (noiseScores as number[][])[0].length) };
  },
  gaussianMeanLandscape: ({ theta, thetaStar, noiseMean }) => gaussianMeanLandscape(theta, thetaStar, { noiseMean }),
};
