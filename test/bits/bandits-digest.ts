import * as b from '../../src/bandits/index.js';
import { createRng } from '../../src/random/create-rng.js';
import { bitsOf } from './bits-of.js';

/** A thousand arms of every policy of arms, pulls of every identifier, rewards of every environment, and the formulas. */
export function banditsDigest(): string {
  const values: number[] = [];
  const add = (...numbers: ArrayLike<number>[]) => numbers.forEach((list) => values.push(...Array.from(list)));
  const arms = 5;
  const bernoulli = b.bernoulliArms([0.3, 0.55, 0.5, 0.1, 0.45]);
  const gaussian = b.gaussianArms([0, 0.3, 0.1, -1, 0.2], 0.5);
  const poisson = b.poissonArms([0.5, 2, 1, 3, 2.5]);
  const streams = (name: string) => ({
    policy: createRng('digest', name, 'policy'),
    environment: createRng('digest', name, 'environment'),
  });
  const play = <State>(name: string, policy: b.BanditPolicy<State>, environment: b.BanditEnvironment, T = 1000) => {
    const game = b.simulateBandit(policy, environment, T, streams(name));
    add(game.arms, game.rewards);
    if (policy.scores) add(policy.scores(game.state));
    if (policy.probabilities) add(policy.probabilities(game.state));
  };
  play('ucb1', b.ucb1({ arms }), bernoulli);
  play('ucb1 kinetic', b.ucb1({ arms, engine: 'kinetic' }), gaussian);
  play('ucb1 random ties', b.ucb1({ arms, ties: 'random' }), bernoulli);
  play('ucbAsymptotic', b.ucbAsymptotic({ arms }), bernoulli);
  play('ucbV', b.ucbV({ arms }), gaussian);
  play('moss', b.moss({ arms, horizon: 1000 }), gaussian);
  play('mossAnytime', b.mossAnytime({ arms }), gaussian);
  play('klUcb', b.klUcb({ arms }), bernoulli);
  play('klUcb poisson', b.klUcb({ arms, family: 'poisson' }), poisson);
  play('klUcbPlus', b.klUcbPlus({ arms }), bernoulli);
  play('bayesUcb', b.bayesUcb({ arms }), bernoulli, 300);
  play('imed', b.imed({ arms }), bernoulli);
  play('exploreThenCommit', b.exploreThenCommit({ arms, horizon: 1000 }), gaussian);
  play('epsilonGreedy', b.epsilonGreedy({ arms, epsilon: 0.1 }), gaussian);
  play('epsilonDecay', b.epsilonDecay({ arms, d: 0.05 }), gaussian);
  play('boltzmann', b.boltzmann({ arms, temperature: 0.1 }), gaussian);
  play('gradientBandit', b.gradientBandit({ arms }), gaussian);
  play('thompsonBeta', b.thompsonBeta({ arms }), bernoulli);
  play(
    'thompsonBeta binarized',
    b.thompsonBeta({ arms, binarize: true }),
    b.betaArms([1, 2, 3, 4, 5], [5, 4, 3, 2, 1]),
  );
  play('thompsonGaussian', b.thompsonGaussian({ arms }), gaussian);
  const heavy = b.heavyTailedArms([1, 2, 3, 1, 2], { law: 'pareto', shape: 2.5 });
  play('boundedHeavyTailUcb', b.boundedHeavyTailUcb({ arms, epsilon: 0.5, v: heavy.momentBound(0.5) }), heavy, 400);
  play(
    'median of means',
    b.boundedHeavyTailUcb({ arms, epsilon: 0.5, v: 2, estimator: 'median-of-means' }),
    b.heavyTailedArms([1, 2, 3, 1, 2], { law: 'student-t', df: 2.5 }),
    400,
  );
  play('exp3', b.exp3({ arms, gamma: 0.05 }), bernoulli);
  play('exp3P', b.exp3P({ arms, horizon: 1000, delta: 0.05 }), bernoulli);
  play('exp3Ix', b.exp3Ix({ arms }), b.stochasticallyConstrainedArms(arms, 0.2));
  play('tsallisInf iw', b.tsallisInf({ arms }), b.stochasticallyConstrainedArms(arms, 0.2));
  play('tsallisInf rv', b.tsallisInf({ arms, variant: 'rv' }), bernoulli);
  const changing = b.piecewiseStationaryArms(
    [500],
    [bernoulli, b.truncatedNormalArms([0.9, 0, 1, 0.5, 2], 0.4, { low: 0, high: 1 })],
  );
  play('discountedUcb', b.discountedUcb({ arms, gamma: 0.99 }), changing);
  play('slidingWindowUcb', b.slidingWindowUcb({ arms, window: 100 }), changing);
  play('glrUcb', b.glrUcb({ arms, delta: 0.05 }), changing, 700);
  play('exponential', b.klUcb({ arms, family: 'exponential' }), b.exponentialArms([1, 2, 3, 2, 1]));
  play('uniform', b.ucb1({ arms }), b.uniformArms([0, 0, 0, 0, 0], [1, 2, 3, 2, 1]));
  play(
    'restless',
    b.ucb1({ arms }),
    b.restlessArms([0.1, 0.2, 0.3, 0.4, 0.5], createRng('restless'), { horizon: 1000, sd: 0.02 }),
  );

  const identify = <State>(name: string, identifier: b.BestArmIdentifier<State>) => {
    const { counts, pulls, arm } = b.identifyBestArm(identifier, bernoulli, streams(name), { maxPulls: 2000 });
    add(counts, [pulls, arm]);
  };
  identify('successiveElimination', b.successiveElimination({ arms, delta: 0.1 }));
  identify('sequentialHalving', b.sequentialHalving({ arms, budget: 500 }));
  identify('lucb', b.lucb({ arms, delta: 0.1 }));
  identify('klLucb', b.klLucb({ arms, delta: 0.1, threshold: 'practical' }));
  identify('lilUcb', b.lilUcb({ arms, delta: 0.1 }));
  identify('trackAndStop', b.trackAndStop({ arms, delta: 0.1 }));
  identify('topTwoThompson', b.topTwoThompson({ arms, delta: 0.1 }));
  for (const family of ['bernoulli', 'gaussian', 'exponential', 'poisson'] as const) {
    const { weights, characteristicTime } = b.trackAndStopWeights([0.2, 0.7, 0.5], { family });
    add(weights, [characteristicTime, b.laiRobbinsConstant([0.2, 0.7, 0.5], { family })]);
  }
  const delayed = b.simulateDelayedBandit(b.exp3({ arms }), bernoulli, 500, {
    streams: streams('delayed'),
    delay: (t) => t % 17,
  });
  add(delayed.arms, delayed.state.losses);
  return bitsOf(values);
}
