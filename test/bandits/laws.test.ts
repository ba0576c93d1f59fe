// Every policy earns the laws of its family.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import * as bandits from '../../src/bandits/index.js';
import type { BanditPolicy } from '../../src/bandits/index.js';
import { createRng } from '../../src/random/index.js';
import { bestArmLaws } from '../laws/best-arm-laws.js';
import { policyLaws } from '../laws/policy-laws.js';

const anyReward = fc.double({ min: -1e6, max: 1e6, noNaN: true });
const count = fc.nat(20);
const {
  bayesUcb,
  boltzmann,
  boundedHeavyTailUcb,
  discountedUcb,
  epsilonDecay,
  epsilonGreedy,
  exp3,
  exp3Ix,
  exp3P,
  exploreThenCommit,
  glrUcb,
  gradientBandit,
  imed,
  klUcb,
  klUcbPlus,
  moss,
  mossAnytime,
  slidingWindowUcb,
  thompsonBeta,
  thompsonGaussian,
  tsallisInf,
  ucbAsymptotic,
  ucbV,
} = bandits;

policyLaws('exploreThenCommit', (arms) => exploreThenCommit({ arms, plays: 3 }), { reward: anyReward });
policyLaws('exploreThenCommit by the horizon', (arms) => exploreThenCommit({ arms, horizon: 1000 }));
policyLaws('epsilonGreedy', (arms) => epsilonGreedy({ arms, epsilon: 0.2 }), {
  reward: anyReward,
  symmetric: false,
});
policyLaws('epsilonGreedy with random ties', (arms) => epsilonGreedy({ arms, epsilon: 0.2, ties: 'random' }), {
  symmetric: 'once-all-played',
});
policyLaws('epsilonDecay', (arms) => epsilonDecay({ arms, d: 0.5 }), { reward: anyReward, symmetric: false });
policyLaws('boltzmann', (arms) => boltzmann({ arms, temperature: 0.1 }), { symmetric: 'once-all-played' });
policyLaws('gradientBandit', (arms) => gradientBandit({ arms, step: 0.5 }), { symmetric: false });
policyLaws('ucbAsymptotic', (arms) => ucbAsymptotic({ arms }), { reward: anyReward });
policyLaws('ucbAsymptotic with the kinetic tournament', (arms) => ucbAsymptotic({ arms, engine: 'kinetic' }));
policyLaws('ucbV', (arms) => ucbV({ arms }), { reward: anyReward });
policyLaws('moss', (arms) => moss({ arms, horizon: 500 }), { reward: anyReward });
policyLaws('mossAnytime', (arms) => mossAnytime({ arms, ties: 'random' }), { reward: anyReward });
policyLaws('klUcb', (arms) => klUcb({ arms }));
policyLaws('klUcb with c = 3', (arms) => klUcb({ arms, c: 3 }));
policyLaws('klUcb for Gaussian rewards', (arms) => klUcb({ arms, family: 'gaussian' }), { reward: anyReward });
policyLaws('klUcb for Poisson rewards', (arms) => klUcb({ arms, family: 'poisson' }), { reward: count });
policyLaws('klUcb for exponential rewards', (arms) => klUcb({ arms, family: 'exponential' }), { reward: count });
policyLaws('klUcbPlus', (arms) => klUcbPlus({ arms }));
policyLaws('bayesUcb', (arms) => bayesUcb({ arms }));
policyLaws('bayesUcb with random ties', (arms) => bayesUcb({ arms, ties: 'random', c: 1 }), { numRuns: 15 });
policyLaws('imed', (arms) => imed({ arms }));
policyLaws('imed for Gaussian rewards', (arms) => imed({ arms, family: 'gaussian' }), { reward: anyReward });
policyLaws('imed for exponential rewards', (arms) => imed({ arms, family: 'exponential' }), { reward: count });
policyLaws('thompsonBeta', (arms) => thompsonBeta({ arms }));
policyLaws('thompsonBeta, binarized', (arms) => thompsonBeta({ arms, binarize: true }));
policyLaws('thompsonBeta with tiny priors', (arms) => thompsonBeta({ arms, priorA: 1e-3, priorB: 1e-3 }));
policyLaws('thompsonGaussian', (arms) => thompsonGaussian({ arms }), { reward: anyReward });
policyLaws('boundedHeavyTailUcb', (arms) => boundedHeavyTailUcb({ arms, epsilon: 0.5, v: 2 }), { reward: anyReward });
policyLaws(
  'boundedHeavyTailUcb, median of means',
  (arms) => boundedHeavyTailUcb({ arms, epsilon: 1, v: 2, estimator: 'median-of-means' }),
  { reward: anyReward },
);
policyLaws('exp3', (arms) => exp3({ arms }), { onPolicy: true });
policyLaws('exp3 for a horizon, mixed', (arms) => exp3({ arms, horizon: 100, gamma: 0.1 }), { onPolicy: true });
policyLaws('exp3P', (arms) => exp3P({ arms, horizon: 200, delta: 0.1 }), { onPolicy: true });
policyLaws('exp3Ix', (arms) => exp3Ix({ arms }), { onPolicy: true });
policyLaws('exp3Ix for a horizon', (arms) => exp3Ix({ arms, horizon: 100 }), { onPolicy: true });
policyLaws('tsallisInf', (arms) => tsallisInf({ arms }), { onPolicy: true });
policyLaws('tsallisInf, reduced variance', (arms) => tsallisInf({ arms, variant: 'rv' }), { onPolicy: true });
policyLaws('discountedUcb', (arms) => discountedUcb({ arms, gamma: 0.9 }), { reward: anyReward });
policyLaws('slidingWindowUcb', (arms) => slidingWindowUcb({ arms, window: 7 }));
policyLaws('glrUcb', (arms) => glrUcb({ arms, delta: 0.1 }), { numRuns: 20 });
policyLaws(
  'glrUcb, local with exploration',
  (arms) => glrUcb({ arms, delta: 0.1, restart: 'local', exploration: 0.3 }),
  {
    numRuns: 20,
  },
);

