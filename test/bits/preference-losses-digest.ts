import {
  bcoInit,
  bcoLoss,
  bradleyTerryLoss,
  fitBradleyTerry,
  fitDavidson,
  fitPlackettLuce,
  fitRewardModel,
  gpoSavage,
  ktoLoss,
  logSumExpInit,
  logSumExpPush,
  logSumExpValue,
  pairLosses,
  preferenceLoss,
  preferenceQueryValue,
  sampleRewardPosterior,
  sequenceLogProbs,
  sequenceLogProbsBackward,
  sequentialKL,
  tdpoLoss,
  wpoWeights,
  type PairLossKind,
} from '../../src/preference/index.js';
import { createRng } from '../../src/random/create-rng.js';
import { bitsOf } from './bits-of.js';

/** Losses and gradients of every kind, log-probabilities of sequences, and the fits of rewards, on seeded data. */
export function preferenceLossesDigest(): string {
  const values: number[] = [];
  const add = (...lists: ArrayLike<number>[]) => lists.forEach((list) => values.push(...Array.from(list)));
  const rng = createRng('preference losses');
  const draw = (n: number, low: number, high: number) =>
    Float64Array.from({ length: n }, () => low + (high - low) * rng());
  const B = 40;
  const batch = {
    policyChosen: draw(B, -90, -1),
    policyRejected: draw(B, -90, -1),
    refChosen: draw(B, -90, -1),
    refRejected: draw(B, -90, -1),
    chosenLengths: draw(B, 1, 30).map(Math.round),
    rejectedLengths: draw(B, 1, 30).map(Math.round),
  };
  const options: Partial<Record<PairLossKind, object>> = { robustDpo: { labelSmoothing: 0.2 }, convex: gpoSavage };
  for (const kind of Object.keys(pairLosses) as PairLossKind[]) {
    const { loss, losses, gradChosen, gradRejected, margin } = preferenceLoss(kind, batch, options[kind] ?? {});
    add([loss as number, margin], losses, gradChosen, gradRejected);
  }
  const drift = { chosenPositionKL: draw(B, 0, 5), rejectedPositionKL: draw(B, 0, 5) };
  add(tdpoLoss({ ...batch, ...drift }).gradRejectedKL);
  const desirable = Array.from({ length: B }, () => rng() < 0.5);
  const single = { policy: batch.policyChosen, ref: batch.refChosen, desirable };
  add(ktoLoss(single, { kl: 0.3 }).grad, bcoLoss(single, bcoInit()).grad);

  const inputs = {
    logits: draw(2 * 5 * 33, -20, 20),
    labels: Int32Array.from({ length: 10 }, () => 33 * rng()),
    shape: [2, 5, 33] as const,
  };
  add(sequenceLogProbs(inputs, { temperature: 0.7 }).perToken, sequenceLogProbsBackward(inputs, [1, -2]));
  const refLogits = draw(10 * 33, -20, 20);
  const { forward, reverse } = sequentialKL({ policyLogits: inputs.logits, refLogits, shape: [10, 33] });
  add(forward, reverse, wpoWeights(inputs).aligned, [logSumExpValue(logSumExpPush(logSumExpInit(), refLogits))]);

  const wins = Array.from({ length: 6 }, () => Array.from({ length: 6 }, () => 1 + Math.floor(9 * rng())));
  for (const link of ['logit', 'probit'] as const) {
    const { scores, standardErrors } = fitBradleyTerry(wins, { link });
    add(scores, standardErrors);
  }
  add(fitBradleyTerry(wins, { method: 'mm' }).scores);
  const matches = Array.from({ length: 200 }, () => {
    const first = Math.floor(6 * rng());
    return { first, second: (first + 1 + Math.floor(5 * rng())) % 6, outcome: Math.floor(3 * rng()) / 2 };
  });
  const { scores, advantage, tie, standardErrors } = fitDavidson(matches, { items: 6 });
  add(scores, standardErrors, [advantage, tie]);
  const rankings = [
    [0, 1, 2, 3],
    [3, 2, 1, 0],
    [4, 0, 5],
    [5, 1, 4],
    [2, 5, 0, 4],
    [1, 3, 5],
  ];
  add(fitPlackettLuce(rankings, { items: 6 }).scores);
  const features = Array.from({ length: 12 }, () => Array.from(draw(3, -1, 1)));
  const pairs = Array.from({ length: 30 }, () => [Math.floor(12 * rng()), Math.floor(12 * rng())] as const);
  const { weights, covariance } = fitRewardModel(features, pairs, { l2: 0.1 });
  add(weights, covariance, bradleyTerryLoss({ chosen: weights, rejected: [0, 0, 0] }).losses);
  const precision = [
    [3, 1, 0],
    [1, 2, 0.5],
    [0, 0.5, 4],
  ];
  add([preferenceQueryValue(precision, features[0], features[1]).expectedDisagreement]);
  add(sampleRewardPosterior(weights, precision, rng));
  return bitsOf(values);
}
