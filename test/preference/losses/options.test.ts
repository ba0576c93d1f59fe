// What the options of the losses are when nobody names them, that each of them counts, and that a coefficient of 0 takes
// its term away even where the term is infinite.
import { describe, expect, it } from 'vitest';
import * as preference from '../../../src/preference/index.js';
import { xpoLoss } from '../../../src/policy-gradient/index.js';
import type { PairBatch } from '../../../src/preference/index.js';
import type { Loss } from './losses-under-test.js';

const batch = {
  policyChosen: [-3.1, -6.2, -2.3, -8.4],
  policyRejected: [-3.6, -5.1, -7.3, -6.9],
  refChosen: [-3.3, -5.9, -3.8, -7.7],
  refRejected: [-3.2, -5.6, -6.2, -7.5],
  chosenLengths: [2, 3, 5, 4],
  rejectedLengths: [3, 3, 2, 6],
  chosenPositionKL: [0.3, 0.1, 0.9, 0.4],
  rejectedPositionKL: [0.2, 0.8, 0.5, 0.7],
};

/** Every option with its default, and another value of it that gives another loss. */
const DEFAULTS: [string, unknown, Record<string, [unknown, unknown]>][] = [
  ['dpoLoss', preference.dpoLoss, { beta: [0.1, 0.2], labelSmoothing: [0, 0.1], gamma: [1, 0.5], margin: [0, 1] }],
  ['lengthNormalizedDpoLoss', preference.lengthNormalizedDpoLoss, { beta: [0.1, 0.2] }],
  ['rdpoLoss', preference.rdpoLoss, { beta: [0.1, 0.2], alpha: [0.01, 0.1] }],
  ['simpoLoss', preference.simpoLoss, { beta: [2, 1], gammaBetaRatio: [0.25, 0], labelSmoothing: [0, 0.1] }],
  ['alphaPoLoss', preference.alphaPoLoss, { beta: [2, 1], gammaBetaRatio: [0.25, 0], alpha: [0.25, 0.5] }],
  [
    'cpoLoss',
    preference.cpoLoss,
    { beta: [0.1, 0.2], nllCoef: [1, 2], labelSmoothing: [0, 0.1], nllReduction: ['mean', 'sum'] },
  ],
  ['rpoLoss', preference.rpoLoss, { beta: [0.1, 0.2], nllCoef: [1, 2] }],
  ['dpopLoss', preference.dpopLoss, { beta: [0.1, 0.2], lambda: [50, 5] }],
  ['calDpoLoss', preference.calDpoLoss, { beta: [0.1, 0.2], calCoef: [0.5, 1] }],
  ['fdpoLoss', preference.fdpoLoss, { beta: [0.1, 0.2], divergence: ['reverse_kl', 'js'] }],
  ['fdpoLoss, alpha', fixed(preference.fdpoLoss, { divergence: 'alpha' }), { beta: [0.1, 0.2], alpha: [0.5, 0.3] }],
  ['ipoLoss', preference.ipoLoss, { beta: [0.1, 0.2], normalize: ['mean', 'sum'], form: ['target', 'scaled'] }],
  ['hingeLoss', preference.hingeLoss, { beta: [0.1, 0.2], margin: [1, 2] }],
  [
    'slicLoss',
    preference.slicLoss,
    { delta: [1, 2], lambda: [0.1, 0.2], regularizer: ['nll', 'softplus'], lengthNormalize: [false, true] },
  ],
  ['exoPairLoss', preference.exoPairLoss, { beta: [0.1, 0.2], labelSmoothing: [1e-3, 1e-2] }],
  ['ncaPairLoss', preference.ncaPairLoss, { beta: [0.1, 0.2] }],
  ['bcoPairLoss', preference.bcoPairLoss, { beta: [0.1, 0.2], delta: [0, 0.5] }],
  ['apoZeroLoss', preference.apoZeroLoss, { beta: [0.1, 0.2] }],
  ['apoDownLoss', preference.apoDownLoss, { beta: [0.1, 0.2] }],
  [
    'sppoLoss',
    preference.sppoLoss,
    { beta: [0.1, 0.2], chosenWinProb: [1, 0.9], rejectedWinProb: [0, 0.1], average: [false, true] },
  ],
  ['discopopLoss', preference.discopopLoss, { beta: [0.1, 0.2], tau: [0.05, 0.5] }],
  ['orpoLoss', preference.orpoLoss, { lambda: [0.1, 0.2] }],
  ['aotLoss', preference.aotLoss, { beta: [0.1, 0.2], labelSmoothing: [0, 0.1], variant: ['paired', 'unpaired'] }],
  ['tdpoLoss', preference.tdpoLoss, { beta: [0.1, 0.2], variant: [2, 1], alpha: [0.5, 0.9] }],
  ['convexPairLoss', fixed(preference.convexPairLoss, preference.gpoExponential), { beta: [0.1, 0.2] }],
];

const SINGLE: [string, (options: object) => { losses: Float64Array }, Record<string, [unknown, unknown]>][] = [
  [
    'ktoLoss',
    (options) => preference.ktoLoss(single(), options),
    { beta: [0.1, 0.2], desirableWeight: [1, 2], undesirableWeight: [1, 2], kl: [0, 1] },
  ],
  ['bcoLoss', (options) => preference.bcoLoss(single(), preference.bcoInit(), options), { beta: [0.1, 0.2] }],
  ['apoZeroUnpairedLoss', (options) => preference.apoZeroUnpairedLoss(single(), options), { beta: [0.1, 0.2] }],
  ['xpoLoss', (options) => xpoLoss(sampled(), options), { beta: [0.1, 0.2], alpha: [1e-5, 1] }],
];