bestArmLaws('successiveElimination', (arms) => bandits.successiveElimination({ arms, delta: 0.1 }));
bestArmLaws('sequentialHalving', (arms) => bandits.sequentialHalving({ arms, budget: 200 }), { reward: anyReward });
bestArmLaws('sequentialHalving, reusing', (arms) => bandits.sequentialHalving({ arms, budget: 200, reuse: true }));
bestArmLaws('lucb', (arms) => bandits.lucb({ arms, delta: 0.1 }));
bestArmLaws('klLucb', (arms) => bandits.klLucb({ arms, delta: 0.1, threshold: 'practical' }));
bestArmLaws('lilUcb', (arms) => bandits.lilUcb({ arms, delta: 0.1 }), { reward: anyReward });
bestArmLaws('trackAndStop', (arms) => bandits.trackAndStop({ arms, delta: 0.1 }), { numRuns: 20 });
bestArmLaws('topTwoThompson', (arms) => bandits.topTwoThompson({ arms, delta: 0.1 }), { numRuns: 20 });
bestArmLaws('topTwoThompson without a stop', (arms) => bandits.topTwoThompson({ arms }), { stops: false, numRuns: 10 });

describe('rescaling rewards by a power of two with range [0, 2^k] does not change a play', () => {
  const policies: [string, (range: [number, number]) => BanditPolicy<object>][] = [
    ['exploreThenCommit', (range) => exploreThenCommit({ arms: 4, plays: 9, range })],
    ['epsilonGreedy', (range) => epsilonGreedy({ arms: 4, epsilon: 0.3, range })],
    ['epsilonDecay', (range) => epsilonDecay({ arms: 4, d: 0.5, range })],
    ['boltzmann', (range) => boltzmann({ arms: 4, temperature: 0.2, range })],
    ['gradientBandit', (range) => gradientBandit({ arms: 4, range })],
    ['ucbAsymptotic', (range) => ucbAsymptotic({ arms: 4, range })],
    ['ucbV', (range) => ucbV({ arms: 4, range })],
    ['moss', (range) => moss({ arms: 4, horizon: 300, range })],
    ['mossAnytime', (range) => mossAnytime({ arms: 4, range })],
    ['klUcb', (range) => klUcb({ arms: 4, range })],
    ['klUcbPlus', (range) => klUcbPlus({ arms: 4, range })],
    ['bayesUcb', (range) => bayesUcb({ arms: 4, range })],
    ['imed', (range) => imed({ arms: 4, range })],
    ['thompsonBeta', (range) => thompsonBeta({ arms: 4, range })],
    ['thompsonGaussian', (range) => thompsonGaussian({ arms: 4, range })],
    ['boundedHeavyTailUcb', (range) => boundedHeavyTailUcb({ arms: 4, epsilon: 1, v: 1, range })],
    ['exp3', (range) => exp3({ arms: 4, range })],
    ['exp3P', (range) => exp3P({ arms: 4, horizon: 300, delta: 0.1, range })],
    ['exp3Ix', (range) => exp3Ix({ arms: 4, range })],
    ['tsallisInf', (range) => tsallisInf({ arms: 4, range })],
    ['discountedUcb', (range) => discountedUcb({ arms: 4, gamma: 0.95, range })],
    ['slidingWindowUcb', (range) => slidingWindowUcb({ arms: 4, window: 30, range })],
    ['glrUcb', (range) => glrUcb({ arms: 4, delta: 0.1, range })],
    ['successiveElimination', (range) => bandits.successiveElimination({ arms: 4, delta: 0.1, range })],
    ['sequentialHalving', (range) => bandits.sequentialHalving({ arms: 4, budget: 300, range })],
    ['lucb', (range) => bandits.lucb({ arms: 4, delta: 0.1, range })],
    ['trackAndStop', (range) => bandits.trackAndStop({ arms: 4, delta: 0.1, range })],
    ['topTwoThompson', (range) => bandits.topTwoThompson({ arms: 4, range })],
  ];

  it.each(policies)('%s', (_name, make) => {
    const played = (k: number) => {
      const factor = 2 ** k;
      const policy = make([0, factor]);
      const rewards = createRng('rescale');
      const rng = createRng('rescale', 'policy');
      let state = policy.init();
      return Array.from({ length: 300 }, () => {
        const arm = policy.select(state, rng);
        state = policy.update(state, arm, factor * ((rewards() + arm) / 4.5), state, { rng });
        return arm;
      });
    };
    const plain = played(0);
    expect(played(10)).toEqual(plain);
    expect(played(-3)).toEqual(plain);
  });
});

