// Rounds a second of UCB1, KL-UCB, Thompson sampling and Tsallis-INF, against npm's `ucb` and `bayesian-bandit`, C++ and NumPy.
//
// A run is one game of T rounds on Bernoulli arms, one at 0.5625 and the others at 0.4375; the rewards are a hash of round and arm,
// the same for all contenders and in all of them computed inside the clock, as is the policies' own random source.
// `ucb` is called below its promises, by the functions that they wrap, which is faster than its public calls.
// Outputs are compared first: the total reward of a game must agree within 6 deviations of a game's noise.
import {
  type BanditEnvironment,
  type BanditPolicy,
  klUcb,
  simulateBandit,
  thompsonBeta,
  tsallisInf,
  ucb1,
} from 'lemmata/bandits';
import { createRng } from 'lemmata/random';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { type Contender, race, report } from '../harness.js';
import { cppContender, importPeer, pythonContender } from '../processes.js';

function uniformOf(i: number): number {
  let x = i | 0;
  x = Math.imul(x ^ (x >>> 16), 0x85ebca6b);
  x = Math.imul(x ^ (x >>> 13), 0xc2b2ae35);
  return ((x ^ (x >>> 16)) >>> 0) / 4294967296;
}

const rewardOf = (t: number, arm: number, K: number): number =>
  uniformOf(t * K + arm + 1) < (arm === 0 ? 0.5625 : 0.4375) ? 1 : 0;

function ours<State>(name: string, policy: BanditPolicy<State>, T: number): Contender {
  const K = policy.arms;
  const environment: BanditEnvironment = {
    arms: K,
    means: () => new Float64Array(K),
    pull: (arm, t) => rewardOf(t, arm, K),
  };
  return {
    name,
    run() {
      const streams = { policy: createRng('bench'), environment: () => 0 };
      const { rewards } = simulateBandit(policy, environment, T, streams);
      let total = 0;
      for (let t = 0; t < T; t++) total += rewards[t];
      return total;
    },
  };
}

async function npmUcb(K: number, T: number): Promise<Contender | undefined> {
  if ((await importPeer('ucb')) === undefined) return undefined;
  const require = createRequire(join(import.meta.dirname, '../peers/package.json'));
  interface Ucb {
    arms: number;
    counts: number[];
    values: number[];
  }
  const select = require('ucb/lib/Algorithm/select') as (this: Ucb) => number;
  const reward = require('ucb/lib/Algorithm/reward') as (this: Ucb, arm: number, value: number) => void;
  return {
    name: `npm ucb, K = ${K}`,
    run() {
      const state: Ucb = { arms: K, counts: new Array<number>(K).fill(0), values: new Array<number>(K).fill(0) };
      let total = 0;
      for (let t = 0; t < T; t++) {
        const arm = select.call(state);
        const r = rewardOf(t, arm, K);
        reward.call(state, arm, r);
        total += r;
      }
      return total;
    },
  };
}

async function npmBayesianBandit(K: number, T: number): Promise<Contender | undefined> {
  interface Bandit {
    arms: { reward(value: number): void }[];
    selectArm(): number;
  }
  const peer = await importPeer<{ Bandit: new (options: object) => Bandit }>('bayesian-bandit');
  if (peer === undefined) return undefined;
  return {
    name: `npm bayesian-bandit, K = ${K}`,
    run() {
      const bandit = new peer.Bandit({ numberOfArms: K });
      let total = 0;
      for (let t = 0; t < T; t++) {
        const arm = bandit.selectArm();
        const r = rewardOf(t, arm, K);
        bandit.arms[arm].reward(r);
        total += r;
      }
      return total;
    },
  };
}

/** A game's reward has a deviation of at most sqrt(T)/2, policies of one kind differ by their own draws as well. */
function compare(T: number, entries: (Contender | undefined)[]): (Contender | undefined)[] {
  const totals = entries.map((entry) => entry?.run());
  const first = totals.find((total) => total !== undefined) as number;
  totals.forEach((total, i) => {
    if (total !== undefined && Math.abs(total - first) > 6 * Math.sqrt(T / 2)) {
      throw new Error(`${entries[i]?.name} earned ${total}, the first contender ${first}`);
    }
  });
  return entries;
}

const rounds = { rounds: 9, warmup: 2 };
for (const K of [10, 1000]) {
  const size = (at10: number, at1000: number) => (K === 10 ? at10 : at1000);
  const rate = (T: number, scores: ReturnType<typeof race>) =>
    console.log(
      `  rounds/s: ${scores.map(({ name, median }) => `${name} ${((T / median) * 1e3).toExponential(2)}`).join(', ')}`,
    );

  let T = size(50_000, 20_000);
  let scores = race(
    compare(T, [
      await npmUcb(K, T),
      ours(`ucb1, default engine, K = ${K}`, ucb1({ arms: K }), T),
      ours(`ucb1, scan, K = ${K}`, ucb1({ arms: K, engine: 'scan' }), T),
      ours(`ucb1, kinetic, K = ${K}`, ucb1({ arms: K, engine: 'kinetic' }), T),
      cppContender(`C++ scan, K = ${K}`, 'bandits', ['ucb1', K, T]),
      pythonContender(`NumPy, K = ${K}`, 'bandits', ['numpy'], [K, T]),
    ]),
    rounds,
  );
  report(`UCB1, ${K} arms, ${T} rounds`, scores);
  rate(T, scores);

  T = size(20_000, 500);
  scores = race(
    compare(T, [
      await npmBayesianBandit(K, T),
      ours(`thompsonBeta, K = ${K}`, thompsonBeta({ arms: K }), T),
      cppContender(`C++ Marsaglia-Tsang, K = ${K}`, 'bandits', ['thompson', K, T]),
    ]),
    rounds,
  );
  report(`Thompson sampling, ${K} arms, ${T} rounds`, scores);
  rate(T, scores);

  T = size(50_000, 4000);
  scores = race(
    compare(T, [
      cppContender(`C++ Tsallis-INF, K = ${K}`, 'bandits', ['tsallis', K, T]),
      ours(`tsallisInf, K = ${K}`, tsallisInf({ arms: K }), T),
      ours(`klUcb, K = ${K}`, klUcb({ arms: K }), T),
    ]),
    rounds,
  );
  report(`Tsallis-INF and KL-UCB, ${K} arms, ${T} rounds`, scores);
  rate(T, scores);
}
