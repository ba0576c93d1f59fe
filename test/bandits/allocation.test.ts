// A round in place allocates nothing that grows with the number of arms: no copies of the state, no arrays of indices.
import { describe, expect, it } from 'vitest';
import * as b from '../../src/bandits/index.js';
import { createRng } from '../../src/random/index.js';

const K = 400;
const means = Float64Array.from({ length: K }, (_, i) => 0.3 + 0.2 * (i % 3));
const environment = b.bernoulliArms(means);

interface Growth {
  /** Bytes a round that typed arrays grew by. */
  arrays: number;
  /** Bytes a round and an arm that the heap grew by. */
  heap: number;
}

/** The least growth in five stretches of 600 rounds; a collection in between only lowers it. */
function growth<State>(policy: b.BanditPolicy<State>): Growth {
  const rng = createRng('allocation');
  const feedback = { rng };
  let state = policy.init();
  let t = 0;
  const stretch = (rounds: number) => {
    for (const end = t + rounds; t < end; t++) {
      const arm = policy.select(state, rng);
      state = policy.update(state, arm, environment.pull(arm, t, rng), state, feedback);
    }
  };
  stretch(K + 1500);
  const least: Growth = { arrays: Infinity, heap: Infinity };
  for (let k = 0; k < 5; k++) {
    let arrays = 0;
    let heap = 0;
    for (let part = 0; part < 12; part++) {
      const before = process.memoryUsage();
      stretch(50);
      const after = process.memoryUsage();
      arrays += Math.max(0, after.arrayBuffers - before.arrayBuffers);
      heap += Math.max(0, after.heapUsed - before.heapUsed);
    }
    least.arrays = Math.min(least.arrays, arrays / 600);
    least.heap = Math.min(least.heap, heap / 600 / K);
  }
  return least;
}

describe('a round in place makes no array of arms', () => {
  // One array of 400 doubles is 3200 bytes. Doubles that cross a function which the engine does not inline are boxed, 16 bytes each:
  // two an arm are allowed for.
  it.each<[string, b.BanditPolicy<never>]>([
    ['ucb1', b.ucb1({ arms: K })],
    ['ucb1, scan', b.ucb1({ arms: K, engine: 'scan' })],
    ['ucbV', b.ucbV({ arms: K })],
    ['moss', b.moss({ arms: K, horizon: 1e5 })],
    ['epsilonGreedy', b.epsilonGreedy({ arms: K, epsilon: 0.1 })],
    ['boltzmann', b.boltzmann({ arms: K, temperature: 0.1 })],
    ['gradientBandit', b.gradientBandit({ arms: K })],
    ['exp3', b.exp3({ arms: K })],
    ['exp3Ix', b.exp3Ix({ arms: K })],
    ['tsallisInf', b.tsallisInf({ arms: K })],
    ['discountedUcb', b.discountedUcb({ arms: K, gamma: 0.999 })],
    ['slidingWindowUcb', b.slidingWindowUcb({ arms: K, window: 2000 })],
    ['exp3P', b.exp3P({ arms: K, horizon: 1e5, delta: 0.1 })],
    ['successiveElimination', b.successiveElimination({ arms: K, delta: 0.1 })],
  ] as [string, b.BanditPolicy<never>][])('%s', (_name, policy) => {
    const { arrays, heap } = growth(policy);
    expect(arrays).toBeLessThan(100);
    expect(heap).toBeLessThan(32);
  });

  it('the measure sees a policy that copies', () => {
    const policy = b.ucb1({ arms: K, engine: 'scan' });
    const copying: typeof policy = { ...policy, update: (state, arm, reward) => policy.update(state, arm, reward) };
    expect(growth(copying).arrays).toBeGreaterThan(3000);
  });
});