describe('rewards outside the range', () => {
  const bounded: [string, BanditPolicy<never>, BanditPolicy<never>][] = (
    [
      ['klUcb', klUcb],
      ['klUcbPlus', klUcbPlus],
      ['bayesUcb', bayesUcb],
      ['imed', imed],
      ['thompsonBeta', thompsonBeta],
      ['exp3', exp3],
      ['exp3Ix', exp3Ix],
      ['tsallisInf', tsallisInf],
      ['exp3P', (o: { arms: number }) => exp3P({ ...o, horizon: 9, delta: 0.1 })],
      ['glrUcb', (o: { arms: number }) => glrUcb({ ...o, delta: 0.1 })],
      ['successiveElimination', (o: { arms: number }) => bandits.successiveElimination({ ...o, delta: 0.1 })],
      ['lucb', (o: { arms: number }) => bandits.lucb({ ...o, delta: 0.1 })],
      ['trackAndStop', (o: { arms: number }) => bandits.trackAndStop({ ...o, delta: 0.1 })],
      ['topTwoThompson', bandits.topTwoThompson],
    ] as [string, (o: object) => BanditPolicy<never>][]
  ).map(([name, make]) => [name, make({ arms: 2 }), make({ arms: 2, range: [-1, 1], clip: true })]);

  it.each(bounded)(
    '%s refuses them, or clips them when asked, and takes the ends as they are',
    (_name, strict, clipping) => {
      for (const reward of [-1e-9, 1 + 1e-9, 7]) {
        expect(() => strict.update(strict.init(), 0, reward)).toThrow(/^reward must be in \[0, 1\]/);
      }
      for (const reward of [0, 1]) expect(() => strict.update(strict.init(), 0, reward)).not.toThrow();
      expect(clipping.update(clipping.init(), 1, 5)).toEqual(clipping.update(clipping.init(), 1, 1));
      expect(clipping.update(clipping.init(), 1, -5)).toEqual(clipping.update(clipping.init(), 1, -1));
      expect(() => clipping.update(clipping.init(), 1, NaN)).toThrow(/^reward must be finite/);
    },
  );
});

