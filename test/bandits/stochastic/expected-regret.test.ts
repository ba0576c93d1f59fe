// Mean regrets against figures computed by an independent program (60 to 400 runs each): mean (deviation of one run).
// A mean over n games of a right program lies within 7 deviations / sqrt(n) of the figure, the figure's own error included.
import { describe, expect, it } from 'vitest';
import {
  type BanditPolicy,
  bernoulliArms,
  discountedUcb,
  discountedUcbGamma,
  exp3,
  exp3Ix,
  klUcb,
  piecewiseStationaryArms,
  simulateReplications,
  slidingWindowLength,
  slidingWindowUcb,
  thompsonBeta,
  tsallisInf,
  ucb1,
} from '../../../src/bandits/index.js';
import { createRng } from '../../../src/random/index.js';

const streams = (i: number) => ({
  policy: createRng('table', 'policy', i),
  environment: createRng('table', 'environment', i),
});
const eight = bernoulliArms([0.5625, ...new Array<number>(7).fill(0.4375)]);
const two = bernoulliArms([0.5625, 0.3125]);
const GAMES = 100;

describe('mean regret over 100 games at T = 1e4', () => {
  it.each<[string, BanditPolicy<never>, number, number]>([
    ['ucb1', ucb1({ arms: 8 }), 492, 44],
    ['klUcb', klUcb({ arms: 8 }), 177, 35],
    ['thompsonBeta', thompsonBeta({ arms: 8 }), 110, 34],
    ['tsallisInf iw', tsallisInf({ arms: 8 }), 279, 73],
    ['tsallisInf rv', tsallisInf({ arms: 8, variant: 'rv' }), 173, 64],
    ['exp3', exp3({ arms: 8 }), 379, 80],
    ['exp3Ix', exp3Ix({ arms: 8, eta: (t) => Math.sqrt((2 * Math.log(8)) / (8 * t)) }), 517, 62],
  ] as [string, BanditPolicy<never>, number, number][])('K = 8, gap 1/8: %s', (_name, policy, figure, deviation) => {
    const { mean } = simulateReplications(policy, eight, { horizon: 10_000, replications: GAMES, streams });
    expect(Math.abs(mean[0] - figure)).toBeLessThan((7 * deviation) / Math.sqrt(GAMES));
  });

  it.each<[string, BanditPolicy<never>, number, number]>([
    ['ucb1', ucb1({ arms: 2 }), 53, 11],
    ['klUcb', klUcb({ arms: 2 }), 14.7, 6.5],
    ['thompsonBeta', thompsonBeta({ arms: 2 }), 11.1, 6.7],
  ] as [string, BanditPolicy<never>, number, number][])(
    'K = 2, means 0.5625 and 0.3125: %s',
    (_name, policy, figure, deviation) => {
      const { mean } = simulateReplications(policy, two, { horizon: 10_000, replications: GAMES, streams });
      expect(Math.abs(mean[0] - figure)).toBeLessThan((7 * deviation) / Math.sqrt(GAMES));
    },
  );
});

describe('dynamic regret when means change', () => {
  const T = 40_000;
  const once = piecewiseStationaryArms(
    [T / 2],
    [
      [0.8, 0.5],
      [0.2, 0.5],
    ],
  );
  const rate = { horizon: T, changes: 1 };

  it.each<[string, BanditPolicy<never>, number]>([
    ['ucb1', ucb1({ arms: 2 }), 4573],
    ['discountedUcb', discountedUcb({ arms: 2, gamma: discountedUcbGamma(rate) }), 1340],
    ['slidingWindowUcb', slidingWindowUcb({ arms: 2, window: slidingWindowLength(rate) }), 446],
  ] as [string, BanditPolicy<never>, number][])(
    'one change of the best arm: %s within 20 % of the figure',
    (_name, policy, figure) => {
      const { mean } = simulateReplications(policy, once, { horizon: T, replications: 10, streams });
      expect(Math.abs(mean[0] / figure - 1)).toBeLessThan(0.2);
    },
  );

  it('not every change favours forgetting: five segments with gap 0.4', () => {
    const means = [0, 1, 2, 0, 1].map((best) => [0, 1, 2].map((i) => (i === best ? 0.7 : 0.3)));
    const five = piecewiseStationaryArms([2000, 4000, 6000, 8000], means);
    const changes = { horizon: 10_000, changes: 4 };
    const run = (policy: BanditPolicy<never>) =>
      simulateReplications(policy, five, { horizon: 10_000, replications: 20, streams }).mean[0];
    const plain = run(ucb1({ arms: 3 }) as BanditPolicy<never>);
    const sliding = run(slidingWindowUcb({ arms: 3, window: slidingWindowLength(changes) }) as BanditPolicy<never>);
    const discounted = run(discountedUcb({ arms: 3, gamma: discountedUcbGamma(changes) }) as BanditPolicy<never>);
    expect(Math.abs(plain / 274 - 1)).toBeLessThan(0.3);
    expect(Math.abs(sliding / 407 - 1)).toBeLessThan(0.2);
    expect(Math.abs(discounted / 1097 - 1)).toBeLessThan(0.2);
    expect(plain).toBeLessThan(sliding);
    expect(sliding).toBeLessThan(discounted);
  });
});