const ALL = [
  ...DEFAULTS.map(
    ([name, loss, options]) =>
      [name, (given: object) => (loss as Loss)(batch, given), options] as (typeof SINGLE)[number],
  ),
  ...SINGLE,
];

describe.each(ALL)('%s', (_, loss, options) => {
  it('has these defaults', () => {
    const explicit = Object.fromEntries(Object.entries(options).map(([name, [value]]) => [name, value]));
    expect(loss(explicit)).toEqual(loss({}));
  });
  it.each(Object.entries(options))('%s counts', (name, [, other]) => {
    expect(loss({ [name]: other }).losses).not.toEqual(loss({}).losses);
  });
});

describe('a coefficient of 0 takes its term away', () => {
  // one of the four log-probabilities is -Infinity, or extreme
  const places = ['policyChosen', 'policyRejected', 'refChosen', 'refRejected'] as const;
  const spoilt: [string, PairBatch][] = places.flatMap((place) =>
    [-Infinity, -1e300, -1e6].map((value): [string, PairBatch] => [
      `${place} ${value}`,
      { ...batch, [place]: [value, ...batch[place].slice(1)] },
    ]),
  );
  const beta = 0.3;
  const dpo = (pairs: PairBatch) => preference.dpoLoss(pairs, { beta });
  const free = (pairs: PairBatch) => preference.dpoLoss(pairs, { beta, gamma: 0 });
  const slic = (pairs: PairBatch) => preference.slicLoss(pairs, { regularizer: 'none' });
  const SAME: [string, (pairs: PairBatch) => preference.PairLossResult, typeof dpo][] = [
    ['cpo', (pairs) => preference.cpoLoss(pairs, { beta, nllCoef: 0 }), free],
    ['rpo', (pairs) => preference.rpoLoss(pairs, { beta, nllCoef: 0 }), dpo],
    ['dpop', (pairs) => preference.dpopLoss(pairs, { beta, lambda: 0 }), dpo],
    [
      'cal-dpo',
      (pairs) => preference.calDpoLoss(pairs, { beta, calCoef: 0 }),
      (p) => preference.dpoLoss(p, { beta: 1 }),
    ],
    ['robust dpo', (pairs) => preference.robustDpoLoss(pairs, { beta, labelSmoothing: 0 }), dpo],
    ['r-dpo', (pairs) => preference.rdpoLoss(pairs, { beta, alpha: 0 }), dpo],
    ['slic, nll', (pairs) => preference.slicLoss(pairs, { lambda: 0 }), slic],
    ['slic, softplus', (pairs) => preference.slicLoss(pairs, { regularizer: 'softplus', lambda: 0 }), slic],
    ['tdpo', (pairs) => preference.tdpoLoss({ ...batch, ...pairs }, { beta, alpha: 0 }), dpo],
    [
      'a mixture',
      (pairs) =>
        preference.multiPreferenceLoss(
          [
            { kind: 'dpo', options: { beta } },
            { kind: 'sppo', weight: 0 },
          ],
          pairs,
        ),
      dpo,
    ],
  ];
  it.each(SAME)('%s', (name, loss, without) => {
    for (const [where, pairs] of spoilt) {
      const [a, b] = [loss(pairs), without(pairs)];
      for (const field of ['losses', 'gradChosen', 'gradRejected'] as const) {
        for (let i = 0; i < 4; i++) {
          const [x, y] = [a[field][i], b[field][i]];
          const same = x === y || Math.abs(x - y) <= 4e-16 * Math.abs(y);
          expect(same, `${name}, ${where}: ${field}[${i}] is ${x}, not ${y}`).toBe(true);
        }
      }
    }
  });

  it('orpo is the likelihood alone, and smoothing of 1 leaves the other side', () => {
    for (const value of [-Infinity, -1e300]) {
      const pairs = { ...batch, policyRejected: [value, -1, -1, -1] };
      const { losses, gradChosen, gradRejected } = preference.orpoLoss(pairs, { lambda: 0, reduction: 'none' });
      expect(Array.from(losses)).toEqual(batch.policyChosen.map((p, i) => -p / batch.chosenLengths[i]));
      gradChosen.forEach((g, i) => expect(g).toBeCloseTo(-1 / batch.chosenLengths[i], 15));
      expect(Array.from(gradRejected, Math.abs)).toEqual([0, 0, 0, 0]);
    }
    const lost = { policyChosen: [-Infinity], policyRejected: [-1] };
    for (const loss of [preference.dpoLoss, preference.aotLoss]) {
      const { losses, gradChosen } = loss(lost, { labelSmoothing: 1 });
      expect([losses[0], gradChosen[0]].map(Math.abs)).toEqual([0, 0]);
    }
  });
});

function fixed(loss: unknown, options: object): Loss {
  return (pairs, more) => (loss as Loss)(pairs, { ...options, ...more });
}

function single() {
  return { policy: batch.policyChosen, ref: batch.refChosen, desirable: [true, false, true, false] };
}

function sampled() {
  return {
    policyOwn: batch.policyChosen,
    policyRefSample: batch.policyRejected,
    refOwn: batch.refChosen,
    refRefSample: batch.refRejected,
    ownPreferred: [true, false, true, true],
  };
}