describe('options that make no sense are named', () => {
  it.each([
    ['exploreThenCommit', () => exploreThenCommit({ arms: 2 }), TypeError, /^horizon/],
    ['exploreThenCommit', () => exploreThenCommit({ arms: 3, horizon: 2 }), RangeError, /^horizon/],
    ['exploreThenCommit', () => exploreThenCommit({ arms: 2, plays: 0 }), RangeError, /^plays/],
    ['exploreThenCommit', () => exploreThenCommit({ arms: 3, horizon: 9, gap: 0.1 }), RangeError, /^gap/],
    ['exploreThenCommit', () => exploreThenCommit({ arms: 2, horizon: 9, gap: 0 }), RangeError, /^gap/],
    ['epsilonGreedy', () => epsilonGreedy({ arms: 2, epsilon: 1.5 }), RangeError, /^epsilon/],
    ['epsilonDecay', () => epsilonDecay({ arms: 2, d: 0 }), RangeError, /^d must/],
    ['epsilonDecay', () => epsilonDecay({ arms: 2, d: 0.1, c: 0 }), RangeError, /^c must/],
    ['boltzmann', () => boltzmann({ arms: 2, temperature: 0 }), RangeError, /^temperature/],
    ['gradientBandit', () => gradientBandit({ arms: 2, step: 0 }), RangeError, /^step/],
    ['gradientBandit', () => gradientBandit({ arms: 2, baseline: NaN }), RangeError, /^baseline/],
    ['ucbAsymptotic', () => ucbAsymptotic({ arms: 2, sigma: 0 }), RangeError, /^sigma/],
    ['ucbV', () => ucbV({ arms: 2, zeta: 0 }), RangeError, /^zeta/],
    ['ucbV', () => ucbV({ arms: 2, c: -1 }), RangeError, /^c must/],
    ['moss', () => moss({ arms: 2 } as never), TypeError, /^horizon/],
    ['moss', () => moss({ arms: 3, horizon: 2 }), RangeError, /^horizon/],
    ['mossAnytime', () => mossAnytime({ arms: 2, alpha: 0 }), RangeError, /^alpha/],
    ['klUcb', () => klUcb({ arms: 2, c: -1 }), RangeError, /^c must/],
    ['klUcb', () => klUcb({ arms: 2, family: 'gamma' as never }), RangeError, /^family/],
    ['klUcb', () => klUcb({ arms: 2, family: 'gaussian', variance: 0 }), RangeError, /^variance/],
    ['bayesUcb', () => bayesUcb({ arms: 2, priorA: 0 }), RangeError, /^priorA/],
    ['bayesUcb', () => bayesUcb({ arms: 2, c: -1 }), RangeError, /^c must/],
    ['imed', () => imed({ arms: 2, variance: -1 }), RangeError, /^variance/],
    ['thompsonBeta', () => thompsonBeta({ arms: 2, priorB: 0 }), RangeError, /^priorB/],
    ['thompsonGaussian', () => thompsonGaussian({ arms: 2, noiseVariance: 0 }), RangeError, /^noiseVariance/],
    ['boundedHeavyTailUcb', () => boundedHeavyTailUcb({ arms: 2, epsilon: 2, v: 1 }), RangeError, /^epsilon/],
    ['boundedHeavyTailUcb', () => boundedHeavyTailUcb({ arms: 2, epsilon: 1, v: 0 }), RangeError, /^v must/],
    ['exp3', () => exp3({ arms: 2, eta: 0 }), RangeError, /^eta/],
    ['exp3', () => exp3({ arms: 2, gamma: 1.1 }), RangeError, /^gamma/],
    ['exp3', () => exp3({ arms: 2, feedback: 'cost' as never }), RangeError, /^feedback/],
    ['exp3P', () => exp3P({ arms: 2, delta: 0.1 } as never), TypeError, /^horizon/],
    ['exp3P', () => exp3P({ arms: 2, horizon: 9, delta: 1 }), RangeError, /^delta/],
    ['exp3Ix', () => exp3Ix({ arms: 2, eta: -1 }), RangeError, /^eta/],
    ['tsallisInf', () => tsallisInf({ arms: 2, schedule: 'fixed' }), TypeError, /^horizon/],
    ['discountedUcb', () => discountedUcb({ arms: 2, gamma: 1.01 }), RangeError, /^gamma/],
    ['discountedUcb', () => discountedUcb({ arms: 2, gamma: 0 }), RangeError, /^gamma/],
    ['discountedUcb', () => discountedUcb({ arms: 2, gamma: 0.9, xi: 0 }), RangeError, /^xi/],
    ['slidingWindowUcb', () => slidingWindowUcb({ arms: 2, window: 0 }), RangeError, /^window/],
    ['slidingWindowUcb', () => slidingWindowUcb({ arms: 2, window: 9, bound: 0 }), RangeError, /^bound/],
    ['glrUcb', () => glrUcb({ arms: 2, delta: 0 }), RangeError, /^delta/],
    ['glrUcb', () => glrUcb({ arms: 2, delta: 0.1, exploration: 1 }), RangeError, /^exploration/],
    ['successiveElimination', () => bandits.successiveElimination({ arms: 2, delta: 1 }), RangeError, /^delta/],
    ['sequentialHalving', () => bandits.sequentialHalving({ arms: 8, budget: 23 }), RangeError, /^budget/],
    ['lucb', () => bandits.lucb({ arms: 2, delta: 0 }), RangeError, /^delta/],
    ['lucb', () => bandits.lucb({ arms: 2, delta: 0.1, epsilon: -1 }), RangeError, /^epsilon/],
    ['lilUcb', () => bandits.lilUcb({ arms: 2, delta: 0.1, beta: 0 }), RangeError, /^beta/],
    ['trackAndStop', () => bandits.trackAndStop({ arms: 2, delta: NaN }), RangeError, /^delta/],
    ['trackAndStopWeights', () => bandits.trackAndStopWeights([0.5, 0.5]), RangeError, /^means/],
    ['trackAndStopWeights', () => bandits.trackAndStopWeights([0.5, 1.5]), RangeError, /^means/],
    ['topTwoThompson', () => bandits.topTwoThompson({ arms: 2, beta: 0 }), RangeError, /^beta/],
    ['topTwoThompson', () => bandits.topTwoThompson({ arms: 2, delta: 1.5 }), RangeError, /^delta/],
    ['tsallisInf', () => tsallisInf({ arms: 2, variant: 'ix' as never }), RangeError, /^variant/],
    ['tsallisInfWeights', () => bandits.tsallisInfWeights([], 1), RangeError, /^lossEstimates/],
    ['tsallisInfWeights', () => bandits.tsallisInfWeights([0, NaN], 1), RangeError, /^lossEstimates\[1\]/],
    ['tsallisInfWeights', () => bandits.tsallisInfWeights([0], 0), RangeError, /^eta/],
    [
      'tsallisInfLossEstimate',
      () => bandits.tsallisInfLossEstimate([0.5, 0.6], { arm: 0, loss: 1, eta: 1 }),
      RangeError,
      /^probs/,
    ],
    [
      'exp3Probabilities',
      () => bandits.exp3Probabilities([0, Infinity], { eta: 1 }),
      RangeError,
      /^gainEstimates\[1\]/,
    ],
    ['exp3Probabilities', () => bandits.exp3Probabilities([0], { eta: -1 }), RangeError, /^eta/],
    [
      'exp3IxLossEstimate',
      () => bandits.exp3IxLossEstimate([0.5, 0.4], { arm: 0, loss: 1, gamma: 0 }),
      RangeError,
      /^probs/,
    ],
    [
      'exp3IxLossEstimate',
      () => bandits.exp3IxLossEstimate([1, 0], { arm: 1, loss: 1, gamma: 0 }),
      RangeError,
      /^probability/,
    ],
    [
      'exp3PGainEstimate',
      () => bandits.exp3PGainEstimate([-0.5, 1.5], { arm: 0, gain: 1, beta: 0 }),
      RangeError,
      /^probs\[0\]/,
    ],
    [
      'exp3PGainEstimate',
      () => bandits.exp3PGainEstimate([0.5, 0.5], { arm: 2, gain: 1, beta: 0 }),
      RangeError,
      /^arm/,
    ],
    ['inverseGapWeights', () => bandits.inverseGapWeights([], 1), RangeError, /^costs/],
    ['inverseGapWeights', () => bandits.inverseGapWeights([0, 1], -1), RangeError, /^gamma/],
    ['bayesUcbIndex', () => bandits.bayesUcbIndex(-1, 0, 5), RangeError, /^successes/],
    ['bayesUcbIndex', () => bandits.bayesUcbIndex(1, 0, 0.5), RangeError, /^t must/],
    ['gaussianPosterior', () => bandits.gaussianPosterior(-1, 0), RangeError, /^count/],
    ['gaussianPosterior', () => bandits.gaussianPosterior(1, NaN), RangeError, /^sum/],
    ['ucb1RegretBound', () => bandits.ucb1RegretBound([-0.1], 9), RangeError, /^gaps\[0\]/],
    ['ucbVRegretBound', () => bandits.ucbVRegretBound([0.1], [0.1, 0.2], 9), RangeError, /^variances/],
    ['ucbAsymptoticConstant', () => bandits.ucbAsymptoticConstant([NaN]), RangeError, /^gaps\[0\]/],
    ['mossRegretBound', () => bandits.mossRegretBound({ arms: 0, horizon: 1 }), RangeError, /^arms/],
    [
      'exploreThenCommitRegretBound',
      () => bandits.exploreThenCommitRegretBound([0, 1], { plays: 5, horizon: 9 }),
      RangeError,
      /^horizon/,
    ],
    [
      'tsallisInfStochasticRegretBound',
      () => bandits.tsallisInfStochasticRegretBound([0, 0, 1], 9),
      RangeError,
      /^gaps/,
    ],
    ['sequentialHalvingErrorBound', () => bandits.sequentialHalvingErrorBound([0.5, 0.1], -1), RangeError, /^budget/],
    ['glrChangeStatistic', () => bandits.glrChangeStatistic([0, NaN]), RangeError, /^rewards\[1\]/],
  ] as [string, () => unknown, ErrorConstructor, RegExp][])('%s %#', (_name, make, type, message) => {
    expect(make).toThrow(type);
    expect(make).toThrow(message);
  });
});
