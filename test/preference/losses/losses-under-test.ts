// The losses over pairs with the options that the tests run them at, and batches to run them on.
import fc from 'fast-check';
import * as preference from '../../../src/preference/index.js';
import type { PairBatch, PairLossResult } from '../../../src/preference/index.js';

export type Loss = (batch: PairBatch, options?: object, out?: PairLossResult) => PairLossResult;

export interface LossUnderTest {
  title: string;
  loss: Loss;
  options: object;
  /** Depends on h = ρ_w - ρ_l alone. */
  marginOnly?: boolean;
  /** gradChosen <= 0 and gradRejected >= 0 everywhere. */
  monotone?: boolean;
  /** Distance of the inputs from the nearest point without derivative. */
  kink?(batch: PairBatch, beta: number): number;
}

const entry = (
  title: string,
  loss: unknown,
  options: object = {},
  more: Partial<LossUnderTest> = {},
): LossUnderTest => ({
  title,
  loss: loss as Loss,
  options,
  ...more,
});

const margin = ({ policyChosen, policyRejected, refChosen, refRejected }: PairBatch): number =>
  policyChosen[0] - policyRejected[0] - ((refChosen?.[0] ?? 0) - (refRejected?.[0] ?? 0));
const both = { marginOnly: true, monotone: true };

/** Losses of each pair by itself, which is all but AOT. */
export const LOSSES: LossUnderTest[] = [
  entry('dpo', preference.dpoLoss, {}, both),
  entry('dpo, smoothed', preference.dpoLoss, { labelSmoothing: 0.2 }, { marginOnly: true }),
  entry('dpo, gamma and margin', preference.dpoLoss, { gamma: 0.4, margin: 0.7 }, { monotone: true }),
  entry('robust dpo', preference.robustDpoLoss, { labelSmoothing: 0.3 }, both),
  entry('length-normalized dpo', preference.lengthNormalizedDpoLoss, {}, { monotone: true }),
  entry('r-dpo', preference.rdpoLoss, { alpha: 0.05 }, both),
  entry(
    'dpop',
    preference.dpopLoss,
    { lambda: 5 },
    {
      monotone: true,
      kink: ({ policyChosen, refChosen }) => Math.abs(policyChosen[0] - (refChosen?.[0] ?? 0)),
    },
  ),
  entry('simpo', preference.simpoLoss, {}, { monotone: true }),
  entry('simpo, smoothed', preference.simpoLoss, { labelSmoothing: 0.1 }),
  entry('alpha-po', preference.alphaPoLoss, {}, { monotone: true }),
  entry('alpha-po, alpha 0', preference.alphaPoLoss, { alpha: 0 }, { monotone: true }),
  entry('cpo', preference.cpoLoss, {}, { monotone: true }),
  entry('cpo, summed likelihood', preference.cpoLoss, { nllReduction: 'sum', nllCoef: 0.3 }, { monotone: true }),
  entry('rpo', preference.rpoLoss, {}, { monotone: true }),
  entry('f-dpo, forward', preference.fdpoLoss, { divergence: 'forward_kl' }, { monotone: true }),
  entry('f-dpo, js', preference.fdpoLoss, { divergence: 'js' }, { monotone: true }),
  entry('f-dpo, alpha', preference.fdpoLoss, { divergence: 'alpha', alpha: 0.3 }, { monotone: true }),
  entry('f-dpo, reverse', preference.fdpoLoss, { divergence: 'reverse_kl' }, both),
  entry('cal-dpo', preference.calDpoLoss, {}),
  entry('ipo, per token', preference.ipoLoss, {}),
  entry('ipo, summed', preference.ipoLoss, { normalize: 'sum' }, { marginOnly: true }),
  entry('ipo, scaled', preference.ipoLoss, { normalize: 'sum', form: 'scaled' }, { marginOnly: true }),
  entry('hinge', preference.hingeLoss, {}, { ...both, kink: (batch, beta) => Math.abs(1 / beta - margin(batch)) }),
  entry(
    'slic',
    preference.slicLoss,
    {},
    {
      monotone: true,
      kink: ({ policyChosen, policyRejected }) => Math.abs(1 - policyChosen[0] + policyRejected[0]),
    },
  ),
  entry(
    'slic, softplus',
    preference.slicLoss,
    { regularizer: 'softplus', lambda: 0.7 },
    {
      monotone: true,
      kink: ({ policyChosen, policyRejected }) => Math.abs(1 - policyChosen[0] + policyRejected[0]),
    },
  ),
  entry(
    'slic, none',
    preference.slicLoss,
    { regularizer: 'none' },
    {
      monotone: true,
      kink: ({ policyChosen, policyRejected }) => Math.abs(1 - policyChosen[0] + policyRejected[0]),
    },
  ),
  entry('exo', preference.exoPairLoss, {}, { marginOnly: true }),
  entry('nca', preference.ncaPairLoss),
  entry('bco, paired', preference.bcoPairLoss, { delta: 0.3 }, { monotone: true }),
  entry('apo zero', preference.apoZeroLoss, {}, { monotone: true }),
  entry('apo down', preference.apoDownLoss),
  entry('sppo', preference.sppoLoss),
  entry('sppo, average', preference.sppoLoss, { average: true, chosenWinProb: 0.8, rejectedWinProb: 0.1 }),
  entry('discopop', preference.discopopLoss, {}, { marginOnly: true }),
  entry('discopop, tau 1', preference.discopopLoss, { tau: 1 }, { marginOnly: true }),
  entry('orpo', preference.orpoLoss, {}, { monotone: true }),
  entry('gpo logistic', preference.convexPairLoss, preference.gpoLogistic, both),
  entry('gpo hinge', preference.convexPairLoss, preference.gpoHinge, {
    ...both,
    kink: (batch, beta) => Math.abs(1 / beta - margin(batch)),
  }),
  entry('gpo squared', preference.convexPairLoss, preference.gpoSquared, { marginOnly: true }),
  entry('gpo exponential', preference.convexPairLoss, preference.gpoExponential, both),
  entry('gpo truncated quadratic', preference.convexPairLoss, preference.gpoTruncatedQuadratic, both),
  entry('gpo savage', preference.convexPairLoss, preference.gpoSavage, both),
];

export const named = (title: string): LossUnderTest => {
  const found = LOSSES.find((loss) => loss.title === title);
  if (found === undefined) throw new Error(`no loss is named ${title}`);
  return found;
};

/** A batch with everything but weights, as plain arrays. */
export type FullBatch = Record<
  'policyChosen' | 'policyRejected' | 'refChosen' | 'refRejected' | 'chosenLengths' | 'rejectedLengths',
  number[]
>;

/** Batches of pairs whose log-probabilities are in [low, high], with lengths. */
export function batches(low: number, high: number, { min = 1, max = 1 } = {}): fc.Arbitrary<FullBatch> {
  const logP = fc.double({ min: low, max: high, noNaN: true });
  const length = fc.integer({ min: 1, max: 40 });
  return fc.array(fc.tuple(logP, logP, logP, logP, length, length), { minLength: min, maxLength: max }).map((rows) => ({
    policyChosen: rows.map((row) => row[0]),
    policyRejected: rows.map((row) => row[1]),
    refChosen: rows.map((row) => row[2]),
    refRejected: rows.map((row) => row[3]),
    chosenLengths: rows.map((row) => row[4]),
    rejectedLengths: rows.map((row) => row[5]),
  }));
}

export const betas = (min: number, max: number): fc.Arbitrary<number> =>
  fc.double({ min: Math.log(min), max: Math.log(max), noNaN: true }).map(Math.exp);
